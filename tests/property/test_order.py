"""Order keys: insertion anywhere, again and again, keeps the order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.order import between, is_key


@given(st.lists(st.floats(0, 1), max_size=120))
def test_inserting_anywhere_keeps_the_order(places: list[float]) -> None:
    keys: list[str] = []
    for place in places:
        at = round(place * len(keys))
        before = keys[at - 1] if at else None
        after = keys[at] if at < len(keys) else None
        keys.insert(at, between(before, after))
    assert keys == sorted(set(keys))
    assert all(map(is_key, keys))


@given(st.lists(st.booleans(), min_size=200, max_size=200))
def test_deep_insertion_grows_by_a_digit_in_five_steps_at_most(sides: list[bool]) -> None:
    low, high = "V", "W"
    for side in sides:
        key = between(low, high)
        low, high = (key, high) if side else (low, key)
    assert len(low) <= 2 + 200 / 5 + 2


@given(st.text(max_size=6), st.text(max_size=6))
def test_any_text_for_a_key_gives_a_key(before: str, after: str) -> None:
    assert is_key(between(before, after))
