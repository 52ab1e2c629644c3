"""Five people who type in one document, in a process of their own, until it is ended.

python -m tests.bench.typists ADDRESS COOKIE
"""

from __future__ import annotations

import asyncio
import random
import sys

from tests.support.collab_client import Typist

PEOPLE = 5
PAUSE = 0.25
"""Seconds between two letters of one of them."""


async def _types(address: str, cookie: str, seed: int) -> None:
    chance = random.Random(seed)
    typist = Typist(address, "", cookie=cookie)
    async with typist:
        await typist.synced.wait()
        places = sorted(typist.replica.texts())
        while True:
            place = chance.choice(places)
            for letter in "thêm vài chữ ":
                await typist.type(place, letter)
                typist.unacknowledged.clear()
                await asyncio.sleep(PAUSE)


async def main(address: str, cookie: str) -> None:
    await asyncio.gather(*(_types(address, cookie, seed) for seed in range(PEOPLE)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
