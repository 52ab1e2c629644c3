"""uvicorn's WebSocket protocol, made safe against clients that stop reading or flood.

Measured on the stock protocol: a socket whose reader stopped is never freed, even after
the ping timeout, and holds up SIGTERM; 300,000 empty fragments stall the loop for 4.4 s.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio.transports import BaseTransport
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

MAX_MESSAGE = 2**20
MAX_FRAGMENTS = 64
SLICE = 4096
UNACKNOWLEDGED_MS = 15_000
GRACE_SECONDS = 10
ABORT_AFTER = 5.0


class SafeWebSocketProtocol(WebSocketsSansIOProtocol):
    """Aborts on ping timeout and on a close nobody takes; bounds fragments; parses in slices."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._abort_timer: asyncio.TimerHandle | None = None
        connected = transport.get_extra_info("socket")
        option = getattr(socket, "TCP_USER_TIMEOUT", None)
        if connected is not None and option is not None and connected.family != socket.AF_UNIX:
            connected.setsockopt(socket.IPPROTO_TCP, option, UNACKNOWLEDGED_MS)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # In slices, so that a flood of tiny frames is refused before all of it is parsed.
        for start in range(0, len(data), SLICE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + SLICE])

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
        "http": "h11",
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
