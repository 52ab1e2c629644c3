"""The door to work programmes and what units register for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from duthao.domain.programmes import Item, Programme


class Programmes(Protocol):
    """Work programmes. Nothing of them is deleted but items, by who may."""

    def add(self, programme: Programme) -> None: ...
    def all(self) -> Sequence[Programme]:
        """Newest first."""
        ...

    def get(self, programme_id: str) -> Programme | None: ...
    def put(self, programme: Programme, seen: int) -> bool:
        """As the next edition in place of edition `seen`; False when that is not the one kept."""
        ...

    def items(self, programme_id: str) -> Sequence[Item]:
        """In the order in which they came."""
        ...

    def add_items(self, items: Sequence[Item]) -> None:
        """All or none. Raises ValueError when programme or person are not there."""
        ...

    def put_items(self, items: Sequence[Item]) -> bool:
        """Each as its next edition, all or none: False when one is of another edition or not there."""
        ...

    def remove_item(self, item_id: str) -> None: ...


class ProgrammeDoors(Protocol):
    """What a store has for work programmes."""

    @property
    def programmes(self) -> Programmes: ...
