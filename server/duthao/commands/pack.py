"""`duthao pack DOCUMENT`: the papers of a meeting as one PDF."""

from __future__ import annotations

import argparse
import asyncio
import sys

from anyio import to_thread

from duthao.bootstrap import open_services
from duthao.commands.files import STREAM, write_bytes
from duthao.commands.in_house import lead_of
from duthao.messages import Catalogue
from duthao.settings import read_settings
from duthao.web.pack_pages import Wanted, pack_of

MAX_READER = 120


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao pack`."""
    parser.add_argument("document", metavar="DOCUMENT", help=catalogue("cli.pack.document"))
    parser.add_argument("--submission", metavar="DOCUMENT", default="", help=catalogue("cli.pack.submission"))
    parser.add_argument("--reader", metavar="NAME", default="", help=catalogue("cli.pack.reader"))
    parser.add_argument("--proposals", action="store_true", help=catalogue("cli.pack.proposals"))
    parser.add_argument("--rows", choices=("changed", "all"), default="all", help=catalogue("cli.pack.rows"))
    parser.add_argument("--out", metavar="FILE", default=STREAM, help=catalogue("cli.pack.out"))


async def _made(arguments: argparse.Namespace, catalogue: Catalogue) -> None:
    async with open_services(read_settings()) as services:
        lead = await lead_of(services, arguments.document)
        access = await services.documents.open(lead, arguments.document)
        reader = arguments.reader[:MAX_READER]
        wanted = Wanted(arguments.submission, reader, arguments.proposals, {"rows": arguments.rows})
        content = await pack_of(services, access, catalogue, wanted, _tell)
        await to_thread.run_sync(write_bytes, arguments.out, content)


def _tell(step: str) -> None:
    if sys.stderr.isatty():
        print(step, file=sys.stderr)


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Write the file. Raises Refusal."""
    asyncio.run(_made(arguments, catalogue))
    if arguments.out != STREAM:
        print(catalogue("cli.pack.written", file=arguments.out), file=sys.stderr)
    return 0
