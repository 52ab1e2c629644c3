"""A text as the smallest pieces a change may consist of: syllables, signs, and what is one to a reader.

One token each: a syllable with all its marks, a number with its separators, a fraction, a
percentage, an amount with its words and unit ("03 (ba) ủy viên"), a date or a part of one, a
document number, a cross-reference, a label ("đ1)"), an address, a sign. White space stands in
front of a token and belongs to none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from duthao.domain.compare.keys import LONG_CHUNK, folded
from duthao.domain.text import nfc

_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u093c\u093e-\u094f"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufeff\U0001f3fb-\U0001f3ff"
)
_LETTERS = rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*"
_UNITS = (
    "ngày làm việc|ngày|tháng|năm|giờ|phút|tuần|quý|lần|người|đồng chí|nghìn đồng|triệu đồng|tỷ đồng|tỉ đồng|"
    "đồng|triệu|tỷ|nhiệm kỳ|đảng viên|[ủu][yỷ] viên|bản|tuổi|phần trăm|"
    "days?|weeks?|months?|years?|tage?n?|wochen?|monaten?"
)
_DIGITS = r"\d+(?:[.,:]\d+)*(?:[/‐‑–-]\d+(?:[.,]\d+)*)*"
_ONES = "một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín"
_TENS = "mười|mươi|trăm|nghìn|ngàn|linh|lẻ"
_SPELT = rf"(?:{_ONES}|{_TENS}|{_UNITS}|rưỡi|phần|phẩy)(?!\w)"
_SPELT_OUT = rf"\({_SPELT}(?:\s+{_SPELT})*\)"
_LABEL = r"(?:\d+[a-zđ]{0,2}|[IVXLC]+|[a-zđ]\d{0,2})(?!\w)"
_REFERENCE = rf"(?:Điều|Khoản|Điểm|Chương|Mục|Tiểu mục|Phần|Phụ lục)\s+{_LABEL}"
_FOREIGN = (
    r"(?:§§?|Article|Section|Chapter|Paragraph|Artikel|Absatz|Kapitel|Nummer|Ziffer|Art\.|Abs\.|Nr\.)"
    r"\s*\d+[a-z]?(?!\w)(?:\(\w{1,3}\))*"
)
_FOREIGN_DAY = (
    r"\d{1,2}\.?\s(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)(?:\s\d{4})?(?!\w)"
)
_MONTH = r"tháng\s+\d{1,2}"
_YEAR = r"năm\s+\d{4}(?:\s?[-–]\s?\d{4})?"
_NO_MORE = r"(?!\d|[.,/]\d)"
_ATOM = re.compile(
    rf"ngày\s+\d{{1,2}}(?:\s+{_MONTH}(?:\s+{_YEAR})?|[/.-]\d{{1,2}}[/.-]\d{{2,4}}|{_NO_MORE})(?!\w)"
    rf"|{_MONTH}(?:\s+{_YEAR}|[/-]\d{{4}}|{_NO_MORE})(?!\w)"
    rf"|{_YEAR}(?!\w)"
    rf"|{_REFERENCE}(?:\s+{_REFERENCE})*"
    rf"|{_FOREIGN}(?:\s+{_FOREIGN})*"
    r"|https?://[^\s<>\"“”]*[\w/]"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|\d+[a-zđ]?(?:[/‐‑–-]\d+)*[/‐‑–-]{_LETTERS}(?:[/‐‑–-](?:{_LETTERS}|\d+))*"  # a document's number
    r"|(?:[a-zđ]\d{0,2}|\d+[a-zđ])\)"  # a label
    rf"|{_FOREIGN_DAY}"
    rf"|{_DIGITS}(?:\s?%)?(?:\s*{_SPELT_OUT})?(?:\s+(?:{_UNITS})(?!\w)(?:\s*{_SPELT_OUT})?)?(?:{_LETTERS}|\d+)*"
    rf"|(?:{_ONES})\s+phần\s+(?:{_ONES}|mười|trăm)(?!\w)(?:\s*\(\d+/\d+\))?"
    rf"|(?:(?:{_ONES})\s+)?(?:{_TENS})(?!\w)(?:\s+(?:{_ONES}|{_TENS})(?!\w))*",
    re.IGNORECASE,
)
_PIECE = re.compile(
    rf"(?P<word>{_LETTERS}(?:[-‐‑'’*_]?(?:{_LETTERS}|\d+))*)|(?P<digit>\d)"
    rf"|(?P<sign>(?P<run>[.…_*=-])(?P=run)+|\S[{_MARKS}]*(?:(?<=\u200d)[^\w\s][{_MARKS}]*)*)"
)
_STARTERS = frozenset(
    re.findall(
        r"\w+",
        "ngày tháng năm điều khoản điểm chương mục tiểu phần phụ article section chapter paragraph artikel "
        "absatz kapitel nummer ziffer art abs nr http https một mốt hai ba bốn tư lăm sáu bảy tám chín mười "
        "mươi trăm nghìn ngàn linh lẻ a b c d đ e f g h i j k l m n o p q r s t u v w x y z",
    )
)
"""Words at which something larger may begin; anything may where a digit stands."""

WORD = 20
"""The weight of a syllable: what keeping it is worth. A stop word is half, a sign .45 of it."""

SIGN = 9
"""The weight of a sign, and of nothing else."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `text`: token i is text[starts[i]:ends[i]].

    `same[i]` is what it is compared by, deaf to spelling; `weights[i]` what keeping it is worth.
    Starts and ends rise; between them stands white space only, and before the first and after
    the last too.
    """

    text: str
    starts: list[int]
    ends: list[int]
    same: list[str]
    weights: list[int]

    def __len__(self) -> int:
        return len(self.ends)

    def core(self, index: int) -> str:
        return self.text[self.starts[index] : self.ends[index]]

    def after(self, index: int) -> int:
        """Where token number `index` begins together with its white space."""
        return self.ends[index - 1] if index else 0

    def part(self, first: int, end: int) -> str:
        """Tokens first..end with the white space in front of each."""
        return self.text[self.after(first) : self.after(end)]

    def gap(self, index: int) -> str:
        """The white space in front of a token."""
        return self.text[self.after(index) : self.starts[index]]

    def part_end(self) -> str:
        """The white space behind the last token."""
        return self.text[self.after(len(self)) :]

    def cores(self) -> list[str]:
        return [self.core(index) for index in range(len(self))]


_STOP_WORDS = frozenset(
    folded(word)
    for word in re.findall(
        r"\w+",
        "và hoặc của các những cho theo về tại trong là thì mà để với do bởi từ đến có được bị khi này đó "
        "a an the of and or to in on by for is are be as at "
        "der die das des dem den und oder ein eine zu von mit im",
    )
)


@lru_cache(maxsize=16384)
def _known(core: str, group: str) -> tuple[str, int, bool]:
    """What a piece is compared by, its weight, and whether something larger may begin with it."""
    same = folded(core)
    if group == "word":
        return (
            same,
            WORD // 2 if same in _STOP_WORDS else WORD,
            core.rstrip("0123456789").lower() in _STARTERS,
        )
    if group == "sign":
        return same or core, SIGN, core == "§"
    return " ".join(same.split()), WORD * max(len(core.split()), 2), True


def _composed(text: str) -> tuple[str, list[int]]:
    """The text in NFC letter by letter, and where each of its characters begins in the text."""
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = nfc(text[start:end])
        pieces.append(piece)
        places.extend([start] * len(piece))
        start = end
    places.append(len(text))
    return "".join(pieces), places


def tokens(text: str) -> Tokens:
    """The text as tokens. In decomposed text they are the same ones, and no letter is cut."""
    composed, places = (text, None) if unicodedata.is_normalized("NFC", text) else _composed(text)
    found = _found(composed)
    starts, ends, same, weights = map(list, zip(*found, strict=True)) if found else ([], [], [], [])
    if places is not None:
        starts = [places[start] for start in starts]
        ends = [places[end] for end in ends]
    return Tokens(text, starts, ends, same, weights)


def _found(text: str) -> list[tuple[int, int, str, int]]:
    """Start, end, what it is compared by, and weight of each token of a composed text."""
    found: list[tuple[int, int, str, int]] = []
    mails = "@" in text
    at = reached = 0
    for chunk in text.split(" "):
        end = at + len(chunk)
        while reached < end:  # once, unless something larger ended inside the chunk
            if reached > at:
                chunk, at = chunk[reached - at :], reached
            reached = end
            for start, stop, key, weight, starter in (_pieces if end - at < LONG_CHUNK else _cut)(chunk):
                if (starter or mails) and (atom := _ATOM.match(text, at + start)) is not None:
                    found.append((at + start, atom.end(), *_known(atom.group(), "atom")[:2]))
                    if atom.end() != at + stop:
                        reached = atom.end()
                        break
                else:
                    found.append((at + start, at + stop, key, weight))
        at = end + 1
    return found


_Piece = tuple[int, int, str, int, bool]
"""Start and end in its chunk; what it is compared by, its weight, whether something larger may begin."""


def _cut(chunk: str) -> tuple[_Piece, ...]:
    return tuple(
        (*match.span(), *_known(match.group(), match.lastgroup or "")) for match in _PIECE.finditer(chunk)
    )


_pieces = lru_cache(maxsize=65536)(_cut)
