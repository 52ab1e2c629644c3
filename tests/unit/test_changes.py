"""Whose a change is that none of its own letters tells."""

from __future__ import annotations

from duthao.domain.changes import Run, credited
from duthao.domain.document import UserId

BEFORE, AFTER = "họp hai", "họp ba"


def who(row: int) -> UserId:
    return UserId(f"u{row}")


def test_what_was_taken_out_goes_with_what_came_in_its_place() -> None:
    written = (0, 0, 0, 0, 3, 4)
    assert credited(BEFORE, AFTER, written, (0,) * 7, who) == (
        Run("=", "họp "), Run("-", "hai", who(3), 3), Run("+", "b", who(3), 3), Run("+", "a", who(4), 4)
    )  # fmt: skip


def test_what_came_goes_with_what_was_taken_out_for_it() -> None:
    taken = (0, 0, 0, 0, 5, 6, 6)
    assert credited(BEFORE, AFTER, (0,) * 6, taken, who) == (
        Run("=", "họp "), Run("-", "h", who(5), 5), Run("-", "ai", who(6), 6), Run("+", "ba", who(5), 5)
    )  # fmt: skip
