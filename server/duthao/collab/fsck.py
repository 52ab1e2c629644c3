"""Whether what is stored is sound: every journal replayed, and all that leans on it held against it.

Nothing is changed. A finding names rows by their seq and never quotes a text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from duthao.collab.ports import Engine, Replica
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import Checkpoint, JournalRow, Seq, Store, Version

PAGE = 2000

Code = Literal[
    "journal_empty", "journal_gap", "journal_end", "journal_row", "journal_hole", "client_owner",
    "checkpoint_hash", "checkpoint_differs", "checkpoint_ahead",
    "version_hash", "version_differs", "version_ahead", "current_missing",
    "proposals_unreadable", "proposal_ahead", "comments_unreadable", "comment_ahead",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it must be; `seq` is where in the journal, 0 for the whole document."""

    code: Code
    seq: Seq
    what: str = ""  # a version's id, or the kind of error: never draft text


@dataclass(frozen=True, slots=True)
class Examined:
    """One document: how much of it was read, and what is wrong with it."""

    document_id: DocumentId
    rows: int
    checkpoints: int
    versions: int
    damages: tuple[Damage, ...]


class _Examination:
    def __init__(
        self, store: Store, engine: Engine, document_id: DocumentId, read_tree: Callable[[bytes], Document]
    ) -> None:
        self._store, self._engine, self._id, self._read_tree = store, engine, document_id, read_tree
        self._damages: list[Damage] = []
        self._owners: dict[int, UserId] = {}

    def _found(self, code: Code, seq: int = 0, what: str = "") -> None:
        self._damages.append(Damage(code, Seq(seq), what))

    def run(self) -> Examined:
        checkpoints, versions = self._checkpoints(), self._versions()
        things: list[Checkpoint | Version] = [*checkpoints, *versions]
        waiting = sorted(things, key=lambda thing: thing.seq)
        replica, last = self._engine.replica(), Seq(0)
        broken = False
        for row in self._rows():
            if row.seq != last + 1:
                self._found("journal_gap", row.seq)
            last = row.seq
            broken = broken or not self._applied(replica, row)
            while waiting and waiting[0].seq <= last:
                thing = waiting.pop(0)
                if not broken:
                    self._hold(thing, replica)
        self._at_the_end(last, replica, broken)
        for thing in waiting:
            ahead: Code = "version_ahead" if isinstance(thing, Version) else "checkpoint_ahead"
            self._found(ahead, thing.seq, thing.id if isinstance(thing, Version) else "")
        self._hold_proposals(last)
        self._hold_comments(last)
        return Examined(self._id, last, len(checkpoints), len(versions), tuple(self._damages))

    def _rows(self) -> Iterator[JournalRow]:
        after = Seq(0)
        while page := self._store.journal.read(self._id, after, None, PAGE):
            yield from page
            after = page[-1].seq

    def _applied(self, replica: Replica, row: JournalRow) -> bool:
        """Whether the replica can go on after this row."""
        for client in row.entry.client_ids:
            self._owners.setdefault(client, row.entry.user_id)
        try:
            replica.apply(row.entry.payload)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the library's panic is no Exception
            self._found("journal_row", row.seq, type(error).__name__)
            return False
        return True

    def _at_the_end(self, last: Seq, replica: Replica, broken: bool) -> None:
        if last == 0:
            self._found("journal_empty")
        elif not broken and replica.pending():
            self._found("journal_hole", last)
        if self._store.journal.end(self._id) != last:
            self._found("journal_end", last)
        owners = dict(self._store.journal.client_owners(self._id))
        for client in sorted(owners.keys() | self._owners.keys()):
            if owners.get(client) != self._owners.get(client):
                self._found("client_owner", 0, str(client))

    def _checkpoints(self) -> list[Checkpoint]:
        found: list[Checkpoint] = []
        upto: Seq | None = None
        while (checkpoint := self._store.journal.checkpoint(self._id, upto)) is not None:
            found.append(checkpoint)
            upto = Seq(checkpoint.seq - 1)
        return found

    def _versions(self) -> list[Version]:
        listed = self._store.versions.for_document(self._id)
        record = self._store.documents.get(self._id)
        current = record.current_version if record is not None else None
        if current is not None and current not in {version.id for version in listed}:
            self._found("current_missing", 0, current)
        return [whole for one in listed if (whole := self._store.versions.get(one.id)) is not None]

    def _hold(self, thing: Checkpoint | Version, replica: Replica) -> None:
        if isinstance(thing, Version):
            self._hold_version(thing, replica)
        elif hashlib.sha256(thing.state).hexdigest() != thing.sha256:
            self._found("checkpoint_hash", thing.seq)
        else:
            copy = self._engine.replica()
            try:
                copy.apply(thing.state)
                same = (
                    not copy.pending() and copy.clocks() == replica.clocks() and copy.tree() == replica.tree()
                )
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:
                same = False
            if not same:
                self._found("checkpoint_differs", thing.seq)

    def _hold_version(self, version: Version, replica: Replica) -> None:
        if hashlib.sha256(version.tree).hexdigest() != version.sha256:
            self._found("version_hash", version.seq, version.id)
            return
        try:
            tree = self._read_tree(version.tree)
        except (Refusal, ValueError):
            self._found("version_hash", version.seq, version.id)
            return
        if _read(tree) != _read(replica.tree()):
            self._found("version_differs", version.seq, version.id)

    def _hold_proposals(self, last: Seq) -> None:
        try:
            for one in self._store.proposals.for_document(self._id):
                if one.seq is not None and one.seq > last:
                    self._found("proposal_ahead", one.seq, one.id)
        except (ValueError, TypeError):
            self._found("proposals_unreadable")

    def _hold_comments(self, last: Seq) -> None:
        try:
            for one in self._store.comments.threads(self._id):
                if one.seq > last:
                    self._found("comment_ahead", one.seq, one.id)
            self._store.comments.for_document(self._id)
        except (ValueError, TypeError):
            self._found("comments_unreadable")


def _read(document: Document) -> object:
    """What a reader sees of a document: keys of order and what was taken out say nothing to them."""
    provisions = tuple((p.id, p.kind, p.text, p.label, p.marks, p.cells) for p in document.provisions)
    return provisions, document.front, document.policy, dict(document.rationale)


def examine(
    store: Store, engine: Engine, document_id: DocumentId, read_tree: Callable[[bytes], Document]
) -> Examined:
    """Replay a document's journal from its first row and hold checkpoints and versions against it.

    `read_tree` reads a version's frozen tree. Blocks; raises StoreUnavailable only.
    """
    return _Examination(store, engine, document_id, read_tree).run()
