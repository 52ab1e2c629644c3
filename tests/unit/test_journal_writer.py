"""The journal's writer: order, batches, trouble, and nothing acknowledged early."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from duthao.collab.journal import JournalWriter, WriterLimits
from duthao.domain.document import DocumentId, UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import EpochMillis, JournalEntry, Seq, StoreUnavailable

QUICK = WriterLimits(uneasy=0.05, patience=0.2, farewell=5)


def entry(payload: bytes, document: str = "draft") -> JournalEntry:
    return JournalEntry(DocumentId(document), EpochMillis(1), UserId("an"), "c", (1,), payload)


class FaultyJournal:
    """A journal in memory that can be held, taken away, or made to choke on an entry."""

    def __init__(self) -> None:
        self.inner = MemoryStore().journal
        self.batches: list[int] = []
        self.away = False
        self.poison = b"\x00nothing"
        self.open = threading.Event()
        self.open.set()

    def append(self, entries: Sequence[JournalEntry]) -> list[Seq]:
        self.open.wait(10)
        if self.away:
            raise StoreUnavailable("away")
        if any(entry.payload == self.poison for entry in entries):
            raise ValueError("poison")
        self.batches.append(len(entries))
        return self.inner.append(entries)

    def payloads(self, document: str = "draft") -> list[bytes]:
        return [row.entry.payload for row in self.inner.read(DocumentId(document))]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_an_entry_is_acknowledged_after_its_commit_and_not_before() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.open.clear()
        async with JournalWriter(journal) as writer:
            waiting = asyncio.ensure_future(writer.append(entry(b"a")))
            await asyncio.sleep(0.02)
            assert not waiting.done()
            assert journal.payloads() == []
            journal.open.set()
            assert await waiting == 1
            assert journal.payloads() == [b"a"]

    asyncio.run(scenario())


def test_what_gathers_during_a_commit_shares_the_next_one() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.open.clear()
        async with JournalWriter(journal) as writer:
            first = writer.submit(entry(b"0"))
            await asyncio.sleep(0.02)
            rest = [writer.submit(entry(b"%d" % n)) for n in range(1, 500)]
            journal.open.set()
            assert [await future for future in (first, *rest)] == list(range(1, 501))
        assert journal.batches == [1, 499]
        assert journal.payloads() == [b"%d" % n for n in range(500)]

    asyncio.run(scenario())


def test_batches_are_bounded_in_entries_and_bytes() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.open.clear()
        async with JournalWriter(journal, WriterLimits(batch_entries=4, batch_bytes=100)) as writer:
            futures = [writer.submit(entry(b"x" * size)) for size in (1, 1, 1, 1, 1, 60, 60, 300, 1)]
            journal.open.set()
            await asyncio.gather(*futures)
        assert journal.batches == [4, 2, 1, 1, 1]

    asyncio.run(scenario())


def test_a_store_away_is_told_waited_for_and_recovered_from_in_order() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        told: list[bool] = []
        async with JournalWriter(journal, WriterLimits(patience=30)) as writer:
            writer.on_health = told.append
            await writer.append(entry(b"before"))
            journal.away = True
            futures = [writer.submit(entry(b"%d" % n)) for n in range(5)]
            while writer.healthy:
                await asyncio.sleep(0.01)
            assert not any(future.done() for future in futures)
            journal.away = False
            assert [await future for future in futures] == [2, 3, 4, 5, 6]
            assert writer.healthy
        assert told == [False, True]
        assert journal.payloads() == [b"before", b"0", b"1", b"2", b"3", b"4"]

    asyncio.run(scenario())


def test_after_its_patience_every_waiter_is_refused_and_the_next_entry_is_tried_again() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        async with JournalWriter(journal, QUICK) as writer:
            journal.away = True
            futures = [writer.submit(entry(b"a")), writer.submit(entry(b"b", "other"))]
            answers = await asyncio.gather(*futures, return_exceptions=True)
            assert [type(answer) for answer in answers] == [StoreUnavailable] * 2
            journal.away = False
            assert await writer.append(entry(b"c")) == 1
        assert journal.payloads() == [b"c"]

    asyncio.run(scenario())


def test_a_store_that_does_not_answer_is_told_before_it_fails() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        told: list[bool] = []
        async with JournalWriter(journal, QUICK) as writer:
            writer.on_health = told.append
            journal.open.clear()
            future = writer.submit(entry(b"a"))
            while not told:
                await asyncio.sleep(0.01)
            assert not future.done()
            journal.open.set()
            assert await future == 1
        assert told == [False, True]

    asyncio.run(scenario())


def test_an_entry_no_store_takes_is_given_up_with_those_behind_it_and_no_others() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.poison = b"bad"
        journal.open.clear()
        async with JournalWriter(journal) as writer:
            given = [("draft", b"1"), ("other", b"2"), ("draft", b"bad"), ("other", b"3"), ("draft", b"4")]
            futures = [writer.submit(entry(payload, document)) for document, payload in given]
            journal.open.set()
            answers = await asyncio.gather(*futures, return_exceptions=True)
            assert [a if isinstance(a, int) else type(a) for a in answers] == [
                1, 1, StoreUnavailable, 2, StoreUnavailable,
            ]  # fmt: skip
            assert await writer.append(entry(b"5")) == 2
        assert (journal.payloads(), journal.payloads("other")) == ([b"1", b"5"], [b"2", b"3"])

    asyncio.run(scenario())


def test_a_full_queue_refuses_instead_of_growing() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.open.clear()
        async with JournalWriter(journal, WriterLimits(entries=3, bytes=100)) as writer:
            futures = [writer.submit(entry(b"x" * 50)), writer.submit(entry(b"x" * 40))]
            assert not writer.has_room(20)
            with pytest.raises(StoreUnavailable):
                writer.submit(entry(b"x" * 20))
            futures.append(writer.submit(entry(b"x")))
            with pytest.raises(StoreUnavailable):
                await writer.append(entry(b""))
            journal.open.set()
            assert await asyncio.gather(*futures) == [1, 2, 3]
            assert writer.has_room(100)

    asyncio.run(scenario())


def test_closing_stores_what_is_queued() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        async with JournalWriter(journal) as writer:
            futures = [writer.submit(entry(b"%d" % n)) for n in range(100)]
        assert [future.result() for future in futures] == list(range(1, 101))
        with pytest.raises(StoreUnavailable):
            writer.submit(entry(b"late"))

    asyncio.run(scenario())


def test_closing_while_the_store_is_away_refuses_what_is_queued() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.away = True
        async with JournalWriter(journal, WriterLimits(farewell=0.1)) as writer:
            future = writer.submit(entry(b"a"))
        with pytest.raises(StoreUnavailable):
            await future

    asyncio.run(scenario())


def test_a_waiter_that_gives_up_waiting_does_not_take_its_entry_back() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.open.clear()
        async with JournalWriter(journal) as writer:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(writer.append(entry(b"a")), 0.01)
            journal.open.set()
        assert journal.payloads() == [b"a"]

    asyncio.run(scenario())


def test_one_who_waits_no_longer_is_told_nothing_and_the_entry_is_stored() -> None:
    async def scenario() -> None:
        journal = FaultyJournal()
        journal.open.clear()
        async with JournalWriter(journal) as writer:
            gone, waiting = writer.submit(entry(b"a")), writer.submit(entry(b"b"))
            gone.cancel()
            journal.open.set()
            assert await waiting == 2
            assert gone.cancelled()
            assert journal.payloads() == [b"a", b"b"]

    asyncio.run(scenario())
