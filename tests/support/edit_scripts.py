"""Made-up regulations and edits of them whose truth is known: what a comparison is measured by.

    pair = edited_pair(seed=7)
    pair.before, pair.after            # two documents
    pair.truth                         # which provisions belong together, and what happened to them

A pure function of its seed. Words come from the real texts in tests/samples, so that boilerplate,
near-identical articles and long sentences occur as they do there. Cross-references are written
from the place their target really has, before and after: they change by renumbering alone.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Literal

from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.numbering import number
from duthao.domain.structure import parse

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
TEXTS = (
    "quy-che-lam-viec-ban-qlda-tphcm.txt",
    "hoi-dong-quan-nhan-165-2018.txt",
    "quy-che-trung-tam-gdnn-05-2020.txt",
    "luat-kiem-toan-nha-nuoc/before.txt",
)

Ids = Literal["kept", "none", "retyped"]
"""Whether provisions keep their ids, have none in common, or lose them here and there."""

Fate = Literal["unchanged", "renumbered", "reference", "amended", "moved", "split", "merged", "replaced"]


_LEAVES = (Kind.CLAUSE, Kind.POINT, Kind.PARAGRAPH)
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
class Truth:
    """`pairs`: for each before-index the after-indices it belongs to, and the reverse.

    `fates`: what happened, by before-index. An index without a partner is repealed or added.
    `loose`: before-indices of which no reader could say more than that something took their place.
    """

    forward: Mapping[int, frozenset[int]]
    backward: Mapping[int, frozenset[int]]
    fates: Mapping[int, Fate]
    loose: frozenset[int]


@dataclass(frozen=True, slots=True)
class EditedPair:
    seed: int
    before: Document
    after: Document
    truth: Truth
    edits: tuple[str, ...]


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
                p.kind in _LEAVES and 8 <= len(p.text.split()) <= 90 and not any(n in p.text for n in _SPEAKS)
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


class _Author:
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


def _copied(node: Node) -> Node:
    return Node(
        node.kind, node.text, [_copied(child) for child in node.children], list(node.cells),
        [node.uid] if node.uid else [], node.uid, "unchanged", node.fixed,
    )  # fmt: skip


def _parents(root: Node) -> dict[int, Node]:
    found: dict[int, Node] = {}

    def walk(node: Node) -> None:
        for child in node.children:
            found[id(child)] = node
            walk(child)

    walk(root)
    return found


class _Editor:
    """Edits a copy of a text, each edit where no other has been; says what it did."""

    def __init__(self, root: Node, author: _Author) -> None:
        self.root, self.author, self.chance = root, author, author.chance
        self.done: list[str] = []

    # --- finding places -----------------------------------------------------------------------

    def _pick(self, fits: Callable[[Node], bool]) -> Node | None:
        found = [node for node in nodes(self.root) if not node.fixed and fits(node)]
        return self.chance.choice(found) if found else None

    def _parent(self, node: Node) -> Node:
        return _parents(self.root)[id(node)]

    def _leaf(self, childless: bool = False) -> Node | None:
        return self._pick(
            lambda n: n.kind in _LEAVES and len(n.text.split()) >= 8 and not (childless and n.children)
        )

    def _article(self, least: int = 0) -> Node | None:
        return self._pick(lambda n: n.kind is Kind.ARTICLE and len(n.children) >= least)

    def _settle(self, *touched: Node) -> None:
        for node in touched:
            node.fixed = True

    def _lock(self, node: Node) -> None:
        """Nothing beneath is edited any more either."""
        self._settle(node, *nodes(node))

    # --- words --------------------------------------------------------------------------------

    def _reworded(self, text: str, share: float) -> str:
        words = text.split()
        changes = max(1, int(len(words) * share))
        for _ in range(changes):
            at = self.chance.randrange(max(len(words) - 1, 1))
            match self.chance.randrange(3):
                case 0:
                    words[at] = self.chance.choice(self.author.pool.words)
                case 1:
                    words.insert(at, self.chance.choice(self.author.pool.words))
                case _ if len(words) > 6:
                    del words[at]
        return " ".join(words)

    def light(self) -> bool:
        return self._amend(lambda text: self._reworded(text, 0.08))

    def phrase(self) -> bool:
        """A phrase put in, as amendments most often do."""
        added = " ".join(self.author.sentence().split()[:5]).lower()

        def change(text: str) -> str:
            words = text.split()
            at = self.chance.randrange(2, len(words))
            return " ".join([*words[:at], added, *words[at:]])

        return self._amend(change)

    def heavy(self) -> bool:
        return self._amend(lambda text: self._reworded(text, 0.35))

    def longer(self) -> bool:
        return self._amend(lambda text: f"{text} {self.author.sentence()}.")

    def _amend(self, change: Callable[[str], str]) -> bool:
        node = self._leaf()
        if node is None:
            return False
        changed = change(node.text)
        if changed == node.text:
            return False
        node.text, node.fate = changed, "amended"
        self._settle(node)
        return True

    def overwrite(self) -> bool:
        node = self._leaf(childless=True)
        if node is None:
            return False
        node.text, node.fate = self.author.sentence() + ".", "replaced"
        self._settle(node)
        return True

    def title(self) -> bool:
        node = self._pick(lambda n: n.kind in (Kind.ARTICLE, Kind.CHAPTER, Kind.SECTION) and bool(n.children))
        if node is None:
            return False
        changed = self._reworded(node.text, 0.3)
        if changed == node.text:
            return False
        node.text = changed.upper() if node.kind is not Kind.ARTICLE else changed
        node.fate = "amended"
        self._settle(node)
        return True

    # --- leaves that come and go -----------------------------------------------------------------

    def insert(self) -> bool:
        sibling = self._pick(lambda n: n.kind in (Kind.CLAUSE, Kind.POINT))
        if sibling is None:
            return False
        parent = self._parent(sibling)
        made = Node(sibling.kind, self.author.sentence() + ".", fixed=True)
        parent.children.insert(parent.children.index(sibling) + self.chance.randint(0, 1), made)
        return True

    def insert_many(self) -> bool:
        sibling = self._pick(lambda n: n.kind is Kind.POINT)
        if sibling is None:
            return False
        parent = self._parent(sibling)
        at = parent.children.index(sibling)
        parent.children[at:at] = [
            Node(Kind.POINT, self.author.sentence() + ";", fixed=True) for _ in range(10)
        ]
        return True

    def remove(self) -> bool:
        node = self._leaf()
        if node is None or any(child.fixed and child.fate != "unchanged" for child in nodes(node)):
            return False
        parent = self._parent(node)
        if len(parent.children) < 2:
            return False
        parent.children.remove(node)
        return True

    def note_repealed(self) -> bool:
        node = self._leaf(childless=True)
        if node is None or node.kind is Kind.PARAGRAPH:
            return False
        node.text, node.fate = "(được bãi bỏ)", "replaced"
        self._settle(node)
        return True

    def move(self, amend: bool = False) -> bool:
        node = self._leaf()
        target = self._pick(lambda n: n.kind is Kind.ARTICLE and len(n.children) >= 2)
        if node is None or target is None or node.kind is not Kind.CLAUSE or len(node.text.split()) < 12:
            return False
        parent = self._parent(node)
        if len(parent.children) < 3 or parent.kind is not Kind.ARTICLE:
            return False
        if amend:
            node.text = self._reworded(node.text, 0.12)
        at = parent.children.index(node)
        parent.children.remove(node)
        places = [p for p in range(len(target.children) + 1) if target is not parent or abs(p - at) > 1]
        if not places:
            parent.children.insert(at, node)
            return False
        target.children.insert(self.chance.choice(places), node)
        node.fate = "moved"
        self._lock(node)
        return True

    def move_amended(self) -> bool:
        return self.move(amend=True)

    # --- split, merge, levels ---------------------------------------------------------------------

    def split(self) -> bool:
        node = self._pick(
            lambda n: n.kind in (Kind.CLAUSE, Kind.POINT) and not n.children and len(n.text.split()) >= 24
        )
        if node is None:
            return False
        words, parent = node.text.split(), self._parent(node)
        at = self.chance.randint(10, len(words) - 10)
        rest = Node(node.kind, " ".join(words[at:]).capitalize(), sources=list(node.sources), fixed=True)
        node.text = " ".join(words[:at]) + "."
        node.fate = rest.fate = "split"
        parent.children.insert(parent.children.index(node) + 1, rest)
        self._settle(node)
        return True

    def merge(self) -> bool:
        node = self._pick(lambda n: n.kind in (Kind.CLAUSE, Kind.POINT) and not n.children)
        if node is None:
            return False
        parent = self._parent(node)
        at = parent.children.index(node) + 1
        following = parent.children[at] if at < len(parent.children) else None
        if following is None or following.fixed or following.children or following.kind is not node.kind:
            return False
        if min(len(node.text.split()), len(following.text.split())) < 10:
            return False
        node.text = f"{node.text} {following.text}"
        node.sources += following.sources
        node.fate = "merged"
        del parent.children[at]
        self._settle(node)
        return True

    def promote(self) -> bool:
        """A clause with its points becomes an article with clauses."""
        node = self._pick(lambda n: n.kind is Kind.CLAUSE and len(n.children) >= 2)
        if node is None or any(c.fixed and c.fate != "unchanged" for c in nodes(node)):
            return False
        article = self._parent(node)
        if article.kind is not Kind.ARTICLE or len(article.children) < 2:
            return False
        above = self._parent(article)
        article.children.remove(node)
        made = Node(Kind.ARTICLE, self.author.heading(), fixed=True)
        lead = Node(Kind.PARAGRAPH, node.text, sources=list(node.sources), fate="moved", fixed=True)
        made.children = [lead, *node.children]
        for child in node.children:
            child.kind = Kind.CLAUSE if child.kind is Kind.POINT else child.kind
            child.fate = "moved"
            self._settle(child)
        above.children.insert(above.children.index(article) + 1, made)
        return True

    def points_to_clauses(self) -> bool:
        node = self._pick(
            lambda n: (
                n.kind is Kind.CLAUSE
                and len(n.children) >= 2
                and all(c.kind is Kind.POINT for c in n.children)
            )
        )
        if node is None:
            return False
        article = self._parent(node)
        at = article.children.index(node) + 1
        for child in node.children:
            child.kind = Kind.CLAUSE
            if child.fate == "unchanged":
                child.fate = "renumbered"
            self._settle(child)
        article.children[at:at] = node.children
        node.children = []
        self._settle(node)
        return True

    def points_to_sentence(self) -> bool:
        """Two or three points folded into the sentence above them."""
        node = self._pick(
            lambda n: n.kind is Kind.CLAUSE and 2 <= len(n.children) <= 3
            and all(c.kind is Kind.POINT and not c.fixed for c in n.children)
        )  # fmt: skip
        if node is None:
            return False
        node.text = " ".join([node.text, *(c.text for c in node.children)])
        node.sources += [source for c in node.children for source in c.sources]
        node.children, node.fate = [], "merged"
        self._settle(node)
        return True

    # --- articles and divisions -------------------------------------------------------------------

    def insert_article(self) -> bool:
        sibling = self._article()
        if sibling is None:
            return False
        above, made = self._parent(sibling), self.author.article()
        self._lock(made)
        above.children.insert(above.children.index(sibling) + self.chance.randint(0, 1), made)
        return True

    def remove_article(self) -> bool:
        node = self._article()
        if node is None or any(n.fate != "unchanged" for n in nodes(node)):
            return False
        above = self._parent(node)
        if len(above.children) < 2:
            return False
        above.children.remove(node)
        return True

    def move_article(self) -> bool:
        articles = [n for n in nodes(self.root) if n.kind is Kind.ARTICLE]
        node = self._article(least=1)
        if node is None or len(articles) < 5:
            return False
        place = articles.index(node)
        far = [n for k, n in enumerate(articles) if abs(k - place) >= 2 and n is not node]
        target = self.chance.choice(far)
        above = self._parent(node)
        if len(above.children) < 2:
            return False
        above.children.remove(node)
        home = self._parent(target)
        home.children.insert(home.children.index(target), node)
        node.fate = "moved"
        self._settle(node)
        return True

    def swap_articles(self) -> bool:
        node = self._article(least=1)
        if node is None:
            return False
        above = self._parent(node)
        at = above.children.index(node)
        if at + 1 >= len(above.children) or above.children[at + 1].kind is not Kind.ARTICLE:
            return False
        above.children[at], above.children[at + 1] = above.children[at + 1], node
        node.fate = "moved"
        self._settle(node, above.children[at])
        return True

    def split_article(self) -> bool:
        node = self._article(least=4)
        if node is None or any(c.kind is Kind.PARAGRAPH for c in node.children):
            return False
        at = self.chance.randint(2, len(node.children) - 2)
        above = self._parent(node)
        second = Node(
            Kind.ARTICLE, self.author.heading(), sources=list(node.sources), fate="split", fixed=True
        )
        second.children, node.children = node.children[at:], node.children[:at]
        above.children.insert(above.children.index(node) + 1, second)
        node.fate = "split"
        self._settle(node)
        return True

    def merge_articles(self) -> bool:
        node = self._article(least=2)
        if node is None:
            return False
        above = self._parent(node)
        at = above.children.index(node) + 1
        following = above.children[at] if at < len(above.children) else None
        if (
            following is None
            or following.kind is not Kind.ARTICLE
            or following.fixed
            or len(following.children) < 2
        ):
            return False
        node.children += following.children
        node.sources += following.sources
        node.fate = "merged"
        del above.children[at]
        self._settle(node)
        return True

    def new_section(self) -> bool:
        """A section put around articles that stay as they are."""
        chapter = self._pick(
            lambda n: (
                n.kind is Kind.CHAPTER
                and len(n.children) >= 3
                and all(c.kind is Kind.ARTICLE for c in n.children)
            )
        )
        if chapter is None:
            return False
        half = len(chapter.children) // 2
        sections = [Node(Kind.SECTION, self.author.heading().upper(), fixed=True) for _ in range(2)]
        sections[0].children, sections[1].children = chapter.children[:half], chapter.children[half:]
        chapter.children = sections
        return True

    def move_chapter(self) -> bool:
        chapters = [c for c in self.root.children if c.kind is Kind.CHAPTER]
        if len(chapters) < 3:
            return False
        node = self.chance.choice(chapters)
        if node.fixed:
            return False
        at = self.root.children.index(node)
        others = [k for k in range(len(chapters)) if abs(k - at) >= 1]
        self.root.children.remove(node)
        self.root.children.insert(self.chance.choice(others), node)
        node.fate = "moved"
        self._settle(node)
        return True

    def table_row(self) -> bool:
        tables = [n for n in nodes(self.root) if n.kind is Kind.TABLE]
        if not tables:
            return False
        table = self.chance.choice(tables)
        rows = table.children
        changed = self.chance.choice(rows[1:])
        if changed.fate == "unchanged":
            changed.cells[1] = self._reworded(changed.cells[1], 0.1)
            changed.fate = "amended"
        made = Node(
            Kind.ROW,
            "",
            cells=["", self.author.sentence(), self.chance.choice(AGENCIES), "Quý I"],
            fixed=True,
        )
        rows.insert(self.chance.randint(1, len(rows) - 1), made)
        for n, row in enumerate(rows[1:], start=1):
            row.cells[0] = str(n)
        return True


LIGHT = ("light", "phrase", "longer", "insert", "remove", "title")
STRUCTURAL = (
    "heavy", "move", "move_amended", "split", "merge", "promote", "points_to_clauses", "points_to_sentence",
    "insert_article", "remove_article", "move_article", "swap_articles", "split_article", "merge_articles",
    "new_section", "move_chapter", "note_repealed", "overwrite", "insert_many", "table_row",
)  # fmt: skip
EDITS = (*LIGHT, *STRUCTURAL)


def _with_references(root: Node, chance: random.Random) -> dict[int, tuple[int, int]]:
    """Some leaves speak of another provision: leaf uid → (article uid, clause uid or 0)."""
    articles = [n for n in nodes(root) if n.kind is Kind.ARTICLE]
    found: dict[int, tuple[int, int]] = {}
    for node in nodes(root):
        if node.kind in _LEAVES and not node.fixed and chance.random() < 0.08:
            target = chance.choice(articles)
            clauses = [c for c in target.children if c.kind is Kind.CLAUSE]
            clause = chance.choice(clauses).uid if clauses and chance.random() < 0.6 else 0
            found[node.uid] = (target.uid, clause)
    return found


def _document(
    root: Node, ids: Mapping[int, str], references: Mapping[int, tuple[int, int]], gone: Mapping[int, str]
) -> tuple[Document, dict[int, str]]:
    """The text as a document, and how each reference was written. `gone`: how those without a target stay."""
    listed = list(nodes(root))
    bare = [Provision(ProvisionId(str(n)), node.kind, "") for n, node in enumerate(listed)]
    numbers = number(bare, NumberingPolicy.RENUMBER)
    place = {id(node): numbers[n] for n, node in enumerate(listed)}
    by_uid = {node.uid: node for node in listed if node.uid}
    parents = _parents(root)
    written: dict[int, str] = {}
    provisions: list[Provision] = []
    for n, node in enumerate(listed):
        text = node.text
        if node.uid in references:
            article, clause = (by_uid.get(uid) for uid in references[node.uid])
            home = parents[id(clause)] if clause is not None else None
            if clause is not None and clause.kind is Kind.CLAUSE and home is not None and place[id(home)]:
                # Where the clause stands now, be it in another article.
                written[node.uid] = f"khoản {place[id(clause)]} Điều {place[id(home)]}"
            elif not references[node.uid][1] and article is not None:
                written[node.uid] = f"Điều {place[id(article)]}"
            else:
                written[node.uid] = gone.get(node.uid, "Điều này")
            text = f"Theo quy định tại {written[node.uid]}, {text[0].lower()}{text[1:]}" if text else text
        provisions.append(
            Provision(
                ProvisionId(ids[id(node)]), node.kind, text, numbers[n] or None, cells=tuple(node.cells)
            )
        )
    return Document(provisions=tuple(provisions)), written


def edited_pair(
    seed: int,
    articles: int | None = None,
    edits: int | None = None,
    only: Sequence[str] = EDITS,
    ids: Ids | None = None,
) -> EditedPair:
    """Two texts and the truth about them. `only` names the edits to choose from."""
    chance = random.Random(seed)
    author = _Author(chance)
    before = author.regulation(articles or chance.choice((3, 5, 8, 12, 20)))
    for uid, node in enumerate(nodes(before), start=1):
        node.uid, node.sources = uid, [uid]
    references = _with_references(before, chance)
    for node in nodes(before):
        # One that speaks of another is not edited besides, so that its truth stays plain.
        node.fixed = node.fixed or node.uid in references
    after = _copied(before)
    editor = _Editor(after, author)
    wanted = edits if edits is not None else chance.choice((1, 2, 4, 8, 12))
    for _ in range(wanted):
        name = chance.choice(list(only))
        if getattr(editor, name)():
            editor.done.append(name)
    kept = ids or chance.choice(("kept", "none", "none", "retyped"))
    before_ids = {id(node): f"b{node.uid}" for node in nodes(before)}
    after_ids = {
        id(node): f"b{node.uid}"
        if node.uid and (kept == "kept" or (kept == "retyped" and chance.random() < 0.6))
        else f"a{place}"
        for place, node in enumerate(nodes(after))
    }
    old, written = _document(before, before_ids, references, {})
    new, _ = _document(after, after_ids, references, written)
    return EditedPair(seed, old, new, _truth(before, after, old, new), tuple(editor.done))


def _truth(before: Node, after: Node, old: Document, new: Document) -> Truth:
    places = {node.uid: n for n, node in enumerate(nodes(before))}
    forward: dict[int, set[int]] = {n: set() for n in range(len(places))}
    backward: dict[int, set[int]] = {}
    fates: dict[int, Fate] = {}
    loose: set[int] = set()
    for j, node in enumerate(nodes(after)):
        backward[j] = {places[uid] for uid in node.sources}
        for i in backward[j]:
            forward[i].add(j)
            fates[i] = node.fate
            if node.fate == "replaced":
                loose.add(i)
            if node.fate == "unchanged":
                was, now = old.provisions[i], new.provisions[j]
                if was.text != now.text:
                    fates[i] = "reference"
                elif (was.label, was.kind) != (now.label, now.kind):
                    fates[i] = "renumbered"
    return Truth(
        {i: frozenset(found) for i, found in forward.items()},
        {j: frozenset(found) for j, found in backward.items()},
        fates,
        frozenset(loose),
    )


@dataclass(slots=True)
class Score:
    """How many provisions of each fate there are, and how many stand with just their true partners."""

    total: Counter[Fate] = field(default_factory=Counter)
    right: Counter[Fate] = field(default_factory=Counter)
    alone_total: int = 0
    alone_right: int = 0

    def add(self, other: Score) -> None:
        self.total += other.total
        self.right += other.right
        self.alone_total += other.alone_total
        self.alone_right += other.alone_right

    def share(self, *fates: Fate) -> float:
        """Of these fates, the part that is right; 1 when there are none."""
        total = sum(self.total[fate] for fate in fates)
        return sum(self.right[fate] for fate in fates) / total if total else 1.0


def score(pair: EditedPair, partners: Mapping[int, frozenset[int]]) -> tuple[Score, list[int]]:
    """Hold found partners (before-index → after-indices) against the truth; the wrong before-indices too."""
    found, wrong = Score(), []
    for i, true in pair.truth.forward.items():
        if i in pair.truth.loose:
            continue
        if not true:
            found.alone_total += 1
            # What took a repealed one's place may be shown beside it: no reader could object.
            found.alone_right += not partners.get(i)
            continue
        fate = pair.truth.fates[i]
        found.total[fate] += 1
        if partners.get(i, frozenset()) == true:
            found.right[fate] += 1
        else:
            wrong.append(i)
    return found, wrong


__all__ = [
    "EDITS", "LIGHT", "STRUCTURAL", "EditedPair", "Score", "Truth", "edited_pair", "score",
]  # fmt: skip
