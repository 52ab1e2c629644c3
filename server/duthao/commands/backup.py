"""`duthao backup [FILE]`: everything the service keeps, in one file, while it runs."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from pathlib import Path

from duthao import __version__
from duthao.domain.audit import Action
from duthao.domain.errors import Refusal
from duthao.messages import Catalogue
from duthao.service.audit import record_command
from duthao.settings import read_settings
from duthao.store.ports import EpochMillis
from duthao.store.sql import open_as_it_is
from duthao.store.sql.backup import Manifest, back_up


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", type=Path, help=catalogue("cli.backup.file"))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Raises Refusal file_exists, file_unwritable; StoreUnavailable."""
    settings, now = read_settings(), time.time()
    target: Path = arguments.file or Path(settings.data_dir) / "backups" / _name(now)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Refusal("file_unwritable", file=str(target)) from None
    manifest = back_up(settings.database, target, EpochMillis(int(now * 1000)), __version__)
    # Not migrated for that: a backup is what one makes before a new release.
    if (store := open_as_it_is(settings.database)) is not None:
        with closing(store):
            record_command(store, int(now * 1000), Action.EXPORT, "backup", file=target.name)
    counts = rows(manifest)
    print(
        catalogue(
            "backup.made", file=target, documents=counts["documents"], rows=counts["journal"],
            size=target.stat().st_size // 1024,
        )
    )  # fmt: skip
    for table in manifest.tables:
        print(catalogue("backup.table", name=table.name, rows=table.rows, sha256=table.sha256))
    return 0


def _name(now: float) -> str:
    return time.strftime("duthao-%Y%m%d-%H%M%S.sqlite3", time.localtime(now))


def rows(manifest: Manifest) -> dict[str, int]:
    """How many rows each table of a backup has."""
    return {table.name: table.rows for table in manifest.tables}
