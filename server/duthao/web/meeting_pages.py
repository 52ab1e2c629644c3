"""The page a meeting has before it: one article at a time, large, with its opinions and what is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.domain.opinions import MAX_GIVER
from duthao.service.access import Access, Permission
from duthao.service.meeting import Does, Item, agenda
from duthao.web.context import Asking
from duthao.web.errors import status_of
from duthao.web.pages import Pages
from duthao.web.tables import compared_table, layout

PATH = "/documents/{id}/meeting"
CLAUSES = layout({"rows": "all"})


class MeetingPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        return self.pages.routed((("GET", PATH, self.show), ("POST", PATH, self.decide)))

    async def show(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request)
        return await self._page(request, asks, access)

    async def decide(self, request: Request) -> Response:
        """Keeps what the meeting decided and shows the same article, as it reads now."""
        asks, access = await self.pages.opened(request, Permission.WRITE)
        form = await self.pages.form(request, asks.who.session.csrf, with_text=True)
        sent = {name: str(form.get(name, "")) for name in ("provision", "conclusion", "seen", "wording")}
        meeting, do = str(form.get("meeting", "")), str(form.get("do", ""))
        sent["do"] = do
        try:
            if do not in tuple(Does):
                raise Refusal("field_bad", field="do")
            await self.services.meetings.decide(
                asks.who.user, access.id, sent["provision"], meeting, sent["conclusion"], Does(do),
                sent["seen"], sent["wording"],
            )  # fmt: skip
        except Refusal as refusal:
            return await self._page(request, asks, access, refusal, sent, meeting)
        back = urlencode({"at": request.query_params.get("at", "1")[:6], "meeting": meeting[:MAX_GIVER]})
        return RedirectResponse(f"/documents/{quote(access.id)}/meeting?{back}&decided=1", 303)

    async def _page(
        self, request: Request, asks: Asking, access: Access, refusal: Refusal | None = None,
        sent: Mapping[str, str] | None = None, meeting: str = "",
    ) -> Response:  # fmt: skip
        _, table = await compared_table(self.services, access, {}, asks.catalogue, options=CLAUSES)
        board = await self.services.syntheses.board_of(access)
        items = agenda(table, board)
        at = _number(request.query_params.get("at", "1"), len(items))
        meeting = (meeting or request.query_params.get("meeting", ""))[:MAX_GIVER]
        kept = {"meeting": meeting} if meeting else {}
        context = {
            "access": access,
            "tab": "opinions",
            "table": table,
            "board": board,
            "items": items,
            "item": items[at - 1] if items else None,
            "at": at,
            "links": [(n, "?" + urlencode({"at": n} | kept)) for n in range(1, len(items) + 1)],
            "next_open": _next_open(items, at),
            "meeting": meeting,
            "writes": access.may(Permission.WRITE),
            "sent": sent or {},
            "refusal": refusal,
            "decided": "decided" in request.query_params and refusal is None,
        }
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "meeting.html", asks, context, status)


def _number(text: str, most: int) -> int:
    """A place among so many; what makes no sense is the first."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return max(1, min(number, most))


def _next_open(items: Sequence[Item], at: int) -> int | None:
    """The next place at which nothing was decided yet, from the front again behind the last."""
    order = [*range(at + 1, len(items) + 1), *range(1, at)]
    return next((n for n in order if not items[n - 1].decided), None)
