"""Which articles and divisions belong together: equal ones, those of one heading, then by content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from duthao.domain.compare.aligner import ID_BONUS, LOW, RARE, Aligner
from duthao.domain.compare.groups import Block
from duthao.domain.compare.keys import match_key
from duthao.domain.compare.sequences import Candidate, assign
from duthao.domain.compare.similarity import FULL, Bag
from duthao.domain.compare.tree import ROOT, Tree
from duthao.domain.document import Kind

CONTAINER_FLOOR = 300
_FEW_PAIRS = 100


def equal_containers(aligner: Aligner) -> None:
    """Articles equal from heading to last point, each content paired in its order."""
    left, right = aligner.before.by_content, aligner.after.by_content
    # Nothing is paired yet unless by hand: then whole articles are taken without asking.
    untouched = len(aligner.pair) == 1 and not aligner.groups and not aligner.apart
    ours, theirs = list[int](), list[int]()
    for content, places in left.items():
        others = right.get(content, ())
        if len(others) != len(places) or (len(places) > 1 and len(content) < 2):
            continue
        for i, j in zip(places, others, strict=True):
            # An article's provisions stand one behind the other.
            own, other = range(i, i + len(content)), range(j, j + len(content))
            if untouched or all(map(aligner.is_free, own, other)):
                aligner.blocks.append(Block(i, j, len(content)))
                ours += own
                theirs += other
    aligner.pair.update(zip(ours, theirs, strict=True))
    aligner.back.update(zip(theirs, ours, strict=True))
    aligner.confidence.update(dict.fromkeys(ours, FULL))
    aligner.way.update(dict.fromkeys(ours, "exact"))


def evident_containers(aligner: Aligner) -> None:
    """Articles of one heading, which no other has, and of half the same leaves: told at once.

    Content would pair them too; so what a small edit touched is not weighed against the rest.
    """
    left, right = _by_heading(aligner, aligner.before), _by_heading(aligner, aligner.after)
    for heading, i in left.items():
        j = right.get(heading)
        if j is None or not aligner.fits(i, j):
            continue
        ours = Counter(aligner.before.texts[k] for k in aligner.before.members[i])
        theirs = Counter(aligner.after.texts[k] for k in aligner.after.members[j])
        if 2 * (ours & theirs).total() >= max(ours.total(), theirs.total(), 1):
            aligner.link(i, j, _container_score(aligner, i, j, upper=False), "content")


def _by_heading(aligner: Aligner, tree: Tree) -> dict[str, int]:
    found: dict[str, list[int]] = {}
    for head in aligner.free(tree, tree.heads(upper=False)):
        found.setdefault(match_key(tree.texts[head]), []).append(head)
    return {key: heads[0] for key, heads in found.items() if key and len(heads) == 1}


def containers(aligner: Aligner, upper: bool) -> None:
    """Pair articles (or divisions) by heading and body, then what stands alone in one slot."""
    left = aligner.free(aligner.before, aligner.before.heads(upper))
    right = aligner.free(aligner.after, aligner.after.heads(upper))
    scored: list[Candidate] = []
    for i, j in _container_candidates(aligner, left, right):
        if not aligner.fits(i, j):
            continue
        score = _container_score(aligner, i, j, upper)
        if score >= CONTAINER_FLOOR:
            scored.append((score, i, j))
    for score, i, j in assign(scored):
        aligner.link(i, j, score, "content")
    repeal_notes(aligner, left, right)


def divisions_of_another_level(aligner: Aligner) -> None:
    """A chapter that became a section, or the reverse: one name, which no other free division has."""
    left, right = _by_name(aligner, aligner.before), _by_name(aligner, aligner.after)
    for name, i in left.items():
        j = right.get(name)
        if j is None or not aligner.is_free(i, j) or aligner.before.kind(i) is aligner.after.kind(j):
            continue
        if Kind.APPENDIX not in (aligner.before.kind(i), aligner.after.kind(j)):
            aligner.link(i, j, _container_score(aligner, i, j, upper=True), "content")


def _by_name(aligner: Aligner, tree: Tree) -> dict[str, int]:
    found: dict[str, list[int]] = {}
    for head in aligner.free(tree, tree.heads(upper=True)):
        found.setdefault(match_key(tree.texts[head]), []).append(head)
    return {name: heads[0] for name, heads in found.items() if name and len(heads) == 1}


def _contents_of(aligner: Aligner, tree: Tree, head: int) -> tuple[Bag, Counter[str], int]:
    """The body of a container: its words, the keys of its leaves, and how many leaves."""
    side = "before" if tree is aligner.before else "after"
    known = aligner.bodies.get((side, head))
    if known is None:
        texts = [tree.words[i] for i in tree.members[head]]
        bag = aligner.weights.joined(texts)
        known = aligner.bodies[side, head] = (bag, Counter(map(match_key, texts)), len(texts))
    return known


def _container_candidates(
    aligner: Aligner, left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int]]:
    if len(left) * len(right) <= _FEW_PAIRS:
        return [(i, j) for i in left for j in right]
    return aligner.by_evidence(left, right, partial(_evidence, aligner))


def _evidence(aligner: Aligner, tree: Tree, head: int) -> list[str]:
    """What a container is found by: exact leaves, and the rare words of its heading and body."""
    words = aligner.weights.rarest(aligner.bag(tree, head), RARE)
    body, keys, _ = _contents_of(aligner, tree, head)
    leaves = [f"\0{key}" for key in keys if len(key) > 20]
    return [*words, *aligner.weights.rarest(body, RARE), *leaves]


def _container_score(aligner: Aligner, i: int, j: int, upper: bool) -> int:
    heading = _heading_likeness(aligner, i, j)
    body = _body_likeness(aligner, i, j, upper)
    score = heading * 95 // 100 if body is None else (45 * heading + 50 * body) // 100
    if aligner.before.entries[i].number == aligner.after.entries[j].number:
        score += 50
    apart = abs(i * len(aligner.after.entries) - j * len(aligner.before.entries))
    score -= 30 * apart // max(len(aligner.before.entries) * len(aligner.after.entries), 1)
    if aligner.same_id.get(i) == j and score >= 200:
        score += ID_BONUS
    return score


def _heading_likeness(aligner: Aligner, i: int, j: int) -> int:
    left, right = aligner.bag(aligner.before, i), aligner.bag(aligner.after, j)
    return FULL if not left.weight and not right.weight else aligner.weights.likeness(left, right)


def _body_likeness(aligner: Aligner, i: int, j: int, upper: bool) -> int | None:
    """None when neither has a body."""
    left, our_keys, ours_number = _contents_of(aligner, aligner.before, i)
    right, their_keys, theirs_number = _contents_of(aligner, aligner.after, j)
    shares: list[int] = []
    if upper:
        ours, theirs = _articles_under(aligner.before, i), _articles_under(aligner.after, j)
        if ours or theirs:
            inside = set(theirs)
            shared = sum(aligner.pair.get(a, ROOT) in inside for a in ours)
            shares.append(FULL * shared // max(len(ours), len(theirs)))
    if ours_number or theirs_number:
        same = sum(min(times, their_keys[key]) for key, times in our_keys.items() if key in their_keys)
        exact = FULL * same // max(ours_number, theirs_number)
        shares.append(max(exact, aligner.weights.likeness(left, right)))
    return max(shares) if shares else None


def _articles_under(tree: Tree, head: int) -> list[int]:
    return [k for k in tree.outline.subtree(head) if tree.kind(k) is Kind.ARTICLE]


def repeal_notes(aligner: Aligner, left: Sequence[int], right: Sequence[int]) -> None:
    """A note "(được bãi bỏ)" stands where the provision stood, under its number; or stood before it."""
    ours, theirs = _by_number(aligner, aligner.before, left), _by_number(aligner, aligner.after, right)
    for place, i in ours.items():
        j = theirs.get(place)
        noted = j is not None and aligner.before.is_note(i) is not aligner.after.is_note(j)
        if j is not None and noted and aligner.is_free(i, j):
            aligner.link(i, j, FULL, "exact")


def _by_number(
    aligner: Aligner, tree: Tree, indices: Iterable[int]
) -> dict[tuple[int | None, Kind, str], int]:
    """Free provisions by home, kind and number; a number that stands twice says nothing."""
    found: dict[tuple[int | None, Kind, str], list[int]] = {}
    for k in aligner.free(tree, indices):
        found.setdefault((_home(aligner, tree, k), tree.kind(k), tree.entries[k].number), []).append(k)
    return {place: ks[0] for place, ks in found.items() if len(ks) == 1 and place[2]}


def _home(aligner: Aligner, tree: Tree, index: int) -> int | None:
    """What a provision's number is counted in, as a before-index; articles run through the text."""
    if index in tree.members:
        return None
    parent = tree.parent(index)
    return parent if tree is aligner.before else aligner.back.get(parent, -2)


def slots(aligner: Aligner, upper: bool) -> None:
    """Heads: exactly one left over on each side between the same neighbours is replaced.

    Not one that looks like a part of another article: that one's place was made for it.
    """
    left, right = aligner.before.heads(upper), aligner.after.heads(upper)
    gaps_before, gaps_after = gaps_between(left, aligner.pair), gaps_between(right, aligner.back)
    for (start, end), ours in gaps_before.items():
        theirs = gaps_after.get((aligner.pair.get(start, -2), aligner.pair.get(end, -2)), [])
        single = len(ours) == len(theirs) == 1 and aligner.fits(ours[0], theirs[0])
        if single and ours[0] not in aligner.sources and theirs[0] not in aligner.parts:
            aligner.link(ours[0], theirs[0], LOW, "place")


def gaps_between(places: Sequence[int], paired: dict[int, int]) -> dict[tuple[int, int], list[int]]:
    """Runs of free places by the paired ones around them; ROOT stands for both ends."""
    found: dict[tuple[int, int], list[int]] = {}
    start, run = ROOT, list[int]()
    for place in [*places, ROOT]:
        if place in paired:
            if run:
                found[start, place] = run
            start, run = place, []
        else:
            run.append(place)
    return found
