"""Majorities, what may be done when, and what is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from duthao.domain.dossiers import (
    DossierKind,
    Paper,
    PaperKind,
    Person,
    PlanStep,
    Standing,
    checked,
    first_plan,
    glance,
    standing,
)
from duthao.domain.errors import Refusal
from duthao.domain.process import (
    Act,
    Again,
    Appraisal,
    Decision,
    Finishing,
    Gathered,
    Issue,
    Majority,
    Outcome,
    Process,
    Rules,
    State,
    Step,
    Submission,
    Vote,
    take,
)

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("vote", "majority", "carries"),
    [
        (Vote(26, 20, 0, 5), Majority.HALF_OF_ALL, True),
        (Vote(25, 20, 0, 6), Majority.HALF_OF_ALL, False),
        (Vote(25, 20, 0, 6), Majority.HALF_OF_PRESENT, True),
        (Vote(10, 10, 0, 0), Majority.HALF_OF_ALL, False),
        (Vote(10, 10, 0, 0, chair_for=True), Majority.HALF_OF_ALL, True),
        (Vote(10, 8, 2, 5, chair_for=True), Majority.HALF_OF_PRESENT, True),
        (Vote(10, 8, 2, 5, chair_for=False), Majority.HALF_OF_PRESENT, False),
        (Vote(34, 17, 0, 0), Majority.TWO_THIRDS, True),
        (Vote(33, 17, 1, 0), Majority.TWO_THIRDS, False),
        (Vote(0, 0, 0, 0, chair_for=True), Majority.HALF_OF_ALL, False),
        (Vote(0, 0, 0, 9), Majority.TWO_THIRDS, False),
    ],
)
def test_a_vote_carries_by_the_rule(vote: Vote, majority: Majority, carries: bool) -> None:
    assert vote.carries(majority) is carries


def submitted(to: State, n: int = 1) -> Submission:
    return Submission(to, n, f"v{n}", "h", "b", "t")


def passed(level: State) -> Decision:
    return Decision(level, DAY, Outcome.PASSED, "Thống nhất", Vote(9, 0, 0, 0))


def test_the_whole_way_and_what_may_be_done_on_it() -> None:
    way: list[tuple[Step, State]] = [
        (submitted(State.STANDING1), State.STANDING1),
        (passed(State.STANDING1), State.OPINIONS),
        (Gathered(), State.SYNTHESIS),
        (submitted(State.STANDING2), State.STANDING2),
        (passed(State.STANDING2), State.STANDING2),
        (submitted(State.BUREAU), State.BUREAU),
        (passed(State.BUREAU), State.BUREAU),
        (submitted(State.COMMITTEE), State.COMMITTEE),
        (passed(State.COMMITTEE), State.ADOPTED),
        (Finishing(), State.FINISHING),
        (Appraisal("h", 0, True), State.FINISHING),
        (Issue("05-QC/TU", DAY, "v9", "h", "b"), State.ISSUED),
    ]
    process = Process(Rules())
    for step, state in way:
        process = take(process, step, DAY)
        assert process.state is state
    assert process.acts() == (Act.WATCH,)
    assert [lay.number for lay, _ in process.meetings] == [1, 1, 1, 1]


def test_a_bureau_that_adopts_ends_the_way_there() -> None:
    process = Process(Rules(final=State.BUREAU, direct=True))
    for step in (submitted(State.STANDING2), passed(State.STANDING2), submitted(State.BUREAU)):
        process = take(process, step, DAY)
    assert take(process, passed(State.BUREAU), DAY).state is State.ADOPTED


def test_an_appraisal_is_of_one_text_and_the_newest_counts() -> None:
    process = Process(Rules(appraised=True))
    with pytest.raises(Refusal, match="appraisal_missing"):
        take(process, submitted(State.STANDING1), DAY)
    good = take(process, Appraisal("h", 2, True), DAY)
    assert take(good, submitted(State.STANDING1), DAY).state is State.STANDING1
    bad = take(good, Appraisal("h", 2, False, "Sai căn lề"), DAY)
    with pytest.raises(Refusal, match="appraisal_missing"):
        take(bad, submitted(State.STANDING1), DAY)


def test_what_is_late_what_is_now_and_what_is_done() -> None:
    step = PlanStep("s", "Họp", stage=State.OPINIONS, due=date(2026, 11, 25))
    assert standing(step, State.DRAFTING, DAY) is Standing.LATE
    assert standing(step, State.DRAFTING, date(2026, 11, 25)) is Standing.OPEN
    assert standing(step, State.OPINIONS, date(2026, 11, 25)) is Standing.NOW
    assert standing(step, State.SYNTHESIS, DAY) is Standing.DONE
    assert standing(step, State.DRAFTING, date(2026, 11, 1)) is Standing.OPEN  # Returned: it is open again.
    done = PlanStep("d", "Xong", due=date(2026, 1, 1), done_on=DAY)
    task = Person("p", "Ông Ba", task="Rà soát", due=date(2026, 11, 20))
    idle = Person("q", "Bà Tư")
    seen = glance((done, step, task, idle), State.DRAFTING, DAY)
    assert [one.part for one in seen.duties] == [task, step]
    assert seen.late == seen.duties
    assert seen.next is not None
    assert seen.next.part == task


@pytest.mark.parametrize("kind", DossierKind)
def test_a_first_plan_follows_the_states(kind: DossierKind) -> None:
    plan = first_plan(kind, iter(map(str, range(99))))
    order = [list(State).index(one.stage) for one in plan if one.stage is not None]
    assert order == sorted(order)
    assert [checked(one) for one in plan] == list(plan)


def reached(state: State) -> Process:
    """A dossier on the whole way, where it first comes to this state."""
    way: tuple[Step, ...] = (
        submitted(State.STANDING1), passed(State.STANDING1), Gathered(), submitted(State.STANDING2),
        passed(State.STANDING2), submitted(State.BUREAU), passed(State.BUREAU), submitted(State.COMMITTEE),
        passed(State.COMMITTEE), Finishing(), Appraisal("h", 0, True),
    )  # fmt: skip
    process = Process(Rules())
    for step in way:
        if process.state is state and state is not State.FINISHING:
            break
        process = take(process, step, DAY)
    assert process.state is state
    return process


TOMORROW = DAY + timedelta(days=1)
ISSUE = Issue("05-QC/TU", DAY, "v9", "h", "b")


@pytest.mark.parametrize(
    ("state", "step", "code"),
    [
        (State.STANDING1, passed(State.BUREAU), "step_not_now"),
        (State.STANDING1, replace(passed(State.STANDING1), met_on=TOMORROW), "meeting_in_future"),
        (State.STANDING1, replace(passed(State.STANDING1), place="x" * 301), "words_too_long"),
        (State.BUREAU, replace(passed(State.BUREAU), vote=Vote(-1, 0, 3, 0)), "vote_bad"),
        (State.BUREAU, replace(passed(State.BUREAU), vote=Vote(0, 0, 0, 9)), "vote_bad"),
        (State.SYNTHESIS, Again(" "), "reason_missing"),
        (State.FINISHING, replace(ISSUE, dated=TOMORROW), "date_in_future"),
        (State.FINISHING, replace(ISSUE, in_force=DAY - timedelta(days=1)), "in_force_early"),
        (State.FINISHING, replace(ISSUE, unanswered=2), "opinions_unanswered"),
        (State.SYNTHESIS, replace(submitted(State.STANDING2), unanswered=1), "opinions_unanswered"),
        (State.FINISHING, replace(ISSUE, sha256="another text"), "appraisal_missing"),
    ],
)
def test_a_step_that_would_put_something_wrong_on_record_is_refused(
    state: State, step: Step, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        take(reached(state), step, DAY)


def test_a_first_submission_may_leave_opinions_unanswered() -> None:
    process = take(Process(Rules()), replace(submitted(State.STANDING1), unanswered=1), DAY)
    assert process.state is State.STANDING1


def test_opinions_may_be_asked_for_once_more() -> None:
    process = take(reached(State.SYNTHESIS), Again("Còn ý kiến khác nhau"), DAY)
    assert process.state is State.OPINIONS


def test_a_step_may_begin_and_end_on_one_day() -> None:
    step = PlanStep("s", "Họp", begins=DAY, due=DAY)
    assert checked(step) == step


def test_a_part_of_a_dossier_says_something_in_so_many_words() -> None:
    for part, code in (
        (Person("p", " "), "part_empty"),
        (Paper("a", PaperKind.OTHER, "x" * 301), "words_too_long"),
        (PlanStep("s", "Họp", begins=DAY, due=DAY - timedelta(days=1)), "plan_dates_bad"),
    ):
        with pytest.raises(Refusal, match=code):
            checked(part)
    paper = Paper("a", PaperKind.OTHER, "Tờ trình")
    assert checked(paper) == paper
