"""The procedure as a machine: whatever is tried, no state is reached without its step and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from duthao.domain.errors import Refusal
from duthao.domain.process import (
    LEVELS,
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
    Watching,
    replayed,
    take,
    targets,
)

TODAY = date(2026, 11, 26)
COUNTS = st.integers(0, 12)
VOTES = st.none() | st.builds(Vote, COUNTS, COUNTS, COUNTS, COUNTS, st.none() | st.booleans())
REACHED_BY: dict[State, type] = {
    State.STANDING1: Submission, State.STANDING2: Submission, State.BUREAU: Submission,
    State.COMMITTEE: Submission, State.ADOPTED: Decision, State.FINISHING: Finishing,
    State.ISSUED: Issue, State.WATCHED: Watching,
}  # fmt: skip


class Procedure(RuleBasedStateMachine):
    """Every step is tried in every state; what is refused leaves everything as it was."""

    @initialize(
        final=st.sampled_from((State.BUREAU, State.COMMITTEE)), majority=st.sampled_from(Majority),
        direct=st.booleans(), appraised=st.booleans(), ahead=st.integers(0, 11),
    )  # fmt: skip
    def begin(self, final: State, majority: Majority, direct: bool, appraised: bool, ahead: int) -> None:
        self.process = Process(Rules(final, majority=majority, direct=direct, appraised=appraised))
        self.text, self.number, self.unanswered = "v0", 0, 0
        self.frozen: dict[str, str] = {}
        self.past: list[Process] = [self.process]
        self.go_on(ahead)

    def hash(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    def tried(self, step: Step) -> bool:
        before = self.process
        try:
            self.process = take(before, step, TODAY)
        except Refusal:
            assert self.process is before
            return False
        self.past.append(self.process)
        return True

    @rule(text=st.text(max_size=3), unanswered=st.sampled_from((0, 0, 0, 2)))
    def write(self, text: str, unanswered: int) -> None:
        self.text, self.unanswered = text, unanswered

    @rule(to=st.sampled_from(State) | st.sampled_from(LEVELS))
    def submit(self, to: State) -> None:
        version = f"version {self.number + 1}"
        step = Submission(to, self.number + 1, version, self.hash(), "now", "t", "", self.unanswered)
        if self.tried(step):
            self.number += 1
            self.frozen[version] = self.text
            assert to is State.STANDING1 or not self.unanswered

    @rule(
        outcome=st.sampled_from(Outcome), vote=VOTES, back=st.none() | st.sampled_from(State),
        conclusion=st.sampled_from(("Thống nhất", "", "Trả lại")), days=st.sampled_from((0, 0, 0, -3, 2)),
    )  # fmt: skip
    def decide(
        self, outcome: Outcome, vote: Vote | None, back: State | None, conclusion: str, days: int
    ) -> None:
        level = self.process.state
        step = Decision(level, TODAY + timedelta(days), outcome, conclusion, vote, back)
        if self.tried(step):
            assert conclusion
            assert days <= 0
            assert (outcome is Outcome.RETURNED) == (back is not None)
            if outcome is Outcome.PASSED and level in self.process.rules.voting:
                assert vote is not None
                assert vote.carries(self.process.rules.majority)

    @rule(steps=st.integers(1, 6))
    def go_on(self, steps: int) -> None:
        """The way ahead, all in order, or no run would get far: it is never refused."""
        for _ in range(steps):
            acts, self.unanswered = self.process.acts(), 0
            if Act.SUBMIT in acts or Act.ISSUE in acts:
                self.appraise(good=True)
            if Act.SUBMIT in acts:
                before = self.number
                self.submit(targets(self.process)[0])
                assert self.number == before + 1
            elif Act.ISSUE in acts:
                self.issue("05-QC/TU")
                assert self.process.issue is not None
            else:
                vote = Vote(20, 1, 0, 0)
                ahead: dict[Act, Step] = {
                    Act.DECIDE: Decision(self.process.state, TODAY, Outcome.PASSED, "Thống nhất", vote),
                    Act.GATHERED: Gathered(), Act.FINISH: Finishing(), Act.WATCH: Watching("Văn phòng"),
                }  # fmt: skip
                taken = [self.tried(ahead[act]) for act in acts if act in ahead]
                assert taken == [True] or self.process.state is State.WATCHED

    @rule(step=st.sampled_from((Gathered(), Again("Thêm ý kiến"), Finishing(), Watching("Văn phòng"))))
    def other(self, step: Step) -> None:
        self.tried(step)

    @rule(good=st.booleans())
    def appraise(self, good: bool) -> None:
        self.tried(Appraisal(self.hash(), 1, good, "Đã soát"))

    @rule(number=st.sampled_from(("05-QC/TU", "05-QC/TU", "")))
    def issue(self, number: str) -> None:
        if self.tried(Issue(number, TODAY, "issued", self.hash(), "now", None, self.unanswered)):
            assert number
            assert not self.unanswered
            assert self.past[-2].is_appraised(self.hash())

    @invariant()
    def no_state_without_its_step(self) -> None:
        for before, after in zip(self.past, self.past[1:], strict=False):
            if after.state is not before.state and after.state in REACHED_BY:
                assert isinstance(after.steps[-1], REACHED_BY[after.state])

    @invariant()
    def a_level_is_reached_by_a_frozen_draft(self) -> None:
        if self.process.state in LEVELS:
            assert self.process.submissions[-1].to is self.process.state

    @invariant()
    def a_frozen_draft_never_changes(self) -> None:
        for one in self.process.submissions:
            assert one.sha256 == sha256(self.frozen[one.version_id].encode()).hexdigest()

    @invariant()
    def nothing_recorded_is_lost(self) -> None:
        for earlier in self.past:
            assert self.process.steps[: len(earlier.steps)] == earlier.steps

    @invariant()
    def what_is_issued_stays_issued(self) -> None:
        issued = [one.issue for one in self.past if one.issue is not None]
        assert len(set(issued)) <= 1
        if issued:
            assert self.process.issue == issued[0]
            assert self.process.state in (State.ISSUED, State.WATCHED)

    @invariant()
    def the_record_tells_the_state(self) -> None:
        assert replayed(self.process.rules, self.process.steps) == self.process


TestProcedure = Procedure.TestCase
TestProcedure.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
