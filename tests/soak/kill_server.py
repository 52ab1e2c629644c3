"""Kill the server like a power cut while ten people type and take back: nothing acknowledged may be lost.

python -m tests.soak.kill_server --rounds 500

Before each fifth kill they stop, and everybody, still connected, has to read what a newcomer reads.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.insistent import Insistent, agree, astray, witness, wrong
from tests.support.live_server import free_port
from tests.support.server_process import ServerProcess

TYPISTS = 10
ROUNDS_OF_A_HOUSE = 20
"""Kills of one database: later ones begin with an empty document, or its text would be all there is to do."""
LOOK_EVERY = 5
"""Rounds: without a look a copy that differs is seen only when everybody has connected anew."""


@dataclass
class Result:
    rounds: int = 0
    acknowledged: int = 0
    resent: int = 0
    taken_back: int = 0
    """Letters, of which the server acknowledged that they are gone."""
    wrong: dict[str, int] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)
    """Who read something else while still connected."""
    restarts: list[float] = field(default_factory=list)
    equal: bool = True


async def _keep_typing(typist: Insistent, chance: random.Random, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await typist.deed()
        await asyncio.sleep(chance.uniform(0, 0.01))


async def _one_round(
    server: ServerProcess, typists: list[Insistent], chance: random.Random, look: bool
) -> list[str]:
    """Who was astray before the kill, if that is looked at."""
    found, stop = list[str](), asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        for typist in typists:
            await stack.enter_async_context(typist)
        for typist in typists:
            await typist.synced.wait()
        typing = [asyncio.create_task(_keep_typing(t, chance, stop)) for t in typists]
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        if look:
            stop.set()
            await asyncio.gather(*typing)
            for typist in typists:
                while typist.to_take_back:
                    await typist.take_back()
            found = await astray(typists, server.address())
        await asyncio.to_thread(server.kill)
        for task in typing:
            task.cancel()
        await asyncio.gather(*typing, return_exceptions=True)
    return found


async def run(rounds: int, seed: int, folder: Path) -> Result:
    chance, result = random.Random(seed), Result()
    while result.rounds < rounds:
        house = folder / f"house{result.rounds}"
        house.mkdir()
        await _house(min(ROUNDS_OF_A_HOUSE, rounds - result.rounds), chance, house, result)
    return result


async def _house(rounds: int, chance: random.Random, folder: Path, result: Result) -> None:
    server = ServerProcess(folder / "duthao.sqlite3", free_port())
    await asyncio.to_thread(server.start)
    typists = [Insistent(server.address(), f"editor{n}", chance) for n in range(TYPISTS)]
    try:
        for number in range(rounds):
            look = number % LOOK_EVERY == 1
            result.astray += await _one_round(server, typists, chance, look)
            result.resent += sum(len(t.unacknowledged) for t in typists)
            result.restarts.append(await asyncio.to_thread(server.start))
            result.rounds += 1
            await _judge(server, typists, result)
    finally:
        server.kill()
    result.acknowledged += sum(len(t.acknowledged) for t in typists)
    result.taken_back += sum(len(t.gone) for t in typists)


async def _judge(server: ServerProcess, typists: list[Insistent], result: Result) -> None:
    # A stranger to all that was typed sees first what the server alone has kept.
    result.wrong |= wrong(typists, await witness(server.address()))
    try:
        result.wrong |= wrong(typists, await agree(typists, server.address()))
    except TimeoutError:
        result.equal = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(run(given.rounds, given.seed, Path(folder)))
    restarts = sorted(result.restarts)
    print(
        f"rounds {result.rounds}, acknowledged {result.acknowledged} and {result.taken_back} letters taken "
        f"back, lost, doubled or left {len(result.wrong)}, unacknowledged and resent {result.resent}, "
        f"astray while connected {result.astray}, replicas equal {result.equal}, "
        f"restart median {restarts[len(restarts) // 2]:.2f} s worst {restarts[-1]:.2f} s, "
        f"{time.monotonic() - began:.0f} s in all"
    )
    raise SystemExit(bool(result.wrong or result.astray) or not result.equal)


if __name__ == "__main__":
    main()
