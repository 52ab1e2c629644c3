"""An amending instrument as a value: its sentences, the words they quote, head and end.

As text it is what a committee votes on, and what a reader reads back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from duthao.domain.amend.units import Address
from duthao.domain.document import (
    CharOffset,
    Document,
    FrontMatter,
    Kind,
    Mark,
    MarkKind,
    NumberingPolicy,
    Provision,
    ProvisionId,
)
from duthao.domain.numbering import next_place
from duthao.domain.outline import outline, plain_line, row_cells

ARTICLE = "1"
"""The article of an instrument that holds the instructions."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One numbered sentence, without its number and closing mark.

    `quoted` are the lines of new text without the outer quotation marks; `items` the
    instructions a), b), c) under it; `units` what it is about.
    """

    sentence: str
    quoted: tuple[str, ...] = ()
    items: tuple[Instruction, ...] = ()
    units: tuple[Address, ...] = ()

    def leaves(self) -> Iterator[Instruction]:
        """The instructions that change something: itself, or its items."""
        if not self.items:
            yield self
        for item in self.items:
            yield from item.leaves()


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument: Điều 1 with its instructions, Điều 2 on when it takes effect."""

    front: FrontMatter
    heading: str
    instructions: tuple[Instruction, ...]
    effect_heading: str
    effect: str

    def leaves(self) -> tuple[Instruction, ...]:
        return tuple(leaf for instruction in self.instructions for leaf in instruction.leaves())

    def quoted_characters(self) -> int:
        """Characters of new text it quotes."""
        return sum(len(line) for leaf in self.leaves() for line in leaf.quoted)

    def written_characters(self) -> int:
        """Characters of its sentences and quotations."""
        own = sum(len(instruction.sentence) for instruction in self.instructions if instruction.items)
        return own + self.quoted_characters() + sum(len(leaf.sentence) for leaf in self.leaves())

    def document(self) -> Document:
        """The instrument as a document, to be printed as any other. Ids are its own."""
        return self._printed(self._pages())

    def _printed(self, pages: _Pages) -> Document:
        return Document(tuple(pages.provisions), self.front, NumberingPolicy.KEEP)

    def _pages(self) -> _Pages:
        numbers = count(1)
        made = _Pages(lambda: ProvisionId(f"i{next(numbers)}"))
        made.add(Kind.ARTICLE, self.heading, ARTICLE)
        for place, instruction in enumerate(self.instructions, 1):
            made.instruction(instruction, Kind.CLAUSE, str(place), ".")
        made.add(Kind.ARTICLE, self.effect_heading, "2")
        made.add(Kind.PARAGRAPH, self.effect)
        return made

    def text(self) -> str:
        """Its articles as plain text, one line a provision; head and signature left out."""
        pages = self._pages()
        entries = outline(self._printed(pages)).entries
        return "".join(f"{pages.rows.get(e.provision.id) or plain_line(e)}\n" for e in entries)


class _Pages:
    def __init__(self, new_id: Callable[[], ProvisionId]) -> None:
        self.new_id = new_id
        self.provisions: list[Provision] = []
        self.rows: dict[ProvisionId, str] = {}

    def add(self, kind: Kind, text: str, label: str | None = None) -> None:
        self.provisions.append(Provision(self.new_id(), kind, text, label))

    def row(self, cells: tuple[str, ...], opening: str, closing: str, line: str) -> None:
        """A quoted row, printed as that of a small table: the marks in its cells; in text around the line."""
        marked = (f"{opening}{cells[0]}", *cells[1:])
        marked = (*marked[:-1], f"{marked[-1]}{closing}")
        self.provisions.append(Provision(self.new_id(), Kind.ROW, "", cells=marked))
        self.rows[self.provisions[-1].id] = f"{opening}{line}{closing}"

    def instruction(self, instruction: Instruction, kind: Kind, label: str, end: str) -> None:
        """A sentence, its quotation closed by `”` and `end`, its items."""
        closes = not instruction.quoted and not instruction.items
        self.add(kind, instruction.sentence + (end if closes else ""), label)
        for place, line in enumerate(instruction.quoted):
            first, last = place == 0, place == len(instruction.quoted) - 1
            opening, closing = "“" if first else "", f"”{end}" if last else ""
            if cells := row_cells(line):
                self.row(cells, opening, closing, line)
                continue
            self.add(Kind.PARAGRAPH, f"{opening}{line}{closing}")
            if line.startswith("Điều "):
                # The name of a quoted article stands out, as it does in its own text.
                made = self.provisions[-1]
                bold = Mark(MarkKind.BOLD, CharOffset(first), CharOffset(len(line) + first))
                self.provisions[-1] = replace(made, marks=(bold,))
        labels = _letters(len(instruction.items))
        for item, letter in zip(instruction.items, labels, strict=True):
            self.instruction(item, Kind.POINT, letter, end if letter == labels[-1] else ";")


def _letters(size: int) -> Sequence[str]:
    """The labels of so many points: a, b, c, d, đ …, y, y1."""
    latin = "abcdđefghijklmnopqrstuvwxyz"
    found: list[str] = []
    place = None
    for _ in range(size):
        place = next_place(Kind.POINT, place)
        found.append(latin[place[0]] + place[1])
    return found
