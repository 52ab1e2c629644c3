"""Second proofs at sign-in, in memory."""

from __future__ import annotations

from dataclasses import replace

from duthao.domain.document import UserId
from duthao.store.accounts import SecondFactor
from duthao.store.memory_tables import Door, alone


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
