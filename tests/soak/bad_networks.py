"""Networks that delay, throttle, reset and fall silent, by random schedules: everything arrives once.

python -m tests.soak.bad_networks --schedules 1000

Three people type through a proxy on which every connection has a weather of its own, some cut in the
handshake, some in the middle of a frame, some swallowing all that comes without a word. When the weather
is calm again they type on: everybody, still connected, reads what a newcomer reads, every word stands
once, and no letter is left that was taken back.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.collab_client import until
from tests.support.insistent import Insistent, agree, astray, wrong
from tests.support.live_server import free_port
from tests.support.proxy import Storm
from tests.support.server_process import ServerProcess, Setup

PEOPLE = 3
MARKS = 12
AFTERWARDS = 4
"""Marks of each when the weather is calm."""
SILENCE = 1.0
"""Seconds after which these people take a line for dead; a browser takes 45."""
AT_ONCE = 5
STORMY = 4.0
"""Seconds of bad weather."""


@dataclass
class Result:
    schedules: int = 0
    connections: int = 0
    typed: int = 0
    acknowledged: int = 0
    taken_back: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, int] = field(default_factory=dict)
    diverged: list[int] = field(default_factory=list)
    """Numbers of the schedules after which not everybody read the same."""
    astray: list[str] = field(default_factory=list)
    """Who read something else than a newcomer while still connected."""


async def _schedule(server: ServerProcess, number: int, document: str, result: Result) -> None:
    chance = random.Random(number)
    async with Storm(server.port, chance) as storm:
        address = f"ws://127.0.0.1:{storm.port}/collab/{document}"
        people = [
            Insistent(address, f"editor{n}", random.Random(f"{number}.{n}"), SILENCE) for n in range(PEOPLE)
        ]
        asyncio.get_running_loop().call_later(STORMY, setattr, storm, "calm", True)
        try:
            async with asyncio.timeout(90):
                await asyncio.gather(*(person.live(MARKS, 0.02) for person in people))
                storm.calm, leave = True, asyncio.Event()
                async with asyncio.TaskGroup() as living:
                    for person in people:
                        living.create_task(person.live(MARKS + AFTERWARDS, 0.02, leave))
                    try:
                        await until(lambda: all(one.typed == MARKS + AFTERWARDS for one in people), 30)
                        result.astray += await astray(people, server.address(document))
                    finally:
                        leave.set()
                texts = await agree(people, server.address(document))
        except TimeoutError:
            result.diverged.append(number)
            return
        finally:
            result.schedules += 1
            result.connections += sum(person.connections for person in people)
            result.typed += sum(person.typed for person in people)
            result.acknowledged += sum(len(person.acknowledged) for person in people)
            result.taken_back += sum(len(person.gone) for person in people)
            result.seen += storm.seen
        result.wrong |= wrong(people, texts)


async def run(schedules: int, seed: int, folder: Path) -> Result:
    result = Result()
    setup = Setup(documents=schedules, grace=0.5)
    server = ServerProcess(folder / "duthao.sqlite3", free_port(), setup)
    await asyncio.to_thread(server.start)
    numbers = iter(range(schedules))

    async def worker() -> None:
        for number in numbers:
            await _schedule(server, seed * 1_000_000 + number, f"d{number}", result)

    try:
        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    finally:
        server.kill()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(run(given.schedules, given.seed, Path(folder)))
    weathers = ", ".join(f"{kind} {count}" for kind, count in sorted(result.seen.items()))
    print(
        f"schedules {result.schedules}, connections {result.connections} ({weathers}), "
        f"typed {result.typed}, acknowledged {result.acknowledged}, letters taken back {result.taken_back}, "
        f"lost, doubled or left {len(result.wrong)}, diverged {result.diverged}, "
        f"astray while connected {result.astray}, "
        f"{time.monotonic() - began:.0f} s in all"
    )
    raise SystemExit(bool(result.wrong or result.diverged or result.astray))


if __name__ == "__main__":
    main()
