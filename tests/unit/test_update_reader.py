"""The strict reader against every hostile input of reliability.md §1, and against its own bounds."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment

from duthao.collab.lib0 import string, uint
from duthao.collab.update_reader import (
    ARRAY,
    LIMITS,
    MAP,
    MAX_UNPLACED,
    TEXT,
    MalformedUpdate,
    TypeMade,
    Types,
    merged,
    read_state_vector,
    read_update,
)
from duthao.domain.errors import Refusal

NO_DELETES = b"\x00"


def section(client: int, clock: int, *structs: bytes) -> bytes:
    return uint(len(structs)) + uint(client) + uint(clock) + b"".join(structs)


def update(*sections: bytes, deletes: bytes = NO_DELETES) -> bytes:
    return uint(len(sections)) + b"".join(sections) + deletes


def item(kind: int, content: bytes, *, root: str = "rationale", key: str = "a") -> bytes:
    return bytes((0x20 | kind, 1)) + string(root) + string(key) + content


def after(client: int, clock: int, kind: int, content: bytes) -> bytes:
    return bytes((0x80 | kind,)) + uint(client) + uint(clock) + content


def inside(client: int, clock: int, kind: int, content: bytes, key: str | None = None) -> bytes:
    info = kind | (0x20 if key is not None else 0)
    return bytes((info, 0)) + uint(client) + uint(clock) + (string(key) if key is not None else b"") + content


TEXT_MADE = item(7, b"\x02")


def reason(data: bytes) -> str:
    with pytest.raises(MalformedUpdate) as refused:
        read_update(data)
    assert refused.value.code == "update_malformed"
    return refused.value.reason


def over(data: bytes) -> object:
    with pytest.raises(Refusal) as refused:
        read_update(data)
    assert refused.value.code == "update_too_large"
    return refused.value.details["what"]


# What is real


def test_a_new_provision_is_read() -> None:
    doc: Any = Doc(client_id=9)
    doc.get("provisions", type=Map)["p"] = Map(
        {"kind": "clause", "text": Text("Đảng 😀"), "cells": Array([Text("ô")])}
    )
    facts = read_update(doc.get_update())
    assert facts.clients == {9: (0, 13)}
    assert facts.client_ids == (9,)
    assert [(one.kind, one.root, one.parent) for one in facts.types if one.kind != TEXT] == [
        (MAP, "provisions", None),
        (ARRAY, None, (9, 0)),
    ]
    assert not facts.is_empty
    assert facts.hole({}) is None


def test_an_edit_is_read_and_a_hole_is_seen() -> None:
    doc: Any = Doc(client_id=9)
    reasons = doc.get("rationale", type=Map)
    reasons["p"] = Text("vì")
    before = doc.get_state()
    text = reasons["p"]
    text += " sao"
    del text[0:1]
    facts = read_update(doc.get_update(before))
    assert (facts.clients, facts.deleted, facts.deletes) == ({9: (3, 7)}, ((9, 1, 2),), 1)
    assert facts.hole({9: 3}) is None
    assert facts.hole({9: 2}) == 9
    assert facts.hole({}) == 9


def test_content_that_leans_on_anothers_needs_it() -> None:
    facts = read_update(update(section(5, 0, after(8, 3, 4, string("a")))))
    assert facts.requires == {8: 4}
    assert facts.hole({8: 4}) is None
    assert facts.hole({8: 3}) == 8
    both = update(
        section(8, 0, TEXT_MADE, inside(8, 0, 4, string("abc"))), section(5, 0, after(8, 3, 4, string("a")))
    )
    assert read_update(both).hole({}) is None


def test_deletions_of_what_is_not_there_are_a_hole() -> None:
    facts = read_update(update(deletes=b"\x01\x05\x01\x02\x03"))
    assert (facts.empty, facts.hole({5: 5}), facts.hole({5: 4})) == (False, None, 5)


def test_what_was_skipped_must_be_known() -> None:
    facts = read_update(update(section(5, 0, TEXT_MADE, b"\x0a\x04", after(5, 4, 4, string("a")))))
    assert facts.clients == {5: (5, 6)}
    assert (facts.hole({5: 4}), facts.hole({5: 5})) == (5, None)


def test_the_empty_update_is_empty() -> None:
    assert read_update(b"\x00\x00").is_empty
    assert read_update(update(section(5, 0, b"\x00\x03"))).deleted == ((5, 0, 3),)


# What ended the process or took gigabytes


def nested_values(depth: int) -> bytes:
    return update(section(5, 0, item(8, b"\x01" + b"\x75\x01" * depth + b"\x7e", root="front")))


def test_arrays_nested_30000_deep_in_one_value_are_refused() -> None:
    assert reason(nested_values(30_000)) == "depth"
    assert reason(nested_values(64)) == "depth"
    assert not read_update(nested_values(63)).is_empty


def test_maps_nested_30000_deep_in_one_value_are_refused() -> None:
    deep = b"\x01" + b"\x76\x01\x01a" * 30_000 + b"\x7e"
    assert reason(update(section(5, 0, item(8, deep, root="front")))) == "depth"


def test_100000_empty_client_sections_are_refused() -> None:
    empty = b"".join(uint(0) + uint(client) + uint(0) for client in range(100_000))
    assert over(uint(100_000) + empty + NO_DELETES) == "sections"
    assert reason(update(section(1, 0), section(2, 0, TEXT_MADE))) == "section"


def test_xml_of_any_depth_is_refused() -> None:
    doc: Any = Doc()
    doc.get("provisions", type=XmlFragment).children.append(XmlElement("a"))
    assert reason(doc.get_update()) in ("root", "type")
    for kind in (3, 4, 5, 6):
        assert reason(update(section(5, 0, item(7, uint(kind) + string("p"))))) == "type"


def test_subdocuments_moves_weak_links_and_embeds_are_refused() -> None:
    for kind in (2, 3, 5, 9, 11, 12, 31):
        assert reason(update(section(5, 0, item(kind, string("{}") * 4)))) == "kind"
    assert reason(update(section(5, 0, item(7, uint(7))))) == "type"


def test_a_long_chain_of_single_characters_is_refused() -> None:
    def chain(length: int) -> bytes:
        rest = (after(5, n, 4, b"\x01x") for n in range(1, length))
        return update(section(5, 0, TEXT_MADE, inside(5, 0, 4, b"\x01x"), *rest))

    assert read_update(chain(LIMITS.run)).structs == LIMITS.run + 1
    assert over(chain(LIMITS.run + 1)) == "run"


def test_too_many_structs_sections_deletions_and_bytes_are_refused() -> None:
    assert over(update(section(5, 0, *[b"\x00\x01"] * (LIMITS.structs + 1)))) == "structs"
    assert over(update(*(section(n, 0, b"\x00\x01") for n in range(LIMITS.sections + 1)))) == "sections"
    ranges = b"\x00\x01" * (LIMITS.deletes + 1)
    assert over(update(deletes=b"\x01\x05" + uint(LIMITS.deletes + 1) + ranges)) == "deletes"
    assert over(b"\x00" * (LIMITS.bytes + 1)) == "bytes"


def test_huge_clocks_and_lengths_are_refused() -> None:
    assert reason(update(section(5, 2**31, TEXT_MADE))) == "clock"
    assert reason(update(section(5, 0, b"\x00" + uint(2**31 + 1)))) == "clock"
    assert reason(update(section(5, 0, item(1, uint(2**52))))) == "clock"
    assert reason(update(section(5, 0, after(6, 2**31, 4, string("a"))))) == "clock"
    assert reason(update(deletes=b"\x01\x05\x01" + uint(2**31) + b"\x01")) == "clock"
    assert reason(update(section(2**53 - 1, 0, b"\x00" + b"\xff" * 9))) == "number"


def test_lengths_that_claim_more_than_there_is_are_refused() -> None:
    assert reason(uint(2**28)) == "count"
    assert reason(b"\x01" + uint(2**28) + b"\x05\x00\x00\x01\x00") == "count"
    assert reason(update(deletes=b"\x01\x05" + uint(2**28))) == "count"
    assert reason(update(section(5, 0, item(8, uint(2**28))))) == "count"
    assert reason(update(section(5, 0, item(8, b"\x01\x77" + uint(2**28))))) == "truncated"


def test_a_state_vector_that_claims_2_to_the_28_entries_is_refused() -> None:
    with pytest.raises(MalformedUpdate) as refused:
        read_state_vector(uint(2**28))
    assert (refused.value.code, refused.value.reason) == ("state_vector_malformed", "count")


@pytest.mark.parametrize(
    "vector",
    [
        b"",
        b"\x01",
        b"\x01\x05",
        b"\x01\x05\x01\x00",
        b"\x02\x05\x01\x05\x02",
        b"\x01\x05" + uint(2**40),
        b"\xff" * 20,
    ],
)
def test_state_vectors_that_are_none_are_refused(vector: bytes) -> None:
    with pytest.raises(MalformedUpdate):
        read_state_vector(vector)


def test_a_state_vector_has_a_bound() -> None:
    vector = uint(5_000) + b"".join(uint(n) + b"\x01" for n in range(5_000))
    assert len(read_state_vector(vector)) == 5_000
    with pytest.raises(MalformedUpdate):
        read_state_vector(uint(5_001) + b"".join(uint(n) + b"\x01" for n in range(5_001)))


def test_every_truncation_and_anything_trailing_is_refused() -> None:
    doc: Any = Doc(client_id=9)
    doc.get("provisions", type=Map)["p"] = Map({"kind": "clause", "text": Text("Đảng 😀")})
    whole = doc.get_update()
    for end in range(len(whole)):
        with pytest.raises(MalformedUpdate):
            read_update(whole[:end])
    assert reason(whole + b"\x00") == "trailing"


def test_bad_utf8_is_refused_wherever_it_stands() -> None:
    bad = b"\x02\xc3\x28"
    assert reason(update(section(5, 0, TEXT_MADE, inside(5, 0, 4, bad)))) == "utf8"
    assert reason(update(section(5, 0, b"\x27\x01" + string("rationale") + bad + b"\x02"))) == "utf8"
    assert reason(update(section(5, 0, b"\x27\x01" + bad))) == "utf8"
    assert reason(update(section(5, 0, item(8, b"\x01\x77" + bad, root="front")))) == "utf8"


# What is not our document


def test_foreign_roots_and_lists_at_the_root_are_refused() -> None:
    assert reason(update(section(5, 0, item(7, b"\x02", root="prosemirror")))) == "root"
    assert reason(update(section(5, 0, b"\x07\x01" + string("rationale") + b"\x02"))) == "root"
    assert reason(update(section(5, 0, item(7, b"\x01", root="rationale")))) == "type"
    assert reason(update(section(5, 0, item(7, b"\x02", root="provisions")))) == "type"
    assert reason(update(section(5, 0, item(7, b"\x02", root="front")))) == "type"
    assert reason(update(section(5, 0, item(7, b"\x02", root="bases")))) == "type"
    assert reason(update(section(5, 0, item(4, string("a"))))) == "parent"
    assert reason(update(section(5, 0, b"\x27\x02" + string("rationale")))) == "parent"


def test_other_formats_than_ours_are_refused() -> None:
    def formatted(key: str, value: str) -> bytes:
        return update(section(5, 0, TEXT_MADE, inside(5, 0, 6, string(key) + string(value))))

    for value in ("true", "null", "false"):
        assert not read_update(formatted("bold", value)).is_empty
    for value in ('"abc_-9 khoản 2 Điều 5"', "null", '"' + "x" * 40 + ' Điều 5"'):
        assert not read_update(formatted("ref", value)).is_empty
    for value in ("true", '""', '"a"', '"a "', '"' + "x" * 41 + ' Điều 5"', '"< b"', '"a ' + "b" * 201 + '"'):
        assert reason(formatted("ref", value)) == "format"
    for key, value in (("link", '"x"'), ("bold", '"x"'), ("bold", "[" * 5000), ("", "true")):
        assert reason(formatted(key, value)) == "format"


def test_what_leans_on_itself_or_on_what_comes_later_is_refused() -> None:
    assert reason(update(section(5, 0, after(5, 0, 4, string("a"))))) == "reference"
    assert reason(update(section(5, 0, TEXT_MADE, inside(5, 1, 4, string("a"))))) == "reference"
    assert reason(update(section(5, 0, inside(5, 9, 7, b"\x02", "text")))) == "reference"


def test_content_of_no_length_and_long_keys_are_refused() -> None:
    assert reason(update(section(5, 0, TEXT_MADE, inside(5, 0, 4, string(""))))) == "length"
    assert reason(update(section(5, 0, item(8, b"\x00", root="front")))) == "length"
    assert reason(update(section(5, 0, b"\x00\x00"))) == "length"
    assert reason(update(deletes=b"\x01\x05\x01\x00\x00")) == "length"
    assert reason(update(section(5, 0, item(7, b"\x02", key="k" * 101)))) == "length"


def test_one_client_twice_and_sections_of_nothing_but_gaps_are_refused() -> None:
    assert reason(update(section(5, 0, TEXT_MADE), section(5, 1, b"\x00\x01"))) == "section"
    assert reason(update(section(5, 0, b"\x0a\x04"))) == "section"
    assert reason(update(deletes=b"\x02" + b"\x05\x01\x00\x01" * 2)) == "section"
    assert reason(update(section(5, 0, b"\x80\x01"))) == "kind"


# Nesting over many updates


def chain_of(kind: int, length: int, key: str | None = None) -> list[TypeMade]:
    made = [TypeMade((1, 0), MAP, root="provisions")]
    made += [TypeMade((1, n), kind, parent=(1, n - 1)) for n in range(1, length)]
    return made


def test_our_document_is_as_deep_as_it_may_be() -> None:
    types = Types()
    types.admit([TypeMade((1, 0), MAP, root="provisions"), TypeMade((1, 1), TEXT, parent=(1, 0))])
    types.admit([TypeMade((1, 2), ARRAY, parent=(1, 0)), TypeMade((1, 3), TEXT, parent=(1, 2))])
    types.admit([TypeMade((2, 0), TEXT, beside=(1, 3)), TypeMade((2, 1), MAP, beside=(1, 0))])
    types.admit([TypeMade((3, 0), TEXT, root="rationale")])


@pytest.mark.parametrize("kind", [MAP, ARRAY, TEXT])
def test_types_are_never_nested_deeper_however_many_updates_it_takes(kind: int) -> None:
    def bit_by_bit(types: Types) -> None:
        for made in chain_of(kind, 5):
            types.admit([made])

    with pytest.raises(MalformedUpdate) as refused:
        bit_by_bit(Types())
    assert refused.value.reason == "nesting"
    with pytest.raises(MalformedUpdate):
        Types().admit(chain_of(kind, 5))


def test_what_hangs_beside_something_unknown_is_bounded() -> None:
    types = Types()
    for n in range(MAX_UNPLACED):
        types.admit([TypeMade((1, n), TEXT, beside=(9, n))])
    with pytest.raises(MalformedUpdate):
        types.admit([TypeMade((2, 0), TEXT, beside=(9, 0))])
    types.admit([TypeMade((2, 0), TEXT, root="rationale")])


def test_neighbours_in_a_circle_are_walked_once() -> None:
    Types().admit([TypeMade((1, 0), TEXT, beside=(2, 0)), TypeMade((2, 0), TEXT, beside=(1, 0))])


def test_ranges_that_touch_or_overlap_are_one() -> None:
    assert merged([(4, 6), (0, 2), (2, 3), (5, 9), (7, 8)]) == [(0, 3), (4, 9)]
