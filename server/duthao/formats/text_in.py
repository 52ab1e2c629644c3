"""Plain text as a `Paper`: Unicode in any of its forms, or an old code page that is told."""

from __future__ import annotations

import codecs

from duthao.domain.encodings.detection import legacy_encoding
from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Paper, Paragraph, Remark, Run
from duthao.domain.syllables import is_syllable
from duthao.domain.text import MAX_BYTES, nfc, too_large

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SAMPLE = 20_000
_WINDOWS = "cp1258"
"""Windows' own Vietnamese code page: letters, then tones as combining marks."""


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 is told by its zeros: in Vietnamese most letters have one for their high byte."""
    head = data[:_SAMPLE]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half // 3 and even < half // 20:
        return "utf-16-le"
    if even > half // 3 and odd < half // 20:
        return "utf-16-be"
    return None


def _reads_as_vietnamese(text: str) -> bool:
    marked = [word for word in text[:_SAMPLE].split() if not word.isascii()]
    words = [nfc(word).strip(".,;:!?()“”\"'-–/") for word in marked]
    return bool(words) and sum(map(is_syllable, words)) >= 0.7 * len(words)


def decode(data: bytes) -> tuple[str, str | None]:
    """The text, and the code page it was in when that is not Unicode.

    Raises Refusal: text_too_large, text_binary, text_not_utf8 (`line`).
    """
    if len(data) > MAX_BYTES:
        raise too_large()
    mark = next((code for sign, code in _MARKS if data.startswith(sign)), None) or _utf16_without_mark(data)
    try:
        return data.decode(mark or "utf-8"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    if b"\0" in data[:_SAMPLE]:
        raise Refusal("text_binary")
    for code in (_WINDOWS, "latin-1"):
        text = data.decode(code, "ignore")
        if code == _WINDOWS and _reads_as_vietnamese(text):
            return nfc(text), "Windows-1258"
        if code == "latin-1" and legacy_encoding(text) is not None:
            return text, None
    raise Refusal("text_not_utf8", line=line)


def read_text(data: bytes) -> Paper:
    """A paragraph for each line. Raises Refusal as `decode`."""
    text, page = decode(data)
    if "\0" in text[:_SAMPLE]:
        raise Refusal("text_binary")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    remarks = (Remark("code_page", 1, (page,)),) if page else ()
    return Paper(tuple(Paragraph((Run(line),) if line else ()) for line in lines), remarks)
