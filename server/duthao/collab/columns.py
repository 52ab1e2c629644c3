"""The columns of tables in the shared document: docs/protocol/document.md, "Tables".

The same rules as client/src/model/tables.ts: a column is an id with an order on its table, a
cell a text under its column's id on its row. The lists of cells of imported rows have columns too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from duthao.domain.order import DIGITS

COLUMN: Final = "column."
CELL: Final = "cell."
_GONE: Final = "-"
_UNKNOWN: Final = "~"
"""The order of a column nobody has told of: behind all others, so that its words are read."""
_LISTED = re.compile(r"0|[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    order: str
    removed: bool = False

    @property
    def value(self) -> str:
        """What stands on the table under `column.<id>`."""
        return (_GONE if self.removed else "") + self.order


def code_units(text: str) -> bytes:
    """A sort key: the order in which JavaScript compares strings, by UTF-16 code unit."""
    return text.encode("utf-16-be", "surrogatepass")


def place_in_list(column: str) -> int | None:
    """The index in a row's list of cells that a column's id names; None for an id of its own."""
    return int(column) if _LISTED.fullmatch(column) else None


def listed_order(index: int) -> str:
    """The order of the column at `index` of the lists of cells, while nobody has moved it."""
    return DIGITS[1 + index // 61 % 61] + DIGITS[1 + index % 61]


def columns_of(table: Mapping[str, Any], longest: int, own: Iterable[str]) -> tuple[Column, ...]:
    """All columns a table has had, in order.

    `table` are its values, `longest` the length of its rows' longest list of cells, `own` the
    ids of the columns in which some row has a text of its own.
    """
    found = {str(at): Column(str(at), listed_order(at)) for at in range(longest)}
    for id_ in own:
        found.setdefault(id_, Column(id_, _UNKNOWN))
    for key, value in table.items():
        if key.startswith(COLUMN) and isinstance(value, str):
            removed = value.startswith(_GONE)
            id_ = key.removeprefix(COLUMN)
            found[id_] = Column(id_, value.removeprefix(_GONE) if removed else value, removed)
    return tuple(sorted(found.values(), key=lambda one: (code_units(one.order), code_units(one.id))))


def live(columns: Iterable[Column]) -> list[str]:
    return [one.id for one in columns if not one.removed]


def own_columns(keys: Collection[str]) -> list[str]:
    """The columns of which a row's keys name a cell."""
    return [key.removeprefix(CELL) for key in keys if key.startswith(CELL) and key != CELL]
