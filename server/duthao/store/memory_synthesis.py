"""The synthesis of opinions, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from duthao.domain.anchors import Stretch
from duthao.domain.document import DocumentId
from duthao.domain.synthesis.groups import Change, Group, Piece
from duthao.store.memory_tables import Door, alone
from duthao.store.synthesis import Declined


class MemorySyntheses(Door):
    @alone
    def groups(self, document_id: DocumentId) -> Sequence[Group]:
        here = [one for one in self._tables.opinion_groups.values() if one.document_id == document_id]
        return tuple(sorted(here, key=lambda one: (one.created_at, one.id)))

    @alone
    def pieces(self, document_id: DocumentId) -> Sequence[Piece]:
        here = [one for one in self._tables.opinion_pieces.items() if one[0][0] == document_id]
        return tuple(piece for _, pieces in sorted(here, key=lambda pair: pair[0]) for piece in pieces)

    @alone
    def keep(self, document_id: DocumentId, change: Change) -> bool:
        self._tables.need_document(document_id)
        kept = self._tables.opinion_groups
        for id_, seen in (*change.gone, *((one.id, one.edition) for one in change.put)):
            was = kept.get(id_)
            if (was.edition if was is not None and was.document_id == document_id else 0) != seen:
                return False
        leaving = {id_ for id_, _ in change.gone} | {one.id for one in change.put}
        taken = {
            opinion
            for one in kept.values()
            if one.document_id == document_id and one.id not in leaving
            for opinion in one.opinions
        }
        if not taken.isdisjoint(opinion for one in change.put for opinion in one.opinions):
            return False
        for id_, _ in change.gone:
            kept.pop(id_, None)
        for one in change.put:
            kept[one.id] = replace(one, edition=one.edition + 1)
        for whole, pieces in (change.pieces or {}).items():
            self._tables.opinion_pieces[document_id, whole] = pieces
        return True

    @alone
    def declined(self, document_id: DocumentId) -> Sequence[Declined]:
        here = [one for one in self._tables.opinions_declined.values() if one.document_id == document_id]
        return tuple(sorted(here, key=lambda one: (one.at, one.id)))

    @alone
    def decline(self, one: Declined) -> None:
        self._tables.need_document(one.document_id)
        self._tables.need_user(one.by)
        self._tables.opinions_declined[one.id] = one

    @alone
    def hold(self, document_id: DocumentId, held: Mapping[str, tuple[Stretch, ...]]) -> None:
        for group in self.groups(document_id):
            if any(link.id in held for link in group.links):
                links = tuple(replace(link, held=held.get(link.id, link.held)) for link in group.links)
                self._tables.opinion_groups[group.id] = replace(group, links=links)
