"""Which units can be reworded by phrase instructions, and by which.

Equal changes in several units become one instruction where one phrase is right for all of them;
the rest are tried unit by unit. A unit is offered only when its phrases, applied, give its new
words exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from duthao.domain.amend.operations import Part, Place
from duthao.domain.amend.swaps import (
    Change,
    Site,
    Swap,
    Token,
    applied,
    candidates,
    changes,
    count,
    count_words,
    folded,
    joined,
    near_joined,
    tokens,
)
from duthao.domain.amend.units import Address, Unit
from duthao.domain.document import Kind
from duthao.domain.outline import UPPER

MAX_CHANGES = 6
"""Changes in one unit beyond which nobody would follow phrase by phrase."""

MAX_ALONE = 2
"""Phrases of its own a unit may have; more, and the unit is amended."""

SHARED = 3
"""Places from which a phrase counts as one of the whole text."""

MAX_GROUP = 400
"""Places of one phrase instruction."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A swap at a place, made at `shared` places of the whole text."""

    swap: Swap
    place: Place
    shared: int


_INDENT_SIGN = "- "


def pieces(unit: Unit) -> tuple[str, ...]:
    """The unit's own words, its lines and what closes it, signs of indents left out."""
    lines = (
        line.text.removeprefix(_INDENT_SIGN) if line.kind is Kind.INDENT else line.text
        for line in (*unit.lines, *unit.closing)
    )
    return (unit.text, *lines)


@dataclass(frozen=True)
class Pair:
    """One unit in both texts."""

    old: Unit
    new: Unit

    @cached_property
    def before(self) -> tuple[str, ...]:
        return pieces(self.old)

    @cached_property
    def after(self) -> tuple[str, ...]:
        return pieces(self.new)

    @cached_property
    def below(self) -> tuple[tuple[Address, tuple[str, ...]], ...]:
        """Words of the numbered units in it, by their addresses."""
        return tuple((unit.address, pieces(unit)) for unit in self.old.descendants())

    @cached_property
    def below_after(self) -> tuple[str, ...]:
        """Words of the numbered units that will be in it."""
        return tuple(text for unit in self.new.descendants() for text in pieces(unit) if text)

    @cached_property
    def changes(self) -> tuple[tuple[int, Change], ...]:
        """(piece, change) for every change; pieces must be as many on both sides."""
        return tuple(
            (k, change)
            for k, (old, new) in enumerate(zip(self.before, self.after, strict=True))
            if old != new
            for change in changes(old, new)
        )

    def joined_changes(self, common: Callable[[tuple[str, str]], bool]) -> tuple[tuple[int, Change], ...]:
        """The changes, near ones as one phrase unless each of them is `common` in the text."""
        found: list[tuple[int, Change]] = []
        for piece in dict.fromkeys(k for k, _ in self.changes):
            own = [change for k, change in self.changes if k == piece]
            before, after = tokens(self.before[piece]), tokens(self.after[piece])
            joined_up = near_joined(own, before, after)
            keep = len(joined_up) < len(own) and all(common(change_key(before, c)) for c in own)
            found += [(piece, change) for change in (own if keep else joined_up)]
        return tuple(found)

    @cached_property
    def is_comparable(self) -> bool:
        """Whether only words changed: the same lines, none new or gone."""
        shapes = [
            ([line.kind for line in unit.lines], [line.kind for line in unit.closing])
            for unit in (self.old, self.new)
        ]
        return shapes[0] == shapes[1]


@dataclass(frozen=True, slots=True)
class _Member:
    """A change of a pair that is part of a group."""

    pair: int
    piece: int
    site: Site


def change_key(text: Sequence[Token], change: Change) -> tuple[str, str]:
    """What equal changes have in common: the words that go and those that come."""
    return joined(text[change.start : change.end]), joined(change.new)


def _never(_: tuple[str, str]) -> bool:
    return False


class _Finder:
    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.pairs = [pair for pair in pairs if pair.is_comparable]
        self.found: dict[int, list[Phrase]] = {}
        self.covered: dict[int, int] = {}
        self.wanted: dict[int, int] = {}
        self._folded: dict[str, str] = {}

    def fold(self, text: str) -> str:
        known = self._folded.get(text)
        if known is None:
            known = self._folded[text] = folded(text)
        return known

    def groups(self) -> Iterator[list[_Member]]:
        """Equal changes together, in the order of the first.

        Two changes near each other are one phrase ("cơ quan, tổ chức … đến hoạt động"), but not
        where each is made in many places and the two together are not.
        """
        single: Counter[tuple[str, str]] = Counter()
        double: Counter[tuple[str, str]] = Counter()
        for pair in self.pairs:
            for piece, change in pair.changes:
                single[change_key(tokens(pair.before[piece]), change)] += 1
            for piece, change in pair.joined_changes(_never):
                double[change_key(tokens(pair.before[piece]), change)] += 1
        found: dict[tuple[str, str], list[_Member]] = {}
        for index, pair in enumerate(self.pairs):
            chosen = pair.joined_changes(_never)
            if any(double[change_key(tokens(pair.before[k]), c)] < SHARED for k, c in chosen):
                chosen = pair.joined_changes(lambda key: single[key] >= SHARED)
            if not 0 < len(chosen) <= MAX_CHANGES:
                continue
            self.wanted[index] = len(chosen)
            for piece, change in chosen:
                text = tokens(pair.before[piece])
                found.setdefault(change_key(text, change), []).append(
                    _Member(index, piece, Site(text, change))
                )
        yield from found.values()

    def solve(self, group: Sequence[_Member]) -> None:
        """One phrase for all members, else one for the members of each unit."""
        if len(group) <= MAX_GROUP and self._together(group):
            return
        by_pair: dict[int, list[_Member]] = {}
        for member in group:
            by_pair.setdefault(member.pair, []).append(member)
        if len(by_pair) > 1:
            for members in by_pair.values():
                self._together(members)
        elif len(group) > 1:
            for member in group:
                self._together([member])

    def _together(self, group: Sequence[_Member]) -> bool:
        by_pair: dict[int, list[_Member]] = {}
        for member in group:
            by_pair.setdefault(member.pair, []).append(member)
        changing = {self.pairs[index].old.address: len(members) for index, members in by_pair.items()}
        for swap in candidates([member.site for member in group]):
            tried = ((index, self._place(members, swap, changing)) for index, members in by_pair.items())
            places = {index: place for index, place in tried if place is not None}
            if len(places) == len(by_pair):
                for index, place in places.items():
                    self.found.setdefault(index, []).append(Phrase(swap, place, len(by_pair)))
                    self.covered[index] = self.covered.get(index, 0) + len(by_pair[index])
                return True
        return False

    def _place(self, members: Sequence[_Member], swap: Swap, changing: Mapping[Address, int]) -> Place | None:
        """The widest honest place in the members' unit whose occurrences are just the members.

        A whole unit may hold others in which all occurrences change too (`changing`: how many in each).
        """
        pair = self.pairs[members[0].pair]
        touched = {member.piece for member in members}
        around = any(address in changing for address, _ in pair.below)
        for part, scope in _scopes(pair, touched, around=around):
            inside = sum(self._count(pair.before[k], swap.old) for k in scope)
            if inside == len(members) and (part is not Part.WHOLE or self._rest_agrees(pair, swap, changing)):
                return Place(pair.old.address, part)
        return None

    def _rest_agrees(self, pair: Pair, swap: Swap, changing: Mapping[Address, int]) -> bool:
        """Whether what stands under a unit has the phrase only where it changes as well."""
        return all(
            sum(self._count(text, swap.old) for text in texts) == changing.get(address, 0)
            for address, texts in pair.below
        ) and not any(self._count(text, swap.old) for text in pair.below_after)

    def _count(self, text: str, phrase: str) -> int:
        """Occurrences under either way of matching, whichever finds more."""
        return max(count_words(self.fold(text), self.fold(phrase)), count(text, phrase))


def _scopes(pair: Pair, touched: set[int], *, around: bool) -> Iterator[tuple[Part, Sequence[int]]]:
    """Parts of a unit that hold the touched pieces, and the pieces each part covers.

    A title is named alone, unless the same changes `around` it, in what stands under it.
    """
    kind, every = pair.old.kind, range(len(pair.before))
    if kind is Kind.ARTICLE and touched == {0} and around:
        yield Part.WHOLE, every
    if kind in UPPER or (kind is Kind.ARTICLE and touched == {0}):
        if touched == {0}:
            yield Part.TITLE, (0,)
        return
    if not pair.old.address:
        return
    if kind is Kind.ARTICLE:
        yield Part.WHOLE, every
        if pair.old.children and len(pair.before) == 2 and 0 not in touched:
            yield Part.LEAD, (1,)
        return
    yield Part.WHOLE, every
    if pair.old.children and len(pair.before) == 1:
        yield Part.LEAD, (0,)


def _is_right(pair: Pair, phrases: Sequence[Phrase]) -> bool:
    """Whether the phrases, in this order and in the other, give the new words."""
    for order in (phrases, phrases[::-1]):
        texts = list(pair.before)
        for phrase in order:
            scope = range(len(texts))
            if phrase.place.part is Part.TITLE:
                scope = range(1)
            elif phrase.place.part is Part.LEAD and pair.old.kind is Kind.ARTICLE:
                scope = range(1, 2)
            for k in scope:
                texts[k] = applied(texts[k], phrase.swap)
        if tuple(texts) != pair.after:
            return False
    return True


def phrases_for(pairs: Sequence[Pair]) -> Mapping[Address, tuple[Phrase, ...]]:
    """For each unit that phrases can reword: its phrases. The rest are left out."""
    finder = _Finder(pairs)
    for group in finder.groups():
        finder.solve(group)
    result: dict[Address, tuple[Phrase, ...]] = {}
    for index, phrases in finder.found.items():
        pair = finder.pairs[index]
        alone = sum(phrase.shared < SHARED for phrase in phrases)
        if finder.covered[index] == finder.wanted[index] and alone <= MAX_ALONE and _is_right(pair, phrases):
            result[pair.old.address] = tuple(phrases)
    return result
