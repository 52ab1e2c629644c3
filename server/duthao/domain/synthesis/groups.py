"""Groups of opinions that get one answer, and what a person may do with them.

Every opinion stands in at most one group; one in none is a group of its own that has no answer yet.
A person may cut a long opinion into several, each with its own provision. Whatever is done, the words
given stay as they were given, and no answer is lost: what would lose one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Opinion, Source
from duthao.domain.synthesis.chain import MAX_LINKS, Link
from duthao.domain.text import clean

MAX_ANSWER: Final = 8_000
"""Characters of an answer."""
MAX_PIECES: Final = 50
"""Pieces an opinion may be cut into."""


class Stance(StrEnum):
    """How an opinion is answered. Source: norms A4 and B8, the answers seen there."""

    ADOPTED = "adopted"  # tiếp thu
    PARTLY = "partly"  # tiếp thu một phần
    KEPT = "kept"  # giải trình, giữ nguyên
    ALREADY = "already"  # đã có trong dự thảo
    OUTSIDE = "outside"  # ngoài phạm vi

    @property
    def is_adopted(self) -> bool:
        return self in (Stance.ADOPTED, Stance.PARTLY)


@dataclass(frozen=True, slots=True)
class Answer:
    """`sent_at` is when it was sent to those who gave the opinions, None while they have not got it."""

    stance: Stance
    text: str
    by: UserId
    at: int
    sent_at: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Opinions answered as one, by their ids in the order in which they joined.

    `responsible` is who shall answer. `edition` counts its changes from 1: whoever changes it says which
    they saw; 0: it is not kept yet.
    """

    id: str
    document_id: DocumentId
    opinions: tuple[str, ...]
    created_at: int
    responsible: UserId | None = None
    answer: Answer | None = None
    links: tuple[Link, ...] = ()
    edition: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an opinion that a person cut, or put under another provision.

    The first piece has the id of the `whole`, so that it stays in its group.
    """

    id: str
    whole: str
    text: str
    wording: str
    provision: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be kept, all or nothing: groups in place of the editions they were made of, groups
    given up by id and edition, and for each whole its pieces (none: it is whole again).
    """

    put: tuple[Group, ...] = ()
    gone: tuple[tuple[str, int], ...] = ()
    pieces: Mapping[str, tuple[Piece, ...]] | None = None


@dataclass(frozen=True)
class Synthesis:
    """All of a document's synthesis at one moment. `opinions` are those that stand, oldest first."""

    opinions: tuple[Opinion, ...]
    groups: tuple[Group, ...]
    pieces: tuple[Piece, ...] = ()

    @cached_property
    def items(self) -> tuple[Opinion, ...]:
        """The opinions as they are answered: one that was cut is its pieces."""
        cut: dict[str, list[Piece]] = {}
        for piece in self.pieces:
            cut.setdefault(piece.whole, []).append(piece)
        made: list[Opinion] = []
        for one in self.opinions:
            made += [
                replace(one, id=p.id, text=p.text, wording=p.wording, provision=p.provision)
                for p in cut.get(one.id, ())
            ] or [one]
        return tuple(made)

    @cached_property
    def by_id(self) -> dict[str, Opinion]:
        return {one.id: one for one in self.items}

    @cached_property
    def group_of(self) -> dict[str, Group]:
        """The group of each opinion that stands in one."""
        return {id_: group for group in self.groups for id_ in group.opinions if id_ in self.by_id}

    @cached_property
    def heaps(self) -> tuple[Group, ...]:
        """Every opinion that stands in exactly one group, in the order of the first of each; who stands in
        none is a group of one, of edition 0 and with its own id.
        """
        made: dict[str, Group] = {}
        for one in self.items:
            group = self.group_of.get(one.id)
            if group is None:
                made[one.id] = Group(one.id, one.document_id, (one.id,), one.at)
            elif group.id not in made:
                made[group.id] = replace(
                    group, opinions=tuple(id_ for id_ in group.opinions if id_ in self.by_id)
                )
        return tuple(made.values())

    @property
    def unanswered(self) -> int:
        """Opinions without an answer."""
        return sum(len(heap.opinions) for heap in self.heaps if heap.answer is None)

    def as_sent(self) -> Synthesis:
        """As those see it who do not answer: an answer that was not sent yet is nobody's but the team's
        (norms A4: the working group answers, then it is told), and so are who answers and what it led to.
        What a meeting decided was said before it.
        """

        def shown(group: Group) -> Group:
            if group.answer is None or group.answer.sent_at is not None or self._is_decision(group):
                return group
            return replace(group, answer=None, responsible=None, links=())

        return replace(self, groups=tuple(map(shown, self.groups)))

    def _is_decision(self, group: Group) -> bool:
        given = [self.by_id[id_] for id_ in group.opinions if id_ in self.by_id]
        return bool(given) and all(o.source is Source.MEETING and o.round_id is None for o in given)

    # What is done with it

    def _heap(self, id_: str, seen: int | None = None) -> Group:
        """Raises Refusal: opinion_not_found, opinion_changed."""
        found = next((one for one in self.heaps if one.id == id_), None)
        if found is None:
            raise Refusal("opinion_not_found")
        if seen is not None and found.edition != seen:
            raise Refusal("opinion_changed")
        return found

    def _kept(self, heap: Group) -> Group:
        """The group as it is kept, with opinions in it that stand no more."""
        return next((one for one in self.groups if one.id == heap.id and heap.edition), heap)

    def joined(self, ids: Iterable[str], new_id: Callable[[], str], now: int) -> Change:
        """These groups as one: the first that has an answer, or the first that is kept, takes the rest in.

        Raises Refusal: opinion_not_found; opinions_one (fewer than two); opinions_answered_twice when two
        have answers of their own: a person takes one back first.
        """
        heaps = [self._heap(id_) for id_ in dict.fromkeys(ids)]
        if len(heaps) < 2:
            raise Refusal("opinions_one")
        answered = [one for one in heaps if one.answer is not None]
        if len(answered) > 1:
            raise Refusal("opinions_answered_twice")
        kept = [self._kept(one) for one in heaps]
        target = next((one for one in kept if one.answer), None) or next(
            (one for one in kept if one.edition), replace(heaps[0], id=new_id(), created_at=now)
        )
        others = [one for one in kept if one.id != target.id]
        links = [*target.links, *(link for one in others for link in one.links)]
        if len(links) > MAX_LINKS:
            raise Refusal("links_too_many", most=MAX_LINKS)
        made = replace(
            target,
            opinions=tuple(
                dict.fromkeys((*target.opinions, *(id_ for one in others for id_ in one.opinions)))
            ),
            responsible=target.responsible or next((o.responsible for o in others if o.responsible), None),
            links=tuple(links),
        )
        return Change((made,), tuple((one.id, one.edition) for one in others if one.edition))

    def parted(self, opinion: str) -> Change:
        """This opinion out of its group, without an answer from now on.

        Raises Refusal: opinion_not_found; opinions_one when it is alone there.
        """
        group = self.group_of.get(opinion)
        if group is None:
            raise Refusal("opinion_not_found" if opinion not in self.by_id else "opinions_one")
        if len(self._heap(group.id).opinions) == 1:
            raise Refusal("opinions_one")
        left = tuple(id_ for id_ in group.opinions if id_ != opinion)
        return Change((replace(group, opinions=left),))

    def answered(
        self, id_: str, seen: int, answer: Answer | None, responsible: UserId | None,
        links: Sequence[Link], new_id: Callable[[], str], now: int,
    ) -> Change:  # fmt: skip
        """The group with this answer (None: it has none any more), these links, and who is to answer it.

        Raises Refusal: opinion_not_found, opinion_changed (somebody was quicker), answer_empty for an
        explanation that explains nothing, answer_too_long, links_too_many.
        """
        if len(links) > MAX_LINKS:
            raise Refusal("links_too_many", most=MAX_LINKS)
        heap = self._heap(id_, seen)
        kept = self._kept(heap) if heap.edition else replace(heap, id=new_id(), created_at=now)
        answer = None if answer is None else replace(answer, text=checked_answer(answer))
        return Change((replace(kept, answer=answer, responsible=responsible, links=tuple(links)),))

    def sent(self, now: int) -> tuple[Change, tuple[str, ...]]:
        """Every answer that was not sent yet, sent; and the opinions it is given to."""
        put, given = list[Group](), list[str]()
        for heap in self.heaps:
            if heap.answer is not None and heap.answer.sent_at is None:
                kept = self._kept(heap)
                put.append(replace(kept, answer=replace(heap.answer, sent_at=now)))
                given += heap.opinions
        return Change(tuple(put)), tuple(given)

    def cut(self, opinion: str, texts: Sequence[str], new_id: Callable[[], str]) -> Change:
        """An opinion, or a piece of one, in these pieces.

        Raises Refusal: opinion_not_found; opinion_cut_words when the pieces do not spell it word for word;
        opinion_cut_one for fewer than two pieces, opinion_pieces_too_many.
        """
        one = self._item(opinion)
        texts = [text.strip() for text in texts if text.strip()]
        if len(texts) < 2:
            raise Refusal("opinion_cut_one")
        if [word for text in texts for word in text.split()] != one.text.split():
            raise Refusal("opinion_cut_words")
        whole, before = self._pieces(one)
        made: list[Piece] = []
        for piece in before:
            if piece.id != opinion:
                made.append(piece)
                continue
            made.append(replace(piece, text=texts[0]))
            made += [Piece(new_id(), whole, text, "", piece.provision) for text in texts[1:]]
        if len(made) > MAX_PIECES:
            raise Refusal("opinion_pieces_too_many", most=MAX_PIECES)
        return Change(pieces={whole: tuple(made)})

    def placed(self, opinion: str, provision: str | None) -> Change:
        """An opinion put under this provision. Raises Refusal opinion_not_found."""
        one = self._item(opinion)
        whole, before = self._pieces(one)
        return Change(
            pieces={whole: tuple(replace(p, provision=provision) if p.id == opinion else p for p in before)}
        )

    def whole_again(self, opinion: str) -> Change:
        """An opinion that was cut, or put elsewhere, as it was given.

        Raises Refusal: opinion_not_found; opinion_pieces_answered when a piece other than its first has an
        answer, which would be lost.
        """
        whole, pieces = self._pieces(self._item(opinion))
        rest = [piece.id for piece in pieces if piece.id != whole]
        touched: dict[str, Group] = {}
        for id_ in rest:
            group = self.group_of.get(id_)
            if group is None:
                continue
            if group.answer is not None or group.links:
                raise Refusal("opinion_pieces_answered")
            group = touched.get(group.id, group)
            touched[group.id] = replace(
                group, opinions=tuple(other for other in group.opinions if other != id_)
            )
        return Change(
            tuple(one for one in touched.values() if one.opinions),
            tuple((one.id, one.edition) for one in touched.values() if not one.opinions),
            {whole: ()},
        )

    def _item(self, opinion: str) -> Opinion:
        found = self.by_id.get(opinion)
        if found is None:
            raise Refusal("opinion_not_found")
        return found

    def _pieces(self, one: Opinion) -> tuple[str, tuple[Piece, ...]]:
        """The id of the whole, and its pieces; of an opinion never cut one that is all of it."""
        whole = next((piece.whole for piece in self.pieces if piece.id == one.id), one.id)
        pieces = tuple(piece for piece in self.pieces if piece.whole == whole)
        return whole, pieces or (Piece(one.id, one.id, one.text, one.wording, one.provision),)


def checked_answer(answer: Answer) -> str:
    """An answer's words, fit to be kept.

    Raises Refusal: answer_too_long; answer_empty for one that keeps the draft and gives no reason.
    """
    if len(answer.text) > 2 * MAX_ANSWER:
        raise Refusal("answer_too_long", most=MAX_ANSWER)
    text = clean(answer.text).text.strip()
    if len(text) > MAX_ANSWER:
        raise Refusal("answer_too_long", most=MAX_ANSWER)
    if not text and answer.stance in (Stance.KEPT, Stance.PARTLY, Stance.OUTSIDE):
        raise Refusal("answer_empty")
    return text


def applied(synthesis: Synthesis, change: Change) -> Synthesis:
    """The synthesis after a change, as a store has it: each put is the next edition."""
    gone = {id_ for id_, _ in change.gone}
    put = {one.id: replace(one, edition=one.edition + 1) for one in change.put}
    groups = [put.pop(one.id, one) for one in synthesis.groups if one.id not in gone]
    pieces = tuple(p for p in synthesis.pieces if p.whole not in (change.pieces or {}))
    added = tuple(piece for made in (change.pieces or {}).values() for piece in made)
    return Synthesis(synthesis.opinions, (*groups, *put.values()), (*pieces, *added))
