"""The replica: what it takes, what it refuses, and that a refusal changes nothing."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from pycrdt import Doc, Map

from duthao.collab import conformance, replica
from duthao.collab.conformance import EngineUnsound, Vector, assert_engine_is_sound
from duthao.collab.edits import seed
from duthao.collab.lib0 import string, uint
from duthao.collab.replica import Hole, PycrdtEngine, Replica, ReplicaBroken
from duthao.collab.update_reader import MalformedUpdate
from duthao.domain.document import Document, Kind, Provision, ProvisionId, UserId
from duthao.domain.errors import Refusal

ONE = Document((Provision(ProvisionId("p"), Kind.CLAUSE, "một hai ba", order="V"),))


class Writer:
    """Somebody's own replica, edited freely."""

    def __init__(self, state: bytes, client_id: int = 77) -> None:
        self.doc: Any = Doc(client_id=client_id)
        self.doc.apply_update(state)

    @property
    def text(self) -> Any:
        return self.doc.get("provisions", type=Map)["p"]["text"]

    def type(self, words: str) -> bytes:
        before = self.doc.get_state()
        text = self.text
        text += words
        return bytes(self.doc.get_update(before))


@pytest.fixture
def one() -> Replica:
    made = Replica()
    made.apply(seed(ONE, 5))
    return made


def test_an_update_is_applied_and_read(one: Replica) -> None:
    writer = Writer(one.state())
    applied = one.apply(writer.type(" bốn"))
    assert (applied.has_effect, applied.pending, applied.facts.client_ids) == (True, False, (77,))
    assert one.tree().provisions[0].text == "một hai ba bốn"
    assert one.clocks()[77] == 4
    assert not one.pending()


def test_the_tree_is_kept_until_something_has_an_effect(one: Replica) -> None:
    tree = one.tree()
    assert one.tree() is tree
    assert not one.apply(seed(ONE, 5)).has_effect
    assert not one.apply(b"\x00\x00").has_effect
    assert one.tree() is tree
    one.apply(Writer(one.state()).type("!"))
    assert one.tree() is not tree


def test_a_hole_is_refused_before_it_poisons_anything(one: Replica) -> None:
    writer = Writer(one.state())
    first, second = writer.type(" bốn"), writer.type(" năm")
    state, tree = one.state(), one.tree()
    with pytest.raises(Hole) as refused:
        one.apply(second)
    assert (refused.value.code, refused.value.client) == ("update_hole", 77)
    assert (one.state(), one.tree(), one.pending()) == (state, tree, False)
    for update in (first, second):
        one.apply(update)
    assert one.tree().provisions[0].text == "một hai ba bốn năm"


def test_a_hole_in_what_is_deleted_or_leaned_on_is_refused(one: Replica) -> None:
    stranger = Writer(one.state(), 78)
    stranger.type("chưa gửi")
    writer = Writer(bytes(stranger.doc.get_update()))
    with pytest.raises(Hole):
        one.apply(writer.type("!"))
    with pytest.raises(Hole):
        one.apply(b"\x00\x01" + uint(78) + b"\x01\x00\x01")


def test_two_clients_that_wait_for_one_another_break_the_replica(one: Replica) -> None:
    def waiting(client: int, other: int) -> bytes:
        return b"\x01" + uint(client) + b"\x00" + b"\x84" + uint(other) + b"\x00" + string("x")

    with pytest.raises(ReplicaBroken) as broken:
        one.apply(b"\x02" + waiting(90, 91) + waiting(91, 90) + b"\x00")
    assert broken.value.kind == "pending"
    for use in (one.tree, one.state, one.state_vector, lambda: one.apply(b"\x00\x00")):
        with pytest.raises(ReplicaBroken):
            use()
    assert one.pending()


class Panic(BaseException):
    """As the library's own: no Exception."""


def test_a_panic_in_the_library_breaks_the_replica(one: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(_update: bytes) -> None:
        raise Panic

    update = Writer(one.state()).type("!")
    monkeypatch.setattr(one._doc, "apply_update", panics)
    with pytest.raises(ReplicaBroken) as broken:
        one.apply(update)
    assert broken.value.kind == "Panic"


def test_content_in_what_is_no_container_is_refused_before_the_library_fails(one: Replica) -> None:
    inside_a_letter = b"\x01\x01\x5a\x00\x04\x00" + uint(5) + b"\x04" + string("x") + b"\x00"
    with pytest.raises(MalformedUpdate) as refused:
        one.apply(inside_a_letter)
    assert refused.value.reason == "parent"
    assert one.tree() == ONE


def nested_maps(start: int, count: int) -> bytes:
    structs = b""
    for clock in range(start, start + count):
        if clock == 0:
            structs += b"\x27\x01" + string("provisions") + string("a") + b"\x01"
        else:
            structs += b"\x27\x00\x01" + uint(clock - 1) + string("a") + b"\x01"
    return b"\x01" + uint(count) + b"\x01" + uint(start) + structs + b"\x00"


@pytest.mark.parametrize("reloaded", [False, True])
def test_maps_nested_over_many_updates_are_refused(reloaded: bool) -> None:
    """200,000 of them, each update harmless alone, ended the process when the first was deleted."""
    nest = Replica()
    nest.apply(nested_maps(0, 1))
    if reloaded:
        nest = Replica.from_rows(nest.state(), [])
    for update in (nested_maps(1, 1), nested_maps(1, 5_000)):
        with pytest.raises(MalformedUpdate) as refused:
            nest.apply(update)
        assert refused.value.reason == "nesting"


def test_what_is_stored_comes_back_whole(one: Replica) -> None:
    writer = Writer(one.state())
    rows = [writer.type(word) for word in (" bốn", " năm")]
    for row in rows:
        one.apply(row)
    for again in (
        Replica.from_rows(None, [seed(ONE, 5), *rows]),
        Replica.from_rows(one.state(), []),
        Replica.from_rows(one.state(), rows),
    ):
        assert (again.tree(), again.clocks(), again.pending()) == (one.tree(), one.clocks(), False)
        assert not again.apply(rows[0]).has_effect


def test_deletions_are_known_after_a_reload() -> None:
    writer = Writer(seed(ONE, 5))
    before = writer.doc.get_state()
    del writer.text[0:4]
    deletion = bytes(writer.doc.get_update(before))
    again = Replica.from_rows(bytes(writer.doc.get_update()), [])
    assert not again.apply(deletion).has_effect
    assert again.apply(b"\x00\x01\x05\x01" + uint(again.clocks()[5] - 1) + b"\x01").has_effect


def test_rows_with_a_hole_or_damage_are_never_a_partial_document(one: Replica) -> None:
    writer = Writer(one.state())
    rows = [writer.type(word) for word in (" bốn", " năm")]
    for damaged in ([rows[1]], [rows[0][:-1]], [b"\xff"]):
        with pytest.raises(ReplicaBroken):
            Replica.from_rows(one.state(), damaged)
    with pytest.raises(ReplicaBroken):
        Replica.from_rows(b"\x01\x02", [])


def test_the_past_stays_readable(one: Replica) -> None:
    writer = Writer(one.state())
    before = writer.doc.get_state()
    del writer.text[0 : len("một hai ba".encode())]
    one.apply(writer.doc.get_update(before))
    assert one.tree().provisions[0].text == ""
    assert "một hai ba".encode() in one.state()


def test_a_difference_is_what_the_other_lacks(one: Replica) -> None:
    other = Replica()
    other.apply(one.diff(other.state_vector()))
    assert other.tree() == one.tree()
    for vector in (b"", b"\x05\x01", uint(2**28)):
        with pytest.raises(MalformedUpdate) as refused:
            one.diff(vector)
        assert refused.value.code == "state_vector_malformed"


def test_an_old_copy_of_a_document_of_very_many_writers_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "MAX_VECTOR", 3)
    many = Replica()
    many.apply(seed(ONE, 5))
    for client in range(100, 110):
        many.apply(Writer(many.state(), client).type("x"))
    assert many.diff(many.state_vector())


def test_the_engine_gives_rooms_what_they_need(one: Replica) -> None:
    engine = PycrdtEngine()
    writer = Writer(one.state())
    updates = [writer.type(word) for word in (" bốn", " năm")]
    room = engine.replica()
    room.apply(one.state())
    room.apply(engine.merge(updates))
    assert room.tree().provisions[0].text == "một hai ba bốn năm"
    room.apply(room.towards(ONE, UserId("u")))
    assert room.tree() == ONE
    assert engine.read_update(room.towards(ONE, UserId("u"))).empty
    with pytest.raises(Refusal):
        engine.read_update(b"\xff")


def test_a_whole_state_over_the_bound_of_one_message_is_loaded() -> None:
    large = seed(Document((Provision(ProvisionId("p"), Kind.CLAUSE, "chữ " * 300_000, order="V"),)), 5)
    assert len(large) > 2**20
    with pytest.raises(Refusal) as refused:
        Replica().apply(large)
    assert refused.value.code == "update_too_large"
    PycrdtEngine().replica().apply(large)


def test_200_replicas_opened_read_and_dropped_are_gone() -> None:
    gone = []
    for _ in range(200):
        made = Replica()
        made.apply(seed(ONE))
        made.apply(made.towards(Document(), UserId("u")))
        made.tree()
        gone.append((weakref.ref(made), weakref.ref(made._doc)))
    del made
    gc.collect()
    assert [ref() for pair in gone for ref in pair if ref() is not None] == []


def test_the_installed_library_is_sound() -> None:
    assert_engine_is_sound()


def test_a_library_that_reads_otherwise_is_found_out() -> None:
    for vector in conformance.VECTORS:
        wrong = Vector(vector.case, vector.updates, vector.text + "x", vector.cells, vector.any_order)
        with pytest.raises(EngineUnsound) as unsound:
            assert_engine_is_sound([wrong])
        assert unsound.value.case == vector.case
    with pytest.raises(EngineUnsound):
        assert_engine_is_sound([Vector("damaged", ("01ff",), "x")])


def test_text_is_measured_in_the_units_of_the_wire() -> None:
    emoji = Replica()
    emoji.apply(seed(Document((Provision(ProvisionId("p"), Kind.CLAUSE, "😀", order="V"),)), 5))
    before = Writer(emoji.state())
    assert emoji.apply(before.type("ộ😀")).facts.clients == {77: (0, 3)}


def test_what_was_put_into_something_deleted_is_taken_and_shows_nothing() -> None:
    """A colleague's letters reach us with the news that the provision they stand in is gone."""

    def update(kind: bytes, deleted: bytes) -> bytes:
        entry = kind + uint(1) + string("provisions") + string("k")
        letter = b"\x04\x00" + uint(5) + uint(0) + string("x")
        return b"".join(map(uint, (1, 2, 5, 0))) + entry + deleted + letter + b"\x00"

    replica = Replica()
    assert replica.apply(update(b"\x21", uint(1))).has_effect
    assert (replica.clocks(), replica.tree().provisions, replica.pending()) == ({5: 2}, (), False)
    # The same letters in a mere value, which is there and holds nothing.
    with pytest.raises(MalformedUpdate) as refused:
        Replica().apply(update(b"\x28", uint(1) + b"\x7e"))
    assert refused.value.reason == "parent"
