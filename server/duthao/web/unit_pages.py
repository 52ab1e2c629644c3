"""The page of the house's units, terms and seats, for administrators; a whole unit comes to a document."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.domain.units import UnitKind
from duthao.web.context import Asking, asking, say
from duthao.web.errors import status_of
from duthao.web.pages import Pages, texts

UNITS = "/house/units"


class UnitPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.units = pages, pages.services.units

    def routes(self) -> list[Route]:
        table = (
            ("GET", UNITS, self.page),
            ("POST", UNITS, self.change),
            ("POST", "/documents/{id}/members/unit", self.add_unit),
        )
        return self.pages.routed(table)

    async def page(self, request: Request) -> Response:
        return await self._page(request, await asking(request, self.pages.web))

    async def change(self, request: Request) -> Response:
        """`act`: unit, remove_unit, term, remove_term, seat, remove_seat, each with its fields."""
        asks = await asking(request, self.pages.web)
        form = texts(await self.pages.form(request, asks.who.session.csrf))
        act, admin = form.get("act", ""), asks.who.user
        say(request, act=str(act)[:20])

        def given(name: str) -> str:
            return form.get(name, "")

        try:
            if act == "unit":
                await self.units.put_unit(admin, given("unit"), given("parent"), given("kind"), given("name"))
            elif act == "remove_unit":
                await self.units.remove_unit(admin, given("unit"))
            elif act == "term":
                await self.units.put_term(admin, given("term"), given("name"), given("begins"), given("ends"))
            elif act == "remove_term":
                await self.units.remove_term(admin, given("term"))
            elif act == "seat":
                await self.units.put_seat(
                    admin, given("unit"), given("user"), given("position"), given("term")
                )
            elif act.startswith("remove_seat:"):
                await self.units.remove_seat(admin, act.partition(":")[2])
            else:
                raise Refusal("bad_request")
        except Refusal as refusal:
            return await self._page(request, asks, refusal)
        here = f"#u-{given('unit')}" if given("unit") and act != "remove_unit" else ""
        return RedirectResponse(f"{UNITS}?saved=1{here}", 303)

    async def _page(self, request: Request, asks: Asking, refusal: Refusal | None = None) -> Response:
        held = await self.units.read(asks.who.user)
        people = await self.pages.services.people_admin.list(asks.who.user)
        context: dict[str, Any] = {
            "tree": held.tree(), "terms": held.terms, "seats": held.seats, "held": held,
            "people": people, "by_id": {one.id: one for one in people}, "kinds": tuple(UnitKind),
            "today": self.units.today(), "refusal": refusal, "saved": "saved" in request.query_params,
        }  # fmt: skip
        return self.pages.shown(request, "units.html", asks, context, status_of(refusal) if refusal else 200)

    async def add_unit(self, request: Request) -> Response:
        """`unit` and `role`: all who sit there come to the document."""
        asks = await asking(request, self.pages.web)
        sent = await self.pages.form(request, asks.who.session.csrf)
        id_ = request.path_params["id"]
        came = await self.units.add_to(
            asks.who.user, id_, str(sent.get("unit", ""))[:40], str(sent.get("role", ""))
        )
        return RedirectResponse(f"/documents/{id_}/members?came={came}", 303)
