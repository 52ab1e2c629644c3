"""Two texts as one sequence of paragraphs: taking all changes gives the second, none the first.

Provisions that the comparison paired and that kept their order stand once, with their words changed
within; all others are taken out whole and put in whole, a move as both. The rows of a table stay
together: a row is paired only within tables that are paired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from duthao.domain.compare.result import ELSEWHERE, Comparison, Span
from duthao.domain.compare.sequences import longest_increasing
from duthao.domain.compare.words import word_spans
from duthao.domain.document import Kind
from duthao.domain.outline import Entry


@dataclass(frozen=True, slots=True)
class Pair:
    """A provision in the reading order of both texts; at least one of the two is there."""

    before: Entry | None
    after: Entry | None
    spans: tuple[Span, ...] = ()
    """The words of one that is in both: "=" and "-" are the first text's, "=" and "+" the second's."""


def _table_of(entries: Sequence[Entry], at: int) -> int | None:
    parent = entries[at].parent
    return parent if parent is not None and entries[parent].provision.kind is Kind.TABLE else None


def _anchors(
    before: Sequence[Entry], after: Sequence[Entry], comparison: Comparison
) -> dict[int, tuple[int, tuple[Span, ...]]]:
    """What stands once: after-place → before-place and the row's words."""
    was = {entry.provision.id: at for at, entry in enumerate(before)}
    now = {entry.provision.id: at for at, entry in enumerate(after)}
    found: dict[int, tuple[int, tuple[Span, ...]]] = {}
    taken: set[int] = set()
    for row in comparison.rows:
        if not row.before or not row.after or row.row_class in ELSEWHERE:
            continue
        old, new = was.get(row.before[0].id), now.get(row.after[0].id)
        if old is None or new is None or old in taken or new in found:
            continue
        if before[old].provision.kind is not after[new].provision.kind:
            continue
        alone = len(row.before) == len(row.after) == 1
        found[new] = old, row.spans if alone else ()
        taken.add(old)
    order = sorted(found)
    stayed = [order[place] for place in longest_increasing([found[at][0] for at in order], [1] * len(order))]
    kept = {at: found[at] for at in stayed}
    for at in stayed:
        if after[at].provision.kind is Kind.ROW:
            old, new = _table_of(before, kept[at][0]), _table_of(after, at)
            if old is None or new is None or kept.get(new, (None,))[0] != old:
                del kept[at]
    return kept


def paired(before: Sequence[Entry], after: Sequence[Entry], comparison: Comparison) -> Iterator[Pair]:
    """Every provision of both texts, in an order in which both can be read."""
    anchors = _anchors(before, after, comparison)
    old = new = 0
    for at in [*sorted(anchors), len(after)]:
        there, spans = anchors.get(at, (len(before), ()))
        yield from _between(before[old:there], after[new:at])
        if at < len(after):
            yield Pair(before[there], after[at], _words(before[there], after[at], spans))
        old, new = there + 1, at + 1


def _between(gone: Sequence[Entry], come: Sequence[Entry]) -> Iterator[Pair]:
    """What stands in one text only; rows that go on a table stay at it."""
    old, new = (
        len(list(takewhile(lambda entry: entry.provision.kind is Kind.ROW, side))) for side in (gone, come)
    )
    yield from (Pair(entry, None) for entry in gone[:old])
    yield from (Pair(None, entry) for entry in come[:new])
    yield from (Pair(entry, None) for entry in gone[old:])
    yield from (Pair(None, entry) for entry in come[new:])


def _words(before: Entry, after: Entry, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The row's own words where they are these two texts, else compared here."""
    old, new = before.provision.text, after.provision.text
    if spans:
        was = "".join(text for op, text in spans if op != "+")
        now = "".join(text for op, text in spans if op != "-")
        if (was, now) == (old, new):
            return spans
    return spans_of(old, new)


def spans_of(old: str, new: str) -> tuple[Span, ...]:
    """The words of two short texts."""
    if old == new:
        return (("=", old),) if old else ()
    return tuple(word_spans(old, new))


def lines_paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Lines of two lists: the same, changed, only in the first, only in the second."""
    for _, old, old_end, new, new_end in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        both = min(old_end - old, new_end - new)
        yield from zip(before[old : old + both], after[new : new + both], strict=True)
        yield from ((line, None) for line in before[old + both : old_end])
        yield from ((None, line) for line in after[new + both : new_end])
