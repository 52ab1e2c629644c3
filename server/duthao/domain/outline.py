"""The hierarchy of a document, derived: numbers, printed labels, paths, parents, children.

A path names a provision in its text (docs/protocol/comparison.md): `phan:I/chuong:II/muc:1`
for the upper levels; from an article on it starts at the article, `dieu:5a/khoan:2/diem:đ1`.
Under an appendix every path starts with the appendix.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.numbering import number, printed_label
from duthao.domain.text import squeeze

LEVELS: dict[Kind, int] = {
    Kind.APPENDIX: 0,
    Kind.PART: 1,
    Kind.CHAPTER: 2,
    Kind.SECTION: 3,
    Kind.SUBSECTION: 4,
    Kind.HEADING: 5,
    Kind.ARTICLE: 6,
    Kind.CLAUSE: 7,
    Kind.POINT: 8,
    Kind.INDENT: 9,
}
"""Rank of the kinds that can hold others; a lower rank holds a higher one."""

UPPER = frozenset((Kind.APPENDIX, Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.HEADING))
"""Divisions above the article."""

_SEGMENT: dict[Kind, str] = {
    Kind.APPENDIX: "phuluc",
    Kind.PART: "phan",
    Kind.CHAPTER: "chuong",
    Kind.SECTION: "muc",
    Kind.SUBSECTION: "tieumuc",
    Kind.HEADING: "demuc",
    Kind.ARTICLE: "dieu",
    Kind.CLAUSE: "khoan",
    Kind.POINT: "diem",
    Kind.INDENT: "tiet",
    Kind.PARAGRAPH: "doan",
    Kind.TABLE: "bang",
    Kind.ROW: "hang",
}

KIND_OF_SEGMENT = {segment: kind for kind, segment in _SEGMENT.items()}
"""The kind that each name in a path means."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One provision in its place.

    `level` is the depth in the tree, 0 at the top; `parent` and `children` are indices in
    the outline's entries. A paragraph belongs to the nearest unit above it.
    """

    provision: Provision
    number: str
    label: str
    path: str
    level: int
    parent: int | None
    children: tuple[int, ...]


@dataclass(frozen=True)
class Outline:
    """The entries in reading order, one for each provision, and the tree they form."""

    entries: tuple[Entry, ...]
    roots: tuple[int, ...]
    policy: NumberingPolicy

    @cached_property
    def by_path(self) -> dict[str, Entry]:
        """Each entry by its path, which is unique."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Each entry by its provision's id."""
        return {entry.provision.id: entry for entry in self.entries}

    def counts(self) -> dict[Kind, int]:
        """How many provisions of each kind there are, kinds in rank order, without zeros."""
        found = [entry.provision.kind for entry in self.entries]
        return {kind: found.count(kind) for kind in _SEGMENT if kind in found}

    def subtree(self, index: int) -> range:
        """The indices of an entry and all that belongs under it."""
        end = index + 1
        level = self.entries[index].level
        while end < len(self.entries) and self.entries[end].level > level:
            end += 1
        return range(index, end)


def _base(kind: Kind, path: str | None, own: str, appendix: str) -> str:
    """The path in front of a provision's own segment."""
    if kind is Kind.ARTICLE:
        return f"{appendix}{own}"
    return f"{path}/{own}" if path else own


def _segment(kind: Kind, number: str, place: int) -> str:
    if kind in (Kind.PARAGRAPH, Kind.TABLE, Kind.ROW, Kind.INDENT):
        return f"{_SEGMENT[kind]}:{place}"
    return f"{_SEGMENT[kind]}:{number.replace(' ', '-')}" if number else _SEGMENT[kind]


class _Builder:
    """Walks the flat list once; `open` is the chain of units from the top to here."""

    def __init__(self, numbers: Sequence[str]) -> None:
        self.numbers = numbers
        self.open: list[tuple[int, int]] = []  # (rank, index)
        self.table: int | None = None
        self.paths: list[str] = []
        self.parents: list[int | None] = []
        self.levels: list[int] = []
        self.children: list[list[int]] = []
        self.taken: dict[str, int] = {}
        self.places: dict[tuple[int | None, Kind], int] = {}
        self.appendix = ""

    def _parent(self, kind: Kind, rank: int | None) -> int | None:
        if rank is not None:
            while self.open and self.open[-1][0] >= rank:
                self.open.pop()
        elif kind is Kind.ROW and self.table is not None:
            return self.table
        return self.open[-1][1] if self.open else None

    def _unique(self, path: str) -> str:
        times = self.taken.get(path, 0) + 1
        self.taken[path] = times
        return path if times == 1 else f"{path}#{times}"

    def add(self, index: int, kind: Kind) -> None:
        """Give the next provision its place."""
        rank = LEVELS.get(kind)
        parent = self._parent(kind, rank)
        place = self.places[parent, kind] = self.places.get((parent, kind), 0) + 1
        own = _segment(kind, self.numbers[index], place)
        above = self.paths[parent] if parent is not None else None
        path = self._unique(_base(kind, above, own, self.appendix))
        if kind is Kind.APPENDIX:
            self.appendix = f"{path}/"
        self.paths.append(path)
        self.parents.append(parent)
        self.children.append([])
        if parent is None:
            self.levels.append(0)
        else:
            self.levels.append(self.levels[parent] + 1)
            self.children[parent].append(index)
        if rank is not None:
            self.open.append((rank, index))
        if kind is not Kind.ROW:
            self.table = index if kind is Kind.TABLE else None


def _same_shape(known: Outline, provisions: Sequence[Provision], policy: NumberingPolicy) -> bool:
    """Whether numbers, paths and tree are those of the known outline: they lean on kinds and labels only."""
    return (
        known.policy is policy
        and len(known.entries) == len(provisions)
        and all(
            (was := entry.provision) is now or (was.kind is now.kind and was.label == now.label)
            for entry, now in zip(known.entries, provisions, strict=True)
        )
    )


def outline_of(
    provisions: Sequence[Provision], policy: NumberingPolicy, known: Outline | None = None
) -> Outline:
    """The outline of provisions in reading order; total, linear in their number.

    `known`, the outline of an earlier state, only saves work: where nothing but words differs
    its entries are taken over. The answer is the same without it.
    """
    if known is not None and _same_shape(known, provisions, policy):
        entries = tuple(
            entry if entry.provision is now or entry.provision == now else replace(entry, provision=now)
            for entry, now in zip(known.entries, provisions, strict=True)
        )
        return Outline(entries, known.roots, policy)
    numbers = number(provisions, policy)
    builder = _Builder(numbers)
    for index, provision in enumerate(provisions):
        builder.add(index, provision.kind)
    entries = tuple(
        Entry(
            provision,
            numbers[index],
            printed_label(provision.kind, numbers[index]),
            path,
            level,
            parent,
            tuple(children),
        )
        for index, (provision, path, level, parent, children) in enumerate(
            zip(provisions, builder.paths, builder.levels, builder.parents, builder.children, strict=True)
        )
    )
    return Outline(entries, tuple(i for i, parent in enumerate(builder.parents) if parent is None), policy)


def outline(document: Document, known: Outline | None = None) -> Outline:
    """The outline of a document's live provisions; `known` as in `outline_of`."""
    return outline_of(document.provisions, document.policy, known)


def below(document: Document, provision_id: ProvisionId) -> frozenset[ProvisionId]:
    """A provision and all that stands below it; nothing when it is not there."""
    made = outline(document)
    tops = [at for at, entry in enumerate(made.entries) if entry.provision.id == provision_id]
    return frozenset(made.entries[at].provision.id for top in tops for at in made.subtree(top))


CELL_MARK = " | "
"""What stands between the cells of a row in plain text."""

ONE_CELL = "||"
"""What a row of one cell begins with in plain text: nothing else would tell it from a paragraph."""

_CELL_END = re.compile(r"(?<!\S)\|(?!\S)")
_SIGN = re.compile(r"(?<!\S)\\*\|{1,2}(?!\S)")
_ESCAPED = re.compile(r"(?<!\S)\\(?=\\*\|{1,2}(?!\S))")


def row_line(cells: Sequence[str]) -> str:
    """A row as one line: its cells parted by " | ", a single one after "||"; white space squeezed.

    What would be read as such a sign in a cell's own words has a backslash before it.
    """
    written = [_SIGN.sub(r"\\\g<0>", squeeze(cell)) for cell in cells]
    return (CELL_MARK.join(written) if len(written) != 1 else f"{ONE_CELL} {written[0]}").strip()


def row_cells(line: str) -> tuple[str, ...] | None:
    """The cells of a row that `row_line` wrote; None for a line that is no row."""
    parts = _CELL_END.split(line)
    if len(parts) == 1:
        if parts[0].split(maxsplit=1)[:1] != [ONE_CELL]:
            return None
        parts = [parts[0].lstrip().removeprefix(ONE_CELL)]
    return tuple(_ESCAPED.sub("", part.strip()) for part in parts)


def plain_line(entry: Entry) -> str:
    """One provision as one line: its printed label and its text."""
    provision = entry.provision
    if provision.kind is Kind.ROW:
        return row_line(provision.cells or (provision.text,))
    return f"{entry.label} {squeeze(provision.text)}".strip()


def canonical_text(document: Document) -> str:
    """The provisions with their numbers, one line each: what a comparison's SHA-256 is taken of.

    Front matter, closing and formats are not part of it; white space is squeezed.
    """
    return "".join(f"{plain_line(entry)}\n" for entry in outline(document).entries)
