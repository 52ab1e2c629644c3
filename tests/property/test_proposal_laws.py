"""The laws of proposals: accepting gives what was proposed, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duthao.collab.edits import restore, seed
from duthao.collab.replica import Replica
from duthao.domain.document import Document, Kind, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.outline import below
from duthao.domain.proposals import (
    Act,
    Decided,
    NewProvision,
    Proposed,
    Standing,
    Wording,
    accepted,
    changes,
    meetings,
    outlook,
    proposed,
    wording_of,
)
from tests.property.test_collab_core import TEXTS, documents

NEW = ProvisionId("new")
FULL = documents().filter(lambda document: document.provisions)
KINDS = st.sampled_from([kind for kind in Kind if kind not in (Kind.ROW, Kind.TABLE)])


def words_of(document: Document) -> dict[ProvisionId, Wording]:
    return {one.id: wording_of(one) for one in document.provisions}


@st.composite
def made(draw: st.DrawFn, document: Document, acts: tuple[Act, ...] = tuple(Act)) -> Proposed:
    """Something that may be proposed for this document."""
    at = draw(st.sampled_from(document.provisions))
    act = draw(st.sampled_from(acts))
    if act is Act.INSERT:
        text = draw(TEXTS.filter(lambda text: text.strip()))
        return proposed(document, act, at.id, Wording(text), new=NewProvision(NEW, draw(KINDS)))
    if act is Act.REMOVE:
        return proposed(document, act, at.id)
    text = draw(TEXTS.filter(lambda text: text.strip() and text != at.text))
    return proposed(document, act, at.id, Wording(text, tuple(draw(TEXTS) for _ in at.cells)))


@st.composite
def situations(draw: st.DrawFn, *acts: Act) -> tuple[Document, Proposed]:
    document = draw(FULL)
    return document, draw(made(document, acts or tuple(Act)))


@st.composite
def later(draw: st.DrawFn, document: Document) -> Document:
    """The document after others wrote in it, took out of it and moved in it."""
    there: list[Provision] = []
    for one in document.provisions:
        what = draw(st.sampled_from(("keep", "keep", "write", "remove", "move")))
        if what == "write":
            one = replace(one, text=draw(TEXTS), cells=tuple(draw(TEXTS) for _ in one.cells), marks=())
        if what == "move":
            there.insert(draw(st.integers(0, len(there))), one)
        elif what != "remove":
            there.append(one)
    ids = {one.id for one in there}
    removed = tuple(one for one in document.provisions if one.id not in ids)
    return replace(document, provisions=tuple(there), removed=(*document.removed, *removed))


@given(situations())
def test_on_an_unchanged_text_accepting_gives_exactly_the_proposal(given_: tuple[Document, Proposed]) -> None:
    document, one = given_
    assert outlook(one, document).standing is Standing.CLEAN
    got = accepted(document, one, Decided())
    assert got.brought == got.final
    before, after = words_of(document), words_of(got.final)
    if one.act is Act.REPLACE:
        assert after == before | {one.provision: one.wording}
        assert [p.id for p in got.final.provisions] == [p.id for p in document.provisions]
    elif one.act is Act.INSERT:
        assert after == before | {NEW: one.wording}
        assert [p.id for p in got.final.provisions if p.id != NEW] == [p.id for p in document.provisions]
    else:
        assert set(before) - set(after) == below(document, one.provision)
        assert after == {id_: words for id_, words in before.items() if id_ in after}
    for was in document.provisions:  # and nothing else is touched at all
        if was.id != one.provision and was.id in after:
            assert was in got.final.provisions


@given(situations())
def test_accepting_what_is_there_already_changes_nothing(given_: tuple[Document, Proposed]) -> None:
    document, one = given_
    got = accepted(document, one, Decided()).final
    assert outlook(one, got).standing is Standing.DONE
    assert accepted(got, one, Decided()).final == got


@given(situations())
def test_what_is_accepted_reads_back_from_the_shared_text(given_: tuple[Document, Proposed]) -> None:
    document, one = given_
    state = seed(document, 5)
    replica = Replica()
    replica.apply(state)
    goal = accepted(replica.tree(), one, Decided()).final
    update = restore(state, replica.tree(), goal, 7)
    assert update is not None
    replica.apply(update)
    assert words_of(replica.tree()) == words_of(goal)
    assert [p.id for p in replica.tree().provisions] == [p.id for p in goal.provisions]


@given(situations(), st.data())
def test_on_a_changed_text_nothing_of_others_goes_that_was_not_asked_for(
    given_: tuple[Document, Proposed], data: st.DataObject
) -> None:
    document, one = given_
    now = data.draw(later(document))
    look = outlook(one, now)
    if look.standing in (Standing.CONFLICT, Standing.GONE):
        with pytest.raises(Refusal):
            accepted(now, one, Decided())
        return
    got = accepted(now, one, Decided()).final
    mine = {stood.id for stood in one.base} if one.act is not Act.INSERT else set()
    before, after = words_of(now), words_of(got)
    assert {id_: words for id_, words in before.items() if id_ not in mine} == {
        id_: words for id_, words in after.items() if id_ not in mine and id_ != NEW
    }
    if one.act is Act.REMOVE:  # only what reads as it did when it was proposed
        was = {stood.id: stood.wording for stood in one.base}
        assert all(was[id_] == before[id_] for id_ in set(before) - set(after))
    if one.act is Act.REPLACE:
        assert all(part.is_clean for part in look.merged)


@given(situations(), st.data())
def test_a_new_provision_stands_behind_its_anchor_and_all_below_that(
    given_: tuple[Document, Proposed], data: st.DataObject
) -> None:
    document, _ = given_
    at = data.draw(st.sampled_from(document.provisions))
    kind = data.draw(KINDS)
    one = proposed(document, Act.INSERT, at.id, Wording("Quy định mới."), new=NewProvision(NEW, kind))
    got = accepted(document, one, Decided()).final
    ids = [p.id for p in got.provisions]
    assert ids.index(NEW) > ids.index(at.id)
    if kind is at.kind:  # a sibling: nothing of the anchor's goes over to it
        assert below(got, NEW) == {NEW}
        assert below(got, at.id) == below(document, at.id)
    keys = [(p.order, p.id) for p in got.provisions]
    if all(a.order < b.order for a, b in zip(document.provisions, document.provisions[1:], strict=False)):
        assert keys == sorted(keys)


@given(situations(Act.REPLACE), st.data())
def test_a_proposal_made_while_others_wrote_is_of_what_stands_there_now(
    given_: tuple[Document, Proposed], data: st.DataObject
) -> None:
    document, one = given_
    now = data.draw(later(document))
    was = one.base[0].wording
    if outlook(one, now).standing is not Standing.CLEAN:
        with pytest.raises(Refusal, match=r"proposal_text_moved|proposal_empty|provision_not_found"):
            proposed(now, one.act, one.provision, one.wording, was)
        return
    again = proposed(now, one.act, one.provision, one.wording, was)
    assert again.base[0].wording == words_of(now)[one.provision]
    assert accepted(now, again, Decided()).final == accepted(now, one, Decided()).final


@given(situations(Act.REPLACE, Act.INSERT), st.data())
def test_what_a_person_wrote_instead_is_what_stands_there(
    given_: tuple[Document, Proposed], data: st.DataObject
) -> None:
    document, one = given_
    now = words_of(document).get(one.provision, Wording())
    text = data.draw(TEXTS.filter(lambda text: text.strip()))
    wording = Wording(text, now.cells if one.act is Act.REPLACE else ())
    got = accepted(document, one, Decided(wording, now if one.act is Act.REPLACE else None))
    target = one.provision if one.act is Act.REPLACE else NEW
    assert words_of(got.final)[target] == wording == got.wording
    assert [p.id for p in got.brought.provisions] == [p.id for p in got.final.provisions]


@given(FULL, st.data())
def test_meetings_are_mutual_and_of_one_sort(document: Document, data: st.DataObject) -> None:
    ones = [(str(n), data.draw(made(document))) for n in range(3)]
    found = meetings(ones, document)
    for table in (found.collide, found.same):
        assert all(a in table[b] for a, others in table.items() for b in others)
    assert not any(set(found.collide[a]) & set(found.same[a]) for a, _ in ones)
    twice = meetings([("1", ones[0][1]), ("2", ones[0][1])], document)
    assert (twice.same["1"], twice.collide["1"]) == (("2",), ())


@given(situations(Act.REPLACE), st.data())
def test_the_changes_spell_the_text_of_today_and_the_wording(
    given_: tuple[Document, Proposed], data: st.DataObject
) -> None:
    document, one = given_
    now = data.draw(later(document))
    look = outlook(one, now)
    other = outlook(data.draw(made(document, (Act.REPLACE,))), now)
    beside = [other] if other.now and look.now and other.now[0][0] == look.now[0][0] else []
    found = changes(look, beside)
    if not look.merged:
        assert found == ()
        return
    assert ["".join(c.was for c in part) for part in found] == list(look.now[0][1].parts)
    assert ["".join(c.now for c in part) for part in found] == list(look.wording.parts)
    assert not any(c.disputed and c.was == c.now for part in found for c in part)
    hot = any(c.disputed for part in found for c in part)
    if not beside:
        assert not hot
