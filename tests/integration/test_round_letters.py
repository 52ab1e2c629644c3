"""E-mail to who is asked in a round: dates and their link, a title only where the house names titles."""

from __future__ import annotations

from dataclasses import replace

import anyio
import pytest

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.rounds import Invitation, Invited, Round
from duthao.service.letters import Letter, Letters, units_of
from duthao.settings import Settings

HOUSE = Settings(public_origin="https://duthao.example.vn")
ROUND = Round(
    "r", DocumentId("d"), 1, "v", None, "Đợt một", "Có đồng ý không?", 1_790_000_000_000, False, False,
    UserId("u"), 1,
)  # fmt: skip
UNIT = Invitation("i", "r", Invited.UNIT, None, "Ban Tổ chức", "ban@example.vn", 1, token_hash="h")
TITLE = "Quy chế làm việc"


def letters(settings: Settings = HOUSE) -> tuple[Letters, list[tuple[str, str, str]]]:
    sent: list[tuple[str, str, str]] = []
    return Letters(settings, lambda *one: sent.append(one)), sent


def test_an_invitation_holds_the_link_and_the_date_and_nothing_of_the_draft() -> None:
    made = letters()[0].written(TITLE, ROUND, UNIT, "invited", "token")
    assert made is not None
    assert made.address == "ban@example.vn"
    assert "https://duthao.example.vn/answer/token" in made.body
    assert "21/09/2026" in made.body
    assert TITLE not in made.subject + made.body
    assert ROUND.question not in made.body
    assert "token" not in repr(made)
    named = letters(replace(HOUSE, mail_titles=True))[0].written(TITLE, ROUND, UNIT, "invited", "token")
    assert named is not None
    assert TITLE in named.body


def test_a_reminder_tells_that_the_link_still_works() -> None:
    made = letters()[0].written(TITLE, ROUND, UNIT, "reminded", None)
    assert made is not None
    assert "/answer/" not in made.body
    assert "vẫn dùng được" in made.body


def test_nobody_is_written_to_without_an_address_a_mail_server_or_an_origin() -> None:
    assert letters()[0].written(TITLE, ROUND, replace(UNIT, address=""), "invited", "t") is None
    assert Letters(HOUSE, None).written(TITLE, ROUND, UNIT, "invited", "t") is None
    assert letters(Settings())[0].written(TITLE, ROUND, UNIT, "invited", "t") is None


def test_one_that_is_not_taken_holds_up_no_other() -> None:
    sent = []

    def post(address: str, subject: str, body: str) -> None:
        if address == "bad@example.vn":
            raise OSError
        sent.append(address)

    wanted = [Letter("bad@example.vn", "s", "b"), Letter("good@example.vn", "s", "b")]
    assert anyio.run(Letters(HOUSE, post).deliver, wanted) == 1
    assert sent == ["good@example.vn"]


def test_units_are_lines_with_an_address_or_none() -> None:
    assert units_of("Ban A ; a@b.vn\n\n  Đảng ủy phường  X\n") == (
        ("Ban A", "a@b.vn"), ("Đảng ủy phường X", ""),
    )  # fmt: skip
    for lines, code in (
        ("A\nA", "unit_twice"),
        ("A; b", "mail_address_bad"),
        ("; a@b.vn", "opinion_giver_missing"),
    ):
        with pytest.raises(Refusal, match=code):
            units_of(lines)
