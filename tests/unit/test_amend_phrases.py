"""Phrases replaced, dropped and put in: spaces, capitals, overlaps, formats."""

from __future__ import annotations

import pytest

from duthao.domain.amend.phrases import (
    at_end,
    at_start,
    edited,
    insertions,
    moved_marks,
    occurrences,
    replacements,
    strands,
)
from duthao.domain.document import CharOffset, Mark, MarkKind


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    return edited(text, replacements(text, pairs))


def added(text: str, phrase: str, beside: str, *, after: bool) -> str:
    return edited(text, insertions(text, phrase, beside, after=after))


def bold(start: int, end: int) -> Mark:
    return Mark(MarkKind.BOLD, CharOffset(start), CharOffset(end))


@pytest.mark.parametrize(
    ("text", "pairs", "found"),
    [
        ("Văn phòng ghi biên bản.", [("Văn phòng", "")], "Ghi biên bản."),
        ("Họp tại (Văn phòng huyện).", [("Văn phòng", "")], "Họp tại (huyện)."),
        ("Họp, bàn, quyết.", [(", bàn", "")], "Họp, quyết."),
        ("Cấp ủy họp. Cấp ủy bàn.", [("cấp ủy", "đảng ủy")], "Đảng ủy họp. Đảng ủy bàn."),
        ("BAN THƯỜNG VỤ", [("Ban Thường vụ", "Thường trực")], "THƯỜNG TRỰC"),
        ("Họp tại uỷ ban xã.", [("ủy ban", "cơ quan")], "Họp tại cơ quan xã."),
        ("Bàn về hộp thư.", [("hóp", "hòm")], "Bàn về hộp thư."),
        ("một một một", [("một một", "hai")], "hai một"),
        ("Ban Thường vụ Tỉnh ủy", [("Ban Thường vụ", "A"), ("Thường vụ Tỉnh ủy", "B")], "Ban B"),
        ("Họp tại trụ sở.", [(" ", "x")], "Họp tại trụ sở."),
    ],
)
def test_a_phrase_goes_or_is_replaced_with_the_space_and_the_capital_it_had(
    text: str, pairs: list[tuple[str, str]], found: str
) -> None:
    assert replaced(text, *pairs) == found


@pytest.mark.parametrize(
    ("text", "phrase", "leaves_nothing"),
    [
        ("Văn phòng.", "Văn phòng", True),
        ("Văn phòng, lưu trữ.", "Văn phòng", True),
        ("Họp, lưu trữ.", "lưu trữ", True),
        ("Văn phòng lưu trữ.", "Văn phòng", False),
        ("Họp, lưu trữ.", ", lưu trữ", False),
    ],
)
def test_a_deletion_that_leaves_marks_alone_is_told(text: str, phrase: str, leaves_nothing: bool) -> None:
    (edit,) = replacements(text, [(phrase, "")])
    assert strands(text, edit) is leaves_nothing


@pytest.mark.parametrize(
    ("text", "phrase", "beside", "after", "found"),
    [
        ("Cơ quan họp.", "ban, ", "cơ quan", False, "Ban, cơ quan họp."),
        ("Các cơ quan họp.", ", ban", "cơ quan", True, "Các cơ quan, ban họp."),
        ("Các cơ quan, ban họp.", ", ban", "cơ quan", True, "Các cơ quan, ban họp."),
        ("Các ban, cơ quan họp.", "ban,", "cơ quan", False, "Các ban, cơ quan họp."),
    ],
)
def test_a_phrase_is_put_in_once_and_takes_over_the_capital(
    text: str, phrase: str, beside: str, after: bool, found: str
) -> None:
    assert added(text, phrase, beside, after=after) == found


def test_at_the_ends_of_a_text_the_marks_stay_behind_the_words() -> None:
    assert edited("Họp kín;", [at_end("Họp kín;", "mỗi tháng")]) == "Họp kín mỗi tháng;"
    assert edited("Họp kín;", [at_end("Họp kín;", "mỗi tháng.")]) == "Họp kín mỗi tháng."
    assert edited("họp kín", [at_start("họp kín", "Ban Thường vụ")]) == "Ban Thường vụ họp kín"


def test_a_phrase_without_a_word_stands_nowhere() -> None:
    assert occurrences("Họp kín.", " ") == []


def test_formats_keep_to_their_words_and_join_where_what_parted_them_is_gone() -> None:
    text = "Ban Thường vụ và Ban Tổ chức"
    edits = replacements(text, [("và", "")])
    assert edited(text, edits) == "Ban Thường vụ Ban Tổ chức"
    assert moved_marks((bold(0, 14), bold(16, 28)), edits) == (bold(0, 25),)
    half = replacements(text, [("Thường vụ", "Chấp hành")])
    assert moved_marks((bold(4, 10),), half) == (bold(4, 13),)
