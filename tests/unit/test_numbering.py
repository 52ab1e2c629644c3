"""Numbers: the shared examples, and the printed labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from duthao.domain.document import Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.numbering import normalised, number, printed_label, roman, roman_value

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
