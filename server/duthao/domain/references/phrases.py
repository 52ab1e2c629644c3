"""References as they are written: "khoản 2 Điều 5", "các điều 5, 6 và 7", "điểm a khoản này".

The grammar is that of norms B6 (tested there on 49 amending laws), its right binding included: a
list of points belongs to the next khoản, a list of clauses to the next Điều, so that "điểm a, điểm
c khoản 2, khoản 3 Điều 5 và Điều 7" are four targets. What speaks of another document ("Điều 21 của
Luật Quản lý thuế") is external and nobody's to renumber.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from duthao.domain.document import CharOffset, Document, Kind
from duthao.domain.numbering import normalised
from duthao.domain.outline import LEVELS
from duthao.domain.references.citing import KINDS
from duthao.domain.text import squeeze

MAX_ITEMS = 200
"""Items of one phrase; a longer list is cut there."""


@dataclass(frozen=True, slots=True)
class Item:
    """One unit named in a phrase. `label` is None for "này"; `start:end` is where the label stands.

    `parent` is the place, in the phrase, of the item that says where to look; None: where the
    reference itself stands. `target` is False for an item that only qualifies another. `until`:
    the range that begins at the item before ends here.
    """

    kind: Kind
    label: str | None
    start: CharOffset
    end: CharOffset
    parent: int | None = None
    target: bool = True
    until: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A reference with all its targets, `start:end` in the text it was found in."""

    start: CharOffset
    end: CharOffset
    items: tuple[Item, ...]
    external: bool


_NUMBER = r"\d{1,4}[a-zđ]{0,2}"
_ROMAN = r"(?:[IVXLC]{1,7}[a-zđ]?|\d{1,3}[a-zđ]?)"
_LABELS = {
    Kind.POINT: re.compile(r"[a-zđ]\d{0,2}"),
    Kind.CLAUSE: re.compile(_NUMBER),
    Kind.ARTICLE: re.compile(_NUMBER),
    Kind.SUBSECTION: re.compile(_ROMAN),
    Kind.SECTION: re.compile(_ROMAN),
    Kind.CHAPTER: re.compile(_ROMAN),
    Kind.PART: re.compile(rf"(?:thứ\s+\w+|{_ROMAN})"),
    Kind.APPENDIX: re.compile(_ROMAN),
}
_UNIT = r"(?P<unit>[Đđ]iểm|[Kk]hoản|[ĐÐđ]iều|[Tt]iểu mục|[Mm]ục|[Cc]hương|[Pp]hần|[Pp]hụ lục)"
_OPENING = re.compile(rf"(?<!\w)(?:[Cc]ác\s+|[Tt]ừ\s+)?{_UNIT}\s+", re.UNICODE)
_NEXT_UNIT = re.compile(rf"\s+(?:(?:của|thuộc|tại|trong|ở)\s+)?(?:các\s+)?{_UNIT}\s+")
_SEPARATOR = re.compile(r"\s*(?:(?:,\s*và|,\s*hoặc|và|hoặc|hay)\s+|[,;]\s*)(?:từ\s+)?(?:các\s+)?")
_UNTIL = re.compile(r"\s*(?:đến|tới|[-–])\s*(?:hết\s+)?")
_UNIT_HERE = re.compile(rf"{_UNIT}\s+")
_THIS = re.compile(r"này(?!\w)")
_GOES_ON = re.compile(
    r"\s*(?:[,.;:)\]”\"/]|$|\n|\s(?:và|hoặc|hay|đến|tới|của|thuộc|tại|trong|này|nêu|trên|đã|thì|được|phải|có"
    r"|mà|là|như|theo|quy|do|các|bị|không|về|cho|với|ở|[Đđ]iều|[Kk]hoản|[Đđ]iểm|[Cc]hương|[Mm]ục|[Pp]hần"
    r"|Luật|Bộ luật|Nghị|Thông|Quy|Quyết|Pháp|Hiến)(?!\w))"
)
_DOCUMENT = (
    r"(?:Luật|Bộ luật|Hiến pháp|Pháp lệnh|Nghị quyết|Nghị định|Thông tư(?: liên tịch)?|Quyết định|Quy định|"
    r"Quy chế|Quy trình|Điều lệ|Chỉ thị|Hướng dẫn|Kết luận|Thông báo|Kế hoạch|Nội quy|Hiệp định|Công ước)"
)
_AFTER = re.compile(
    rf"\s*,?\s*(?:(?:của|tại|trong|theo|ban hành kèm theo)\s+)?(?P<name>{_DOCUMENT})(?!\w)(?P<rest>.*)", re.S
)
_THIS_ONE = re.compile(r"\s+này(?!\w)")
_OWN = re.compile(r"(?:\s+[^\W\d_]+){0,5}?\s+này(?!\w)")


def _label(text: str, at: int, kind: Kind, *, bare: bool) -> tuple[str | None, int] | None:
    """(label, end) of the label at a place; None when there is none. `bare`: no unit stands before it."""
    this = _THIS.match(text, at)
    if this and not bare:
        return None, this.end()
    match = _LABELS[kind].match(text, at)
    if match is None or (
        match.end() < len(text) and (text[match.end()].isalnum() or text[match.end()] == "_")
    ):
        return None
    written = " ".join(match.group().split())
    if bare and not _GOES_ON.match(text, match.end()):
        return None  # a number or a letter that begins something else
    if text[match.end() : match.end() + 1] in "./" and text[match.end() + 1 : match.end() + 2].isdigit():
        return None
    label = normalised(kind, written)
    return None if label is None else (label, match.end())


_COMPOUNDS = re.compile(
    r"(?<!\w)(?:thời|quan|địa|ưu|khuyết|nhược|trọng|đặc|tâm|cao|giao|yếu|thí|luận|xuất|bình|mốc thời|"
    r"tài|hạng|danh|chuyên|thư|đề|thành|cổ|học|một|bộ|đa|toàn|hội|phương|song|tiết)\s+$",
    re.IGNORECASE,
)
"""Words that make another word of the unit's name: "thời điểm này", "tài khoản", "danh mục 2"."""


class _Reading:
    """One phrase under way: items from left to right, then bound to one another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.items: list[Item] = []
        self.joined: list[bool] = []
        """Whether each item follows the one before without a separator."""

    def take(self, kind: Kind, at: int, *, bare: bool, joined: bool, until: bool = False) -> int | None:
        found = _label(self.text, at, kind, bare=bare)
        if found is None or len(self.items) >= MAX_ITEMS:
            return None
        label, end = found
        self.items.append(Item(kind, label, CharOffset(at), CharOffset(end), until=until))
        self.joined.append(joined)
        return end

    def following(self, end: int) -> int | None:
        """Take in one item more behind `end`; where it ends, None when there is none."""
        text = self.text
        last = self.items[-1]
        if (unit := _NEXT_UNIT.match(text, end)) is not None:
            return self.take(_kind(unit["unit"]), unit.end(), bare=False, joined=True)
        until = _UNTIL.match(text, end)
        if until is not None and until.end() > end:
            found = self._listed(until.end(), last, until=True)
            if found is not None:
                return found
        separator = _SEPARATOR.match(text, end)
        return None if separator is None else self._listed(separator.end(), last, until=False)

    def _listed(self, at: int, last: Item, *, until: bool) -> int | None:
        unit = _UNIT_HERE.match(self.text, at)
        if unit is not None:
            return self.take(_kind(unit["unit"]), unit.end(), bare=False, joined=False, until=until)
        return self.take(last.kind, at, bare=True, joined=False, until=until)

    def bound(self) -> tuple[Item, ...]:
        """The items, each with what it stands under."""
        items, rank = self.items, [LEVELS[item.kind] for item in self.items]
        made: list[Item] = []
        for n, item in enumerate(items):
            parent = next((m for m in range(n + 1, len(items)) if self._holds(n, m, rank)), None)
            if parent is None and self.joined[n] and rank[n - 1] < rank[n]:
                parent = n - 1  # "Điều 5 khoản 2": written from above
            qualifies = self.joined[n] and rank[n] < rank[n - 1]
            qualifies = qualifies or (n + 1 < len(items) and self.joined[n + 1] and rank[n + 1] > rank[n])
            made.append(replace(item, parent=parent, target=not qualifies))
        return tuple(made)

    def _holds(self, n: int, m: int, rank: Sequence[int]) -> bool:
        """Whether item m, to the right of n, is the unit that n stands under."""
        if rank[m] >= rank[n]:
            return False
        # The first higher one to the right, written straight behind the end of a list.
        return self.joined[m] and all(rank[k] > rank[m] for k in range(n, m))


def _kind(unit: str) -> Kind:
    return KINDS[unit.lower().replace("ð", "đ")]


def _ends_in_document(text: str, end: int, own: Sequence[str]) -> bool:
    """Whether the words behind a phrase name another document."""
    match = _AFTER.match(text, end)
    if match is None:
        return False
    rest = match["rest"]
    if _THIS_ONE.match(rest):
        return False
    named = f"{match['name']}{rest}".casefold()
    if any(name and named.startswith(name.casefold()) for name in own):
        return False
    return not (match["name"] in ("Quy chế", "Quy định", "Điều lệ", "Nội quy") and _OWN.match(rest))


def own_names(document: Document) -> tuple[str, ...]:
    """What a document calls itself, besides "Quy chế này": the `own` of `find`."""
    front = document.front
    return (squeeze(f"{front.type} {front.title}"),) if front.type and front.title else ()


@lru_cache(maxsize=8192)
def find(text: str, own: tuple[str, ...] = ()) -> tuple[Phrase, ...]:
    """All references in a text, from left to right; total, and linear in its length.

    `own` are names of the document itself ("Quy chế làm việc của Đảng ủy X"): a reference to them
    is internal, as one to "Quy chế này" is.
    """
    return tuple(_found(text, own))


def _found(text: str, own: tuple[str, ...]) -> Iterator[Phrase]:
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        if _COMPOUNDS.search(text[max(0, opening.start("unit") - 12) : opening.start("unit")]):
            at = opening.end()
            continue
        reading = _Reading(text)
        end = reading.take(_kind(opening["unit"]), opening.end(), bare=False, joined=False)
        if end is None:
            at = opening.end()
            continue
        while (further := reading.following(end)) is not None:
            end = further
        items = reading.bound()
        start = opening.start("unit")
        yield Phrase(CharOffset(start), CharOffset(end), items, _ends_in_document(text, end, own))
        at = end
