"""The hard cases of comparing tables, each under its name. The two texts have no ids in common."""

from __future__ import annotations

import pytest

from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document, Provision
from tests.support.comparing import AREAS, changes, classes, compared, drawn_cells, drawn_rows
from tests.support.texts import art, cl, doc, row, table

Cells = tuple[str, ...]
Provisions = tuple[Provision, ...]

HEAD = ("STT", "Nội dung chi", "Mức chi")
MEETING = ("Họp thường kỳ của Ban Thường vụ", "100.000 đồng")
CONFERENCE = ("Hội nghị tổng kết năm", "200.000 đồng")
HALL = ("Thuê hội trường ngoài trụ sở", "1.500.000 đồng")
SEMINAR = ("Tọa đàm khoa học", "300.000 đồng")


def tabled(*rows: Cells, caption: str = "Mức chi") -> Document:
    return doc(art("Định mức"), table(caption), *(row(*cells) for cells in rows))


def counted(*rows: Cells) -> Document:
    """A table with a column that counts its rows."""
    return tabled(HEAD, *((str(n), *cells) for n, cells in enumerate(rows, 1)))


COSTS = counted(MEETING, CONFERENCE, HALL)


def hang(n: int) -> str:
    return f"dieu:1/bang:1/hang:{n}"


def cells_of(comparison: Comparison) -> list[list[str]]:
    return [drawn_cells(found) for found in comparison.rows if found.cells]


def columns_of(comparison: Comparison) -> list[tuple[int | None, int | None]]:
    """The pairs of columns, the same in every row of the table."""
    first, *rest = [[(c.before, c.after) for c in found.cells] for found in comparison.rows if found.cells]
    assert all(other == first for other in rest)
    return first


def test_a_row_inserted_above_an_edited_row() -> None:
    edited = (CONFERENCE[0], "250.000 đồng")
    found = compared(COSTS, counted(MEETING, SEMINAR, edited, HALL))
    assert changes(found) == [
        ("added", [], [hang(3)]),
        ("amended", [hang(3)], [hang(4)]),
        ("renumbered", [hang(4)], [hang(5)]),
    ]
    assert cells_of(found)[2] == ["[-2-]{+3+}", CONFERENCE[0], "[-200.000 đồng-]{+250.000 đồng+}"]


def test_a_row_at_the_top_only_renumbers_the_rest() -> None:
    assert changes(compared(COSTS, counted(SEMINAR, MEETING, CONFERENCE, HALL))) == [
        ("added", [], [hang(2)]),
        *(("renumbered", [hang(n)], [hang(n + 1)]) for n in (2, 3, 4)),
    ]


def test_a_row_taken_out_stands_where_it_stood() -> None:
    assert changes(compared(COSTS, counted(MEETING, HALL))) == [
        ("repealed", [hang(3)], []),
        ("renumbered", [hang(4)], [hang(3)]),
    ]


def test_a_row_moved_with_its_running_number_is_moved_and_not_amended() -> None:
    found = changes(compared(COSTS, counted(HALL, MEETING, CONFERENCE)))
    assert found[0] == ("moved", [hang(4)], [hang(2)])
    assert [change for change, _, _ in found[1:]] == ["renumbered", "renumbered"]


def test_a_row_moved_in_a_table_that_does_not_count() -> None:
    before = tabled(HEAD[1:], MEETING, CONFERENCE, HALL)
    assert changes(compared(before, tabled(HEAD[1:], HALL, MEETING, CONFERENCE))) == [
        ("moved", [hang(4)], [hang(2)])
    ]


def test_running_numbers_alone_are_renumbered() -> None:
    before = tabled(HEAD, *((str(n), *cells) for n, cells in enumerate((MEETING, CONFERENCE), 1)))
    after = tabled(HEAD, *((f"{n:02}", *cells) for n, cells in enumerate((MEETING, CONFERENCE), 4)))
    assert classes(compared(before, after)) == {"unchanged": 3, "renumbered": 2}


def test_rows_that_differ_in_a_number_only_keep_their_order() -> None:
    shares = [("Chỉ tiêu", f"{7 * n}%") for n in range(1, 6)]
    after = counted(shares[0], ("Chỉ tiêu", "99%"), *shares[1:3], ("Chỉ tiêu", "29%"), shares[4])
    found = changes(compared(counted(*shares), after))
    assert [change for change in found if change[0] != "renumbered"] == [
        ("added", [], [hang(3)]),
        ("amended", [hang(5)], [hang(6)]),
    ]


def test_all_amounts_changed_keep_their_rows() -> None:
    dearer = [(name, amount.replace("00.000", "50.000")) for name, amount in (MEETING, CONFERENCE, HALL)]
    found = changes(compared(COSTS, counted(*dearer)))
    assert found == [("amended", [hang(n)], [hang(n)]) for n in (2, 3, 4)]


def test_a_column_inserted_shows_its_cells_only() -> None:
    rows = [
        (str(n), name, "người", amount) for n, (name, amount) in enumerate((MEETING, CONFERENCE, HALL), 1)
    ]
    found = compared(COSTS, tabled((*HEAD[:2], "Đơn vị", HEAD[2]), *rows))
    assert classes(found) == {"unchanged": 2, "amended": 4}
    assert columns_of(found) == [(0, 0), (1, 1), (None, 2), (2, 3)]
    assert {cells[2] for cells in cells_of(found)} == {"{+Đơn vị+}", "{+người+}"}
    assert not any("[-" in cell for cells in cells_of(found) for cell in cells)


def test_a_column_inserted_beside_an_edited_cell() -> None:
    rows = [("1", MEETING[0], "người", "150.000 đồng"), ("2", CONFERENCE[0], "người", CONFERENCE[1])]
    found = compared(counted(MEETING, CONFERENCE), tabled((*HEAD[:2], "Đơn vị", HEAD[2]), *rows))
    assert cells_of(found)[1] == ["1", MEETING[0], "{+người+}", "[-100.000 đồng-]{+150.000 đồng+}"]


def test_columns_swapped_are_moved_and_an_edited_cell_among_them_is_seen() -> None:
    rows = [("1", MEETING[1], MEETING[0]), ("2", "250.000 đồng", CONFERENCE[0]), ("3", HALL[1], HALL[0])]
    found = compared(COSTS, tabled((HEAD[0], HEAD[2], HEAD[1]), *rows))
    assert columns_of(found) == [(0, 0), (2, 1), (1, 2)]
    assert [change for change, _, _ in changes(found)] == ["moved", "moved", "amended", "moved"]
    assert cells_of(found)[2] == ["2", "[-200.000 đồng-]{+250.000 đồng+}", CONFERENCE[0]]


def test_a_counting_column_taken_out_is_an_amendment_and_no_renumbering() -> None:
    found = compared(COSTS, tabled(HEAD[1:], MEETING, CONFERENCE, HALL))
    assert classes(found) == {"unchanged": 2, "amended": 4}
    assert columns_of(found) == [(0, None), (1, 0), (2, 1)]


LEVELS = ("STT", "Nội dung", "Cấp", "Mức chi")
BY_LEVEL = (
    ("1", "Hội nghị", "Cấp tỉnh", "200.000 đồng"),
    ("1", "Hội nghị", "Cấp xã", "150.000 đồng"),
    ("2", "Tọa đàm", "Cấp tỉnh", "100.000 đồng"),
    ("2", "Tọa đàm", "Cấp xã", "80.000 đồng"),
)
"""Merged cells as they arrive: what spans two rows stands in both."""


def test_merged_cells_a_row_of_a_group_edited() -> None:
    after = tabled(LEVELS, BY_LEVEL[0], (*BY_LEVEL[1][:3], "180.000 đồng"), *BY_LEVEL[2:])
    found = compared(tabled(LEVELS, *BY_LEVEL), after)
    assert changes(found) == [("amended", [hang(3)], [hang(3)])]
    assert cells_of(found)[2] == ["1", "Hội nghị", "Cấp xã", "[-150.000 đồng-]{+180.000 đồng+}"]


def test_merged_cells_a_row_more_in_a_group() -> None:
    more = ("1", "Hội nghị", "Cấp trung ương", "400.000 đồng")
    found = compared(tabled(LEVELS, *BY_LEVEL), tabled(LEVELS, more, *BY_LEVEL))
    assert changes(found) == [("added", [], [hang(2)])]


def test_merged_cells_written_out_touch_no_other_cell() -> None:
    once = [BY_LEVEL[0], ("", "", *BY_LEVEL[1][2:]), BY_LEVEL[2], ("", "", *BY_LEVEL[3][2:])]
    found = compared(tabled(LEVELS, *once), tabled(LEVELS, *BY_LEVEL))
    assert changes(found) == [("amended", [hang(n)], [hang(n)]) for n in (3, 5)]
    assert cells_of(found)[2] == ["{+1+}", "{+Hội nghị+}", "Cấp xã", "150.000 đồng"]


def test_a_head_cell_and_a_caption_are_amended_alone() -> None:
    rows = [("1", *MEETING), ("2", *CONFERENCE), ("3", *HALL)]
    head = compared(COSTS, tabled(("STT", "Nội dung công việc", "Mức chi"), *rows))
    assert changes(head) == [("amended", [hang(1)], [hang(1)])]
    caption = compared(COSTS, tabled(HEAD, *rows, caption="Mức chi hội nghị"))
    assert drawn_rows(caption) == ["Mức chi{+ hội nghị+}"]


def test_a_table_moved_takes_its_rows_along() -> None:
    rows = [table("Mức chi"), row(*HEAD), row("1", *MEETING), row("2", *CONFERENCE)]
    before = doc(art("Một việc"), *rows, art("Hai việc"), cl(AREAS))
    found = compared(before, doc(art("Một việc"), art("Hai việc"), cl(AREAS), *rows))
    assert changes(found) == [("moved", ["dieu:1/bang:1"], ["dieu:2/khoan:1/bang:1"])]


def test_a_column_with_another_heading_is_known_by_its_cells_though_there_is_one_row_of_them() -> None:
    before = tabled((*HEAD, "Ghi chú"), ("1", *MEETING, "không có"))
    after = tabled((*HEAD[:2], "Định mức"), ("1", *MEETING))
    found = compared(before, after)
    assert columns_of(found) == [(0, 0), (1, 1), (2, 2), (3, None)]
    assert cells_of(found)[0][2:] == ["[-Mức chi-]{+Định mức+}", "[-Ghi chú-]"]


def test_a_row_may_have_lost_its_last_cell() -> None:
    after = tabled(HEAD, ("1", *MEETING), ("2", CONFERENCE[0]), ("3", *HALL))
    assert cells_of(compared(COSTS, after))[2] == ["2", CONFERENCE[0], "[-200.000 đồng-]"]
    assert cells_of(compared(after, COSTS))[2] == ["2", CONFERENCE[0], "{+200.000 đồng+}"]


@pytest.mark.parametrize("front", [(), (art("Định mức"),)], ids=["the table first", "under an article"])
def test_figures_between_the_same_rows_are_amended_where_there_are_as_many_of_them(front: Provisions) -> None:
    def figures(*rows: Cells) -> Document:
        return doc(*front, table("Mức chi"), *(row(*cells) for cells in rows))

    head, middle, last = ("Họp", "Mức"), ("Trong đó", "500"), ("Cộng", "900")
    before = figures(head, ("110", "210"), middle, ("330", "440"), ("550", "660"), last)
    after = figures(head, ("120", "220"), middle, ("770", "880"), last)
    found = compared(before, after)
    assert "[-110 | 210-]{+120 | 220+}" in drawn_rows(found)
    assert (classes(found)["amended"], classes(found)["repealed"], classes(found)["added"]) == (1, 2, 1)
