"""Codes of an authenticator, by the figures of the standards, and what is typed of them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.second_factor import (
    PERIOD,
    RECOVERY_LETTERS,
    address,
    code_at,
    grouped,
    matching,
    new_secret,
    recovery_code,
    recovery_key,
)

SECRET = base64.b32encode(b"12345678901234567890").decode()
secrets = st.binary(min_size=20, max_size=40).map(new_secret)
moments = st.integers(min_value=0, max_value=4_000_000_000_000)


@pytest.mark.parametrize(
    ("counter", "code"),
    [(0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"), (9, "520489")],
)
def test_codes_are_those_of_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert code_at(SECRET, counter) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    # The standard's table has eight digits; six are their end.
    assert code_at(SECRET, seconds * 1000 // PERIOD) == code[-6:]


@given(secrets, moments, st.integers(min_value=-1, max_value=1))
def test_a_code_of_now_or_its_neighbours_matches_once(secret: str, now: int, off: int) -> None:
    counter = max(0, now // PERIOD + off)
    code = code_at(secret, counter)
    found = matching(secret, code, now)
    assert found is not None
    assert code_at(secret, found) == code
    used = matching(secret, code, now, after=now // PERIOD + 1)
    assert used is None


@given(secrets, moments)
def test_a_code_of_long_ago_matches_no_more(secret: str, now: int) -> None:
    code = code_at(secret, now // PERIOD)
    later = matching(secret, code, now + 10 * PERIOD)
    assert later is None or code_at(secret, later) == code


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 345", "-12345"])
def test_what_is_no_code_matches_nothing(typed: str) -> None:
    assert matching(SECRET, typed, 59_000) is None


def test_a_code_typed_in_halves_is_the_code() -> None:
    assert matching(SECRET, " 287 082 ", 59_000) == 1


@given(st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_known_however_it_is_typed(random: bytes) -> None:
    code = recovery_code(random)
    assert set(code) <= set(RECOVERY_LETTERS) | {"-"}
    assert [len(half) for half in code.split("-")] == [5, 5]
    assert recovery_key(code) == recovery_key(f" {code.replace('-', ' ').upper()} ")


def test_secrets_are_long_enough_and_read_aloud_in_fours() -> None:
    with pytest.raises(ValueError, match="chance"):
        new_secret(b"short")
    assert grouped("ABCDEFGHIJ") == "ABCD EFGH IJ"


def test_the_address_names_the_house_and_the_account() -> None:
    assert address("ABC", "hạnh", "Dự Thảo") == (
        "otpauth://totp/D%E1%BB%B1%20Th%E1%BA%A3o:h%E1%BA%A1nh?secret=ABC&issuer=D%E1%BB%B1%20Th%E1%BA%A3o"
    )
