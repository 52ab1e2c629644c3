"""A real server process with the collaboration endpoint only; who one is, a cookie says."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from duthao.collab.journal import JournalWriter
from duthao.collab.replica import PycrdtEngine
from duthao.collab.rooms import Rooms
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import DocumentRecord, EpochMillis, JournalEntry, Membership, Role, Store, User
from duthao.store.sql import open_store
from duthao.web.collab_poll import PollEndpoint
from duthao.web.collab_socket import CollabEndpoint
from duthao.web.uvicorn_protocol import server_config
from tests.support.collab_client import seed

ROOT = Path(__file__).resolve().parents[2]
DRAFT = DocumentId("draft")
PEOPLE = {"lead": Role.LEAD, "reader": Role.READER, "commenter": Role.COMMENTER} | {
    f"editor{n}": Role.EDITOR for n in range(10)
}


def populate(store: Store) -> None:
    """People with their roles on one document of ten empty provisions."""
    if store.documents.get(DRAFT) is not None:
        return
    now = EpochMillis(1)
    for name in (*PEOPLE, "stranger"):
        store.users.create(User(UserId(name), name, name, "", "", False, "vi", now))
    members = [Membership(DRAFT, UserId(name), role) for name, role in PEOPLE.items()]
    store.documents.create(DocumentRecord(DRAFT, "t", "lineage", None, UserId("lead"), now), members)
    update = seed({f"p{n}": "" for n in range(10)})
    store.journal.append([JournalEntry(DRAFT, now, UserId("lead"), "seed", (), update, "seed")])


def application(store: Store) -> Starlette:
    """The endpoint over this store, its rooms living as long as the application."""

    async def authenticate(cookies: Mapping[str, str]) -> User | None:
        return await asyncio.to_thread(store.users.get, UserId(cookies.get("user", "")))

    async def role_of(document_id: DocumentId, user_id: UserId) -> Role | None:
        found = await asyncio.to_thread(store.documents.membership, document_id, user_id)
        return found.role if found else None

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        writer = JournalWriter(store.journal)
        rooms = Rooms(writer, store, PycrdtEngine(), lambda: EpochMillis(int(time.time() * 1000)), role_of)
        async with writer, rooms:
            app.state.rooms = rooms
            app.state.endpoint = CollabEndpoint(rooms, authenticate, role_of)
            app.state.poll = PollEndpoint(app.state.endpoint, wait=2, linger=1)
            yield
            await app.state.poll.close()

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
    """The application in a child process."""

    def __init__(self, database: Path, port: int) -> None:
        self.database, self.port = database, port
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, document: str = DRAFT) -> str:
        return f"ws://127.0.0.1:{self.port}/collab/{document}"

    def start(self) -> float:
        """Start and wait until it answers; how many seconds that took."""
        environment = os.environ | {"PYTHONPATH": f"{ROOT / 'server'}:{ROOT}"}
        command = [sys.executable, "-m", "tests.support.server_process", str(self.database), str(self.port)]
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


def main(database: str, port: str) -> None:
    store = open_store(f"sqlite:///{database}")
    populate(store)
    uvicorn.Server(server_config(application(store), "127.0.0.1", int(port))).run()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
