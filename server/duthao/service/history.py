"""The past of a document: its moments, how it read at any of them, who wrote and changed which words."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

from anyio import to_thread

from duthao.collab.attribution import Attribution, Authorship, RowsByElement
from duthao.collab.chronicle import Chronicle
from duthao.domain.changes import NOBODY, Place, Row, Run, came, credited, places
from duthao.domain.document import Document, DocumentId, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.outline import below
from duthao.service.access import Access, Permission, document_for
from duthao.service.people import people_of
from duthao.service.ports import Tools
from duthao.service.versions import Versions
from duthao.store.ports import EpochMillis, JournalMark, Seq, User, Version

T = TypeVar("T")

PAUSE = 5 * 60 * 1000
"""Milliseconds without an edit after which somebody's next edit begins a new sitting."""

TYPED = "edit"
"""The reason of journal rows that somebody typed."""

SEED = "seed"
"""The reason of the row that made the document."""

STOP = 60 * 1000
"""Milliseconds of writing between two stops of the slider inside a sitting, at least."""

MAX_STOPS = 2000

KEPT = 8
"""Documents whose journal's elements are remembered."""

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Sitting:
    """Edits `first` to `last` of the journal, of one person, without a longer pause.

    `touched`: the provisions whose words or reason it changed; none for the document's making.
    """

    first: Seq
    last: Seq
    user_id: UserId
    begun: EpochMillis
    ended: EpochMillis
    reason: str
    touched: frozenset[ProvisionId] = frozenset()


@dataclass(frozen=True, slots=True)
class Timeline:
    """All sittings from the first, the journal's end, and everybody who appears in them.

    `stops` are the moments a slider stops at, growing, the last row of every sitting among them.
    `now` is the draft today, which names the provisions touched; `versions` newest first.
    """

    sittings: tuple[Sitting, ...]
    stops: tuple[JournalMark, ...]
    end: Seq
    people: Mapping[UserId, User]
    now: Document
    versions: tuple[Version, ...]

    def only(self, person: str | None = None, ids: Collection[ProvisionId] | None = None) -> Timeline:
        """The sittings, and the stops in them, of this person and that touched one of these.

        How a provision read in the beginning belongs to its history, touched or not.
        """
        kept = tuple(
            one
            for one in self.sittings
            if person in (None, one.user_id)
            and (ids is None or one.reason == SEED or not one.touched.isdisjoint(ids))
        )
        lasts = [one.last for one in kept]
        inside = tuple(
            mark
            for mark in self.stops
            if (at := bisect_left(lasts, mark.seq)) < len(kept) and kept[at].first <= mark.seq
        )
        return replace(self, sittings=kept, stops=inside)


def sittings(marks: Sequence[JournalMark]) -> tuple[Sitting, ...]:
    """The marks gathered: a new sitting begins with another person or reason, and after `PAUSE`.

    What the service wrote for somebody (restored, imported) is a sitting of its own.
    """
    starts = [0] if marks else []
    starts += [
        place
        for place, (before, now) in enumerate(pairwise(marks), start=1)
        if (before.user_id, before.reason) != (now.user_id, now.reason)
        or now.reason != TYPED
        or now.at - before.at > PAUSE
    ]
    return tuple(
        Sitting(
            marks[a].seq, marks[b - 1].seq, marks[a].user_id, marks[a].at, marks[b - 1].at, marks[a].reason
        )
        for a, b in pairwise([*starts, len(marks)])
    )


def stops(marks: Sequence[JournalMark], found: Sequence[Sitting]) -> tuple[JournalMark, ...]:
    """Where a slider stops: after every sitting, and inside one every `STOP` of writing.

    Never more than `MAX_STOPS` beside the sittings' ends: the time between them is doubled
    until they are few enough.
    """
    ends = {sitting.last for sitting in found}
    every = STOP
    while True:
        chosen: list[JournalMark] = []
        since = marks[0].at if marks else 0
        for mark in marks:
            if mark.seq in ends or mark.at - since >= every:
                chosen.append(mark)
                since = mark.at
        if len(chosen) <= max(MAX_STOPS, len(ends)):
            return tuple(chosen)
        every *= 2


@dataclass(frozen=True, slots=True)
class Authors:
    """A provision's authorship at a place in the journal, with the people it names."""

    authorship: Authorship
    seq: Seq
    people: Mapping[UserId, User]


@dataclass(frozen=True, slots=True)
class Line:
    """A provision between two moments: its words as runs, and what else became of it.

    In a provision split off, the words that came with it are kept words, not new ones. `by` made,
    moved, removed, brought back or renamed it, when somebody did (else `NOBODY`).
    A row of a table has its cells' runs instead of `runs`, credited to nobody.
    """

    place: Place
    runs: tuple[Run, ...]
    cells: tuple[tuple[Run, ...], ...]
    by: UserId

    @property
    def written(self) -> tuple[Run, ...]:
        """The runs that came or went, in reading order."""
        return tuple(run for runs in (self.runs, *self.cells) for run in runs if run.op != "=")

    def who(self, people: Mapping[UserId, User]) -> list[User]:
        """Those who changed something here, in reading order."""
        ids = dict.fromkeys([*(run.user_id for run in self.written), self.by])
        return [people[id_] for id_ in ids if id_ in people]

    @property
    def changed(self) -> bool:
        place = self.place
        return (
            place.moved
            or place.before is None
            or place.after is None
            or place.before.provision.kind is not place.after.provision.kind
            or bool(self.written)
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """The draft at `seq`, with what changed in it after `since`, when it was `earlier`.

    `times`: when the rows that the lines name were written, and that at `seq`.
    """

    seq: Seq
    since: Seq
    document: Document
    earlier: Document
    lines: tuple[Line, ...]
    times: Mapping[Row, EpochMillis]
    people: Mapping[UserId, User]

    @property
    def at(self) -> EpochMillis:
        """When the row at `seq` was written."""
        return self.times[self.seq]


@dataclass(frozen=True, slots=True)
class _Line:
    """The line of time up to row `end`."""

    end: Seq
    sittings: tuple[Sitting, ...]
    stops: tuple[JournalMark, ...]


@dataclass
class _Known:
    """What is remembered of a document's journal; used by one at a time."""

    rows: RowsByElement = field(default_factory=RowsByElement)
    chronicle: Chronicle | None = None
    line: _Line | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class History:
    def __init__(self, tools: Tools, versions: Versions) -> None:
        self._tools, self._versions = tools, versions
        self._journals: OrderedDict[DocumentId, _Known] = OrderedDict()

    async def timeline(self, user: User, document_id: str) -> Timeline:
        """Raises as `access.document_for`."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        line = await self._line(access)
        now, _ = await self._tools.rooms.read(access.id)
        return Timeline(
            line.sittings,
            line.stops,
            line.end,
            await self._people({sitting.user_id for sitting in line.sittings}),
            now,
            await self._versions.of(access),
        )

    async def _line(self, access: Access) -> _Line:
        """Sittings and stops, gathered anew only when the journal has grown."""
        known = self._journal(access.id)
        end = await to_thread.run_sync(self._tools.store.journal.end, access.id)
        if known.line is not None and known.line.end == end:
            return known.line
        marks = await to_thread.run_sync(self._tools.store.journal.marks, access.id)
        bare = sittings(marks)
        end = marks[-1].seq if marks else Seq(0)
        firsts = [sitting.first for sitting in bare]
        touched = await self._chronicled(access, end, lambda chronicle, _: chronicle.touched(firsts))
        found = tuple(
            one if one.reason == SEED else replace(one, touched=frozenset(ids))
            for one, ids in zip(bare, touched, strict=True)
        )
        known.line = _Line(end, found, await to_thread.run_sync(stops, marks, found))
        return known.line

    async def at(self, user: User, document_id: str, seq: int) -> tuple[Document, Seq]:
        """How the draft read when its journal ended at `seq`. Raises Refusal seq_not_found."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        wanted = await self._known(access.id, seq)
        return await self._tools.rooms.read_at(access.id, wanted), wanted

    async def changes(self, user: User, document_id: str, since: int, seq: int) -> Changes:
        """The draft at `seq` with what changed after `since`, word by word, and by whom.

        Raises Refusal: seq_not_found; since_after when `since` lies behind `seq`.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        wanted, earlier = await self._known(access.id, seq), await self._known(access.id, since)
        if earlier > wanted:
            raise Refusal("since_after", since=since, seq=seq)
        rooms = self._tools.rooms
        # The earlier first: the later is then only what lies between.
        before = await rooms.read_at(access.id, earlier)
        after = before if earlier == wanted else await rooms.read_at(access.id, wanted)

        def told(
            chronicle: Chronicle, rows: RowsByElement
        ) -> tuple[tuple[Line, ...], Mapping[Row, EpochMillis]]:
            found = read_lines(chronicle, rows, (earlier, before), (wanted, after))
            named = {run.row for line in found for run in line.written if run.row} | {wanted}
            return found, {row: rows.who(Seq(row))[1] for row in named}

        lines, times = await self._chronicled(access, wanted, told)
        ids = {line.by for line in lines} | {run.user_id for line in lines for run in line.written}
        people = await self._people(ids - {NOBODY})
        return Changes(wanted, earlier, after, before, lines, times, people)

    async def authors_alone(self, access: Access, since: Seq, seq: Seq) -> Mapping[ProvisionId, str]:
        """Who alone changed a provision after `since`: the name, by the provision's id; of what several
        changed, nobody. Nothing where `since` does not lie before `seq`.
        """
        if since >= seq:
            return {}
        told = await self.changes(access.user, access.id, since, seq)
        found: dict[ProvisionId, str] = {}
        for line in told.lines:
            people = line.who(told.people)
            if line.changed and len(people) == 1:
                found[line.place.entry.provision.id] = people[0].name
        return found

    async def authors(
        self, user: User, document_id: str, provision_id: str, seq: int | None = None
    ) -> Authors:
        """Who wrote each character of a provision, now or at `seq`.

        Raises Refusal: seq_not_found, provision_not_found.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        wanted = None if seq is None else await self._known(access.id, seq)
        state, document, reached = await self._tools.rooms.state_at(access.id, wanted)

        def told(rows: RowsByElement) -> Authorship | None:
            origins = {p.id: p.origin for p in (*document.provisions, *document.removed)}
            return Attribution(state, rows, origins.get).provision(ProvisionId(provision_id))

        found = await self._indexed(access.id, reached, told)
        if found is None:
            raise Refusal("provision_not_found")
        return Authors(found, reached, await self._people({part.user_id for part in found.written}))

    async def restore(
        self, user: User, document_id: str, seq: int, name: str, provision_id: str | None = None
    ) -> Seq:
        """Bring the draft, or one provision with all below it, forward to read as it did at `seq`.

        Whole, what it was is kept first as a version called `name`. Raises Refusal:
        seq_not_found, provision_not_found.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        past = await self._tools.rooms.read_at(access.id, await self._known(access.id, seq))
        if provision_id is None:
            return await self._versions.bring_forward(access, past, name)
        now, _ = await self._tools.rooms.read(access.id)
        ids = below(past, ProvisionId(provision_id)) | below(now, ProvisionId(provision_id))
        if not ids:
            raise Refusal("provision_not_found")
        return await self._tools.rooms.bring_back(access.id, past, ids, user.id)

    async def keep(self, user: User, document_id: str, seq: int, name: str, reason: str = "") -> Version:
        """How the draft read at `seq` as a named version. Raises as `Versions.save`, and seq_not_found."""
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        wanted = await self._known(access.id, seq)
        return await self._versions.keep_past(
            access, await self._tools.rooms.read_at(access.id, wanted), wanted, name, reason
        )

    async def _known(self, document_id: DocumentId, seq: int) -> Seq:
        end = await to_thread.run_sync(self._tools.store.journal.end, document_id)
        if not 1 <= seq <= end:
            raise Refusal("seq_not_found", last=end)
        return Seq(seq)

    async def _indexed(self, document_id: DocumentId, upto: Seq, told: Callable[[RowsByElement], T]) -> T:
        """What is told from the rows by element, up to `upto` at least. One at a time."""
        known = self._journal(document_id)
        async with known.turn:
            await self._extend(document_id, known, upto)
            return await to_thread.run_sync(told, known.rows)

    async def _chronicled(
        self, access: Access, upto: Seq, told: Callable[[Chronicle, RowsByElement], T]
    ) -> T:
        """What is told from the letters of the document, up to `upto` at least. One at a time."""
        known = self._journal(access.id)
        async with known.turn:
            chronicle = known.chronicle
            if chronicle is None or chronicle.end < upto:
                state, document, end = await self._tools.rooms.state_at(access.id)
                await self._extend(access.id, known, end)
                chronicle = await to_thread.run_sync(Chronicle, state, document, end, known.rows)
                known.chronicle = chronicle
            return await to_thread.run_sync(told, chronicle, known.rows)

    def _journal(self, document_id: DocumentId) -> _Known:
        known = self._journals.setdefault(document_id, _Known())
        self._journals.move_to_end(document_id)
        while len(self._journals) > KEPT:
            self._journals.popitem(last=False)
        return known

    async def _extend(self, document_id: DocumentId, known: _Known, upto: Seq) -> None:
        """Read the rows that have come since."""
        while known.rows.end < upto:
            page = await to_thread.run_sync(
                self._tools.store.journal.read, document_id, known.rows.end, upto, PAGE
            )
            if not page:
                break
            await to_thread.run_sync(known.rows.extend, page)

    async def _people(self, ids: set[UserId]) -> dict[UserId, User]:
        return await to_thread.run_sync(people_of, self._tools.store, ids)


def read_lines(
    chronicle: Chronicle, rows: RowsByElement, old: tuple[Seq, Document], new: tuple[Seq, Document]
) -> tuple[Line, ...]:
    """Every provision between two moments, in reading order. The chronicle reaches to the later."""
    (since, before), (seq, after) = old, new
    reading = _Reading(chronicle, rows, since, seq, frozenset(one.id for one in before.removed))
    return tuple(map(reading.line, places(before, after)))


class _Reading:
    """The lines between two moments of one document."""

    def __init__(
        self,
        chronicle: Chronicle,
        rows: RowsByElement,
        since: Seq,
        seq: Seq,
        taken_out: Collection[ProvisionId],
    ) -> None:
        self._chronicle, self._rows, self._since, self._seq = chronicle, rows, since, seq
        self._taken_out = taken_out

    def line(self, place: Place) -> Line:
        old = place.before.provision if place.before else None
        new = place.after.provision if place.after else None
        before, after = old.text if old else "", new.text if new else ""
        id_ = place.entry.provision.id
        settled = old is not None and new is not None and old == new
        cells = () if settled else self._cells(old.cells if old else (), new.cells if new else ())
        if settled:
            runs = (Run("=", after),) if after else ()
            unchanged = tuple((Run("=", cell),) for cell in place.entry.provision.cells)
            return Line(place, runs, unchanged, NOBODY)
        by = self._chronicle.placed_by(id_, self._since, self._seq)
        words = self._words(id_, before, after, by, is_new=old is None)
        return Line(place, words, cells, self._who(by))

    def _words(self, id_: ProvisionId, before: str, after: str, by: Row, *, is_new: bool) -> tuple[Run, ...]:
        was, died, now, born = self._chronicle.words(id_, self._since, self._seq)
        # Words stay in a provision taken out: whoever took it out or brought it back is meant.
        if before and not after:
            return (Run("-", before, self._who(by), by),)
        if after and not before and id_ in self._taken_out:
            return (Run("+", after, self._who(by), by),)
        # Words that a new provision was split off with were there before; in an empty one they were not.
        if is_new and now == after:
            return came(after, born, self._who)
        # Where the letters do not spell what was read, nobody is credited rather than the wrong one.
        if was != before or now != after:
            died, born = [0] * len(before), [0] * len(after)
        return credited(before, after, born, died, self._who)

    def _cells(self, before: Sequence[str], after: Sequence[str]) -> tuple[tuple[Run, ...], ...]:
        size = max(len(before), len(after))
        pairs = zip(_padded(before, size), _padded(after, size), strict=True)
        return tuple(credited(old, new, [0] * len(new), [0] * len(old), self._who) for old, new in pairs)

    def _who(self, row: Row) -> UserId:
        return self._rows.who(Seq(row))[0] if row else NOBODY


def _padded(cells: Sequence[str], size: int) -> list[str]:
    return [*cells, *([""] * (size - len(cells)))]
