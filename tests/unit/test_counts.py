"""Counts are written as the reader's language writes them, other numbers as they are."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.messages import COUNTS, LANGUAGES, Catalogue

VI, EN = Catalogue("vi"), Catalogue("en")


def test_thousands_are_parted_by_the_language_s_own_sign() -> None:
    assert [VI.number(n) for n in (0, 999, 1_000, 3_000, 1_234_567)] == [
        "0",
        "999",
        "1.000",
        "3.000",
        "1.234.567",
    ]
    assert [EN.number(n) for n in (999, 3_000, 1_234_567)] == ["999", "3,000", "1,234,567"]


@settings(max_examples=25)
@given(st.integers(0, 10**12))
def test_no_digit_is_lost(n: int) -> None:
    assert [int(re.sub(r"\D", "", one.number(n))) for one in (VI, EN)] == [n, n]


def test_counts_in_sentences_are_written_so_and_years_are_not() -> None:
    assert "3.000" in VI("rounds.counts.sent", n=3000)
    assert "3,000" in EN("rounds.counts.sent", n=3000)
    assert VI("print.minutes.date", d="05", m="02", y=2026) == "ngày 05 tháng 02 năm 2026"
    assert "1.000" in VI("print.minutes.attended", members=1000, present=900, absent=100)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_is_in_some_sentence(language: str) -> None:
    texts = [
        text
        for entry in (files("duthao.messages") / language).iterdir()
        if entry.name.endswith(".json")
        for text in json.loads(entry.read_text(encoding="utf-8")).values()
    ]
    named = set(re.findall(r"\{(\w+)\}", "".join(texts)))
    assert named >= COUNTS
