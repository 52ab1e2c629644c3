"""`duthao serve`: the service, until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from dataclasses import replace

from duthao.commands.descriptors import RESERVED, room_for
from duthao.domain.errors import Refusal
from duthao.messages import Catalogue
from duthao.settings import Settings, read_settings

logger = logging.getLogger("duthao.serve")


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    parser.add_argument("--demo", action="store_true", help=catalogue("cli.serve.demo"))
    parser.add_argument("--workers", type=int, metavar="N", help=catalogue("cli.serve.workers"))
    # How a process of several is begun; not for people.
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Raises Refusal: address_in_use (`address`), workers_bad, workers_need_postgres,
    workers_unsupported, and as the settings and the demonstration."""
    settings = _within_bounds(_settings(arguments), catalogue)
    if arguments.worker is not None:
        return _serve(settings, arguments.worker)
    several = settings.workers > 1
    if several:
        _check_several(settings)
    listening = _listen(settings)
    if arguments.demo:
        _demonstration(settings, catalogue)
    ready = catalogue("cli.serve.ready", address=f"http://{_shown(settings.host)}:{settings.port}")
    if not several:
        print(ready, flush=True)
        return _serve(settings, 0, listening)
    listening.close()
    return _supervise(settings, ready)


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = read_settings()
    if arguments.workers is None:
        return settings
    if not 1 <= arguments.workers <= 64:
        raise Refusal("workers_bad", value=arguments.workers, most=64)
    return replace(settings, workers=arguments.workers)


def _check_several(settings: Settings) -> None:
    """Also makes the tables or brings them up to date, before any process looks at them."""
    from duthao.bootstrap import neighbours, open_store
    from duthao.store.sql import driver_address

    if driver_address(settings.database) is None:
        raise Refusal("workers_need_postgres")
    if not hasattr(socket, "SO_REUSEPORT"):
        raise Refusal("workers_unsupported")
    store = open_store(settings)
    try:
        neighbours(settings, store)
    finally:
        store.close()


def _supervise(settings: Settings, ready: str) -> int:
    from duthao.commands.workers import Supervisor

    # Bound and never listening: nobody else takes the address while a process is begun anew.
    held = _listen(settings, shared=True)
    try:
        print(ready, flush=True)
        say = lambda number, code: logger.error("worker.ended number=%s code=%s", number, code)  # noqa: E731
        return Supervisor(settings.workers, settings.drain_seconds, say=say).run()
    finally:
        held.close()


def _serve(settings: Settings, number: int, listening: socket.socket | None = None) -> int:
    """This process serves until it is told to stop; `number` is its place among several."""
    from duthao.bootstrap import House, build_app
    from duthao.commands.workers import end_with_parent
    from duthao.web.metrics import serve_metrics
    from duthao.web.serving import Server, settle_memory, settle_threads
    from duthao.web.uvicorn_protocol import server_config

    if listening is None:
        end_with_parent(sys.stdin.buffer)
        listening = _listen(settings, shared=True)
    app = build_app(settings)
    house: House = app.state.house
    # All connections, and as many again as there are files spared for what is no document.
    most = settings.connections + RESERVED // 2
    config = server_config(app, settings.host, settings.port, limit_concurrency=most)
    stop = None
    if settings.metrics_port:
        stop = serve_metrics(settings.metrics_host, settings.metrics_port + number, house.numbers())
    settle_memory()
    settle_threads()
    try:
        Server(config, house.drain, house.farewell, settings.drain_seconds).run(sockets=[listening])
    finally:
        if stop is not None:
            stop()
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


def _listen(settings: Settings, shared: bool = False) -> socket.socket:
    """Taken before anything is loaded, so that a second start says at once what is wrong.

    `shared`: with the other processes of this service.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, or asyncio would not switch Nagle's algorithm off: answers came 40 ms late.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        found.bind((settings.host, settings.port))
    except OSError:
        found.close()
        raise Refusal("address_in_use", address=f"{settings.host}:{settings.port}") from None
    return found


def _demonstration(settings: Settings, catalogue: Catalogue) -> None:
    from duthao.commands.demo import accounts, content, load_alone

    try:
        load_alone(settings)
    except Refusal as refusal:
        # An office's own database: its people are served without strangers among them.
        if refusal.code != "demo_other_people":
            raise
        return
    print(accounts(content(), catalogue), flush=True)
