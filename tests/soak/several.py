"""Two and four processes on PostgreSQL, one of them killed each second for a minute.

python -m tests.soak.several --seconds 60

Clients type all the while and go to another process when theirs dies; the bus is Redis, then
PostgreSQL's notifications. Redis is flushed and its clients are cut now and then.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import websockets

from tests.support.collab_client import Typist, until
from tests.support.several import OwnRedis, Served, processes


@dataclass
class Result:
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    equal: bool = True


async def _live(typist: Typist, houses: list[Served], chance: random.Random, stop: asyncio.Event) -> None:
    """Type at one process, and at another when that one is gone."""
    number = 0
    while not stop.is_set():
        typist.address = chance.choice(houses).address()
        with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
            async with typist:
                async with asyncio.timeout(5):
                    await typist.synced.wait()
                while not stop.is_set() and typist.code is None:
                    number += 1
                    await typist.type(f"p{chance.randrange(3)}", f"<{typist.user}.{number}>")
                    await asyncio.sleep(chance.uniform(0, 0.03))
                    if chance.random() < 0.005:
                        break  # he goes elsewhere with what is unanswered
        typist.code = None
        await asyncio.sleep(0.02)


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
        typists = [Typist("", f"editor{n}") for n in range(6)]
        stop = asyncio.Event()
        living = [asyncio.create_task(_live(t, houses, chance, stop)) for t in typists]
        result.kills = await _kill(houses, chance, time.monotonic() + seconds, redis)
        stop.set()
        await asyncio.gather(*living)
        await _judge(houses, typists, result)
    return result


async def _judge(houses: list[Served], typists: list[Typist], result: Result) -> None:
    acknowledged = set().union(*(t.acknowledged for t in typists))
    witness = Typist(houses[0].address(), "lead")
    async with witness:
        await witness.synced.wait()
    kept = "".join(witness.replica.texts().values())
    result.lost += sum(mark not in kept for mark in acknowledged)
    async with contextlib.AsyncExitStack() as stack:
        for n, typist in enumerate(typists):
            typist.address, typist.code = houses[n % len(houses)].address(), None
            await stack.enter_async_context(typist)
        await until(lambda: all(t.synced.is_set() and not t.unacknowledged for t in typists))
        with contextlib.suppress(TimeoutError):
            await until(lambda: len({str(t.replica.texts()) for t in typists}) == 1)
    result.equal = len({str(t.replica.texts()) for t in typists}) == 1
    everything = set().union(*(t.acknowledged for t in typists))
    text = "".join(typists[0].replica.texts().values())
    result.lost += sum(text.count(mark) != 1 for mark in everything)
    result.acknowledged = len(everything)


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
                    held &= found.lost == 0 and found.equal
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
