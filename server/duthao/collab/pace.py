"""How long a turn gathers: not at all while the loop has time to spare, longer the busier it is.

An edit that comes alone is taken in at once. Under load a turn that waits a few milliseconds
takes in what came meanwhile as one, and the time it saves is the time it waited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

LONGEST: Final = 0.06
"""Seconds a turn waits at most."""
_LOOK: Final = 0.02
_CALM, _BUSY = 0.5, 0.95


class Pace:
    """Reads how busy the loop's thread is. `clock` and `used` in seconds: time, and processor time."""

    def __init__(self, clock: Callable[[], float], used: Callable[[], float]) -> None:
        self._clock, self._used = clock, used
        self._at, self._used_at = clock(), used()
        self._delay = 0.0

    def delay(self) -> float:
        """Seconds the next turn shall gather."""
        passed = self._clock() - self._at
        if passed >= _LOOK:
            used = self._used()
            share = (used - self._used_at) / passed
            wanted = LONGEST * min(1.0, max(0.0, (share - _CALM) / (_BUSY - _CALM)))
            # Half of the way each time: one busy moment is no load, and one calm one no rest.
            self._delay = (self._delay + wanted) / 2 if passed < 10 * _LOOK else wanted
            if self._delay < 0.001:
                self._delay = 0.0
            self._at += passed
            self._used_at = used
        return self._delay
