"""Searching: words folded, questions read, excerpts cut, and what makes the index say what is so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.document import Document, Kind, Provision, ProvisionId
from duthao.domain.outline import outline
from duthao.domain.search.excerpt import Piece, excerpt
from duthao.domain.search.folding import MAX_WORDS, forms, words
from duthao.domain.search.items import Item, ItemKind, Known, Renewal, reasons, renewed, wordings
from duthao.domain.search.query import Form, Phrase, address_of, holds, read_query
from duthao.domain.text import clean_line

SAID = st.sampled_from(
    [
        "hòa",
        "hoà",
        "HOÀ",
        "họp",
        "hợp",
        "hop",
        "Điều",
        "5",
        "khoản",
        "24-QĐ/TW",
        "uỷ",
        "“",
        "quý,",
        "Ðảng",
        "...",
    ]
)
TEXTS = st.lists(SAID).map(" ".join)
LONG_TEXTS = st.lists(SAID, min_size=15, max_size=60).map(" ".join)


def bare(text: str) -> list[str]:
    return [word.bare for word in words(text)]


def test_marks_tones_and_the_two_forms_of_d() -> None:
    assert forms("Hoà") == forms("hòa") == ("hòa", "hoa")
    assert forms("UỶ") == forms("ủy")
    assert forms("Đảng") == forms("Ðảng") == ("đảng", "dang")
    assert forms("hoàn")[1] == "hoan"
    assert bare("Số 24-QĐ/TW, ngày 05/9") == ["so", "24", "qd", "tw", "ngay", "05", "9"]


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_words_of_any_text_stand_where_they_say(text: str) -> None:
    clean = clean_line(text)
    for word in words(clean):
        assert forms(clean[word.start : word.end]) == (word.exact, word.bare)


@pytest.mark.parametrize(
    ("typed", "address", "rest"),
    [
        ("Điều 5", "dieu:5", []),
        ("khoản 2 điều 5", "dieu:5/khoan:2", []),
        ("diem đ khoan 2 dieu 5a", "dieu:5a/khoan:2/diem:đ", []),
        ("Điều 5 họp thường kỳ", "dieu:5", ["hop", "thuong", "ky"]),
        ("chương ii", "chuong:II", []),
        ("khoản 2", "", []),
        ("điều hành", "", []),
        ("diều 5", "", []),
    ],
)
def test_a_provision_is_named(typed: str, address: str, rest: list[str]) -> None:
    query = read_query(typed)
    assert query.address == address
    if address:
        assert [phrase.words[0] for phrase in query.rest] == rest


def test_the_closest_is_asked_first() -> None:
    exact, bare_form = Form.EXACT, Form.BARE
    assert read_query("họp kín").ranks == (
        (Phrase(exact, ("họp", "kín")),),
        (Phrase(exact, ("họp",)), Phrase(exact, ("kín",))),
        (Phrase(bare_form, ("hop", "kin")),),
        (Phrase(bare_form, ("hop",)), Phrase(bare_form, ("kin",))),
    )
    assert read_query("“họp kín”").ranks == ((Phrase(exact, ("họp", "kín")),),)
    assert read_query('"hop kin"').ranks == ((Phrase(bare_form, ("hop", "kin")),),)
    assert read_query(" … “” ").is_empty


def test_a_phrase_stands_where_its_words_follow_each_other() -> None:
    exact, loose = (Phrase(Form.EXACT, ("họp", "kín")),), (Phrase(Form.BARE, ("hop", "kin")),)
    for text in ("Họp kín.", "Ban họp kín", "họp rồi họp kín hôm nay"):
        assert holds(exact, words(text))
    for text in ("hop kin", "kín họp", "họp rất kín", "họp", ""):
        assert not holds(exact, words(text))
    assert holds(loose, words("Ban hop kín"))
    assert not holds(loose, words("kín họp"))


@given(TEXTS, st.text(max_size=40))
@settings(max_examples=60)
def test_whatever_meets_a_closer_question_meets_the_last(text: str, typed: str) -> None:
    for question in (read_query(typed), read_query(text)):
        said = words(text)
        if any(holds(condition, said) for condition in question.ranks):
            assert holds(question.ranks[-1], said)


def test_an_address_is_the_end_of_a_path() -> None:
    assert address_of("phuluc:I/dieu:3/khoan:1") == "dieu:3/khoan:1"
    assert address_of("phan:I/chuong:II") == "chuong:II"


@given(TEXTS, st.integers(20, 80))
@settings(max_examples=60)
def test_an_excerpt_spells_a_part_of_the_text(text: str, most: int) -> None:
    pieces = excerpt(text, {"hop", "dieu"}, most)
    spelt = "".join(piece.text for piece in pieces)
    assert spelt.removeprefix("…").removesuffix("…") in text
    assert all(piece.text for piece in pieces)
    assert all(bare(piece.text)[0] in ("hop", "dieu") for piece in pieces if piece.found)


@given(LONG_TEXTS, st.integers(20, 80))
@settings(max_examples=60)
def test_an_excerpt_shows_as_many_of_the_words_as_any_place_three_quarters_as_long(
    text: str, most: int
) -> None:
    marked = {"hop", "dieu", "quy", "5"}
    hits = [word for word in words(text) if word.bare in marked]
    together = [
        {word.bare for word in hits if one.start <= word.start and word.end <= one.start + most * 3 // 4}
        for one in hits
    ]
    shown = {bare(piece.text)[0] for piece in excerpt(text, marked, most) if piece.found}
    assert len(shown) >= max(map(len, together), default=0)


def plain(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)


def test_an_excerpt_is_cut_between_words_and_says_where() -> None:
    marked = {"hop", "kin"}
    assert plain(excerpt("Họp kín.", marked, 40)) == "[Họp] [kín]."
    before, after = "một " * 30, " hai" * 30
    assert plain(excerpt(f"{before}họp kín{after}", marked, 40)) == f"…một một [họp] [kín]{' hai' * 6}…"
    assert plain(excerpt(f"họp kín{after}", marked, 20)) == "[họp] [kín] hai hai hai…"
    assert plain(excerpt(f"{before}họp kín", marked, 20)) == "…một [họp] [kín]"
    assert plain(excerpt(before, marked, 20)) == "một một một một một…"
    assert plain(excerpt("“mười họp kín hôm nay rồi", marked, 20)) == "…mười [họp] [kín] hôm nay…"
    assert plain(excerpt("." * 50, marked, 20)) == "." * 20 + "…"


def test_of_places_with_as_many_words_the_first_is_shown() -> None:
    assert plain(excerpt(f"họp{' hai' * 10} kín{' ba' * 10}", {"hop", "kin"}, 20)) == "[họp] hai hai hai hai…"


def test_a_tail_too_short_to_cut_off_is_shown() -> None:
    whole, cut = f"họp kín{' hai' * 6}", f"[họp] [kín]{' hai' * 6}"
    assert plain(excerpt(f"{whole} h!", {"hop", "kin"}, 32)) == f"{cut} h!"
    assert plain(excerpt(f"{whole} h!!", {"hop", "kin"}, 32)) == f"{cut}…"


def test_an_excerpt_shows_the_place_with_most_of_the_words() -> None:
    text = "họp " + "một hai ba " * 60 + "Ban Thường vụ họp thường kỳ mỗi tháng " + "bốn năm " * 60
    shown = "".join(piece.text for piece in excerpt(text, {"hop", "thuong", "vu"}))
    assert "Thường vụ họp" in shown
    assert len(shown) < 400


def draft(*texts: str) -> Document:
    return Document(
        tuple(Provision(ProvisionId(f"p{n}"), Kind.CLAUSE, text, str(n)) for n, text in enumerate(texts, 1))
    )


def known(items: dict[str, Item]) -> dict[str, Known]:
    return {key: Known(item.digest, item.version, item.in_draft) for key, item in items.items()}


def follow(index: dict[str, Item], now: Document, *versions: tuple[str, Document]) -> dict[str, Item]:
    made = renewed(known(index), wordings(now), [(id_, wordings(tree)) for id_, tree in versions], ())
    kept = {key: item for key, item in index.items() if key not in made.gone}
    for key in made.left:
        kept[key] = replace(kept[key], in_draft=False)
    return kept | {item.key: item for item in made.put}


def test_a_wording_stands_once_and_is_found_where_it_last_stood() -> None:
    index = follow({}, draft("một", "hai"))
    assert {(item.text, item.in_draft, item.version) for item in index.values()} == {
        ("một", True, None), ("hai", True, None)
    }  # fmt: skip
    index = follow(index, draft("một", "ba"), ("v1", draft("một", "hai")))
    assert {(item.text, item.in_draft, item.version) for item in index.values()} == {
        ("một", True, "v1"), ("hai", False, "v1"), ("ba", True, None)
    }  # fmt: skip
    index = follow(index, draft("bốn"), ("v2", draft("một")))
    assert {(item.text, item.in_draft, item.version) for item in index.values()} == {
        ("một", False, "v2"), ("hai", False, "v1"), ("bốn", True, None)
    }  # fmt: skip
    made = renewed(known(index), wordings(draft("bốn")), (), ())
    assert made == Renewal((), (), ())
    assert follow(index, draft("hai", "bốn"))[next(iter(wordings(draft("", "hai"))))].version == "v1"


def test_a_reason_is_found_at_its_provision() -> None:
    document = replace(draft("Họp mỗi tháng.", "Họp kín."), rationale={ProvisionId("p2"): " Vì bí mật. "})
    (found,) = reasons(document, outline(document))
    assert (found.kind, found.text, found.provision) == (ItemKind.REASON, "Vì bí mật.", "p2")


def test_a_word_that_takes_most_of_the_excerpt_is_shown_whole() -> None:
    long = "a" * 35
    pieces = excerpt(f"Họp {long} {'b' * 35}", {long}, 40)
    assert [piece.text for piece in pieces if piece.found] == [long]


def test_of_an_endless_text_so_many_words_are_read() -> None:
    assert len(words("từ " * (MAX_WORDS + 5))) == MAX_WORDS
