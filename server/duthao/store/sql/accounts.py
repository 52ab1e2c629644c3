"""Second proofs at sign-in, in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (  # fmt: skip
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from duthao.domain.document import UserId
from duthao.store.accounts import SecondFactor
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import metadata

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
