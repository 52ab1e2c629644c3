"""A real server process with the collaboration endpoint only; who one is, a cookie says."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from duthao.collab.aside import AsideProcess
from duthao.collab.journal import JournalWriter, WriterLimits
from duthao.collab.pace import Pace
from duthao.collab.peers import Alone
from duthao.collab.replica import PycrdtEngine
from duthao.collab.rooms import Rooms
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import DocumentRecord, EpochMillis, JournalEntry, Membership, Role, Store, User
from duthao.store.sql import open_store
from duthao.web.collab_poll import PollEndpoint
from duthao.web.collab_socket import CollabEndpoint
from duthao.web.http_protocol import HEAD_SECONDS, SafeHttpProtocol
from duthao.web.uvicorn_protocol import server_config
from tests.support.collab_client import seed

ROOT = Path(__file__).resolve().parents[2]
DRAFT = DocumentId("draft")
PEOPLE = {"lead": Role.LEAD, "reader": Role.READER, "commenter": Role.COMMENTER} | {
    f"editor{n}": Role.EDITOR for n in range(50)
}


@dataclass(frozen=True)
class Setup:
    """What a server of these tests is started with, beside its database. Times in seconds;
    `sockets`: how many may be open at once."""

    documents: int = 0
    grace: float = 30.0
    patience: float = 60.0
    head_seconds: float = HEAD_SECONDS
    sockets: int | None = None


def populate(store: Store, documents: int = 0) -> None:
    """People with their roles on one document of ten empty provisions, and on as many more as asked for."""
    if store.documents.get(DRAFT) is not None:
        return
    now = EpochMillis(1)
    for name in (*PEOPLE, "stranger"):
        store.users.create(User(UserId(name), name, name, "", "", False, "vi", now))
    update = seed({f"p{n}": "" for n in range(10)})
    for document_id in (DRAFT, *(DocumentId(f"d{n}") for n in range(documents))):
        members = [Membership(document_id, UserId(name), role) for name, role in PEOPLE.items()]
        store.documents.create(
            DocumentRecord(document_id, "t", "lineage", None, UserId("lead"), now), members
        )
        store.journal.append([JournalEntry(document_id, now, UserId("lead"), "seed", (), update, "seed")])


def application(
    store: Store, setup: Setup = Setup(), neighbours: Alone | None = None, skew: int = 0
) -> Starlette:
    """The endpoint over this store, its rooms living as long as the application.

    `skew`: seconds by which this process's clock is ahead of the others'.
    """

    async def authenticate(cookies: Mapping[str, str]) -> User | None:
        return await asyncio.to_thread(store.users.get, UserId(cookies.get("user", "")))

    async def role_of(document_id: DocumentId, user_id: UserId) -> Role | None:
        found = await asyncio.to_thread(store.documents.membership, document_id, user_id)
        return found.role if found else None

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        writer = JournalWriter(store.journal, WriterLimits(patience=setup.patience))
        others, aside = neighbours or Alone(), AsideProcess()
        # As the service does it: folding a long journal in a thread would hold up those who write.
        pace = Pace(time.monotonic, time.thread_time)
        rooms = Rooms(
            writer, store, PycrdtEngine(), lambda: EpochMillis(int((time.time() + skew) * 1000)), role_of,
            grace=setup.grace, aside=aside, pace=pace.gather, neighbours=others,
        )  # fmt: skip
        async with others, writer, rooms:
            app.state.rooms = rooms
            app.state.endpoint = CollabEndpoint(rooms, authenticate, role_of)
            app.state.poll = PollEndpoint(app.state.endpoint, wait=2, linger=1)
            yield
            await app.state.poll.close()
        aside.close()

    async def connect(websocket: object) -> None:
        await app.state.endpoint.connect(websocket)

    async def healthy(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    async def exchange(request: Request) -> Response:
        answer: Response = await app.state.poll.exchange(request)
        return answer

    routes = [
        Route("/healthz", healthy),
        WebSocketRoute("/collab/{document_id}", connect),
        Route("/collab/{document_id}/poll", exchange, methods=["POST"]),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    return app


class ServerProcess:
    """The application in a child process, on an SQLite file or at a database's address."""

    def __init__(self, database: Path | str, port: int, setup: Setup = Setup()) -> None:
        self.database = database if isinstance(database, str) else f"sqlite:///{database}"
        self.port, self.setup = port, setup
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, document: str = DRAFT) -> str:
        return f"ws://127.0.0.1:{self.port}/collab/{document}"

    def start(self) -> float:
        """Start and wait until it answers; how many seconds that took."""
        environment = os.environ | {"PYTHONPATH": f"{ROOT / 'server'}:{ROOT}"}
        command = [
            sys.executable, "-m", "tests.support.server_process", self.database, str(self.port),
            json.dumps(asdict(self.setup)),
        ]  # fmt: skip
        began = time.monotonic()
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment)
        while time.monotonic() - began < 60:
            assert self._process.poll() is None, "the server process ended"
            with contextlib.suppress(OSError), urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/healthz", timeout=2
            ):  # fmt: skip
                return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError("the server did not answer")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def memory(self) -> int:
        """Resident bytes (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def end(self, how: signal.Signals) -> int:
        """Send it a signal and wait for its end."""
        assert self._process is not None
        self._process.send_signal(how)
        code = self._process.wait(30)
        self._process = None
        return code

    def kill(self) -> None:
        if self._process is not None:
            self.end(signal.SIGKILL)


def main(database: str, port: str, setup: str) -> None:
    given = Setup(**json.loads(setup))
    store = open_store(database)
    populate(store, given.documents)
    SafeHttpProtocol.head_seconds = given.head_seconds
    app = application(store, given)
    uvicorn.Server(server_config(app, "127.0.0.1", int(port), limit_concurrency=given.sockets)).run()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
