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
from starlette.routing import BaseRoute, Match, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from duthao.service.services import Services
from duthao.settings import Settings
from duthao.web.account_pages import AccountPages
from duthao.web.answer_pages import AnswerPages
from duthao.web.api import Api
from duthao.web.assets import STATIC
from duthao.web.audit_pages import AuditPages
from duthao.web.audit_table import audited
from duthao.web.bases_api import BasesApi
from duthao.web.beside_api import BesideApi
from duthao.web.comments_api import CommentsApi
from duthao.web.context import Web, as_refusal, refused_json
from duthao.web.corrections_api import CorrectionsApi
from duthao.web.deputies_pages import DeputiesPages
from duthao.web.document_templates import DocumentTemplatePages
from duthao.web.dossier_pages import DossierPages
from duthao.web.dossiers_api import DossiersApi
from duthao.web.export_pages import ExportPages
from duthao.web.forms_api import FormsApi
from duthao.web.forms_pages import FormsPages
from duthao.web.history_api import HistoryApi
from duthao.web.history_pages import HistoryPages
from duthao.web.house_pages import HousePages
from duthao.web.import_pages import ImportPages
from duthao.web.instrument_pages import InstrumentPages
from duthao.web.meeting_pages import MeetingPages
from duthao.web.models import ModelPages
from duthao.web.notifications_pages import NotificationsPages
from duthao.web.opinions_api import OpinionsApi
from duthao.web.opinions_pages import OpinionsPages
from duthao.web.pack_pages import PackPages
from duthao.web.pages import Pages
from duthao.web.people_pages import PeoplePages
from duthao.web.programmes_api import ProgrammesApi
from duthao.web.programmes_pages import ProgrammesPages
from duthao.web.proposal_list import ProposalListPages
from duthao.web.proposals_api import ProposalsApi
from duthao.web.provider_pages import ProviderPages
from duthao.web.readiness import Readiness, healthz
from duthao.web.returned_api import ReturnedApi
from duthao.web.returned_pages import ReturnedPages
from duthao.web.review_api import ReviewApi
from duthao.web.rounds_pages import RoundsPages
from duthao.web.search_pages import SearchPages
from duthao.web.security import SecurityHeaders, SoundAddresses
from duthao.web.tasks_pages import TasksPages
from duthao.web.templating import Templates
from duthao.web.unit_pages import UnitPages


def allowed(request: Request) -> set[str]:
    """The methods that its path answers, of every route with that path: Starlette names the first's."""
    routes = [one for one in request.app.routes if isinstance(one, Route)]
    path = next((one.path for one in routes if one.matches(request.scope)[0] != Match.NONE), "")
    return set().union(*(one.methods or () for one in routes if one.path == path))


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
    answers = AnswerPages(pages)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            # Around the rooms: what they still tell when they close is recorded too.
            async with services.audit.running(), rooms:
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
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join(sorted(allowed(request)))
        return response

    routes: list[BaseRoute] = []
    if collab is not None:
        # First: routes are tried one after another, and a whole meeting comes in here at once.
        routes.append(WebSocketRoute("/collab/{document_id}", collab))
    routes += [
        Route("/healthz", healthz),
        *Api(web).routes(),
        *HistoryApi(web).routes(),
        *CorrectionsApi(web).routes(),
        *ReviewApi(web).routes(),
        *BesideApi(web).routes(),
        *BasesApi(web).routes(),
        *ProposalsApi(web).routes(),
        *ReturnedApi(web).routes(),
        *CommentsApi(web).routes(),
        *FormsApi(web).routes(),
        *DossiersApi(web).routes(),
        *ProgrammesApi(web).routes(),
        *OpinionsApi(web).routes(),
        *NotificationsPages(pages).routes(),
        *AccountPages(pages).routes(),
        *ProviderPages(pages).routes(),
        *ImportPages(pages).routes(),  # before the pages: its path reads like a document's
        *pages.routes(),
        *InstrumentPages(pages).routes(),
        *ExportPages(pages).routes(),
        *ReturnedPages(pages).routes(),
        *HistoryPages(pages).routes(),
        *MeetingPages(pages).routes(),
        *HousePages(pages).routes(),
        *OpinionsPages(pages).routes(),
        *FormsPages(pages).routes(),
        *DossierPages(pages).routes(),
        *PeoplePages(pages).routes(),
        *UnitPages(pages).routes(),
        *TasksPages(pages).routes(),
        *ProgrammesPages(pages).routes(),
        *DeputiesPages(pages).routes(),
        *SearchPages(pages).routes(),
        *answers.routes(),
        *RoundsPages(pages, answers).routes(),
        *DocumentTemplatePages(pages).routes(),
        *ModelPages(pages).routes(),
        *PackPages(pages).routes(),
        *ProposalListPages(pages).routes(),
        *AuditPages(pages).routes(),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
    ]
    if poll is not None:
        routes.append(Route("/collab/{document_id}/poll", poll, methods=["POST"]))
    if readiness is not None:
        routes.append(Route("/readyz", readiness.readyz))
    users = services.tools.store.users
    app = Starlette(
        routes=audited(routes, services.audit, users.by_username, not_routed),
        lifespan=lifespan,
        middleware=[Middleware(SecurityHeaders), Middleware(SoundAddresses)],
        exception_handlers={HTTPException: not_routed},
    )
    app.state.web = web
    return app
