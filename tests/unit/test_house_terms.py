"""The house's list of short forms and names: read as written, within bounds."""

from __future__ import annotations

import contextlib
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.errors import Refusal
from duthao.domain.house_terms import LONGEST, MOST, STANDARD, HouseTerms, terms_from


def test_a_line_is_a_short_form_or_a_name() -> None:
    told = "  bch =  Ban Chấp hành \n\nVPTU=Văn phòng Tỉnh ủy\nVPTU = Văn phòng Thành ủy\n"
    told += "VPTU = Văn phòng Tỉnh ủy\nĐảng ủy khối"
    assert terms_from(told) == HouseTerms(
        (("BCH", "Ban Chấp hành"), ("VPTU", "Văn phòng Tỉnh ủy"), ("VPTU", "Văn phòng Thành ủy")),
        ("Đảng ủy khối",),
    )
    assert terms_from("") == HouseTerms()
    assert (
        unicodedata.normalize("NFD", "ủ")
        not in terms_from(unicodedata.normalize("NFD", "ĐU = Đảng ủy")).lines
    )


def test_the_list_that_came_with_the_service_is_one() -> None:
    assert len(STANDARD.short) == 44
    assert terms_from(STANDARD.lines) == STANDARD


@pytest.mark.parametrize(
    "line",
    ["B = Ban", "1A = Ban", "B C = Ban", "BCH =", "BCH = x", "= Ban", "A=B=C", "ABCDEFGHIJK = Ban", "ban",
     "X",      "BCH = " + "x" * (LONGEST + 1), "Ban" * LONGEST],
)  # fmt: skip
def test_what_is_no_line_is_told_by_its_number(line: str) -> None:
    with pytest.raises(Refusal) as refused:
        terms_from(f"BCH = Ban Chấp hành\n\n{line}\n")
    assert (refused.value.code, refused.value.details["line"]) == ("terms_line", 3)


def test_a_list_has_an_end() -> None:
    names = [f"Ban số {n}" for n in range(MOST)]
    assert len(terms_from("\n".join(names)).names) == MOST
    with pytest.raises(Refusal) as refused:
        terms_from("\n".join([*names, "Ban thừa"]))
    assert refused.value.code == "terms_too_many"


@settings(max_examples=25)
@given(st.text(alphabet=st.sampled_from("ABĐ=ủ\u0309 x1\n\r\t\u200b"), max_size=60))
def test_any_text_is_a_list_that_reads_as_itself_or_is_refused(text: str) -> None:
    terms = HouseTerms()
    with contextlib.suppress(Refusal):
        terms = terms_from(text)
    assert terms_from(terms.lines) == terms
    assert all(re.fullmatch(r"[A-ZĐ][A-ZĐ0-9]{1,9}", short) for short, _ in terms.short)
