"""Reading the shared document: by the contract, and total."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from duthao.collab.codec import joined_marks, read_document
from duthao.collab.edits import seed
from duthao.domain.document import (
    Basis,
    CharOffset,
    Document,
    FrontMatter,
    Kind,
    Mark,
    MarkKind,
    NumberingPolicy,
    Provision,
    ProvisionId,
)


def mark(kind: MarkKind, start: int, end: int) -> Mark:
    return Mark(kind, CharOffset(start), CharOffset(end))


def provisions_of(doc: Any) -> Any:
    return doc.get("provisions", type=Map)


def entry(text: str = "", **values: Any) -> Any:
    return Map({"kind": "clause", "order": "V", "text": Text(text), **values})


def test_everything_the_contract_names_is_read() -> None:
    id_ = ProvisionId("p1")
    document = Document(
        (
            Provision(
                id_, Kind.ARTICLE, "Điều 😀 này", "5a",
                (mark(MarkKind.BOLD, 0, 6), mark(MarkKind.ITALIC, 5, 10)),
                origin=ProvisionId("p0"), order="A",
            ),
            Provision(ProvisionId("p2"), Kind.ROW, "", cells=("một", ""), order="B"),
        ),
        FrontMatter(title="Quy chế", bases=("Căn cứ một;", "Căn cứ hai;"), recipients=("Lưu.",)),
        NumberingPolicy.KEEP,
        {id_: "lý do"},
        (Provision(ProvisionId("p3"), Kind.POINT, "đã bỏ", order="C"),),
    )  # fmt: skip
    doc: Any = Doc()
    doc.apply_update(seed(document))
    found, report = read_document(doc)
    assert found == document
    assert report.clean


def test_an_empty_document_reads_as_one() -> None:
    found, report = read_document(Doc())
    assert (found, report.clean) == (Document(), True)


def test_the_order_is_that_of_code_units_and_ids_break_ties() -> None:
    doc: Any = Doc()
    for id_, order in (("b", "V"), ("a", "V"), ("z", "\uffff"), ("y", "😀"), ("x", "U")):
        provisions_of(doc)[id_] = entry(order=order)
    assert [one.id for one in read_document(doc)[0].provisions] == ["x", "a", "b", "y", "z"]


def test_what_is_no_provision_is_passed_over_and_counted() -> None:
    doc: Any = Doc()
    root = provisions_of(doc)
    root["good"] = entry("còn đây")
    root["string"] = "chữ"
    root["list"] = [1, 2]
    root["text"] = Text("không phải Map")
    root["none"] = Map({"kind": "clause"})
    root["plain"] = Map({"text": "không phải Y.Text"})
    root["x" * 41] = entry("mã quá dài")
    root["😀" * 21] = entry("mã quá dài")
    root[""] = entry("không mã")
    doc.get("rationale", type=Map)["r"] = "chữ"
    doc.get("rationale", type=Map)["empty"] = Text()
    found, report = read_document(doc)
    assert [one.text for one in found.provisions] == ["còn đây"]
    assert (found.rationale, report.ignored) == ({}, 9)


def test_values_of_another_type_read_as_the_contract_says_and_are_counted() -> None:
    doc: Any = Doc()
    provisions_of(doc)["p"] = Map(
        {
            "kind": "verse",
            "order": 5,
            "text": Text("a"),
            "label": ["x"],
            "from": {"a": 1},
            "cells": "no",
            "removed": "yes",
        }
    )
    provisions_of(doc)["q"] = entry(cells=Array(["chữ", Text("ô"), 5]), order="W", kind="row")
    front = doc.get("front", type=Map)
    front["title"], front["bases"], front["closing"], front["numbering"] = (
        5,
        ["một", 2, None],
        "no",
        "sometimes",
    )
    found, report = read_document(doc)
    assert found.provisions == (
        Provision(ProvisionId("p"), Kind.PARAGRAPH, "a"),
        Provision(ProvisionId("q"), Kind.ROW, "", cells=("", "ô", ""), order="W"),
    )
    assert found.front == FrontMatter(bases=("một",))
    assert found.policy is NumberingPolicy.RENUMBER
    assert (report.unknown_kinds, report.missing_orders, report.foreign_values) == (1, 1, 11)


def test_foreign_formats_and_embedded_things_are_passed_over() -> None:
    doc: Any = Doc()
    text = Text("chữ đậm")
    provisions_of(doc)["p"] = Map({"kind": "clause", "order": "V", "text": text})
    text.format(0, 5, {"bold": True, "link": "x"})
    text.format(6, 8, {"italic": "yes"})
    text.insert_embed(0, {"image": "x"})
    (one,) = read_document(doc)[0].provisions
    assert (one.text, one.marks) == ("chữ đậm", (mark(MarkKind.BOLD, 0, 3),))


def test_bases_are_read_in_their_order_and_are_no_part_of_the_text() -> None:
    doc: Any = Doc()
    before, _ = read_document(doc)
    bases = doc.get("bases", type=Map)
    for key, value in {
        "b.order": "V", "b.kind": "Quy định", "b.number": "24-QĐ/TW", "a.order": "k", "a.title": "Điều lệ",
        "gone.kind": "Luật", ".order": "A", "c.order": 3.0, "a.body": 5.0,
    }.items():  # fmt: skip
        bases[key] = value
    document, report = read_document(doc)
    assert document.bases == (Basis("b", "Quy định", "24-QĐ/TW"), Basis("a", title="Điều lệ"))
    assert report.foreign_values == 1
    assert document == before


def test_removed_ones_with_words_or_cells_can_be_brought_back() -> None:
    doc: Any = Doc()
    root = provisions_of(doc)
    root["a"] = entry("lời", removed=True)
    root["b"] = entry(" ", removed=True)
    root["c"] = entry("", removed=True, cells=Array())
    root["d"] = entry("", removed=False)
    found, _ = read_document(doc)
    assert [one.id for one in found.removed] == ["a", "c"]
    assert [one.id for one in found.provisions] == ["d"]


def test_maps_nested_20000_deep_are_no_matter_for_the_reader() -> None:
    doc: Any = Doc()
    inner = Map({"kind": "clause", "text": Text("sâu")})
    provisions_of(doc)["p"] = inner
    with doc.transaction():
        for _ in range(20_000):
            inner["kind"] = inner = Map()
    (one,) = read_document(doc)[0].provisions
    assert (one.text, one.kind) == ("sâu", Kind.PARAGRAPH)


@pytest.mark.parametrize(
    ("marks", "joined"),
    [
        ([(0, 3), (3, 5)], [(0, 5)]),
        ([(0, 3), (2, 5), (1, 2)], [(0, 5)]),
        ([(4, 4), (6, 5)], []),
        ([(7, 9), (0, 2)], [(0, 2), (7, 9)]),
    ],
)
def test_marks_have_one_written_form(marks: list[tuple[int, int]], joined: list[tuple[int, int]]) -> None:
    bold = [mark(MarkKind.BOLD, *span) for span in marks]
    assert joined_marks(bold) == tuple(mark(MarkKind.BOLD, *span) for span in joined)
