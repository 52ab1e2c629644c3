"""What was refused, gathered: one record with a count for a person, a thing and a minute.

Who is refused may ask again as fast as a program can; the log of who did what must not grow at that pace.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from duthao.domain.audit import Record, said

MINUTE: Final = 60_000
THINGS: Final = 20
"""Different things of one person in a minute that are told apart; further ones are one record together."""
MOST: Final = 1_000
"""Records waiting, of all people together; whoever else is refused then is counted in one more."""

_Key = tuple[str, str, str]
"""Person, address, thing: the thing is empty for many together, and so are all three for many people."""


@dataclass
class _Gathered:
    first: Record
    count: int = 1


class Refusals:
    """Kept by whoever has a clock: `add` what is refused now, store what `due` gives back."""

    def __init__(self) -> None:
        self._waiting: dict[_Key, _Gathered] = {}
        self._things: Counter[tuple[str, str]] = Counter()

    def add(self, record: Record, thing: str) -> None:
        """`thing`: what was asked for, by its id; never empty."""
        who = record.user_id, record.address
        key: _Key = (*who, thing)
        if key not in self._waiting and self._things[who] >= THINGS:
            key, record = (*who, ""), replace(record, document_id="")
        if key not in self._waiting and len(self._waiting) >= MOST:
            key, record = ("", "", ""), replace(record, document_id="", user_id="", name="", address="")
        if (known := self._waiting.get(key)) is not None:
            known.count += 1
            return
        self._waiting[key] = _Gathered(record)
        self._things[key[:2]] += 1

    def due(self, now: int) -> tuple[Record, ...]:
        """Those that began a minute ago or longer, each given once, in the order they began."""
        return self._taken([key for key, one in self._waiting.items() if one.first.at <= now - MINUTE])

    def all(self) -> tuple[Record, ...]:
        """All that wait, each given once."""
        return self._taken(list(self._waiting))

    def _taken(self, keys: list[_Key]) -> tuple[Record, ...]:
        found = []
        for key in keys:
            one = self._waiting.pop(key)
            self._things[key[:2]] -= 1
            details = {**json.loads(one.first.details), "times": one.count}
            if not key[2]:
                details["many"] = 1
            found.append(replace(one.first, details=said(details)))
        self._things += Counter()  # who has nothing left waiting is forgotten
        return tuple(found)
