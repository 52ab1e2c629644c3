"""The servers that are measured, each a process of its own with a folder for its data."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import (
    DocumentRecord,
    EpochMillis,
    JournalEntry,
    LoginSession,
    Membership,
    Role,
    User,
)
from duthao.store.sql import open_store
from tests.bench.peers.frames import Dialect
from tests.bench.peers.install import CACHE, HERE, PYTHON, node_home
from tests.support.live_server import ROOT, free_port

TICKS = os.sysconf("SC_CLK_TCK")
PEOPLE = 1200
MEMBERS = 5
"""People at each document when there are many."""


@dataclass
class Server:
    """A server to measure. `durable`: it keeps documents; `acknowledges`: it says what is stored."""

    name: str
    folder: Path
    port: int = field(default_factory=free_port)
    dialect: Dialect = field(default_factory=Dialect)
    durable: bool = True
    acknowledges: bool = False
    process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return {}

    def prepare(self, documents: list[str], seed: bytes) -> None:
        """Before the first start. Peers get the seed over the wire instead."""

    @property
    def seeded(self) -> bool:
        return False

    def path(self, document: str) -> str:
        return f"/{document}"

    def headers(self, person: int) -> Mapping[str, str]:
        return {}

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=os.environ | dict(self.environment()), stdout=log, stderr=log, cwd=CACHE
            )
        for _ in range(3000):
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise AssertionError("no answer")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def cpu(self) -> float:
        """Seconds of processor time used so far, all threads."""
        assert self.process is not None
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / TICKS

    def memory(self) -> int:
        """Resident bytes."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024


class Ours(Server):
    """`duthao serve` as it is installed: SQLite with synchronous=FULL, sessions, roles, strict reading."""

    acknowledges = True

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'duthao.sqlite3'}"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "duthao.cli", "serve"]

    def environment(self) -> Mapping[str, str]:
        return {
            "DUTHAO_DATA_DIR": str(self.folder), "DUTHAO_HOST": "127.0.0.1", "DUTHAO_PORT": str(self.port),
            "PYTHONPATH": str(ROOT / "server"), "PYTHONUTF8": "1",
            # More than people type: the load is to find the engine's bound, not the limiter's.
            "DUTHAO_MESSAGES_PER_SECOND": "100000", "DUTHAO_CONNECTIONS_PER_PERSON": "1000",
        }  # fmt: skip

    @property
    def seeded(self) -> bool:
        return True

    def path(self, document: str) -> str:
        return f"/collab/{document}"

    def headers(self, person: int) -> Mapping[str, str]:
        return {"Cookie": f"duthao_session=token{person % PEOPLE}", "Sec-WebSocket-Protocol": "duthao.1"}

    def prepare(self, documents: list[str], seed: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        store = open_store(self.database)
        now = EpochMillis(int(time.time() * 1000))
        later = EpochMillis(now + 86_400_000)
        names = [f"p{n}" for n in range(PEOPLE)]
        if store.users.get(UserId("p0")) is None:
            for n, name in enumerate(names):
                store.users.create(User(UserId(name), name, name, "", "", False, "vi", now))
                token = hashlib.sha256(f"token{n}".encode()).hexdigest()
                store.sessions.create(LoginSession(token, UserId(name), "csrf", now, now, later))
        for number, document in enumerate(documents):
            people = (
                names
                if len(documents) < 30
                else [names[(number * MEMBERS + n) % PEOPLE] for n in range(MEMBERS)]
            )
            members = [Membership(DocumentId(document), UserId(name), Role.EDITOR) for name in people]
            record = DocumentRecord(DocumentId(document), document, "lineage", None, UserId("p0"), now)
            store.documents.create(record, members)
            entry = JournalEntry(DocumentId(document), now, UserId("p0"), "seed", (), seed, "seed")
            store.journal.append([entry])
        store.close()


class Hocuspocus(Server):
    def command(self) -> list[str]:
        shutil.copy(HERE / "peer_hocuspocus.mjs", CACHE / "peer_hocuspocus.mjs")
        database = self.folder / "hocuspocus.sqlite3"
        return [
            str(node_home() / "bin/node"),
            str(CACHE / "peer_hocuspocus.mjs"),
            str(self.port),
            str(database),
        ]


class YWebsocket(Server):
    level = False

    def command(self) -> list[str]:
        return [str(node_home() / "bin/node"), str(CACHE / "node_modules/@y/websocket-server/src/server.js")]

    def environment(self) -> Mapping[str, str]:
        kept = {"YPERSISTENCE": str(self.folder / "level")} if self.level else {}
        return {"HOST": "127.0.0.1", "PORT": str(self.port), **kept}


class YWebsocketLevel(YWebsocket):
    level = True


class Pycrdt(Server):
    def command(self) -> list[str]:
        return [str(PYTHON), str(HERE / "peer_pycrdt.py"), str(self.port), str(self.folder / "ystore.db")]


class Echo(Server):
    def command(self) -> list[str]:
        return [str(PYTHON), str(HERE / "peer_echo.py"), str(self.port)]


class Raw(Server):
    def command(self) -> list[str]:
        return [str(PYTHON), str(HERE / "peer_raw.py"), str(self.port)]


KINDS: Mapping[str, tuple[type[Server], Dialect, bool]] = {
    "ours": (Ours, Dialect(), True),
    "hocuspocus": (Hocuspocus, Dialect(named=True), True),
    "y-websocket": (YWebsocket, Dialect(), False),
    "y-websocket-level": (YWebsocketLevel, Dialect(), True),
    "pycrdt-websocket": (Pycrdt, Dialect(), True),
    "starlette-echo": (Echo, Dialect(syncs=False), False),
    "raw-echo": (Raw, Dialect(syncs=False), False),
}
"""Name → class, how it speaks, whether it keeps documents. The last two are yardsticks, no peers."""
PEERS = ("hocuspocus", "y-websocket", "y-websocket-level", "pycrdt-websocket")


def made(name: str, folder: Path) -> Server:
    kind, dialect, durable = KINDS[name]
    return kind(name, folder / name, dialect=dialect, durable=durable)
