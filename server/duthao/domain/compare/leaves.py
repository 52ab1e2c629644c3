"""Which provisions inside belong together: by id, by equal words, then by alike ones; then moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from duthao.domain.compare.aligner import ID_BONUS, LOW, MOVE_FLOOR, Aligner
from duthao.domain.compare.containers import gaps_between, repeal_notes
from duthao.domain.compare.keys import match_key, similar_words
from duthao.domain.compare.sequences import assign, common_subsequence
from duthao.domain.compare.similarity import FULL
from duthao.domain.compare.tree import ROOT, Tree
from duthao.domain.compare.words import is_replaced, word_spans
from duthao.domain.document import Kind

LEAF_FLOOR = 300
_ELSEWHERE_FLOOR = 350
"""Likeness of two that do not stand in the same unit: few words in common are chance there."""

_SAME_PARENT, _SAME_NUMBER, _IN_ORDER = 60, 20, 30
_MORE = _SAME_PARENT + _SAME_NUMBER + _IN_ORDER
_NEAR = 9
_SURE = 650
_MOVED_WORDS = 2
"""Words from which what stands once in each text is taken for moved."""


def same_ids(aligner: Aligner) -> None:
    """The same id with the same words: the provision itself, wherever it stands."""
    for i, j in aligner.same_id.items():
        if i in aligner.pair:
            continue
        same = (
            aligner.before.kind(i) is aligner.after.kind(j)
            and aligner.before.texts[i] == aligner.after.texts[j]
        )
        if same and i not in aligner.before.members and _homes_agree(aligner, i, j) and aligner.is_free(i, j):
            aligner.link(i, j, FULL, "exact")


def _homes_agree(aligner: Aligner, i: int, j: int) -> bool:
    return aligner.pair.get(aligner.before.container[i]) == aligner.after.container[j]


def container_pairs(aligner: Aligner) -> list[tuple[int, int]]:
    """The containers paired so far that have free leaves on both sides, ROOT first."""
    ours, theirs = aligner.open_containers(aligner.before), aligner.open_containers(aligner.after)
    return [(i, j) for i, j in aligner.paired_containers() if i in ours and j in theirs]


def exact_leaves(aligner: Aligner) -> None:
    """Inside each pair of containers: equal keys in order, then out of order."""
    for c, d in container_pairs(aligner):
        left = aligner.free(aligner.before, aligner.before.members[c])
        right = aligner.free(aligner.after, aligner.after.members[d])
        if not left or not right:
            continue
        for by in (_exact_key, _loose_key):
            _link_in_order(aligner, left, right, by)
        _link_out_of_order(aligner, left, right)


def _exact_key(tree: Tree, index: int) -> str:
    return f"{tree.kind(index).value}\0{tree.texts[index]}"


def _loose_key(tree: Tree, index: int) -> str:
    return f"{tree.kind(index).value}\0{match_key(tree.words[index])}"


def _link_in_order(
    aligner: Aligner, left: Sequence[int], right: Sequence[int], by: Callable[[Tree, int], str]
) -> None:
    ours, theirs = aligner.free(aligner.before, left), aligner.free(aligner.after, right)
    pairs = common_subsequence([by(aligner.before, i) for i in ours], [by(aligner.after, j) for j in theirs])
    for a, b in pairs:
        if aligner.is_free(ours[a], theirs[b]):
            aligner.link(ours[a], theirs[b], FULL, "exact")


def _link_out_of_order(aligner: Aligner, left: Sequence[int], right: Sequence[int]) -> None:
    places: dict[str, list[int]] = {}
    for j in aligner.free(aligner.after, right):
        places.setdefault(match_key(aligner.after.words[j]), []).append(j)
    for i in aligner.free(aligner.before, left):
        key = match_key(aligner.before.words[i])
        waiting = places.get(key, [])
        if key and waiting and aligner.is_free(i, waiting[0]):
            aligner.link(i, waiting.pop(0), FULL, "exact")


def exact_moves(aligner: Aligner) -> None:
    """Leaves of other containers whose words stand once in each text: moved as they are."""
    ours, theirs = _once(aligner, aligner.before), _once(aligner, aligner.after)
    for key, i in ours.items():
        j = theirs.get(key)
        if (
            j is not None
            and len(similar_words(aligner.before.words[i])) >= _MOVED_WORDS
            and aligner.is_free(i, j)
        ):
            aligner.link(i, j, FULL, "exact")


def _once(aligner: Aligner, tree: Tree) -> dict[str, int]:
    free = aligner.all_free(tree)
    counts = Counter(filter({tree.texts[index] for index in free}.__contains__, tree.texts))
    places: dict[str, list[int]] = {}
    for index in free:
        if index not in tree.members and counts[tree.texts[index]] == 1:
            places.setdefault(match_key(tree.words[index]), []).append(index)
    return {key: found[0] for key, found in places.items() if len(found) == 1}


def alike_leaves(aligner: Aligner) -> None:
    """Inside each pair of containers: the best assignment of what is left, then equal slots."""
    for members, others in aligner.families():
        left, right = aligner.free(aligner.before, members), aligner.free(aligner.after, others)
        if not left or not right:
            continue
        repeal_notes(aligner, left, right)
        # The sure ones first: points once paired speak for the clause above them; once
        # more at the end for those whose best partner was taken or refused.
        for floor in (_SURE, LEAF_FLOOR, LEAF_FLOOR):
            scored = [
                (score, i, j)
                for i, j in aligner.candidates(left, right)
                if (i, j) not in aligner.refused and (score := _leaf_score(aligner, i, j, floor)) >= floor
            ]
            for score, i, j in assign(scored):
                if _is_readable(aligner, i, j, score):
                    aligner.link(i, j, score, "content")
                else:
                    aligner.refused.add((i, j))
        _equal_slots(aligner, members, others)
        _row_gaps(aligner, members, others)


def _leaf_score(aligner: Aligner, i: int, j: int, floor: int) -> int:
    """How much two leaves are alike; below `floor` only that it is below."""
    more = _child_share(aligner, i, j)
    if aligner.before.kind(i) is not aligner.after.kind(j):
        more -= 100
    bonus = ID_BONUS if aligner.same_id.get(i) == j else 0
    score = more + aligner.likeness(i, j, 90, max(LEAF_FLOOR, floor - _MORE) - more - bonus)
    if score >= 200:
        score += bonus
    if score < LEAF_FLOOR:
        return score
    if aligner.pair.get(aligner.before.parent(i)) == aligner.after.parent(j):
        score += _SAME_PARENT
    elif score < _ELSEWHERE_FLOOR:
        return 0
    if aligner.before.entries[i].number == aligner.after.entries[j].number:
        score += _SAME_NUMBER
    return score + (_IN_ORDER if _keeps_order(aligner, i, j) else 0)


def _keeps_order(aligner: Aligner, i: int, j: int) -> bool:
    """Whether the pair would not cross the nearest pairs around it."""
    for step in (-1, 1):
        near = range(i + step, i + step * _NEAR, step)
        paired = next((aligner.pair[k] for k in near if k in aligner.pair), None)
        if paired is not None and (paired - j) * step < 0:
            return False
    return True


def _child_share(aligner: Aligner, i: int, j: int) -> int:
    """Up to 400 more when what stands under the two belongs together already."""
    ours, theirs = aligner.before.entries[i].children, aligner.after.entries[j].children
    if not ours or not theirs:
        return 0
    inside = set(theirs)
    shared = sum(aligner.pair.get(child, ROOT) in inside for child in ours)
    return 400 * shared // max(len(ours), len(theirs))


def _is_readable(aligner: Aligner, i: int, j: int, score: int) -> bool:
    """A weak pair of which not one word is kept in its place would only puzzle the reader."""
    if score >= _SURE or aligner.same_id.get(i) == j or _child_share(aligner, i, j):
        return True
    return not is_replaced(word_spans(aligner.before.texts[i], aligner.after.texts[j]))


def _equal_slots(aligner: Aligner, members: Sequence[int], others: Sequence[int]) -> None:
    """Under paired parents, as many left over on each side with the same labels: replaced."""
    ours = _children_left(aligner, aligner.before, members)
    theirs = _children_left(aligner, aligner.after, others)
    for parent, left in ours.items():
        right = theirs.get(aligner.pair.get(parent, -2), [])
        if len(left) != len(right):
            continue
        for i, j in zip(left, right, strict=True):
            same = aligner.before.entries[i].number == aligner.after.entries[j].number
            if same and aligner.fits(i, j):
                aligner.link(i, j, LOW, "place")


def _row_gaps(aligner: Aligner, members: Sequence[int], others: Sequence[int]) -> None:
    """Rows between the same neighbours, as many on each side: one by one, though only figures are left.

    Rows carry no number that could tell them, and in a column of figures few words.
    """
    ours = _children_left(aligner, aligner.before, members)
    for table in ours:
        other = aligner.pair.get(table, -2)
        if other < 0 or not (aligner.before.kind(table) is Kind.TABLE is aligner.after.kind(other)):
            continue
        gaps = gaps_between(aligner.before.entries[table].children, aligner.pair)
        theirs = gaps_between(aligner.after.entries[other].children, aligner.back)
        for (start, end), rows in gaps.items():
            found = theirs.get((aligner.pair.get(start, -2), aligner.pair.get(end, -2)), [])
            if len(rows) == len(found) and all(map(aligner.fits, rows, found)):
                for i, j in zip(rows, found, strict=True):
                    aligner.link(i, j, LOW, "place")


def _children_left(aligner: Aligner, tree: Tree, members: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for index in aligner.free(tree, members):
        found.setdefault(tree.parent(index), []).append(index)
    return found


def alike_moves(aligner: Aligner) -> None:
    """What is left anywhere, when most of its words are: moved and amended."""
    left, right = _free_leaves(aligner, aligner.before), _free_leaves(aligner, aligner.after)
    scored = [
        (score, i, j)
        for i, j in aligner.candidates(left, right)
        if (score := aligner.move_score(i, j)) >= MOVE_FLOOR
    ]
    for score, i, j in assign(scored):
        if not is_replaced(word_spans(aligner.before.texts[i], aligner.after.texts[j])):
            aligner.link(i, j, score, "move")


def _free_leaves(aligner: Aligner, tree: Tree) -> list[int]:
    return [k for k in aligner.all_free(tree) if k not in tree.members]
