"""A real nginx and a real Caddy before the service, with the very lines of docs/operate/reverse-proxy.md."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import websockets

from duthao.collab import wire
from duthao.commands import demo
from tests.conftest import absent
from tests.support.live_server import ROOT, free_port, running

NAME = "duthao.example.vn"
CADDY = shutil.which("caddy")
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)


def block(kind: str, *instead: tuple[str, str]) -> str:
    """The document's lines for that server, with this test's own places in them."""
    text = (ROOT / "docs/operate/reverse-proxy.md").read_text(encoding="utf-8")
    found = re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    lines = found[1]
    for words, other in instead:
        assert words in lines, words
        lines = lines.replace(words, other)
    return lines


def written(folder: Path, port: int, service: int) -> str:
    """nginx's lines, with this test's ports, certificate and log."""
    lines = block(
        "nginx",
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("server 127.0.0.1:8080", f"server 127.0.0.1:{service}"),
        ("/etc/ssl/duthao", str(folder / "duthao")),
        ("/var/log/nginx/duthao.log", str(folder / "access.log")),
    )
    paths = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Its workers write what is sent into this test's own folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}pid {folder}/nginx.pid;\ndaemon off;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{paths}\n{lines}\n}}\n"
    )


def certificate(folder: Path) -> None:
    """`duthao.pem` and `duthao.key`, in a new folder."""
    folder.mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "duthao.key", "-out",
         folder / "duthao.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def caddy(folder: Path, port: int, service: int) -> Iterator[None]:
    if CADDY is None:
        absent("Caddy")
    certificate(folder)
    lines = block(
        "caddy",
        (f"{NAME} {{", f"https://{NAME}:{port} {{\n\tbind 127.0.0.1"),
        ("127.0.0.1:8080", f"127.0.0.1:{service}"),
        ("/etc/ssl/duthao", str(folder / "duthao")),
    )  # fmt: skip
    # No door for administrators, no port 80: there is one Caddy for each test.
    own = lines.replace("{\n", "{\n\tadmin off\n\tauto_https disable_redirects\n", 1)
    (folder / "Caddyfile").write_text(own)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [CADDY, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"],
            stderr=log, env=dict(os.environ) | {"HOME": str(folder)},
        )  # fmt: skip
    try:
        until = time.monotonic() + 15
        while time.monotonic() < until:
            assert process.poll() is None, (folder / "log").read_text()
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def nginx(folder: Path, port: int, service: int) -> Iterator[None]:
    if NGINX is None:
        absent("nginx")
    certificate(folder)
    (folder / "nginx.conf").write_text(written(folder, port, service))
    process = subprocess.Popen(
        [NGINX, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        until = time.monotonic() + 15
        while not (folder / "nginx.pid").exists() and time.monotonic() < until:
            assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=10)


class Asker:
    """Somebody at that machine: asks nginx by its name, trusts its certificate and no other."""

    def __init__(self, folder: Path, port: int, machine: str = "127.0.0.1") -> None:
        self.machine = machine
        self.origin, self.port = f"https://{NAME}:{port}", port
        self.trust = ssl.create_default_context(cafile=str(folder / "duthao.pem"))
        self.cookie = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any, str]:
        """Status, headers and body."""
        connection = http.client.HTTPSConnection(NAME, self.port, timeout=30, context=self.trust)
        # The name is the certificate's; the machine is this one.
        here = ("127.0.0.1", self.port)
        connection._create_connection = lambda _name, timeout, _source: socket.create_connection(  # type: ignore[attr-defined]
            here, timeout, (self.machine, 0)
        )
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        more = {"Content-Type": "application/json", "Cookie": self.cookie}
        connection.request(method, path, data, more | headers)
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        connection.close()
        return found

    def sign_in(self, password: str = demo.content().password, username: str = "hanh", **headers: str) -> int:
        body = {"username": username, "password": password}
        status, told, _ = self.ask("POST", "/api/login", body, Origin=self.origin, **headers)
        if status == 200:
            self.set_cookie = told["set-cookie"]
            self.cookie = self.set_cookie.split(";")[0]
        return status


def test_the_lines_of_the_document_carry_all_the_service_needs(tmp_path: Path) -> None:
    first, second = free_port(), free_port()
    with (
        running(
            tmp_path / "house",
            DUTHAO_PUBLIC_ORIGIN=f"https://{NAME}:{first},https://{NAME}:{second}",
            DUTHAO_SECURE_COOKIE="true",
            DUTHAO_LOGIN_ATTEMPTS="1",
        ) as house,
        nginx(tmp_path / "nginx", first, house.port),
        caddy(tmp_path / "caddy", second, house.port),
    ):
        # Two machines of the office: failed sign-ins are counted for each by itself.
        carries(Asker(tmp_path / "nginx", first, "127.0.0.1"))
        carries(Asker(tmp_path / "caddy", second, "127.0.0.2"))
        log = (tmp_path / "nginx/access.log").read_text()
        assert "/login" in log
        assert "not-to-be-written" not in log + (tmp_path / "caddy/log").read_text()


def carries(me: Asker) -> None:
    """Pages, cookies, the live draft, foreign origins, large bodies and the address of who asks."""
    status, headers, page = me.ask("GET", "/login")
    assert (status, "Dự Thảo" in page) == (200, True)
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "default-src" in headers["content-security-policy"]
    assert me.sign_in() == 200
    assert "secure" in me.set_cookie.lower()
    _, _, listed = me.ask("GET", "/api/documents")
    document = json.loads(listed)["documents"][0]["id"]
    asyncio.run(the_draft_comes(me, document))
    # Of another origin nothing is taken, whatever the proxy passes on.
    foreign = me.ask(
        "POST", f"/api/documents/{document}/versions", {"name": "v"}, Origin="https://elsewhere.vn"
    )
    assert foreign[0] == 403
    # As large as the service takes, and what is larger is refused with words of its own or the proxy's.
    text = "Điều 1. Phạm vi\n" + "Ban Thường vụ quyết định, chịu trách nhiệm.\n" * 15_000
    large = json.dumps({"text": text}, ensure_ascii=False).encode()
    assert me.ask("POST", "/api/outline", large, Origin=me.origin)[0] == 200
    status, _, told = me.ask("POST", "/api/outline", b"x" * 9_000_000, Origin=me.origin)
    assert (status, "error" in told) == (413, True)
    assert me.ask("POST", "/api/outline", b"x" * 25_000_000, Origin=me.origin)[0] == 413
    # Who guesses names is counted by the machine it sits at, whatever it says of itself.
    tries = [
        me.sign_in("wrong wrong wrong", f"name{n}-{me.port}", **{"X-Forwarded-For": f"10.9.9.{n}"})
        for n in range(12)
    ]
    assert tries[0] == 401
    assert tries[-1] == 429
    me.ask("GET", "/answer/not-to-be-written")


async def the_draft_comes(me: Asker, document: str) -> None:
    """Joined through the proxy by the protocol of our own clients: the whole state comes."""
    async with websockets.connect(
        f"wss://{NAME}:{me.port}/collab/{document}", host="127.0.0.1", port=me.port, ssl=me.trust,
        local_addr=(me.machine, 0),
        subprotocols=[websockets.Subprotocol("duthao.1")], compression=None,
        additional_headers={"Cookie": me.cookie}, origin=websockets.Origin(me.origin),
    ) as joined:  # fmt: skip
        await joined.send(wire.sync_step_1(b"\x00"))
        async with asyncio.timeout(10):
            while len(await joined.recv()) < 1000:
                pass
