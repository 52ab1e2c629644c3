"""What stands around every request: headers, the size of bodies, and where they come from."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duthao.domain.errors import Refusal
from duthao.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'{websockets}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    # Strings become elements in client/src/ui/markup.ts alone, and in the editor's reading of the clipboard.
    "require-trusted-types-for 'script'; trusted-types duthao ProseMirrorClipboard"
)
PASSED = 16 * 1024 * 1024
"""Bytes beyond what is taken that are read and forgotten, so that the refusal is heard."""
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def check_origin(request: Request, settings: Settings) -> None:
    """Raises Refusal origin_foreign when the request says it comes from another site."""
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if origin is None:
        if request.headers.get("sec-fetch-site", "same-origin") == "cross-site":
            raise Refusal("origin_foreign")
        return
    # Behind a proxy that ends TLS we see http where the browser saw https: the host decides.
    if not (origin in settings.origins if settings.origins else host and urlsplit(origin).netloc == host):
        raise Refusal("origin_foreign")


NUL = "\x00"
"""No text of ours holds it, and PostgreSQL takes none that does: it is left out at every entrance."""


class SoundAddresses:
    """Leaves NUL out of paths and queries, of sockets' too: what is asked for then is not there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if NUL in scope.get("path", "") or b"%00" in scope.get("query_string", b""):
            path, query = scope["path"].replace(NUL, ""), scope["query_string"].replace(b"%00", b"")
            scope = {**scope, "path": path, "query_string": query}
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Adds the headers to every HTTP answer; pages and API answers are kept by no cache."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        # Older Safari does not count ws: as 'self'; the host comes from the request, so only plain ones.
        plain = host and all(c.isalnum() or c in ".-:[]" for c in host)
        policy = POLICY.format(websockets=f" ws://{host} wss://{host}" if plain else "")
        is_static = scope["path"].startswith("/static/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in FIXED.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", policy)
                if not is_static:
                    headers["Cache-Control"] = "no-store"
                elif message["status"] == 200:
                    # Vite puts a hash of the content in the name of each built file.
                    headers.setdefault("Cache-Control", "public, max-age=31536000, immutable")
            await send(message)

        await self.app(scope, receive, with_headers)


async def bounded_body(request: Request, most: int) -> bytes:
    """The whole body. Raises Refusal body_too_large; more than `most` bytes are never held.

    What still comes of one that is refused is let by, within `PASSED`: who is sending reads no answer, and
    loses it when the connection is closed on them (nginx then says 502, a browser that it was reset).
    """
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:18]) > most + PASSED:
        raise too_large(most)
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            parts.append(chunk)
            continue
        parts.clear()
        if size > most + PASSED:
            break
    if size > most:
        raise too_large(most)
    return b"".join(parts)


def too_large(most: int) -> Refusal:
    kib = -(-most // 1024)
    return Refusal("body_too_large", size=f"{kib // 1024} MiB" if kib >= 1024 else f"{kib} KiB")


def replayed(request: Request, body: bytes) -> Request:
    """The request with its body already read, so that forms can be parsed from it."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
