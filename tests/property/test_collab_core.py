"""The laws of the collaboration core, over made-up documents and bytes."""

from __future__ import annotations

import string
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map

from duthao.collab import awareness, lib0, wire
from duthao.collab.codec import joined_marks
from duthao.collab.edits import brought_back, replacements, restore, seed
from duthao.collab.replica import Replica, ReplicaBroken
from duthao.collab.update_reader import read_state_vector, read_update
from duthao.domain.document import (
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
from duthao.domain.errors import Refusal
from tests.soak.fuzz_updates import run

WORDS = st.sampled_from(["Đảng ủy", "họp", " ", "😀", "nghị", "quyê\u0301t", ".", "a", "𠮷", "5"])
TEXTS = st.lists(WORDS, max_size=8).map("".join)
KEYS = st.text(string.digits[1:] + string.ascii_letters, min_size=1, max_size=3)


@st.composite
def provisions(draw: st.DrawFn, id_: str) -> Provision:
    text = draw(TEXTS)
    spans = st.tuples(st.sampled_from(MarkKind), st.integers(0, len(text)), st.integers(0, len(text)))
    marks = [Mark(kind, CharOffset(a), CharOffset(b)) for kind, a, b in draw(st.lists(spans, max_size=3))]
    return Provision(
        ProvisionId(id_), draw(st.sampled_from(Kind)), text, draw(st.none() | st.sampled_from(["5a", "II"])),
        joined_marks(marks), tuple(draw(st.lists(TEXTS, max_size=3))),
        draw(st.none() | st.just(ProvisionId("x"))), draw(KEYS),
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> Document:
    ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6))
    made = [draw(provisions(id_)) for id_ in ids]
    front = FrontMatter(title=draw(TEXTS), bases=tuple(draw(st.lists(TEXTS, max_size=2))))
    reasons = draw(
        st.dictionaries(st.sampled_from("abcdefgh").map(ProvisionId), TEXTS.filter(bool), max_size=3)
    )
    return Document(
        tuple(sorted(made, key=lambda one: (one.order, one.id))), front,
        draw(st.sampled_from(NumberingPolicy)), MappingProxyType(reasons),
    )  # fmt: skip


def live(document: Document) -> Replica:
    replica = Replica()
    replica.apply(seed(document, 5))
    return replica


@given(documents())
def test_a_seed_reads_as_the_document(document: Document) -> None:
    assert live(document).tree() == document


@given(st.lists(documents(), min_size=2, max_size=4))
@settings(max_examples=60)
def test_restoring_gives_the_target_from_wherever_one_is(versions: list[Document]) -> None:
    replica = live(versions[0])
    for target in (*versions[1:], versions[0]):
        update = restore(replica.state(), replica.tree(), target)
        if update is not None:
            assert replica.apply(update).has_effect
        assert replace(replica.tree(), removed=()) == target
        assert restore(replica.state(), replica.tree(), target) is None
        assert Replica.from_rows(replica.state(), []).tree() == replica.tree()


@given(documents(), documents(), st.data())
@settings(max_examples=60)
def test_restoring_one_provision_changes_no_other(
    before: Document, after: Document, data: st.DataObject
) -> None:
    ids = sorted({one.id for one in (*before.provisions, *after.provisions)})
    if not ids:
        return
    id_ = data.draw(st.sampled_from(ids))
    replica = live(before)
    update = restore(replica.state(), replica.tree(), brought_back(replica.tree(), after, [id_]))
    if update is not None:
        replica.apply(update)
    found = {one.id: one for one in replica.tree().provisions}
    assert found.pop(id_, None) == {one.id: one for one in after.provisions}.get(id_)
    assert found == {one.id: one for one in before.provisions if one.id != id_}


@given(documents(), documents(), st.data(), st.booleans())
@settings(max_examples=80)
def test_a_sentence_typed_offline_survives_any_restore(
    before: Document, after: Document, data: st.DataObject, first: bool
) -> None:
    if not before.provisions:
        return
    replica = live(before)
    one = data.draw(st.sampled_from(before.provisions))
    at = data.draw(st.integers(0, len(one.text)))
    colleague: Any = Doc(client_id=4242)
    colleague.apply_update(replica.state())
    known = colleague.get_state()
    colleague.get("provisions", type=Map)[one.id]["text"].insert(len(one.text[:at].encode()), "<CÂU>")
    sentence = bytes(colleague.get_update(known))
    update = restore(replica.state(), replica.tree(), after) or b"\x00\x00"
    for received in (sentence, update) if first else (update, sentence):
        replica.apply(received)
    tree = replica.tree()
    assert sum(other.text.count("<CÂU>") for other in (*tree.provisions, *tree.removed)) == 1
    assert not replica.pending()


@given(TEXTS, TEXTS)
def test_replacements_give_the_text_wanted(before: str, after: str) -> None:
    found = before
    for change in replacements(before, after):
        found = found[: change.start] + change.words + found[change.end :]
    assert found == after


@given(st.lists(st.integers(-(2**53) + 1, 2**53 - 1)), st.text())
def test_lib0_reads_what_it_writes(numbers: list[int], text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    data = b"".join(lib0.varint(number) + lib0.uint(abs(number)) for number in numbers) + lib0.string(text)
    reader = lib0.Reader(data)
    for number in numbers:
        assert (reader.varint(), reader.uint()) == (number, abs(number))
    assert reader.string() == text
    reader.finish()


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_update, read_state_vector, wire.parse_message, awareness.decode):
        code = ""
        try:
            read(data)
        except Refusal as refusal:
            code = refusal.code
        assert code == "" or code.endswith(("_malformed", "_too_large"))


@given(documents(), st.data())
@settings(max_examples=80)
def test_a_refused_update_changes_nothing(document: Document, data: st.DataObject) -> None:
    replica = live(document)
    state, tree = replica.state(), replica.tree()
    update = bytearray(state)
    at = data.draw(st.integers(0, len(update) - 1))
    update[at] = data.draw(st.integers(0, 255))
    try:
        replica.apply(bytes(update))
    except Refusal:
        assert (replica.state(), replica.tree(), replica.pending()) == (state, tree, False)
    except ReplicaBroken:
        assert replica.pending()
    else:
        assert not replica.pending()


def test_mutated_updates_never_end_the_process() -> None:
    outcome = run(seed=20, count=6_000)
    assert (outcome.failure, outcome.count) == ("", 6_000)
    assert outcome.passed > 100
    assert {"count", "utf8", "truncated", "update_hole", "parent", "kind"} <= outcome.refused.keys()
