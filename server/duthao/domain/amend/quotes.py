"""Quotation marks in amending texts: where the new text begins and ends.

Real texts mix “…”, "…" and wrong marks, nest them, and forget one. Which way a mark faces
is told by its form and, at the ends of a line, by its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OPENING = "“„«"
CLOSING = "”»"
MARKS = OPENING + CLOSING + '"'
_TRAILING = " .;,:"
_CLOSED = re.compile(rf"[{MARKS}][\s.;,:]*$")
MAX_PHRASES = 500
"""Quotations one sentence may hold."""
MAX_BLOCK = 5_000
"""Lines one quoted block may have."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A quotation mark at `at` in its line; `opens` or closes."""

    at: int
    opens: bool


def marks(line: str) -> list[Mark]:
    """The quotation marks of a line, left to right."""
    found: list[Mark] = []
    head = len(line) - len(line.lstrip(MARKS + " "))
    tail = len(line.rstrip(MARKS + _TRAILING))
    for at, sign in enumerate(line):
        if sign not in MARKS:
            continue
        before = line[at - 1] if at else " "
        after = line[at + 1] if at + 1 < len(line) else " "
        starts, ends = at <= head, at >= tail
        if starts and not after.isspace() and after not in _TRAILING:
            opens = True
        elif ends and not before.isspace():
            opens = False
        elif sign == '"':
            opens = (before.isspace() or before in "([" + OPENING) and not after.isspace()
        else:
            opens = sign in OPENING
        found.append(Mark(at, opens))
    return found


def opens_quote(line: str) -> bool:
    """Whether a line begins with a quotation mark that opens."""
    return bool(line) and line[0] in MARKS


def ends_quote(line: str) -> bool:
    """Whether a line ends with a quotation mark, but for a full stop or semicolon."""
    return _CLOSED.search(line) is not None


def depth_after(line: str, depth: int = 0) -> int:
    """How many quotations are open at the end of a line."""
    for mark in marks(line):
        depth = depth + 1 if mark.opens else max(depth - 1, 0)
    return depth


def block_end(lines: Sequence[str], start: int, resumes: Callable[[int], bool]) -> int | None:
    """The line that closes the quotation opened by the line at `start`; None when none does.

    The first line after which no quotation is open and which ends with a mark. When the marks
    do not come out even, the last line with a closing mark before the text goes on with the
    next instruction: `resumes` tells whether a line is one.
    """
    depth = 0
    last: int | None = None
    stop = min(len(lines), start + MAX_BLOCK)
    for index in range(start, stop):
        if index > start and depth and opens_quote(lines[index]) and resumes(index - 1):
            return _last_before(lines, start, index - 1)
        depth = depth_after(lines[index], depth)
        if ends_quote(lines[index]):
            if depth == 0:
                return index
            last = index
    following = next((index for index in range(start + 1, stop) if resumes(index)), None)
    return last if following is None else _last_before(lines, start, following)


def _last_before(lines: Sequence[str], start: int, end: int) -> int | None:
    """The line just before `end` when it closes a quotation."""
    return end - 1 if end > start and ends_quote(lines[end - 1]) else None


def strip_quotes(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of a quotation without its outer marks and what follows the closing one."""
    kept = list(lines)
    kept[0] = kept[0][1:].lstrip()
    kept[-1] = re.sub(rf"\s*[{MARKS}][\s.;,]*$", "", kept[-1])
    return tuple(line for line in kept if line)


def phrases(line: str, first_mark: int) -> tuple[str, tuple[str, ...]] | None:
    """The line with each outer quotation as one private-use character, and what they say.

    Quotations inside a quotation stay in its words. None when one is left open, or when there
    are more than a sentence can hold.
    """
    text: list[str] = []
    quotes: list[str] = []
    depth, opened, done = 0, 0, 0
    for mark in marks(line):
        if len(quotes) >= MAX_PHRASES:
            return None
        if mark.opens:
            if depth == 0:
                text.append(line[done : mark.at])
                opened = mark.at + 1
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                text.append(chr(first_mark + len(quotes)))
                quotes.append(" ".join(line[opened : mark.at].split()))
                done = mark.at + 1
    if depth:
        return None
    text.append(line[done:])
    return "".join(text), tuple(quotes)
