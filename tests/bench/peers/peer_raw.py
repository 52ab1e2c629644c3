"""Frames from socket to socket with uvloop, no library between: what the machine itself can do.

It reads whole frames, joins those of one reading, and writes them to the others of the room.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import sys
from collections import defaultdict

import uvloop

rooms: dict[str, set[asyncio.Transport]] = defaultdict(set)


class Raw(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest, self.room = transport, b"", None

    def data_received(self, data):
        data = self.rest + data
        if self.room is None:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.rest = data
                return
            key = next(line for line in data.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
            guid = key.split(b":")[1].strip() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            accept = base64.b64encode(hashlib.sha1(guid).digest())
            head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            self.transport.write(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            self.room = rooms[data.split(b" ")[1].decode()]
            self.room.add(self.transport)
            data = data[end + 4 :]
        at, out = 0, []
        while len(data) - at >= 6:
            length = data[at + 1] & 127
            if length > 125 or at + 6 + length > len(data):
                break
            start = at + 6
            key = int.from_bytes((data[at + 2 : at + 6] * (length // 4 + 1))[:length], "big")
            body = int.from_bytes(data[start : start + length], "big") ^ key
            out.append(bytes((0x82, length)) + body.to_bytes(length, "big"))
            at = start + length
        self.rest = data[at:]
        if out:
            frames = b"".join(out)
            for other in self.room:
                if other is not self.transport:
                    other.write(frames)

    def connection_lost(self, error):
        if self.room is not None:
            self.room.discard(self.transport)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Raw, "127.0.0.1", int(sys.argv[1]), backlog=2048)
    await server.serve_forever()


uvloop.run(main())
