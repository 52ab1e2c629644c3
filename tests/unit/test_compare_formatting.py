"""Formats as a layer beside the words. `*bold*` and `_italic_` in the drawings below."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.result import RowClass
from duthao.domain.document import CharOffset, Document, Mark, MarkKind
from duthao.formats.comparison_json import comparison_to_json
from tests.support.texts import art, cl, doc

SIGNS = {"*": MarkKind.BOLD, "_": MarkKind.ITALIC}


def meeting(*clauses: str) -> Document:
    found = [art("Họp")]
    for clause in clauses:
        text, marks, opened = "", list[Mark](), dict[MarkKind, int]()
        for sign in clause:
            kind = SIGNS.get(sign)
            if kind is None:
                text += sign
            elif kind in opened:
                marks.append(Mark(kind, CharOffset(opened.pop(kind)), CharOffset(len(text))))
            else:
                opened[kind] = len(text)
        found.append(replace(cl(text), marks=tuple(marks)))
    return doc(*found)


def shown(before: str, after: str) -> tuple[RowClass, list[str]]:
    row = compare(meeting(before), meeting(after)).rows[1]
    return row.row_class, [
        f"{'+' if f.change == 'added' else '-'}{f.kind.value} {row.spans[f.span][1][f.start : f.end]}"
        for f in row.formats
    ]


@pytest.mark.parametrize(
    ("before", "after", "row_class", "formats"),
    [
        ("Ban *họp* kín.", "Ban *họp* kín.", RowClass.UNCHANGED, []),
        ("Ban họp kín.", "Ban *họp* kín.", RowClass.FORMAT_ONLY, ["+bold họp"]),
        ("Ban *họp* kín.", "Ban họp kín.", RowClass.FORMAT_ONLY, ["-bold họp"]),
        ("Ban *họp* kín.", "Ban _họp_ kín.", RowClass.FORMAT_ONLY, ["-bold họp", "+italic họp"]),
        ("*Ban họp* kín.", "Ban *họp kín*.", RowClass.FORMAT_ONLY, ["-bold Ban ", "+bold  kín"]),
        (
            "Ban họp kín hai lần.",
            "Ban *họp kín* ba lần rưỡi.",
            RowClass.AMENDED,
            ["+bold họp kín"],
        ),
        ("Ban họp kín.", "Ban họp *thật sự* kín.", RowClass.AMENDED, []),
        ("*Ban** họp* kín.", "Ban họp kín.", RowClass.FORMAT_ONLY, ["-bold Ban họp"]),
        ("*Ban* họp *kín*.", "Ban họp *kín*.", RowClass.FORMAT_ONLY, ["-bold Ban"]),
        ("*Ban* họp kín.", "Ban họp *kín*.", RowClass.FORMAT_ONLY, ["-bold Ban", "+bold kín"]),
    ],
)
def test_formats_of_kept_words(before: str, after: str, row_class: RowClass, formats: list[str]) -> None:
    assert shown(before, after) == (row_class, formats)


def test_formats_are_a_layer_beside_the_spans_in_json() -> None:
    found = json.loads(comparison_to_json(compare(meeting("Ban họp."), meeting("Ban *họp*."))))
    row = found["rows"][1]
    assert row["spans"] == [["=", "Ban họp."]]
    assert row["formats"] == [{"kind": "bold", "change": "added", "span": 0, "start": 4, "end": 7}]


def test_the_formats_of_a_split_count_in_the_joined_text() -> None:
    one = "Ban họp hằng tháng một lần vào ngày đầu tiên. Văn phòng gửi *giấy mời* trước năm ngày làm việc."
    first, second = one.replace("*", "").split(". ")
    row = compare(meeting(one), meeting(f"{first}.", second)).rows[1]
    assert row.row_class is RowClass.SPLIT
    assert [row.spans[f.span][1][f.start : f.end] for f in row.formats if f.change == "removed"] == [
        "giấy mời"
    ]


def test_the_formats_of_a_second_part_stand_in_that_part() -> None:
    one = "Ban họp hằng tháng một lần vào ngày đầu tiên. Văn phòng gửi giấy mời trước năm ngày làm việc."
    first, second = one.split(". ")
    row = compare(meeting(one), meeting(f"{first}.", second.replace("giấy mời", "*giấy mời*"))).rows[1]
    assert [(f.change, row.spans[f.span][1][f.start : f.end]) for f in row.formats] == [("added", "giấy mời")]
