"""Phrase instructions: the words to be replaced, added or dropped, right for every occurrence.

A phrase instruction applies to every occurrence in the units it names, and only there; matching
forgets tone placement and letter case (real ones match only so). So a phrase is lengthened until
what stands in its units under that reading are exactly the places that changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from duthao.domain.compare.keys import spelling_key
from duthao.domain.compare.words import word_spans
from duthao.domain.text import squeeze

MAX_CONTEXT = 12
"""Words taken from either side at most to make a phrase right."""

ALL_SIZES = 8
"""Up to so many words of context together, every division between the two sides is tried."""

MAX_LENGTH = 240
"""Characters of a phrase; a longer one is no phrase, its unit is amended."""

JOINED = 8
"""Changes with at most so many kept words between them are one phrase."""

MIN_WORDS = 2
"""Words of a phrase, where the text has so many."""

CLEAN_BESIDE, CLEAN_AROUND = 8, 2
"""Up to so many words of context a phrase that begins and ends between phrases is preferred:
of one beside which words are added, and on either side of one that is replaced."""

_PARTING = frozenset(
    re.findall(
        r"\w+",
        "và hoặc của các những cho theo về tại trong là thì mà để với do bởi từ đến có được bị khi này đó "
        "không phải đã sẽ nếu như trên dưới bằng vào ra",
    )
)
"""Words that belong to no phrase: where one stands beside it, a phrase is not cut in two."""

LEANING = ",;.:"
"""Signs that stand at the word before them without a space."""

_TOKEN = re.compile(r"\w+(?:[./-]\w+)*|\S")
_MARK = "\x1f"
"""Stands between folded tokens; it is in no text."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign, and the white space in front of it."""

    gap: str
    core: str

    @property
    def is_word(self) -> bool:
        return self.core[0].isalnum()


def tokens(text: str) -> tuple[Token, ...]:
    """The text as tokens; white space at its end is left out."""
    found, end = [], 0
    for match in _TOKEN.finditer(text):
        found.append(Token(text[end : match.start()], match.group()))
        end = match.end()
    return tuple(found)


class Verb(StrEnum):
    """What a phrase instruction does; the values name the templates."""

    REPLACE = "replace"
    ADD_AFTER = "add_after"
    ADD_BEFORE = "add_before"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Swap:
    """`old` becomes `new`. For ADD, `new` is added beside `old`; for DROP it is empty."""

    verb: Verb
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """Tokens `start`..`end` of one old text become `new`, which begins at token `at` of the new one."""

    start: int
    end: int
    new: tuple[Token, ...]
    at: int


def joined(part: Sequence[Token]) -> str:
    """The tokens as text, white space squeezed."""
    return squeeze("".join(token.gap + token.core for token in part))


def changes(old: str, new: str) -> tuple[Change, ...]:
    """What changed between two texts, by whole tokens of the old text."""
    before, after = tokens(old), tokens(new)
    return tuple(Change(a, b, after[c:d], c) for a, b, c, d in _blocks(old, new, before, after))


def near_joined(
    found: Sequence[Change], before: Sequence[Token], after: Sequence[Token]
) -> tuple[Change, ...]:
    """The changes of one text, those with few kept words between them as one."""
    kept: list[Change] = []
    for change in found:
        last = kept[-1] if kept else None
        if last and sum(token.is_word for token in before[last.end : change.start]) <= JOINED:
            end = change.at + len(change.new)
            kept[-1] = Change(last.start, change.end, tuple(after[last.at : end]), last.at)
        else:
            kept.append(change)
    return tuple(kept)


def _blocks(
    old: str, new: str, before: Sequence[Token], after: Sequence[Token]
) -> Iterator[tuple[int, int, int, int]]:
    """Changed ranges of both token lists; a token touched in part is changed whole."""
    left, right = _ends(before), _ends(after)
    x = y = 0
    start: tuple[int, int] | None = None
    spans = word_spans(old, new)
    for op, text in (*spans, ("=", "")):
        if op == "=":
            if start is not None:
                yield (
                    _at(left, start[0], False),
                    _at(left, x, True),
                    _at(right, start[1], False),
                    _at(right, y, True),
                )
                start = None
            x, y = x + len(text), y + len(text)
            continue
        start = start or (x, y)
        x, y = x + len(text) * (op == "-"), y + len(text) * (op == "+")


def _ends(found: Sequence[Token]) -> list[int]:
    """Where each token ends, its gap included, in characters."""
    ends, at = [], 0
    for token in found:
        at += len(token.gap) + len(token.core)
        ends.append(at)
    return ends


def _at(ends: Sequence[int], offset: int, upwards: bool) -> int:
    """The token boundary at or before an offset, or at or after it."""
    index = bisect_right(ends, offset)
    inside = offset > (ends[index - 1] if index else 0)
    return index + 1 if upwards and inside else index


# --- occurrences ------------------------------------------------------------------------------


def fold(token: Token) -> str:
    """A token as phrases are matched: tone placement and case forgotten."""
    return spelling_key(token.core)


def occurrences(text: Sequence[Token], phrase: Sequence[Token]) -> list[int]:
    """Where the phrase begins among the tokens, without overlaps."""
    wanted = [fold(token) for token in phrase]
    have = [fold(token) for token in text]
    found: list[int] = []
    at = 0
    while wanted and at + len(wanted) <= len(have):
        if have[at : at + len(wanted)] == wanted:
            found.append(at)
            at += len(wanted)
        else:
            at += 1
    return found


def folded(text: str) -> str:
    """The tokens of a text as phrases are matched, each between two marks."""
    return _MARK + "".join(fold(token) + _MARK for token in tokens(text))


def count_words(text: str, phrase: str) -> int:
    """Occurrences of a phrase of whole words; both folded."""
    return text.count(phrase) if len(phrase) > 1 else 0


def count(text: str, phrase: str) -> int:
    """Occurrences as a reader without word boundaries would find them."""
    wanted = spelling_key(phrase)
    return spelling_key(text).count(wanted) if wanted else 0


def applied(text: str, swap: Swap) -> str:
    """The text after the swap at every occurrence, as a careful clerk would write it."""
    found = tokens(text)
    phrase = tokens(swap.old)
    size = len(phrase)
    written: list[str] = []
    at = 0
    for start in occurrences(found, phrase):
        written.append("".join(token.gap + token.core for token in found[at:start]))
        old = "".join(token.gap + token.core for token in found[start : start + size])
        gap = found[start].gap
        written.append(gap + _swapped(old[len(gap) :], swap))
        at = start + size
    written.append("".join(token.gap + token.core for token in found[at:]))
    return tidy("".join(written))


def _swapped(old: str, swap: Swap) -> str:
    if swap.verb is Verb.REPLACE:
        return swap.new
    if swap.verb is Verb.DROP:
        return ""
    if swap.verb is Verb.ADD_AFTER:
        return f"{old}{'' if swap.new[0] in LEANING else ' '}{swap.new}"
    return f"{swap.new} {old}"


def tidy(text: str) -> str:
    """White space squeezed, none before a sign that leans on the word before it."""
    squeezed = squeeze(text)
    for sign in LEANING:
        squeezed = squeezed.replace(f" {sign}", sign)
    return squeezed


# --- finding the phrase -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Site:
    """One change in one text."""

    text: tuple[Token, ...]
    change: Change


def candidates(sites: Sequence[Site]) -> Iterator[Swap]:
    """Swaps that make the same change at every site: those cut between phrases first, short first.

    All sites have equal `old` and `new` tokens. Context is taken as far as all sites share it; with
    `MAX_CONTEXT` words on either side and `ALL_SIZES` there are at most 61.
    """
    first = sites[0]
    deleted = first.text[first.change.start : first.change.end]
    left, right = _shared(sites)
    make = _replacements if deleted else _additions
    offered = list(make(deleted, first.change.new, left, right))
    yield from (swap for swap, clean in offered if clean)
    yield from (swap for swap, clean in offered if not clean)


_Offer = tuple[Swap, bool]
_Tokens = Sequence[Token]


def _replacements(deleted: _Tokens, inserted: _Tokens, left: _Tokens, right: _Tokens) -> Iterator[_Offer]:
    # A sign alone is no phrase: it takes words from both sides.
    least = 0 if any(token.is_word for token in deleted) else MIN_WORDS
    for near, far in _sizes(len(left), len(right)):
        if near < min(least, len(left)) or far < min(least, len(right)):
            continue
        before, after = left[len(left) - near :], right[:far]
        old = joined((*before, *deleted, *after))
        if len(old) > MAX_LENGTH:
            return
        if _words((*before, *deleted, *after)) < MIN_WORDS and (near, far) != (len(left), len(right)):
            continue
        is_bare = not near and not far
        is_near = max(near, far) <= (CLEAN_AROUND + least if inserted else CLEAN_BESIDE)
        # A number begins its own phrase: "15 ngày".
        opens = near == 0 and bool(deleted) and deleted[0].core[0].isdigit()
        clean = is_near and (opens or _is_clean(left, near, -1)) and _is_clean(right, far, 1)
        if not inserted and is_bare:
            yield Swap(Verb.DROP, old, ""), True
        else:
            yield Swap(Verb.REPLACE, old, joined((*before, *inserted, *after))), clean


def _additions(_: _Tokens, inserted: _Tokens, left: _Tokens, right: _Tokens) -> Iterator[_Offer]:
    new = joined(inserted)
    if not new or len(new) > MAX_LENGTH:
        return
    leans_back, leans_on = new[0] in LEANING, new[-1] in LEANING
    for size in range(1, max(len(left), len(right)) + 1):
        before, after = left[len(left) - size :], right[:size]
        behind, ahead = list[_Offer](), list[_Offer]()
        if size <= len(left) and _words(before) >= MIN_WORDS and before[0].is_word:
            behind = [(Swap(Verb.ADD_AFTER, joined(before), new), _is_clean(left, size, -1))]
        if size <= len(right) and _words(after) >= MIN_WORDS and after[-1].is_word and not leans_back:
            ahead = [(Swap(Verb.ADD_BEFORE, joined(after), new), _is_clean(right, size, 1))]
        yield from (*ahead, *behind) if leans_on else (*behind, *ahead)


def _is_clean(context: _Tokens, size: int, direction: int) -> bool:
    """Whether a phrase that takes so much of its context ends between phrases there."""
    if size > CLEAN_BESIDE:
        return False
    if size == len(context):
        return True
    outer = context[-size - 1] if direction < 0 else context[size]
    if outer.is_word and outer.core.lower() not in _PARTING:
        return False
    if size == 0:
        return True
    inner = context[-size] if direction < 0 else context[size - 1]
    return inner.is_word and inner.core.lower() not in _PARTING


def _sizes(left: int, right: int) -> Iterator[tuple[int, int]]:
    """Context sizes, the smallest sums first: every pair while small, then growing in turn."""
    for total in range(ALL_SIZES + 1):
        for near in range(total + 1):
            if near <= left and total - near <= right:
                yield near, total - near
    near, far = min(left, ALL_SIZES // 2), min(right, ALL_SIZES // 2)
    while near < left or far < right:
        if far < right and (far <= near or near == left):
            far += 1
        else:
            near += 1
        if near + far > ALL_SIZES:
            yield near, far


def _shared(sites: Sequence[Site]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The longest context all sites have in common, left and right."""
    first = sites[0]
    left = right = 0
    while left < MAX_CONTEXT and len({_core(site, site.change.start - left - 1) for site in sites}) == 1:
        if _core(first, first.change.start - left - 1) is None:
            break
        left += 1
    while right < MAX_CONTEXT and len({_core(site, site.change.end + right) for site in sites}) == 1:
        if _core(first, first.change.end + right) is None:
            break
        right += 1
    start, end = first.change.start, first.change.end
    return first.text[start - left : start], first.text[end : end + right]


def _core(site: Site, index: int) -> str | None:
    return site.text[index].core if 0 <= index < len(site.text) else None


def _words(part: Sequence[Token]) -> int:
    return sum(token.is_word for token in part)
