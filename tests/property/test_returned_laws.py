"""A text that comes back: it reads as it came, ids are carried, words others wrote meanwhile stay."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.collab.edits import restore, seed
from duthao.domain.compare import compare
from duthao.domain.document import Document, ProvisionId
from duthao.domain.order import spread
from duthao.domain.outline import outline, plain_line
from duthao.domain.returned import Take, adopted, joined
from duthao.domain.structure import parse
from duthao.formats.text import to_text
from tests.support.texts import counter, regulations, sentences

drafts = regulations(max_articles=4).map(
    lambda document: replace(
        document,
        provisions=tuple(
            replace(one, order=key)
            for one, key in zip(document.provisions, spread(len(document.provisions)), strict=True)
        ),
    )
)


@st.composite
def edited(draw: st.DrawFn, source: Document, word: str = "NHẬP") -> Document:
    """The text as somebody else's word processor gives it back: no ids, some provisions other."""
    made = list(source.provisions)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(len(made) - 1, 0)))
        what = draw(st.sampled_from(("reword", "add", "remove", "move")))
        if what == "reword" and made:
            made[at] = replace(made[at], text=f"{made[at].text[:-1]} {word}.")
        elif what == "add" and made:
            made.insert(at + 1, replace(made[at], text=f"{draw(sentences)[:-1]} mới {word}.", marks=()))
        elif what == "remove" and len(made) > 1:
            del made[at]
        elif made:
            made.insert(draw(st.integers(0, len(made) - 1)), made.pop(at))
    new_id = counter("in")
    return replace(source, provisions=tuple(replace(one, id=new_id(), order="") for one in made))


def lines(document: Document) -> list[str]:
    return [plain_line(entry) for entry in outline(document).entries]


def taken(base: Document, incoming: Document) -> Document:
    return adopted(base, incoming, compare(base, incoming), counter("new"))


@settings(max_examples=60)
@given(st.data())
def test_where_nobody_wrote_meanwhile_the_draft_reads_as_what_came(data: st.DataObject) -> None:
    base = data.draw(drafts)
    incoming = data.draw(edited(base))
    theirs = taken(base, incoming)
    found = joined(base, theirs, base)
    assert lines(found.document) == lines(incoming)
    assert found.conflicts == ()
    orders = [(one.order, one.id) for one in found.document.provisions]
    assert orders == sorted(orders)
    # What the comparison pairs keeps its id, whatever became of it.
    places = {one.id: at for at, one in enumerate(incoming.provisions)}
    for row in compare(base, incoming).rows:
        if len(row.before) == len(row.after) == 1:
            assert theirs.provisions[places[row.after[0].id]].id == row.before[0].id


@settings(max_examples=40)
@given(st.data())
def test_what_came_is_written_as_one_change_of_the_live_draft(data: st.DataObject) -> None:
    base = data.draw(drafts)
    theirs = taken(base, data.draw(edited(base)))
    goal = joined(base, theirs, base).document
    restore(seed(base), base, goal)  # reads back what it wrote


@settings(max_examples=60)
@given(st.data())
def test_words_others_wrote_meanwhile_stay(data: st.DataObject) -> None:
    base = data.draw(drafts)
    theirs = taken(base, data.draw(edited(base)))
    chance = random.Random(data.draw(st.integers(0, 1000)))
    marked = {chance.randrange(len(base.provisions)) for _ in range(3)}
    now = replace(
        base,
        provisions=tuple(
            replace(one, text=f"XEN{at} {one.text}") if at in marked else one
            for at, one in enumerate(base.provisions)
        ),
    )
    new = replace(base.provisions[-1], id=ProvisionId("other"), text="Việc XENMỚI.", order="zz")
    now = replace(now, provisions=(*now.provisions, new))
    found = joined(base, theirs, now)
    words = " ".join(one.text for one in found.document.provisions)
    assert all(f"XEN{at}" in words for at in marked)
    assert "XENMỚI" in words
    ids = [one.id for one in found.document.provisions]
    assert len(ids) == len(set(ids))
    for one in theirs.provisions:
        if "NHẬP" in one.text and one.id not in {c.provision for c in found.conflicts}:
            assert "NHẬP" in next(p.text for p in found.document.provisions if p.id == one.id)


@settings(max_examples=40)
@given(st.data())
def test_nothing_changed_there_changes_nothing_here(data: st.DataObject) -> None:
    base = data.draw(drafts)
    came = parse(to_text(base), new_id=counter("in")).document
    theirs = taken(base, replace(came, policy=base.policy))
    assert [one.id for one in theirs.provisions] == [one.id for one in base.provisions]
    now = replace(base, provisions=base.provisions[1:])
    assert joined(base, theirs, now).document.provisions == now.provisions
    assert joined(base, theirs, now).conflicts == ()


@settings(max_examples=15)
@given(st.data())
def test_each_conflict_is_settled_as_somebody_chose_who_saw_both_wordings(data: st.DataObject) -> None:
    base = data.draw(drafts)
    theirs = taken(base, data.draw(edited(base)))
    now = data.draw(edited(base, "XEN"))
    now = taken(base, now)
    usual = joined(base, theirs, now)
    choices = {one.key: data.draw(st.sampled_from(Take)) for one in usual.conflicts}
    found = joined(base, theirs, now, choices)
    assert {one.key: one.taken for one in found.conflicts} == choices
    kept = {one.id: one for one in found.document.provisions}
    for one in found.conflicts:
        if one.provision is None:
            continue
        wanted = one.theirs if one.taken is Take.THEIRS else one.ours
        if not wanted:
            assert one.provision not in kept
        elif one.taken is Take.THEIRS:
            assert kept[one.provision].text == wanted
        else:
            assert one.provision in kept
    # What was chosen on other words says nothing of these.
    stale = {f"{key}x": Take.THEIRS if take is Take.OURS else Take.OURS for key, take in choices.items()}
    assert joined(base, theirs, now, stale) == usual
