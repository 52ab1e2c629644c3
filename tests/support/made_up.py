"""Made-up regulations of real words: chapters, articles, clauses, points, tables, boilerplate."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Literal

from duthao.domain.document import Kind, ProvisionId
from duthao.domain.structure import parse

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
TEXTS = (
    "quy-che-lam-viec-ban-qlda-tphcm.txt",
    "hoi-dong-quan-nhan-165-2018.txt",
    "quy-che-trung-tam-gdnn-05-2020.txt",
    "luat-kiem-toan-nha-nuoc/before.txt",
)

Fate = Literal["unchanged", "renumbered", "reference", "amended", "moved", "split", "merged", "replaced"]


LEAVES = (Kind.CLAUSE, Kind.POINT, Kind.PARAGRAPH)
_SPEAKS = ("Điều ", "khoản ", "điểm ", "Chương ", "Mục ")


@dataclass(slots=True, eq=False)
class Node:
    """A provision under construction. `sources` are the nodes of the first text it is made of."""

    kind: Kind
    text: str
    children: list[Node] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    uid: int = 0
    fate: Fate = "unchanged"
    fixed: bool = False
    """Boilerplate or already edited: no further edit touches it, so that its truth stays plain."""


@dataclass(frozen=True, slots=True)
class _Pool:
    chapters: tuple[str, ...]
    headings: tuple[str, ...]
    sentences: tuple[str, ...]
    words: tuple[str, ...]


@cache
def _pool() -> _Pool:
    chapters: dict[str, None] = {}
    headings: dict[str, None] = {}
    sentences: dict[str, None] = {}
    for name in TEXTS:
        numbers = count(1)
        text = (SAMPLES / name).read_text(encoding="utf-8")
        for p in parse(text, new_id=lambda n=numbers: ProvisionId(f"s{next(n)}")).document.provisions:  # type: ignore[misc]
            if p.kind is Kind.CHAPTER and p.text:
                chapters[p.text] = None
            elif p.kind is Kind.ARTICLE and p.text:
                headings[p.text] = None
            elif (
                p.kind in LEAVES and 8 <= len(p.text.split()) <= 90 and not any(n in p.text for n in _SPEAKS)
            ):
                sentences[p.text.rstrip(";.:,")] = None
    words = Counter(w for s in sentences for w in s.split() if w.isalpha() and w.islower())
    return _Pool(tuple(chapters), tuple(headings), tuple(sentences), tuple(sorted(words)))


BOILERPLATE = (
    "Thực hiện các nhiệm vụ khác do cấp có thẩm quyền giao.",
    "Chấp hành chế độ thông tin, báo cáo theo quy định.",
    "Định kỳ hằng năm báo cáo kết quả thực hiện với Ban Thường vụ.",
)
AGENCIES = (
    "Ban Tổ chức", "Ban Tuyên giáo", "Ban Dân vận", "Ủy ban Kiểm tra", "Văn phòng Đảng ủy", "Ban Nội chính",
)  # fmt: skip
DUTIES = (
    "{0} có trách nhiệm tham mưu, giúp Đảng ủy về lĩnh vực được phân công.",
    "{0} chủ trì, phối hợp với các cơ quan liên quan chuẩn bị nội dung trình hội nghị.",
    "{0} theo dõi, đôn đốc, kiểm tra việc thực hiện nghị quyết của Đảng ủy.",
    "Thủ trưởng {0} chịu trách nhiệm trước Đảng ủy về hoạt động của cơ quan mình.",
)


class Author:
    """Writes a text from one stream of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.pool = chance, _pool()

    def sentence(self) -> str:
        """A real sentence with some words exchanged, so that each stands alone."""
        words = self.chance.choice(self.pool.sentences).split()
        for _ in range(max(2, len(words) // 6)):
            at = self.chance.randrange(1, len(words))
            if words[at].isalpha() and words[at].islower():
                words[at] = self.chance.choice(self.pool.words)
        return " ".join(words)

    def heading(self) -> str:
        words = self.chance.choice(self.pool.headings).split()
        extra = self.chance.sample(self.pool.words, 2)
        return " ".join([*words[:8], "về", *extra])

    def leaf(self, kind: Kind) -> Node:
        if self.chance.random() < 0.07:
            return Node(kind, self.chance.choice(BOILERPLATE), fixed=True)
        return Node(kind, self.sentence() + (";" if kind is Kind.POINT else "."))

    def clause(self) -> Node:
        made = self.leaf(Kind.CLAUSE)
        if not made.fixed and self.chance.random() < 0.3:
            made.text = f"{made.text[:-1]}, bao gồm:"
            points = [self.leaf(Kind.POINT) for _ in range(self.chance.randint(2, 6))]
            made.children = points
            if self.chance.random() < 0.15:
                made.children.append(self.leaf(Kind.PARAGRAPH))
        return made

    def article(self) -> Node:
        if self.chance.random() < 0.12:
            agency = self.chance.choice(AGENCIES)
            duties = [Node(Kind.CLAUSE, d.format(agency), fixed=True) for d in DUTIES]
            head = Node(Kind.ARTICLE, f"Nhiệm vụ của {agency}", fixed=True)
            head.children = [*duties[: self.chance.randint(2, 4)], self.clause()]
            return head
        made = Node(Kind.ARTICLE, self.heading())
        if self.chance.random() < 0.12:
            made.children = [self.leaf(Kind.PARAGRAPH)]
            return made
        if self.chance.random() < 0.1:
            made.children.append(Node(Kind.PARAGRAPH, f"{self.sentence()} như sau:"))
        made.children += [self.clause() for _ in range(self.chance.randint(1, 7))]
        return made

    def table(self) -> list[Node]:
        head = ["STT", "Nội dung công việc", "Cơ quan chủ trì", "Thời hạn"]
        rows = [
            [
                str(n),
                self.sentence(),
                self.chance.choice(AGENCIES),
                f"Quý {self.chance.choice(('I', 'II', 'III', 'IV'))}",
            ]
            for n in range(1, self.chance.randint(3, 7))
        ]
        caption = Node(Kind.TABLE, f"Biểu {self.heading()}", fixed=True)
        caption.children = [Node(Kind.ROW, "", cells=cells, fixed=True) for cells in (head, *rows)]
        return [caption]

    def regulation(self, articles: int) -> Node:
        root = Node(Kind.PARAGRAPH, "")
        chaptered = articles > 4 and self.chance.random() < 0.8
        left = articles
        while left > 0:
            size = self.chance.randint(2, 6) if chaptered else left
            made = [self.article() for _ in range(min(size, left))]
            left -= size
            if not chaptered:
                root.children += made
                continue
            chapter = Node(Kind.CHAPTER, f"{self.heading()}".upper())
            if len(made) >= 4 and self.chance.random() < 0.3:
                half = len(made) // 2
                sections = [Node(Kind.SECTION, self.heading().upper()) for _ in range(2)]
                sections[0].children, sections[1].children = made[:half], made[half:]
                chapter.children = sections
            else:
                chapter.children = made
            root.children.append(chapter)
        if self.chance.random() < 0.1:
            appendix = Node(Kind.APPENDIX, self.heading().upper())
            appendix.children = self.table()
            root.children.append(appendix)
        return root


def nodes(root: Node) -> Iterator[Node]:
    """All nodes in reading order, the root left out."""
    for child in root.children:
        yield child
        yield from nodes(child)


def parents_of(root: Node) -> dict[int, Node]:
    found: dict[int, Node] = {}

    def walk(node: Node) -> None:
        for child in node.children:
            found[id(child)] = node
            walk(child)

    walk(root)
    return found
