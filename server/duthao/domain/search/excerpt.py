"""The words around what was found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from duthao.domain.search.folding import Word, words

AROUND: Final = 240
"""Characters of an excerpt, some more or less."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt; `found`: one of the words looked for."""

    text: str
    found: bool


def excerpt(text: str, marked: Collection[str], most: int = AROUND) -> tuple[Piece, ...]:
    """The part of the text where most different words looked for stand together; bare forms are compared.

    Guaranteed: the pieces spell a part of the text, with "…" where it is cut; whole words only.
    """
    read = words(text)
    begin, end = _window(text, read, [word for word in read if word.bare in marked], most)
    pieces: list[Piece] = [Piece("…", False)] if begin > 0 else []
    at = begin
    for word in read:
        if begin <= word.start and word.end <= end and word.bare in marked:
            if at < word.start:
                pieces.append(Piece(text[at : word.start], False))
            pieces.append(Piece(text[word.start : word.end], True))
            at = word.end
    if at < end:
        pieces.append(Piece(text[at:end], False))
    if end < len(text):
        pieces.append(Piece("…", False))
    return tuple(pieces)


def _window(text: str, read: tuple[Word, ...], hits: list[Word], most: int) -> tuple[int, int]:
    if len(text) <= most:
        return 0, len(text)
    best, richest, last = 0, 0, 0
    held: dict[str, int] = {}
    for at, hit in enumerate(hits):  # two fingers: `last` is the first hit after the window that starts there
        while last < len(hits) and (last == at or hits[last].end - hit.start <= most * 3 // 4):
            held[hits[last].bare] = held.get(hits[last].bare, 0) + 1
            last += 1
        if len(held) > richest:
            best, richest = at, len(held)
        held[hit.bare] -= 1
        if not held[hit.bare]:
            del held[hit.bare]
    around = hits[best].start - most // 4 if hits else 0
    begin = next(word.start for word in read if word.start >= around) if around > 0 else 0
    end = max((word.end for word in read if word.end <= begin + most), default=begin + most)
    return begin, len(text) if len(text) - end < most // 8 else end
