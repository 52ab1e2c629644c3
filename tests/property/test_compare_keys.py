"""What is remembered by chunk, told by sets or bounded in advance is what the plain reckoning says."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare import keys
from duthao.domain.compare.orthography import kinds
from duthao.domain.compare.similarity import FULL, Weights
from tests.support.texts import sentences

PIECES = (
    *"aảoóòeêềđĐÐKſ.,;:!?()\"“”–-5612#_ΣςΑ \t\n", "\u00a0", "\u0301", "\u0300", "\u200b",
    " Điều 5", " khoản 5, 6 ", "hoà", "hòa", "thuỷ ", "Tiểu Mục II", "ﬁ", "x" * 40,
)  # fmt: skip
mixed = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
SPACED_SIGN = re.compile(r'(?<!\d)\s*([,;:.!?()"])\s*|\s*([,;:.!?()"])\s*(?!\d)')


@given(mixed)
@settings(max_examples=300)
def test_a_text_is_folded_as_its_chunks_are(text: str) -> None:
    assert keys.folded(text) == keys._folded(text)
    assert keys.similar_words(text) == tuple(re.findall(r"\w[\w\u0300-\u036f]*", keys.reference_key(text)))
    squeezed = " ".join(text.split())
    assert keys.close_spaced(text) == SPACED_SIGN.sub(lambda m: m.group(1) or m.group(2), squeezed)


def test_a_syllable_is_one_word_and_its_tone_is_part_of_it() -> None:
    """Not cut where a mark sits in it: "ngân" is no "nga" and "n", "quỹ" is no "quy"."""
    assert len(keys.similar_words("Quyết định nguồn ngân sách, tổ chức thường trực")) == 9
    assert keys.distinct_words("quỹ quy toán toan") == {*keys.similar_words("quỹ toán"), "quy", "toan"}
    assert len(keys.distinct_words("quỹ quy toán toan")) == 4
    assert keys.similar_words("hoà thuỷ") == keys.similar_words("hòa thủy")


@given(mixed, mixed)
@settings(max_examples=300)
def test_equal_spelling_keys_differ_in_spelling_alone(before: str, after: str) -> None:
    if keys.spelling_key(before) == keys.spelling_key(after):
        assert kinds(before, after) is not None


@given(st.lists(sentences, min_size=2, max_size=6))
def test_shared_weight_is_that_of_a_count_word_by_word(texts: list[str]) -> None:
    weights = Weights(texts)
    for left, right in ((texts[0], texts[1]), (" ".join(texts), texts[0]), (texts[0] * 2, texts[0])):
        ours, theirs = Counter(keys.similar_words(left)), Counter(keys.similar_words(right))
        a, b = weights.bag(left), weights.bag(right)
        counted = sum(weights.weight(word) * times for word, times in (ours & theirs).items())
        assert weights.shared(a, b) == weights.shared(b, a) == counted
        assert a.weight == sum(weights.weight(word) * times for word, times in ours.items())
        assert 0 <= weights.phrases(left, right) <= weights.phrases_at_most(a, b) <= FULL
    assert weights.joined(texts).weight == sum(weights.bag(text).weight for text in texts)
