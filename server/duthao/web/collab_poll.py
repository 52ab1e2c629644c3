"""The same conversation over plain requests, where WebSockets are blocked (docs/protocol/wire.md).

A request brings the client's frames and takes away the server's: at once when there are some, else
when there are, and after `WAIT` seconds in any case. Between two requests the connection stays in
its room for `LINGER` seconds, so that presence does not flicker. Nothing is kept beyond that: a
request that reaches a process which does not know the connection begins it there anew from the
client's state vector, and a client whose request failed begins a new connection. So any process
behind any balancer may answer.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from duthao.collab import lib0, wire
from duthao.collab.close import Close
from duthao.collab.connection import Connection, Outbox, Parcel
from duthao.collab.room import Room
from duthao.collab.session import Person, Session
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import Role, StoreUnavailable
from duthao.web.collab_socket import MAX_ID, CollabEndpoint, Rate, same_lineage
from duthao.web.security import bounded_body
from duthao.web.uvicorn_protocol import MAX_MESSAGE

WAIT: Final = 20.0
LINGER: Final = 15.0
GATHER: Final = 0.02
"""Seconds after the first frame in which others may join it."""

MAX_BODY: Final = 4 * 2**20
MAX_ANSWER: Final = 4 * 2**20
MAX_TOKEN: Final = 40
CLOSE_HEADER: Final = "Duthao-Close"
STATE_HEADER: Final = "Duthao-State"
MAX_STATE: Final = 6_000
MEDIA: Final = "application/octet-stream"

_Key = tuple[UserId, DocumentId, str]


class _Box(Outbox):
    """An outbox that knows up to which update it has said "stored"."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session, self.stored = session, session.offered

    def put(self, *parcels: Parcel) -> None:
        for parcel in parcels:
            if parcel.message[0] == wire.STORED:
                self.stored = lib0.Reader(parcel.message[1:]).uint()
        super().put(*parcels)

    @property
    def is_settled(self) -> bool:
        """Whether all that was offered is stored, and said to be."""
        return self.stored >= self.session.offered


class _Held:
    """A connection between requests: its room is open as long as it is."""

    def __init__(
        self, room: Room, connection: Connection, box: _Box, rate: Rate, stack: AsyncExitStack
    ) -> None:
        self.room, self.connection, self.box, self.rate, self._stack = room, connection, box, rate, stack
        self.turn = asyncio.Lock()
        self.hurry = asyncio.Event()
        """Set when somebody else waits for a turn: who only listens goes."""
        self.users = 0
        self.timer: asyncio.TimerHandle | None = None

    async def end(self) -> None:
        await self._stack.aclose()


class PollEndpoint:
    """`Route("/collab/{document_id}/poll", endpoint.exchange, methods=["POST"])`."""

    def __init__(self, sockets: CollabEndpoint, *, wait: float = WAIT, linger: float = LINGER) -> None:
        self._sockets, self._wait, self._linger = sockets, wait, linger
        self._held: dict[_Key, _Held] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def exchange(self, request: Request) -> Response:
        """One request of a client. Whatever is wrong is told as the close code a socket would get."""
        if not self._sockets.from_us(request) or request.headers.get("content-type") != MEDIA:
            return self._closed(Close.NO_ACCESS)
        document_id = DocumentId(request.path_params["document_id"][: MAX_ID + 1])
        token = request.query_params.get("token", "")
        if not 1 <= len(token) <= MAX_TOKEN:
            return self._closed(Close.BAD_MESSAGE)
        try:
            frames = list(_frames(await bounded_body(request, MAX_BODY)))
            sent = int(request.query_params.get("sent", "0")[:15])
        except Refusal as refusal:
            return self._closed(Close.TOO_LARGE if refusal.code == "body_too_large" else Close.BAD_MESSAGE)
        except ValueError:
            return self._closed(Close.BAD_MESSAGE)
        judged = await self._sockets.judge(request, document_id)
        if isinstance(judged, Close):
            return self._closed(judged)
        person, role = judged
        key = (person.id, document_id, token)
        held = self._held.get(key)
        if held is None:
            begun = await self._begin(request, key, person, role, sent)
            if isinstance(begun, Close):
                return self._closed(begun)
            held = begun
        held.room.set_role(held.connection, role)
        if held.timer is not None:
            held.timer.cancel()
        held.users += 1
        try:
            return await self._converse(held, frames, sent)
        finally:
            self._sockets.wrote(held.connection)
            held.users -= 1
            if held.connection.closing is not None:
                self._sockets.door.closed(person.id, held.connection.closing)
                self._end(key, held)
            elif held.users == 0:
                held.timer = asyncio.get_running_loop().call_later(self._linger, self._end, key, held)

    async def _begin(
        self, request: Request, key: _Key, person: Person, role: Role, sent: int
    ) -> _Held | Close:
        """Into the room, from what the client says it has."""
        if self._sockets.is_full(person.id):
            return Close.TOO_MANY
        resumed = request.query_params.get("resumed") == "1"
        vector = _vector(request) if resumed else b""
        if vector is None:
            return Close.BAD_MESSAGE
        stack = AsyncExitStack()
        try:
            stack.enter_context(self._sockets.counted(person.id))
            if not await self._sockets.door.lets_in(person.id):
                await stack.aclose()
                return Close.TOO_MANY
            room = await stack.enter_async_context(self._sockets.rooms.open(key[1]))
            if not same_lineage(request, room.generation):
                await stack.aclose()
                return Close.OTHER_LINEAGE
            session = Session(person, role, True, secrets.token_hex(8), offered=sent)
            box = _Box(session)
            connection = Connection(session, box)
            connection.on_close = box.close
            stack.enter_context(self._sockets.sitting(connection, request, key[1]))
            room.join(connection)
            stack.callback(room.leave, connection)
            # Judged again: the role may have changed while the document was loading.
            room.set_role(connection, await self._sockets.role_of(key[1], person.id))
            if resumed:
                # The client believes to be connected: it will not ask by itself.
                room.receive(connection, wire.sync_step_1(vector))
        except (Refusal, StoreUnavailable) as error:
            await stack.aclose()
            return Close.NO_SUCH_DOCUMENT if isinstance(error, Refusal) else Close.TRY_AGAIN
        except BaseException:
            await stack.aclose()
            raise
        held = self._held[key] = _Held(
            room, connection, box, Rate(self._sockets.limits, asyncio.get_running_loop().time()), stack
        )
        return held

    async def _converse(self, held: _Held, frames: Sequence[bytes], sent: int) -> Response:
        held.hurry.set()
        async with held.turn:
            held.hurry.clear()
            connection, now = held.connection, asyncio.get_running_loop().time()
            # What went to another process meanwhile was answered there, and only after it was stored.
            if sent > connection.session.offered:
                connection.session.offered = held.box.stored = sent
            for frame in frames:
                if held.rate.admits(now):
                    held.room.receive(connection, frame)
                else:
                    connection.close(Close.TOO_MANY)
            return self._answer(*await self._gathered(held))

    async def _gathered(self, held: _Held) -> tuple[list[bytes], Close | None]:
        """The frames to take away. What the client has just sent is stored before it is answered."""
        box = held.box
        found: list[bytes] = []
        size = 0
        hurry = asyncio.create_task(held.hurry.wait(), name="collab-poll-hurry")
        loop = asyncio.get_running_loop()
        until = loop.time() + self._wait
        try:
            while size < MAX_ANSWER and not (found and box.is_idle and box.is_settled):
                following = asyncio.create_task(box.next(), name="collab-poll-next")
                ends = {following} if not box.is_settled else {following, hurry}
                await asyncio.wait(ends, timeout=until - loop.time(), return_when=asyncio.FIRST_COMPLETED)
                if not following.done():
                    following.cancel()
                    break
                frame = following.result()
                if isinstance(frame, Close):
                    return found, frame
                found.append(frame)
                size += len(frame)
                if box.is_idle and box.is_settled and not hurry.done():
                    await asyncio.sleep(GATHER)
        finally:
            hurry.cancel()
        # The disk has not taken it within the time: said by closing, never by an answer.
        return found, None if box.is_settled else Close.TRY_AGAIN

    def _end(self, key: _Key, held: _Held) -> None:
        if self._held.get(key) is held:
            del self._held[key]
        if held.timer is not None:
            held.timer.cancel()
        ending = asyncio.get_running_loop().create_task(held.end(), name="collab-poll-end")
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    def _answer(self, frames: Sequence[bytes], closing: Close | None) -> Response:
        headers = {} if closing is None else {CLOSE_HEADER: str(int(closing))}
        if closing is not None:
            self._sockets.meter.closed[closing.name.lower()] += 1
        return Response(b"".join(map(lib0.sized, frames)), 200, headers, MEDIA)

    def _closed(self, code: Close) -> Response:
        return self._answer((), code)

    async def close(self) -> None:
        """End everything that lingers."""
        for key, held in list(self._held.items()):
            self._end(key, held)
        await asyncio.gather(*self._ending, return_exceptions=True)


def _vector(request: Request) -> bytes | None:
    """The client's state vector, in base64; None when it is no such thing."""
    written = request.headers.get(STATE_HEADER, "")
    if len(written) > 4 * MAX_STATE // 3 + 4:
        return None
    try:
        return base64.b64decode(written, validate=True) or None
    except ValueError:
        return None


def _frames(body: bytes) -> Iterator[bytes]:
    """The frames of a body, each behind its length. Raises Malformed."""
    reader = lib0.Reader(body)
    while reader.left:
        frame = reader.blob()
        if len(frame) > MAX_MESSAGE:
            raise Refusal("body_too_large")
        yield frame
