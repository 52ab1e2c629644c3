"""`duthao outline FILE`: what the parser recognises in a text, saving nothing."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from duthao.commands import files
from duthao.domain.errors import Refusal
from duthao.domain.outline import Outline, outline, plain_line
from duthao.domain.structure import Doubt, Parsed
from duthao.messages import Catalogue

WIDTH = 100
"""Characters of a provision shown on the terminal."""


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao outline`."""
    parser.add_argument("file", metavar="FILE", help=catalogue("cli.outline.file"))
    parser.add_argument("--json", action="store_true", help=catalogue("cli.outline.json"))


def _counts(tree: Outline, catalogue: Catalogue) -> str:
    counts = ", ".join(
        catalogue("cli.outline.count", count=n, kind=catalogue(f"kind.{kind.value}"))
        for kind, n in tree.counts().items()
    )
    return counts or catalogue("cli.outline.nothing")


def _doubt(doubt: Doubt, catalogue: Catalogue) -> str:
    message = catalogue(f"doubt.{doubt.code}")
    return catalogue("cli.outline.doubt", line=doubt.line, message=message, excerpt=doubt.excerpt)


def _print_tree(parsed: Parsed, catalogue: Catalogue) -> None:
    tree = outline(parsed.document)
    front = parsed.document.front
    for line in filter(None, (front.type, front.title, *front.bases, *front.preamble)):
        print(line[:WIDTH])
    for entry in tree.entries:
        line = plain_line(entry)
        print("  " * entry.level + (line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"))
    print()
    print(catalogue("cli.outline.recognised", counts=_counts(tree, catalogue)))
    print(catalogue(f"cli.outline.policy.{parsed.document.policy.value}"))
    if front.closing or front.recipients or front.authority:
        lines = len(front.closing) + len(front.recipients)
        lines += sum(map(bool, (front.authority, front.position, front.signatory)))
        print(catalogue("cli.outline.closing", count=lines))
    for note in parsed.notes:
        print(catalogue(f"note.{note.code}", count=note.count))
    if not parsed.doubts:
        print(catalogue("cli.outline.no_doubts"))
        return
    print(catalogue("cli.outline.doubts", count=len(parsed.doubts)))
    for doubt in parsed.doubts:
        print("  " + _doubt(doubt, catalogue))


def _print_json(parsed: Parsed, catalogue: Catalogue) -> None:
    tree = outline(parsed.document)
    front = parsed.document.front
    shown = {
        "provisions": [
            {
                "kind": entry.provision.kind.value,
                "label": entry.label,
                "text": entry.provision.text,
                "level": entry.level,
                "path": entry.path,
            }
            for entry in tree.entries
        ],
        "counts": {kind.value: n for kind, n in tree.counts().items()},
        "doubts": [
            {"line": d.line, "code": d.code, "message": catalogue(f"doubt.{d.code}"), "excerpt": d.excerpt}
            for d in parsed.doubts
        ],
        "front": {name: value for name, value in asdict(front).items() if value},
        "numbering": parsed.document.policy.value,
    }
    json.dump(shown, sys.stdout, ensure_ascii=False, indent=1)
    print()


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Print the outline; 0 when the text could be read, 2 (with the reason and the file) when not."""
    try:
        parsed = files.parsed(arguments.file)
    except Refusal as refusal:
        message = catalogue.refusal(refusal)
        print(catalogue("cli.outline.refused", file=arguments.file, message=message), file=sys.stderr)
        return 2
    (_print_json if arguments.json else _print_tree)(parsed, catalogue)
    return 0
