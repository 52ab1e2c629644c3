"""Articles and divisions that were split or merged, told by what stands under them (step 8).

A head without a partner, at least half of whose contents come from one head that has another: a
new article that holds clauses of an old one is its second half; an old article whose clauses
stand under another was merged into it. One clause alone is no half: it was promoted or demoted,
and the heading is new or gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from duthao.domain.compare.aligner import Aligner
from duthao.domain.compare.groups import Group
from duthao.domain.compare.parts import RUN, is_apart
from duthao.domain.compare.sequences import assign
from duthao.domain.compare.similarity import Bag
from duthao.domain.compare.tree import Tree
from duthao.domain.document import Kind
from duthao.domain.outline import UPPER

_PROMOTED = 650
_SENTENCE = 8
"""Likeness (thousandths) and words that a clause and an article without a title have at the least."""


def suspect(aligner: Aligner) -> None:
    """Note heads that look split or merged, so that the words of their leaves are looked for there too."""
    aligner.parts.update(_found(aligner, aligner.after))
    aligner.sources.update(_found(aligner, aligner.before))


def absorb(aligner: Aligner) -> None:
    """A pair whose one side also holds the words of its partner's free neighbours: merged or split.

    Points folded into the sentence above them are found as that sentence's pair first.
    """
    for i in sorted(i for i, way in aligner.way.items() if way in ("content", "move")):
        j = aligner.pair[i]
        if i in aligner.before.members or j in aligner.after.members:
            continue
        befores = _absorbed(aligner, aligner.before, i, aligner.after, j)
        afters = _absorbed(aligner, aligner.after, j, aligner.before, i)
        if len(befores) > 1 and len(afters) == 1:
            aligner.regroup(i, j, befores, (j,))
        elif len(afters) > 1 and len(befores) == 1:
            aligner.regroup(i, j, (i,), afters)


def _absorbed(aligner: Aligner, tree: Tree, own: int, other: Tree, whole: int) -> tuple[int, ...]:
    """`own` and the free neighbours around it that stand in `whole` nearly word for word."""
    held = aligner.bag(other, whole)
    run = [own]
    for step in (-1, 1):
        at = own + step
        while len(run) < RUN and _stands_in(aligner, tree, at, other, whole, held):
            run.append(at)
            at += step
    if len(run) == 1:
        return (own,)
    gained = aligner.weights.coverage(held, aligner.weights.joined(tree.words[k] for k in run))
    alone = aligner.weights.coverage(held, aligner.bag(tree, own))
    return tuple(sorted(run)) if gained - alone >= 100 else (own,)


def _stands_in(aligner: Aligner, tree: Tree, at: int, other: Tree, whole: int, held: Bag) -> bool:
    if not 0 <= at < len(tree.texts) or at in tree.members:
        return False
    if not aligner.free(tree, (at,)) or is_apart(aligner, tree, at, whole):
        return False
    words = aligner.bag(tree, at)
    if words.size < 4 or aligner.weights.coverage(words, held) < 900:
        return False
    return aligner.weights.phrases(tree.words[at], other.words[whole]) >= 600


def promoted(aligner: Aligner) -> None:
    """An article without a title, whose words were a clause's (or are one now): the same provision.

    After `lift`: what has words enough to be told by is then neither a title nor a part.
    """
    ours, theirs = _worded(aligner, aligner.before), _worded(aligner, aligner.after)
    scored = [
        (score, i, j)
        for left, right in ((ours[0], theirs[1]), (ours[1], theirs[0]))
        for i, j in aligner.candidates(left, right)
        if (score := aligner.move_score(i, j)) >= _PROMOTED
    ]
    for score, i, j in assign(scored):
        aligner.link(i, j, score, "move")


def _worded(aligner: Aligner, tree: Tree) -> tuple[list[int], list[int]]:
    """Free articles and free leaves that are a sentence, not a title."""
    free = [
        k
        for k in aligner.all_free(tree)
        if tree.kind(k) not in UPPER and aligner.bag(tree, k).size >= _SENTENCE
    ]
    heads = [k for k in free if k in tree.members]
    return heads, [k for k in free if k not in tree.members]


def lift(aligner: Aligner) -> None:
    """Group the heads that were split or merged. It reads what the steps before it found."""
    taken = {k for group in aligner.groups if group.lifted for k in group.before}
    aligner.parts = {d: c for d, c in aligner.parts.items() if not aligner.free_after(d)}
    aligner.sources = {c: d for c, d in aligner.sources.items() if not aligner.free_before(c)}
    parts, sources = _found(aligner, aligner.after), _found(aligner, aligner.before)
    for whole, others in _by_whole(parts):
        others = [d for d in others if not aligner.is_apart(whole, d)]
        if whole in taken or not others:
            continue
        taken.add(whole)
        after = tuple(sorted((aligner.pair[whole], *others)))
        aligner.groups.append(Group((whole,), after, aligner.confidence[whole], lifted=True))
        aligner.parts.update(dict.fromkeys(others, whole))
        aligner.used_after.update(others)
    for whole, others in _by_whole(sources):
        first = aligner.back[whole]
        others = [c for c in others if not aligner.is_apart(c, whole)]
        # Split and merged at once: one row can say only one of the two.
        if first in taken or not others:
            continue
        before = tuple(sorted((first, *others)))
        aligner.groups.append(Group(before, (whole,), aligner.confidence[first], lifted=True))
        aligner.sources.update(dict.fromkeys(others, whole))
        aligner.used_before.update(others)


def _found(aligner: Aligner, tree: Tree) -> dict[int, int]:
    """Heads without a partner, and the head of the other text that each mainly comes from."""
    heads = [head for upper in (False, True) for head in aligner.free(tree, tree.heads(upper))]
    found = {head: _main_source(aligner, tree, head) for head in heads}
    return {head: source for head, source in found.items() if source is not None}


def _by_whole(parts: Mapping[int, int]) -> list[tuple[int, list[int]]]:
    found: dict[int, list[int]] = {}
    for part in sorted(parts):
        found.setdefault(parts[part], []).append(part)
    return sorted(found.items())


def _main_source(aligner: Aligner, tree: Tree, head: int) -> int | None:
    """The head of the other text that this one's contents mainly come from, two units or more.

    Mainly: half of this one, or three tenths of both where much was added. None unless it has a
    partner of its own: else the two would have been paired.
    """
    other = aligner.before if tree is aligner.after else aligner.after
    partners = aligner.back if tree is aligner.after else aligner.pair
    grouped = _group_partners(aligner, tree)
    kind, total = tree.kind(head), 0
    weights: Counter[int] = Counter()
    units: dict[int, set[int]] = {}
    for k in tree.outline.subtree(head)[1:]:
        weight = aligner.bag(tree, k).weight + 1
        total += weight
        found = partners.get(k, grouped.get(k))
        home = None if found is None else _above(other, found, kind)
        if found is not None and home is not None:
            weights[home] += weight
            units.setdefault(home, set()).add(_child_of(other, found, home))
    if not weights:
        return None
    best = min(weights, key=lambda home: (-weights[home], home))
    paired = best in (aligner.pair if other is aligner.before else aligner.back)
    if not paired or len(units[best]) < 2:
        return None
    if 2 * weights[best] >= total:
        return best
    there = sum(aligner.bag(other, k).weight + 1 for k in other.outline.subtree(best)[1:])
    return best if 10 * weights[best] >= 3 * max(total, there) else None


def _group_partners(aligner: Aligner, tree: Tree) -> dict[int, int]:
    """For members of leaf groups: one partner on the other side."""
    if tree is aligner.after:
        return {j: group.before[0] for group in aligner.groups for j in group.after}
    return {i: group.after[0] for group in aligner.groups for i in group.before}


def _above(tree: Tree, index: int, kind: Kind) -> int | None:
    """The unit of this kind that `index` stands under."""
    at = tree.entries[index].parent
    while at is not None and tree.kind(at) is not kind:
        at = tree.entries[at].parent
    return at


def _child_of(tree: Tree, index: int, head: int) -> int:
    """The unit directly under `head` that `index` is or stands under."""
    at = index
    while (parent := tree.entries[at].parent) is not None and parent != head:
        at = parent
    return at
