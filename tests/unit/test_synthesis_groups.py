"""What a person may do with opinions and their answers, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from duthao.domain.document import Document, DocumentId, Provision, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Opinion, Source
from duthao.domain.order import between, spread
from duthao.domain.synthesis.chain import MAX_LINKS, Changed, Link, What, inserted
from duthao.domain.synthesis.groups import (
    MAX_ANSWER,
    MAX_PIECES,
    Answer,
    Change,
    Stance,
    Synthesis,
    applied,
)
from duthao.domain.synthesis.ordering import WHOLE, Order
from tests.support.texts import art, ch, cl, doc

DRAFT = DocumentId("d")


def in_order(*provisions: Provision) -> Document:
    keys = spread(len(provisions))
    return doc(*(replace(one, order=key) for one, key in zip(provisions, keys, strict=True)))


def opinion(id_: str, text: str = "Bổ sung khoản 2. Bỏ khoản 3.") -> Opinion:
    return Opinion(id_, DRAFT, Source.ROUND, "", None, "A", None, None, None, text, "", "", False, 1)


def table(*ids: str) -> Synthesis:
    return Synthesis(tuple(map(opinion, ids)), ())


def links(n: int) -> tuple[Link, ...]:
    changed = Changed(ProvisionId("c"), What.REWORDED, "khoản 1", "cũ", "mới")
    return tuple(Link(f"l{k}", changed, 1, 2, None) for k in range(n))


KEPT = Answer(Stance.KEPT, "Giữ như dự thảo vì đã có quy định chung.", UserId("an"), 1)


def answered(
    synthesis: Synthesis, id_: str, answer: Answer | None = KEPT, of: tuple[Link, ...] = (), seen: int = 0
) -> Change:
    return synthesis.answered(id_, seen, answer, None, of, lambda: f"g-{id_}", 1)


def joined(synthesis: Synthesis, *ids: str) -> Change:
    return synthesis.joined(ids, lambda: "new", 1)


def cut(synthesis: Synthesis, *texts: str) -> Change:
    numbers = count(1)
    return synthesis.cut("a", texts, lambda: f"piece{next(numbers)}")


def test_an_answer_written_over_one_that_was_not_seen_is_refused() -> None:
    now = applied(table("a"), answered(table("a"), "a"))
    with pytest.raises(Refusal, match="opinion_changed"):
        answered(now, "g-a")
    later = applied(now, answered(now, "g-a", replace(KEPT, stance=Stance.ADOPTED, text=""), seen=1))
    assert [(g.edition, g.answer and g.answer.stance) for g in later.groups] == [(2, Stance.ADOPTED)]


@pytest.mark.parametrize("stance", [Stance.KEPT, Stance.PARTLY, Stance.OUTSIDE])
def test_an_answer_that_does_not_take_an_opinion_up_gives_its_reason(stance: Stance) -> None:
    with pytest.raises(Refusal, match="answer_empty"):
        answered(table("a"), "a", replace(KEPT, stance=stance, text=" \n"))


@pytest.mark.parametrize("text", ["x" * (MAX_ANSWER + 1), "x" * (2 * MAX_ANSWER + 1)])
def test_an_answer_is_never_cut_but_refused_when_too_long(text: str) -> None:
    with pytest.raises(Refusal, match="answer_too_long"):
        answered(table("a"), "a", replace(KEPT, text=text))


def test_an_answer_led_to_so_many_changes_and_no_more() -> None:
    with pytest.raises(Refusal, match="links_too_many"):
        answered(table("a"), "a", of=links(MAX_LINKS + 1))
    now = applied(table("a", "b"), answered(table("a", "b"), "a", of=links(MAX_LINKS)))
    now = applied(now, answered(now, "b", None, links(1)))
    with pytest.raises(Refusal, match="links_too_many"):
        joined(now, "g-a", "g-b")


def test_opinions_are_joined_two_or_more_at_a_time_and_with_one_answer_at_most() -> None:
    now = table("a", "b")
    with pytest.raises(Refusal, match="opinions_one"):
        joined(now, "a", "a")
    with pytest.raises(Refusal, match="opinion_not_found"):
        joined(now, "a", "x")
    for id_ in ("a", "b"):
        now = applied(now, answered(now, id_))
    with pytest.raises(Refusal, match="opinions_answered_twice"):
        joined(now, "g-a", "g-b")


def test_what_an_opinion_led_to_is_shown_from_the_first_to_the_last_new_word() -> None:
    after = "Ban họp kín mỗi quý một lần."
    start, end = inserted("Ban họp mỗi tháng một lần.", after)
    assert after[start:end] == "kín mỗi quý"
    start, end = inserted("Ban họp kín mỗi tháng.", "Ban họp mỗi tháng.")
    assert start >= end


def test_only_what_is_in_a_group_is_taken_out_of_it() -> None:
    for id_, code in (("a", "opinions_one"), ("x", "opinion_not_found")):
        with pytest.raises(Refusal, match=code):
            table("a", "b").parted(id_)
    now = applied(table("a", "b"), joined(table("a", "b"), "a", "b"))
    apart = applied(now, now.parted("b"))
    assert [heap.opinions for heap in apart.heaps] == [("a",), ("b",)]
    with pytest.raises(Refusal, match="opinions_one"):
        apart.parted("a")


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("Bổ sung khoản 2. Bỏ khoản 3.", " "), "opinion_cut_one"),
        (("Bổ sung khoản 2.", "Bỏ khoản 4."), "opinion_cut_words"),
    ],
)
def test_an_opinion_is_cut_word_for_word(texts: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        cut(table("a"), *texts)


def test_an_opinion_has_so_many_pieces_and_no_more() -> None:
    words = ["từ"] * (MAX_PIECES + 1)
    with pytest.raises(Refusal, match="opinion_pieces_too_many"):
        cut(Synthesis((opinion("a", " ".join(words)),), ()), *words)


def test_an_opinion_is_cut_into_as_many_pieces_as_it_may_have() -> None:
    words = ["từ"] * MAX_PIECES
    made = cut(Synthesis((opinion("a", " ".join(words)),), ()), *words)
    assert [len(pieces) for pieces in made.pieces.values()] == [MAX_PIECES]


def test_an_opinion_stands_at_its_provision_and_article_or_where_that_stood_before_it_went() -> None:
    followed = in_order(
        ch("I", "CHUNG", "h"), art("Họp", "1", "a"), cl("Một.", "1", "c1"), cl("Ba.", "2", "c3")
    )
    gone = replace(
        cl("Hai.", "2", "c2"), order=between(followed.provisions[2].order, followed.provisions[3].order)
    )
    order = Order(followed, (replace(followed, provisions=(*followed.provisions[:3], gone)),))
    before, here, after = map(order.of, ("c1", "c2", "c3"))
    assert before.at < here.at < after.at
    assert (here.is_own, after.is_own) == (False, True)
    assert after.article == here.article == order.of("a").path
    assert order.of("h").article == order.of("h").path
    assert order.of("nowhere") == order.of(None) == WHOLE


def test_what_is_no_opinion_is_neither_cut_nor_put_anywhere() -> None:
    for change in (lambda: table().placed("a", None), lambda: cut(table(), "x", "y")):
        with pytest.raises(Refusal, match="opinion_not_found"):
            change()


def test_a_cut_opinion_is_whole_again_unless_an_answer_of_a_piece_would_be_lost() -> None:
    now = applied(table("a", "b"), cut(table("a", "b"), "Bổ sung khoản 2.", "Bỏ khoản 3."))
    beside = applied(now, joined(now, "piece1", "b"))
    whole = applied(beside, beside.whole_again("a"))
    assert [(one.id, one.text) for one in whole.items] == [
        (one.id, one.text) for one in table("a", "b").items
    ]
    assert [heap.opinions for heap in whole.heaps] == [("a",), ("b",)]
    lone = applied(now, answered(now, "piece1", None, ()))
    assert applied(lone, lone.whole_again("a")).groups == ()
    told = applied(now, answered(now, "piece1"))
    with pytest.raises(Refusal, match="opinion_pieces_answered"):
        told.whole_again("a")
