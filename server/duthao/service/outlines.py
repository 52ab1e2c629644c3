"""The outlines of the documents asked for last: from one question to the next mostly words have changed."""

from __future__ import annotations

from typing import Final

from duthao.domain.document import Document, DocumentId, Kind
from duthao.domain.outline import Entry, Outline, outline

KEPT: Final = 16


class Outlines:
    def __init__(self) -> None:
        self._known: dict[DocumentId, Outline] = {}

    def of(self, document_id: DocumentId, document: Document) -> Outline:
        """The same as `outline(document)`, sooner. May be asked from several threads."""
        made = outline(document, self._known.pop(document_id, None))
        self._known[document_id] = made
        for oldest in list(self._known)[:-KEPT]:
            self._known.pop(oldest, None)
        return made


def article_of(read: Outline, at: int) -> Entry:
    """The article an entry belongs to, itself perhaps; without one the unit at the top above it."""
    entry = read.entries[at]
    while entry.provision.kind is not Kind.ARTICLE and entry.parent is not None:
        entry = read.entries[entry.parent]
    return entry
