"""Where a comment stands: the words it was made on, found again in the text of today.

A comment keeps the whole text it was made on. While its provision is there, its range is carried
through the comparison of that text with the present one, to the letter. Words that are not there any
more are looked for in the rest of the document: an article was split, joined, cut out and put in
elsewhere. What is found nowhere is orphaned; when its words come back, so does the comment.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from duthao.domain.document import CharOffset, Document, Provision, ProvisionId
from duthao.domain.ranges import mapped, same_signs

MAX_BASE: Final = 20_000
"""Characters kept of the text a comment was made on: of a longer one those around its words."""

_SURE: Final = 0.5
"""This part of the words still there, and they were not moved: nothing else is looked at."""

_DISTINCT: Final = 16, 4
"""Letters and words, with what is the same around them, that are not written twice by chance."""

_MOST_FOUND: Final = 200
_BREAK: Final = "\n"
"""Stands in no text of a provision."""


class On(StrEnum):
    """What a comment is about."""

    WORDS = "words"
    PROVISION = "provision"
    DOCUMENT = "document"


class Standing(StrEnum):
    """Where the words of a comment are today."""

    HERE = "here"
    ELSEWHERE = "elsewhere"  # in another provision
    ORPHANED = "orphaned"


class Spot(NamedTuple):
    """A text of its own: that of a provision, or of a cell of a row."""

    provision: ProvisionId
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """`base[start:end]` of the text that stands, or stood, at a spot.

    `times`: how often these words stood in the whole document. While they stand there less often
    than that, none of the others is taken for ones that moved.
    """

    spot: Spot
    base: str
    start: CharOffset
    end: CharOffset
    times: int = 1

    @property
    def quote(self) -> str:
        return self.base[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a comment was made on. `made` is None for the whole document; of a whole provision it is all
    of its text, of a row its longest cell.
    """

    on: On
    made: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """An anchor in the document of today.

    `stretches` are the words, on the text of today: none when they are not there; more than one where
    they were parted.
    """

    standing: Standing
    stretches: tuple[Stretch, ...] = ()


class Texts:
    """The texts of a document, made ready for looking up many anchors."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.at: dict[Spot, str] = {}
        for one in document.provisions:
            for spot, text in _texts_of(one):
                self.at[spot] = text

    @cached_property
    def _spots(self) -> tuple[Spot, ...]:
        return tuple(self.at)

    @cached_property
    def _whole(self) -> str:
        return _BREAK.join(self.at.values())

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(text) + 1 for text in self.at.values()), initial=0))

    @cached_property
    def places(self) -> dict[ProvisionId, float]:
        """The place of each provision; of those taken out, where they would stand."""
        live = self._document.provisions
        keys = [(one.order, one.id) for one in live]
        places = {one.id: bisect_left(keys, (one.order, one.id)) - 0.5 for one in self._document.removed}
        return places | {one.id: float(n) for n, one in enumerate(live)}

    @cached_property
    def origins(self) -> dict[ProvisionId, ProvisionId]:
        return {one.id: one.origin for one in self._document.provisions if one.origin is not None}

    def behind(self, provision: ProvisionId) -> Iterator[Spot]:
        """The spots of the provisions behind this one, which stands in the text, in order."""
        for one in self._document.provisions[int(self.places[provision]) + 1 :]:
            yield from (spot for spot, _ in _texts_of(one))

    def found(self, words: str) -> Iterator[tuple[Spot, int]]:
        """Where these words stand, in reading order, at most so many times."""
        at = -1
        for _ in range(_MOST_FOUND):
            at = self._whole.find(words, at + 1)
            if at < 0:
                return
            place = bisect_right(self._starts, at) - 1
            yield self._spots[place], at - self._starts[place]

    def times(self, words: str) -> int:
        """How often these words stand there."""
        return self._whole.count(words) if words else 0

    def stretch(self, spot: Spot, start: int, end: int) -> Stretch:
        """A range of the text at a spot, which must be there."""
        text = self.at[spot]
        return Stretch(spot, text, CharOffset(start), CharOffset(end), self.times(text[start:end]))


def _texts_of(one: Provision) -> Iterator[tuple[Spot, str]]:
    if not one.cells:
        yield Spot(one.id), one.text
    for n, cell in enumerate(one.cells):
        yield Spot(one.id, n), cell


# --- making -----------------------------------------------------------------------------------------


def anchored(texts: Texts, spot: Spot, start: int, end: int, made_on: str | None = None) -> Anchor | None:
    """An anchor on words of this document, for somebody who saw `made_on` there (None: what stands there).

    None when those words are not there, or not half of them any more.
    """
    text = texts.at.get(spot)
    if made_on is not None and made_on != text:
        seen = Stretch(spot, made_on, CharOffset(start), CharOffset(end))
        stretches = _carried(seen, texts) if made_on[start:end].strip() else ()
        left = (Counter(_words((seen,))) & Counter(_words(stretches))).total()
        return Anchor(On.WORDS, stretches[0]) if 2 * left >= len(_words((seen,))) else None
    if text is None or not 0 <= start < end <= len(text) or not text[start:end].strip():
        return None
    return Anchor(On.WORDS, texts.stretch(spot, start, end))


def whole(texts: Texts, provision: ProvisionId) -> Anchor | None:
    """An anchor on a whole provision of this document; None when it is not there."""
    own = [spot for spot, _ in _own(texts, provision)]
    if not own:
        return None
    spot = max(own, key=lambda one: len(texts.at[one]))
    return Anchor(On.PROVISION, texts.stretch(spot, 0, len(texts.at[spot])))


def _own(texts: Texts, provision: ProvisionId) -> list[tuple[Spot, str]]:
    """The texts of one provision."""
    found = [Spot(provision)] if Spot(provision) in texts.at else []
    while (spot := Spot(provision, len(found))) in texts.at:
        found.append(spot)
    return [(spot, texts.at[spot]) for spot in found]


def shortened(stretch: Stretch) -> Stretch:
    """The same with no more of a very long text than is kept."""
    if len(stretch.base) <= MAX_BASE:
        return stretch
    room = max(MAX_BASE - (stretch.end - stretch.start), 0) // 2
    first = max(stretch.start - room, 0)
    base = stretch.base[first : first + MAX_BASE]
    start, end = stretch.start - first, min(stretch.end - first, MAX_BASE)
    return Stretch(stretch.spot, base, CharOffset(start), CharOffset(end), stretch.times)


# --- carrying ---------------------------------------------------------------------------------------


def carried(anchor: Anchor, held: Sequence[Stretch], texts: Texts) -> Carried:
    """The anchor in the document of today.

    `held` is where it was found last, on the text of then; nothing where that is no other than the
    words it was made on. From there the way is shorter, but when the words it was made on stand there
    again, it is on those.
    """
    made = anchor.made
    if made is None:
        return Carried(Standing.HERE)
    stretches = _provision(made, held, texts) if anchor.on is On.PROVISION else ()
    stretches = stretches or _again(made, held, texts)
    if not stretches:
        return Carried(Standing.ORPHANED)
    here = stretches[0].spot.provision == made.spot.provision
    return Carried(Standing.HERE if here else Standing.ELSEWHERE, stretches)


def _provision(made: Stretch, held: Sequence[Stretch], texts: Texts) -> tuple[Stretch, ...]:
    """A provision that is there stands, whatever its words have become."""
    for one in (made, *held):
        found = whole(texts, one.spot.provision)
        if found is not None and found.made is not None:
            return (found.made,)
    return ()


def _again(made: Stretch, held: Sequence[Stretch], texts: Texts) -> tuple[Stretch, ...]:
    if texts.at.get(made.spot) == made.base:
        return (made,)
    if not held:
        return _carried(made, texts)
    if all(texts.at.get(one.spot) == one.base for one in held):
        return tuple(held)
    nearer = _joined([one for was in held for one in _carried(was, texts)], texts)
    if _words(nearer) == _words((made,)):
        return nearer
    # What stands between the same neighbours as long ago is not for that what these words became.
    direct = _carried(made, texts)
    return direct if _words(direct) == _words((made,)) else nearer


def _words(stretches: Iterable[Stretch]) -> list[str]:
    return [word for one in stretches for word in one.quote.split()]


def _joined(stretches: Sequence[Stretch], texts: Texts) -> tuple[Stretch, ...]:
    """Those that touch are one."""
    found: list[Stretch] = []
    for one in stretches:
        last = found[-1] if found else None
        if last is not None and _touch(last, one):
            found[-1] = texts.stretch(one.spot, last.start, max(last.end, one.end))
        else:
            found.append(one)
    return tuple(found)


def _touch(one: Stretch, next_: Stretch) -> bool:
    return one.spot == next_.spot and one.start <= next_.start and not one.base[one.end : next_.start].strip()


def _carried(was: Stretch, texts: Texts) -> tuple[Stretch, ...]:
    """The words of a stretch today, parted or not; nothing when they are gone."""
    now = texts.at.get(was.spot)
    if now == was.base:
        return (was,)
    row = _beside(was.spot, texts)
    for spot in row:
        if texts.at[spot] == was.base:
            return (texts.stretch(spot, was.start, was.end),)
    there = None if now is None else mapped(was.base, now, was.start, was.end)
    if there is not None and row and not there.kept:
        there = None  # what stands in a cell now may have been in another before
    if there is not None:
        here = texts.stretch(was.spot, there.start, there.end)
        if there.kept and there.cut is not None:
            parted = _parted(was, there.cut, texts)
            if parted:
                return (here, *parted)
        if there.kept >= _SURE:
            return (here,)
    moved = _best(was, row, texts) or _elsewhere(was, texts)
    if moved is not None:
        return (moved,)
    return () if there is None else (here,)


def _parted(was: Stretch, cut: int, texts: Texts) -> tuple[Stretch, ...]:
    """The words from `cut` on, where the text was parted: at the beginning of the provisions behind."""
    rest, words = was.base[cut:].lstrip(), was.base[cut : was.end].strip()
    found: list[Stretch] = []
    for spot in texts.behind(was.spot.provision) if words else ():
        text = texts.at[spot]
        begin = len(text) - len(text.lstrip())
        same = same_signs(rest, text[begin:])
        if same >= len(words):
            return (*found, texts.stretch(spot, begin, begin + len(words)))
        if not same or begin + same < len(text.rstrip()):
            return ()
        found.append(texts.stretch(spot, begin, len(text.rstrip())))
        rest, words = rest[same:].lstrip(), words[same:].lstrip()
    return ()


class _Found(NamedTuple):
    """Sorts the likeliest last."""

    akin: bool
    run: int
    near: float
    spot: Spot
    start: int


def _elsewhere(was: Stretch, texts: Texts) -> Stretch | None:
    """These very words at another place, if they can only have come from here."""
    words = was.quote
    if not words.strip():
        return None
    if texts.times(words) >= was.times:
        others = _others(was, texts)
        found = [_weighed(was, *one, texts) for one in texts.found(words) if one not in others]
        best = max((one for one in found if one is not None), default=None)
        if best is not None:
            return texts.stretch(best.spot, best.start, best.start + len(words))
    return _reworded(was, texts)


def _others(was: Stretch, texts: Texts) -> set[tuple[Spot, int]]:
    """Where the same words stand in the same text, and stood there before."""
    now = texts.at.get(was.spot)
    if now is None:
        return set()
    size = was.end - was.start
    before = [one.start() for one in re.finditer(re.escape(was.quote), was.base) if one.start() != was.start]
    found = (mapped(was.base, now, start, start + size) for start in before[:_MOST_FOUND])
    return {(was.spot, one.start) for one in found if one is not None}


def _weighed(was: Stretch, spot: Spot, start: int, texts: Texts) -> _Found | None:
    """How far the surroundings are the same; None when too few words are to tell."""
    text, words = texts.at[spot], was.quote
    ahead = same_signs(was.base[: was.start][::-1], text[:start][::-1])
    after = same_signs(was.base[was.end :], text[start + len(words) :])
    run = text[start - ahead : start + len(words) + after]
    akin = spot != was.spot and _akin(was.spot.provision, spot.provision, texts)
    if not akin and spot != was.spot and run.strip() != was.base.strip() and not _is_distinct(run):
        return None
    place, home = texts.places[spot.provision], texts.places.get(was.spot.provision)
    far = 0.0 if home is None else abs(place - home)
    cells = abs((spot.cell or 0) - (was.spot.cell or 0)) / 1_000
    return _Found(akin, len(run), -(far + cells), spot, start)


def _is_distinct(run: str) -> bool:
    letters, words = _DISTINCT
    return sum(map(str.isalnum, run)) >= letters and len(run.split()) >= words


def _akin(one: ProvisionId, other: ProvisionId, texts: Texts) -> bool:
    """Whether the other is the one, or was split or copied from it."""
    return one == other or texts.origins.get(other) == one


def _reworded(was: Stretch, texts: Texts) -> Stretch | None:
    """What a copy, or a part split off, has of the words when it has been changed since."""
    copies = [id_ for id_, origin in texts.origins.items() if origin == was.spot.provision]
    spots = [spot for id_ in copies for spot, text in _own(texts, id_) if was.quote not in text]
    return _best(was, spots, texts)


def _beside(spot: Spot, texts: Texts) -> list[Spot]:
    """The other cells of a row, the nearest first: columns come and go."""
    if spot.cell is None:
        return []
    there = [Spot(spot.provision, one.cell) for one, _ in _own(texts, spot.provision) if one.cell is not None]
    return sorted(
        (one for one in there if one != spot), key=lambda one: abs((one.cell or 0) - (spot.cell or 0))
    )


def _best(was: Stretch, spots: Sequence[Spot], texts: Texts) -> Stretch | None:
    """Where most of the words are, of these spots; the first of several."""
    best, most = None, _SURE
    for spot in spots:
        there = mapped(was.base, texts.at[spot], was.start, was.end)
        if there is not None and there.kept >= most and (best is None or there.kept > most):
            best, most = texts.stretch(spot, there.start, there.end), there.kept
    return best


def worth_holding(
    made: Stretch, held: Sequence[Stretch], stretches: Sequence[Stretch]
) -> tuple[Stretch, ...] | None:
    """What to hold from now on: the stretches when it has become far to them from where they were held,
    nothing when they are as they were made; None: what is held already will do.
    """
    if not stretches:
        return None
    if tuple(stretches) == (made,):
        return () if held else None
    last = tuple(held) or (made,)
    same = [one.spot for one in last] == [one.spot for one in stretches] and _words(last) == _words(stretches)
    if same and not any(_is_far(was.base, one.base) for was, one in zip(last, stretches, strict=True)):
        return None
    return tuple(map(shortened, stretches))


def _is_far(was: str, now: str) -> bool:
    """Whether less than half of the longer text is the same from its two ends."""
    head = same_signs(was, now)
    tail = same_signs(was[head:][::-1], now[head:][::-1])
    return 2 * (head + tail) < max(len(was), len(now))
