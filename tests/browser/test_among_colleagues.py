"""Keys among colleagues who write, move and split at once, a round of `tests/soak/browsers.py`."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.soak import browsers
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser


def test_every_letter_goes_where_its_writer_has_the_caret(server: LiveServer) -> None:
    # The other tests' browser has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as elsewhere:
        result = elsewhere.submit(asyncio.run, browsers.run(0.1, 2, 3, server)).result()
    assert result.wrong == []
    assert result.deeds == 2 * browsers.ROUND
    assert result.noise > 20
