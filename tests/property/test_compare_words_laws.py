"""The laws of word spans, on any text and on texts a drafter may type."""

from __future__ import annotations

import unicodedata
from itertools import combinations, pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare.keys import spelling_key
from duthao.domain.compare.matching import matches
from duthao.domain.compare.orthography import OPTIONAL, kinds, span_kinds
from duthao.domain.compare.result import Span
from duthao.domain.compare.sequences import assign, common_subsequence, longest_increasing
from duthao.domain.compare.tokens import tokens
from duthao.domain.compare.words import word_spans
from tests.support.texts import texts

PIECES = (
    "ủy", "uỷ", "ban", "Ban", "BAN", "hoà", "hòa", "giải", "không", "được", "và", "của", "lí", "lý",
    "Đảng", "Ðảng", "15 ngày", "03 (ba)", "khoản 2 Điều 5", "294-QĐ/TW", "ngày 05 tháng 9 năm 2026", "12,5%",
    "2/3", "đ1)", "5a",
    ",", ";", ".", "(", ")", "“", "”", '"', "…",
)  # fmt: skip
drafted = st.lists(
    st.tuples(st.sampled_from(("", " ", " ", " ", "  ", "\u00a0", "\n")), st.sampled_from(PIECES)),
    max_size=25,
).map(lambda pairs: "".join(gap + piece for gap, piece in pairs))
either = st.one_of(drafted, texts, drafted.map(lambda text: unicodedata.normalize("NFD", text)))


@st.composite
def revised(draw: st.DrawFn) -> tuple[str, str]:
    """A text and the same with a few pieces put in, taken out or exchanged; or two of any kind."""
    before = draw(either)
    if draw(st.integers(0, 3)) == 0:
        return before, draw(either)
    words = before.split(" ")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(words)))
        words[at : at + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from(PIECES), max_size=3))
    return before, " ".join(words)


def joined(spans: tuple[Span, ...], without: str) -> str:
    return "".join(text for op, text in spans if op != without)


@given(revised())
@settings(max_examples=400)
def test_the_spans_give_both_texts_back_in_their_order(pair: tuple[str, str]) -> None:
    spans = word_spans(*pair)
    assert (joined(spans, "+"), joined(spans, "-")) == pair
    assert all(text for _, text in spans)
    assert all(left[0] != right[0] for left, right in pairwise(spans))


@given(revised())
@settings(max_examples=400)
def test_swapped_texts_give_the_same_changes_backwards(pair: tuple[str, str]) -> None:
    before, after = pair
    there, back = word_spans(before, after), word_spans(after, before)
    if before == after:
        assert there == back
        return
    assert sorted(there) == sorted((turned(op), text) for op, text in back)
    assert [text for op, text in there if op == "="] == [text for op, text in back if op == "="]


def turned(op: str) -> str:
    return {"=": "=", "-": "+", "+": "-"}[op]


@given(revised())
@settings(max_examples=400)
def test_no_token_is_cut(pair: tuple[str, str]) -> None:
    """Every end of a span is the end of a token, or lies in white space."""
    spans = word_spans(*pair)
    for text, without in zip(pair, "+-", strict=True):
        found = tokens(text)
        inside = {
            place
            for start, end in zip(found.starts, found.ends, strict=True)
            for place in range(start + 1, end)
        }
        place = 0
        for op, piece in spans:
            if op != without:
                place += len(piece)
                assert place not in inside


@given(either)
def test_a_text_and_itself_are_kept_whole(text: str) -> None:
    assert word_spans(text, text) == ((("=", text),) if text else ())


@given(drafted)
def test_tokens_of_a_decomposed_text_are_the_same(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = tokens(unicodedata.normalize("NFD", text))
    assert [unicodedata.normalize("NFC", core) for core in decomposed.cores()] == tokens(composed).cores()
    assert decomposed.same == tokens(composed).same


@given(either)
def test_tokens_stand_in_order_with_white_space_between(text: str) -> None:
    found = tokens(text)
    rest = [found.gap(index) for index in range(len(found))] + [found.part_end()]
    assert not "".join(rest).strip()
    assert found.part(0, len(found)) + found.part_end() == text


@given(revised())
def test_what_a_key_forgets_has_a_name(pair: tuple[str, str]) -> None:
    named = kinds(*pair)
    assert named == kinds(pair[1], pair[0])
    assert (named == frozenset()) == (pair[0] == pair[1])
    if spelling_key(pair[0]) == spelling_key(pair[1]):
        assert named is not None
        assert not named & OPTIONAL


@given(revised())
def test_marks_of_spelling_run_beside_the_spans(pair: tuple[str, str]) -> None:
    spans = word_spans(*pair)
    marked = span_kinds(spans)
    assert len(marked) in (0, len(spans))
    assert all(not kinds for (op, _), kinds in zip(spans, marked, strict=False) if op == "=")


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.lists(st.sampled_from("abcd"), max_size=8))
@settings(max_examples=300)
def test_matches_are_the_heaviest_in_few_pieces(left: list[str], right: list[str]) -> None:
    """Against every run there is, by counting on fingers."""
    weights = {"a": 20, "b": 20, "c": 10, "d": 9}
    pairs = matches(left, right, [weights[token] for token in left])
    assert all(left[i] == right[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    head = 0
    while head < min(len(left), len(right)) and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < min(len(left), len(right)) - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    ours, theirs = left[head : len(left) - tail], right[head : len(right) - tail]
    inner = [
        (i - head, j - head)
        for i, j in pairs
        if head <= i < head + len(ours) and head <= j < head + len(theirs)
    ]
    assert worth(inner, ours, weights) == best(ours, theirs, weights)


def worth(pairs: list[tuple[int, int]], left: list[str], weights: dict[str, int]) -> int:
    pieces = sum(n == 0 or (i - 1, j - 1) != pairs[n - 1] for n, (i, j) in enumerate(pairs))
    return sum(weights[left[i]] for i, _ in pairs) - 15 * pieces


def best(left: list[str], right: list[str], weights: dict[str, int]) -> int:
    known: dict[tuple[int, int, bool], int] = {}

    def from_(i: int, j: int, running: bool) -> int:
        if i == len(left) or j == len(right):
            return 0
        key = i, j, running
        if key not in known:
            options = [from_(i + 1, j, False), from_(i, j + 1, False)]
            if left[i] == right[j]:
                options.append(weights[left[i]] - 15 * (not running) + from_(i + 1, j + 1, True))
            known[key] = max(options)
        return known[key]

    return from_(0, 0, False)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4)), max_size=8))
@settings(max_examples=300)
def test_what_keeps_its_order_is_the_heaviest_run_there_is(weighed: list[tuple[int, int]]) -> None:
    values, weights = [value for value, _ in weighed], [weight for _, weight in weighed]
    kept = longest_increasing(values, weights)
    assert is_rising([values[at] for at in kept])
    assert is_rising(kept)
    heaviest = max(
        sum(weights[at] for at in run)
        for size in range(len(values) + 1)
        for run in combinations(range(len(values)), size)
        if is_rising([values[at] for at in run])
    )
    assert sum(weights[at] for at in kept) == heaviest


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
@settings(max_examples=300)
def test_what_two_lists_have_in_common_is_as_long_as_can_be(left: str, right: str) -> None:
    pairs = common_subsequence(left, right)
    assert all(left[i] == right[j] for i, j in pairs)
    assert is_rising([i for i, _ in pairs])
    assert is_rising([j for _, j in pairs])
    ours, theirs = ({run for size in range(7) for run in combinations(text, size)} for text in (left, right))
    assert len(pairs) == max(map(len, ours & theirs))


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 3)))
@settings(max_examples=300)
def test_of_all_who_may_be_partners_those_with_the_highest_sum_are(
    scores: dict[tuple[int, int], int],
) -> None:
    chosen = assign([(score, i, j) for (i, j), score in scores.items()])
    assert all(scores[i, j] == score for score, i, j in chosen)
    assert len({i for _, i, _ in chosen}) == len({j for _, _, j in chosen}) == len(chosen)
    highest = max(sum(scores.get(pair, 0) for pair in enumerate(order)) for order in permutations(range(4)))
    assert sum(score for score, _, _ in chosen) == highest


def is_rising(values: list[int]) -> bool:
    return all(first < second for first, second in pairwise(values))
