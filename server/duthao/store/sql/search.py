"""The index in SQL: FTS5 in SQLite, tsvector in PostgreSQL, fed with words that we have folded ourselves.

Neither database's own idea of a word, a mark or a language is used, so both find the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    and_,
    bindparam,
    case,
    column,
    delete,
    func,
    literal,
    or_,
    select,
    table,
    text,
    true,
    update,
)

from duthao.domain.document import DocumentId, UserId
from duthao.domain.search.folding import words
from duthao.domain.search.items import Item, ItemKind, Known, Renewal
from duthao.domain.search.query import Condition, Form, Phrase, address_of
from duthao.store.search import NOTHING, Found, Group, Indexed, Sought
from duthao.store.sql.engine import Database
from duthao.store.sql.opinion_tables import opinions
from duthao.store.sql.search_tables import search_documents, search_items, search_versions
from duthao.store.sql.synthesis_tables import opinion_groups
from duthao.store.sql.tables import comments, documents, journal_ends, proposals, versions

BATCH = 100
"""Items of one transaction: who writes waits for no more."""

T = TypeVar("T")

_words = table("search_words", column("rowid"), column("item"), column("said"))


class SqlSearchIndex:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_sqlite = database.backend == "sqlite"

    # Which documents have changed

    def marks(self) -> Mapping[DocumentId, str]:
        with self._database.reading() as connection:
            seen: dict[str, list[object]] = {
                row.id: [row.title, row.seq]
                for row in connection.execute(
                    select(documents.c.id, documents.c.title, journal_ends.c.seq).join(
                        journal_ends, journal_ends.c.document_id == documents.c.id
                    )
                )
            }
            for what, changes in (
                (versions, func.count()),
                # A thread that is removed and a new one leave the sum as it was, not the newest moment.
                (comments, func.sum(comments.c.edition) + func.max(comments.c.created_at)),
                (proposals, func.sum(proposals.c.edition)),
                (opinions, func.sum(case((opinions.c.gone == true(), 1), else_=0))),
                (opinion_groups, func.sum(opinion_groups.c.edition) + func.max(opinion_groups.c.created_at)),
            ):
                counted = select(what.c.document_id, func.count().label("n"), changes.label("changes"))
                for row in connection.execute(counted.group_by(what.c.document_id)):
                    if row.document_id in seen:
                        seen[row.document_id] += [what.name, row.n, int(row.changes)]
        return {
            DocumentId(id_): hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()
            for id_, values in seen.items()
        }

    def indexed(self) -> Mapping[DocumentId, str]:
        with self._database.reading() as connection:
            rows = connection.execute(select(search_documents.c.document_id, search_documents.c.mark))
            return {DocumentId(row.document_id): row.mark for row in rows}

    def known(self, document_id: DocumentId) -> Indexed:
        here = search_items.c.document_id == document_id
        columns = (
            search_items.c.key, search_items.c.digest, search_items.c.version, search_items.c.in_draft,
        )  # fmt: skip
        with self._database.reading() as connection:
            mark = connection.execute(
                select(search_documents.c.mark).where(search_documents.c.document_id == document_id)
            ).scalar()
            kept = connection.execute(
                select(search_versions.c.version_id).where(search_versions.c.document_id == document_id)
            ).scalars()
            versions_ = frozenset(kept)
            rows = connection.execute(select(*columns).where(here)).all()
        return Indexed(
            mark or "",
            versions_,
            {row.key: Known(row.digest, row.version, bool(row.in_draft)) for row in rows},
        )

    # Writing

    def renew(self, document_id: DocumentId, renewal: Renewal, versions: frozenset[str]) -> None:
        here = search_items.c.document_id == document_id
        for keys in _batched(renewal.gone):
            with self._database.writing() as connection:
                connection.execute(delete(search_items).where(here, search_items.c.key.in_(keys)))
        for keys in _batched(renewal.left):
            with self._database.writing() as connection:
                # Without a digest, so that it is written anew when it comes back.
                values = {"in_draft": False, "digest": ""}
                connection.execute(
                    update(search_items).where(here, search_items.c.key.in_(keys)).values(values)
                )
        for items in _batched(renewal.put):
            with self._database.writing() as connection:
                self._put(connection, document_id, items)
        with self._database.writing() as connection:
            for version_id in sorted(versions):
                connection.execute(
                    self._database.insert(search_versions)
                    .values(version_id=version_id, document_id=document_id)
                    .on_conflict_do_nothing()
                )

    def _put(self, connection: Connection, document_id: DocumentId, items: Sequence[Item]) -> None:
        kept = self._database.insert(search_items)
        values = _values(document_id, items[0])
        kept_anew = kept.on_conflict_do_update(
            index_elements=["document_id", "key"],
            set_={name: kept.excluded[name] for name in values if name not in ("document_id", "key")},
        ).returning(search_items.c.id)
        for item in items:
            id_ = connection.execute(kept_anew, _values(document_id, item)).scalar_one()
            self._put_words(connection, id_, item.text)

    def _put_words(self, connection: Connection, id_: int, said: str) -> None:
        # An editor's program may put any letter into the draft; PostgreSQL holds no NUL.
        said = said.replace("\x00", " ")
        read = words(said)
        if self._is_sqlite:
            connection.execute(text("DELETE FROM search_words WHERE rowid = :id"), {"id": id_})
            connection.execute(
                text(
                    "INSERT INTO search_words (rowid, exact, bare, said) VALUES (:id, :exact, :bare, :said)"
                ),
                {
                    "id": id_,
                    "exact": " ".join(word.exact for word in read),
                    "bare": " ".join(word.bare for word in read),
                    "said": said,
                },
            )
            return
        connection.execute(
            text(
                "INSERT INTO search_words (item, exact, bare, said)"
                " VALUES (:id, CAST(:exact AS tsvector), CAST(:bare AS tsvector), :said)"
                " ON CONFLICT (item) DO UPDATE SET exact = excluded.exact,"
                " bare = excluded.bare, said = excluded.said"
            ),
            {
                "id": id_,
                "exact": _vector([word.exact for word in read]),
                "bare": _vector([word.bare for word in read]),
                "said": said,
            },
        )

    def mark(self, document_id: DocumentId, mark: str, edited_at: int) -> None:
        row = {"document_id": document_id, "mark": mark, "edited_at": edited_at}
        kept = self._database.insert(search_documents).values(row)
        with self._database.writing() as connection:
            connection.execute(
                kept.on_conflict_do_update(
                    index_elements=["document_id"], set_={"mark": mark, "edited_at": edited_at}
                )
            )

    def forget(self) -> None:
        with self._database.writing() as connection:
            for what in (search_documents, search_versions, search_items):
                connection.execute(delete(what))
            connection.execute(text("DELETE FROM search_words"))

    # Finding

    def names(self, documents: Sequence[DocumentId]) -> frozenset[str]:
        here = search_items.c
        query = select(here.name).where(here.document_id.in_(documents), here.name != "").distinct()
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def find(self, sought: Sought) -> Found:
        if not sought.documents:
            return NOTHING
        matched = self._matched(sought, sought.documents)
        counted = select(
            matched.c.document_id, func.min(matched.c.rank).label("best"), func.count().label("n")
        )
        with self._database.reading() as connection:
            groups = connection.execute(counted.group_by(matched.c.document_id)).all()
            groups = sorted(groups, key=lambda row: (row.best, -row.n, row.document_id))
            shown = groups[sought.first : sought.first + sought.page]
            items = self._shown(connection, [row.document_id for row in shown], sought)
        return Found(
            len(groups),
            sum(row.n for row in groups),
            tuple(
                Group(DocumentId(row.document_id), row.n, tuple(items.get(row.document_id, ())))
                for row in shown
            ),
        )

    def _shown(self, connection: Connection, ids: Sequence[str], sought: Sought) -> dict[str, list[Item]]:
        matched = self._matched(sought, ids)
        order = (matched.c.rank, matched.c.in_draft.desc(), matched.c.place, matched.c.id)
        numbered = select(
            matched.c.id,
            func.row_number().over(partition_by=matched.c.document_id, order_by=order).label("n"),
        ).subquery()
        words_of = _words.c.rowid if self._is_sqlite else _words.c.item
        query = (
            select(search_items, _words.c.said)
            .join(numbered, numbered.c.id == search_items.c.id)
            .join(_words, words_of == search_items.c.id)
            .where(numbered.c.n > sought.after, numbered.c.n <= sought.after + sought.most)
            .order_by(search_items.c.document_id, numbered.c.n)
        )
        items: dict[str, list[Item]] = {}
        for row in connection.execute(query):
            items.setdefault(row.document_id, []).append(_item(row))
        return items

    def _matched(self, sought: Sought, among: Sequence[str]) -> FromClause:
        """Everything that is found among these documents: id, document_id, rank, in_draft, place."""
        here, query = search_items.c, sought.query
        where = [here.document_id.in_(among), *_narrowed(sought)]
        ranks: list[tuple[ColumnElement[bool], int]] = []
        if query.address:
            at = here.address == query.address
            if query.rest:
                below = func.substr(here.address, 1, len(query.address) + 1) == f"{query.address}/"
                at = and_(or_(at, below), self._meets(query.rest, "at"))
            ranks.append((and_(here.kind == ItemKind.PROVISION.value, at), 0))
        ranks += [(self._meets(ask, f"r{n}"), n + 1) for n, ask in enumerate(query.ranks)]
        rank: ColumnElement[Any] = literal(0)
        if ranks:
            # Whatever meets a closer condition meets the last one too, save for what is at the address.
            where.append(or_(ranks[0][0], ranks[-1][0]) if query.address else ranks[-1][0])
            rank = case(*ranks[:-1], else_=ranks[-1][1]) if len(ranks) > 1 else literal(ranks[0][1])
        return (
            select(here.id, here.document_id, here.in_draft, here.place, rank.label("rank"))
            .where(*where)
            .cte("matched")
        )

    def _meets(self, condition: Condition, name: str) -> ColumnElement[bool]:
        if self._is_sqlite:
            asked = " AND ".join(f"{{{phrase.form.value}}} : {_fts(phrase)}" for phrase in condition)
            match = text(f"search_words MATCH :{name}").bindparams(bindparam(name, asked))
            return search_items.c.id.in_(select(_words.c.rowid).where(match))
        asks = []
        for form in Form:
            phrases = [phrase for phrase in condition if phrase.form is form]
            if phrases:
                key = f"{name}_{form.value}"
                said = " & ".join(map(_tsquery, phrases))
                asks.append(
                    text(f"search_words.{form.value} @@ CAST(:{key} AS tsquery)").bindparams(
                        bindparam(key, said)
                    )
                )
        return search_items.c.id.in_(select(_words.c.item).where(and_(*asks)))


def _batched(these: Sequence[T]) -> Iterator[Sequence[T]]:
    return (these[at : at + BATCH] for at in range(0, len(these), BATCH))


def _narrowed(sought: Sought) -> Iterator[ColumnElement[bool]]:
    here = search_items.c
    if sought.kinds is not None:
        yield here.kind.in_([kind.value for kind in sought.kinds])
    if sought.authors is not None:
        yield or_(here.author.in_(list(sought.authors)), here.name.in_(list(sought.names)))
    if sought.since is not None or sought.until is not None:
        edited = (
            select(search_documents.c.edited_at)
            .where(search_documents.c.document_id == here.document_id)
            .scalar_subquery()
        )
        said_at = func.coalesce(here.at, edited)
        if sought.since is not None:
            yield said_at >= sought.since
        if sought.until is not None:
            yield said_at < sought.until


def _fts(phrase: Phrase) -> str:
    return '"' + " ".join(phrase.words) + '"'


def _tsquery(phrase: Phrase) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in phrase.words) + ")"


def _vector(said: Sequence[str]) -> str:
    """A tsvector as it is written: every word with its places."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(said, 1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(at[:255])}" for word, at in places.items())


def _values(document_id: DocumentId, item: Item) -> dict[str, object]:
    return {
        "document_id": document_id, "key": item.key, "digest": item.digest, "kind": item.kind.value,
        "provision": item.provision, "path": item.path,
        "address": address_of(item.path) if item.path else "", "place": item.place, "target": item.target,
        "version": item.version, "in_draft": item.in_draft, "author": item.author, "name": item.name,
        "at": item.at,
    }  # fmt: skip


def _item(row: Row[Any]) -> Item:
    return Item(
        row.key, ItemKind(row.kind), row.said, row.provision, row.path, row.place, row.target, row.version,
        bool(row.in_draft), None if row.author is None else UserId(row.author), row.name, row.at,
    )  # fmt: skip
