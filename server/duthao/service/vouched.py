"""Signing in at the office's own provider, beside or in place of a password kept here.

Between going there and coming back the browser holds one random seed, in a cookie nobody else reads; what
the provider is told of it (state, nonce, the proof of the code) is made from the seed, one way. So nothing
is kept in this process, and any of several may take who comes back.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from anyio import to_thread

from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.domain.vouching import Voucher, voucher_of
from duthao.service.people import add_user
from duthao.service.ports import Tools
from duthao.service.sessions import SignedIn, SignIn
from duthao.settings import Settings
from duthao.store.accounts import Identity
from duthao.store.ports import User

BACK = "/login/provider/back"
MAX_CODE = 4096


class Provider(Protocol):
    """An OpenID Connect provider. Refusals: oidc_unreachable, oidc_token_bad."""

    @property
    def issuer(self) -> str: ...
    async def begin(self, back: str, state: str, nonce: str, verifier: str) -> str: ...
    async def claims(self, back: str, code: str, nonce: str, verifier: str) -> Mapping[str, object]: ...
    async def farewell(self, back: str) -> str | None: ...
    async def ended(self, token: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Came:
    """What the browser brought back: `seed` from its cookie, the rest from the address."""

    seed: str
    state: str
    code: str
    error: str = ""


def _made(seed: str, use: str) -> str:
    return hmac.new(seed.encode("utf-8", "surrogatepass"), use.encode(), hashlib.sha256).hexdigest()


class VouchedSignIn:
    def __init__(self, tools: Tools, settings: Settings, sign_in: SignIn, provider: Provider | None) -> None:
        self._tools, self._settings, self._sign_in = tools, settings, sign_in
        self._provider = provider

    @property
    def offered(self) -> bool:
        return self._provider is not None

    def _asked(self) -> Provider:
        if self._provider is None:
            raise Refusal("page_not_found")
        return self._provider

    async def begin(self, origin: str) -> tuple[str, str]:
        """Where to send the browser, and the seed it is to keep. Raises page_not_found, oidc_unreachable."""
        seed = secrets.token_urlsafe(32)
        state, nonce, verifier = (_made(seed, use) for use in ("state", "nonce", "verifier"))
        return await self._asked().begin(origin + BACK, state, nonce, verifier), seed

    async def voucher(self, origin: str, came: Came, address: str) -> Voucher:
        """Who the provider says has come back.

        Raises Refusal: page_not_found; login_throttled; oidc_state (another browser began this, or nobody);
        oidc_declined; oidc_unreachable; oidc_token_bad; oidc_claim_missing (`claim`).
        """
        provider = self._asked()
        # Counted first: each try makes us ask the provider.
        await self._sign_in.count_address(address)
        expected = _made(came.seed, "state")
        if not came.seed or not hmac.compare_digest(expected.encode(), came.state.encode("utf-8", "replace")):
            raise Refusal("oidc_state")
        if came.error or not 0 < len(came.code) <= MAX_CODE:
            raise Refusal("oidc_declined")
        nonce, verifier = _made(came.seed, "nonce"), _made(came.seed, "verifier")
        claims = await provider.claims(origin + BACK, came.code, nonce, verifier)
        settings = self._settings
        return voucher_of(claims, settings.oidc_username_claim, settings.oidc_second_proof)

    async def sign_in(
        self, voucher: Voucher, address: str, replaces: str | None, agent: str
    ) -> tuple[SignedIn, str]:
        """The session of the person vouched for; it awaits our second proof where there was none.

        Raises Refusal: oidc_unknown, oidc_disabled, oidc_name_taken (the account of that name is somebody
        else's there), and as `add_user`.
        """
        user = await to_thread.run_sync(self._person, voucher)
        await self._sign_in.forgive_address(address)
        return await self._sign_in.open(user, replaces, agent, proved_twice=voucher.proved_twice)

    def _person(self, voucher: Voucher) -> User:
        store, issuer = self._tools.store, self._asked().issuer
        held = store.identities.get(issuer, voucher.subject)
        user = store.users.get(held.user_id) if held else self._first_time(voucher, issuer)
        if user is None:
            raise Refusal("oidc_unknown")
        if user.disabled:
            raise Refusal("oidc_disabled")
        return user

    def _first_time(self, voucher: Voucher, issuer: str) -> User | None:
        store, now = self._tools.store, self._tools.clock()
        user = store.users.by_username(voucher.username)
        if user is None and self._settings.oidc_create:
            # A password nobody knows: checking it takes as long as any.
            hashed = self._sign_in.password_hash(secrets.token_urlsafe(32))
            made = UserId(self._tools.new_id())
            user = add_user(store, made, voucher.username, voucher.name, "", hashed, now)
        elif not self._settings.oidc_link:
            return None
        if user is None or user.disabled:
            return user
        if not store.identities.add(Identity(issuer, voucher.subject, user.id, now)):
            raise Refusal("oidc_name_taken")
        return user

    async def farewell(self, origin: str) -> str | None:
        """Where to sign out at the provider too. Raises Refusal page_not_found, oidc_unreachable."""
        return await self._asked().farewell(f"{origin}/login")

    async def ended(self, token: str, address: str) -> UserId | None:
        """The provider says that somebody has signed out or was locked there: here they are no more signed in
        anywhere. Whose sessions were ended; None for who never came by this provider.

        Raises Refusal: page_not_found, login_throttled, oidc_unreachable, oidc_token_bad.
        """
        provider = self._asked()
        # As when somebody comes: each try may make us ask the provider for its keys.
        await self._sign_in.count_address(address)
        subject = await provider.ended(token)
        await self._sign_in.forgive_address(address)
        held = await to_thread.run_sync(self._tools.store.identities.get, provider.issuer, subject)
        if held is None:
            return None
        await to_thread.run_sync(self._tools.store.sessions.delete_for_user, held.user_id)
        self._sign_in.ended(held.user_id)
        return held.user_id

    async def is_vouched(self, user: User) -> bool:
        """Whether this account is somebody's at the provider."""
        if self._provider is None:
            return False
        known = await to_thread.run_sync(self._tools.store.identities.of, user.id)
        return any(one.issuer == self._provider.issuer for one in known)
