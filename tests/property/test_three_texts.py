"""Three texts side by side: each column reads its own text back, whatever was revised twice."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import NamedTuple

from docx import Document as open_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare import compare
from duthao.domain.compare.result import RowClass
from duthao.domain.compare.table_builder import TableOptions, Third, build_table
from duthao.domain.compare.three import joined
from duthao.domain.document import Document
from duthao.domain.outline import outline
from duthao.domain.table import CellParagraph, ComparisonTable
from duthao.formats.comparison_json import three_texts_value
from duthao.formats.docx import comparison_docx
from duthao.formats.pdf import DEFAULTS, table_data
from duthao.messages import Catalogue
from tests.support.edit_scripts import edited_pair
from tests.support.layouts import layouts, squeezed
from tests.support.revisions import revised, revisions

VI = Catalogue("vi")
NAMES = ("before", "after", "third")


class Texts(NamedTuple):
    """Named by its size: whole regulations would be unreadable in a report."""

    before: Document
    after: Document
    third: Document

    def __repr__(self) -> str:
        return " → ".join(str(len(document.provisions)) for document in self)


@st.composite
def twice_revised(draw: st.DrawFn) -> Texts:
    """A regulation, a draft, and the draft after it; small ones by hand, larger ones by script."""
    if draw(st.booleans()):
        before, after = draw(revisions())
    else:
        pair = edited_pair(draw(st.integers(0, 100_000)), articles=3)
        before, after = pair.before, pair.after
    return Texts(before, after, draw(revised(after, "third-")))


def tabled(texts: Texts, options: TableOptions) -> ComparisonTable:
    before, after, third = texts
    beside = Third(compare(after, third), third, "Dự thảo lần 2")
    return build_table(compare(before, after), before, after, third=beside, options=options)


def own(paragraphs: tuple[CellParagraph, ...]) -> list[str]:
    """The words of the provisions themselves, in the text the cell is of."""
    return [
        "".join(run.text for run in p.runs if run.change != "deleted") for p in paragraphs if not p.context
    ]


def texts_of(document: Document) -> dict[str, str]:
    rows = compare(document, document).rows
    return {str(unit.id): unit.text for row in rows for unit in row.after}


@given(twice_revised(), layouts)
@settings(max_examples=120, deadline=None)
def test_each_column_reads_its_text_back(texts: Texts, options: TableOptions) -> None:
    table = tabled(texts, options)
    assert len({row.key for row in table.rows}) == len(table.rows)
    for name, document in zip(NAMES, texts, strict=True):
        known = texts_of(document)
        named: list[str] = []
        for row in table.rows:
            ids = getattr(row, f"{name}_ids")
            cell = getattr(row, name)
            if name == "before":  # what goes is marked in the column it goes from
                assert ["".join(r.text for r in p.runs) for p in cell if not p.context] == [
                    known[i] for i in ids
                ]
            else:
                assert own(cell) == [known[i] for i in ids]
            named += ids
        assert max(Counter(named).values(), default=1) == 1
        if options.everything:
            assert set(named) == set(known)
    places = {str(entry.provision.id): n for n, entry in enumerate(outline(texts.after).entries)}
    leading = [places[row.after_ids[0]] for row in table.rows if row.after_ids]
    assert leading == sorted(leading)


@given(twice_revised(), layouts)
@settings(max_examples=60, deadline=None)
def test_no_cell_is_empty_without_saying_why(texts: Texts, options: TableOptions) -> None:
    for row in tabled(texts, options).rows:
        if row.kind == "row":
            for name in NAMES:
                assert getattr(row, name) or getattr(row, f"{name}_note")
        if options.everything is False and row.kind == "row":
            assert {row.row_class, row.third_class} != {RowClass.UNCHANGED}


@given(twice_revised(), layouts)
@settings(max_examples=60, deadline=None)
def test_a_third_text_like_the_second_leaves_the_table_of_two(texts: Texts, options: TableOptions) -> None:
    before, after, _ = texts
    two = build_table(compare(before, after), before, after, options=options)
    three = tabled(Texts(before, after, after), options)
    assert len(two.rows) == len(three.rows)
    for one, other in zip(two.rows, three.rows, strict=True):
        same = (
            "kind", "row_class", "number", "before", "after", "before_note", "after_note", "provision",
            "reason", "confidence", "moved_from", "before_ids", "after_ids", "doubt",
        )  # fmt: skip
        assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]
        assert other.third_class is RowClass.UNCHANGED
        assert own(other.third) == own(one.after)
        assert all(run.change == "same" for p in other.third for run in p.runs)
        assert other.third_note == ("table.as_draft" if one.after else "table.repealed")


@given(twice_revised())
@settings(max_examples=60, deadline=None)
def test_a_first_text_like_the_second_marks_the_third_as_the_table_of_two(
    texts: Texts,
) -> None:
    _, after, third = texts
    three = tabled((after, after, third), TableOptions(everything=True, by="provision", renumbered=True))
    two = build_table(
        compare(after, third), after, third, options=TableOptions(everything=True, by="provision")
    )
    kinds = {i: row.row_class for row in two.rows for i in row.after_ids}
    for row in three.rows:
        if len(row.third_ids) == 1:
            assert row.third_class is kinds[row.third_ids[0]]


@given(twice_revised())
@settings(max_examples=60, deadline=None)
def test_every_row_of_both_comparisons_stands_in_one_joined_row(
    texts: Texts,
) -> None:
    before, after, third = texts
    first, second = compare(before, after), compare(after, third)
    made = joined(first, second)
    assert sorted(id(r) for item in made for r in item.rows) == sorted(map(id, first.rows))
    assert sorted(id(r) for item in made for r in item.later) == sorted(map(id, second.rows))
    for item in made:
        assert {u.path for u in item.after} == {u.path for r in item.later for u in r.before}
    value = three_texts_value(first, second)
    assert len(value["joined"]) == len(made)
    assert sorted(n for one in value["joined"] for n in one["second"]) == list(range(len(second.rows)))


@given(twice_revised(), layouts)
@settings(max_examples=15, deadline=None)
def test_print_and_word_have_a_column_for_each_text(texts: Texts, options: TableOptions) -> None:
    table = tabled(texts, options)
    printed = [row for row in table_data(table, VI, DEFAULTS)["rows"] if row["kind"] == "row"]
    grid = open_docx(BytesIO(comparison_docx(table, VI))).tables[0]
    assert len(grid.columns) == options.columns + 2
    cells = [cells for row, cells in zip(table.rows, grid.rows[1:], strict=True) if row.kind == "row"]
    rows = [row for row in table.rows if row.kind == "row"]
    for row, data, word in zip(rows, printed, cells, strict=True):
        for column, name in enumerate(NAMES):
            note = getattr(row, f"{name}_note")
            kept = note in ("table.unchanged", "table.as_draft")
            shown = () if kept else getattr(row, name)
            words = squeezed("".join(p.label + "".join(run.text for run in p.runs) for p in shown))
            assert words == squeezed(
                "".join(
                    p["label"] + "".join(t for t, *_ in p["runs"])
                    for p in data["texts"][column]["paragraphs"]
                )
            )
            end = words + (squeezed(VI(note)) if note else "")
            assert squeezed(word.cells[column + 1].text).endswith(end)
