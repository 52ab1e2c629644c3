"""Where a comparison's decisions turn: at a bound, one below it, and when nothing speaks for a pair."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from duthao.domain.compare.aligner import Aligner
from duthao.domain.compare.classify import SURE_MOVE, SURE_PAIR, doubt
from duthao.domain.compare.groups import Overrides
from duthao.domain.compare.leaves import _keeps_order
from duthao.domain.compare.similarity import Weights
from duthao.domain.compare.tree import Tree, tree_of
from tests.support.texts import art, cl, doc


def a_pair(way: str, confidence: int) -> Any:
    """An alignment of one clause with one clause, of the same words in the same article."""
    return SimpleNamespace(
        way=(way,), confidence=(confidence,), before=a_tree(), after=a_tree(), pair={0: 0}, groups=()
    )


def a_tree() -> Tree:
    return tree_of(doc(art("Họp")))


@pytest.mark.parametrize(
    ("way", "confidence", "why"),
    [
        ("content", SURE_PAIR - 1, "few_words"),
        ("content", SURE_PAIR, None),
        ("move", SURE_MOVE - 1, "moved_changed"),
        ("move", SURE_MOVE, None),
        ("move", SURE_PAIR - 1, "moved_changed"),
        ("place", 1000, "same_place"),
        ("exact", 0, None),
    ],
)
def test_a_pair_is_doubtful_below_its_bound_and_not_at_it(way: str, confidence: int, why: str | None) -> None:
    assert doubt(a_pair(way, confidence), 0) == why


def test_one_id_on_each_side_is_one_provision_though_no_word_of_it_is_left() -> None:
    before = tree_of(doc(art("Họp", id="h"), cl("Thường trực họp hằng tuần.", id="a")))
    after = tree_of(doc(art("Họp", id="h"), cl("Xe công do văn phòng bố trí.", id="a")))
    assert Aligner(before, after, Overrides()).same_id == {0: 0, 1: 1}


@pytest.mark.parametrize("sides", ["many before", "many after"])
def test_of_an_id_given_twice_only_the_one_most_like_its_counterpart_has_it(sides: str) -> None:
    many = tree_of(
        doc(cl("Xe công do văn phòng bố trí.", id="a"), cl("Ban họp hằng tuần tại trụ sở.", id="a"))
    )
    one = tree_of(doc(cl("Ban họp hằng tháng tại trụ sở.", id="a")))
    other = tree_of(doc(cl("Kinh phí theo quy định hiện hành.", id="a")))
    if sides == "many before":
        assert Aligner(many, one, Overrides()).same_id == {1: 0}
        assert Aligner(many, other, Overrides()).same_id == {}
    else:
        assert Aligner(one, many, Overrides()).same_id == {0: 1}
        assert Aligner(other, many, Overrides()).same_id == {}


def crossing(pairs: dict[int, int], i: int, j: int) -> bool:
    return not _keeps_order(SimpleNamespace(pair=pairs), i, j)  # type: ignore[arg-type]


def test_a_pair_crosses_the_nearest_pairs_around_it_or_none() -> None:
    assert not crossing({}, 5, 5)
    assert not crossing({4: 4, 6: 6}, 5, 5)
    assert crossing({4: 7}, 5, 5), "the one before it stands behind it"
    assert crossing({6: 3}, 5, 5), "the one behind it stands before it"
    assert crossing({3: 7}, 5, 5), "the nearest that is paired, not the neighbour only"
    assert not crossing({3: 7, 4: 4}, 5, 5), "only the nearest counts"
    assert crossing({5 - 8: 7}, 5, 5)
    assert not crossing({5 - 9: 7}, 5, 5), "too far away to tell"


def test_runs_of_three_words_are_bounded_also_where_there_is_one_run() -> None:
    three, more = "họp hằng tuần", "ban họp hằng tuần"
    weights = Weights([three, more])
    for left, right in ((three, three), (three, more), (more, three)):
        assert weights.phrases(left, right) == 1000
        assert weights.phrases_at_most(weights.bag(left), weights.bag(right)) == 1000
    two = weights.bag("họp hằng")
    assert weights.phrases("họp hằng", three) == weights.phrases_at_most(two, weights.bag(three)) == 0
    apart = weights.bag("xe công phòng")
    assert weights.phrases_at_most(apart, weights.bag(three)) == 0
