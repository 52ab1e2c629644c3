"""The words of a row as runs: given back to its provisions, with formats and spelling as layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from duthao.domain.compare.orthography import OPTIONAL
from duthao.domain.compare.result import FormatChange, Op, Row, RowClass, Unit
from duthao.domain.table import FormatSign, Run, RunChange

_CHANGES: Mapping[Op, RunChange] = {"=": "same", "-": "deleted", "+": "inserted"}

Piece = tuple[Op, Run]
Parts = list[tuple[Run, ...]]


def pieces(row: Row, *, formats: bool, spelling: bool) -> list[Piece]:
    """The spans of a row as runs, in their order.

    `formats`: kept words are cut where their format changed, and say so. Without `spelling`
    words that are only spelt otherwise are "same" on both sides; not in a row of which that is
    the whole change, for there it is what the row is shown for.
    """
    folded = not spelling and row.row_class is not RowClass.SPELLING_ONLY
    by_span: dict[int, list[FormatChange]] = {}
    for change in row.formats if formats else ():
        by_span.setdefault(change.span, []).append(change)
    made: list[Piece] = []
    for number, (op, text) in enumerate(row.spans):
        kinds = row.span_orthography[number] if row.span_orthography else ()
        kinds = kinds if OPTIONAL.isdisjoint(kinds) else ()
        if number in by_span:
            made.extend((op, run) for run in _formatted(text, by_span[number]))
        elif text:
            made.append((op, Run(text, "same" if folded and kinds else _CHANGES[op], (), kinds)))
    return made if len(row.before) == len(row.after) == 1 else list(_without_joints(made))


def _without_joints(words: Sequence[Piece]) -> Iterator[Piece]:
    """Where provisions were split or merged a line break stands for a blank: that is no change."""
    for place, (op, run) in enumerate(words):
        beside = "".join(r.text for _, r in words[max(place - 1, 0) : place + 2] if r.text.isspace())
        joint = run.text.isspace() and "\n" in beside
        yield op, Run(run.text) if joint else run


def _formatted(text: str, changes: Sequence[FormatChange]) -> Iterator[Run]:
    places = sorted({0, len(text), *(c.start for c in changes), *(c.end for c in changes)})
    for start, end in pairwise(places):
        signs: tuple[FormatSign, ...] = tuple(
            (c.change, c.kind) for c in changes if c.start <= start and c.end >= end
        )
        yield Run(text[start:end], "same", signs)


def before_parts(words: Sequence[Piece], units: Sequence[Unit]) -> Parts:
    """The runs of each provision of the text before."""
    return _parted(((run, True) for op, run in words if op != "+"), units)


def after_parts(words: Sequence[Piece], units: Sequence[Unit]) -> Parts:
    """The runs of each provision of the text after."""
    return _parted(((run, True) for op, run in words if op != "-"), units)


def revised_parts(words: Sequence[Piece], units: Sequence[Unit]) -> Parts:
    """As `after_parts`, with the words that are gone standing where they stood, as deleted runs;
    a blank keeps what went from the word that came in its place."""
    shown: list[tuple[Run, bool]] = []
    for place, (op, run) in enumerate(words):
        if op == "-" and run.change == "deleted":
            text = run.text.replace("\n", " ")
            following = words[place + 1][1].text if place + 1 < len(words) else " "
            gap = "" if text[-1].isspace() or following[0].isspace() else " "
            shown.append((Run(text + gap, run.change, run.formats, run.spelling), False))
        elif op != "-":
            shown.append((run, True))
    return _parted(shown, units)


def _parted(runs: Iterable[tuple[Run, bool]], units: Sequence[Unit]) -> Parts:
    """Runs of a row's joined text given back to its units, which one line break joins; a run that
    is not of the text (False) goes to the unit at hand."""
    if not units:
        return []
    parts: list[list[Run]] = [[]]
    need = len(units[0].text)
    for run, own in runs:
        text = run.text
        if not own or len(text) <= need:
            parts[-1].append(run)
            need -= len(text) * own
            continue
        while text:
            if need == 0:  # the line break between two units
                text = text[1:]
                need = len(units[len(parts)].text)
                parts.append([])
                continue
            parts[-1].append(Run(text[:need], run.change, run.formats, run.spelling))
            text, need = text[need:], need - len(parts[-1][-1].text)
    parts.extend([] for _ in range(len(units) - len(parts)))
    return [tuple(part) for part in parts]
