"""The printed forms: what stands on their pages, and that nothing in a draft is ever interpreted."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import unicodedata
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.result import RowClass
from duthao.domain.compare.table_builder import build_table
from duthao.domain.document import (
    CharOffset,
    Document,
    FrontMatter,
    Kind,
    Mark,
    MarkKind,
    Provision,
    ProvisionId,
)
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import BUILT_IN, PARTY, PARTY_OLD, STATE, FormProfile
from duthao.domain.structure import parse
from duthao.domain.table import CellParagraph, ComparisonTable, Run, Statistics, TableRow
from duthao.formats import pdf
from duthao.formats.cited import spoken_path
from duthao.formats.pdf import (
    PrintOptions,
    comparison_pdf,
    draft_data,
    draft_pdf,
    in_worker,
    table_data,
)
from duthao.formats.typesetter import in_process
from duthao.messages import Catalogue
from tests.conftest import absent
from tests.support.fonts import gather_fonts

VI = Catalogue("vi")
SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"
EVIL = '#set text(red) *đậm* $x$ <nhãn> @tham-chiếu \\ // #panic() <b>1</b> `mã` _x_ [a] {b} "q" --- ~'


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> PrintOptions:
    fonts = gather_fonts(tmp_path_factory.mktemp("fonts"))
    if fonts is None:
        absent("the font Tinos")
        raise AssertionError
    return PrintOptions(fonts=fonts)


def pages(content: bytes, tmp_path: Path) -> list[str]:
    """The text of each page, laid out as on paper, words joined by single spaces."""
    if not shutil.which("pdftotext"):
        absent("pdftotext (poppler-utils)")
    file = tmp_path / "made.pdf"
    file.write_bytes(content)
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True
    ).stdout.decode()
    return [" ".join(page.replace("\u200b", "").split()) for page in text.split("\f")[:-1]]


def cell(label: str, *runs: tuple[str, str], level: int = 1, heading: bool = False) -> CellParagraph:
    return CellParagraph(label, tuple(Run(text, change) for text, change in runs), level, heading)  # type: ignore[arg-type]


def row(number: int, before: str | None, after: str | None, **more: Any) -> TableRow:
    return TableRow(
        key=f"k{number}",
        digest="d",
        kind=more.pop("kind", "row"),
        row_class=more.pop("row_class", RowClass.AMENDED),
        number=number,
        before=(cell("1.", (before, "deleted")),) if before is not None else (),
        after=(cell("1.", (after, "inserted")),) if after is not None else (),
        before_note=more.pop("before_note", None),
        after_note=more.pop("after_note", None),
        provision="p",
        reason=more.pop("reason", ""),
        confidence=1.0,
        **more,
    )


def table(
    *rows: TableRow, counts: tuple[int, int, int] = (10, 11, 2), title: str = "Quy chế làm việc"
) -> ComparisonTable:
    return ComparisonTable(title, "Quy chế số 01-QC/ĐU", "Dự thảo lần 2", rows, Statistics(*counts, ()), 1)


def printed(made: ComparisonTable, options: PrintOptions, tmp_path: Path) -> list[str]:
    return pages(comparison_pdf(made, VI, options=options, typeset=in_process), tmp_path)


def drafted(document: Document, options: PrintOptions, tmp_path: Path) -> list[str]:
    return pages(draft_pdf(document, VI, options=options, typeset=in_process), tmp_path)


# --- the table ----------------------------------------------------------------------------------


def test_every_page_repeats_the_head_and_counts_itself(options: PrintOptions, tmp_path: Path) -> None:
    found = printed(table(*(row(n, "một " * 60, "hai " * 60) for n in range(1, 201))), options, tmp_path)
    assert len(found) > 10
    for number, page in enumerate(found, 1):
        assert "QUY CHẾ HIỆN HÀNH" in page
        assert "LÝ DO, CĂN CỨ" in page
        assert page.endswith(f"Trang {number}/{len(found)}")
    assert " ".join(found).count("một") == 200 * 60


def test_a_row_longer_than_a_page_is_split_and_whole(options: PrintOptions, tmp_path: Path) -> None:
    words = " ".join(f"từ{n}" for n in range(2500))
    found = printed(table(row(1, words, None, after_note="table.repealed")), options, tmp_path)
    assert len(found) >= 4
    text = " ".join(found).split()
    assert [word for word in text if word.startswith("từ")] == words.split()


def test_what_looks_like_markup_is_printed_as_it_is(options: PrintOptions, tmp_path: Path) -> None:
    found = " ".join(printed(table(row(1, None, None, reason=EVIL), title=EVIL), options, tmp_path))
    assert EVIL in found
    wide = printed(table(row(1, EVIL, EVIL, reason=EVIL)), options, tmp_path)[0]
    for part in ("#set text(red) *đậm*", "#panic()", "<nhãn>"):
        assert wide.count(part) == 3


def test_decomposed_letters_and_endless_words_are_printed(options: PrintOptions, tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Đảng ủy Đống Đa")
    found = " ".join(printed(table(row(1, decomposed, "w" * 300)), options, tmp_path))
    assert "Đảng ủy Đống Đa" in unicodedata.normalize("NFC", found)
    assert found.count("w") >= 300


def test_notes_say_what_stands_on_neither_side(options: PrintOptions, tmp_path: Path) -> None:
    rows = (
        row(1, None, "mới", before_note="table.new"),
        row(2, "cũ", None, after_note="table.repealed"),
        row(3, "nguyên văn", "nguyên văn", after_note="table.unchanged"),
        row(
            4,
            "a",
            "a",
            row_class=RowClass.MOVED_AMENDED,
            moves=(("dieu:30/khoan:2/diem:đ1", "dieu:31/khoan:1"),),
        ),
        row(5, "b", "b", row_class=RowClass.SPLIT),
    )
    found = printed(table(*rows), options, tmp_path)[0]
    for note in ("(Dòng mới)", "(Bãi bỏ)", "Giữ nguyên", "Tách"):
        assert note in found
    assert found.count("nguyên văn") == 1
    assert rows[3].moved_from
    assert spoken_path(rows[3].moved_from, VI) == "điểm đ1 khoản 2 Điều 30"
    assert spoken_path("phan:thứ-nhất/chuong:II#2", VI) == "Chương II Phần thứ nhất"


@pytest.mark.parametrize(("changed", "advised"), [(5, False), (6, True)])
def test_above_half_a_replacing_text_is_advised(
    options: PrintOptions, tmp_path: Path, changed: int, advised: bool
) -> None:
    found = printed(table(row(1, "a", "b"), counts=(10, 11, changed)), options, tmp_path)[0]
    assert f"Có thay đổi: {changed} điều" in found
    assert ("văn bản thay thế" in found) is advised


def test_divisions_in_succession_stand_together_with_the_row_below(options: PrintOptions) -> None:
    heading = [row(0, None, name, kind="division") for name in ("CHUNG", "MỤC", "RIÊNG")]
    data = table_data(table(heading[0], heading[1], row(1, "a", "b"), heading[2]), VI, options)
    assert [made["kind"] for made in data["rows"]] == ["division", "row", "division"]
    assert [line["runs"][0][0] for line in data["rows"][0]["lines"]] == ["CHUNG", "MỤC"]


def test_a_division_is_never_left_at_a_pages_foot(options: PrintOptions, tmp_path: Path) -> None:
    for before in range(1, 14):
        rows = [row(n, "a", "b", reason="Ghi chú.") for n in range(before)]
        rows += [row(0, None, "TÊN CHƯƠNG RIÊNG", kind="division"), row(99, "cuối cùng", "b " * 150)]
        for page in printed(table(*rows), options, tmp_path):
            assert ("TÊN CHƯƠNG RIÊNG" in page) == ("cuối cùng" in page)


def test_the_changed_name_of_a_chapter_is_never_left_at_a_pages_foot(
    options: PrintOptions, tmp_path: Path
) -> None:
    name = cell("Chương II", ("ĐỔI TÊN", "inserted"), level=0, heading=True)
    chapter = replace(row(90, "", ""), before=(name,), after=(name,), after_paths=("chuong:II",))
    for above in range(12, 18):
        rows = [*(row(n, "một dòng", "một dòng") for n in range(above)), chapter, row(91, "theo sau", "x")]
        shown = printed(table(*rows), options, tmp_path)
        (page,) = [page for page in shown if "ĐỔI TÊN" in page]
        assert "theo sau" in page


def test_a_table_without_rows_says_so(options: PrintOptions, tmp_path: Path) -> None:
    assert "không có nội dung nào khác nhau" in printed(table(), options, tmp_path)[0]


def test_a_real_law_is_printed_whole_and_the_same_each_time(options: PrintOptions, tmp_path: Path) -> None:
    ids = count(1)
    before, after = (
        parse(
            (SAMPLE / name).read_text(encoding="utf-8"), new_id=lambda: ProvisionId(f"p{next(ids)}")
        ).document
        for name in ("before.txt", "after.txt")
    )
    made = build_table(compare(before, after), before, after, "Luật Kiểm toán nhà nước")
    first = comparison_pdf(made, VI, options=options, typeset=in_process)
    assert first == comparison_pdf(made, VI, options=options, typeset=in_process)
    assert b"/StructTreeRoot" in first or b"/MarkInfo" in first
    text = " ".join(pages(first, tmp_path))
    assert "VĂN BẢN HIỆN HÀNH" in text
    assert "Khởi kiện quyết định" in text


# --- the draft ----------------------------------------------------------------------------------

FRONT = FrontMatter(
    upper_body="Đảng bộ Thành phố",
    body="Đảng ủy phường Bến Thành",
    number="Số: 05-NQ/ĐU",
    place="Bến Thành",
    date="ngày 05 tháng 02 năm 2026",
    type="Nghị quyết",
    title="về công tác văn phòng",
    bases=("Căn cứ Điều lệ Đảng", "- Căn cứ Quy chế làm việc;"),
    recipients=("- Các chi bộ trực thuộc,", "- Lưu Văn phòng Đảng ủy."),
    authority="T/M Ban Chấp hành",
    position="Bí thư",
    signatory="Nguyễn Văn An",
)


def provision(kind: Kind, text: str, **more: Any) -> Provision:
    return Provision(ProvisionId(f"{kind}-{text[:20]}"), kind, text, **more)


def test_the_draft_has_the_partys_layout(options: PrintOptions, tmp_path: Path) -> None:
    body = (
        provision(Kind.CHAPTER, "Quy định chung"),
        provision(Kind.ARTICLE, "Phạm vi"),
        provision(Kind.CLAUSE, "Khoản một."),
        provision(Kind.POINT, "điểm a;"),
        provision(Kind.APPENDIX, "Biểu mẫu"),
    )
    numbered = PrintOptions(fonts=options.fonts, draft_number=3)
    first, last = drafted(Document(body, FRONT), numbered, tmp_path)
    for words in (
        "ĐẢNG CỘNG SẢN VIỆT NAM", "ĐẢNG ỦY PHƯỜNG BẾN THÀNH", "Số 05-NQ/ĐU",
        "Bến Thành, ngày 05 tháng 02 năm 2026", "NGHỊ QUYẾT về công tác văn phòng -----",
        "- Căn cứ Điều lệ Đảng; - Căn cứ Quy chế làm việc;", "Chương I QUY ĐỊNH CHUNG Điều 1. Phạm vi",
        "1. Khoản một. a) điểm a;", "Dự thảo lần 3", "T/M BAN CHẤP HÀNH", "Nguyễn Văn An",
    ):  # fmt: skip
        assert words in first
    assert first.index("Nơi nhận:") > first.index("điểm a;")
    assert last == "2 Phụ lục BIỂU MẪU"


def test_fields_not_given_leave_no_trace(options: PrintOptions, tmp_path: Path) -> None:
    bare = Document((provision(Kind.ARTICLE, "Phạm vi"),))
    assert drafted(bare, options, tmp_path) == ["Điều 1. Phạm vi"]
    titled = Document(bare.provisions, FrontMatter(type="Luật", title="KIỂM TOÁN"))
    assert drafted(titled, options, tmp_path) == ["LUẬT KIỂM TOÁN ----- Điều 1. Phạm vi"]
    assert drafted(Document(), options, tmp_path) == [""]


def test_the_head_of_a_table_stands_on_each_of_its_pages(options: PrintOptions, tmp_path: Path) -> None:
    rows = [provision(Kind.ROW, "", cells=("Chức danh", "Số lượng"))]
    rows += [provision(Kind.ROW, "", cells=(f"Chức danh {n}", "1")) for n in range(1, 120)]
    for header in (True, False):
        made = drafted(Document((provision(Kind.TABLE, "Biểu", header=header), *rows)), options, tmp_path)
        heads = sum("Số lượng" in page for page in made)
        assert heads == (len(made) if header else 1)
        assert len(made) > 2


def test_a_draft_is_never_interpreted(options: PrintOptions, tmp_path: Path) -> None:
    body = [provision(kind, EVIL) for kind in Kind if kind not in (Kind.ROW, Kind.APPENDIX)]
    body.append(provision(Kind.ROW, "", cells=(EVIL, "lẻ")))
    front = FrontMatter(**dict.fromkeys(("number", "type", "title", "authority", "signatory"), EVIL))
    found = " ".join(drafted(Document(tuple(body), front), options, tmp_path))
    assert found.casefold().count("#set text(red)") == len(body) + 5


def test_marks_are_cut_where_they_begin_and_end(options: PrintOptions) -> None:
    marks = (
        Mark(MarkKind.BOLD, CharOffset(0), CharOffset(4)),
        Mark(MarkKind.ITALIC, CharOffset(2), CharOffset(99)),
    )
    made = draft_data(Document((provision(Kind.CLAUSE, "abcdef", marks=marks),)), VI, options)
    assert made["blocks"][0]["runs"] == [["ab", ["bold"]], ["cd", ["bold", "italic"]], ["ef", ["italic"]]]


# --- the worker ---------------------------------------------------------------------------------


def test_the_worker_makes_the_same_file_from_any_thread(options: PrintOptions) -> None:
    made = table(row(1, "a", "b"))
    here = comparison_pdf(made, VI, options=options, typeset=in_process)
    with ThreadPoolExecutor(4) as threads:
        jobs = [threads.submit(comparison_pdf, made, VI, options=options) for _ in range(4)]
        assert {job.result() for job in jobs} == {here}


def test_a_worker_over_its_time_is_stopped_and_leaves_its_turn(options: PrintOptions) -> None:
    for _ in range(pdf.AT_ONCE + 1):
        with pytest.raises(Refusal) as refused:
            in_worker("draft", {}, options.fonts, time_limit=0.001)
        assert refused.value.code == "pdf_too_long"


def test_a_worker_that_fails_is_a_refusal_without_the_text(options: PrintOptions) -> None:
    with pytest.raises(Refusal) as refused:
        in_worker("draft", {"title": "bí mật"}, options.fonts)
    assert refused.value.code == "pdf_failed"
    assert not refused.value.details
    assert "[" not in VI.refusal(refused.value)[:1]


def test_without_fonts_nothing_is_printed(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        comparison_pdf(table(), VI, options=PrintOptions(fonts=tmp_path / "none"))
    assert refused.value.code == "fonts_missing"
    assert "Regular" in VI.refusal(refused.value)


# --- forms and tags -----------------------------------------------------------------------------


def objects(content: bytes) -> bytes:
    """The file with its packed streams opened behind it."""
    opened = [content]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            opened.append(zlib.decompress(stream[1]))
    return b"\n".join(opened)


def tags(content: bytes) -> list[str]:
    return [tag.decode() for tag in re.findall(rb"/S ?/(\w+)", objects(content))]


@pytest.mark.parametrize("form", BUILT_IN.values(), ids=BUILT_IN)
@pytest.mark.parametrize("front", [FRONT, FrontMatter()], ids=["whole", "bare"])
def test_a_document_is_tagged_whatever_its_headings(
    form: FormProfile, front: FrontMatter, options: PrintOptions
) -> None:
    body = [
        provision(Kind.ARTICLE, "Trước mọi chương"),
        provision(Kind.SECTION, "Mục không chương"),
        provision(Kind.PART, "Phần"),
        provision(Kind.ARTICLE, "Trong phần"),
        provision(Kind.CHAPTER, "Chương"),
        provision(Kind.ARTICLE, "Trong chương"),
        provision(Kind.TABLE, "Biểu", header=True),
        provision(Kind.ROW, "", cells=("Tên", "Số")),
        provision(Kind.ROW, "", cells=("a", "1")),
        provision(Kind.APPENDIX, "Mẫu"),
    ]
    made = draft_pdf(
        Document(tuple(body), front), VI, options=replace(options, form=form), typeset=in_process
    )
    whole = objects(made)
    for said in (b"/MarkInfo<</Marked true", b"/Lang(vi)", b"DisplayDocTitle true", b"<pdfuaid:part>1<"):
        assert said in whole
    found = tags(made)
    assert "Document" in found
    assert found.count("TH") == 2
    assert {"H1", "H2", "H3", "P", "Table", "TD"} <= set(found)


def test_a_table_is_tagged_and_its_head_is_one(options: PrintOptions) -> None:
    heading = cell("Điều 1.", ("Phạm vi", "same"), heading=True)
    first = replace(row(1, "a", "b"), before=(heading,), after=(heading,), after_paths=("dieu:1",))
    made = comparison_pdf(table(first), VI, options=options, typeset=in_process)
    assert b"<pdfuaid:part>1<" in objects(made)
    found = tags(made)
    assert found.count("TH") == 4
    assert {"H1", "H2", "TD"} <= set(found)


def test_each_form_has_its_own_head_signs_and_pages(options: PrintOptions, tmp_path: Path) -> None:
    body = tuple(provision(Kind.CLAUSE, f"Khoản {n}. " + "một hai ba " * 40) for n in range(20))
    shown = {}
    for form in (PARTY, PARTY_OLD, STATE):
        asked = replace(options, form=form, draft_number=2)
        shown[form.key] = drafted(Document(body, FRONT), asked, tmp_path)
    party, old, state = (" ".join(shown[form.key]) for form in (PARTY, PARTY_OLD, STATE))
    assert "Số 05-NQ/ĐU" in party
    assert "Số: 05-NQ/ĐU" in state  # the word is the form's, the number is what was written
    assert "- Căn cứ Điều lệ Đảng;" in party
    assert "- Căn cứ" not in state
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in state
    assert "Độc lập - Tự do - Hạnh phúc" in state
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in old
    assert "1- Khoản 0." in old
    assert "1. Khoản 0." in party
    assert "-----" not in state
    for pages_ in shown.values():
        assert "Dự thảo lần 2" in pages_[0]
        assert pages_[1].startswith("2 ")


def test_a_number_may_stand_on_the_first_page_or_at_the_foot_or_nowhere(
    options: PrintOptions, tmp_path: Path
) -> None:
    document = Document((provision(Kind.CLAUSE, "Một."),))
    foot = replace(options, form=replace(PARTY, page_place="bottom", page_first=True))
    none = replace(options, form=replace(PARTY, page_place="none", page_first=True))
    assert drafted(document, foot, tmp_path) == ["1. Một. 1"]
    assert drafted(document, none, tmp_path) == ["1. Một."]


def test_the_signature_is_not_alone_on_its_page(options: PrintOptions, tmp_path: Path) -> None:
    for lines in range(26, 34):
        body = tuple(provision(Kind.CLAUSE, "một") for _ in range(lines))
        shown = drafted(Document((*body, provision(Kind.CLAUSE, "cuối cùng.")), FRONT), options, tmp_path)
        (page,) = [page for page in shown if "T/M BAN CHẤP HÀNH" in page]
        assert "cuối cùng." in page


def test_what_a_source_writes_of_its_form_is_printed_once(options: PrintOptions, tmp_path: Path) -> None:
    source = (
        "ĐẢNG BỘ THÀNH PHỐ\nĐẢNG ỦY PHƯỜNG\n*\nSố 05-NQ/ĐU\nĐẢNG CỘNG SẢN VIỆT NAM\n"
        "Bến Thành, ngày 05 tháng 02 năm 2026\n\nNGHỊ QUYẾT\nvề công tác văn phòng\n-----\n"
        "- Căn cứ Điều lệ Đảng;\nBan Chấp hành quyết nghị:\n\nI- TÌNH HÌNH\n1. Một.\n"
    )
    ids = count(1)
    document = parse(source, new_id=lambda: ProvisionId(f"p{next(ids)}")).document
    assert document.front.bases == ("- Căn cứ Điều lệ Đảng;",)
    (page,) = drafted(document, options, tmp_path)
    for once in ("ĐẢNG CỘNG SẢN VIỆT NAM", "-----", "*", "Căn cứ Điều lệ Đảng", "quyết nghị:"):
        assert page.count(once) == 1


@pytest.mark.parametrize("sign", ["😀", "中文", "\x07"])
def test_a_sign_the_fonts_lack_does_not_keep_a_draft_from_being_printed(
    sign: str, options: PrintOptions
) -> None:
    document = Document(
        (provision(Kind.ARTICLE, f"Phạm vi {sign}"),), FrontMatter(type="QUY CHẾ", title=sign)
    )
    made = draft_pdf(document, VI, options=options, typeset=in_process)
    assert b"/MarkInfo<</Marked true" in objects(made)
    assert b"pdfuaid" not in objects(made)
    assert comparison_pdf(table(row(1, sign, sign)), VI, options=options, typeset=in_process)
