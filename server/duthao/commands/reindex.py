"""`duthao reindex`: what can be found is forgotten and taken in anew from what is stored."""

from __future__ import annotations

import argparse
import asyncio

from duthao.bootstrap import open_services
from duthao.messages import Catalogue
from duthao.settings import read_settings


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """None: it is always all of it."""


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """0 all of it, 1 some document could not be read. Raises StoreUnavailable."""
    taken, wanted = asyncio.run(_rebuild())
    print(catalogue("service.reindex.done", taken=taken, wanted=wanted))
    return 0 if taken == wanted else 1


async def _rebuild() -> tuple[int, int]:
    async with open_services(read_settings()) as services:
        taken = await services.indexing.rebuild()
        return taken, len(services.tools.store.search.marks())
