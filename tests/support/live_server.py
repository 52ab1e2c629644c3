"""A real server process with its own data directory, for browser and fault tests."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LiveServer:
    """`duthao serve` in a child process. `stop` ends it politely, `kill` like a power cut."""

    data: Path
    port: int = field(default_factory=free_port)
    demo: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, seconds: float = 60.0) -> None:
        """Start it and wait until it answers."""
        environment = dict(os.environ) | {
            "DUTHAO_DATA_DIR": str(self.data),
            "DUTHAO_HOST": "127.0.0.1",
            "DUTHAO_PORT": str(self.port),
            "PYTHONPATH": str(ROOT / "server"),
            "PYTHONUTF8": "1",
        }
        environment |= self.settings
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "duthao.cli", "serve", *(["--demo"] if self.demo else [])]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT
            )
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.log()[-3000:]}")
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not answer: {self.log()[-3000:]}")

    def log(self) -> str:
        return (self.data / "server.log").read_text(encoding="utf-8", errors="replace")

    def memory(self) -> int:
        """Resident memory of the server process, in bytes (Linux)."""
        assert self.process is not None
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("the server did not stop within 20 s of SIGTERM") from None
            finally:
                self.process = None

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None


@contextmanager
def running(data: Path, *, demo: bool = True, **settings: str) -> Iterator[LiveServer]:
    server = LiveServer(data, demo=demo, settings=settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Api:
    """A person's JSON calls with their session cookie."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        request = urllib.request.Request(
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} if body is not None else {},
        )
        try:
            with self._opener.open(request, timeout=120) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def json(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        code, answer = self.call(method, path, body)
        assert code == status, (code, answer[:2000])
        return json.loads(answer) if answer else None

    @property
    def cookie(self) -> str:
        """The session, as the header `Cookie` has it."""
        return "; ".join(f"{one.name}={one.value}" for one in self.cookies)

    def sign_in(self, username: str, password: str) -> Api:
        self.json("POST", "/api/login", {"username": username, "password": password})
        return self
