"""What a reader leaves out, changes or doubts, gathered until the paper is read."""

from __future__ import annotations

from duthao.domain.incoming.blocks import Remark, RemarkCode

MAX_TEXTS = 5_000
MAX_CHARACTERS = 500_000
"""Of all texts of one kind: the count goes on, the words end here."""


class Noticed:
    def __init__(self) -> None:
        self._counts: dict[RemarkCode, int] = {}
        self._texts: dict[RemarkCode, dict[str, None]] = {}
        self._lengths: dict[RemarkCode, int] = {}

    def note(self, code: RemarkCode, text: str = "", count: int = 1) -> None:
        """Once more of this; `text` the words concerned, if any. Words told before are not told twice."""
        self._counts[code] = self._counts.get(code, 0) + count
        words = " ".join(text.split())
        told = self._texts.setdefault(code, {})
        length = self._lengths.get(code, 0) + len(words)
        if words and len(told) < MAX_TEXTS and length <= MAX_CHARACTERS and words not in told:
            told[words] = None
            self._lengths[code] = length

    def count(self, code: RemarkCode) -> int:
        return self._counts.get(code, 0)

    def remarks(self) -> tuple[Remark, ...]:
        """By code."""
        return tuple(
            Remark(code, self._counts[code], tuple(self._texts.get(code, ())))
            for code in sorted(self._counts)
        )
