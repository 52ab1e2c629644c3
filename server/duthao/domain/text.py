"""Vietnamese text: cleaning, the three rulers, and telling old encodings from Unicode.

One text is measured with three rulers: code points here, UTF-16 units in the browser, UTF-8
bytes in pycrdt. Each offset has its own type and is converted in this module only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NewType

from duthao.domain.document import CharOffset
from duthao.domain.errors import Refusal

Utf16Offset = NewType("Utf16Offset", int)
"""UTF-16 code units from the start of a text (the browser's ruler)."""

Utf8Offset = NewType("Utf8Offset", int)
"""UTF-8 bytes from the start of a text (pycrdt's ruler)."""

MAX_BYTES = 8 * 1024 * 1024
MAX_CHARACTERS = 2_000_000
MAX_LINES = 20_000
"""A text from outside has at most this many lines, hence provisions."""

LegacyEncoding = Literal["tcvn3", "vni"]
NoteCode = Literal[
    "composed",
    "line_breaks",
    "spaces",
    "hyphens",
    "invisible_removed",
    "control_removed",
    "surrogates_removed",
    "replacement_found",
]


@dataclass(frozen=True, slots=True)
class Note:
    """Something `clean` changed (or, for "replacement_found", saw) `count` times.

    "composed" counts lines that were not NFC; all others count characters.
    """

    code: NoteCode
    count: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text fit to be stored, and what was changed to make it so."""

    text: str
    notes: tuple[Note, ...]


_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_HYPHEN = re.compile("[\u2010\u2011]")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_STEPS: tuple[tuple[NoteCode, re.Pattern[str], str], ...] = (
    ("line_breaks", _LINE_BREAK, "\n"),
    ("spaces", _SPACE, " "),
    ("hyphens", _HYPHEN, "-"),
    ("invisible_removed", _INVISIBLE, ""),
    ("control_removed", _CONTROL, ""),
    ("surrogates_removed", _SURROGATE, ""),
)


def nfc(text: str) -> str:
    """The composed form (NFC): one code point for each Vietnamese letter."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean(text: str) -> Cleaned:
    """The text fit to be stored; total and idempotent.

    Guaranteed of the result: NFC; the only line break is "\\n" and the only space " "; no
    tab, control or invisible character, soft hyphen, byte order mark or lone surrogate.
    U+FFFD stays where it is, for nobody knows what stood there, and is reported.
    """
    notes: list[Note] = []
    for code, pattern, replacement in _STEPS:
        text, count = pattern.subn(replacement, text)
        if count:
            notes.append(Note(code, count))
    if not unicodedata.is_normalized("NFC", text):
        lines = sum(not unicodedata.is_normalized("NFC", line) for line in text.split("\n"))
        text = unicodedata.normalize("NFC", text)
        notes.insert(0, Note("composed", max(lines, 1)))
    if count := text.count("\ufffd"):
        notes.append(Note("replacement_found", count))
    return Cleaned(text, tuple(notes))


def clean_line(text: str) -> str:
    """`clean` for one provision's text: line breaks become spaces, ends are trimmed."""
    return " ".join(clean(text).text.split("\n")).strip(" ")


def squeeze(text: str) -> str:
    """The text with every run of white space as one space, and none at its ends."""
    return " ".join(text.split())


_MAX_STRAIGHT_QUOTE = 200


def typographic_quotations(lines: Sequence[str]) -> dict[int, int]:
    """For each line that leaves a “ open: the line that closes it, or -1."""
    depths = [0]
    for line in lines:
        depths.append(depths[-1] + line.count("“") - line.count("”"))
    closing: dict[int, int] = {}
    waiting: list[int] = []
    for index in range(len(lines)):
        while waiting and depths[index + 1] <= depths[waiting[-1]]:
            closing[waiting.pop()] = index
        if depths[index + 1] > depths[index]:
            waiting.append(index)
    closing.update((index, -1) for index in waiting)
    return closing


def straight_quotations(lines: Sequence[str]) -> dict[int, int]:
    """For each line that begins with an unclosed straight quote: the line that closes it."""
    odd = [index for index, line in enumerate(lines) if line.count('"') % 2]
    return {
        here: there
        for here, there in pairwise(odd)
        if lines[here].lstrip().startswith('"') and there - here <= _MAX_STRAIGHT_QUOTE
    }


# --- the three rulers -----------------------------------------------------------------------


def utf16_from_char(text: str, offset: CharOffset) -> Utf16Offset:
    """UTF-16 units before `offset`, which is held within the text."""
    head = text[: max(offset, 0)]
    return Utf16Offset(len(head) + sum(character > "\uffff" for character in head))


def char_from_utf16(text: str, offset: Utf16Offset) -> CharOffset:
    """Code points before `offset`; inside a surrogate pair it is the pair's start."""
    if text.isascii() or not any(character > "\uffff" for character in text):
        return CharOffset(min(max(offset, 0), len(text)))
    units = 0
    for index, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > offset:
            return CharOffset(index)
    return CharOffset(len(text))


def utf8_from_char(text: str, offset: CharOffset) -> Utf8Offset:
    """UTF-8 bytes before `offset`, which is held within the text."""
    return Utf8Offset(len(text[: max(offset, 0)].encode("utf-8", "surrogatepass")))


def char_from_utf8(text: str, offset: Utf8Offset) -> CharOffset:
    """Code points before `offset`; inside a character it is the character's start."""
    head = text.encode("utf-8", "surrogatepass")[: max(offset, 0)]
    return CharOffset(len(head.decode("utf-8", "ignore")))


# --- old encodings --------------------------------------------------------------------------

# Letters of TCVN 5712 (ABC) as they look when its bytes are read as Latin-1 (norms C3).
_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦μ",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯà",
        strict=True,
    )
)
# Those that are no letters in Latin-1: in Unicode text they do not stand inside words.
_TCVN3_SIGNS = frozenset(sign for sign in _TCVN3 if not sign.isalpha()) | frozenset("µμª")

_TONES = {"sắc": "\u0301", "huyền": "\u0300", "hỏi": "\u0309", "ngã": "\u0303", "nặng": "\u0323"}
_VNI_MARKS = {
    "ù": _TONES["sắc"],
    "ø": _TONES["huyền"],
    "û": _TONES["hỏi"],
    "õ": _TONES["ngã"],
    "ï": _TONES["nặng"],
    **{mark: "\u0302" + tone for mark, tone in zip("âáàåãä", ("", *_TONES.values()), strict=True)},
    **{mark: "\u0306" + tone for mark, tone in zip("êéèúüë", ("", *_TONES.values()), strict=True)},
}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}

_TONE = re.compile(f"[{''.join(_TONES.values())}]")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    "(?:iêu|yêu|oai|oay|oao|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|iê|yê|oa|oă|oe|"
    "oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|[aăâeêioôơuưy])"
    "(?:ch|ng|nh|[cmnpt])?"
)
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}<>/\\|\"'“”‘’…=+*&%#@_~^`–—-]+")
_SAMPLE = 200_000
"""Characters looked at: enough for certainty, and detection stays fast on the largest text."""


def is_syllable(word: str) -> bool:
    """Whether the word is spelt like one Vietnamese syllable (Unicode, any case)."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    bare, tones = _TONE.subn("", decomposed)
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def _from_tcvn3(word: str) -> str:
    return "".join(_TCVN3.get(sign, sign) for sign in word)


def _from_vni(word: str) -> str:
    written: list[str] = []
    for sign in word.lower():
        if sign in _VNI_MARKS and written and written[-1][-1] in "aeoyuơư":
            written.append(_VNI_MARKS[sign])
        else:
            written.append(_VNI_ALONE.get(sign, sign))
    return unicodedata.normalize("NFC", "".join(written))


def _is_sure(words: int, readable: int, as_they_are: int, distinct: int) -> bool:
    """Nearly all marked words read as Vietnamese in the old encoding and few do as they are."""
    return distinct >= 3 and readable >= 0.7 * words and as_they_are <= 0.5 * words


def legacy_encoding(text: str) -> LegacyEncoding | None:
    """The old Vietnamese encoding this text was typed in, told by statistics; None for Unicode.

    Expects the text before `clean` (which removes the soft hyphen, TCVN3's "ư"). Judged are
    the words with a letter outside ASCII: in an old encoding they read as syllables only
    after conversion. At least three different words are asked for, so a stray sign is never
    taken for an encoding.
    """
    marked = [word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii()]
    if not marked:
        return None
    as_they_are = sum(is_syllable(word) for word in marked)
    tcvn3 = [word for word in marked if is_syllable(_from_tcvn3(word))]
    signed = sum(len(word) > 1 and not _TCVN3_SIGNS.isdisjoint(word) for word in tcvn3)
    distinct = {word for word in tcvn3 if not is_syllable(word)}
    if (
        signed
        and 10 * signed >= len(marked)
        and _is_sure(len(marked), len(tcvn3), as_they_are, len(distinct))
    ):
        return "tcvn3"
    vni = [word for word in marked if not is_syllable(word) and is_syllable(_from_vni(word))]
    if _is_sure(len(marked), len(vni), as_they_are, len(set(vni))):
        return "vni"
    return None


# --- texts from outside ---------------------------------------------------------------------


def _too_large() -> Refusal:
    return Refusal(
        "text_too_large", mebibytes=MAX_BYTES // (1024 * 1024), characters=MAX_CHARACTERS, lines=MAX_LINES
    )


def _is_binary(text: str) -> bool:
    """NUL never stands in a text; other control characters only by accident."""
    head = text[:_SAMPLE]
    return "\0" in head or len(_CONTROL.findall(head)) - head.count("\t") - head.count("\r") > len(head) // 50


def check_text(text: str) -> str:
    """The same text when it may come in, before `clean`.

    Raises Refusal: text_empty, text_too_large, text_binary, text_legacy_encoding
    (detail `encoding`: "TCVN3 (ABC)" or "VNI").
    """
    if len(text) > MAX_CHARACTERS:
        raise _too_large()
    if not clean(text[:_SAMPLE]).text.strip() and not clean(text).text.strip():
        raise Refusal("text_empty")
    if _is_binary(text):
        raise Refusal("text_binary")
    if text.count("\n") + text.count("\r") - text.count("\r\n") >= MAX_LINES:
        raise _too_large()
    encoding = legacy_encoding(text)
    if encoding:
        raise Refusal("text_legacy_encoding", encoding="TCVN3 (ABC)" if encoding == "tcvn3" else "VNI")
    return text


_NOT_TEXT = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")


def decode_upload(data: bytes) -> str:
    """The text in a file's bytes, not yet cleaned: UTF-8, or UTF-16 with its mark.

    Raises Refusal: those of `check_text`, and text_not_utf8 (detail `line`, from 1).
    """
    if len(data) > MAX_BYTES:
        raise _too_large()
    if data.startswith(_NOT_TEXT):
        raise Refusal("text_binary")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return check_text(data.decode("utf-16"))
        return check_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        as_latin = data.decode("latin-1")
        if _is_binary(re.sub("[\x80-\x9f]", "", as_latin)):
            raise Refusal("text_binary") from None
        check_text(re.sub("[\x80-\x9f]", "", as_latin))
        raise Refusal("text_not_utf8", line=data.count(b"\n", 0, error.start) + 1) from None
