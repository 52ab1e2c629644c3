"""Who does another's part for a time (ủy quyền): answering a round, steps of a dossier, opinions to answer.

Of a part handed over nobody loses anything: who gave it may do it too, and takes it back at any time. What
a deputy does is theirs by name, done for the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.tasks import checked_day, checked_name

MAX_GIVEN: Final = 200
"""Delegations of one person that hold."""
LONGEST_YEARS: Final = 5
"""A term of office; nobody stands for another longer than that without saying it again."""


class DutyPart(StrEnum):
    """What is handed over."""

    ANSWERS = "answers"  # answering a round one is asked in
    STEPS = "steps"  # steps of the plan and tasks of the group of a dossier
    OPINIONS = "opinions"  # groups of opinions one is responsible for


@dataclass(frozen=True, slots=True)
class Delegation:
    """`giver` hands `part` of a document to `deputy` from one day to another (YYYY-MM-DD, both within).
    `about`: the round or the step meant, "" for all. `ended_at`: taken back, or given up.
    """

    id: str
    document_id: DocumentId
    giver: UserId
    deputy: UserId
    part: DutyPart
    about: str
    begins: str
    ends: str
    reason: str
    made_by: UserId
    made_at: int
    ended_at: int | None = None

    def holds(self, day: str) -> bool:
        return self.ended_at is None and self.begins <= day <= self.ends

    def covers(self, part: DutyPart, about: str, day: str) -> bool:
        """Whether on that day this part, about that, is in the deputy's hands."""
        return self.part is part and self.about in ("", about) and self.holds(day)


def deputies_of(
    found: Iterable[Delegation], giver: UserId | None, part: DutyPart, about: str, day: str
) -> tuple[Delegation, ...]:
    """What hands this part of theirs over on that day, the newest first."""
    here = [one for one in found if one.giver == giver and one.covers(part, about, day)]
    return tuple(sorted(here, key=lambda one: (-one.made_at, one.id)))


def stand_for(
    found: Iterable[Delegation], deputy: UserId, part: DutyPart, about: str, day: str
) -> frozenset[UserId]:
    """For whom this person does it on that day."""
    return frozenset(one.giver for one in found if one.deputy == deputy and one.covers(part, about, day))


def checked(one: Delegation, today: str) -> Delegation:
    """It, if its days make sense.

    Raises Refusal: deputy_self, deputy_days_bad, task_day_bad, task_too_long.
    """
    begins, ends = checked_day(one.begins) or today, checked_day(one.ends)
    if one.giver == one.deputy:
        raise Refusal("deputy_self")
    if not ends or ends < max(begins, today) or int(ends[:4]) - int(begins[:4]) > LONGEST_YEARS:
        raise Refusal("deputy_days_bad")
    return Delegation(
        one.id, one.document_id, one.giver, one.deputy, one.part, one.about, begins, ends,
        checked_name(one.reason), one.made_by, one.made_at,
    )  # fmt: skip
