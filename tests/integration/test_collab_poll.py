"""Where WebSockets are blocked the same messages travel over requests, with the same promises."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from duthao.collab import lib0, wire
from duthao.domain.document import UserId
from duthao.store.ports import Membership, Role
from duthao.web.collab_socket import SocketLimits
from tests.integration.test_collab_socket import Running, serving
from tests.support.collab_client import PycrdtReplica, until
from tests.support.server_process import DRAFT


class Asker:
    """A client that talks in requests, as client/src/sync/poll.ts does."""

    def __init__(self, running: Running, user: str, token: str = "t", document: str = DRAFT) -> None:
        self.address = f"http://127.0.0.1:{running.port}/collab/{document}/poll"
        self.user, self.token = user, token
        self.replica = PycrdtReplica()
        self.sent = self.stored = 0
        self.open = False
        self.code: int | None = None
        self.events: list[dict[str, Any]] = []
        self.presence: list[bytes] = []
        self.http = httpx2.AsyncClient(cookies={"user": user}, timeout=30)

    async def __aenter__(self) -> Asker:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def ask(self, *frames: bytes, **query: object) -> list[bytes]:
        """One exchange: these frames there, what comes back taken in."""
        given = {"token": self.token, "sent": self.sent, "resumed": int(self.open)} | query
        answer = await self.http.post(
            self.address, params={k: str(v) for k, v in given.items()},
            content=b"".join(map(lib0.sized, frames)),
            headers={
                "Content-Type": "application/octet-stream",
                "Duthao-State": base64.b64encode(self.replica.state_vector()).decode(),
            },
        )  # fmt: skip
        assert answer.status_code == 200
        self.sent += sum(frame[0] == 0 and frame[1] in (1, 2) for frame in frames)
        if "Duthao-Close" in answer.headers:
            self.code = int(answer.headers["Duthao-Close"])
        else:
            self.open = True
        reader, found = lib0.Reader(answer.content), []
        while reader.left:
            found.append(reader.blob())
        await self._hear(found)
        return found

    async def _hear(self, frames: Sequence[bytes]) -> None:
        replies = []
        for frame in frames:
            reader = lib0.Reader(frame)
            kind = reader.uint()
            if kind == wire.SYNC:
                step, body = reader.uint(), reader.blob()
                if step == wire.STEP_1:
                    replies.append(wire.sync_step_2(self.replica.diff(body)))
                else:
                    self.replica.apply(body)
            elif kind == wire.STORED:
                self.stored = reader.uint()
            elif kind == wire.EVENT:
                self.events.append(json.loads(reader.blob()))
            elif kind == wire.AWARENESS:
                self.presence.append(frame)
        if replies:
            await self.ask(*replies)

    async def begin(self) -> None:
        await self.ask()
        await self.ask(wire.sync_step_1(self.replica.state_vector()))

    def typed(self, provision: str, mark: str) -> bytes:
        before = self.replica.state_vector()
        text = self.replica.provisions[provision]["text"]
        text += mark
        return wire.update(self.replica.diff(before))


def test_what_is_sent_is_stored_when_it_is_answered_and_everybody_has_it() -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, "editor0") as an, s.typist("editor1") as binh:
            await binh.synced.wait()
            await an.begin()
            assert an.events[0] == {"type": "access", "role": "editor"}
            for n in range(5):
                await an.ask(an.typed("p0", f"a{n} "))
                assert an.stored == an.sent
                rows = s.store.journal.read(DRAFT)
                assert rows[-1].entry.user_id == "editor0"
            await until(lambda: binh.replica.texts()["p0"].count("a") == 5)
            await binh.type("p0", "b ")
            await until(lambda: not binh.unacknowledged)
            await an.ask()
            assert an.replica.texts() == binh.replica.texts()

    asyncio.run(scenario())


def test_a_listening_request_is_answered_as_soon_as_there_is_something() -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, "editor0") as an, s.typist("editor1") as binh:
            await an.begin()
            await binh.synced.wait()
            while await an.ask():  # until nothing is left to hear
                pass
            listening = asyncio.create_task(an.ask())
            await asyncio.sleep(0.05)
            assert not listening.done()
            await binh.type("p1", "mới")
            await asyncio.wait_for(listening, 1)
            assert an.replica.texts()["p1"] == "mới"

    asyncio.run(scenario())


def test_a_request_that_brings_something_sends_the_listening_one_home() -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, "editor0") as an:
            await an.begin()
            while await an.ask():
                pass
            listening = asyncio.create_task(an.ask())
            await asyncio.sleep(0.05)
            await asyncio.wait_for(an.ask(an.typed("p0", "x")), 1)
            await asyncio.wait_for(listening, 1)
            assert an.stored == an.sent

    asyncio.run(scenario())


def test_a_process_that_does_not_know_the_connection_takes_it_up_from_what_the_client_has() -> None:
    async def scenario() -> None:
        async with serving() as first, serving(first.store) as second, Asker(first, "editor0") as an:
            await an.begin()
            await an.ask(an.typed("p0", "một "))
            an.address = an.address.replace(str(first.port), str(second.port))
            await an.ask(an.typed("p0", "hai"))
            assert an.stored == an.sent
            document, _ = await second.rooms.read(DRAFT)
            assert document.provisions[0].text == "một hai"

    asyncio.run(scenario())


def test_between_requests_a_person_stays_present_and_is_gone_when_no_more_come() -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, "editor0") as an, s.typist("editor1"):
            await an.begin()
            state = lib0.uint(1) + lib0.uint(77) + lib0.uint(1) + lib0.string("{}")
            await an.ask(wire.awareness(state))
            room = next(iter(s.rooms.open_rooms()))
            assert len(room.connections) == 2
            await asyncio.sleep(0.3)
            assert len(room.connections) == 2
            await until(lambda: len(room.connections) == 1, 5)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("user", "document", "query", "code"),
    [
        ("nobody", DRAFT, {}, 4401),
        ("stranger", DRAFT, {}, 4403),
        ("editor0", "unknown", {}, 4403),
        ("editor0", DRAFT, {"generation": "other"}, 4409),
        ("editor0", DRAFT, {"token": ""}, 4400),
        ("editor0", DRAFT, {"token": "x" * 41}, 4400),
        ("editor0", DRAFT, {"sent": "x"}, 4400),
    ],
)
def test_who_may_not_is_told_as_on_a_socket(
    user: str, document: str, query: dict[str, str], code: int
) -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, user, document=document) as asker:
            await asker.ask(**query)
            assert asker.code == code
            assert not s.app.state.poll._held

    asyncio.run(scenario())


def test_another_sites_script_is_sent_away() -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, "editor0") as asker:
            asker.http.headers["Origin"] = "https://elsewhere.example"
            await asker.ask()
            assert asker.code == 4403

    asyncio.run(scenario())


@pytest.mark.parametrize("body", [b"\xff", b"\x05ab", lib0.sized(b"\x09")])
def test_malformed_bodies_end_the_connection_only(body: bytes) -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, "editor0") as asker, Asker(s, "editor1", "other") as other:
            await asker.begin()
            answer = await asker.http.post(
                asker.address, params={"token": "t"}, content=body,
                headers={"Content-Type": "application/octet-stream"},
            )  # fmt: skip
            assert answer.headers["Duthao-Close"] == "4400"
            await other.begin()
            await other.ask(other.typed("p0", "vẫn chạy"))
            assert other.stored == other.sent

    asyncio.run(scenario())


def test_a_reader_changes_nothing_and_a_role_taken_away_ends_it() -> None:
    async def scenario() -> None:
        async with serving() as s, Asker(s, "reader") as reader:
            await reader.begin()
            await reader.ask(reader.typed("p0", "lén"))
            assert {"type": "refused", "code": "read_only"} in reader.events
            document, _ = await s.rooms.read(DRAFT)
            assert document.provisions[0].text == ""
            await asyncio.to_thread(s.store.documents.remove_member, DRAFT, UserId("reader"))
            await reader.ask()
            assert reader.code == 4403
            s.store.documents.set_member(Membership(DRAFT, UserId("reader"), Role.READER))

    asyncio.run(scenario())


def test_connections_are_bounded_together_with_sockets() -> None:
    async def scenario() -> None:
        async with serving() as s:
            s.endpoint.limits = SocketLimits(per_person=2)
            async with s.typist("editor0"), Asker(s, "editor0", "a") as a, Asker(s, "editor0", "b") as b:
                await a.ask()
                await b.ask()
                assert (a.code, b.code) == (None, 4429)
                await a.ask()
                assert a.code is None

    asyncio.run(scenario())
