"""What PDF files, Word and old typing leave in Unicode text, repaired; each repair is counted and shown.

Words are never guessed at: a stray space is taken out of a syllable only where what stands before it is
no word and what comes of it is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from duthao.domain.syllables import is_onset, is_spelt, is_syllable
from duthao.domain.text import clean

MendingCode = Literal[
    "composed", "line_breaks", "spaces", "spaces_doubled", "hyphens", "invisible_removed",
    "control_removed", "surrogates_removed", "replacement_found", "ligatures", "split_syllables",
    "run_together",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mending:
    """One sort of repair, made `count` times; `before` and `after` are the first place, with its words.

    "replacement_found" counts U+FFFD, which stays: nobody knows what stood there.
    """

    code: MendingCode
    count: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mended:
    text: str
    mendings: tuple[Mending, ...]


def mend(text: str) -> Mended:
    """The text as `clean` leaves it, with ligatures, doubled spaces and split syllables repaired too.

    Total and idempotent. Line breaks stay where they are.
    """
    mendings: list[Mending] = []
    cleaned = clean(text)
    for note in cleaned.notes:
        before = _first(text, _SEEN[note.code])
        after = before if note.code == "replacement_found" else clean(before).text
        mendings.append(Mending(note.code, note.count, before, after))
    text = cleaned.text
    for code, pattern, made in _STEPS:
        text = _step(text, code, pattern, made, mendings)
    return Mended(text, tuple(mendings))


_AROUND: Final = 20
_SEEN: Final = {
    "composed": re.compile("\\S*[\u0300-\u036f]\\S*"),
    "line_breaks": re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]"),
    "spaces": re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"),
    "hyphens": re.compile("[\u2010\u2011]"),
    "invisible_removed": re.compile(
        "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    ),
    "control_removed": re.compile("[\x00-\x09\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"),
    "surrogates_removed": re.compile("[\ud800-\udfff]"),
    "replacement_found": re.compile("\ufffd"),
}
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_DOUBLED = re.compile("(?<=\\S)  +(?=\\S)")
_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)(?![^\W\d_])")
_WORDS = re.compile(r"(?<![^\W\d_])([^\W\d_]+) ([^\W\d_]+)(?![^\W\d_])")


def _first(text: str, pattern: re.Pattern[str]) -> str:
    match = pattern.search(text)
    return _around(text, match.start(), match.end()) if match else ""


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - _AROUND) : end + _AROUND]


def _step(
    text: str,
    code: MendingCode,
    pattern: re.Pattern[str],
    made: Callable[[re.Match[str]], str | None],
    mendings: list[Mending],
) -> str:
    """The text with each match replaced by what is made of it; None leaves it and looks on behind its
    first letter's word.
    """
    parts: list[str] = []
    example: tuple[str, str] | None = None
    count = at = search = 0
    while match := pattern.search(text, search):
        new = made(match)
        if new is None:
            search = match.end(1)
            continue
        if example is None:
            before = text[max(0, match.start() - _AROUND) : match.start()]
            after = text[match.end() : match.end() + _AROUND]
            example = (f"{before}{match[0]}{after}", f"{before}{new}{after}")
        parts += (text[at : match.start()], new)
        at = search = match.end()
        count += 1
    if example is not None:
        mendings.append(Mending(code, count, *example))
    return "".join((*parts, text[at:]))


def _rejoined(match: re.Match[str]) -> str | None:
    """The two parts as one where the first is no word ("Qu", "gi") or the second none ("ện")."""
    first, second = match[1], match[2]
    joined = first + second
    if not is_spelt(joined) or joined.isascii() or (not second[0].islower() and not first.isupper()):
        return None
    if second[0].isupper() != first[-1].isupper() and len(first) > 1:
        return None
    if _begins_with_consonant(second):
        return None
    broken = is_onset(first) and len(first) > 1
    stray = is_syllable(first) and first.isascii() and second.lower() not in _ALONE and not second.isascii()
    single = len(first) == 1 and is_onset(first) and second.lower() not in _ALONE and not second.isascii()
    return joined if broken or stray or single else None


def _parted(match: re.Match[str]) -> str | None:
    """Two words that ran together ("đápứng"), where there is one way to part them."""
    word = match[1]
    if is_syllable(word):
        return None
    ways = [
        at
        for at in range(1, len(word))
        if word[at:] in _ALONE and not word[at:].isascii() and is_spelt(word[:at]) and not is_onset(word[:at])
    ]
    return f"{word[: ways[0]]} {word[ways[0] :]}" if len(ways) == 1 else None


def _begins_with_consonant(word: str) -> bool:
    return unicodedata.normalize("NFD", word[0])[0].lower() not in "aeiouy"


_VOWEL_WORDS = """
oà oá oái oán oải oằn oẳn oẹ uyên uyển uý uất uẩn uế uể uốn uống uột uỵch uỷ yên yêu yếm yến yết yếu
yểu à ào á ác ách ái ám án ánh áo áp át âm ân âu ã éc ém én éo ép ê êm ì í ít ò òa òm ó óa óc ói óng
ót ô ôi ôm ôn ông ù ùa ùi ùm ùn ùng ú úa úm úng úp út úy ý ăn ơ ơi ơn ư ưa ưng ưu ương ước ướm ướp
ướt ưởng ưỡn ưỡng ạ ạch ạm ạp ả ải ảm ảng ảnh ảo ấm ấn ấp ất ấu ấy ầm ẩm ẩn ẩu ẩy ậm ập ắn ắng ắp ắt
ẵm ẹo ẹp ẻo ế ếch ếm ếnh ề ễnh ỉ ỉu ị ọe ỏ ỏm ỏng ố ốc ối ốm ống ốp ốt ồ ồm ồn ổ ổi ổn ổng ỗ ộp ớ ớn
ớt ờ ời ở ợ ụ ục ụt ủ ủi ủn ủng ủy ứ ứa ức ứng ừ ừng ửng ực ỳ ỵ ỷ
"""
_ALONE: Final = frozenset(_VOWEL_WORDS.split())
"""Words that begin with a vowel and have a sign: they stand alone, whatever is before them."""

_STEPS: Final[tuple[tuple[MendingCode, re.Pattern[str], Callable[[re.Match[str]], str | None]], ...]] = (
    ("ligatures", _LIGATURE, lambda match: unicodedata.normalize("NFKC", match[0])),
    ("spaces_doubled", _DOUBLED, lambda _: " "),
    ("split_syllables", _WORDS, _rejoined),
    ("run_together", _WORD, _parted),
)
