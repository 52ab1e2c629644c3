"""What a person is told of: the page, the count on the bell, and their e-mail."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.web.context import Asking, api_routes, asking
from duthao.web.errors import status_of
from duthao.web.pages import Pages

PAGE = "/notifications"


class NotificationsPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.web = pages, pages.web
        self.notifications, self.digests = pages.services.notifications, pages.services.digests

    def routes(self) -> list[Route]:
        table = (
            ("GET", PAGE, self.page),
            ("POST", PAGE, self.change),
            ("GET", f"{PAGE}/{{notification}}", self.open),
        )
        return [
            *api_routes((("GET", "/api/notifications/unread", self.unread),)),
            *self.pages.routed(table),
        ]

    async def unread(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        return JSONResponse({"unread": await self.notifications.unread(asks.who.user)})

    async def open(self, request: Request) -> Response:
        """To what it is about; following it is having seen it."""
        asks = await asking(request, self.web)
        place = await self.notifications.open(asks.who.user, request.path_params["notification"])
        return RedirectResponse(place, 303)

    async def page(self, request: Request) -> Response:
        return await self._page(request, await asking(request, self.web))

    async def change(self, request: Request) -> Response:
        """`seen`: that one, or all of them; `mail`: where, and whether at all, e-mail is sent."""
        asks = await asking(request, self.web)
        form = await self.pages.form(request, asks.who.session.csrf)
        user = asks.who.user
        if "mail" in form:
            address = str(form.get("address", ""))
            try:
                await self.notifications.wish_mail(user, address, wanted="wanted" in form)
            except Refusal as refusal:
                return await self._page(request, asks, refusal, address)
            return RedirectResponse(f"{PAGE}?saved=1", 303)
        one = str(form.get("seen", ""))
        await self.notifications.mark_seen(user, None if one == "all" else one)
        return RedirectResponse(PAGE, 303)

    async def _page(
        self, request: Request, asks: Asking, refusal: Refusal | None = None, address: str | None = None
    ) -> Response:
        wish = await self.notifications.mail_wish(asks.who.user)
        context = {
            "listing": await self.notifications.list(asks.who.user),
            "mail": self.digests.are_sent,
            "minutes": self.web.settings.mail_minutes,
            "wanted": wish.wanted if refusal is None else True,
            "address": wish.address if address is None else address,
            "saved": "saved" in request.query_params,
            "refusal": refusal,
        }
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "notifications.html", asks, context, status)
