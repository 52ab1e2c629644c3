"""Small values of the alignment: corrections by hand, splits and merges, how a pair was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Overrides:
    """Corrections by hand: provision ids to pair, and ids never to pair (before, after)."""

    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    def turned(self) -> Overrides:
        """The same corrections for the two texts the other way round."""
        return Overrides(tuple((b, a) for a, b in self.together), tuple((b, a) for a, b in self.apart))


@dataclass(slots=True)
class Group:
    """Provisions of both texts that belong together; confidence in thousandths.

    `lifted`: heads of articles or divisions, grouped because of what stands under them.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    confidence: int
    lifted: bool = False

    def turned(self) -> Group:
        return Group(self.after, self.before, self.confidence, self.lifted)


@dataclass(frozen=True, slots=True)
class Block:
    """Two articles equal from heading to last point: heads and number of provisions, each paired in turn.

    What stands in them did not move in them, and belongs to no split or merge.
    """

    before: int
    after: int
    size: int

    def turned(self) -> Block:
        return Block(self.after, self.before, self.size)


Way = Literal["exact", "content", "place", "move", "hand"]
"""How a pair was found: the same words, alike ones, the same place only, alike ones elsewhere, by hand."""
