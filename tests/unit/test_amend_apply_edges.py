"""Instructions that name a place few name, and those whose place or new text does not hold."""

from __future__ import annotations

import pytest

from tests.unit.test_amend_apply import ATTACHED, applied, change, changed, lines
from tests.unit.test_amend_tables import TEXT
from tests.unit.test_amend_tables import applied as applied_to_tables


@pytest.mark.parametrize(
    ("instruction", "code"),
    [
        ("Sửa đổi Quy chế này như sau:\n“Điều 1. Một”", "amend_address_missing"),
        ("Bãi bỏ đoạn mở đầu khoản 2 Điều 1.", "amend_unreadable"),
        ("Bổ sung khoản 2a vào sau Điều 1 như sau:\n“2a. Một.”", "amend_place_unclear"),
        ("Bổ sung khoản 4 như sau:\n“4. Bốn.”", "amend_address_missing"),
        ("Bổ sung Mục 1 như sau:\n“Mục 1\nHỌP”", "amend_place_unclear"),
        ("Bổ sung Điều 9 vào sau Quy chế này như sau:\n“Điều 9. Một”", "amend_address_not_found"),
        ("Bổ sung một đoạn như sau:\n“Đoạn.”", "amend_place_unclear"),
        ("Bổ sung hàng:\n“4 | Khác”", "amend_place_unclear"),
        ("Bổ sung cụm từ “A” vào cuối Quy chế này;", "amend_place_unclear"),
        ("Thay cụm từ “Văn phòng”, “Không có” bằng cụm từ “Ban” tại Điều 2;", "amend_phrase_not_found"),
        ("Sửa đổi khoản 1 Điều 2 như sau:\n“Họp.\nĐiều 9. Khác”", "amend_label_mismatch"),
        ("Sửa đổi tên Điều 2 và tên Điều 3 như sau:\n“Điều 2. Hai”", "amend_label_mismatch"),
        ("Sửa đổi tên Điều 2 như sau:\n“1. Một.”", "amend_label_mismatch"),
        ("Sửa đổi tên Điều 2 như sau:\n“Tên mới\n1. Một.”", "amend_label_mismatch"),
        ("Bổ sung một đoạn vào cuối khoản 2 Điều 1 như sau:\n“3. Ba.”", "amend_label_mismatch"),
    ],
)
def test_what_has_no_place_or_no_fitting_text_changes_nothing(instruction: str, code: str) -> None:
    result = change(f"1. {instruction}\n2. Bãi bỏ Điều 4.")
    assert [refused.code for refused in result.refusals] == [code]
    assert lines(result) == lines(change("1. Bãi bỏ Điều 4."))


@pytest.mark.parametrize(
    ("instruction", "excerpt"),
    [
        ("Bổ sung một đoạn như sau:\n“Đoạn mới.”", "Đoạn mới."),
        ("Bổ sung hàng:\n“4 | Khác”", "4 | Khác"),
    ],
)
def test_an_addition_without_a_place_is_told_by_its_words(instruction: str, excerpt: str) -> None:
    (refused,) = change(f"1. {instruction}").refusals
    assert dict(refused.details) == {"excerpt": excerpt}


@pytest.mark.parametrize(
    ("place", "before"),
    [
        ("vào đầu khoản 1 Điều 2", "Đoạn hai của khoản một."),
        ("vào trước đoạn thứ hai khoản 1 Điều 2", "Đoạn hai của khoản một."),
        ("vào sau đoạn thứ hai khoản 1 Điều 2", "2. Văn phòng ghi biên bản, lưu trữ;"),
        ("vào sau khoản 1 Điều 2", "2. Văn phòng ghi biên bản, lưu trữ;"),
        ("vào trước khoản 1 Điều 2", "1. Họp một lần mỗi tháng."),
        ("vào sau điểm c khoản 2 Điều 1", "Các việc quy định tại khoản này làm hằng năm."),
        ("vào cuối khoản 2 Điều 1", "Điều 2. Nguyên tắc"),
    ],
)
def test_a_paragraph_goes_where_its_place_is_named(place: str, before: str) -> None:
    result = change(f"1. Bổ sung một đoạn {place} như sau:\n“Đoạn mới.”")
    assert result.refusals == ()
    found = lines(result)
    assert found[found.index("Đoạn mới.") + 1] == before


@pytest.mark.parametrize("place", ["vào đầu Điều 2", "vào Điều 2"])
def test_a_clause_with_the_smallest_number_goes_before_the_first(place: str) -> None:
    found = lines(change(f"1. Bổ sung khoản 0 {place} như sau:\n“0. Họp trù bị.”"))
    assert found[found.index("0. Họp trù bị.") + 1] == "1. Họp một lần mỗi tháng."


def test_a_place_named_twice_is_changed_once() -> None:
    gone, new = changed("1. Thay cụm từ “Văn phòng” bằng cụm từ “Văn phòng ủy” tại khoản 2 Điều 2 và Điều 2;")
    assert (gone, new) == (
        ["2. Văn phòng ghi biên bản, lưu trữ;"],
        ["2. Văn phòng ủy ghi biên bản, lưu trữ;"],
    )


def test_titles_are_told_by_the_articles_they_are_quoted_with() -> None:
    _, new = changed("1. Sửa đổi tên Điều 2 và tên Điều 3 như sau:\n“Điều 3. Ba\nĐiều 2. Hai”")
    assert new == ["Điều 2. Hai", "Điều 3. Ba"]


def test_a_row_of_a_table_that_came_with_an_earlier_instruction_is_found_as_it_stands() -> None:
    _, new = changed(
        "1. Bổ sung Điều 2a vào sau Điều 2 như sau:\n"
        "“Điều 2a. Mức chi\n1. Chi:\nSTT | Việc\n1 | Họp\n2 | Đi”\n"
        "2. Bãi bỏ hàng thứ 1 của bảng tại khoản 1 Điều 2a."
    )
    assert [line for line in new if " | " in line] == ["STT | Việc", "2 | Đi"]


@pytest.mark.parametrize(
    ("sentence", "quoted", "rows"),
    [
        ("Bãi bỏ hàng cuối của bảng tại Phụ lục.", (), 2),
        ("Bổ sung hàng vào cuối Phụ lục như sau:", ("4 | Khác | 10.000 đồng",), 4),
    ],
)
def test_a_row_may_be_named_as_the_last_of_the_only_table(
    sentence: str, quoted: tuple[str, ...], rows: int
) -> None:
    result = applied_to_tables(sentence, *quoted)
    assert result.refusals == ()
    assert sum(" | " in line for line in lines(result)) == 1 + rows


@pytest.mark.parametrize(
    ("sentence", "quoted", "code"),
    [
        ("Bổ sung hàng vào sau Phụ lục như sau:", "4 | Khác | 10.000 đồng", "amend_place_unclear"),
        ("Bổ sung hàng vào sau hàng thứ 3 của bảng tại Phụ lục như sau:", "Khác", "amend_label_mismatch"),
    ],
)
def test_a_row_needs_cells_and_a_place_in_a_table(sentence: str, quoted: str, code: str) -> None:
    result = applied_to_tables(sentence, quoted, text=TEXT)
    assert [refused.code for refused in result.refusals] == [code]


def test_where_nothing_begins_anew_the_attached_text_does_not_make_a_number_clear() -> None:
    twice = ATTACHED.replace("Điều 1. Phạm vi\nPhạm vi của Quy chế.\n", "")
    named = "Điều 1. Sửa đổi một số điều của Quy chế làm việc ban hành kèm theo Quyết định số 1-QĐ/TU\n"
    result = applied(twice, f"{named}1. Bãi bỏ Điều 2.")
    assert [refused.code for refused in result.refusals] == ["amend_address_ambiguous"]
