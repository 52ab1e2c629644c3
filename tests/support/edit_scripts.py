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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.numbering import number
from tests.support.edits import EDITS, LIGHT, STRUCTURAL, Editor
from tests.support.made_up import LEAVES, Author, Fate, Node, nodes, parents_of

Ids = Literal["kept", "none", "retyped"]
"""Whether provisions keep their ids, have none in common, or lose them here and there."""


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


def _copied(node: Node) -> Node:
    return Node(
        node.kind, node.text, [_copied(child) for child in node.children], list(node.cells),
        [node.uid] if node.uid else [], node.uid, "unchanged", node.fixed,
    )  # fmt: skip


def _with_references(root: Node, chance: random.Random) -> dict[int, tuple[int, int]]:
    """Some leaves speak of another provision: leaf uid → (article uid, clause uid or 0)."""
    articles = [n for n in nodes(root) if n.kind is Kind.ARTICLE]
    found: dict[int, tuple[int, int]] = {}
    for node in nodes(root):
        if node.kind in LEAVES and not node.fixed and chance.random() < 0.08:
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
    parents = parents_of(root)
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
    author = Author(chance)
    before = author.regulation(articles or chance.choice((3, 5, 8, 12, 20)))
    for uid, node in enumerate(nodes(before), start=1):
        node.uid, node.sources = uid, [uid]
    references = _with_references(before, chance)
    for node in nodes(before):
        # One that speaks of another is not edited besides, so that its truth stays plain.
        node.fixed = node.fixed or node.uid in references
    after = _copied(before)
    editor = Editor(after, author)
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
