"""Names in Vietnamese order, and lists of people from a spreadsheet."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.errors import Refusal
from duthao.domain.names import name_key, word_key
from duthao.domain.people_list import MAX_PEOPLE, MAX_USERNAME, Row, read_people

NAMES = [
    "Trần Văn An", "Lê Thị Ân", "Phạm Bình", "Nguyễn Cường", "Đỗ Dũng", "An Đức", "Vũ Hoà", "Vũ Hòa",
    "Nguyễn Ngọc Hùng", "Đặng Văn Hùng", "Lý Hưng", "Ma Thị Nữ", "Lò Thị Ơn", "Tô Uyên",
]  # fmt: skip


def test_given_names_come_first_then_families() -> None:
    order = ["Lê Văn An", "Trần An", "Nguyễn Ân", "Hà Dung", "Hà Dũng", "Bùi Đức", "Đỗ Văn Hùng", "Lê Hùng"]
    assert sorted(set(order), key=name_key) == order


def test_letters_before_tones() -> None:
    for order in ("a ă â b c d đ e ê", "o ô ơ p", "u ư v", "ma mà mả mã má mạ mà̀ me"):
        words = [word for word in order.split() if word != "mà̀"]
        assert sorted(set(words), key=word_key) == words
    assert word_key("hoà") == word_key("HÒA")
    assert word_key("hòa")[0] == word_key("hoa")[0] < word_key("hoan")[0]


@given(st.permutations(NAMES))
@settings(max_examples=30)
def test_the_order_is_one_whatever_it_was_before(names: list[str]) -> None:
    assert sorted(names, key=name_key) == sorted(NAMES, key=name_key)


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=60)
def test_every_name_has_a_place_of_its_own(one: str, other: str) -> None:
    assert (name_key(one) == name_key(other)) == (one == other)


def test_cells_pasted_from_a_spreadsheet() -> None:
    rows = read_people("STT\tHọ và tên\tTên đăng nhập\tChức vụ\n1\tLê An\tAN\tBí thư\n\n2\t=A1+B2\tbinh\t\n")
    assert rows == (Row(2, "an", "Lê An", "Bí thư"), Row(4, "binh", "=A1+B2", ""))


def test_a_file_of_commas_with_quotes_and_a_mark() -> None:
    rows = read_people('\ufeffusername,name,position\r\nan,"An, Lê","Phó\nban"\r\n')
    assert rows == (Row(3, "an", "An, Lê", "Phó ban"),)


def test_what_cannot_be_taken_says_why() -> None:
    rows = read_people("tai khoan;ho ten\nan;An\nAn;An nữa\n;Không\ncó khoảng;Trắng\nx;\n")
    assert [row.problem for row in rows] == ["", "doubled", "username_bad", "username_bad", "name_missing"]


def test_as_many_people_and_as_long_a_name_as_the_bounds_say_are_taken() -> None:
    rows = read_people("username,name\n" + f"{'x' * MAX_USERNAME},An\n" * MAX_PEOPLE)
    assert len(rows) == MAX_PEOPLE
    assert rows[0].problem == ""
    assert read_people(f"username,name\n{'x' * (MAX_USERNAME + 1)},An")[0].problem == "username_bad"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "people_list_empty"),
        ("username,name", "people_list_empty"),
        ("a,b\nc,d", "people_list_columns"),
        ("username,name\n" + "a,b\n" * 2001, "people_list_long"),
        ("x" * 500_000, "people_list_long"),
    ],
)
def test_a_list_that_is_none(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_people(text)
    assert refused.value.code == code


@given(st.text(max_size=80))
@settings(max_examples=60)
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refusal):
        assert all(row.line > 1 for row in read_people(f"username,name\n{text}"))
