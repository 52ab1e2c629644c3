"""Joining two changes to one provision: what a drafter would expect of real sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.document import CharOffset, Mark, MarkKind
from duthao.domain.merge import Hunk, Sort, carried, hunks, merge, part_of

BASE = "Ban Thường vụ họp thường kỳ mỗi tháng một lần; họp bất thường khi cần."


def conflicts(base: str, theirs: str, ours: str) -> list[tuple[str, str, str]]:
    return [(one.base, one.theirs, one.ours) for one in merge(base, theirs, ours).conflicts]


def test_changes_in_two_places_are_both_made() -> None:
    theirs = BASE.replace("một lần", "hai lần")
    ours = BASE.replace("Ban Thường vụ", "Ban Thường vụ Tỉnh ủy")
    found = merge(BASE, theirs, ours)
    assert found.is_clean
    assert found.text() == "Ban Thường vụ Tỉnh ủy họp thường kỳ mỗi tháng hai lần; họp bất thường khi cần."


def test_one_word_changed_by_both_is_a_conflict_with_all_three_wordings() -> None:
    theirs, ours = BASE.replace("tháng", "quý"), BASE.replace("tháng", "tuần")
    assert conflicts(BASE, theirs, ours) == [(" tháng", " quý", " tuần")]
    assert merge(BASE, theirs, ours).text("theirs") == theirs
    assert merge(BASE, theirs, ours).text("ours") == ours


@pytest.mark.parametrize(
    ("base", "theirs", "ours"),
    [
        # The halves of one word: "nhiệm vụ" must not become "công kỳ".
        ("giao nhiệm vụ cụ thể", "giao nhiệm kỳ cụ thể", "giao công vụ cụ thể"),
        # A word put where the other took one away, and two words put at one place.
        ("các cơ quan tham mưu giúp việc", "các cơ quan giúp việc", "các cơ quan tham mưu và giúp việc"),
        ("họp mỗi tháng", "họp định kỳ mỗi tháng", "họp thường lệ mỗi tháng"),
        # What one deletes the other has changed.
        (f"{BASE} Thư ký ghi biên bản.", BASE, f"{BASE} Thư ký ghi và lưu biên bản."),
        # A number, a date, a reference is one word.
        ("trong 05 ngày làm việc", "trong 07 ngày làm việc", "trong 05 ngày"),
        ("trước ngày 03/02/2025 phải", "trước ngày 05/02/2025 phải", "trước ngày 03/03/2025 phải"),
        ("theo khoản 2 Điều 5 Quy chế", "theo khoản 3 Điều 5 Quy chế", "theo khoản 2 Điều 6 Quy chế"),
    ],
)
def test_what_cannot_be_joined_is_shown(base: str, theirs: str, ours: str) -> None:
    found = merge(base, theirs, ours)
    assert len(found.conflicts) == 1
    assert "".join(piece.theirs for piece in found.pieces) == theirs
    assert "".join(piece.ours for piece in found.pieces) == ours


def test_the_same_change_within_other_changes_happens_once() -> None:
    theirs = BASE.replace("mỗi tháng", "mỗi quý")
    ours = BASE.replace("mỗi tháng", "mỗi quý").replace("khi cần", "khi có yêu cầu")
    assert merge(BASE, theirs, ours).text() == ours
    assert [piece.sort for piece in merge(BASE, theirs, ours).pieces if piece.sort is not Sort.KEPT] == [
        Sort.BOTH,
        Sort.OURS,
    ]


def test_what_was_inserted_where_it_may_stand_in_two_places_is_not_inserted_twice() -> None:
    base = "cơ quan, đơn vị và tổ chức"
    theirs = "cơ quan, đơn vị, đơn vị và tổ chức"
    assert merge(base, theirs, f"{theirs} liên quan").text() == f"{theirs} liên quan"
    assert merge(base, theirs, f"Các {theirs}").text() == f"Các {theirs}"


@pytest.mark.parametrize(
    ("base", "theirs", "ours", "joined"),
    [
        ("một hai ba bốn", "một ba bốn", "một hai bốn", "một bốn"),
        ("một hai ba bốn", "hai ba bốn", "một ba bốn", "ba bốn"),
        ("một hai ba bốn", "một hai ba", "một hai bốn", "một hai"),
        ("một, hai, ba", "một, ba", "một, hai", "một"),
        ("hai ba", "ba", "hai", ""),
        ("một (hai)", "một(hai)", "một hai)", "một hai)"),
    ],
)
def test_two_deletions_are_both_made_and_leave_no_stray_space(
    base: str, theirs: str, ours: str, joined: str
) -> None:
    found = merge(base, theirs, ours)
    assert (found.is_clean, found.text()) == (True, joined)


@pytest.mark.parametrize(
    ("theirs", "ours", "disputed"),
    [
        (("tháng một lần", "quý một phiên"), ("tháng", "tuần"),
         (" tháng một lần", " quý một phiên", " tuần một lần")),
        (("tháng một lần;", "quý một lần,"), ("tháng", "tuần"),
         (" tháng một lần;", " quý một lần,", " tuần một lần;")),
        (("tháng", "quý"), ("thường kỳ mỗi tháng", "định kỳ mỗi tuần"),
         (" thường kỳ mỗi tháng", " thường kỳ mỗi quý", " định kỳ mỗi tuần")),
        (("Ban Thường vụ", "Phòng Thường trực"), ("Ban", "Sở"),
         ("Ban Thường vụ", "Phòng Thường trực", "Sở Thường vụ")),
    ],
)  # fmt: skip
def test_a_conflict_takes_in_the_change_one_or_two_words_beside_it(
    theirs: tuple[str, str], ours: tuple[str, str], disputed: tuple[str, str, str]
) -> None:
    assert conflicts(BASE, BASE.replace(*theirs), BASE.replace(*ours)) == [disputed]


def test_a_change_three_words_beside_a_conflict_is_decided_by_itself() -> None:
    found = merge(BASE, BASE.replace("tháng một lần; họp", "quý một lần; đi"), BASE.replace("tháng", "tuần"))
    sorts = [piece.sort for piece in found.pieces]
    assert sorts == [Sort.KEPT, Sort.CONFLICT, Sort.KEPT, Sort.THEIRS, Sort.KEPT]
    assert [piece.base for piece in found.pieces][1:4:2] == [" tháng", " họp"]


@pytest.mark.parametrize(
    ("before", "after", "made"),
    [
        ("một một", "một một một", Hunk(3, 3, " một")),
        ("một một một", "một một", Hunk(3, 7, "")),
        ("x một hai một hai y", "x một hai một hai một hai y", Hunk(1, 1, " một hai")),
        ("x một hai một hai y", "x một hai y", Hunk(1, 9, "")),
        ("Họp quý, báo cáo, báo cáo.", "Họp quý, báo cáo, báo cáo, báo cáo.", Hunk(7, 7, ", báo cáo")),
    ],
)
def test_what_may_stand_in_several_places_stands_in_the_first(before: str, after: str, made: Hunk) -> None:
    assert hunks(before, after) == (made,)


def test_a_text_written_anew_is_one_change() -> None:
    assert hunks("Giao Văn phòng chủ trì.", "Các đồng chí ủy viên chịu trách nhiệm thi hành nghị quyết") == (
        hunks("Giao Văn phòng chủ trì.", "Các đồng chí ủy viên chịu trách nhiệm thi hành nghị quyết")[0],
    )


def test_formats_follow_their_words() -> None:
    bold = (Mark(MarkKind.BOLD, CharOffset(4), CharOffset(13)),)  # "Thường vụ"
    assert carried(bold, BASE, f"Nay {BASE}") == (Mark(MarkKind.BOLD, CharOffset(8), CharOffset(17)),)
    inside = carried(bold, BASE, BASE.replace("Thường vụ", "Thường trực vụ"))
    assert inside == (Mark(MarkKind.BOLD, CharOffset(4), CharOffset(18)),)
    behind = carried(bold, BASE, BASE.replace("vụ", "vụ Tỉnh ủy"))
    assert behind == bold
    instead = carried(bold, BASE, BASE.replace("Thường vụ", "Chấp hành"))
    assert instead == bold


def test_who_changed_a_proposal_gets_no_credit_for_it_and_it_none_for_the_change() -> None:
    live = "Ban họp mỗi tháng một lần tại trụ sở."
    merged = "Ban họp mỗi quý một lần tại trụ sở cơ quan."
    final = "Thường trực Ban họp mỗi quý một lần tại trụ sở."
    assert part_of(live, merged, final) == "Ban họp mỗi quý một lần tại trụ sở."


def test_what_is_put_behind_the_first_letter_of_a_format_has_it() -> None:
    bold = Mark(MarkKind.BOLD, CharOffset(2), CharOffset(5))
    assert carried((bold,), "a b c", "a b x c") == (Mark(MarkKind.BOLD, CharOffset(2), CharOffset(7)),)
    assert carried((bold,), "a b c", "a x b c") == (Mark(MarkKind.BOLD, CharOffset(4), CharOffset(7)),)


def test_what_is_put_behind_a_first_word_of_one_letter_has_its_format() -> None:
    bold = Mark(MarkKind.BOLD, CharOffset(0), CharOffset(3))
    for after in ("a x c", "a, c"):
        assert carried((bold,), "a c", after) == (replace(bold, end=CharOffset(len(after))),)


def test_a_word_and_the_space_beside_it_that_change_are_one_hunk() -> None:
    assert hunks("một hai  ba bốn năm sáu", "một x ba bốn năm sáu") == (Hunk(3, 9, " x "),)
    assert hunks("một ba bốn năm sáu", "một hai  ba bốn năm sáu") == (Hunk(3, 4, " hai  "),)
