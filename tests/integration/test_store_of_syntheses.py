"""Groups of opinions, their answers and links in every store."""

from __future__ import annotations

from dataclasses import replace

from duthao.domain.anchors import Spot, Stretch
from duthao.domain.document import CharOffset, ProvisionId
from duthao.domain.synthesis.chain import Changed, Link, What
from duthao.domain.synthesis.groups import Answer, Change, Group, Piece, Stance
from duthao.store.ports import Store
from duthao.store.synthesis import Declined
from tests.support.stores import AN, BINH, DRAFT, OTHER

LATE = 2**41
MADE = Stretch(Spot(ProvisionId("p1"), 2), "Bổ sung “đ”", CharOffset(3), CharOffset(7), 2)
LINK = Link("l1", Changed(ProvisionId("p1"), What.REWORDED, "dieu:1", "a", "Bổ sung “đ”"), 3, LATE, MADE)


def group(id_: str, *opinions: str) -> Group:
    return Group(id_, DRAFT, opinions, LATE)


def test_groups_come_back_as_they_were(populated: Store) -> None:
    door = populated.syntheses
    removal = Link("l2", Changed(ProvisionId("p2"), What.REMOVED, "dieu:2", "Cũ", ""), 3, 9, None)
    answer = Answer(Stance.PARTLY, "Tiếp thu\nmột phần", BINH, LATE, LATE + 7)
    one = replace(group("g", "b", "a"), responsible=AN, answer=answer, links=(removal, LINK))
    assert door.keep(DRAFT, Change((one, group("h", "c"))))
    first, second = replace(one, edition=1), replace(group("h", "c"), edition=1)
    assert list(door.groups(DRAFT)) == [first, second]
    assert list(door.groups(OTHER)) == []
    door.hold(DRAFT, {"l1": (MADE, replace(MADE, times=1)), "nobody": ()})
    held = replace(LINK, held=(MADE, replace(MADE, times=1)))
    assert door.groups(DRAFT)[0].links == (removal, held)
    assert door.keep(DRAFT, Change((replace(first, answer=None, responsible=None, links=()),)))
    assert door.groups(DRAFT)[0] == replace(group("g", "b", "a"), edition=2)


def test_who_was_quicker_is_respected(populated: Store) -> None:
    door = populated.syntheses
    assert door.keep(DRAFT, Change((group("g", "a", "b"), group("h", "c"))))
    there = list(door.groups(DRAFT))
    taken = group("i", "d", "b")
    late = replace(there[0], edition=2)
    for change in (
        Change((group("j", "e"), taken)),
        Change((late,)),
        Change((group("g", "e"),)),
        Change((group("j", "e"),), (("h", 2),)),
        Change(gone=(("nobody", 1),)),
    ):
        assert not door.keep(DRAFT, change)
        assert list(door.groups(DRAFT)) == there
    whole = replace(there[0], opinions=("a", "b", "c"))
    assert door.keep(DRAFT, Change((whole,), (("h", 1),)))
    assert list(door.groups(DRAFT)) == [replace(whole, edition=2)]
    # Opinions may change places between two groups in one go.
    assert door.keep(DRAFT, Change((replace(whole, edition=2, opinions=("a",)), group("k", "c", "b"))))
    assert [one.opinions for one in door.groups(DRAFT)] == [("a",), ("c", "b")]


def test_pieces_stand_in_their_order_until_their_opinion_is_whole(populated: Store) -> None:
    door = populated.syntheses
    first, second = Piece("o", "o", "Bỏ khoản 3.", "x", None), Piece("a", "o", "Thêm\nđiểm", "", "p1")
    other = Piece("m", "m", "Sửa", "", "p2")
    assert door.keep(DRAFT, Change(pieces={"o": (first, second), "m": (other,)}))
    assert list(door.pieces(DRAFT)) == [other, first, second]
    assert door.keep(DRAFT, Change(pieces={"o": (second, first)}))
    assert list(door.pieces(DRAFT)) == [other, second, first]
    assert door.keep(DRAFT, Change(pieces={"o": ()}))
    assert list(door.pieces(DRAFT)) == [other]
    assert list(door.pieces(OTHER)) == []


def test_what_was_declined_is_kept(populated: Store) -> None:
    door = populated.syntheses
    one = Declined("d", DRAFT, ("a", "b"), BINH, LATE)
    door.decline(one)
    door.decline(replace(one, id="c", at=LATE + 1))
    assert list(door.declined(DRAFT)) == [one, replace(one, id="c", at=LATE + 1)]
    assert list(door.declined(OTHER)) == []
