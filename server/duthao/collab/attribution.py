"""Who wrote each character of a provision, and when: read from the journal, never from claims.

Every character is an element (client, clock) of the CRDT; the journal row that first carried it
names the person of the authenticated connection and the moment. A provision that was split off
or copied holds new elements for old words, and so does one that another was joined to: words that
came with the provision itself are looked up in the one it came from, words written in the very row
that took another out in that one, so that whoever wrote them keeps the credit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from duthao.collab.items import Character, Elements, texts_of
from duthao.collab.update_reader import STORED_LIMITS, Id, read_update
from duthao.domain.document import CharOffset, ProvisionId, UserId
from duthao.store.ports import EpochMillis, JournalRow, Seq

DEPTH = 16
"""Provisions of provisions looked into: a text copied more often keeps the last copier's name."""

_MAX_ALIGNED = 20_000


@dataclass(frozen=True, slots=True)
class Written:
    """`text[start:end]` was typed by one person in one journal row."""

    start: CharOffset
    end: CharOffset
    seq: Seq
    user_id: UserId
    at: EpochMillis


@dataclass(frozen=True, slots=True)
class Authorship:
    """A provision's text as it reads at a place in the journal, all of it accounted for.

    `written` covers the text from start to end without gaps, neighbours of one row joined.
    """

    text: str
    written: tuple[Written, ...]


@dataclass(slots=True)
class _Rows:
    """For one client: the clock after each row's last element, growing, and the row."""

    ends: list[int] = field(default_factory=list)
    seqs: list[Seq] = field(default_factory=list)


class _Deletions:
    """For one client: ranges of clocks deleted, apart and in order, each with the row that did it first."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []
        self._seqs: list[Seq] = []

    def add(self, first: int, end: int, seq: Seq) -> None:
        while first < end:
            at = bisect_right(self._firsts, first)
            if at and self._ends[at - 1] > first:
                first = self._ends[at - 1]
                continue
            upto = min(end, self._firsts[at]) if at < len(self._firsts) else end
            self._firsts.insert(at, first)
            self._ends.insert(at, upto)
            self._seqs.insert(at, seq)
            first = upto

    def row(self, clock: int) -> Seq | None:
        at = bisect_right(self._firsts, clock) - 1
        return self._seqs[at] if at >= 0 and clock < self._ends[at] else None

    def rows(self, first: int, end: int) -> Iterator[Seq]:
        """The rows that deleted something of these clocks."""
        at = max(bisect_right(self._firsts, first) - 1, 0)
        while at < len(self._firsts) and self._firsts[at] < end:
            if self._ends[at] > first:
                yield self._seqs[at]
            at += 1


class RowsByElement:
    """Which journal row first carried, and which first deleted, an element. Grows with the journal."""

    def __init__(self) -> None:
        self.end = Seq(0)
        self._clients: dict[int, _Rows] = {}
        self._deleted: dict[int, _Deletions] = {}
        self._users: dict[Seq, tuple[UserId, EpochMillis]] = {}

    def extend(self, rows: Iterable[JournalRow]) -> None:
        """Take in the rows that follow, in order."""
        for row in rows:
            if row.seq != self.end + 1:
                raise ValueError("rows come one after another")
            self.end = row.seq
            self._users[row.seq] = (row.entry.credited or row.entry.user_id, row.entry.at)
            facts = read_update(row.entry.payload, STORED_LIMITS)
            for client, first, end in facts.deleted:
                self._deleted.setdefault(client, _Deletions()).add(first, end, row.seq)
            for client, (_, end) in facts.clients.items():
                known = self._clients.setdefault(client, _Rows())
                # A row sent twice carries nothing new the second time.
                if not known.ends or end > known.ends[-1]:
                    known.ends.append(end)
                    known.seqs.append(row.seq)

    def row(self, element: Id) -> Seq | None:
        """The row's seq; None for an element the journal does not know."""
        known = self._clients.get(element[0])
        if known is None:
            return None
        place = bisect_right(known.ends, element[1])
        return known.seqs[place] if place < len(known.seqs) else None

    def deleted_by(self, element: Id) -> Seq | None:
        """The row that first deleted it; None while it stands."""
        known = self._deleted.get(element[0])
        return None if known is None else known.row(element[1])

    def touching(self, client: int, first: int, end: int) -> Iterator[Seq]:
        """The rows that carried or deleted something of these clocks."""
        carried = self._clients.get(client)
        if carried is not None:
            at = bisect_right(carried.ends, first)
            while at < len(carried.ends):
                yield carried.seqs[at]
                if carried.ends[at] >= end:
                    break
                at += 1
        if client in self._deleted:
            yield from self._deleted[client].rows(first, end)

    def who(self, seq: Seq) -> tuple[UserId, EpochMillis]:
        """Whose words the row brought or took, and when: of a proposal accepted, its author's."""
        return self._users[seq]


Origin = Callable[[ProvisionId], ProvisionId | None]
"""What a provision was split or copied from."""


class Attribution:
    """Authorship in one state of a document. `rows` must reach at least to that state."""

    def __init__(self, state: bytes, rows: RowsByElement, origin: Origin) -> None:
        self._elements = Elements(state)
        self._texts = texts_of(self._elements)
        self._entries = self._elements.keys("provisions")
        self._rows, self._origin = rows, origin
        self._taken_out: dict[Seq, list[ProvisionId]] = {}
        """The provisions that a row took out of the draft."""
        for id_, entry in self._entries.items():
            for element in self._elements.writes(entry, "removed"):
                row = rows.row(element)
                if row is not None:
                    self._taken_out.setdefault(row, []).append(ProvisionId(id_))

    def provision(self, provision_id: ProvisionId) -> Authorship | None:
        """None when there is no such provision."""
        text = self._texts.get(provision_id)
        if text is None:
            return None
        shown = [c for c in self._elements.sequence(text) if c.text and not c.deleted]
        seqs = self._inherited(provision_id, shown, self._seqs(shown), DEPTH)
        return Authorship("".join(c.text for c in shown), tuple(self._written(seqs)))

    def characters(self, provision_id: ProvisionId) -> tuple[Character, ...]:
        """Everything ever typed into it, in order, deleted or not. Empty when there is no such provision."""
        text = self._texts.get(provision_id)
        return () if text is None else tuple(c for c in self._elements.sequence(text) if c.text)

    def first_rows(self, provision_id: ProvisionId, characters: Sequence[Character]) -> list[Seq]:
        """For each of its characters the row it was first written in, there or where it came from."""
        return self._inherited(provision_id, characters, self._seqs(characters), DEPTH)

    def settings(self, provision_id: ProvisionId) -> Iterator[Seq]:
        """The rows that made, moved, removed or brought back it, or changed what it is."""
        entry = self._entries.get(provision_id)
        if entry is None:
            return
        for key in ("kind", "order", "label", "removed"):
            for element in self._elements.writes(entry, key):
                yield self._rows.row(element) or Seq(0)
                # Only what was brought back is set to nothing; other values are overwritten.
                if key == "removed":
                    yield self._rows.deleted_by(element) or Seq(0)

    def contents(self) -> Iterator[tuple[int, int, int, str]]:
        """(client, first clock, end, provision) of all that lies in a provision or is its reason."""
        yield from self._elements.entries("provisions")
        yield from self._elements.entries("rationale")

    def _seqs(self, characters: Sequence[Character]) -> list[Seq]:
        return [self._rows.row(c.id) or Seq(0) for c in characters]

    def _inherited(
        self, provision_id: ProvisionId, shown: Sequence[Character], seqs: list[Seq], depth: int
    ) -> list[Seq]:
        """The rows with those of the words that came along taken from where they came from."""
        found = list(seqs)
        if not depth:
            return found
        source, entry = self._origin(provision_id), self._entries.get(provision_id)
        if source is not None and entry is not None:
            self._taken_over(found, shown, source, self._rows.row(entry), depth)
        for row in {seq for seq in seqs if seq in self._taken_out}:
            for other in self._taken_out[row]:
                if other not in (provision_id, source):
                    self._taken_over(found, shown, other, row, depth)
        return found

    def _taken_over(
        self, seqs: list[Seq], shown: Sequence[Character], source: ProvisionId, made: Seq | None, depth: int
    ) -> None:
        """Give the words written in row `made` the rows they have in `source`, as far as they are there."""
        text = self._texts.get(source)
        came = [place for place, seq in enumerate(seqs) if seq == made]
        if text is None or not came or made is None:
            return
        # What is deleted there now may have stood there then: it was moved here.
        there = [c for c in self._elements.sequence(text) if c.text and self._before(c, made)]
        older = self._inherited(source, there, self._seqs(there), depth - 1)
        for here, old in _aligned("".join(shown[p].text for p in came), "".join(c.text for c in there)):
            seqs[came[here]] = older[old]

    def _before(self, character: Character, seq: Seq) -> bool:
        row = self._rows.row(character.id)
        return row is not None and row < seq

    def _written(self, seqs: Sequence[Seq]) -> Iterable[Written]:
        start = 0
        for end in range(1, len(seqs) + 1):
            if end == len(seqs) or seqs[end] != seqs[start]:
                user, at = self._rows.who(seqs[start]) if seqs[start] else (UserId(""), EpochMillis(0))
                yield Written(CharOffset(start), CharOffset(end), seqs[start], user, at)
                start = end


def _aligned(part: str, whole: str) -> Iterable[tuple[int, int]]:
    """Pairs of places of equal characters: the part as it stands in the whole, or as much of it."""
    at = whole.find(part)
    if at >= 0:
        return zip(range(len(part)), range(at, at + len(part)), strict=True)
    if max(len(part), len(whole)) > _MAX_ALIGNED:
        return ()
    blocks = SequenceMatcher(None, part, whole, autojunk=False).get_matching_blocks()
    # A letter here and there proves nothing; a word does.
    return [(a + k, b + k) for a, b, size in blocks if size >= 4 for k in range(size)]
