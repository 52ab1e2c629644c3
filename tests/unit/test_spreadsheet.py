"""What a spreadsheet is given: words stay words."""

from __future__ import annotations

import csv
import io

import pytest

from duthao.formats.spreadsheet import csv_text


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_words_that_begin_as_a_formula_stay_words(begins: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([[f"{begins}HYPERLINK(1)", "Điều 1"]]), newline=""))
    assert row == [f"'{begins}HYPERLINK(1)", "Điều 1"]


def test_numbers_stay_numbers() -> None:
    assert csv_text([[-1, "a,b"]]) == '-1,"a,b"\r\n'
