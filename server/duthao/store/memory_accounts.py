"""Tries to sign in, second proofs, and who people are at the office's sign-in service, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from duthao.domain.document import UserId
from duthao.store.accounts import Identity, SecondFactor
from duthao.store.memory_tables import Door, alone


class MemoryTries(Door):
    @alone
    def count(self, limits: Mapping[str, int], at: int, since: int) -> int:
        kept = self._tables.tries
        for key in list(kept):
            kept[key] = [one for one in kept[key] if one > since]
            if not kept[key]:
                del kept[key]
        full = [times[-limit] for key, limit in limits.items() if len(times := kept.get(key, [])) >= limit]
        if not full:
            for key in limits:
                kept.setdefault(key, []).append(at)
        return max(full, default=0)

    @alone
    def take_back(self, key: str) -> None:
        if times := self._tables.tries.get(key):
            times.pop()

    @alone
    def forget(self, key: str) -> None:
        self._tables.tries.pop(key, None)


class MemorySecondFactors(Door):
    @alone
    def get(self, user_id: UserId) -> SecondFactor | None:
        return self._tables.second_factors.get(user_id)

    @alone
    def put(self, factor: SecondFactor) -> None:
        self._tables.need_user(factor.user_id)
        self._tables.second_factors[factor.user_id] = factor

    @alone
    def delete(self, user_id: UserId) -> None:
        self._tables.second_factors.pop(user_id, None)

    @alone
    def advance(self, user_id: UserId, counter: int) -> bool:
        held = self._tables.second_factors.get(user_id)
        if held is None or held.counter >= counter:
            return False
        self._tables.second_factors[user_id] = replace(held, counter=counter)
        return True

    @alone
    def spend(self, user_id: UserId, code: str) -> bool:
        held = self._tables.second_factors.get(user_id)
        if held is None or code not in held.codes:
            return False
        left = tuple(one for one in held.codes if one != code)
        self._tables.second_factors[user_id] = replace(held, codes=left)
        return True


class MemoryIdentities(Door):
    @alone
    def get(self, issuer: str, subject: str) -> Identity | None:
        return self._tables.identities.get((issuer, subject))

    @alone
    def of(self, user_id: UserId) -> Sequence[Identity]:
        mine = [one for one in self._tables.identities.values() if one.user_id == user_id]
        return tuple(sorted(mine, key=lambda one: (one.made_at, one.issuer)))

    @alone
    def add(self, identity: Identity) -> bool:
        self._tables.need_user(identity.user_id)
        mine = (identity.issuer, identity.user_id)
        held = self._tables.identities
        key = (identity.issuer, identity.subject)
        if key in held or any((one.issuer, one.user_id) == mine for one in held.values()):
            return False
        held[key] = identity
        return True

    @alone
    def delete_for(self, user_id: UserId) -> None:
        for one in self.of(user_id):
            del self._tables.identities[one.issuer, one.subject]
