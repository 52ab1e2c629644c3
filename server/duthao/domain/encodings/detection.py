"""Which old encoding a text without fonts was typed in, told by statistics. Nothing is converted here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from duthao.domain.encodings.conversion import LegacyEncoding, raised, to_unicode
from duthao.domain.encodings.tables import TCVN3
from duthao.domain.syllables import is_spelt

_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}<>/\\|\"'“”‘’…=+*&%#@_~^`–—-]+")
_SAMPLE: Final = 200_000
"""Characters looked at: enough for certainty, and detection stays fast on the largest text."""
_SIGNS = frozenset(sign for sign in TCVN3 if not sign.isalpha()) | frozenset("µμª")
"""Codes that are no letters in Latin-1: in Unicode text they do not stand inside words."""
_PREVIEW: Final = 3
_WIDTH: Final = 120


@dataclass(frozen=True, slots=True)
class Preview:
    """A line as it is and as it would read, cut to 120 characters; `line` counts from 1."""

    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text was typed in.

    `encoding` is None for Unicode, and where nothing tells. `confidence`, 0 to 1: how much better the
    words read in that encoding than as they are, less where few different words tell. `certain`: enough
    to refuse the text as it is. `words` is how many words with a letter outside ASCII were looked at.
    """

    encoding: LegacyEncoding | None
    confidence: float
    certain: bool
    words: int
    previews: tuple[Preview, ...] = ()


def detect(text: str) -> Verdict:
    """The verdict on a text as it came, before `clean`, which removes TCVN3's "ư" (a soft hyphen).

    Judged are the words with a letter outside ASCII: in an old encoding they are spelt as syllables
    only after conversion.
    """
    marked = Counter(word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii())
    if not marked:
        return Verdict(None, 0.0, False, 0)
    count = marked.total()
    right = {word for word in marked if is_spelt(word)}
    encoding, confidence, certain = max(
        (_reading(marked, right, encoding) for encoding in _ENCODINGS), key=lambda one: one[1]
    )
    if confidence < _TOLD:
        return Verdict(None, round(_times(marked, right) / count, 3), False, count)
    return Verdict(encoding, round(confidence, 3), certain, count, _previews(text, encoding))


def legacy_encoding(text: str) -> LegacyEncoding | None:
    """The old encoding a text was certainly typed in, else None."""
    verdict = detect(text)
    return verdict.encoding if verdict.certain else None


_ENCODINGS: Final[tuple[LegacyEncoding, ...]] = ("tcvn3", "vni")
_TOLD: Final = 0.25
"""Confidence below which no encoding is named."""


def _times(marked: Counter[str], words: Iterable[str]) -> int:
    return sum(marked[word] for word in words)


def _reading(
    marked: Counter[str], right: set[str], encoding: LegacyEncoding
) -> tuple[LegacyEncoding, float, bool]:
    """Confidence in an encoding, and certainty; `right` are the words spelt right as they are.

    Certain: nearly all words read as Vietnamese after conversion and few do as they are; at least three
    different words say so, so that a stray sign is never taken for an encoding.
    """
    readable = {word for word in marked if is_spelt(to_unicode(word, encoding))}
    if encoding == "vni":
        readable -= right
    told = readable - right
    count, spelt, read = marked.total(), _times(marked, right), _times(marked, readable)
    certain = len(told) >= 3 and read >= 0.7 * count and spelt <= 0.5 * count
    if encoding == "tcvn3":
        # French and German words may read as syllables; hardly one of theirs holds such a sign.
        signed = _times(marked, (w for w in readable if len(w) > 1 and not _SIGNS.isdisjoint(w)))
        certain = certain and 10 * signed >= count
        if not signed:
            return encoding, 0.0, False
    better = max(0.0, (read - spelt) / count)
    return encoding, better * (1 - 0.5 ** len(told)), certain


def _previews(text: str, encoding: LegacyEncoding) -> tuple[Preview, ...]:
    found: list[Preview] = []
    for number, line in enumerate(text[:_SAMPLE].splitlines(), start=1):
        after = raised(to_unicode(line, encoding))
        if after != line:
            found.append(Preview(number, line[:_WIDTH], after[:_WIDTH]))
        if len(found) == _PREVIEW:
            break
    return tuple(found)
