"""A range of a text in what that text has become: exact to the letter, by comparing then and now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from duthao.domain.compare.matching import PIECE_COST, matches
from duthao.domain.compare.readable import blocks_of
from duthao.domain.compare.tokens import WORD, Tokens
from duthao.domain.merge import Hunk, hunks_of

_LEFT: Final = 0.2
"""Less than this part still there is chance: a comma, an "và"."""

_SHARE: Final = 0.25
"""What took the place of a stretch took that of words in it when they were this part of it."""

_SIGN: Final = PIECE_COST + 1
"""The weight of a sign: kept between two changes too, where a reader of the comparison is spared it."""

_MAX_SLIDE: Final = 400

_PIECE = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A range in the text of today. `kept`: which part of its letters was there before, 0 when others
    took their place. `cut`: the words from there on are gone together with all behind them.
    """

    start: int
    end: int
    kept: float
    cut: int | None = None


def mapped(base: str, now: str, start: int, end: int) -> Mapped | None:
    """`base[start:end]` in `now`; None when nothing of it is left and nothing took its place.

    What is typed in it belongs to it, what is typed at its ends does not; what is put in the place of
    words at its end does.
    """
    found = _placed(_changes(base, now, start, end), start, end, base)
    if found is None:
        return None
    first, last = found.start, found.end
    if not base[start].isspace():
        first += len(now[first:last]) - len(now[first:last].lstrip())
    if not base[end - 1].isspace():
        last = first + len(now[first:last].rstrip())
    return Mapped(first, last, found.kept, found.cut) if first < last else None


def _changes(base: str, now: str, start: int, end: int) -> list[Hunk]:
    """What was done to the text, told so that it does as little as may be to the range."""
    ahead, behind = base[:start].rstrip(), base[end:].lstrip()
    room = len(now) - len(ahead) - len(behind)
    if room < 0 or not (now.startswith(ahead) and now.endswith(behind)):
        return [_slid(hunk, base, start, end) for hunk in _edits(base, now)]
    # Around the words nothing has changed.
    at, until = len(ahead), len(base) - len(behind)
    middle = now[at : at + room]
    place = middle.find(base[start:end])
    if place >= 0:
        return [
            Hunk(at, start, middle[:place]),
            Hunk(end, until, middle[place + end - start :]),
        ]
    return [
        _slid(Hunk(at + one.start, at + one.end, one.text), base, start, end)
        for one in _edits(base[at:until], middle)
    ]


def _edits(before: str, after: str) -> list[Hunk]:
    """The change by words; where as many words took the place of as many, word by word."""
    left, right = _pieces(before), _pieces(after)
    pairs = matches(left.same, right.same, left.weights)
    found = hunks_of(blocks_of(pairs, len(left), len(right)), left, right)
    return [_trimmed(one, before) for hunk in found for one in _by_words(hunk, before)]


def _pieces(text: str) -> Tokens:
    found = list(_PIECE.finditer(text))
    words = [one.group() for one in found]
    weights = [WORD if word[0].isalnum() else _SIGN for word in words]
    return Tokens(text, [one.start() for one in found], [one.end() for one in found], words, weights)


def _by_words(hunk: Hunk, base: str) -> Iterator[Hunk]:
    was = base[hunk.start : hunk.end]
    old, new = ([one.end() for one in _WORD.finditer(text)] for text in (was, hunk.text))
    if len(old) != len(new) or len(old) < 2:
        yield hunk
        return
    old, new = [0, *old[:-1], len(was)], [0, *new[:-1], len(hunk.text)]
    for n in range(1, len(old)):
        yield Hunk(hunk.start + old[n - 1], hunk.start + old[n], hunk.text[new[n - 1] : new[n]])


def _trimmed(hunk: Hunk, base: str) -> Hunk:
    """Without the white space that both have at the ends; of a word changed in its smaller part, without
    the letters.
    """
    was = base[hunk.start : hunk.end]
    head = same_signs(was, hunk.text)
    tail = min(same_signs(was[::-1], hunk.text[::-1]), min(len(was), len(hunk.text)) - head)
    one_word = len(was.split()) == len(hunk.text.split()) == 1
    if not one_word or 2 * (head + tail) < max(len(was), len(hunk.text)):
        head = head - len(was[:head].lstrip())
        ending = was[len(was) - tail :]
        tail = len(ending) - len(ending.rstrip())
    return Hunk(hunk.start + head, hunk.end - tail, hunk.text[head : len(hunk.text) - tail])


def same_signs(one: str, other: str) -> int:
    """How many signs both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (left, right) in pairs if left != right), min(len(one), len(other)))


def _slid(hunk: Hunk, base: str, start: int, end: int) -> Hunk:
    """What was only put in or only taken out may lie here or there: rather beside the range than across
    its ends.
    """
    if hunk.text and hunk.start < hunk.end:
        return hunk
    best, rank = hunk, _across(hunk, start, end)
    for step in (-1, 1):
        one = hunk
        for _ in range(_MAX_SLIDE):
            if not rank or (next_ := _shifted(one, base, step)) is None:
                break
            one = next_
            if (found := _across(one, start, end)) < rank:
                best, rank = one, found
    return best


def _across(hunk: Hunk, start: int, end: int) -> int:
    if hunk.end <= start or hunk.start >= end:
        return 0
    return 1 if start <= hunk.start <= hunk.end <= end or hunk.start <= start <= end <= hunk.end else 2


def _shifted(hunk: Hunk, base: str, step: int) -> Hunk | None:
    """The same change told one letter further on, or back; None when that is another change."""
    first, last = hunk.start, hunk.end
    if hunk.text:
        if step < 0:
            same = first > 0 and base[first - 1] == hunk.text[-1]
            text = hunk.text[-1] + hunk.text[:-1]
        else:
            same = last < len(base) and base[last] == hunk.text[0]
            text = hunk.text[1:] + hunk.text[0]
        return Hunk(first + step, last + step, text) if same else None
    if step < 0:
        same = first > 0 and base[first - 1] == base[last - 1]
    else:
        same = last < len(base) and base[first] == base[last]
    return Hunk(first + step, last + step, "") if same else None


def _placed(changes: Sequence[Hunk], start: int, end: int, base: str) -> Mapped | None:
    """The range after the changes: from the first to the last letter that is left of it, with what took
    the place of words at its ends.
    """
    first = last = taken_first = taken_last = None
    kept = replaced = 0
    at = shift = 0
    for hunk in (*changes, Hunk(len(base), len(base), "")):
        low, high = max(at, start), min(hunk.start, end)
        if low < high:
            first = low + shift if first is None else first
            last = high + shift
            kept += _size(base[low:high])
        if hunk.text and hunk.start < end and hunk.end > start and hunk.start < hunk.end:
            begin = hunk.start + shift
            if hunk.start >= start and hunk.end <= end:
                first = begin if first is None else first
                last = begin + len(hunk.text)
            taken_first = begin if taken_first is None else taken_first
            taken_last = begin + len(hunk.text)
            replaced += _size(base[hunk.start : hunk.end])
        shift += len(hunk.text) - (hunk.end - hunk.start)
        at = hunk.end
    size = _size(base[start:end]) or 1
    final = changes[-1] if changes else None
    cut = None
    if final is not None and not final.text and start < final.start < end and final.end == len(base):
        cut = final.start
    if kept and (kept >= _LEFT * size or cut is not None):
        assert first is not None
        assert last is not None
        return Mapped(first, last, kept / size, cut)
    if taken_first is None or taken_last is None or size < _SHARE * replaced:
        return None
    ends = (
        [taken_first, taken_last] if first is None or last is None else [taken_first, taken_last, first, last]
    )
    return Mapped(min(ends), max(ends), 0.0)


def _size(text: str) -> int:
    return sum(not sign.isspace() for sign in text)
