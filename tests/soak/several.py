"""Two and four processes on PostgreSQL, one of them killed each second for a minute.

python -m tests.soak.several --seconds 60

Clients type and take back all the while and go to another process when theirs dies; the bus is Redis,
then PostgreSQL's notifications. Redis is flushed and its clients are cut now and then. At the end
everybody, still connected somewhere, has to read what a newcomer reads.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.insistent import Insistent, agree, astray, witness, wrong
from tests.support.several import OwnRedis, Served, processes


@dataclass
class Result:
    kills: int = 0
    acknowledged: int = 0
    taken_back: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)
    """Who read something else than a newcomer while still connected."""
    equal: bool = True

    @property
    def stands(self) -> bool:
        return not self.wrong and not self.astray and self.equal


async def _kill(houses: list[Served], chance: random.Random, until_: float, redis: OwnRedis | None) -> int:
    """Each second one that runs is killed; it is begun anew at once, which may take seconds."""
    kills = 0
    beginning: dict[asyncio.Task[None], Served] = {}
    while time.monotonic() < until_:
        await asyncio.sleep(1)
        beginning = {task: house for task, house in beginning.items() if not task.done()}
        running = [house for house in houses if house not in beginning.values()]
        if running:
            house = chance.choice(running)
            await asyncio.to_thread(house.end)
            kills += 1
            beginning[asyncio.create_task(asyncio.to_thread(house.start))] = house
        if redis is not None and chance.random() < 0.3:
            await asyncio.to_thread(redis.do, "FLUSHALL")
            await asyncio.to_thread(redis.do, "CLIENT", "KILL", "TYPE", "pubsub")
    await asyncio.gather(*beginning)
    return kills


async def run(count: int, seconds: float, seed: int, bus: str, redis: OwnRedis | None = None) -> Result:
    chance, result = random.Random(seed), Result()
    with processes(count, bus) as houses:
        addresses = [house.address() for house in houses]
        people = [
            Insistent("", f"editor{n}", random.Random(f"{seed}.{n}"), elsewhere=addresses, restless=0.005)
            for n in range(6)
        ]
        stop, leave = asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as living:
            for person in people:
                living.create_task(person.live(stop, 0.015, leave))
            try:
                result.kills = await _kill(houses, chance, time.monotonic() + seconds, redis)
                stop.set()
                result.astray = await astray(people, addresses[0])
            finally:
                stop.set()
                leave.set()
        result.wrong = wrong(people, await witness(addresses[0]))
        for n, person in enumerate(people):
            person.address = addresses[n % count]
        try:
            result.wrong |= wrong(people, await agree(people, addresses[0]))
        except TimeoutError:
            result.equal = False
        result.acknowledged = sum(len(person.acknowledged) for person in people)
        result.taken_back = sum(len(person.gone) for person in people)
    return result


def everything(seconds: float, seed: int) -> bool:
    """Whether all of it held."""
    held = True
    with tempfile.TemporaryDirectory() as folder:
        redis = OwnRedis(Path(folder))
        redis.start()
        try:
            for count in (2, 4):
                for bus in (redis.address, ""):
                    found = asyncio.run(run(count, seconds, seed, bus, redis if bus else None))
                    print(f"{count} processes, bus {'Redis' if bus else 'PostgreSQL'}: {found}", flush=True)
                    held &= found.stands
        finally:
            redis.stop()
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    try:
        raise SystemExit(not everything(given.seconds, given.seed))
    except pytest.skip.Exception as missing:
        print(f"not run: {missing}")


if __name__ == "__main__":
    main()
