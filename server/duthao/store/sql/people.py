"""People and their sessions in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import EpochMillis, LoginSession, User
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import sessions, users
from duthao.store.usernames import username_key


def _user(row: Row[Any]) -> User:
    return User(
        UserId(row.id), row.username, row.name, row.position, row.password_hash,
        bool(row.is_admin), row.language, EpochMillis(row.created_at), bool(row.disabled),
    )  # fmt: skip


class SqlUsers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, user: User) -> None:
        self._store(user, insert(users).values(**_columns(user)))

    def get(self, user_id: UserId) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(select(users).where(users.c.id == user_id)).first()
        return None if row is None else _user(row)

    def by_username(self, username: str) -> User | None:
        query = select(users).where(users.c.username_key == username_key(username))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _user(row)

    def all(self) -> Sequence[User]:
        with self._database.reading() as connection:
            return tuple(
                map(_user, connection.execute(select(users).order_by(users.c.created_at, users.c.id)))
            )

    def update(self, user: User) -> None:
        self._store(user, update(users).where(users.c.id == user.id).values(**_columns(user)))

    def _store(self, user: User, statement: Any) -> None:
        try:
            with self._database.writing() as connection:
                connection.execute(statement)
        except ValueError:
            # The unique index decides, so that two at the same moment cannot both win.
            other = self.by_username(user.username)
            if other is not None and other.id != user.id:
                raise Refusal("username_taken", username=user.username) from None
            raise


def _columns(user: User) -> dict[str, object]:
    return {**asdict(user), "username_key": username_key(user.username)}


class SqlSessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, session: LoginSession) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(sessions).values(**asdict(session)))

    def get(self, token_hash: str) -> LoginSession | None:
        with self._database.reading() as connection:
            row = connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).first()
        return None if row is None else LoginSession(**row._mapping)

    def with_users(self, token_hashes: Sequence[str]) -> Mapping[str, tuple[LoginSession, User]]:
        query = (
            select(users, *(column.label(f"of_session_{column.name}") for column in sessions.c))
            .join(users, users.c.id == sessions.c.user_id)
            .where(sessions.c.token_hash.in_(token_hashes))
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {
            row.of_session_token_hash: (
                LoginSession(**{c.name: row._mapping[f"of_session_{c.name}"] for c in sessions.c}),
                _user(row),
            )
            for row in rows
        }

    def for_user(self, user_id: UserId) -> Sequence[LoginSession]:
        query = select(sessions).where(sessions.c.user_id == user_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(sessions.c.seen_at.desc(), sessions.c.token_hash))
            return tuple(LoginSession(**row._mapping) for row in rows)

    def touch(self, token_hashes: Sequence[str], seen_at: EpochMillis) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_hash.in_(token_hashes)).values(seen_at=seen_at)
            )

    def delete(self, token_hash: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def delete_for_user(self, user_id: UserId) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    def delete_expired(self, now: EpochMillis) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(sessions).where(sessions.c.expires_at <= now)).rowcount
