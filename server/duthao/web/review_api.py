"""The JSON API of a draft's review (docs/protocol/http.md)."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.review import PlacedFinding
from duthao.formats.cited import spoken_path
from duthao.formats.comparison_json import followed_value
from duthao.messages import Catalogue
from duthao.service.review import Reviewed
from duthao.web.context import Web, api_routes, asking
from duthao.web.security import check_origin


def where(one: PlacedFinding, catalogue: Catalogue) -> str:
    """ "khoản 2 Điều 5", or the field of the front matter: "Căn cứ thứ 2"."""
    name, _, line = one.part.partition(".")
    if not name:
        return spoken_path(one.path, catalogue)
    return catalogue(f"form.part.{name}", n=int(line) + 1 if line else "").strip()


def _finding(one: PlacedFinding, found: Reviewed, catalogue: Catalogue) -> dict[str, Any]:
    aside = found.aside.get(one.key)
    by = None if aside is None else found.people.get(aside.created_by)
    return {
        "key": one.key,
        "group": one.group.value,
        "code": one.code,
        "severity": one.severity.value,
        "provision": one.provision,
        "part": one.part,
        "path": one.path,
        "where": where(one, catalogue),
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "lead": one.lead,
        "trail": one.trail,
        "message": catalogue(f"check.{one.code}", **dict(one.details)),
        "replacement": one.replacement,
        "aside": aside
        and {
            "by": {"id": aside.created_by, "name": by.name if by is not None else ""},
            "at": aside.created_at,
        },
    }


def review_json(found: Reviewed, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "seq": found.after.seq,
        "before": found.before.id,
        "after": found.after.id,
        "cut": found.review.cut,
        "findings": [_finding(one, found, catalogue) for one in found.review.findings],
    }


def _texts(request: Request) -> tuple[str, str | None, str | None]:
    """The document, and which of its texts are asked for."""
    query = request.query_params
    return request.path_params["id"], query.get("before"), query.get("after")


class ReviewApi:
    def __init__(self, web: Web) -> None:
        self.web, self.reviews = web, web.services.reviews

    def routes(self) -> list[Route]:
        document = "/api/documents/{id}"
        aside = f"{document}/review/aside/{{finding}}"
        return api_routes(
            (
                ("GET", f"{document}/review", self.review),
                ("GET", f"{document}/references", self.references),
                ("PUT", aside, self.set_aside),
                ("DELETE", aside, self.take_back),
            )
        )

    async def review(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.reviews.of(asks.who.user, *_texts(request))
        return JSONResponse(await to_thread.run_sync(review_json, found, asks.catalogue))

    async def references(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        after, followed = await self.reviews.followed(asks.who.user, *_texts(request))
        return JSONResponse(
            {"seq": after.seq, **await to_thread.run_sync(followed_value, followed, asks.catalogue)}
        )

    async def set_aside(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        check_origin(request, self.web.settings)
        await self.reviews.set_aside(asks.who.user, request.path_params["id"], request.path_params["finding"])
        return Response(status_code=204)

    async def take_back(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        check_origin(request, self.web.settings)
        await self.reviews.take_back(asks.who.user, request.path_params["id"], request.path_params["finding"])
        return Response(status_code=204)
