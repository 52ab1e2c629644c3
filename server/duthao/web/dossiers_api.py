"""The JSON API of dossiers (docs/protocol/http.md)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.dossiers import NAMES, Dossier, DossierKind, Duty
from duthao.domain.errors import Refusal
from duthao.formats.dossier_json import plain
from duthao.service.dossiers import Listed, View
from duthao.web.api import field, json_body, person_json, whole
from duthao.web.context import Web, api_routes, asking, say
from duthao.web.dossier_forms import part_of_json, rules_of, taken
from duthao.web.dossier_story import story
from duthao.web.security import check_origin

_ISSUE = ("number", "dated", "in_force", "version_id")


def dossier_json(one: Dossier) -> dict[str, Any]:
    return {
        "id": one.id, "document": one.document_id, "kind": one.kind.value, "title": one.title,
        "term": one.term, "state": one.state.value, "edition": one.edition, "open": one.is_open,
        "created_by": one.created_by, "created_at": one.created_at,
    }  # fmt: skip


def _listed(one: Listed) -> dict[str, Any]:
    return dossier_json(one.opened.dossier) | {"late": len(one.glance.late), "mine": one.mine}


def _duty(one: Duty) -> dict[str, Any]:
    return {"part": one.part.id, "standing": one.standing.value, "due": plain(one.part.due)}


def view_json(view: View) -> dict[str, Any]:
    process = view.process
    return dossier_json(view.opened.dossier) | {
        "rules": plain(process.rules),
        "acts": [act.value for act in process.acts()],
        "today": view.today.isoformat(),
        "duties": [_duty(one) for one in view.glance.duties],
        "parts": [{"part": NAMES[type(one)], **plain(one)} for one in view.parts],
        "steps": [
            {"act": one.event.act, "at": one.event.at, "by": person_json(one.event.by, view.people)}
            | plain(one.about)
            for one in view.trail
            if one.about in process.steps
        ],
        "editions": [
            {"dossier": one.dossier.id, "term": one.dossier.term, "until": plain(one.until)}
            | {
                name: plain(getattr(one.issue, name))
                for name in ("number", "dated", "in_force", "version_id")
            }
            for one in view.editions
        ],
    }


class DossiersApi:
    def __init__(self, web: Web) -> None:
        self.web, self.dossiers, self.steps = web, web.services.dossiers, web.services.dossier_steps

    def routes(self) -> list[Route]:
        one = "/api/dossiers/{dossier}"
        return api_routes(
            (
                ("GET", "/api/dossiers", self.list),
                ("POST", "/api/dossiers", self.begin),
                ("GET", one, self.show),
                ("PUT", one, self.change),
                ("POST", f"{one}/parts", self.add_part),
                ("PUT", f"{one}/parts/{{part}}", self.put_part),
                ("DELETE", f"{one}/parts/{{part}}", self.remove_part),
                ("POST", f"{one}/steps", self.take),
                ("GET", f"{one}/trail", self.trail),
                ("GET", f"{one}/submissions/{{number}}/table", self.table),
            )
        )

    async def list(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.dossiers.list(asks.who.user)
        return JSONResponse({"dossiers": [_listed(one) for one in found]})

    async def begin(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        made = await self.dossiers.begin(
            asks.who.user, field(body, "document"), field(body, "title", ""),
            field(body, "kind", DossierKind.REVISION.value), field(body, "term", ""),
        )  # fmt: skip
        return JSONResponse({"id": made}, 201)

    async def show(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        view = await self.dossiers.view(asks.who.user, request.path_params["dossier"])
        return JSONResponse(view_json(view))

    async def change(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        rules = body.get("rules")
        if not isinstance(rules, dict):
            raise Refusal("field_bad", field="rules")
        await self.dossiers.set_rules(
            asks.who.user, request.path_params["dossier"], field(body, "title"), field(body, "term", ""),
            rules_of(rules),
        )  # fmt: skip
        return Response(status_code=204)

    async def add_part(self, request: Request) -> Response:
        return JSONResponse({"id": await self._keep(request, "")}, 201)

    async def put_part(self, request: Request) -> Response:
        await self._keep(request, request.path_params["part"])
        return Response(status_code=204)

    async def _keep(self, request: Request, part_id: str) -> str:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        part = part_of_json(body, part_id)
        kept = await self.dossiers.keep_part(asks.who.user, request.path_params["dossier"], part)
        return kept.id

    async def remove_part(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        check_origin(request, self.web.settings)
        path = request.path_params
        await self.dossiers.remove_part(asks.who.user, path["dossier"], path["part"])
        return Response(status_code=204)

    async def take(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        dossier_id, user = request.path_params["dossier"], asks.who.user
        say(request, act=field(body, "act")[:20])
        seen = whole(body, "edition") if "edition" in body else None
        await taken(self.web.services, user, dossier_id, body, seen)
        now = (await self.dossiers.open(user, dossier_id)).dossier
        return JSONResponse({"state": now.state.value, "edition": now.edition})

    async def trail(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        view = await self.dossiers.view(asks.who.user, request.path_params["dossier"])
        rows = [
            {"at": one.at, "by": one.name, "did": one.did, "said": one.said}
            for one in story(view, await self.dossiers.beside(view), asks.catalogue)
        ]
        return JSONResponse({"trail": rows})

    async def table(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        path = request.path_params
        number = int(path["number"]) if path["number"].isascii() and path["number"].isdigit() else 0
        table = await self.steps.table(asks.who.user, path["dossier"], number)
        return Response(table, media_type="application/json")
