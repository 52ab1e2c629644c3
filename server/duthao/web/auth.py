"""Who is asking: the session cookie, the language, and the CSRF value of forms."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import cast

from starlette.requests import HTTPConnection
from starlette.responses import Response

from duthao.domain.errors import Refusal
from duthao.messages import LANGUAGES, Catalogue, Language
from duthao.service.sessions import SignedIn, SignIn
from duthao.settings import Settings
from duthao.store.ports import User

COOKIE = "duthao_session"
LANGUAGE_COOKIE = "duthao_language"
LOOK_COOKIE = "duthao_look"
LOOKS = ("auto", "light", "dark", "contrast")
"""How pages are coloured: as the system asks, or as somebody chose in this browser."""
LOGIN_COOKIE = "duthao_login"
"""Holds the CSRF value of the sign-in form, for which there is no session yet."""

VOUCHED_COOKIE = "duthao_vouched"
"""Stands while somebody may be signed in at the provider too: whoever signs out here is told."""


def cookie_named(name: str, settings: Settings) -> str:
    """Over TLS with the prefix that no other name of the office's domain can set (RFC 6265bis, __Host-)."""
    return f"__Host-{name}" if settings.secure_cookie else name


def token_in(cookies: Mapping[str, str], settings: Settings) -> str | None:
    return cookies.get(cookie_named(COOKIE, settings))


def token_of(connection: HTTPConnection, settings: Settings) -> str | None:
    return token_in(connection.cookies, settings)


def login_of(connection: HTTPConnection, settings: Settings) -> str | None:
    """The CSRF value of the sign-in form, where one was shown."""
    return connection.cookies.get(cookie_named(LOGIN_COOKIE, settings))


async def signed_in(connection: HTTPConnection, sign_in: SignIn, settings: Settings) -> SignedIn | None:
    """Who asks; None when signed out. Works for requests and WebSockets alike."""
    return await sign_in.who(token_of(connection, settings))


def language_of(connection: HTTPConnection, user: User | None = None) -> Language:
    """`?lang=`, else the cookie, else the person's own, else Vietnamese."""
    choices = (
        connection.query_params.get("lang"),
        connection.cookies.get(LANGUAGE_COOKIE),
        user.language if user else None,
    )
    return cast(Language, next((c for c in choices if c in LANGUAGES), "vi"))


def look_of(connection: HTTPConnection) -> str:
    """`?look=`, else the cookie, else as the system asks."""
    asked = (connection.query_params.get("look"), connection.cookies.get(LOOK_COOKIE))
    return next((look for look in asked if look in LOOKS), LOOKS[0])


def catalogue_of(connection: HTTPConnection, user: User | None = None) -> Catalogue:
    return Catalogue(language_of(connection, user))


def set_session(response: Response, token: str, settings: Settings) -> None:
    response.set_cookie(
        cookie_named(COOKIE, settings),
        token,
        max_age=settings.session_days * 24 * 3600,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookie,
    )


def set_login(response: Response, csrf: str, settings: Settings) -> None:
    name = cookie_named(LOGIN_COOKIE, settings)
    response.set_cookie(name, csrf, httponly=True, samesite="strict", secure=settings.secure_cookie)


def set_vouched(response: Response, settings: Settings) -> None:
    response.set_cookie(
        VOUCHED_COOKIE, "1", max_age=settings.session_days * 24 * 3600, path="/login", httponly=True,
        samesite="lax", secure=settings.secure_cookie,
    )  # fmt: skip


def clear_vouched(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        VOUCHED_COOKIE, path="/login", httponly=True, samesite="lax", secure=settings.secure_cookie
    )


def clear_session(response: Response, settings: Settings) -> None:
    name = cookie_named(COOKIE, settings)
    response.delete_cookie(name, httponly=True, samesite="lax", secure=settings.secure_cookie)


def check_csrf(form: Mapping[str, object], expected: str | None) -> None:
    """Raises Refusal csrf_failed unless the form carries the expected value."""
    given = form.get("csrf")
    if not expected or not isinstance(given, str):
        raise Refusal("csrf_failed")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace")):
        raise Refusal("csrf_failed")


def address_of(request: HTTPConnection) -> str:
    """The peer's address as the server saw it (uvicorn reads proxies' headers when told to)."""
    return request.client.host if request.client else "unknown"
