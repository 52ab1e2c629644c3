"""A text as an amending instrument sees it: units that can be addressed, and what stands in them.

Every unit with a number is named by the chain of numbers that leads to it. What has no number
(paragraphs, indents, tables) is part of the unit above it: the lines between the unit's own
words and its first numbered child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from duthao.domain.document import Kind
from duthao.domain.outline import UPPER, Entry, Outline, plain_line
from duthao.domain.text import nfc, squeeze

Step = tuple[Kind, str]
Address = tuple[Step, ...]
"""From the outermost step in: `((ARTICLE, "5"), (CLAUSE, "2"), (POINT, "đ1"))`.

Articles, parts and chapters run through a text, so their address is one step; sections stand in
their chapter. Under an appendix every address starts with the appendix. A number that comes
twice in its scope carries "#2": such a unit cannot be named in a sentence.
"""

HEADS = UPPER | {Kind.ARTICLE}
NUMBERED = HEADS | {Kind.CLAUSE, Kind.POINT}
_RUN_THROUGH = frozenset((Kind.PART, Kind.CHAPTER, Kind.ARTICLE))
REPEATED = "#"
MANY = 2
"""Points that make a list; below a single one nothing tells whose a paragraph is."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words without a number; `text` as printed ("- một"), white space squeezed."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Unit:
    """A numbered unit and all that belongs to it; divisions hold no articles here (see `Text`).

    `closing` are the paragraphs below its last point that belong to no point. `index` is its
    place among the outline's entries; `above` the divisions it stands in, outermost first. The
    pseudo unit with the empty address holds what stands under nothing.
    """

    address: Address
    kind: Kind
    text: str
    lines: tuple[Line, ...]
    children: tuple[Unit, ...]
    index: int
    above: tuple[Address, ...] = ()
    closing: tuple[Line, ...] = ()

    @property
    def step(self) -> Step:
        """Its own kind and number."""
        return self.address[-1] if self.address else (self.kind, "")

    @property
    def number(self) -> str:
        return self.step[1]

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Label, words and lines as printed, without numbered children."""
        return (*head_lines(self), *(line.text for line in self.lines))

    @cached_property
    def whole(self) -> tuple[str, ...]:
        """All of it as printed, one line a provision."""
        below = (line for child in self.children for line in child.whole)
        return (*self.own, *below, *(line.text for line in self.closing))

    @cached_property
    def size(self) -> int:
        """Characters of the whole."""
        return sum(map(len, self.whole))

    def descendants(self) -> Iterator[Unit]:
        """Every numbered unit under this one, in reading order."""
        for child in self.children:
            yield child
            yield from child.descendants()


@dataclass(frozen=True)
class Text:
    """A text's divisions and articles in reading order, flat; the rest stands in them."""

    outline: Outline
    heads: tuple[Unit, ...]

    @cached_property
    def by_address(self) -> dict[Address, Unit]:
        return {unit.address: unit for head in self.heads for unit in (head, *head.descendants())}

    @cached_property
    def by_index(self) -> dict[int, Address]:
        """For each entry of the outline the address of the numbered unit it is or stands in."""
        owner = {unit.index: unit.address for unit in self.by_address.values() if unit.index >= 0}
        for index, entry in enumerate(self.outline.entries):
            if index not in owner and entry.parent in owner:
                owner[index] = owner[entry.parent]
        return owner

    @cached_property
    def by_path(self) -> dict[str, Address | None]:
        """The same by the entry's path; None for what stands under nothing."""
        return {entry.path: self.by_index.get(index) for index, entry in enumerate(self.outline.entries)}


def head_lines(unit: Unit) -> tuple[str, ...]:
    """Label and words; a division's title in capitals stands on its own line."""
    if not unit.address:
        return ()
    label = label_of(unit.step)
    if not unit.text:
        return (label,)
    if unit.kind in UPPER and unit.kind is not Kind.HEADING:
        capitals = unit.text == unit.text.upper()
        return (label, unit.text) if capitals else (f"{label}. {unit.text}",)
    return (f"{label} {unit.text}",)


_LABELS: dict[Kind, str] = {
    Kind.APPENDIX: "Phụ lục {}",
    Kind.PART: "Phần {}",
    Kind.CHAPTER: "Chương {}",
    Kind.SECTION: "Mục {}",
    Kind.SUBSECTION: "Tiểu mục {}",
    Kind.HEADING: "{}-",
    Kind.ARTICLE: "Điều {}.",
    Kind.CLAUSE: "{}.",
    Kind.POINT: "{})",
}


def label_of(step: Step) -> str:
    """The printed label ("Điều 5a.", "đ1)")."""
    kind, number = step
    return _LABELS[kind].format(number).strip()


@dataclass
class _Growing:
    """A unit while its text is read."""

    address: Address
    entry: Entry | None
    index: int
    above: tuple[Address, ...]
    lines: list[Line] = field(default_factory=list)
    children: list[_Growing] = field(default_factory=list)

    def grown(self) -> Unit:
        provision = self.entry.provision if self.entry else None
        closing = self._closing()
        return Unit(
            address=self.address,
            kind=provision.kind if provision else Kind.PARAGRAPH,
            text=nfc(squeeze(provision.text)) if provision else "",
            lines=tuple(self.lines),
            children=tuple(child.grown() for child in self.children),
            index=self.index,
            above=self.above,
            closing=closing,
        )

    def _closing(self) -> tuple[Line, ...]:
        """Takes the paragraphs below the last point from it, when no other point has any."""
        points = [child for child in self.children if child.address[-1][0] is Kind.POINT]
        if len(points) < MANY or points[-1] is not self.children[-1]:
            return ()
        if any(line.kind is Kind.PARAGRAPH for point in points[:-1] for line in point.lines):
            return ()
        lines = points[-1].lines
        start = len(lines)
        while start and lines[start - 1].kind is Kind.PARAGRAPH:
            start -= 1
        points[-1].lines = lines[:start]
        return tuple(lines[start:])


class _Builder:
    def __init__(self) -> None:
        self.heads: list[_Growing] = []
        self.units: dict[int, _Growing] = {}
        self.taken: dict[Address, int] = {}
        self.root: _Growing | None = None

    def _at_root(self) -> _Growing:
        if self.root is None:
            self.root = _Growing((), None, -1, ())
            self.heads.append(self.root)
        return self.root

    def _unique(self, address: Address) -> Address:
        times = self.taken[address] = self.taken.get(address, 0) + 1
        if times == 1:
            return address
        kind, number = address[-1]
        return (*address[:-1], (kind, f"{number}{REPEATED}{times}"))

    def add(self, index: int, entry: Entry, home: _Growing | None) -> None:
        """`home` is the numbered unit above the entry."""
        kind = entry.provision.kind
        if kind not in NUMBERED:
            owner = home or self._at_root()
            owner.lines.append(Line(kind, nfc(plain_line(entry))))
            self.units[index] = owner
            return
        step = (kind, entry.number)
        outer = home.address if home else ()
        if kind in _RUN_THROUGH:
            outer = outer[:1] if outer and outer[0][0] is Kind.APPENDIX else ()
        above = (*home.above, home.address) if home and home.address and kind in HEADS else ()
        made = _Growing(self._unique((*outer, step)), entry, index, above)
        if kind in HEADS:
            self.heads.append(made)
        else:
            (home or self._at_root()).children.append(made)
        self.units[index] = made


def text_of(outline: Outline) -> Text:
    """The units of an outline; total, linear in its size."""
    builder = _Builder()
    for index, entry in enumerate(outline.entries):
        parent = entry.parent
        builder.add(index, entry, None if parent is None else builder.units[parent])
    return Text(outline, tuple(head.grown() for head in builder.heads))


def same(left: Unit, right: Unit, key: Callable[[str], str] = str) -> bool:
    """Whether two units say the same, their own numbers aside; `key` is what texts are held to."""
    return (
        left.kind is right.kind
        and len(left.lines) == len(right.lines)
        and len(left.closing) == len(right.closing)
        and len(left.children) == len(right.children)
        and key(left.text) == key(right.text)
        and all(
            a.kind is b.kind and key(a.text) == key(b.text)
            for a, b in zip((*left.lines, *left.closing), (*right.lines, *right.closing), strict=True)
        )
        and all(
            a.step == b.step and same(a, b, key) for a, b in zip(left.children, right.children, strict=True)
        )
    )
