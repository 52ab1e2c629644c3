"""Instructions at the edge of the grammar: too many units, word orders few use, sentences left unfinished."""

from __future__ import annotations

import pytest

from tests.unit.test_amend_reading import items, one


def run(first: int, last: int) -> str:
    return ", ".join(map(str, range(first, last + 1)))


@pytest.mark.parametrize(
    "units",
    [
        "Điều 1 đến Điều 400 và Điều 401 đến Điều 800",
        f"khoản {run(1, 200)} Điều 5; khoản {run(1, 400)} Điều 6",
        "điểm 1 đến điểm 500 khoản 1 đến khoản 500 Điều 1 đến Điều 500",
        f"các Điều {run(1, 501)}",
        ", ".join(f"Điều {n}" for n in range(1, 502)),
        f"các dòng {run(1, 501)} của bảng tại Phụ lục I",
    ],
)
def test_more_units_than_anyone_names_are_refused_never_cut(units: str) -> None:
    """Three short ranges name a hundred million points: they are counted before they are written down."""
    assert one(f"Bãi bỏ {units}.") == "amend_units_too_many"


def test_a_list_of_units_of_the_greatest_length_is_read() -> None:
    (found,) = one("Bãi bỏ Điều 1 đến Điều 500.")
    assert found.count("Điều") == 500


def test_containers_in_containers_name_no_more_units_than_a_sentence() -> None:
    found = items(
        "Điều 1. Sửa đổi, bổ sung một số điều\n"
        "1. Sửa đổi, bổ sung Điều 1 đến Điều 500 như sau:\n"
        "1.1. Sửa đổi, bổ sung một số điểm của khoản 1 đến khoản 500 như sau:\n"
        "a) Bãi bỏ điểm a, b;\n"
        "2. Bãi bỏ Điều 7."
    )
    assert found == ["amend_units_too_many", ["repeal Điều 7"]]


@pytest.mark.parametrize("beside", ["Điều 6, điểm a tên điều", "Điều 6 và khoản 2 tên chương này"])
def test_a_unit_that_is_said_to_be_in_a_title_is_not_passed_over(beside: str) -> None:
    """It stands in no title; what is named beside it must not be repealed alone."""
    (found,) = one(f"Bãi bỏ {beside}.")
    assert len(found.split(", ")) == 3


@pytest.mark.parametrize(
    ("sentence", "operations"),
    [
        (
            "Bổ sung cụm từ “A” vào sau cụm từ “B”, khoản 3a vào sau khoản 3 Điều 5 như sau:",
            ["phrase +A after B @ khoản 3 Điều 5", "insert khoản 3a after khoản 3 Điều 5"],
        ),
        (
            "Bổ sung cụm từ “A” vào sau cụm từ “B” tại Điều 5, cụm từ “C” vào sau cụm từ “D” tại Điều 6.",
            ["phrase +A after B @ Điều 5", "phrase +C after D @ Điều 6"],
        ),
        ("Bổ sung vào sau khoản 2 Điều 5 khoản 2a như sau:", ["insert khoản 2a after khoản 2 Điều 5"]),
        ("Bổ sung vào sau khoản 2 Điều 5 một đoạn như sau:", ["insert đoạn after khoản 2 Điều 5"]),
        ("Sau khoản 2 Điều 5 bổ sung một đoạn như sau:", ["insert đoạn after khoản 2 Điều 5"]),
        ("Bổ sung một đoạn tại khoản 2 Điều 3 như sau:", ["insert đoạn end khoản 2 Điều 3"]),
        (
            "Bổ sung khoản 2a vào cuối sau khoản 3 Điều 5 như sau:",
            ["insert khoản 2a after khoản 3 Điều 5"],
        ),
        ("Bổ sung khoản 2a vào Điều 5 sau khoản 2 như sau:", ["insert khoản 2a after khoản 2 Điều 5"]),
        ("Cụm từ “A” tại Điều 5 được bãi bỏ.", ["phrase A→ @ Điều 5"]),
        ("Cụm từ “A” được bãi bỏ tại Điều 5.", ["phrase A→ @ Điều 5"]),
        ("Thay cụm từ “A” bằng cụm từ “B” tại một số điều của Luật Đất đai.", ["phrase A→B @ toàn văn"]),
        ("Thay cụm từ “A” bằng cụm từ “B” tại một số khoản của Điều 5.", ["phrase A→B @ Điều 5"]),
        ("Thay cụm từ “A” bằng cụm từ “B” tại các khoản sau của Điều 5.", ["phrase A→B @ Điều 5"]),
        ("Sửa đổi đoạn 2 khoản 1 Điều 5 như sau:", ["amend đoạn 2 khoản 1 Điều 5"]),
        ("Điều 5a được bổ sung vào sau Điều 5 như sau:", ["insert Điều 5a after Điều 5"]),
        (
            "Bổ sung cụm từ “A” vào sau cụm từ “B”; khoản 3 Điều 5 được bãi bỏ.",
            ["phrase +A after B @ khoản 3 Điều 5", "repeal khoản 3 Điều 5"],
        ),
    ],
)
def test_word_orders_that_few_use(sentence: str, operations: list[str]) -> None:
    assert one(sentence) == operations


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Bãi bỏ Điều 5, đồng thời.", "amend_unreadable"),
        ("Bãi bỏ Điều 5 sửa đổi Điều 6.", "amend_unreadable"),
        ("Bãi bỏ, thay thế một số cụm từ:", "amend_unreadable"),
        ("Tại Điều 5 và.", "amend_unreadable"),
        ("Điều 5 được thay bằng cụm từ “B”.", "amend_unreadable"),
        ("Bãi bỏ Điều 7 đến Điều 5.", "amend_unreadable"),
        ("Bãi bỏ hàng thứ 5 đến hàng thứ 3 của bảng tại Phụ lục I.", "amend_unreadable"),
        ("Bổ sung và Điều 5.", "amend_unreadable"),
        ("Bổ sung một đoạn tại và như sau:", "amend_unreadable"),
        ("Bổ sung khoản 2a vào nơi nào đó như sau:", "amend_unreadable"),
        ("Bổ sung khoản 2a vào sau nơi nào đó như sau:", "amend_unreadable"),
        ("Bổ sung khoản 2a vào sau khoản 2 và khoản 3 Điều 5 như sau:", "amend_place_unclear"),
        ("Bổ sung khoản 2a vào Điều 5 và Điều 6 như sau:", "amend_place_unclear"),
        ("Sau khoản 2 và khoản 3 Điều 5 bổ sung khoản 4 như sau:", "amend_unreadable"),
        ("Bổ sung vào sau cụm từ “A” tại Điều 5.", "amend_unreadable"),
        ("Bổ sung cụm từ “A” vào sau khoản 3 Điều 5.", "amend_unreadable"),
        ("Thay cụm từ “A” bằng cụm từ “B” trong toàn bộ các Điều 5, 6.", "amend_unreadable"),
        ("Thay cụm từ “A” bằng cụm từ “B” tại một số điều.", "amend_address_missing"),
        ("Cụm từ “A” tại Điều 5 được thay bằng Điều 6.", "amend_unreadable"),
        ("Cụm từ “A” tại Điều 5.", "amend_phrase_pairs_unclear"),
    ],
)
def test_what_is_left_unfinished_or_said_of_two_places_is_refused(sentence: str, code: str) -> None:
    assert one(sentence) == code


@pytest.mark.parametrize(
    ("heading", "line", "found"),
    [
        ("Bãi bỏ một số cụm từ như sau:", "“A” tại Điều 5;", ["phrase A→ @ Điều 5"]),
        ("Bổ sung một số cụm từ như sau:", "“A” vào sau “B” tại Điều 5;", ["phrase +A after B @ Điều 5"]),
        ("Đánh số lại một số khoản như sau:", "“A” tại Điều 5;", "amend_unreadable"),
        (
            "Sửa đổi, bổ sung khoản 2 Điều 5 như sau:",
            "Bãi bỏ điểm b khoản này;",
            ["repeal điểm b khoản 2 Điều 5"],
        ),
        (
            "Sửa đổi, bổ sung khoản 2 Điều 5 như sau:",
            "Thay thế cụm từ “A” bằng cụm từ “B”;",
            ["phrase A→B @ khoản 2 Điều 5"],
        ),
    ],
)
def test_a_line_takes_from_the_one_above_what_it_does_not_say(
    heading: str, line: str, found: list[str] | str
) -> None:
    text = f"Điều 1. Sửa đổi, bổ sung một số điều\n1. {heading}\na) {line}\nb) Bãi bỏ Điều 9."
    assert items(text) == [found, ["repeal Điều 9"]]


def test_a_paragraph_without_a_place_goes_to_the_end_of_what_the_line_above_names() -> None:
    text = (
        "Điều 1. Sửa đổi\n1. Sửa đổi, bổ sung khoản 2 Điều 5 như sau:\n"
        "a) Bổ sung một đoạn như sau:\n“Đoạn mới.”"
    )
    assert items(text) == [["insert đoạn end khoản 2 Điều 5"]]


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (("a) Sửa đổi điểm a như sau:", "“a) Mới.", "b) Bãi bỏ điểm c;"), "repeal điểm c khoản 2 Điều 5"),
        (("- Sửa đổi điểm a như sau:", "“a) Mới.", "- Bãi bỏ điểm c;"), "repeal điểm c khoản 2 Điều 5"),
        (("a) Sửa đổi điểm a như sau: “a) Mới.", "b) Bãi bỏ điểm c;"), "repeal điểm c khoản 2 Điều 5"),
    ],
)
def test_behind_a_quotation_left_open_the_next_instruction_is_told_by_its_sign(
    lines: tuple[str, ...], read: str
) -> None:
    text = "\n".join(("Điều 1. Sửa đổi", "1. Sửa đổi, bổ sung khoản 2 Điều 5 như sau:", *lines))
    assert items(text) == ["amend_quote_open", [read]]


def test_behind_a_quotation_left_open_in_a_heading_the_first_instruction_is_told_by_its_number() -> None:
    text = "Điều 1. Sửa đổi khoản 2 Điều 5 như sau:\n“2. Mới.\n1. Bãi bỏ Điều 7."
    assert items(text) == ["amend_quote_open", ["repeal Điều 7"]]


def test_an_instruction_broken_onto_a_second_line_is_read_to_its_end() -> None:
    """Read up to the break it would repeal a point of nobody knows which clause."""
    found = items("Điều 1. Sửa đổi\n1. Bãi bỏ điểm a\nkhoản 2 Điều 3.\n2. Bãi bỏ Điều 9.")
    assert found == [["repeal điểm a khoản 2 Điều 3"], ["repeal Điều 9"]]


def test_where_a_phrase_goes_may_be_said_before_or_behind_what_it_stands_beside() -> None:
    for sentence in (
        "Bổ sung cụm từ “cấp xã” tại khoản 1 Điều 2 vào sau cụm từ “Đảng ủy”.",
        "Bổ sung cụm từ “cấp xã” vào sau cụm từ “Đảng ủy” tại khoản 1 Điều 2.",
    ):
        assert one(sentence) == ["phrase +cấp xã after Đảng ủy @ khoản 1 Điều 2"]
