"""`duthao import FILE…`: files of an office as documents; without --lead only shown."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from duthao.bootstrap import open_services
from duthao.commands.files import read_bytes
from duthao.domain.audit import Action
from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.formats.docx_in.package import MAX_FILE
from duthao.formats.incoming import prepared, read
from duthao.formats.json import document_from_json
from duthao.formats.text import to_text
from duthao.messages import Catalogue
from duthao.service.audit import record_command
from duthao.service.documents import suggested_title
from duthao.service.import_worker import Found, Incoming, Readers, take_in
from duthao.service.imports import chosen
from duthao.settings import read_settings

SHOWN = 10
"""Doubts of one document that are printed; the others are counted."""
WIDTH = 100

_READERS = Readers(prepared, read)


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao import`."""
    parser.add_argument("files", metavar="FILE", nargs="+", help=catalogue("cli.import.files"))
    parser.add_argument("--lead", metavar="USERNAME", help=catalogue("cli.import.lead"))
    parser.add_argument("--title", metavar="TITLE", help=catalogue("cli.import.title"))
    parser.add_argument(
        "--changes", choices=("final", "original"), default="final", help=catalogue("cli.import.changes")
    )
    parser.add_argument("--model", action="store_true", help=catalogue("cli.import.model"))
    parser.add_argument("--text", action="store_true", help=catalogue("cli.import.text"))


def _documents(found: Sequence[Found]) -> list[Document]:
    return [document_from_json(one.tree) for one in found]


def _title(document: Document, name: str, given: str | None) -> str:
    return given or suggested_title(document) or Path(name).stem


def _report(name: str, incoming: Incoming, arguments: argparse.Namespace, catalogue: Catalogue) -> None:
    found = chosen(incoming, arguments.changes)
    for one, document in zip(found, _documents(found), strict=True):
        counts = ", ".join(
            catalogue("cli.outline.count", count=n, kind=catalogue(f"kind.{kind.value}"))
            for kind, n in outline(document).counts().items()
        )
        title = _title(document, name, arguments.title)
        print(f"  {title[:WIDTH]}: {counts or catalogue('cli.outline.nothing')}")
        for doubt in one.doubts[:SHOWN]:
            message = catalogue(f"doubt.{doubt.code}")
            print(
                "    "
                + catalogue("cli.outline.doubt", line=doubt.line, message=message, excerpt=doubt.excerpt)
            )
        if len(one.doubts) > SHOWN:
            print("    " + catalogue("cli.import.more_doubts", count=len(one.doubts) - SHOWN))
        if arguments.text:
            print(to_text(document))
    for remark in incoming.remarks:
        print(
            "  "
            + catalogue(f"remark.{remark.code}", count=remark.count, words="; ".join(remark.texts)[:WIDTH])
        )


async def _save(
    taken: Sequence[tuple[str, Incoming]], arguments: argparse.Namespace, catalogue: Catalogue
) -> None:
    """Every document of every file, led by one person. Raises Refusal user_not_found, title_…."""
    async with open_services(read_settings()) as services:
        user = services.tools.store.users.by_username(arguments.lead)
        if user is None:
            raise Refusal("user_not_found")
        for name, incoming in taken:
            for document in _documents(chosen(incoming, arguments.changes)):
                title = _title(document, name, arguments.title)[:300]
                made = await services.imports.save(user, title, document)
                store, now = services.tools.store, services.tools.clock()
                record_command(store, now, Action.CHANGE, "document_made", made, user=user.id)
                if arguments.model:
                    await services.models.mark(user, made, True)
                print(catalogue("cli.import.saved", id=made, title=title[:WIDTH]))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Read all, then save all that could be read; 1 when one could not. Raises Refusal."""
    taken: list[tuple[str, Incoming]] = []
    for at, name in enumerate(arguments.files, start=1):
        print(f"[{at}/{len(arguments.files)}] {name}", flush=True)

        def told(step: str) -> None:
            if sys.stderr.isatty():
                print(f"  {catalogue(f'import.step.{step}')}", file=sys.stderr)

        try:
            incoming = take_in(_READERS, read_bytes(name, MAX_FILE), told)
        except Refusal as refusal:
            print(f"  {catalogue.refusal(refusal)} [{refusal.code}]", file=sys.stderr)
            continue
        _report(name, incoming, arguments, catalogue)
        taken.append((name, incoming))
    if arguments.lead and taken:
        asyncio.run(_save(taken, arguments, catalogue))
    return 0 if len(taken) == len(arguments.files) else 1
