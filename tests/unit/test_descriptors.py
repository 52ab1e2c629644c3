"""Open files: as many connections as fit, and a sentence when they are fewer than asked for."""

from __future__ import annotations

import resource

import pytest

from duthao.commands import serve
from duthao.commands.descriptors import RESERVED, room_for
from duthao.messages import Catalogue
from duthao.settings import Settings


class Bounds:
    """The bounds of a made-up process; `refuses`: what the system says to raising them."""

    def __init__(self, soft: int, hard: int, refuses: bool = False) -> None:
        self.soft, self.hard, self._refuses = soft, hard, refuses

    def get(self, _which: int) -> tuple[int, int]:
        return self.soft, self.hard

    def set(self, _which: int, bounds: tuple[int, int]) -> None:
        if self._refuses:
            raise ValueError("current limit exceeds maximum limit")
        self.soft, self.hard = bounds


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Bounds:
    made = Bounds(*request.param)
    monkeypatch.setattr(resource, "getrlimit", made.get)
    monkeypatch.setattr(resource, "setrlimit", made.set)
    return made


INFINITE = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("bounds", "fit", "soft"),
    [
        ((1024, 4096), 2000, 2000 + RESERVED),
        ((1024, INFINITE), 2000, 2000 + RESERVED),
        ((INFINITE, INFINITE), 2000, INFINITE),
        ((8192, 8192), 2000, 8192),
        ((1024, 1024), 1024 - RESERVED, 1024),
        ((1024, 1500), 1500 - RESERVED, 1500),
        ((64, 64), 1, 64),
        ((1024, 4096, True), 1024 - RESERVED, 1024),
    ],
    indirect=["bounds"],
)
def test_the_bound_is_raised_as_far_as_it_goes_and_connections_are_what_fits(
    bounds: Bounds, fit: int, soft: int
) -> None:
    hard = bounds.hard
    assert room_for(2000) == fit
    assert (bounds.soft, bounds.hard) == (soft, hard)


@pytest.mark.parametrize("bounds", [(1024, 1024)], indirect=True)
def test_fewer_connections_than_asked_for_are_said(
    bounds: Bounds, capsys: pytest.CaptureFixture[str]
) -> None:
    served = serve._within_bounds(Settings(), Catalogue("vi"))
    assert served.connections == bounds.soft - RESERVED
    said = capsys.readouterr().err
    assert f"{served.connections} kết nối" in said
    assert "LimitNOFILE" in said


@pytest.mark.parametrize("bounds", [(1024, 4096)], indirect=True)
def test_nothing_is_said_when_all_fit(bounds: Bounds, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings()
    assert serve._within_bounds(settings, Catalogue("vi")) is settings
    assert bounds.soft == settings.connections + RESERVED
    assert capsys.readouterr().err == ""
