"""`duthao serve`: the service, until it is told to stop."""

from __future__ import annotations

import argparse
import socket
import sys
from dataclasses import replace

import anyio
import uvicorn

from duthao.commands.descriptors import RESERVED, room_for
from duthao.domain.errors import Refusal
from duthao.messages import Catalogue
from duthao.settings import Settings, read_settings


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    parser.add_argument("--demo", action="store_true", help=catalogue("cli.serve.demo"))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Raises Refusal address_in_use (`address`), and as the settings and the demonstration."""
    from duthao.bootstrap import build_app
    from duthao.web.uvicorn_protocol import server_config

    settings = _within_bounds(read_settings(), catalogue)
    listening = _listen(settings)
    if arguments.demo:
        _demonstration(settings, catalogue)
    print(catalogue("cli.serve.ready", address=f"http://{_shown(settings.host)}:{settings.port}"), flush=True)
    # All connections, and as many again as there are files spared for what is no document.
    most = settings.connections + RESERVED // 2
    config = server_config(build_app(settings), settings.host, settings.port, limit_concurrency=most)
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    return 0


def _within_bounds(settings: Settings, catalogue: Catalogue) -> Settings:
    """As many connections as this process may open files; said when they are fewer than asked for."""
    fit = room_for(settings.connections)
    if fit == settings.connections:
        return settings
    said = catalogue("cli.serve.few_files", connections=fit, wanted=settings.connections, reserved=RESERVED)
    print(said, file=sys.stderr, flush=True)
    return replace(settings, connections=fit)


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _listen(settings: Settings) -> socket.socket:
    """Taken before anything is loaded, so that a second start says at once what is wrong."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, or asyncio would not switch Nagle's algorithm off: answers came 40 ms late.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((settings.host, settings.port))
    except OSError:
        found.close()
        raise Refusal("address_in_use", address=f"{settings.host}:{settings.port}") from None
    return found


def _demonstration(settings: Settings, catalogue: Catalogue) -> None:
    from duthao.bootstrap import open_services
    from duthao.commands.demo import accounts, content, load_demonstration

    async def load() -> None:
        async with open_services(settings) as services:
            await load_demonstration(services)

    try:
        anyio.run(load)
    except Refusal as refusal:
        # An office's own database: its people are served without strangers among them.
        if refusal.code != "demo_other_people":
            raise
        return
    print(accounts(content(), catalogue), flush=True)
