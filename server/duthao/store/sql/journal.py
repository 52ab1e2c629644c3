"""The journal in SQL: appended to in batches, one sequence per document, never rewritten."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, delete, func, insert, select

from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import Checkpoint, EpochMillis, JournalEntry, JournalMark, JournalRow, Seq, Standing
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import checkpoints, documents, journal, journal_clients, journal_ends


def _row(row: Row[Any]) -> JournalRow:
    entry = JournalEntry(
        DocumentId(row.document_id), EpochMillis(row.at), UserId(row.user_id), row.connection,
        tuple(json.loads(row.client_ids)), bytes(row.payload), row.reason,
        None if row.credited is None else UserId(row.credited),
    )  # fmt: skip
    return JournalRow(Seq(row.seq), entry)


MAX_BOUND = 100_000
_INSERT = (
    "INSERT INTO journal"
    " (document_id, seq, at, user_id, connection, client_ids, payload, reason, credited) VALUES "
)
_RESERVE = (
    "INSERT INTO journal_ends (document_id, seq) VALUES {}"
    " ON CONFLICT (document_id) DO UPDATE SET seq = seq + excluded.seq RETURNING document_id, seq"
)
T = TypeVar("T")


def _chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[at : at + size] for at in range(0, len(values), size))


class SqlJournal:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._bound: set[tuple[DocumentId, int]] = set()
        """Client ids that are bound for certain: rows of `journal_clients` are never taken back."""

    def append(self, entries: Sequence[JournalEntry]) -> list[Seq]:
        if not entries:
            return []
        if self._database.backend == "sqlite":
            return self._append_directly(entries)
        with self._database.writing() as connection:
            next_seq = self._reserve(connection, Counter(entry.document_id for entry in entries))
            given: list[Seq] = []
            for entry in entries:
                given.append(Seq(next_seq[entry.document_id]))
                next_seq[entry.document_id] += 1
            connection.execute(
                insert(journal),
                [_values(entry, seq) for entry, seq in zip(entries, given, strict=True)],
            )
            bound = self._bind_clients(connection, entries)
        self._remember(bound)
        return given

    def _append_directly(self, entries: Sequence[JournalEntry]) -> list[Seq]:
        """The same in SQLite's own words: few statements, so that the loop's thread is seldom waited for."""
        wanted = Counter(entry.document_id for entry in entries)
        with self._database.writing_directly() as connection:
            next_seq: dict[str, int] = {}
            for some in _chunks(list(wanted.items()), 50):
                found = connection.execute(
                    _RESERVE.format(",".join(["(?,?)"] * len(some))),
                    [value for pair in some for value in pair],
                )
                next_seq.update({name: seq - wanted[name] + 1 for name, seq in found})
            given: list[Seq] = []
            rows: list[tuple[object, ...]] = []
            for entry in entries:
                document_id = entry.document_id
                seq = next_seq[document_id]
                next_seq[document_id] = seq + 1
                given.append(Seq(seq))
                clients = f"[{', '.join(map(str, entry.client_ids))}]"
                rows.append((document_id, seq, entry.at, entry.user_id, entry.connection, clients,
                             entry.payload, entry.reason, entry.credited))  # fmt: skip
            for some_rows in _chunks(rows, 100):
                connection.execute(
                    _INSERT + ",".join(["(?,?,?,?,?,?,?,?,?)"] * len(some_rows)),
                    [value for row in some_rows for value in row],
                )
            bound = self._bind_directly(connection, entries)
        self._remember(bound)
        return given

    def _bind_directly(
        self, connection: sqlite3.Connection, entries: Sequence[JournalEntry]
    ) -> set[tuple[DocumentId, int]]:
        fresh = self._fresh_clients(entries)
        if fresh:
            connection.executemany(
                "INSERT INTO journal_clients (document_id, client_id, user_id) VALUES (?,?,?)"
                " ON CONFLICT DO NOTHING",
                [(document_id, client, user_id) for (document_id, client), user_id in fresh.items()],
            )
        return set(fresh)

    def _reserve(self, connection: Connection, wanted: Mapping[DocumentId, int]) -> dict[DocumentId, int]:
        """The first seq for each document. Its row in `journal_ends` stays locked until the commit."""
        first: dict[DocumentId, int] = {}
        # In one order everywhere, so that two processes never wait for each other in a circle.
        for some in _chunks(sorted(wanted), 500):
            statement = self._database.insert(journal_ends).values(
                [{"document_id": document_id, "seq": wanted[document_id]} for document_id in some]
            )
            moved = statement.on_conflict_do_update(
                index_elements=["document_id"], set_={"seq": journal_ends.c.seq + statement.excluded.seq}
            ).returning(journal_ends.c.document_id, journal_ends.c.seq)
            for document_id, end in connection.execute(moved):
                first[DocumentId(document_id)] = int(end) - wanted[document_id] + 1
        return first

    def _fresh_clients(self, entries: Sequence[JournalEntry]) -> dict[tuple[DocumentId, int], UserId]:
        """Who wrote first, of client ids that are not certain to be bound already."""
        fresh: dict[tuple[DocumentId, int], UserId] = {}
        for entry in entries:
            for client in entry.client_ids:
                if (entry.document_id, client) not in self._bound:
                    fresh.setdefault((entry.document_id, client), entry.user_id)
        return fresh

    def _bind_clients(
        self, connection: Connection, entries: Sequence[JournalEntry]
    ) -> set[tuple[DocumentId, int]]:
        fresh = self._fresh_clients(entries)
        if fresh:
            rows = [
                {"document_id": document_id, "client_id": client, "user_id": user_id}
                for (document_id, client), user_id in sorted(fresh.items())
            ]
            connection.execute(self._database.insert(journal_clients).on_conflict_do_nothing(), rows)
        return set(fresh)

    def _remember(self, bound: set[tuple[DocumentId, int]]) -> None:
        """After the commit only: until then none of it is certain."""
        self._bound |= bound
        if len(self._bound) > MAX_BOUND:
            self._bound.clear()

    def read(
        self, document_id: DocumentId, after: Seq = Seq(0), upto: Seq | None = None, limit: int = 5000
    ) -> Sequence[JournalRow]:
        query = select(journal).where(journal.c.document_id == document_id, journal.c.seq > after)
        if upto is not None:
            query = query.where(journal.c.seq <= upto)
        with self._database.reading() as connection:
            return tuple(map(_row, connection.execute(query.order_by(journal.c.seq).limit(limit))))

    def marks(self, document_id: DocumentId) -> Sequence[JournalMark]:
        query = (
            select(journal.c.seq, journal.c.at, journal.c.user_id, journal.c.reason)
            .where(journal.c.document_id == document_id)
            .order_by(journal.c.seq)
        )
        with self._database.reading() as connection:
            return tuple(
                JournalMark(Seq(seq), EpochMillis(at), UserId(user_id), reason)
                for seq, at, user_id, reason in connection.execute(query)
            )

    def end(self, document_id: DocumentId) -> Seq:
        query = select(journal_ends.c.seq).where(journal_ends.c.document_id == document_id)
        with self._database.reading() as connection:
            return Seq(connection.execute(query).scalar() or 0)

    def standing(self, document_ids: Sequence[DocumentId]) -> Mapping[DocumentId, Standing]:
        query = select(documents.c.id, documents.c.generation, func.coalesce(journal_ends.c.seq, 0)).join(
            journal_ends, journal_ends.c.document_id == documents.c.id, isouter=True
        )
        found: dict[DocumentId, Standing] = {}
        with self._database.reading() as connection:
            for some in _chunks(document_ids, 500):
                for id, generation, end in connection.execute(query.where(documents.c.id.in_(some))):
                    found[DocumentId(id)] = Standing(generation, Seq(end))
        return found

    def client_owners(self, document_id: DocumentId) -> Mapping[int, UserId]:
        query = select(journal_clients.c.client_id, journal_clients.c.user_id).where(
            journal_clients.c.document_id == document_id
        )
        with self._database.reading() as connection:
            owners = {int(client): UserId(user_id) for client, user_id in connection.execute(query)}
        return MappingProxyType(owners)

    def save_checkpoint(self, checkpoint: Checkpoint, instead_of: Seq | None = None) -> None:
        given_up = [checkpoint.seq] if instead_of is None else [checkpoint.seq, instead_of]
        where = (checkpoints.c.document_id == checkpoint.document_id, checkpoints.c.seq.in_(given_up))
        with self._database.writing() as connection:
            connection.execute(delete(checkpoints).where(*where))
            # Another process may make the same one at the same moment: either will do.
            connection.execute(
                self._database.insert(checkpoints).values(
                    document_id=checkpoint.document_id, seq=checkpoint.seq,
                    state=checkpoint.state, sha256=checkpoint.sha256,
                ).on_conflict_do_nothing()
            )  # fmt: skip

    def checkpoint(self, document_id: DocumentId, upto: Seq | None = None) -> Checkpoint | None:
        query = select(checkpoints).where(checkpoints.c.document_id == document_id)
        if upto is not None:
            query = query.where(checkpoints.c.seq <= upto)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(checkpoints.c.seq.desc()).limit(1)).first()
        return None if row is None else Checkpoint(document_id, Seq(row.seq), bytes(row.state), row.sha256)

    def writers(self, document_id: DocumentId, after: Seq, upto: Seq) -> tuple[UserId, ...]:
        whose = func.coalesce(journal.c.credited, journal.c.user_id)
        query = (
            select(whose)
            .where(journal.c.document_id == document_id, journal.c.seq > after, journal.c.seq <= upto)
            .group_by(whose)
            .order_by(func.min(journal.c.seq))
        )
        with self._database.reading() as connection:
            return tuple(UserId(user_id) for user_id in connection.execute(query).scalars())

    def last_edit(self, document_id: DocumentId) -> tuple[UserId, EpochMillis] | None:
        query = (
            select(journal.c.user_id, journal.c.at)
            .where(journal.c.document_id == document_id)
            .order_by(journal.c.seq.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (UserId(row.user_id), EpochMillis(row.at))


def _values(entry: JournalEntry, seq: Seq) -> dict[str, object]:
    return {
        "document_id": entry.document_id, "seq": seq, "at": entry.at, "user_id": entry.user_id,
        "connection": entry.connection, "client_ids": json.dumps(list(entry.client_ids)),
        "payload": entry.payload, "reason": entry.reason, "credited": entry.credited,
    }  # fmt: skip
