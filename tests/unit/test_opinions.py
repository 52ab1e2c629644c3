"""What is kept of an opinion or of an answer in a round, and what is refused: nothing is ever cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.document import DocumentId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import (
    MAX_GIVER,
    MAX_LETTER,
    MAX_REFERENCE,
    MAX_TEXT,
    Opinion,
    Source,
    Verdict,
    checked,
)
from duthao.domain.rounds import (
    MAX_ITEMS,
    MAX_SAID,
    Answer,
    Item,
    Said,
    Way,
    check_complete,
    checked_said,
    newest,
)

OPINION = Opinion(
    "o", DocumentId("d"), Source.MEETING, "", None, "Chi bộ 1", None, None, None, "Bỏ khoản 2.", "", "",
    False, 1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("opinion", "code"),
    [
        (replace(OPINION, text=" ", wording="\n"), "opinion_empty"),
        (replace(OPINION, giver=" "), "opinion_giver_missing"),
        (replace(OPINION, giver="x" * (MAX_GIVER + 1)), "opinion_too_long"),
        (replace(OPINION, text="x" * (MAX_TEXT + 1)), "opinion_too_long"),
        (replace(OPINION, wording="x" * (2 * MAX_TEXT + 1)), "opinion_too_long"),
        (replace(OPINION, letter="x" * (MAX_LETTER + 1)), "opinion_too_long"),
        (replace(OPINION, id=""), "field_bad"),
        (replace(OPINION, provision="x" * (MAX_REFERENCE + 1)), "field_bad"),
    ],
)
def test_an_opinion_that_cannot_be_kept_whole_is_refused(opinion: Opinion, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        checked(opinion)


def test_an_opinion_fit_to_be_kept_stays_as_it_is() -> None:
    assert checked(replace(OPINION, text="  Bỏ khoản 2.\n")) == OPINION
    assert checked(OPINION) == OPINION


def test_an_answer_holds_so_many_opinions_and_so_many_words() -> None:
    with pytest.raises(Refusal, match="opinions_too_many"):
        checked_said(Said(items=(Item(None, "Bỏ."),) * (MAX_ITEMS + 1)), frozenset())
    long = Item(None, "x" * MAX_TEXT)
    with pytest.raises(Refusal, match="opinion_too_long"):
        checked_said(Said(items=(long,) * (MAX_SAID // MAX_TEXT + 1)), frozenset())
    with pytest.raises(Refusal, match="provision_not_found"):
        checked_said(Said(items=(Item("gone", "Bỏ."),)), frozenset({"there"}))
    kept = checked_said(Said(items=(Item("there", " Bỏ. "), Item(None, " "))), frozenset({"there"}))
    assert kept.items == (Item("there", "Bỏ."),)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(general="Cần làm rõ."), "verdict_missing"),
        (Said(Verdict.DISAGREE), "opinion_empty"),
        (Said(Verdict.REMARKS), "opinion_empty"),
    ],
)
def test_whoever_does_not_agree_says_why(said: Said, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        check_complete(said)
    check_complete(Said(Verdict.AGREE))


def test_an_edition_that_arrives_behind_a_newer_one_does_not_count() -> None:
    first = Answer("a", "r", "i", 1, Way.PAGE, "Chi bộ 1", Said(Verdict.DISAGREE, "Chưa rõ."), 1, 1, False)
    second = replace(first, edition=2, said=Said(Verdict.AGREE))
    assert newest([second, first]) == newest([first, second]) == {"a": second}
