"""Model regulations: a document marked as one, and the models one may compare with."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from duthao.service.access import Permission
from duthao.service.models import PREFIX
from duthao.web.api import json_body, truth
from duthao.web.context import api_routes, asking, say
from duthao.web.pages import Pages


class ModelPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.models = pages, pages.services.models

    def routes(self) -> list[Route]:
        return [
            *self.pages.routed((("POST", "/documents/{id}/model", self.mark),)),
            *api_routes((("GET", "/api/models", self.all), ("PUT", "/api/documents/{id}/model", self.set))),
        ]

    async def mark(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request, Permission.MANAGE)
        form = await self.pages.form(request, asks.who.session.csrf)
        say(request, model=int("model" in form))
        await self.models.mark(asks.who.user, access.id, "model" in form)
        return RedirectResponse(f"/documents/{access.id}/versions#model", 303)

    async def all(self, request: Request) -> Response:
        """The models one may read; `side` is how a comparison names each."""
        asks = await asking(request, self.pages.web)
        found = await self.models.of(asks.who.user)
        return JSONResponse(
            {"models": [{"id": one.id, "title": one.title, "side": PREFIX + one.id} for one in found]}
        )

    async def set(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        # Before the body: who may not is told nothing of what would be wrong in it.
        access = await self.pages.services.documents.open(
            asks.who.user, request.path_params["id"], Permission.MANAGE
        )
        model = truth(await json_body(request, self.pages.web.settings), "model")
        say(request, model=int(model))
        await self.models.mark(asks.who.user, access.id, model)
        return Response(status_code=204)
