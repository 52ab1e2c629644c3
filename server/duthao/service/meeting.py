"""A meeting decides on the draft, one article at a time: what it decides is in the draft at once.

A decision that changes words is a proposal made and accepted in one step, so it goes the way of every
change (joined with what was typed meanwhile, in the journal, credited to who typed it); whatever was
decided is kept as an opinion of the meeting with its answer, so that it stands in the tables and the
chain from opinion to words holds for it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from anyio import to_thread

from duthao.domain.document import Kind, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import MAX_GIVER, Opinion, Source, checked, checked_line
from duthao.domain.proposals import Act, Wording
from duthao.domain.synthesis.groups import Answer, Change, Group, Stance
from duthao.domain.table import ComparisonTable, TableRow
from duthao.domain.text import clean_line
from duthao.service.access import Access, Permission, document_for
from duthao.service.gathering import Gathering
from duthao.service.ports import Tools
from duthao.service.proposals import Asked, Proposals
from duthao.service.synthesis import Board, Heap
from duthao.store.ports import User


class Does(StrEnum):
    """What a meeting does with a provision."""

    CHANGE = "change"
    KEEP = "keep"
    REMOVE = "remove"  # with all below it
    ADD = "add"  # a new one of its kind behind it and all below it


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the meeting comes to: a row of the comparison with the opinions on it.

    `row` is None for what is on no provision of the draft. `provisions` are those whose words may be
    decided on, as they stand now.
    """

    row: TableRow | None
    heaps: tuple[Heap, ...]
    provisions: tuple[Provision, ...] = ()

    @property
    def decided(self) -> bool:
        return any(_is_decision(heap) for heap in self.heaps)

    @property
    def decisions(self) -> tuple[Heap, ...]:
        return tuple(heap for heap in self.heaps if _is_decision(heap))

    @property
    def opinions(self) -> tuple[Heap, ...]:
        return tuple(heap for heap in self.heaps if not _is_decision(heap))


def _is_decision(heap: Heap) -> bool:
    return heap.opinions[0].source is Source.MEETING and heap.opinions[0].round_id is None


def agenda(table: ComparisonTable, board: Board) -> tuple[Item, ...]:
    """What the meeting goes through, in the draft's order: every row that changed or has opinions, at
    last what is on no provision. Every group of opinions stands in exactly one item.
    """
    known = {one.id: one for one in board.draft.provisions}
    on: dict[str | None, list[int]] = {}
    for n, heap in enumerate(board.heaps):
        for provision in {opinion.provision for opinion in heap.opinions}:
            on.setdefault(provision, []).append(n)
    left = dict(enumerate(board.heaps))
    items = []
    for row in table.rows:
        here = {n for id_ in (*row.after_ids, *row.before_ids) for n in on.get(id_, ()) if n in left}
        if not here and (row.kind == "division" or not _is_changed(row)):
            continue
        heaps = tuple(left.pop(n) for n in sorted(here))
        live = (known.get(ProvisionId(id_)) for id_ in row.after_ids)
        items.append(Item(row, heaps, tuple(one for one in live if one is not None and _has_words(one))))
    return (*items, Item(None, tuple(left.values()))) if left else tuple(items)


def _is_changed(row: TableRow) -> bool:
    return any(run.change != "same" for cell in (*row.before, *row.after) for run in cell.runs)


def _has_words(one: Provision) -> bool:
    return one.kind not in (Kind.TABLE, Kind.ROW)


class Meetings:
    def __init__(self, tools: Tools, proposals: Proposals, gathering: Gathering) -> None:
        self._tools, self._proposals, self._gathering = tools, proposals, gathering

    async def decide(
        self, user: User, document_id: str, provision: str, meeting: str, conclusion: str,
        does: Does, seen: str, wording: str,
    ) -> None:  # fmt: skip
        """What `meeting` decided on a provision: this wording instead of the words `seen`, or as a new
        provision behind it; that it goes; or (also for the same words) that it stays. "" for `provision`:
        on the draft as a whole.

        Raises Refusal: opinion_giver_missing, opinion_empty (nothing was said, and nothing changed but that
        something goes), opinion_too_long, provision_not_found, and as proposals are refused
        (proposal_text_moved: those very words were changed meanwhile).
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        if not checked_line(meeting, "giver", MAX_GIVER):
            raise Refusal("opinion_giver_missing")
        if does is Does.KEEP or (does is Does.CHANGE and clean_line(wording) == clean_line(seen)):
            await self._kept(access, provision, meeting, conclusion)
            return
        asked = Asked(Act.REPLACE, ProvisionId(provision), Wording(wording), Wording(seen))
        if does is not Does.CHANGE:
            draft, _ = await self._tools.rooms.read(access.id)
            here = next((one for one in draft.provisions if one.id == provision), None)
            if here is None:
                raise Refusal("provision_not_found")
            if does is Does.REMOVE and clean_line(here.text) != clean_line(seen):
                raise Refusal("proposal_text_moved")
            gone = Asked(Act.REMOVE, here.id)
            asked = (
                gone if does is Does.REMOVE else replace(asked, act=Act.INSERT, made_on=None, kind=here.kind)
            )
        await self._changed(access, meeting, conclusion, asked)

    async def _kept(self, access: Access, provision: str, meeting: str, conclusion: str) -> None:
        draft, _ = await self._tools.rooms.read(access.id)
        if provision and provision not in {one.id for one in draft.provisions}:
            raise Refusal("provision_not_found")
        opinion = self._opinion(access, self._tools.new_id(), provision or None, meeting, conclusion)
        await self._keep(access, opinion, self._group(access, opinion, Stance.KEPT))

    async def _changed(self, access: Access, meeting: str, conclusion: str, asked: Asked) -> None:
        reason = f"{clean_line(meeting)}: {conclusion}" if conclusion.strip() else clean_line(meeting)
        # Before anything is written: what could not be kept must not be in the draft.
        words = asked.wording.text
        opinion = self._opinion(access, self._tools.new_id(), asked.provision, meeting, conclusion, words)
        made = await self._proposals.propose(access.user, access.id, replace(asked, reason=reason))
        try:
            done = await self._proposals.accept(access.user, access.id, made.id, made.edition)
        except Refusal:
            await self._proposals.withdraw(access.user, access.id, made.id, made.edition)
            raise
        opinion = replace(opinion, id=self._gathering.id_of(done), source_id=done.id)
        group = self._gathering.answered(opinion, done)
        if conclusion.strip() and group.answer is not None:
            group = replace(group, answer=replace(group.answer, text=conclusion.strip()))
        await self._keep(access, opinion, group)

    def _opinion(
        self, access: Access, id_: str, provision: str | None, meeting: str, conclusion: str,
        wording: str = "",
    ) -> Opinion:  # fmt: skip
        return checked(
            Opinion(
                id_, access.id, Source.MEETING, "", None, meeting, None, None, provision, conclusion,
                wording, "", False, self._tools.clock(),
            )
        )  # fmt: skip

    def _group(self, access: Access, opinion: Opinion, stance: Stance) -> Group:
        now = self._tools.clock()
        answer = Answer(stance, opinion.text, access.user.id, now)
        return Group(self._tools.new_id(), access.id, (opinion.id,), now, None, answer)

    async def _keep(self, access: Access, opinion: Opinion, group: Group) -> None:
        def keep(opinions: Sequence[Opinion]) -> None:
            self._tools.store.opinions.add(opinions)
            self._tools.store.syntheses.keep(access.id, Change((group,)))

        await to_thread.run_sync(keep, [opinion])
