"""Long work answered line by line: its steps as they begin, then what it gives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from starlette.requests import Request

from duthao.messages import Catalogue
from duthao.web.context import as_refusal
from duthao.web.errors import error_body

LINES = "application/x-ndjson"

Tell = Callable[[str], None]
Work = Callable[[Tell], Coroutine[Any, Any, dict[str, Any]]]


def wants_lines(request: Request) -> bool:
    return LINES in request.headers.get("accept", "")


def line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


async def told(work: Work, catalogue: Catalogue) -> AsyncIterator[str]:
    """`{"step"}` for each that `work` tells of, at last what it gives, or `{"error"}` in the one shape.
    Who goes away ends the work.
    """
    steps: asyncio.Queue[str | None] = asyncio.Queue()
    working = asyncio.create_task(work(steps.put_nowait))
    working.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield line({"step": step})
        try:
            given = working.result()
        except Exception as error:
            given = error_body(as_refusal(error), catalogue)
        yield line(given)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
