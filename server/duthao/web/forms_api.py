"""The JSON API of form profiles: those of the house, and the one chosen for a document."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.form_profile import profile_from, profile_value
from duthao.service.house import need_admin
from duthao.web.api import field, json_body
from duthao.web.context import Asking, Web, api_routes, asking
from duthao.web.security import check_origin


class FormsApi:
    def __init__(self, web: Web) -> None:
        self.web, self.forms = web, web.services.forms

    def routes(self) -> list[Route]:
        one, chosen = "/api/forms/{key}", "/api/documents/{id}/form"
        return api_routes(
            (
                ("GET", "/api/forms", self.all),
                ("POST", "/api/forms", self.copy),
                ("POST", "/api/forms/preview", self.preview),
                ("PUT", "/api/forms/standard", self.make_standard),
                ("PUT", one, self.change),
                ("DELETE", one, self.remove),
                ("POST", f"{one}/reset", self.reset),
                ("GET", chosen, self.chosen),
                ("PUT", chosen, self.choose),
            )
        )

    async def _sent(self, request: Request) -> tuple[Asking, dict[str, Any]]:
        asks = await asking(request, self.web)
        return asks, await json_body(request, self.web.settings)

    async def all(self, request: Request) -> Response:
        await asking(request, self.web)
        forms = await self.forms.all()
        return JSONResponse({"standard": forms.house.key, "forms": [profile_value(one) for one in forms.all]})

    async def copy(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        made = await self.forms.copy(asks.who.user, field(body, "of"), field(body, "name"))
        return JSONResponse(profile_value(made), 201)

    async def preview(self, request: Request) -> Response:
        """The first page of a sample in a form that need not be kept."""
        asks, body = await self._sent(request)
        need_admin(asks.who.user)
        picture = self.web.services.writers.form_picture
        content = await to_thread.run_sync(picture, profile_from(body), asks.catalogue)
        return Response(content, media_type="image/png")

    async def make_standard(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        await self.forms.make_standard(asks.who.user, field(body, "form"))
        return Response(status_code=204)

    async def change(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        made = await self.forms.change(asks.who.user, request.path_params["key"], body)
        return JSONResponse(profile_value(made))

    async def reset(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        check_origin(request, self.web.settings)
        return JSONResponse(profile_value(await self.forms.reset(asks.who.user, request.path_params["key"])))

    async def remove(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        check_origin(request, self.web.settings)
        await self.forms.remove(asks.who.user, request.path_params["key"])
        return Response(status_code=204)

    async def chosen(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        _, key, forms = await self.forms.chosen(asks.who.user, request.path_params["id"])
        return JSONResponse({"form": key, "profile": profile_value(forms.get(key) or forms.house)})

    async def choose(self, request: Request) -> Response:
        asks, body = await self._sent(request)
        await self.forms.choose(asks.who.user, request.path_params["id"], field(body, "form"))
        return Response(status_code=204)
