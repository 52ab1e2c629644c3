"""What is kept of an opinion or of an answer in a round, and what is refused: nothing is ever cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.document import DocumentId, UserId
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
    LAST_DAY,
    LONGEST,
    MAX_ITEMS,
    MAX_SAID,
    Answer,
    Invitation,
    Invited,
    Item,
    Round,
    Said,
    Way,
    check_complete,
    checked_deadline,
    checked_said,
    is_late,
    is_to_be_reminded,
    newest,
    revised,
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


UNTIL = 10 * LAST_DAY
ROUND = Round("r", DocumentId("d"), 1, "v1", None, "Vòng 1", "", UNTIL, False, False, UserId("an"), 0)
ASKED = Invitation("i", "r", next(iter(Invited)), UserId("binh"), "Bình", "", 0)


def test_an_answer_is_late_once_its_deadline_is_over_the_round_s_or_ones_own() -> None:
    assert not is_late(ROUND, None, UNTIL)
    assert is_late(ROUND, None, UNTIL + 1)
    assert not is_late(ROUND, replace(ASKED, deadline=UNTIL + 5), UNTIL + 5)
    assert is_late(ROUND, replace(ASKED, deadline=5), UNTIL + 1)


def test_who_is_asked_is_reminded_once_on_the_last_day() -> None:
    begins = UNTIL - LAST_DAY
    assert not is_to_be_reminded(ROUND, ASKED, begins - 1)
    assert is_to_be_reminded(ROUND, ASKED, begins)
    assert is_to_be_reminded(ROUND, ASKED, UNTIL - 1)
    assert not is_to_be_reminded(ROUND, ASKED, UNTIL)
    assert is_to_be_reminded(ROUND, replace(ASKED, reminded_at=begins - 1), begins)
    for told in (
        replace(ASKED, reminded_at=begins), replace(ASKED, created_at=begins), replace(ASKED, withdrawn_at=1)
    ):  # fmt: skip
        assert not is_to_be_reminded(ROUND, told, UNTIL - 1)
    assert not is_to_be_reminded(replace(ROUND, closed_at=1), ASKED, begins)


def test_of_an_answer_sent_again_what_is_said_in_the_same_words_stays() -> None:
    before = [replace(OPINION, id=id_, text=text) for id_, text in (("1", "Bỏ."), ("2", "Thêm."))]
    after = [replace(OPINION, id=id_, text=text) for id_, text in (("3", "Thêm."), ("4", "Thêm."))]
    assert revised(before, after) == ((after[1],), (before[0],))


def test_a_deadline_lies_ahead_within_a_year_and_never_before_the_one_that_was_said() -> None:
    assert checked_deadline(11, 10) == 11
    assert checked_deadline(10 + LONGEST, 10) == 10 + LONGEST
    assert checked_deadline(20, 10, least=20) == 20
    for deadline, least in ((10, 0), (11 + LONGEST, 0), (19, 20)):
        with pytest.raises(Refusal, match="deadline_bad"):
            checked_deadline(deadline, 10, least)
