"""How a revision or a resolution goes from its drafting to its issue: states, steps and what each needs.

The states are those of the office's own procedure (norms A5: tổ công tác → thường trực → lấy ý kiến →
tổng hợp → thường trực → ban thường vụ → ban chấp hành → ban hành). A `Process` is what has happened;
`take` gives the next one or refuses. Nothing that was recorded is ever taken away: a level that returns
a draft adds its conclusion, it removes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, assert_type

from duthao.domain.errors import Refusal

MAX_CONCLUSION: Final = 20_000
MAX_LINE: Final = 300
MAX_VOTES: Final = 1_000


class State(StrEnum):
    """Where a dossier is, in the order in which it gets there."""

    DRAFTING = "drafting"
    STANDING1 = "standing1"  # thường trực cho ý kiến lần 1
    OPINIONS = "opinions"
    SYNTHESIS = "synthesis"
    STANDING2 = "standing2"  # trình thường trực
    BUREAU = "bureau"  # trình ban thường vụ
    COMMITTEE = "committee"  # trình ban chấp hành
    ADOPTED = "adopted"
    FINISHING = "finishing"  # hoàn thiện thể thức
    ISSUED = "issued"
    WATCHED = "watched"


ORDER: Final = tuple(State)
LEVELS: Final = (State.STANDING1, State.STANDING2, State.BUREAU, State.COMMITTEE)
ANSWERED: Final = frozenset((State.STANDING2, State.BUREAU, State.COMMITTEE, State.ISSUED))
"""None of these is reached while an opinion is without an answer."""


class Majority(StrEnum):
    """How many must be for a draft (norms A3, D5): the committee's own regulation says which holds."""

    HALF_OF_ALL = "half_of_all"  # more than half of all members
    HALF_OF_PRESENT = "half_of_present"
    TWO_THIRDS = "two_thirds"  # of all members, at least


class Outcome(StrEnum):
    """What a level says of the draft before it."""

    PASSED = "passed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a dossier goes by.

    `final` is the level that adopts it: COMMITTEE, or BUREAU for what the bureau issues itself. `direct`:
    the draft may go to the meetings without a round of opinions before (norms A3, first way).
    `appraised`: every submission needs the form appraised before, not only the issue.
    """

    final: State = State.COMMITTEE
    voting: tuple[State, ...] = (State.BUREAU, State.COMMITTEE)
    majority: Majority = Majority.HALF_OF_ALL
    direct: bool = False
    appraised: bool = False


@dataclass(frozen=True, slots=True)
class Vote:
    """Ballots: `other` agree with the draft but for some opinion and count as neither; `absent` members
    gave none. `chair_for` is how the chair voted, None when it was not put down.
    """

    favour: int
    against: int
    other: int
    absent: int
    chair_for: bool | None = None

    @property
    def members(self) -> int:
        return self.favour + self.against + self.other + self.absent

    @property
    def present(self) -> int:
        return self.members - self.absent

    def carries(self, majority: Majority) -> bool:
        """Whether the draft is passed. At exactly one half the chair's vote decides (norms A3)."""
        if majority is Majority.TWO_THIRDS:
            return self.members > 0 and 3 * self.favour >= 2 * self.members
        counted = self.members if majority is Majority.HALF_OF_ALL else self.present
        if counted and 2 * self.favour == counted:
            return self.chair_for is True
        return 2 * self.favour > counted


@dataclass(frozen=True, slots=True)
class Submission:
    """A frozen draft put before a level: the numbered version with its hash, and that of its table.

    `before_id` is the text in force it was compared with, `unanswered` how many opinions had no answer.
    """

    to: State
    number: int
    version_id: str
    sha256: str
    before_id: str
    table_sha256: str
    note: str = ""
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a level decided in a meeting on a draft, in writing; `back_to` where it was returned to."""

    level: State
    met_on: date
    outcome: Outcome
    conclusion: str
    vote: Vote | None = None
    back_to: State | None = None
    place: str = ""
    chair: str = ""
    secretary: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The round of opinions is over; what came in is to be answered."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """Opinions are asked for once more before the draft goes on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The form of a text (thẩm định thể thức), by its hash: what the checks found, and what was said."""

    sha256: str
    findings: int
    good: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finishing:
    """What was adopted is put into its final form."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """The text is in force: its number and date, the text it takes the place of.

    `sha256` is that of the draft as it was appraised, `sealed_sha256` that of the text issued, which has
    number and date in its head besides.
    """

    number: str
    dated: date
    version_id: str
    sha256: str
    replaced_id: str
    in_force: date | None = None
    unanswered: int = 0
    sealed_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Watching:
    """Somebody watches new documents and gaps for the next revision."""

    who: str


Step = Submission | Decision | Gathered | Again | Appraisal | Finishing | Issue | Watching


class Act(StrEnum):
    """The name of each step."""

    SUBMIT = "submit"
    DECIDE = "decide"
    GATHERED = "gathered"
    AGAIN = "again"
    APPRAISE = "appraise"
    FINISH = "finish"
    ISSUE = "issue"
    WATCH = "watch"


ACTS: Final[dict[type, Act]] = {
    Submission: Act.SUBMIT, Decision: Act.DECIDE, Gathered: Act.GATHERED, Again: Act.AGAIN,
    Appraisal: Act.APPRAISE, Finishing: Act.FINISH, Issue: Act.ISSUE, Watching: Act.WATCH,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Process:
    """What has happened, in its order, and where that has led."""

    rules: Rules
    state: State = State.DRAFTING
    steps: tuple[Step, ...] = ()

    @property
    def submissions(self) -> tuple[Submission, ...]:
        return tuple(one for one in self.steps if isinstance(one, Submission))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return tuple(one for one in self.steps if isinstance(one, Decision))

    @property
    def issue(self) -> Issue | None:
        return next((one for one in self.steps if isinstance(one, Issue)), None)

    @property
    def before_level(self) -> Submission | None:
        """The draft that lies before the level of this state, undecided."""
        if self.state not in LEVELS:
            return None
        last = next((one for one in reversed(self.steps) if isinstance(one, Submission | Decision)), None)
        return last if isinstance(last, Submission) else None

    @property
    def meetings(self) -> tuple[tuple[Submission, Decision], ...]:
        """Every decision with the draft it was about, oldest first."""
        found: list[tuple[Submission, Decision]] = []
        lay: Submission | None = None
        for one in self.steps:
            if isinstance(one, Submission):
                lay = one
            elif isinstance(one, Decision) and lay is not None:
                found.append((lay, one))
        return tuple(found)

    def is_appraised(self, sha256: str) -> bool:
        """Whether the newest appraisal of this very text found its form good."""
        found = [one for one in self.steps if isinstance(one, Appraisal) and one.sha256 == sha256]
        return bool(found) and found[-1].good

    def acts(self) -> tuple[Act, ...]:
        """What may be done next. Appraising may be done until the text is issued."""
        found: list[Act] = []
        if targets(self):
            found.append(Act.SUBMIT)
        if self.before_level is not None:
            found.append(Act.DECIDE)
        match self.state:
            case State.OPINIONS:
                found.append(Act.GATHERED)
            case State.SYNTHESIS:
                found.append(Act.AGAIN)
            case State.ADOPTED:
                found.append(Act.FINISH)
            case State.FINISHING:
                found.append(Act.ISSUE)
            case State.ISSUED:
                found.append(Act.WATCH)
        if self.state not in (State.ISSUED, State.WATCHED):
            found.append(Act.APPRAISE)
        return tuple(found)


def targets(process: Process) -> tuple[State, ...]:
    """The levels to which the draft may be submitted now."""
    match process.state:
        case State.DRAFTING:
            return (State.STANDING1, State.STANDING2) if process.rules.direct else (State.STANDING1,)
        case State.SYNTHESIS:
            return (State.STANDING2,)
        case State.STANDING2 if process.before_level is None:
            return (State.BUREAU,)
        case State.BUREAU if process.before_level is None and process.rules.final is State.COMMITTEE:
            return (State.COMMITTEE,)
        case _:
            return ()


def ways_back(level: State) -> tuple[State, ...]:
    """Where a level may return a draft to."""
    return (State.DRAFTING,) if level is State.STANDING1 else (State.SYNTHESIS, State.DRAFTING)


def take(process: Process, step: Step, today: date) -> Process:
    """The process after this step. Raises Refusal:

    - step_not_now (`state`, `act`): the state has no such step
    - opinions_unanswered (`n`), appraisal_missing
    - conclusion_missing, reason_missing, words_too_long (`most`), meeting_in_future, way_back_bad
    - vote_missing, vote_bad, vote_no_majority (`rule`, `favour`, `members`, `present`)
    - issue_number_missing, date_in_future, in_force_early, watcher_missing
    """
    act = ACTS[type(step)]
    if act not in process.acts():
        raise Refusal("step_not_now", state=process.state.value, act=act.value)
    match step:
        case Submission():
            _check_submission(process, step)
        case Decision():
            _check_decision(process, step, today)
        case Again():
            _need(step.reason, "reason_missing")
        case Issue():
            _check_issue(process, step, today)
        case Watching():
            _need(step.who, "watcher_missing", MAX_LINE)
        case Gathered() | Finishing():
            _bounded(step.note)
        case _:
            assert_type(step, Appraisal)
            _bounded(step.text)
            if not step.good:
                _need(step.text, "reason_missing")
    return applied(process, step)


def applied(process: Process, step: Step) -> Process:
    """The process after a step that was taken: what is on record is not judged again."""
    return replace(process, state=_after(process, step), steps=(*process.steps, step))


def replayed(rules: Rules, steps: Iterable[Step]) -> Process:
    """The process that these steps, taken one after the other, led to."""
    process = Process(rules)
    for step in steps:
        process = applied(process, step)
    return process


def _after(process: Process, step: Step) -> State:
    match step:
        case Submission():
            return step.to
        case Decision(outcome=Outcome.RETURNED):
            return step.back_to or State.DRAFTING
        case Decision(level=State.STANDING1):
            return State.OPINIONS
        case Decision():
            # A level that only hears the draft keeps it until it is submitted to the next.
            return State.ADOPTED if step.level is process.rules.final else step.level
        case Gathered():
            return State.SYNTHESIS
        case Again():
            return State.OPINIONS
        case Appraisal():
            return process.state
        case Finishing():
            return State.FINISHING
        case Issue():
            return State.ISSUED
        case _:
            assert_type(step, Watching)
            return State.WATCHED


def _check_submission(process: Process, step: Submission) -> None:
    if step.to not in targets(process):
        raise Refusal("step_not_now", state=process.state.value, act=Act.SUBMIT.value)
    if step.to in ANSWERED and step.unanswered:
        raise Refusal("opinions_unanswered", n=step.unanswered)
    if process.rules.appraised and not process.is_appraised(step.sha256):
        raise Refusal("appraisal_missing")
    _bounded(step.note)


def _check_decision(process: Process, step: Decision, today: date) -> None:
    if step.level is not process.state:
        raise Refusal("step_not_now", state=process.state.value, act=Act.DECIDE.value)
    _need(step.conclusion, "conclusion_missing")
    if step.met_on > today:
        raise Refusal("meeting_in_future")
    for line in (step.place, step.chair, step.secretary):
        _bounded(line, MAX_LINE)
    if step.outcome is Outcome.RETURNED:
        if step.back_to not in ways_back(step.level):
            raise Refusal("way_back_bad")
    elif step.back_to is not None:
        raise Refusal("way_back_bad")
    _check_vote(process.rules, step)


def _check_vote(rules: Rules, step: Decision) -> None:
    passes, vote = step.outcome is Outcome.PASSED, step.vote
    if vote is None:
        if passes and step.level in rules.voting:
            raise Refusal("vote_missing")
        return
    counts = (vote.favour, vote.against, vote.other, vote.absent)
    if min(counts) < 0 or max(counts) > MAX_VOTES or vote.present == 0:
        raise Refusal("vote_bad", most=MAX_VOTES)
    if passes and not vote.carries(rules.majority):
        raise Refusal(
            "vote_no_majority", rule=rules.majority.value, favour=vote.favour, members=vote.members,
            present=vote.present,
        )  # fmt: skip


def _check_issue(process: Process, step: Issue, today: date) -> None:
    _need(step.number, "issue_number_missing", MAX_LINE)
    if step.dated > today:
        raise Refusal("date_in_future")
    if step.in_force is not None and step.in_force < step.dated:
        raise Refusal("in_force_early")
    if step.unanswered:
        raise Refusal("opinions_unanswered", n=step.unanswered)
    if not process.is_appraised(step.sha256):
        raise Refusal("appraisal_missing")


def _need(text: str, code: str, most: int = MAX_CONCLUSION) -> None:
    if not text.strip():
        raise Refusal(code)
    _bounded(text, most)


def _bounded(text: str, most: int = MAX_CONCLUSION) -> None:
    if len(text) > most:
        raise Refusal("words_too_long", most=most)
