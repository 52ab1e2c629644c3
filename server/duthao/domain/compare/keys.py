"""When two texts count as the same: keys that forget what only spelling or numbers change.

`spelling_key` forgets tone placement (hòa, hoà), Ð for Đ, quotes, dashes, spaces and case;
`match_key` also forgets cross-references and the mark at the end. Numbers of provisions are
never part of a text, so never part of a key.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_FOLDED = str.maketrans(
    {
        "Ð": "Đ",
        "ð": "đ",
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
    }
)
_WORD = re.compile(r"[^\W\d_]+")
_SIMILAR = re.compile(r"\w+")
_LABEL = r"(?:\d+[a-zđ]{0,2}|[IVXLC]+|[a-zđ]\d?)"
_NAME = "điều|khoản|điểm|chương|mục|tiểu mục|phần|phụ lục"
_REFERENCE = re.compile(rf"\b({_NAME})\s+{_LABEL}(?!\w)(?:\s*,\s*{_LABEL}(?!\w))*", re.IGNORECASE)


@lru_cache(maxsize=65536)
def _tone_last(word: str) -> str:
    """The syllable with its tone written after it, so that hòa and hoà are one."""
    letters: list[str] = []
    tones: list[str] = []
    for sign in unicodedata.normalize("NFD", word):
        (tones if sign in _TONES else letters).append(sign)
    return "".join(letters + tones)


@lru_cache(maxsize=8192)
def spelling_key(text: str) -> str:
    """The text without what is only a matter of spelling, spacing or capitals."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDED).casefold()
    toned = folded if folded.isascii() else _WORD.sub(lambda match: _tone_last(match.group()), folded)
    return re.sub(r'\s*([,;:.!?()"])\s*', r"\1", " ".join(toned.split()))


@lru_cache(maxsize=8192)
def reference_key(text: str) -> str:
    """`spelling_key` with the labels of cross-references blanked ("khoản # điều #")."""
    return spelling_key(_REFERENCE.sub(lambda match: f"{match.group(1)} #", text))


def match_key(text: str) -> str:
    """`reference_key` without the mark at the end: equal keys are paired first."""
    return reference_key(text).rstrip(" ;.,:")


@lru_cache(maxsize=8192)
def similar_words(text: str) -> tuple[str, ...]:
    """The words two texts are weighed by: of `spelling_key`, references blanked."""
    return tuple(_SIMILAR.findall(reference_key(text)))
