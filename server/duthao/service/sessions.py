"""Signing in: passwords, sessions and the pause after too many wrong tries.

The cookie's token is random and only its SHA-256 is stored. Every sign-in makes a new
one and ends the one it replaces, so a token known before signing in is worth nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.domain.second_factor import matching, recovery_key
from duthao.service.together import Together
from duthao.settings import Settings
from duthao.store.accounts import Tries
from duthao.store.ports import EpochMillis, LoginSession, Store, StoreUnavailable, User

MINUTE = 60_000
TOUCH_EVERY = MINUTE
MAX_TRACKED = 20_000
MAX_USERNAME = 80
MAX_PASSWORD = 200
MIN_PASSWORD = 10
GUESSES = 1_000_000
"""So many tries an attacker who knows what is common needs at least (zxcvbn's own line for "weak")."""
LOOKED_AT = 72
"""Characters of a password that are looked at: its work grows with the square of them."""
PRODUCT = ("duthao", "dự thảo", "du thao", "vietnam", "việt nam")
MAX_CODE = 40
MAX_AGENT = 300
WAITS = 5 * MINUTE
"""How long a sign-in waits for its second proof."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def key_of(token: str | None) -> str | None:
    """What a session is kept under; None for what no cookie of ours is."""
    return hash_of(token) if token and len(token) <= 200 else None


class Throttle:
    """Counts failures per key in a sliding window; remembers at most `MAX_TRACKED` keys."""

    def __init__(self, limit: int, window: int) -> None:
        self.limit, self.window = limit, window
        self._failures: OrderedDict[str, deque[int]] = OrderedDict()

    def wait(self, key: str, now: EpochMillis) -> int:
        """Milliseconds until `key` may try again; 0 when it may now."""
        times = self._failures.get(key)
        while times and times[0] <= now - self.window:
            times.popleft()
        if times is None or len(times) < self.limit:
            return 0
        return times[0] + self.window - now

    def failed(self, key: str, now: EpochMillis) -> None:
        self._failures.setdefault(key, deque(maxlen=self.limit)).append(now)
        self._failures.move_to_end(key)
        while len(self._failures) > MAX_TRACKED:
            self._failures.popitem(last=False)


class TriesCounted:
    """How often an account, and from one address, may be tried within the window. Blocks."""

    def __init__(self, tries: Tries, settings: Settings, clock: Callable[[], EpochMillis]) -> None:
        self._tries, self._clock = tries, clock
        self._limit, self._window = settings.login_attempts, settings.login_window_minutes * MINUTE

    def count(self, address: str, account: str | None = None) -> None:
        """One more try. Raises Refusal login_throttled (`minutes` to wait)."""
        # Kept as hashes: people type their password where their name belongs.
        limits = {hash_of(f"address {address}"): 10 * self._limit}
        if account is not None:
            limits[hash_of(account)] = self._limit
        now = self._clock()
        if full := self._tries.count(limits, now, now - self._window):
            raise Refusal("login_throttled", minutes=-(-(full + self._window - now) // MINUTE))

    def forgive(self, address: str, account: str | None = None) -> None:
        """It was a good one: nothing is held against the account, and a whole office may come in by one
        address in the morning."""
        self._tries.take_back(hash_of(f"address {address}"))
        if account is not None:
            self._tries.forget(hash_of(account))


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    session: LoginSession


class SignIn:
    """Sessions of this service. `token` is the source of cookie tokens and CSRF values."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], EpochMillis],
        hasher: PasswordHasher | None = None,
        token: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._store, self._settings, self._clock, self._token = store, settings, clock, token
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self._tries = TriesCounted(store.tries, settings, clock)
        self._present: Together[str, SignedIn] = Together(self.standing)
        self.ended: Callable[[UserId], None] = lambda _user_id: None

    def password_hash(self, password: str, *known: str) -> str:
        """`known`: what stands beside the account for all to read, such as its names.

        Raises Refusal: password_short, password_long; password_guessable for common ones, keys in a row,
        repeated parts, dates, and what is known with little added.
        """
        if len(password) < MIN_PASSWORD:
            raise Refusal("password_short", least=MIN_PASSWORD)
        if len(password) > MAX_PASSWORD:
            raise Refusal("password_long", most=MAX_PASSWORD)
        # Here and not above: its lists are 11 MiB, and most processes never see a password chosen.
        from zxcvbn import zxcvbn

        if zxcvbn(password[:LOOKED_AT], [*known, *PRODUCT])["guesses"] < GUESSES:
            raise Refusal("password_guessable")
        return self._hasher.hash(password)

    async def sign_in(
        self,
        username: str,
        password: str,
        address: str,
        replaces: str | None = None,
        agent: str = "",
    ) -> tuple[SignedIn, str]:
        """The new session and its token. It may await the second proof: then it stands for nobody yet,
        and `finish` makes one of it that does.

        Raises Refusal: login_failed, the same for an unknown name and a wrong password;
        login_throttled (`minutes` to wait); login_elsewhere, said to nobody but who knew the password.
        """
        user = await self._proved(username, password, address)
        if not (self._settings.local_sign_in or user.is_admin):
            raise Refusal("login_elsewhere")
        return await self.open(user, replaces, agent, proved_twice=False)

    async def open(
        self, user: User, replaces: str | None, agent: str, *, proved_twice: bool
    ) -> tuple[SignedIn, str]:
        """A session for who has been proved; one that awaits the second proof where that is still missing."""
        return await to_thread.run_sync(self._open, user, replaces, agent, not proved_twice)

    async def check_password(self, user: User, password: str, address: str) -> None:
        """Raises Refusal password_wrong, login_throttled: who found a screen open may not try for ever."""
        try:
            await self._proved(user.username, password, address)
        except Refusal as refusal:
            raise Refusal("password_wrong") if refusal.code == "login_failed" else refusal from None

    async def finish(self, token: str | None, code: str, address: str) -> tuple[SignedIn, str]:
        """The session that a code of the authenticator, or a recovery code, makes of one that awaits it.

        Raises Refusal: signed_out (it awaits nothing, or was left for too long), code_wrong, login_throttled.
        """
        waiting = await to_thread.run_sync(self._waiting, token)
        if waiting is None:
            raise Refusal("signed_out")
        await self.check_code(waiting.user, code, address)
        return await to_thread.run_sync(self._open, waiting.user, token, waiting.session.agent, False)

    async def check_code(self, user: User, code: str, address: str) -> None:
        """Uses up a code of the authenticator, or a recovery code. Raises code_wrong, login_throttled."""
        await to_thread.run_sync(self._use_code, user.id, code, address)

    def _use_code(self, user_id: UserId, code: str, address: str) -> None:
        account = f"code {user_id}"
        self._tries.count(address, account)
        if not self._code_fits(user_id, code, self._clock()):
            raise Refusal("code_wrong")
        self._tries.forgive(address, account)

    async def awaits(self, token: str | None) -> bool:
        """Whether this cookie's session awaits the second proof."""
        return await to_thread.run_sync(self._waiting, token) is not None

    async def waiting(self, token: str | None) -> SignedIn | None:
        """Whose session this is that awaits the second proof."""
        return await to_thread.run_sync(self._waiting, token)

    def _waiting(self, token: str | None) -> SignedIn | None:
        if not token or len(token) > 200:
            return None
        key = hash_of(token)
        session, user = self._store.sessions.with_users([key]).get(key, (None, None))
        if session is None or user is None or not session.awaits or user.disabled:
            return None
        return SignedIn(user, session) if self._clock() < session.expires_at else None

    def _code_fits(self, user_id: UserId, code: str, now: EpochMillis) -> bool:
        factors = self._store.second_factors
        factor = factors.get(user_id)
        if factor is None or not factor.confirmed:
            return False
        counter = matching(factor.secret, code[:MAX_CODE], now, factor.counter)
        if counter is not None:
            return factors.advance(user_id, counter)
        return factors.spend(user_id, recovery_key(code[:MAX_CODE]))

    async def count_address(self, address: str) -> None:
        """One more try from there, of no account yet. Raises Refusal login_throttled."""
        await to_thread.run_sync(self._tries.count, address)

    async def forgive_address(self, address: str) -> None:
        """That try was a good one."""
        await to_thread.run_sync(self._tries.forgive, address)

    async def _proved(self, username: str, password: str, address: str) -> User:
        return await to_thread.run_sync(self._prove, username.strip()[:MAX_USERNAME], password, address)

    def _prove(self, username: str, password: str, address: str) -> User:
        account = f"account {username.casefold()}"
        # Before the slow check, so that many tries at once do not slip through.
        self._tries.count(address, account)
        user = self._verified(username, password[: MAX_PASSWORD + 1])
        if user is None:
            raise Refusal("login_failed")
        self._tries.forgive(address, account)
        return user

    def _verified(self, username: str, password: str) -> User | None:
        user = self._store.users.by_username(username)
        known = user is not None and not user.disabled
        try:
            self._hasher.verify(user.password_hash if user and known else self._nobody, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return None
        if user is None or not known:
            return None
        if self._hasher.check_needs_rehash(user.password_hash):
            user = replace(user, password_hash=self._hasher.hash(password))
            self._store.users.update(user)
        return user

    def _open(self, user: User, replaces: str | None, agent: str, asked: bool) -> tuple[SignedIn, str]:
        """`asked`: by a password alone, which is half of it for who has a second factor."""
        token, now = self._token(), self._clock()
        factor = self._store.second_factors.get(user.id) if asked else None
        awaits = factor is not None and factor.confirmed
        lasts = WAITS if awaits else self._settings.session_days * 24 * 60 * MINUTE
        if replaces:
            self._store.sessions.delete(hash_of(replaces))
        self._store.sessions.delete_expired(now)
        session = LoginSession(
            token_hash=hash_of(token),
            user_id=user.id,
            csrf=self._token(),
            created_at=now,
            seen_at=now,
            expires_at=EpochMillis(now + lasts),
            agent=agent[:MAX_AGENT],
            awaits=awaits,
        )
        self._store.sessions.create(session)
        return SignedIn(user, session), token

    async def who(self, token: str | None) -> SignedIn | None:
        """Who this cookie stands for; None when it is unknown, too old or left idle."""
        key = key_of(token)
        return None if key is None else await self._present(key)

    def standing(self, token_hashes: Sequence[str]) -> Mapping[str, SignedIn]:
        """Those of these sessions that stand; the others are ended, the seen ones kept alive.

        Reads the store, so it is called in a thread.
        """
        now = self._clock()
        idle = self._settings.session_idle_minutes * MINUTE
        standing: dict[str, SignedIn] = {}
        for key, (session, user) in self._store.sessions.with_users(token_hashes).items():
            if now >= session.expires_at or now - session.seen_at >= idle or user.disabled:
                self._store.sessions.delete(key)
            elif session.awaits:
                continue
            else:
                standing[key] = SignedIn(user, session)
        seen = [key for key, who in standing.items() if now - who.session.seen_at >= TOUCH_EVERY]
        if seen:
            # A full disk must not send away people who may still read.
            with contextlib.suppress(StoreUnavailable):
                self._store.sessions.touch(seen, now)
        return standing

    async def sign_out(self, token: str | None) -> None:
        """End this session; `ended` is told whose it was."""
        user_id = await to_thread.run_sync(self._delete, token) if token else None
        if user_id is not None:
            self.ended(user_id)

    def _delete(self, token: str) -> UserId | None:
        session = self._store.sessions.get(hash_of(token))
        self._store.sessions.delete(hash_of(token))
        return None if session is None else session.user_id
