"""How long a turn gathers: not at all while the loop has time to spare, longer the busier it is.

An edit that comes alone is taken in at once. Under load a turn that waits a few milliseconds
takes in what came meanwhile as one, and the time it saves is the time it waited. All rooms have
their turn at the same moments, so that what they store shares a commit (decision 45).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

LONGEST: Final = 0.03
"""Seconds a turn waits at most."""
_LOOK: Final = 0.02
_CALM, _BUSY = 0.5, 0.95


class Pace:
    """Reads how busy the loop's thread is. `clock` and `used` in seconds: time, and processor time."""

    def __init__(self, clock: Callable[[], float], used: Callable[[], float]) -> None:
        self._clock, self._used = clock, used
        self._at, self._used_at = clock(), used()
        self._delay = 0.0
        self._turn = -math.inf

    def gather(self) -> float:
        """Seconds to the next turn, which is the same moment for all who ask before it; 0 when idle."""
        delay = self.delay()
        if not delay:
            return 0.0
        now = self._clock()
        if self._turn <= now:
            self._turn = now + delay
        return self._turn - now

    def delay(self) -> float:
        """Seconds from one turn to the next."""
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
