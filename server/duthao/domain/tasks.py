"""What an adopted resolution or conclusion asks of people (norms A2.5, A7), and how it stands.

Each task says what is to be done, how, by when, by whom, and who sees to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from duthao.domain.document import Document, DocumentId, Kind, UserId
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.domain.text import clean, clean_line

MAX_TASKS: Final = 2_000
MAX_TEXT: Final = 5_000
MAX_NAME: Final = 300
SOON: Final = 7
"""Days before its deadline in which a task is soon due."""


class Standing(StrEnum):
    """How a task stands on a day."""

    OVERDUE = "overdue"  # quá hạn
    SOON = "soon"  # sắp đến hạn
    DOING = "doing"  # đang thực hiện, chưa đến hạn
    DONE = "done"  # hoàn thành đúng hạn, or without a deadline
    LATE = "late"  # hoàn thành, sau hạn


@dataclass(frozen=True, slots=True)
class Task:
    """A task. `deadline` and `done_on` are days (YYYY-MM-DD), "" for none; `source` names the document it
    comes from; `doer` and `controller` are names as printed, `doer_id` whose account the doer has.
    `edition` counts its changes from 1.
    """

    id: str
    document_id: DocumentId
    content: str
    measure: str = ""
    deadline: str = ""
    doer: str = ""
    doer_id: UserId | None = None
    controller: str = ""
    source: str = ""
    report: str = ""
    done_on: str = ""
    created_at: int = 0
    edition: int = 1


def standing(task: Task, today: str) -> Standing:
    """How it stands on this day."""
    if task.done_on:
        return Standing.LATE if task.deadline and task.done_on > task.deadline else Standing.DONE
    if not task.deadline:
        return Standing.DOING
    if task.deadline < today:
        return Standing.OVERDUE
    near = (date.fromisoformat(today) + timedelta(days=SOON)).isoformat()
    return Standing.SOON if task.deadline <= near else Standing.DOING


def task_order(task: Task) -> tuple[bool, str, int, str]:
    """What tasks are sorted by: those not done first, by deadline, those without one last."""
    return bool(task.done_on), task.deadline or "9999", task.created_at, task.id


def checked_day(written: str) -> str:
    """A day or "". Raises Refusal task_day_bad (`day`)."""
    if not written.strip():
        return ""
    try:
        return date.fromisoformat(written.strip()[:10]).isoformat()
    except ValueError:
        raise Refusal("task_day_bad", day=written[:20]) from None


def checked_text(text: str, most: int = MAX_TEXT) -> str:
    """The words fit to be kept. Raises Refusal task_too_long (`most`)."""
    if len(text) > 2 * most or len(made := clean(text).text.strip()) > most:
        raise Refusal("task_too_long", most=most)
    return made


def checked_name(name: str) -> str:
    """The same on one line."""
    return clean_line(checked_text(name, MAX_NAME))


# What a text seems to ask

_DOES = (
    "chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|tham mưu|xây dựng|rà soát|tổ chức|thực hiện|hoàn thành|"
    "báo cáo|hướng dẫn|kiểm tra|theo dõi|chuẩn bị|ban hành|triển khai|tiếp tục|lãnh đạo|chỉ đạo|đôn đốc"
)
_ASKS = re.compile(
    rf"\b(?:giao|phân công|yêu cầu)\s+(?P<doer>\w[^,;:.()]{{2,120}}?)\s+(?:{_DOES})\b", re.IGNORECASE
)
_CHARGED = re.compile(
    r"^(?P<doer>[^,;:.()]{2,120}?)\s+(?:chủ trì|có trách nhiệm|chịu trách nhiệm)\b", re.IGNORECASE
)
_BY = re.compile(
    r"(?:trước|chậm nhất|muộn nhất|hạn|đến hết|đến|trong)\D{0,20}?ngày\s+"
    r"(\d{1,2})(?:/|\s+tháng\s+)(\d{1,2})(?:/|\s+năm\s+)(\d{4})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A provision that seems to give somebody something to do."""

    path: str
    content: str
    doer: str
    deadline: str


def suggested(document: Document) -> Iterator[Suggested]:
    """Provisions that say who is to do something, in their order; a person decides what they are."""
    for entry in outline(document).entries:
        one = entry.provision
        if one.kind not in (Kind.CLAUSE, Kind.POINT, Kind.INDENT, Kind.PARAGRAPH):
            continue
        found = _ASKS.search(one.text) or _CHARGED.match(one.text)
        doer = found["doer"].strip().removeprefix("cho ") if found else ""
        if doer[:1].isupper():  # a body or a person has a name; "một người" has none
            yield Suggested(entry.path, one.text[:MAX_TEXT], doer, _deadline(one.text))


def _deadline(text: str) -> str:
    found = _BY.search(text)
    if found is None:
        return ""
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return ""
