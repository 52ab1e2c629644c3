"""From two texts to operations: the finest ones an honest instrument can say.

Both texts carry the numbers of amending law, so units belong together by number (what belongs
together by content was settled when the target was numbered). For each unit the finest way is
weighed against amending it whole: what is shorter to read wins, and where every part is new or
changed the unit is amended whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from duthao.domain.amend import grids
from duthao.domain.amend.operations import (
    AddRows,
    Amend,
    Append,
    Insert,
    Operation,
    Part,
    Place,
    Repeal,
    Rephrase,
    Script,
)
from duthao.domain.amend.rewording import SHARED, Pair, Phrase, phrases_for
from duthao.domain.amend.swaps import Swap
from duthao.domain.amend.units import REPEATED, Address, Line, Text, Unit, head_lines, same
from duthao.domain.document import Kind
from duthao.domain.numbering import ORDINALS
from duthao.domain.outline import UPPER

SENTENCE = 60
"""Characters an instruction costs beside the words it quotes."""

PHRASE = 40
"""The same for a phrase instruction, its two phrases and its places apart."""

PLACE = 25
"""Characters a place costs in a list of places."""

PHRASE_SHARE = (0.75, 0.6)
"""One phrase of a unit alone, or two, that cost more than this part of amending it give way."""

SHORT = 500
"""Characters of a unit that is quoted for a changed mark at its end."""

WHOLE_SHARE = 0.75
"""Several operations that cost more than this part of amending the unit whole give way to it."""


@dataclass(frozen=True, slots=True)
class Guide:
    """What a proof that failed asks for: units to be amended whole, units without phrases."""

    whole: frozenset[Address] = frozenset()
    no_phrase: frozenset[Address] = frozenset()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Operations and what they cost to read, in characters."""

    operations: tuple[Operation, ...] = ()
    cost: float = 0

    def __add__(self, other: _Plan) -> _Plan:
        return _Plan(self.operations + other.operations, self.cost + other.cost)


NOTHING = _Plan()


def script(before: Text, after: Text, guide: Guide) -> Script:
    """Operations that make `after` of `before`, in the order of `after`; repeals where they stood."""
    return _Writer(before, after, guide).write()


def _alignable(olds: Sequence[Unit], news: Sequence[Unit]) -> bool:
    """Whether no number comes twice and the shared ones stand in one order."""
    places = {unit.address: at for at, unit in enumerate(olds)}
    if any(REPEATED in unit.number for unit in (*olds, *news)):
        return False
    shared = [places[new.address] for new in news if new.address in places]
    return all(a < b for a, b in pairwise(shared))


@dataclass
class _Writer:
    before: Text
    after: Text
    guide: Guide
    phrases: Mapping[Address, tuple[Phrase, ...]] = field(default_factory=dict)
    unsaid: list[Address] = field(default_factory=list)

    def write(self) -> Script:
        ours = {unit.address: unit for unit in self.before.heads}
        pairs = [
            pair
            for new in self.after.heads
            if (old := ours.get(new.address)) is not None and not same(old, new)
            for pair in self._pairs(old, new)
        ]
        self.phrases = phrases_for([pair for pair in pairs if pair.old.address not in self.guide.no_phrase])
        operations = tuple(self._heads())
        return Script(_merged(operations), tuple(self.unsaid))

    def _pairs(self, old: Unit, new: Unit) -> Iterator[Pair]:
        """Units of one number whose own words differ."""
        if _own_words(old) != _own_words(new):
            yield Pair(old, new)
        known = {child.address: child for child in old.children}
        for child in new.children:
            if child.address in known:
                yield from self._pairs(known[child.address], child)

    # --- divisions and articles -----------------------------------------------------------

    def _heads(self) -> Iterator[Operation]:
        before, after = self.before.heads, self.after.heads
        if not _alignable(before, after):
            self._give_up(before, after)
            before = tuple(unit for unit in before if unit.address not in self.unsaid)
            after = tuple(unit for unit in after if unit.address not in self.unsaid)
        lone = _lone_appendix(before, after)
        rewritten = self._rewritten(before, after)
        yield from (self._division(unit) for unit in rewritten.values())
        inside = _inside(rewritten)
        old_rest = [unit for unit in before if not inside(unit)]
        new_rest = [unit for unit in after if not inside(unit)]
        # A division amended whole stays a neighbour that new ones are placed by.
        beside = [unit for unit in after if unit.address in rewritten or not inside(unit)]
        if lone is not None:
            unnumbered, first = lone
            yield self._division(first, unnumbered.address)
            old_rest = [unit for unit in old_rest if unnumbered.address not in (unit.address, *unit.above)]
            new_rest = [unit for unit in new_rest if first.address not in unit.above]
            beside = [unit for unit in beside if first.address not in unit.above]
        places = {unit.address: at for at, unit in enumerate(old_rest)}
        for new in new_rest:
            if new.address in places:
                yield from self._head(old_rest[places[new.address]], new)
        known = {*places, *rewritten, *([] if lone is None else [lone[1].address])}
        yield from self._inserted_heads(beside, known)
        yield from self._repealed_heads(old_rest, {unit.address for unit in new_rest})

    def _give_up(self, before: Sequence[Unit], after: Sequence[Unit]) -> None:
        """Units whose number comes twice, or whose order changed: no sentence names them rightly."""
        texts = {unit.address: unit for unit in before}
        places = {unit.address: at for at, unit in enumerate(before)}
        last = -1
        for unit in after:
            at = places.get(unit.address)
            if REPEATED in unit.number or (at is not None and at < last):
                if at is None or at < last or not same(texts[unit.address], unit):
                    self.unsaid.append(unit.address)
                continue
            last = at if at is not None else last
        known = {unit.address for unit in after}
        self.unsaid.extend(
            unit.address for unit in before if REPEATED in unit.number and unit.address not in known
        )

    def _rewritten(self, before: Sequence[Unit], after: Sequence[Unit]) -> dict[Address, Unit]:
        """Divisions to be amended whole: asked for, with words of their own no sentence reaches,
        or with articles from under a heading that is gone."""
        wanted = {address for address in self.guide.whole if address and address[-1][0] in UPPER}
        remaining = {unit.address: unit for unit in after}
        for at, unit in enumerate(before):
            if unit.kind not in UPPER:
                continue
            if unit.address in remaining:
                if self._unit(unit, remaining[unit.address]) is None:
                    wanted.add(unit.address)
                continue
            below = before[at + 1 : at + 1 + _depth(before[at:])]
            for survivor in (remaining[inner.address] for inner in below if inner.address in remaining):
                homes = [outer for outer in survivor.above if outer[-1][0] is unit.kind]
                wanted.update(homes[:1] or survivor.above[-1:])
                if not survivor.above:
                    self.unsaid.append(unit.address)
        wanted &= {unit.address for unit in before}
        kept = {unit.address: unit for unit in after if unit.address in wanted}
        return {
            address: unit for address, unit in kept.items() if not any(outer in kept for outer in unit.above)
        }

    def _division(self, unit: Unit, named: Address | None = None) -> Operation:
        """A division with all that stands in it; `named` when the old text calls it otherwise."""
        at = self.after.heads.index(unit)
        members = self.after.heads[at : at + 1 + _depth(self.after.heads[at:])]
        lines = tuple(line for member in members for line in member.whole)
        return Amend(Place(named or unit.address), lines, unit.index)

    def _head(self, old: Unit, new: Unit) -> Iterator[Operation]:
        plan = self._unit(old, new)
        if plan is not None:
            yield from plan.operations
        else:
            self.unsaid.append(new.address)

    def _inserted_heads(self, news: Sequence[Unit], known: Collection[Address]) -> Iterator[Operation]:
        at = 0
        while at < len(news):
            if news[at].address in known:
                at += 1
                continue
            end = _run_of_new(news, at, known)
            yield from self._insertion(news, at, end, known)
            at = end

    def _insertion(
        self, news: Sequence[Unit], at: int, end: int, known: Collection[Address]
    ) -> Iterator[Operation]:
        """The units `at`..`end`: a run of articles, or a division and what is new at its head."""
        unit, members = news[at], news[at:end]
        found = _anchor(news, at, end, known)
        if found is None or not unit.address:
            self.unsaid.append(unit.address)
            return
        anchor, after, within = found
        named = tuple(m.address for m in members if m.kind is unit.kind and m.above == unit.above)
        lines = tuple(line for member in members for line in member.whole)
        yield Insert(named, anchor, after, within, lines, unit.index)

    def _repealed_heads(self, olds: Sequence[Unit], remaining: set[Address]) -> Iterator[Operation]:
        gone: set[Address] = set()
        for unit in olds:
            if unit.address in remaining:
                continue
            if not any(outer in gone for outer in unit.above):
                if unit.address:
                    yield Repeal(Place(unit.address), unit.index)
                else:
                    self.unsaid.append(unit.address)
            gone.add(unit.address)

    # --- units ----------------------------------------------------------------------------

    def _whole(self, unit: Unit) -> _Plan:
        return _Plan((Amend(Place(unit.address), unit.whole, unit.index),), SENTENCE + unit.size)

    def _unit(self, old: Unit, new: Unit) -> _Plan | None:
        """The way from one unit to the other; None when only the unit around it can be amended."""
        is_division = new.kind in UPPER or not new.address
        if new.address in self.guide.whole and not is_division:
            return self._whole(new)
        if self._stays(old, new):
            return NOTHING
        fine = self._fine(old, new)
        if is_division:
            return fine
        if fine is None:
            return self._whole(new)
        return self._whole(new) if self._is_better_whole(old, new, fine) else fine

    def _stays(self, old: Unit, new: Unit) -> bool:
        """Whether nothing is to be said of a unit: it is the same, and no part of it is asked for."""
        within = len(new.address)
        asked = any(address[:within] == new.address for address in self.guide.whole)
        return same(old, new) and not asked

    def _fine(self, old: Unit, new: Unit) -> _Plan | None:
        own = self._own(old, new)
        children = self._children(old, new) if own is not None else None
        return own + children if own is not None and children is not None else None

    def _is_better_whole(self, old: Unit, new: Unit, fine: _Plan) -> bool:
        operations = fine.operations
        if len(operations) < 2:
            return False
        if fine.cost > WHOLE_SHARE * (SENTENCE + new.size):
            return True
        touched = {
            address
            for operation in operations
            if isinstance(operation, Amend | Insert)
            for address in (operation.units if isinstance(operation, Insert) else (operation.place.address,))
        }
        return len(new.children) > 1 and all(child.address in touched for child in new.children)

    def _own(self, old: Unit, new: Unit) -> _Plan | None:
        """The unit's own words and lines, numbered children apart."""
        if _own_words(old) == _own_words(new):
            return NOTHING
        if not new.address:
            return None
        phrased = self.phrases.get(new.address)
        amended = self._own_amended(old, new)
        if phrased is None:
            return amended
        cost = sum(_phrase_cost(phrase) for phrase in phrased)
        whole = amended.cost if amended is not None else SENTENCE + new.size
        alone = sum(phrase.shared < SHARED for phrase in phrased)
        share = PHRASE_SHARE[alone - 1] if alone else 1.0
        # A title is short and read at a glance: it is given whole.
        titled = (
            alone
            and amended is not None
            and any(isinstance(op, Amend) and op.place.part is Part.TITLE for op in amended.operations)
        )
        if cost > whole * share or titled or (alone and self._only_a_sign(old, new)):
            return amended
        return _Plan(tuple(Rephrase(p.swap, (p.place,), new.index) for p in phrased), cost)

    def _only_a_sign(self, old: Unit, new: Unit) -> bool:
        """Whether only the mark at the end changed, in a unit short enough to be quoted for it."""
        ends = " .;,:"
        bare = old.text.rstrip(ends) == new.text.rstrip(ends) and _own_words(old)[1:] == _own_words(new)[1:]
        return bare and sum(map(len, new.own)) <= SHORT

    def _own_amended(self, old: Unit, new: Unit) -> _Plan | None:
        """The unit's changed parts quoted one by one; None when they are no parts with a name."""
        (bare_old, tables_old), (bare_new, tables_new) = grids.parted(old), grids.parted(new)
        if tables_old != tables_new:
            tables = self._tables(new, tables_old, tables_new)
            if tables is None or _own_words(bare_old) == _own_words(bare_new):
                return tables
            words = self._own_amended(bare_old, bare_new)
            return words + tables if words is not None else None
        if (old.lines, old.closing) == (new.lines, new.closing):
            if new.kind is Kind.ARTICLE or new.kind in UPPER:
                return self._part(new, Part.TITLE, head_lines(new)) if new.text and old.text else None
            if not new.children or not old.children or not new.text or not old.text:
                return None
            return self._part(new, Part.LEAD, head_lines(new))
        return self._passages(old, new)

    def _tables(self, unit: Unit, olds: Sequence[grids.Grid], news: Sequence[grids.Grid]) -> _Plan | None:
        """The changed tables of a unit, row by row where that is shorter; None when one came or went."""
        if len(olds) != len(news):
            return None
        plan = NOTHING
        for nth, (old, new) in enumerate(zip(olds, news, strict=True), 1):
            place = Place(unit.address, Part.TABLE, nth if len(olds) > 1 else 0)
            if old == new:
                continue
            if not grids.is_sayable(old, new, place):
                return None
            found = grids.row_by_row(old, new, place, unit.index)
            whole = _Plan(grids.whole(new, place, unit.index), SENTENCE + sum(map(len, new.lines)))
            fine = _Plan(found, sum(map(_table_cost, found))) if found is not None else whole
            plan += whole if fine.cost > WHOLE_SHARE * whole.cost else fine
        return plan

    def _passages(self, old: Unit, new: Unit) -> _Plan | None:
        """Changed paragraphs by their place, where there are as many as before."""
        ours, theirs = _paragraphs(old), _paragraphs(new)
        others = [
            [line for line in (*unit.lines, *unit.closing) if line.kind is not Kind.PARAGRAPH]
            for unit in (old, new)
        ]
        titled = new.kind is Kind.ARTICLE and old.text != new.text
        if others[0] != others[1] or titled or new.kind in UPPER or len(ours) > len(ORDINALS):
            return None
        if len(ours) != len(theirs) or len(old.lines) != len(new.lines):
            return self._one_passage_more_or_less(new, ours, theirs)
        plan = NOTHING
        for at, (was, now) in enumerate(zip(ours, theirs, strict=True)):
            if was == now:
                continue
            if not was or not now:
                return None
            lead = at == 0 and new.children and (new.kind is not Kind.ARTICLE or new.lines)
            words = head_lines(new) if new.kind is not Kind.ARTICLE and at == 0 else (now,)
            plan += self._part(new, Part.LEAD if lead else Part.PASSAGE, words, 0 if lead else at + 1)
        return plan

    def _one_passage_more_or_less(self, new: Unit, ours: list[str], theirs: list[str]) -> _Plan | None:
        """A paragraph that goes from a list, or comes at its end."""
        if not new.children:
            return None
        if len(theirs) == len(ours) - 1:
            nth = next((k for k, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(theirs))
            if nth and ours[:nth] + ours[nth + 1 :] == theirs:
                gone = Repeal(Place(new.address, Part.PASSAGE, nth + 1), new.index)
                return _Plan((gone,), SENTENCE)
        if len(theirs) == len(ours) + 1 and theirs[:-1] == ours and new.kind is Kind.CLAUSE and new.closing:
            return _Plan((Append(new.address, (theirs[-1],), new.index),), SENTENCE + len(theirs[-1]))
        return None

    def _part(self, unit: Unit, part: Part, lines: tuple[str, ...], nth: int = 0) -> _Plan:
        place = Place(unit.address, part, nth)
        return _Plan((Amend(place, lines, unit.index),), SENTENCE + sum(map(len, lines)))

    def _children(self, old: Unit, new: Unit) -> _Plan | None:
        if not old.children and not new.children:
            return NOTHING
        if not old.children or not new.children or not _alignable(old.children, new.children):
            return None
        known = {child.address: child for child in old.children}
        plan = NOTHING
        quoted = 0
        for child in new.children:
            if child.address in known:
                step = self._unit(known[child.address], child)
                assert step is not None  # only divisions, and what stands under nothing, have no way
                plan += step
                quoted += step.operations == self._whole(child).operations
        # Units amended whole under one parent share a sentence.
        plan = _Plan(plan.operations, plan.cost - max(quoted - 1, 0) * (SENTENCE - PLACE))
        inserted = _inserted_children(new, known)
        if inserted is None:
            return None
        remaining = {child.address for child in new.children}
        gone = [child for child in old.children if child.address not in remaining]
        return (
            plan + inserted + _Plan(tuple(Repeal(Place(c.address), c.index) for c in gone), PLACE * len(gone))
        )


def _own_words(unit: Unit) -> tuple[str, tuple[Line, ...], tuple[Line, ...]]:
    return unit.text, unit.lines, unit.closing


def _paragraphs(unit: Unit) -> list[str]:
    """Its passages as they are counted: its own words first, but for an article's title."""
    own = [] if unit.kind is Kind.ARTICLE else [unit.text]
    return own + [line.text for line in (*unit.lines, *unit.closing) if line.kind is Kind.PARAGRAPH]


def _table_cost(operation: Operation) -> float:
    quoted = operation.lines if isinstance(operation, Amend | AddRows) else ()
    return SENTENCE + sum(map(len, quoted)) if quoted else PLACE


def _phrase_cost(phrase: Phrase) -> float:
    return (PHRASE + len(phrase.swap.old) + len(phrase.swap.new)) / phrase.shared + PLACE


def _inserted_children(new: Unit, known: Mapping[Address, Unit]) -> _Plan | None:
    """Insertions beside surviving neighbours; None when a run has none of its kind."""
    operations: list[Operation] = []
    cost = 0.0
    children = new.children
    at = 0
    while at < len(children):
        if children[at].address in known:
            at += 1
            continue
        end = at
        while (
            end < len(children)
            and children[end].address not in known
            and children[end].kind is children[at].kind
        ):
            end += 1
        before = children[at - 1] if at else None
        after = children[end] if end < len(children) else None
        anchor = before if before is not None and before.address in known else after
        if anchor is None or anchor.address not in known or anchor.kind is not children[at].kind:
            return None
        members = children[at:end]
        lines = tuple(line for member in members for line in member.whole)
        named = tuple(member.address for member in members)
        operations.append(Insert(named, anchor.address, anchor is before, None, lines, members[0].index))
        cost += SENTENCE + sum(map(len, lines))
        at = end
    return _Plan(tuple(operations), cost)


def _lone_appendix(before: Sequence[Unit], after: Sequence[Unit]) -> tuple[Unit, Unit] | None:
    """The appendix without a number that gets one because others join it, in both texts."""
    lone = next((unit for unit in before if unit.step == (Kind.APPENDIX, "")), None)
    numbered = [unit for unit in after if unit.kind is Kind.APPENDIX]
    if lone is None or not numbered or any(unit.step == lone.step for unit in numbered):
        return None
    return lone, numbered[0]


def _depth(heads: Sequence[Unit]) -> int:
    """How many of the heads after the first stand under it."""
    first = heads[0].address
    count = 0
    for unit in heads[1:]:
        if first not in unit.above:
            break
        count += 1
    return count


def _run_of_new(news: Sequence[Unit], at: int, known: Collection[Address]) -> int:
    """Where the new heads end that one sentence inserts: articles of one division; divisions of
    one kind, each with all that is in it; or a division's name with what is new at its head."""
    first = news[at]
    end = at
    while end < len(news) and news[end].address not in known:
        if news[end].kind is not first.kind or news[end].above != first.above:
            break
        below = end + 1 + _depth(news[end:])
        fresh = end + 1
        while fresh < below and news[fresh].address not in known:
            fresh += 1
        if fresh < below:
            return end if end > at else fresh
        end = below
    return end


def _inside(divisions: Mapping[Address, Unit]) -> Callable[[Unit], bool]:
    def inside(unit: Unit) -> bool:
        return unit.address in divisions or any(outer in divisions for outer in unit.above)

    return inside


def _anchor(
    news: Sequence[Unit], at: int, end: int, known: Collection[Address]
) -> tuple[Address, bool, Address | None] | None:
    """(neighbour, after it, division): where the heads `at`..`end` go; None when nothing tells."""
    unit = news[at]
    before = news[at - 1] if at else None
    following = news[end] if end < len(news) else None
    home = unit.above[-1] if unit.above else None
    if unit.kind is not Kind.ARTICLE:
        is_closed = following is None or unit.address not in following.above
        sibling = _sibling_before(news, at, known)
        if is_closed and sibling is not None:
            return sibling, True, None
        if is_closed and following is not None and following.kind is unit.kind and following.address in known:
            return following.address, False, None
        if not is_closed and following is not None and following.address in known:
            return following.address, False, home
        if before is not None and before.kind is Kind.ARTICLE and before.address in known:
            return before.address, True, home
        return None
    if before is not None and before.kind is Kind.ARTICLE and before.address in known:
        alone = following is None or (following.kind is Kind.ARTICLE and following.above == before.above)
        clear = alone and before.above == unit.above
        return before.address, True, None if clear else home
    if following is not None and following.kind is Kind.ARTICLE and following.address in known:
        return following.address, False, home
    return None


def _sibling_before(news: Sequence[Unit], at: int, known: Collection[Address]) -> Address | None:
    """The surviving division of the same kind that ends right before this one."""
    unit = news[at]
    for earlier in range(at - 1, -1, -1):
        other = news[earlier]
        if other.kind is unit.kind and other.above == unit.above:
            whole = earlier + 1 + _depth(news[earlier:]) == at
            return other.address if whole and other.address in known else None
    return None


def _merged(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """One phrase instruction for each swap, its places in the order of the text."""
    places: dict[Swap, list[Place]] = {}
    firsts: dict[Swap, int] = {}
    rest: list[Operation] = []
    for operation in operations:
        if isinstance(operation, Rephrase):
            places.setdefault(operation.swap, []).extend(operation.places)
            firsts.setdefault(operation.swap, operation.at)
        else:
            rest.append(operation)
    merged = (Rephrase(swap, _widest(found), firsts[swap]) for swap, found in places.items())
    return tuple(sorted((*rest, *merged), key=lambda operation: operation.at))


def _widest(places: Sequence[Place]) -> tuple[Place, ...]:
    """The places of one phrase without those that stand in a whole unit among them."""
    whole = {place.address for place in places if place.part is Part.WHOLE}
    return tuple(
        place
        for place in dict.fromkeys(places)
        if not any(place.address[:size] in whole for size in range(1, len(place.address)))
    )
