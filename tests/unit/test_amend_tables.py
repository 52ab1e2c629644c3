"""Tables in amending documents: read as real ones write them, written as they are read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.amend.applying import Applied, apply
from duthao.domain.amend.proving import Proof, proved
from duthao.domain.compare import compare
from duthao.domain.document import Document, Kind
from duthao.domain.outline import canonical_text, row_cells, row_line
from duthao.domain.structure import parse
from tests.support.texts import counter

TEXT = (
    "Điều 1. Phạm vi\nQuy chế này quy định mức chi tại Phụ lục.\n"
    "Phụ lục\nMỨC CHI\n"
    "Bảng 1. Mức chi cho hội nghị\n"
    "STT | Nội dung chi | Mức chi\n"
    "1 | Hội nghị của cấp ủy | 100.000 đồng\n"
    "2 | Hội nghị của chi bộ | 50.000 đồng\n"
    "3 | Họp báo định kỳ | 80.000 đồng\n"
)
OTHER = "Bảng 2. Mức chi khác\nNội dung | Mức chi\nĐi công tác | 200.000 đồng\nIn tài liệu | 10.000 đồng\n"


def read(text: str) -> Document:
    return parse(text, new_id=counter()).document


def rows(document: Document) -> list[str]:
    return [" | ".join(p.cells) for p in document.provisions if p.kind is Kind.ROW]


def applied(sentence: str, *quoted: str, text: str = TEXT) -> Applied:
    block = "\n".join(quoted)
    block = f"\n“{block}”." if quoted else ""
    return apply(read(text), f"Điều 1. Sửa đổi, bổ sung Quy chế\n1. {sentence}{block}", new_id=counter("new"))


def instrument(before: str, after: str) -> Proof:
    old, new = read(before), read(after)
    found = proved(old, new, compare(old, new))
    assert found.holds, found
    return found


def sentences(proof: Proof) -> list[str]:
    return [leaf.sentence for leaf in proof.instrument.leaves()]


# --- tables in plain text ---------------------------------------------------------------------


def test_lines_with_cells_are_a_table_and_what_names_it_its_caption() -> None:
    found = [(p.kind, p.text, p.cells) for p in read(TEXT).provisions][3:]
    assert found[0] == (Kind.TABLE, "Bảng 1. Mức chi cho hội nghị", ())
    assert found[2] == (Kind.ROW, "", ("1", "Hội nghị của cấp ủy", "100.000 đồng"))
    assert canonical_text(read(canonical_text(read(TEXT)))) == canonical_text(read(TEXT))


def test_one_line_with_a_bar_is_no_table() -> None:
    found = read("Điều 1. Phạm vi\nA | B\n1. Một khoản.\n").provisions
    assert [p.kind for p in found] == [Kind.ARTICLE, Kind.PARAGRAPH, Kind.CLAUSE]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a | b", ("a", "b")),
        ("a | | c", ("a", "", "c")),
        ("| b", ("", "b")),
        ("a |", ("a", "")),
        ("a|b", None),
        ("|| a", ("a",)),
        ("||", ("",)),
        ("||a", None),
        (r"a \| b | c", ("a | b", "c")),
        (r"|| a \| b", ("a | b",)),
        ("|| a | b", ("|| a", "b")),
    ],
)
def test_the_cells_of_a_line(line: str, cells: tuple[str, ...] | None) -> None:
    assert row_cells(line) == cells


_cell = st.lists(st.sampled_from(("a", "|", "||", "\\|", "\\", " ", " | ", "b|c", "“")), max_size=5).map(
    "".join
)


@given(st.lists(_cell, min_size=1, max_size=3))
@settings(max_examples=500)
def test_a_row_is_read_as_it_was_written(cells: list[str]) -> None:
    assert row_cells(row_line(cells)) == tuple(" ".join(cell.split()) for cell in cells)


@given(st.lists(_cell, min_size=1, max_size=3), st.lists(_cell, min_size=1, max_size=3))
def test_two_rows_are_never_one_line(one: list[str], other: list[str]) -> None:
    same = [" ".join(cell.split()) for cell in one] == [" ".join(cell.split()) for cell in other]
    assert (row_line(one) == row_line(other)) is same


def test_a_table_of_one_column_and_a_bar_in_a_cell_are_read_and_written() -> None:
    lines = "Bảng 3. Ký hiệu\n|| Tên đơn vị\n|| Văn phòng \\| Phòng Tổng hợp\nKý hiệu | Nghĩa\n"
    read_back = canonical_text(read(TEXT + lines))
    assert read_back.endswith(lines)


# --- reading ----------------------------------------------------------------------------------

NEW = "2 | Hội nghị của chi bộ | 60.000 đồng"


@pytest.mark.parametrize(
    "where",
    [
        "số thứ tự 2 của bảng tại Phụ lục",
        "số thứ tự 2 Phụ lục",
        "hàng thứ 2 của bảng tại Phụ lục",
        "dòng thứ hai Bảng 1 Phụ lục",
        "hàng 2 bảng số 1 tại Phụ lục",
        "STT 2 bảng thứ nhất Phụ lục",
        "hàng thứ hai của bảng",
    ],
)
def test_a_row_is_named_in_many_ways(where: str) -> None:
    result = applied(f"Sửa đổi, bổ sung {where} như sau:", NEW)
    assert result.refusals == ()
    assert rows(result.document)[2] == NEW
    assert [p.id for p in result.document.provisions] == [p.id for p in read(TEXT).provisions]


def test_several_rows_take_the_quoted_rows_in_order() -> None:
    result = applied(
        "Sửa đổi, bổ sung các số thứ tự 1, 2 và 3 của bảng tại Phụ lục như sau:",
        "1 | a | b",
        NEW,
        "3 | c | d",
    )
    assert rows(result.document)[1:] == ["1 | a | b", NEW, "3 | c | d"]
    ranged = applied("Bãi bỏ hàng thứ 1 đến hàng thứ 2 của bảng tại Phụ lục.")
    assert rows(ranged.document)[1:] == ["3 | Họp báo định kỳ | 80.000 đồng"]


def test_rows_are_added_beside_one_or_at_the_end() -> None:
    new = "2a | Hội thảo | 90.000 đồng"
    after = applied("Bổ sung hàng vào sau số thứ tự 2 của bảng tại Phụ lục như sau:", new)
    numbered = applied("Bổ sung số thứ tự 2a vào sau số thứ tự 2 Phụ lục như sau:", new)
    end = applied("Bổ sung một hàng vào cuối bảng tại Phụ lục như sau:", new)
    assert rows(after.document)[3] == rows(numbered.document)[3] == rows(end.document)[4] == new


def test_rows_are_those_of_the_text_in_force_whatever_was_added_before() -> None:
    document = read(TEXT)
    amending = (
        "Điều 1. Sửa đổi, bổ sung Quy chế\n"
        "1. Bổ sung hàng vào trước hàng thứ 1 của bảng tại Phụ lục như sau:\n"
        "“1 | Một | 1”.\n2. Bãi bỏ hàng thứ 1 của bảng tại Phụ lục.\n"
        "3. Sửa đổi, bổ sung hàng thứ 2 của bảng tại Phụ lục như sau:\n“2 | Hai | 2”.\n"
        "4. Đánh lại số thứ tự các hàng của bảng tại Phụ lục.\n"
    )
    result = apply(document, amending, new_id=counter("new"))
    assert result.refusals == ()
    assert rows(result.document)[1:] == ["1 | Một | 1", "2 | Hai | 2", "3 | Họp báo định kỳ | 80.000 đồng"]


def test_a_table_is_replaced_and_its_caption_stays_unless_quoted() -> None:
    lines = ("STT | Nội dung | Mức", "1 | Một | 1")
    kept = applied("Thay thế bảng tại Phụ lục như sau:", *lines)
    named = applied("Sửa đổi, bổ sung bảng tại Phụ lục như sau:", "Bảng 1. Mức chi", *lines)
    captions = [next(p.text for p in r.document.provisions if p.kind is Kind.TABLE) for r in (kept, named)]
    assert captions == ["Bảng 1. Mức chi cho hội nghị", "Bảng 1. Mức chi"]
    assert rows(kept.document) == rows(named.document) == list(lines)


def test_a_phrase_is_replaced_in_one_row() -> None:
    result = applied("Thay thế cụm từ “Hội nghị” bằng cụm từ “Cuộc họp” tại hàng thứ 2 của bảng tại Phụ lục.")
    assert [row.split(" | ")[1] for row in rows(result.document)[1:3]] == [
        "Hội nghị của cấp ủy",
        "Cuộc họp của chi bộ",
    ]


def test_a_repealed_row_keeps_its_number_in_a_consolidated_text() -> None:
    amending = "Điều 1. Sửa đổi\n1. Bãi bỏ số thứ tự 2 của bảng tại Phụ lục."
    result = apply(read(TEXT), amending, new_id=counter("new"), keep_numbers=True)
    assert rows(result.document)[2] == "2 | (được bãi bỏ) | "


@pytest.mark.parametrize(
    ("sentence", "quoted", "code"),
    [
        (
            "Sửa đổi, bổ sung số thứ tự 9 của bảng tại Phụ lục như sau:",
            ("9 | a | b",),
            "amend_address_not_found",
        ),
        ("Sửa đổi, bổ sung hàng thứ 2 của bảng tại Điều 1 như sau:", (NEW,), "amend_address_not_found"),
        (
            "Sửa đổi, bổ sung hàng thứ 2 của bảng tại Phụ lục như sau:",
            ("không có ô",),
            "amend_label_mismatch",
        ),
        (
            "Sửa đổi, bổ sung hàng thứ 2 của bảng tại Phụ lục như sau:",
            (NEW, "3 | c | d"),
            "amend_label_mismatch",
        ),
        ("Bổ sung hàng vào sau bảng tại Phụ lục như sau:", (NEW,), "amend_place_unclear"),
        ("Đánh lại số thứ tự các hàng của Phụ lục.", (), "amend_unreadable"),
    ],
)
def test_what_is_not_clear_is_refused_whole(sentence: str, quoted: tuple[str, ...], code: str) -> None:
    result = applied(sentence, *quoted)
    assert [refused.code for refused in result.refusals] == [code]
    assert rows(result.document) == rows(read(TEXT))


def test_of_two_tables_one_must_be_meant() -> None:
    unclear = applied("Sửa đổi, bổ sung bảng tại Phụ lục như sau:", "a | b", "c | d", text=TEXT + OTHER)
    assert [refused.code for refused in unclear.refusals] == ["amend_address_ambiguous"]
    uncounted = applied("Đánh lại số thứ tự các hàng của bảng thứ hai tại Phụ lục.", text=TEXT + OTHER)
    assert [refused.code for refused in uncounted.refusals] == ["amend_rows_unnumbered"]
    result = applied("Bãi bỏ hàng thứ 1 bảng số 2 Phụ lục.", text=TEXT + OTHER)
    assert rows(result.document)[-1] == "In tài liệu | 10.000 đồng"
    assert len(rows(result.document)) == len(rows(read(TEXT + OTHER))) - 1


# --- writing ----------------------------------------------------------------------------------


def test_a_changed_cell_amends_its_row() -> None:
    found = instrument(TEXT, TEXT.replace("50.000 đồng", "60.000 đồng"))
    assert sentences(found) == ["Sửa đổi, bổ sung số thứ tự 2 của bảng tại Phụ lục như sau:"]
    assert found.instrument.leaves()[0].quoted == (NEW,)


def test_a_new_row_in_the_middle_and_the_rest_counted_anew() -> None:
    after = TEXT.replace("3 | Họp", "4 | Họp").replace("3 | Họp", "4 | Họp")
    after = after.replace("4 | Họp báo", "3 | Hội thảo khoa học | 90.000 đồng\n4 | Họp báo")
    found = instrument(TEXT, after)
    assert sentences(found) == [
        "Bổ sung hàng vào sau số thứ tự 2 của bảng tại Phụ lục như sau:",
        "Đánh lại số thứ tự các hàng của bảng tại Phụ lục",
    ]
    assert found.instrument.leaves()[0].quoted == ("2a | Hội thảo khoa học | 90.000 đồng",)


def test_a_row_that_goes_is_repealed() -> None:
    after = TEXT.replace("3 | Họp báo định kỳ | 80.000 đồng\n", "")
    assert sentences(instrument(TEXT, after)) == ["Bãi bỏ số thứ tự 3 của bảng tại Phụ lục"]


def test_the_second_table_is_named_and_rows_without_numbers_are_counted() -> None:
    more = OTHER + "Thuê hội trường, trang trí, âm thanh và phục vụ hội nghị | 3.000.000 đồng\n"
    found = instrument(TEXT + more, TEXT + more.replace("10.000", "20.000").replace("chi khác", "chi thêm"))
    assert sentences(found) == [
        "Sửa đổi, bổ sung tên bảng thứ hai như sau:",
        "Sửa đổi, bổ sung hàng thứ 2 của bảng thứ hai như sau:",
    ]


def test_a_table_with_another_head_of_another_width_is_amended_whole() -> None:
    lines = [f"{line} | x" if " | " in line else line for line in TEXT.splitlines()]
    assert sentences(instrument(TEXT, "\n".join(lines))) == ["Sửa đổi, bổ sung bảng tại Phụ lục như sau:"]


def test_a_new_appendix_brings_its_table() -> None:
    before = TEXT.replace("Phụ lục\nMỨC", "Phụ lục I\nMỨC")
    found = instrument(before, f"{before}Phụ lục II\nMỨC CHI KHÁC\n{OTHER}")
    assert sentences(found) == ["Bổ sung Phụ lục II vào sau Phụ lục I như sau:"]


COLUMN = "Bảng 2. Đơn vị\n|| Tên đơn vị\n|| Văn phòng\n|| Ban Tổ chức\n"


@pytest.mark.parametrize(
    ("after", "said", "quoted"),
    [
        (
            COLUMN.replace("|| Ban Tổ chức", "|| Ban Tổ chức tỉnh ủy"),
            "Sửa đổi, bổ sung hàng thứ 2 của bảng thứ hai tại Phụ lục như sau:",
            ("|| Ban Tổ chức tỉnh ủy",),
        ),
        (
            COLUMN + "|| Ban Dân vận\n",
            "Bổ sung hàng vào sau hàng thứ 2 của bảng thứ hai tại Phụ lục như sau:",
            ("|| Ban Dân vận",),
        ),
        (COLUMN.replace("|| Văn phòng\n", ""), "Bãi bỏ hàng thứ 1 của bảng thứ hai tại Phụ lục", ()),
        (
            COLUMN.replace("|| Tên đơn vị", "|| Tên cơ quan"),
            "Sửa đổi, bổ sung hàng tiêu đề của bảng thứ hai tại Phụ lục như sau:",
            ("|| Tên cơ quan",),
        ),
        (
            COLUMN.replace("Văn phòng", "Văn phòng \\| Phòng Tổng hợp"),
            "Sửa đổi, bổ sung hàng thứ 1 của bảng thứ hai tại Phụ lục như sau:",
            ("|| Văn phòng \\| Phòng Tổng hợp",),
        ),
    ],
)
def test_a_table_of_one_column_is_amended_row_by_row(after: str, said: str, quoted: tuple[str, ...]) -> None:
    found = instrument(TEXT + COLUMN, TEXT + after)
    assert sentences(found) == [said]
    assert found.instrument.leaves()[0].quoted == quoted
    printed = [p.cells for p in found.instrument.document().provisions if p.kind is Kind.ROW]
    assert printed == [(f"“{cell}”.",) for line in quoted for cell in row_cells(line) or ()]


def test_an_amending_document_printed_as_a_table_of_one_column_is_read_back() -> None:
    """As it comes from a Word file: the marks stand in the cell."""
    after = TEXT + COLUMN.replace("Văn phòng", "Văn phòng tỉnh ủy") + "|| Ban Dân vận\n|| Báo\n"
    made = instrument(TEXT + COLUMN, after).instrument.document()
    result = apply(read(TEXT + COLUMN), made, new_id=counter("new"))
    assert result.refusals == ()
    assert canonical_text(result.document) == canonical_text(read(after))


def test_a_bar_in_a_cell_stays_one_in_the_amended_row() -> None:
    found = instrument(TEXT, TEXT.replace("Họp báo định kỳ", "Họp báo \\| họp mặt"))
    assert found.instrument.leaves()[0].quoted == ("3 | Họp báo \\| họp mặt | 80.000 đồng",)


def test_a_repealed_row_of_one_cell_leaves_its_note() -> None:
    result = apply(
        read(TEXT + COLUMN),
        "Điều 1. Sửa đổi, bổ sung Quy chế\n1. Bãi bỏ hàng thứ 1 bảng thứ hai Phụ lục.",
        new_id=counter("new"),
        keep_numbers=True,
    )
    assert rows(result.document)[-2:] == ["(được bãi bỏ)", "Ban Tổ chức"]


def test_quoted_rows_are_printed_as_a_small_table() -> None:
    made = instrument(TEXT, TEXT.replace("50.000 đồng", "60.000 đồng")).instrument.document()
    printed = [p.cells for p in made.provisions if p.kind is Kind.ROW]
    assert printed == [("“2", "Hội nghị của chi bộ", "60.000 đồng”.")]
