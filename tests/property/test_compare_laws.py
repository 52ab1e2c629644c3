"""The laws of the comparison, on made-up regulations and random revisions of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare import ComparisonCache, compare
from duthao.domain.compare.result import Comparison, RowClass
from duthao.domain.compare.table_builder import By, TableOptions, build_table
from duthao.domain.compare.tokens import tokens
from duthao.domain.compare.words import word_spans
from duthao.domain.document import Document, ProvisionId
from duthao.domain.outline import outline
from duthao.formats.comparison_json import comparison_to_json
from tests.support.layouts import BY
from tests.support.revisions import revisions
from tests.support.texts import doc, regulations, sentences, texts


def sides(comparison: Comparison) -> tuple[str, str]:
    spans = [span for row in comparison.rows for span in row.spans]
    return (
        "".join(text for op, text in spans if op != "+"),
        "".join(text for op, text in spans if op != "-"),
    )


@given(revisions())
def test_every_provision_stands_in_one_row_and_every_row_is_true(pair: tuple[Document, Document]) -> None:
    before, after = pair
    found = compare(before, after)
    for document, units in (
        (before, [u for r in found.rows for u in r.before]),
        (after, [u for r in found.rows for u in r.after]),
    ):
        assert sorted(u.path for u in units) == sorted(e.path for e in outline(document).entries)
    for row in found.rows:
        assert "".join(t for op, t in row.spans if op != "+") == "\n".join(u.text for u in row.before)
        assert "".join(t for op, t in row.spans if op != "-") == "\n".join(u.text for u in row.after)
        assert all(text for _, text in row.spans)
        assert 0 <= row.confidence <= 1
    leading = [row.after[0].path for row in found.rows if row.after]
    order = [entry.path for entry in outline(after).entries]
    assert leading == [path for path in order if path in set(leading)]


@given(regulations())
def test_a_text_and_itself_have_only_unchanged_rows(document: Document) -> None:
    assert {row.row_class for row in compare(document, document).rows} <= {RowClass.UNCHANGED}


@given(regulations())
def test_other_ids_make_no_difference_of_a_text_with_itself(document: Document) -> None:
    other = doc(*(replace(p, id=ProvisionId(f"x{n}")) for n, p in enumerate(document.provisions)))
    assert {row.row_class for row in compare(document, other).rows} <= {RowClass.UNCHANGED}


@given(revisions())
def test_the_same_input_gives_the_same_bytes(pair: tuple[Document, Document]) -> None:
    assert comparison_to_json(compare(*pair)) == comparison_to_json(compare(*pair))


@given(st.lists(revisions(), min_size=1, max_size=3))
def test_a_cache_changes_nothing(pairs: list[tuple[Document, Document]]) -> None:
    cache = ComparisonCache(size=8)
    for pair in pairs * 2:
        assert compare(*pair, cache=cache) == compare(*pair)


@given(revisions(), st.sampled_from(BY), st.booleans())
def test_the_whole_table_shows_both_texts(pair: tuple[Document, Document], by: By, all_: bool) -> None:
    before, after = pair
    found = compare(before, after)
    table = build_table(found, before, after, options=TableOptions(everything=all_, by=by))
    assert len({row.key for row in table.rows}) == len(table.rows)
    numbers = [row.number for row in table.rows if row.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    if all_ and by != "article":
        for index, side in enumerate(sides(found)):
            shown = "".join(
                run.text
                for row in table.rows
                for cell in ((row.before, row.after)[index])
                if not cell.context
                for run in cell.runs
            )
            assert shown == side.replace("\n", "")
    assert table == build_table(found, before, after, options=TableOptions(everything=all_, by=by))


@given(texts, texts)
@settings(max_examples=300)
def test_words_give_both_texts_back(before: str, after: str) -> None:
    spans = word_spans(before, after)
    assert "".join(text for op, text in spans if op != "+") == before
    assert "".join(text for op, text in spans if op != "-") == after
    assert all(left[0] != right[0] for left, right in pairwise(spans))


@given(texts)
def test_tokens_give_the_text_back(text: str) -> None:
    assert tokens(text).part(0, len(tokens(text))) + tokens(text).part_end() == text


@given(sentences, sentences)
def test_no_syllable_is_cut(before: str, after: str) -> None:
    spans = word_spans(before, after)
    for side, skipped in ((before, "+"), (after, "-")):
        words = [word for op, text in spans if op != skipped for word in text.split()]
        assert {word.strip(".") for word in words} <= {word.strip(".") for word in side.split()} | {""}


@given(revisions())
def test_swapped_sides_give_the_same_pairs_of_equal_words(pair: tuple[Document, Document]) -> None:
    """Exact pairs inside a container mirror; weaker choices may differ where several are as good."""
    before, after = pair
    there, back = compare(before, after), compare(after, before)
    assert there.before == back.after
    assert there.after == back.before
    ours = sum(len(r.before) for r in there.rows if r.row_class is RowClass.UNCHANGED)
    theirs = sum(len(r.before) for r in back.rows if r.row_class is RowClass.UNCHANGED)
    assert ours == theirs
