"""A journal that people write in turn, for tests of what it tells afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from duthao.collab.attribution import Attribution, RowsByElement
from duthao.collab.chronicle import Chronicle
from duthao.collab.replica import Replica
from duthao.domain.document import Document, DocumentId, Provision, ProvisionId, UserId
from duthao.store.ports import EpochMillis, JournalEntry, JournalRow, Seq

AN, BINH, CHI = UserId("an"), UserId("binh"), UserId("chi")
DRAFT = DocumentId("draft")


class Desk:
    """A journal that people write in turn: each edit is the document as it reads afterwards."""

    def __init__(self) -> None:
        self.replica = Replica()
        self.rows: list[JournalRow] = []

    def edit(
        self, user: UserId, change: Callable[[Document], Document] | Document, credited: UserId | None = None
    ) -> None:
        goal = change if isinstance(change, Document) else change(self.replica.tree())
        update = self.replica.towards(goal, user)
        self.carry(user, update, credited)

    def carry(self, user: UserId, update: bytes, credited: UserId | None = None) -> None:
        facts = self.replica.apply(update).facts
        seq = Seq(len(self.rows) + 1)
        reason = "proposal" if credited else "edit"
        entry = JournalEntry(
            DRAFT, EpochMillis(1000 * seq), user, "c", facts.client_ids, update, reason, credited
        )
        self.rows.append(JournalRow(seq, entry))

    def at(self, seq: int) -> Document:
        """How it read when the journal ended there, replayed row by row."""
        return Replica.from_rows(None, [row.entry.payload for row in self.rows[:seq]]).tree()

    def late(self, user: UserId, seq: int, goal: Document) -> None:
        """An edit made by somebody who had seen the journal up to `seq` only."""
        behind = Replica.from_rows(None, [row.entry.payload for row in self.rows[:seq]])
        self.carry(user, behind.towards(goal, user))

    def indexed(self) -> RowsByElement:
        rows = RowsByElement()
        rows.extend(self.rows)
        return rows

    def chronicle(self) -> Chronicle:
        return Chronicle(self.replica.state(), self.replica.tree(), Seq(len(self.rows)), self.indexed())

    def credits(self, provision: str) -> list[tuple[str, str, int]]:
        """The words of a provision as (words, person, row)."""
        rows = self.indexed()
        tree = self.replica.tree()
        origins = {p.id: p.origin for p in (*tree.provisions, *tree.removed)}
        found = Attribution(self.replica.state(), rows, origins.get).provision(ProvisionId(provision))
        assert found is not None
        assert [w.start for w in found.written] == [0, *(w.end for w in found.written)][: len(found.written)]
        assert not found.written or found.written[-1].end == len(found.text)
        assert all(w.at == 1000 * w.seq for w in found.written)
        return [(found.text[w.start : w.end], w.user_id, w.seq) for w in found.written]


def written(**texts: str) -> Callable[[Document], Document]:
    def change(document: Document) -> Document:
        return replace(
            document,
            provisions=tuple(
                replace(p, text=texts[p.id]) if p.id in texts else p for p in document.provisions
            ),
        )

    return change


def split(source: str, at: int, new: str) -> Callable[[Document], Document]:
    """The provision cut in two, as the editor does it: the rest becomes a new one that says from where."""

    def change(document: Document) -> Document:
        made: list[Provision] = []
        for p in document.provisions:
            if p.id != source:
                made.append(p)
                continue
            made.append(replace(p, text=p.text[:at]))
            made.append(
                replace(
                    p, id=ProvisionId(new), text=p.text[at:], origin=ProvisionId(source), order=f"{p.order}V"
                )
            )
        return replace(document, provisions=tuple(made))

    return change
