"""When two texts count as the same: keys that forget what only spelling or numbers change.

`spelling_key` forgets tone placement (hòa, hoà), Ð for Đ, quotes, dashes, spaces and case;
`match_key` also forgets cross-references and the mark at the end. Numbers of provisions are
never part of a text, so never part of a key. What a key forgets, `orthography` can name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain

from duthao.domain.syllables import is_syllable
from duthao.domain.text import nfc

Table = Mapping[int, str | None]
"""What `str.translate` takes."""


def _table(folded: Mapping[str, str | None]) -> Table:
    return {ord(sign): other for sign, other in folded.items()}


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

LOOK_ALIKES: Table = _table({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})
"""Letters that look like Đ and are none."""

QUOTES: Table = _table({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′`´", "'")})
DASHES: Table = _table(dict.fromkeys("‐‑‒–—―−", "-"))
INVISIBLE: Table = _table(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None))
FORMS: Table = {
    **_table({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "…": "..."}),
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
}
"""Ligatures, the ellipsis and full-width letters, written out. Not all that NFKC folds: 10² is not 102."""

_FOLDED = {**LOOK_ALIKES, **QUOTES, **DASHES, **INVISIBLE, **FORMS}
_WORD = re.compile(r"[^\W\d_]+")
_SIMILAR = re.compile(r"\w[\w\u0300-\u036f]*")
_SIGNS = ',;:.!?()"'
# Between two digits a space counts: "5, 6" are two numbers and "5,6" is one.
_SPACED_SIGN = re.compile(rf"(?<!\d)\s*([{_SIGNS}])\s*|\s*([{_SIGNS}])\s*(?!\d)")
_SIGN_OF_DIGITS = re.compile(rf"\d ?[{_SIGNS}] ?\d")
_SPACES = tuple((spaced, sign) for sign in _SIGNS for spaced in (f" {sign}", f"{sign} "))
_LABEL = r"(?:\d+[a-zđ]{0,2}|[IVXLC]+|[a-zđ]\d?)"
_NAMES = ("điều", "khoản", "điểm", "chương", "mục", "tiểu mục", "phần", "phụ lục")
_REFERENCE = re.compile(rf"\b({'|'.join(_NAMES)})\s+{_LABEL}(?!\w)(?:\s*,\s*{_LABEL}(?!\w))*", re.IGNORECASE)


@lru_cache(maxsize=65536)
def _tone_last(word: str) -> str:
    """The syllable with its tone written after it, so that hòa and hoà are one.

    Other words stay as they are: in "público" and "publicó" the place of the mark is the meaning.
    """
    if word.isascii() or not is_syllable(word):
        return word
    letters: list[str] = []
    tones: list[str] = []
    for sign in unicodedata.normalize("NFD", word):
        (tones if sign in _TONES else letters).append(sign)
    return "".join(letters + tones)


def tones_last(text: str) -> str:
    """An NFC text with the tone of each Vietnamese syllable written after it."""
    return text if text.isascii() else _WORD.sub(lambda match: _tone_last(match.group()), text)


def _folded(text: str) -> str:
    return tones_last(nfc(text.translate(_FOLDED)).lower())


LONG_CHUNK = 32
"""Characters without a space from which a chunk is not remembered."""

_chunk_folded = lru_cache(maxsize=65536)(_folded)


def chunks(text: str) -> list[str] | None:
    """The text at its spaces, for what is remembered by chunk; None when one is no word of a language.

    A text is long and new, its words are few and come again.
    """
    found = text.split(" ")
    return found if len(max(found, key=len)) < LONG_CHUNK else None


def folded(text: str) -> str:
    """Deaf to spelling: composed, without tone placement, Ð, kinds of quotes and dashes, case."""
    parts = chunks(text)
    # Nothing is composed with a space, and no rule of capitals looks beyond one.
    return _folded(text) if parts is None else " ".join(map(_chunk_folded, parts))


def close_spaced(text: str) -> str:
    """Single spaces, none at the ends nor around signs, save between two digits."""
    text = " ".join(text.split())
    if _SIGN_OF_DIGITS.search(text):
        return _SPACED_SIGN.sub(lambda match: match.group(1) or match.group(2), text)
    for spaced, sign in _SPACES:
        text = text.replace(spaced, sign)
    return text


@lru_cache(maxsize=8192)
def spelling_key(text: str) -> str:
    """The text without what is only a matter of spelling, spacing or capitals."""
    return close_spaced(folded(text))


def _blanked(text: str) -> str:
    """The text with the labels of cross-references as "#"."""
    small = text.lower()
    if not any(name in small for name in _NAMES):
        return text
    return _REFERENCE.sub(lambda match: f"{match.group(1)} #", text)


@lru_cache(maxsize=8192)
def reference_key(text: str) -> str:
    """`spelling_key` with the labels of cross-references blanked ("khoản # điều #")."""
    return spelling_key(_blanked(text))


def match_key(text: str) -> str:
    """`reference_key` without the mark at the end: equal keys are paired first."""
    return reference_key(text).rstrip(" ;.,:")


@lru_cache(maxsize=8192)
def similar_words(text: str) -> tuple[str, ...]:
    """The words two texts are weighed by: of `reference_key`, whose spaces part no word."""
    text = _blanked(text)
    parts = chunks(text)
    return _words(text) if parts is None else tuple(chain.from_iterable(map(_chunk_words, parts)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_SIMILAR.findall(_folded(text)))


_chunk_words = lru_cache(maxsize=65536)(_words)


@lru_cache(maxsize=8192)
def distinct_words(text: str) -> frozenset[str]:
    """The words of `similar_words`, each once."""
    return frozenset(similar_words(text))
