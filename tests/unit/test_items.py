"""The elements of a state at its edges: what is not there, lies too deep, or is no state of ours."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from duthao.collab import lib0
from duthao.collab.items import Elements, texts_of
from duthao.collab.lib0 import Malformed


def state_of(provisions: dict[str, Any]) -> bytes:
    doc: Any = Doc(client_id=7)
    root = doc.get("provisions", type=Map)
    for key, value in provisions.items():
        root[key] = value
    return bytes(doc.get_update())


def test_an_element_of_somebody_who_wrote_nothing_is_nowhere() -> None:
    elements = Elements(state_of({"k": Map({"text": Text("Một.")})}))
    assert elements.at((7, 0)) is not None
    assert elements.at((8, 0)) is None
    assert elements.at((7, 10_000)) is None


def test_a_struct_of_a_kind_our_states_never_have_is_malformed() -> None:
    """Kind 3 is binary content: pycrdt writes it, no client of ours does."""
    head = b"".join(map(lib0.uint, (1, 1, 7, 0)))
    binary = b"\x03" + lib0.uint(1) + lib0.string("provisions") + lib0.sized(b"\x00") + b"\x00"
    with pytest.raises(Malformed):
        Elements(head + binary)
    letter = b"\x04" + lib0.uint(1) + lib0.string("provisions") + lib0.string("x") + b"\x00"
    assert Elements(head + letter).at((7, 0)) is not None


def test_what_lies_deeper_than_any_document_of_ours_belongs_to_no_provision() -> None:
    """A program may nest maps without end: climbing from each of them would take for ever."""

    def nested(depth: int) -> Map[Any]:
        return Map({"in": nested(depth - 1)}) if depth else Map({"at": "bottom"})

    elements = Elements(state_of({"shallow": nested(3), "deep": nested(12)}))
    lengths = {"shallow": 0, "deep": 0}
    for _, first, end, key in elements.entries("provisions"):
        lengths[key] += end - first
    # A map for each level, and what stands at the bottom.
    assert lengths["shallow"] == 3 + 2
    assert 0 < lengths["deep"] < 12 + 2


def test_a_provision_without_a_text_has_none() -> None:
    elements = Elements(state_of({"k": Map({"text": Text("Một.")}), "bare": Map({"kind": "clause"})}))
    assert set(texts_of(elements)) == {"k"}
