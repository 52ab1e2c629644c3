"""The door to the index of what can be found. It holds nothing that is not elsewhere in the store, so it
may be forgotten and made anew at any time; a backup leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from duthao.domain.document import DocumentId, UserId
from duthao.domain.search.items import Item, ItemKind, Known, Renewal
from duthao.domain.search.query import Query


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index has of a document: the mark it was made at, the versions and items in it."""

    mark: str
    versions: frozenset[str]
    items: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked of the index.

    `kinds` and `authors`: only these, None for any; `names` beside `authors` are of who has no account, as
    they are written. `since` <= date < `until`, milliseconds, None for open.
    Of `page` documents after `first` each shows `most` items after `after`.
    """

    query: Query
    documents: Sequence[DocumentId]
    kinds: frozenset[ItemKind] | None = None
    authors: frozenset[UserId] | None = None
    names: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    first: int = 0
    page: int = 10
    after: int = 0
    most: int = 5


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one document: how much in all, and what is shown of it, the closest first."""

    document_id: DocumentId
    found: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`documents` and `items`: how many there are in all."""

    documents: int
    items: int
    groups: tuple[Group, ...]


NOTHING = Found(0, 0, ())


class SearchIndex(Protocol):
    """The index. Raises as every door: StoreUnavailable; ValueError for a document that is not there."""

    def marks(self) -> Mapping[DocumentId, str]:
        """A mark for each document as it is now: another one when anything to be found has changed."""
        ...

    def indexed(self) -> Mapping[DocumentId, str]:
        """The mark each document in the index was indexed at."""
        ...

    def known(self, document_id: DocumentId) -> Indexed: ...
    def renew(self, document_id: DocumentId, renewal: Renewal, versions: frozenset[str]) -> None:
        """Write it, and that these versions are in the index. Some at a time: others write meanwhile."""
        ...

    def mark(self, document_id: DocumentId, mark: str, edited_at: int) -> None:
        """All of it is written: the document was like `mark`, its draft last edited at `edited_at`."""
        ...

    def names(self, documents: Sequence[DocumentId]) -> frozenset[str]:
        """Of who gave something in these documents, as they are written: units, people without an account."""
        ...

    def find(self, sought: Sought) -> Found:
        """Documents with the closest items first, those with more of them first among equals."""
        ...

    def forget(self) -> None:
        """Everything."""
        ...


class SearchDoors(Protocol):
    """What a store has for searching."""

    @property
    def search(self) -> SearchIndex: ...
