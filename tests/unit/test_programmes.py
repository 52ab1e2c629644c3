"""Work programmes: periods, times, orders, and the document made of what was chosen."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.document import Document, Kind, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.programmes import (
    Choice,
    Item,
    Level,
    Programme,
    ProgrammeKind,
    Words,
    by_field_and_time,
    checked_period,
    checked_when,
    filled,
    in_order,
    last_day,
    moved,
    placed,
    tables_of,
    time_order,
)
from duthao.domain.structure import parse
from duthao.formats.document_templates import built_in
from duthao.messages import Catalogue
from duthao.service.programmes import TEMPLATES
from duthao.web.programmes_pages import when_words, words_of
from tests.support.texts import doc, provision, row

T = Catalogue("vi")
WORDS: Words = words_of(T)
PERIODS = {ProgrammeKind.TERM: "2025-2030", ProgrammeKind.YEAR: "2027", ProgrammeKind.WEEK: "2026-11-23"}


def programme(kind: ProgrammeKind) -> Programme:
    return Programme("p", kind, PERIODS[kind], "Chương trình", "", "", UserId("u"), 1)


def item(id: str, when: str, content: str = "Việc", field: str = "", level: Level = Level.BUREAU) -> Item:
    return Item(
        id, "p", content, field, "Văn phòng", when, level, "", "", UserId("u"), int(id), Choice.CHOSEN
    )


def template(kind: ProgrammeKind) -> Document:
    numbers = itertools.count()
    return parse(built_in()[TEMPLATES[kind]], new_id=lambda: ProvisionId(f"p{next(numbers)}")).document


def made(kind: ProgrammeKind, *chosen: Item) -> Document:
    numbers, of = itertools.count(), programme(kind)
    return filled(template(kind), of, tables_of(of, chosen, WORDS), lambda: ProvisionId(f"n{next(numbers)}"))


def rows(document: Document) -> list[list[tuple[str, ...]]]:
    found: list[list[tuple[str, ...]]] = []
    for one in document.provisions:
        if one.kind is Kind.TABLE:
            found.append([])
        elif one.kind is Kind.ROW:
            found[-1].append(one.cells)
    return found


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        (ProgrammeKind.TERM, " 2025 – 2030 ", "2025-2030"),
        (ProgrammeKind.YEAR, "2027", "2027"),
        (ProgrammeKind.TERM, "2025-2026", "2025-2026"),
        (ProgrammeKind.WEEK, "2026-11-27", "2026-11-23"),
        (ProgrammeKind.WEEK, "2026-11-27T08:00", "2026-11-23"),
        *((ProgrammeKind.TERM, bad, None) for bad in ("2030-2025", "2025-2099", "2025", "")),
        *((ProgrammeKind.YEAR, bad, None) for bad in ("27", "2025-2030")),
        *((ProgrammeKind.WEEK, bad, None) for bad in ("2026-13-01", "tuần 48", "0001-01-00")),
    ],
)
def test_a_period_is_read_or_refused(kind: ProgrammeKind, written: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Refusal, match="programme_period_bad"):
            checked_period(kind, written)
    else:
        assert checked_period(kind, written) == kept


def test_a_time_lies_within_the_period() -> None:
    year, week = programme(ProgrammeKind.YEAR), programme(ProgrammeKind.WEEK)
    assert [checked_when(year, one) for one in ("2027", "2027-Q4", "2027-12")] == [
        "2027",
        "2027-Q4",
        "2027-12",
    ]
    assert checked_when(week, "2026-11-29T14:30") == "2026-11-29T14:30"
    for of, bad in (
        (year, "2026-01"),
        (year, "2027-13"),
        (year, "2027-Q5"),
        (week, "2026-11-30T08:00"),
        (week, "x"),
    ):
        with pytest.raises(Refusal, match="programme_when_bad"):
            checked_when(of, bad)


def test_times_are_said_and_end() -> None:
    said = {one: when_words(one, T) for one in ("2027", "2027-Q2", "2027-05", "2026-11-24T08:00")}
    assert list(said.values()) == ["Năm 2027", "Quý II/2027", "Tháng 5/2027", "08:00 Thứ Ba 24/11/2026"]
    ends = [last_day(one) for one in ("2027", "2027-Q1", "2028-02", "2026-11-24T08:00")]
    assert ends == ["2027-12-31", "2027-03-31", "2028-02-29", "2026-11-24"]
    assert last_day("9999") == "9999-12-30"


def test_a_month_comes_before_the_quarter_and_the_year_that_end_with_it() -> None:
    assert sorted(["2027", "2027-Q1", "2027-03", "2027-01", "2027-12"], key=time_order) == [
        "2027-01", "2027-03", "2027-Q1", "2027-12", "2027",
    ]  # fmt: skip


def test_a_register_is_compiled_by_field_and_time() -> None:
    found = by_field_and_time(
        [item("1", "2027-05", field="Xây dựng Đảng"), item("2", "2027-01", field=""),
         item("3", "2027-02", field="Ân sủng"), item("4", "2027-01", field="An ninh"),
         item("5", "2027-01", field="Xây dựng Đảng")]
    )  # fmt: skip
    assert [one.id for one in found] == ["4", "3", "5", "1", "2"]


def test_one_of_an_order_changes_places_with_its_neighbour() -> None:
    order = placed([item(id, "2027") for id in "123"])
    assert [(one.id, one.place) for one in moved(order, "2", -1)] == [("2", 1), ("1", 2)]
    assert [(one.id, one.place) for one in moved(order, "2", 1)] == [("3", 2), ("2", 3)]
    assert moved(order, "1", -1) == moved(order, "3", 1) == moved(order, "4", 1) == ()


def test_the_year_s_tables_hold_quarters_and_months() -> None:
    document = made(
        ProgrammeKind.YEAR, item("1", "2027-11", "Tổng kết", level=Level.COMMITTEE),
        item("2", "2027-02", "Hai"),
        item("3", "2027-Q1", "Ba", level=Level.STANDING), item("4", "2027-Q1", "Bốn", level=Level.COMMITTEE),
    )  # fmt: skip
    first, second = rows(document)
    assert [row[:2] for row in first] == [("Quý", "Nội dung"), ("I", "Bốn"), ("IV", "Tổng kết")]
    assert second[1:] == [("02", "Hai", "Văn phòng", ""), ("Quý I/2027", "Ba", "Văn phòng", "Thường trực")]
    assert "năm 2027" in document.front.title
    assert all(one.header for one in document.provisions if one.kind is Kind.TABLE)


def test_a_term_and_a_week_are_dated() -> None:
    term = made(ProgrammeKind.TERM, item("1", "2027-Q3", "Đề án", "Kinh tế"))
    assert rows(term)[0][1:] == [("1", "Đề án", "Kinh tế", "Văn phòng", "Quý III/2027", "Ban Thường vụ")]
    assert term.front.title.endswith("nhiệm kỳ 2025-2030")
    week = made(ProgrammeKind.WEEK, replace(item("1", "2026-11-24T14:00", "Họp"), more="Đồng chí Bí thư"))
    assert rows(week)[0][1] == ("Thứ Ba 24/11/2026", "14 giờ", "Họp", "Đồng chí Bí thư", "Văn phòng", "")
    assert "tuần 48, từ ngày 23/11 đến ngày 29/11/2026" in week.front.title


@pytest.mark.parametrize("kind", ProgrammeKind)
def test_what_is_not_in_the_tables_stays_as_the_template_has_it(kind: ProgrammeKind) -> None:
    before, after = template(kind), made(kind)
    assert [one.id for one in before.provisions if one.kind is not Kind.ROW] == [
        one.id for one in after.provisions if one.kind is not Kind.ROW
    ]
    for table, old in zip(rows(after), rows(before), strict=True):
        assert (len(table), table[0], len(table[1])) == (2, old[0], len(old[0]))


times = st.sampled_from(["2027", "2027-Q1", "2027-Q4", "2027-01", "2027-12"])
items = st.lists(
    st.tuples(times, st.text("abđ ", max_size=6), st.sampled_from(Level), st.sampled_from(Choice),
              st.integers(0, 5)),
    max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(items, st.data())
def test_nothing_is_lost_whatever_is_ordered_and_moved(
    drawn: list[tuple[str, str, Level, Choice, int]], data: st.DataObject
) -> None:
    held = [
        replace(item(str(n), when, f"Việc {n}", field, level), choice=choice, place=place)
        for n, (when, field, level, choice, place) in enumerate(drawn)
    ]
    ordered = in_order(held)
    assert sorted(one.id for one in ordered) == sorted(one.id for one in held)
    chosen = [one for one in ordered if one.choice is Choice.CHOSEN]
    put = {one.id: one for one in placed(chosen)}
    chosen = [put.get(one.id, one) for one in chosen]
    assert [one.place for one in chosen] == list(range(1, len(chosen) + 1))
    if chosen:
        which = data.draw(st.sampled_from(chosen))
        put = {one.id: one for one in moved(chosen, which.id, data.draw(st.sampled_from((-1, 1))))}
        again = in_order([put.get(one.id, one) for one in held if one.id not in {c.id for c in chosen}]
                         + [put.get(one.id, one) for one in chosen])  # fmt: skip
        assert sorted(one.id for one in again) == sorted(one.id for one in held)
        assert len(put) in (0, 2)
    document = made(ProgrammeKind.YEAR, *chosen)
    contents = [row[1] for table in rows(document) for row in table[1:]]
    assert sorted(one for one in contents if one != WORDS.nothing) == sorted(one.content for one in chosen)


def test_a_table_for_which_nothing_is_given_keeps_its_rows() -> None:
    own = doc(
        provision(Kind.TABLE),
        row("TT", "Nội dung"),
        row("", "[nội dung]"),
        provision(Kind.TABLE),
        row("TT"),
        row("1"),
    )
    made = filled(own, programme(ProgrammeKind.YEAR), [[("1", "Họp")]], lambda: ProvisionId("n"))
    assert rows(made) == [[("TT", "Nội dung"), ("1", "Họp")], [("TT",), ("1",)]]
