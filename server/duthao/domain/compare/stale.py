"""References that a revision left behind: they still say what they said, and it is no longer so.

A reference of the new text is judged by the one of the old text that it was: the two are paired by
the words of the row they stand in, never by what they say alone. "Điều 32" written for what was
"Điều 31" is right, though another "Điều 32" stood in the same provision before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from duthao.domain.compare.renumber import Follower
from duthao.domain.compare.result import Comparison, Row, Unit
from duthao.domain.document import CharOffset, Document, Kind, ProvisionId
from duthao.domain.outline import LEVELS, Entry, Outline, outline
from duthao.domain.references import Index, Phrase, find, own_names

Reason = Literal["renumbered", "moved", "repealed", "dangling"]
"""Why a reference is stale: its target has another number, stands elsewhere, is gone, or was never
there."""


@dataclass(frozen=True, slots=True)
class StaleReference:
    """A reference in the new text that no longer says what it said; `text[start:end]` is the quote.

    `path` is its provision's there. `repaired` is the wording that points to the same unit again;
    None when there is none.
    """

    provision: ProvisionId
    path: str
    start: CharOffset
    end: CharOffset
    quote: str
    repaired: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Place:
    """A reference in one of the texts: the provision's index there, and the phrase in its words.

    `start:end` is where it stands in the words of its row. `says` is what it points to, in the new
    text; None when one of its targets is not there.
    """

    index: int
    phrase: Phrase
    quote: str
    start: int
    says: frozenset[int | None] | None

    @property
    def end(self) -> int:
        return self.start + len(self.quote)


def stale_references(comparison: Comparison, before: Document, after: Document) -> tuple[StaleReference, ...]:
    """References of the new text that still say what they said in the old one, and should not.

    Only wording that stood in the old provision too is judged by where it pointed then; any other
    is the drafter's, and told only when it points to nothing. What was repaired as said here is
    not told again.
    """
    old, new = outline(before), outline(after)
    own = (*own_names(before), *own_names(after))
    ours, theirs = _indices(old), _indices(new)
    follower = Follower(old, new, _partners(comparison, ours, theirs), own)
    found: dict[int, list[StaleReference]] = {}
    for row in comparison.rows:
        befores = [_was(follower, place) for place in _places(follower.before, row.before, ours, own)]
        for place, was in _paired(row, befores, _places(follower.after, row.after, theirs, own)):
            judged = _judged(follower, place, was)
            if judged is not None:
                found.setdefault(place.index, []).append(_told(new.entries[place.index], place, judged))
    return tuple(
        one for index in sorted(found) for one in sorted(found[index], key=lambda reference: reference.start)
    )


def _told(entry: Entry, place: _Place, judged: tuple[str | None, Reason]) -> StaleReference:
    phrase, quote = place.phrase, place.quote
    return StaleReference(entry.provision.id, entry.path, phrase.start, phrase.end, quote, *judged)


def _indices(made: Outline) -> dict[str, int]:
    return {entry.path: n for n, entry in enumerate(made.entries)}


def _partners(comparison: Comparison, ours: dict[str, int], theirs: dict[str, int]) -> dict[int, int]:
    """Before-index → after-index of one-to-one rows, and of the first of a split or merge."""
    found: dict[int, int] = {}
    for row in comparison.rows:
        if row.before and row.after:
            for n, unit in enumerate(row.before):
                found[ours[unit.path]] = theirs[row.after[min(n, len(row.after) - 1)].path]
    return found


def _places(
    text: Index, units: Sequence[Unit], indices: Mapping[str, int], own: tuple[str, ...]
) -> Iterator[_Place]:
    """The internal references of a row's units, each with what it points to in its own text."""
    start = 0
    for unit in units:
        index = indices[unit.path]
        # A table's row has its words in cells, which nobody reads for references.
        for phrase in find(unit.text, own) if unit.kind is not Kind.ROW else ():
            if not phrase.external and phrase.items:
                resolved = text.resolve(phrase, index)
                says = frozenset(resolved.targets) if resolved.complete else None
                yield _Place(index, phrase, unit.text[phrase.start : phrase.end], start + phrase.start, says)
        start += len(unit.text) + 1


def _was(follower: Follower, place: _Place) -> _Place:
    """An old reference with what it would say now; None among its targets: one is gone."""
    says = None if place.says is None else frozenset(follower.new(target) for target in place.says)
    return replace(place, says=says)


def _paired(
    row: Row, befores: Sequence[_Place], afters: Iterable[_Place]
) -> Iterator[tuple[_Place, _Place | None]]:
    """Each reference of a row's new words with the old one it was; None: the drafter wrote it.

    Kept words pair by place. Of the others, one that says what an old one without a partner said
    is its repair, and one with the same words is itself; each old one is taken once.
    """
    places = list(afters)
    kept = _kept(row, befores, places)
    free = _Free(set(befores) - set(kept.values()), befores)
    for place in places:
        if place not in kept:
            yield place, free.saying(place) or free.quoting(place)
    for place, was in kept.items():
        # A comparison may keep words that were another reference's: "Điều 31, Điều 32" put right.
        yield place, (None if place.says == was.says else free.saying(place)) or was


class _Free:
    """Old references without a partner, in their order; each is given once."""

    def __init__(self, free: set[_Place], befores: Sequence[_Place]) -> None:
        self._free = free
        self._by_target: dict[frozenset[int | None] | None, list[_Place]] = {}
        self._by_quote: dict[str, list[_Place]] = {}
        for was in reversed(befores):
            if was in free:
                self._by_target.setdefault(was.says, []).append(was)
                self._by_quote.setdefault(was.quote, []).append(was)

    def saying(self, place: _Place) -> _Place | None:
        return None if place.says is None else self._take(self._by_target.get(place.says, []))

    def quoting(self, place: _Place) -> _Place | None:
        return self._take(self._by_quote.get(place.quote, []))

    def _take(self, found: list[_Place]) -> _Place | None:
        while found:
            was = found.pop()
            if was in self._free:
                self._free.remove(was)
                return was
        return None


def _kept(row: Row, befores: Sequence[_Place], afters: Sequence[_Place]) -> dict[_Place, _Place]:
    """The references whose every word was kept, with what they were."""
    there = {(was.start, was.end): was for was in befores}
    found: dict[_Place, _Place] = {}
    old = new = n = 0
    for sign, words in row.spans:
        end = new + len(words)
        while sign != "-" and n < len(afters) and afters[n].start < end:
            place, by = afters[n], old - new
            was = there.get((place.start + by, place.end + by))
            if sign == "=" and place.start >= new and place.end <= end and was is not None:
                found[place] = was
            n += 1
        old += len(words) if sign != "+" else 0
        new = end if sign != "-" else new
    return found


def _judged(follower: Follower, place: _Place, was: _Place | None) -> tuple[str | None, Reason] | None:
    """(repaired, reason) of a reference that is stale; None when it is right."""
    if was is None or was.says is None:
        return None if place.says is not None else (None, "dangling")
    if None in was.says:
        return None, "repealed"
    if was.says == place.says:
        return None
    source = follower.before.outline.entries[was.index].provision.text
    then = follower.before.resolve(was.phrase, was.index).targets
    repaired = follower.phrase(was.phrase, source, was.index, place.index)
    if repaired is not None and not follower.says(repaired, place.index, was.says):
        repaired = None  # a clause under no article has no wording that leads to it
    return repaired, _why(follower, then, [follower.new(target) for target in then])


def _why(follower: Follower, old: Sequence[int | None], new: Sequence[int | None]) -> Reason:
    for was, now in zip(old, new, strict=True):
        assert was is not None
        assert now is not None
        ours, theirs = follower.before.outline.entries[was], follower.after.outline.entries[now]
        if ours.provision.kind is not theirs.provision.kind:
            return "moved"
        above, above_now = ours.parent, theirs.parent
        if LEVELS.get(ours.provision.kind, 0) > LEVELS[Kind.ARTICLE] and follower.new(above) != above_now:
            return "moved"
    return "renumbered"
