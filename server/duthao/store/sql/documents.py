"""Documents, their members and their versions in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, literal, select, tuple_, update

from duthao.domain.document import DocumentId, UserId
from duthao.domain.secrecy import Secrecy
from duthao.store.ports import (
    DocumentRecord,
    EpochMillis,
    Member,
    Membership,
    Role,
    Seq,
    Version,
    VersionKind,
)
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import documents, members, users, versions

_ROLES_OF = select(members.c.document_id, members.c.user_id, members.c.role).where(
    tuple_(members.c.document_id, members.c.user_id).in_(bindparam("asked", expanding=True))
)
"""Built once: it is asked for everybody who comes, and each building leaves forty objects that only the
collector finds."""


def _record(row: Row[Any]) -> DocumentRecord:
    return DocumentRecord(
        DocumentId(row.id), row.title, row.generation, row.current_version,
        UserId(row.created_by), EpochMillis(row.created_at), bool(row.kept_locally),
        Secrecy(row.secrecy), bool(row.watermarked),
    )  # fmt: skip


def _membership(row: Row[Any]) -> Membership:
    return Membership(
        DocumentId(row.document_id), UserId(row.user_id), Role(row.role),
        Seq(row.seen_seq), EpochMillis(row.seen_at),
    )  # fmt: skip


class SqlDocuments:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, record: DocumentRecord, members: Sequence[Membership]) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(documents).values(**asdict(record) | {"secrecy": record.secrecy.value}))
            for membership in members:
                _put_member(connection, membership)

    def get(self, document_id: DocumentId) -> DocumentRecord | None:
        with self._database.reading() as connection:
            row = connection.execute(select(documents).where(documents.c.id == document_id)).first()
        return None if row is None else _record(row)

    def ids(self) -> Sequence[DocumentId]:
        query = select(documents.c.id).order_by(documents.c.created_at, documents.c.id)
        with self._database.reading() as connection:
            return tuple(map(DocumentId, connection.execute(query).scalars()))

    def for_user(self, user_id: UserId) -> Sequence[tuple[DocumentRecord, Membership]]:
        query = (
            select(documents, members.c.document_id, members.c.user_id, members.c.role,
                   members.c.seen_seq, members.c.seen_at)
            .join(members, members.c.document_id == documents.c.id)
            .where(members.c.user_id == user_id)
            .order_by(documents.c.created_at, documents.c.id)
        )  # fmt: skip
        with self._database.reading() as connection:
            return tuple((_record(row), _membership(row)) for row in connection.execute(query))

    def membership(self, document_id: DocumentId, user_id: UserId) -> Membership | None:
        with self._database.reading() as connection:
            row = connection.execute(select(members).where(*_member(document_id, user_id))).first()
        return None if row is None else _membership(row)

    def members(self, document_id: DocumentId) -> Sequence[Membership]:
        query = select(members).where(members.c.document_id == document_id).order_by(members.c.user_id)
        with self._database.reading() as connection:
            return tuple(map(_membership, connection.execute(query)))

    def roles_of(self, asked: Sequence[Member]) -> Mapping[Member, Role]:
        with self._database.reading() as connection:
            return {
                (DocumentId(document_id), UserId(user_id)): Role(role)
                for document_id, user_id, role in connection.execute(_ROLES_OF, {"asked": list(asked)})
            }

    def roles(self, document_ids: Sequence[DocumentId]) -> Mapping[DocumentId, Mapping[UserId, Role]]:
        query = (
            select(members.c.document_id, members.c.user_id, members.c.role)
            .join(users, users.c.id == members.c.user_id)
            .where(users.c.disabled.is_(False))
        )
        found: dict[DocumentId, dict[UserId, Role]] = {}
        with self._database.reading() as connection:
            for at in range(0, len(document_ids), 500):
                here = members.c.document_id.in_(document_ids[at : at + 500])
                for document_id, user_id, role in connection.execute(query.where(here)):
                    found.setdefault(DocumentId(document_id), {})[UserId(user_id)] = Role(role)
        return found

    def set_member(self, membership: Membership) -> None:
        with self._database.writing() as connection:
            _put_member(connection, membership)

    def remove_member(self, document_id: DocumentId, user_id: UserId) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(members).where(*_member(document_id, user_id)))

    def set_title(self, document_id: DocumentId, title: str) -> None:
        self._change(document_id, title=title)

    def set_handling(
        self, document_id: DocumentId, kept_locally: bool, secrecy: Secrecy, watermarked: bool
    ) -> None:
        self._change(document_id, kept_locally=kept_locally, secrecy=secrecy.value, watermarked=watermarked)

    def set_current_version(self, document_id: DocumentId, version_id: str) -> None:
        self._change(document_id, current_version=version_id)

    def mark_seen(self, document_id: DocumentId, user_id: UserId, seq: Seq, at: EpochMillis) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(members).where(*_member(document_id, user_id)).values(seen_seq=seq, seen_at=at)
            )

    def _change(self, document_id: DocumentId, **values: str | bool) -> None:
        with self._database.writing() as connection:
            connection.execute(update(documents).where(documents.c.id == document_id).values(**values))


def _member(document_id: DocumentId, user_id: UserId) -> tuple[Any, Any]:
    return members.c.document_id == document_id, members.c.user_id == user_id


def _put_member(connection: Connection, membership: Membership) -> None:
    where = _member(membership.document_id, membership.user_id)
    values = asdict(membership)
    if connection.execute(update(members).where(*where).values(**values)).rowcount == 0:
        connection.execute(insert(members).values(**values))


def _version(row: Row[*tuple[Any, ...]]) -> Version:
    return Version(
        id=row.id,
        document_id=DocumentId(row.document_id),
        seq=Seq(row.seq),
        kind=VersionKind(row.kind),
        number=row.number,
        name=row.name,
        reason=row.reason,
        tree=bytes(row.tree),
        sha256=row.sha256,
        people=tuple(UserId(person) for person in json.loads(row.people)),
        created_by=UserId(row.created_by),
        created_at=EpochMillis(row.created_at),
    )


class SqlVersions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, version: Version) -> Version:
        here = versions.c.document_id == version.document_id
        with self._database.writing() as connection:
            # PostgreSQL: one at a time per document (SQLite has one writer anyway).
            owner = select(documents.c.id).where(documents.c.id == version.document_id).with_for_update()
            connection.execute(owner).first()
            last = connection.execute(
                select(
                    func.coalesce(func.max(versions.c.place), 0),
                    func.coalesce(func.max(versions.c.number), 0),
                ).where(here)
            ).one()
            if version.kind is VersionKind.NUMBERED:
                version = replace(version, number=last[1] + 1)
            people = json.dumps(list(version.people))
            connection.execute(
                insert(versions).values(**{**asdict(version), "people": people}, place=last[0] + 1)
            )
        return version

    def get(self, version_id: str) -> Version | None:
        with self._database.reading() as connection:
            row = connection.execute(select(versions).where(versions.c.id == version_id)).first()
        return None if row is None else _version(row)

    def for_document(self, document_id: DocumentId) -> Sequence[Version]:
        small = [column for column in versions.c if column.name != "tree"]
        query = (
            select(*small, literal(b"").label("tree"))
            .where(versions.c.document_id == document_id)
            .order_by(versions.c.place.desc())
        )
        with self._database.reading() as connection:
            return tuple(_version(row) for row in connection.execute(query))
