"""The command line: `duthao COMMAND …`. Each command is a module of `duthao.commands`.

Exit codes: 0 done, 1 the command's own "no" (differences with --exit-code), 2 bad input.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from duthao import __version__
from duthao.domain.errors import Refusal
from duthao.messages import Catalogue, language_from_environment

COMMANDS = (
    "serve",
    "compare",
    "instrument",
    "templates",
    "apply",
    "outline",
    "import",
    "export",
    "pack",
    "convert-encoding",
    "check",
    "user",
    "demo",
    "backup",
    "restore",
    "fsck",
    "reindex",
    "audit",
    "check-environment",
    "doctor",
)


MODULES = {"import": "import_files"}
"""Commands whose name is no name of a module."""


def build_parser(catalogue: Catalogue) -> argparse.ArgumentParser:
    """The whole parser, every command's arguments included."""
    parser = argparse.ArgumentParser(prog="duthao", description=catalogue("cli.description"))
    parser.add_argument("--version", action="version", version=f"duthao {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"duthao.commands.{MODULES.get(name, name.replace('-', '_'))}")
        command = subparsers.add_parser(name, help=catalogue(f"cli.{name}.help"))
        module.add_arguments(command, catalogue)
        command.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a `Refusal` is printed as its sentence, with exit code 2."""
    catalogue = Catalogue(language_from_environment())
    arguments = build_parser(catalogue).parse_args(argv)
    try:
        return int(arguments.run(arguments, catalogue))
    except Refusal as refusal:
        print(f"duthao: {catalogue.refusal(refusal)} [{refusal.code}]", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
