"""The review of a draft: what it should be looked at for, and what people have put aside of that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from anyio import to_thread

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.review import KEY_LENGTH, Followed, Review, follow
from duthao.service.access import Permission, document_for
from duthao.service.comparison import Comparisons, Side
from duthao.service.people import people_of
from duthao.service.ports import Tools
from duthao.store.ports import SetAside, User

MAX_SET_ASIDE = 2_000
_KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review of `after`; what was put aside, by the finding's key, and who did."""

    before: Side
    after: Side
    review: Review
    aside: Mapping[str, SetAside]
    people: Mapping[UserId, User]


class Reviews:
    def __init__(self, tools: Tools, comparisons: Comparisons) -> None:
        self._tools, self._comparisons = tools, comparisons

    async def of(
        self, user: User, document_id: str, before: str | None = None, after: str | None = None
    ) -> Reviewed:
        """The live draft against the text in force unless named otherwise.

        Raises Refusal as `Comparisons.compared`.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        left, right, review = await self._comparisons.reviewed(access, before, after)
        aside, people = await to_thread.run_sync(self._aside, access.id)
        return Reviewed(left, right, review, aside, people)

    async def followed(
        self, user: User, document_id: str, before: str | None = None, after: str | None = None
    ) -> tuple[Side, Followed]:
        """The second text, and what became of numbers and references from the first to it. Raises as `of`."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        found = await self._comparisons.compared(access, before, after)
        texts = found.before.document, found.after.document
        return found.after, await to_thread.run_sync(follow, found.comparison, *texts)

    def _aside(self, document_id: DocumentId) -> tuple[dict[str, SetAside], dict[UserId, User]]:
        found = self._tools.store.set_asides.for_document(document_id)
        return {one.finding: one for one in found}, people_of(
            self._tools.store, (one.created_by for one in found)
        )

    async def set_aside(self, user: User, document_id: str, finding: str) -> None:
        """Put a finding aside for everybody. Raises Refusal: field_bad, set_asides_too_many."""
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        if not _KEY.fullmatch(finding):
            raise Refusal("field_bad", field="finding")
        one = SetAside(access.id, finding, user.id, self._tools.clock())
        await to_thread.run_sync(self._keep, one)
        await self._tools.rooms.comparison_changed(access.id)

    def _keep(self, one: SetAside) -> None:
        door = self._tools.store.set_asides
        if len(door.for_document(one.document_id)) >= MAX_SET_ASIDE:
            raise Refusal("set_asides_too_many", most=MAX_SET_ASIDE)
        door.add(one)

    async def take_back(self, user: User, document_id: str, finding: str) -> None:
        """Look at it again. Raises Refusal finding_not_set_aside."""
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        gone = await to_thread.run_sync(self._tools.store.set_asides.remove, access.id, finding[:64])
        if not gone:
            raise Refusal("finding_not_set_aside")
        await self._tools.rooms.comparison_changed(access.id)
