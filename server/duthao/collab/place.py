"""How far a replica is in its document's journal when other processes append to it too. Pure.

A replica holds every row up to `seq`, what this process has handed to the journal and not yet
been told of, and perhaps rows of its own beyond a gap of others' that it has not read yet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duthao.store.ports import JournalEntry, JournalRow, Seq

Clocks = Mapping[int, tuple[int, int]]
"""For each CRDT client its first clock and the one after its last, as `UpdateFacts.clients` has them."""


class JournalBroken(Exception):
    """What was read is not the continuation of what this replica holds: load it anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """Rows of our own, and the content they brought."""

    entries: Sequence[JournalEntry]
    content: Sequence[Clocks]


class Place:
    """The bookkeeping of one replica.

    Laws (property tests): `seq` only grows and never passes a row that is not in the replica;
    each row of others is taken exactly once and in order; own rows are never taken.
    """

    __slots__ = ("_ahead", "_sent", "end", "foreign", "seq")

    def __init__(self, seq: Seq) -> None:
        self.seq = self.end = seq
        """Every row up to `seq` is in the replica; the journal is known to reach `end`."""
        self.foreign = 0
        """How many rows of others have been taken."""
        self._sent: deque[Sent] = deque()
        self._ahead: dict[Seq, Sent] = {}

    @property
    def is_behind(self) -> bool:
        """Whether rows are known to be there that the replica lacks."""
        return self.end > self.seq

    @property
    def is_exact(self) -> bool:
        """Whether the replica holds the rows up to `seq` and nothing else."""
        return not self._sent and not self._ahead

    @property
    def has_gap(self) -> bool:
        return bool(self._ahead)

    def heard(self, end: Seq) -> bool:
        """The journal reaches `end`: whether rows are missing here."""
        self.end = max(self.end, end)
        return self.is_behind

    def sends(self, entries: Sequence[JournalEntry], content: Sequence[Clocks]) -> Sent:
        """These, already in the replica, are handed to the journal."""
        sent = Sent(entries, content)
        self._sent.append(sent)
        return sent

    def stored(self, sent: Sent, seqs: Sequence[Seq]) -> None:
        """They have been committed, at these places."""
        self._sent.remove(sent)
        self.end = max(self.end, seqs[-1])
        for seq in seqs:
            if seq == self.seq + 1:
                self.seq = seq
            elif seq > self.seq:
                self._ahead[seq] = sent
        if self._ahead:
            self._pass_own()

    def is_news(self, row: JournalRow) -> bool:
        """Whether this row, read from the journal, is the next one and somebody else's.

        Our own are passed over, those included whose commit we have not been told of yet.
        Raises JournalBroken when rows before it are missing.
        """
        if row.seq <= self.seq:
            return False
        if row.seq != self.seq + 1:
            raise JournalBroken(f"row {row.seq} after {self.seq}")
        self.end = max(self.end, row.seq)
        if any(row.entry == entry for sent in self._sent for entry in sent.entries):
            self._reach(row.seq)
            return False
        return True

    def contradicts(self, content: Clocks) -> bool:
        """Whether a row of others brings content that rows of ours, placed behind it, brought too.

        Then it is not certain that both are the same: by the journal's order theirs is the
        document's, and this replica has ours. It happens when a client has come here with what
        it had sent elsewhere before that was stored, or when two programs use one client id.
        """
        ours = [*self._sent, *self._ahead.values()]
        return any(
            client in theirs and first < theirs[client][1] and theirs[client][0] < end
            for client, (first, end) in content.items()
            for sent in ours
            for theirs in sent.content
        )

    def took(self, row: JournalRow) -> None:
        """The row, which `is_news` said is next, is in the replica now."""
        self.foreign += 1
        self._reach(row.seq)

    def _reach(self, seq: Seq) -> None:
        self.seq = seq
        self._pass_own()

    def _pass_own(self) -> None:
        while self._ahead.pop(Seq(self.seq + 1), None) is not None:
            self.seq = Seq(self.seq + 1)
