"""Readings of the past: the same as a replay row by row, from checkpoints that readers leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from duthao.collab import past as past_module
from duthao.collab.past import Past
from duthao.collab.replica import PycrdtEngine, Replica
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.store.memory import MemoryStore
from duthao.store.ports import Checkpoint, EpochMillis, JournalEntry, Seq, StoreUnavailable
from tests.support.desk import AN, BINH, DRAFT, Desk, split, written
from tests.support.texts import art, cl, doc

ROWS = 23


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.edit(AN, doc(art("Phạm vi", id="d"), cl("Ban Thường vụ họp hằng tháng.", id="k")))
    for n in range(2, ROWS):
        desk.edit(BINH if n % 3 else AN, written(k=f"Ban Thường vụ họp {n} lần hằng tháng."))
    desk.edit(AN, split("k", 14, "k2"))
    return desk


def stored(desk: Desk) -> MemoryStore:
    store = MemoryStore()
    store.journal.append([row.entry for row in desk.rows])
    return store


@pytest.mark.parametrize("joined", [1, 4, 500])
def test_every_moment_reads_as_its_rows_do(joined: int, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_module, "JOINED", joined)
    past = Past(stored(desk), PycrdtEngine(), stride=5)
    for seq in [*range(ROWS, 0, -1), *range(1, ROWS + 1)]:
        assert past.tree(DRAFT, Seq(seq)) == desk.at(seq), seq
        state, tree, reached = past.state(DRAFT, Seq(seq))
        assert (tree, reached) == (desk.at(seq), seq)
        assert PycrdtEngine().load(state).tree() == tree


def rows_read(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The places of all rows of the journal that are read from now on, one after the other."""
    read: list[int] = []
    rows_of = store.journal.read

    def counted(
        document: DocumentId, after: Seq = Seq(0), upto: Seq | None = None, limit: int = 5000
    ) -> object:
        rows = rows_of(document, after, upto, limit)
        read.extend(row.seq for row in rows)
        return rows

    monkeypatch.setattr(store.journal, "read", counted)
    return read


def test_a_walk_leaves_checkpoints_behind_and_the_next_one_starts_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = stored(desk)
    Past(store, PycrdtEngine(), stride=5).tree(DRAFT, Seq(ROWS))
    found = [
        checkpoint.seq for n in range(1, ROWS + 1) if (checkpoint := store.journal.checkpoint(DRAFT, Seq(n)))
    ]
    assert sorted(set(found)) == [5, 10, 15, 20]
    read = rows_read(store, monkeypatch)
    past = Past(store, PycrdtEngine(), stride=5)
    past.tree(DRAFT, Seq(18))
    assert read == [16, 17, 18]
    past.tree(DRAFT, Seq(18))
    assert read == [16, 17, 18]  # remembered
    past.tree(DRAFT, Seq(19))
    assert read == [16, 17, 18, 19]  # from there


def test_many_moments_of_many_documents_are_not_all_remembered(desk: Desk) -> None:
    store = stored(desk)
    past = Past(store, PycrdtEngine(), stride=5)
    for seq in range(1, ROWS + 1):
        past.tree(DRAFT, Seq(seq))
    assert len(past._moments._kept) == past_module.KEPT


def test_a_long_walk_stops_on_its_way_and_leaves_a_checkpoint_only_at_its_strides(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_module, "SHELF_EVERY", 4)
    store = stored(desk)
    past = Past(store, PycrdtEngine(), stride=10)
    assert past.tree(DRAFT, Seq(19)) == desk.at(19)
    last = store.journal.checkpoint(DRAFT)
    assert last is not None
    assert last.seq == 10
    # It stopped at 14 and 18 too: a step back starts there, whatever has become of the rows before.
    read = rows_read(store, monkeypatch)
    assert past.tree(DRAFT, Seq(16)) == desk.at(16)
    assert read == [15, 16]


def test_a_state_that_reads_otherwise_when_it_is_loaded_is_not_left_behind(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    class Forgetful(PycrdtEngine):
        """As if the library lost something on the way through bytes."""

        def past(self, state: bytes | None, updates: Iterable[bytes]) -> Replica:
            updates = list(updates)
            return super().past(state if updates else None, updates)

    store = stored(desk)
    assert Past(store, Forgetful(), stride=5).tree(DRAFT, Seq(ROWS)) == desk.at(ROWS)
    assert store.journal.checkpoint(DRAFT) is None
    assert f"checkpoint.differs document={DRAFT}" in caplog.text


def test_a_store_that_takes_no_checkpoint_does_not_stop_a_reading(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise StoreUnavailable("away")

    store = stored(desk)
    monkeypatch.setattr(store.journal, "save_checkpoint", away)
    assert Past(store, PycrdtEngine(), stride=5).tree(DRAFT, Seq(ROWS)) == desk.at(ROWS)


def test_a_damaged_checkpoint_is_not_read(desk: Desk) -> None:
    store = stored(desk)
    store.journal.save_checkpoint(Checkpoint(DRAFT, Seq(10), b"not a state", "0" * 64))
    assert Past(store, PycrdtEngine(), stride=7).tree(DRAFT, Seq(12)) == desk.at(12)


def test_a_journal_with_a_hole_is_unavailable_never_a_part_of_it(desk: Desk) -> None:
    store = MemoryStore()
    store.journal.append([desk.rows[0].entry, *(row.entry for row in desk.rows[2:])])
    with pytest.raises(StoreUnavailable):
        Past(store, PycrdtEngine(), stride=5).tree(DRAFT, Seq(3))
    bad = replace(desk.rows[0].entry, payload=b"\xff\xff")
    store = MemoryStore()
    store.journal.append([bad])
    with pytest.raises(StoreUnavailable):
        Past(store, PycrdtEngine()).tree(DRAFT, Seq(1))


def test_a_document_without_rows_is_not_there() -> None:
    with pytest.raises(Refusal, match="document_not_found"):
        Past(MemoryStore(), PycrdtEngine()).tree(DRAFT, Seq(1))
    entry = JournalEntry(DocumentId("other"), EpochMillis(1), UserId("u"), "c", (), b"\x00\x00")
    store = MemoryStore()
    store.journal.append([entry])
    assert Past(store, PycrdtEngine()).tree(DocumentId("other"), Seq(1)).provisions == ()
