"""A day at the office in an hour: 60 people in 20 documents, with a kill, a database away, and a backup.

python -m tests.soak.day [--seconds 3600] [--pace 1] [--people 60] [--documents 20] [--postgres]

Against `duthao serve` itself. Everybody writes in a document and takes back, reads, comments, proposes,
compares, prints, exports, and answers a round about it. What was acknowledged has to be there at the end,
once, also for everybody who is still connected; what was acknowledged before the backup began, in the
house restored from it. `--pace 10` puts ten times as much into the same time.
The people are played on the same machine: their work is in the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from argon2 import PasswordHasher
from sqlalchemy import make_url

from duthao.domain.days import field_of
from duthao.domain.document import UserId
from duthao.service.people import add_user
from duthao.store.ports import EpochMillis
from duthao.store.sql import open_store
from tests.support.collab_client import Typist
from tests.support.insistent import STOPS, Insistent, astray, counted, standing, wrong
from tests.support.live_server import ROOT, LiveServer
from tests.support.postgres import fresh_schema
from tests.support.proxy import Switch

MIB = 2**20
PASSWORD = "một ngày làm việc 2026"
TEXT = ROOT / "tests/samples/quy-che-lam-viec-ban-qlda-tphcm.txt"
SILENCE = 30.0
WORK = {"read": 12, "compare": 24, "comment": 20, "propose": 6, "print": 6, "export": 6, "answer": 2}
"""How often each person does it within the hour; who writes adds some words every three seconds."""
PAUSE = 3.0
KILLED, AWAY, SAVED = 0.25, 0.5, 0.75
"""When, as shares of the time."""


@dataclass
class Ledger:
    """What was done. `calm` and `trouble`: milliseconds by kind of work, without and with a fault."""

    calm: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    trouble: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: Counter[str] = field(default_factory=Counter)
    troubled: Counter[str] = field(default_factory=Counter)
    kept: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Marks of comments, proposals and answers that were granted, by document."""
    memory: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    in_trouble: bool = False
    until_calm: float = 0.0

    def troubled_since(self, began: float) -> bool:
        return self.in_trouble or began < self.until_calm

    def took(self, kind: str, began: float) -> None:
        times = self.trouble if self.troubled_since(began) else self.calm
        times[kind].append((time.monotonic() - began) * 1000)

    def refused(self, kind: str, why: object, began: float) -> None:
        (self.troubled if self.troubled_since(began) else self.failed)[f"{kind} {why}"] += 1


class Writer(Insistent):
    """Somebody in the drafting room, of whom is noted how long each word took to be stored."""

    def __init__(self, address: str, user: str, cookie: str, ledger: Ledger) -> None:
        super().__init__(address, user, random.Random(user), silence=SILENCE)
        self.cookie, self._keys = cookie, list[str]()
        self.on_stored = lambda began: ledger.took("type", began)

    def where(self) -> str:
        self._keys = self._keys or sorted(self.replica.texts())
        return self._chance.choice(self._keys)


@dataclass
class Person:
    name: str
    document: str
    client: httpx2.AsyncClient
    ledger: Ledger
    round: str = ""
    known: list[str] = field(default_factory=list)
    provisions: list[str] = field(default_factory=list)
    marks: int = 0
    answered: str = ""

    def mark(self) -> str:
        self.marks += 1
        return f"[{self.name}.{self.marks}]"

    async def do(self, kind: str) -> None:
        began = time.monotonic()
        mark = self.mark()
        acts: Mapping[str, Callable[[str], Awaitable[httpx2.Response]]] = {
            "read": self.read, "compare": self.compare, "comment": self.comment, "propose": self.propose,
            "print": self.print, "export": self.export, "answer": self.answer,
        }  # fmt: skip
        try:
            answer = await acts[kind](mark)
        except httpx2.HTTPError as error:
            self.ledger.refused(kind, type(error).__name__, began)
            return
        if answer.status_code >= 400:
            found = re.search(r'"code":"(\w+)"', answer.text)
            self.ledger.refused(kind, f"{answer.status_code} {found[1] if found else ''}".strip(), began)
            return
        self.ledger.took(kind, began)
        if kind == "answer":
            # What is sent again takes the place of what was.
            self.ledger.kept[f"{self.document} replaced"] |= {self.answered} - {""}
            self.answered = mark
        if kind in ("comment", "propose", "answer"):
            self.ledger.kept[self.document].add(mark)

    def _api(self, path: str) -> str:
        return f"/api/documents/{self.document}/{path}"

    async def read(self, _mark: str) -> httpx2.Response:
        return await self.client.get(f"/documents/{self.document}")

    async def compare(self, _mark: str) -> httpx2.Response:
        answer = await self.client.post(self._api("comparison/rows"), json={"known": self.known})
        if answer.status_code == 200:
            self.known = [row["digest"] for row in answer.json()["rows"]]
        return answer

    async def comment(self, mark: str) -> httpx2.Response:
        anchor = {"on": "provision", "provision": random.choice(self.provisions)}
        words = {"text": f"Đề nghị làm rõ {mark}", "anchor": anchor}
        return await self.client.post(self._api("comments"), json=words)

    async def propose(self, mark: str) -> httpx2.Response:
        words = {
            "act": "insert", "kind": "clause", "provision": random.choice(self.provisions),
            "text": f"Cơ quan chủ trì báo cáo kết quả {mark}.",
        }  # fmt: skip
        return await self.client.post(self._api("proposals"), json=words)

    async def print(self, _mark: str) -> httpx2.Response:
        return await self.client.get(f"/documents/{self.document}/comparison.pdf")

    async def export(self, _mark: str) -> httpx2.Response:
        return await self.client.get(f"/documents/{self.document}/draft.docx")

    async def answer(self, mark: str) -> httpx2.Response:
        path = f"/rounds/{self.round}/answer"
        page = await self.client.get(path)
        form = page.text.partition(f'<form method="post" action="{path}"')[2]
        if not form:
            return page
        fields = {name: value_of(form, name) for name in ("csrf", "edition")}
        fields |= {"do": "send", "verdict": "remarks", "general": f"Cơ bản nhất trí {mark}"}
        return await self.client.post(path, data=fields)

    async def live(self, stop: asyncio.Event, pace: float) -> None:
        rate = sum(WORK.values()) / 3600 * pace
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(random.expovariate(rate)):
                    await stop.wait()
            if stop.is_set():
                return
            kind = random.choices(list(WORK), list(WORK.values()))[0]
            # Who leads asks the others.
            await self.do("read" if kind == "answer" and not self.round else kind)


def value_of(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


@dataclass
class House:
    """A server with its database, which can go away, be saved, and be killed."""

    server: LiveServer
    folder: Path
    database: str = ""
    switch: Switch | None = None
    _other: sqlite3.Connection | None = None

    async def away(self) -> None:
        if self.switch is not None:
            await self.switch.refuse()
            return
        file = self.server.data / "duthao.sqlite3"
        self._other = sqlite3.connect(file, isolation_level=None, timeout=10, check_same_thread=False)
        await asyncio.to_thread(self._other.execute, "BEGIN IMMEDIATE")

    async def back(self) -> None:
        if self.switch is not None:
            await self.switch.back()
        elif self._other is not None:
            self._other.execute("ROLLBACK")
            self._other.close()

    def command(self, data: Path, *words: str) -> None:
        """`duthao …` over this house's database, or over what lies in another folder."""
        own = {"DUTHAO_DATABASE_URL": self.database} if self.database and data == self.server.data else {}
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "server"), "DUTHAO_DATA_DIR": str(data), **own}
        subprocess.run(
            [sys.executable, "-m", "duthao.cli", *words],
            env=surroundings,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def memory(self) -> float:
        """Resident MiB of the server and of what it started."""
        assert self.server.process is not None
        found, heap = 0, [self.server.process.pid]
        while heap:
            pid = heap.pop()
            with contextlib.suppress(OSError, IndexError):
                status = Path(f"/proc/{pid}/status").read_text()
                found += int(status.split("VmRSS:")[1].split()[0]) * 1024
                for task in Path(f"/proc/{pid}/task").iterdir():
                    heap += map(int, (task / "children").read_text().split())
        return found / MIB


@asynccontextmanager
async def house(folder: Path, postgres: bool) -> AsyncIterator[House]:
    async with contextlib.AsyncExitStack() as stack:
        made = House(LiveServer(folder / "data", demo=False), folder)
        if postgres:
            url = make_url(stack.enter_context(fresh_schema()))
            made.database = url.render_as_string(hide_password=False)
            made.switch = await stack.enter_async_context(Switch(url.port or 5432, url.host or "127.0.0.1"))
            near = url.set(host="127.0.0.1", port=made.switch.port)
            made.server.settings["DUTHAO_DATABASE_URL"] = near.render_as_string(hide_password=False)
        made.server.data.mkdir(parents=True)
        try:
            yield made
        finally:
            if made.server.process is not None:
                made.server.kill()


def move_in(made: House, names: list[str]) -> None:
    store = open_store(made.database or f"sqlite:///{made.server.data / 'duthao.sqlite3'}")
    secret = PasswordHasher().hash(PASSWORD)
    for name in names:
        add_user(store, UserId(name), name, f"Đồng chí {name}", "", secret, EpochMillis(1))
    store.close()


async def signed_in(address: str, name: str) -> httpx2.AsyncClient:
    client = httpx2.AsyncClient(base_url=address, timeout=120, follow_redirects=False)
    answer = await client.post("/api/login", json={"username": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return client


async def open_documents(people: list[Person], count: int) -> None:
    """The first `count` people lead one each; everybody has a part in one, and reads the next."""
    text = TEXT.read_text(encoding="utf-8")
    for at, lead in enumerate(people[:count]):
        made = await lead.client.post("/api/documents", json={"title": f"Quy chế {at}", "text": text})
        assert made.status_code == 201, made.text
        document = made.json()["id"]
        first = await lead.client.get(f"/api/documents/{document}/at/1")
        provisions = [one["id"] for one in first.json()["provisions"]]
        mine = people[at::count]
        for n, person in enumerate(mine):
            person.document, person.provisions = document, provisions
            if n:
                role = {"role": "editor" if n == 1 else "commenter"}
                granted = await lead.client.put(f"/api/documents/{document}/members/{person.name}", json=role)
                assert granted.status_code == 204, granted.text
        version = await lead.client.post(
            f"/api/documents/{document}/versions", json={"name": "", "numbered": True}
        )
        page = await lead.client.get(f"/documents/{document}/rounds")
        asked = {f"member-{person.name}": "1" for person in mine[1:]}
        deadline = field_of(EpochMillis(int(time.time() * 1000) + 5 * 24 * 3600 * 1000))
        begun = await lead.client.post(
            f"/documents/{document}/rounds",
            data={"csrf": value_of(page.text, "csrf"), "version": version.json()["id"], "deadline": deadline,
                  "name": "Đợt một", "question": "Đồng chí có đồng ý không?", **asked},
        )  # fmt: skip
        assert begun.status_code in (200, 303), begun.text
        found = re.search(r"/rounds/([\w-]+)", begun.headers.get("location", "") + begun.text)
        assert found is not None
        for person in mine[1:]:
            person.round = found[1]


async def fault(made: House, ledger: Ledger, began: Callable[[], Awaitable[None]], calm_after: float) -> None:
    ledger.in_trouble = True
    await began()
    ledger.in_trouble, ledger.until_calm = False, time.monotonic() + calm_after
    ledger.memory.append(made.memory())


async def trouble(made: House, ledger: Ledger, seconds: float, writers: list[Writer]) -> dict[str, set[str]]:
    """The faults of the day, in their order; what had been acknowledged when the backup began."""
    begun = time.monotonic()

    async def at(share: float) -> None:
        await asyncio.sleep(max(0.0, begun + share * seconds - time.monotonic()))

    async def kill() -> None:
        await asyncio.to_thread(made.server.kill)
        start = time.monotonic()
        await asyncio.to_thread(made.server.start)
        ledger.notes.append(f"killed, answered again after {time.monotonic() - start:.1f} s")

    async def outage() -> None:
        lasting = min(60.0, max(5.0, seconds / 30))
        before = sum(len(one.acknowledged) for one in writers)
        await made.away()
        await asyncio.sleep(lasting)
        meanwhile = sum(len(one.acknowledged) for one in writers) - before
        await made.back()
        ledger.notes.append(f"database away for {lasting:.0f} s")
        ledger.notes.append(f"words acknowledged in the time the database was away: {meanwhile}")

    await at(KILLED)
    await fault(made, ledger, kill, 5.0)
    await at(AWAY)
    await fault(made, ledger, outage, 5.0)
    await at(SAVED)
    before = {"words": set().union(*(one.acknowledged for one in writers))}
    before["letters"] = set().union(*(one.gone for one in writers))
    before |= {document: set(marks) for document, marks in ledger.kept.items()}
    start = time.monotonic()
    await asyncio.to_thread(made.command, made.server.data, "backup", str(made.folder / "day.backup"))
    ledger.notes.append(f"backup while running took {time.monotonic() - start:.1f} s")
    await at(1.0)
    return before


async def told(address: str, name: str, document: str) -> tuple[dict[str, str], str]:
    """The text as a newcomer is shown it, and all comments, proposals and answers as one text."""
    async with contextlib.aclosing(await signed_in(address, name)) as client:
        cookie = f"duthao_session={client.cookies['duthao_session']}"
        async with Typist(f"{address.replace('http', 'ws')}/collab/{document}", name, cookie) as newcomer:
            async with asyncio.timeout(60):
                await newcomer.synced.wait()
        said = [await client.get(f"/api/documents/{document}/{what}") for what in ("comments", "proposals")]
        rounds = await client.get(f"/documents/{document}/rounds")
        said += [
            await client.get(f"/rounds/{one}")
            for one in sorted(set(re.findall(r"/rounds/([\w-]+)", rounds.text)))
        ]
        return newcomer.replica.texts(), "".join(answer.text for answer in said)


async def judged(
    made: House, ledger: Ledger, people: list[Person], writers: list[Writer], count: int
) -> None:
    for at, lead in enumerate(people[:count]):
        texts, said = await told(made.server.address, lead.name, lead.document)
        ledger.lost += [f"word {mark}" for mark in wrong(writers[at::count], texts)]
        ledger.lost += [mark for mark in newest(ledger, lead.document) if mark not in said]


def newest(ledger: Ledger, document: str) -> set[str]:
    """Marks that must stand: of a person's answers, the last."""
    return ledger.kept[document] - ledger.kept[f"{document} replaced"]


async def restored(
    made: House, ledger: Ledger, people: list[Person], before: dict[str, set[str]], count: int
) -> None:
    """The backup put into an empty house holds what had been acknowledged when it began."""
    folder = made.folder / "restored"
    await asyncio.to_thread(made.command, folder, "restore", str(made.folder / "day.backup"))
    server = LiveServer(folder, demo=False)
    await asyncio.to_thread(server.start)
    try:
        words: Counter[str] = Counter()
        for lead in people[:count]:
            texts, said = await told(server.address, lead.name, lead.document)
            words += counted(texts)
            ledger.lost += [f"restored: left {letters}" for letters in before["letters"] & standing(texts)]
            wanted = before.get(lead.document, set()) - ledger.kept[f"{lead.document} replaced"]
            ledger.lost += [f"restored: {mark}" for mark in wanted if mark not in said]
        ledger.lost += [f"restored: word {mark}" for mark in before["words"] if words[mark] != 1]
    finally:
        server.stop()


async def day(given: argparse.Namespace, folder: Path) -> Ledger:
    ledger = Ledger()
    names = [f"u{n:02}" for n in range(given.people)]
    async with house(folder, given.postgres) as made, contextlib.AsyncExitStack() as stack:
        await asyncio.to_thread(move_in, made, names)
        await asyncio.to_thread(made.server.start)
        people = []
        for name in names:
            client = await signed_in(made.server.address, name)
            stack.push_async_callback(client.aclose)
            people.append(Person(name, "", client, ledger))
        await open_documents(people, given.documents)
        socket = made.server.address.replace("http", "ws")
        writers = [
            Writer(f"{socket}/collab/{one.document}", one.name,
                   f"duthao_session={one.client.cookies['duthao_session']}", ledger)
            for one in people[: 2 * given.documents]
        ]  # fmt: skip
        ledger.memory.append(made.memory())
        stop, leave = asyncio.Event(), asyncio.Event()
        living = [asyncio.create_task(one.live(stop, PAUSE / given.pace, leave)) for one in writers]
        living += [asyncio.create_task(one.live(stop, given.pace)) for one in people]
        before = await trouble(made, ledger, given.seconds, writers)
        ledger.memory.append(made.memory())
        stop.set()
        async with asyncio.timeout(SILENCE * 6):
            for at in range(given.documents):
                mine = writers[at :: given.documents]
                lagging = await astray(mine, mine[0].address, SILENCE * 3, mine[0].cookie)
                ledger.lost += [f"{name} read something else while connected" for name in lagging]
            leave.set()
            await asyncio.gather(*living)
        for one in writers:
            if one.codes.keys() & STOPS or one.unacknowledged:
                ledger.lost.append(f"{one.user} was stopped: {dict(one.codes)}")
        await judged(made, ledger, people, writers, given.documents)
        await restored(made, ledger, people, before, given.documents)
    return ledger


def said(ledger: Ledger) -> str:
    lines = ["kind      times   p50    p95    p99    worst ms | in trouble: times  p95  worst s"]
    for kind in sorted(ledger.calm.keys() | ledger.trouble.keys()):
        calm, hard = sorted(ledger.calm[kind]), sorted(ledger.trouble[kind])

        def at(found: list[float], share: float) -> float:
            return found[min(len(found) - 1, int(share * len(found)))] if found else 0.0

        figures = " ".join(f"{at(calm, share):6.0f}" for share in (0.5, 0.95, 0.99, 1.0))
        lines.append(
            f"{kind:8} {len(calm):6} {figures}      | {len(hard):11} {at(hard, 0.95) / 1000:5.1f} "
            f"{at(hard, 1.0) / 1000:5.1f}"
        )
    lines += [f"in calm, refused: {dict(ledger.failed) or 'nothing'}"]
    lines += [f"in trouble, refused: {dict(ledger.troubled) or 'nothing'}", *ledger.notes]
    lines.append(f"memory with workers: {' '.join(f'{one:.0f}' for one in ledger.memory)} MiB")
    kept = sum(len(marks) for name, marks in ledger.kept.items() if not name.endswith("replaced"))
    lines.append(f"comments, proposals and answers granted {kept}; lost or doubled {len(ledger.lost)}")
    return "\n".join([*lines, *ledger.lost[:20]])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--postgres", action="store_true", help="over PostgreSQL, which is then cut off")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ledger = asyncio.run(day(given, Path(folder)))
    print(said(ledger))
    raise SystemExit(bool(ledger.lost or any(" 5" in why for why in ledger.failed)))


if __name__ == "__main__":
    main()
