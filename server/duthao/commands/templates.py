"""`duthao templates [FILE]`: the sentences of an amending document, as a file to be edited."""

from __future__ import annotations

import argparse

from duthao.commands.files import STREAM, read_bytes, write_bytes
from duthao.domain.amend.templates import STANDARD
from duthao.domain.amend.trial import check_read
from duthao.formats.templates_file import templates_from, templates_to_json
from duthao.messages import Catalogue


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao templates`."""
    parser.add_argument("file", metavar="FILE", nargs="?", help=catalogue("cli.templates.file"))
    parser.add_argument(
        "-o", "--output", metavar="FILE", default=STREAM, help=catalogue("cli.templates.output")
    )


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """0 when all are understood by the reader; they are printed as JSON.

    Raises Refusal file_unreadable, file_unwritable, `template_…`.
    """
    templates = STANDARD if arguments.file is None else templates_from(read_bytes(arguments.file))
    check_read(templates)
    write_bytes(arguments.output, templates_to_json(templates))
    return 0
