"""The form as a value: what is built in is what the norms say; what comes in is bounded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.errors import Refusal
from duthao.domain.form_profile import (
    BUILT_IN,
    PARTS,
    PARTY,
    PARTY_OLD,
    STATE,
    copied,
    profile_from,
    profile_from_json,
    profile_to_json,
    profile_value,
    reset,
)


def refused(value: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        profile_from(value)
    return caught.value


@pytest.mark.parametrize("key", BUILT_IN)
def test_a_profile_comes_back_from_json(key: str) -> None:
    profile = BUILT_IN[key]
    assert profile_from_json(profile_to_json(profile)) == profile
    assert profile_from_json(profile_to_json(copied(profile, "h1", "Của xã"))).base == key


def test_numbers_and_dates_are_written_as_the_norms_say() -> None:
    assert PARTY.number_word + PARTY.numbered(5, "Nghị quyết", "ĐU") == "Số 05-NQ/ĐU"
    assert STATE.number_word + STATE.numbered(5, "QUYẾT ĐỊNH", "UBND") == "Số: 05/QĐ-UBND"
    assert PARTY.numbered(112, "TỜ TRÌNH", "TU") == "112-TTr/TU"
    assert PARTY.dated("Hà Nội", 5, 2, 2026) == "Hà Nội, ngày 05 tháng 02 năm 2026"
    assert STATE.dated("Hà Nội", 15, 3, 2026) == "Hà Nội, ngày 15 tháng 3 năm 2026"
    assert PARTY.drafted(2) == "Dự thảo lần 2"
    signs = [(one.on_behalf, one.in_place, one.by_order, one.empowered) for one in (PARTY, STATE)]
    assert signs == [("T/M", "K/T", "T/L", ""), ("TM.", "KT.", "TL.", "TUQ.")]
    assert (PARTY.body_end, STATE.body_end) == (".", "./.")
    assert PARTY_OLD.clause_sign == "-"


def test_bases_end_and_numbers_begin_as_the_form_has_it_whatever_was_written() -> None:
    written = ("Căn cứ Điều lệ", "– Căn cứ Luật;", "- Căn cứ tình hình")
    assert PARTY.base_lines(written) == ("- Căn cứ Điều lệ;", "- Căn cứ Luật;", "- Căn cứ tình hình;")
    assert STATE.base_lines(written) == ("Căn cứ Điều lệ;", "Căn cứ Luật;", "Căn cứ tình hình.")
    assert PARTY.number_line("Số 05-QĐ/TU") == PARTY.number_line("05-QĐ/TU") == f"{PARTY.number_word}05-QĐ/TU"
    assert PARTY.number_line("") == ""


def test_a_copy_is_reset_to_what_it_came_from() -> None:
    mine = copied(STATE, "abc", "Của phường")
    changed = profile_from(profile_value(mine) | {"top": 25, "body_end": "."})
    assert changed != mine
    assert reset(changed) == mine


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("top", 4, "form_profile_number"),
        ("top", float("nan"), "form_profile_number"),
        ("top", True, "form_profile_number"),
        ("top", "20", "form_profile_number"),
        ("month_zero", 1.5, "form_profile_number"),
        ("line", 1.5, "form_profile_number"),  # exact lines are points
        ("left", 60, None),
        ("family", "church", "form_profile_choice"),
        ("day_zero", 1, "form_profile_choice"),
        ("motto", "a\nb", "form_profile_words"),
        ("motto", "x" * 81, "form_profile_words"),
        ("font", '"; x', "form_profile_words"),
        ("number_pattern", "{code}/{body}", "form_profile_pattern"),
        ("number_pattern", "{n:>999999}", "form_profile_pattern"),
        ("number_pattern", "{n.__class__}", "form_profile_pattern"),
        ("number_pattern", "{n", "form_profile_pattern"),
        ("draft_mark", "Dự thảo", "form_profile_pattern"),
        ("codes", {"Nghị quyết": "NQ"}, "form_profile_code"),
        ("codes", {"NGHỊ QUYẾT": "N-Q"}, "form_profile_code"),
        ("codes", [], "form_profile_words"),
        ("styles", {}, "form_profile_missing"),
        ("styles", dict.fromkeys(PARTS), "form_profile_missing"),
        ("base", "none", "form_profile_choice"),
        ("key", "../x", "form_profile_words"),
        ("colour", "red", "form_profile_unknown"),
    ],
)
def test_what_is_out_of_bounds_is_refused(field: str, value: Any, code: str | None) -> None:
    given_ = profile_value(PARTY) | {field: value}
    if code is None:
        assert profile_from(given_).left == value
    else:
        refusal = refused(given_)
        assert refusal.code == code
        assert refusal.details["field"] == field or code == "form_profile_missing"


def test_margins_leave_room_for_the_text() -> None:
    assert refused(profile_value(PARTY) | {"left": 60, "right": 55}).code == "form_profile_width"
    lacking = profile_value(PARTY)
    del lacking["motto"]
    assert refused(lacking).details == {"field": "motto"}
    for text, code in (("[", "bad"), ("[]", "bad"), ("[" * 30_000, "bad"), (" " * 40_001, "too_large")):
        with pytest.raises(Refusal) as caught:
            profile_from_json(text)
        assert caught.value.code == f"form_profile_{code}"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(profile_value(PARTY))), _JSON)
def test_anything_in_a_field_is_taken_and_comes_back_or_is_refused(field: str, value: Any) -> None:
    try:
        made = profile_from(profile_value(PARTY) | {field: value})
    except Refusal:
        return
    assert profile_from(json.loads(profile_to_json(made))) == made
    assert made.dated("x", 1, 1, 2026)
    assert made.numbered(1, "x", "y", 2026)
    assert made.drafted(1)
