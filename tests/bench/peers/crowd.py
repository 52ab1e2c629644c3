"""A crowd of clients in one process: one epoll, frames prepared in advance, latencies counted.

The receivers of a document share one reading of each distinct message, so that counting the
edits inside merged messages costs little; `busy` says how much of its time the crowd worked,
for a generator that is the bottleneck measures itself.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.peers.frames import SEEDER, Dialect, carried, keystroke, masked

now = time.perf_counter
TENTHS = 30_000
"""Buckets of the histogram, a tenth of a millisecond each."""
_READ = 2**18

Ranges = list[tuple[int, int, int, list[tuple[float, int]]]]


class Lost(Exception):
    """A server closed a connection, or did not answer in time."""


@dataclass(slots=True)
class Told:
    """One window of load."""

    seconds: float = 0.0
    offered: int = 0
    delivered: int = 0
    missing: int = 0
    frames: int = 0
    late: float = 0.0
    busy: float = 0.0
    histogram: list[int] = field(default_factory=lambda: [0] * TENTHS)

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        total = sum(self.histogram)
        want, seen = share * total, 0
        for tenth, count in enumerate(self.histogram):
            seen += count
            if seen >= want and count:
                return (tenth + 1) / 10
        return float("inf")


class Document:
    def __init__(self, name: str) -> None:
        self.name = name
        self.read: dict[bytes, Ranges] = {}
        self.sent: dict[int, list[float]] = {}
        """For each writer when each of its edits left, by clock."""
        self.opened: dict[bytes, int] | None = None
        """Where people only open it: the typed letters of each state or update they were sent."""

    def letters(self, body: bytes) -> int:
        assert self.opened is not None
        if body not in self.opened:
            self.opened[body] = sum(end - first for who, first, end in carried(body) if who != SEEDER)
        return self.opened[body]


class Client:
    """One connection. `writes`: its CRDT client id, 0 for one who only reads."""

    def __init__(
        self, dialect: Dialect, document: Document, port: int, path: str,
        headers: Mapping[str, str], writes: int = 0,
    ) -> None:  # fmt: skip
        self.dialect, self.document, self.writes = dialect, document, writes
        self.known: dict[int, int] = {}
        self.rest, self.out = b"", b""
        self.up = self.synced = False
        self.stored, self.clock = 0, 0
        self.letters = 0
        """Typed letters in the states it has been sent, and when the last of them came."""
        self.began, self.whole_at = now(), 0.0
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]  # fmt: skip
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.write("\r\n".join([*lines, "", ""]).encode())

    def write(self, data: bytes) -> None:
        if self.out:
            self.out += data
            return
        try:
            sent = self.socket.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            self.out = data[sent:]

    def say(self, payload: bytes) -> None:
        self.write(masked(payload))

    def flush(self) -> None:
        waiting, self.out = self.out, b""
        self.write(waiting)


class Crowd:
    """`with Crowd() as crowd: …`; everything happens inside `turn`."""

    def __init__(self) -> None:
        self.clients: dict[int, Client] = {}
        self._poll = select.epoll()
        self.told = Told()
        self._idle = 0.0

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients.values():
            client.socket.close()
        self._poll.close()

    def add(self, client: Client) -> Client:
        self.clients[client.socket.fileno()] = client
        self._poll.register(client.socket.fileno(), select.EPOLLIN)
        return client

    def drop(self, client: Client) -> None:
        self._poll.unregister(client.socket.fileno())
        del self.clients[client.socket.fileno()]
        client.socket.close()

    def turn(self, timeout: float = 0.0) -> None:
        began = now()
        ready = self._poll.poll(timeout)
        self._idle += now() - began
        for fd, event in ready:
            client = self.clients[fd]
            if event & select.EPOLLOUT:
                client.flush()
                self._watch(client)
            if event & ~select.EPOLLOUT:
                try:
                    data = client.socket.recv(_READ)
                except (BlockingIOError, InterruptedError):
                    continue
                except OSError as error:
                    raise Lost(str(error)) from None
                if not data:
                    raise Lost(f"closed: {client.rest[:80]!r}")
                self._feed(client, data)

    def _watch(self, client: Client) -> None:
        events = select.EPOLLIN | (select.EPOLLOUT if client.out else 0)
        self._poll.modify(client.socket.fileno(), events)

    def until(self, condition: object, seconds: float = 60.0) -> None:
        """Turn until `condition()` holds. Raises Lost."""
        end = now() + seconds
        while not condition():  # type: ignore[operator]
            if now() > end:
                raise Lost("no answer in time")
            self.turn(0.02)

    def everybody_synced(self, seconds: float = 60.0) -> None:
        self.until(lambda: all(client.synced for client in self.clients.values()), seconds)

    # Reading

    def _feed(self, client: Client, data: bytes) -> None:
        if client.rest:
            data = client.rest + data
        if not client.up:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                client.rest = data
                return
            if b" 101 " not in data[:20]:
                raise Lost(data[:200].decode("latin-1"))
            client.up = True
            data = data[end + 4 :]
            for payload in client.dialect.hello(client.document.name):
                client.say(payload)
            if not client.dialect.syncs:
                client.synced = True
        at, size = 0, len(data)
        read, hear = client.document.read, self._hear
        while size - at >= 2:
            length = data[at + 1]
            start = at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = (data[at + 2] << 8) | data[at + 3], at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            end = start + length
            if end > size:
                break
            if data[at] == 0x82:
                payload = data[start:end]
                ranges = read.get(payload)
                if ranges is None:
                    hear(client, payload)
                else:
                    self._took(client, ranges)
            elif data[at] == 0x89:
                client.write(b"\x8a" + masked(data[start:end])[1:])
            elif data[at] == 0x88:
                raise Lost(f"closed with {int.from_bytes(data[start : start + 2], 'big')}")
            at = end
        client.rest = data[at:] if at else data

    def _hear(self, client: Client, payload: bytes) -> None:
        """A message nobody of this document has read yet."""
        heard = client.dialect.hear(payload)
        if heard is None:
            return
        if heard.kind == "stored":
            client.stored = max(client.stored, heard.count)
        if heard.kind == "state":
            client.synced = True
        if client.document.opened is not None:
            if heard.kind in ("state", "update"):
                client.letters += client.document.letters(heard.body)
                client.whole_at = now()
        elif heard.kind == "update":
            ranges = self._dated(client.document, carried(heard.body))
            read = client.document.read
            if len(read) > 500:
                read.clear()
            read[payload] = ranges
            self._took(client, ranges)

    def _dated(self, document: Document, news: list[tuple[int, int, int]]) -> Ranges:
        """With the moments at which the edits left, those within a millisecond as one."""
        ranges: Ranges = []
        for who, first, end in news:
            left = document.sent.get(who)
            if left is None:
                continue
            moments: list[tuple[float, int]] = []
            for moment in left[first:end]:
                if moments and moment - moments[-1][0] < 0.001 and end - first > 4:
                    moments[-1] = (moments[-1][0], moments[-1][1] + 1)
                else:
                    moments.append((moment, 1))
            ranges.append((who, first, end, moments))
        return ranges

    def _took(self, client: Client, ranges: Ranges) -> None:
        told, at = self.told, now()
        told.frames += 1
        histogram, known = told.histogram, client.known
        for who, first, end, moments in ranges:
            have = known.get(who, 0)
            if who == client.writes or end <= have:
                continue
            if first > have:
                told.missing += first - have
            known[who] = end
            told.delivered += end - (first if first > have else have)
            for moment, count in moments:
                tenth = int((at - moment) * 10_000)
                histogram[tenth if tenth < TENTHS else TENTHS - 1] += count

    # Typing

    def type_along(self, rate: float, seconds: float, warm: float = 1.0, drain: float = 10.0) -> Told:
        """All writers together type `rate` letters a second, evenly in turn; what arrived how late.

        The counted window begins after `warm` seconds. Afterwards everything may still arrive for
        `drain` seconds, uncounted.
        """
        writers = [client for client in self.clients.values() if client.writes]
        total = int(rate * (warm + seconds)) + len(writers)
        frames = [self._prepared(writer, total // len(writers) + 2) for writer in writers]
        self.told = Told()
        began = now()
        edge, end = began + warm, began + warm + seconds
        done, counted, next_at = 0, False, [0] * len(writers)
        count = len(writers)
        while True:
            moment = now()
            if not counted and moment >= edge:
                self.told, counted, self._idle, edge = Told(), True, 0.0, moment
                self.on_window()
            if moment >= end:
                break
            due = min(int((moment - began) * rate), total)
            if due > done:
                self.told.late = max(self.told.late, moment - began - (done + 1) / rate)
                self.told.offered += due - done
                for index in {n % count for n in range(done, min(due, done + count))}:
                    mine = len(range(done + (index - done) % count, due, count))
                    writer, first = writers[index], next_at[index]
                    next_at[index] = first + mine
                    writer.document.sent[writer.writes].extend([now()] * mine)
                    writer.write(b"".join(frames[index][first : first + mine]))
                    if writer.out:
                        self._watch(writer)
                done = due
            self.turn(max(0.0, min(0.005, began + (done + 1) / rate - now())))
        told = self.told
        told.seconds = now() - edge
        told.busy = 1 - self._idle / told.seconds
        self.on_end()
        for writer, typed in zip(writers, next_at, strict=True):
            writer.clock += typed
        self.told = Told()
        self.settle(drain)
        told.missing += self.told.missing
        return told

    def on_window(self) -> None:
        """Called when the counted window begins."""

    def on_end(self) -> None:
        """Called when it ends."""

    def _prepared(self, writer: Client, count: int) -> list[bytes]:
        document, name = writer.document, writer.document.name
        document.sent.setdefault(writer.writes, [])
        parent = PARENTS[writer.writes % len(PARENTS)]
        update = writer.dialect.update
        return [
            masked(update(name, keystroke(writer.writes, clock, parent)))
            for clock in range(writer.clock, writer.clock + count)
        ]

    def all_arrived(self) -> bool:
        latest: dict[int, list[Client]] = {}
        for client in self.clients.values():
            latest.setdefault(id(client.document), []).append(client)
        for there in latest.values():
            typed = {client.writes: client.clock for client in there if client.writes}
            for client in there:
                known = client.known
                if any(known.get(w, 0) < clock for w, clock in typed.items() if w != client.writes):
                    return False
        return True

    def settle(self, seconds: float) -> bool:
        """Let everything arrive; whether it did."""
        end = now() + seconds
        while now() < end:
            for _ in range(20):
                self.turn(0.005)
            if self.all_arrived():
                return True
        return False


PARENTS: Sequence[tuple[int, int]] = ()
"""Where writers type: ids of the texts in the seed, set by the scenarios."""
