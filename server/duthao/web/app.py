"""The Starlette application, made from its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from duthao.service.services import Services
from duthao.settings import Settings
from duthao.web.api import Api
from duthao.web.assets import STATIC
from duthao.web.beside_api import BesideApi
from duthao.web.context import Web, as_refusal, refused_json
from duthao.web.corrections_api import CorrectionsApi
from duthao.web.history_api import HistoryApi
from duthao.web.history_pages import HistoryPages
from duthao.web.house_pages import HousePages
from duthao.web.instrument_pages import InstrumentPages
from duthao.web.pages import Pages
from duthao.web.proposals_api import ProposalsApi
from duthao.web.readiness import Readiness, healthz
from duthao.web.review_api import ReviewApi
from duthao.web.security import SecurityHeaders
from duthao.web.templating import Templates


def create_app(
    services: Services,
    rooms: AbstractAsyncContextManager[Any],
    settings: Settings,
    collab: Any = None,
    poll: Any = None,
    readiness: Readiness | None = None,
) -> Starlette:
    """The application. `rooms` live as long as it does; `collab` answers `/collab/{document_id}`,
    `poll` the same over plain requests."""
    web = Web(services, settings, Templates())
    pages = Pages(web)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with rooms:
                yield
        finally:
            services.comparisons.close()
            services.tools.store.close()

    async def not_routed(request: Request, error: Exception) -> Response:
        refusal = as_refusal(error)
        answer = refused_json if request.url.path.startswith("/api/") else pages.refused
        response = await answer(request, refusal)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        *Api(web).routes(),
        *HistoryApi(web).routes(),
        *CorrectionsApi(web).routes(),
        *ReviewApi(web).routes(),
        *BesideApi(web).routes(),
        *ProposalsApi(web).routes(),
        *pages.routes(),
        *InstrumentPages(pages).routes(),
        *HistoryPages(pages).routes(),
        *HousePages(pages).routes(),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
    ]
    if collab is not None:
        routes.append(WebSocketRoute("/collab/{document_id}", collab))
    if poll is not None:
        routes.append(Route("/collab/{document_id}/poll", poll, methods=["POST"]))
    if readiness is not None:
        routes.append(Route("/readyz", readiness.readyz))
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: not_routed},
    )
    app.state.web = web
    return app
