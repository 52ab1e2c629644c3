"""Sentence templates: the defaults are whole, an office's own are checked."""

from __future__ import annotations

import pytest

from duthao.domain.amend.templates import DEFAULTS, MAX_LENGTH, STANDARD, Templates
from duthao.domain.errors import Refusal


def refusal(**own: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        Templates(own)
    return caught.value


def test_the_defaults_pass_their_own_check() -> None:
    assert Templates(dict(DEFAULTS)).own == DEFAULTS


def test_an_own_template_is_used_and_the_rest_stay() -> None:
    own = Templates({"repeal": "Hủy bỏ {targets}"})
    assert own.say("repeal", targets="Điều 5") == "Hủy bỏ Điều 5"
    assert own.say("amend", targets="Điều 5") == STANDARD.say("amend", targets="Điều 5")


def test_a_lost_place_is_named() -> None:
    found = refusal(replace="Thay “{old}” tại {targets}")
    assert found.code == "template_missing"
    assert found.details == {"name": "replace", "places": ["new"]}


def test_a_foreign_place_is_named() -> None:
    assert refusal(repeal="Bãi bỏ {targets} {law}").details["places"] == ["law"]


@pytest.mark.parametrize("text", ["Bãi bỏ {targets!r}", "Bãi bỏ {targets:>20}", "Bãi bỏ {targets.__class__}"])
def test_a_place_is_a_name_and_nothing_more(text: str) -> None:
    assert refusal(repeal=text).code in ("template_foreign", "template_missing")


@pytest.mark.parametrize("text", ["Bãi bỏ {targets", "Bãi bỏ {targets}}", "Bãi bỏ {targets} {"])
def test_braces_that_do_not_come_out_even(text: str) -> None:
    assert refusal(repeal=text).code == "template_braces"


def test_a_template_is_one_line_of_bounded_length() -> None:
    assert refusal(repeal="Bãi bỏ\n{targets}").code == "template_length"
    assert refusal(repeal="x" * MAX_LENGTH + "{targets}").code == "template_length"


def test_an_unknown_template_is_refused() -> None:
    assert refusal(abolish="Bãi bỏ {targets}").code == "template_unknown"


def test_values_are_never_read_as_templates() -> None:
    assert STANDARD.say("drop", old="{targets}", targets="Điều 1") == "Bỏ cụm từ “{targets}” tại Điều 1"
