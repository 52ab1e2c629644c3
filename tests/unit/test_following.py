"""Reading what others have stored: page by page, one reading at a time, and an answer to all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from duthao.collab.following import PAGE, SLICE, Follower
from duthao.collab.place import Place
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import EpochMillis, JournalEntry, JournalRow, Seq, StoreUnavailable

DRAFT = DocumentId("draft")


class Journal:
    """A journal that others have written, and the replica that is kept up with it."""

    def __init__(self, rows: int) -> None:
        entry = JournalEntry(DRAFT, EpochMillis(1), UserId("an"), "c", (), b"\x00\x00")
        self.rows = [JournalRow(Seq(n), entry) for n in range(1, rows + 1)]
        self.place = Place(Seq(0))
        self.error: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.readings = 0
        self.taken: list[int] = []
        self.follower = Follower(DRAFT, self.place, self.read, self.take)
        self.close_after = rows + 1

    async def read(self, _document_id: DocumentId, after: Seq) -> Sequence[JournalRow]:
        await self.open.wait()
        await asyncio.sleep(0)
        self.readings += 1
        if self.error is not None:
            raise self.error
        return self.rows[after : after + PAGE]

    def take(self, rows: Sequence[JournalRow]) -> None:
        self.taken.append(len(rows))
        for row in rows:
            self.place.took(row)
        if self.place.seq >= self.close_after:
            self.follower.close()


def test_a_long_journal_is_read_page_by_page_and_taken_in_slices_between_which_others_have_their_turn() -> (
    None
):
    async def scenario() -> None:
        journal, turns = Journal(2 * PAGE + 60), 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        beside = asyncio.create_task(others())
        await journal.follower.catch_up()
        beside.cancel()
        assert journal.place.seq == 2 * PAGE + 60
        assert (journal.readings, max(journal.taken), journal.taken[-1]) == (3, SLICE, 10)
        assert turns > len(journal.taken) - journal.readings

    asyncio.run(scenario())


def test_once_closed_nothing_more_is_taken_though_it_has_been_read() -> None:
    async def scenario() -> None:
        journal = Journal(2 * PAGE)
        journal.close_after = PAGE
        with pytest.raises(StoreUnavailable):
            await journal.follower.catch_up()
        assert sum(journal.taken) == PAGE
        with pytest.raises(StoreUnavailable):
            await journal.follower.catch_up()
        journal.follower.hear(Seq(2 * PAGE))
        await asyncio.sleep(0)
        assert sum(journal.taken) == PAGE

    asyncio.run(scenario())


@pytest.mark.parametrize("error", [StoreUnavailable("away"), ValueError("odd")])
def test_a_reading_that_fails_is_said_to_whoever_waits_and_is_tried_again(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        journal = Journal(3)
        journal.error = error
        with pytest.raises(StoreUnavailable):
            await journal.follower.catch_up()
        # A store that is away says so itself; anything else is an error of ours, and is named.
        assert ("room.reading_failed document=draft kind=ValueError" in caplog.text) is (
            type(error) is ValueError
        )
        journal.error = None
        await journal.follower.catch_up()
        assert journal.place.seq == 3

    asyncio.run(scenario())


def test_one_who_waits_no_longer_takes_the_answer_from_nobody() -> None:
    async def scenario() -> None:
        journal = Journal(3)
        journal.open.clear()
        gone, waiting = (asyncio.create_task(journal.follower.catch_up()) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        journal.open.set()
        await waiting
        assert (gone.cancelled(), journal.place.seq, journal.readings) == (True, 3, 1)

    asyncio.run(scenario())
