"""The campaigns of tests/soak, some seconds of each."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.soak import bad_networks, crowds


def test_over_networks_of_every_weather_everything_arrives_once(tmp_path: Path) -> None:
    result = asyncio.run(bad_networks.run(schedules=5, seed=3, folder=tmp_path))
    assert (result.schedules, result.diverged, result.astray, result.wrong) == (5, [], [], {})
    marks = bad_networks.MARKS + bad_networks.AFTERWARDS
    assert result.typed == result.acknowledged == 5 * bad_networks.PEOPLE * marks
    assert result.taken_back > 5 * bad_networks.PEOPLE
    assert result.connections > 5 * bad_networks.PEOPLE, "no line was cut"
    assert result.seen["reset"] > 0
    assert result.seen["silent"] > 0


def test_malformed_frames_of_every_kind_leave_the_others_alone(tmp_path: Path) -> None:
    result = asyncio.run(crowds.vandals(200, tmp_path, calm=1.0))
    assert result.codes["frames"] >= 200
    assert result.wrong == {}
    assert len(result.trouble) > 10
    assert result.memory[-1] < result.memory[0] * 1.1 + 8


def test_who_stops_reading_costs_a_bounded_memory_and_comes_back_in_step(tmp_path: Path) -> None:
    result = asyncio.run(crowds.slow(4.0, tmp_path, people=30, slow_ones=10, calm=1.0))
    assert result.wrong == {}
    assert len(result.synced) == 10
    # Ten who do not read may keep 4 MiB each.
    assert result.memory[1] < result.memory[0] + 10 * 5 + 40


def test_a_crowd_is_in_step_again_after_a_restart(tmp_path: Path) -> None:
    result = asyncio.run(crowds.storm(60, tmp_path))
    assert len(result.synced) == 60
    assert not result.wrong
    assert set(result.codes) <= {None}, "somebody was sent away"


def test_documents_opened_and_left_again_and_again_leave_nothing(tmp_path: Path) -> None:
    result = asyncio.run(crowds.rooms(25, tmp_path))
    assert result.memory[-1] < result.memory[1] + 4
    assert result.wrong == {}
