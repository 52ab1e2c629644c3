"""The log of who did what: the house's for administrators, a document's for its lead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from duthao.domain.audit import Action, Record
from duthao.domain.errors import Refusal
from duthao.formats.audit import csv_lines, json_lines
from duthao.service.access import Access, Permission
from duthao.service.audit import MAX_WORDS, Asked, Shown
from duthao.service.audit_verifying import Seen
from duthao.store.audit import AuditPage, Place
from duthao.web.context import Asking, administrator
from duthao.web.errors import status_of
from duthao.web.pages import Pages

AUDIT: Final = "/house/audit"
_NOTHING: Final = Shown(AuditPage((), None), {})


class AuditPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.audit = pages, pages.services.audit

    def routes(self) -> list[Route]:
        table = (
            ("GET", AUDIT, self.of_house), ("POST", AUDIT, self.verify), ("GET", f"{AUDIT}.csv", self.as_csv),
            ("GET", f"{AUDIT}.jsonl", self.as_json_lines), ("GET", "/documents/{id}/audit", self.of_document),
            ("GET", f"{AUDIT}/verifying", self.progress),
        )  # fmt: skip
        return self.pages.routed(table)

    async def of_house(self, request: Request) -> Response:
        return await self._shown(request, await administrator(request, self.pages.web), None)

    async def of_document(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request, Permission.MANAGE)
        return await self._shown(request, asks, access)

    async def verify(self, request: Request) -> Response:
        """Has the whole chain read; the page says how far it is and what was found."""
        asks = await administrator(request, self.pages.web)
        await self.pages.form(request, asks.who.session.csrf)
        await self.audit.flush()
        await self.audit.verifying.begin(asks.who.user)
        return RedirectResponse(AUDIT, 303)

    async def progress(self, request: Request) -> Response:
        """How far the reading is, for the page's script."""
        await administrator(request, self.pages.web)
        seen = await self.audit.verifying.seen()
        running = seen.progress
        return JSONResponse({
            "running": running is not None, "done": running.done if running else 0,
            "of": running.of if running else 0,
        })  # fmt: skip

    async def _shown(self, request: Request, asks: Asking, access: Access | None) -> Response:
        """A day that cannot be read is said beside the form, which keeps what was typed."""
        asked, after = _asked(request), _after(request)
        refusal: Refusal | None = None
        try:
            if access is None:
                shown = await self.audit.of_house(asks.who.user, asked, after)
            else:
                shown = await self.audit.of_document(access, asked, after)
        except Refusal as error:
            refusal, shown = error, _NOTHING
        here = AUDIT if access is None else f"/documents/{access.id}/audit"
        seen = await self.audit.verifying.seen() if access is None else Seen(None, None)
        context: dict[str, Any] = {
            "asked": asked, "records": shown.page.records, "titles": shown.titles, "access": access,
            "actions": tuple(Action), "state": seen.state, "progress": seen.progress,
            "refusal": refusal, "most": MAX_WORDS,
            "here": here, "newest": _address(here, asked, None) if after else "",
            "older": _address(here, asked, shown.page.after) if shown.page.after else "",
            "export": urlencode(_given(asked)),
            "details": {one.seq: _details(one) for one in shown.page.records},
        }  # fmt: skip
        return self.pages.shown(request, "audit.html", asks, context, status_of(refusal) if refusal else 200)

    async def as_csv(self, request: Request) -> Response:
        asks = await administrator(request, self.pages.web)
        records = await self.audit.exported(asks.who.user, _asked(request))
        return _file(csv_lines(records, asks.catalogue), "text/csv; charset=utf-8", "csv")

    async def as_json_lines(self, request: Request) -> Response:
        asks = await administrator(request, self.pages.web)
        records = await self.audit.exported(asks.who.user, _asked(request))
        return _file(json_lines(records), "application/x-ndjson", "jsonl")


def _details(record: Record) -> tuple[int, tuple[tuple[str, object], ...]]:
    """How often, when it was counted, and the other ids and kinds."""
    found: dict[str, object] = json.loads(record.details)
    times = found.pop("times", 0)
    return times if isinstance(times, int) else 0, tuple(found.items())


def _file(lines: Iterator[bytes], media: str, ending: str) -> Response:
    """Sent as it is read, in a worker thread: a log of years need not be held at once."""
    kept = {"Content-Disposition": f'attachment; filename="audit.{ending}"'}
    return StreamingResponse(lines, media_type=media, headers=kept)


def _asked(request: Request) -> Asked:
    given = request.query_params
    return Asked(
        given.get("person", "")[:MAX_WORDS], given.get("document", "")[:64], given.get("action", "")[:20],
        given.get("since", "")[:20], given.get("until", "")[:20], given.get("q", "")[:MAX_WORDS],
    )  # fmt: skip


def _after(request: Request) -> Place | None:
    """`after=AT.SEQ`: what is no place is the newest page."""
    at, _, seq = request.query_params.get("after", "")[:40].partition(".")
    if not (at.isascii() and seq.isascii() and at.isdigit() and seq.isdigit()) or len(at + seq) > 34:
        return None
    return min(int(at), 2**62), min(int(seq), 2**62)


def _given(asked: Asked) -> dict[str, str]:
    typed = {
        "person": asked.person, "document": asked.document, "action": asked.action, "since": asked.since,
        "until": asked.until, "q": asked.words,
    }  # fmt: skip
    return {name: value for name, value in typed.items() if value}


def _address(here: str, asked: Asked, after: Place | None) -> str:
    given = _given(asked) | ({} if after is None else {"after": f"{after[0]}.{after[1]}"})
    return f"{here}?{urlencode(given)}" if given else here
