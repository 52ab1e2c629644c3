"""The door to the log of who did what: it is appended to, read, and shortened from the front.

As in `store.ports`: every method blocks, times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from duthao.domain.audit import Action, Record, Seal

LOOK: Final = 5_000
"""Records looked through for words in one page; the page then goes on from there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: None or empty for any. `users`: of these. `since` <= at < `until`. `words`: in the
    name, the kind of act, the details or the address (upper and lower case of ASCII alike)."""

    users: frozenset[str] | None = None
    document_id: str = ""
    action: Action | None = None
    since: int | None = None
    until: int | None = None
    words: str = ""


ANY: Final = Wanted()
Place = tuple[int, int]
"""(at, seq) of a record: pages go on from there."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Newest first. `after`: where to go on; None when there is nothing older."""

    records: tuple[Record, ...]
    after: Place | None


class AuditLog(Protocol):
    def append(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """Sealed after the chain's end, all or none, whichever processes append at once."""
        ...

    def bounds(self) -> tuple[Seal, Seal]:
        """The seal before the first record kept, and that of the last one."""
        ...

    def after(self, seq: int, limit: int = 1000) -> Sequence[Record]:
        """The records after `seq`, oldest first."""
        ...

    def page(self, wanted: Wanted, after: Place | None = None, limit: int = 50) -> AuditPage: ...
    def drop_before(self, at: int) -> int:
        """Forget the records at the front that are older, up to the first that is not; their seal stays.
        How many."""
        ...


class AuditDoors(Protocol):
    @property
    def audit(self) -> AuditLog: ...
