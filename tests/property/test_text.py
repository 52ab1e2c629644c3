"""Cleaning is total and idempotent; the rulers agree with the codecs."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import CharOffset
from duthao.domain.errors import Refusal
from duthao.domain.text import (
    clean,
    decode_upload,
    legacy_encoding,
    utf8_from_char,
)
from tests.support.texts import sentences

_any_text = st.text(st.characters(), max_size=80)


@given(_any_text)
def test_cleaning_is_idempotent_and_keeps_its_promises(text: str) -> None:
    once = clean(text)
    again = clean(once.text)
    assert again.text == once.text
    assert {note.code for note in again.notes} <= {"replacement_found"}
    assert unicodedata.is_normalized("NFC", once.text)
    assert not any(sign in once.text for sign in "\r\t\u00a0\u00ad\ufeff\u2011\x00\u2028")
    once.text.encode("utf-8")


@given(st.text(max_size=40), st.integers(-2, 50))
def test_the_bytes_before_a_place_are_those_of_the_codec(text: str, at: int) -> None:
    offset = CharOffset(min(max(at, 0), len(text)))
    assert utf8_from_char(text, CharOffset(at)) == len(text[:offset].encode())


@given(st.lists(sentences, max_size=5))
def test_vietnamese_sentences_are_never_taken_for_an_old_encoding(lines: list[str]) -> None:
    assert legacy_encoding("\n".join(lines)) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_a_refusal(data: bytes) -> None:
    try:
        outcome = decode_upload(data)
    except Refusal as refusal:
        outcome = refusal.code
        codes = {"text_empty", "text_binary", "text_not_utf8", "text_legacy_encoding"}
        assert outcome in codes
    assert isinstance(outcome, str)
