"""Whose part is in whose hands, and until when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.delegations import Delegation, DutyPart, checked, deputies_of, stand_for
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal

AN, BINH, CUC = UserId("an"), UserId("binh"), UserId("cuc")
TODAY = "2026-11-26"
GIVEN = Delegation("1", DocumentId("d"), AN, BINH, DutyPart.STEPS, "", "2026-11-20", "2026-11-30", "", AN, 1)


@pytest.mark.parametrize(
    ("part", "about", "day", "covered"),
    [
        (DutyPart.STEPS, "s1", "2026-11-20", True),
        (DutyPart.STEPS, "s1", "2026-11-30", True),
        (DutyPart.STEPS, "s1", "2026-11-19", False),
        (DutyPart.STEPS, "s1", "2026-12-01", False),
        (DutyPart.ANSWERS, "s1", TODAY, False),
    ],
)
def test_a_part_is_in_the_deputys_hands_on_its_days(
    part: DutyPart, about: str, day: str, covered: bool
) -> None:
    assert GIVEN.covers(part, about, day) is covered
    assert not replace(GIVEN, ended_at=5).covers(part, about, day)


def test_what_is_handed_over_for_one_step_is_of_no_other() -> None:
    one = replace(GIVEN, about="s1")
    assert one.covers(DutyPart.STEPS, "s1", TODAY)
    assert not one.covers(DutyPart.STEPS, "s2", TODAY)


def test_deputies_are_named_the_newest_first_and_know_for_whom_they_stand() -> None:
    older, newer, ended, others = (
        GIVEN,
        replace(GIVEN, id="2", deputy=CUC, made_at=2),
        replace(GIVEN, id="3", ended_at=9),
        replace(GIVEN, id="4", giver=CUC),
    )
    found = (older, newer, ended, others)
    assert deputies_of(found, AN, DutyPart.STEPS, "s1", TODAY) == (newer, older)
    assert stand_for(found, BINH, DutyPart.STEPS, "s1", TODAY) == {AN, CUC}
    assert stand_for(found, AN, DutyPart.STEPS, "s1", TODAY) == frozenset()


def test_days_that_make_sense_are_kept_and_begin_today_where_none_is_said() -> None:
    assert checked(GIVEN, TODAY) == GIVEN
    assert checked(replace(GIVEN, begins=""), TODAY).begins == TODAY
    for ends in (TODAY, "2031-12-31"):
        assert checked(replace(GIVEN, ends=ends), TODAY).ends == ends


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"deputy": AN}, "deputy_self"),
        ({"ends": ""}, "deputy_days_bad"),
        ({"ends": "2026-11-25"}, "deputy_days_bad"),
        ({"begins": "2026-12-01"}, "deputy_days_bad"),
        ({"ends": "2032-01-01"}, "deputy_days_bad"),
        ({"ends": "mai"}, "task_day_bad"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        checked(replace(GIVEN, **wrong), TODAY)  # type: ignore[arg-type]
