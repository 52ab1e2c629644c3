"""Vietnamese text: cleaning, the rulers, and what may come in from outside.

One text is measured in code points here and in UTF-8 bytes in pycrdt; each offset has its own type and
is converted in this module only. The browser's UTF-16 units never come here: it
counts code points before it sends a place (`pointsAt` of `client/src/model/text.ts`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NewType

from duthao.domain.document import CharOffset
from duthao.domain.encodings.conversion import NAMES
from duthao.domain.encodings.detection import legacy_encoding
from duthao.domain.errors import Refusal

Utf8Offset = NewType("Utf8Offset", int)
"""UTF-8 bytes from the start of a text (pycrdt's ruler)."""

_SAMPLE = 200_000
"""Characters looked at to tell a text from something else."""
MAX_BYTES = 8 * 1024 * 1024
MAX_CHARACTERS = 2_000_000
MAX_LINES = 20_000
"""A text from outside has at most this many lines, hence provisions."""

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
        notes.insert(0, Note("composed", lines))
    if count := text.count("\ufffd"):
        notes.append(Note("replacement_found", count))
    return Cleaned(text, tuple(notes))


def clean_line(text: str) -> str:
    """`clean` for one provision's text: line breaks become spaces, ends are trimmed."""
    return " ".join(clean(text).text.split("\n")).strip(" ")


def squeeze(text: str) -> str:
    """The text with every run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def brief(text: str, most: int = 40) -> str:
    """The first words of a text, by which a person knows it again: of more than `most` characters those
    that end before, with "…". A first word longer than that is cut.
    """
    if len(text) <= most:
        return text
    head = text[: most + 1]
    return (head.rpartition(" ")[0].rstrip() or head[:most]) + "…"


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


# --- the rulers ------------------------------------------------------------------------------


def utf8_from_char(text: str, offset: CharOffset) -> Utf8Offset:
    """UTF-8 bytes before `offset`, which is held within the text."""
    return Utf8Offset(len(text[: max(offset, 0)].encode("utf-8", "surrogatepass")))


# --- texts from outside ---------------------------------------------------------------------


def too_large() -> Refusal:
    """What a text beyond our bounds is refused with."""
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
        raise too_large()
    if not clean(text[:_SAMPLE]).text.strip() and not clean(text).text.strip():
        raise Refusal("text_empty")
    if _is_binary(text):
        raise Refusal("text_binary")
    if text.count("\n") + text.count("\r") - text.count("\r\n") >= MAX_LINES:
        raise too_large()
    encoding = legacy_encoding(text)
    if encoding:
        raise Refusal("text_legacy_encoding", encoding=NAMES[encoding])
    return text


_NOT_TEXT = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")


def decode_upload(data: bytes) -> str:
    """The text in a file's bytes, not yet cleaned: UTF-8, or UTF-16 with its mark.

    Raises Refusal: those of `check_text`, and text_not_utf8 (detail `line`, from 1).
    """
    if len(data) > MAX_BYTES:
        raise too_large()
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
