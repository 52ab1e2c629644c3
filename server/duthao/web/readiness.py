"""Whether this process lives, and whether a balancer should send people to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

KEPT: Final = 0.5
"""Seconds an answer is kept, so that asking often costs the database nothing."""
PATIENCE: Final = 2.0
"""Seconds the database has to answer."""

Check = Callable[[], Awaitable[bool]]


class Readiness:
    """`checks` by name, all of which must hold; `draining`: the process is about to stop."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks, self.draining = checks, False
        self._asked: asyncio.Task[dict[str, bool]] | None = None
        self._asked_at = 0.0

    async def judge(self) -> dict[str, bool]:
        """Each check and whether it holds; many who ask at once share one answer."""
        now = asyncio.get_running_loop().time()
        if self._asked is None or (self._asked.done() and now - self._asked_at > KEPT):
            self._asked = asyncio.get_running_loop().create_task(self._ask(), name="readiness")
            self._asked_at = now
        found = await asyncio.shield(self._asked)
        return {**found, "serving": not self.draining}

    async def _ask(self) -> dict[str, bool]:
        return dict(zip(self._checks, await asyncio.gather(*map(_holds, self._checks.values())), strict=True))

    async def readyz(self, _request: Request) -> Response:
        """200 when everything holds, else 503; what holds and what does not, as JSON."""
        found = await self.judge()
        return JSONResponse(found, 200 if all(found.values()) else 503)


async def _holds(check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception:  # whatever it is, it does not hold
        return False


async def healthz(_request: Request) -> Response:
    """The process answers; nothing else is asked, so that a database's absence restarts nobody."""
    return PlainTextResponse("ok")
