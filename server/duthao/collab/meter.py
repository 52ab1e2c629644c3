"""What one process has done, in plain numbers: written by the loop's thread, read by whoever asks.

No name of a person or a document, and nothing of a text, is in it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Final

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the buckets."""


class Durations:
    """How often something took how long."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(SECONDS) + 1)
        """By bucket; the last one is for what took longer than all bounds."""
        self.total = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(SECONDS, seconds)] += 1
        self.total += seconds


class Meter:
    """`fan_out`: from the first update of a turn until others' sockets had it; `commits`: one batch
    of the journal; `refused` and `closed`: by their codes."""

    __slots__ = (
        "closed",
        "commits",
        "fan_out",
        "journal_bytes",
        "journal_rows",
        "refused",
        "rows_read",
        "updates",
    )

    def __init__(self) -> None:
        self.fan_out, self.commits = Durations(), Durations()
        self.updates = self.journal_rows = self.journal_bytes = self.rows_read = 0
        self.refused: Counter[str] = Counter()
        self.closed: Counter[str] = Counter()
