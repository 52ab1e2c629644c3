"""Kill the server like a power cut while ten people type: nothing acknowledged may be lost.

python -m tests.soak.kill_server --rounds 500
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

from tests.support.collab_client import Typist
from tests.support.insistent import agree, counted, witness
from tests.support.live_server import free_port
from tests.support.server_process import ServerProcess

TYPISTS = 10
ROUNDS_OF_A_HOUSE = 20
"""Kills of one database: later ones begin with an empty document, or its text would be all there is to do."""


@dataclass
class Result:
    rounds: int = 0
    acknowledged: int = 0
    resent: int = 0
    lost: int = 0
    restarts: list[float] = field(default_factory=list)
    equal: bool = True


async def _keep_typing(typist: Typist, name: int, chance: random.Random) -> None:
    while True:
        mark = f"<{name}.{len(typist.acknowledged) + len(typist.unacknowledged)}.{chance.getrandbits(40):x}>"
        await typist.type(f"p{chance.randrange(3)}", mark)
        await asyncio.sleep(chance.uniform(0, 0.01))


async def _one_round(server: ServerProcess, typists: list[Typist], chance: random.Random) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for typist in typists:
            await stack.enter_async_context(typist)
        for typist in typists:
            await typist.synced.wait()
        typing = [asyncio.create_task(_keep_typing(t, n, chance)) for n, t in enumerate(typists)]
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        await asyncio.to_thread(server.kill)
        for task in typing:
            task.cancel()
        await asyncio.gather(*typing, return_exceptions=True)


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
    typists = [Typist(server.address(), f"editor{n}") for n in range(TYPISTS)]
    try:
        for _ in range(rounds):
            await _one_round(server, typists, chance)
            result.resent += sum(len(t.unacknowledged) for t in typists)
            result.restarts.append(await asyncio.to_thread(server.start))
            result.rounds += 1
            await _judge(server, typists, result)
    finally:
        server.kill()
    result.acknowledged += sum(len(t.acknowledged) for t in typists)


async def _judge(server: ServerProcess, typists: list[Typist], result: Result) -> None:
    acknowledged = set().union(*(t.acknowledged for t in typists))
    # A stranger to all that was typed sees first what the server alone has kept.
    kept = counted(await witness(server.address()))
    result.lost += sum(kept[mark] == 0 for mark in acknowledged)
    try:
        times = counted(await agree(typists, server.address()))
    except TimeoutError:
        result.equal = False
        return
    result.lost += sum(times[mark] != 1 for mark in set().union(*(t.acknowledged for t in typists)))


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
        f"rounds {result.rounds}, acknowledged {result.acknowledged}, lost {result.lost}, "
        f"unacknowledged and resent {result.resent}, replicas equal {result.equal}, "
        f"restart median {restarts[len(restarts) // 2]:.2f} s worst {restarts[-1]:.2f} s, "
        f"{time.monotonic() - began:.0f} s in all"
    )
    raise SystemExit(result.lost > 0 or not result.equal)


if __name__ == "__main__":
    main()
