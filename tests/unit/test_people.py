"""The colours people have among one another."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import DocumentId, UserId
from duthao.service.people import PALETTE, Colours, KeptColours, colour_of, colours_among

IDS = st.lists(st.text("abcdef0123456789", min_size=1, max_size=8).map(UserId), unique=True, max_size=40)


@given(IDS, st.randoms())
def test_no_colour_is_found_twice_while_one_is_free_and_the_order_does_not_matter(
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


def test_colours_are_read_once_until_somebody_comes_or_goes_or_ten_seconds_pass() -> None:
    now, changes, members, readings = [0.0], [0], ["a"], []

    def read(document_id: DocumentId) -> Colours:
        readings.append(document_id)
        return colours_among(map(UserId, members))

    kept = KeptColours(read, lambda: changes[0], lambda: now[0])
    draft, other = DocumentId("draft"), DocumentId("other")
    assert kept(draft) == kept(draft) == colours_among([UserId("a")])
    assert readings == [draft]
    kept(other)
    members.append("b")
    changes[0] += 1
    assert kept(draft) == colours_among(map(UserId, members))
    members.append("c")
    now[0] += KeptColours.SECONDS
    assert kept(draft) == colours_among(map(UserId, members))
    assert readings == [draft, other, draft, draft]


def test_of_too_many_documents_the_colours_kept_longest_are_forgotten() -> None:
    readings: list[DocumentId] = []

    def read(document_id: DocumentId) -> Colours:
        readings.append(document_id)
        return Colours()

    kept = KeptColours(read, lambda: 0, lambda: 0.0)
    names = [DocumentId(str(n)) for n in range(KeptColours.MOST + 1)]
    for name in (*names, names[-1], names[0]):
        kept(name)
    assert readings == [*names, names[0]]
