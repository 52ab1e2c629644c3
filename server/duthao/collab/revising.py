"""Changes that the service makes of the draft as it is: prepared beside the loop, never written over others.

Preparing takes a scratch replica of the whole document, a fifth of a second for two hundred pages, and
would stop everybody's keys. So it is done in a thread, and what it changes is looked at again before it
is taken in: if anybody has changed just that meanwhile it is prepared anew, at last in the turn itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from duthao.collab.edits import steps_towards
from duthao.collab.room import Room
from duthao.domain.document import Document, Provision, ProvisionId, UserId
from duthao.store.ports import Seq

TRIES = 3

Revise = Callable[[Document], Sequence[tuple[Document, UserId | None]]]
"""Drafts to change to, one after the other, made of the one that stands; each with the person who is
credited with the step, None for who does it. Called once or more, perhaps in another thread."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Updates and whom each is credited to, and what they lean on: provisions, places."""

    steps: tuple[tuple[bytes | None, UserId | None], ...]
    provisions: dict[ProvisionId, Provision | None]
    orders: dict[ProvisionId, str | None]

    def stands(self, now: Document) -> bool:
        """Whether all it leans on is as it was."""
        there = {one.id: one for one in now.provisions}
        return all(there.get(id_) == one for id_, one in self.provisions.items()) and all(
            (there[id_].order if id_ in there else None) == order for id_, order in self.orders.items()
        )


async def revised(room: Room, revise: Revise, user_id: UserId, reason: str) -> tuple[Seq, ...]:
    """Change the draft, in one go, to each that `revise` makes of what it is just now.

    For each step the row it is stored with; where it changed nothing, a row after which it reads so.
    Raises StoreUnavailable, and what `revise` raises.
    """
    for _ in range(TRIES):
        now = room.tree()
        prepared = await asyncio.to_thread(_prepare, room.state(), now, revise)
        if prepared.stands(room.tree()):
            break
    else:
        now = room.tree()
        prepared = _prepare(room.state(), now, revise)
    waiting = [
        None if update is None else room.take(update, user_id, reason, credited)
        for update, credited in prepared.steps
    ]
    stored = await asyncio.gather(*(one for one in waiting if one is not None))
    rows = iter(stored)
    reads_so = stored[-1] if stored else (await room.read())[1]
    return tuple(reads_so if one is None else next(rows) for one in waiting)


def _prepare(state: bytes, now: Document, revise: Revise) -> _Prepared:
    steps = revise(now)
    targets = [target for target, _ in steps]
    updates = steps_towards(state, now, targets)
    was = {one.id: one for one in now.provisions}
    changed: dict[ProvisionId, Provision | None] = {}
    orders: dict[ProvisionId, str | None] = {}
    for before, after in pairwise((now, *targets)):
        earlier = {one.id: one for one in before.provisions}
        ids = [one.id for one in after.provisions if earlier.get(one.id) != one]
        gone = earlier.keys() - {one.id for one in after.provisions}
        changed.update((id_, was.get(id_)) for id_ in (*ids, *gone))
        new = {id_ for id_ in ids if id_ not in was}
        orders.update((id_, was[id_].order) for id_ in _beside(after.provisions, new) if id_ in was)
    credited = [person for _, person in steps]
    return _Prepared(tuple(zip(updates, credited, strict=True)), changed, orders)


def _beside(provisions: Sequence[Provision], new: set[ProvisionId]) -> Iterable[ProvisionId]:
    """Between which the new ones stand."""
    for one, other in pairwise(provisions):
        if one.id in new or other.id in new:
            yield from (one.id, other.id)
