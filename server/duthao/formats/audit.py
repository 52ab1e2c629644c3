"""The log of who did what as a table for a spreadsheet, and as JSON lines with its hashes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from duthao.domain.audit import Record
from duthao.formats.spreadsheet import csv_text
from duthao.messages import Catalogue

COLUMNS = ("seq", "at", "name", "user", "action", "what", "document", "details", "address", "hash")
AT_ONCE = 500


def csv_lines(records: Iterable[Record], t: Catalogue) -> Iterator[bytes]:
    """UTF-8 with its mark, as spreadsheets want it, in pieces; times in UTC (ISO 8601)."""
    yield csv_text([[t(f"audit.column.{one}") for one in COLUMNS]]).encode("utf-8-sig")
    for some in _pieces(records):
        yield csv_text([_row(one, t) for one in some]).encode()


def json_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """Everything that is sealed and the seal: whoever has all of them can verify without us."""
    for some in _pieces(records):
        yield "".join(_json(one) for one in some).encode()


def _pieces(records: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(records)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _json(record: Record) -> str:
    value = {
        "seq": record.seq, "at": record.at, "user_id": record.user_id, "name": record.name,
        "action": record.action.value, "what": record.what, "document_id": record.document_id,
        "details": record.details, "address": record.address, "hash": record.hash,
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _row(record: Record, t: Catalogue) -> Sequence[object]:
    at = datetime.fromtimestamp(record.at / 1000, UTC).isoformat(timespec="milliseconds")
    words = (
        record.name, record.user_id, t(f"audit.action.{record.action.value}"), t(f"audit.what.{record.what}"),
        record.document_id, record.details, record.address, record.hash,
    )  # fmt: skip
    return (record.seq, at, *words)
