"""Words inside a pair of texts: what was kept, deleted and inserted, by whole syllables.

diff-match-patch works on characters, so each token is given one character. Spaces are carried
by the token they precede and never compared, which keeps changes from being glued together
by blanks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from diff_match_patch import diff_match_patch

from duthao.domain.compare.result import Op, Span
from duthao.domain.compare.sequences import longest_increasing
from duthao.domain.text import nfc

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_UNITS = (
    "ngày làm việc|ngày|tháng|năm|giờ|phút|tuần|quý|lần|người|đồng chí|đồng|triệu đồng|tỷ đồng|triệu|tỷ|"
    "nhiệm kỳ|đảng viên|ủy viên|bản|tuổi|phần trăm"
)
_NUMBER = r"\d+(?:[.,]\d+)*(?:/\d+)*"
_LABEL = r"(?:\d+[a-zđ]{0,2}|[IVXLC]+|[a-zđ]\d?)(?!\w)"
_REFERENCE = rf"(?:Điều|Khoản|Điểm|Chương|Mục|Tiểu mục|Phần|Phụ lục)\s+{_LABEL}"
_TOKEN = re.compile(
    rf"(?P<date>ngày\s+\d{{1,2}}\s+tháng\s+\d{{1,2}}(?:\s+năm\s+\d{{4}})?)"
    rf"|(?P<reference>{_REFERENCE}(?:\s+{_REFERENCE})*)"
    rf"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<document>\d+[a-z]?(?:[/-](?:{_LETTER}|\d)+)+)"
    rf"|(?P<amount>{_NUMBER}\s*(?:%|\([^\W\d_]+(?:\s[^\W\d_]+){{0,3}}\)(?:\s+(?:{_UNITS})(?!\w))?|(?:{_UNITS})(?!\w)))"
    rf"|(?P<number>{_NUMBER}(?:{_LETTER})*)"
    rf"|(?P<word>(?:{_LETTER})+)"
    r"|(?P<sign>\S)",
    re.IGNORECASE,
)
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "và hoặc của các những cho theo về tại trong là thì mà để với do bởi từ đến có được bị khi",
    )
)

MAX_TOKENS = 200_000
"""Tokens on one side beyond which a text is replaced whole."""

_MAX_WORK = 4_000_000
"""Tokens × tokens beyond which the two texts are first parted at words both have once."""

KEPT = 0.25
"""Less weight kept than this part makes a whole replacement: islands would only confuse."""

_DMP = diff_match_patch()
_DMP.Diff_Timeout = 0  # bounded by work, never by the clock: the same answer on every machine

_Change = Literal["=", "x"]


@dataclass(frozen=True, slots=True)
class Token:
    """`gap` is the white space in front of `core`; `weight` 2 for words, 1 for signs."""

    gap: str
    core: str
    same: str
    weight: int


def tokens(text: str) -> tuple[Token, ...]:
    """The text as tokens; joined gaps and cores give the text, white space at its end included."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        core = match.group()
        same = " ".join(nfc(core).split())
        found.append(Token(text[end : match.start()], core, same, 1 if match.lastgroup == "sign" else 2))
        end = match.end()
    if end < len(text):
        found.append(Token(text[end:], "", "", 0))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Block:
    """Tokens before[a:b] against after[c:d]; equal ones have the same length on both sides."""

    equal: bool
    a: int
    b: int
    c: int
    d: int


def _characters(before: Sequence[Token], after: Sequence[Token]) -> tuple[str, str]:
    known: dict[str, str] = {}

    def one(token: Token) -> str:
        character = known.get(token.same)
        if character is None:
            number = 0x100 + len(known)
            character = known[token.same] = chr(number if number < 0xD800 else number + 0x800)
        return character

    return "".join(map(one, before)), "".join(map(one, after))


def _blocks(left: str, right: str, a: int = 0, c: int = 0) -> list[_Block]:
    """Blocks of two encoded texts; runs of deletions and insertions are one block."""
    found: list[_Block] = []
    for op, piece in _DMP.diff_main(left, right, False):
        b, d = a + len(piece) * (op <= 0), c + len(piece) * (op >= 0)
        if op and found and not found[-1].equal:
            last = found.pop()
            found.append(_Block(False, last.a, b, last.c, d))
        else:
            found.append(_Block(op == 0, a, b, c, d))
        a, c = b, d
    return found


def _anchors(left: str, right: str) -> list[tuple[int, int]]:
    """Tokens that stand once on each side, as many as keep their order."""
    in_left, in_right = Counter(left), Counter(right)
    place = {sign: index for index, sign in enumerate(right) if in_right[sign] == 1}
    shared = [(i, place[s]) for i, s in enumerate(left) if in_left[s] == 1 and s in place]
    kept = longest_increasing([j for _, j in shared], [1] * len(shared))
    return [shared[index] for index in kept]


def _bounded_blocks(left: str, right: str) -> list[_Block]:
    """`_blocks`, parted at anchors when the texts are long; what stays too large is replaced."""
    if len(left) * len(right) <= _MAX_WORK:
        return _blocks(left, right)
    found: list[_Block] = []
    a = c = 0
    for i, j in [*_anchors(left, right), (len(left), len(right))]:
        if (i - a) * (j - c) <= _MAX_WORK:
            found.extend(_blocks(left[a:i], right[c:j], a, c))
        else:
            found.append(_Block(False, a, i, c, j))
        if i < len(left):
            found.append(_Block(True, i, i + 1, j, j + 1))
        a, c = i + 1, j + 1
    return _merged(found)


def _merged(blocks: Sequence[_Block]) -> list[_Block]:
    found: list[_Block] = []
    for block in blocks:
        if block.a == block.b and block.c == block.d:
            continue
        if found and found[-1].equal == block.equal:
            last = found.pop()
            block = _Block(block.equal, last.a, block.b, last.c, block.d)
        found.append(block)
    return found


def _size(block: _Block) -> int:
    return max(block.b - block.a, block.d - block.c)


def _is_noise(island: Sequence[Token], left: _Block, right: _Block) -> bool:
    """Whether kept words between two changes hinder reading more than they help."""
    words = [token.same.casefold() for token in island if token.weight == 2]
    smaller, larger = sorted((_size(left), _size(right)))
    if not words:
        return smaller >= 3 and len(island) == 1
    if len(words) > 1 or len(island) > 2:
        return False
    return smaller >= 3 or (words[0] in _STOP_WORDS and smaller >= 2 and larger >= 3)


def _without_islands(blocks: Sequence[_Block], before: Sequence[Token]) -> list[_Block]:
    found: list[_Block] = []
    for index, block in enumerate(blocks):
        if (
            block.equal
            and found
            and index + 1 < len(blocks)
            and _is_noise(before[block.a : block.b], found[-1], blocks[index + 1])
        ):
            block = _Block(False, block.a, block.b, block.c, block.d)
        if found and not found[-1].equal and not block.equal:
            last = found.pop()
            block = _Block(False, last.a, block.b, last.c, block.d)
        found.append(block)
    return found


class _Writer:
    """Collects spans: neighbours of one sign are joined, deletions stand before insertions."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.waiting: dict[Op, list[str]] = {"-": [], "+": []}

    def change(self, deleted: str, inserted: str) -> None:
        self.waiting["-"].append(deleted)
        self.waiting["+"].append(inserted)

    def _flush(self) -> None:
        deleted, inserted = "".join(self.waiting["-"]), "".join(self.waiting["+"])
        self.waiting = {"-": [], "+": []}
        head = _common_space(deleted, inserted)
        tail = _common_space(deleted[:head:-1], inserted[:head:-1])
        self._keep(deleted[:head])
        for op, text in (("-", deleted), ("+", inserted)):
            cut = text[head : len(text) - tail]
            if cut:
                self.spans.append(("-" if op == "-" else "+", cut))
        self._keep(deleted[len(deleted) - tail :] if tail else "")

    def _keep(self, text: str) -> None:
        if not text:
            return
        if self.spans and self.spans[-1][0] == "=":
            text = self.spans.pop()[1] + text
        self.spans.append(("=", text))

    def keep(self, text: str) -> None:
        if text:
            self._flush()
            self._keep(text)

    def done(self) -> tuple[Span, ...]:
        self._flush()
        return tuple(self.spans)


def _common_space(left: str, right: str) -> int:
    """How many white-space characters both begin with."""
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count] and left[count].isspace():
        count += 1
    return count


def _text(part: Sequence[Token]) -> str:
    return "".join(token.gap + token.core for token in part)


def _kept_share(blocks: Sequence[_Block], before: Sequence[Token], after: Sequence[Token]) -> float:
    """Weight kept against the weight of both sides; 1 when one side only gained words."""
    total = sum(token.weight for token in before) + sum(token.weight for token in after)
    kept = sum(token.weight for block in blocks if block.equal for token in before[block.a : block.b])
    if not total or kept == min(sum(t.weight for t in before), sum(t.weight for t in after)) > 0:
        return 1.0
    return 2 * kept / total


def whole(before: str, after: str) -> tuple[Span, ...]:
    """The one text out, the other in."""
    spans: tuple[Span, ...] = (("-", before), ("+", after))
    return tuple(span for span in spans if span[1])


def _hopeless(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether too few words are shared, in whatever order, for anything worth showing."""
    if max(len(before), len(after)) > MAX_TOKENS:
        return True
    left = Counter(token.same for token in before if token.weight == 2)
    right = Counter(token.same for token in after if token.weight == 2)
    shared = sum(min(count, right[word]) for word, count in left.items())
    smaller = min(left.total(), right.total())
    return shared < smaller and 2 * shared < KEPT * (left.total() + right.total())


def word_spans(before: str, after: str) -> tuple[Span, ...]:
    """What was kept, deleted and inserted between two texts.

    Guaranteed: "=" and "-" joined give `before`, "=" and "+" joined give `after`, character for
    character; no syllable is cut; the same texts always give the same spans. A text of which
    less than `KEPT` of the weight stays is replaced whole.
    """
    if before == after:
        return (("=", before),) if before else ()
    left, right = tokens(before), tokens(after)
    if _hopeless(left, right):
        return whole(before, after)
    blocks = _without_islands(_bounded_blocks(*_characters(left, right)), left)
    if _kept_share(blocks, left, right) < KEPT:
        return whole(before, after)
    writer = _Writer()
    for block in blocks:
        if not block.equal:
            writer.change(_text(left[block.a : block.b]), _text(right[block.c : block.d]))
            continue
        for old, new in zip(left[block.a : block.b], right[block.c : block.d], strict=True):
            for was, now in ((old.gap, new.gap), (old.core, new.core)):
                if was == now:
                    writer.keep(was)
                else:
                    writer.change(was, now)
    return writer.done()


def is_replaced(spans: Sequence[Span]) -> bool:
    """Whether nothing readable is kept: not one word stands in both texts."""
    return not any(op == "=" and any(sign.isalnum() for sign in text) for op, text in spans)
