"""The server ends like in a power cut while ten people write (500 rounds: tests/soak/kill_server.py)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.soak.kill_server import run


def test_nothing_acknowledged_is_lost_and_all_replicas_agree(tmp_path: Path) -> None:
    result = asyncio.run(run(rounds=3, seed=7, folder=tmp_path))
    assert (result.rounds, result.wrong, result.astray, result.equal) == (3, {}, [], True)
    assert result.acknowledged > 50
    assert result.taken_back > 10
