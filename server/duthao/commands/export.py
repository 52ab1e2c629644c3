"""`duthao export DOCUMENT… --as FORMAT`: drafts or a version as files."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from anyio import to_thread

from duthao.bootstrap import open_services
from duthao.commands.files import STREAM, write_bytes
from duthao.domain.audit import Action
from duthao.domain.document import Document, DocumentId
from duthao.domain.errors import Refusal
from duthao.formats.exchange import EXCHANGES
from duthao.formats.json import document_from_json
from duthao.messages import Catalogue
from duthao.service.access import Permission, document_for
from duthao.service.audit import record_command
from duthao.service.comparison import Side
from duthao.service.forms import printed_of
from duthao.service.services import Services
from duthao.service.word_files import NUMBERINGS, choices_of
from duthao.settings import read_settings
from duthao.store.ports import DocumentRecord, Role, Version
from duthao.web.export_pages import publication

FORMATS = ("txt", "html", "json", "akn", "pdf", "docx", "odt")
WORD = ("docx", "odt")
ALL = "all"


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao export`."""
    parser.add_argument("documents", metavar="DOCUMENT", nargs="+", help=catalogue("cli.export.documents"))
    parser.add_argument(
        "--as", dest="format", choices=FORMATS, required=True, help=catalogue("cli.export.as")
    )
    parser.add_argument(
        "--numbering", choices=NUMBERINGS, default="literal", help=catalogue("cli.export.numbering")
    )
    parser.add_argument("--tracked", action="store_true", help=catalogue("cli.export.tracked"))
    parser.add_argument("--comments", action="store_true", help=catalogue("cli.export.comments"))
    parser.add_argument("--version", metavar="ID", help=catalogue("cli.export.version"))
    parser.add_argument("--out", metavar="FOLDER", default=".", help=catalogue("cli.export.out"))


def _records(services: Services, named: list[str]) -> list[DocumentRecord]:
    """Raises Refusal document_not_found."""
    store = services.tools.store.documents
    found = [store.get(id_) for id_ in (store.ids() if named == [ALL] else map(DocumentId, named))]
    if None in found:
        raise Refusal("document_not_found")
    return [record for record in found if record is not None]


def _bytes(
    services: Services, format_: str, record: DocumentRecord, document: Document, version: Version | None,
    catalogue: Catalogue,
) -> bytes:  # fmt: skip
    if format_ == "pdf":
        printed = printed_of(services.tools.store, record.id, version)
        writers = services.stamped("", record)
        return writers.draft_pdf(document, catalogue, printed.form, printed.draft_number)
    named = publication(record.id, version, services.tools.clock())
    stamp = services.stamp("", record)
    return EXCHANGES["akn.xml" if format_ == "akn" else format_](document, named, stamp)


async def _word(
    services: Services, arguments: argparse.Namespace, record: DocumentRecord, side: Side,
    catalogue: Catalogue,
) -> bytes:  # fmt: skip
    """For a lead of the document: who keeps the machine asks in their place."""
    members = await to_thread.run_sync(services.tools.store.documents.members, record.id)
    lead = next(one.user_id for one in members if one.role is Role.LEAD)
    user = await to_thread.run_sync(services.tools.store.users.get, lead)
    if user is None:
        raise Refusal("document_not_found")
    access = await document_for(services.tools.store, user, record.id, Permission.READ)
    asked = choices_of(arguments.numbering, tracked=arguments.tracked, comments=arguments.comments)
    content = await services.word_files.written(access, side, asked, catalogue)
    return await services.word_files.odt(content) if arguments.format == "odt" else content


async def _export(arguments: argparse.Namespace, catalogue: Catalogue, said: Callable[[str], None]) -> None:
    async with open_services(read_settings()) as services:
        records = await to_thread.run_sync(_records, services, arguments.documents)
        for at, record in enumerate(records, start=1):
            version = None
            if arguments.version is None:
                document, seq = await services.tools.rooms.read(record.id)
            else:
                version = services.tools.store.versions.get(arguments.version)
                if version is None or version.document_id != record.id:
                    raise Refusal("version_not_found")
                document, seq = document_from_json(version.tree), version.seq
            if arguments.format in WORD:
                content = await _word(services, arguments, record, Side(document, version, seq), catalogue)
            else:
                content = await to_thread.run_sync(
                    _bytes, services, arguments.format, record, document, version, catalogue
                )
            ending = "akn.xml" if arguments.format == "akn" else arguments.format
            name = STREAM
            if arguments.out != STREAM:
                part = record.id if version is None else f"{record.id}-{version.id}"
                name = str(Path(arguments.out) / f"{part}.{ending}")
            store, now = services.tools.store, services.tools.clock()
            given = {"as": arguments.format, "version": "" if version is None else version.id}
            record_command(store, now, Action.EXPORT, "draft", record.id, **given)
            write_bytes(name, content)
            said(catalogue("cli.export.written", at=at, count=len(records), file=name))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Write each document to a file named by its id. Raises Refusal."""
    if arguments.version is not None and (len(arguments.documents) != 1 or arguments.documents == [ALL]):
        raise Refusal("export_one_version")
    chosen = arguments.tracked or arguments.comments or arguments.numbering != "literal"
    if chosen and arguments.format not in WORD:
        raise Refusal("export_word_only")
    if arguments.out != STREAM:
        try:
            Path(arguments.out).mkdir(parents=True, exist_ok=True)
        except OSError:
            raise Refusal("folder_unwritable", folder=arguments.out) from None
    asyncio.run(_export(arguments, catalogue, lambda line: print(line, file=sys.stderr)))
    return 0
