"""One text prepared for alignment: its provisions, and the containers they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TypeVar
from zlib import crc32

from duthao.domain.compare.result import Unit
from duthao.domain.document import CharOffset, Document, Kind, Mark, Provision
from duthao.domain.outline import CELL_MARK, UPPER, Entry, Outline, outline, plain_line

T = TypeVar("T")
Line = tuple[Kind, str]
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
        return self._kinds[index]

    def parent(self, index: int) -> int:
        return self.parents[index]

    def heads(self, upper: bool) -> list[int]:
        """The divisions, or the articles."""
        return self._heads[upper]

    @cached_property
    def _heads(self) -> tuple[list[int], list[int]]:
        """The articles, and the divisions."""
        found: tuple[list[int], list[int]] = ([], [])
        for index in self.members:
            if index != ROOT:
                found[self.kind(index) is not Kind.ARTICLE].append(index)
        return found

    def unit(self, index: int) -> Unit:
        return self.units[index]

    def _unit(self, index: int) -> Unit:
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
    def lines(self) -> tuple[bytes, ...]:
        """The lines of the canonical plain text (`outline.canonical_text`)."""
        return tuple(map(_line, self.entries))

    @cached_property
    def sha256(self) -> str:
        """Of the canonical plain text, without making the outline again."""
        return sha256(b"".join(self.lines)).hexdigest()

    @cached_property
    def contents(self) -> dict[int, tuple[Line, ...]]:
        """For each article its kinds and texts from heading to last point: equal ones are equal."""
        return {head: self._content(head) for head in self.heads(upper=False)}

    @cached_property
    def by_content(self) -> dict[tuple[Line, ...], list[int]]:
        """The articles of each content."""
        found: dict[tuple[Line, ...], list[int]] = {}
        for head, content in self.contents.items():
            found.setdefault(content, []).append(head)
        return found

    def _content(self, head: int) -> tuple[Line, ...]:
        return tuple((self.kind(k), self.texts[k]) for k in (head, *self.members[head]))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each id stands; more than one place for an id that was given twice."""
        found: dict[str, list[int]] = {}
        for index, entry in enumerate(self.entries):
            found.setdefault(entry.provision.id, []).append(index)
        return found

    @cached_property
    def split_off(self) -> tuple[int, ...]:
        """Provisions that say where they came from."""
        return tuple(k for k, entry in enumerate(self.entries) if entry.provision.origin)

    @cached_property
    def _kinds(self) -> tuple[Kind, ...]:
        return tuple(entry.provision.kind for entry in self.entries)

    @cached_property
    def parents(self) -> tuple[int, ...]:
        return tuple(ROOT if entry.parent is None else entry.parent for entry in self.entries)

    @cached_property
    def checks(self) -> tuple[int, ...]:
        """A number for each provision's words, by which a sample is chosen."""
        return tuple(map(_check, self.words))

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every provision as rows show it."""
        return tuple(map(self._unit, range(len(self.texts))))

    def articles(self) -> int:
        return len(self.heads(upper=False))


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


def _line(entry: Entry) -> bytes:
    return f"{plain_line(entry)}\n".encode("utf-8", "surrogatepass")


def _check(words: str) -> int:
    return crc32(words.encode("utf-8", "surrogatepass"))


def _changed(known: Tree, made: Outline) -> list[int] | None:
    """Where the entries differ from a known tree of the very same shape; None for another shape."""
    # An outline that was made from a known one of its shape has that one's roots.
    if made.roots is not known.outline.roots:
        return None
    return [
        index
        for index, (was, now) in enumerate(zip(known.entries, made.entries, strict=True))
        if was is not now
    ]


def _renewed(known: tuple[T, ...], changed: Sequence[int], at: Callable[[int], T]) -> tuple[T, ...]:
    """The known values, anew where something changed."""
    values = list(known)
    for index in changed:
        values[index] = at(index)
    return tuple(values)


def _moved_contents(known: Tree, tree: Tree, homes: Iterable[int]) -> dict[tuple[Line, ...], list[int]]:
    """The known `by_content`, with some articles under their new content."""
    found = dict(known.by_content)
    for head in homes:
        old, new = known.contents[head], tree.contents[head]
        found[old] = [other for other in found[old] if other != head]
        if not found[old]:
            del found[old]
        found[new] = sorted([*found.get(new, ()), head])
    return found


_OF_THE_SHAPE = ("parents", "_kinds", "_heads")
"""What is prepared of a tree and leans on nothing but its shape."""


def _again(known: Tree, made: Outline, changed: Sequence[int]) -> Tree:
    """The tree of an outline that differs in a few entries' words; what was prepared is taken over."""
    texts = _renewed(known.texts, changed, lambda index: unit_text(made.entries[index].provision))
    tables = any(made.entries[index].provision.kind in (Kind.TABLE, Kind.ROW) for index in changed)
    tree = Tree(
        outline=made,
        texts=texts,
        words=_words(made, texts) if tables else _renewed(known.words, changed, texts.__getitem__),
        container=known.container,
        members=known.members,
    )
    prepared = known.__dict__
    if "lines" in prepared:
        tree.__dict__["lines"] = _renewed(known.lines, changed, lambda index: _line(made.entries[index]))
    if "contents" in prepared:
        homes = {tree.container[index] for index in changed} & known.contents.keys()
        tree.__dict__["contents"] = known.contents | {head: tree._content(head) for head in homes}
        if "by_content" in prepared:
            tree.__dict__["by_content"] = _moved_contents(known, tree, homes)
    tree.__dict__.update({name: prepared[name] for name in _OF_THE_SHAPE if name in prepared})
    if "checks" in prepared:
        tree.__dict__["checks"] = _renewed(known.checks, changed, lambda index: _check(tree.words[index]))
    same_ids = all(
        known.entries[k].provision.id == made.entries[k].provision.id
        and known.entries[k].provision.origin == made.entries[k].provision.origin
        for k in changed
    )
    if same_ids:
        tree.__dict__.update({n: prepared[n] for n in ("places", "split_off") if n in prepared})
    if "units" in prepared:
        tree.__dict__["units"] = _renewed(known.units, changed, tree._unit)
    return tree


def tree_of(document: Document, known: Tree | None = None) -> Tree:
    """The document prepared; linear in its size.

    `known`, the tree of an earlier state, only saves work; the answer is the same without it.
    """
    made = outline(document, None if known is None else known.outline)
    if known is not None:
        changed = _changed(known, made)
        if changed is not None:
            return known if not changed else _again(known, made, changed)
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
