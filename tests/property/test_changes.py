"""The laws of a draft's own history: what changed between two moments, and who changed it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.changes import NOBODY, Run, came, credited, places
from duthao.domain.document import Document, UserId
from duthao.service.history import Line, read_lines
from duthao.store.ports import Seq
from tests.property.test_collab_core import TEXTS, documents
from tests.support.desk import AN, BINH, CHI, Desk

ROWS = st.integers(0, 3)


def who(row: int) -> UserId:
    return UserId(f"u{row % 2}")


def joined(runs: tuple[Run, ...], *ops: str) -> str:
    return "".join(run.text for run in runs if run.op in ops)


@given(TEXTS, TEXTS, st.data())
def test_the_runs_spell_both_texts_and_name_only_those_who_changed_them(
    before: str, after: str, data: st.DataObject
) -> None:
    born = data.draw(st.lists(ROWS, min_size=len(after), max_size=len(after)))
    died = data.draw(st.lists(ROWS, min_size=len(before), max_size=len(before)))
    runs = credited(before, after, born, died, who)
    assert joined(runs, "=", "-") == before
    assert joined(runs, "=", "+") == after
    assert all(run.text for run in runs)
    changed = [run for run in runs if run.op != "="]
    assert {run.row for run in changed} <= {0, *born, *died}
    assert all(run.user_id == (who(run.row) if run.row else NOBODY) for run in changed)
    assert all(run.user_id == NOBODY for run in runs if run.op == "=")
    if any(born) and any(died) and before and after and joined(runs, "=") == "":
        assert all(run.row for run in changed)  # a change beside a known one is never nobody's


@given(TEXTS, st.data())
def test_a_new_provision_is_all_there(text: str, data: st.DataObject) -> None:
    born = data.draw(st.lists(ROWS, min_size=len(text), max_size=len(text)))
    runs = came(text, born, who)
    assert joined(runs, "=", "+") == text
    assert joined(runs, "=") == "".join(c for c, row in zip(text, born, strict=True) if not row)


@given(documents(), documents())
def test_every_provision_of_either_moment_has_one_place_in_order(before: Document, after: Document) -> None:
    found = places(before, after)
    assert [p.after.provision for p in found if p.after] == list(after.provisions)
    assert sorted(p.before.provision.id for p in found if p.before) == sorted(p.id for p in before.provisions)
    assert len({p.entry.provision.id for p in found}) == len(found)
    still = [p for p in found if p.before and not p.moved]
    order = {one.id: at for at, one in enumerate(before.provisions)}
    assert [order[p.entry.provision.id] for p in still if p.after] == sorted(
        order[p.entry.provision.id] for p in still if p.after
    )
    assert not any(p.moved for p in places(before, before))


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    """A journal of a few edits, some made by people who had not seen the last ones.

    Ids are random in truth: no two people make the same provision.
    """
    desk = Desk()
    desk.edit(AN, draw(documents()))
    made = {one.id for one in desk.replica.tree().provisions}
    for goal in draw(st.lists(documents(), min_size=1, max_size=5)):
        user, seen = draw(st.sampled_from([AN, BINH, CHI])), draw(st.integers(1, len(desk.rows)))
        tree = desk.at(seen)
        unseen = made - {one.id for one in (*tree.provisions, *tree.removed)}
        kept = tuple(one for one in goal.provisions if one.id not in unseen)
        desk.late(user, seen, replace(goal, provisions=kept))
        made |= {one.id for one in kept}
    return desk


@given(desks())
@settings(max_examples=60)
def test_letters_told_from_the_newest_state_are_those_of_every_replay(desk: Desk) -> None:
    chronicle, end = desk.chronicle(), len(desk.rows)
    trees = [desk.at(seq) for seq in range(1, end + 1)]
    for since in range(1, end + 1):
        for seq in range(since, end + 1):
            before = {p.id: p.text for p in trees[since - 1].provisions}
            after = {p.id: p.text for p in trees[seq - 1].provisions}
            for id_ in before.keys() & after.keys():
                was, died, now, born = chronicle.words(id_, Seq(since), Seq(seq))
                assert (was, now) == (before[id_], after[id_])
                assert all(row == 0 or since < row <= seq for row in (*died, *born))
                assert (since < seq) or not any((*died, *born))


@given(desks())
@settings(max_examples=60)
def test_who_changed_a_provision_is_one_of_those_who_wrote_meanwhile(desk: Desk) -> None:
    new = Seq(len(desk.rows)), desk.replica.tree()
    lines = read_lines(desk.chronicle(), desk.indexed(), (Seq(1), desk.at(1)), new)
    wrote = {row.entry.user_id for row in desk.rows[1:]}
    for line in lines:
        assert_line(line, wrote)


def assert_line(line: Line, wrote: set[UserId]) -> None:
    named = {run.user_id for run in line.runs if run.op != "="} | {line.by}
    assert named <= wrote | {NOBODY}
    old, new = line.place.before, line.place.after
    if old and new:
        assert joined(line.runs, "=", "-") == old.provision.text
        assert joined(line.runs, "=", "+") == new.provision.text
    elif old:
        assert joined(line.runs, "-") == old.provision.text
        assert line.by != NOBODY
    assert line.changed or (old and new)
