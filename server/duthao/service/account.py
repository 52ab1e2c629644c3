"""One's own account: the password, the places where one is signed in, the second proof."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from anyio import to_thread

from duthao.domain.errors import Refusal
from duthao.domain.second_factor import (
    RECOVERY,
    SECRET_BYTES,
    matching,
    new_secret,
    recovery_code,
    recovery_key,
)
from duthao.service.ports import Tools
from duthao.service.sessions import MAX_CODE, SignedIn, SignIn
from duthao.store.accounts import SecondFactor
from duthao.store.ports import LoginSession, User

KEY = 16
"""Letters of a session's hash by which its owner names it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere one is signed in. `key` names it to its owner; nobody comes in with it."""

    key: str
    agent: str
    begun_at: int
    seen_at: int
    here: bool


class Account:
    def __init__(self, tools: Tools, sign_in: SignIn) -> None:
        self._tools, self._sign_in = tools, sign_in

    async def places(self, who: SignedIn) -> tuple[Place, ...]:
        """Where this person is signed in now, last seen first."""
        return await to_thread.run_sync(self._places, who)

    def _places(self, who: SignedIn) -> tuple[Place, ...]:
        now = self._tools.clock()
        return tuple(
            Place(one.token_hash[:KEY], one.agent, one.created_at, one.seen_at, _same(one, who.session))
            for one in self._tools.store.sessions.for_user(who.user.id)
            if not one.awaits and now < one.expires_at
        )

    async def end(self, who: SignedIn, key: str | None) -> None:
        """Sign out there; None: everywhere but here. Raises Refusal place_not_found."""
        ended = await to_thread.run_sync(self._end, who, key)
        if not ended and key is not None:
            raise Refusal("place_not_found")
        self._sign_in.ended(who.user.id)

    def _end(self, who: SignedIn, key: str | None) -> int:
        others = [
            one.token_hash
            for one in self._tools.store.sessions.for_user(who.user.id)
            if (not _same(one, who.session) if key is None else one.token_hash[:KEY] == key)
        ]
        for token_hash in others:
            self._tools.store.sessions.delete(token_hash)
        return len(others)

    async def change_password(self, who: SignedIn, now: str, new: str, address: str) -> None:
        """Whoever knew the old one is signed out everywhere else.

        Raises Refusal: password_wrong, login_throttled, password_short, password_long,
        password_guessable, password_same.
        """
        await self._sign_in.check_password(who.user, now, address)
        if now == new:
            raise Refusal("password_same")
        known = (who.user.username, who.user.name)
        hashed = await to_thread.run_sync(self._sign_in.password_hash, new, *known)
        await to_thread.run_sync(self._keep, who.user, hashed)
        await self.end(who, None)

    def _keep(self, user: User, hashed: str) -> None:
        # As it is now: a name may have been changed since this person signed in.
        current = self._tools.store.users.get(user.id) or user
        self._tools.store.users.update(replace(current, password_hash=hashed))

    # --- the second proof ------------------------------------------------------------------

    async def factor(self, user: User) -> SecondFactor | None:
        return await to_thread.run_sync(self._tools.store.second_factors.get, user.id)

    async def begin_factor(self, who: SignedIn, password: str, address: str) -> SecondFactor:
        """A new secret, asked for only once a code of it has been shown.

        Raises Refusal: password_wrong, login_throttled, factor_there.
        """
        await self._sign_in.check_password(who.user, password, address)
        held = await self.factor(who.user)
        if held is not None and held.confirmed:
            raise Refusal("factor_there")
        made = SecondFactor(
            who.user.id, new_secret(secrets.token_bytes(SECRET_BYTES)), False, -1, (), self._tools.clock()
        )
        await to_thread.run_sync(self._tools.store.second_factors.put, made)
        return made

    async def confirm_factor(self, who: SignedIn, code: str) -> tuple[str, ...]:
        """From now on it is asked for; everywhere else one is signed out. The recovery codes, once.

        Raises Refusal: factor_not_there, factor_there, code_wrong.
        """
        held = await self.factor(who.user)
        if held is None:
            raise Refusal("factor_not_there")
        if held.confirmed:
            raise Refusal("factor_there")
        counter = matching(held.secret, code[:MAX_CODE], self._tools.clock())
        if counter is None:
            raise Refusal("code_wrong")
        codes = tuple(recovery_code(secrets.token_bytes(10)) for _ in range(RECOVERY))
        kept = replace(held, confirmed=True, counter=counter, codes=tuple(map(recovery_key, codes)))
        await to_thread.run_sync(self._tools.store.second_factors.put, kept)
        await self.end(who, None)
        return codes

    async def remove_factor(self, who: SignedIn, password: str, address: str) -> None:
        """Also one that was begun and never confirmed. Raises Refusal password_wrong, login_throttled."""
        await self._sign_in.check_password(who.user, password, address)
        await to_thread.run_sync(self._tools.store.second_factors.delete, who.user.id)


def _same(one: LoginSession, other: LoginSession) -> bool:
    return one.token_hash == other.token_hash
