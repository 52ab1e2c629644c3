"""A dossier (hồ sơ) of one revision or resolution: who works on it, its plan, its sources and papers.

The plan begins as the steps of norms A1 (a working regulation is revised) or A2 (a resolution is
drafted) and is the people's own from then on. What is late follows from a given day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, assert_type

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.process import MAX_LINE, ORDER, Rules, State

MAX_TEXT: Final = 4_000

MAX_PARTS: Final = 300
"""Of one dossier, all kinds together."""


class DossierKind(StrEnum):
    """What a dossier is about."""

    REVISION = "revision"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier. Its state is that of its newest step; `edition` counts its steps' changes from 1.

    `term` is the committee's term of office ("2025–2030").
    """

    id: str
    document_id: DocumentId
    kind: DossierKind
    title: str
    term: str
    rules: Rules
    created_by: UserId
    created_at: int
    state: State = State.DRAFTING
    edition: int = 1

    @property
    def is_open(self) -> bool:
        return self.state not in (State.ISSUED, State.WATCHED)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the working group (tổ công tác): an account, or a name; their task and its day."""

    id: str
    name: str
    user_id: UserId | None = None
    task: str = ""
    due: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the plan. `key` names one of ours, whose title stands in the catalogue while `title`
    is empty; `stage` is the state in which it is done, None for a step the process does not know.
    """

    id: str
    title: str
    key: str = ""
    stage: State | None = None
    begins: date | None = None
    due: date | None = None
    user_id: UserId | None = None
    who: str = ""
    note: str = ""
    done_on: date | None = None


class Origin(StrEnum):
    """Why something is to be changed (norms A1, step 3)."""

    DOCUMENT = "document"  # văn bản mới
    GAP = "gap"  # lỗ hổng: a matter of practice that the text does not have


@dataclass(frozen=True, slots=True)
class Source:
    """A new document from above, or a gap found in practice; `place` is the Điều, khoản it is about."""

    id: str
    origin: Origin
    text: str
    letter: str = ""
    place: str = ""
    by: str = ""
    settled: str = ""


class PaperKind(StrEnum):
    """The papers of a dossier (norms A9)."""

    DECISION = "decision"  # quyết định thành lập tổ công tác
    PLAN = "plan"
    REPORT = "report"  # báo cáo đánh giá thực hiện
    REQUESTS = "requests"  # biểu tổng hợp nội dung đề nghị sửa đổi
    SUBMISSION = "submission"  # tờ trình
    MINUTES = "minutes"
    CONCLUSION = "conclusion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: a document of this service, or one that is named only."""

    id: str
    kind: PaperKind
    name: str
    document_id: DocumentId | None = None
    letter: str = ""


Part = Person | PlanStep | Source | Paper
PARTS: Final[dict[str, type[Part]]] = {
    "person": Person, "plan": PlanStep, "source": Source, "paper": Paper
}  # fmt: skip
NAMES: Final[dict[type, str]] = {made: name for name, made in PARTS.items()}

PLANS: Final[dict[DossierKind, tuple[tuple[str, State | None], ...]]] = {
    DossierKind.REVISION: (
        ("group", State.DRAFTING), ("procedure", State.DRAFTING), ("review", State.DRAFTING),
        ("evaluation", State.DRAFTING), ("draft", State.DRAFTING), ("consent", State.STANDING1),
        ("opinions", State.OPINIONS), ("synthesis", State.SYNTHESIS), ("standing", State.STANDING2),
        ("bureau", State.BUREAU), ("committee", State.COMMITTEE), ("issue", State.FINISHING),
        ("watch", State.ISSUED),
    ),
    DossierKind.RESOLUTION: (
        ("programme", State.DRAFTING), ("assign", State.DRAFTING), ("draft", State.DRAFTING),
        ("consent", State.STANDING1), ("send", State.OPINIONS), ("synthesis", State.SYNTHESIS),
        ("standing", State.STANDING2), ("bureau", State.BUREAU), ("committee", State.COMMITTEE),
        ("appraise", State.FINISHING), ("carry", State.ISSUED), ("lessons", None),
    ),
}  # fmt: skip
"""The steps of norms A1 and A2, each with the state it is done in."""


def first_plan(kind: DossierKind, ids: Iterable[str]) -> tuple[PlanStep, ...]:
    """The plan a dossier begins with; every step takes the next of `ids`."""
    given = iter(ids)
    return tuple(PlanStep(next(given), "", key, stage) for key, stage in PLANS[kind])


def checked(part: Part) -> Part:
    """The part, if it says something and is not too long. Raises Refusal part_empty, words_too_long
    (`most`), plan_dates_bad.
    """
    lines: tuple[str, ...]
    texts: tuple[str, ...]
    match part:
        case Person():
            needed, lines, texts = part.name, (part.name,), (part.task,)
        case PlanStep():
            needed, lines, texts = part.title or part.key, (part.title, part.who), (part.note,)
            if part.begins is not None and part.due is not None and part.due < part.begins:
                raise Refusal("plan_dates_bad")
        case Source():
            needed, lines, texts = part.text, (part.letter, part.place, part.by), (part.text, part.settled)
        case _:
            assert_type(part, Paper)
            needed, lines, texts = part.name, (part.name, part.letter), ()
    if not needed.strip():
        raise Refusal("part_empty")
    for most, words in ((MAX_LINE, lines), (MAX_TEXT, texts)):
        if any(len(one) > most for one in words):
            raise Refusal("words_too_long", most=most)
    return part


class Standing(StrEnum):
    """How a task or step of the plan stands on a day."""

    DONE = "done"
    LATE = "late"
    NOW = "now"  # the dossier is in its state
    OPEN = "open"


def standing(part: PlanStep | Person, state: State, today: date) -> Standing:
    """A step is done when somebody said so, or when the dossier has left its state behind."""
    stage = part.stage if isinstance(part, PlanStep) else None
    if part.done_on is not None or (stage is not None and ORDER.index(stage) < ORDER.index(state)):
        return Standing.DONE
    if part.due is not None and part.due < today:
        return Standing.LATE
    return Standing.NOW if stage is state else Standing.OPEN


@dataclass(frozen=True, slots=True)
class Duty:
    """Something somebody has to do: a step of the plan, or their task in the group."""

    part: PlanStep | Person
    standing: Standing


@dataclass(frozen=True, slots=True)
class Glance:
    """What there is to do: what is late, then what the state asks for, then the rest, each by its day."""

    duties: tuple[Duty, ...] = field(default=())

    @property
    def late(self) -> tuple[Duty, ...]:
        return tuple(one for one in self.duties if one.standing is Standing.LATE)

    def of(self, user_id: UserId) -> tuple[Duty, ...]:
        return tuple(one for one in self.duties if one.part.user_id == user_id)

    @property
    def next(self) -> Duty | None:
        """What is to be done first."""
        return next(iter(self.duties), None)


def glance(parts: Sequence[Part], state: State, today: date) -> Glance:
    """What is not done yet."""
    duties = [
        Duty(part, standing(part, state, today))
        for part in parts
        if isinstance(part, PlanStep) or (isinstance(part, Person) and part.task)
    ]
    rank = (Standing.LATE, Standing.NOW, Standing.OPEN)
    left = [one for one in duties if one.standing is not Standing.DONE]
    return Glance(tuple(sorted(left, key=lambda d: (rank.index(d.standing), d.part.due or date.max))))
