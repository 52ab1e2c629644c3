"""The doors to tries to sign in, to second proofs, and to who people are at the office's sign-in service.

As in `store.ports`: every method blocks, times are UTC milliseconds, "not there" is None or empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from duthao.domain.document import UserId
from duthao.store.audit import AuditDoors


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """`secret` is base32; a factor that is not `confirmed` is not asked for. `counter`: the last period
    whose code was used. `codes`: recovery codes left, as `domain.second_factor.recovery_key` gives them.
    """

    user_id: UserId
    secret: str
    confirmed: bool
    counter: int
    codes: tuple[str, ...]
    made_at: int


class SecondFactors(Protocol):
    def get(self, user_id: UserId) -> SecondFactor | None: ...
    def put(self, factor: SecondFactor) -> None:
        """In place of whatever that person had."""
        ...

    def delete(self, user_id: UserId) -> None: ...
    def advance(self, user_id: UserId, counter: int) -> bool:
        """A code of that period is used now; False when it, or a later one, was before."""
        ...

    def spend(self, user_id: UserId, code: str) -> bool:
        """A recovery code is used now; False when it is not there (any more)."""
        ...


class Tries(Protocol):
    """Tries to sign in, by account and by address, counted over all processes of a house."""

    def count(self, limits: Mapping[str, int], at: int, since: int) -> int:
        """One more try under each of these keys, at most so many of each after `since`.

        0; or the moment of the try that has to grow old first, and then nothing was counted. Of tries at once
        that together are too many, all may be refused. Those up to `since` are forgotten.
        """
        ...

    def take_back(self, key: str) -> None:
        """The newest one is no longer counted."""
        ...

    def forget(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this account is at the sign-in service `issuer`: what it calls `subject` never changes there."""

    issuer: str
    subject: str
    user_id: UserId
    made_at: int


class Identities(Protocol):
    def get(self, issuer: str, subject: str) -> Identity | None: ...
    def of(self, user_id: UserId) -> Sequence[Identity]:
        """The oldest first."""
        ...

    def add(self, identity: Identity) -> bool:
        """False, and nothing is changed, when that subject has an account or the account a subject there."""
        ...

    def delete_for(self, user_id: UserId) -> None: ...


class AccountDoors(AuditDoors, Protocol):
    """What a store has for accounts beside people and their sessions."""

    @property
    def tries(self) -> Tries: ...
    @property
    def second_factors(self) -> SecondFactors: ...
    @property
    def identities(self) -> Identities: ...
