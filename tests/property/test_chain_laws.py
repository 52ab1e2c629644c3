"""The chain holds in both directions whatever becomes of the provisions: moves, splits, merges, restores."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.anchors import Texts
from duthao.domain.document import Document
from duthao.domain.synthesis.chain import (
    Link,
    Standing,
    changed,
    led_to,
    linked,
    today,
    words_of,
    worth_keeping,
)
from tests.support.letters import Letters

STRUCTURE = ("enter", "join", "move", "cut_and_paste", "insert", "remove", "restore", "kind")


def looked(links: dict[str, Link], document: Document) -> dict[str, Link]:
    """Somebody looks at the list: what is held of each link is renewed."""
    texts, reads = Texts(document), words_of(document)
    found = {}
    for id_, link in links.items():
        held = worth_keeping(link, today(link, texts, reads))
        found[id_] = link if held is None else replace(link, held=held)
    return found


@given(st.integers(0, 2**32))
@settings(max_examples=max(60, settings().max_examples))
def test_words_changed_are_walked_to_and_back(seed: int) -> None:
    chance = random.Random(seed)
    draft = Letters(chance)
    before = draft.document()
    for _ in range(3):
        draft.edit(("append", "type", "reword", "insert", "remove"))
    after = draft.document()
    made = changed(before, after)
    assert {one.provision for one in made} <= {p.id for p in (*before.provisions, *after.provisions)}
    links = {
        f"l{n}": linked(f"l{n}", one, before, after, 1, 4) for n, one in enumerate(made) if one.after.strip()
    }
    texts, reads = Texts(after), words_of(after)
    for id_, link in links.items():
        there = today(link, texts, reads)
        assert there.standing is Standing.STANDS
        assert there.provisions == (link.change.provision,), id_
    names = {}
    for id_, link in links.items():
        assert link.made is not None
        names[id_] = draft.names_at(link.made.spot, link.made.start, link.made.end)
    for _ in range(chance.randint(1, 6)):
        draft.edit(STRUCTURE)
        links = looked(links, draft.document())
    now = draft.document()
    texts, reads = Texts(now), words_of(now)
    found = {id_: today(link, texts, reads) for id_, link in links.items()}
    back = led_to(found.items())
    for id_, one in found.items():
        assert all(id_ in back[provision] for provision in one.provisions)
        assert set(one.provisions) <= reads.keys()
        places = draft.places(names[id_])
        spots = {spot for spot, _ in places}
        whole = len(places) == len(names[id_]) and len(spots) == 1
        together = whole and places[-1][1] - places[0][1] + 1 == len(places)
        made_ = links[id_].made
        assert made_ is not None
        distinct = (
            sum(map(str.isalnum, made_.quote)) >= 16 and len(made_.quote.split()) >= 4 and made_.times == 1
        )
        if together and distinct:
            assert one.provisions == (next(iter(spots)).provision,)
    assert all(
        id_ in found and provision in found[id_].provisions for provision, ids in back.items() for id_ in ids
    )


@given(st.integers(0, 2**32))
@settings(max_examples=max(30, settings().max_examples // 3))
def test_going_back_to_the_text_before_undoes_every_change_but_moves(seed: int) -> None:
    draft = Letters(random.Random(seed))
    before = draft.document()
    for _ in range(3):
        draft.edit(("append", "reword", "insert", "remove"))
    after = draft.document()
    texts, reads = Texts(before), words_of(before)
    for one in changed(before, after):
        link = linked("l", one, before, after, 1, 4)
        assert today(link, Texts(after), words_of(after)).standing is Standing.STANDS
        if one.before != one.after:
            assert today(link, texts, reads).standing is not Standing.STANDS
