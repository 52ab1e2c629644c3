"""Paragraphs as XML: words, formats, tracked changes and the places of comments in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from duthao.domain.compare.result import Op, Span
from duthao.domain.document import Mark, MarkKind
from duthao.formats.docx_out.lines import Line
from duthao.formats.docx_out.tracking import spans_of
from duthao.formats.docx_out.xml import escaped, formats, run

State = Literal["=", "+", "-"]
_WRAPPERS = {"+": "ins", "-": "del"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where comments of one thread stand: `start:end` of the text, or all of it (`end` None)."""

    ids: tuple[int, ...]
    start: int = 0
    end: int | None = None


def _kinds(marks: Sequence[Mark], start: int, end: int) -> frozenset[MarkKind]:
    return frozenset(mark.kind for mark in marks if mark.start <= start and mark.end >= end)


@dataclass(frozen=True, slots=True)
class _Piece:
    op: Op
    text: str
    new: int
    """Where it begins in the second text."""
    look: frozenset[MarkKind]
    was: frozenset[MarkKind]


def _pieces(
    spans: Sequence[Span], before: Sequence[Mark], after: Sequence[Mark], cuts: frozenset[int]
) -> Iterator[_Piece]:
    """The words cut wherever a format of either text, or a comment, begins or ends."""
    old_cuts = {mark.start for mark in before} | {mark.end for mark in before}
    new_cuts = {mark.start for mark in after} | {mark.end for mark in after} | cuts
    old = new = 0
    for op, text in spans:
        size = len(text)
        inside = {0, size}
        if op != "+":
            inside |= {cut - old for cut in old_cuts if old < cut < old + size}
        if op != "-":
            inside |= {cut - new for cut in new_cuts if new < cut < new + size}
        edges = sorted(inside)
        for start, end in pairwise(edges):
            was = _kinds(before, old + start, old + end) if op != "+" else frozenset()
            look = was if op == "-" else _kinds(after, new + start, new + end)
            yield _Piece(op, text[start:end], new + start, look, was if op == "=" else look)
        old += size if op != "+" else 0
        new += size if op != "-" else 0


@dataclass
class Paragraphs:
    """Writes paragraphs. `author` and `at` stand at every change; there is none without an author. In a
    provision of `authors` who is named there stands instead.

    `within`: the moment of changes within a paragraph that stays, some minutes from `at`. LibreOffice
    takes words put in at the end of a paragraph, and a paragraph put in behind it, for one change when
    both are of one minute, and joins the paragraphs around them when it is rejected.
    """

    author: str = ""
    at: str = ""
    within: str = ""
    authors: Mapping[str, str] = field(default_factory=dict)
    spots: Mapping[tuple[str, int | None], Sequence[Spot]] = field(default_factory=dict)
    waiting: list[Spot] = field(default_factory=list)
    """Comments on the whole document, for the first paragraph of its body."""
    _revisions: int = 0
    _by: str = ""

    def _change(self, *, within: bool = False) -> str:
        self._revisions += 1
        at = self.within if within else self.at
        return f'w:id="{self._revisions}" w:author="{self._by or self.author}" w:date="{at}"'

    def row_mark(self, state: State, provision: str) -> str:
        """What stands in w:trPr of a row."""
        self._by = self.authors.get(provision, "")
        return self.mark(state)

    def mark(self, state: State) -> str:
        """What stands in w:rPr of a paragraph's end."""
        return f"<w:{_WRAPPERS[state]} {self._change()}/>" if state != "=" else ""

    def _wrapped(self, state: State, runs: str, *, within: bool = True) -> str:
        name = _WRAPPERS.get(state)
        return f"<w:{name} {self._change(within=within)}>{runs}</w:{name}>" if name and runs else runs

    def paragraph(
        self,
        before: Line | None,
        after: Line | None,
        spans: Sequence[Span] = (),
        *,
        properties: tuple[str, str] = ("", ""),
        number: tuple[int, int] | None = None,
        last: bool = False,
        takes: bool = False,
    ) -> str:
        """A line of one text or of both; the very same line twice is one that is not tracked.

        `properties` go in before and behind the number's place in w:pPr. `last`: of its cell, where a
        paragraph's end cannot go. `takes`: whether comments on the whole document may stand here.
        """
        line = after or before
        if line is None:
            return ""
        on = line.provision or (line.entry.provision.id if line.entry else "")
        self._by = self.authors.get(on, "")
        state: State = "=" if before and after else "+" if after else "-"
        numbered = (
            f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
            if number
            else ""
        )
        ending = f"<w:rPr>{self.mark(state)}</w:rPr>" if state != "=" and not last else ""
        inside = self._inside(before, after, spans, numbered=number is not None)
        whole = [spot for spot in self._of(after) if spot.end is None]
        if takes and after is not None and self.waiting:
            whole, self.waiting = [*self.waiting, *whole], []
        if whole:
            inside = f"{_opened(whole)}{inside}{_closed(whole)}"
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{line.style}"/>{properties[0]}{numbered}{properties[1]}{ending}'
            f"</w:pPr>{inside}</w:p>"
        )

    def _of(self, line: Line | None) -> Sequence[Spot]:
        if line is None or line.provision is None or not self.spots:
            return ()
        return self.spots.get((line.provision, line.cell), ())

    def _inside(
        self, before: Line | None, after: Line | None, spans: Sequence[Span], *, numbered: bool
    ) -> str:
        if before is after and after is not None:
            label = "" if numbered else _labelled(after)
            spots = [spot for spot in self._of(after) if spot.end is not None]
            if not after.marks and not spots:
                return run(label + after.text) if label + after.text else ""
            words = self._words((("=", after.text),) if after.text else (), (), after.marks, spots, None)
            return (run(label) if label else "") + words
        if before is None:
            return self._one_sided(after, "+")
        if after is None:
            return self._one_sided(before, "-")
        old, new = _labelled(before), _labelled(after)
        shown: list[Span] = [("=", new)] if old == new else [("-", old), ("+", new)]
        label = "".join(self._wrapped(op, run(text, deleted=op == "-")) for op, text in shown if text)
        found = spans or spans_of(before.text, after.text)
        spots = [spot for spot in self._of(after) if spot.end is not None]
        return label + self._words(found, before.marks, after.marks, spots, None)

    def _one_sided(self, line: Line | None, state: Literal["+", "-"]) -> str:
        """A line of one text, its label and all its words put in or taken out."""
        if line is None:
            return ""
        label = run(_labelled(line), deleted=state == "-") if line.label else ""
        label = self._wrapped(state, label, within=False)
        spots = [spot for spot in self._of(line) if spot.end is not None] if state == "+" else []
        words: list[Span] = [(state, line.text)] if line.text else []
        before = line.marks if state == "-" else ()
        return label + self._words(words, before, line.marks, spots, state)

    def _words(
        self,
        spans: Sequence[Span],
        before: Sequence[Mark],
        after: Sequence[Mark],
        spots: Sequence[Spot],
        only: State | None,
    ) -> str:
        """`only`: all words are of one text, so that no format changed."""
        cuts = frozenset(place for spot in spots for place in (spot.start, spot.end or 0))
        starts, ends = list(spots), list[Spot]()
        tracked = bool(self.author) and only is None
        parts: list[str] = []
        for piece in _pieces(spans, before, after, cuts):
            if piece.op != "-" and spots:
                closing = [spot for spot in ends if (spot.end or 0) <= piece.new]
                opening = [spot for spot in starts if spot.start <= piece.new]
                parts.append(_closed(closing) + _opened(opening))
                ends = [spot for spot in ends if spot not in closing] + opening
                starts = [spot for spot in starts if spot not in opening]
            look = formats(piece.look)
            if tracked and piece.op == "=" and piece.was != piece.look:
                was = f"<w:rPr>{formats(piece.was)}</w:rPr>"
                look += f"<w:rPrChange {self._change(within=True)}>{was}</w:rPrChange>"
            made = run(piece.text, look, deleted=piece.op == "-")
            parts.append(self._wrapped(piece.op, made, within=only is None))
        parts.append(_opened(starts) + _closed([*ends, *starts]))
        return "".join(parts)


def _labelled(line: Line) -> str:
    """The label as words, with the space before the text."""
    return f"{line.label} " if line.label and line.text else line.label


def _opened(spots: Sequence[Spot]) -> str:
    return "".join(f'<w:commentRangeStart w:id="{id_}"/>' for spot in spots for id_ in spot.ids)


def _closed(spots: Sequence[Spot]) -> str:
    return "".join(
        f'<w:commentRangeEnd w:id="{id_}"/><w:r><w:commentReference w:id="{id_}"/></w:r>'
        for spot in spots
        for id_ in spot.ids
    )


def attributed(words: str) -> str:
    """For an attribute, of a bounded length."""
    return escaped(words[:120])
