"""Texts and tables too large or too alike to weigh every pairing: what is still promised of them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.guard import structural_changes
from duthao.domain.compare.matching import matches
from duthao.domain.compare.result import RowClass
from duthao.domain.compare.sequences import assign
from duthao.domain.compare.three import joined
from duthao.domain.compare.words import MAX_TOKENS, word_spans
from duthao.domain.document import NumberingPolicy
from duthao.domain.merge import Hunk, hunks
from tests.support.texts import art, ch, cl, doc, row, sec, table

A, B = ["a"] * 300, ["b"] * 300


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ([*A, *B], [*B, *A], 0),  # nothing is rare: nothing tells which "a" is which
        ([*A, "x", *B], [*B, "x", *A], 1),
        ([*A, "x", *B, "q"], ["c", *A[:200], "x", "d", *B[:250]], 201),
    ],
)
def test_of_words_that_stand_hundreds_of_times_the_rare_ones_lead(
    left: list[str], right: list[str], found: int
) -> None:
    pairs = matches(left, right, [100] * len(left))
    assert len(pairs) == found
    assert all(left[i] == right[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))


def test_of_many_that_might_be_one_each_has_one_partner() -> None:
    near = [(10 + (i * 7 + j * 3) % 5, i, j) for i in range(70) for j in range(70) if abs(i - j) < 3]
    chosen = assign(near)
    assert set(chosen) <= set(near)
    assert len({i for _, i, _ in chosen}) == len({j for _, _, j in chosen}) == len(chosen)
    assert len(chosen) > 60
    assert chosen == sorted(chosen, key=lambda one: one[1:])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" ".join(f"một{n}" for n in range(500)), " ".join(f"hai{n}" for n in range(500))),
        ("từ " * (MAX_TOKENS + 1), "từ " * (MAX_TOKENS + 1) + "cuối"),
    ],
    ids=["nothing shared", "endless"],
)
def test_texts_that_are_not_worth_weighing_are_replaced_whole(before: str, after: str) -> None:
    assert word_spans(before, after) == (("-", before), ("+", after))
    assert hunks(before, after) == (Hunk(0, len(before), after),)


def test_a_third_text_follows_the_second() -> None:
    one, other = doc(art("Một"), cl("Họp.")), doc(art("Một"), cl("Họp kín."))
    with pytest.raises(ValueError, match="another text"):
        joined(compare(one, other), compare(one, other))


ROWS = ("Họp thường kỳ của cấp ủy", "Đi công tác ngoài tỉnh", "In tài liệu hội nghị")


def test_a_row_that_went_elsewhere_with_another_amount_is_moved_and_amended() -> None:
    first, *others = (row(name, f"{n}00.000 đồng") for n, name in enumerate(ROWS, 1))
    before = doc(art("Chi"), table("Mức chi"), first, *others)
    after = doc(art("Chi"), table("Mức chi"), *others, row(ROWS[0], "900.000 đồng"))
    assert compare(before, after).rows[-1].row_class is RowClass.MOVED_AMENDED


KEEP = NumberingPolicy.KEEP
REST = (art("Hai", "2"), cl("Bàn việc chung.", "1"))


def test_a_chapter_that_became_a_section_is_told_and_a_note_of_repeal_is_no_disturbance() -> None:
    chapter, section = (doc(one, *REST, policy=KEEP) for one in (ch("I", "HỌP"), sec("1", "HỌP")))
    assert [one.what for one in structural_changes(compare(chapter, section))] == ["level_changed"]
    whole = doc(art("Một", "1"), cl("Họp mỗi tháng.", "1"), *REST, policy=KEEP)
    noted = doc(art("(được bãi bỏ)", "1"), *REST, policy=KEEP)
    assert structural_changes(compare(whole, noted)) == ()
