"""A turn gathers only while the loop is busy."""

from duthao.collab.pace import LONGEST, Pace


class Machine:
    def __init__(self) -> None:
        self.time = self.used = 0.0

    def passes(self, seconds: float, share: float) -> None:
        self.time += seconds
        self.used += seconds * share


def test_an_edit_that_comes_alone_is_taken_in_at_once() -> None:
    machine = Machine()
    pace = Pace(lambda: machine.time, lambda: machine.used)
    assert pace.delay() == 0
    for _ in range(50):
        machine.passes(0.05, 0.2)
        assert pace.delay() == 0


def test_under_load_turns_grow_to_a_bound_and_shrink_again() -> None:
    machine = Machine()
    pace = Pace(lambda: machine.time, lambda: machine.used)
    seen = []
    for _ in range(20):
        machine.passes(0.03, 1.0)
        seen.append(pace.delay())
    assert seen == sorted(seen)
    assert 0.9 * LONGEST < seen[-1] <= LONGEST
    for _ in range(20):
        machine.passes(0.03, 0.1)
        pace.delay()
    assert pace.delay() == 0


def test_after_a_long_rest_what_was_is_forgotten_at_once() -> None:
    machine = Machine()
    pace = Pace(lambda: machine.time, lambda: machine.used)
    for _ in range(20):
        machine.passes(0.03, 1.0)
        pace.delay()
    machine.passes(10, 0.05)
    assert pace.delay() == 0


def test_under_load_all_rooms_have_their_turn_at_the_same_moment() -> None:
    machine = Machine()
    pace = Pace(lambda: machine.time, lambda: machine.used)
    assert pace.gather() == 0
    for _ in range(20):
        machine.passes(0.03, 1.0)
        pace.delay()
    first = pace.gather()
    assert 0.9 * LONGEST < first <= LONGEST
    turn = machine.time + first
    for _ in range(3):
        machine.passes(LONGEST / 5, 1.0)
        assert abs(machine.time + pace.gather() - turn) < 1e-9
    machine.passes(LONGEST, 1.0)
    assert machine.time < machine.time + pace.gather() <= machine.time + LONGEST
    machine.passes(10, 0.05)
    assert pace.gather() == 0
