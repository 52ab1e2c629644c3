"""Who was sent out for what they sent comes in again in a line; nobody else ever waits."""

import asyncio

import pytest

from duthao.collab.close import Close
from duthao.domain.document import UserId
from duthao.web import door as doors
from duthao.web.door import Door

AN, BINH, CHI = UserId("an"), UserId("binh"), UserId("chi")
HOUR = 3600.0


class Waits:
    """What people at the door were told to wait, in whole hours: no test waits for them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hours: list[int] = []
        monkeypatch.setattr(doors.asyncio, "sleep", self._sleep)
        monkeypatch.setattr(doors, "LONGEST", 2.5 * HOUR)

    async def _sleep(self, seconds: float) -> None:
        self.hours.append(round(seconds / HOUR, 1).__ceil__())


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    return Waits(monkeypatch)


def let_in(door: Door, *people: UserId) -> list[bool]:
    async def scenario() -> list[bool]:
        return [await door.lets_in(person) for person in people]

    return asyncio.run(scenario())


def sent_out(door: Door, *people: UserId, code: Close | None = Close.BAD_MESSAGE) -> None:
    async def scenario() -> None:
        for person in people:
            door.closed(person, code)

    asyncio.run(scenario())


def test_those_in_the_line_come_in_one_after_another_and_all_others_at_once(waits: Waits) -> None:
    door = Door(every=HOUR)
    sent_out(door, AN, BINH)
    assert let_in(door, AN, CHI, BINH, CHI, AN) == [True] * 5
    assert waits.hours == [0, 1, 2]


@pytest.mark.parametrize("code", [code for code in Close if code not in doors.OFFENCES] + [None])
def test_an_end_that_is_nobodys_offence_makes_nobody_wait(waits: Waits, code: Close | None) -> None:
    door = Door(every=HOUR)
    sent_out(door, AN, code=code)
    assert let_in(door, AN, AN) == [True, True]
    assert waits.hours == []


def test_a_line_that_is_too_long_sends_away_after_the_wait_and_grows_no_longer(waits: Waits) -> None:
    door = Door(every=2 * HOUR)
    sent_out(door, AN)
    assert let_in(door, *[AN] * 4) == [True, True, False, False]
    assert waits.hours == [0, 2, 3, 3]


def test_an_offence_is_forgotten_with_time(waits: Waits, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door(every=HOUR)
    sent_out(door, AN)
    monkeypatch.setattr(doors, "REMEMBERED", -1.0)
    assert let_in(door, AN, AN) == [True, True]
    assert waits.hours == []


def test_of_very_many_the_earliest_are_forgotten(waits: Waits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "MOST", 2)
    door = Door(every=HOUR)
    sent_out(door, AN, BINH, AN, CHI)
    let_in(door, BINH, AN, CHI)
    assert waits.hours == [0, 1]
