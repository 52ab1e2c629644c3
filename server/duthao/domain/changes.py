"""What changed in one draft between two of its moments, and who changed it.

A provision is followed by its id, which never changes, not by likeness: this is the history of
one text, not the comparison of two. Words are shown by whole tokens (`compare.words`), each
changed run credited to those whose letters it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from duthao.domain.compare.result import Op
from duthao.domain.compare.sequences import longest_increasing
from duthao.domain.compare.words import word_spans
from duthao.domain.document import Document, ProvisionId, UserId
from duthao.domain.outline import Entry, outline

NOBODY: Final = UserId("")

Row = int
"""A row of the journal; 0 for none."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one sort and one person. `row` is the last row in it; "" and 0 where nobody is known."""

    op: Op
    text: str
    user_id: UserId = NOBODY
    row: Row = 0


@dataclass(frozen=True, slots=True)
class Place:
    """One provision in the reading order of both moments; at least one of the two is there.

    What is gone stands behind what it stood behind. `moved`: it changed its place among those
    that stand in both.
    """

    before: Entry | None
    after: Entry | None
    moved: bool = False

    @property
    def entry(self) -> Entry:
        """As it is, or as it was before it went."""
        found = self.after or self.before
        assert found is not None
        return found


def places(before: Document, after: Document) -> tuple[Place, ...]:
    """Every provision of either moment, once."""
    old, new = outline(before).entries, outline(after).entries
    was = {entry.provision.id: at for at, entry in enumerate(old)}
    shared = [entry for entry in new if entry.provision.id in was]
    order = [was[entry.provision.id] for entry in shared]
    stayed = {shared[at].provision.id for at in longest_increasing(order, [1] * len(order))}
    there = {entry.provision.id for entry in new}
    gone: dict[ProvisionId | None, list[Place]] = {}
    last: ProvisionId | None = None
    for entry in old:
        if entry.provision.id in stayed:
            last = entry.provision.id
        elif entry.provision.id not in there:
            gone.setdefault(last, []).append(Place(entry, None))
    found = gone.get(None, [])
    for entry in new:
        id_ = entry.provision.id
        at = was.get(id_)
        found.append(
            Place(None if at is None else old[at], entry, moved=at is not None and id_ not in stayed)
        )
        found.extend(gone.get(id_, ()))
    return tuple(found)


def credited(
    before: str,
    after: str,
    born: Sequence[Row],
    died: Sequence[Row],
    who: Callable[[Row], UserId],
) -> tuple[Run, ...]:
    """The words between two moments, each changed run with its person.

    `born` has for each character of `after` the row that brought it, 0 where it is older than
    `before`; `died` for each character of `before` the row that took it. "=" and "-" joined
    give `before`, "=" and "+" joined give `after`. Letters kept inside a changed word go with
    the letters beside them; a run without any of its own goes with the run beside it.
    """
    runs: list[Run] = []
    spans = word_spans(before, after)
    old = new = 0
    for place, (op, text) in enumerate(spans):
        size = len(text)
        if op == "=":
            runs.append(Run("=", text))
            old, new = old + size, new + size
        elif op == "-":
            beside = born[new : new + len(spans[place + 1][1])] if _is(spans, place + 1, "+") else ()
            runs.extend(_by_person("-", text, died[old : old + size], beside, who))
            old += size
        else:
            earlier = len(spans[place - 1][1]) if _is(spans, place - 1, "-") else 0
            runs.extend(_by_person("+", text, born[new : new + size], died[old - earlier : old], who))
            new += size
    return tuple(runs)


def came(text: str, born: Sequence[Row], who: Callable[[Row], UserId]) -> tuple[Run, ...]:
    """The words of a new provision: those written with it as "+", those that came along as "="."""
    runs: list[Run] = []
    for new, held in groupby(range(len(text)), key=lambda at: born[at] > 0):
        places_ = list(held)
        part = slice(places_[0], places_[-1] + 1)
        runs.extend(_by_person("+", text[part], born[part], (), who) if new else [Run("=", text[part])])
    return tuple(runs)


def _is(spans: Sequence[tuple[Op, str]], place: int, op: Op) -> bool:
    return 0 <= place < len(spans) and spans[place][0] == op


def _by_person(
    op: Op, text: str, rows: Sequence[Row], beside: Sequence[Row], who: Callable[[Row], UserId]
) -> Iterator[Run]:
    filled = _filled(rows) or _filled(beside)[:1] * len(text) or [0] * len(text)
    people = [who(row) if row else NOBODY for row in filled]
    for person, places_ in groupby(range(len(text)), key=lambda at: people[at]):
        held = list(places_)
        yield Run(op, text[held[0] : held[-1] + 1], person, max(filled[held[0] : held[-1] + 1]))


def _filled(rows: Sequence[Row]) -> list[Row]:
    """The rows with every 0 taken from the nearest before it, or after it; empty when all are 0."""
    first = next((row for row in rows if row), 0)
    if not first:
        return []
    found: list[Row] = []
    for row in rows:
        found.append(row or (found[-1] if found else first))
    return found
