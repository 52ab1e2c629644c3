"""The colours people have among one another."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import UserId
from duthao.service.people import PALETTE, colour_of, colours_among

IDS = st.lists(st.text("abcdef0123456789", min_size=1, max_size=8).map(UserId), unique=True, max_size=40)


@given(IDS, st.randoms())
def test_no_colour_is_foundtwice_while_one_is_free_and_the_order_does_not_matter(
    ids: list[UserId], chance: random.Random
) -> None:
    found = colours_among(ids)
    uses = Counter(found.values())
    assert max(uses.values(), default=0) == -(-len(ids) // len(PALETTE))
    chance.shuffle(ids)
    assert colours_among(ids) == found


def test_who_is_alone_with_their_colour_has_their_own() -> None:
    own: dict[str, UserId] = {}
    for n in range(500):
        own.setdefault(colour_of(UserId(str(n))), UserId(str(n)))
    assert len(own) == len(PALETTE)
    assert colours_among(own.values()) == {id_: colour for colour, id_ in own.items()}


def test_who_comes_behind_takes_nobodys_colour() -> None:
    before = colours_among(UserId(f"a{n}") for n in range(6))
    after = colours_among(UserId(one) for one in (*before, "b", "c"))
    assert {id_: after[id_] for id_ in before} == before
