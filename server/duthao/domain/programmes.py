"""Work programmes (chương trình công tác): items that units register, chosen and ordered by the office.

Three kinds (norms A6): of a term, of a year, the calendar of a week. An item says what is brought before
which level, when, and who prepares it (norms A9, table 8). What is chosen becomes the programme's document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from duthao.domain.document import Document, Kind, Provision, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.names import word_key

MAX_ITEMS: Final = 1_000
MAX_PROGRAMMES: Final = 500
TERM_YEARS: Final = 10
"""A term of office is at most so long."""
ROMAN: Final = ("", "I", "II", "III", "IV")


class ProgrammeKind(StrEnum):
    """What a programme covers."""

    TERM = "term"  # toàn khóa; its period "2025-2030"
    YEAR = "year"  # its period "2027"
    WEEK = "week"  # lịch tuần; its period its Monday, "2026-11-23"


class Level(StrEnum):
    """Before whom an item is brought."""

    COMMITTEE = "committee"  # Ban Chấp hành
    BUREAU = "bureau"  # Ban Thường vụ
    STANDING = "standing"  # Thường trực


class Choice(StrEnum):
    """What the office made of an item."""

    REGISTERED = "registered"  # not looked at yet
    CHOSEN = "chosen"
    LEFT = "left"  # not in this programme


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme being made. `office` is the unit whose people keep it besides who opened it, "" for none;
    `until` the last day (YYYY-MM-DD) on which units register, "" for no end; `document_id` what was made of
    it, "" before.
    """

    id: str
    kind: ProgrammeKind
    period: str
    name: str
    office: str
    until: str
    opened_by: UserId
    opened_at: int
    document_id: str = ""
    edition: int = 1

    def is_open(self, today: str) -> bool:
        """Whether units may still register."""
        return not self.document_id and (not self.until or today <= self.until)


@dataclass(frozen=True, slots=True)
class Item:
    """What somebody registered. `when`: "2027", "2027-Q2", "2027-05", or "2026-11-24T08:00" of a week;
    `more`: who chairs, where (of a week). `place` orders what is chosen. `task_id`: the task it became.
    """

    id: str
    programme_id: str
    content: str
    field: str
    preparer: str
    when: str
    level: Level
    reason: str
    more: str
    by: UserId
    at: int
    choice: Choice = Choice.REGISTERED
    note: str = ""
    place: int = 0
    task_id: str = ""
    edition: int = 1


_YEAR, _SPAN = re.compile(r"\d{4}"), re.compile(r"(\d{4})\s*[-–]\s*(\d{4})")
_WHEN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


def checked_period(kind: ProgrammeKind, written: str) -> str:
    """The period as it is kept. Raises Refusal programme_period_bad."""
    said = written.strip()[:20]
    if kind is ProgrammeKind.YEAR and _YEAR.fullmatch(said):
        return said
    span = _SPAN.fullmatch(said) if kind is ProgrammeKind.TERM else None
    if span is not None and 0 < int(span[2]) - int(span[1]) <= TERM_YEARS:
        return f"{span[1]}-{span[2]}"
    if kind is ProgrammeKind.WEEK:
        try:
            day = date.fromisoformat(said[:10])
            return (day - timedelta(days=day.weekday())).isoformat()
        except (ValueError, OverflowError):
            pass
    raise Refusal("programme_period_bad")


def checked_when(programme: Programme, written: str) -> str:
    """A time within the programme's period, as it is kept. Raises Refusal programme_when_bad."""
    said = written.strip()[:20]
    if programme.kind is ProgrammeKind.WEEK:
        try:
            at = datetime.fromisoformat(said[:16])
            monday = date.fromisoformat(programme.period)
        except ValueError:
            raise Refusal("programme_when_bad") from None
        if not 0 <= (at.date() - monday).days < 7:
            raise Refusal("programme_when_bad")
        return at.strftime("%Y-%m-%dT%H:%M")
    first, _, last = programme.period.partition("-")
    found = _WHEN.fullmatch(said)
    if found is None or not int(first) <= int(found[1]) <= int(last or first):
        raise Refusal("programme_when_bad")
    return said


def month_of(when: str) -> int:
    """The month it falls in (of a quarter its last), 0 for a whole year."""
    found = _WHEN.fullmatch(when[:7])
    if found is None:
        return 0
    return int(found[2]) * 3 if found[2] else int(found[3] or 0)


def quarter_of(when: str) -> int:
    """1 to 4, 0 for a whole year."""
    return (month_of(when) + 2) // 3


def time_order(when: str) -> tuple[str, int, str]:
    """By the month something is due in; of one month the quarter that ends there comes last, and a whole
    year after its months."""
    month = month_of(when) or 12
    return when[:4], month, ("~" + when if "Q" in when or len(when) == 4 else when)


def last_day(when: str) -> str:
    """The last day (YYYY-MM-DD) of the time it is to be brought before its level."""
    if "T" in when:
        return when[:10]
    year, month = int(when[:4]), month_of(when) or 12
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else date.max
    return (following - timedelta(days=1)).isoformat()


def by_field_and_time(items: Iterable[Item]) -> list[Item]:
    """As registers are compiled: by field, within it by time, then as they came."""

    def order(one: Item) -> tuple[object, ...]:
        words = tuple(word_key(word) for word in one.field.split())
        return (not one.field, words, one.field, time_order(one.when), one.at, one.id)

    return sorted(items, key=order)


def in_order(items: Iterable[Item]) -> list[Item]:
    """What the office chose, in the order it gave; then the rest by field and time."""
    held = list(items)
    chosen = sorted(
        (one for one in held if one.choice is Choice.CHOSEN), key=lambda one: (one.place, one.at, one.id)
    )
    return chosen + by_field_and_time(one for one in held if one.choice is not Choice.CHOSEN)


def placed(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with the places of this order, only those whose place changes."""
    return tuple(replace(one, place=n) for n, one in enumerate(items, 1) if one.place != n)


def moved(chosen: Sequence[Item], item_id: str, by: int) -> tuple[Item, ...]:
    """The chosen ones that change when one goes up (-1) or down (1); none at an end."""
    order = list(chosen)
    at = next((n for n, one in enumerate(order) if one.id == item_id), None)
    if at is not None and 0 <= at + by < len(order):
        order[at], order[at + by] = order[at + by], order[at]
    return placed(order)


# --- the document -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """How the reader's language says what the tables need."""

    when: Callable[[str], str]
    level: Callable[[Level], str]
    nothing: str


Cells = tuple[str, ...]


def tables_of(programme: Programme, chosen: Sequence[Item], words: Words) -> tuple[tuple[Cells, ...], ...]:
    """The rows of each table of the programme's template, in the columns it has."""
    if programme.kind is ProgrammeKind.TERM:
        rows = tuple(
            (str(n), one.content, one.field, one.preparer, words.when(one.when), words.level(one.level))
            for n, one in enumerate(chosen, 1)
        )
        return (rows or (("", words.nothing, "", "", "", ""),),)
    if programme.kind is ProgrammeKind.YEAR:
        committee = [one for one in chosen if one.level is Level.COMMITTEE]
        others = [one for one in chosen if one.level is not Level.COMMITTEE]
        return (
            tuple(
                (ROMAN[quarter_of(one.when)], one.content, one.preparer, "")
                for one in sorted(committee, key=lambda one: quarter_of(one.when) or 5)
            ) or (("", words.nothing, "", ""),),
            tuple(
                (_month(one.when, words), one.content, one.preparer,
                 words.level(one.level) if one.level is Level.STANDING else "")
                for one in sorted(others, key=lambda one: month_of(one.when) or 13)
            ) or (("", words.nothing, "", ""),),
        )  # fmt: skip
    week = sorted(chosen, key=lambda one: one.when)
    rows = tuple(
        (words.when(one.when[:10]), _hour(one.when), one.content, one.more, one.preparer, "") for one in week
    )
    return (rows or (("", "", words.nothing, "", "", ""),),)


def _month(when: str, words: Words) -> str:
    return when[5:7] if "Q" not in when and len(when) > 4 else words.when(when)


def _hour(when: str) -> str:
    return when[11:].replace(":00", " giờ") if when.endswith(":00") else when[11:]


def filled(
    template: Document,
    programme: Programme,
    tables: Sequence[Sequence[Cells]],
    new_id: Callable[[], ProvisionId],
) -> Document:
    """The template with the rows of its tables in place of its own, and its period written where it has a
    place for it. A table's first row is its head and stays.
    """
    given = iter(tables)
    made: list[Provision] = []
    skipping = False
    for one in template.provisions:
        if one.kind is Kind.TABLE:
            made.append(replace(one, header=True))
            rows, skipping = next(given, None), False
        elif one.kind is Kind.ROW and not skipping and made and made[-1].kind is Kind.TABLE:
            made.append(one)
            if rows is not None:
                width, skipping = len(one.cells), True
                made += [
                    Provision(new_id(), Kind.ROW, "", cells=(*row, *("",) * width)[:width]) for row in rows
                ]
        elif one.kind is Kind.ROW and skipping:
            continue
        else:
            skipping = False
            made.append(replace(one, text=dated(one.text, programme)))
    front = template.front
    front = replace(
        front,
        title=dated(front.title, programme),
        preamble=tuple(dated(line, programme) for line in front.preamble),
    )
    return replace(template, provisions=tuple(made), front=front)


def dated(text: str, programme: Programme) -> str:
    """The programme's period in place of the template's signs for it."""
    if programme.kind is ProgrammeKind.TERM:
        return text.replace("[....-....]", programme.period)
    if programme.kind is ProgrammeKind.YEAR:
        return text.replace("năm [....]", f"năm {programme.period}")
    monday = date.fromisoformat(programme.period)
    sunday = monday + timedelta(days=6)
    return text.replace(
        "tuần [..], từ ngày [../..] đến ngày [../../....]",
        f"tuần {monday.isocalendar().week}, từ ngày {monday:%d/%m} đến ngày {sunday:%d/%m/%Y}",
    )
