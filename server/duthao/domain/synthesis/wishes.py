"""What an opinion asks for, without how it is put: its words folded, weighed, and what must not differ.

Two people who want the same write it differently: "Đề nghị bổ sung …", "Đồng chí X kiến nghị thêm …
cho đầy đủ". Courtesies, who speaks, and the provision that both are about anyway weigh nothing, a
reason weighs little. Numbers, quoted words, and whether something shall come, go or stay must agree:
"3 ngày" and "5 ngày" are alike in every other word and ask for two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from duthao.domain.compare.keys import folded
from duthao.domain.outline import KIND_OF_SEGMENT
from duthao.domain.references.citing import NAMES
from duthao.domain.references.phrases import find

REASON: Final = 0.2
"""The weight of a word in a clause of reason, where one in the request has 1."""

PAIR: Final = 0.5
"""The weight of two neighbours: the order of words tells something, syllables tell more."""

MOST_WORDS: Final = 400
"""Words of an opinion that are weighed: of a longer one its beginning."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An opinion made ready for comparing.

    `weights` are its words and pairs of neighbours; `size` is their sum. `numbers` in their order,
    `quotes` the words it quotes or proposes, folded. `acts` is what it asks to be done ("add", "remove",
    …), `denied` whether an odd number of words of it says no.
    """

    weights: tuple[tuple[str, float], ...]
    size: float
    numbers: tuple[str, ...]
    quotes: tuple[str, ...]
    acts: frozenset[str]
    denied: bool
    wording: str
    cited: frozenset[str] = frozenset()


def _all(*words: str) -> tuple[str, ...]:
    return tuple(sorted(map(folded, words), key=len, reverse=True))


_ABBREVIATIONS: Final = {
    folded(short): folded(long)
    for short, long in {
        "bch": "ban chấp hành", "btv": "ban thường vụ", "đ/c": "đồng chí", "ubnd": "ủy ban nhân dân",
        "hđnd": "hội đồng nhân dân", "ubkt": "ủy ban kiểm tra", "mttq": "mặt trận tổ quốc",
        "cntt": "công nghệ thông tin", "kĩ": "kỹ", "kí": "ký", "lí": "lý", "hàng quý": "hằng quý",
        "hàng năm": "hằng năm", "hàng tháng": "hằng tháng", "hai": "2", "mười": "10", "một lần": "1 lần",
        "thống nhất với": "nhất trí", "nhất trí với": "nhất trí", "thống nhất nội dung": "nhất trí",
    }.items()
}  # fmt: skip

_ACTS: Final = {
    "add": _all("bổ sung thêm", "bổ sung", "thêm", "ghi thêm", "đưa thêm"),
    "remove": _all("bãi bỏ", "lược bỏ", "bỏ", "cắt bỏ", "xóa bỏ", "xóa", "loại bỏ"),
    "change": _all(
        "chỉnh sửa", "điều chỉnh", "sửa đổi", "sửa lại", "sửa", "thay thế", "thay đổi", "thay", "viết lại",
        "diễn đạt lại",
    ),
    "keep": _all("giữ nguyên", "giữ lại", "giữ"),
    "raise": _all("tăng", "nâng", "kéo dài", "mở rộng"),
    "lower": _all("giảm", "rút ngắn", "hạ", "thu hẹp"),
    "clarify": _all(
        "làm rõ", "quy định rõ", "nêu rõ", "ghi rõ", "quy định cụ thể", "cụ thể hóa", "giải thích rõ",
        "giải thích", "nói rõ",
    ),
    "move": _all("chuyển", "đưa lên", "đưa xuống", "di chuyển"),
    "join": _all("gộp", "ghép", "nhập"),
    "part": _all("tách", "chia"),
    "agree": _all("nhất trí", "đồng ý", "tán thành"),
}  # fmt: skip
"""What may be asked, and the words it is asked with."""

_OPPOSED: Final = (
    ("add", "remove"), ("raise", "lower"), ("join", "part"), ("remove", "keep"), ("change", "keep"),
    ("change", "remove"), ("clarify", "remove"), ("move", "remove"), ("move", "keep"),
)  # fmt: skip

_COURTESIES: Final = _all(
    "kính đề nghị", "đề nghị", "kiến nghị", "đề xuất", "góp ý", "xem xét", "nghiên cứu", "cân nhắc", "nên",
    "cần", "phải", "được", "ban soạn thảo", "tổ biên tập", "cơ quan soạn thảo", "tổ soạn thảo", "theo tôi",
    "tôi", "chúng tôi", "cụm từ", "từ", "chữ", "như sau", "nội dung", "quy định", "về", "việc", "của", "và",
    "các", "những", "cho", "với", "vào", "là", "thì", "mà", "này", "trong", "tại", "ở", "có", "lại", "nữa",
    "đúng", "theo", "cơ bản", "hoàn toàn", "toàn bộ", "toàn văn", "số", "đơn vị", "giữa", "thành", "bằng",
    "một", "rõ", "cụ thể", "như",
)  # fmt: skip
"""Words that tell nobody what is asked: courtesies, who drafts, and what grammar needs."""

_SPEAKER: Final = re.compile(
    r"^[\s\-–+*•\d.)]*"
    r"(?:(?:đ/c|đồng chí|ông|bà|ban|sở|phòng|văn phòng|ủy ban|đảng ủy|thành ủy|huyện ủy|chi bộ|đảng bộ|"
    r"công an|bộ chỉ huy|hội|đoàn|liên đoàn|mặt trận)\s[^.;“\"]{1,80}?|tôi|chúng tôi|đơn vị)\s*"
    r"(?::\s*|(?=\b(?:đề nghị|kiến nghị|đề xuất|có ý kiến|góp ý|cho rằng|"
    r"(?:cơ bản |hoàn toàn )?(?:thống nhất|nhất trí|đồng ý))\b))",
    re.IGNORECASE,
)
_CLAUSE_OF_REASON: Final = re.compile(
    r"[,;.]?\s(?:vì|do|để|nhằm|bởi|lý do(?: là)?|tránh(?= trùng)|trùng|kể từ"
    r"|cho (?:phù hợp|thống nhất|đầy đủ|đủ|chính xác|rõ|đúng|gọn|dễ|hợp lý))\b"
    r"(?:(?!,\s*(?:đề nghị|kiến nghị|nên|cần)\b)[^.;“])*",
    re.IGNORECASE,
)
_COMPLAINT: Final = re.compile(
    r"(?P<blamed>.{3,}?[,;.:])\s*(?:nên\s+)?(?:đề nghị|kiến nghị|đề xuất)\b", re.IGNORECASE | re.DOTALL
)
_NOTHING_MORE: Final = re.compile(
    r"[,;.]?\s*(?:và\s+)?không có (?:ý kiến|góp ý)(?: (?:gì|khác|thêm|bổ sung|nào|góp ý))*", re.IGNORECASE
)
_ONLY_AGREES: Final = frozenset(
    (*folded("dự thảo quy chế nghị quyết văn bản bố cục hình thức").split(), "@agree")
)
_QUOTED: Final = re.compile(r"[“\"«]\s*([^“”\"«»]{1,2000}?)\s*[”\"»]")
_WORD: Final = re.compile(r"\d+(?:[.,/]\d+)*(?:-[\w/-]+)?|@?\w[\w\u0300-\u036f]*")
_NUMBER: Final = re.compile(r"\d+(?:[.,/]\d+)*")
_NO: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_all('không', 'chưa', 'chớ', 'đừng'))})(?!\w)")
_WISH_OF_ACT: Final = {word: act for act, words in _ACTS.items() for word in words}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_PHRASES: Final = dict.fromkeys(_COURTESIES, "") | {word: f"@{act}" for word, act in _WISH_OF_ACT.items()}
"""What these words stand for: an act, or nothing."""


def _sizes() -> dict[str, tuple[int, ...]]:
    """For each word that begins a phrase how many words such phrases have, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in _PHRASES:
        first, *rest = phrase.split()
        found.setdefault(first, set()).add(len(rest) + 1)
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in found.items()}


_SIZES: Final = _sizes()
_SHORT: Final = re.compile(rf"(?<!\w)(?:{_any_of(_ABBREVIATIONS)})(?!\w)")
_AGREES: Final = folded("thống nhất")
_SPELT_OUT: Final = re.compile(r"(\d)\s*\([^()\d]{1,30}\)")
_NOUGHTS: Final = re.compile(r"(?<!\w)0+(?=\d)")


@lru_cache(maxsize=16_384)
def wish(text: str, wording: str = "", own: str = "") -> Wish:
    """What an opinion with this text and proposed wording asks for, on the provision of path `own`.

    Total; of a text of any length at most MOST_WORDS words are weighed.
    """
    text, cited = _without_place(_SPEAKER.sub("", text[:20_000], count=1), own)
    if "hông có" in text:
        text = _NOTHING_MORE.sub("", text)
    if folded(text).strip(" .,;") in ("", _AGREES):
        text = "nhất trí"
    complaint = _COMPLAINT.match(text)
    blamed = "" if complaint is None or _is_bare(text[complaint.end() :]) else complaint.group("blamed")
    request = text[len(blamed) :]
    clauses = [match.group() for match in _CLAUSE_OF_REASON.finditer(request)]
    reasons = " ".join((blamed, *clauses))
    if clauses:
        request = _CLAUSE_OF_REASON.sub(" ", request)
    if blamed:
        # What is blamed is often quoted, and asked about without saying it again.
        request = " ".join((*(match.group() for match in _QUOTED.finditer(blamed)), request))
    if reasons.strip() and not _words(folded(request)):
        request, reasons = text, ""
    quotes = tuple(_line(one) for one in _QUOTED.findall(request))
    plain = _line(request)
    proposed = _line(wording)
    asked = _words(plain)
    unquoted = _QUOTED.sub(" ", plain) if quotes else plain
    acts = frozenset(word[1:] for word in (_words(unquoted) if quotes else asked) if word[0] == "@")
    weights: dict[str, float] = {}
    if not proposed and not quotes and "agree" in acts and _ONLY_AGREES.issuperset(asked):
        return Wish((("@agree", 1.0),), 1.0, (), (), acts, False, "")
    for words, weight in ((asked, 1.0), (_words(proposed), 1.0), (_words(_line(reasons)), REASON)):
        _weigh(words, weight, weights)
    if proposed:
        quotes = (*quotes, proposed)
    return Wish(
        tuple(sorted(weights.items())),
        sum(weights.values()),
        tuple(_NUMBER.findall(unquoted)),
        quotes,
        acts,
        len(_NO.findall(unquoted)) % 2 == 1,
        proposed,
        cited,
    )


def _is_bare(request: str) -> bool:
    """Whether a request names nothing it is about: "…, đề nghị bổ sung."."""
    return all(word.startswith("@") for word in _words(_line(request)))


def _line(text: str) -> str:
    """Folded words: abbreviations and small numbers written one way."""
    if not text or text.isspace():
        return ""
    plain = folded(text)
    if "(" in plain:
        plain = _SPELT_OUT.sub(r"\1", plain)
    plain = _SHORT.sub(lambda found: _ABBREVIATIONS[found.group()], plain)
    if "0" in plain:
        plain = _NOUGHTS.sub("", plain)
    return " ".join(plain.split())


def _without_place(text: str, own: str) -> tuple[str, frozenset[str]]:
    """Without the names of the provision that the opinion is about, and of the units it stands in; and
    the others it names.
    """
    steps = dict(step.partition("#")[0].partition(":")[::2] for step in own.split("/") if step)
    made, at, cited = list[str](), 0, set[str]()
    for phrase in find(text):
        others = [
            f"{NAMES[item.kind]} {item.label}"
            for item in phrase.items
            if item.label is not None and steps.get(_SEGMENTS.get(item.kind, "")) != item.label
        ]
        made += [text[at : phrase.start], ", ".join(others)]
        at = phrase.end
        cited.update(others)
    return "".join((*made, text[at:])), frozenset(cited)


_SEGMENTS: Final = {kind: segment for segment, kind in KIND_OF_SEGMENT.items()}


def _words(line: str) -> Sequence[str]:
    """The words that tell, in their order; acts by their one name."""
    tokens = _WORD.findall(line)[:MOST_WORDS]
    told: list[str] = []
    at = 0
    while at < len(tokens):
        for size in _SIZES.get(tokens[at], ()):
            meant = _PHRASES.get(" ".join(tokens[at : at + size]))
            if meant is not None:
                told += [meant] if meant else []
                at += size
                break
        else:
            told.append(tokens[at])
            at += 1
    return told


def _weigh(words: Sequence[str], weight: float, weights: dict[str, float]) -> None:
    """Give each word and pair of neighbours its weight, where it has none yet: the heaviest come first."""
    before = ""
    for word in words:
        weights.setdefault(word, weight)
        if before:
            weights.setdefault(f"{before} {word}", weight * PAIR)
        before = word


# --- comparing --------------------------------------------------------------------------------------


def contrary(one: Wish, other: Wish) -> bool:
    """Whether two opinions cannot ask for the same, however alike their words are."""
    if one.wording and other.wording and akin(one.wording, other.wording) >= _SAME_WORDING:
        return False  # who proposes the same words asks for the same
    if one.wording and other.wording:
        return True
    if one.denied != other.denied:
        return True
    if one.cited and other.cited and one.cited.isdisjoint(other.cited):
        return True
    if _opposed(one.acts, other.acts) or _other_numbers(one.numbers, other.numbers):
        return True
    return _other_quotes(one.quotes, other.quotes)


_SAME_WORDING: Final = 0.85
_SAME_QUOTE: Final = 0.75


def _opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    """An act of one is the contrary of an act of the other, and is asked by neither side too."""
    only, also = one - other, other - one
    return any((a in only and b in also) or (b in only and a in also) for a, b in _OPPOSED)


def _other_numbers(one: Sequence[str], other: Sequence[str]) -> bool:
    """Not the same figures: the one arrived at is among all of the other's, and no figure contradicts.

    "từ 3 lên 5 ngày", "lên 5 ngày thay vì 3" and "5 ngày" agree, "từ 3 lên 7 ngày" does not.
    """
    mine, theirs = set(one), set(other)
    if mine == theirs:
        return False
    if not mine or not theirs:
        return True
    if not (mine <= theirs or theirs <= mine):
        return True
    few, many = (one, other) if mine < theirs else (other, one)
    # Of "từ 3 lên 5" the one who says less must mean the 5.
    return few[-1] not in (many[-1], many[0]) or (few[-1] == many[0] and len(set(few)) == 1 != len(many))


def _other_quotes(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one quotes what the other does not, or both the same words in another order."""
    if not one or not other:
        return False
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    places = [
        next((n for n, quote in enumerate(many) if akin(own, quote) >= _SAME_QUOTE), None) for own in few
    ]
    return None in places


def swapped(one: Wish, other: Wish) -> bool:
    """Whether both quote the same two words the other way round: "thay A bằng B", "thay B bằng A"."""
    if len(one.quotes) < 2 or len(other.quotes) < 2 or one.quotes[0] == one.quotes[1]:
        return False
    turned = one.quotes[0] == other.quotes[1] and one.quotes[1] == other.quotes[0]
    return turned and "change" in one.acts and "change" in other.acts


@lru_cache(maxsize=16_384)
def akin(one: str, other: str) -> float:
    """How alike two folded wordings are: 0 to 1, by their syllables and their signs' order (Dice)."""
    if one == other:
        return 1.0
    mine, theirs = _grams(one), _grams(other)
    if not mine or not theirs:
        return 0.0
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


@lru_cache(maxsize=16_384)
def _grams(line: str) -> frozenset[str]:
    words = _WORD.findall(line)[:MOST_WORDS]
    return frozenset((*words, *(f"{a} {b}" for a, b in pairwise(words))))
