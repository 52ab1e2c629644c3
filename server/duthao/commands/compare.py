"""`duthao compare BEFORE AFTER`: two texts side by side, on the terminal or in files."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from duthao.commands.files import STREAM, ids, read_bytes, write_bytes
from duthao.domain.compare import compare
from duthao.domain.compare.result import Comparison, RowClass
from duthao.domain.compare.table_builder import TableOptions, Third, build_table
from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.domain.review import follow
from duthao.domain.structure import parse
from duthao.domain.table import ComparisonTable
from duthao.domain.text import decode_upload
from duthao.formats.comparison_html import comparison_html
from duthao.formats.comparison_json import comparison_to_json
from duthao.formats.comparison_terminal import comparison_terminal
from duthao.formats.remarks import class_counts, statistics_lines
from duthao.messages import Catalogue


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao compare`."""
    parser.add_argument("before", metavar="BEFORE", help=catalogue("cli.compare.before"))
    parser.add_argument("after", metavar="AFTER", help=catalogue("cli.compare.after"))
    parser.add_argument("--third", metavar="NEXT", help=catalogue("cli.compare.third"))
    parser.add_argument("--pdf", metavar="FILE", help=catalogue("cli.compare.pdf"))
    parser.add_argument("--docx", metavar="FILE", help=catalogue("cli.compare.docx"))
    parser.add_argument("--html", metavar="FILE", help=catalogue("cli.compare.html"))
    parser.add_argument("--json", metavar="FILE", help=catalogue("cli.compare.json"))
    parser.add_argument("--all", action="store_true", help=catalogue("cli.compare.all"))
    parser.add_argument("--columns", type=int, choices=(2, 3, 4), help=catalogue("cli.compare.columns"))
    parser.add_argument(
        "--by", choices=("article", "clause"), default="clause", help=catalogue("cli.compare.by")
    )
    for name in ("orthography", "formats", "renumbered", "stats"):
        parser.add_argument(f"--{name}", action="store_true", help=catalogue(f"cli.compare.{name}"))
    parser.add_argument("--exit-code", action="store_true", help=catalogue("cli.compare.exit_code"))


def _load(name: str, prefix: str, catalogue: Catalogue) -> tuple[str, Document]:
    """What a text is called in the table, and the parsed document, or the model "model:ID" of this house.
    Ids carry the side's prefix: equal ids would be taken for identity.

    Raises Refusal compare_input (which file, and what about it), file_unreadable, and as `model_text`.
    """
    if name.startswith("model:"):
        # Loaded only when asked for: files are compared without a house.
        from duthao.commands.in_house import model_text

        title, document = model_text(name)
        return catalogue("models.side", title=title), document
    try:
        text = decode_upload(read_bytes(name))
        return _title(name, catalogue), parse(text, new_id=ids(prefix)).document
    except Refusal as refusal:
        if refusal.code == "file_unreadable":
            raise
        raise Refusal("compare_input", file=name, reason=catalogue.refusal(refusal)) from None


def _check(arguments: argparse.Namespace) -> None:
    if [arguments.before, arguments.after, arguments.third].count(STREAM) > 1:
        raise Refusal("compare_stdin_twice")
    outputs = [
        name for name in (arguments.pdf, arguments.docx, arguments.html, arguments.json) if name == STREAM
    ]
    if len(outputs) > 1:
        raise Refusal("compare_stdout_twice")


def _pdf(table: ComparisonTable, catalogue: Catalogue) -> bytes:
    # Loaded only when asked for: the writer brings a typesetter with it.
    from duthao.formats.pdf import comparison_pdf

    return comparison_pdf(table, catalogue)


def _docx(table: ComparisonTable, catalogue: Catalogue) -> bytes:
    from duthao.formats.docx import comparison_docx

    return comparison_docx(table, catalogue)


def _json(comparison: Comparison, before: Document, after: Document, later: Comparison | None) -> bytes:
    followed = follow(comparison, before, after) if later is None else None
    return comparison_to_json(comparison, later, followed)


def _differs(comparison: Comparison) -> bool:
    return any(row.row_class is not RowClass.UNCHANGED for row in comparison.rows)


def _title(name: str, catalogue: Catalogue) -> str:
    """What a text is called in the table: its file's name, as people name drafts."""
    return catalogue("cli.compare.stdin") if name == STREAM else Path(name).stem


def _document_title(*documents: Document) -> str:
    """What the newest that says it is called: "Quy chế làm việc của …"; empty when none does."""
    titles = (" ".join(filter(None, (d.front.type.capitalize(), d.front.title))) for d in documents)
    return next(filter(None, titles), "")


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Compare and write; 1 with --exit-code when the texts differ. Raises Refusal."""
    _check(arguments)
    before_title, before = _load(arguments.before, "b", catalogue)
    after_title, after = _load(arguments.after, "a", catalogue)
    comparison = compare(before, after)
    later: Comparison | None = None
    third: Third | None = None
    if arguments.third:
        third_title, document = _load(arguments.third, "n", catalogue)
        later = compare(after, document)
        third = Third(later, document, third_title)
    table = build_table(
        comparison,
        before,
        after,
        title=_document_title(*([third.document] if third else []), after, before),
        before_title=before_title,
        after_title=after_title,
        third=third,
        options=TableOptions(
            everything=arguments.all,
            by=arguments.by,
            renumbered=arguments.renumbered,
            orthography=arguments.orthography,
            formats=arguments.formats,
            # Three texts leave no room for reasons unless they are asked for.
            columns=arguments.columns or (2 if third else 3),
        ),
    )
    writers: tuple[tuple[str | None, Callable[[], bytes]], ...] = (
        (arguments.json, lambda: _json(comparison, before, after, later)),
        (arguments.html, lambda: comparison_html(table, catalogue)),
        (arguments.pdf, lambda: _pdf(table, catalogue)),
        (arguments.docx, lambda: _docx(table, catalogue)),
    )
    for name, content in writers:
        if name:
            write_bytes(name, content())
    if arguments.stats:
        print(*statistics_lines(table, catalogue), *class_counts(table, catalogue), sep="\n")
    elif not any(name for name, _ in writers):
        _show(table, catalogue)
    differs = _differs(comparison) or (later is not None and _differs(later))
    return 1 if arguments.exit_code and differs else 0


def _show(table: ComparisonTable, catalogue: Catalogue) -> None:
    width = shutil.get_terminal_size((100, 24)).columns
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    text = comparison_terminal(table, catalogue, width=width, colour=colour)
    sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8"))
