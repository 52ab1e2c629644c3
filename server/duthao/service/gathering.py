"""Comments and proposals of a document become opinions: gathered by a person, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anyio import to_thread

from duthao.domain.anchors import Spot, Stretch
from duthao.domain.document import CharOffset, ProvisionId
from duthao.domain.opinions import MAX_TEXT, Opinion, Source, checked
from duthao.domain.outline import row_line
from duthao.domain.proposals import Act
from duthao.domain.synthesis.chain import Changed, Link, What, inserted
from duthao.domain.synthesis.groups import Answer, Change, Group, Stance
from duthao.messages import Catalogue
from duthao.service.access import Access, Permission, document_for
from duthao.service.people import people_of
from duthao.service.ports import Tools
from duthao.store.ports import Proposal, ProposalState, User

_STANCES = {
    ProposalState.ACCEPTED: Stance.ADOPTED,
    ProposalState.ADAPTED: Stance.PARTLY,
    ProposalState.DECLINED: Stance.KEPT,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many comments and proposals are no opinions yet; `open_comments`: those nobody resolved."""

    comments: int
    proposals: int
    open_comments: int


class Gathering:
    """`catalogue` is the house's language: a proposal to take a provision out has no words but ours."""

    def __init__(self, tools: Tools, catalogue: Catalogue) -> None:
        self._tools, self._say = tools, catalogue

    async def waiting(self, access: Access) -> Waiting:
        def counted() -> Waiting:
            new = self._new(access)
            comments = {one.source_id for one in new if one.source is Source.COMMENT}
            threads = self._tools.store.comments.threads(access.id)
            return Waiting(
                len(comments),
                sum(one.source is Source.PROPOSAL for one in new),
                sum(one.id in comments and one.resolved_by is None for one in threads),
            )

        return await to_thread.run_sync(counted)

    async def gather(
        self, user: User, document_id: str, *, comments: bool = True, proposals: bool = True
    ) -> int:
        """What is new becomes opinions; how many. Doing it again adds nothing.

        A thread is one opinion, in the words of its first comment when it is gathered. A proposal brings
        its wording and reason; one that was decided has its answer already, and the change it led to.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        wanted = {Source.COMMENT: comments, Source.PROPOSAL: proposals}

        def gathered() -> int:
            store = self._tools.store
            new = [one for one in self._new(access) if wanted[one.source]]
            store.opinions.add(new)
            kept = {id_ for group in store.syntheses.groups(access.id) for id_ in group.opinions}
            decided = {_id(Source.PROPOSAL, one.id): one for one in store.proposals.for_document(access.id)}
            groups = []
            for one in new:
                proposal = decided.get(one.id)
                if proposal is not None and one.id not in kept:
                    group = self._decided(one, proposal)
                    groups += [] if group is None else [group]
            if groups:
                # Somebody who gathered in the same moment has kept them.
                store.syntheses.keep(access.id, Change(tuple(groups)))
            return len(new)

        return await to_thread.run_sync(gathered)

    def _new(self, access: Access) -> Sequence[Opinion]:
        store = self._tools.store
        known = {one.id for one in store.opinions.for_document(access.id, past=True)}
        said: dict[str, str] = {}
        for comment in store.comments.for_document(access.id):
            said.setdefault(comment.thread_id, "" if comment.removed else comment.text)
        threads = [one for one in store.comments.threads(access.id) if said.get(one.id)]
        proposals = [
            one
            for one in store.proposals.for_document(access.id)
            if one.state not in (ProposalState.WITHDRAWN, ProposalState.ACCEPTING)
        ]
        authors = {one.author for one in threads} | {one.author for one in proposals}
        people = people_of(store, authors)
        found = []
        for thread in threads:
            made = thread.anchor.made
            found.append(
                Opinion(
                    _id(Source.COMMENT, thread.id), access.id, Source.COMMENT, thread.id, None,
                    _name(people.get(thread.author)), thread.author, thread.version,
                    None if made is None else made.spot.provision, said[thread.id], "", "", False,
                    thread.created_at,
                )
            )  # fmt: skip
        for one in proposals:
            found.append(
                Opinion(
                    _id(Source.PROPOSAL, one.id), access.id, Source.PROPOSAL, one.id, None,
                    _name(people.get(one.author)), one.author, None, one.what.provision,
                    one.reason or self._say(f"synthesis.proposal.{one.what.act.value}"), _wording(one), "",
                    False, one.created_at,
                )
            )  # fmt: skip
        return [checked(one) for one in found if one.id not in known]

    def id_of(self, proposal: Proposal) -> str:
        """The opinion a proposal becomes."""
        return _id(Source.PROPOSAL, proposal.id)

    def answered(self, opinion: Opinion, accepted: Proposal) -> Group:
        """The group of an opinion that an accepted proposal has answered. ValueError when it was not."""
        group = self._decided(opinion, accepted)
        if group is None:
            raise ValueError("the proposal was not decided")
        return group

    def _decided(self, opinion: Opinion, proposal: Proposal) -> Group | None:
        """The group of a proposal that was decided; None for one that is open, or declined without a word."""
        stance = _STANCES.get(proposal.state)
        if stance is None or proposal.decided_by is None or proposal.decided_at is None:
            return None
        if stance is Stance.KEPT and not proposal.answer:
            return None
        text = proposal.answer or self._say(f"synthesis.proposal.{proposal.state.value}")
        answer = Answer(stance, text, proposal.decided_by, proposal.decided_at)
        link = _link(proposal, self._tools.new_id())
        return Group(
            self._tools.new_id(), opinion.document_id, (opinion.id,), self._tools.clock(), None, answer,
            () if link is None else (link,),
        )  # fmt: skip


def _id(source: Source, source_id: str) -> str:
    """The opinion a comment or a proposal becomes: always the same one."""
    return f"{source.value}:{source_id}"


def _name(person: User | None) -> str:
    return "?" if person is None else person.name


def _wording(proposal: Proposal) -> str:
    words = proposal.what.wording
    return (row_line(words.cells) if words.cells else words.text)[:MAX_TEXT]


def _link(proposal: Proposal, id_: str) -> Link | None:
    """The change an accepted proposal is, by the journal row it came with."""
    if proposal.seq is None or proposal.outcome is None:
        return None
    what, base = proposal.what, proposal.what.base[0]
    before = "" if what.act is Act.INSERT else (row_line(base.wording.cells) or base.wording.text)
    if what.act is Act.REMOVE:
        change = Changed(base.id, What.REMOVED, proposal.path, before, "")
        return Link(id_, change, proposal.seq - 1, proposal.seq, None)
    id_of = what.new.id if what.new is not None else base.id
    after = row_line(proposal.outcome.cells) if proposal.outcome.cells else proposal.outcome.text
    kind = What.ADDED if what.act is Act.INSERT else What.REWORDED
    made = _brought(id_of, base.wording.parts if kind is What.REWORDED else ("",), proposal)
    change = Changed(id_of, kind, proposal.path, before, after)
    return Link(id_, change, proposal.seq - 1, proposal.seq, made)


def _brought(provision: str, before: Sequence[str], proposal: Proposal) -> Stretch:
    """The words it brought: of a row those of the first cell that differs."""
    assert proposal.outcome is not None
    cells = proposal.outcome.cells
    parts = list(enumerate(cells)) if cells else [(None, proposal.outcome.text)]
    old = before[1:] if cells else before[:1]
    for (cell, text), was in zip(parts, [*old, *[""] * len(parts)], strict=False):
        start, end = inserted(was, text)
        if start < end:
            return Stretch(Spot(ProvisionId(provision), cell), text, CharOffset(start), CharOffset(end))
    cell, text = parts[0]
    return Stretch(Spot(ProvisionId(provision), cell), text, CharOffset(0), CharOffset(len(text)))
