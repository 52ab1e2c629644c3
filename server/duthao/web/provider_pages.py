"""Going to the office's own provider to sign in, coming back from it, and signing out there too."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.service.vouched import BACK, Came
from duthao.web import auth
from duthao.web.context import api_routes, refused_json, say
from duthao.web.pages import Pages, safe_next
from duthao.web.security import bounded_body, replayed

GO, OUT, ENDED = "/login/provider", "/login/provider/out", "/login/provider/ended"
LOGOUT_TOKEN = 64 * 1024
"""Bytes of what the provider says when somebody is signed out there."""
SEED = "duthao_provider"
"""Cookie of who is away signing in: the seed, and where they wanted to go."""
LONGEST = 500
"""Letters of an address that is gone to afterwards: a cookie holds no more."""
AWAY = 600
"""Seconds somebody may stay there."""


class ProviderPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services
        self.settings = pages.web.settings

    def routes(self) -> list[Route]:
        table = (("GET", GO, self.go), ("GET", BACK, self.back), ("GET", OUT, self.out))
        return [*self.pages.routed(table), *api_routes((("POST", ENDED, self.ended),))]

    def _origin(self, request: Request) -> str:
        """Ours, that the provider knows: the one this request names, else the first."""
        host = request.headers.get("host", "")
        named = (one for one in self.settings.origins if one.partition("://")[2] == host)
        return next(named, self.settings.origins[0])

    async def go(self, request: Request) -> Response:
        if not self.services.vouched.offered:
            raise Refusal("page_not_found")
        target = safe_next(request.query_params.get("next"))
        if len(target) > LONGEST:
            target = "/"
        address, seed = await self.services.vouched.begin(self._origin(request))
        response = RedirectResponse(address, 303)
        # Lax: who comes back comes from another site.
        response.set_cookie(
            SEED, f"{seed}.{quote(target, safe='')}", max_age=AWAY, path=GO, httponly=True, samesite="lax",
            secure=self.settings.secure_cookie,
        )  # fmt: skip
        return response

    async def back(self, request: Request) -> Response:
        try:
            response = await self._came(request)
        except Refusal as refusal:
            response = await self.pages.refused_at_login(request, refusal)
        # Whatever became of it, this seed is used up.
        response.delete_cookie(
            SEED, path=GO, httponly=True, samesite="lax", secure=self.settings.secure_cookie
        )
        return response

    async def _came(self, request: Request) -> Response:
        vouched = self.services.vouched
        if not vouched.offered:
            raise Refusal("page_not_found")
        seed, _, target = request.cookies.get(SEED, "").partition(".")
        asked, address = request.query_params, auth.address_of(request)
        came = Came(seed, asked.get("state", ""), asked.get("code", ""), asked.get("error", ""))
        say(request, by="provider")
        voucher = await vouched.voucher(self._origin(request), came, address)
        request.state.typed = voucher.username
        who, token = await vouched.sign_in(
            voucher, address, auth.token_of(request, self.settings), request.headers.get("user-agent", "")
        )
        request.state.who = who
        target = safe_next(unquote(target))
        if who.session.awaits:
            target = f"/login/code?next={quote(target, safe='')}"
        response = RedirectResponse(target, 303)
        auth.set_session(response, token, self.settings)
        auth.set_vouched(response, self.settings)
        return response

    async def out(self, request: Request) -> Response:
        if not self.services.vouched.offered:
            raise Refusal("page_not_found")
        address = await self.services.vouched.farewell(self._origin(request))
        response = RedirectResponse(address or "/login", 303)
        auth.clear_vouched(response, self.settings)
        return response

    async def ended(self, request: Request) -> Response:
        """The provider itself comes here, no browser: its signature stands for the secret of a form."""
        if not self.services.vouched.offered:
            raise Refusal("page_not_found")
        body = await bounded_body(request, LOGOUT_TOKEN)
        form = await replayed(request, body).form(max_files=0, max_fields=5)
        token = form.get("logout_token")
        try:
            if not isinstance(token, str) or not token:
                raise Refusal("oidc_token_bad")
            user_id = await self.services.vouched.ended(token, auth.address_of(request))
        except Refusal as refusal:
            answer = await refused_json(request, refusal)
            if refusal.code == "oidc_token_bad":
                answer.status_code = 400  # as the standard has it, for nobody is asked to sign in
            return answer
        say(request, by="provider", user=user_id or "")
        return Response(status_code=200)
