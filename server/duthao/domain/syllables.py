"""How Vietnamese syllables are spelt: enough to tell words from what only looks like them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TONES = {"sắc": "\u0301", "huyền": "\u0300", "hỏi": "\u0309", "ngã": "\u0303", "nặng": "\u0323"}
"""The tones' combining signs by their names; the level tone has none."""

_TONE = re.compile(f"[{''.join(TONES.values())}]")
_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])"
_RHYME = (
    "(?:iêu|yêu|oai|oay|oao|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|iê|yê|oa|oă|oe|"
    "oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|[aăâeêioôơuưy])"
    "(?:ch|ng|nh|[cmnpt])?"
)
_SYLLABLE = re.compile(f"{_ONSET}?{_RHYME}")
_ONSET_ALONE = re.compile(_ONSET)
_STOPPED = re.compile("(?:ch|[cpt])$")


@lru_cache(maxsize=16_384)  # a text says few words often
def _parted(word: str) -> tuple[str, str]:
    """The word without its tones, composed, and the tones."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return unicodedata.normalize("NFC", _TONE.sub("", decomposed)), "".join(_TONE.findall(decomposed))


def is_syllable(word: str) -> bool:
    """Whether the word is spelt like one Vietnamese syllable (Unicode, any case)."""
    bare, tones = _parted(word)
    return len(tones) <= 1 and _SYLLABLE.fullmatch(bare) is not None


def is_spelt(word: str) -> bool:
    """`is_syllable`, and after a final c, ch, p or t only sắc or nặng, as the language has it."""
    bare, tones = _parted(word)
    if len(tones) > 1 or _SYLLABLE.fullmatch(bare) is None:
        return False
    return not _STOPPED.search(bare) or tones in (TONES["sắc"], TONES["nặng"])


def is_onset(word: str) -> bool:
    """Whether the word is but the beginning of a syllable ("Qu", "ngh"), any case."""
    return _ONSET_ALONE.fullmatch(word.lower()) is not None
