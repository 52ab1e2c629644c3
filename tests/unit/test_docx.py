"""Word files: the same words as print and screen, in files that open without repair."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

from docx import Document as open_docx
from docx.enum.text import WD_UNDERLINE
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from duthao.domain.compare import compare
from duthao.domain.compare.table_builder import TableOptions, build_table
from duthao.domain.document import CharOffset, Mark, MarkKind
from duthao.domain.table import TableRow
from duthao.formats.docx import comparison_docx
from duthao.messages import Catalogue
from tests.support.edit_scripts import edited_pair
from tests.support.texts import art, ch, cl, doc, pt

VI = Catalogue("vi")
BEFORE = doc(
    ch("I", "QUY ĐỊNH CHUNG"), art("Phạm vi"), cl("Ban Thường vụ họp."), pt("một;"), art("Bỏ"), cl("Bãi.")
)
AFTER = doc(
    ch("I", "QUY ĐỊNH CHUNG"), art("Phạm vi"), cl("Ban Thường vụ họp hằng tháng."), pt("một;"), pt("hai.")
)


def opened(content: bytes) -> Any:
    return open_docx(BytesIO(content))


def tabled(everything: bool = True) -> Any:
    options = TableOptions(everything=everything, renumbered=True)
    made = build_table(
        compare(BEFORE, AFTER), BEFORE, AFTER, "Bản so sánh", "Hiện hành", "Dự thảo", options=options
    )
    return made, opened(comparison_docx(made, VI))


def test_the_file_is_a_whole_package_of_well_formed_parts() -> None:
    made = build_table(compare(BEFORE, AFTER), BEFORE, AFTER)
    with zipfile.ZipFile(BytesIO(comparison_docx(made, VI))) as package:
        assert package.testzip() is None
        names = set(package.namelist())
        assert {"[Content_Types].xml", "word/document.xml", "word/styles.xml"} <= names
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False))


def test_the_page_is_landscape_in_times_with_a_repeated_header_and_page_numbers() -> None:
    _, file = tabled()
    section = file.sections[0]
    assert section.page_width > section.page_height
    assert file.styles["Normal"].font.name == "Times New Roman"
    assert file.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"
    header = file.tables[0].rows[0]
    assert header._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in header.cells] == [
        "TT",
        "VĂN BẢN HIỆN HÀNH\n(Hiện hành)",
        "DỰ THẢO SỬA ĐỔI, BỔ SUNG\n(Dự thảo)",
        "LÝ DO, CĂN CỨ SỬA ĐỔI, BỔ SUNG",
    ]
    codes = [e.text for e in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_a_chapter_has_its_name_below_its_number_and_short_rows_are_not_torn() -> None:
    _, file = tabled()
    rows = file.tables[0].rows
    assert rows[1].cells[0].text == "Chương I\nQUY ĐỊNH CHUNG"
    assert rows[2]._tr.trPr.find(qn("w:cantSplit")) is not None


def test_new_words_are_underlined_and_removed_ones_struck() -> None:
    _, file = tabled()
    runs = [r for line in file.tables[0]._cells for p in line.paragraphs for r in p.runs]
    assert any(r.text.strip() == "hằng tháng" and r.underline and r.bold for r in runs)
    assert any("Bãi." in r.text and r.font.strike for r in runs)
    assert any(r.text == "(Bãi bỏ)" and r.italic for r in runs)


def test_a_wholly_new_paragraph_is_underlined_and_not_in_bold() -> None:
    """A page of bold letters is hard to read, and nothing in it has to stand out; its heading stays bold."""
    after = replace(
        BEFORE, provisions=(*BEFORE.provisions, art("Lưu trữ", id="x"), cl("Lưu mười năm.", id="y"))
    )
    made = build_table(compare(BEFORE, after), BEFORE, after)
    file = opened(comparison_docx(made, VI))
    runs = {r.text: r for line in file.tables[0]._cells for p in line.paragraphs for r in p.runs}
    new, heading = runs["Lưu mười năm."], runs["Lưu trữ"]
    assert (new.underline, new.bold, heading.underline, heading.bold) == (True, None, True, True)


def test_a_change_of_format_alone_has_a_dotted_line() -> None:
    before = doc(art("Họp", id="d"), cl("Ban Thường vụ họp.", id="k"))
    bold = (Mark(MarkKind.BOLD, CharOffset(0), CharOffset(3)),)
    after = replace(before, provisions=(before.provisions[0], replace(before.provisions[1], marks=bold)))
    made = build_table(compare(before, after), before, after, options=TableOptions(formats=True))
    (row,) = opened(comparison_docx(made, VI)).tables[0].rows[1:]
    runs = [run for p in row.cells[2].paragraphs for run in p.runs]
    assert [run.text for run in runs if run.underline is WD_UNDERLINE.DOTTED] == ["Ban"]
    assert "Định dạng: thêm in đậm" in row.cells[3].text


def test_a_division_spans_all_columns() -> None:
    _, file = tabled()
    spans = [tc.grid_span for tr in file.tables[0]._tbl.tr_lst for tc in tr.tc_lst]
    assert 4 in spans


def shown(one: TableRow, side: str) -> str:
    return "\n".join(
        f"{p.label + ' ' if p.label else ''}{''.join(run.text for run in p.runs)}" for p in getattr(one, side)
    )


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=12)
def test_each_cell_holds_the_words_of_the_table_character_for_character(seed: int, everything: bool) -> None:
    pair = edited_pair(seed, articles=3)
    made = build_table(
        compare(pair.before, pair.after), pair.before, pair.after, options=TableOptions(everything=everything)
    )
    grid = opened(comparison_docx(made, VI)).tables[0]
    rows = grid.rows[1:]
    assert len(rows) == len(made.rows)
    for one, printed in zip(made.rows, rows, strict=True):
        if one.kind == "division":
            continue
        for column, side, note in ((1, "before", one.before_note), (2, "after", one.after_note)):
            kept = note == "table.unchanged"  # it stands in place of the words on the left
            lines = [shown(one, side)] if getattr(one, side) and not kept else []
            lines += [VI(note)] if note else []
            assert printed.cells[column].text == "\n".join(lines)
