"""One, two and four processes under one load: docs/operate/scale.md holds the findings.

python -m tests.bench.bench_several --only sqlite,1,2-redis,4-redis --scenarios many

`sqlite`: one process as it is installed; `N` and `N-redis`: so many with PostgreSQL, whose
notifications or a Redis of the run's own are the bus. The load is that of bench_peers and comes
from this machine too, as does the database: read `generator busy` before anything else.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.bench.bench_peers import Bench, Figures, table
from tests.bench.peers.crowd import Crowd, Lost
from tests.bench.peers.install import CACHE
from tests.bench.peers.servers import TICKS, Ours, Server
from tests.support.postgres import fresh_schema
from tests.support.several import OwnRedis

ALL = ("sqlite", "1", "2", "2-redis", "4-redis")


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in found for one in family(int(child)))]


class Several(Ours):
    """`duthao serve --workers N` on PostgreSQL."""

    def __init__(self, name: str, folder: Path, database: str, bus: str) -> None:
        super().__init__(name, folder)
        self._database, self._bus = database, bus

    @property
    def database(self) -> str:
        return self._database

    def environment(self) -> Mapping[str, str]:
        return dict(super().environment()) | {
            "DUTHAO_DATABASE_URL": self._database, "DUTHAO_BUS_URL": self._bus,
            "DUTHAO_BUS_CHANNEL": f"bench_{self.port}", "DUTHAO_WORKERS": self.name.partition("-")[0],
        }  # fmt: skip

    def start(self) -> None:
        super().start()
        time.sleep(4)  # until all of them listen

    def cpu(self) -> float:
        """Of all its processes; the database's is not in it."""
        assert self.process is not None
        total = 0
        for pid in family(self.process.pid):
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
        return total / TICKS

    def memory(self) -> int:
        assert self.process is not None
        total = 0
        for pid in family(self.process.pid):
            status = Path(f"/proc/{pid}/status").read_text()
            total += int(status.split("VmRSS:")[1].split()[0]) * 1024
        return total


class SeveralBench(Bench):
    def __init__(self, folder: Path, seconds: float, redis: OwnRedis) -> None:
        super().__init__(folder, seconds)
        self._redis = redis

    @contextmanager
    def running(self, name: str, documents: list[str]) -> Iterator[Server]:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        with ExitStack() as stack:
            server: Server
            if name == "sqlite":
                server = Ours(name, folder)
            else:
                bus = self._redis.address if name.endswith("-redis") else ""
                server = Several(name, folder, stack.enter_context(fresh_schema()), bus)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            server.prepare(documents, self.seed)
            server.start()
            stack.callback(server.stop, signal.SIGTERM)
            yield server

    def people(self, name: str, documents: int = 25, each: int = 40) -> Figures:
        """What a person costs who only has a document open."""
        names = [f"d{n}" for n in range(documents)]
        with self.running(name, names) as server, self.crowded(server, names, 1, 0) as first:
            before, used = server.memory(), server.cpu()
            with Crowd() as crowd:
                for document in names:
                    self.enter(crowd, server, document, 0, each - 1, at=100)
                crowd.everybody_synced()
                joining = server.cpu() - used
                used, until = server.cpu(), time.monotonic() + 10
                while time.monotonic() < until:
                    crowd.turn(0.05)
                    first.turn(0.0)
                people = documents * (each - 1)
                return {
                    "KiB a person": round((server.memory() - before) / 1024 / people, 1),
                    "ms to join": round(1000 * joining / people, 2),
                    "idle cpu": round((server.cpu() - used) / 10, 3),
                }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(ALL))
    parser.add_argument("--scenarios", default="people,fixed,many")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--json", metavar="FILE")
    given = parser.parse_args()
    results: dict[str, dict[str, Figures]] = {}
    with tempfile.TemporaryDirectory() as folder:
        redis = OwnRedis(Path(folder))
        redis.start()
        try:
            CACHE.mkdir(parents=True, exist_ok=True)
            bench = SeveralBench(Path(folder), given.seconds, redis)
            known = {
                "people": ("25 documents open to 40 people each", bench.people),
                "fixed": ("20 documents of 6, 300 letters/s", lambda n: bench.fixed(n, 20, 6, 0, 300)),
                "many": ("highest, 200 documents of 5", lambda n: bench.highest(n, 200, 5, 1500)),
            }
            for key in given.scenarios.split(","):
                title, run = known[key]
                results[key] = {}
                for name in given.only.split(","):
                    try:
                        results[key][name] = run(name)
                    except Lost as lost:
                        print(f"  {name}: {lost}", file=sys.stderr)
                print(
                    table(f"{key}: {title}; load average {os.getloadavg()[0]:.1f}", results[key]), flush=True
                )
        finally:
            redis.stop()
    if given.json:
        Path(given.json).write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except pytest.skip.Exception as missing:
        print(f"not run: {missing}")
