"""Work programmes, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from duthao.domain.programmes import Item, Programme
from duthao.store.memory_tables import Door, alone


class MemoryProgrammes(Door):
    @alone
    def add(self, programme: Programme) -> None:
        self._tables.need_user(programme.opened_by)
        self._tables.programmes[programme.id] = programme

    @alone
    def all(self) -> Sequence[Programme]:
        held = self._tables.programmes.values()
        return tuple(sorted(held, key=lambda one: (-one.opened_at, one.id)))

    @alone
    def get(self, programme_id: str) -> Programme | None:
        return self._tables.programmes.get(programme_id)

    @alone
    def put(self, programme: Programme, seen: int) -> bool:
        kept = self._tables.programmes.get(programme.id)
        if kept is None or kept.edition != seen:
            return False
        self._tables.programmes[programme.id] = replace(programme, edition=seen + 1)
        return True

    @alone
    def items(self, programme_id: str) -> Sequence[Item]:
        here = [one for one in self._tables.programme_items.values() if one.programme_id == programme_id]
        return tuple(sorted(here, key=lambda one: (one.at, one.id)))

    @alone
    def add_items(self, items: Sequence[Item]) -> None:
        for one in items:
            self._tables.need_user(one.by)
            if one.programme_id not in self._tables.programmes:
                raise ValueError("no such programme")
        self._tables.programme_items |= {one.id: one for one in items}

    @alone
    def put_items(self, items: Sequence[Item]) -> bool:
        held = self._tables.programme_items
        if any(one.id not in held or held[one.id].edition != one.edition for one in items):
            return False
        self._tables.programme_items |= {one.id: replace(one, edition=one.edition + 1) for one in items}
        return True

    @alone
    def remove_item(self, item_id: str) -> None:
        self._tables.programme_items.pop(item_id, None)
