"""The laws of anchors: a comment's words are found again wherever they went, or they are truly gone."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.anchors import (
    Anchor,
    Carried,
    Spot,
    Standing,
    Stretch,
    Texts,
    anchored,
    carried,
    worth_holding,
)
from duthao.domain.ranges import mapped
from tests.property.test_collab_core import TEXTS
from tests.support.letters import Letters, Words

SEEDS = st.integers(0, 2**32)
NEW = tuple(f"mới{n}" for n in range(200))
Place = tuple[Spot, int]


class Comment:
    """Words of a draft and the comment on them, looked up now and then while the draft is edited."""

    def __init__(self, draft: Letters) -> None:
        self.draft, self.words = draft, draft.some_words()
        spot, start, end = self.words.spot, self.words.start, self.words.end
        made = anchored(Texts(draft.document()), spot, start, end)
        assert made is not None
        assert made.made is not None
        self.anchor, self.made = made, made.made
        self.held: tuple[Stretch, ...] = ()

    def look(self) -> Carried:
        found = carried(self.anchor, self.held, Texts(self.draft.document()))
        held = worth_holding(self.made, self.held, found.stretches)
        self.held = self.held if held is None else held
        return found

    @property
    def is_distinct(self) -> bool:
        """Whether its words are enough to be known by themselves."""
        quote = self.made.quote
        return sum(map(str.isalnum, quote)) >= 16 and len(quote.split()) >= 4 and self.made.times == 1


def covered(found: Carried) -> set[Place]:
    return {(one.spot, at) for one in found.stretches for at in range(one.start, one.end)}


def stand_together(words: Words, places: list[Place]) -> bool:
    """Whether all its letters are left, with nothing between them."""
    return (
        len(places) == len(words.names)
        and len({spot for spot, _ in places}) == 1
        and places[-1][1] - places[0][1] + 1 == len(places)
    )


def black(places: Iterable[Place], texts: Texts) -> set[Place]:
    """Those of signs, white space left out."""
    return {(spot, at) for spot, at in places if not texts.at[spot][at].isspace()}


@given(SEEDS, st.booleans())
@settings(max_examples=max(300, settings().max_examples))  # the profile "soak" asks for 2,000
def test_words_are_found_where_they_went_or_they_are_gone(seed: int, is_watched: bool) -> None:
    """Any sequence of edits; `is_watched`: somebody has the list open all the time."""
    chance = random.Random(seed)
    draft = Letters(chance)
    comment = Comment(draft)
    for _ in range(chance.randint(1, 12)):
        draft.edit()
        if is_watched or chance.random() < 0.4:
            comment.look()
    found, texts = comment.look(), Texts(draft.document())
    places = draft.places(comment.words.names)
    got, alive = covered(found), black(places, texts)
    here = all(spot.provision == comment.words.spot.provision for spot, _ in places)
    if stand_together(comment.words, places) and (comment.is_distinct or (here and is_watched)):
        assert got == set(places)
    elif comment.is_distinct and is_watched and "move_words" not in draft.done:
        whole = sum(not sign.isspace() for sign in comment.made.quote)
        assert 2 * len(alive) < whole or 2 * len(black(got, texts) & alive) >= len(alive)
    if found.standing is Standing.ORPHANED and comment.is_distinct:
        assert comment.made.quote not in "\n".join(texts.at.values())


@given(SEEDS)
def test_what_comes_back_has_its_comment_back(seed: int) -> None:
    chance = random.Random(seed)
    draft = Letters(chance)
    comment = Comment(draft)
    before = draft.document()
    for _ in range(chance.randint(1, 10)):
        draft.edit()
        comment.look()
    again = carried(comment.anchor, comment.held, Texts(replace(before, removed=())))
    assert again == Carried(Standing.HERE, (comment.made,))


@given(TEXTS, TEXTS, st.data())
def test_a_range_of_any_text_in_any_other_is_in_it(base: str, now: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(base)))
    end = data.draw(st.integers(start, len(base)))
    if start == end:
        return
    found = mapped(base, now, start, end)
    if found is not None:
        assert 0 <= found.start < found.end <= len(now)
        assert 0 <= found.kept <= 1
    if base == now and base[start:end].strip():
        assert found is not None
        assert (found.start, found.end, found.kept) == (start, end, 1)


@given(SEEDS)
def test_what_is_typed_in_the_words_is_theirs_and_around_them_is_not(seed: int) -> None:
    chance = random.Random(seed)
    draft = Letters(chance)
    comment = Comment(draft)
    words = comment.words
    unit = next(unit for unit in draft.units if unit.id == words.spot.provision)
    line = unit.lines[words.spot.cell or 0]
    inside = chance.choice([at for at in range(words.start, words.end) if line[at][0].isspace()] or [None])
    behind, between, ahead = (" ".join(chance.sample(NEW, 3)) for _ in range(3))
    line[words.end : words.end] = draft.typed(f" {behind}")
    if inside is not None:
        line[inside + 1 : inside + 1] = draft.typed(f"{between} ")
    line[words.start : words.start] = draft.typed(f"{ahead} ")
    (found,) = comment.look().stretches
    names = draft.names_at(found.spot, found.start, found.end)
    assert (names[0], names[-1]) == (words.names[0], words.names[-1])


def test_an_anchor_on_the_whole_document_is_there_whatever_happens() -> None:
    found = carried(Anchor("document"), (), Texts(Letters(random.Random(1)).document()))  # type: ignore[arg-type]
    assert found == Carried(Standing.HERE)
