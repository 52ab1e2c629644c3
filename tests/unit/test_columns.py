"""Tables whose columns have ids: read by the contract, changed towards any goal, ids kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from duthao.collab.codec import read_document
from duthao.collab.columns import listed_order
from duthao.collab.edits import restore, seed
from duthao.domain.document import Document, Kind, Provision, ProvisionId
from duthao.domain.order import spread
from duthao.formats.json import document_from_json, document_to_json


def a_table(columns: dict[str, str], *rows: dict[str, Any], lists: tuple[tuple[str, ...], ...] = ()) -> Any:
    """A draft of one table; `lists` are the rows' lists of cells, `rows` their own cells by column."""
    doc: Any = Doc()
    root = doc.get("provisions", type=Map)
    keys = {f"column.{id_}": order for id_, order in columns.items()}
    root["t"] = Map({"kind": "table", "order": "1", "text": Text("Biểu"), **keys})
    for at, own in enumerate(rows):
        cells = {f"cell.{id_}": Text(v) if isinstance(v, str) else v for id_, v in own.items()}
        if at < len(lists):
            cells["cells"] = Array([Text(cell) for cell in lists[at]])
        root[f"r{at}"] = Map({"kind": "row", "order": f"2{at + 1}", "text": Text(""), **cells})
    return doc


def grid(doc: Any) -> list[tuple[str, ...]]:
    return [one.cells for one in read_document(doc)[0].provisions if one.kind is Kind.ROW]


def test_cells_stand_in_the_order_of_their_columns_whoever_made_them() -> None:
    doc = a_table({"a": "V", "b": "G"}, {"a": "một", "b": "hai"}, {"b": "ba"})
    assert grid(doc) == [("hai", "một"), ("ba",)]


def test_a_column_taken_out_is_not_read_and_keeps_its_words() -> None:
    doc = a_table({"a": "G", "b": "-V"}, {"a": "một", "b": "hai"})
    assert grid(doc) == [("một",)]
    doc.get("provisions", type=Map)["t"]["column.b"] = "V"
    assert grid(doc) == [("một", "hai")]


def test_lists_of_cells_have_columns_too_that_move_and_go() -> None:
    lists = (("Số", "Tên", "Chức vụ"), ("1", "An"))
    assert grid(a_table({}, {}, {}, lists=lists)) == list(lists)
    moved = a_table({"0": "z"}, {}, {}, lists=lists)
    assert grid(moved) == [("Tên", "Chức vụ", "Số"), ("An", "", "1")]
    amid = a_table({"1": "-12", "new": listed_order(0) + "V"}, {"new": "Mã"}, {}, lists=lists)
    assert grid(amid) == [("Số", "Mã", "Chức vụ"), ("1",)]


def test_a_cell_of_a_column_nobody_knows_is_read_behind_the_others() -> None:
    assert grid(a_table({"a": "V"}, {"a": "một", "lost": "chữ"}, {"a": "hai"})) == [("một", "chữ"), ("hai",)]


@pytest.mark.parametrize("value", [1, True, None, ["V"]])
def test_whatever_stands_under_a_column_or_a_cell_is_no_harm(value: Any) -> None:
    doc = a_table({"a": "V"}, {"a": "một", "b": value})
    doc.get("provisions", type=Map)["t"]["column.c"] = value
    assert grid(doc) == [("một",)]


def test_restoring_brings_back_the_column_with_its_words_and_its_id() -> None:
    doc = a_table({"a": "G", "b": "V"}, {"a": "một", "b": "hai"}, {"a": "ba", "b": "bốn"})
    past = read_document(doc)[0]
    doc.get("provisions", type=Map)["t"]["column.a"] = "-G"
    now = read_document(doc)[0]
    update = restore(doc.get_update(), now, past)
    assert update is not None
    doc.apply_update(update)
    assert read_document(doc)[0] == past
    assert doc.get("provisions", type=Map)["t"]["column.a"] == "G"
    assert str(doc.get("provisions", type=Map)["r0"]["cell.a"]) == "một"


def test_a_table_that_reads_as_the_goal_is_not_touched_by_a_change_elsewhere() -> None:
    """A colleague who takes a column out meanwhile is not undone by a restore that did not mean it."""
    doc = a_table({"a": "G", "b": "V"}, {"a": "một", "b": "hai"})
    doc.get("provisions", type=Map)["k"] = Map({"kind": "clause", "order": "9", "text": Text("Một.")})
    now = read_document(doc)[0]
    goal = Document(tuple(replace(p, text="Hai.") if p.id == "k" else p for p in now.provisions))
    update = restore(doc.get_update(), now, goal)
    assert update is not None
    doc.get("provisions", type=Map)["t"]["column.a"] = "-G"
    doc.apply_update(update)
    assert grid(doc) == [("hai",)]
    assert str(doc.get("provisions", type=Map)["k"]["text"]) == "Hai."


ROWS = st.lists(st.lists(st.sampled_from(["", "một", "hai", "ba bốn"]), max_size=4), min_size=1, max_size=4)


def as_document(rows: list[list[str]], header: bool) -> Document:
    keys = spread(len(rows) + 1)
    table = Provision(ProvisionId("t"), Kind.TABLE, "Biểu", order=keys[0], header=header)
    made = [
        Provision(ProvisionId(f"r{at}"), Kind.ROW, "", cells=tuple(cells), order=key)
        for at, (cells, key) in enumerate(zip(rows, keys[1:], strict=True))
    ]
    return Document((table, *made))


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "0", "1"]), st.sampled_from(["G", "V", "k", "-k"]), max_size=4
    ),
    st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "0", "x"]), st.sampled_from(["", "một", "năm"])),
        max_size=4,
    ),
    st.lists(st.lists(st.sampled_from(["", "hai", "sáu"]), max_size=3).map(tuple), max_size=3).map(tuple),
    ROWS,
    st.booleans(),
)
def test_any_table_becomes_any_other_and_back(
    columns: dict[str, str],
    own: list[dict[str, str]],
    lists: tuple[tuple[str, ...], ...],
    rows: list[list[str]],
    header: bool,
) -> None:
    doc = a_table(columns, *own, lists=lists)
    first = read_document(doc)[0]
    for goal in (as_document(rows, header), first):
        now = read_document(doc)[0]
        update = restore(doc.get_update(), now, goal)
        if update is not None:
            doc.apply_update(update)
        found = read_document(doc)[0]
        assert found.provisions == goal.provisions


@given(ROWS, st.booleans())
def test_a_table_with_a_head_comes_back_from_the_draft_and_from_json(
    rows: list[list[str]], header: bool
) -> None:
    document = as_document(rows, header)
    doc: Any = Doc()
    doc.apply_update(seed(document))
    assert read_document(doc)[0] == document
    assert document_from_json(document_to_json(document)) == document
