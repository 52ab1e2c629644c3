"""Talking to an OpenID Connect provider: authorization code with PKCE, by Authlib.

What comes of the provider's own description is taken by name, never handed on whole: Authlib would pass
an unknown line of it (`verify`, say) to the HTTP client as a setting.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import BaseApp
from authlib.integrations.base_client.async_app import AsyncOAuth2Mixin
from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.claims import JWTClaims
from joserfc.errors import InvalidClaimError, JoseError

from duthao.domain.errors import Refusal

log = logging.getLogger("duthao.oidc")

SECONDS: Final = 10.0
"""How long the provider may take for one answer."""
RENEWED: Final = 3600.0
"""After so many seconds its description and keys are read anew."""
LEEWAY: Final = 120
"""Seconds its clock may be off."""
ENDED: Final = "http://schemas.openid.net/event/backchannel-logout"
LONGEST: Final = 256 * 1024
"""Bytes of one answer of the provider."""
SIGNATURES: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
                     "Ed25519")  # fmt: skip
"""Only those that nobody can make who knows the public key, or our own secret; never `none`."""
ADDRESSES: Final = (
    "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint",
)  # fmt: skip
FOREIGN = (AuthlibBaseError, JoseError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError, KeyError,
           AttributeError, RuntimeError)  # fmt: skip
"""How Authlib and what is below it say that an answer was none, or was not to be believed."""


def is_trusted(address: str) -> bool:
    """Over TLS, or on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    )


def _refusal(code: str, error: Exception) -> Refusal:
    """For the person a sentence; for who keeps the house what the library said was wrong."""
    log.warning("oidc.refused code=%s error=%s said=%.200s", code, type(error).__name__, error)
    return Refusal(code)


class _Bounded(httpx2.AsyncByteStream):
    """The bytes of an answer, ended when they are more than may be."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._stream:
            size += len(part)
            if size > LONGEST:
                raise httpx2.ReadError("the answer is too long")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts, read once: an office's own authority stands among them."""
    return ssl.create_default_context()


class _Transport(httpx2.AsyncHTTPTransport):
    """Asks for plain bytes, so that what is counted is what is held."""

    def __init__(self) -> None:
        super().__init__(verify=_trusted(), retries=1)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"
        answer = await super().handle_async_request(request)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            await answer.aclose()
            raise httpx2.ReadError("the answer is packed")
        answer.stream = _Bounded(cast(httpx2.AsyncByteStream, answer.stream))
        return answer


class _Http(AsyncOAuth2Client):  # type: ignore[misc]  # Authlib has no types
    """Of one use, with bounds on every answer."""

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(
            *arguments,
            timeout=SECONDS,
            follow_redirects=False,
            transport=_Transport(),
            verify=_trusted(),
            **more,
        )


class _Client(AsyncOAuth2Mixin, AsyncOpenIDMixin, BaseApp):  # type: ignore[misc]
    client_cls = _Http


class _Ended(JWTClaims):  # type: ignore[misc]
    """What a logout token must say (OpenID Connect Back-Channel Logout 1.0, 2.4): it is no ID token."""

    def validate(self, now: int | None = None, leeway: int = 0) -> None:
        super().validate(now, leeway)
        events, subject, at = self.get("events"), self.get("sub"), self.get("iat")
        if not isinstance(events, dict) or not isinstance(events.get(ENDED), dict):
            raise InvalidClaimError("events")
        if "nonce" in self:
            raise InvalidClaimError("nonce")
        # A session of the provider's alone (`sid`) says nothing here: we keep none of them.
        if not isinstance(subject, str) or not subject:
            raise InvalidClaimError("sub")
        # One without an end is of now, or somebody kept it.
        if not isinstance(at, int) or abs((now or time.time()) - at) > LEEWAY + SECONDS:
            raise InvalidClaimError("iat")


class OidcProvider:
    """One provider. Every refusal is `oidc_unreachable` or `oidc_token_bad`."""

    def __init__(self, issuer: str, client_id: str, secret: str, scopes: str) -> None:
        self.issuer = issuer
        self._client_id, self._secret, self._scopes = client_id, secret, scopes
        self._known: _Client | None = None
        self._read_at = 0.0

    async def _client(self) -> _Client:
        if self._known is None or time.monotonic() - self._read_at > RENEWED:
            self._known, self._read_at = await self._discovered(), time.monotonic()
        return self._known

    async def _discovered(self) -> _Client:
        try:
            async with _Http() as client:
                address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                answer = await client.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            told = json.loads(answer.content)
            known: dict[str, Any] = {
                name: told[name] for name in ADDRESSES if isinstance(told.get(name), str)
            }
            offered = told.get("id_token_signing_alg_values_supported") or ["RS256"]
            signatures = [one for one in SIGNATURES if one in offered]
        except FOREIGN as error:
            raise _refusal("oidc_unreachable", error) from error
        if (
            told.get("issuer") != self.issuer
            or not signatures
            or not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= known.keys()
            or not all(is_trusted(address) for address in known.values())
        ):
            raise _refusal("oidc_unreachable", ValueError("its description is another's, or lacks something"))
        return _Client(
            None,
            client_id=self._client_id,
            client_secret=self._secret or None,
            client_kwargs={"scope": self._scopes, "code_challenge_method": "S256"}
            | ({} if self._secret else {"token_endpoint_auth_method": "none"}),
            **known,
            issuer=self.issuer,
            id_token_signing_alg_values_supported=signatures,
        )

    async def begin(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where the person is sent to sign in; they come back to `back`. Raises Refusal oidc_unreachable."""
        client = await self._client()
        begun = await client.create_authorization_url(back, state=state, nonce=nonce, code_verifier=verifier)
        return str(begun["url"])

    async def claims(self, back: str, code: str, nonce: str, verifier: str) -> Mapping[str, object]:
        """What the provider says of who came back with this code, its signature, issuer, audience, time and
        nonce checked; what the token leaves out is asked for.

        Raises Refusal: oidc_unreachable, oidc_token_bad.
        """
        client = await self._client()
        try:
            token = await client.fetch_access_token(back, code=code, code_verifier=verifier)
            # None for a token without an id: that is no answer to who somebody is.
            claims = dict(await client.parse_id_token(token, nonce, self._expected(), leeway=LEEWAY))
            if "userinfo_endpoint" in client.server_metadata and "access_token" in token:
                more = dict(await client.userinfo(token=token))
                if more.get("sub") != claims["sub"]:
                    raise Refusal("oidc_token_bad")
                # What was signed comes before what was only said.
                claims = more | claims
        except (httpx2.TransportError, httpx2.HTTPStatusError) as error:
            raise _refusal("oidc_unreachable", error) from error
        except FOREIGN as error:
            raise _refusal("oidc_token_bad", error) from error
        return claims

    async def ended(self, token: str) -> str:
        """Whose sessions the provider says are over: the subject of a logout token.

        Raises Refusal: oidc_unreachable, oidc_token_bad.
        """
        client = await self._client()
        expected = {name: self._expected()[name] for name in ("iss", "aud")}
        try:
            told = await client.parse_id_token({"id_token": token}, None, expected, _Ended, leeway=LEEWAY)
        except httpx2.TransportError as error:
            raise _refusal("oidc_unreachable", error) from error
        except FOREIGN as error:
            raise _refusal("oidc_token_bad", error) from error
        return str(told["sub"])

    def _expected(self) -> dict[str, dict[str, object]]:
        return {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True},
        }

    async def farewell(self, back: str) -> str | None:
        """Where the person signs out at the provider too; None when it has no such place."""
        client = await self._client()
        if "end_session_endpoint" not in client.server_metadata:
            return None
        gone = await client.create_logout_url(back, client_id=self._client_id)
        return str(gone["url"])
