"""Old encodings to Unicode and back: a text of one encoding, or runs each told by its font.

"Codes" are characters as they look when the file's bytes are read as Latin-1, which is also how Word
keeps them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from duthao.domain.encodings.tables import TCVN3, VNI
from duthao.domain.syllables import is_spelt

LegacyEncoding = Literal["tcvn3", "vni"]

NAMES: Final[Mapping[LegacyEncoding, str]] = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}
"""What people call the encodings."""

_MIXED = {
    code[0] + code[1].lower(): letter
    for code, letter in VNI.items()
    if len(code) == 2 and code[0].isupper()
}  # fmt: skip
"""A capital with a small mark, as some keyboards write it ("Uûy ban"); the base's case counts."""

_TABLES: Final[Mapping[LegacyEncoding, Mapping[str, str]]] = {
    # Word's autocorrection and some fonts have the Greek letter in place of the micro sign.
    "tcvn3": {**TCVN3, "\u03bc": "à"},
    "vni": {**VNI, **_MIXED},
}
_CODES: Final = {
    encoding: {letter: code for code, letter in table.items()}
    for encoding, table in (("tcvn3", TCVN3), ("vni", VNI))
}
_TAKEN: Final = {
    encoding: frozenset(sign for code in table for sign in code if not sign.isascii())
    for encoding, table in _TABLES.items()
}
_MODERN = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
"""Vietnamese letters that neither old encoding has among its codes."""
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}<>/\\|\"“”‘’…=+*&%#@_~^`–—-]+")


@dataclass(frozen=True, slots=True)
class Font:
    """What a font's name says: its encoding, and whether it draws small letters as capitals."""

    encoding: LegacyEncoding
    capitals: bool = False


def font_of(name: str | None) -> Font | None:
    """The old encoding a font belongs to; None for a Unicode font or none.

    ".VnTime" and its family are TCVN3, those whose name ends in "H" (".VnTimeH") capital fonts;
    "VNI-Times" and its family are VNI.
    """
    bare = (name or "").strip().strip("\"'").lower()
    if bare.startswith(("vni-", "vni ")):
        return Font("vni")
    if bare.startswith(".vn") or re.match(r"vn(?:time|arial|avant|black|book|univers)h?\b", bare):
        return Font("tcvn3", bare.endswith("h"))
    return None


def to_unicode(codes: str, encoding: LegacyEncoding, *, capitals: bool = False) -> str:
    """The text in Unicode (NFC where the codes were); what is no code stays as it is."""
    return "".join(letter for letter, _ in _letters(codes, encoding, capitals))


def _letters(codes: str, encoding: LegacyEncoding, capitals: bool) -> Iterator[tuple[str, int]]:
    """Each letter with the place where its code begins; the longest code first."""
    table = _TABLES[encoding]
    at = 0
    while at < len(codes):
        size = 2 if encoding == "vni" and codes[at : at + 2] in table and at + 1 < len(codes) else 1
        code = codes[at : at + size]
        letter = table.get(code, code)
        yield (letter.upper() if capitals else letter), at
        at += size


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text in an old encoding's codes.

    `lowered`: capitals with a tone or mark that have no code, written as small letters (for a capital
    font); `missing`: other characters without one, which stand as they were.
    """

    codes: str
    lowered: Mapping[str, int]
    missing: Mapping[str, int]


def from_unicode(text: str, encoding: LegacyEncoding) -> Encoded:
    """The text in codes; `to_unicode` gives it back where `lowered` and `missing` are empty."""
    table = _CODES[encoding]
    lowered: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    codes: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        code = table.get(letter)
        if code is None and letter.lower() in table and letter.lower() != letter:
            code = table[letter.lower()]
            lowered[letter] += 1
        elif code is None and (letter in _TAKEN[encoding] or letter > "\xff"):
            missing[letter] += 1
        codes.append(letter if code is None else code)
    return Encoded("".join(codes), lowered, missing)


def raised(text: str) -> str:
    """Converted text with the letters of words in capitals raised as well ("QUY CHế" → "QUY CHẾ").

    TCVN3 has no code for them, so that only a font told capitals. A line is in capitals when it has two
    capitals of ASCII and no small letter of it; so is a word.
    """
    return "\n".join(
        line.upper() if _in_capitals(line) else _WORD.sub(_raised, line) for line in text.split("\n")
    )


def _raised(match: re.Match[str]) -> str:
    return match[0].upper() if _in_capitals(match[0]) else match[0]


def _in_capitals(words: str) -> bool:
    plain = [letter for letter in words if letter.isascii() and letter.isalpha()]
    return len(plain) >= 2 and all(map(str.isupper, plain))


# --- runs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FontUse:
    """What was made of the runs of one font.

    `words` counts its words with a letter outside ASCII; `before` and `after` show the first stretches
    that changed, at most three. `kept`: runs that were Unicode already, whatever their font says.
    """

    font: str
    encoding: LegacyEncoding
    runs: int
    kept: int
    words: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Converted:
    """As many texts as there were runs, in Unicode and NFC, and a report for each old font met."""

    texts: tuple[str, ...]
    fonts: tuple[FontUse, ...]


def convert_runs(runs: Sequence[tuple[str, str | None]]) -> Converted:
    """Runs of (text, font name) in Unicode: those of an old font converted, the others composed only.

    A code may begin in one run and end in the next of the same encoding ("Vie" + "ät" is "Vi" + "ệt" of
    course, the letter standing where its code begins); so may a letter and its combining signs. A run
    in an old font that already holds Unicode Vietnamese is kept: Word shows it by another font.
    """
    fonts = [font_of(name) for _, name in runs]
    kept = [font is not None and _is_modern(text) for (text, _), font in zip(runs, fonts, strict=True)]
    texts: list[str] = []
    at = 0
    while at < len(runs):
        font = None if kept[at] else fonts[at]
        end = at + 1
        while end < len(runs) and font is not None and fonts[end] == font and not kept[end]:
            end += 1
        stretch = [text for text, _ in runs[at:end]]
        texts += _converted(stretch, font) if font else stretch
        at = end
    composed = _composed(texts)
    return Converted(tuple(composed), tuple(_uses(runs, fonts, kept, composed)))


def _is_modern(text: str) -> bool:
    """Whether a run is Unicode Vietnamese: such letters in words that are spelt right as they stand."""
    words = [word for word in _WORD.findall(text) if _MODERN.search(unicodedata.normalize("NFC", word))]
    return bool(words) and all(map(is_spelt, words))


def _converted(stretch: Sequence[str], font: Font) -> list[str]:
    """The texts of neighbouring runs of one font."""
    written: list[list[str]] = [[] for _ in stretch]
    ends = [0]
    for text in stretch:
        ends.append(ends[-1] + len(text))
    run = 0
    for letter, place in _letters("".join(stretch), font.encoding, font.capitals):
        while place >= ends[run + 1]:
            run += 1
        written[run].append(letter)
    return list(map("".join, written))


def _composed(texts: Sequence[str]) -> list[str]:
    """Each text in NFC; combining signs at the start of one go to the letter before them."""
    found = list(texts)
    holder = None
    for at, text in enumerate(found):
        signs = next((n for n, sign in enumerate(text) if not unicodedata.combining(sign)), len(text))
        if signs and holder is not None:
            found[holder] += text[:signs]
            found[at] = text[signs:]
        if found[at]:
            holder = at
    return [unicodedata.normalize("NFC", text) for text in found]


_SHOWN = 3
_WIDTH = 80


def _uses(
    runs: Sequence[tuple[str, str | None]],
    fonts: Sequence[Font | None],
    kept: Sequence[bool],
    texts: Sequence[str],
) -> Iterator[FontUse]:
    held: dict[str, list[int]] = {}
    for at, ((_, name), font) in enumerate(zip(runs, fonts, strict=True)):
        if font is not None and name is not None:
            held.setdefault(name, []).append(at)
    for name, places in held.items():
        font = font_of(name)
        assert font is not None
        changed = [at for at in places if runs[at][0] != texts[at] and not kept[at]][:_SHOWN]
        yield FontUse(
            name,
            font.encoding,
            len(places),
            sum(kept[at] for at in places),
            sum(not word.isascii() for at in places for word in _WORD.findall(runs[at][0])),
            tuple(runs[at][0][:_WIDTH] for at in changed),
            tuple(texts[at][:_WIDTH] for at in changed),
        )
