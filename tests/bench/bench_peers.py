"""Our server beside others, one load, one machine, one run: docs/decisions/0011-turns.md holds the findings.

python run.py bench bench_peers                      everything (about 15 minutes)
python -m tests.bench.bench_peers --only ours,hocuspocus --scenarios fixed,hot --seconds 3

The peers come from npm and PyPI into .cache/peers, locked by hashes. Ours runs as it is
installed: every edit read strictly, attributed, and on disk before anybody is shown it.
Deliveries are edits times the people who did not write them, counted inside merged messages.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from duthao.collab.update_reader import TEXT, read_update
from tests.bench.peers import crowd as crowds
from tests.bench.peers.crowd import Client, Crowd, Document, Lost
from tests.bench.peers.frames import SEEDER
from tests.bench.peers.install import ensure
from tests.bench.peers.servers import MEMBERS, PEERS, Server, made
from tests.support.collab_client import entry

ALL = ("ours", *PEERS, "starlette-echo", "raw-echo")
Figures = dict[str, float]


def seed() -> bytes:
    """Ten empty provisions, the same bytes for all servers."""
    from pycrdt import Doc, Map

    doc: Doc[Map[object]] = Doc(client_id=SEEDER)
    provisions = doc.get("provisions", type=Map)
    for n in range(10):
        provisions[f"p{n}"] = entry(f"p{n}", "")
    update = bytes(doc.get_update())
    crowds.PARENTS = [made_.id for made_ in read_update(update).types if made_.kind == TEXT]
    return update


class Bench:
    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder, self.seconds, self.seed = folder, seconds, seed()

    @contextmanager
    def running(self, name: str, documents: list[str]) -> Iterator[Server]:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        server = made(name, folder)
        server.prepare(documents, self.seed)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGKILL)
            shutil.rmtree(folder, ignore_errors=True)

    def enter(self, crowd: Crowd, server: Server, name: str, writers: int, readers: int, at: int = 0) -> None:
        """One document's people, all synchronised; the first brings the seed where it is not there."""
        document = Document(name)
        for n in range(writers + readers):
            client = crowd.add(Client(
                server.dialect, document, server.port, server.path(name), server.headers(at + n),
                writes=1000 + at + n if n < writers else 0,
            ))  # fmt: skip
            if n == 0 and server.dialect.syncs and not server.seeded:
                crowd.until(lambda client=client: client.synced)
                client.say(server.dialect.update(name, self.seed))

    def crowded(
        self, server: Server, documents: list[str], writers: int, readers: int, first: int = 0
    ) -> Crowd:
        """Everybody at these documents, of which the first is the server's `first`."""
        crowd = Crowd()
        for number, name in enumerate(documents):
            at = (first + number) * max(MEMBERS, writers + readers)
            self.enter(crowd, server, name, writers, readers, at=at)
            if number % 20 == 19:
                crowd.everybody_synced()
        crowd.everybody_synced()
        for _ in range(20):
            crowd.turn(0.02)
        return crowd

    def window(self, crowd: Crowd, server: Server, rate: float, seconds: float) -> Figures:
        used = [0.0, 0.0]
        crowd.on_window = lambda: used.__setitem__(0, server.cpu())  # type: ignore[method-assign]
        crowd.on_end = lambda: used.__setitem__(1, server.cpu())  # type: ignore[method-assign]
        told = crowd.type_along(rate, seconds)
        people = sum(1 for _ in crowd.clients.values())
        per_edit = people / len({id(c.document) for c in crowd.clients.values()}) - 1
        return {
            "edits/s": round(told.offered / told.seconds),
            "delivered/s": round(told.delivered / told.seconds),
            "kept up": round(told.delivered / max(1.0, told.offered * per_edit), 3),
            "p50": told.percentile(0.5), "p95": told.percentile(0.95), "p99": told.percentile(0.99),
            "cpu": round((used[1] - used[0]) / told.seconds, 2),
            "cpu per 100k": round(1e5 * (used[1] - used[0]) / max(1, told.delivered), 3),
            "messages/s": round(told.frames / told.seconds),
            "missing": told.missing, "generator busy": round(told.busy, 2),
            "generator late ms": round(told.late * 1000),
        }  # fmt: skip

    def fixed(self, name: str, documents: int, writers: int, readers: int, rate: float) -> Figures:
        names = [f"d{n}" for n in range(documents)]
        with self.running(name, names) as server, self.crowded(server, names, writers, readers) as crowd:
            return self.window(crowd, server, rate, self.seconds * 2)

    def highest(self, name: str, documents: int, people: int, first: float) -> Figures:
        """The highest rate that arrives with p99 ≤ 100 ms: grown by half, then halved in between."""
        names = [f"d{n}" for n in range(documents)]
        best: Figures = {}
        with self.running(name, names) as server, self.crowded(server, names, people, 0) as crowd:
            rate, low, high, failed = first, 0.0, float("inf"), False
            while high / max(low, 1.0) > 1.1 and rate < 400_000:
                try:
                    found = self.window(crowd, server, rate, self.seconds)
                except Lost as lost:
                    # It gave up under the load: what it stood before is its figure.
                    print(f"    {name} {rate:.0f}/s: {lost}", file=sys.stderr, flush=True)
                    break
                print(f"    {name} {rate:.0f}/s: {found}", file=sys.stderr, flush=True)
                if found["p99"] <= 100 and found["kept up"] >= 0.97:
                    best, low, failed = found, rate, False
                elif not crowd.settle(30):
                    break
                elif not failed:
                    failed = True  # once more: the machine may have been busy with something else
                    continue
                else:
                    high, failed = rate, False
                rate = low * 1.5 if high == float("inf") else (low + high) / 2
                if low == 0.0:
                    rate = high / 2
                if rate < 50:
                    break
        return best

    def memory(self, name: str, documents: int = 500) -> Figures:
        names = [f"d{n}" for n in range(documents)]
        with self.running(name, names) as server, self.crowded(server, [names[0]], 2, 0):
            before = server.memory()
            with self.crowded(server, names[1:], 2, 0, first=1) as crowd:
                crowd.type_along(1000, 3, warm=0.5)
                after = server.memory()
        return {"KiB per document": round((after - before) / 1024 / (documents - 1))}

    def opening(self, name: str, edits: int = 260_000, crowd_of: int = 200) -> Figures:
        """Opening a document with a long history: after a restart, again, and 200 people at once."""
        with self.running(name, ["d0"]) as server:
            with self.crowded(server, ["d0"], 10, 0) as crowd:
                typed = self.written(crowd, edits)
            self.rested(server)
            cold: list[float] = []
            for _ in range(3 if server.durable else 0):
                server.stop()
                server.start()
                cold.append(self.entering(server, 1, typed)[0])
            warm = [self.entering(server, 1, typed)[0] for _ in range(9)]
            storm = self.entering(server, crowd_of, typed)
            figures = {"cold ms": statistics.median(cold)} if cold else {}
            return figures | {
                "warm ms": statistics.median(warm),
                "200 at once: p50": storm[crowd_of // 2], "p95": storm[crowd_of * 95 // 100],
                "last": storm[-1], "MiB after": round(server.memory() / 2**20),
            }  # fmt: skip

    def rested(self, server: Server, seconds: float = 4.0) -> None:
        """Until its files have not changed for so long: some write two seconds after the last edit."""
        size, since = -1, time.monotonic()
        while time.monotonic() - since < seconds:
            found = sum(file.stat().st_size for file in server.folder.rglob("*") if file.is_file())
            if found != size:
                size, since = found, time.monotonic()
            time.sleep(0.2)

    def killed(self, name: str, edits: int = 1000) -> Figures:
        """`kill -9` right after a burst that the other people have seen: how much of it is gone."""
        with self.running(name, ["d0"]) as server:
            with self.crowded(server, ["d0"], 1, 2) as crowd:
                crowd.type_along(4000, edits / 4000, warm=0.0, drain=30.0)
                seen = sum(client.clock for client in crowd.clients.values())
                server.stop(signal.SIGKILL)
            server.start()
            with Crowd() as again:
                document = Document("d0")
                document.opened = {}
                witness = again.add(
                    Client(server.dialect, document, server.port, server.path("d0"), server.headers(0))
                )
                end = time.monotonic() + 5
                while witness.letters < seen and time.monotonic() < end:
                    again.turn(0.05)
                return {"seen by others": seen, "lost": seen - witness.letters}

    def written(self, crowd: Crowd, edits: int) -> int:
        """Type `edits` letters, at the fastest rate of these that the server takes; how many there are."""
        for rate in (4000.0, 4000.0, 2000.0, 1000.0, 500.0):
            typed = sum(client.clock for client in crowd.clients.values())
            if typed < edits:
                crowd.type_along(rate, (edits - typed) / rate, warm=0.0, drain=120.0)
        return sum(client.clock for client in crowd.clients.values())

    def entering(self, server: Server, people: int, typed: int) -> list[float]:
        """Milliseconds from connecting to having the whole text, in order, for people who come together."""
        with Crowd() as crowd:
            document = Document("d0")
            document.opened = {}
            for n in range(people):
                crowd.add(Client(server.dialect, document, server.port, server.path("d0"), server.headers(n)))
            # Some answer with what they have so far, and send the rest as updates.
            crowd.until(lambda: all(c.letters >= typed for c in crowd.clients.values()), 120)
            return sorted(round(1000 * (c.whole_at - c.began), 1) for c in crowd.clients.values())


def scenarios(bench: Bench) -> dict[str, tuple[str, Callable[[str], Figures]]]:
    return {
        "fixed": ("10 write 10 letters/s each, 40 read", lambda n: bench.fixed(n, 1, 10, 40, 100)),
        "fixed20": ("20 documents of 6, 300 letters/s in all", lambda n: bench.fixed(n, 20, 6, 0, 300)),
        "hot": ("highest, one document of 30", lambda n: bench.highest(n, 1, 30, 1000)),
        "many": ("highest, 200 documents of 5", lambda n: bench.highest(n, 200, 5, 2000)),
        "memory": ("500 documents of 2", bench.memory),
        "kill": ("kill -9 after a burst of 1,000 edits", bench.killed),
        "opening": ("opening a document with 260,000 edits", bench.opening),
    }  # fmt: skip


def table(title: str, found: dict[str, Figures]) -> str:
    columns = list(dict.fromkeys(key for figures in found.values() for key in figures))
    lines = [title, "  " + " ".join([f"{'':18}", *(f"{c:>16}" for c in columns)])]
    for name, figures in found.items():
        lines.append("  " + " ".join([f"{name:18}", *(f"{figures.get(c, '–'):>16}" for c in columns)]))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(ALL), help="servers, comma-separated")
    parser.add_argument("--scenarios", default="")
    parser.add_argument("--seconds", type=float, default=4.0, help="of one window of load")
    parser.add_argument("--json", metavar="FILE")
    given = parser.parse_args()
    ensure()
    results: dict[str, dict[str, Figures]] = {}
    with tempfile.TemporaryDirectory() as folder:
        known = scenarios(Bench(Path(folder), given.seconds))
        for key in filter(None, (given.scenarios or ",".join(known)).split(",")):
            title, run = known[key]
            results[key] = {}
            for name in given.only.split(","):
                try:
                    results[key][name] = run(name)
                except Lost as lost:
                    results[key][name] = {}
                    print(f"  {name}: {lost}", file=sys.stderr)
            print(table(f"{key}: {title}", results[key]), flush=True)
    if given.json:
        Path(given.json).write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
