"""Numbers: the shared examples, and the printed labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from duthao.domain.document import Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.numbering import (
    Place,
    next_place,
    normalised,
    number,
    place_of,
    printed_label,
    readable,
    roman,
    roman_value,
)

EXAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "docs/protocol/numbering-examples.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_the_shared_examples(example: dict[str, Any]) -> None:
    provisions = [
        Provision(ProvisionId(str(at)), Kind(each["kind"]), "", each.get("label"))
        for at, each in enumerate(example["provisions"])
    ]
    numbers = number(provisions, NumberingPolicy(example["policy"]))
    assert list(numbers) == example["numbers"]
    labels = [printed_label(p.kind, n) for p, n in zip(provisions, numbers, strict=True)]
    assert labels == example["labels"]


def test_the_examples_have_distinct_names_and_reach_every_kind_and_policy() -> None:
    assert len({example["name"] for example in EXAMPLES}) == len(EXAMPLES)
    assert {p["kind"] for e in EXAMPLES for p in e["provisions"]} == {kind.value for kind in Kind}
    assert {e["policy"] for e in EXAMPLES} == {"keep", "renumber"}


@pytest.mark.parametrize(
    ("kind", "number_", "printed"),
    [
        (Kind.PART, "thứ nhất", "Phần thứ nhất"),
        (Kind.PART, "I", "Phần I"),
        (Kind.CHAPTER, "II", "Chương II"),
        (Kind.SECTION, "3a", "Mục 3a"),
        (Kind.SUBSECTION, "1", "Tiểu mục 1"),
        (Kind.HEADING, "I", "I-"),
        (Kind.ARTICLE, "5a", "Điều 5a."),
        (Kind.CLAUSE, "2", "2."),
        (Kind.POINT, "đ1", "đ1)"),
        (Kind.INDENT, "3", "-"),
        (Kind.PARAGRAPH, "", ""),
        (Kind.TABLE, "", ""),
        (Kind.ROW, "", ""),
        (Kind.APPENDIX, "", "Phụ lục"),
        (Kind.APPENDIX, "II", "Phụ lục II"),
    ],
)
def test_a_number_as_it_is_printed(kind: Kind, number_: str, printed: str) -> None:
    assert printed_label(kind, number_) == printed


def test_roman_digits_there_and_back() -> None:
    assert [roman_value(roman(value)) for value in range(1, 399)] == list(range(1, 399))
    assert roman_value("IIII") is None
    assert roman_value("VX") is None


def test_a_label_is_normalised_only_when_it_fits_its_kind() -> None:
    assert normalised(Kind.CLAUSE, "01") == "1"
    assert normalised(Kind.POINT, "đ1") == "đ1"
    assert normalised(Kind.ARTICLE, "I") is None
    assert normalised(Kind.PARAGRAPH, "1") is None


@pytest.mark.parametrize(
    ("kind", "label", "place"),
    [
        (Kind.ARTICLE, "5a", (5, "a")),
        (Kind.ARTICLE, "0005", (5, "")),
        (Kind.CHAPTER, "IVa", (4, "a")),
        (Kind.CHAPTER, "4", (4, "")),
        (Kind.PART, "thứ nhất", (1, "")),
        (Kind.PART, "THỨ HAI A", (2, "a")),
        (Kind.PART, "thứ mười", (10, "")),
        (Kind.PART, "thứ 11 b", (11, "b")),
        (Kind.PART, "thứ 0", None),
        (Kind.PART, "thứ bét", None),
        (Kind.POINT, "a", (0, "")),
        (Kind.POINT, "đ01", (4, "1")),
        (Kind.POINT, "aa", None),
        (Kind.ARTICLE, " 5" + " " * 38, (5, "")),
        (Kind.ARTICLE, " 5" + " " * 39, None),
        (Kind.PARAGRAPH, "1", None),
    ],
)
def test_where_a_label_stands_in_the_order_of_its_kind(kind: Kind, label: str, place: Place | None) -> None:
    assert place_of(kind, label) == place
    assert readable(kind, label) is (place is not None)


def test_an_indent_keeps_no_label_though_it_has_a_place() -> None:
    assert place_of(Kind.INDENT, "7") == (7, "")
    assert not readable(Kind.INDENT, "7")


@pytest.mark.parametrize(
    ("kind", "place", "following"),
    [
        (Kind.CLAUSE, None, (1, "")),
        (Kind.CLAUSE, (5, "a"), (6, "")),
        (Kind.POINT, None, (0, "")),
        (Kind.POINT, (5, ""), (7, "")),  # e, g: the alphabet of points has no f
        (Kind.POINT, (25, ""), (25, "1")),  # behind y there is no letter
        (Kind.POINT, (25, "9"), (25, "10")),
    ],
)
def test_the_plain_next_place(kind: Kind, place: Place | None, following: Place) -> None:
    assert next_place(kind, place) == following


def kept(kind: Kind, *labels: str | None) -> list[str]:
    provisions = [Provision(ProvisionId(str(at)), kind, "", label) for at, label in enumerate(labels)]
    return list(number(provisions, NumberingPolicy.KEEP))


def test_what_is_put_between_kept_numbers_takes_the_next_free_letters() -> None:
    assert kept(Kind.ARTICLE, "5", None, "6") == ["5", "5a", "6"]
    assert kept(Kind.ARTICLE, "5y", None, "6") == ["5y", "5ya", "6"]
    assert kept(Kind.ARTICLE, "5d", None, "6") == ["5d", "5đ", "6"]
    assert kept(Kind.PART, "thứ nhất", None, "thứ hai") == ["thứ nhất", "thứ nhất a", "thứ hai"]
    assert kept(Kind.PART, "thứ mười", None) == ["thứ mười", "thứ 11"]
    assert kept(Kind.ARTICLE, None, "3") == ["3a", "3"]


def test_roman_digits_begin_at_one_and_stand_for_each_value_once() -> None:
    assert (roman(0), roman(-3), roman(1), roman(400)) == ("", "", "I", "CCCC")
    assert roman_value("CCCC") == 400
