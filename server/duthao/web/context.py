"""What every handler of pages and API shares, and the one place where failures become answers."""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.messages import Catalogue
from duthao.service.house import need_admin
from duthao.service.services import Services
from duthao.service.sessions import SignedIn
from duthao.settings import Settings
from duthao.store.ports import StoreUnavailable
from duthao.web.auth import catalogue_of, signed_in
from duthao.web.errors import error_json
from duthao.web.templating import Templates

log = logging.getLogger("duthao.web")

Handler = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, Refusal], Awaitable[Response]]


@dataclass(frozen=True)
class Web:
    services: Services
    settings: Settings
    templates: Templates


@dataclass(frozen=True)
class Asking:
    """Who asks, in which language they are answered, and how many notifications wait for them: 0 for a
    program, which asks for that by itself.
    """

    who: SignedIn
    catalogue: Catalogue
    unread: int = 0


async def asking(request: Request, web: Web) -> Asking:
    """Raises Refusal signed_out."""
    who = await signed_in(request, web.services.sign_in, web.settings)
    if who is None:
        raise Refusal("signed_out")
    request.state.who = who  # for the log of who did what
    is_program = request.url.path.startswith("/api/")
    unread = 0 if is_program else await web.services.notifications.unread(who.user)
    return Asking(who, catalogue_of(request, who.user), unread)


async def administrator(request: Request, web: Web) -> Asking:
    """As `asking`, for who keeps the house. Raises Refusal signed_out, admin_only."""
    asks = await asking(request, web)
    need_admin(asks.who.user)
    return asks


def say(request: Request, **words: str | int) -> None:
    """Ids and kinds of what is being done, for the log of who did what: never words of a draft."""
    request.state.said = getattr(request.state, "said", {}) | words


def as_refusal(error: Exception) -> Refusal:
    """Any failure as a refusal. The log gets where it happened, never the words it was about."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        codes = {404: "page_not_found", 405: "method_not_allowed"}
        return Refusal(codes.get(error.status_code, "bad_request"))
    where = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
    log.error("request.failed error=%s at=%s", type(error).__name__, ">".join(where[-6:]))
    return Refusal("try_again" if isinstance(error, StoreUnavailable) else "internal")


def guarded(handler: Handler, answer: Answer) -> Handler:
    """The handler, with every failure answered by `answer`."""

    @functools.wraps(handler)
    async def safe(request: Request) -> Response:
        try:
            return await handler(request)
        except Exception as error:
            refusal = as_refusal(error)
            request.state.refused = refusal.code  # for the log of who did what
            return await answer(request, refusal)

    return safe


async def refused_json(request: Request, refusal: Refusal) -> Response:
    """How every request of the JSON API is answered that was not granted."""
    return error_json(refusal, catalogue_of(request))


def api_routes(table: Iterable[tuple[str, str, Handler]]) -> list[Route]:
    """Routes of the JSON API: method, path, handler."""
    return [Route(path, guarded(handler, refused_json), methods=[method]) for method, path, handler in table]
