"""Formats as a layer of their own: where kept words became bold, or no longer are.

Text is never touched. What was inserted or deleted has its formats with it; a change of format
is one of words that stand in both texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from duthao.domain.compare.result import FormatChange, Span
from duthao.domain.document import Mark, MarkKind

_Ranges = list[tuple[int, int]]


def format_changes(
    spans: Sequence[Span], before: Sequence[Mark], after: Sequence[Mark]
) -> tuple[FormatChange, ...]:
    """Formats added to and removed from kept words; marks count in the texts the spans join to.

    In order of span, then kind, then place; changes of one kind and sort neither touch nor overlap.
    """
    if not before and not after:
        return ()
    if tuple(before) == tuple(after) and all(op == "=" for op, _ in spans):
        return ()
    found: list[FormatChange] = []
    old = new = 0
    for number, (op, text) in enumerate(spans):
        if op == "=":
            for kind in MarkKind:
                ours = _inside(before, kind, old, len(text))
                theirs = _inside(after, kind, new, len(text))
                if ours != theirs:
                    found.extend(_changes(number, kind, ours, theirs))
        old += len(text) * (op != "+")
        new += len(text) * (op != "-")
    return tuple(found)


def _inside(marks: Iterable[Mark], kind: MarkKind, start: int, length: int) -> _Ranges:
    """The ranges of a kind within a span, counted from its start; joined where they touch."""
    found: _Ranges = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        a, b = max(mark.start - start, 0), min(mark.end - start, length)
        if mark.kind is not kind or a >= b:
            continue
        if found and found[-1][1] >= a:
            a, b = found[-1][0], max(b, found.pop()[1])
        found.append((a, b))
    return found


def _changes(number: int, kind: MarkKind, ours: _Ranges, theirs: _Ranges) -> Iterable[FormatChange]:
    changes = [(start, end, "removed") for start, end in _without(ours, theirs)]
    changes += [(start, end, "added") for start, end in _without(theirs, ours)]
    for start, end, change in sorted(changes):
        sort: Literal["added", "removed"] = "added" if change == "added" else "removed"
        yield FormatChange(kind, sort, number, start, end)


def _without(ranges: _Ranges, others: _Ranges) -> _Ranges:
    """What of `ranges` no other covers; both in order, neither overlapping in itself."""
    found: _Ranges = []
    for start, end in ranges:
        for a, b in others:
            if b <= start or a >= end:
                continue
            if a > start:
                found.append((start, a))
            start = b
            if start >= end:
                break
        if start < end:
            found.append((start, end))
    return found
