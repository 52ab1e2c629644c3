"""The tables of units, terms and seats.

A unit names its parent without a foreign key: a backup is restored row by row, in the order of ids, and a
parent may come after what stands in it. The store looks for it when a unit is put or removed.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from duthao.store.sql.tables import metadata

units = Table(
    "units",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("parent", String(40)),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Index("units_by_parent", "parent"),
)

terms = Table(
    "terms",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("begins", String(10), nullable=False),
    Column("ends", String(10), nullable=False),
)

seats = Table(
    "seats",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("unit_id", String(40), ForeignKey("units.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("position", Text, nullable=False),
    Column("term_id", String(40), ForeignKey("terms.id")),
    Index("seats_by_unit", "unit_id"),
)
