"""Ids made here are words of a command line, whatever chance gives."""

from __future__ import annotations

import re
import secrets

import pytest

from duthao.bootstrap import new_id


def test_an_id_is_never_taken_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["-sUGNUAgL7ZelPjp", "--GNUAgL7ZelPjp1", "asUGNUAgL7ZelPjp"])
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _bytes: next(given))
    assert new_id() == "asUGNUAgL7ZelPjp"


def test_ids_are_random_and_of_one_length() -> None:
    made = {new_id() for _ in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch(r"[\w][\w-]{15}", one) for one in made)
