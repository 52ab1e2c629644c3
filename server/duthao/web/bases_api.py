"""The list of bases of a document, to be copied from (docs/protocol/http.md)."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.web.context import Web, api_routes, asking


class BasesApi:
    def __init__(self, web: Web) -> None:
        self.web = web

    def routes(self) -> list[Route]:
        return api_routes([("GET", "/api/documents/{id}/bases", self.list)])

    async def list(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.web.services.documents.bases(asks.who.user, request.path_params["id"])
        return JSONResponse({"bases": [asdict(one) for one in found]})
