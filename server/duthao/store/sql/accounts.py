"""Tries to sign in, second proofs, and who people are at the office's sign-in service, in SQL."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (  # fmt: skip
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from duthao.domain.document import UserId
from duthao.store.accounts import Identity, SecondFactor
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import metadata

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("sign_in_tries_by_key", "key", "at"),
    Index("sign_in_tries_by_age", "at"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("secret", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("codes", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    UniqueConstraint("issuer", "user_id", name="uq_identities_issuer_user"),
)


class SqlTries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, limits: Mapping[str, int], at: int, since: int) -> int:
        # Looked at before anything is written: who is refused a thousand times a second costs no commit.
        if full := self._full(limits, since):
            return full
        made = {key: secrets.token_hex(16) for key in limits}
        rows = [{"id": id_, "key": key, "at": at} for key, id_ in made.items()]
        with self._database.writing() as connection:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.at <= since))
            connection.execute(insert(sign_in_tries), rows)
        # And again once it can be seen by the other processes, whose tries can be seen here.
        full = self._full({key: limit + 1 for key, limit in limits.items()}, since)
        if full:
            with self._database.writing() as connection:
                connection.execute(delete(sign_in_tries).where(sign_in_tries.c.id.in_(made.values())))
        return full

    def _full(self, limits: Mapping[str, int], since: int) -> int:
        """When the oldest of its number was tried, of the key that is full: the latest of several, or 0."""
        tried = sign_in_tries.c
        full = 0
        with self._database.reading() as connection:
            for key, limit in limits.items():
                times = select(tried.at).where((tried.key == key) & (tried.at > since))
                oldest = connection.execute(
                    times.order_by(tried.at.desc()).offset(limit - 1).limit(1)
                ).scalar()
                full = max(full, oldest or 0)
        return full

    def take_back(self, key: str) -> None:
        tried = sign_in_tries.c
        newest = select(tried.id).where(tried.key == key).order_by(tried.at.desc(), tried.id).limit(1)
        with self._database.writing() as connection:
            connection.execute(delete(sign_in_tries).where(tried.id == newest.scalar_subquery()))

    def forget(self, key: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.key == key))


def _factor(row: Row[Any]) -> SecondFactor:
    codes = tuple(row.codes.split())
    return SecondFactor(UserId(row.user_id), row.secret, bool(row.confirmed), row.counter, codes, row.made_at)


class SqlSecondFactors:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, user_id: UserId) -> SecondFactor | None:
        query = select(second_factors).where(second_factors.c.user_id == user_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _factor(row)

    def put(self, factor: SecondFactor) -> None:
        values = {
            "user_id": factor.user_id, "secret": factor.secret, "confirmed": factor.confirmed,
            "counter": factor.counter, "codes": " ".join(factor.codes), "made_at": factor.made_at,
        }  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(delete(second_factors).where(second_factors.c.user_id == factor.user_id))
            connection.execute(insert(second_factors).values(**values))

    def delete(self, user_id: UserId) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(second_factors).where(second_factors.c.user_id == user_id))

    def advance(self, user_id: UserId, counter: int) -> bool:
        # One statement decides, so that of two sign-ins with one code a single one comes in.
        later = (second_factors.c.user_id == user_id) & (second_factors.c.counter < counter)
        with self._database.writing() as connection:
            done = connection.execute(update(second_factors).where(later).values(counter=counter))
            return done.rowcount == 1

    def spend(self, user_id: UserId, code: str) -> bool:
        mine = second_factors.c.user_id == user_id
        with self._database.writing() as connection:
            held = connection.execute(select(second_factors.c.codes).where(mine)).scalar()
            left = [one for one in (held or "").split() if one != code]
            if held is None or len(left) == len(held.split()):
                return False
            # As it was read: another process may have spent one meanwhile.
            as_read = mine & (second_factors.c.codes == held)
            done = connection.execute(update(second_factors).where(as_read).values(codes=" ".join(left)))
            return done.rowcount == 1


def _identity(row: Row[Any]) -> Identity:
    return Identity(row.issuer, row.subject, UserId(row.user_id), row.made_at)


class SqlIdentities:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, issuer: str, subject: str) -> Identity | None:
        here = (identities.c.issuer == issuer) & (identities.c.subject == subject)
        with self._database.reading() as connection:
            row = connection.execute(select(identities).where(here)).first()
        return None if row is None else _identity(row)

    def of(self, user_id: UserId) -> Sequence[Identity]:
        query = select(identities).where(identities.c.user_id == user_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(identities.c.made_at, identities.c.issuer)).all()
        return tuple(map(_identity, rows))

    def add(self, identity: Identity) -> bool:
        values = {
            "issuer": identity.issuer, "subject": identity.subject, "user_id": identity.user_id,
            "made_at": identity.made_at,
        }  # fmt: skip
        mine = (identities.c.issuer == identity.issuer) & (
            (identities.c.subject == identity.subject) | (identities.c.user_id == identity.user_id)
        )
        try:
            with self._database.writing() as connection:
                if connection.execute(select(identities.c.subject).where(mine)).first() is not None:
                    return False
                connection.execute(insert(identities).values(**values))
        except ValueError:
            # Another process may have been quicker: the table's own rules decide.
            with self._database.reading() as connection:
                if connection.execute(select(identities.c.subject).where(mine)).first() is None:
                    raise
            return False
        return True

    def delete_for(self, user_id: UserId) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(identities).where(identities.c.user_id == user_id))
