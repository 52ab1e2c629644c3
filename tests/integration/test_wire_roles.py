"""Who may do what on the wire, with real sessions: refused writes, unchanged text, and being sent away."""

from __future__ import annotations

import asyncio
import hashlib
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
import websockets

from duthao.bootstrap import House, build_house
from duthao.collab import wire
from duthao.collab.awareness import Entry, encode
from duthao.collab.close import Close
from duthao.settings import Settings
from duthao.store.ports import LoginSession, Membership, Role, Store, UserId
from duthao.store.sql import open_store
from duthao.web.app import create_app
from duthao.web.collab_socket import SocketLimits
from duthao.web.uvicorn_protocol import server_config
from tests.support.collab_client import Typist, until
from tests.support.live_server import free_port
from tests.support.server_process import DRAFT, populate

MINUTE = 60_000


@dataclass
class Office:
    store: Store
    house: House
    port: int

    def session(self, user: str, lives: int = 60 * MINUTE, token: str | None = None) -> str:
        """A session that lives so many milliseconds; its cookie's token."""
        now = int(time.time() * 1000)
        token = token or f"token-{user}"
        hashed = hashlib.sha256(token.encode()).hexdigest()
        self.store.sessions.create(LoginSession(hashed, UserId(user), "csrf", now, now, now + lives))  # type: ignore[arg-type]
        return token

    def typist(self, token: str) -> Typist:
        # The typist's own cookie is made of its name: here it is the session's.
        return Typist(f"ws://127.0.0.1:{self.port}/collab/{DRAFT}", f"x; duthao_session={token}")

    async def text_hash(self) -> str:
        document, _ = await self.house.rooms.read(DRAFT)
        return hashlib.sha256(repr(document).encode()).hexdigest()

    async def logout(self, token: str) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/logout", method="POST",
            headers={"Cookie": f"duthao_session={token}", "Origin": f"http://127.0.0.1:{self.port}"},
        )  # fmt: skip
        await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=10).close())


@asynccontextmanager
async def office(folder: Path, check: float = 10.0) -> AsyncIterator[Office]:
    settings = Settings(data_dir=str(folder))
    store = open_store(settings.database)
    populate(store)
    house = build_house(settings, store)
    house.endpoint.limits = SocketLimits(session_check=check)
    app = create_app(house.services, house.running(), settings, house.endpoint.connect, house.poll.exchange)
    port = free_port()
    server = uvicorn.Server(server_config(app, "127.0.0.1", port, log_config=None))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    try:
        yield Office(store, house, port)
    finally:
        server.should_exit = True
        await task


async def sent_away(typist: Typist, within: float = 2.0) -> int | None:
    """How the connection ended. Raises TimeoutError when it goes on."""
    try:
        if typist._socket is None:
            await typist.__aenter__()
    except websockets.ConnectionClosed:
        pass
    await until(lambda: typist.code is not None, within)
    return typist.code


@pytest.mark.parametrize("user", ["commenter", "reader"])
def test_who_may_only_read_writes_nothing_however_it_is_sent(user: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office(tmp_path) as o, o.typist(o.session(user)) as reader:
            await reader.synced.wait()
            before, end = await o.text_hash(), o.store.journal.end(DRAFT)
            await reader.type("p0", "lén")
            await reader.raw(wire.sync_step_2(reader.replica.state()))
            await until(lambda: reader.events.count({"type": "refused", "code": "read_only"}) == 2)
            assert (await o.text_hash(), o.store.journal.end(DRAFT)) == (before, end)
            assert (reader.code, reader.stored, reader.acknowledged) == (None, 0, set())

    asyncio.run(scenario())


def test_the_log_tells_once_that_somebody_came_wrote_and_went(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office(tmp_path) as o:
            for user in ("editor0", "reader"):
                async with o.typist(o.session(user)) as typist:
                    await typist.synced.wait()
                    if user == "editor0":
                        await typist.type("p0", "một")
                        await typist.type("p0", "hai")
                        await until(lambda typist=typist: not typist.unacknowledged)
            told: list[tuple[str, str, str]] = []

            async def all_told() -> bool:
                await o.house.services.audit.flush()
                told[:] = [(one.user_id, one.what, one.document_id) for one in o.store.audit.after(0)]
                return len(told) == 5

            async with asyncio.timeout(5):
                while not await all_told():
                    await asyncio.sleep(0.02)
            came = [(user, what, DRAFT) for user, what in (
                ("editor0", "joined"), ("editor0", "wrote"), ("editor0", "left"), ("reader", "joined"),
                ("reader", "left"),
            )]  # fmt: skip
            assert sorted(told) == sorted(came)

    asyncio.run(scenario())


def _expired(o: Office) -> str:
    return o.session("editor0", lives=-1)


def _idle(o: Office) -> str:
    token = o.session("editor0")
    hashed = hashlib.sha256(token.encode()).hexdigest()
    o.store.sessions.touch([hashed], int(time.time() * 1000) - 13 * 60 * MINUTE)  # type: ignore[arg-type]
    return token


def _disabled(o: Office) -> str:
    user = o.store.users.get(UserId("editor0"))
    assert user is not None
    o.store.users.update(replace(user, disabled=True))
    return o.session("editor0")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (lambda o: o.session("stranger"), Close.NO_ACCESS),
        (lambda _o: "made-up", Close.SIGNED_OUT),
        (_expired, Close.SIGNED_OUT),
        (_idle, Close.SIGNED_OUT),
        (_disabled, Close.SIGNED_OUT),
    ],
    ids=["stranger", "unknown", "expired", "idle", "disabled"],
)
def test_who_may_not_come_in_is_heard_by_nobody(
    token: Callable[[Office], str], code: Close, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with office(tmp_path) as o, o.typist(o.session("lead")) as lead:
            await lead.synced.wait()
            before, end = await o.text_hash(), o.store.journal.end(DRAFT)
            outsider = o.typist(token(o))
            outsider.replica.apply(lead.replica.state())
            mark = outsider.replica.provisions["p0"]["text"]
            mark += "lén"
            seen: list[int] = []
            hear = lead._hear

            async def hearing(frame: bytes) -> None:
                seen.append(frame[0])
                await hear(frame)

            lead._hear = hearing  # type: ignore[method-assign]
            # Sent with the handshake's last byte, before anybody could answer.
            socket = await websockets.connect(
                outsider.address, subprotocols=[websockets.Subprotocol("duthao.1")], compression=None,
                additional_headers={"Cookie": f"user={outsider.user}"},
            )  # fmt: skip
            try:
                await socket.send(wire.update(outsider.replica.state()))
                await socket.send(wire.awareness(encode([Entry(7, 1, {"cursor": None})])))
                async for _frame in socket:
                    raise AssertionError("something was told to an outsider")
            except websockets.ConnectionClosed:
                pass
            assert socket.close_code == code
            await lead.type("p1", "vẫn gõ")
            await until(lambda: not lead.unacknowledged)
            assert wire.AWARENESS not in seen
            document, _ = await o.house.rooms.read(DRAFT)
            assert [p.text for p in document.provisions[:2]] == ["", "vẫn gõ"]
            assert (await o.text_hash()) != before
            assert o.store.journal.end(DRAFT) == end + 1

    asyncio.run(scenario())


def test_signing_out_ends_that_session_s_connections_at_once_and_no_others(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office(tmp_path) as o:
            here, elsewhere = o.session("editor0", token="here"), o.session("editor0", token="elsewhere")
            async with o.typist(here) as one, o.typist(elsewhere) as other:
                await one.synced.wait()
                await other.synced.wait()
                began = time.monotonic()
                await o.logout(here)
                assert await sent_away(one) == Close.SIGNED_OUT
                assert time.monotonic() - began < 2.0
                await other.type("p0", "vẫn gõ")
                await until(lambda: not other.unacknowledged)
                assert other.code is None

    asyncio.run(scenario())


def test_a_session_that_ends_by_itself_or_elsewhere_is_noticed(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office(tmp_path, check=0.3) as o:
            async with o.typist(o.session("editor0", lives=1_500)) as short:
                await short.synced.wait()
                assert await sent_away(short, 4.0) == Close.SIGNED_OUT
            token = o.session("editor1")
            async with o.typist(token) as other:
                await other.synced.wait()
                # As another process does it, with nothing but the database between.
                o.store.sessions.delete(hashlib.sha256(token.encode()).hexdigest())
                assert await sent_away(other, 4.0) == Close.SIGNED_OUT

    asyncio.run(scenario())


def test_a_role_taken_away_while_typing_refuses_the_next_key_within_two_seconds(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office(tmp_path) as o, o.typist(o.session("editor0")) as an:
            await an.synced.wait()
            await an.type("p0", "được ")
            await until(lambda: not an.unacknowledged)
            o.store.documents.set_member(Membership(DRAFT, UserId("editor0"), Role.READER))
            await o.house.rooms.access_changed(DRAFT, UserId("editor0"))
            before = await o.text_hash()
            await an.type("p0", "không")
            await until(lambda: {"type": "refused", "code": "read_only"} in an.events, 2.0)
            assert await o.text_hash() == before
            o.store.documents.remove_member(DRAFT, UserId("editor0"))
            await o.house.rooms.access_changed(DRAFT, UserId("editor0"))
            assert await sent_away(an) == Close.NO_ACCESS

    asyncio.run(scenario())
