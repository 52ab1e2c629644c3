"""`duthao restore FILE`: a backup put back, all of it or nothing; `--check` only reads it."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from pathlib import Path

from duthao.bootstrap import new_id, open_store
from duthao.commands.backup import rows
from duthao.domain.audit import Action
from duthao.messages import Catalogue
from duthao.service.audit import record_command
from duthao.settings import read_settings
from duthao.store.sql.backup import check_backup, restore


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help=catalogue("cli.restore.file"))
    parser.add_argument("--replace", action="store_true", help=catalogue("cli.restore.replace"))
    parser.add_argument("--check", action="store_true", help=catalogue("cli.restore.check"))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Raises Refusal as `check_backup` and `restore`; StoreUnavailable."""
    if arguments.check:
        manifest = check_backup(arguments.file)
        for table in manifest.tables:
            print(catalogue("backup.table", name=table.name, rows=table.rows, sha256=table.sha256))
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(manifest.made_at / 1000))
        print(catalogue("backup.sound", made_at=made, release=manifest.release))
        return 0
    settings = read_settings()
    open_store(settings).close()  # makes the folder and the tables of an empty house
    counts = rows(restore(arguments.file, settings.database, new_id, replace=arguments.replace))
    with closing(open_store(settings)) as store:
        now = time.time_ns() // 1_000_000
        record_command(store, now, Action.ADMINISTER, "house_restored", file=arguments.file.name)
    print(catalogue("backup.restored", documents=counts["documents"], rows=counts["journal"]))
    return 0
