"""The WebSocket pump: who may connect, and frames between the socket and the room."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect

from duthao.collab.close import Close
from duthao.collab.connection import Connection
from duthao.collab.meter import Meter
from duthao.collab.room import Room
from duthao.collab.rooms import Rooms
from duthao.collab.session import Person, Session
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.service.people import Colour, colour_of
from duthao.store.ports import Role, StoreUnavailable, User
from duthao.web.auth import address_of
from duthao.web.door import Door
from duthao.web.uvicorn_protocol import DIRECT, SafeWebSocketProtocol

logger = logging.getLogger("duthao.collab")

SUBPROTOCOL = "duthao.1"
SCHEMA = 1
MAX_ID = 40

Authenticate = Callable[[Mapping[str, str]], Awaitable[User | None]]
Tell = Callable[[UserId, str, DocumentId, str, str, Mapping[str, object]], None]
"""Person, their name, document, address; joined, wrote, left or refused; more of it."""
RoleOf = Callable[[DocumentId, UserId], Awaitable[Role | None]]
Judged = tuple[Person, Role | None]
WhoAndRole = Callable[[Mapping[str, str], DocumentId], Awaitable[Judged | None]]


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """Connections at once, messages a second (with a burst), and how often the session is judged."""

    per_person: int = 20
    in_all: int = 2000
    messages_per_second: float = 200.0
    burst: int = 2000
    session_check: float = 10.0


class Rate:
    """A bucket of messages that refills with time."""

    def __init__(self, limits: SocketLimits, now: float) -> None:
        self._limits, self._left, self._at = limits, float(limits.burst), now

    def admits(self, now: float, messages: int = 1) -> bool:
        refilled = self._left + (now - self._at) * self._limits.messages_per_second
        self._left, self._at = min(refilled, float(self._limits.burst)) - messages, now
        return self._left >= 0


class _Pump:
    """Between a socket and its room, called by the loop: no task, no queue, no waiting."""

    def __init__(self, room: Room, connection: Connection, rate: Rate) -> None:
        self._room, self._connection, self._rate = room, connection, rate
        loop = asyncio.get_running_loop()
        self._now = loop.time
        self.ended: asyncio.Future[None] = loop.create_future()
        ended = self.ended
        # Not `self`, which holds the connection: neither would go without the collector.
        connection.on_close = lambda _code: _end(ended)

    def received(self, messages: list[bytes | None]) -> None:
        frames = [message for message in messages if message is not None]
        if not self._rate.admits(self._now(), len(messages)):
            self._connection.close(Close.TOO_MANY)
            return
        self._room.receive(self._connection, *frames)
        if len(frames) < len(messages):
            self._connection.close(Close.BAD_MESSAGE)

    def gone(self) -> None:
        _end(self.ended)


def _end(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)


class CollabEndpoint:
    """`WebSocketRoute("/collab/{document_id}", endpoint.connect)`.

    `authenticate` reads the cookies, `role_of` judges; `who_and_role` is both at once, asked on every
    connect: in a crowd that comes together each question apart costs everybody a hand-over to a thread.
    `origins` are our own; empty: the Origin's host must be the request's Host.
    """

    def __init__(
        self,
        rooms: Rooms,
        authenticate: Authenticate,
        role_of: RoleOf,
        origins: tuple[str, ...] = (),
        limits: SocketLimits | None = None,
        meter: Meter | None = None,
        who_and_role: WhoAndRole | None = None,
    ) -> None:
        self.rooms, self._authenticate, self.role_of = rooms, authenticate, role_of
        self._who_and_role = who_and_role or self._one_after_the_other
        self._origins, self.limits = origins, limits or SocketLimits()
        self._connected: Counter[UserId] = Counter()
        self._sitting: dict[Connection, Mapping[str, str]] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self.meter = meter or Meter()
        self.door = Door()
        self.tell: Tell = lambda *_told: None
        """Who came, wrote and went, for the log of who did what."""
        self._wordless: dict[Connection, tuple[int, Callable[[str, Mapping[str, object]], None]]] = {}
        """Who has written nothing yet: what they had sent when they came, and how what they do is told."""

    async def connect(self, websocket: WebSocket) -> None:
        # Taken out, or it would hold itself: what a connection leaves would wait for the collector.
        protocol: SafeWebSocketProtocol = websocket.scope["extensions"].pop(DIRECT)
        if not self.from_us(websocket):
            # Refused before the handshake: another site's script learns nothing.
            await websocket.close(Close.NO_ACCESS)
            return
        document_id = DocumentId(websocket.path_params["document_id"][: MAX_ID + 1])
        judgements = self.rooms.judgements
        judged = await self.judge(websocket, document_id)
        if isinstance(judged, Close):
            await self._refuse(websocket, judged)
            return
        person, role = judged
        if self.is_full(person.id):
            await self._refuse(websocket, Close.TOO_MANY)
            return
        with self.counted(person.id):
            if not await self.door.lets_in(person.id):
                await self._refuse(websocket, Close.TOO_MANY)
                return
            extras = await self._accept(websocket)
            session = Session(person, role, extras, secrets.token_hex(8))
            ended = await self._attend(websocket, protocol, document_id, session, judgements)
            self.door.closed(person.id, ended)
            await self._close(websocket, ended)

    async def _accept(self, websocket: WebSocket) -> bool:
        """Whether the client speaks `duthao.1`."""
        extras = SUBPROTOCOL in websocket.scope["subprotocols"]
        await websocket.accept(subprotocol=SUBPROTOCOL if extras else None)
        return extras

    async def _refuse(self, websocket: WebSocket, code: Close) -> None:
        """A browser hears the reason only of a connection that was accepted."""
        await self._accept(websocket)
        await self._close(websocket, code)

    @contextlib.contextmanager
    def counted(self, user_id: UserId) -> Iterator[None]:
        """One connection more of this person, as long as the block."""
        self._connected[user_id] += 1
        try:
            yield
        finally:
            self._connected[user_id] -= 1
            self._connected += Counter()

    async def judge(self, asking: HTTPConnection, document_id: DocumentId) -> tuple[Person, Role] | Close:
        """Who asks and what they may do here, or why they are sent away."""
        try:
            found = await self._who_and_role(asking.cookies, document_id)
        except StoreUnavailable:
            return Close.TRY_AGAIN
        if found is None:
            return Close.SIGNED_OUT
        person, role = found
        if role is None or len(document_id) > MAX_ID:
            self.tell(person.id, person.name, document_id, address_of(asking), "refused", {})
            return Close.NO_ACCESS
        return person, role

    async def _one_after_the_other(
        self, cookies: Mapping[str, str], document_id: DocumentId
    ) -> Judged | None:
        user = await self._authenticate(cookies)
        return None if user is None else (person_of(user), await self.role_of(document_id, user.id))

    def is_full(self, user_id: UserId) -> bool:
        """Whether this person, or the house, has as many connections as it may."""
        limits = self.limits
        return self._connected[user_id] >= limits.per_person or self._connected.total() >= limits.in_all

    async def _attend(
        self,
        websocket: WebSocket,
        protocol: SafeWebSocketProtocol,
        document_id: DocumentId,
        session: Session,
        judgements: int,
    ) -> Close | None:
        """Sit in the room until one side ends it; how to close, None when the client has.

        `judgements`: how many `Rooms.judgements` there were before this person was judged.
        """
        try:
            async with self.rooms.open(document_id) as room:
                if not same_lineage(websocket, room.generation):
                    return Close.OTHER_LINEAGE
                connection = Connection(session, protocol)
                with self.sitting(connection, websocket, room.id):
                    return await self._sit(protocol, room, connection, judgements)
        except Refusal:
            return Close.NO_SUCH_DOCUMENT
        except StoreUnavailable:
            return Close.TRY_AGAIN
        except Exception as error:
            logger.error("collab.failed document=%s kind=%s", document_id, type(error).__name__)
            return Close.TRY_AGAIN

    async def _sit(
        self, protocol: SafeWebSocketProtocol, room: Room, connection: Connection, judgements: int
    ) -> Close | None:
        pump = _Pump(room, connection, Rate(self.limits, asyncio.get_running_loop().time()))
        room.join(connection)
        try:
            if self.rooms.judgements != judgements:
                # Somebody's role has changed since, perhaps this one's; from now on the room is told.
                room.set_role(connection, await self.role_of(room.id, connection.session.person.id))
            protocol.direct(pump)
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.limits.session_check):
                        await asyncio.shield(pump.ended)
                    return connection.closing
                # Sessions end by themselves too, and by other processes: look now and then.
                await self._look(connection)
                self.wrote(connection)
        finally:
            room.leave(connection)

    @contextlib.contextmanager
    def sitting(
        self, connection: Connection, asking: HTTPConnection, document_id: DocumentId
    ) -> Iterator[None]:
        """This connection stands by the session of this request's cookies, as long as the block."""
        self._sitting[connection] = asking.cookies
        person, begun = connection.session.person, time.monotonic()
        tell = partial(self.tell, person.id, person.name, document_id, address_of(asking))
        self._wordless[connection] = connection.session.offered, tell
        tell("joined", {})
        try:
            yield
        finally:
            self.wrote(connection)
            tell("left", {"seconds": int(time.monotonic() - begun)})
            del self._sitting[connection]
            self._wordless.pop(connection, None)

    def wrote(self, connection: Connection) -> None:
        """Told once for a connection, and soon after its first words: a process may end at any time."""
        offered, tell = self._wordless.get(connection, (connection.session.offered, None))
        if tell is not None and connection.session.offered > offered:
            del self._wordless[connection]
            tell("wrote", {})

    def look_again(self, user_id: UserId) -> None:
        """A session of this person has ended: whoever sits here by it is sent away."""
        for connection in self._sitting:
            if connection.session.person.id == user_id:
                task = asyncio.get_running_loop().create_task(self._look(connection), name="collab-look")
                self._looking.add(task)
                task.add_done_callback(self._looking.discard)

    async def _look(self, connection: Connection) -> None:
        with contextlib.suppress(StoreUnavailable):
            if await self._authenticate(self._sitting.get(connection, {})) is None:
                connection.close(Close.SIGNED_OUT)

    async def _close(self, websocket: WebSocket, code: Close | None) -> None:
        if code is None:
            return
        self.meter.closed[code.name.lower()] += 1
        try:
            async with asyncio.timeout(2):
                await websocket.close(code, code.name)
        except (TimeoutError, RuntimeError, WebSocketDisconnect, OSError):
            return  # already gone, or not reading: the protocol aborts it

    @property
    def connected(self) -> int:
        """Connections of all people at this process."""
        return self._connected.total()

    def from_us(self, asking: HTTPConnection) -> bool:
        """Browsers always name an Origin; a program that names none has no cookie to steal."""
        origin = asking.headers.get("origin")
        if origin is None:
            return True
        if self._origins:
            return origin.rstrip("/") in self._origins
        return origin.partition("://")[2] == asking.headers.get("host", "")


def same_lineage(asking: HTTPConnection, generation: str) -> bool:
    theirs = asking.query_params.get("generation")
    schema = asking.query_params.get("schema", str(SCHEMA))
    return theirs in (None, "", generation) and schema.isdecimal() and int(schema[:9]) >= SCHEMA


def person_of(user: User, colour: Colour | None = None) -> Person:
    """As others in the room shall see them; without a colour of the document with one's own."""
    return Person(user.id, user.name, colour or colour_of(user.id))
