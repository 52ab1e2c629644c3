"""What a reference points to, in an outline, seen from where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from duthao.domain.document import Kind
from duthao.domain.outline import LEVELS, Outline
from duthao.domain.references.phrases import Item, Phrase

_THROUGHOUT = frozenset((Kind.ARTICLE, Kind.CHAPTER, Kind.PART, Kind.APPENDIX))
"""Kinds whose numbers run through the text (an appendix starts articles anew)."""

MAX_RANGE = 500
"""Units of one range looked at."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """For each item of a phrase the index it names, None when there is no such unit here.

    `targets` are the units that the phrase is about, those within a range among them; None for
    one that is not there. `complete`: whether all are there.
    """

    items: tuple[int | None, ...]
    targets: tuple[int | None, ...]

    @property
    def complete(self) -> bool:
        return all(index is not None for index in (*self.items, *self.targets))


class Index:
    """The units of an outline by number. Linear to make; a look-up costs what it finds."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._everywhere: dict[tuple[Kind, str], list[int]] = {}
        self._children: dict[tuple[int, Kind, str], int] = {}
        for index, entry in enumerate(outline.entries):
            kind = entry.provision.kind
            if kind not in LEVELS or not entry.number:
                continue
            self._everywhere.setdefault((kind, entry.number), []).append(index)
            if entry.parent is not None:
                self._children.setdefault((entry.parent, kind, entry.number), index)

    def kind(self, index: int) -> Kind:
        return self.outline.entries[index].provision.kind

    def above(self, place: int | None, kind: Kind) -> int | None:
        """The unit of this kind that `place` is or stands under."""
        at = place
        while at is not None and self.kind(at) is not kind:
            at = self.outline.entries[at].parent
        return at

    def resolve(self, phrase: Phrase, place: int) -> Resolved:
        """What the phrase's items name, seen from the provision at `place`."""
        items = phrase.items
        found: list[int | None] = [None] * len(items)
        # The higher ones first: they say where the lower ones are looked for.
        for n in sorted(range(len(items)), key=lambda n: LEVELS[items[n].kind]):
            found[n] = self._item(items[n], found, place)
        targets: list[int | None] = []
        for n, item in enumerate(items):
            if not item.target:
                continue
            first, last = found[n - 1] if n else None, found[n]
            if item.until and first is not None and last is not None:
                targets.extend(self._between(first, last))
            targets.append(last)
        return Resolved(tuple(found), tuple(targets))

    def _item(self, item: Item, found: list[int | None], place: int) -> int | None:
        if item.label is None:
            return self.above(place, item.kind)
        if item.parent is not None:
            base = found[item.parent]
            return None if base is None else self._under(base, item.kind, item.label)
        return self._from_here(item.kind, item.label, place)

    def _from_here(self, kind: Kind, number: str, place: int) -> int | None:
        if kind not in _THROUGHOUT:
            here: int | None = place
            while here is not None:
                child = self._children.get((here, kind, number))
                if child is not None:
                    return child
                if kind in (Kind.CLAUSE, Kind.POINT) and self.kind(here) is Kind.ARTICLE:
                    return None
                here = self.outline.entries[here].parent
        places = self._everywhere.get((kind, number), [])
        home = self.above(self.outline.entries[place].parent, Kind.APPENDIX)
        same = [index for index in places if self.above(index, Kind.APPENDIX) == home]
        for choice in (same, places):
            if len(choice) == 1 or (choice and kind in _THROUGHOUT):
                return choice[0]
        return None

    def _under(self, base: int, kind: Kind, number: str) -> int | None:
        child = self._children.get((base, kind, number))
        if child is not None:
            return child
        inside = self.outline.subtree(base)
        found = [index for index in self._everywhere.get((kind, number), ()) if index in inside]
        return found[0] if len(found) == 1 else None

    def _between(self, first: int, last: int) -> list[int]:
        """The units of the same kind after `first` and before `last`."""
        kind, parent = self.kind(first), self.outline.entries[first].parent
        return [
            index
            for index in range(first + 1, min(last, first + 50 * MAX_RANGE))
            if self.kind(index) is kind
            and (kind in _THROUGHOUT or self.outline.entries[index].parent == parent)
        ][:MAX_RANGE]
