"""Lists in spreadsheet files: read as cells one would have pasted, hostile ones refused."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.errors import Refusal
from duthao.domain.people_list import read_people
from duthao.formats.xlsx_in import MAX_COLUMNS, MAX_PARTS, MAX_ROWS, is_xlsx, pasted

BIG = 25 * 1024 * 1024 + 12_345
HEAD = ("Tên đăng nhập", "Họ tên", "Chức vụ")


def book(*rows: tuple[object, ...], hidden: bool = False) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    if hidden:
        sheet.append(("ẩn",))
        sheet.sheet_state = "hidden"
        sheet = made.create_sheet("Danh sách")
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return kept.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        pasted(content)
    return caught.value.code


GOOD = book(HEAD, ("an", "An", ""))


def test_a_list_is_read_as_it_would_be_when_pasted() -> None:
    content = book(HEAD, ("an", "Nguyễn\nVăn An", "Bí thư"), (), (7.0, "Số", None), ("=1+1", "Công thức", ""))
    assert is_xlsx(content)
    rows = read_people(pasted(content))
    assert [(one.line, one.username, one.name, one.position) for one in rows] == [
        (2, "an", "Nguyễn Văn An", "Bí thư"), (4, "7", "Số", ""), (5, "", "Công thức", ""),
    ]  # fmt: skip


def test_the_first_sheet_that_is_shown_is_read() -> None:
    assert pasted(book(HEAD, ("an", "An", "x\ty"), hidden=True)).splitlines()[1] == "an\tAn\tx y"
    assert pasted(book(("Ngày", datetime(2026, 11, 5)))).strip() == "Ngày\t05/11/2026"


def test_rows_and_columns_are_bounded() -> None:
    wide = book(tuple(range(MAX_COLUMNS + 5)))
    assert len(pasted(wide).strip("\n").split("\t")) == MAX_COLUMNS
    tall = book(*(((n,),)[0] for n in range(MAX_ROWS + 5)))
    assert len(pasted(tall).splitlines()) == MAX_ROWS


def test_what_would_unpack_to_too_much_is_refused_unread() -> None:
    bomb = zipped({"xl/worksheets/sheet1.xml": bytes(BIG)})
    assert len(bomb) < 256 * 1024
    assert refused(bomb) == "sheet_too_large"
    assert refused(zipped({f"x{n}": b"" for n in range(MAX_PARTS + 1)})) == "sheet_too_large"
    assert refused(b"PK\x03\x04" + bytes(5 * 1024 * 1024)) == "sheet_too_large"


def test_a_directory_that_lies_about_sizes_unpacks_to_nothing() -> None:
    true = (BIG).to_bytes(4, "little")
    bomb = zipped({"xl/workbook.xml": bytes(BIG), "[Content_Types].xml": b"<x/>"})
    assert bomb.count(true) == 2
    assert refused(bomb.replace(true, (100).to_bytes(4, "little"))) == "sheet_unreadable"


def test_entities_and_what_is_no_spreadsheet_are_refused() -> None:
    good = GOOD
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><workbook>&j;</workbook>"
    )
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
    assert refused(zipped(parts | {"xl/workbook.xml": laughs})) == "sheet_unreadable"
    for content in (zipped({"a.txt": b"x"}), good[: len(good) // 2], b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 99):
        assert refused(content) == "sheet_unreadable"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused(at: int, noise: bytes) -> None:
    good = bytearray(GOOD)
    at %= len(good)
    good[at : at + len(noise)] = noise
    try:
        assert isinstance(pasted(bytes(good)), str)
    except Refusal as refusal:
        code = refusal.code
    else:
        code = "sheet_unreadable"
    assert code in ("sheet_unreadable", "sheet_too_large")
