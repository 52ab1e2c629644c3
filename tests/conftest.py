"""What every test may lean on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from duthao.service import sessions

# Sixty, drawn the same way each time, keep the whole run under a quarter of an hour;
# HYPOTHESIS_PROFILE=soak draws thousands, anew each time.
settings.register_profile(
    "suite", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# A real hash takes two cores a tenth of a second, and tests sign people in some thousand times.
CHEAP_HASHER = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "PasswordHasher", CHEAP_HASHER)
        yield


CI = os.environ.get("CI", "").lower() in ("1", "true")


def absent(what: str) -> None:
    """This machine lacks something a test needs: said plainly, and a failure in CI."""
    if CI:
        pytest.fail(f"{what} is missing, and CI must have it", pytrace=False)
    pytest.skip(f"{what} is not on this machine")
