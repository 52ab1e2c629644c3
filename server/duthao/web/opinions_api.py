"""Whose opinions led to words of the draft, as the comparison's page says it (docs/protocol/http.md)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.web.context import Web, api_routes, asking


class OpinionsApi:
    def __init__(self, web: Web) -> None:
        self.web = web

    def routes(self) -> list[Route]:
        return api_routes([("GET", "/api/documents/{id}/opinions/led", self.led)])

    async def led(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.web.services.syntheses.led(asks.who.user, request.path_params["id"])
        return JSONResponse({"led": found})
