"""Proposals as a committee makes them: several for one provision, on a text that goes on changing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.document import CharOffset, Document, Kind, Mark, MarkKind, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.proposals import (
    Act,
    Decided,
    NewProvision,
    Proposed,
    Standing,
    Wording,
    accepted,
    meetings,
    outlook,
    proposed,
)
from tests.support.texts import art, cl, doc, para, pt, row, table

DRAFT = doc(
    art("Chế độ họp", id="a1"),
    para("Các kỳ họp gồm:", id="lead"),
    cl("Ban Thường vụ họp thường kỳ mỗi tháng một lần.", id="c1"),
    pt("họp bất thường khi cần;", id="p1"),
    cl("Thường trực họp hằng tuần.", id="c2"),
    art("Kinh phí", id="a2"),
    table("Biểu mức chi", id="t"),
    row("Họp thường kỳ", "100.000 đồng", id="r"),
)


def wish(text: str, of: str = "c1", base: Document = DRAFT) -> Proposed:
    return proposed(base, Act.REPLACE, ProvisionId(of), Wording(text))


def new(text: str, behind: str, kind: Kind = Kind.CLAUSE, id_: str = "new") -> Proposed:
    return proposed(
        DRAFT, Act.INSERT, ProvisionId(behind), Wording(text), new=NewProvision(ProvisionId(id_), kind)
    )


def with_words(text: str, of: str = "c1") -> Document:
    return replace(
        DRAFT, provisions=tuple(replace(p, text=text) if p.id == of else p for p in DRAFT.provisions)
    )


def text_of(document: Document, id_: str) -> str:
    return next(p.text for p in document.provisions if p.id == id_)


def order_of(document: Document) -> list[str]:
    return [p.id for p in document.provisions]


QUARTER = wish("Ban Thường vụ họp thường kỳ mỗi quý một lần.")


def test_it_is_joined_with_what_others_wrote_beside_it() -> None:
    now = with_words("Ban Thường vụ Tỉnh ủy họp thường kỳ mỗi tháng một lần.")
    assert outlook(QUARTER, now).standing is Standing.CLEAN
    got = accepted(now, QUARTER, Decided())
    assert text_of(got.final, "c1") == "Ban Thường vụ Tỉnh ủy họp thường kỳ mỗi quý một lần."


def test_over_words_changed_meanwhile_a_person_decides() -> None:
    now = with_words("Ban Thường vụ họp thường kỳ mỗi tuần một lần.")
    assert outlook(QUARTER, now).standing is Standing.CONFLICT
    with pytest.raises(Refusal, match="proposal_conflict"):
        accepted(now, QUARTER, Decided())
    chosen = Wording("Ban Thường vụ họp thường kỳ mỗi quý một lần, hoặc mỗi tuần khi cần.")
    got = accepted(now, QUARTER, Decided(chosen, Wording(text_of(now, "c1"))))
    assert text_of(got.final, "c1") == chosen.text
    assert text_of(got.brought, "c1") == "Ban Thường vụ họp thường kỳ mỗi quý một lần."


def test_words_changed_while_the_person_decided_are_not_written_over() -> None:
    seen = Wording(text_of(DRAFT, "c1"))
    chosen = Wording("Ban Thường vụ họp thường kỳ mỗi quý một lần tại trụ sở.")
    beside = with_words("Ban Thường vụ Tỉnh ủy họp thường kỳ mỗi tháng một lần.")
    got = accepted(beside, QUARTER, Decided(chosen, seen))
    assert text_of(got.final, "c1") == "Ban Thường vụ Tỉnh ủy họp thường kỳ mỗi quý một lần tại trụ sở."
    same_words = with_words("Ban Thường vụ họp thường kỳ mỗi tuần một lần.")
    with pytest.raises(Refusal, match="proposal_conflict"):
        accepted(same_words, QUARTER, Decided(chosen, seen))


def test_what_was_taken_out_is_not_reworded() -> None:
    without = replace(DRAFT, provisions=DRAFT.provisions[:2], removed=DRAFT.provisions[2:])
    assert outlook(QUARTER, without).standing is Standing.GONE
    with pytest.raises(Refusal, match="provision_not_found"):
        accepted(without, QUARTER, Decided())


def test_a_clause_comes_behind_the_points_of_the_one_before() -> None:
    got = accepted(DRAFT, new("Khi cần thì họp trực tuyến.", "c1"), Decided()).final
    assert order_of(got) == ["a1", "lead", "c1", "p1", "new", "c2", "a2", "t", "r"]


def test_the_first_clause_comes_behind_what_leads_to_the_clauses() -> None:
    got = accepted(DRAFT, new("Họp đầu nhiệm kỳ.", "a1"), Decided()).final
    assert order_of(got)[:3] == ["a1", "lead", "new"]


def test_an_article_comes_behind_all_of_the_one_before() -> None:
    got = accepted(DRAFT, new("Trang phục", "a1", Kind.ARTICLE), Decided()).final
    assert order_of(got).index("new") == order_of(got).index("a2") - 1


def test_nothing_comes_between_the_rows_of_a_table() -> None:
    got = accepted(DRAFT, new("Mức chi tính theo năm.", "t", Kind.PARAGRAPH), Decided()).final
    assert order_of(got)[-3:] == ["t", "r", "new"]


def test_several_new_ones_behind_one_stand_in_the_order_of_their_proposing() -> None:
    first, second = new("Một.", "c2", id_="n1"), new("Hai.", "c2", id_="n2")
    got = accepted(DRAFT, first, Decided()).final
    got = accepted(got, second, Decided(), behind={ProvisionId("n1")}).final
    assert order_of(got)[4:7] == ["c2", "n1", "n2"]


def test_behind_what_was_taken_out_there_is_still_a_place() -> None:
    spread = replace(
        DRAFT, provisions=tuple(replace(p, order=chr(ord("A") + n)) for n, p in enumerate(DRAFT.provisions))
    )
    kept = tuple(p for p in spread.provisions if p.id != "c2")
    without = replace(spread, provisions=kept, removed=tuple(p for p in spread.provisions if p.id == "c2"))
    got = accepted(without, new("Thư ký ghi biên bản.", "c2"), Decided()).final
    assert order_of(got)[3:6] == ["p1", "new", "a2"]


def test_a_removal_takes_all_below_and_asks_when_it_has_changed() -> None:
    one = proposed(DRAFT, Act.REMOVE, ProvisionId("c1"))
    assert [stood.id for stood in one.base] == ["c1", "p1"]
    assert order_of(accepted(DRAFT, one, Decided()).final) == ["a1", "lead", "c2", "a2", "t", "r"]
    now = with_words("họp bất thường khi có yêu cầu;", "p1")
    look = outlook(one, now)
    assert (look.standing, look.changed) == (Standing.CONFLICT, ("p1",))
    with pytest.raises(Refusal, match="proposal_conflict"):
        accepted(now, one, Decided(seen=outlook(one, DRAFT).seen))
    assert "p1" not in order_of(accepted(now, one, Decided(seen=look.seen)).final)


def test_a_row_is_reworded_cell_by_cell() -> None:
    wording = Wording("", ("Họp thường kỳ", "150.000 đồng"))
    one = proposed(DRAFT, Act.REPLACE, ProvisionId("r"), wording)
    head = ("Họp định kỳ", "100.000 đồng")
    now = replace(
        DRAFT, provisions=tuple(replace(p, cells=head) if p.id == "r" else p for p in DRAFT.provisions)
    )
    got = accepted(now, one, Decided()).final
    assert got.provisions[-1].cells == ("Họp định kỳ", "150.000 đồng")
    more = replace(now, provisions=(*now.provisions[:-1], replace(now.provisions[-1], cells=(*head, "x"))))
    assert outlook(one, more).standing is Standing.CONFLICT
    with pytest.raises(Refusal, match="proposal_cells"):
        proposed(DRAFT, Act.REPLACE, ProvisionId("r"), Wording("", ("chỉ một ô",)))


def test_collisions_are_told_where_two_touch_the_same_words() -> None:
    year = wish("Ban Thường vụ họp thường kỳ mỗi năm một lần.")
    place = wish("Ban Thường vụ họp thường kỳ mỗi tháng một lần tại trụ sở.")
    gone = proposed(DRAFT, Act.REMOVE, ProvisionId("c1"))
    ones = [("q", QUARTER), ("y", year), ("p", place), ("g", gone), ("q2", QUARTER)]
    found = meetings(ones, DRAFT)
    assert found.collide == {
        "q": ("y", "g"), "y": ("q", "g", "q2"), "p": ("g",), "g": ("q", "y", "p", "q2"), "q2": ("y", "g"),
    }  # fmt: skip
    assert found.same["q"] == ("q2",)


def test_a_collision_is_found_between_proposals_made_on_different_texts() -> None:
    now = with_words("Ban Thường vụ Tỉnh ủy họp thường kỳ mỗi tháng một lần.")
    later = wish("Ban Thường vụ Tỉnh ủy họp thường kỳ mỗi năm một lần.", base=now)
    assert meetings([("q", QUARTER), ("l", later)], now).collide["q"] == ("l",)


def test_a_removal_collides_with_what_is_proposed_inside_it() -> None:
    gone = proposed(DRAFT, Act.REMOVE, ProvisionId("a1"))
    found = meetings(
        [("g", gone), ("q", QUARTER), ("in", new("Mới.", "c2")), ("out", new("Sau.", "a1", Kind.ARTICLE))],
        DRAFT,
    )
    assert found.collide["g"] == ("q", "in")


@pytest.mark.parametrize(
    ("text", "made_on", "code"),
    [
        ("Ban Thường vụ họp thường kỳ mỗi tháng một lần.", None, "proposal_empty"),
        ("  ", None, "proposal_empty"),
        ("Họp mỗi quý.", "Họp mỗi tháng.", "proposal_text_moved"),
    ],
)
def test_what_says_nothing_new_or_was_written_over_other_words_is_not_taken(
    text: str, made_on: str | None, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        proposed(DRAFT, Act.REPLACE, ProvisionId("c1"), Wording(text), Wording(made_on) if made_on else None)


def test_formats_stay_with_their_words() -> None:
    bold = (Mark(MarkKind.BOLD, CharOffset(4), CharOffset(13)),)
    marked = replace(
        DRAFT, provisions=tuple(replace(p, marks=bold) if p.id == "c1" else p for p in DRAFT.provisions)
    )
    got = accepted(marked, QUARTER, Decided()).final
    assert next(p.marks for p in got.provisions if p.id == "c1") == bold


def test_a_new_provision_has_an_id_of_its_own_and_words() -> None:
    with pytest.raises(Refusal, match="proposal_id_taken"):
        new("Họp trực tuyến.", "c1", id_="c2")
    with pytest.raises(Refusal, match="proposal_empty"):
        new("  ", "c1")


def test_what_the_draft_reads_already_is_not_proposed_over_older_words() -> None:
    """The wish was written over last week's words; the draft has taken it up since."""
    made_on = Wording("Ban Thường vụ họp mỗi quý. Thường trực họp mỗi tuần.")
    wording = Wording("Ban Thường vụ họp mỗi tháng. Thường trực họp mỗi tuần.")
    now = with_words("Ban Thường vụ họp mỗi tháng. Thường trực họp mỗi ngày.")
    with pytest.raises(Refusal, match="proposal_empty"):
        proposed(now, Act.REPLACE, ProvisionId("c1"), wording, made_on)


def test_two_proposals_that_share_several_provisions_meet_once() -> None:
    gone = proposed(DRAFT, Act.REMOVE, ProvisionId("c1"))
    found = meetings([("a", gone), ("b", gone)], DRAFT)
    assert (found.same, found.collide) == ({"a": ("b",), "b": ("a",)}, {"a": (), "b": ()})


def test_new_ones_are_the_same_where_they_say_one_thing_in_one_place() -> None:
    ones = [
        ("a", new("Họp kín.", "c1")), ("same", new("Họp kín.", "c1", id_="n2")),
        ("words", new("Họp mở.", "c1")), ("place", new("Họp kín.", "c2")),
        ("kind", new("Họp kín.", "c1", Kind.POINT)),
    ]  # fmt: skip
    assert meetings(ones, DRAFT).same["a"] == ("same",)


def test_two_conflicts_that_cannot_be_joined_are_not_said_to_collide() -> None:
    """A row that has other columns by now: each has to be decided by itself."""
    wishes = [
        proposed(DRAFT, Act.REPLACE, ProvisionId("r"), Wording("", ("Họp thường kỳ", price)))
        for price in ("150.000 đồng", "200.000 đồng")
    ]
    now = replace(DRAFT, provisions=(*DRAFT.provisions[:-1], row("Họp", "100.000", "đồng", id="r")))
    found = meetings([("a", wishes[0]), ("b", wishes[1])], now)
    assert found.collide == found.same == {"a": (), "b": ()}
    mine = Wording("", ("Họp", "200.000", "đồng"))
    got = accepted(now, wishes[1], Decided(mine))
    assert got.final.provisions[-1].cells == mine.cells
    assert got.brought == now


@pytest.mark.parametrize(
    ("wording", "made_on", "code"),
    [
        (Wording("Họp.", ("một ô",)), None, "proposal_cells"),
        (Wording(" "), None, "proposal_empty"),
    ],
)
def test_what_a_person_decides_has_words_and_the_columns_of_the_row(
    wording: Wording, made_on: Wording | None, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        accepted(DRAFT, QUARTER, Decided(wording, made_on))


def test_a_new_provision_decided_otherwise_has_words_and_joins_with_what_it_became() -> None:
    one = new("Khi cần thì họp trực tuyến.", "c1")
    with pytest.raises(Refusal, match="proposal_empty"):
        accepted(DRAFT, one, Decided(Wording(" ")))
    there = accepted(DRAFT, one, Decided()).final
    now = replace(
        there,
        provisions=tuple(
            replace(p, text="Khi cần thì họp kín.") if p.id == "new" else p for p in there.provisions
        ),
    )
    with pytest.raises(Refusal, match="proposal_conflict"):
        accepted(now, one, Decided(Wording("Khi cần thì họp tại chỗ.")))
