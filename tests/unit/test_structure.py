"""The parser on real texts and on each known trap."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from duthao.domain.document import FrontMatter, Kind, NumberingPolicy
from duthao.domain.front_matter import is_head_line, is_of_the_form
from duthao.domain.labels import MAX_DOUBTS
from duthao.domain.outline import outline
from duthao.domain.structure import Parsed, parse, parse_fragment
from duthao.formats.text import to_text
from tests.support.texts import counter

SAMPLES = Path(__file__).parents[1] / "samples"
LAW = SAMPLES / "luat-kiem-toan-nha-nuoc"


def read(text: str) -> Parsed:
    return parse(text, new_id=counter())


def shape(text: str) -> list[tuple[str, str | None, str]]:
    return [(p.kind.value, p.label, p.text) for p in read(text).document.provisions]


def codes(text: str) -> list[str]:
    return [doubt.code for doubt in read(text).doubts]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(
    ("name", "chapters", "articles", "clauses", "points"),
    [
        ("quy-che-lam-viec-ban-qlda-tphcm.txt", 9, 45, 214, 68),
        ("quy-che-lam-viec-ban-qlda-tphcm.raw.txt", 9, 45, 214, 68),
        ("hoi-dong-quan-nhan-165-2018.txt", 5, 24, 64, 34),
        ("quy-che-trung-tam-gdnn-05-2020.txt", 9, 45, 139, 100),
        ("luat-kiem-toan-nha-nuoc/before.txt", 9, 73, 231, 97),
        ("luat-kiem-toan-nha-nuoc/after.txt", 9, 76, 255, 118),
        ("luat-kiem-toan-nha-nuoc/after-renumbered.txt", 9, 76, 255, 118),
        ("luat-kiem-toan-nha-nuoc/amending.txt", 0, 3, 23, 11),
    ],
)
def test_real_texts(name: str, chapters: int, articles: int, clauses: int, points: int) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    parsed = read(text)
    counts = outline(parsed.document).counts()
    found = tuple(counts.get(kind, 0) for kind in (Kind.CHAPTER, Kind.ARTICLE, Kind.CLAUSE, Kind.POINT))
    assert found == (chapters, articles, clauses, points)
    written = to_text(parsed.document)
    assert letters(written) == letters(text)
    assert read(written).document == parsed.document


@pytest.mark.parametrize(("name", "side"), [("before.txt", "old"), ("after.txt", "new")])
def test_paths_are_those_of_the_recorded_changes(name: str, side: str) -> None:
    entries = outline(read((LAW / name).read_text(encoding="utf-8")).document).by_path
    units = json.loads((LAW / "changes.json").read_text(encoding="utf-8"))["units"]
    recorded = [unit for unit in units if unit.get(side)]
    assert recorded
    for unit in recorded:
        entry = entries[unit["path"]]
        assert letters(unit[side]).startswith(letters(entry.label + entry.provision.text)[:60])


def test_the_policy_follows_the_labels() -> None:
    assert read("Điều 1. A\nĐiều 2. B").document.policy is NumberingPolicy.RENUMBER
    assert read("Điều 1. A\nĐiều 1a. B\nĐiều 2. C").document.policy is NumberingPolicy.KEEP
    assert read("Điều 1. A\nĐiều 3. C").document.policy is NumberingPolicy.KEEP


def test_front_matter_and_closing() -> None:
    text = """ĐẢNG BỘ TỈNH A
ĐẢNG ỦY B
*
ĐẢNG CỘNG SẢN VIỆT NAM
Số 05-QC/ĐU
Hà Nội, ngày 05 tháng 02 năm 2026

QUY CHẾ
Làm việc của Ban Chấp hành

- Căn cứ Điều lệ Đảng;
- Căn cứ Quy định số 399-QĐ/TW;
Ban Chấp hành ban hành Quy chế như sau:
Điều 1. Phạm vi
Quy chế này được Ban Chấp hành thông qua ngày 01/02/2026.
Nơi nhận:
- Thường trực,
- Lưu Văn phòng.
T/M BAN CHẤP HÀNH
BÍ THƯ
(đã ký)
Nguyễn Văn A"""
    front = read(text).document.front
    assert (front.upper_body, front.body, front.number) == ("ĐẢNG BỘ TỈNH A", "ĐẢNG ỦY B", "05-QC/ĐU")
    assert (front.place, front.date) == ("Hà Nội", "ngày 05 tháng 02 năm 2026")
    assert (front.type, front.title) == ("QUY CHẾ", "Làm việc của Ban Chấp hành")
    assert len(front.bases) == 2
    assert front.preamble == ("*", "ĐẢNG CỘNG SẢN VIỆT NAM", "Ban Chấp hành ban hành Quy chế như sau:")
    assert front.closing == ("Quy chế này được Ban Chấp hành thông qua ngày 01/02/2026.", "(đã ký)")
    assert front.recipients == ("- Thường trực,", "- Lưu Văn phòng.")
    signed = (front.authority, front.position, front.signatory)
    assert signed == ("T/M BAN CHẤP HÀNH", "BÍ THƯ", "Nguyễn Văn A")
    assert read(to_text(read(text).document)).document == read(text).document


def test_a_working_regulation_names_its_type_and_title() -> None:
    front = read("QUY CHẾ LÀM VIỆC\nBan Quản lý dự án\nChương I\nCHUNG\nĐiều 1. A").document.front
    assert (front.type, front.title) == ("QUY CHẾ LÀM VIỆC", "Ban Quản lý dự án")


def test_quoted_articles_of_an_amending_text_are_paragraphs() -> None:
    text = (
        "Điều 1. Sửa đổi\n1. Sửa Điều 5 như sau:\n“Điều 5. Tên\n1. Một “hai” ba;\na) Bốn.”;\n2. Bỏ khoản 3."
    )
    assert [kind for kind, _, _ in shape(text)] == [
        "article", "clause", "paragraph", "paragraph", "paragraph", "clause",
    ]  # fmt: skip


def test_a_text_without_articles_begins_at_its_first_number_one() -> None:
    assert shape("24. Trích\nLời dẫn\n1. Một.\n2. Hai.") == [("clause", "1", "Một."), ("clause", "2", "Hai.")]


def test_what_is_quoted_before_a_text_begins_is_none_of_it() -> None:
    assert [text for _, _, text in shape("“Điều 9. Cũ\n1. Một”\nĐiều 1. Mới\nNội dung.")] == [
        "Mới",
        "Nội dung.",
    ]


@pytest.mark.parametrize(
    ("line", "tells"),
    [
        ("ĐẢNG CỘNG SẢN VIỆT NAM", True),
        ("Số 5-NQ/TU", True),
        ("Hà Nội, ngày 1 tháng 2 năm 2026", True),
        ("ĐẢNG ỦY B", False),
        ("-----", False),
    ],
)
def test_a_line_that_only_a_head_has(line: str, tells: bool) -> None:
    assert is_head_line(line) is tells


def test_what_the_form_prints_by_itself_is_no_preamble() -> None:
    named = FrontMatter(body="ĐẢNG ỦY B")
    assert is_of_the_form("-----", FrontMatter())
    assert is_of_the_form("ĐẢNG CỘNG SẢN VIỆT NAM", named)
    assert not is_of_the_form("ĐẢNG CỘNG SẢN VIỆT NAM", FrontMatter())
    assert not is_of_the_form("ĐẢNG ỦY B", named)


def test_an_empty_line_ends_the_title_below_a_type() -> None:
    front = read("QUY CHẾ\nlàm việc\n\nLời nói đầu\nĐiều 1. Họp").document.front
    assert (front.title, front.preamble) == ("làm việc", ("Lời nói đầu",))
    assert read("QUY CHẾ\nlàm việc\ncủa Ủy ban\nĐiều 1. Họp").document.front.title == "làm việc của Ủy ban"


def test_straight_quotes_quote_too() -> None:
    text = 'Điều 1. Sửa đổi\n1. Như sau:\n"2a. Một;\n2b. Hai.".\n2. Ba'
    assert [kind for kind, _, _ in shape(text)] == ["article", "clause", "paragraph", "paragraph", "clause"]


def test_a_quotation_left_open_swallows_nothing() -> None:
    text = "Điều 1. “Một\n1. Hai\nĐiều 2. Ba"
    assert [kind for kind, _, _ in shape(text)] == ["article", "clause", "article"]
    assert "quote_open" in codes(text)


@pytest.mark.parametrize(
    "line",
    [
        "Chương trình công tác năm gồm các nội dung sau.",
        "Chương V của Quy chế này áp dụng cho cấp xã.",
        "Mục 7000, Tiểu mục 7012 của Mục lục ngân sách.",
        "Phần mềm dùng chung của Đảng.",
        "Phụ lục kèm theo Quy chế này.",
        "khoản 2 Điều 5 của Quy chế này.",
        "Điều 5 và Điều 6 của Quy chế này.",
        "05-NQ/ĐU của Đảng ủy.",
        "15/3/2026 là hạn cuối.",
        "1.000.000 đồng.",
        "15. 000 đồng.",
        "2025. Năm sau cũng vậy.",
        "1.2 Bảo hiểm xã hội.",
        "v.v. và các việc khác.",
        "+ Việc thứ nhất;",
        "-----",
    ],
)
def test_what_only_looks_like_a_label_stays_text(line: str) -> None:
    assert shape(f"Điều 1. Việc\n{line}")[1] == ("paragraph", None, line)


@pytest.mark.parametrize(
    ("line", "kind", "label", "text"),
    [
        ("Chương I: Những việc chung", "chapter", "I", "Những việc chung"),
        ("CHƯƠNG IIa QUY ĐỊNH", "chapter", "IIa", "QUY ĐỊNH"),
        ("Mục 2. VIỆC CHUNG", "section", "2", "VIỆC CHUNG"),
        ("Tiểu mục 1. Việc", "subsection", "1", "Việc"),
        ("PHẦN THỨ NHẤT VIỆC CHUNG", "part", "thứ nhất", "VIỆC CHUNG"),
        ("Phần II. Việc", "part", "II", "Việc"),
        ("Phụ lục I. Mẫu", "appendix", "I", "Mẫu"),
        ("PHỤ LỤC", "appendix", None, ""),
        ("Điều 5a. Việc", "article", "5a", "Việc"),
        ("Điều 5: Việc", "article", "5", "Việc"),
        ("1- Việc", "clause", "1", "Việc"),
        ("1 - Việc", "clause", "1", "Việc"),
        ("1.Việc", "clause", "1", "Việc"),
        ("2a. Việc", "clause", "2a", "Việc"),
        ("a. Việc", "point", "a", "Việc"),
        ("đ) Việc", "point", "đ", "Việc"),
        ("đ1) Việc", "point", "đ1", "Việc"),
        ("- Việc", "indent", None, "Việc"),
        ("–Việc", "indent", None, "Việc"),
        ("I- VIỆC", "heading", "I", "VIỆC"),
    ],
)
def test_labels_in_all_their_forms(line: str, kind: str, label: str | None, text: str) -> None:
    assert shape(f"Điều 1. Việc\n{line}")[1] == (kind, label, text)


def test_titles_on_the_lines_below() -> None:
    text = (
        "Chương I\nQUY ĐỊNH\nCHUNG\nĐiều 1\nPhạm vi\nQuy chế này quy định việc.\n"
        "Chương II\nTổ chức\nĐiều 2.\nVăn bản này là câu."
    )
    assert shape(text) == [
        ("chapter", "I", "QUY ĐỊNH CHUNG"),
        ("article", "1", "Phạm vi"),
        ("paragraph", None, "Quy chế này quy định việc."),
        ("chapter", "II", "Tổ chức"),
        ("article", "2", ""),
        ("paragraph", None, "Văn bản này là câu."),
    ]


def test_an_article_without_a_heading_keeps_its_text() -> None:
    long = "Toàn bộ nội dung trong một đoạn dài. " * 12
    assert shape(f"Điều 5. {long}") == [("article", "5", long.strip())]


def test_headings_of_a_text_without_articles() -> None:
    text = "NGHỊ QUYẾT\nVề công tác\nI- Tình hình\n1- Kết quả\na) Một\n- Hai\nII. Nhiệm vụ"
    assert [(kind, label) for kind, label, _ in shape(text)] == [
        ("heading", "I"), ("clause", "1"), ("point", "a"), ("indent", None), ("heading", "II"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Điều 1. A\nĐiều 3. B", "number_gap"),
        ("Điều 1. A\n1. B\n1. C", "number_duplicate"),
        ("Điều 2. A\nĐiều 1. B", "number_backwards"),
        ("Điều 1. A\nĐiều 2. B\nĐiều 1. C", "articles_restart"),
        ("Điều 1. A\na) B\nf) C", "letter_outside"),
        ("Chương I\nĐiều 1. A", "title_missing"),
        ("Điều 1. A\nĐiều l0. B", "no such doubt"),
        ("Chương VI\nA B\nChương VIla\nC D", "label_slip"),
        ("Điều 10. A\nĐiều 1l. B", "label_slip"),
        ("Một câu.\nHai câu.", "no_structure"),
        ("Điều 1. A\nkhoản 2 Điều 5 của Luật.", "line_wrapped"),
        ("Điều 1. A\n99. đồng", "number_not_label"),
        ("Điều 1. A \ufffd", "replacement_found"),
    ],
)
def test_doubts_are_reported(text: str, code: str) -> None:
    assert (code in codes(text)) is (code != "no such doubt")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Điều 1. A\n1. B\na) C\nb) D", []),
        ("Điều 1. A\n1. B\na. C\nb. D", [3]),
        ("Điều 1: A\n1- B\n2- C\na. D", [1, 2, 4]),
        ("CHƯƠNG I\nQUY ĐỊNH\nĐiều 1. A\n• B", [1, 4]),
        ("I. Tình hình\n01. Kết quả", [1, 2]),
    ],
)
def test_a_label_written_otherwise_is_reported_once(text: str, lines: list[int]) -> None:
    """The first of its kind: it is printed as prescribed (decision 17)."""
    assert [doubt.line for doubt in read(text).doubts if doubt.code == "label_restyled"] == lines


def test_a_doubt_says_where() -> None:
    doubt = read("\n\nĐiều 1. A\n\nĐiều 3. " + "Các quy định chung " * 9).doubts[0]
    assert doubt.line == 5
    assert doubt.excerpt == "3 Các quy định chung Các quy định chung…"


def test_an_appendix_behind_the_closing_is_kept() -> None:
    document = read("Điều 1. A\nNơi nhận:\n- Lưu.\nPhụ lục\nMẪU\nĐiều 1. B").document
    assert [p.kind.value for p in document.provisions] == ["article", "appendix", "article"]
    assert document.front.recipients == ("- Lưu.",)


def test_an_empty_text_is_an_empty_document() -> None:
    assert read("").document.provisions == ()
    assert read(" \n\n").doubts == ()


def test_a_decision_and_its_regulation_each_begin_at_article_one() -> None:
    text = (
        "QUYẾT ĐỊNH\nBan hành Quy chế làm việc\nĐiều 1. Ban hành kèm theo Quyết định này Quy chế làm việc.\n"
        "Điều 2. Quyết định có hiệu lực từ ngày ký.\nQUY CHẾ\nLÀM VIỆC\n"
        "(Ban hành kèm theo Quyết định số 05-QĐ/TU)\n"
        "Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\n1. Một.\nĐiều 2. Nguyên tắc\n1. Hai."
    )
    found = [(kind, label) for kind, label, _ in shape(text) if kind != "paragraph"]
    assert found == [
        ("article", "1"), ("article", "2"), ("chapter", "I"),
        ("article", "1"), ("clause", "1"), ("article", "2"), ("clause", "1"),
    ]  # fmt: skip
    assert codes(text) == ["articles_restart", "number_duplicate"]
    assert read(text).document.policy is NumberingPolicy.KEEP


def test_repealed_units_of_a_consolidated_text_keep_their_numbers() -> None:
    text = (
        "Chương I\nCHUNG\nĐiều 1. Một\nChương II\n(được bãi bỏ)\n"
        "Điều 2. (được bãi bỏ)\nĐiều 3. (được bãi bỏ)\n"
        "Chương III\nRIÊNG\nĐiều 4. Bốn\n1. (được bãi bỏ)\n2. Hai."
    )
    assert shape(text) == [
        ("chapter", "I", "CHUNG"), ("article", "1", "Một"), ("chapter", "II", "(được bãi bỏ)"),
        ("article", "2", "(được bãi bỏ)"), ("article", "3", "(được bãi bỏ)"), ("chapter", "III", "RIÊNG"),
        ("article", "4", "Bốn"), ("clause", "1", "(được bãi bỏ)"), ("clause", "2", "Hai."),
    ]  # fmt: skip
    assert codes(text) == []


def test_a_repealed_chapter_taken_out_leaves_the_other_numbers() -> None:
    text = "Chương I\nCHUNG\nĐiều 1. Một\nChương III\nRIÊNG\nĐiều 4. Bốn\nĐiều 4a. Năm"
    assert [label for _, label, _ in shape(text)] == ["I", "1", "III", "4", "4a"]
    assert read(text).document.policy is NumberingPolicy.KEEP


def test_articles_quoted_in_an_amending_law_do_not_continue_its_own_numbers() -> None:
    parsed = read((LAW / "amending.txt").read_text(encoding="utf-8"))
    articles = [p.label for p in parsed.document.provisions if p.kind is Kind.ARTICLE]
    assert articles == ["1", "2", "3"]
    assert not [doubt for doubt in parsed.doubts if doubt.code.startswith("number_")]


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("Thực hiện theo quy định tại", "khoản 2 Điều 5 của Quy chế này."),
        ("Thực hiện theo quy định tại", "Điều 5 của Quy chế này."),
        ("Quy định tại điểm a khoản 1 và", "điểm b khoản 2 Điều này."),
        ("Căn cứ Nghị quyết số", "05-NQ/ĐU của Đảng ủy."),
        ("Hoàn thành trước ngày", "15/3/2026 theo kế hoạch."),
        ("Kinh phí là", "15. 000 đồng."),
        ("Giao cho", "Chương trình mục tiêu quốc gia."),
    ],
)
def test_a_line_that_goes_on_from_the_one_above_is_no_label(before: str, line: str) -> None:
    found = shape(f"Điều 1. Việc\n1. {before}\n{line}\n2. Hai.")
    assert [(kind, label) for kind, label, _ in found] == [
        ("article", "1"), ("clause", "1"), ("paragraph", None), ("clause", "2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "announced", "shape"),
    [
        (["2a. Một.", "3. Hai:", "a) Ba;"], [(Kind.CLAUSE, "2a")], [
            ("clause", "2a"), ("clause", "3"), ("point", "a"),
        ]),
        (["25a. Một."], [(Kind.CLAUSE, "25a")], [("clause", "25a")]),
        (["125. đồng chí A."], [(Kind.CLAUSE, "125")], [("clause", "125")]),
        (["đ1) Một;"], [], [("point", "đ1")]),
        (["Điều 69a. Tên", "1. Một."], [(Kind.ARTICLE, "69a")], [("article", "69a"), ("clause", "1")]),
        (["CHƯƠNG VIII", "KHIẾU NẠI,", "TỐ CÁO"], [(Kind.CHAPTER, "VIII")], [("chapter", "VIII")]),
        (["Nội dung không có số."], [(Kind.CLAUSE, "2")], [("paragraph", None)]),
        (["1. Như sau:", "“2. Trích”", "3. Ba."], [], [
            ("clause", "1"), ("paragraph", None), ("clause", "3"),
        ]),
    ],
)  # fmt: skip
def test_a_piece_of_a_regulation_is_read_by_what_it_is_said_to_hold(
    lines: list[str], announced: list[tuple[Kind, str]], shape: list[tuple[str, str | None]]
) -> None:
    found = parse_fragment(lines, new_id=counter(), announced=announced)
    assert [(p.kind.value, p.label) for p in found] == shape


@pytest.mark.parametrize(
    ("text", "read", "provisions"),
    [
        (
            "Chương I\nQUYẾT ĐỊNH\nVề việc\nĐiều 1. Một\nHọp.",  # the chapter begins the body
            FrontMatter(),
            ["QUYẾT ĐỊNH", "Về việc", "Một", "Họp."],
        ),
        (
            "Nơi nhận:\nQUYẾT ĐỊNH\nVề việc\nĐiều 1. Một\nHọp.",
            FrontMatter(preamble=("Nơi nhận:", "QUYẾT ĐỊNH", "Về việc")),
            ["Một", "Họp."],
        ),
        (
            "Số: 1-QĐ\nSố: 2-QĐ\nQUYẾT ĐỊNH\nVề việc\nĐiều 1. Một\nHọp.",
            FrontMatter(preamble=("Số: 1-QĐ", "Số: 2-QĐ", "QUYẾT ĐỊNH", "Về việc")),
            ["Một", "Họp."],
        ),
        (
            "Điều 1. Một\nHọp.\nNơi nhận:\n- A.\nNơi nhận:\n- B.\nTM. BAN\nTM. BAN KHÁC",
            FrontMatter(closing=("Nơi nhận:", "- A.", "Nơi nhận:", "- B.", "TM. BAN", "TM. BAN KHÁC")),
            ["Một", "Họp."],
        ),
    ],
)
def test_a_head_or_foot_that_would_read_otherwise_once_written_stays_as_it_is(
    text: str, read: FrontMatter, provisions: list[str]
) -> None:
    document = parse(text, new_id=counter()).document
    assert document.front == read
    assert [one.text for one in document.provisions] == provisions


def test_of_a_text_in_disorder_so_many_doubts_are_told() -> None:
    odd = "".join(f"{2 * n}. Việc.\n" for n in range(1, 500)) * 3
    assert len(parse(f"Điều 1. Một\n{odd}", new_id=counter()).doubts) == MAX_DOUBTS
