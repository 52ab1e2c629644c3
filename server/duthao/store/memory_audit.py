"""The log of who did what, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from duthao.domain.audit import Record, Seal, chained, seal_of
from duthao.store.audit import LOOK, AuditPage, Place, Wanted
from duthao.store.memory_tables import Door, alone


class MemoryAuditLog(Door):
    @alone
    def append(self, records: Sequence[Record]) -> tuple[Record, ...]:
        made = chained(self._end(), records)
        self._tables.audit.extend(made)
        return made

    def _end(self) -> Seal:
        log = self._tables.audit
        return seal_of(log[-1]) if log else self._tables.audit_front

    @alone
    def bounds(self) -> tuple[Seal, Seal]:
        return self._tables.audit_front, self._end()

    @alone
    def after(self, seq: int, limit: int = 1000) -> Sequence[Record]:
        return tuple(one for one in self._tables.audit if one.seq > seq)[:limit]

    @alone
    def page(self, wanted: Wanted, after: Place | None = None, limit: int = 50) -> AuditPage:
        found = sorted(self._tables.audit, key=lambda one: (one.at, one.seq), reverse=True)
        kept = [
            one for one in found
            if (after is None or (one.at, one.seq) < after) and _is_wanted(one, wanted)
        ]  # fmt: skip
        looked = kept[:LOOK] if wanted.words else kept
        words = wanted.words.lower()
        met = [one for one in looked if not words or words in _text(one)]
        if len(met) > limit:
            return AuditPage(tuple(met[:limit]), (met[limit - 1].at, met[limit - 1].seq))
        more = (looked[-1].at, looked[-1].seq) if len(kept) > len(looked) else None
        return AuditPage(tuple(met), more)

    @alone
    def drop_before(self, at: int) -> int:
        log = self._tables.audit
        kept = next((place for place, one in enumerate(log) if one.at >= at), len(log))
        if kept:
            self._tables.audit_front = seal_of(log[kept - 1])
            del log[:kept]
        return kept


def _is_wanted(one: Record, wanted: Wanted) -> bool:
    return (
        (wanted.users is None or one.user_id in wanted.users)
        and (not wanted.document_id or one.document_id == wanted.document_id)
        and (wanted.action is None or one.action is wanted.action)
        and (wanted.since is None or one.at >= wanted.since)
        and (wanted.until is None or one.at < wanted.until)
    )


def _text(one: Record) -> str:
    return "\n".join((one.name, one.what, one.details, one.address)).lower()
