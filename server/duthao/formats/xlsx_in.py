"""A list in a spreadsheet file (.xlsx) as the lines it would be when its cells were pasted.

Only the first sheet that is shown is read, its values as they were last computed: nothing is computed here.
A file is a zip from outside: what it would unpack to is bounded before anything is unpacked, and reading
stops at a bounded row and column. `zipfile` gives no more of a part than its directory says it holds, so a
directory that lies leads to a file that cannot be read, not to memory without end.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any, Final

import openpyxl

from duthao.domain.errors import Refusal

MAX_FILE: Final = 4 * 1024 * 1024
MAX_UNPACKED: Final = 24 * 1024 * 1024
"""Bytes of all parts together: some hundred times the longest list."""
MAX_PARTS: Final = 500
MAX_ROWS: Final = 5_000
"""Rows looked at, the empty ones included."""
MAX_COLUMNS: Final = 40
MAX_CELL: Final = 1_000

_SIGNATURE = b"PK\x03\x04"


def is_xlsx(content: bytes) -> bool:
    """Whether it may be one: a zip, whatever its name says."""
    return content.startswith(_SIGNATURE)


def pasted(content: bytes) -> str:
    """The cells parted by tabs, a row a line.

    Raises Refusal: sheet_too_large (`most`) for a file, or one that would unpack to more than is allowed;
    sheet_unreadable for what is no spreadsheet, or a damaged one.
    """
    _check(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
            if sheet is None:
                raise Refusal("sheet_unreadable")
            # What a file says its extent is may be wrong; the rows themselves are looked at.
            sheet.reset_dimensions()
            return _lines(sheet)
        finally:
            book.close()
    except Refusal:
        raise
    except Exception as error:
        # The library fails in its parts' own ways: KeyError, ValueError, ParseError, BadZipFile, zlib.error…
        raise Refusal("sheet_unreadable") from error


def _check(content: bytes) -> None:
    most = f"{MAX_FILE // 2**20} MiB"
    if len(content) > MAX_FILE:
        raise Refusal("sheet_too_large", most=most)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refusal("sheet_unreadable") from None
    if len(parts) > MAX_PARTS or sum(one.file_size for one in parts) > MAX_UNPACKED:
        raise Refusal("sheet_too_large", most=most)


def _lines(sheet: Any) -> str:
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    for row in sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        writer.writerow(cells)
    return written.getvalue()


def _cell(value: object) -> str:
    """A value as the cell shows it, on one line."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value)[:MAX_CELL].split())
