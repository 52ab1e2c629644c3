"""Two changes to one text joined, by whole syllables: what one side changed, both, or each otherwise.

A side's change is a list of hunks over the base: stretches of whole tokens (`compare.tokens`: a
syllable, a number, a date, "khoản 2 Điều 5") with what stands there instead. Hunks of the two sides
between which no token is kept touch the same words. They are joined where both say the same or both
only delete; else that place is a conflict, told as a value, and never decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Literal

from duthao.domain.compare.matching import matches
from duthao.domain.compare.readable import Block, blocks_of
from duthao.domain.compare.tokens import Tokens, tokens
from duthao.domain.compare.words import KEPT, MAX_TOKENS, kept_share
from duthao.domain.document import CharOffset, Mark, MarkKind

_BETWEEN_CONFLICTS = 2
"""Tokens kept between a conflict and another change that are shown as part of it: a lone syllable
between two places in dispute makes neither easier to decide."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """`before[start:end]` becomes `text`; offsets in code points."""

    start: int
    end: int
    text: str


class Sort(StrEnum):
    """Who changed a stretch of the base."""

    KEPT = "kept"
    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"  # in the same way, or both by deleting
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the base, what each side has there, and what the two give together.

    `text` of a conflict is `ours`, for want of a decision.
    """

    sort: Sort
    base: str
    theirs: str
    ours: str
    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Guaranteed: the pieces' `base`, `theirs` and `ours`, each joined, give the three texts that were
    merged; so no word of either side is left out of what is shown.
    """

    pieces: tuple[Piece, ...]

    @property
    def conflicts(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.sort is Sort.CONFLICT)

    @property
    def is_clean(self) -> bool:
        return not self.conflicts

    def text(self, conflicts: Literal["theirs", "ours"] = "ours") -> str:
        """The joined text; conflicts read as that side has them."""
        return "".join(
            getattr(piece, conflicts) if piece.sort is Sort.CONFLICT else piece.text for piece in self.pieces
        )


def merge(base: str, theirs: str, ours: str) -> Merged:
    """What both made of `base`, joined.

    Guaranteed: merge(b, x, b) reads x and merge(b, b, y) reads y, character for character; the same
    change on both sides happens once; swapped sides give the same text and the same conflicts; a
    word goes only where a side deleted it.
    """
    pieces: list[Piece] = []
    at = 0
    for cluster in _clusters(base, hunks(base, theirs), hunks(base, ours)):
        piece = _piece(base, cluster)
        pieces += _kept(base[at : cluster.start])
        pieces.append(piece)
        at = cluster.start + len(piece.base)
    pieces += _kept(base[at:])
    return Merged(tuple(_readable(pieces)))


@lru_cache(maxsize=4096)
def hunks(before: str, after: str) -> tuple[Hunk, ...]:
    """The change from one text to the other, from start to end, no two hunks touching.

    A text of which next to nothing stays is one hunk, as in `compare.words`. What may stand in
    several places stands in the first, so that two who make the same change make the same hunk.
    """
    if before == after:
        return ()
    left, right = tokens(before), tokens(after)
    everything = (Hunk(0, len(before), after),)
    if max(len(left), len(right)) > MAX_TOKENS:
        return everything
    pairs = matches(left.cores(), right.cores(), left.weights)
    blocks = _leftmost(blocks_of(pairs, len(left), len(right)), left, right)
    if kept_share(blocks, left, right) < KEPT:
        return everything
    return hunks_of(blocks, left, right)


def hunks_of(blocks: Iterable[Block], left: Tokens, right: Tokens) -> tuple[Hunk, ...]:
    """The same of blocks already matched: kept tokens in front of which the white space differs have a
    hunk there.
    """
    return tuple(_joined(_hunks(blocks, left, right)))


def _hunks(blocks: Iterable[Block], left: Tokens, right: Tokens) -> Iterator[Hunk]:
    for block in blocks:
        if not block.equal:
            yield Hunk(left.after(block.a), left.after(block.b), right.part(block.c, block.d))
            continue
        for i, j in zip(range(block.a, block.b), range(block.c, block.d), strict=True):
            if left.gap(i) != right.gap(j):
                yield Hunk(left.after(i), left.starts[i], right.gap(j))
    if left.part_end() != right.part_end():
        yield Hunk(left.after(len(left)), len(left.text), right.part_end())


def _joined(found: Iterable[Hunk]) -> Iterator[Hunk]:
    last: Hunk | None = None
    for hunk in found:
        if last is not None and hunk.start <= last.end:
            hunk = Hunk(last.start, hunk.end, last.text + hunk.text)
        elif last is not None:
            yield last
        last = hunk
    if last is not None:
        yield last


def _leftmost(blocks: Sequence[Block], left: Tokens, right: Tokens) -> list[Block]:
    """Pure insertions and deletions moved to the first place where they say the same."""
    found = list(blocks)
    for at in range(1, len(found)):
        block, kept = found[at], found[at - 1]
        if block.equal or (block.a < block.b and block.c < block.d):
            continue
        side, first, end = (right, block.c, block.d) if block.a == block.b else (left, block.a, block.b)
        shift = 0
        while shift < kept.b - kept.a and _same_token(side, first - 1 - shift, end - 1 - shift):
            shift += 1
        if not shift:
            continue
        # What it passes stands behind it now: a block of its own, or part of the one that follows.
        found[at - 1] = replace(kept, b=kept.b - shift, d=kept.d - shift)
        found[at] = Block(False, block.a - shift, block.b - shift, block.c - shift, block.d - shift)
        if at + 1 < len(found):
            behind = found[at + 1]
            found[at + 1] = replace(behind, a=behind.a - shift, c=behind.c - shift)
        else:
            found.append(Block(True, block.b - shift, block.b, block.d - shift, block.d))
    return found


def _same_token(side: Tokens, one: int, other: int) -> bool:
    return side.part(one, one + 1) == side.part(other, other + 1)


# --- what touches the same words --------------------------------------------------------------------


@dataclass(slots=True)
class _Cluster:
    """Hunks of both sides that touch, and the stretch of the base they are about."""

    start: int
    end: int
    theirs: list[Hunk]
    ours: list[Hunk]


def _clusters(base: str, theirs: Sequence[Hunk], ours: Sequence[Hunk]) -> list[_Cluster]:
    found: list[_Cluster] = []
    both = [(hunk, True) for hunk in theirs] + [(hunk, False) for hunk in ours]
    for hunk, is_theirs in sorted(both, key=lambda one: (one[0].start, one[0].end)):
        last = found[-1] if found else None
        # Between words that one side put beside the other's nothing says which come first.
        if last is None or not (hunk.start <= last.end or base[last.end : hunk.start].isspace()):
            last = _Cluster(hunk.start, hunk.end, [], [])
            found.append(last)
        last.end = max(last.end, hunk.end)
        (last.theirs if is_theirs else last.ours).append(hunk)
    return found


def _read(base: str, start: int, end: int, made: Iterable[Hunk]) -> str:
    """base[start:end] with these hunks, all of them in it."""
    parts: list[str] = []
    at = start
    for hunk in made:
        parts += (base[at : hunk.start], hunk.text)
        at = hunk.end
    return "".join((*parts, base[at:end]))


def _piece(base: str, cluster: _Cluster) -> Piece:
    start, end = cluster.start, cluster.end
    was = base[start:end]
    theirs, ours = _read(base, start, end, cluster.theirs), _read(base, start, end, cluster.ours)
    if not cluster.ours:
        return Piece(Sort.THEIRS, was, theirs, ours, theirs)
    if not cluster.theirs:
        return Piece(Sort.OURS, was, theirs, ours, ours)
    if theirs == ours:
        return Piece(Sort.BOTH, was, theirs, ours, ours)
    if not any(hunk.text.strip() for hunk in (*cluster.theirs, *cluster.ours)):
        return _both_deleted(base, cluster)
    return Piece(Sort.CONFLICT, was, theirs, ours, ours)


def _both_deleted(base: str, cluster: _Cluster) -> Piece:
    """What either deleted is gone, and one space at most where words would run together."""
    start, end = cluster.start, cluster.end
    if not base[:start].strip():  # a text begins without a space
        end += len(base[end:]) - len(base[end:].lstrip())
    lead, trail = base[start - 1 : start] if start else "", base[end : end + 1]
    glue = " " if lead.strip() and trail.strip() and lead.isalnum() and trail.isalnum() else ""
    theirs, ours = _read(base, start, end, cluster.theirs), _read(base, start, end, cluster.ours)
    return Piece(Sort.BOTH, base[start:end], theirs, ours, glue)


def _kept(text: str) -> tuple[Piece, ...]:
    return (Piece(Sort.KEPT, text, text, text, text),) if text else ()


def _readable(pieces: Sequence[Piece]) -> list[Piece]:
    """Conflicts take in the changes that stand a word or two from them."""
    found: list[Piece] = []
    for piece in pieces:
        found.append(piece)
        while len(found) > 2 and _in_dispute(*found[-3:]):
            one, kept, other = found[-3:]
            found[-3:] = [_one_conflict((one, kept, other))]
    return found


def _in_dispute(one: Piece, kept: Piece, other: Piece) -> bool:
    return (
        kept.sort is Sort.KEPT
        and Sort.KEPT not in (one.sort, other.sort)
        and Sort.CONFLICT in (one.sort, other.sort)
        and len(tokens(kept.text)) <= _BETWEEN_CONFLICTS
    )


def _one_conflict(pieces: Iterable[Piece]) -> Piece:
    held = tuple(pieces)
    ours = "".join(piece.ours for piece in held)
    return Piece(
        Sort.CONFLICT, "".join(p.base for p in held), "".join(p.theirs for p in held), ours, ours
    )  # fmt: skip


# --- beside the merge -------------------------------------------------------------------------------


class Meeting(StrEnum):
    """How two changes to one text stand to each other."""

    APART = "apart"
    SAME = "same"
    COLLIDE = "collide"  # some words would become this by the one, that by the other


def meeting(text: str, one: str, other: str) -> Meeting:
    """How the changes of `text` into `one` and into `other` stand to each other."""
    if one == other:
        return Meeting.SAME
    return Meeting.COLLIDE if disputed(text, one, other) else Meeting.APART


def disputed(text: str, one: str, other: str) -> tuple[Hunk, ...]:
    """The hunks of `one` that collide with `other`."""
    return tuple(
        hunk
        for cluster in _clusters(text, hunks(text, one), hunks(text, other))
        if cluster.theirs and cluster.ours and _piece(text, cluster).sort is Sort.CONFLICT
        for hunk in cluster.theirs
    )


def part_of(text: str, merged: str, final: str) -> str:
    """`text` with those changes towards `merged` that went, as they are or changed further, into `final`.

    What of `final` a proposal brought, when `merged` is what it would have given and a person then
    wrote `final`: going over this text credits each with their own words.
    """
    parts: list[str] = []
    at = 0
    for cluster in _clusters(text, hunks(text, merged), hunks(text, final)):
        words = cluster.theirs if cluster.ours else ()
        parts += (text[at : cluster.start], _read(text, cluster.start, cluster.end, words))
        at = cluster.end
    return "".join((*parts, text[at:]))


def carried(marks: Sequence[Mark], before: str, after: str) -> tuple[Mark, ...]:
    """The formats of `before` in `after`: kept words keep theirs.

    New words have a format when all the words they replace had it, or when they stand between two
    letters that have it.
    """
    if not marks:
        return ()
    made = hunks(before, after)
    found: list[Mark] = []
    for kind in MarkKind:
        on = [False] * len(before)
        for mark in marks:
            if mark.kind is kind:
                on[mark.start : mark.end] = [True] * (min(mark.end, len(before)) - mark.start)
        if any(on):
            found += _runs(kind, _carried(on, before, made))
    return tuple(found)


def _carried(on: Sequence[bool], before: str, made: Sequence[Hunk]) -> list[bool]:
    found: list[bool] = []
    at = 0
    for hunk in made:
        found += on[at : hunk.start]
        replaced = [on[p] for p in range(hunk.start, hunk.end) if not before[p].isspace()]
        ahead = hunk.start > 0 and on[hunk.start - 1]
        behind = hunk.end < len(on) and on[hunk.end]
        new = all(replaced) if replaced else ahead and behind
        blank = len(hunk.text) - len(hunk.text.lstrip())
        found += [new and ahead] * blank + [new] * (len(hunk.text) - blank)
        at = hunk.end
    return [*found, *on[at:]]


def _runs(kind: MarkKind, on: Sequence[bool]) -> Iterator[Mark]:
    at = 0
    for is_on, held in groupby(on):
        size = sum(1 for _ in held)
        if is_on:
            yield Mark(kind, CharOffset(at), CharOffset(at + size))
        at += size
