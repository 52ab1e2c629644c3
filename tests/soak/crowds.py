"""Slow readers, vandals, storms of reconnections, rooms without end: memory flat, the others unaffected.

python -m tests.soak.crowds [--only slow,vandals,storm,rooms] [--seconds 300] [--frames 50000]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import websockets

from tests.support.collab_client import PycrdtReplica, Typist, until
from tests.support.insistent import Insistent, agree, astray, witness, wrong
from tests.support.live_server import free_port
from tests.support.malformed import frames
from tests.support.server_process import ServerProcess, Setup

MIB = 2**20
JUDGED = 0.03
"""Seconds in which a vandal looks whether a frame was its last."""


@dataclass
class Result:
    """Milliseconds, MiB. `calm` and `trouble`: from typing to being stored, without and with it."""

    calm: list[float] = field(default_factory=list)
    trouble: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    codes: Counter[object] = field(default_factory=Counter)
    wrong: dict[str, int] = field(default_factory=dict)
    typed: list[int] = field(default_factory=list)
    """How many marks had been typed when the memory was looked at."""
    synced: list[float] = field(default_factory=list)
    """Seconds from the end of the trouble until each was in step again."""
    text: str = ""

    def said(self) -> str:
        parts = []
        for name, found in (("calm", self.calm), ("in trouble", self.trouble)):
            if found:
                parts.append(f"{name}: stored after p50 {at(found, 0.5):.0f} p99 {at(found, 0.99):.0f} ms")
        if self.synced:
            parts.append(f"in step after p50 {at(self.synced, 0.5):.1f} p95 {at(self.synced, 0.95):.1f} s")
        if self.memory:
            typed = f" with {' '.join(map(str, self.typed))} marks" if self.typed else ""
            parts.append(f"memory {' '.join(f'{m:.0f}' for m in self.memory)} MiB{typed}")
        if self.codes:
            parts.append(f"closed {dict(self.codes)}")
        return "; ".join([*parts, f"lost, doubled, left or astray {len(self.wrong)}"])


def at(found: list[float], share: float) -> float:
    return sorted(found)[min(len(found) - 1, int(share * len(found)))]


class Timed(Insistent):
    """A typist who notes how long each mark, or letter taken back, took to be stored, in milliseconds."""

    def __init__(self, address: str, user: str, times: list[float]) -> None:
        super().__init__(address, user, random.Random(user), silence=30.0)
        self.times = times
        self.on_stored = lambda began: self.times.append((time.monotonic() - began) * 1000)


@asynccontextmanager
async def _serving(folder: Path, **setup: object) -> AsyncIterator[ServerProcess]:
    server = ServerProcess(folder / "duthao.sqlite3", free_port(), Setup(**setup))  # type: ignore[arg-type]
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        server.kill()


class _Later(PycrdtReplica):
    """A reader's copy, put together when it is looked at: forty that take in each paste at once would
    keep the machine busier than the server does."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: list[bytes] = []

    def apply(self, update: bytes) -> None:
        self._heard.append(update)

    def _take_in(self) -> None:
        heard, self._heard = self._heard, []
        for update in heard:
            super().apply(update)

    def state_vector(self) -> bytes:
        self._take_in()
        return super().state_vector()

    def diff(self, vector: bytes) -> bytes:
        self._take_in()
        return super().diff(vector)

    def texts(self) -> dict[str, str]:
        self._take_in()
        return super().texts()


async def _watch(
    address: str, count: int, slow_ones: int, calm: float, seconds: float, told: Connection
) -> None:
    """So many who read and one who pastes 50 kB again and again, at first to all of them, then while
    some do not read. Says "reading", "not reading" and "enough"; hears that nobody types any more;
    says in how many seconds each was in step again, who was not, and what the text is."""
    synced: list[float] = []
    lagging: list[str] = []
    every = max(0.05, seconds / 300)
    async with contextlib.AsyncExitStack() as stack:
        paster = Typist(address, "lead")
        readers = [Typist(address, f"editor{n + 10}") for n in range(count)]
        for reader in readers:
            reader.replica = _Later()
        for person in (paster, *readers):
            await stack.enter_async_context(person)
            await person.synced.wait()

        async def paste(during: float) -> None:
            for _ in range(int(during / every)):
                # At the beginning: a run that goes on is copied by the library each time, by everybody.
                await paster.type("p9", "x" * 50_000, first=True)
                await asyncio.sleep(every)

        told.send("reading")
        await paste(calm)
        for reader in readers[:slow_ones]:
            reader._socket.transport.pause_reading()
        told.send("not reading")
        await paste(seconds)
        told.send("enough")
        await asyncio.to_thread(told.recv)
        began = time.monotonic()
        await until(lambda: not paster.unacknowledged)
        for reader in readers[:slow_ones]:
            reader._socket.transport.abort()
            again = Typist(address, reader.user)
            again.replica = reader.replica
            await stack.enter_async_context(again)
            # One who is sent away instead will never be in step: told, not waited for.
            await until(lambda again=again: again.synced.is_set() or again.code is not None, 60)
            synced.append(time.monotonic() - began)
            if again.code is not None or again.replica.texts() != paster.replica.texts():
                lagging.append(reader.user)
        for reader in readers[slow_ones:]:
            # One who was dropped though they read will never have it all: told, not waited for.
            await until(
                lambda reader=reader: (
                    reader.code is not None or reader.replica.texts() == paster.replica.texts()
                )
            )
            if reader.code is not None:
                lagging.append(reader.user)
        told.send((synced, lagging, paster.replica.texts()))


def _watching(*given: Any) -> None:
    asyncio.run(_watch(*given))


async def slow(
    seconds: float, folder: Path, people: int = 50, slow_ones: int = 20, calm: float = 30.0
) -> Result:
    """Of so many people some stop reading; the text grows by more than may wait for anybody.

    Calm is when all of them read the same. Ten type here; the others are in a process of their own:
    what they need to take in so much is not counted as what they cost those who type.
    """
    result = Result()
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    async with _serving(folder) as server:
        given = (server.address(), people - 10, slow_ones, calm, seconds, theirs)
        others = spawning.Process(target=_watching, args=given, daemon=True)
        others.start()
        theirs.close()  # so that their end is noticed, if it comes early
        writers = [Timed(server.address(), f"editor{n}", result.calm) for n in range(10)]
        stop, leave = asyncio.Event(), asyncio.Event()
        await asyncio.to_thread(ours.recv)
        typing = [asyncio.create_task(writer.live(stop, 0.2, leave)) for writer in writers]
        await asyncio.to_thread(ours.recv)
        result.memory.append(server.memory() / MIB)
        for writer in writers:
            writer.times = result.trouble
        enough = asyncio.create_task(asyncio.to_thread(ours.recv))
        while not enough.done():
            result.memory.append(server.memory() / MIB)
            await asyncio.wait([enough], timeout=0.5)
        await enough
        result.memory = [result.memory[0], max(result.memory), result.memory[-1]]
        stop.set()
        await until(lambda: not any(writer.unacknowledged or writer.to_take_back for writer in writers), 60)
        ours.send("nobody types any more")
        result.synced, lagging, texts = await asyncio.to_thread(ours.recv)
        others.join()
        lagging += await astray(writers, server.address())
        leave.set()
        await asyncio.gather(*typing)
        result.wrong = wrong(writers, texts) | dict.fromkeys(lagging, 0)
    return result


async def _vandal(address: str, user: str, work: asyncio.Queue[bytes], codes: Counter[object]) -> None:
    """Connects, sends frames until it is thrown out, connects again."""
    while not work.empty():
        try:
            async with websockets.connect(
                address, subprotocols=[websockets.Subprotocol("duthao.1")], max_size=None,
                additional_headers={"Cookie": f"user={user}"}, compression=None, close_timeout=1,
            ) as socket:  # fmt: skip
                while not work.empty():
                    frame = work.get_nowait()
                    try:
                        await socket.send(frame)
                    except websockets.ConnectionClosed:
                        work.put_nowait(frame)  # read by nobody: it is for the next connection
                        raise
                    codes["frames"] += 1
                    # Thrown out, or not: what is sent behind the reason to be is read by nobody.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(JUDGED):
                            await socket.wait_closed()
                            break
                codes[socket.close_code] += 1
        except websockets.ConnectionClosed as closed:
            codes[closed.rcvd.code if closed.rcvd is not None else None] += 1
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            codes[type(error).__name__] += 1


def _rage(address: str, count: int, seed: int) -> Counter[object]:
    """Eight vandals with so many frames among them, in a process of their own: what their
    frames cost to make is not counted as what they cost those who type."""
    codes: Counter[object] = Counter()
    made = frames(random.Random(seed))
    work: asyncio.Queue[bytes] = asyncio.Queue()
    for _ in range(count):
        work.put_nowait(next(made))

    async def all_of_them() -> None:
        await asyncio.gather(*(_vandal(address, f"editor{20 + n}", work, codes) for n in range(8)))

    asyncio.run(all_of_them())
    return codes


async def vandals(count: int, folder: Path, seed: int = 1, calm: float = 5.0, pause: float = 0.1) -> Result:
    """Ten people type while so many malformed frames and updates of every kind arrive.

    Memory: after half of the calm, after it, and three times in trouble, each with what had been
    typed by then, which has its own share in it. `pause`: seconds between two marks of one person.
    """
    result = Result()

    def weigh() -> None:
        result.memory.append(server.memory() / MIB)
        result.typed.append(len(result.calm) + len(result.trouble))

    async with _serving(folder) as server:
        people = [Timed(server.address(), f"editor{n}", result.calm) for n in range(10)]
        stop, leave = asyncio.Event(), asyncio.Event()
        typing = [asyncio.create_task(person.live(stop, pause, leave)) for person in people]
        for _ in range(2):
            await asyncio.sleep(calm / 2)
            weigh()
        for person in people:
            person.times = result.trouble
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as elsewhere:
            for chunk in range(10):
                address, some = server.address(), count // 10
                result.codes += await loop.run_in_executor(elsewhere, _rage, address, some, seed + chunk)
                if chunk in (0, 4, 9):
                    weigh()
        stop.set()
        lagging = await astray(people, server.address())
        leave.set()
        await asyncio.gather(*typing)
        result.wrong = wrong(people, await agree(people, server.address())) | dict.fromkeys(lagging, 0)
    return result


async def storm(clients: int, folder: Path) -> Result:
    """Everybody is at the same document when the server is killed and starts again."""
    result = Result()
    async with _serving(folder) as server:
        people = [Insistent(server.address(), f"editor{n % 50}", random.Random(n)) for n in range(clients)]
        for person in people:
            await person.__aenter__()
        await until(lambda: all(person.synced.is_set() for person in people), 60)
        for number, person in enumerate(people):
            await person.type(f"p{number % 3}", f"<{number}>")
        await asyncio.to_thread(server.kill)
        for person in people:
            person.abort()
        await asyncio.to_thread(server.start)
        began = time.monotonic()

        async def back(person: Insistent) -> None:
            failures = 0
            while True:
                # As the browser waits: half a second doubled each time, half as long to half longer.
                await asyncio.sleep(min(0.5 * 2**failures, 15) * (0.5 + random.random()))
                failures += 1
                with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                    person.code = None
                    await person.__aenter__()
                    await until(lambda: person.synced.is_set() or person.code is not None, 30)
                    if person.synced.is_set():
                        break
                result.codes[person.code] += 1
            result.synced.append(time.monotonic() - began)

        await asyncio.gather(*map(back, people))
        await people[0].type("p0", "<mọi người>")
        await until(lambda: all("<mọi người>" in p.replica.texts()["p0"] for p in people), 30)
        await until(lambda: not any(person.unacknowledged for person in people), 30)
        result.wrong = wrong(people, await witness(server.address()))
        for person in people:
            person.abort()
    return result


async def rooms(count: int, folder: Path) -> Result:
    """So many documents opened, written and left, again and again."""
    result = Result()
    async with _serving(folder, documents=count, grace=0.05) as server:
        for turn in range(4):
            for number in range(count):
                async with Typist(server.address(f"d{number}"), "editor0") as typist:
                    await typist.synced.wait()
                    typist.acknowledged = {f"<{n}>" for n in range(turn)}
                    await typist.type("p0", f"<{turn}>")
                    await until(lambda typist=typist: not typist.unacknowledged)
                    result.wrong |= {
                        f"d{number} {mark}": times
                        for mark, times in wrong([typist], typist.replica.texts()).items()
                    }
            await asyncio.sleep(0.5)
            result.memory.append(server.memory() / MIB)
    return result


async def _campaign(name: str, given: argparse.Namespace, folder: Path) -> Result:
    match name:
        case "slow":
            return await slow(given.seconds, folder)
        case "vandals":
            return await vandals(given.frames, folder, calm=120.0, pause=0.3)
        case "storm":
            return await storm(given.clients, folder)
        case _:
            return await rooms(given.rooms, folder)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="slow,vandals,storm,rooms")
    parser.add_argument("--seconds", type=float, default=300.0, help="of slow readers")
    parser.add_argument("--frames", type=int, default=50_000)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--rooms", type=int, default=200)
    given = parser.parse_args()
    failed = False
    for name in given.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            result = asyncio.run(_campaign(name, given, Path(folder)))
        print(f"{name}: {result.said()}", flush=True)
        failed |= bool(result.wrong)
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
