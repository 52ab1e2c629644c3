"""A draft whose letters have names, edited by chance: what became of some words is always known.

draft = Letters(chance)
words = draft.some_words()      # a range, and the names of its letters
draft.edit()                    # one of EDITS; several times
draft.document()                # as the service reads it
draft.places(words.names)       # where those letters stand now, in reading order
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from duthao.domain.anchors import Spot
from duthao.domain.document import Document, Kind, Provision, ProvisionId
from tests.support.made_up import Author

Letter = tuple[str, int]
Line = list[Letter]


@dataclass(slots=True)
class Unit:
    """A provision; a row has several lines, any other has one."""

    id: ProvisionId
    kind: Kind
    lines: list[Line]
    origin: ProvisionId | None = None
    order: str = ""

    @property
    def is_row(self) -> bool:
        return self.kind is Kind.ROW


@dataclass(frozen=True, slots=True)
class Words:
    spot: Spot
    start: int
    end: int
    names: tuple[int, ...]


def text_of(line: Iterable[Letter]) -> str:
    return "".join(letter for letter, _ in line)


class Letters:
    def __init__(self, chance: random.Random) -> None:
        self.chance, self.author, self._names, self._ids = chance, Author(chance), count(), count(1)
        self.units = [self._unit(Kind.ARTICLE, self.author.heading())]
        for kind in (Kind.CLAUSE, Kind.CLAUSE, Kind.POINT, Kind.POINT, Kind.CLAUSE, Kind.PARAGRAPH):
            self.units.append(self._unit(kind, f"{self.author.sentence()}."))
        self.units.append(self._unit(Kind.TABLE, "Biểu"))
        for _ in range(2):
            self.units.append(self._unit(Kind.ROW, self.author.heading(), self.author.sentence()))
        self.units.append(self._unit(Kind.ARTICLE, self.author.heading()))
        self.units += [self._unit(Kind.CLAUSE, f"{self.author.sentence()}.") for _ in range(3)]
        self.removed: list[Unit] = []
        self.past: list[list[Unit]] = []
        self.done: list[str] = []

    def _unit(self, kind: Kind, *texts: str, origin: ProvisionId | None = None) -> Unit:
        return Unit(ProvisionId(f"p{next(self._ids)}"), kind, [self.typed(text) for text in texts], origin)

    def typed(self, text: str) -> Line:
        """New letters."""
        return [(letter, next(self._names)) for letter in text]

    # --- what is asked of it --------------------------------------------------------------------

    def document(self) -> Document:
        def read(unit: Unit) -> Provision:
            lines = tuple(map(text_of, unit.lines))
            text, cells = ("", lines) if unit.is_row else (lines[0], ())
            return Provision(unit.id, unit.kind, text, cells=cells, origin=unit.origin, order=unit.order)

        self._number()
        return Document(tuple(map(read, self.units)), removed=tuple(map(read, self.removed)))

    def _number(self) -> None:
        for n, unit in enumerate(self.units):
            unit.order = f"a{n:04}"

    def places(self, names: Iterable[int]) -> list[tuple[Spot, int]]:
        wanted = set(names)
        return [
            (Spot(unit.id, n if unit.is_row else None), at)
            for unit in self.units
            for n, line in enumerate(unit.lines)
            for at, (_, name) in enumerate(line)
            if name in wanted
        ]

    def names_at(self, spot: Spot, start: int, end: int) -> tuple[int, ...]:
        unit = next(unit for unit in self.units if unit.id == spot.provision)
        return tuple(name for _, name in unit.lines[spot.cell or 0][start:end])

    def some_words(self) -> Words:
        """From one to eight whole words of some provision."""
        while True:
            unit = self.chance.choice(self.units)
            cell = self.chance.randrange(len(unit.lines))
            line = unit.lines[cell]
            bounds = self._bounds(line)
            if len(bounds) < 4:
                continue
            first = self.chance.randrange(len(bounds))
            last = min(first + self.chance.randrange(8), len(bounds) - 1)
            start, end = bounds[first][0], bounds[last][1]
            names = tuple(name for _, name in line[start:end])
            return Words(Spot(unit.id, cell if unit.is_row else None), start, end, names)

    # --- editing ---------------------------------------------------------------------------------

    def edit(self, only: Sequence[str] | None = None) -> str:
        """One edit of those named, by chance; its name."""
        while True:
            name = self.chance.choice(only or EDITS)
            self._number()
            kept = [replace(unit, lines=[list(line) for line in unit.lines]) for unit in self.units]
            action: Callable[[], bool] = getattr(self, f"_{name}")
            if action():
                self.past.append(kept)
                there = {unit.id for unit in self.units}
                known = {unit.id: unit for unit in (*self.removed, *kept)}
                self.removed = [unit for unit in known.values() if unit.id not in there]
                self.done.append(name)
                return name

    @staticmethod
    def _bounds(line: Line) -> list[tuple[int, int]]:
        """Where each word begins and ends."""
        found: list[tuple[int, int]] = []
        start: int | None = None
        for at, (letter, _) in enumerate([*line, (" ", -1)]):
            if letter.isspace() and start is not None:
                found.append((start, at))
                start = None
            elif not letter.isspace() and start is None:
                start = at
        return found

    def _line(self, least: int = 1) -> tuple[Unit, int, list[tuple[int, int]]] | None:
        found = [
            (unit, n) for unit in self.units for n in range(len(unit.lines))
            if len(self._bounds(unit.lines[n])) >= least
        ]  # fmt: skip
        if not found:
            return None
        unit, n = self.chance.choice(found)
        return unit, n, self._bounds(unit.lines[n])

    def _some(self, most: int) -> str:
        words = self.author.sentence().split()
        return " ".join(words[: self.chance.randint(1, most)])

    def _type(self) -> bool:
        if (got := self._line()) is None:
            return False
        unit, n, bounds = got
        at = self.chance.choice(bounds)[0]
        unit.lines[n][at:at] = self.typed(f"{self._some(4)} ")
        return True

    def _append(self) -> bool:
        if (got := self._line()) is None:
            return False
        unit, n, _ = got
        unit.lines[n] += self.typed(f" {self._some(12)}.")
        return True

    def _erase(self, most: int = 4) -> bool:
        if (got := self._line(3)) is None:
            return False
        unit, n, bounds = got
        first = self.chance.randrange(len(bounds) - 1)
        last = min(first + self.chance.randrange(most), len(bounds) - 2)
        del unit.lines[n][bounds[first][0] : bounds[last + 1][0]]
        return True

    def _reword(self, most: int = 3) -> bool:
        if (got := self._line(3)) is None:
            return False
        unit, n, bounds = got
        first = self.chance.randrange(len(bounds))
        last = min(first + self.chance.randrange(most), len(bounds) - 1)
        unit.lines[n][bounds[first][0] : bounds[last][1]] = self.typed(self._some(most))
        return True

    def _letter(self) -> bool:
        """A letter typed into a word."""
        if (got := self._line()) is None:
            return False
        unit, n, bounds = got
        start, end = self.chance.choice(bounds)
        at = self.chance.randint(start, end)
        unit.lines[n][at:at] = self.typed(self.chance.choice("ạêđ,"))
        return True

    def _kind(self) -> bool:
        unit = self.chance.choice(self.units)
        if unit.kind in (Kind.ROW, Kind.TABLE):
            return False
        unit.kind = self.chance.choice((Kind.ARTICLE, Kind.CLAUSE, Kind.POINT, Kind.PARAGRAPH))
        return True

    def _plain(self, least: int = 1) -> int | None:
        found = [
            n for n, unit in enumerate(self.units)
            if not unit.is_row and unit.kind is not Kind.TABLE and len(self._bounds(unit.lines[0])) >= least
        ]  # fmt: skip
        return self.chance.choice(found) if found else None

    def _enter(self) -> bool:
        """At the start of a word: the rest becomes a provision of its own."""
        if (at := self._plain(2)) is None:
            return False
        unit = self.units[at]
        cut = self.chance.choice(self._bounds(unit.lines[0]))[0]
        if cut == 0:
            self.units.insert(at, self._unit(unit.kind, ""))
            return True
        rest = replace(self._unit(unit.kind, origin=unit.id), lines=[unit.lines[0][cut:]])
        unit.lines[0] = unit.lines[0][:cut]
        self.units.insert(at + 1, rest)
        return True

    def _join(self) -> bool:
        if (at := self._plain()) is None or at == 0:
            return False
        upper = self.units[at - 1]
        if upper.is_row or upper.kind is Kind.TABLE:
            return False
        gap = self.typed(" ") if upper.lines[0] and not upper.lines[0][-1][0].isspace() else []
        upper.lines[0] += gap + self.units.pop(at).lines[0]
        return True

    def _move(self) -> bool:
        if (at := self._plain()) is None:
            return False
        unit = self.units.pop(at)
        self.units.insert(self.chance.randint(0, 3), unit)
        return True

    def _cut_and_paste(self) -> bool:
        """A whole provision: put in elsewhere it is another one, which may know where it came from."""
        if (at := self._plain(4)) is None:
            return False
        unit = self.units.pop(at)
        origin = unit.id if self.chance.random() < 0.5 else None
        new = replace(self._unit(unit.kind, origin=origin), lines=unit.lines)
        self.units.insert(self.chance.randint(0, 4), new)
        return True

    def _move_words(self) -> bool:
        """Words cut out here and put in there, a cell perhaps."""
        if (got := self._line(8)) is None or (goal := self._line()) is None:
            return False
        (unit, n, bounds), (other, m, places) = got, goal
        if (unit.id, n) == (other.id, m):
            return False
        first = self.chance.randrange(len(bounds) - 6)
        start, end = bounds[first][0], bounds[first + 5][1]
        moved = unit.lines[n][start:end]
        unit.lines[n][start : end + 1] = []
        at = self.chance.choice(places)[0]
        other.lines[m][at:at] = [*moved, *self.typed(" ")]
        return True

    def _column(self) -> bool:
        rows = [unit for unit in self.units if unit.is_row]
        if not rows or len(rows[0].lines) > 4:
            return False
        at = self.chance.randint(0, min(len(row.lines) for row in rows))
        for row in rows:
            row.lines.insert(at, self.typed(self.chance.choice(("", self._some(2)))))
        return True

    def _insert(self) -> bool:
        self.units.insert(self.chance.randint(0, 4), self._unit(Kind.CLAUSE, f"{self.author.sentence()}."))
        return True

    def _remove(self) -> bool:
        if len(self.units) < 6 or (at := self._plain()) is None:
            return False
        self.units.pop(at)
        return True

    def _restore(self) -> bool:
        """The draft as it was a while ago, its letters with it."""
        if not self.past:
            return False
        back = self.chance.choice(self.past[-4:])
        self.units = [replace(unit, lines=[list(line) for line in unit.lines]) for unit in back]
        return True


EDITS = (
    "type", "type", "type", "append", "erase", "erase", "reword", "reword", "letter", "kind", "enter",
    "enter", "join", "join", "move", "cut_and_paste", "move_words", "column", "insert", "remove", "restore",
)  # fmt: skip
