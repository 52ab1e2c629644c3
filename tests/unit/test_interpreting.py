"""What a paper means: heads, signatures, labels of both kinds, tables, attached regulations."""

from __future__ import annotations

from itertools import count

import pytest

from duthao.domain.document import Kind, MarkKind, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Block, Cell, Paper, Paragraph, Row, Run, Table
from duthao.domain.incoming.interpreting import MAX_DOCUMENTS, Interpretation, interpret
from duthao.domain.outline import outline, plain_line
from duthao.formats.docx_in import read_docx
from tests.support.papers import PAPER
from tests.support.word import abstract, docx, field, lvl, num, p, r, tbl, tc, tr


def read(file: bytes) -> Interpretation:
    numbers = count(1)
    return interpret(read_docx(file), new_id=lambda: ProvisionId(f"p{next(numbers)}"))


def lines(file: bytes, document: int = 0) -> list[str]:
    return list(map(plain_line, outline(read(file).documents[document].document).entries))


def test_a_decision_and_its_regulation_are_two_documents() -> None:
    decision, regulation = (parsed.document for parsed in read(PAPER).documents)
    front = decision.front
    assert (front.upper_body, front.body, front.number) == ("TỈNH ỦY A", "ĐẢNG ỦY XÃ BÌNH MINH", "05-QĐ/ĐU")
    assert (front.place, front.date) == ("Bình Minh", "ngày 05 tháng 02 năm 2026")
    assert (front.type, front.title) == ("QUYẾT ĐỊNH", "ban hành Quy chế làm việc của Ban Chấp hành")
    assert front.bases == ("Căn cứ Điều lệ Đảng;",)  # the dash is the form's
    assert front.preamble == ("BAN CHẤP HÀNH QUYẾT ĐỊNH",)
    assert front.recipients == ("- Như Điều 2,", "- Lưu Văn phòng Đảng ủy.")
    assert (front.authority, front.position, front.signatory) == (
        "T/M BAN CHẤP HÀNH",
        "BÍ THƯ",
        "Nguyễn Văn A",
    )
    assert [one.kind for one in decision.provisions] == [Kind.ARTICLE, Kind.ARTICLE]
    assert regulation.front.title == "làm việc của Ban Chấp hành Đảng bộ xã"
    assert regulation.front.preamble == ("(Ban hành kèm theo Quyết định số 05-QĐ/ĐU, ngày 05/02/2026)",)


def test_automatic_and_typed_labels_are_one_structure() -> None:
    assert lines(PAPER, 1) == [
        "Chương I QUY ĐỊNH CHUNG", "Điều 1. Phạm vi điều chỉnh", "Quy chế này quy định nguyên tắc làm việc.",
        "Điều 2. Đối tượng", "1. Một là:", "a) ý đầu;", "b) ý sau.", "- gạch", "Chương II TỔ CHỨC",
        "Điều 3. Nguyên tắc", "1. Tập trung dân chủ.", "Phụ lục DANH MỤC", "Bảng 1. Lịch họp",
        "TT | Việc |", "1 | Họp \\| bàn | tháng",
    ]  # fmt: skip
    assert read(PAPER).documents[1].doubts == ()


def test_formats_and_heads_of_tables_are_kept() -> None:
    provisions = read(PAPER).documents[1].document.provisions
    (mark,) = provisions[2].marks
    assert (mark.kind, provisions[2].text[mark.start : mark.end]) == (MarkKind.ITALIC, "nguyên tắc")
    table = next(one for one in provisions if one.kind is Kind.TABLE)
    assert table.header
    assert [one.cells for one in provisions if one.kind is Kind.ROW] == [
        ("TT", "Việc", ""), ("1", "Họp | bàn", "tháng")
    ]  # fmt: skip


def test_bare_numbers_of_lists_get_their_sign() -> None:
    numbering = (
        abstract(0, lvl(0, "%1", "upperRoman"), lvl(1, "%2"), lvl(2, "%3", "lowerLetter")), num(1, 0)
    )  # fmt: skip
    body = (p("MỤC TIÊU", num=1, lvl=0), p("Một.", num=1, lvl=1), p("điểm;", num=1, lvl=2))
    assert lines(docx(*body, numbering=numbering)) == ["I- MỤC TIÊU", "1. Một.", "a) điểm;"]


def test_a_break_within_a_sentence_is_a_space() -> None:
    soft = p(
        r(
            "1. Ban Chấp hành họp",
            inside="<w:br/><w:t>mỗi quý một lần;</w:t><w:br/><w:t>2. Ban Thường vụ.</w:t>",
        )
    )
    body = p("Điều 1. Họp"), soft
    assert lines(docx(*body)) == ["Điều 1. Họp", "1. Ban Chấp hành họp mỗi quý một lần;", "2. Ban Thường vụ."]


def test_heads_and_signatures_set_by_tabs() -> None:
    def tabbed(left: str, right: str) -> str:
        return p(r(left, inside=f'<w:tab/><w:tab/><w:t xml:space="preserve">{right}</w:t>'))

    file = docx(
        tabbed("ĐẢNG ỦY B", "ĐẢNG CỘNG SẢN VIỆT NAM"),
        tabbed("Số 7-NQ/ĐU", "Hà Nội, ngày 1 tháng 2 năm 2026"),
        p("Dự thảo lần 2"), p("NGHỊ QUYẾT"), p("về công tác"), p(), p("Điều 1. Việc"),
        tabbed("Nơi nhận:", "T/M ĐẢNG ỦY"), tabbed("- Lưu.", "BÍ THƯ"), p("\t"), tabbed("", "Trần Thị B"),
    )  # fmt: skip
    front = read(file).documents[0].document.front
    assert (front.body, front.number, front.place) == ("ĐẢNG ỦY B", "7-NQ/ĐU", "Hà Nội")
    assert (front.title, front.preamble) == ("về công tác", ("Dự thảo lần 2",))
    assert (front.recipients, front.position, front.signatory) == (("- Lưu.",), "BÍ THƯ", "Trần Thị B")


def test_tables_stand_where_they_stood() -> None:
    table = tbl(tr("a", "b"))
    assert lines(docx(p("Điều 5."), table, table, p("sau"))) == ["Điều 5.", "", "a | b", "", "a | b", "sau"]
    quoted = docx(p("Điều 1. Sửa đổi"), p("1. Sửa như sau: “đầu"), table, p("cuối”"))
    assert lines(quoted) == ["Điều 1. Sửa đổi", "1. Sửa như sau: “đầu", "", "a | b", "cuối”"]
    above = read(docx(table, p("Điều 1. Một"))).documents[0].document
    assert above.front.preamble == ("a | b",)


def test_a_frame_of_one_cell_is_text() -> None:
    assert lines(docx(tbl(tr(tc(p("Điều 1. Trong khung"), p("1. Một.")))))) == [
        "Điều 1. Trong khung",
        "1. Một.",
    ]


def test_a_table_of_contents_is_told_and_left_out() -> None:
    found = read(docx(p(field("TOC x", r("Điều 1. Việc 3"))), p("Điều 1. Việc")))
    assert [one.text for one in found.documents[0].document.provisions] == ["Việc"]
    assert [(one.code, one.texts) for one in found.remarks] == [("contents", ("Điều 1. Việc 3",))]


def test_papers_without_words_or_beyond_all_bounds_are_refused() -> None:
    with pytest.raises(Refusal, match="text_empty"):
        read(docx(p(), p(r("\u00a0\u200b"))))
    many = Paper(tuple(Paragraph((Run("x"),)) for _ in range(20_001)))
    with pytest.raises(Refusal, match="text_too_large"):
        interpret(many, new_id=lambda: ProvisionId("x"))


def test_a_number_without_words_is_no_line() -> None:
    numbering = (abstract(0, lvl(0, "Điều %1."), lvl(1, "%2.")), num(1, 0))
    body = (p(num=1, lvl=0), p("Phạm vi"), p("Một.", num=1, lvl=1), p(num=1, lvl=1), p("Ba.", num=1, lvl=1))
    assert lines(docx(*body, numbering=numbering)) == ["Điều 1. Phạm vi", "1. Một.", "3. Ba."]


def told(*made: Block | str) -> Interpretation:
    numbers = count(1)
    blocks = tuple(Paragraph((Run(one),)) if isinstance(one, str) else one for one in made)
    return interpret(Paper(blocks), new_id=lambda: ProvisionId(f"p{next(numbers)}"))


def shown(found: Interpretation) -> list[list[str]]:
    return [list(map(plain_line, outline(one.document).entries)) for one in found.documents]


def test_formats_keep_to_the_words_whatever_the_spaces_and_the_label() -> None:
    runs = (Run("1. ", bold=True), Run("Nội  dung ", italic=True), Run("họp. "), Run("", underline=True))
    (provision,) = told(Paragraph(runs)).documents[0].document.provisions
    (mark,) = provision.marks
    assert (mark.kind, provision.text[mark.start : mark.end]) == (MarkKind.ITALIC, "Nội dung ")


def test_formats_of_what_stands_side_by_side_or_behind_a_break_are_one_mark_each() -> None:
    runs = (Run("Việc\n2. Họp "), Run("một ", bold=True), Run("tháng", bold=True, italic=True), Run(" kín"))
    _, provision = told(Paragraph(runs)).documents[0].document.provisions
    marked = [(mark.kind, provision.text[mark.start : mark.end]) for mark in provision.marks]
    assert marked == [(MarkKind.BOLD, "một tháng"), (MarkKind.ITALIC, "tháng")]


def test_a_label_is_parted_from_its_words_where_nothing_parts_them() -> None:
    def labelled(label: str, words: str, bullet: bool = False) -> str:
        return shown(told(Paragraph((Run(words),), label, bullet=bullet)))[0][0]

    assert labelled("•", "gạch", bullet=True) == "- gạch"
    assert labelled("1", "Một") == "1. Một"
    assert labelled("I", "Mục tiêu") == "I- Mục tiêu"
    assert labelled("Chương I.", "Quy định") == "Chương I Quy định"
    assert labelled("Chương I", "QUY ĐỊNH") == "Chương I QUY ĐỊNH"
    assert labelled("Điều 1. ", "Họp") == "Điều 1. Họp"


def cell(words: str, continued: bool = False) -> Cell:
    return Cell((Paragraph((Run(words),)),), continued=continued)


def test_a_cell_merged_from_above_has_its_words_once_unless_it_says_others() -> None:
    rows = (cell("TT"), cell("Việc")), (cell("", True), cell("Họp")), (cell("2", True), cell("Bàn"))
    assert shown(told("Điều 5.", Table(tuple(map(Row, rows)))))[0][2:] == ["TT | Việc", "| Họp", "2 | Bàn"]


HEAD = ("QUYẾT ĐỊNH", "Ban hành Quy chế", "Điều 1. Ban hành Quy chế.", "Điều 2. Hiệu lực.")


@pytest.mark.parametrize(
    "rest",
    [
        ("Phụ lục I", "QUY CHẾ", "làm việc", "Điều 1. Phạm vi", "Nội dung."),
        ("QUY CHẾ", "Chỉ nhắc lại.", "Hết."),
    ],
)
def test_a_type_in_an_appendix_or_in_passing_begins_no_text_of_its_own(rest: tuple[str, ...]) -> None:
    assert len(told(*HEAD, *rest).documents) == 1


ATTACHED = ("QUY CHẾ", "(Ban hành kèm theo Quyết định số 1-QĐ/TU)", "Điều 1. Phạm vi", "Nội dung.")


def test_a_regulation_attached_has_the_head_above_it_whatever_parts_its_columns() -> None:
    head = Table((Row((cell("ĐẢNG ỦY B"), cell(""), cell("ĐẢNG CỘNG SẢN VIỆT NAM"))),))
    decision, regulation = (one.document for one in told(*HEAD, head, *ATTACHED).documents)
    assert (decision.front.body, regulation.front.body) == ("", "ĐẢNG ỦY B")
    assert [one.text for one in decision.provisions] == ["Ban hành Quy chế.", "Hiệu lực."]
    assert regulation.front.preamble == (ATTACHED[1],)


def test_so_many_documents_are_told_apart_and_the_last_holds_the_rest() -> None:
    found = told(*HEAD, *ATTACHED * (MAX_DOCUMENTS + 5)).documents
    assert len(found) == MAX_DOCUMENTS
    assert len(found[-1].document.provisions) > len(found[-2].document.provisions)


def test_a_break_before_a_number_begins_a_line() -> None:
    assert shown(told("Việc thứ nhất\n2. Việc thứ hai", "họp về\nviệc chung")) == [
        ["Việc thứ nhất", "2. Việc thứ hai", "họp về việc chung"]
    ]


@pytest.mark.parametrize(
    ("rest", "kept"),
    [((), []), (("Phụ lục I", "MẪU", "Dòng."), ["Phụ lục I MẪU", "Dòng."])],
    ids=["the end", "an appendix"],
)
def test_a_signature_beside_the_recipients_is_told_apart_from_what_follows(
    rest: tuple[str, ...], kept: list[str]
) -> None:
    found = told(
        "Điều 1. Họp",
        "Họp kín.",
        "Nơi nhận:\tT/M BAN CHẤP HÀNH",
        "- Như trên;\tBÍ THƯ",
        "Nguyễn Văn A",
        *rest,
    )
    front = found.documents[0].document.front
    assert front.recipients == ("- Như trên;",)
    assert (front.authority, front.position) == ("T/M BAN CHẤP HÀNH", "BÍ THƯ")
    assert front.signatory == "Nguyễn Văn A"
    assert shown(found) == [["Điều 1. Họp", "Họp kín.", *kept]]
