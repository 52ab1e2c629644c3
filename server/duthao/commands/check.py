"""`duthao check FILE`: what a careful clerk would mark; 1 when there are errors, 0 otherwise."""

from __future__ import annotations

import argparse
import json
from collections import Counter

from duthao.commands.files import form_named, parsed
from duthao.domain.checks import Finding, Severity, check
from duthao.domain.checks.form import part_text
from duthao.domain.document import Document
from duthao.domain.form_profile import STANDARD
from duthao.domain.outline import Outline, outline
from duthao.domain.references.citing import address
from duthao.messages import Catalogue

NONE = "none"
"""The form that says: none."""

AROUND = 30
"""Characters shown on each side of the place."""


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao check`."""
    parser.add_argument("file", metavar="FILE", help=catalogue("cli.check.file"))
    parser.add_argument("--form", metavar="FORM", default=STANDARD.key, help=catalogue("cli.check.form"))
    parser.add_argument("--json", action="store_true", help=catalogue("cli.check.json"))


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Raises Refusal file_unreadable, `text_…` and `form_profile_…`."""
    document = parsed(arguments.file).document
    made, found = (
        outline(document),
        check(document, None if arguments.form == NONE else form_named(arguments.form)),
    )
    if arguments.json:
        values = [_value(finding, made, catalogue) for finding in found]
        print(json.dumps({"findings": values}, ensure_ascii=False, indent=1))
    else:
        _show(found, document, made, catalogue)
    return int(any(finding.severity is Severity.ERROR for finding in found))


def _message(finding: Finding, catalogue: Catalogue) -> str:
    return catalogue(f"check.{finding.code}", **finding.details)


def _value(finding: Finding, made: Outline, catalogue: Catalogue) -> dict[str, object]:
    repair = finding.repair
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": "" if finding.part else made.by_id[finding.provision].path,
        "part": finding.part,
        "start": finding.start,
        "end": finding.end,
        "message": _message(finding, catalogue),
        "replacement": None if repair is None else repair.replacement,
    }


def _show(found: tuple[Finding, ...], document: Document, made: Outline, catalogue: Catalogue) -> None:
    places = {entry.provision.id: n for n, entry in enumerate(made.entries)}
    for finding in found:
        if finding.part:
            name, _, line = finding.part.partition(".")
            where = catalogue(f"form.part.{name}", n=int(line) + 1 if line else "").strip()
            text = part_text(document.front, finding.part)
        else:
            place = places[finding.provision]
            where = address(made, place) or made.entries[place].path
            text = made.entries[place].provision.text
        severity = catalogue(f"check.severity.{finding.severity.value}")
        print(f"{where}: {severity}: {_message(finding, catalogue)}")
        if finding.end:
            print(f"    … {text[max(0, finding.start - AROUND) : finding.end + AROUND]} …")
    counts = Counter(finding.severity for finding in found)
    print(
        catalogue(
            "check.summary", errors=counts[Severity.ERROR], warnings=counts[Severity.WARNING],
            hints=counts[Severity.HINT],
        )
        if found
        else catalogue("check.none")
    )  # fmt: skip
