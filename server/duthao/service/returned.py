"""A text that comes back into its document: shown as changes first, then written as one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from anyio import to_thread

from duthao.domain.compare.result import Comparison, Row, RowClass
from duthao.domain.document import Document, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.returned import Choices, Joined, adopted, joined
from duthao.service.access import Access, Permission, document_for
from duthao.service.comparison import Comparisons, Side
from duthao.service.imports import tidy
from duthao.service.ports import Tools
from duthao.service.versions import Versions, checked_name
from duthao.store.ports import Seq, User

REASON = "import"
"""The reason of the journal rows it writes."""

NONE: Choices = MappingProxyType({})

MAX_SHOWN = 500
"""Changes and conflicts shown one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the text was made from: a version, the draft at a place in the journal, or (neither) the
    draft as it is."""

    version: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would become of the draft, which stands at `seq`; `comparison` is from it to that."""

    seq: Seq
    joined: Joined
    comparison: Comparison

    @property
    def changed(self) -> list[Row]:
        return [row for row in self.comparison.rows if row.row_class is not RowClass.UNCHANGED]


@dataclass(frozen=True, slots=True)
class Returned:
    """The row after which the draft reads so, the version kept of it, and where both changed the same."""

    seq: Seq
    version: str
    joined: Joined


class Returns:
    def __init__(self, tools: Tools, versions: Versions, comparisons: Comparisons) -> None:
        self._tools, self._versions, self._comparisons = tools, versions, comparisons

    async def outlook(
        self, user: User, document_id: str, incoming: Document, source: Source, choices: Choices = NONE
    ) -> Outlook:
        """What it would change, `choices` made where both changed the same; saves nothing.

        Raises Refusal: as `access.document_for`, version_not_found, seq_not_found, text_empty,
        text_too_large, busy, comparison_failed.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        now, seq = await self._tools.rooms.read(access.id)
        base, theirs = await self._theirs(access, incoming, source, Side(now, None, seq))
        found = await to_thread.run_sync(joined, base, theirs, now, choices)
        comparison = await self._comparisons.of_texts(
            access, Side(now, None, seq), Side(found.document, None, seq)
        )
        return Outlook(seq, found, comparison)

    async def save(
        self,
        user: User,
        document_id: str,
        incoming: Document,
        source: Source,
        name: str,
        before: str,
        choices: Choices = NONE,
    ) -> Returned:
        """Change the draft so, and keep it as a version called `name`.

        What others wrote since the source stays. What the draft was is kept first, as an automatic
        version called `before`. Raises as `outlook`, and name_missing, name_too_long.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        name, _ = checked_name(name, "")
        now, seq = await self._tools.rooms.read(access.id)
        base, theirs = await self._theirs(access, incoming, source, Side(now, None, seq))
        made: list[Joined] = []

        def revise(now: Document) -> Sequence[tuple[Document, UserId | None]]:
            made[:] = [joined(base, theirs, now, choices)]
            return [(made[0].document, None)]

        await self._versions.keep_now(access, before)
        (row,) = await self._tools.rooms.revise(access.id, revise, user.id, REASON)
        version = await self._versions.save(user, document_id, name)
        return Returned(row, version.id, made[0])

    async def _theirs(
        self, access: Access, incoming: Document, source: Source, now: Side
    ) -> tuple[Document, Document]:
        """The text it was made from, and what came in with its ids."""
        base = await self._base(access, source, now)
        clean = await to_thread.run_sync(tidy, incoming, self._tools.new_id)
        comparison = await self._comparisons.of_texts(access, base, Side(clean, None, base.seq))

        def new_id() -> ProvisionId:
            return ProvisionId(self._tools.new_id())

        theirs = await to_thread.run_sync(adopted, base.document, clean, comparison, new_id)
        return base.document, theirs

    async def _base(self, access: Access, source: Source, now: Side) -> Side:
        if source.version is not None:
            version, document = await self._versions.open(access, source.version)
            return Side(document, version, version.seq)
        if source.seq is None or source.seq == now.seq:
            return now
        if not 1 <= source.seq <= now.seq:
            raise Refusal("seq_not_found", last=now.seq)
        return Side(await self._tools.rooms.read_at(access.id, Seq(source.seq)), None, Seq(source.seq))
