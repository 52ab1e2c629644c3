"""Edits of a made-up regulation, each where no other has been, so that their truth stays plain."""

from __future__ import annotations

from collections.abc import Callable

from duthao.domain.document import Kind
from tests.support.made_up import AGENCIES, LEAVES, Author, Node, nodes, parents_of

LIGHT = ("light", "phrase", "longer", "insert", "remove", "title")
STRUCTURAL = (
    "heavy", "move", "move_amended", "split", "merge", "promote", "points_to_clauses", "points_to_sentence",
    "insert_article", "remove_article", "move_article", "swap_articles", "split_article", "merge_articles",
    "new_section", "move_chapter", "note_repealed", "overwrite", "insert_many", "table_row",
)  # fmt: skip
EDITS = (*LIGHT, *STRUCTURAL)


class Editor:
    """Edits a copy of a text, each edit where no other has been; says what it did."""

    def __init__(self, root: Node, author: Author) -> None:
        self.root, self.author, self.chance = root, author, author.chance
        self.done: list[str] = []

    # --- finding places -----------------------------------------------------------------------

    def _pick(self, fits: Callable[[Node], bool]) -> Node | None:
        found = [node for node in nodes(self.root) if not node.fixed and fits(node)]
        return self.chance.choice(found) if found else None

    def _parent(self, node: Node) -> Node:
        return parents_of(self.root)[id(node)]

    def _leaf(self, childless: bool = False) -> Node | None:
        return self._pick(
            lambda n: n.kind in LEAVES and len(n.text.split()) >= 8 and not (childless and n.children)
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
