"""Dossiers, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import Dossier
from duthao.store.dossiers import Change, Event, PartRow
from duthao.store.memory_tables import Door, alone


class MemoryDossiers(Door):
    @alone
    def create(self, dossier: Dossier, parts: Sequence[PartRow], event: Event) -> bool:
        self._tables.need_document(dossier.document_id)
        self._tables.need_user(dossier.created_by)
        if any(one.is_open for one in self.of_documents([dossier.document_id])):
            return False
        self._tables.dossiers[dossier.id] = dossier
        self._tables.dossier_parts[dossier.id] = {one.id: one for one in parts}
        self._tables.dossier_events[dossier.id] = [(replace(event, place=1), None)]
        return True

    @alone
    def get(self, dossier_id: str) -> Dossier | None:
        return self._tables.dossiers.get(dossier_id)

    @alone
    def of_documents(self, document_ids: Sequence[DocumentId]) -> Sequence[Dossier]:
        return _newest(one for one in self._tables.dossiers.values() if one.document_id in set(document_ids))

    @alone
    def of_user(self, user_id: UserId) -> Sequence[Dossier]:
        rows = self._tables.dossier_parts.items()
        mine = {
            id_
            for id_, parts in rows
            if any(p.user_id == user_id and p.part == "person" for p in parts.values())
        }
        return _newest(self._tables.dossiers[id_] for id_ in mine)

    @alone
    def keep(self, dossier_id: str, change: Change) -> Event | None:
        kept = self._tables.dossiers.get(dossier_id)
        if kept is None or (change.dossier is not None and change.dossier.edition != kept.edition):
            return None
        if change.dossier is not None:
            self._tables.dossiers[dossier_id] = replace(
                kept, title=change.dossier.title, term=change.dossier.term, rules=change.dossier.rules,
                state=change.dossier.state, edition=kept.edition + 1,
            )  # fmt: skip
        parts = self._tables.dossier_parts[dossier_id]
        parts.update({one.id: one for one in change.put})
        for id_ in change.gone:
            parts.pop(id_, None)
        if change.current is not None:
            record = self._tables.documents[kept.document_id]
            self._tables.documents[kept.document_id] = replace(record, current_version=change.current)
        events = self._tables.dossier_events[dossier_id]
        event = replace(change.event, place=len(events) + 1, frozen=change.frozen is not None)
        events.append((event, change.frozen))
        return event

    @alone
    def parts(self, dossier_ids: Sequence[str]) -> Mapping[str, Sequence[PartRow]]:
        return {id_: tuple(self._tables.dossier_parts.get(id_, {}).values()) for id_ in dossier_ids}

    @alone
    def events(self, dossier_id: str) -> Sequence[Event]:
        return tuple(event for event, _ in self._tables.dossier_events.get(dossier_id, ()))

    @alone
    def frozen(self, dossier_id: str, place: int) -> bytes | None:
        rows = self._tables.dossier_events.get(dossier_id, ())
        return next((kept for event, kept in rows if event.place == place), None)


def _newest(found: Iterable[Dossier]) -> Sequence[Dossier]:
    return tuple(sorted(found, key=lambda one: (one.created_at, one.id), reverse=True))
