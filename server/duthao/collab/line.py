"""What a turn takes in, and what waits for its commit: things to do in order, answers to give."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from duthao.collab.connection import Connection
from duthao.collab.joining import Piece
from duthao.store.ports import Seq, StoreUnavailable

T = TypeVar("T")


@dataclass(slots=True)
class InLine:
    """Something that happens after all updates before it are stored. `waits`: for a commit of its own,
    `seq`: the place that commit gave it."""

    then: Callable[[Seq], None]
    failed: Callable[[], None]
    waits: bool = False
    seq: Seq | None = None


@dataclass(slots=True)
class Turn:
    """What one turn takes in: pieces not yet applied, the rows they make, whom to tell."""

    pieces: list[Piece] = field(default_factory=list)
    rows: dict[Connection, list[Piece]] = field(default_factory=dict)
    told: list[tuple[Connection, int]] = field(default_factory=list)
    structs: int = 0
    size: int = 0


def nothing() -> None:
    pass


def resolve(done: asyncio.Future[T], seq: T) -> None:
    if not done.done():
        done.set_result(seq)


def fail(done: asyncio.Future[T]) -> None:
    if not done.done():
        done.set_exception(StoreUnavailable("the room was given up"))
