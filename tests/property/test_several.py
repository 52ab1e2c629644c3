"""Laws of several processes at one document, over a bus that loses, doubles, delays and reorders."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from duthao.collab.replica import Replica
from duthao.domain.document import UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import Seq, StoreUnavailable
from tests.support.collab_client import until
from tests.support.houses import House, Hub, Manners, Visitor
from tests.support.server_process import DRAFT, populate


@dataclass
class Town:
    """Houses and visitors, and what has been promised to them."""

    store: MemoryStore
    hub: Hub
    houses: list[House]
    visitors: list[Visitor]
    chance: random.Random
    typed: int = 0
    built: int = 0

    def house(self) -> House:
        return self.chance.choice(self.houses)

    async def new_house(self) -> House:
        self.built += 1
        return await House(self.store, self.hub, f"house{self.built}").__aenter__()

    async def type(self) -> None:
        visitor = self.chance.choice(self.visitors)
        if not visitor.is_here:
            await self.come(visitor)
        if not visitor.replica.texts():
            return  # it has not been answered yet
        self.typed += 1
        mark = f"<{self.typed}>"
        with contextlib.suppress(RuntimeError):
            await visitor.type(f"p{self.chance.randrange(2)}", mark)

    async def come(self, visitor: Visitor) -> None:
        with contextlib.suppress(StoreUnavailable):
            await visitor.enter(self.house())

    async def move(self) -> None:
        await self.come(self.chance.choice(self.visitors))

    async def kill(self, *, killed: bool = True) -> None:
        at = self.chance.randrange(len(self.houses))
        old = self.houses[at]
        here = [v for v in self.visitors if v.room is not None and v.room in old.rooms.open_rooms()]
        self.houses[at] = await self.new_house()
        await old.end(killed=killed)
        for visitor in here:
            await visitor.leave()

    async def read(self) -> None:
        """What a house says of the draft is the journal's, at exactly the place it names."""
        house = self.house()
        tree, seq = await house.rooms.read(DRAFT)
        rows = self.store.journal.read(DRAFT, Seq(0), seq)
        assert len(rows) == seq
        assert Replica.from_rows(None, [row.entry.payload for row in rows]).tree() == tree

    async def restore(self) -> None:
        """The service itself edits, on what this house has at that moment."""
        async with self.house().rooms.open(DRAFT) as room:
            tree = room.tree()
            *others, last = tree.provisions
            self.typed += 1
            target = replace(tree, provisions=(*others, replace(last, text=f"({self.typed})")))
            await room.restore(target, UserId("lead"))

    async def bus(self) -> None:
        self.hub.down, self.hub.deaf = self.chance.choice([(True, False), (False, True), (False, False)])
        if self.hub.down or self.chance.random() < 0.3:
            self.hub.cut()

    async def settle(self) -> None:
        self.hub.down = self.hub.deaf = False
        self.hub.manners = Manners()
        async with asyncio.timeout(20):
            while not all(self.is_settled(visitor) for visitor in self.visitors):
                for visitor in self.visitors:
                    if not visitor.is_here:
                        await self.come(visitor)
                await asyncio.sleep(0.01)
        end = self.store.journal.end(DRAFT)
        await until(lambda: all(r.seq == end for h in self.houses for r in h.rooms.open_rooms()))
        texts = self.replayed()
        await until(lambda: all(v.replica.texts() == texts for v in self.visitors))

    def replayed(self) -> dict[str, str]:
        """What the journal says."""
        rows = self.store.journal.read(DRAFT)
        tree = Replica.from_rows(None, [row.entry.payload for row in rows]).tree()
        return {str(p.id): p.text for p in tree.provisions}

    @staticmethod
    def is_settled(visitor: Visitor) -> bool:
        return visitor.is_here and visitor.synced.is_set() and not visitor.unacknowledged


async def run(seed: int, houses: int, steps: list[str], manners: Manners) -> Town:
    chance = random.Random(seed)
    store = MemoryStore()
    populate(store)
    town = Town(store, Hub(chance, manners), [], [Visitor(f"editor{n}") for n in range(2 * houses)], chance)
    for _ in range(houses):
        town.houses.append(await town.new_house())
    try:
        for visitor in town.visitors:
            await town.come(visitor)
        for step in steps:
            if step == "wait":
                await asyncio.sleep(chance.random() * 0.02)
            elif step == "stop":
                await town.kill(killed=False)
            else:
                # Two writers of one client's content have a room loaded anew: then it says so.
                with contextlib.suppress(StoreUnavailable):
                    await getattr(town, step)()
        await town.settle()
        _judge(town)
    finally:
        for visitor in town.visitors:
            await visitor.leave()
        for house in town.houses:
            await house.end()
    return town


def _judge(town: Town) -> None:
    texts = town.replayed()
    for house in town.houses:
        for room in house.rooms.open_rooms():
            assert {p.id: p.text for p in room.tree().provisions} == texts
    text = "".join(texts.values())
    for visitor in town.visitors:
        assert visitor.replica.texts() == texts
        for mark in visitor.acknowledged:
            assert text.count(mark) == 1, mark


STEPS = ["type"] * 12 + ["wait"] * 4 + ["move"] * 2 + ["read"] * 2 + ["bus", "kill", "stop", "restore"]
manners = st.builds(
    Manners, lost=st.sampled_from([0.0, 0.3, 0.9]), twice=st.sampled_from([0.0, 0.5]),
    late=st.sampled_from([0.0, 0.5]),
)  # fmt: skip


@given(
    seed=st.integers(0, 2**32), houses=st.integers(2, 4),
    steps=st.lists(st.sampled_from(STEPS), min_size=10, max_size=80), manners=manners,
)  # fmt: skip
def test_all_converge_and_nothing_acknowledged_is_lost(
    seed: int, houses: int, steps: list[str], manners: Manners
) -> None:
    asyncio.run(run(seed, houses, steps, manners))


def test_the_walk_makes_every_kind_of_step_and_much_is_acknowledged() -> None:
    walk = [step for step in dict.fromkeys(STEPS) for _ in range(3)] + ["type", "wait"] * 30
    town = asyncio.run(run(3, 3, walk, Manners(lost=0.2, twice=0.2, late=0.3)))
    assert sum(len(v.acknowledged) for v in town.visitors) > 25
    assert town.built > 3
