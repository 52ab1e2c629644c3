"""`duthao apply BEFORE AMENDING`: the text as an amending document orders it to be."""

from __future__ import annotations

import argparse
import sys

from duthao.commands.files import STREAM, ids, read_bytes, write_bytes
from duthao.domain.amend.applying import Applied, apply
from duthao.domain.errors import Refusal
from duthao.domain.structure import parse
from duthao.domain.text import decode_upload
from duthao.formats.amendment_json import amendment_to_json
from duthao.formats.text import to_text
from duthao.messages import Catalogue

WIDTH = 100
"""Characters of an instruction shown on the terminal."""


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao apply`."""
    parser.add_argument("before", metavar="BEFORE", help=catalogue("cli.apply.before"))
    parser.add_argument("amending", metavar="AMENDING", help=catalogue("cli.apply.amending"))
    parser.add_argument("--article", metavar="N", help=catalogue("cli.apply.article"))
    parser.add_argument("-o", "--output", metavar="FILE", help=catalogue("cli.apply.output"))
    parser.add_argument("--json", metavar="FILE", help=catalogue("cli.apply.json"))
    parser.add_argument("--keep-numbers", action="store_true", help=catalogue("cli.apply.keep_numbers"))


def _text(name: str, catalogue: Catalogue) -> str:
    """The text of a file. Raises Refusal file_unreadable, apply_input (which file, and why)."""
    data = read_bytes(name)
    try:
        return decode_upload(data)
    except Refusal as refusal:
        raise Refusal("apply_input", file=name, reason=catalogue.refusal(refusal)) from None


def _report(result: Applied, catalogue: Catalogue) -> None:
    """Each instruction that could not be applied, with its reason, on standard error."""
    for refused in result.refusals:
        reason = catalogue.refusal(Refusal(refused.code, **dict(refused.details)))
        text = refused.text if len(refused.text) <= WIDTH else refused.text[: WIDTH - 1] + "…"
        where = catalogue("cli.apply.refused", label=refused.label, line=refused.source.line)
        print(f"{where} {text}\n    {reason} [{refused.code}]", file=sys.stderr)
    counts = {"applied": len(result.instructions), "refused": len(result.refusals)}
    print(catalogue("cli.apply.counts", **counts), file=sys.stderr)


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Apply and write; 1 when an instruction could not be applied. Raises Refusal."""
    if arguments.before == arguments.amending == STREAM:
        raise Refusal("apply_stdin_twice")
    output = arguments.output or STREAM
    if arguments.json == output == STREAM:
        raise Refusal("apply_stdout_twice")
    result = apply(
        parse(_text(arguments.before, catalogue), new_id=ids("p")).document,
        _text(arguments.amending, catalogue),
        new_id=ids("n"),
        article=arguments.article,
        keep_numbers=arguments.keep_numbers,
    )
    if not result.instructions and not result.refusals:
        raise Refusal("apply_nothing", file=arguments.amending)
    write_bytes(output, to_text(result.document).encode("utf-8", "replace"))
    if arguments.json:
        write_bytes(arguments.json, amendment_to_json(result, catalogue))
    _report(result, catalogue)
    return 1 if result.refusals else 0
