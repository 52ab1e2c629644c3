"""Old encodings there and back; runs convert as their words do together; mending is settled at once."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.encodings.conversion import convert_runs, from_unicode, to_unicode
from duthao.domain.encodings.detection import detect
from duthao.domain.encodings.mending import mend
from duthao.domain.encodings.tables import TCVN3, VNI
from tests.support.texts import sentences

_encodings = st.sampled_from(("tcvn3", "vni"))
_FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}
_letters = st.sampled_from(sorted({*TCVN3.values(), *"abdeghiknotuy ,.;0123456789"}))
_vni_letters = st.sampled_from(sorted({*VNI.values(), *"abdeghiknotuyAEOUY ,.;0123456789"}))


@given(st.text(_letters, max_size=60))
def test_tcvn3_there_and_back(text: str) -> None:
    encoded = from_unicode(text, "tcvn3")
    assert not encoded.lowered
    assert not encoded.missing
    assert to_unicode(encoded.codes, "tcvn3") == text
    assert to_unicode(from_unicode(text.upper(), "tcvn3").codes, "tcvn3", capitals=True) == text.upper()


@given(st.text(_vni_letters, max_size=60))
def test_vni_there_and_back(text: str) -> None:
    encoded = from_unicode(text, "vni")
    assert not encoded.lowered
    assert not encoded.missing
    assert to_unicode(encoded.codes, "vni") == text


@given(st.text(max_size=60) | st.text("aeouyAâåêùøûÙơưñó", max_size=12), _encodings)
def test_any_text_comes_back_or_what_is_lost_is_told(text: str, encoding: Literal["tcvn3", "vni"]) -> None:
    composed = unicodedata.normalize("NFC", text)
    encoded = from_unicode(text, encoding)
    if not encoded.lowered and not encoded.missing:
        # What looks like a code is told as missing, so that nothing else comes back than went.
        assert to_unicode(encoded.codes, encoding) == composed


@given(sentences, _encodings, st.lists(st.integers(0, 80), max_size=4))
def test_cut_into_runs_a_text_reads_the_same(
    text: str, encoding: Literal["tcvn3", "vni"], cuts: list[int]
) -> None:
    codes = from_unicode(text, encoding).codes
    edges = [0, *sorted(min(cut, len(codes)) for cut in cuts), len(codes)]
    runs = [(codes[a:b], _FONTS[encoding]) for a, b in pairwise(edges)]
    converted = convert_runs(runs)
    assert len(converted.texts) == len(runs)
    assert "".join(converted.texts) == to_unicode(codes, encoding)


@given(st.lists(st.tuples(st.text(max_size=12), st.sampled_from((".VnTimeH", "VNI-Times", "Arial", None)))))
def test_any_runs_are_converted_one_for_one(runs: list[tuple[str, str | None]]) -> None:
    converted = convert_runs(runs)
    assert len(converted.texts) == len(runs)
    assert all(unicodedata.is_normalized("NFC", text) for text in converted.texts)


@given(st.text(max_size=80))
def test_a_verdict_and_mending_are_total_and_mending_settles(text: str) -> None:
    verdict = detect(text)
    assert 0 <= verdict.confidence <= 1
    once = mend(text)
    again = mend(once.text)
    assert again.text == once.text
    assert {one.code for one in again.mendings} <= {"replacement_found"}


@given(sentences)
def test_right_sentences_are_left_alone(text: str) -> None:
    assert "".join(mend(text).text.split()) == "".join(unicodedata.normalize("NFC", text).split())
