"""The laws of a comparison over realistic texts with known truth (tests/support/edit_scripts.py)."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.amend.proving import between
from duthao.domain.compare import ComparisonCache, Overrides, compare
from duthao.domain.compare.result import Comparison, RowClass
from duthao.domain.document import Document, ProvisionId
from duthao.domain.review import review
from duthao.formats.comparison_json import comparison_to_json
from duthao.formats.json import document_to_json
from duthao.service.comparison_worker import Kept, Work
from tests.bench.bench_truth import BARS, run
from tests.support.edit_scripts import EDITS, EditedPair, edited_pair
from tests.support.texts import sentences

ROOT = Path(__file__).resolve().parents[2]
pairs = st.integers(0, 2**31).map(lambda seed: edited_pair(seed, articles=6))

MIRRORED = {
    RowClass.ADDED: RowClass.REPEALED,
    RowClass.REPEALED: RowClass.ADDED,
    RowClass.SPLIT: RowClass.MERGED,
    RowClass.MERGED: RowClass.SPLIT,
}


def rows_of(comparison: Comparison) -> set[tuple[RowClass, tuple[str, ...], tuple[str, ...], float]]:
    return {
        (row.row_class, tuple(u.id for u in row.before), tuple(u.id for u in row.after), row.confidence)
        for row in comparison.rows
    }


@given(pairs)
@settings(max_examples=60)
def test_left_is_old_right_is_new_and_each_provision_stands_once(pair: EditedPair) -> None:
    comparison = compare(pair.before, pair.after)
    for side, document, other in (("before", pair.before, "+"), ("after", pair.after, "-")):
        units = [unit for row in comparison.rows for unit in getattr(row, side)]
        assert sorted(unit.id for unit in units) == sorted(p.id for p in document.provisions)
        for row in comparison.rows:
            shown = "".join(text for op, text in row.spans if op != other)
            assert shown == "\n".join(unit.text for unit in getattr(row, side))
    places = {p.id: n for n, p in enumerate(pair.after.provisions)}
    firsts = [places[row.after[0].id] for row in comparison.rows if row.after]
    assert firsts == sorted(firsts)


@given(pairs)
@settings(max_examples=60)
def test_swapped_texts_give_the_mirror(pair: EditedPair) -> None:
    there, back = compare(pair.before, pair.after), compare(pair.after, pair.before)
    mirrored = {(MIRRORED.get(c, c), after, before, sure) for c, before, after, sure in rows_of(back)}
    assert rows_of(there) == mirrored


@given(pairs)
@settings(max_examples=30)
def test_a_text_and_itself_differ_in_nothing(pair: EditedPair) -> None:
    for document in (pair.before, pair.after):
        assert {row.row_class for row in compare(document, document).rows} == {RowClass.UNCHANGED}


def _typed(document: Document, at: int, words: str, edit: str) -> Document:
    """The document after one stroke: words changed, a format or an id only, a provision out or in."""
    found = list(document.provisions)
    at %= len(found)
    one = found[at]
    if edit == "out" and len(found) > 1:
        del found[at]
    elif edit == "in":
        found.insert(
            at + 1, replace(one, id=ProvisionId(f"new{len(found)}{crc32(words.encode())}"), text=words)
        )
    elif edit == "id":
        found[at] = replace(one, id=ProvisionId(f"again{len(found)}{crc32(words.encode())}"))
    else:
        found[at] = replace(one, text=f"{one.text} {words}", marks=())
    return replace(document, provisions=tuple(found))


strokes = st.lists(
    st.tuples(st.integers(0, 10_000), sentences, st.sampled_from(("words", "out", "in", "id"))),
    min_size=1, max_size=5,
)  # fmt: skip


@given(pairs, strokes, st.booleans())
@settings(max_examples=40)
def test_a_table_kept_current_equals_one_made_anew(
    pair: EditedPair, typed: list[tuple[int, str, str]], other_side: bool
) -> None:
    cache, before, after = ComparisonCache(), pair.before, pair.after
    for at, words, edit in typed:
        assert compare(before, after, cache=cache) == compare(before, after)
        if other_side:
            before = _typed(before, at, words, edit)
        else:
            after = _typed(after, at, words, edit)
    assert compare(before, after, cache=cache) == compare(before, after)


works = st.lists(st.sampled_from((compare, review, between)), min_size=1, max_size=3)


@given(pairs, strokes, works)
@settings(max_examples=12)
def test_the_worker_answers_alike_whatever_it_kept(
    pair: EditedPair, typed: list[tuple[int, str, str]], asked: list[Work]
) -> None:
    """Also when another work, another correction or a failure came between."""
    kept, about = Kept(), ("document", "v1", "draft")
    before, after = pair.before, pair.after
    apart = Overrides(apart=((before.provisions[-1].id, after.provisions[-1].id),))
    for at, words, edit in typed:
        left, right = document_to_json(before), document_to_json(after)
        for work, overrides in product(asked, (Overrides(), apart)):
            answer = kept.do(work, about, left, right, overrides, ())
            fresh = work(before, after, overrides=overrides)
            assert answer == fresh
            assert repr(answer) == repr(fresh)
            if work is compare:
                assert comparison_to_json(answer) == comparison_to_json(fresh)
        after = _typed(after, at, words, edit)


@given(pairs)
@settings(max_examples=30)
def test_doubtful_rows_are_rows_with_little_confidence(pair: EditedPair) -> None:
    comparison = compare(pair.before, pair.after)
    assert all(0 <= row.confidence <= 1 for row in comparison.rows)
    assert all(row.confidence < 0.8 for row in comparison.rows if row.doubt)
    sure = [row for row in comparison.rows if row.row_class is RowClass.UNCHANGED]
    assert not any(row.doubt for row in sure)


def test_the_same_bytes_under_another_hash_seed() -> None:
    program = (
        "import sys, hashlib\n"
        "from duthao.domain.compare import compare\n"
        "from duthao.formats.comparison_json import comparison_to_json\n"
        "from tests.support.edit_scripts import edited_pair\n"
        "for seed in (3, 11, 19):\n"
        "    pair = edited_pair(seed)\n"
        "    print(hashlib.sha256(comparison_to_json(compare(pair.before, pair.after))).hexdigest())\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'server'}:{ROOT}"},
        ).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip
    assert len(answers) == 1
    pair = edited_pair(3)
    assert comparison_to_json(compare(pair.before, pair.after)) == comparison_to_json(
        compare(pair.before, pair.after)
    )


def test_what_happened_is_found_within_the_bars() -> None:
    """The short form of `run.py bench bench_truth`, which holds 5,000 pairs against the same bars."""
    total, worst, edits = run(300, first=90_001)
    assert set(edits) == set(EDITS), "every kind of edit was made"
    for fates, bar in BARS:
        assert total.share(*fates) >= bar, (fates, total.share(*fates), worst[:5])  # type: ignore[arg-type]


@pytest.mark.parametrize("ids", ["kept", "none", "retyped"])
def test_ids_are_evidence_and_never_needed(ids: str) -> None:
    total, worst, _ = run(60, first=70_001, ids=ids)  # type: ignore[arg-type]
    assert total.share("unchanged", "renumbered", "reference") >= 0.995, worst[:5]
