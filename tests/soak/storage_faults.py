"""The disk full, not to be written, locked; the database refusing, standing still: said, and nothing lost.

python -m tests.soak.storage_faults --away 30 [--faults full,refused]

While two people type and take back the store goes away; they go on, and a newcomer comes. The room has to
say it within five seconds, acknowledge nothing meanwhile, and recover by itself; a newcomer is shown
what is stored, waits or is asked to try again, and never sees an empty document.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import websockets
from sqlalchemy import create_engine, make_url

from duthao.collab.close import Close
from tests.support.collab_client import Typist, until
from tests.support.insistent import Insistent, agree, astray, wrong
from tests.support.live_server import free_port
from tests.support.proxy import Switch
from tests.support.server_process import ServerProcess

POSTGRES = os.environ.get("DUTHAO_TEST_POSTGRES", "postgresql+psycopg://test:test@127.0.0.1:5432/test")
SAID_WITHIN = 5.0
HONEST = ("sees what is stored", "waits", "try again")
"""What may become of a newcomer."""
SMALL_DISK = 8 * 1024
"""KiB: full long before SQLite's log is written back and begun anew."""


@dataclass
class Result:
    fault: str
    said_after: float = 0.0
    """Seconds until both were told."""
    during: int = 0
    """Marks acknowledged between being told and the end of the trouble."""
    newcomer: str = ""
    recovered_after: float = 0.0
    typed: int = 0
    acknowledged: int = 0
    reconnected: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)
    """Who read something else than a newcomer while still connected."""

    @property
    def stands(self) -> bool:
        return (
            not self.wrong and not self.astray and self.during == 0 and self.said_after <= SAID_WITHIN
            and self.typed == self.acknowledged and self.newcomer in HONEST
        )  # fmt: skip


class Fault(Protocol):
    server: ServerProcess

    async def begin(self) -> None: ...
    async def end(self) -> None: ...


class FullDisk:
    """A small disk of its own, filled by somebody else's file."""

    def __init__(self, folder: Path) -> None:
        self.disk = folder / "disk"
        self.disk.mkdir()
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}k", "tmpfs", str(self.disk)],
            check=True, capture_output=True,
        )  # fmt: skip
        self.server = ServerProcess(self.disk / "duthao.sqlite3", free_port())

    async def begin(self) -> None:
        with (self.disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while ballast.write(bytes(1024)) == 1024:
                pass

    async def end(self) -> None:
        (self.disk / "ballast").unlink()

    def gone(self) -> None:
        subprocess.run(["umount", str(self.disk)], check=True)


class NoWrites:
    """Every write of the server's process fails, as on a disk that breaks."""

    def __init__(self, folder: Path) -> None:
        self.server = ServerProcess(folder / "duthao.sqlite3", free_port())

    def _bound(self, most: int) -> None:
        hard = resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (most, hard))

    async def begin(self) -> None:
        self._bound(0)

    async def end(self) -> None:
        self._bound(resource.RLIM_INFINITY)


class Locked:
    """Another program holds the database's lock."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "duthao.sqlite3"
        self.server = ServerProcess(self.file, free_port())
        self._other: sqlite3.Connection | None = None

    async def begin(self) -> None:
        self._other = sqlite3.connect(self.file, isolation_level=None, timeout=10, check_same_thread=False)
        await asyncio.to_thread(self._other.execute, "BEGIN IMMEDIATE")

    async def end(self) -> None:
        assert self._other is not None
        self._other.execute("ROLLBACK")
        self._other.close()


class Away:
    """PostgreSQL behind a line that is taken away: `how` is "refuse" or "stall"."""

    def __init__(self, switch: Switch, address: str, how: str) -> None:
        self._switch, self._how = switch, how
        self.server = ServerProcess(address, free_port())

    async def begin(self) -> None:
        await (self._switch.refuse() if self._how == "refuse" else self._switch.stall())

    async def end(self) -> None:
        await self._switch.back()


def _postgres(statement: str) -> None:
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


@asynccontextmanager
async def _away(how: str) -> AsyncIterator[Fault]:
    url = make_url(POSTGRES)
    schema = f"faults_{os.getpid()}_{random.getrandbits(30):x}"
    await asyncio.to_thread(_postgres, f"CREATE SCHEMA {schema}")
    try:
        async with Switch(url.port or 5432, url.host or "127.0.0.1") as switch:
            near = url.set(host="127.0.0.1", port=switch.port)
            address = near.update_query_dict({"options": f"-csearch_path={schema}"})
            yield Away(switch, address.render_as_string(hide_password=False), how)
    finally:
        await asyncio.to_thread(_postgres, f"DROP SCHEMA {schema} CASCADE")


@asynccontextmanager
async def made(name: str, folder: Path) -> AsyncIterator[Fault]:
    """The fault of this name, with a server not yet started."""
    folder.mkdir(parents=True, exist_ok=True)
    if name == "full":
        full = FullDisk(folder)
        try:
            yield full
        finally:
            full.server.kill()
            full.gone()
    elif name in ("refused", "stalled"):
        async with _away({"refused": "refuse", "stalled": "stall"}[name]) as away:
            try:
                yield away
            finally:
                away.server.kill()
    else:
        fault: Fault = {"unwritable": NoWrites, "locked": Locked}[name](folder)
        try:
            yield fault
        finally:
            fault.server.kill()


FAULTS = ("full", "unwritable", "locked", "refused", "stalled")


def _told(typist: Typist, ok: bool) -> bool:
    """Whether the last word about the storage was this."""
    words = [event["ok"] for event in typist.events if event["type"] == "storage"]
    return bool(words) and words[-1] is ok


async def run(name: str, away: float, folder: Path) -> Result:
    """One fault, for so many seconds."""
    result = Result(name)
    async with made(name, folder) as fault:
        await asyncio.to_thread(fault.server.start)
        address = fault.server.address()
        people = [Insistent(address, f"editor{n}", random.Random(n), silence=away + 30) for n in range(2)]
        stop, leave = asyncio.Event(), asyncio.Event()
        typing = [asyncio.create_task(person.live(stop, 0.05, leave)) for person in people]
        await until(lambda: all(len(person.acknowledged) > 5 for person in people))
        await fault.begin()
        began = time.monotonic()
        await until(lambda: all(_told(person, False) for person in people), SAID_WITHIN + 10)
        result.said_after = time.monotonic() - began
        before = sum(len(person.acknowledged) for person in people)
        result.newcomer = await _newcomer(address, people)
        await asyncio.sleep(max(0.0, away - (time.monotonic() - began)))
        result.during = sum(len(person.acknowledged) for person in people) - before
        await fault.end()
        ended = time.monotonic()
        stop.set()
        result.astray = await astray(people, address, 60)
        result.recovered_after = time.monotonic() - ended
        leave.set()
        await asyncio.gather(*typing)
        assert all(_told(person, True) or person.connections > 1 for person in people)
        texts = await agree(people, address)
        result.wrong = wrong(people, texts)
        result.typed = sum(person.typed for person in people)
        result.acknowledged = sum(len(person.acknowledged) for person in people)
        result.reconnected = sum(person.connections - 1 for person in people)
    return result


async def _newcomer(address: str, people: list[Insistent]) -> str:
    """What becomes of one who opens the document while the store is away."""
    stored = set().union(*(person.acknowledged for person in people))
    newcomer = Typist(address, "lead")
    try:
        async with asyncio.timeout(3):
            with contextlib.suppress(websockets.ConnectionClosed):
                await newcomer.__aenter__()
            await until(lambda: newcomer.synced.is_set() or newcomer.code is not None, 3)
    except TimeoutError:
        # As slow as the database: it waits, and is shown nothing.
        return "waits" if not newcomer.replica.texts() else "sees something unfinished"
    finally:
        if newcomer._socket is not None:
            newcomer._socket.transport.abort()
    if newcomer.code is not None:
        return "try again" if newcomer.code == Close.TRY_AGAIN else f"closed with {newcomer.code}"
    shown = "".join(newcomer.replica.texts().values())
    return "sees what is stored" if all(mark in shown for mark in stored) else "misses what is stored"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--away", type=float, default=30.0, help="seconds")
    parser.add_argument("--faults", default=",".join(FAULTS))
    given = parser.parse_args()
    failed = False
    for name in given.faults.split(","):
        with tempfile.TemporaryDirectory() as folder:
            result = asyncio.run(run(name, given.away, Path(folder)))
        print(
            f"{name}: said after {result.said_after:.1f} s, acknowledged meanwhile {result.during}, "
            f"newcomer {result.newcomer}, recovered after {result.recovered_after:.1f} s, "
            f"typed {result.typed}, acknowledged {result.acknowledged}, "
            f"lost, doubled or left {len(result.wrong)}, astray {result.astray}, "
            f"reconnections {result.reconnected}",
            flush=True,
        )
        failed |= not result.stands
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
