"""A round of opinions (đợt lấy ý kiến): a frozen draft, who is asked, until when, what they answered.

Norms A3 and A4: a poll of members counts persons, a round of units counts units; whether silence is
agreement is said by the round, apart for members and units, and by default it is not. All times are UTC
milliseconds and come in as arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import MAX_LETTER, Opinion, Source, Verdict, checked, checked_line, checked_words

MAX_NAME: Final = 200
MAX_QUESTION: Final = 4_000
MAX_ITEMS: Final = 200
"""Opinions in one answer."""
MAX_SAID: Final = 200_000
"""Characters of one answer in all."""
MAX_INVITED: Final = 1_000
"""People and units asked in one round."""
LONGEST: Final = 366 * 24 * 3600 * 1000
"""A round's deadline is at most so far away."""
LAST_DAY: Final = 24 * 3600 * 1000
"""Before a deadline: in it who has not answered is reminded by the service itself."""


class Invited(StrEnum):
    """Who is asked: members count as persons, units as units."""

    MEMBER = "member"
    UNIT = "unit"


class Way(StrEnum):
    """How an answer came."""

    PAGE = "page"  # written on its own page by who was asked
    PAPER = "paper"  # a letter, entered by the clerk
    MEETING = "meeting"  # said in a meeting, entered by the clerk


@dataclass(frozen=True, slots=True)
class Round:
    """`version_id` is the frozen numbered draft, `before_id` the text in force it stands beside in the
    table (None: there was none). `number` counts the document's rounds from 1. `silent_members` and
    `silent_units`: their silence at the deadline is agreement.
    """

    id: str
    document_id: DocumentId
    number: int
    version_id: str
    before_id: str | None
    name: str
    question: str
    deadline: int
    silent_members: bool
    silent_units: bool
    created_by: UserId
    created_at: int
    closed_at: int | None = None
    edition: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """An opinion on one provision of the draft; None: on the document as a whole."""

    provision: str | None
    text: str
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says. `verdict` is None while it is not chosen yet."""

    verdict: Verdict | None = None
    general: str = ""
    items: tuple[Item, ...] = ()
    letter: str = ""


NOTHING: Final = Said()


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who is asked: a person with an account (`user_id`) or a unit by its name.

    `deadline` is an extension for this one alone. `token_hash` is the SHA-256 of a private link, which
    works until `link_until`; None: there is none. `draft` is what they have written and not sent, as
    number `draft_edition`. `opened_at` is when they first looked, `seen_at` when last.
    """

    id: str
    round_id: str
    kind: Invited
    user_id: UserId | None
    name: str
    address: str
    created_at: int
    deadline: int | None = None
    token_hash: str | None = None
    link_until: int | None = None
    reminders: int = 0
    reminded_at: int | None = None
    withdrawn_at: int | None = None
    opened_at: int | None = None
    seen_at: int | None = None
    draft: Said = NOTHING
    draft_edition: int = 0
    draft_at: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that was answered, never changed afterwards.

    What somebody sends again from their page is the next `edition` under the same `id`; what the clerk
    enters is an answer of its own. `invitation_id` is None when the giver was not asked. `at` is when it
    came (for paper: to the office), `sent_at` when it was kept here.
    """

    id: str
    round_id: str
    invitation_id: str | None
    edition: int
    way: Way
    giver: str
    said: Said
    at: int
    sent_at: int
    late: bool
    entered_by: UserId | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file attached to an answer, without its bytes."""

    id: str
    round_id: str
    invitation_id: str
    name: str
    size: int
    sha256: str
    at: int


def deadline_of(round_: Round, invitation: Invitation | None) -> int:
    """Until when this one may answer: an extension of one's own never shortens the round's."""
    own = invitation.deadline if invitation is not None else None
    return max(round_.deadline, own or 0)


def is_late(round_: Round, invitation: Invitation | None, at: int) -> bool:
    """Whether what comes at this moment is late: the deadline's own millisecond is not."""
    return at > deadline_of(round_, invitation)


def is_to_be_reminded(round_: Round, invitation: Invitation, now: int) -> bool:
    """Whether the last day before their deadline has begun and nobody asked or reminded them within it."""
    until = deadline_of(round_, invitation)
    begins = until - LAST_DAY
    told = max(invitation.created_at, invitation.reminded_at or 0)
    is_asked = round_.closed_at is None and invitation.withdrawn_at is None
    return is_asked and told < begins <= now < until


def newest(answers: Iterable[Answer]) -> dict[str, Answer]:
    """Of each answer its last edition, by id, in the order in which they first came."""
    found: dict[str, Answer] = {}
    for one in answers:
        kept = found.get(one.id)
        if kept is None or one.edition > kept.edition:
            found[one.id] = one
    return found


def standing(answers: Iterable[Answer]) -> dict[str, Answer]:
    """What counts for each invitation, by its id: of its answers (last editions) the one that came last.

    A remark entered without a verdict changes nobody's verdict, so one with a verdict goes before.
    """
    found: dict[str, Answer] = {}
    for one in newest(answers).values():
        if one.invitation_id is None:
            continue
        kept = found.get(one.invitation_id)
        if kept is None or _weight(one) >= _weight(kept):
            found[one.invitation_id] = one
    return found


def _weight(answer: Answer) -> tuple[bool, int, int]:
    return answer.said.verdict is not None, answer.at, answer.sent_at


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a round, or of its members or units alone.

    `sent` = `answered` + `silent`; `answered` = `agree` + `remarks` + `disagree` + `unsaid` (a remark
    without a verdict). Of the silent, `presumed` are taken to agree: those whose deadline has passed where
    the round says so. `late` counts among the answered, `opened` among all.
    """

    sent: int = 0
    answered: int = 0
    agree: int = 0
    remarks: int = 0
    disagree: int = 0
    unsaid: int = 0
    late: int = 0
    silent: int = 0
    presumed: int = 0
    opened: int = 0


def counts(
    round_: Round, invitations: Sequence[Invitation], answers: Iterable[Answer], now: int,
    kind: Invited | None = None,
) -> Counts:  # fmt: skip
    """Counted from the records. Who was asked by mistake (withdrawn) and did not answer is not counted."""
    counted = standing(answers)
    asked = [
        one
        for one in invitations
        if kind in (None, one.kind) and (one.withdrawn_at is None or one.id in counted)
    ]
    mine = [counted[one.id] for one in asked if one.id in counted]
    silent = [one for one in asked if one.id not in counted]
    verdicts = [one.said.verdict for one in mine]
    return Counts(
        sent=len(asked),
        answered=len(mine),
        agree=verdicts.count(Verdict.AGREE),
        remarks=verdicts.count(Verdict.REMARKS),
        disagree=verdicts.count(Verdict.DISAGREE),
        unsaid=verdicts.count(None),
        late=sum(one.late for one in mine),
        silent=len(silent),
        presumed=sum(presumed(round_, one, now) for one in silent),
        opened=sum(one.opened_at is not None for one in asked),
    )


def presumed(round_: Round, invitation: Invitation, now: int) -> bool:
    """Whether this silence is agreement by now."""
    says_so = round_.silent_members if invitation.kind is Invited.MEMBER else round_.silent_units
    return says_so and is_late(round_, invitation, now)


def checked_said(said: Said, known: Mapping[str, object] | frozenset[str]) -> Said:
    """What somebody wrote, fit to be kept; items that say nothing are left out.

    `known` are the provisions of the frozen draft. Raises Refusal: opinion_too_long (`field`, `most`),
    opinions_too_many (`most`), provision_not_found.
    """
    if len(said.items) > MAX_ITEMS:
        raise Refusal("opinions_too_many", most=MAX_ITEMS)
    items = []
    for one in said.items:
        if one.provision is not None and one.provision not in known:
            raise Refusal("provision_not_found")
        text, wording = checked_words(one.text, "text"), checked_words(one.wording, "wording")
        if text or wording:
            items.append(Item(one.provision, text, wording))
    general = checked_words(said.general, "general")
    made = Said(said.verdict, general, tuple(items), checked_line(said.letter, "letter", MAX_LETTER))
    if len(general) + sum(len(one.text) + len(one.wording) for one in items) > MAX_SAID:
        raise Refusal("opinion_too_long", field="all", most=MAX_SAID)
    return made


def check_complete(said: Said) -> None:
    """Raises Refusal: verdict_missing; opinion_empty for a disagreement or remarks that say nothing."""
    if said.verdict is None:
        raise Refusal("verdict_missing")
    if said.verdict is not Verdict.AGREE and not (said.general or said.items):
        raise Refusal("opinion_empty")


def opinions_of(
    answer: Answer, round_: Round, user_id: UserId | None, ids: Iterable[str]
) -> tuple[Opinion, ...]:
    """The opinions in an answer, the general one first; agreement alone is none."""
    said, next_id = answer.said, iter(ids)
    items = [*([Item(None, said.general)] if said.general else []), *said.items]
    source = Source.MEETING if answer.way is Way.MEETING else Source.ROUND
    return tuple(
        checked(
            Opinion(
                next(next_id), round_.document_id, source, answer.id, round_.id, answer.giver, user_id,
                round_.version_id, one.provision, one.text, one.wording, said.letter, answer.late, answer.at,
            )
        )
        for one in items
    )  # fmt: skip


def revised(
    before: Sequence[Opinion], after: Sequence[Opinion]
) -> tuple[tuple[Opinion, ...], tuple[Opinion, ...]]:
    """What sending an answer again changes: opinions that are new, and those that stand no more.

    An opinion said again in the same words is the same one and keeps its id, so that what has been
    answered to it holds.
    """
    rest = list(before)
    new = []
    for one in after:
        same = next((kept for kept in rest if _words(kept) == _words(one)), None)
        if same is None:
            new.append(one)
        else:
            rest.remove(same)
    return tuple(new), tuple(rest)


def _words(one: Opinion) -> tuple[str | None, str, str, str]:
    return one.provision, one.text, one.wording, one.letter


def checked_deadline(deadline: int, now: int, least: int = 0) -> int:
    """Raises Refusal deadline_bad unless it lies ahead, within a year, and not before `least`."""
    if not max(now, least - 1) < deadline <= now + LONGEST:
        raise Refusal("deadline_bad")
    return deadline
