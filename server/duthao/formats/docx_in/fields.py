"""Fields of a story: what is instruction and what is result, over any number of paragraphs."""

from __future__ import annotations

from dataclasses import dataclass

MAX_FIELDS = 200


@dataclass
class _Field:
    instruction: str = ""
    is_result: bool = False

    @property
    def contents(self) -> bool:
        return self.instruction.lstrip().upper().startswith("TOC")


class Fields:
    """The open fields, outermost first. One that is never closed hides nothing."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    def sign(self, kind: str) -> None:
        if kind == "begin" and len(self._open) < MAX_FIELDS:
            self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].is_result = True
        elif kind == "end" and self._open:
            self._open.pop()

    def instruct(self, text: str) -> None:
        if self._open and len(self._open[-1].instruction) < 1000:
            self._open[-1].instruction += text

    @property
    def contents(self) -> bool:
        """Whether here stands a table of contents."""
        return any(field.contents for field in self._open)

    @property
    def hides(self) -> bool:
        """Whether words here belong to an instruction: the result of a field within another's.

        Words straight in an instruction are no valid Word and are kept.
        """
        return any(not field.is_result for field in self._open[:-1])
