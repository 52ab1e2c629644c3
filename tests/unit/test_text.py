"""Cleaning, the rulers, and what may come in."""

from __future__ import annotations

import unicodedata

import pytest

from duthao.domain import text as module
from duthao.domain.document import CharOffset
from duthao.domain.encodings.conversion import from_unicode
from duthao.domain.errors import Refusal
from duthao.domain.text import (
    Note,
    brief,
    check_text,
    clean,
    clean_line,
    decode_upload,
    straight_quotations,
    typographic_quotations,
    utf8_from_char,
)


def in_tcvn3(words: str) -> str:
    return from_unicode(words, "tcvn3").codes


@pytest.mark.parametrize(
    ("dirty", "tidy", "note"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd", Note("line_breaks", 3)),
        ("a\u00a0b\tc", "a b c", Note("spaces", 2)),
        ("a\u2010b\u2011c", "a-b-c", Note("hyphens", 2)),
        ("\ufeffa\u00adb\u200bc", "abc", Note("invisible_removed", 3)),
        ("a\x00b\x07c", "abc", Note("control_removed", 2)),
        ("a\ud800b", "ab", Note("surrogates_removed", 1)),
        ("Đại", "Đại", None),
        ("a\ufffdb", "a\ufffdb", Note("replacement_found", 1)),
    ],
)
def test_cleaning_says_what_it_changed(dirty: str, tidy: str, note: Note | None) -> None:
    cleaned = clean(dirty)
    assert cleaned.text == tidy
    assert cleaned.notes == ((note,) if note else ())


def test_decomposed_letters_are_composed_and_their_lines_counted() -> None:
    cleaned = clean(unicodedata.normalize("NFD", "Đảng ủy\nabc\nviệc"))
    assert cleaned == module.Cleaned("Đảng ủy\nabc\nviệc", (Note("composed", 2),))


def test_a_provision_is_one_line() -> None:
    assert clean_line("  a\r\nb\u00a0 ") == "a b"


def test_bytes_are_counted_to_a_place_held_within_the_text() -> None:
    assert utf8_from_char("ủy 😀 ban", CharOffset(1)) == 3
    assert utf8_from_char("ủy 😀 ban", CharOffset(4)) == 9
    assert utf8_from_char("ủy", CharOffset(-3)) == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "text_empty"),
        (b" \n\t\r\n", "text_empty"),
        ("\ufeff\u200b".encode(), "text_empty"),
        (b"%PDF-1.7 abc", "text_binary"),
        (b"PK\x03\x04rest", "text_binary"),
        (b"abc\x00def", "text_binary"),
        (bytes(range(256)) * 4, "text_binary"),
        ("Cộng hòa".encode("utf-16-le"), "text_binary"),
        ("một dòng\nhai".encode() + b"\xff\n", "text_not_utf8"),
        (b"\xff\xfea", "text_not_utf8"),
        (in_tcvn3("Cộng hòa xã hội chủ nghĩa Việt Nam").encode("latin-1"), "text_legacy_encoding"),
        (in_tcvn3("Cộng hòa xã hội chủ nghĩa Việt Nam").encode(), "text_legacy_encoding"),
        (b"a\n" * module.MAX_LINES, "text_too_large"),
        (b"a" * (module.MAX_BYTES + 1), "text_too_large"),
        (b"a" * (module.MAX_CHARACTERS + 1), "text_too_large"),
    ],
)
def test_what_may_not_come_in_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        decode_upload(data)
    assert caught.value.code == code


def test_a_text_comes_in_however_its_lines_are_broken_and_however_much_space_is_before_it() -> None:
    for broken in ("a\n", "a\r", "a\r\n"):
        assert check_text(broken * (module.MAX_LINES - 1))
        with pytest.raises(Refusal, match="text_too_large"):
            check_text(broken * module.MAX_LINES)
    assert check_text(" " * 300_000 + "Điều 1.")


def test_a_quotation_left_open_is_closed_in_a_later_line_or_never() -> None:
    lines = ["“một", "hai “ba” bốn", "năm”", "“sáu", "“bảy", "tám”", "chín”", "“mười"]
    assert typographic_quotations(lines) == {0: 2, 3: 6, 4: 5, 7: -1}
    assert typographic_quotations(["“một “hai", "ba”", "bốn””", "năm"]) == {0: 2}


def test_a_straight_quote_at_the_beginning_is_closed_by_the_next_that_has_no_other() -> None:
    assert straight_quotations(['  "một', 'hai "ba" bốn', 'năm"', 'sáu "', '"bảy "tám" chín', 'mười"']) == {
        0: 2,
        4: 5,
    }
    assert straight_quotations(['"một', *["hai"] * 199, 'ba"']) == {0: 200}
    assert straight_quotations(['"một', *["hai"] * 200, 'ba"']) == {}


def test_the_refusal_names_the_encoding_and_the_line() -> None:
    with pytest.raises(Refusal) as caught:
        check_text("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam")
    assert caught.value.details == {"encoding": "VNI"}
    with pytest.raises(Refusal) as caught:
        decode_upload("một\nhai\n".encode() + b"ba \xff")
    assert caught.value.details == {"line": 3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_come_in(encoding: str) -> None:
    assert decode_upload("Điều 1. Việc".encode(encoding)) == "Điều 1. Việc"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Họp kín", "Họp kín"),
        ("Họp mỗi tháng", "Họp mỗi…"),
        ("Họp mỗi th", "Họp mỗi th"),
        ("Họp mỗi th áng", "Họp mỗi th…"),
        ("Nghiêngngảnghiêng", "Nghiêngngả…"),
    ],
)
def test_the_first_words_of_a_text_are_whole(text: str, shown: str) -> None:
    assert brief(text, 10) == shown
