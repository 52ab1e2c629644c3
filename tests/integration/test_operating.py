"""`duthao serve` as it is run: ready or not, its numbers, told to stop, and several at one address."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import websockets

from duthao.collab import wire
from duthao.commands import demo
from tests.support.collab_client import until
from tests.support.live_server import Api, LiveServer, free_port, running
from tests.support.postgres import fresh_schema
from tests.unit.test_operations import shown


def asked(address: str) -> tuple[int, dict[str, bool]]:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def draft_of(server: LiveServer) -> tuple[str, str]:
    """A document of the demonstration and the cookie of somebody who may read it."""
    api = Api(server.address).sign_in("hanh", demo.content().password)
    document = api.json("GET", "/api/documents")["documents"][0]["id"]
    return document, api.cookie


def joined(server: LiveServer, document: str, cookie: str) -> websockets.connect:
    address = server.address.replace("http", "ws")
    return websockets.connect(
        f"{address}/collab/{document}", subprotocols=[websockets.Subprotocol("duthao.1")],
        additional_headers={"Cookie": cookie}, compression=None,
    )  # fmt: skip


def test_ready_measured_and_stopped_with_a_word_to_everybody(tmp_path: Path) -> None:
    metrics = free_port()
    with running(tmp_path, DUTHAO_METRICS_PORT=str(metrics), DUTHAO_DRAIN_SECONDS="1") as server:
        assert asked(f"{server.address}/readyz") == (
            200,
            {"database": True, "journal": True, "serving": True},
        )
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{server.address}/metrics", timeout=5)
        document, cookie = draft_of(server)

        async def scenario() -> None:
            async with joined(server, document, cookie) as socket:
                await socket.send(wire.sync_step_1(b"\x00"))
                frames = [bytes(await socket.recv()) for _ in range(3)]
                assert frames
                found = await asyncio.to_thread(shown, metrics)
                assert found["duthao_connections"] == found["duthao_rooms"] == 1
                assert found["duthao_journal_healthy"] == 1
                assert server.process is not None
                began = time.monotonic()
                server.process.send_signal(signal.SIGTERM)
                # It goes on for a second, saying that it will stop, ...
                await until(lambda: asked(f"{server.address}/readyz")[0] == 503, 3)
                assert asked(f"{server.address}/readyz")[1]["serving"] is False
                # ... and then tells whoever is there to come back.
                async for _ in socket:
                    pass
                assert socket.close_code == 1001
                await asyncio.to_thread(server.process.wait, 10)
                assert 1 <= time.monotonic() - began < 10

        asyncio.run(scenario())
        server.process = None


def test_several_processes_over_sqlite_are_refused_with_a_sentence(tmp_path: Path) -> None:
    server = LiveServer(tmp_path, demo=False, settings={"DUTHAO_WORKERS": "2"})
    with pytest.raises(AssertionError, match="PostgreSQL"):
        server.start()
    assert server.process is not None
    assert server.process.wait(5) == 2


def children(process: subprocess.Popen[bytes]) -> list[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in found]


def listening(port: int) -> int:
    """How many sockets listen at 127.0.0.1:`port` (Linux): as many as processes serve there."""
    local = f"0100007F:{port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1] == local and row[3] == "0A" for row in rows)


@pytest.mark.postgres
def test_two_processes_at_one_address_outlive_the_death_of_one_and_stop_together(tmp_path: Path) -> None:
    with fresh_schema() as database:
        settings = {
            "DUTHAO_DATABASE_URL": database,
            "DUTHAO_BUS_CHANNEL": f"test_{os.getpid()}",
            "DUTHAO_WORKERS": "2",
        }
        server = LiveServer(tmp_path, settings=settings)
        server.start(120)
        try:
            assert server.process is not None
            first = children(server.process)
            assert len(first) == 2
            document, cookie = draft_of(server)

            async def scenario() -> None:
                # A process is there some seconds before it listens: killing the other would leave nobody.
                await until(lambda: listening(server.port) == 2, 60)
                async with joined(server, document, cookie) as socket:
                    await socket.send(wire.sync_step_1(b"\x00"))
                    assert await socket.recv()

            asyncio.run(scenario())
            os.kill(first[0], signal.SIGKILL)
            alive, until_ = 0, time.monotonic() + 30
            while alive < 2 and time.monotonic() < until_:
                time.sleep(0.1)
                alive = len(set(children(server.process)) - {first[0]})
            assert alive == 2
            for _ in range(20):
                assert asked(f"{server.address}/readyz")[0] == 200
            last = children(server.process)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(12) == 0
            assert not any(Path(f"/proc/{pid}").exists() for pid in last)
            server.process = None
        finally:
            server.stop()
