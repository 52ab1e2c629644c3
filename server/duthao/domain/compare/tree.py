"""One text prepared for alignment: its provisions, and the containers they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from duthao.domain.compare.result import Unit
from duthao.domain.document import CharOffset, Document, Kind, Mark, Provision
from duthao.domain.outline import CELL_MARK, UPPER, Entry, Outline, outline, plain_line

ROOT = -1
"""The container of what stands in no article and under no division."""

_HEADS = UPPER | {Kind.ARTICLE}


def unit_text(provision: Provision) -> str:
    """A provision's words; a table row's are its cells."""
    if provision.kind is Kind.ROW and provision.cells:
        return CELL_MARK.join(provision.cells)
    return provision.text


@dataclass(frozen=True)
class Tree:
    """Lists by provision index, in reading order.

    `container[i]` is the article a provision stands in, else the division directly above it,
    else ROOT; an article and a division are their own. `members[c]` are the provisions of
    container c without its head.
    """

    outline: Outline
    texts: tuple[str, ...]
    words: tuple[str, ...]
    """What a provision is matched by: its text, of a table's row without its running number."""
    container: tuple[int, ...]
    members: dict[int, tuple[int, ...]]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.outline.entries

    def kind(self, index: int) -> Kind:
        return self.entries[index].provision.kind

    def parent(self, index: int) -> int:
        parent = self.entries[index].parent
        return ROOT if parent is None else parent

    def heads(self, upper: bool) -> list[int]:
        """The divisions, or the articles."""
        return [
            index
            for index in self.members
            if index != ROOT and (self.kind(index) is not Kind.ARTICLE) == upper
        ]

    def unit(self, index: int) -> Unit:
        entry = self.entries[index]
        return Unit(entry.provision.id, entry.provision.kind, entry.path, entry.label, self.texts[index])

    def marks(self, indices: Iterable[int]) -> tuple[Mark, ...]:
        """The formats of these provisions, counted in their texts joined by line breaks."""
        found: list[Mark] = []
        start = 0
        for index in indices:
            found.extend(
                Mark(mark.kind, CharOffset(mark.start + start), CharOffset(mark.end + start))
                for mark in self.entries[index].provision.marks
            )
            start += len(self.texts[index]) + 1
        return tuple(found)

    def is_note(self, index: int) -> bool:
        """Whether only a note of repeal stands at this number."""
        return not self.members.get(index) and _REPEAL_NOTE.fullmatch(self.texts[index]) is not None

    def grid(self, row: int) -> tuple[tuple[str, ...], ...]:
        """The cells of the table that this row stands in."""
        table = self.parent(row)
        rows = self.entries[table].children if table != ROOT else (row,)
        return tuple(self.entries[k].provision.cells for k in rows if self.kind(k) is Kind.ROW)

    @cached_property
    def sha256(self) -> str:
        """Of the canonical plain text (`outline.canonical_text`), without making the outline again."""
        digest = sha256()
        for entry in self.entries:
            digest.update(f"{plain_line(entry)}\n".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def articles(self) -> int:
        return sum(entry.provision.kind is Kind.ARTICLE for entry in self.entries)


_REPEAL_NOTE = re.compile(r"\W*(?:được |đã |bị )?(?:bãi bỏ|hủy bỏ|huỷ bỏ)\W*", re.IGNORECASE)
_RUNNING = frozenset(("stt", "tt", "số tt", "số thứ tự", "no", "no.", "#"))


def runs_in_first_column(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table's first column only counts its rows: so headed, or 1, 2, 3 … under the head."""
    firsts = [row[0].strip().casefold() for row in rows if len(row) > 1]
    if len(firsts) < 2:
        return False
    numbers = [first.rstrip(".") for first in firsts[1:]]
    return firsts[0] in _RUNNING or numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _words(made: Outline, texts: tuple[str, ...]) -> tuple[str, ...]:
    words = list(texts)
    for table in made.entries:
        if table.provision.kind is not Kind.TABLE:
            continue
        rows = [made.entries[index].provision.cells for index in table.children]
        if runs_in_first_column(rows):
            for index, cells in zip(table.children, rows, strict=True):
                words[index] = CELL_MARK.join(cells[1:]) or texts[index]
    return tuple(words)


def tree_of(document: Document) -> Tree:
    """The document prepared; linear in its size."""
    made = outline(document)
    container: list[int] = []
    members: dict[int, list[int]] = {ROOT: []}
    for index, entry in enumerate(made.entries):
        if entry.provision.kind in _HEADS:
            container.append(index)
            members[index] = []
            continue
        home = ROOT if entry.parent is None else container[entry.parent]
        container.append(home)
        members[home].append(index)
    texts = tuple(unit_text(entry.provision) for entry in made.entries)
    return Tree(
        outline=made,
        texts=texts,
        words=_words(made, texts),
        container=tuple(container),
        members={head: tuple(found) for head, found in members.items()},
    )
