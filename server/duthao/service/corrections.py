"""Pairings of a comparison corrected by hand: kept, honoured by every later comparison, undone one by one.

A comparison whose texts leave no room for one says so (`Comparison.resting`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anyio import to_thread

from duthao.domain.compare import Overrides
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.service.access import Permission, document_for
from duthao.service.people import people_of
from duthao.service.ports import Tools
from duthao.store.ports import Correction, Store, User, Verdict

MAX_ID = 64
MAX_CORRECTIONS = 1_000


def overrides_of(store: Store, document_id: DocumentId) -> Overrides:
    """What the corrections of a document ask of its comparisons. Blocks."""
    found = store.corrections.for_document(document_id)
    return Overrides(
        together=tuple((c.before, c.after) for c in found if c.verdict is Verdict.TOGETHER),
        apart=tuple((c.before, c.after) for c in found if c.verdict is Verdict.APART),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    corrections: Sequence[Correction]
    people: Mapping[UserId, User]


class Corrections:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def list(self, user: User, document_id: str) -> Listed:
        """Oldest first, with the people who made them."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        return await to_thread.run_sync(self._listed, access.id)

    def _listed(self, document_id: DocumentId) -> Listed:
        store = self._tools.store
        found = store.corrections.for_document(document_id)
        return Listed(found, people_of(store, (c.created_by for c in found)))

    async def correct(
        self, user: User, document_id: str, verdict: str, before: str, after: str, *, add: bool = False
    ) -> Correction:
        """Say that two provisions belong together, or that they do not.

        With `add` a provision may belong to several (a split or a merge); without, what was said
        of it before is taken back. Raises Refusal: verdict_unknown, field_bad, corrections_too_many.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        if verdict not in tuple(Verdict):
            raise Refusal("verdict_unknown", verdict=verdict[:40])
        for name, value in (("before", before), ("after", after)):
            if not 0 < len(value) <= MAX_ID:
                raise Refusal("field_bad", field=name)
        correction = Correction(
            self._tools.new_id(), access.id, Verdict(verdict), before, after, user.id, self._tools.clock()
        )
        await to_thread.run_sync(self._keep, correction, add)
        await self._tools.rooms.comparison_changed(access.id)
        return correction

    def _keep(self, correction: Correction, add: bool) -> None:
        door = self._tools.store.corrections
        known = door.for_document(correction.document_id)
        if len(known) >= MAX_CORRECTIONS:
            raise Refusal("corrections_too_many", most=MAX_CORRECTIONS)
        if correction.verdict is Verdict.TOGETHER and not add:
            for other in known:
                tied = other.before == correction.before or other.after == correction.after
                if tied and other.verdict is Verdict.TOGETHER:
                    door.remove(correction.document_id, other.id)
        door.add(correction)

    async def undo(self, user: User, document_id: str, correction_id: str) -> None:
        """Take one back. Raises Refusal correction_not_found."""
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        gone = await to_thread.run_sync(self._tools.store.corrections.remove, access.id, correction_id)
        if not gone:
            raise Refusal("correction_not_found")
        await self._tools.rooms.comparison_changed(access.id)
