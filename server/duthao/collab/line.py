"""What waits for a commit: things to do in order, and answers somebody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

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


def nothing() -> None:
    pass


def resolve(done: asyncio.Future[T], seq: T) -> None:
    if not done.done():
        done.set_result(seq)


def fail(done: asyncio.Future[T]) -> None:
    if not done.done():
        done.set_exception(StoreUnavailable("the room was given up"))
