"""Numbers as Word writes them: `w:numFmt` (ECMA-376 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from duthao.domain.numbering import roman

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_ORDINALS = {1: "nhất", 4: "tư"}


def letters(number: int) -> str:
    """a … z, aa, bb …: Word repeats the letter. Vietnamese đ is none of them."""
    if number < 1:
        return ""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 50)


def _below_hundred(number: int, *, after_hundred: bool = False) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[ones]}" if after_hundred else _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return head
    tail = {1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, _DIGITS[ones])
    return f"{head} {tail}"


def words(number: int) -> str:
    """Vietnamese cardinal words: một, hai, … mười lăm, hai mươi mốt, một trăm linh năm."""
    if not 0 <= number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    head = f"{_DIGITS[hundreds]} trăm"
    return f"{head} {_below_hundred(rest, after_hundred=True)}" if rest else head


def ordinal(number: int) -> str:
    """thứ nhất, thứ hai, thứ ba, thứ tư, thứ năm …"""
    return f"thứ {_ORDINALS.get(number) or words(number)}"


def _english_ordinal(number: int) -> str:
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "upperRoman": lambda n: roman(n) if n < 4000 else str(n),
    "lowerRoman": lambda n: roman(n).lower() if n < 4000 else str(n),
    "upperLetter": lambda n: letters(n).upper(),
    "lowerLetter": letters,
    "ordinal": _english_ordinal,
    "vietnameseCounting": words,
    "cardinalText": words,
    "ordinalText": ordinal,
    "numberInDash": lambda n: f"- {n} -",
    "hex": lambda n: f"{n:X}",
    "none": lambda n: "",
    "bullet": lambda n: "",
}
"""Words (`cardinalText`, `ordinalText`) are Vietnamese, whatever Word's own language was."""

WORDED = frozenset(("cardinalText", "ordinalText"))


def written(number: int, format_: str) -> str:
    """The number in this format; in Arabic digits where the format is none we know."""
    return FORMATS.get(format_, str)(number)
