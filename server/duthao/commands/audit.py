"""`duthao audit verify|export`: the log of who did what, straight in the store."""

from __future__ import annotations

import argparse
import re
import sys
import time
from contextlib import closing

from duthao.bootstrap import open_store
from duthao.domain.audit import Action, Seal
from duthao.domain.errors import Refusal
from duthao.formats.audit import csv_lines, json_lines
from duthao.messages import Catalogue
from duthao.service.audit import all_of, record_command
from duthao.service.audit_verifying import in_order, verified
from duthao.settings import read_settings
from duthao.store.ports import EpochMillis


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser("verify", help=catalogue("cli.audit.verify"))
    verify.add_argument("--known", metavar="SEQ:HASH", default="", help=catalogue("cli.audit.known"))
    export = actions.add_parser("export", help=catalogue("cli.audit.export"))
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl",
                        help=catalogue("cli.audit.format"))  # fmt: skip


def _known(given: str) -> Seal | None:
    """Raises Refusal audit_known_bad."""
    if not given:
        return None
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", given)
    if found is None:
        raise Refusal("audit_known_bad")
    return Seal(int(found[1]), found[2])


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Verify: 0 whole, 1 it breaks. Export: to standard output, JSON lines oldest first, the table newest
    first. Raises Refusal audit_known_bad; StoreUnavailable."""
    now = EpochMillis(time.time_ns() // 1_000_000)
    with closing(open_store(read_settings())) as store:
        if arguments.action == "verify":
            state = verified(store, now, _known(arguments.known))
            record_command(store, now, Action.ADMINISTER, "audit_verified")
            if state.broken is not None:
                key = f"audit.broken.{state.broken.why.value}"
                print(catalogue(key, seq=state.broken.seq), file=sys.stderr)
                return 1
            print(catalogue("cli.audit.whole", records=state.records))
            print(f"{state.end.seq}:{state.end.hash}")
            return 0
        record_command(store, now, Action.EXPORT, "audit", **{"as": arguments.format})
        if arguments.format == "csv":
            lines = csv_lines(all_of(store), catalogue)
        else:
            lines = json_lines(in_order(store, *store.audit.bounds()))
        for some in lines:
            sys.stdout.buffer.write(some)
        sys.stdout.buffer.flush()
    return 0
