"""The door: who has just been sent out for what they sent comes in again in a line, all others at once.

Coming in (session, role, room, first state) takes milliseconds of the loop that everybody
shares, so a program that is thrown out with every frame and comes back at once would slow
those who write. Its visits are spread; how many such programs there are does not matter.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from duthao.collab.close import Close
from duthao.domain.document import UserId

OFFENCES: Final = frozenset((Close.BAD_MESSAGE, Close.TOO_LARGE, Close.TOO_MANY))
EVERY: Final = 0.04
"""Seconds between two of those in the line."""
LONGEST: Final = 10.0
"""Seconds somebody waits in the line; who would have to wait longer is sent away then."""
REMEMBERED: Final = 60.0
MOST: Final = 10_000
"""People remembered; of more the earliest are forgotten."""


class Door:
    def __init__(self, every: float = EVERY) -> None:
        self._every, self._free = every, 0.0
        self._offenders: OrderedDict[UserId, float] = OrderedDict()

    def closed(self, user_id: UserId, code: Close | None) -> None:
        """A connection of this person has been ended with this code."""
        if code not in OFFENCES:
            return
        self._offenders[user_id] = asyncio.get_running_loop().time()
        self._offenders.move_to_end(user_id)
        if len(self._offenders) > MOST:
            self._offenders.popitem(last=False)

    async def lets_in(self, user_id: UserId) -> bool:
        """Waits until it is this person's turn; False when the line is too long."""
        now = asyncio.get_running_loop().time()
        offended = self._offenders.get(user_id)
        if offended is None:
            return True
        if now - offended > REMEMBERED:
            del self._offenders[user_id]
            return True
        turn = max(now, self._free)
        if turn - now > LONGEST:
            # Told after the wait: who is refused at once asks at once again.
            await asyncio.sleep(LONGEST)
            return False
        self._free = turn + self._every
        await asyncio.sleep(turn - now)
        return True
