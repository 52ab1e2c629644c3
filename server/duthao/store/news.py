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
    ANSWERED = "answered"  # opinions of theirs
    TASKED = "tasked"  # with a part of a dossier
    WAITING = "waiting"  # a dossier has come to a step of theirs
    DEPUTY = "deputy"  # for somebody's part


OF_DOSSIER: Final = (News.TASKED, News.WAITING)
"""What also those are told who are of a dossier’s working group alone."""
