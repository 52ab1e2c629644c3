"""`duthao fsck [DOCUMENT …]`: is everything that is stored sound? 0 yes, 1 no."""

from __future__ import annotations

import argparse

from duthao.bootstrap import open_store
from duthao.collab.fsck import Examined, examine
from duthao.collab.replica import PycrdtEngine
from duthao.domain.document import DocumentId
from duthao.domain.errors import Refusal
from duthao.formats.json import document_from_json
from duthao.messages import Catalogue
from duthao.settings import read_settings


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    parser.add_argument("documents", nargs="*", metavar="DOCUMENT", help=catalogue("cli.fsck.document"))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Raises Refusal document_not_found; StoreUnavailable."""
    store = open_store(read_settings())
    try:
        known = store.documents.ids()
        wanted = [DocumentId(name) for name in arguments.documents] or list(known)
        if not set(wanted) <= set(known):
            raise Refusal("document_not_found")
        damaged = 0
        for document_id in wanted:
            examined = examine(store, PycrdtEngine(), document_id, document_from_json)
            damaged += bool(examined.damages)
            _show(examined, catalogue)
    finally:
        store.close()
    if damaged:
        print(catalogue("fsck.some_damaged", count=len(wanted), damaged=damaged))
        return 1
    print(catalogue("fsck.all_sound", count=len(wanted)))
    return 0


def _show(examined: Examined, catalogue: Catalogue) -> None:
    faults = len(examined.damages)
    print(
        catalogue(
            "fsck.document", document=examined.document_id, rows=examined.rows,
            checkpoints=examined.checkpoints, versions=examined.versions,
            state=catalogue("fsck.damaged", count=faults) if faults else catalogue("fsck.sound"),
        )
    )  # fmt: skip
    for damage in examined.damages:
        print("  " + catalogue(f"fsck.damage.{damage.code}", seq=damage.seq, what=damage.what))
