"""The JSON API of work programmes (docs/protocol/http.md)."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.domain.programmes import Item, Programme
from duthao.service.programmes import Opened
from duthao.store.ports import User
from duthao.web.api import field, json_body, person_json, whole
from duthao.web.context import Asking, Web, api_routes, asking, say
from duthao.web.programmes_pages import asked_of, filtered, words_of
from duthao.web.security import check_origin

_ITEM: Final = ("content", "when", "level", "field", "preparer", "reason", "more")
_STEPS: Final = ("arrange", "assign", "carry", "down", "make", "up")


def programme_json(one: Programme, *, keeps: bool, today: str) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind.value, "period": one.period, "name": one.name, "office": one.office,
        "until": one.until, "opened_by": one.opened_by, "opened_at": one.opened_at,
        "open": one.is_open(today), "made": bool(one.document_id), "keeps": keeps, "edition": one.edition,
    }  # fmt: skip


def item_json(one: Item, opened: Opened) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _ITEM} | {
        "id": one.id, "level": one.level.value, "choice": one.choice.value, "note": one.note,
        "place": one.place, "task": one.task_id or None, "by": person_json(one.by, opened.people),
        "at": one.at, "edition": one.edition,
    }  # fmt: skip


def _item_of(body: dict[str, Any]) -> dict[str, str]:
    return {name: field(body, name, "") for name in _ITEM}


class ProgrammesApi:
    def __init__(self, web: Web) -> None:
        self.web, self.programmes = web, web.services.programmes

    def routes(self) -> list[Route]:
        one = "/api/programmes/{programme}"
        item = f"{one}/items/{{item}}"
        return api_routes(
            (
                ("GET", "/api/programmes", self.list),
                ("POST", "/api/programmes", self.begin),
                ("GET", one, self.show),
                ("PUT", one, self.settle),
                ("POST", f"{one}/items", self.register),
                ("PUT", item, self.change),
                ("DELETE", item, self.remove),
                ("PUT", f"{item}/choice", self.choose),
                ("POST", f"{one}/steps", self.take),
            )
        )

    async def list(self, request: Request) -> Response:
        asks, today = await asking(request, self.web), self.programmes.today()
        found = await self.programmes.list(asks.who.user)
        listed = [programme_json(one, keeps=keeps, today=today) for one, keeps in found]
        return JSONResponse({"programmes": listed})

    async def show(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        opened = await self.programmes.open(asks.who.user, request.path_params["programme"])
        found = programme_json(opened.programme, keeps=opened.keeps, today=self.programmes.today())
        items = [item_json(one, opened) for one in filtered(opened, asked_of(request))]
        more = {"registers": opened.registers, "document": opened.document, "fields": opened.fields}
        return JSONResponse(found | more | {"items": items})

    async def _sent(self, request: Request) -> tuple[Asking, dict[str, Any]]:
        return await asking(request, self.web), await json_body(request, self.web.settings)

    async def begin(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        asked = {name: field(body, name) for name in ("kind", "period", "name")}
        asked |= {name: field(body, name, "") for name in ("office", "until")}
        made = await self.programmes.begin(asks.who.user, asked)
        say(request, programme=made.id)
        return JSONResponse({"id": made.id}, 201)

    async def settle(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        asked = {"name": field(body, "name")} | {n: field(body, n, "") for n in ("office", "until")}
        seen = whole(body, "edition")
        await self.programmes.settle(asks.who.user, request.path_params["programme"], seen, asked)
        return Response(status_code=204)

    async def register(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        id_ = request.path_params["programme"]
        made = await self.programmes.register(asks.who.user, id_, _item_of(body))
        return JSONResponse({"id": made.id}, 201)

    async def change(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        path, seen = request.path_params, whole(body, "edition")
        await self.programmes.change(asks.who.user, path["programme"], path["item"], seen, _item_of(body))
        return Response(status_code=204)

    async def remove(self, request: Request) -> Response:
        asks, path = await asking(request, self.web), request.path_params
        check_origin(request, self.web.settings)
        await self.programmes.remove(asks.who.user, path["programme"], path["item"])
        return Response(status_code=204)

    async def choose(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        path, seen = request.path_params, whole(body, "edition")
        choice, note = field(body, "choice"), field(body, "note", "")
        await self.programmes.choose(asks.who.user, path["programme"], path["item"], seen, choice, note)
        return Response(status_code=204)

    async def take(self, request: Request) -> Response:
        """`n` is how many items it was done to, where it is done to several."""
        asks, body = await self._sent(request)
        act, id_ = field(body, "act"), request.path_params["programme"]
        if act not in _STEPS:
            raise Refusal("field_bad", field="act")
        say(request, act=act)
        n = await self._taken(asks, asks.who.user, id_, act, body)
        now = await self.programmes.open(asks.who.user, id_)
        return JSONResponse({"n": n, "document": now.document, "edition": now.programme.edition})

    async def _taken(
        self, asks: Asking, user: User, id_: str, act: str, body: dict[str, Any]
    ) -> int | None:  # fmt: skip
        if act == "carry":
            source, note = field(body, "source"), asks.catalogue("programmes.carried")
            return await self.programmes.carry(user, id_, source, note)
        if act == "assign":
            return await self.programmes.assign(user, id_)
        if act == "arrange":
            await self.programmes.arrange(user, id_)
        elif act == "make":
            await self.programmes.make(user, id_, words_of(asks.catalogue))
        else:
            await self.programmes.move(user, id_, field(body, "item"), -1 if act == "up" else 1)
        return None
