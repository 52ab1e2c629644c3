"""Drafting is total: on any provisions in any order it gives a proof, that holds or says what differs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.amend.proving import proved
from duthao.domain.compare import compare
from duthao.domain.document import Kind, NumberingPolicy, Provision
from tests.support.texts import doc, provision, sentences


@st.composite
def anything(draw: st.DrawFn) -> Provision:
    kind, words = draw(st.sampled_from(Kind)), draw(st.one_of(st.just(""), sentences))
    if kind is Kind.ROW:
        return replace(provision(kind), cells=(words, draw(sentences)))
    numbered = kind in (Kind.ARTICLE, Kind.CLAUSE)
    return provision(kind, words, draw(st.sampled_from((None, None, None, "1", "2"))) if numbered else None)


@settings(max_examples=80)
@given(
    before=st.lists(anything(), max_size=8),
    new=anything(),
    places=st.lists(st.integers(0, 8), min_size=3, max_size=3),
    policy=st.sampled_from(NumberingPolicy),
)
def test_any_two_drafts_have_a_proof(
    before: list[Provision], new: Provision, places: list[int], policy: NumberingPolicy
) -> None:
    after = list(before)
    if after:
        after.insert(places[0] % len(after), after.pop(places[1] % len(after)))
        at = places[2] % len(after)
        after[at] = replace(after[at], text=f"{after[at].text} khác")
    after.insert(places[0], new)
    ours, theirs = doc(*before, policy=policy), doc(*after, policy=policy)
    found = proved(ours, theirs, compare(ours, theirs))
    assert found.holds is not bool(found.differences or found.refused)
    assert found == proved(ours, theirs, compare(ours, theirs))
