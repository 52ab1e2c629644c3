"""The endpoint behind a real uvicorn, with pycrdt clients and an unmodified y-websocket."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import shutil
import signal
import socket
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import websockets

from duthao.collab import lib0, wire
from duthao.collab.rooms import Rooms
from duthao.domain.document import DocumentId, UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import Membership, Role
from duthao.web.collab_socket import CollabEndpoint, SocketLimits
from duthao.web.uvicorn_protocol import SafeWebSocketProtocol, server_config
from tests.conftest import absent
from tests.support.collab_client import Typist, until
from tests.support.live_server import free_port
from tests.support.proxy import BadNetwork
from tests.support.server_process import DRAFT, ServerProcess, application, populate

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Running:
    store: MemoryStore
    app: Any
    port: int

    @property
    def rooms(self) -> Rooms:
        rooms: Rooms = self.app.state.rooms
        return rooms

    @property
    def endpoint(self) -> CollabEndpoint:
        endpoint: CollabEndpoint = self.app.state.endpoint
        return endpoint

    def typist(self, user: str, query: str = "", document: str = DRAFT) -> Typist:
        return Typist(f"ws://127.0.0.1:{self.port}/collab/{document}{query}", user)


@asynccontextmanager
async def serving(store: MemoryStore | None = None) -> AsyncIterator[Running]:
    store = store or MemoryStore()
    populate(store)
    app = application(store)
    port = free_port()
    server = uvicorn.Server(server_config(app, "127.0.0.1", port, log_config=None))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    try:
        yield Running(store, app, port)
    finally:
        server.should_exit = True
        await task


async def closed(typist: Typist) -> int | None:
    async with asyncio.timeout(20):
        assert typist._task is not None
        await typist._task
    return typist.code


def test_two_people_type_and_converge_and_are_told_what_is_stored() -> None:
    async def scenario() -> None:
        async with serving() as s, s.typist("editor0") as an, s.typist("editor1") as binh:
            await an.synced.wait()
            await binh.synced.wait()
            for n in range(40):
                await an.type("p0", f"a{n} ")
                await binh.type("p0", f"b{n} ")
            await until(lambda: len(an.acknowledged) == len(binh.acknowledged) == 40)
            await until(lambda: an.replica.texts() == binh.replica.texts())
            document, seq = await s.rooms.read(DRAFT)
            assert document.provisions[0].text == an.replica.texts()["p0"]
            assert document.provisions[0].text.count("a") == 40
            assert an.generation == "lineage"
            assert an.events[0] == {"type": "access", "role": "editor"}
            await until(lambda: {"type": "changed", "seq": seq} in binh.events)
            assert {row.entry.user_id for row in s.store.journal.read(DRAFT)} == {
                "lead",
                "editor0",
                "editor1",
            }

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("user", "query", "document", "code"),
    [
        ("nobody", "", DRAFT, 4401),
        ("stranger", "", DRAFT, 4403),
        ("lead", "", "unknown", 4403),
        ("lead", "?generation=old", DRAFT, 4409),
        ("lead", "?schema=0", DRAFT, 4409),
    ],
)
def test_who_may_not_connect_is_told_why(user: str, query: str, document: str, code: int) -> None:
    async def scenario() -> None:
        async with serving() as s:
            typist = s.typist(user, query, document)
            await connect_quietly(typist)
            assert await closed(typist) == code

    asyncio.run(scenario())


async def connect_quietly(typist: Typist) -> None:
    try:
        await typist.__aenter__()
    except websockets.ConnectionClosed:
        return


def test_a_document_without_a_journal_is_not_there() -> None:
    async def scenario() -> None:
        async with serving() as s:
            record = s.store.documents.get(DRAFT)
            member = s.store.documents.membership(DRAFT, UserId("lead"))
            assert record is not None
            assert member is not None
            s.store.documents.create(replace(record, id="bare"), [replace(member, document_id="bare")])
            typist = s.typist("lead", document="bare")
            await connect_quietly(typist)
            assert await closed(typist) == 4404

    asyncio.run(scenario())


def test_another_site_is_refused_before_the_handshake() -> None:
    async def scenario() -> None:
        async with serving() as s:
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(
                    f"ws://127.0.0.1:{s.port}/collab/{DRAFT}",
                    origin=websockets.Origin("https://evil.example"),
                    additional_headers={"Cookie": "user=lead"},
                )
            assert refused.value.response.status_code == 403

    asyncio.run(scenario())


def test_a_person_has_only_so_many_connections() -> None:
    async def scenario() -> None:
        async with serving() as s:
            s.endpoint.limits = SocketLimits(per_person=1)
            async with s.typist("lead") as first:
                await first.synced.wait()
                second = s.typist("lead")
                await connect_quietly(second)
                assert await closed(second) == 4429
            async with s.typist("editor0") as other:
                await other.synced.wait()

    asyncio.run(scenario())


def test_a_flood_of_messages_is_cut_off() -> None:
    async def scenario() -> None:
        async with serving() as s:
            s.endpoint.limits = SocketLimits(messages_per_second=1, burst=20)
            typist = s.typist("lead")
            await typist.__aenter__()
            for _ in range(200):
                await typist.raw(b"\x03")
            assert await closed(typist) == 4429

    asyncio.run(scenario())


def test_readers_read_and_a_lost_role_ends_the_connection() -> None:
    async def scenario() -> None:
        async with serving() as s, s.typist("editor0") as an:
            reader, commenter = s.typist("reader"), s.typist("commenter")
            await reader.__aenter__()
            await commenter.__aenter__()
            await an.synced.wait()
            await an.type("p0", "đọc được")
            await until(lambda: reader.replica.texts().get("p0") == "đọc được")
            await commenter.synced.wait()
            await commenter.type("p1", "lén")
            await until(lambda: {"type": "refused", "code": "read_only"} in commenter.events)
            assert (await s.rooms.read(DRAFT))[0].provisions[1].text == ""
            s.store.documents.remove_member(DRAFT, UserId("reader"))
            await s.rooms.access_changed(DRAFT, UserId("reader"))
            assert await closed(reader) == 4403
            member = s.store.documents.membership(DRAFT, UserId("commenter"))
            assert member is not None
            s.store.documents.set_member(replace(member, role=Role.EDITOR))
            await s.rooms.access_changed(DRAFT, UserId("commenter"))
            assert await closed(commenter) == 4410

    asyncio.run(scenario())


def test_a_role_lost_between_the_door_and_the_room_is_lost_in_the_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario() -> None:
        async with serving() as s, s.typist("editor0") as an:
            await an.synced.wait()
            documents, loop = s.store.documents, asyncio.get_running_loop()
            read, asked = documents.membership, []

            def read_and_then_removed(document_id: DocumentId, user_id: UserId) -> Membership | None:
                found = read(document_id, user_id)
                asked.append(user_id)
                if asked == ["editor1"]:
                    documents.remove_member(document_id, user_id)
                    told = s.rooms.access_changed(document_id, user_id)
                    asyncio.run_coroutine_threadsafe(told, loop).result(20)
                return found

            monkeypatch.setattr(documents, "membership", read_and_then_removed)
            async with s.typist("editor1") as binh:
                assert await closed(binh) == 4403
            async with s.typist("editor0") as again:
                await again.synced.wait()
            # Nobody's role has changed since this one was judged: once is enough.
            assert asked == ["editor1", "editor1", "editor0"]

    asyncio.run(scenario())


def test_malformed_frames_do_not_disturb_the_others() -> None:
    async def scenario() -> None:
        chance = random.Random(3)
        async with serving() as s, s.typist("editor0") as an, s.typist("editor1") as binh:
            await an.synced.wait()
            good = wire.update(an.replica.state())
            for n in range(60):
                vandal = s.typist("editor2")
                await connect_quietly(vandal)
                bad = bytearray(good)
                for _ in range(3):
                    bad[chance.randrange(1, len(bad))] = chance.randrange(256)
                frame = bytes(bad[:8]) if n % 3 else chance.randbytes(40)
                try:
                    await vandal.raw(frame)
                    await vandal.raw(wire.awareness(b"\x01\x01\x01" + lib0.string("[")))
                except websockets.ConnectionClosed:
                    pass
                assert await closed(vandal) in (4400, 4412, 4413)
                await an.type("p0", f"{n} ")
            await until(lambda: len(an.acknowledged) == 60)
            await until(lambda: binh.replica.texts() == an.replica.texts())
            assert an.code is None

    asyncio.run(scenario())


def test_text_frames_and_frames_over_the_bound_end_the_connection() -> None:
    async def scenario() -> None:
        async with serving() as s:
            for message, code in (("chữ", 4400), (b"\x00" * (2**20 + 10), 1009)):
                typist = s.typist("lead")
                await typist.__aenter__()
                await typist._socket.send(message)
                assert await closed(typist) == code

    asyncio.run(scenario())


def test_one_who_stops_reading_is_dropped_and_the_others_go_on() -> None:
    async def scenario() -> None:
        async with serving() as s, s.typist("editor0") as an:
            await an.synced.wait()
            slow = socket.create_connection(("127.0.0.1", s.port))
            slow.sendall(
                f"GET /collab/{DRAFT} HTTP/1.1\r\nHost: 127.0.0.1:{s.port}\r\nCookie: user=reader\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
            )
            room = s.rooms.open_rooms()[0]
            await until(lambda: len(room.connections) == 2)
            for n in range(60):
                await an.type("p0", f"{n}" + "x" * 300_000)
                await until(lambda: not an.unacknowledged)
                if len(room.connections) == 1:
                    break
            await until(lambda: len(room.connections) == 1)
            await an.type("p1", "vẫn gõ được")
            await until(lambda: not an.unacknowledged)
            slow.close()

    asyncio.run(scenario())


def test_sigterm_drains_and_the_server_ends(tmp_path: Path) -> None:
    async def scenario() -> None:
        server = ServerProcess(tmp_path / "a.sqlite3", free_port())
        await asyncio.to_thread(server.start)
        an = Typist(server.address(), "editor0")
        await an.__aenter__()
        await an.synced.wait()
        for n in range(20):
            await an.type("p0", f"<{n}>")
        await until(lambda: not an.unacknowledged)
        assert await asyncio.to_thread(server.end, signal.SIGTERM) in (0, -signal.SIGTERM)
        assert await closed(an) == 1001
        await asyncio.to_thread(server.start)
        async with Typist(server.address(), "reader") as reader:
            await reader.synced.wait()
            assert reader.replica.texts() == an.replica.texts()
        await asyncio.to_thread(server.kill)

    asyncio.run(scenario())


SCRIPT = """
import * as Y from 'yjs'
import { WebsocketProvider } from 'y-websocket'
import WebSocket from 'ws'
const [, , address, room, user] = process.argv
class Signed extends WebSocket {
  constructor(url, protocols) { super(url, protocols, { headers: { Cookie: `user=${user}` } }) }
}
const doc = new Y.Doc()
const provider = new WebsocketProvider(address, room, doc, { WebSocketPolyfill: Signed, disableBc: true })
const provisions = doc.getMap('provisions')
provider.on('sync', (synced) => {
  if (!synced) return
  const text = provisions.get('p0').get('text')
  text.insert(0, 'từ Node: ')
  doc.on('update', () => {
    if (!text.toString().endsWith('từ Python')) return
    console.log(text.toString())
    provider.destroy()
    setTimeout(() => process.exit(0), 50)
  })
})
"""


@pytest.mark.node
def test_an_unmodified_y_websocket_provider_edits_and_converges() -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "client/node_modules/y-websocket").exists():
        absent("Node.js with the client's packages")

    async def scenario() -> None:
        async with serving() as s, s.typist("editor0") as an:
            await an.synced.wait()
            process = await asyncio.create_subprocess_exec(
                node, "--input-type=module", "-", f"ws://127.0.0.1:{s.port}/collab", DRAFT, "editor1",
                cwd=ROOT / "client", stdin=-1, stdout=-1, stderr=-1,
            )  # fmt: skip
            talking = asyncio.create_task(process.communicate(SCRIPT.encode()))
            await until(lambda: an.replica.texts()["p0"] == "từ Node: ")
            await an.type("p0", "từ Python")
            out, err = await asyncio.wait_for(talking, 20)
            assert (out.decode().strip(), process.returncode) == ("từ Node: từ Python", 0), err.decode()

    asyncio.run(scenario())


def test_a_state_vector_that_is_none_ends_the_connection() -> None:
    async def scenario() -> None:
        async with serving() as s:
            typist = s.typist("reader")
            await typist.__aenter__()
            await typist.raw(wire.sync_step_1(b"\x05\x01"))
            assert await closed(typist) == 4400

    asyncio.run(scenario())


def test_a_message_in_too_many_fragments_is_cut_off() -> None:
    async def scenario() -> None:
        async with serving() as s, s.typist("editor0") as an:
            await an.synced.wait()
            vandal = s.typist("editor1")
            await vandal.__aenter__()
            with contextlib.suppress(websockets.ConnectionClosed):
                await vandal._socket.send([b"\x00"] * 5000)
            assert await closed(vandal) == 1006
            await an.type("p0", "vẫn gõ được")
            await until(lambda: not an.unacknowledged)

    asyncio.run(scenario())


@pytest.mark.parametrize("seed", range(3))
def test_over_a_bad_network_everything_arrives_once(seed: int) -> None:
    async def person(typist: Typist, name: str) -> None:
        typed = 0
        while typed < 25 or typist.unacknowledged:
            with contextlib.suppress(OSError, EOFError, TimeoutError, websockets.WebSocketException):
                typist.code = None
                async with typist, asyncio.timeout(10):
                    await until(lambda: typist.synced.is_set() or typist.code is not None)
                    while typist.code is None and typist.synced.is_set():
                        if typed < 25:
                            mark = f"<{name}{typed}>"
                            typed += 1
                            await typist.type("p0", mark)
                        elif not typist.unacknowledged:
                            break
                        await asyncio.sleep(0.003)

    async def scenario() -> None:
        async with serving() as s, BadNetwork(s.port, random.Random(seed)) as network:
            people = [s.typist(f"editor{n}") for n in range(3)]
            for typist in people:
                typist.address = f"ws://127.0.0.1:{network.port}/collab/{DRAFT}"
            async with asyncio.timeout(60):
                await asyncio.gather(*(person(t, "abc"[n]) for n, t in enumerate(people)))
            text = (await s.rooms.read(DRAFT))[0].provisions[0].text
            assert network.cuts > 0
            assert {m: text.count(m) for t in people for m in t.acknowledged if text.count(m) != 1} == {}
            assert text.count("<") == 75

    asyncio.run(scenario())


def test_what_a_connection_leaves_is_gone_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    # It runs so seldom that an office's day of coming and going would stay in memory.
    made: list[weakref.ref[SafeWebSocketProtocol]] = []
    really_made = SafeWebSocketProtocol.connection_made

    def connection_made(self: SafeWebSocketProtocol, transport: Any) -> None:
        made.append(weakref.ref(self))
        really_made(self, transport)

    async def scenario() -> None:
        async with serving() as running:
            gc.collect()
            gc.disable()
            try:
                for user in ("editor0", "stranger"):
                    with contextlib.suppress(websockets.ConnectionClosed):  # sent away
                        async with running.typist(user) as typist:
                            await until(typist.synced.is_set)
                await until(lambda: len(made) == 2 and not any(protocol() for protocol in made))
            finally:
                gc.enable()

    monkeypatch.setattr(SafeWebSocketProtocol, "connection_made", connection_made)
    asyncio.run(scenario())
