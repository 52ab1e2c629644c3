"""uvicorn's WebSocket protocol, made safe against clients that stop reading or flood.

Measured on the stock protocol: a socket whose reader stopped is never freed, even after
the ping timeout, and holds up SIGTERM; 300,000 empty fragments stall the loop for 4.4 s.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio.transports import BaseTransport
from typing import Any, Protocol

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

try:
    from websockets.speedups import apply_mask
except ImportError:  # no compiled part on this machine
    from websockets.utils import apply_mask

from duthao.collab.connection import Parcel
from duthao.web.http_protocol import MAX_HEAD, SafeHttpProtocol

MAX_MESSAGE = 2**20
MAX_FRAGMENTS = 64
SLICE = 4096
UNACKNOWLEDGED_MS = 15_000
GRACE_SECONDS = 5
ABORT_AFTER = 5.0
DIRECT = "duthao.direct"
"""The extension under which the endpoint finds the protocol itself."""


class Sink(Protocol):
    """Who takes a connection's messages; called by the loop, never waits."""

    def received(self, messages: list[bytes | None]) -> None: ...
    def gone(self) -> None: ...


def packed(message: bytes) -> bytes:
    """A server's binary frame, the same for every client."""
    size = len(message)
    if size < 126:
        return b"\x82" + size.to_bytes(1, "big") + message
    if size < 65536:
        return b"\x82\x7e" + size.to_bytes(2, "big") + message
    return b"\x82\x7f" + size.to_bytes(8, "big") + message


class SafeWebSocketProtocol(WebSocketsSansIOProtocol):
    """Aborts on ping timeout and on a close nobody takes; bounds fragments; parses in slices."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._sink: Sink | None = None
        self._rest = b""
        self._abort_timer: asyncio.TimerHandle | None = None
        connected = transport.get_extra_info("socket")
        option = getattr(socket, "TCP_USER_TIMEOUT", None)
        if connected is None or connected.family == socket.AF_UNIX:
            return
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if option is not None:
            connected.setsockopt(socket.IPPROTO_TCP, option, UNACKNOWLEDGED_MS)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)
        if self._sink is not None:
            self._sink.gone()
            self._sink = None

    def direct(self, sink: Sink) -> None:
        """From now on messages go to `sink`, and out by `put`, past ASGI's queue and its tasks."""
        self._sink = sink
        waiting, self._rest = self._rest, b""
        while not self.queue.empty():
            message = self.queue.get_nowait()
            if message["type"] == "websocket.receive":
                self._deliver([message.get("bytes")])
            else:
                sink.gone()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if waiting:
            self.data_received(waiting)

    def put(self, *parcels: Parcel) -> None:
        if self.close_sent or self.disconnected:
            return
        for parcel in parcels:
            if parcel.packed is None:
                parcel.packed = packed(parcel.message)
        first = parcels[0].packed
        assert first is not None
        self.transport.write(first if len(parcels) == 1 else b"".join(p.packed or b"" for p in parcels))

    def waiting(self) -> int:
        return self.transport.get_write_buffer_size()

    def _deliver(self, messages: list[bytes | None]) -> None:
        """None stands for a text message, of which we have none."""
        if self._sink is not None and messages and not self.close_sent:
            self._sink.received(messages)

    def send_receive_event_to_app(self) -> None:
        if self._sink is None:
            super().send_receive_event_to_app()
            return
        message = b"".join(self.frames)
        self.frames = []
        self._deliver([message if self.curr_msg_data_type == "bytes" else None])

    def data_received(self, data: bytes) -> None:
        if self.handshake_initiated:
            self._split(data)
            return
        # In slices, so that a flood of tiny frames is refused before all of it is parsed.
        for start in range(0, len(data), SLICE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + SLICE])

    def _split(self, data: bytes) -> None:
        """Whole binary messages in one frame, as all clients send them, are taken here; the rest is
        handed frame by frame to the library, which knows every rule."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        messages: list[bytes | None] = []
        at, size, others = 0, len(data), 0
        # Before the endpoint has judged who it is, one message is kept and no more is read.
        while size - at >= 2 and not (self._sink is None and self.read_paused):
            if others > MAX_FRAGMENTS or self.transport.is_closing():
                self.transport.abort()
                return
            length, start = data[at + 1] & 0x7F, at + 6
            if length > 125:
                wide = 2 if length == 126 else 8
                start += wide
                if size < start:
                    break
                length = int.from_bytes(data[at + 2 : at + 2 + wide], "big")
            end = start + length
            if not data[at + 1] & 0x80 or length > MAX_MESSAGE:
                self._deliver(messages)
                super().data_received(data[at:])  # breaks a rule: the library says which
                return
            if end > size:
                break
            if data[at] == 0x82 and self._sink is not None:
                messages.append(apply_mask(data[start:end], data[start - 4 : start]))
            else:
                self._deliver(messages)
                messages = []
                others += 1
                super().data_received(data[at:end])
            at = end
        self._rest = data[at:] if at < size else b""
        self._deliver(messages)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][DIRECT] = self  # type: ignore[assignment]  # not ASGI's: ours

    def handle_close(self, event: Frame) -> None:
        super().handle_close(event)
        if self._sink is not None:
            self._sink.gone()

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MAX_FRAGMENTS:
            self.transport.abort()
            return
        super().handle_cont(event)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def shutdown(self) -> None:
        if self.handshake_complete and not self.close_sent:
            # 1001 "going away", which clients answer by reconnecting; the stock one says 1012.
            self.stop_keepalive()
            self.queue.put_nowait({"type": "websocket.disconnect", "code": 1001})
            if self._sink is not None:
                self._sink.gone()
            self.conn.send_close(1001)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.transport.close()
        else:
            super().shutdown()
        self._abort_later()

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            # It does not read: a close frame would wait behind what it left unread.
            self.transport.abort()
            return
        await super().send(message)
        if message["type"] == "websocket.close":
            self._abort_later()

    def _abort_later(self) -> None:
        if self._abort_timer is None:
            self._abort_timer = self.loop.call_later(ABORT_AFTER, self.transport.abort)


def server_config(app: Any, host: str, port: int, **more: Any) -> uvicorn.Config:
    """How the service is served. No access log: query strings stay out of the log."""
    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "http": SafeHttpProtocol,
        "h11_max_incomplete_event_size": MAX_HEAD,
        "ws": SafeWebSocketProtocol,
        "ws_max_size": MAX_MESSAGE,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "access_log": False,
        "server_header": False,
        "log_level": "warning",
    }
    return uvicorn.Config(app, **{**given, **more})
