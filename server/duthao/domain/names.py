"""Names in the order of Vietnamese lists: by given name, then by the rest (norm C5).

No collator of the machine is asked: ICU is not everywhere, and what C and Python know puts "Đ" behind "Z".
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from duthao.domain.text import nfc, squeeze

_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE: Final = {letter: place for place, letter in enumerate(_LETTERS, 1)}
_TONES: Final = (
    "\u0300",
    "\u0309",
    "\u0303",
    "\u0301",
    "\u0323",
)  # huyền, hỏi, ngã, sắc, nặng; none before all

Level = tuple[int, ...]
WordKey = tuple[Level, int]
NameKey = tuple[WordKey, tuple[Level, ...], tuple[int, ...], str]


@lru_cache(maxsize=16_384)
def word_key(word: str) -> WordKey:
    """A word's letters (a < ă < â, d < đ, …), then its tone, which decides only between equal letters.

    Where the tone stands is no difference: hoà is hòa. What is no Vietnamese letter follows them.
    """
    letters, tone = [], 0
    for sign in unicodedata.normalize("NFD", nfc(word).lower()):
        if sign in _TONES:
            tone = max(tone, _TONES.index(sign) + 1)
        else:
            letters.append(sign)
    composed = nfc("".join(letters))
    return tuple(_PLACE.get(letter, 1000 + ord(letter)) for letter in composed), tone


def name_key(name: str) -> NameKey:
    """What names are sorted by: the given name (the last word) with its tone, then family and middle names
    by their letters, then by their tones. The same name written otherwise is told apart last.
    """
    words = squeeze(name).split(" ")
    given, rest = words[-1], [word_key(word) for word in words[:-1]]
    return word_key(given), tuple(level for level, _ in rest), tuple(tone for _, tone in rest), name
