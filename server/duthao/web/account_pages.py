"""One's own account, and the second step of signing in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.domain.second_factor import address as factor_address
from duthao.domain.second_factor import grouped
from duthao.formats.qr import svg
from duthao.service.account import Account
from duthao.store.accounts import SecondFactor
from duthao.web import auth
from duthao.web.context import Asking, asking, say
from duthao.web.errors import status_of
from duthao.web.pages import Pages, safe_next

ACCOUNT, CODE = "/account", "/login/code"
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
"""The first that stands in the browser's name for itself is the one: later ones stand in others' too."""


def place_name(agent: str, unknown: str) -> str:
    """ "Chrome · Windows"; of what calls itself otherwise its first word."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (BROWSERS, SYSTEMS)]
    first = re.match(r"[\w.-]{1,40}", agent)
    return " · ".join(filter(None, found)) or (first[0] if first else unknown)


class AccountPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services
        self.account: Account = pages.services.account

    def routes(self) -> list[Route]:
        table = (
            ("GET", ACCOUNT, self.show), ("POST", ACCOUNT, self.change),
            ("GET", CODE, self.ask_code), ("POST", CODE, self.take_code),
        )  # fmt: skip
        return self.pages.routed(table)

    # --- one's own account -----------------------------------------------------------------

    async def show(self, request: Request) -> Response:
        return await self._page(request, await asking(request, self.pages.web))

    async def change(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf)
        act = str(form.get("act", ""))
        say(request, act=act[:20])
        try:
            codes = await self._done(request, asks, act, form)
        except Refusal as refusal:
            return await self._page(request, asks, refusal=refusal, act=act)
        if codes:
            # Shown once, in the answer itself: an address would be asked for again.
            return await self._page(request, asks, codes=codes)
        return RedirectResponse(f"{ACCOUNT}?done={quote(act)}", 303)

    async def _done(
        self, request: Request, asks: Asking, act: str, form: Mapping[str, str | bytes]
    ) -> tuple[str, ...]:
        who, address = asks.who, auth.address_of(request)
        password = str(form.get("password", ""))
        if act == "password":
            await self.account.change_password(who, password, str(form.get("new", "")), address)
        elif act == "end":
            await self.account.end(who, str(form.get("place", "")))
        elif act == "end_others":
            await self.account.end(who, None)
        elif act == "begin":
            await self.account.begin_factor(who, password, address)
        elif act == "confirm":
            return await self.account.confirm_factor(who, str(form.get("code", "")))
        elif act == "remove":
            await self.account.remove_factor(who, password, address)
        else:
            raise Refusal("field_bad", field="act")
        return ()

    async def _page(
        self, request: Request, asks: Asking, refusal: Refusal | None = None, act: str = "",
        codes: tuple[str, ...] = (),
    ) -> Response:  # fmt: skip
        t, who = asks.catalogue, asks.who
        factor = await self.account.factor(who.user)
        context: dict[str, Any] = {
            "places": [
                (one, place_name(one.agent, t("account.place_unknown")))
                for one in await self.account.places(who)
            ],
            "factor": factor,
            "codes": codes,
            "vouched": await self.services.vouched.is_vouched(who.user),
            "provider": self.pages.web.settings.oidc_name or t("oidc.office_account"),
            "has_password": self.pages.web.settings.local_sign_in or who.user.is_admin,
            "refusal": refusal,
            "act": act,
            "done": request.query_params.get("done", ""),
            **(self._secret(factor, who.user.username, t("web.product")) if factor else {}),
        }
        status = status_of(refusal) if refusal else 200
        response = self.pages.shown(request, "account.html", asks, context, status)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _secret(self, factor: SecondFactor, username: str, product: str) -> dict[str, Any]:
        if factor.confirmed:
            return {}
        return {
            # Made here of our own letters and digits: nothing of it was typed by anybody.
            "square": Markup(svg(factor_address(factor.secret, username, product))),  # noqa: S704
            "secret": grouped(factor.secret),
        }

    # --- the second step of signing in -----------------------------------------------------

    async def ask_code(self, request: Request) -> Response:
        target = request.query_params.get("next")
        if not await self.services.sign_in.awaits(auth.token_of(request, self.pages.web.settings)):
            return RedirectResponse(f"/login?next={quote(safe_next(target), safe='')}", 303)
        return self._code_page(request, target)

    def _code_page(self, request: Request, target: str | None, refusal: Refusal | None = None) -> Response:
        # Who comes from the provider's site brings no strict cookie: a new value then.
        csrf = auth.login_of(request, self.pages.web.settings) or secrets.token_urlsafe(24)
        context = {"csrf": csrf, "next": safe_next(target), "refusal": refusal}
        response = self.pages.shown(
            request, "login_code.html", None, context, status_of(refusal) if refusal else 200
        )
        auth.set_login(response, csrf, self.pages.web.settings)
        return response

    async def take_code(self, request: Request) -> Response:
        form = await self.pages.form(request, auth.login_of(request, self.pages.web.settings))
        target = str(form.get("next", ""))
        request.state.who = await self.services.sign_in.waiting(
            auth.token_of(request, self.pages.web.settings)
        )
        try:
            request.state.who, token = await self.services.sign_in.finish(
                auth.token_of(request, self.pages.web.settings),
                str(form.get("code", "")),
                auth.address_of(request),
            )
        except Refusal as refusal:
            if refusal.code == "signed_out":
                return RedirectResponse(f"/login?next={quote(safe_next(target), safe='')}", 303)
            return self._code_page(request, target, refusal)
        response = RedirectResponse(safe_next(target), 303)
        auth.set_session(response, token, self.pages.web.settings)
        return response
