"""Words as they are searched for: as written, and without any mark.

Both forms are lower case. The first keeps the marks, with the tone of oa, oe, uy at one place (norm C2:
hoà is hòa, wherever the syllable ends) and the Icelandic Ð read as Đ; the second has none, and d for đ.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from duthao.domain.text import nfc

MAX_WORD: Final = 64
"""Characters of a word that count."""
MAX_WORDS: Final = 16_000
"""Words of one text that are looked at: PostgreSQL tells places in a text up to 16,383."""

_WORD = re.compile(r"[^\W_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_PLACES = {
    nfc(first + second + tone): nfc(first + tone + second)
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_PLACE = re.compile("|".join(_PLACES))
_ONE_D = str.maketrans("ðÐ", "đĐ")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `text[start:end]`, with its marks (`exact`) and without (`bare`)."""

    start: int
    end: int
    exact: str
    bare: str


@lru_cache(maxsize=65_536)  # a text says few words often
def forms(word: str) -> tuple[str, str]:
    """Both forms of one word of an NFC text."""
    exact = nfc(word.translate(_ONE_D).lower())[:MAX_WORD]
    if exact.isascii():
        return exact, exact
    exact = _PLACE.sub(lambda match: _PLACES[match.group()], exact)
    letters = unicodedata.normalize("NFD", exact.replace("đ", "d"))
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return exact, bare or exact


def words(text: str) -> tuple[Word, ...]:
    """The words of an NFC text in their order, the first `MAX_WORDS` of them."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        if len(found) == MAX_WORDS:
            break
        found.append(Word(match.start(), match.end(), *forms(match.group())))
    return tuple(found)
