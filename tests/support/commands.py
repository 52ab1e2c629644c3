"""A command as the command line runs it, without a process of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol

from duthao.messages import Catalogue

VI = Catalogue("vi")


class Command(Protocol):
    """A module of `duthao.commands`."""

    def add_arguments(self, parser: argparse.ArgumentParser, catalogue: Catalogue) -> None: ...

    def run(self, arguments: argparse.Namespace, catalogue: Catalogue) -> int: ...


def runner(command: Command) -> Callable[..., int]:
    """`run("a.txt", "--all")` gives the exit code; refusals are raised."""

    def run(*words: str) -> int:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser, VI)
        return command.run(parser.parse_args(words), VI)

    return run
