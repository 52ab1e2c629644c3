"""Units as a tree, and who sits in them when."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.document import UserId
from duthao.domain.units import Seat, Structure, Term, Unit, UnitKind

IDS = "abcdef"
TREES = st.lists(st.sampled_from([None, *IDS, "z"]), min_size=6, max_size=6).map(
    lambda parents: Structure(
        tuple(Unit(id_, parent, UnitKind.UNIT, id_) for id_, parent in zip(IDS, parents, strict=True))
    )
)
HOUSE = Structure(
    (
        Unit("1", None, UnitKind.ORGANISATION, "Thành uỷ"), Unit("2", "1", UnitKind.UNIT, "Văn phòng"),
        Unit("3", "1", UnitKind.GROUP, "Ban Thường vụ"), Unit("4", "2", UnitKind.UNIT, "Đội xe"),
    ),
    (Term("t", "2025–2030", "2025-06-01", "2030-05-31"),),
    (
        Seat("s1", "4", UserId("an"), "", None), Seat("s2", "2", UserId("binh"), "", "t"),
        Seat("s3", "2", UserId("an"), "", "t"), Seat("s4", "3", UserId("cuc"), "", "gone"),
    ),
)  # fmt: skip


def test_a_tree_by_name() -> None:
    names = [(unit.name, depth) for unit, depth in HOUSE.tree()]
    assert names == [("Thành uỷ", 0), ("Ban Thường vụ", 1), ("Văn phòng", 1), ("Đội xe", 2)]


def test_a_unit_that_leads_nowhere_or_in_a_circle_stands_at_the_top() -> None:
    parents = {"a": "b", "b": "a", "c": "gone"}
    lost = Structure(tuple(Unit(id_, parent, UnitKind.UNIT, id_) for id_, parent in parents.items()))
    assert [(unit.id, depth) for unit, depth in lost.tree()] == [("c", 0), ("a", 0), ("b", 1)]


@given(TREES)
@settings(max_examples=60)
def test_every_unit_stands_once_whatever_leads_where(house: Structure) -> None:
    assert sorted(unit.id for unit, _ in house.tree()) == list(IDS)


@given(TREES, st.sampled_from(IDS), st.sampled_from(IDS))
@settings(max_examples=60)
def test_no_permitted_move_makes_a_circle(house: Structure, unit: str, parent: str) -> None:
    if house.may_stand_in(unit, parent):
        moved = tuple(replace(one, parent=parent) if one.id == unit else one for one in house.units)
        assert parent not in house.below(unit)
        assert unit in Structure(moved).below(parent)


def test_who_sits_there_on_a_day() -> None:
    assert HOUSE.people("1", "2026-01-01") == ("an", "binh")
    assert HOUSE.people("2", "2031-01-01") == ("an",)
    assert HOUSE.people("2", "2030-05-31") == ("an", "binh")
    assert HOUSE.people("3", "2026-01-01") == ()


def test_a_unit_may_always_be_put_at_the_top() -> None:
    assert HOUSE.may_stand_in("4", None)


def test_a_unit_is_not_put_too_deep() -> None:
    deep = Structure(tuple(Unit(str(n), str(n - 1) if n else None, UnitKind.UNIT, str(n)) for n in range(12)))
    assert not deep.may_stand_in("new", "11")
    assert deep.may_stand_in("new", "10")
    assert not deep.may_stand_in("0", "11")
