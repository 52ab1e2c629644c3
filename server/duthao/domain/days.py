"""Moments as people in Vietnam write them. Everywhere else a time is UTC epoch milliseconds."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from duthao.domain.errors import Refusal

VIETNAM = timezone(timedelta(hours=7))


def moment(at: int) -> str:
    """A time as 14:05 24/11/2026, in Vietnam."""
    return datetime.fromtimestamp(at / 1000, VIETNAM).strftime("%H:%M %d/%m/%Y")


def day_of(at: int) -> date:
    """The day it is then, in Vietnam."""
    return datetime.fromtimestamp(at / 1000, VIETNAM).date()


def day_written(iso: str) -> str:
    """A day kept as 2026-11-24, or a time that begins so, as it is written: 24/11/2026; "" stays so."""
    return "/".join(reversed(iso[:10].split("-"))) if iso else ""


def field_of(at: int) -> str:
    """A time as the field of a form holds it: 2026-11-24T14:05, in Vietnam."""
    return datetime.fromtimestamp(at / 1000, VIETNAM).strftime("%Y-%m-%dT%H:%M")


def day_end(at: int) -> int:
    """17:00 of that day in Vietnam, when offices close."""
    then = datetime.fromtimestamp(at / 1000, VIETNAM).replace(hour=17, minute=0, second=0, microsecond=0)
    return int(then.timestamp() * 1000)


def moment_of(field: str) -> int:
    """The time in such a field. Raises Refusal deadline_bad when there is none."""
    try:
        given = datetime.fromisoformat(field[:19])
    except ValueError:
        raise Refusal("deadline_bad") from None
    return int(given.replace(tzinfo=VIETNAM).timestamp() * 1000)
