"""What runs in the process beside the server: a file somebody sent becomes documents, within limits.

Documents travel as JSON: frozen mappings do not pickle.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from duthao.domain.document import Document, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Changes, Paper, Remark
from duthao.domain.incoming.interpreting import interpret
from duthao.domain.incoming.modern import modernised
from duthao.domain.labels import Doubt
from duthao.domain.text import Note
from duthao.formats.exchange import whole_document
from duthao.formats.json import document_to_json

MEMORY = 3 * 1024 * 1024 * 1024
CPU_SECONDS = 120

Told = Callable[[str], None]
Prepare = Callable[[bytes, Told], tuple[str, bytes]]
Read = Callable[[str, bytes, Changes], Paper]


@dataclass(frozen=True, slots=True)
class Found:
    """One document of a paper, with what a person should look at."""

    tree: bytes
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file holds. `original` is None where no change was tracked: both would be the same."""

    final: tuple[Found, ...]
    original: tuple[Found, ...] | None = None
    remarks: tuple[Remark, ...] = ()
    tracked: int = 0


@dataclass(frozen=True)
class Readers:
    """How files are read: functions another process imports by their names.

    `whole` gives the document of a file that this service wrote, None for any other.
    """

    prepare: Prepare
    read: Read
    whole: Callable[[bytes], Document | None] = whole_document


def take_in(readers: Readers, data: bytes, told: Told) -> Incoming:
    """A file as documents, its tracked changes both ways. Raises Refusal as the readers and `interpret`."""
    written = readers.whole(data)
    if written is not None:
        return Incoming((Found(document_to_json(written)),))
    kind, ready = readers.prepare(data, told)
    told("reading")
    paper = readers.read(kind, ready, "final")
    told("recognising")
    final, remarks = _found(paper)
    original = None
    if paper.tracked:
        told("original")
        with contextlib.suppress(Refusal):  # a text that was wholly written with changes tracked: no original
            original, _ = _found(readers.read(kind, ready, "original"))
    return Incoming(final, original, remarks, paper.tracked)


def _found(paper: Paper) -> tuple[tuple[Found, ...], tuple[Remark, ...]]:
    numbers = count(1)
    read = interpret(modernised(paper), new_id=lambda: ProvisionId(f"p{next(numbers)}"))
    found = (Found(document_to_json(one.document), one.doubts, one.notes) for one in read.documents)
    return tuple(found), read.remarks


def _limit() -> None:
    """This process may not take more memory and time than any honest file needs."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS)):
            _, hard = resource.getrlimit(what)
            resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))


def main(line: Connection, readers: Readers, data: bytes) -> None:
    """The process: sends ("step", name) as it goes on, at last ("done", Incoming), ("refused", code,
    details) or ("failed", what).
    """
    _limit()
    answer: tuple[Any, ...]
    try:
        answer = ("done", take_in(readers, data, lambda step: line.send(("step", step))))
    except Refusal as refusal:
        answer = ("refused", refusal.code, dict(refusal.details))
    except MemoryError:
        answer = ("refused", "import_too_large", {})
    except Exception as error:
        answer = ("failed", type(error).__name__)
    with contextlib.suppress(OSError):
        line.send(answer)
    line.close()
