"""The law of an instrument: applying it to the old text gives the draft, or it says it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.amend.proving import proved
from duthao.domain.amend.target import target_of
from duthao.domain.compare import compare
from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.outline import outline, plain_line
from duthao.domain.references import Index, find
from tests.support.edit_scripts import edited_pair
from tests.support.texts import SYLLABLES, headings, regulations, sentences

_HOLDERS = (Kind.CHAPTER, Kind.ARTICLE, Kind.CLAUSE, Kind.POINT)
_RANK = {Kind.CHAPTER: 2, Kind.ARTICLE: 6, Kind.CLAUSE: 7, Kind.POINT: 8, Kind.INDENT: 9}


def _end(provisions: list[Provision], start: int) -> int:
    """Behind a unit and what stands in it."""
    rank = _RANK.get(provisions[start].kind, 99)
    end = start + 1
    while end < len(provisions) and _RANK.get(provisions[end].kind, 99) > rank:
        end += 1
    return end


@st.composite
def edited(draw: st.DrawFn) -> tuple[Document, Document]:
    """A regulation and what a drafter made of it: reworded, added, repealed, moved, split."""
    before = draw(regulations(max_articles=4, labelled=True))
    provisions = list(before.provisions)
    for number in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(provisions) - 1))
        here = provisions[at]
        words = here.text.split()
        step = draw(st.sampled_from(("word", "word", "add", "drop", "new", "new", "gone", "move", "rewrite")))
        if step == "word":
            # Not the first: a title begins with a capital, or nobody takes it for one.
            words[draw(st.integers(min(1, len(words) - 1), len(words) - 1))] = draw(
                st.sampled_from(SYLLABLES)
            )
            provisions[at] = replace(here, text=" ".join(words))
        elif step == "add":
            place = draw(st.integers(1, len(words)))
            words[place:place] = draw(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4))
            provisions[at] = replace(here, text=" ".join(words))
        elif step == "drop" and len(words) > 3:
            del words[draw(st.integers(1, len(words) - 2))]
            provisions[at] = replace(here, text=" ".join(words))
        elif step == "rewrite":
            provisions[at] = replace(here, text=draw(headings if here.kind is Kind.ARTICLE else sentences))
        elif step == "new":
            kind = here.kind if here.kind in (Kind.ARTICLE, Kind.CLAUSE, Kind.POINT) else Kind.PARAGRAPH
            provisions.insert(
                _end(provisions, at), Provision(ProvisionId(f"n{number}"), kind, draw(sentences))
            )
        elif step == "gone" and len(provisions) > 3 and here.kind is not Kind.CHAPTER:
            del provisions[at : _end(provisions, at)]
        elif step == "move" and here.kind in (Kind.CLAUSE, Kind.POINT):
            end = _end(provisions, at)
            block, rest = provisions[at:end], provisions[:at] + provisions[end:]
            spots = [
                k for k in range(1, len(rest) + 1) if _RANK.get(rest[k - 1].kind, 99) <= _RANK[here.kind]
            ]
            spot = draw(st.sampled_from(spots)) if spots else at
            provisions = rest[:spot] + block + rest[spot:]
        if not provisions:
            provisions = list(before.provisions)
    afresh = draw(st.booleans())
    unlabelled = tuple(replace(p, label=None) if afresh else p for p in provisions)
    policy = NumberingPolicy.RENUMBER if afresh else NumberingPolicy.KEEP
    return before, Document(unlabelled, before.front, policy)


@given(edited())
@settings(max_examples=60, deadline=None)
def test_applying_the_instrument_gives_the_draft(pair: tuple[Document, Document]) -> None:
    """No text made here is beyond an instrument, so each must be proved, and exactly when it says so."""
    before, after = pair
    proof = proved(before, after, compare(before, after))
    assert proof.holds, "\n".join(map(str, (*proof.differences, *proof.refused, proof.instrument.text())))
    assert all(leaf.quoted or leaf.units for leaf in proof.instrument.leaves())
    wanted = {entry.path: plain_line(entry) for entry in outline(after).entries}
    assert all(found.draft in wanted for found in proof.renumbered)


_CELLS = st.one_of(st.sampled_from(("", "Sở A | Sở B", "|", "|| cả hai", "1")), sentences)


@st.composite
def tabled(draw: st.DrawFn) -> tuple[Document, Document]:
    """A regulation with a table in its last unit, and the table with rows and cells changed."""
    made = draw(regulations(max_articles=2, labelled=True))
    width = draw(st.integers(1, 4))
    counted = draw(st.booleans())

    def row(cells: list[str], number: int) -> list[str]:
        return [str(number) if counted and width > 1 else cells[0], *cells[1:]]

    rows = draw(st.lists(st.lists(_CELLS, min_size=width, max_size=width), min_size=2, max_size=7))
    head = ["STT", *(f"Cột {n}" for n in range(2, width + 1))]
    now = [list(cells) for cells in rows]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(now)))
        step = draw(st.sampled_from(("cell", "cell", "new", "gone", "swap")))
        if step == "new":
            now.insert(at, draw(st.lists(_CELLS, min_size=width, max_size=width)))
        elif step == "gone" and at < len(now) > 1:
            del now[at]
        elif step == "cell" and at < len(now):
            now[at][draw(st.integers(0, width - 1))] = draw(_CELLS)
        elif step == "swap" and at:
            now[at - 1 :] = [*now[at:], now[at - 1]]

    def document(table: list[list[str]]) -> Document:
        lines = [head, *(row(cells, n) for n, cells in enumerate(table, 1))]
        caption = Provision(ProvisionId("table"), Kind.TABLE, "Biểu mức chi")
        cells = [Provision(ProvisionId(f"r{n}"), Kind.ROW, "", cells=tuple(c)) for n, c in enumerate(lines)]
        return replace(made, provisions=(*made.provisions, caption, *cells))

    return document(rows), document(now)


@given(tabled())
@settings(max_examples=100, deadline=None)
def test_rows_that_change_are_proved(pair: tuple[Document, Document]) -> None:
    before, after = pair
    proof = proved(before, after, compare(before, after))
    assert proof.holds, "\n".join(map(str, (*proof.differences, *proof.refused, proof.instrument.text())))


@given(regulations(max_articles=3))
@settings(max_examples=20, deadline=None)
def test_a_text_that_did_not_change_needs_no_instruction(document: Document) -> None:
    assert proved(document, document, compare(document, document)).instrument.instructions == ()


@pytest.mark.parametrize("seed", [2024, 3245, 3468, 3803, 4354])
def test_chapters_that_moved_while_articles_left_them_are_proved(seed: int) -> None:
    """Found by the benchmark: a new chapter beside one amended whole; a number of another chapter."""
    pair = edited_pair(seed)
    assert proved(pair.before, pair.after, compare(pair.before, pair.after)).holds


_RENUMBERING = (
    "insert_article", "remove_article", "move_article", "insert", "remove", "insert_many", "light", "merge",
)  # fmt: skip


@given(st.integers(1, 100_000))
@settings(max_examples=40, deadline=None)
def test_references_point_to_what_they_point_to_in_the_draft(seed: int) -> None:
    """Under kept numbers, too; but for those that were forgotten, which are told."""
    pair = edited_pair(seed, only=_RENUMBERING)
    after = pair.after
    target = target_of(pair.before, after, compare(pair.before, after))
    drafted, made = outline(after), outline(target.document)
    ours, theirs = Index(drafted), Index(made)
    left = {(one.path, one.draft) for one in target.references if one.is_left}
    for place, entry in enumerate(drafted.entries):
        text = entry.provision.text
        was, now = find(text), find(made.entries[place].provision.text)
        for phrase, followed in zip(was, now, strict=True):
            found = ours.resolve(phrase, place)
            if not phrase.external and found.complete:
                same = theirs.resolve(followed, place).targets == found.targets
                assert same or (entry.path, text[phrase.start : phrase.end]) in left
