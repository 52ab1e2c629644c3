"""How provisions are cited beside their words, in the catalogue's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from duthao.domain.document import Kind
from duthao.domain.numbering import next_place, place_of
from duthao.domain.outline import KIND_OF_SEGMENT, UPPER
from duthao.messages import Catalogue

SHOWN = 12
"""At most so many provisions are named in a remark; the cells name them all."""

A_PAIR = 2
"""Units that are still named one by one: "khoản 3 và khoản 4"."""

A_RUN = 4
"""Numbers in succession from which only the first and the last are said."""

Step = tuple[str, str]
"""A segment of a path: its name and number."""


def _steps(path: str) -> tuple[Step, ...]:
    parts = (part.partition("#")[0].partition(":") for part in path.split("/"))
    return tuple((name, number.replace("-", " ")) for name, _, number in parts)


def _within(unit: str, above: Sequence[Step], catalogue: Catalogue) -> str:
    for name, number in reversed(above):
        outer = catalogue(f"print.path.{name}", n=number).strip()
        unit = catalogue("print.path.within", unit=unit, above=outer) if unit else outer
    return unit


def spoken_path(path: str, catalogue: Catalogue) -> str:
    """A path as it is cited, smallest unit first: "điểm đ khoản 2 Điều 5"."""
    return _within("", _steps(path), catalogue)


@dataclass(slots=True)
class _Heap:
    """Units of one name under the same units; `own`: with the words of the unit around them."""

    above: tuple[Step, ...]
    name: str
    numbers: list[str]
    own: bool = False


def _heaps(paths: Sequence[str]) -> Iterator[_Heap]:
    """The paths in their order, neighbours under one unit together."""
    heap: _Heap | None = None
    for *above, (name, number) in map(_steps, paths):
        if heap is not None and heap.name == name and heap.above == tuple(above):
            heap.numbers.append(number)
            continue
        own = False
        if heap is not None:
            # A clause whose points follow: its own words and the points are said at once.
            own = heap.numbers[-1:] != [] and (*heap.above, (heap.name, heap.numbers[-1])) == tuple(above)
            if own:
                heap.numbers.pop()
            if heap.numbers or heap.own:
                yield heap
        heap = _Heap(tuple(above), name, [number], own)
    if heap is not None:
        yield heap


def _follow(kind: Kind, one: str, other: str) -> bool:
    """Whether one number comes plainly next after another."""
    if one.isdigit() and other.isdigit():
        return int(other) == int(one) + 1
    place = place_of(kind, one)
    return place is not None and next_place(kind, place) == place_of(kind, other)


def _ranges(kind: Kind, numbers: Sequence[str], catalogue: Catalogue) -> list[str]:
    """The numbers, long runs of them as "1 đến 5"."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and _follow(kind, runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    said: list[str] = []
    for run in runs:
        if len(run) < A_RUN:
            said += run
        else:
            said.append(catalogue("print.range", first=run[0], last=run[-1]))
    return said


def _enumerated(items: Sequence[str], catalogue: Catalogue) -> str:
    if len(items) < 2:
        return "".join(items)
    return catalogue("print.enumerated", items=", ".join(items[:-1]), last=items[-1])


def _units(heap: _Heap, catalogue: Catalogue) -> str:
    """A heap without what it stands in: "đoạn mở đầu, các điểm a, b và c"."""
    said: list[str] = []
    if heap.own:
        around = KIND_OF_SEGMENT[heap.above[-1][0]]
        part = "title" if around is Kind.ARTICLE or around in UPPER else "lead"
        said.append(catalogue(f"print.path.{part}"))
    if len(heap.numbers) > A_PAIR and all(heap.numbers):
        listed = _ranges(KIND_OF_SEGMENT[heap.name], heap.numbers, catalogue)
        said.append(catalogue(f"print.paths.{heap.name}", n=_enumerated(listed, catalogue)))
    else:
        said += [catalogue(f"print.path.{heap.name}", n=number).strip() for number in heap.numbers]
    return ", ".join(said) if len(heap.numbers) > A_PAIR else _enumerated(said, catalogue)


def _common(one: Sequence[Step], other: Sequence[Step]) -> int:
    """How many outermost steps are the same."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def spoken_paths(paths: Sequence[str], catalogue: Catalogue) -> str:
    """Several paths, what they stand in said once: "các khoản 1, 2 và 4 Điều 5; Điều 7"."""
    heaps = list(_heaps(paths[:SHOWN]))
    said: list[str] = []
    for heap, after in zip_longest(heaps, heaps[1:]):
        # What stands in the same units as the next leaves them to it, as in "điểm a khoản 1; khoản 2 Điều 5".
        shared = 0 if after is None else _common(heap.above, after.above)
        said.append(_within(_units(heap, catalogue), heap.above[shared:], catalogue))
    return "; ".join(said if len(paths) <= SHOWN else [*said, "…"])
