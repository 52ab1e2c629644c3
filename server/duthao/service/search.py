"""Searching what one may read: drafts, versions, and what was said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from anyio import to_thread

from duthao.domain.days import VIETNAM
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.search.excerpt import Piece, excerpt
from duthao.domain.search.folding import words
from duthao.domain.search.items import Item, ItemKind
from duthao.domain.search.query import Query, read_query
from duthao.domain.text import clean_line
from duthao.service.access import ALLOWED, MAX_ID, Permission
from duthao.service.ports import Tools
from duthao.store.ports import DocumentRecord, User, Version
from duthao.store.search import NOTHING, Found, Sought

PAGE: Final = 10
"""Documents on a page."""
SHOWN: Final = 5
"""Hits shown of each."""
ALONE: Final = 20
"""Hits on a page of one document alone."""
MAX_PAGE: Final = 500
MAX_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks: words, one document alone, one kind, a person's name, days as YYYY-MM-DD;
    "" for any. `page` from 1.
    """

    words: str = ""
    document: str = ""
    kind: str = ""
    person: str = ""
    since: str = ""
    until: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """An item, its author and the version it leads to where they are known, and the words around."""

    item: Item
    author: User | None
    version: Version | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class InDocument:
    """What was found in one document: `found` in all, `hits` shown."""

    record: DocumentRecord
    found: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """`pages` is at least 1. `is_asked`: whether there was anything to look for."""

    documents: int
    items: int
    groups: tuple[InDocument, ...]
    pages: int
    is_asked: bool


class Searches:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def find(self, user: User, asked: Asked) -> Results:
        """Raises Refusal: search_kind_unknown, search_date_bad (`date`), document_not_found when the one
        asked for is not theirs to read.
        """
        query, kind = read_query(asked.words), _kind(asked.kind)
        since, until = _day(asked.since), _day(asked.until, after=1)
        return await to_thread.run_sync(self._find, user, asked, query, kind, since, until)

    def _find(
        self, user: User, asked: Asked, query: Query, kind: ItemKind | None, since: int | None,
        until: int | None,
    ) -> Results:  # fmt: skip
        store = self._tools.store
        is_asked = not query.is_empty or bool(asked.person.strip()) or since is not None or until is not None
        readable = {} if user.disabled else self._readable(user)
        if asked.document:
            wanted = DocumentId(asked.document[: MAX_ID + 1])
            if wanted not in readable:
                raise Refusal("document_not_found")
            readable = {wanted: readable[wanted]}
        people = {one.id: one for one in store.users.all()}
        page = min(max(asked.page, 1), MAX_PAGE)
        alone = bool(asked.document)
        authors, names = None, frozenset[str]()
        if wanted_words := _name_words(asked.person):
            authors = _named(wanted_words, people)
            written = store.search.names(tuple(readable))
            names = frozenset(one for one in written if wanted_words <= {w.bare for w in words(one)})
        sought = Sought(
            query, tuple(readable), None if kind is None else frozenset((kind,)), authors, names, since,
            until, first=0 if alone else (page - 1) * PAGE, page=PAGE,
            after=(page - 1) * ALONE if alone else 0, most=ALONE if alone else SHOWN,
        )  # fmt: skip
        found = store.search.find(sought) if is_asked else NOTHING
        return Results(
            found.documents, found.items, self._shown(found, readable, people, query),
            max(-(-found.items // ALONE) if alone else -(-found.documents // PAGE), 1), is_asked,
        )  # fmt: skip

    def _readable(self, user: User) -> dict[DocumentId, DocumentRecord]:
        """Each document that `access` would open for this person to read."""
        return {
            record.id: record
            for record, membership in self._tools.store.documents.for_user(user.id)
            if Permission.READ in ALLOWED[membership.role]
        }

    def _shown(
        self, found: Found, readable: Mapping[DocumentId, DocumentRecord],
        people: Mapping[UserId, User], query: Query,
    ) -> tuple[InDocument, ...]:  # fmt: skip
        shown: list[InDocument] = []
        for group in found.groups:
            versions: dict[str, Version] = {}
            if any(item.version for item in group.items):
                listed = self._tools.store.versions.for_document(group.document_id)
                versions = {version.id: version for version in listed}
            hits = tuple(
                Hit(
                    item,
                    people.get(item.author) if item.author else None,
                    versions.get(item.version or ""),
                    excerpt(item.text, query.marked),
                )
                for item in group.items
            )
            shown.append(InDocument(readable[group.document_id], group.found, hits))
        return tuple(shown)


def _kind(kind: str) -> ItemKind | None:
    if not kind:
        return None
    try:
        return ItemKind(kind)
    except ValueError:
        raise Refusal("search_kind_unknown") from None


def _day(written: str, after: int = 0) -> int | None:
    """The first moment of the day in Vietnam, or of the `after`th following it, in milliseconds."""
    if not written.strip():
        return None
    try:
        day = date.fromisoformat(written.strip()[:10]) + timedelta(days=after)
    except (ValueError, OverflowError):
        raise Refusal("search_date_bad", date=written[:20]) from None
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp()) * 1000


def _name_words(typed: str) -> frozenset[str]:
    """The words of the name typed, without marks; none when nobody is named."""
    return frozenset(word.bare for word in words(clean_line(typed[:MAX_NAME])))


def _named(wanted: frozenset[str], people: Mapping[UserId, User]) -> frozenset[UserId]:
    """Everybody whose name has these words."""
    return frozenset(
        id_ for id_, one in people.items()
        if wanted <= {word.bare for word in words(f"{one.name} {one.username}")}
    )  # fmt: skip
