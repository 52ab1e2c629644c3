"""The past of a document: its moments, how it read at any of them, who wrote which words."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from anyio import to_thread

from duthao.collab.attribution import Attribution, Authorship, RowsByElement
from duthao.domain.document import Document, DocumentId, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.service.access import Permission, document_for
from duthao.service.ports import Tools
from duthao.store.ports import EpochMillis, JournalMark, Seq, User

PAUSE = 5 * 60 * 1000
"""Milliseconds without an edit after which somebody's next edit begins a new sitting."""

KEPT = 8
"""Documents whose journal's elements are remembered."""

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Sitting:
    """Edits `first` to `last` of the journal, of one person, without a longer pause."""

    first: Seq
    last: Seq
    user_id: UserId
    begun: EpochMillis
    ended: EpochMillis
    reason: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All sittings from the first, the journal's end, and everybody who appears in them."""

    sittings: tuple[Sitting, ...]
    end: Seq
    people: Mapping[UserId, User]


def sittings(marks: Sequence[JournalMark]) -> tuple[Sitting, ...]:
    """The marks gathered: a new sitting begins with another person, reason, or after `PAUSE`."""
    starts = [0] if marks else []
    starts += [
        place
        for place, (before, now) in enumerate(pairwise(marks), start=1)
        if (before.user_id, before.reason) != (now.user_id, now.reason) or now.at - before.at > PAUSE
    ]
    return tuple(
        Sitting(
            marks[a].seq, marks[b - 1].seq, marks[a].user_id, marks[a].at, marks[b - 1].at, marks[a].reason
        )
        for a, b in pairwise([*starts, len(marks)])
    )


@dataclass(frozen=True, slots=True)
class Authors:
    """A provision's authorship at a place in the journal, with the people it names."""

    authorship: Authorship
    seq: Seq
    people: Mapping[UserId, User]


class History:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._rows: OrderedDict[DocumentId, RowsByElement] = OrderedDict()
        self._turn = asyncio.Lock()

    async def timeline(self, user: User, document_id: str) -> Timeline:
        """Raises as `access.document_for`."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        marks = await to_thread.run_sync(self._tools.store.journal.marks, access.id)
        found = sittings(marks)
        people = await self._people({sitting.user_id for sitting in found})
        return Timeline(found, marks[-1].seq if marks else Seq(0), people)

    async def at(self, user: User, document_id: str, seq: int) -> tuple[Document, Seq]:
        """How the draft read when its journal ended at `seq`. Raises Refusal seq_not_found."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        wanted = await self._known(access.id, seq)
        return await self._tools.rooms.read_at(access.id, wanted), wanted

    async def authors(
        self, user: User, document_id: str, provision_id: str, seq: int | None = None
    ) -> Authors:
        """Who wrote each character of a provision, now or at `seq`.

        Raises Refusal: seq_not_found, provision_not_found.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        wanted = None if seq is None else await self._known(access.id, seq)
        state, document, reached = await self._tools.rooms.state_at(access.id, wanted)
        rows = await self._elements(access.id, reached)
        found = await to_thread.run_sync(self._authorship, state, document, rows, ProvisionId(provision_id))
        if found is None:
            raise Refusal("provision_not_found")
        return Authors(found, reached, await self._people({part.user_id for part in found.written}))

    def _authorship(
        self, state: bytes, document: Document, rows: RowsByElement, provision_id: ProvisionId
    ) -> Authorship | None:
        origins = {p.id: p.origin for p in (*document.provisions, *document.removed)}
        return Attribution(state, rows, origins.get).provision(provision_id)

    async def _known(self, document_id: DocumentId, seq: int) -> Seq:
        end = await to_thread.run_sync(self._tools.store.journal.end, document_id)
        if not 1 <= seq <= end:
            raise Refusal("seq_not_found", last=end)
        return Seq(seq)

    async def _elements(self, document_id: DocumentId, upto: Seq) -> RowsByElement:
        """The rows by element, read once and then only what has come since. One at a time."""
        async with self._turn:
            known = self._rows.setdefault(document_id, RowsByElement())
            self._rows.move_to_end(document_id)
            while len(self._rows) > KEPT:
                self._rows.popitem(last=False)
            while known.end < upto:
                page = await to_thread.run_sync(
                    self._tools.store.journal.read, document_id, known.end, upto, PAGE
                )
                if not page:
                    break
                await to_thread.run_sync(known.extend, page)
            return known

    async def _people(self, ids: set[UserId]) -> dict[UserId, User]:
        def find() -> dict[UserId, User]:
            found = {id_: self._tools.store.users.get(id_) for id_ in ids}
            return {id_: person for id_, person in found.items() if person is not None}

        return await to_thread.run_sync(find)
