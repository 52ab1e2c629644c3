"""Templates documents begin from: the house's own on a page, a draft made one, and the JSON API."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.formats.document_templates import built_in
from duthao.service.access import Permission
from duthao.web.api import field, json_body
from duthao.web.context import Asking, administrator, api_routes, asking
from duthao.web.errors import status_of
from duthao.web.pages import Pages
from duthao.web.security import check_origin

HOUSE = "/house/templates"


class DocumentTemplatePages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.web = pages, pages.web
        self.templates = pages.services.doctemplates

    def routes(self) -> list[Route]:
        one = "/api/templates/{key}"
        return [
            *self.pages.routed(
                (
                    ("POST", "/documents/{id}/template", self.save),
                    ("GET", HOUSE, self.house),
                    ("POST", HOUSE, self.change),
                )
            ),
            *api_routes(
                (
                    ("GET", "/api/templates", self.all),
                    ("GET", one, self.one),
                    ("PUT", one, self.rename),
                    ("DELETE", one, self.remove),
                    ("POST", "/api/documents/{id}/template", self.make),
                )
            ),
        ]

    # --- pages -----------------------------------------------------------------------------

    async def save(self, request: Request) -> Response:
        """The draft becomes a template; the page shows it in use."""
        asks, access = await self.pages.opened(request, Permission.MANAGE)
        form = await self.pages.form(request, asks.who.session.csrf)
        made = await self.templates.save(
            asks.who.user, access.id, str(form.get("name", "")), str(form.get("about", ""))
        )
        return RedirectResponse(f"/documents/new?template={made.key}", 303)

    async def house(self, request: Request) -> Response:
        asks = await administrator(request, self.web)
        return await self._page(request, asks)

    async def _page(self, request: Request, asks: Asking, refusal: Refusal | None = None) -> Response:
        context = {"own": await self.templates.own(), "built_in": list(built_in()), "refusal": refusal}
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "document_templates.html", asks, context, status)

    async def change(self, request: Request) -> Response:
        """Renames one of the house's own, or removes it."""
        asks = await administrator(request, self.web)
        form = await self.pages.form(request, asks.who.session.csrf)
        key = str(form.get("key", ""))
        try:
            if "remove" in form:
                await self.templates.remove(asks.who.user, key)
            else:
                await self.templates.rename(
                    asks.who.user, key, str(form.get("name", "")), str(form.get("about", ""))
                )
        except Refusal as refusal:
            return await self._page(request, asks, refusal)
        return RedirectResponse(HOUSE, 303)

    # --- API -------------------------------------------------------------------------------

    async def all(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        own = [asdict(one) | {"own": True} for one in await self.templates.own()]
        say = asks.catalogue
        found = [
            {"key": key, "name": say(f"doctemplates.of.{key}"), "about": say(f"doctemplates.about.{key}"),
             "own": False}
            for key in built_in()
        ]  # fmt: skip
        return JSONResponse({"templates": found + own})

    async def one(self, request: Request) -> Response:
        await asking(request, self.web)
        return JSONResponse({"text": await self.templates.text(request.path_params["key"])})

    async def make(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        # Before the body: who may not is told nothing of what would be wrong in it.
        access = await self.pages.services.documents.open(
            asks.who.user, request.path_params["id"], Permission.MANAGE
        )
        body = await json_body(request, self.web.settings)
        made = await self.templates.save(
            asks.who.user, access.id, field(body, "name"), field(body, "about", "")
        )
        return JSONResponse(asdict(made), 201)

    async def rename(self, request: Request) -> Response:
        asks = await administrator(request, self.web)
        body = await json_body(request, self.web.settings)
        key = request.path_params["key"]
        made = await self.templates.rename(asks.who.user, key, field(body, "name"), field(body, "about", ""))
        return JSONResponse(asdict(made))

    async def remove(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        check_origin(request, self.web.settings)
        await self.templates.remove(asks.who.user, request.path_params["key"])
        return Response(status_code=204)
