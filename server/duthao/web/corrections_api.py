"""The JSON API of pairings corrected by hand (docs/protocol/http.md)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.store.ports import Correction, User
from duthao.web.api import field, json_body
from duthao.web.context import Web, api_routes, asking
from duthao.web.security import check_origin


def correction_json(correction: Correction, by: User | None) -> dict[str, Any]:
    return {
        "id": correction.id,
        "verdict": correction.verdict.value,
        "before": correction.before,
        "after": correction.after,
        "by": {"id": correction.created_by, "name": by.name if by is not None else ""},
        "at": correction.created_at,
    }


class CorrectionsApi:
    def __init__(self, web: Web) -> None:
        self.web, self.corrections = web, web.services.corrections

    def routes(self) -> list[Route]:
        path = "/api/documents/{id}/corrections"
        return api_routes(
            (
                ("GET", path, self.list),
                ("POST", path, self.correct),
                ("DELETE", f"{path}/{{correction}}", self.undo),
            )
        )

    async def list(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.corrections.list(asks.who.user, request.path_params["id"])
        return JSONResponse(
            {"corrections": [correction_json(c, found.people.get(c.created_by)) for c in found.corrections]}
        )

    async def correct(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        add = body.get("add", False)
        if not isinstance(add, bool):
            raise Refusal("field_bad", field="add")
        made = await self.corrections.correct(
            asks.who.user, request.path_params["id"],
            field(body, "verdict"), field(body, "before"), field(body, "after"), add=add,
        )  # fmt: skip
        return JSONResponse(correction_json(made, asks.who.user), 201)

    async def undo(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        check_origin(request, self.web.settings)
        await self.corrections.undo(
            asks.who.user, request.path_params["id"], request.path_params["correction"]
        )
        return Response(status_code=204)
