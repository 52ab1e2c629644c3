"""A list of people from a spreadsheet: pasted cells (parted by tabs) or a CSV file.

What a cell holds is text, also where it begins with "=": nothing is ever computed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from duthao.domain.errors import Refusal
from duthao.domain.search.folding import words
from duthao.domain.text import clean_line

MAX_PEOPLE: Final = 2_000
MAX_TEXT: Final = 400_000
MAX_CELL: Final = 200
MAX_USERNAME: Final = 80

_HEADS: Final = {
    "username": ("ten dang nhap", "dang nhap", "tai khoan", "username", "user name", "account"),
    "name": ("ho ten", "ho va ten", "ten", "name", "full name"),
    "position": ("chuc vu", "chuc danh", "position", "title"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A person of the list; `line` counts from 1, the head included. `problem`: why it cannot be taken,
    username_bad, name_missing or doubled, "" for nothing.
    """

    line: int
    username: str
    name: str
    position: str
    problem: str = ""


def read_people(text: str) -> tuple[Row, ...]:
    """The people of a list whose first line names its columns, empty lines left out.

    Raises Refusal: people_list_empty, people_list_long (`most`), people_list_columns when the columns of
    account and name are not both there.
    """
    if len(text) > MAX_TEXT:
        raise Refusal("people_list_long", most=MAX_PEOPLE)
    table = _table(text)
    if len(table) < 2:
        raise Refusal("people_list_empty")
    if len(table) > MAX_PEOPLE + 1:
        raise Refusal("people_list_long", most=MAX_PEOPLE)
    columns = _columns(table[0][1])
    if "username" not in columns or "name" not in columns:
        raise Refusal("people_list_columns")
    seen: set[str] = set()
    return tuple(_row(line, cells, columns, seen) for line, cells in table[1:])


def _table(text: str) -> list[tuple[int, Sequence[str]]]:
    """Lines that hold something, each with its number."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    sign = max("\t;,", key=head.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=sign)
    try:
        rows = [(reader.line_num, [clean_line(cell[: 2 * MAX_CELL]) for cell in cells]) for cells in reader]
    except csv.Error:
        raise Refusal("people_list_columns") from None
    return [(line, cells) for line, cells in rows if any(cells)]


def _columns(head: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(head):
        said = " ".join(word.bare for word in words(cell))
        for column, names in _HEADS.items():
            if said in names:
                found.setdefault(column, at)
    return found


def _row(line: int, cells: Sequence[str], columns: Mapping[str, int], seen: set[str]) -> Row:
    def cell(column: str) -> str:
        at = columns.get(column, len(cells))
        return cells[at][:MAX_CELL] if at < len(cells) else ""

    username = cell("username").casefold()
    problem = ""
    if not username or len(username) > MAX_USERNAME or " " in username or not username.isprintable():
        problem = "username_bad"
    elif not cell("name"):
        problem = "name_missing"
    elif username in seen:
        problem = "doubled"
    seen.add(username)
    return Row(line, username, cell("name"), cell("position"), problem)
