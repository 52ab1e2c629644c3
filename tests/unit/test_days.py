"""Moments as people in Vietnam write them."""

from __future__ import annotations

from datetime import date

import pytest

from duthao.domain.days import day_end, day_of, day_written, field_of, moment, moment_of
from duthao.domain.errors import Refusal

LATE = 1_795_544_700_000  # 2026-11-24T18:25 UTC, past midnight in Vietnam


def test_a_moment_is_that_of_vietnam_however_late_it_is_elsewhere() -> None:
    assert moment(LATE) == "01:25 25/11/2026"
    assert field_of(LATE) == "2026-11-25T01:25"
    assert day_of(LATE) == date(2026, 11, 25)


def test_a_day_ends_when_offices_close_there() -> None:
    assert field_of(day_end(LATE)) == "2026-11-25T17:00"
    assert day_end(LATE + 1_234) == day_end(LATE)
    assert day_end(LATE) % 60_000 == 0


def test_what_a_field_holds_is_the_moment_it_was_written_from() -> None:
    assert moment_of(field_of(LATE)) == LATE
    assert moment_of("2026-11-25T01:25:07.250") == LATE + 7_000
    for no_moment in ("", "mai", "2026-13-01T00:00", "9" * 40):
        with pytest.raises(Refusal, match="deadline_bad"):
            moment_of(no_moment)


def test_a_day_is_written_from_the_day_on() -> None:
    assert day_written("2026-11-24") == day_written("2026-11-24T14:05") == "24/11/2026"
    assert day_written("") == ""
