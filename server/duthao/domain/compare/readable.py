"""Changes as a reader wants them: few, whole phrases, begun and ended where the sentence breathes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from duthao.domain.compare.keys import folded
from duthao.domain.compare.matching import Pair
from duthao.domain.compare.tokens import SIGN, WORD, Tokens

ISLAND = WORD
"""A kept piece between two changes of at most this weight, one syllable or a few signs, is dropped."""

_SHARE = 4
"""A kept piece this many times lighter than the changes on both sides is dropped."""

MAX_BRACKET = 12
"""Tokens between two brackets beyond which one is changed without the other."""

_MAX_SLIDE = 400
_ENDS = frozenset(".;:?!")
_JOINERS = frozenset(map(folded, ("và", "hoặc", "hay", "cùng", "and", "or", "und", "oder")))
_CLOSING = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", "„": "“", '"': '"'}
_OPENING = frozenset("([{")
_SHUTTING = frozenset(")]}")
_BRACKETS = frozenset({*_CLOSING, *_CLOSING.values()})
_BRACKET = re.compile("[" + re.escape("".join(sorted(_BRACKETS))) + "]")


@dataclass(frozen=True, slots=True)
class Block:
    """Tokens before[a:b] against after[c:d]; equal ones stand for each other one by one."""

    equal: bool
    a: int
    b: int
    c: int
    d: int


def blocks_of(pairs: Sequence[Pair], before: int, after: int) -> list[Block]:
    """Kept and changed blocks in turn, from the pairs of kept tokens and both numbers of tokens."""
    found: list[Block] = []
    a = c = 0
    index = 0
    while index < len(pairs):
        i, j = pairs[index]
        if i > a or j > c:
            found.append(Block(False, a, i, c, j))
        run = 1
        while index + run < len(pairs) and pairs[index + run] == (i + run, j + run):
            run += 1
        found.append(Block(True, i, i + run, j, j + run))
        a, c = i + run, j + run
        index += run
    if a < before or c < after:
        found.append(Block(False, a, before, c, after))
    return found


def readable(pairs: Sequence[Pair], before: Tokens, after: Tokens) -> list[Block]:
    """The blocks of these pairs, made easier to read.

    Changes that may lie here or there slide to where a phrase begins; kept pieces that hinder
    more than they help are dropped; brackets and quotation marks are changed as pairs.
    """
    blocks = blocks_of(pairs, len(before), len(after))
    blocks = _without_islands(_slid(blocks, before, after), before, after)
    return _with_brackets(blocks, before, after)


def _merged(blocks: Sequence[Block]) -> list[Block]:
    """Neighbours of one sort as one block, empty ones left out."""
    found: list[Block] = []
    for block in blocks:
        if block.a == block.b and block.c == block.d:
            continue
        if found and found[-1].equal == block.equal:
            last = found.pop()
            block = Block(block.equal, last.a, block.b, last.c, block.d)
        found.append(block)
    return found


# --- where a change begins and ends -----------------------------------------------------------


def _slid(blocks: list[Block], before: Tokens, after: Tokens) -> list[Block]:
    """Pure deletions and insertions moved, where the same words allow it, to the best place."""
    found = list(blocks)
    for index, block in enumerate(found):
        if block.equal or (block.a < block.b and block.c < block.d):
            continue
        room_left = found[index - 1].b - found[index - 1].a if index else 0
        room_right = found[index + 1].b - found[index + 1].a if index + 1 < len(found) else 0
        side, first, end = (after, block.c, block.d) if block.a == block.b else (before, block.a, block.b)
        shift = _best_shift(side, first, end, room_left, room_right)
        if not shift:
            continue
        left = found[index - 1] if index else Block(True, block.a, block.a, block.c, block.c)
        right = (
            found[index + 1] if index + 1 < len(found) else Block(True, block.b, block.b, block.d, block.d)
        )
        found[max(index - 1, 0) : index + 2] = [
            Block(True, left.a, left.b + shift, left.c, left.d + shift),
            Block(False, block.a + shift, block.b + shift, block.c + shift, block.d + shift),
            Block(True, right.a + shift, right.b, right.c + shift, right.d),
        ]
    return _merged(found)


def _best_shift(side: Tokens, first: int, end: int, room_left: int, room_right: int) -> int:
    """By how many tokens the change side[first:end] is best moved; among equals the furthest right."""
    least = most = 0
    while -least < min(room_left, _MAX_SLIDE) and side.core(first + least - 1) == side.core(end + least - 1):
        least -= 1
    while most < min(room_right, _MAX_SLIDE) and side.core(first + most) == side.core(end + most):
        most += 1
    if least == most:
        return 0
    return max(range(least, most + 1), key=lambda shift: (_phrasing(side, first + shift, end + shift), shift))


def _phrasing(side: Tokens, first: int, end: int) -> int:
    """How well side[first:end] is a phrase of its own: whole sentences best, half a bracket worst."""
    same = side.same
    begins, ends = same[first], same[end - 1]
    prior = same[first - 1] if first else None
    worth = 0
    if (prior is None or prior in _ENDS) and ends in _ENDS:
        worth += 8
    if begins == ",":
        worth += 6
    elif begins in _JOINERS:
        worth += 5
    elif ends == "," or ends in _JOINERS:
        worth += 4 if prior is None or not prior[-1].isalnum() else 3
    return worth - 10 * _is_half(same[first : min(end, first + _MAX_SLIDE)])


def _is_half(phrase: Sequence[str]) -> bool:
    """Whether a bracket in it has its partner elsewhere."""
    depth = 0
    for sign in phrase:
        depth += (sign in _OPENING) - (sign in _SHUTTING)
        if depth < 0:
            break
    return depth != 0


# --- kept pieces that hinder --------------------------------------------------------------------


def _size(block: Block, before: Tokens, after: Tokens) -> int:
    return max(sum(before.weights[block.a : block.b]), sum(after.weights[block.c : block.d]))


def _is_signs(block: Block, before: Tokens, after: Tokens) -> bool:
    """Whether a block is of signs alone, so that no word in it invites to join it to others."""
    weights = before.weights[block.a : block.b] + after.weights[block.c : block.d]
    return max(weights) <= SIGN


def _without_islands(blocks: Sequence[Block], before: Tokens, after: Tokens) -> list[Block]:
    """No kept piece between two changes of words that is one syllable, or far lighter than both."""
    found = list(blocks)
    while True:
        sizes = [_size(block, before, after) for block in found]
        dropped = {
            index
            for index in range(1, len(found) - 1)
            if found[index].equal
            and (sizes[index] <= ISLAND or _SHARE * sizes[index] <= min(sizes[index - 1], sizes[index + 1]))
            and not _is_signs(found[index - 1], before, after)
            and not _is_signs(found[index + 1], before, after)
        }
        if not dropped:
            return found
        found = _merged(
            [
                Block(False, block.a, block.b, block.c, block.d) if index in dropped else block
                for index, block in enumerate(found)
            ]
        )


# --- brackets and quotation marks -----------------------------------------------------------------


def _partners(side: Tokens) -> dict[int, int]:
    """For each bracket and quotation mark that has one, its partner."""
    found: dict[int, int] = {}
    open_: list[tuple[str, int]] = []
    for index in range(len(side)):
        sign = side.core(index) if side.weights[index] == SIGN else ""
        if len(sign) != 1 or sign not in _BRACKETS:
            continue
        if open_ and open_[-1][0] == sign:
            start = open_.pop()[1]
            found[start], found[index] = index, start
        elif sign in _CLOSING:
            open_.append((_CLOSING[sign], index))
    return found


def _lonely(block: Block, partners: tuple[dict[int, int], dict[int, int]]) -> tuple[int, int, int] | None:
    """A side, and the range of its tokens, that would make a bracket's partner change with it."""
    for side, first, end in ((0, block.a, block.b), (1, block.c, block.d)):
        for index in range(first, end):
            other = partners[side].get(index, index)
            if not first <= other < end and abs(other - index) <= MAX_BRACKET:
                return side, min(index, other), max(index, other) + 1
    return None


def _with_brackets(blocks: list[Block], before: Tokens, after: Tokens) -> list[Block]:
    """Changes grown to the partner of each bracket in them, if it stands near."""
    if not _BRACKET.search(before.text) and not _BRACKET.search(after.text):
        return blocks
    partners = _partners(before), _partners(after)
    found, index = blocks, 0
    while index < len(found):
        wanted = None if found[index].equal else _lonely(found[index], partners)
        if wanted is None:
            index += 1
        else:
            found = _changed_between(found, *wanted)
            index = 0
    return found


def _changed_between(blocks: Sequence[Block], side: int, first: int, end: int) -> list[Block]:
    """The blocks with the tokens first..end of a side (0 before, 1 after) made a part of the changes."""
    found: list[Block] = []
    for block in blocks:
        start = block.c if side else block.a
        x = min(max(first - start, 0), block.b - block.a)
        y = min(max(end - start, 0), block.b - block.a)
        if not block.equal or x >= y:
            found.append(block)
            continue
        a, c = block.a, block.c
        found.append(Block(True, a, a + x, c, c + x))
        found.append(Block(False, a + x, a + y, c + x, c + y))
        found.append(Block(True, a + y, block.b, c + y, block.d))
    return _merged(found)
