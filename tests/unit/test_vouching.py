"""What of another service's claims counts here."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.errors import Refusal
from duthao.domain.vouching import MAX_NAME, MAX_SUBJECT, MAX_USERNAME, voucher_of

RIGHT = {"sub": "1", "preferred_username": "An.Nguyen", "name": "Nguyễn  Văn\tAn", "amr": ["pwd", "otp"]}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=1200),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def test_a_person_is_read_as_they_are_vouched_for() -> None:
    voucher = voucher_of(RIGHT, "preferred_username", "mfa, otp")
    assert voucher.username == "an.nguyen"
    assert (voucher.name, voucher.proved_twice) == ("Nguyễn Văn An", True)


def test_a_name_is_taken_whole_or_not_at_all() -> None:
    for name, read in (("x" * MAX_NAME, "x" * MAX_NAME), ("x" * (MAX_NAME + 1), "an.nguyen")):
        assert voucher_of(RIGHT | {"name": name}, "preferred_username", "").name == read


@pytest.mark.parametrize(
    ("second_proof", "claims", "twice"),
    [
        ("mfa", {}, False), ("*", {}, True), ("", {"amr": ["mfa"]}, False), ("mfa", {"amr": "mfa"}, False),
        ("gold,mfa", {"acr": "gold"}, True), ("mfa", {"amr": [["mfa"], None, 3]}, False),
        ("mfa", {"amr": ["x"] * 20 + ["mfa"]}, False),
    ],
)  # fmt: skip
def test_a_second_proof_counts_only_where_the_house_says_so(
    second_proof: str, claims: dict[str, Any], twice: bool
) -> None:
    assert (
        voucher_of(RIGHT | {"amr": None} | claims, "preferred_username", second_proof).proved_twice is twice
    )


@pytest.mark.parametrize("name", ["", " ", "an nguyen", " an", "an\n", "a\x00n", "a" * 81, 5, None, ["an"]])
def test_what_is_no_user_name_is_none(name: object) -> None:
    with pytest.raises(Refusal, match="oidc_claim_missing"):
        voucher_of(RIGHT | {"preferred_username": name}, "preferred_username", "")


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_an_address_counts_once_it_was_verified(verified: object) -> None:
    claims = RIGHT | {"email": "an@example.vn", "email_verified": verified}
    with pytest.raises(Refusal, match="oidc_claim_missing"):
        voucher_of(claims, "email", "")
    assert voucher_of(claims | {"email_verified": True}, "email", "").username == "an@example.vn"


@settings(max_examples=25)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*RIGHT, "acr", "email"], ANYTHING)))
def test_whatever_the_claims_are_they_are_refused_or_within_bounds(claims: dict[str, Any]) -> None:
    try:
        voucher = voucher_of(claims, "preferred_username", "mfa")
    except Refusal:
        return
    assert 0 < len(voucher.subject) <= MAX_SUBJECT
    assert 0 < len(voucher.username) <= MAX_USERNAME
    assert 0 < len(voucher.name) <= max(MAX_NAME, MAX_USERNAME)
    assert (voucher.username + voucher.name).isprintable()
