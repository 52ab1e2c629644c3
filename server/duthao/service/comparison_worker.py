"""What runs in the process beside the server: a work on two texts, and what is kept for the next.

Trees travel as bytes because frozen mappings do not pickle.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Protocol

from duthao.domain.compare import ComparisonCache, Overrides
from duthao.domain.document import Document
from duthao.formats.json import document_from_json

MOST_KEPT = 8
"""Comparisons kept current at a time: two sides of a document each."""

SPANS_KEPT = 4_000
"""Pairs of words kept for each: those of two hundred pages, and of some hours of keystrokes."""

About = tuple[str, str, str]
"""A document, and the names of its two sides: what is asked of these again is work kept current."""

Asked = tuple[tuple[str, Hashable], ...]
"""Further arguments of a work by name: they travel to another process, and tell answers apart."""


class Work(Protocol):
    """What is made of two texts in another process, where it is imported by its name.

    Called with both, with `overrides`, with `cache` (what earlier comparisons of these sides left),
    and with what else is `Asked` of it.
    """

    __name__: str

    def __call__(self, *texts: Any, **asked: Any) -> Any: ...


class _Sides:
    """Two sides of a document: their cache, and each text as it was read last."""

    def __init__(self) -> None:
        self.cache = ComparisonCache(SPANS_KEPT)
        self._read: dict[str, tuple[bytes, Document]] = {}

    def document(self, side: str, data: bytes) -> Document:
        known = self._read.get(side)
        if known is None or known[0] != data:
            known = self._read[side] = data, document_from_json(data)
        return known[1]


class Kept:
    """The sides asked for last; a work with them gives the same as one without."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._sides: OrderedDict[About, _Sides] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sides)

    def __contains__(self, about: object) -> bool:
        return about in self._sides

    def do(
        self, work: Work, about: About, before: bytes, after: bytes, overrides: Overrides, asked: Asked
    ) -> Any:
        """`work` on two texts. Nothing is kept of one that failed: it may have stopped half-way."""
        sides = self._sides.pop(about, None) or _Sides()
        texts = sides.document("before", before), sides.document("after", after)
        answer = work(*texts, overrides=overrides, cache=sides.cache, **dict(asked))
        self._sides[about] = sides
        while len(self._sides) > self._most:
            self._sides.popitem(last=False)
        return answer


class _Here(threading.local):
    """Where the work runs in a thread of the server, two servers in one process share nothing."""

    def __init__(self) -> None:
        self.kept = Kept()


_here = _Here()


def on_trees(
    work: Work, about: About, before: bytes, after: bytes, overrides: Overrides, asked: Asked
) -> Any:
    """`Kept.do`, by a name that another process can import."""
    return _here.kept.do(work, about, before, after, overrides, asked)
