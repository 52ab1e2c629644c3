"""What was refused is gathered: whoever asks as fast as a program can, the log grows by little."""

from __future__ import annotations

import json

from duthao.domain.audit import Action, Record
from duthao.domain.refusals import MINUTE, MOST, THINGS, Refusals


def refused(at: int, thing: str, who: str = "an") -> tuple[Record, str]:
    return Record(at, who, who, Action.REFUSE, "room", thing, address="10.0.0.1"), thing


def test_who_asks_for_everything_and_a_whole_street_that_asks_grow_the_log_by_little() -> None:
    gathered = Refusals()
    for n in range(500):
        gathered.add(Record(n, "an", "An", Action.REFUSE, "room", f"d{n}", address="10.0.0.1"), f"d{n}")
    one = gathered.all()
    assert len(one) == THINGS + 1
    assert sum(json.loads(told.details)["times"] for told in one) == 500
    assert json.loads(one[-1].details) == {"many": 1, "times": 500 - THINGS}
    for n in range(3 * MOST):
        gathered.add(Record(n, "", "", Action.REFUSE, "asked", address=f"a{n}"), "/answer")
    assert gathered.due(MINUTE - 1) == ()
    assert len(gathered.due(4 * MINUTE)) == MOST + 1
    assert gathered.all() == ()
    assert not gathered._things


def test_what_began_a_minute_ago_is_told_once_and_what_is_younger_waits() -> None:
    gathered = Refusals()
    for at, thing in ((0, "d1"), (1, "d2"), (MINUTE, "d1")):
        gathered.add(*refused(at, thing))
    (one,) = gathered.due(MINUTE)
    assert (one.document_id, json.loads(one.details)) == ("d1", {"times": 2})
    assert [told.document_id for told in gathered.due(2 * MINUTE)] == ["d2"]
    assert gathered.due(3 * MINUTE) == ()


def test_what_waits_already_is_counted_at_its_own_however_much_else_waits() -> None:
    gathered = Refusals()
    for n in range(MOST + 1):
        gathered.add(*refused(n, "d", f"u{n}"))
    for n in range(THINGS + 1):
        gathered.add(*refused(n, f"d{n}", "u0"))
    gathered.add(*refused(0, "d", "u0"))
    told = {one.user_id: json.loads(one.details) for one in gathered.all()}
    assert told["u0"] == {"times": 2}
    assert told[""] == {"many": 1, "times": THINGS + 2}


def test_who_was_told_of_has_all_their_things_again() -> None:
    gathered = Refusals()
    for _ in range(2):
        for n in range(THINGS):
            gathered.add(*refused(n, f"d{n}"))
        assert [one.document_id for one in gathered.all()] == [f"d{n}" for n in range(THINGS)]
