"""Changes of spelling by their names, in texts, spans and rows."""

from __future__ import annotations

import json
import unicodedata

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.keys import spelling_key
from duthao.domain.compare.orthography import kinds, span_kinds
from duthao.domain.compare.result import Row, RowClass
from duthao.domain.compare.words import word_spans
from duthao.formats.comparison_json import comparison_to_json
from tests.support.texts import art, cl, doc


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("hoà giải, thuỷ lợi", "hòa giải, thủy lợi", {"tone"}),
        ("cấp uỷ", nfd("cấp uỷ"), {"unicode"}),
        ("cấp uỷ", nfd("cấp ủy"), {"unicode", "tone"}),
        ("ﬁnal", "final", {"unicode"}),
        ("Ðảng bộ", "Đảng bộ", {"look_alike"}),
        ("“Quy chế”", '"Quy chế"', {"quotes"}),
        ("2020–2025", "2020-2025", {"dashes"}),
        ("nghị\u200b quyết", "nghị quyết", {"invisible"}),
        ("nghị\u00adquyết", "nghịquyết", {"invisible"}),
        ("15\u00a0ngày", "15 ngày", {"space"}),
        ("một  hai", "một hai", {"space"}),
        ("một\nhai", "một hai", {"space"}),
        ("(nếu có )", "( nếu có)", {"space"}),
        ("Ban thường vụ", "Ban Thường vụ", {"case"}),
        ("BAN THƯỜNG VỤ", "Ban Thường vụ", {"case"}),
        ("quản lí, kĩ thuật, qui định", "quản lý, kỹ thuật, quy định", {"i_y"}),
        ("hồ sơ hợp lệ;", "hồ sơ hợp lệ.", {"end_mark"}),
        ("hồ sơ hợp lệ", "hồ sơ hợp lệ.", {"end_mark"}),
        ("Ban thường vụ  uỷ", "Ban Thường vụ ủy", {"case", "space", "tone"}),
        ("như nhau", "như nhau", set()),
    ],
)
def test_a_change_of_spelling_has_a_name(before: str, after: str, named: set[str]) -> None:
    assert kinds(before, after) == named
    assert kinds(after, before) == named


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kiểm toán", "kiểm toan"),
        ("bàn tay", "bàn tai"),
        ("được", "không được"),
        ("10² m", "102 m"),
        ("khoản 5, 6", "khoản 5,6"),
        ("1 000", "1000"),
        ("điểm i", "điểm y"),
        ("el público", "el publicó"),
        ("die Maße", "die Masse"),
        ("hồ sơ?", "hồ sơ."),
        ("", "từ"),
    ],
)
def test_a_change_of_meaning_is_none_of_spelling(before: str, after: str) -> None:
    assert kinds(before, after) is None
    assert spelling_key(before) != spelling_key(after)


def test_a_mark_inside_the_text_is_no_mark_at_its_end() -> None:
    assert kinds(";", ".", at_end=False) is None


@pytest.mark.parametrize(("before", "after"), [("lí do", "lý do"), ("có;", "có.")])
def test_what_is_never_folded_is_still_told_apart_by_the_key(before: str, after: str) -> None:
    assert spelling_key(before) != spelling_key(after)


def test_each_span_names_its_own() -> None:
    spans = word_spans("Uỷ ban họp ba lần;", "Ủy ban họp bốn lần.")
    named = dict(zip((f"{op}{text}" for op, text in spans), span_kinds(spans), strict=True))
    assert named["-Uỷ"] == named["+Ủy"] == ("tone",)
    assert named["-;"] == named["+."] == ("end_mark",)
    assert named["-ba"] == named["+bốn"] == ()
    assert named["= ban họp "] == ()


def row_of(before: str, after: str) -> Row:
    rows = compare(doc(art("Họp"), cl(before)), doc(art("Họp"), cl(after))).rows
    return rows[1]


def test_a_row_of_spelling_alone_says_which() -> None:
    row = row_of("Ban thường vụ hoà giải.", "Ban Thường vụ hòa giải.")
    assert row.row_class is RowClass.SPELLING_ONLY
    assert row.orthography == ("case", "tone")


def test_an_amended_row_marks_what_is_spelling_alone() -> None:
    row = row_of("Ban thường vụ hoà giải hai vụ.", "Ban Thường vụ hòa giải ba vụ việc.")
    assert row.row_class is RowClass.AMENDED
    assert row.orthography == ("case", "tone")
    assert () in row.span_orthography


def test_an_optional_variant_leaves_the_row_amended() -> None:
    row = row_of("Nêu rõ lí do từng việc;", "Nêu rõ lý do từng việc.")
    assert row.row_class is RowClass.AMENDED
    assert row.orthography == ("end_mark", "i_y")


def test_a_row_without_spelling_changes_carries_nothing() -> None:
    row = row_of("Ban họp hai lần một tháng.", "Ban họp ba lần một tháng.")
    assert row.orthography == row.span_orthography == ()


def test_json_names_them_beside_the_spans() -> None:
    before, after = doc(art("Họp"), cl("Ban thường vụ họp.")), doc(art("Họp"), cl("Ban Thường vụ họp."))
    heading, clause = json.loads(comparison_to_json(compare(before, after)))["rows"]
    assert "orthography" not in heading
    assert clause["orthography"] == ["case"]
    assert [
        kinds for (op, _), kinds in zip(clause["spans"], clause["span_orthography"], strict=True) if kinds
    ] == [
        ["case"],
        ["case"],
    ]
    assert all(len(span) == 2 for span in clause["spans"])
