"""Order keys: named cases."""

from __future__ import annotations

import pytest

from duthao.domain.order import between, is_key, spread


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, None), ("V", None), (None, "V"), (None, "1"), (None, "001"), ("z", None), ("zz", None),
     ("V", "W"), ("V", "V1"), ("V", "V01"), ("Vz", "W"), ("1", "2"), ("a", "aV")],
)  # fmt: skip
def test_between_stands_between(before: str | None, after: str | None) -> None:
    key = between(before, after)
    assert is_key(key)
    assert before is None or before < key
    assert after is None or key < after


def test_equal_or_crossed_keys_give_a_key_behind_the_first() -> None:
    assert between("V", "V") > "V"
    assert between("W", "V") > "W"


@pytest.mark.parametrize("foreign", ["", "0", "000", "é", "V-", "a b", "a0"])
def test_what_is_no_key_is_read_as_far_as_it_is_one(foreign: str) -> None:
    assert is_key(between(foreign, None))
    assert is_key(between(None, foreign))
    assert is_key(between(foreign, foreign))


def test_appending_a_thousand_times_stays_short() -> None:
    key = between(None, None)
    for _ in range(1000):
        key = between(key, None)
    assert len(key) < 80


@pytest.mark.parametrize("count", [0, 1, 2, 29, 30, 31, 1000, 3000])
def test_spread_gives_short_keys_in_order(count: int) -> None:
    keys = spread(count)
    assert len(keys) == count
    assert keys == sorted(set(keys))
    assert all(map(is_key, keys))
    assert all(len(key) <= 3 for key in keys)
