"""What somebody may be told of."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class News(StrEnum):
    """What somebody is told of."""

    MENTIONED = "mentioned"
    REPLIED = "replied"  # in a thread they took part in
    ASSIGNED = "assigned"
    RESOLVED = "resolved"  # a thread they began
    ACCEPTED = "accepted"  # a proposal of theirs, and so on
    ADAPTED = "adapted"
    DECLINED = "declined"
    INVITED = "invited"  # to say their opinion in a round
    REMINDED = "reminded"
    ROUND_DUE = "round_due"  # their answer in a round, within a day
    ANSWERED = "answered"  # opinions of theirs
    TASKED = "tasked"  # with a part of a dossier
    WAITING = "waiting"  # a dossier has come to a step of theirs
    DEPUTY = "deputy"  # for somebody's part
    TASK_DUE = "task_due"  # soon, given to them
    TASK_OVERDUE = "task_overdue"
    STEP_DUE = "step_due"  # of a dossier's plan, or their task in its group
    STEP_OVERDUE = "step_overdue"


OF_DOSSIER: Final = (News.TASKED, News.WAITING, News.STEP_DUE, News.STEP_OVERDUE)
"""What also those are told who are of a dossier’s working group alone."""
