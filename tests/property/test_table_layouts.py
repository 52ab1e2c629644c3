"""Every layout shows the old text on the left and the new one on the right, character for character."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from io import BytesIO
from typing import Literal

from docx import Document as open_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare import compare
from duthao.domain.compare.result import RowClass
from duthao.domain.compare.table_builder import TableOptions, build_table
from duthao.domain.outline import outline
from duthao.domain.table import CellParagraph, ComparisonTable
from duthao.formats.comparison_html import comparison_html
from duthao.formats.comparison_terminal import comparison_terminal
from duthao.formats.docx import comparison_docx
from duthao.formats.pdf import DEFAULTS, table_data
from duthao.messages import Catalogue
from tests.support.edit_scripts import EditedPair, edited_pair
from tests.support.layouts import layouts, squeezed

VI = Catalogue("vi")
SIDES: tuple[Literal["before", "after"], ...] = ("before", "after")


def made(seed: int, options: TableOptions) -> tuple[EditedPair, ComparisonTable]:
    pair = edited_pair(seed, articles=4)
    return pair, build_table(compare(pair.before, pair.after), pair.before, pair.after, options=options)


def texts_of(pair: EditedPair, side: str) -> dict[str, str]:
    """The words of each provision; a table's row has its cells for words."""
    rows = compare(pair.before, pair.after).rows
    return {str(unit.id): unit.text for row in rows for unit in getattr(row, side)}


def said(paragraph: CellParagraph) -> str:
    words = "".join(run.text for run in paragraph.runs)
    return f"{paragraph.label} {words}" if paragraph.label else words


@given(st.integers(0, 100_000), layouts)
@settings(max_examples=80)
def test_each_provision_shown_stands_once_in_its_own_words(seed: int, options: TableOptions) -> None:
    pair, table = made(seed, options)
    for side in SIDES:
        found = texts_of(pair, side)
        named: list[str] = []
        for row in table.rows:
            ids = getattr(row, f"{side}_ids")
            own = [p for p in getattr(row, side) if not p.context]
            assert ["".join(run.text for run in p.runs) for p in own] == [found[i] for i in ids]
            wrong = "inserted" if side == "before" else "deleted"
            assert all(run.change != wrong for p in own for run in p.runs)
            named += ids
        assert max(Counter(named).values(), default=1) == 1
        if options.everything:
            assert set(named) == set(found)


@given(st.integers(0, 100_000), layouts)
@settings(max_examples=80)
def test_what_is_left_out_is_counted(seed: int, options: TableOptions) -> None:
    pair, table = made(seed, options)
    found = compare(pair.before, pair.after)
    shown = {i for row in table.rows for i in (*row.before_ids, *row.after_ids)}
    absent = Counter(
        row.row_class
        for row in found.rows
        if row.row_class is not RowClass.UNCHANGED and not shown & {u.id for u in (*row.before, *row.after)}
    )
    headings = {RowClass.RENUMBERED}  # a chapter of which only the number changed heads its rows, or none
    assert {k: n for k, n in table.left_out if k not in headings} == {
        k: n for k, n in absent.items() if k not in headings
    }


@given(st.integers(0, 100_000), layouts)
@settings(max_examples=60)
def test_a_clause_stands_under_the_heading_of_its_own_article(seed: int, options: TableOptions) -> None:
    pair, table = made(seed, options)
    for side, document in zip(SIDES, (pair.before, pair.after), strict=True):
        known = outline(document)
        above = ""
        for row in table.rows:
            own = iter(getattr(row, f"{side}_paths"))
            for paragraph in getattr(row, side):
                entry = None if paragraph.context else known.by_path[next(own)]
                if paragraph.heading:
                    above = said(paragraph)
                    continue
                while entry is not None and entry.parent is not None:
                    entry = known.entries[entry.parent]
                    if entry.path.split("/")[-1].startswith("dieu:"):
                        assert squeezed(above) == squeezed(f"{entry.label} {entry.provision.text}")
                        break


class _Columns(HTMLParser):
    """The words of the cells before and after, and of the spanning rows."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[tuple[str, str]] = []
        self.skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        css = dict(attrs).get("class") or ""
        if tag in ("td", "th"):
            self.cells.append((css, ""))
        if tag == "p":
            self.skipping = css in ("note", "class")

    def handle_data(self, data: str) -> None:
        if self.cells and not self.skipping:
            css, text = self.cells[-1]
            self.cells[-1] = (css, text + data)


@given(st.integers(0, 100_000), layouts)
@settings(max_examples=25)
def test_the_page_and_the_print_hold_both_texts(seed: int, options: TableOptions) -> None:
    _, table = made(seed, options)
    parser = _Columns()
    parser.feed(comparison_html(table, VI).decode())
    printed = [row for row in table_data(table, VI, DEFAULTS)["rows"] if row["kind"] == "row"]
    rows = [row for row in table.rows if row.kind == "row"]
    assert len(printed) == len(rows)
    for column, side in enumerate(SIDES):
        expected = [squeezed("".join(map(said, getattr(row, side)))) for row in rows]
        assert [squeezed(text) for css, text in parser.cells if css == side] == expected
        for row, cells, words in zip(rows, printed, expected, strict=True):
            paragraphs = cells["texts"][column]["paragraphs"]
            shown = squeezed("".join(p["label"] + "".join(t for t, *_ in p["runs"]) for p in paragraphs))
            kept = side == "after" and row.after_note == "table.unchanged"
            assert shown == ("" if kept else words)  # "Giữ nguyên" stands for the words on the left


@given(st.integers(0, 100_000), layouts)
@settings(max_examples=12)
def test_the_word_file_holds_both_texts(seed: int, options: TableOptions) -> None:
    _, table = made(seed, options)
    grid = open_docx(BytesIO(comparison_docx(table, VI))).tables[0]
    assert len(grid.columns) == options.columns + 1
    for row, printed in zip(table.rows, grid.rows[1:], strict=True):
        if row.kind == "division":
            continue
        for column, side in enumerate(SIDES, 1):
            note = VI(one) if (one := getattr(row, f"{side}_note")) else ""
            kept = one == "table.unchanged"  # "Giữ nguyên" stands for the words on the left
            words = "" if kept else squeezed("".join(map(said, getattr(row, side))))
            assert squeezed(printed.cells[column].text).endswith(words + squeezed(note))


@given(st.integers(0, 100_000), layouts)
@settings(max_examples=25)
def test_the_terminal_holds_both_texts_in_eighty_columns(seed: int, options: TableOptions) -> None:
    _, table = made(seed, options)
    lines = comparison_terminal(table, VI, width=80).splitlines()
    assert all(len(line) <= 80 or " " not in line.strip() for line in lines[1:])
    marks = str.maketrans("", "", "[]{}-+·")
    half = (80 - 3) // 2
    for index, side in enumerate(SIDES):
        column = "".join(
            (line[:half], line[half + 3 :])[index] for line in lines if line[half : half + 3] in (" │ ", " │")
        )
        words = "".join(said(p) for row in table.rows if row.kind == "row" for p in getattr(row, side))
        notes = {VI(n) for row in table.rows for n in (row.before_note, row.after_note) if n}
        shown = squeezed(column).translate(marks)
        for note in notes:
            shown = shown.replace(squeezed(note), "")
            words = words.replace(note, "")
        assert shown == squeezed(words).translate(marks)


@given(st.integers(0, 100_000), layouts)
@settings(max_examples=25)
def test_every_article_shown_is_bookmarked_once_in_the_print(seed: int, options: TableOptions) -> None:
    _, table = made(seed, options)
    rows = [row for row in table_data(table, VI, DEFAULTS)["rows"] if row["kind"] == "row"]
    sides = [row["texts"][1]["paragraphs"] or row["texts"][0]["paragraphs"] for row in rows]
    headings = [p for shown in sides for p in shown if p["heading"]]
    marked = [(p["label"], str(p["runs"])) for p in headings if p["bookmark"]]
    assert {label for label, _ in marked} == {p["label"] for p in headings}
    assert max(Counter(marked).values(), default=1) == 1
