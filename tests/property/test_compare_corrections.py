"""Corrections by hand, foolish ones too: every law holds, and each is seen in the rows or told to rest."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare import ComparisonCache, Overrides, compare
from duthao.domain.compare.result import Row, RowClass
from duthao.domain.document import Document, Kind, ProvisionId
from duthao.domain.outline import outline
from duthao.formats.comparison_json import comparison_to_json
from tests.support.edit_scripts import EditedPair, edited_pair
from tests.support.revisions import revisions

Case = tuple[Document, Document, Overrides]
generated = st.integers(0, 2**31).map(lambda seed: edited_pair(seed, articles=4))


def _said(draw: st.DrawFn, before: Document, after: Document) -> Overrides:
    """Of any kind: contradictory, of provisions gone, many of one, of what kept its id."""
    ours, theirs = [p.id for p in before.provisions], [p.id for p in after.provisions]
    both = sorted(set(ours) & set(theirs))
    one = st.tuples(st.sampled_from([*ours, "gone"]), st.sampled_from([*theirs, "gone"]))
    if both:
        one |= st.sampled_from(both).map(lambda id_: (id_, id_))
    pairs = st.lists(one, max_size=6, unique=True).map(tuple)
    return Overrides(together=draw(pairs), apart=draw(pairs))


@st.composite
def corrected(draw: st.DrawFn) -> Case:
    """A revision, and corrections of it."""
    before, after = draw(revisions())
    return before, after, _said(draw, before, after)


@st.composite
def corrected_regulations(draw: st.DrawFn) -> Case:
    """The same over realistic texts, tables and chapters among them."""
    pair: EditedPair = draw(generated)
    return pair.before, pair.after, _said(draw, pair.before, pair.after)


def assert_every_law(before: Document, after: Document, said: Overrides) -> None:
    found = compare(before, after, overrides=said)
    for document, units in (
        (before, [u for r in found.rows for u in r.before]),
        (after, [u for r in found.rows for u in r.after]),
    ):
        assert sorted(u.path for u in units) == sorted(e.path for e in outline(document).entries)
    for row in found.rows:
        assert "".join(t for op, t in row.spans if op != "+") == "\n".join(u.text for u in row.before)
        assert "".join(t for op, t in row.spans if op != "-") == "\n".join(u.text for u in row.after)
    assert comparison_to_json(found) == comparison_to_json(compare(before, after, overrides=said))
    assert found == compare(before, after, overrides=said, cache=ComparisonCache(size=8))
    back = compare(after, before, overrides=said.turned())
    assert {_paths(r) for r in found.rows} == {_paths(r)[::-1] for r in back.rows}
    told = {(r.verdict, r.before, r.after, r.why) for r in found.resting}
    assert told == {(r.verdict, r.after, r.before, r.why) for r in back.resting}


def _paths(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(u.path for u in row.before), tuple(u.path for u in row.after)


@given(corrected())
def test_corrections_by_hand_keep_every_law(case: Case) -> None:
    """What is corrected may be foolish; the table is still both texts, each provision once."""
    assert_every_law(*case)


@given(corrected_regulations())
@settings(max_examples=40)
def test_corrections_of_a_regulation_keep_every_law(case: Case) -> None:
    assert_every_law(*case)


def assert_seen_or_told(before: Document, after: Document, said: Overrides) -> None:
    """What rests is told with a reason that is true; what is not told is seen."""
    found = compare(before, after, overrides=said)
    paired = {(a.id, b.id) for row in found.rows for a in row.before for b in row.after}
    ours, theirs = ({p.id for p in side.provisions} for side in (before, after))
    resting = {(r.verdict, r.before, r.after): r.why for r in found.resting}
    assert len(resting) == len(found.resting)
    for a, b in said.together:
        assert ((a, b) in paired) is (("together", a, b) not in resting) or not (a in ours and b in theirs)
    for a, b in said.apart:
        assert ((a, b) in paired) is (("apart", a, b) in resting)
    for (verdict, a, b), why in resting.items():
        assert (a, b) in (said.together if verdict == "together" else said.apart)
        if why == "unchanged":
            assert any(id_ in ours & theirs and _lines(before, id_) == _lines(after, id_) for id_ in {a, b})
        else:
            others = [(c, d) for c, d in said.together if (c, d) != (a, b) and (c == a or d == b)]
            assert verdict == "together"
            assert others or (a, b) in said.apart


def _lines(document: Document, id_: str) -> list[tuple[Kind, str, tuple[str, ...]]]:
    """A provision and all that stands under it, without numbers."""
    made = outline(document)
    at = next(n for n, entry in enumerate(made.entries) if entry.provision.id == id_)
    inside = [made.entries[k].provision for k in made.subtree(at)]
    return [(p.kind, p.text, p.cells) for p in inside]


@given(corrected())
@settings(max_examples=300)
def test_every_correction_is_seen_in_the_rows_or_told_to_rest(case: Case) -> None:
    assert_seen_or_told(*case)


@given(corrected_regulations())
@settings(max_examples=60)
def test_every_correction_of_a_regulation_is_seen_or_told_to_rest(case: Case) -> None:
    assert_seen_or_told(*case)


@given(corrected())
def test_one_correction_alone_is_honoured(case: Case) -> None:
    before, after, said = case
    foreign = replace(
        after, provisions=tuple(replace(p, id=ProvisionId(f"f{p.id}"), origin=None) for p in after.provisions)
    )
    for one in (
        *(Overrides(apart=((a, f"f{b}"),)) for a, b in said.apart),
        *(Overrides(together=((a, f"f{b}"),)) for a, b in said.together),
    ):
        assert_seen_or_told(before, foreign, one)
        assert not compare(before, foreign, overrides=one).resting


@given(st.one_of(corrected(), corrected_regulations()))
@settings(max_examples=150)
def test_a_text_and_itself_have_only_unchanged_rows_whatever_was_corrected(case: Case) -> None:
    before, _, said = case
    own = [p.id for p in before.provisions]
    said = Overrides(said.together, (*said.apart, *((id_, id_) for id_ in own[:3])))
    found = compare(before, before, overrides=said)
    assert {row.row_class for row in found.rows} <= {RowClass.UNCHANGED}


@given(st.one_of(corrected(), corrected_regulations()), st.data())
@settings(max_examples=60)
def test_that_holds_of_ids_given_twice(case: Case, data: st.DataObject) -> None:
    before, _, said = case
    few = st.sampled_from([p.id for p in before.provisions][:4] or ["none"])
    twice = replace(
        before, provisions=tuple(replace(p, id=ProvisionId(data.draw(few))) for p in before.provisions)
    )
    ids = sorted({p.id for p in twice.provisions})
    said = Overrides(said.together, (*said.apart, *((id_, id_) for id_ in ids)))
    assert {row.row_class for row in compare(twice, twice, overrides=said).rows} <= {RowClass.UNCHANGED}
