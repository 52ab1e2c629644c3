"""The index in memory: every item is looked at, by the same laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from duthao.domain.document import DocumentId
from duthao.domain.search.folding import words
from duthao.domain.search.items import Item, ItemKind, Known, Renewal
from duthao.domain.search.query import address_of, holds
from duthao.store.memory_tables import Door, alone
from duthao.store.search import Found, Group, Indexed, Sought


class MemorySearchIndex(Door):
    @alone
    def marks(self) -> Mapping[DocumentId, str]:
        tables, marks = self._tables, {}
        for id_, record in tables.documents.items():
            if id_ not in tables.journal:
                continue
            here = (
                record.title, len(tables.journal[id_]),
                [one.id for one in tables.versions.values() if one.document_id == id_],
                [(one.id, one.edition) for one in tables.comments.values() if one.document_id == id_],
                [(one.id, one.edition) for one in tables.proposals.values() if one.document_id == id_],
                [
                    (one.id, one.edition)
                    for one in tables.opinion_groups.values() if one.document_id == id_
                ],
                [
                    (one.id, one.id in tables.opinions_gone)
                    for one in tables.opinions.values() if one.document_id == id_
                ],
            )  # fmt: skip
            marks[id_] = repr(here)
        return marks

    @alone
    def indexed(self) -> Mapping[DocumentId, str]:
        return {id_: mark for id_, (mark, _) in self._tables.search_marks.items()}

    @alone
    def known(self, document_id: DocumentId) -> Indexed:
        items = self._tables.search_items.get(document_id, {})
        return Indexed(
            self._tables.search_marks.get(document_id, ("", 0))[0],
            frozenset(self._tables.search_versions.get(document_id, ())),
            {key: Known(item.digest, item.version, item.in_draft) for key, item in items.items()},
        )

    @alone
    def renew(self, document_id: DocumentId, renewal: Renewal, versions: frozenset[str]) -> None:
        self._tables.need_document(document_id)
        items = self._tables.search_items.setdefault(document_id, {})
        for key in renewal.gone:
            items.pop(key, None)
        for key in renewal.left:
            items[key] = replace(items[key], in_draft=False)
        items.update((item.key, item) for item in renewal.put)
        self._tables.search_versions.setdefault(document_id, set()).update(versions)

    @alone
    def mark(self, document_id: DocumentId, mark: str, edited_at: int) -> None:
        self._tables.need_document(document_id)
        self._tables.search_marks[document_id] = mark, edited_at

    @alone
    def forget(self) -> None:
        for table in (self._tables.search_items, self._tables.search_marks, self._tables.search_versions):
            table.clear()

    @alone
    def names(self, documents: Sequence[DocumentId]) -> frozenset[str]:
        here = (self._tables.search_items.get(id_, {}) for id_ in documents)
        return frozenset(item.name for items in here for item in items.values() if item.name)

    @alone
    def find(self, sought: Sought) -> Found:
        found: list[tuple[int, int, DocumentId, list[Item]]] = []
        for document_id in sought.documents:
            ranked = [
                (rank, not item.in_draft, item.place, at, item)
                for at, item in enumerate(self._tables.search_items.get(document_id, {}).values())
                if self._is_open(document_id, item, sought) and (rank := _rank(item, sought)) is not None
            ]
            ranked.sort(key=lambda one: one[:4])
            if ranked:
                items = [one[-1] for one in ranked]
                found.append((ranked[0][0], -len(ranked), document_id, items))
        found.sort(key=lambda one: one[:3])
        shown = found[sought.first : sought.first + sought.page]
        return Found(
            len(found),
            sum(len(one[3]) for one in found),
            tuple(
                Group(id_, len(items), tuple(items[sought.after : sought.after + sought.most]))
                for _, _, id_, items in shown
            ),
        )

    def _is_open(self, document_id: DocumentId, item: Item, sought: Sought) -> bool:
        at = item.at if item.at is not None else self._tables.search_marks.get(document_id, ("", 0))[1]
        return (
            (sought.kinds is None or item.kind in sought.kinds)
            and (sought.authors is None or item.author in sought.authors or item.name in sought.names)
            and (sought.since is None or at >= sought.since)
            and (sought.until is None or at < sought.until)
        )


def _rank(item: Item, sought: Sought) -> int | None:
    """How close it is, 0 the closest; None when it is not found."""
    query, said = sought.query, words(item.text)
    if query.is_empty:
        return 0
    if query.address and item.kind is ItemKind.PROVISION:
        address = address_of(item.path)
        below = bool(query.rest) and address.startswith(f"{query.address}/")
        if (address == query.address or below) and holds(query.rest, said):
            return 0
    for rank, condition in enumerate(query.ranks, 1):
        if holds(condition, said):
            return rank
    return None
