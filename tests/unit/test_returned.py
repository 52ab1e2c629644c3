"""A text that comes back, joined with a draft that went on: tables, the front matter, what was removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.compare import compare
from duthao.domain.document import (
    CharOffset,
    Document,
    FrontMatter,
    Mark,
    MarkKind,
    Provision,
    ProvisionId,
)
from duthao.domain.order import spread
from duthao.domain.returned import Take, Trouble, adopted, joined
from tests.support.texts import art, cl, counter, doc, pt, row, table


def in_order(*provisions: Provision, front: FrontMatter | None = None) -> Document:
    keys = spread(len(provisions))
    return doc(*(replace(p, order=key) for p, key in zip(provisions, keys, strict=True)), front=front)


def with_cells(document: Document, *cells: str) -> Document:
    *rest, last = document.provisions
    return replace(document, provisions=(*rest, replace(last, cells=cells)))


FEES = in_order(table("Mức chi", id="t"), row("Họp thường kỳ", "100.000 đồng", id="r"))


@pytest.mark.parametrize(
    ("theirs", "now", "found"),
    [
        (("Họp", "100.000 đồng"), ("Họp thường kỳ", "100.000 đồng"), ("Họp", "100.000 đồng")),
        (("Họp thường kỳ", "100.000 đồng"), ("Họp", "100.000 đồng"), ("Họp", "100.000 đồng")),
        (("Họp", "100.000 đồng"), ("Họp thường kỳ", "200.000 đồng"), ("Họp", "200.000 đồng")),
    ],
)
def test_cells_that_only_one_side_changed_are_joined_without_asking(
    theirs: tuple[str, ...], now: tuple[str, ...], found: tuple[str, ...]
) -> None:
    result = joined(FEES, with_cells(FEES, *theirs), with_cells(FEES, *now))
    assert result.document.provisions[-1].cells == found
    assert result.conflicts == ()


@pytest.mark.parametrize(
    "theirs",
    [("Họp thường kỳ", "150.000 đồng"), ("Họp thường kỳ", "150.000", "đồng")],
    ids=["other words", "other columns"],
)
def test_cells_that_both_changed_stand_as_somebody_chose(theirs: tuple[str, ...]) -> None:
    came, now = with_cells(FEES, *theirs), with_cells(FEES, "Họp thường kỳ", "200.000 đồng")
    usual = joined(FEES, came, now)
    (conflict,) = usual.conflicts
    assert (conflict.trouble, conflict.theirs) == (Trouble.WORDS, " | ".join(theirs))
    assert usual.document.provisions[-1].cells == ("Họp thường kỳ", "200.000 đồng")
    chosen = joined(FEES, came, now, {conflict.key: Take.THEIRS})
    assert chosen.document.provisions[-1].cells == theirs


CLAUSES = in_order(art("Họp", id="a"), cl("Họp mỗi tháng.", id="c1"), cl("Họp mỗi quý.", id="c2"))


def test_what_the_draft_took_out_comes_back_changed_unless_somebody_chose_otherwise() -> None:
    came = replace(
        CLAUSES, provisions=(*CLAUSES.provisions[:2], replace(CLAUSES.provisions[2], text="Họp kín."))
    )
    now = replace(CLAUSES, provisions=CLAUSES.provisions[:2])
    usual = joined(CLAUSES, came, now)
    assert [p.text for p in usual.document.provisions] == ["Họp", "Họp mỗi tháng.", "Họp kín."]
    (conflict,) = usual.conflicts
    chosen = joined(CLAUSES, came, now, {conflict.key: Take.OURS})
    assert chosen.document.provisions == now.provisions


def test_what_the_draft_moved_stays_where_it_was_moved_to() -> None:
    article, first, second = CLAUSES.provisions
    came = replace(CLAUSES, provisions=(article, first, second, cl("Họp kín.", id="in")))
    now = in_order(article, second, first)
    assert [p.id for p in joined(CLAUSES, came, now).document.provisions] == ["a", "c2", "in", "c1"]
    moved = joined(CLAUSES, now, replace(CLAUSES, provisions=came.provisions))
    assert [p.id for p in moved.document.provisions] == ["a", "c2", "in", "c1"]


def test_the_formats_of_the_draft_go_with_its_words_among_those_that_came() -> None:
    def reading(text: str, *marks: Mark) -> Document:
        first, clause, last = CLAUSES.provisions
        return replace(CLAUSES, provisions=(first, replace(clause, text=text, marks=marks), last))

    bold = Mark(MarkKind.BOLD, CharOffset(8), CharOffset(14))
    now = reading("Họp mỗi tháng một lần.", bold)
    came = reading("Ban họp mỗi tháng.")
    found = joined(reading("Họp mỗi tháng."), came, now).document.provisions[1]
    (mark,) = found.marks
    assert found.text == "Ban họp mỗi tháng một lần."
    assert found.text[mark.start : mark.end].strip() == "tháng"


def test_a_field_of_the_front_matter_that_both_changed_stays_the_drafts_unless_chosen() -> None:
    def titled(title: str, *preamble: str) -> Document:
        return replace(CLAUSES, front=FrontMatter(title=title, preamble=preamble))

    base = titled("QUY CHẾ", "Căn cứ Điều lệ;")
    came = titled("QUY CHẾ LÀM VIỆC", "Căn cứ Điều lệ;", "Căn cứ Quy định 1;")
    now = titled("QUY CHẾ HỌP", "Căn cứ Quy định 2;")
    usual = joined(base, came, now)
    assert usual.document.front == now.front
    assert [(c.field, c.theirs) for c in usual.conflicts] == [
        ("title", "QUY CHẾ LÀM VIỆC"),
        ("preamble", "Căn cứ Điều lệ;\nCăn cứ Quy định 1;"),
    ]
    every = {c.key: Take.THEIRS for c in usual.conflicts}
    assert joined(base, came, now, every).document.front == came.front
    beside = titled("QUY CHẾ", "Căn cứ Điều lệ;", "Căn cứ Quy định 3;")
    assert joined(base, came, base).document.front == came.front
    assert joined(base, beside, titled("QUY CHẾ HỌP", *base.front.preamble)).document.front == replace(
        beside.front, title="QUY CHẾ HỌP"
    )


def test_what_became_a_row_of_a_table_is_a_provision_of_its_own() -> None:
    """Words and cells are kept in different places: a clause cannot live on as a row."""
    words = "Ban Thường vụ họp thường kỳ mỗi tháng một lần."
    base = in_order(art("Họp", id="a"), table("Các kỳ họp", id="t"), cl(words, id="c"))
    came = doc(art("Họp"), table("Các kỳ họp"), row(words))
    found = adopted(base, came, compare(base, came), counter("new")).provisions
    assert [(p.id, p.origin) for p in found] == [("a", None), ("t", None), ("new1", None)]


def test_a_clause_that_comes_in_stands_behind_the_points_written_meanwhile_below_the_one_before() -> None:
    first, *rest = CLAUSES.provisions
    came = replace(CLAUSES, provisions=(first, rest[0], replace(rest[0], id=ProvisionId("in")), rest[1]))
    point = pt("một;", id="p")
    now = replace(CLAUSES, provisions=(first, rest[0], point, rest[1]))
    assert [p.id for p in joined(CLAUSES, came, now).document.provisions] == ["a", "c1", "p", "in", "c2"]
