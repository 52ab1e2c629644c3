"""Which tables of typed texts get a head."""

from __future__ import annotations

from duthao.domain.table_heads import with_heads
from tests.support.texts import doc, row, table


def test_a_table_of_one_row_or_without_cells_has_no_head() -> None:
    document = doc(
        table("Một"), row("TT", "Việc"),
        table("Hai"), row(), row("1"),
        table("Ba"), row("TT", "Việc"), row("1", "Họp"),
        table("Bốn"),
    )  # fmt: skip
    found = with_heads(document).provisions
    assert [one.text for one in found if one.header] == ["Ba"]
