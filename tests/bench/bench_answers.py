"""300 people are asked: all open their page in the same minute, and answer in the minutes after it.

`python -m tests.bench.bench_answers [--people 300] [--minutes 1] [--answering 10] [--json]`. A server of
its own with the demonstration's regulation (383 provisions), a round in which everybody has a private
link, and one process that plays their browsers: the page comes once with what it shows, every answer is
saved twice on the way, sent, and looked at. Told for each kind of request: how many, median, 95 of 100
and the longest, the processor time of the server for one request, and how busy the machine was.
`--signing` adds as many who sign in with name and password in one minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from duthao.bootstrap import open_services
from duthao.commands.demo import content, load_demonstration
from duthao.service.rounds import Wanted
from duthao.settings import Settings
from duthao.store.ports import VersionKind
from tests.support.live_server import LiveServer

DAY = 24 * 3600 * 1000
BAR = 300
"""Milliseconds, of 95 pages in 100, on two cores that nobody else uses."""


async def asked(data: Path, people: int) -> list[str]:
    """The private links of so many, in a house with the demonstration."""
    async with open_services(Settings(data_dir=str(data))) as services:
        await load_demonstration(services)
        store = services.tools.store
        lead = store.users.by_username("hanh")
        assert lead is not None
        title = content().regulation["title"]
        document = next(r.id for r, _ in store.documents.for_user(lead.id) if r.title == title)
        version = next(v for v in store.versions.for_document(document) if v.kind is VersionKind.NUMBERED)
        units = "\n".join(f"Đồng chí {n}" for n in range(people))
        deadline = services.tools.clock() + 5 * DAY
        wanted = Wanted(version.id, "", "Đồng chí có nhất trí không?", deadline, (), units)
        issued = await services.rounds.create(lead, document, wanted)
        return list(issued.links.values())


@dataclass
class Seen:
    """What the browsers have seen, in milliseconds by the kind of request."""

    times: dict[str, list[float]] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)

    def took(self, kind: str, since: float, size: int) -> None:
        self.times.setdefault(kind, []).append(1000 * (time.perf_counter() - since))
        self.size[kind] = max(size, self.size.get(kind, 0))


class Visitor:
    """A browser with one connection at a time."""

    def __init__(self, port: int, seen: Seen) -> None:
        self.port, self.seen = port, seen

    async def ask(
        self, kind: str, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, str, bytes]:
        """The status, where it sends one, and the body."""
        since = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
            lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
            lines += [f"Content-Length: {len(body)}"] if method == "POST" else []
            writer.write("\r\n".join((*lines, "", "")).encode() + body)
            answer = await reader.read(-1)
        finally:
            writer.close()
        head, _, rest = answer.partition(b"\r\n\r\n")
        self.seen.took(kind, since, len(answer))
        status = int(head.split(b" ", 2)[1])
        found = re.search(rb"\r\nlocation: ([^\r]*)", head, re.IGNORECASE)
        return status, found[1].decode() if found else "", rest

    async def form(self, kind: str, path: str, fields: dict[str, str], accept: str) -> tuple[int, str, bytes]:
        body = urlencode(fields).encode()
        kept = {"Content_Type": "application/x-www-form-urlencoded", "Accept": accept}
        return await self.ask(kind, "POST", path, body, **kept)


def hidden(page: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.decode())
    assert found is not None, name
    return found[1]


async def opened(visitor: Visitor, token: str) -> tuple[str, list[str]]:
    """The page's proof of being ours, and the provisions one can speak about."""
    status, _, page = await visitor.ask("page", "GET", f"/answer/{token}")
    assert status == 200, status
    return hidden(page, "csrf"), re.findall(r'<option value="([^"]+)">', page.decode())


async def answered(visitor: Visitor, token: str, csrf: str, places: list[str], chance: random.Random) -> None:
    path = f"/answer/{token}"
    items = {f"on-{n}": chance.choice(places) for n in (1, 2)}
    items |= {f"text-{n}": f"Đề nghị làm rõ nội dung này hơn nữa, lần {n}." for n in (1, 2)}
    given = {"csrf": csrf, "verdict": "remarks", "general": "Cơ bản nhất trí với dự thảo."} | items
    for edition in (0, 1):
        fields = {**given, "do": "save", "edition": str(edition)}
        status, _, _ = await visitor.form("save", path, fields, "application/json")
        assert status == 200, status
    status, where, _ = await visitor.form("send", path, {**given, "do": "send", "edition": "2"}, "text/html")
    assert status == 303, status
    status, _, _ = await visitor.ask("sent page", "GET", where)
    assert status == 200, status


async def spread(
    count: int, seconds: float, chance: random.Random, one: Callable[[int], Awaitable[None]]
) -> None:
    """Each at a moment of its own within so many seconds."""

    async def at(n: int, moment: float) -> None:
        await asyncio.sleep(moment)
        await one(n)

    await asyncio.gather(*(at(n, chance.uniform(0, seconds)) for n in range(count)))


def used(pid: int) -> float:
    """Seconds of processor time of a process and its children that have ended (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def told(seen: Seen) -> dict[str, dict[str, float]]:
    return {
        kind: {
            "requests": len(times),
            "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(sorted(times)[int(0.95 * (len(times) - 1))], 1),
            "longest_ms": round(max(times), 1),
            "kib": round(seen.size[kind] / 1024),
        }
        for kind, times in seen.times.items()
    }


async def run(server: LiveServer, tokens: list[str], given: argparse.Namespace) -> dict[str, object]:
    assert server.process is not None
    chance, seen, pid = random.Random(7), Seen(), server.process.pid
    visitor = Visitor(server.port, seen)
    known: dict[int, tuple[str, list[str]]] = {}

    async def open_page(n: int) -> None:
        known[n] = await opened(visitor, tokens[n])

    async def answer(n: int) -> None:
        await answered(visitor, tokens[n], *known[n], chance)

    async def sign_in(n: int) -> None:
        body = json.dumps({"username": "hanh", "password": content().password}).encode()
        kept = {"Content_Type": "application/json"}
        status, _, _ = await visitor.ask("sign in", "POST", "/api/login", body, **kept)
        assert status in (200, 429), status

    parts: list[tuple[str, float, Callable[[int], Awaitable[None]]]] = [
        ("opening", 60 * given.minutes, open_page),
        ("answering", 60 * given.answering, answer),
    ]
    if given.signing:
        parts.append(("signing in", 60 * given.minutes, sign_in))
    cpu = {}
    for name, seconds, one in parts:
        before, asked_before = used(pid), sum(map(len, seen.times.values()))
        await spread(len(tokens), seconds, chance, one)
        requests = sum(map(len, seen.times.values())) - asked_before
        cpu[name] = round(1000 * (used(pid) - before) / requests, 1)
    return {
        "requests": told(seen),
        "cpu_ms_per_request": cpu,
        "load": os.getloadavg(),
        "cores": os.cpu_count(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--answering", type=float, default=10)
    parser.add_argument("--signing", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tokens = asyncio.run(asked(Path(folder), given.people))
        server = LiveServer(Path(folder), demo=False)
        server.start(300)
        try:
            found = asyncio.run(run(server, tokens, given))
        finally:
            server.stop()
    if given.json:
        print(json.dumps(found))
        return
    for kind, figures in found["requests"].items():  # type: ignore[attr-defined]
        print(f"{kind:12}", "  ".join(f"{name} {value:g}" for name, value in figures.items()))
    print("processor time of the server for one request, ms:", found["cpu_ms_per_request"])
    print(
        f"the machine: {found['cores']} cores, load {found['load']}; the bar: p95 {BAR} ms on two idle cores"
    )


if __name__ == "__main__":
    main()
