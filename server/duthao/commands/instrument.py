"""`duthao instrument BEFORE AFTER`: the amending instrument, released only when it is proved."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from duthao.commands.files import STREAM, form_named, parsed, read_bytes, write_bytes
from duthao.domain.amend.proving import Proof, proved
from duthao.domain.amend.templates import STANDARD, Templates
from duthao.domain.amend.trial import check_read
from duthao.domain.compare import compare
from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import STANDARD as FORM
from duthao.domain.form_profile import FormProfile
from duthao.formats.cited import spoken_path
from duthao.formats.instrument_json import instrument_to_json
from duthao.formats.remarks import rewritten
from duthao.formats.templates_file import templates_from
from duthao.formats.text import to_text
from duthao.messages import Catalogue

WIDTH = 160
REFERENCES = 20
"""References named on the terminal; JSON has all."""


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao instrument`."""
    parser.add_argument("before", metavar="BEFORE", help=catalogue("cli.instrument.before"))
    parser.add_argument("after", metavar="AFTER", help=catalogue("cli.instrument.after"))
    parser.add_argument("--templates", metavar="FILE", help=catalogue("cli.instrument.templates"))
    parser.add_argument("--form", metavar="FORM", default=FORM.key, help=catalogue("cli.instrument.form"))
    for name in ("text", "docx", "pdf", "json"):
        parser.add_argument(f"--{name}", metavar="FILE", help=catalogue(f"cli.instrument.{name}"))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """0 proved and written; 1 not proved: what differs is named, nothing but JSON is written.

    Raises Refusal file_unreadable, file_unwritable, `text_…`, `template_…`, `form_profile_…`,
    compare_stdin_twice.
    """
    if arguments.before == arguments.after == STREAM:
        raise Refusal("compare_stdin_twice")
    templates = _templates(arguments.templates)
    form = form_named(arguments.form)
    before, after = parsed(arguments.before, "b").document, parsed(arguments.after, "a").document
    proof = proved(before, after, compare(before, after), templates)
    if arguments.json:
        write_bytes(arguments.json, instrument_to_json(proof))
    if not proof.holds:
        _complain(proof, catalogue)
        return 1
    if not proof.exact:
        print(catalogue("instrument.not_exact"), file=sys.stderr)
    _tell_references(proof, catalogue)
    _write(proof.instrument.document(), arguments, form, catalogue)
    return 0


def _templates(file: str | None) -> Templates:
    """The office's own sentences, when they are understood. Raises Refusal `template_…`."""
    if file is None:
        return STANDARD
    templates = templates_from(read_bytes(file))
    check_read(templates)
    return templates


def _write(
    document: Document, arguments: argparse.Namespace, form: FormProfile, catalogue: Catalogue
) -> None:
    writers: tuple[tuple[str | None, Callable[[], bytes]], ...] = (
        (arguments.text, lambda: to_text(document).encode()),
        (arguments.docx, lambda: _docx(document, form, catalogue)),
        (arguments.pdf, lambda: _pdf(document, form, catalogue)),
    )
    for name, content in writers:
        if name:
            write_bytes(name, content())
    if not any(name for name, _ in writers) and not arguments.json:
        sys.stdout.write(to_text(document))


def _docx(document: Document, form: FormProfile, catalogue: Catalogue) -> bytes:
    # Loaded only when asked for, as the typesetter below.
    from duthao.formats.docx_out import WordOptions, document_docx

    return document_docx(document, catalogue, WordOptions(form=form))


def _pdf(document: Document, form: FormProfile, catalogue: Catalogue) -> bytes:
    from duthao.formats.pdf import PrintOptions, draft_pdf

    return draft_pdf(document, catalogue, options=PrintOptions(form=form))


def _tell_references(proof: Proof, catalogue: Catalogue) -> None:
    """What is written otherwise than in the draft, the first of them."""
    if proof.references:
        print(catalogue("instrument.references"), file=sys.stderr)
    for reference in proof.references[:REFERENCES]:
        print(f"  {rewritten(reference, catalogue)}", file=sys.stderr)
    if len(proof.references) > REFERENCES:
        print(f"  … ({len(proof.references)})", file=sys.stderr)


def _complain(proof: Proof, catalogue: Catalogue) -> None:
    print(catalogue("instrument.not_proved"), file=sys.stderr)
    for refused in proof.refused:
        reason = catalogue(f"error.{refused.code}")
        print(
            f"  {refused.sentence[:WIDTH]}: {reason if not reason.startswith('[') else refused.code}",
            file=sys.stderr,
        )
    for difference in proof.differences:
        place = spoken_path(difference.path, catalogue)
        print(f"  {place}: {(difference.wanted or difference.got)[:WIDTH]}", file=sys.stderr)
