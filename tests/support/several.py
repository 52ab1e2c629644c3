"""Real processes of the service on one PostgreSQL schema, with a Redis of their own or none.

Each listens at its own port, as on separate machines; the client goes where it likes.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import absent
from tests.support.live_server import free_port
from tests.support.postgres import fresh_schema
from tests.support.server_process import DRAFT, ROOT


class OwnRedis:
    """A redis-server of the test's own, which it may stop, flush and cut."""

    def __init__(self, folder: Path) -> None:
        self.program = shutil.which("redis-server") or absent("redis-server")
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [str(self.program), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
             "no", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with contextlib.suppress(Exception):
                self.do("PING")
                return
            time.sleep(0.05)
        raise AssertionError("redis-server did not answer")

    def do(self, *words: str) -> object:
        from redis import Redis

        with Redis(port=self.port, socket_timeout=5) as client:
            return client.execute_command(*words)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self, frozen: bool) -> None:
        """Stopped: it keeps its connections and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)


class Served:
    """One process of the service; `end` with any signal, `start` again at the same port."""

    def __init__(self, database: str, bus: str, channel: str, skew: int = 0) -> None:
        self.database, self.bus, self.channel, self.port = database, bus, channel, free_port()
        self.skew = skew
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, document: str = DRAFT) -> str:
        return f"ws://127.0.0.1:{self.port}/collab/{document}"

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = os.environ | {
            "PYTHONPATH": f"{ROOT / 'server'}:{ROOT}", "DUTHAO_DATABASE_URL": self.database,
            "DUTHAO_BUS_URL": self.bus, "DUTHAO_BUS_CHANNEL": self.channel,
            "DUTHAO_TEST_SKEW": str(self.skew),
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.support.several", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self._process.poll() is None, "the server process ended"
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.http}/healthz", timeout=2):
                return
            time.sleep(0.02)
        raise AssertionError("the server did not answer")

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None


@contextmanager
def processes(count: int, bus: str, skew: int = 0) -> Iterator[list[Served]]:
    """So many processes over one fresh schema; each next one's clock is `skew` seconds further on."""
    from duthao.store.sql import open_store
    from tests.support.server_process import populate

    with fresh_schema() as database:
        store = open_store(database)
        populate(store)
        store.close()
        channel = f"test_{secrets.token_hex(4)}"
        found = [Served(database, bus, channel, n * skew) for n in range(count)]
        try:
            for one in found:
                one.start()
            yield found
        finally:
            for one in found:
                one.end()


def main(port: str) -> None:
    """One process: the endpoint and the rooms, wired as `duthao serve` wires them."""
    import uvicorn

    from duthao.bootstrap import neighbours, open_store
    from duthao.settings import read_settings
    from duthao.web.uvicorn_protocol import server_config
    from tests.support.server_process import application

    settings = read_settings()
    store = open_store(settings)
    app = application(store, neighbours=neighbours(settings, store), skew=int(os.environ["DUTHAO_TEST_SKEW"]))
    uvicorn.Server(server_config(app, "127.0.0.1", int(port))).run()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
