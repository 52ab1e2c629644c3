"""The store goes away while two people type (30 s each: tests/soak/storage_faults.py)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.conftest import absent
from tests.soak import storage_faults
from tests.soak.storage_faults import HONEST, SAID_WITHIN, Result


def outlived(name: str, folder: Path) -> Result:
    return asyncio.run(storage_faults.run(name, 3.0, folder))


def judged(result: Result) -> None:
    assert result.said_after <= SAID_WITHIN
    assert result.during == 0, "acknowledged what was not stored"
    assert result.newcomer in HONEST
    assert (result.wrong, result.astray) == ({}, [])
    assert result.typed == result.acknowledged > 30
    assert result.reconnected == 0, "it recovered only by sending everybody away"


@pytest.mark.parametrize("name", ["unwritable", "locked"])
def test_a_disk_that_cannot_be_written_is_said_and_nothing_is_lost(name: str, tmp_path: Path) -> None:
    judged(outlived(name, tmp_path))


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        absent("the right to mount a small disk")
    judged(outlived("full", tmp_path))


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["refused", "stalled"])
def test_a_database_that_is_away_is_said_and_nothing_is_lost(name: str, tmp_path: Path) -> None:
    try:
        storage_faults._postgres("SELECT 1")
    except OperationalError:
        absent("PostgreSQL")
    judged(outlived(name, tmp_path))
