"""The hard cases of comparing two texts of a regulation, each under its name.

Structure and identity; words, many hands and scale are in test_compare_hard_texts.py, tables in
test_compare_hard_tables.py. The two texts are imported files, without ids in common, save where a
case is about ids.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.guard import structural_changes
from duthao.domain.compare.result import Comparison, RowClass
from duthao.domain.compare.table_builder import TableOptions, build_table
from duthao.domain.document import Document, NumberingPolicy, Provision
from tests.support.comparing import (
    AREAS,
    CHECKS,
    COMPLAINTS,
    FILES,
    INSPECTION,
    MINUTES,
    NEWS,
    PAPERS,
    PLAN,
    PRESS,
    PRINCIPLE,
    RULES,
    SEVEN,
    STAFF,
    WORK,
    Change,
    articles,
    changes,
    classes,
    compared,
    drawn_rows,
    duties,
)
from tests.support.texts import appendix, art, ch, cl, doc, para, pt, sec

Titled = tuple[str, ...]


def kept(*provisions: Provision) -> Document:
    """A text whose numbers stay as they are (5a, gaps)."""
    return doc(*provisions, policy=NumberingPolicy.KEEP)


def chapters(*titled: tuple[str, tuple[Titled, ...]]) -> Document:
    return doc(*(p for title, inside in titled for p in (ch(None, title), *articles(*inside).provisions)))


def renumbered(old: str, new: str) -> Change:
    return "renumbered", [old], [new]


# --- structure: numbers that follow ---------------------------------------------------------------


def test_an_article_at_the_front_renumbers_all_and_amends_none() -> None:
    assert changes(compared(RULES, articles(PRINCIPLE, WORK, INSPECTION, NEWS))) == [
        ("added", [], ["dieu:1"]),
        ("added", [], ["dieu:1/khoan:1"]),
        renumbered("dieu:1", "dieu:2"),
        renumbered("dieu:2", "dieu:3"),
        renumbered("dieu:3", "dieu:4"),
    ]


def test_an_inserted_5a_renumbers_nothing() -> None:
    before = kept(art("Họp", "5"), cl(AREAS, "1"), art("Hồ sơ", "6"), cl(CHECKS, "1"))
    after = kept(
        *before.provisions[:2], art("Tuyên truyền", "5a"), cl(PRESS, "1"), *before.provisions[2:]
    )  # fmt: skip
    assert changes(compared(before, after)) == [
        ("added", [], ["dieu:5a"]),
        ("added", [], ["dieu:5a/khoan:1"]),
    ]


def test_a_deleted_article_stands_where_it_stood_and_the_rest_closes_up() -> None:
    assert changes(compared(RULES, articles(WORK, NEWS))) == [
        ("repealed", ["dieu:2"], []),
        ("repealed", ["dieu:2/khoan:1"], []),
        ("repealed", ["dieu:2/khoan:2"], []),
        renumbered("dieu:3", "dieu:2"),
    ]


def test_a_repealed_clause_may_leave_a_gap() -> None:
    before = kept(art("Họp", "1"), cl(AREAS, "1"), cl(CHECKS, "2"), cl(STAFF, "3"))
    after = kept(art("Họp", "1"), cl(AREAS, "1"), cl(STAFF, "3"))
    assert changes(compared(before, after)) == [("repealed", ["dieu:1/khoan:2"], [])]


def test_a_repealed_clause_may_leave_its_number_and_a_note() -> None:
    before = kept(art("Họp", "1"), cl(AREAS, "1"), cl(CHECKS, "2"), cl(STAFF, "3"))
    after = kept(art("Họp", "1"), cl(AREAS, "1"), cl("(được bãi bỏ)", "2"), cl(STAFF, "3"))
    assert changes(compared(before, after)) == [("repealed", ["dieu:1/khoan:2"], ["dieu:1/khoan:2"])]


def test_a_repealed_article_may_leave_its_number_and_a_note() -> None:
    before = kept(
        art("Họp", "1"), cl(AREAS, "1"), art("Hồ sơ", "2"), cl(CHECKS, "1"), art("Tin", "3"), cl(PRESS)
    )
    after = kept(art("Họp", "1"), cl(AREAS, "1"), art("(được bãi bỏ)", "2"), art("Tin", "3"), cl(PRESS))
    assert changes(compared(before, after)) == [
        ("repealed", ["dieu:2"], ["dieu:2"]),
        ("repealed", ["dieu:2/khoan:1"], []),
    ]


def test_letters_shift_across_đ() -> None:
    found = changes(compared(duties(*SEVEN), duties(*SEVEN[:3], MINUTES, *SEVEN[3:])))
    at = "dieu:1/khoan:1/diem:"
    assert found == [
        ("added", [], [f"{at}d"]),
        *(renumbered(at + old, at + new) for old, new in zip("dđeg", "đegh", strict=True)),
    ]


def test_ten_points_inserted_at_once() -> None:
    topics = (
        "đất đai, tài chính, y tế, giáo dục, giao thông, thủy lợi, thể thao, lưu trữ, công nghệ, ngoại giao"
    )
    ten = [f"Công tác {topic};" for topic in topics.split(", ")]
    found = changes(compared(duties(*SEVEN), duties(*SEVEN[:3], *ten, *SEVEN[3:])))
    at = "dieu:1/khoan:1/diem:"
    assert found == [
        *(("added", [], [at + letter]) for letter in "dđeghiklmn"),
        *(renumbered(at + old, at + new) for old, new in zip("dđeg", "opqr", strict=True)),
    ]


def test_a_number_only_is_renumbered() -> None:
    before, after = kept(art("Họp", "5"), cl(AREAS, "1")), kept(art("Họp", "6"), cl(AREAS, "1"))
    assert changes(compared(before, after)) == [renumbered("dieu:5", "dieu:6")]


def test_the_style_of_a_label_is_not_a_change_of_the_text() -> None:
    before = kept(art("Họp", "1"), cl("Gồm:", "1"), pt(AREAS, "a"), pt(CHECKS, "b"))
    after = kept(art("Họp", "1"), cl("Gồm:", "1"), pt(AREAS, "A"), pt(CHECKS, "B"))
    assert changes(compared(before, after)) == []


def test_a_number_written_otherwise_is_a_quiet_class_of_its_own() -> None:
    arabic = kept(ch("1", "Chung"), art("Họp", "1"), cl(AREAS, "1"))
    roman = kept(ch("I", "Chung"), art("Họp", "1"), cl(AREAS, "1"))
    found = compared(roman, arabic)
    assert changes(found) == [("label_style", ["chuong:I"], ["chuong:1"])]
    assert structural_changes(found) == ()
    assert changes(compared(roman, kept(ch("II", "Chung"), *roman.provisions[1:]))) == [
        ("renumbered", ["chuong:I"], ["chuong:II"])
    ]


@pytest.mark.parametrize(
    ("clause", "point"), [("1)", "(a)"), ("(1)", "a/"), ("1/", "A)"), ("1:", "a -"), ("1 )", "(a).")]
)
def test_a_label_that_is_read_as_words_is_the_same_number_written_otherwise(clause: str, point: str) -> None:
    before = doc(art("Họp"), cl(f"{AREAS[:-1]}:"), pt(CHECKS), pt(STAFF), cl(PLAN))
    after = doc(art("Họp"), para(f"{clause} {AREAS[:-1]}:"), para(f"{point} {CHECKS}"), pt(STAFF), cl(PLAN))
    for one, other in ((before, after), (after, before)):
        found = {row.row_class.value: row for row in compared(one, other).rows}
        words = [row for row in compared(one, other).rows if row.row_class is RowClass.LABEL_STYLE]
        assert [(len(r.before), len(r.after), r.level_changed) for r in words] == [(1, 1, False)] * len(words)
        assert len(words) == 2, found


def test_another_number_or_other_words_are_no_style() -> None:
    before = doc(art("Họp"), cl(AREAS), cl(PLAN))
    for words in (f"2) {AREAS}", f"1) {AREAS[:-1]} và khu phố.", f"1 {AREAS}"):
        found = compared(before, doc(art("Họp"), para(words), cl(PLAN)))
        assert "label_style" not in classes(found)
    once, twice = doc(art("Họp"), cl(AREAS)), doc(art("Họp"), cl(f"1. {AREAS}"))
    for pair in ((once, twice), (twice, once)):
        assert classes(compared(*pair)) == {"unchanged": 1, "amended": 1}


def test_a_style_of_numbers_is_left_out_of_the_table_counted_and_shown_on_wish() -> None:
    before, after = doc(art("Họp"), cl(PLAN), cl(AREAS)), doc(art("Họp"), cl(PLAN), para(f"2) {AREAS}"))
    found = compare(before, after)
    quiet = build_table(found, before, after)
    assert (quiet.rows, quiet.left_out) == ((), ((RowClass.LABEL_STYLE, 1),))
    assert quiet.statistics.articles_changed == 0
    shown = build_table(found, before, after, options=TableOptions(renumbered=True)).rows
    assert [row.row_class for row in shown] == [RowClass.LABEL_STYLE]


def test_a_reference_that_follows_its_article_is_a_reference_only() -> None:
    cites = ("Hồ sơ", "Hồ sơ lập theo quy định tại khoản 2 Điều 1 của Quy chế này.", PAPERS)
    follows = (cites[0], cites[1].replace("Điều 1", "Điều 2"), PAPERS)
    found = changes(compared(articles(WORK, cites), articles(PRINCIPLE, WORK, follows)))
    assert ("reference_only", ["dieu:2/khoan:1"], ["dieu:3/khoan:1"]) in found


def test_a_title_only() -> None:
    found = compared(RULES, articles(("Phân công công tác", AREAS, CHECKS), INSPECTION, NEWS))
    assert changes(found) == [("amended", ["dieu:1"], ["dieu:1"])]
    assert drawn_rows(found) == ["Phân công{+ công tác+}"]


def test_a_title_without_one_word_kept_is_replaced_and_holds_its_clauses() -> None:
    found = compared(RULES, articles(("Nhiệm vụ của cấp ủy", AREAS, CHECKS), INSPECTION, NEWS))
    assert changes(found) == [("replaced", ["dieu:1"], ["dieu:1"])]


def test_a_lead_in_only() -> None:
    found = compared(duties(AREAS, CHECKS), duties(AREAS, CHECKS, lead_in="Nhiệm vụ và quyền hạn gồm:"))
    assert changes(found) == [("amended", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]
    assert drawn_rows(found) == ["Nhiệm vụ{+ và quyền hạn+} gồm:"]


def test_a_lead_in_written_anew_keeps_its_points() -> None:
    found = compared(
        duties(AREAS, CHECKS), duties(AREAS, CHECKS, lead_in="Ban Thường vụ làm các việc sau đây:")
    )
    assert changes(found) == [("replaced", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]


def test_a_closing_paragraph_stays_though_points_are_put_before_it() -> None:
    before = doc(*duties(AREAS, CHECKS).provisions, para(PAPERS))
    after = doc(*duties(AREAS, CHECKS, STAFF).provisions, para(PAPERS))
    assert changes(compared(before, after)) == [("added", [], ["dieu:1/khoan:1/diem:c"])]


def test_a_closing_paragraph_is_amended_like_any_provision() -> None:
    before = doc(*duties(AREAS, CHECKS).provisions, para(PAPERS))
    found = compared(before, doc(*before.provisions[:-1], para(PAPERS.replace("ba ngày", "năm ngày"))))
    assert classes(found)["amended"] == 1
    assert drawn_rows(found) == [PAPERS.replace("ba ngày", "[-ba-]{+năm+} ngày")]


# --- structure: moves -----------------------------------------------------------------------------


def test_a_clause_moved_to_another_article() -> None:
    after = articles(("Phân công", AREAS), INSPECTION, ("Tuyên truyền", PRESS, CHECKS, PLAN))
    assert changes(compared(RULES, after)) == [
        ("moved", ["dieu:1/khoan:2"], ["dieu:3/khoan:2"]),
        renumbered("dieu:3/khoan:2", "dieu:3/khoan:3"),
    ]


def test_a_clause_moved_to_another_article_and_edited() -> None:
    edited = CHECKS.replace("sáu tháng", "mỗi quý")
    after = articles(("Phân công", AREAS), INSPECTION, ("Tuyên truyền", PRESS, edited, PLAN))
    found = compared(RULES, after)
    assert changes(found)[0] == ("moved_amended", ["dieu:1/khoan:2"], ["dieu:3/khoan:2"])
    assert drawn_rows(found) == [CHECKS.replace("sáu tháng", "[-sáu tháng-]{+mỗi quý+}")]


@pytest.mark.parametrize(
    ("text", "kind"), [(STAFF, "moved"), (STAFF.replace("trình", "gửi"), "moved_amended")]
)
def test_a_clause_moved_to_the_front_of_its_article(text: str, kind: str) -> None:
    found = changes(compared(articles(("X", *SEVEN[:4])), articles(("X", text, *SEVEN[:3]))))
    assert found == [
        (kind, ["dieu:1/khoan:4"], ["dieu:1/khoan:1"]),
        *(renumbered(f"dieu:1/khoan:{n}", f"dieu:1/khoan:{n + 1}") for n in (1, 2, 3)),
    ]


def test_neighbouring_points_swapped_make_one_move() -> None:
    found = compared(duties(AREAS, CHECKS, STAFF), duties(CHECKS, AREAS, STAFF))
    assert classes(found) == {"unchanged": 3, "moved": 1, "renumbered": 1}


def test_neighbouring_articles_swapped_make_one_move() -> None:
    found = compared(RULES, articles(INSPECTION, WORK, NEWS))
    assert classes(found) == {"unchanged": 7, "moved": 1, "renumbered": 1}


def test_an_article_moved_whole_is_one_move() -> None:
    assert changes(compared(RULES, articles(NEWS, WORK, INSPECTION))) == [
        ("moved", ["dieu:3"], ["dieu:1"]),
        renumbered("dieu:1", "dieu:2"),
        renumbered("dieu:2", "dieu:3"),
    ]


def test_an_article_moved_with_one_clause_edited_is_one_move_and_one_amendment() -> None:
    found = changes(compared(RULES, articles((*NEWS[:2], PLAN.replace("quý", "tháng")), WORK, INSPECTION)))
    assert found[:2] == [
        ("moved", ["dieu:3"], ["dieu:1"]),
        ("amended", ["dieu:3/khoan:2"], ["dieu:1/khoan:2"]),
    ]


ORGANISATION = ("TỔ CHỨC", (WORK, INSPECTION))
INFORMATION = ("THÔNG TIN", (NEWS, FILES))
PEOPLE = ("Nhân sự", "Cấp ủy quyết định nhân sự bằng phiếu kín.", "Kết quả được công bố ngay tại hội nghị.")
MONEY = ("Kinh phí", "Dự toán được lập trước ngày 15 tháng 12.", "Quyết toán được công khai hằng năm.")
MEANS = ("BẢO ĐẢM", (PEOPLE, MONEY))


def test_a_chapter_moved_is_told_once_and_its_articles_follow() -> None:
    found = changes(
        compared(chapters(ORGANISATION, INFORMATION, MEANS), chapters(MEANS, ORGANISATION, INFORMATION))
    )
    assert [change for change in found if change[0] != "renumbered"] == [
        ("moved", ["chuong:III"], ["chuong:I"])
    ]


def test_sections_of_a_moved_chapter_follow_it() -> None:
    inside = [
        sec(None, "PHÂN CÔNG"),
        *articles(WORK).provisions,
        sec(None, "TIN"),
        *articles(NEWS).provisions,
    ]
    other = chapters(MEANS).provisions
    before, after = doc(ch(None, "TỔ CHỨC"), *inside, *other), doc(*other, ch(None, "TỔ CHỨC"), *inside)
    found = [change for change in changes(compared(before, after)) if change[0] != "renumbered"]
    assert found in ([("moved", ["chuong:II"], ["chuong:I"])], [("moved", ["chuong:I"], ["chuong:II"])])


def test_an_article_that_leaves_a_chapter_that_moves_is_told_beside_it() -> None:
    after = chapters((MEANS[0], (PEOPLE,)), ORGANISATION, (INFORMATION[0], (NEWS, FILES, MONEY)))
    found = changes(compared(chapters(ORGANISATION, INFORMATION, MEANS), after))
    assert [change for change in found if change[0] != "renumbered"] == [
        ("moved", ["chuong:III"], ["chuong:I"]),
        ("moved", ["dieu:6"], ["dieu:6"]),
    ]


def test_an_article_that_goes_to_the_next_chapter_moved_though_its_number_stays() -> None:
    after = chapters(("TỔ CHỨC", (WORK,)), ("THÔNG TIN", (INSPECTION, NEWS, FILES)))
    found = changes(compared(chapters(ORGANISATION, INFORMATION), after))
    assert found == [("moved", ["dieu:2"], ["dieu:2"])]


def test_text_moved_to_an_annex() -> None:
    after = doc(
        *articles(("Phân công", AREAS), INSPECTION, NEWS).provisions, appendix("DANH MỤC"), para(CHECKS)
    )
    assert changes(compared(RULES, after)) == [
        ("added", [], ["phuluc"]),
        ("moved", ["dieu:1/khoan:2"], ["phuluc/doan:1"]),
    ]


def test_a_new_section_around_unchanged_articles_moves_nothing() -> None:
    before = chapters(("TỔ CHỨC", (WORK, INSPECTION, NEWS)))
    head, *inside = before.provisions
    after = doc(head, sec(None, "PHÂN CÔNG"), *inside[:3], sec(None, "CÔNG TÁC KHÁC"), *inside[3:])
    added = [("added", [], ["chuong:I/muc:1"]), ("added", [], ["chuong:I/muc:2"])]
    assert changes(compared(before, after)) == added
    assert [change for change, _, _ in changes(compared(after, before))] == ["repealed", "repealed"]


def test_new_chapters_hide_no_article_that_moved() -> None:
    found = changes(compared(RULES, chapters(("CHUNG", (INSPECTION, WORK)), ("RIÊNG", (NEWS,)))))
    assert [change for change, _, _ in found].count("moved") == 1


def test_a_chapter_taken_away_hides_no_article_that_moved() -> None:
    before = chapters(("TỔ CHỨC", (WORK, INSPECTION)), ("THÔNG TIN", (NEWS, FILES)))
    after = chapters(("TỔ CHỨC", (WORK, INSPECTION, FILES, NEWS)))
    for pair in ((before, after), (after, before)):
        assert classes(compared(*pair))["moved"] == 1


# --- structure: split, merged, another level ------------------------------------------------------


def test_an_article_split_in_two() -> None:
    before = articles(("Phân công và kiểm tra", AREAS, CHECKS, COMPLAINTS, STAFF), NEWS)
    found = changes(compared(before, RULES))
    assert found == [
        ("split", ["dieu:1"], ["dieu:1", "dieu:2"]),
        renumbered("dieu:1/khoan:3", "dieu:2/khoan:1"),
        renumbered("dieu:1/khoan:4", "dieu:2/khoan:2"),
        renumbered("dieu:2", "dieu:3"),
    ]


def test_two_articles_merged() -> None:
    after = articles(("Phân công và kiểm tra", AREAS, CHECKS, COMPLAINTS, STAFF), NEWS)
    assert changes(compared(RULES, after)) == [
        ("merged", ["dieu:1", "dieu:2"], ["dieu:1"]),
        renumbered("dieu:2/khoan:1", "dieu:1/khoan:3"),
        renumbered("dieu:2/khoan:2", "dieu:1/khoan:4"),
        renumbered("dieu:3", "dieu:2"),
    ]


THREE = (
    "Bí thư chủ trì phiên họp và kết luận từng nội dung",
    "Phó Bí thư thay mặt khi được ủy quyền",
    "Chánh Văn phòng ghi biên bản và lưu hồ sơ",
)


def test_a_clause_split_in_three_and_three_merged() -> None:
    whole = articles(("Họp", "; ".join(THREE) + ".", AREAS))
    parts = articles(("Họp", *(f"{part}." for part in THREE), AREAS))
    places = [f"dieu:1/khoan:{n}" for n in (1, 2, 3)]
    assert changes(compared(whole, parts)) == [
        ("split", ["dieu:1/khoan:1"], places), renumbered("dieu:1/khoan:2", "dieu:1/khoan:4"),
    ]  # fmt: skip
    assert changes(compared(parts, whole)) == [
        ("merged", places, ["dieu:1/khoan:1"]), renumbered("dieu:1/khoan:4", "dieu:1/khoan:2"),
    ]  # fmt: skip


def test_points_folded_into_the_sentence_above_and_a_sentence_laid_out_in_points() -> None:
    points = ("Chuẩn bị chương trình công tác;", "Ghi biên bản phiên họp;", "Lưu giữ hồ sơ, tài liệu.")
    lead_in = "Nhiệm vụ của Văn phòng gồm:"
    told = f"{lead_in} chuẩn bị chương trình công tác, ghi biên bản phiên họp, lưu giữ hồ sơ, tài liệu."
    listed, folded = duties(*points, lead_in=lead_in), duties(lead_in=told)
    clause = "dieu:1/khoan:1"
    places = [clause, *(f"{clause}/diem:{letter}" for letter in "abc")]
    assert changes(compared(listed, folded)) == [("merged", places, [clause])]
    assert changes(compared(folded, listed)) == [("split", [clause], places)]


def levels(comparison: Comparison) -> list[Change]:
    return [
        (row.row_class.value, [u.path for u in row.before], [u.path for u in row.after])
        for row in comparison.rows
        if row.level_changed
    ]


@pytest.mark.parametrize(
    ("text", "kind"), [(CHECKS, "moved"), (CHECKS.replace("sáu tháng", "mỗi quý"), "moved_amended")]
)
def test_a_clause_promoted_to_an_article_without_a_title(text: str, kind: str) -> None:
    after = doc(art("Phân công"), cl(AREAS), art(text), *articles(INSPECTION).provisions)
    before = articles(WORK, INSPECTION)
    assert levels(compared(before, after)) == [(kind, ["dieu:1/khoan:2"], ["dieu:2"])]
    assert levels(compared(after, before)) == [(kind, ["dieu:2"], ["dieu:1/khoan:2"])]
    assert changes(compared(before, after))[1:] == [renumbered("dieu:2", "dieu:3")]


def test_a_clause_promoted_takes_its_points_along_as_clauses() -> None:
    before = doc(*articles(("Phân công", AREAS, CHECKS)).provisions, pt(COMPLAINTS), pt(STAFF))
    after = doc(art("Phân công"), cl(AREAS), art(CHECKS), cl(COMPLAINTS), cl(STAFF))
    at = "dieu:1/khoan:2"
    assert changes(compared(before, after)) == [
        ("moved", [at], ["dieu:2"]),
        renumbered(f"{at}/diem:a", "dieu:2/khoan:1"),
        renumbered(f"{at}/diem:b", "dieu:2/khoan:2"),
    ]


def test_a_clause_promoted_under_a_new_title_moved() -> None:
    after = articles(("Phân công", AREAS), ("Chấp hành nghị quyết", CHECKS), INSPECTION, NEWS)
    found = [change for change in changes(compared(RULES, after)) if change[0] != "renumbered"]
    assert found == [("added", [], ["dieu:2"]), ("moved", ["dieu:1/khoan:2"], ["dieu:2/khoan:1"])]


def test_points_made_clauses_change_their_level_only() -> None:
    before, after = duties(AREAS, CHECKS, STAFF), articles(("Nhiệm vụ", AREAS, CHECKS, STAFF))
    found = compared(before, after)
    pairs = zip("abc", (1, 2, 3), strict=True)
    expected = [renumbered(f"dieu:1/khoan:1/diem:{letter}", f"dieu:1/khoan:{n}") for letter, n in pairs]
    assert changes(found) == [("repealed", ["dieu:1/khoan:1"], []), *expected]
    assert levels(found) == expected


def test_a_paragraph_that_is_given_a_number() -> None:
    before, after = doc(art("Hồ sơ"), cl(AREAS), para(PAPERS)), articles(("Hồ sơ", AREAS, PAPERS))
    assert levels(compared(before, after)) == [renumbered("dieu:1/khoan:1/doan:1", "dieu:1/khoan:2")]


# --- structure: what is alike ---------------------------------------------------------------------

BOILERPLATE = "Quy định này có hiệu lực kể từ ngày ký."


def test_boilerplate_taken_from_one_article_or_put_into_it_moves_nowhere() -> None:
    full = articles(
        ("Phân công", AREAS, BOILERPLATE), ("Kiểm tra", STAFF, BOILERPLATE), ("Tin", PRESS, BOILERPLATE)
    )
    less = articles(("Phân công", AREAS, BOILERPLATE), ("Kiểm tra", STAFF), ("Tin", PRESS, BOILERPLATE))
    assert changes(compared(full, less)) == [("repealed", ["dieu:2/khoan:2"], [])]
    assert changes(compared(less, full)) == [("added", [], ["dieu:2/khoan:2"])]


def cell_rules(name: str, times: str = "một lần") -> Titled:
    return (
        f"Trách nhiệm của chi bộ {name}",
        f"Chi bộ {name} họp mỗi tháng {times} vào ngày mồng ba.",
        f"Chi bộ {name} báo cáo Đảng ủy trước ngày hai mươi.",
    )


NAMES = ("một", "hai", "ba", "bốn", "năm", "sáu")


def test_near_identical_articles_shift_together() -> None:
    found = changes(compared(articles(*map(cell_rules, NAMES)), articles(*map(cell_rules, ("mới", *NAMES)))))
    assert found == [
        ("added", [], ["dieu:1"]),
        ("added", [], ["dieu:1/khoan:1"]),
        ("added", [], ["dieu:1/khoan:2"]),
        *(renumbered(f"dieu:{n}", f"dieu:{n + 1}") for n in range(1, 7)),
    ]


def test_one_of_near_identical_articles_is_gone() -> None:
    found = changes(
        compared(articles(*map(cell_rules, NAMES)), articles(*map(cell_rules, NAMES[:2] + NAMES[3:])))
    )
    assert found == [
        *(("repealed", [path], []) for path in ("dieu:3", "dieu:3/khoan:1", "dieu:3/khoan:2")),
        *(renumbered(f"dieu:{n}", f"dieu:{n - 1}") for n in (4, 5, 6)),
    ]


def test_near_identical_articles_shift_and_are_all_amended() -> None:
    after = articles(*(cell_rules(name, "hai lần") for name in ("mới", *NAMES)))
    found = changes(compared(articles(*map(cell_rules, NAMES)), after))
    amended = [change for change in found if change[0] == "amended"]
    assert amended == [("amended", [f"dieu:{n}/khoan:1"], [f"dieu:{n + 1}/khoan:1"]) for n in range(1, 7)]
    assert Counter(change for change, _, _ in found) == {"added": 3, "amended": 6, "renumbered": 6}


# --- identity -------------------------------------------------------------------------------------


def identified(*clauses: tuple[str, str]) -> Document:
    """Two articles; clauses as (id, text), the last in the second article."""
    *first, last = (cl(text, id=id_) for id_, text in clauses)
    return doc(art("Phân công", id="x"), *first, art("Tài liệu", id="y"), last)


def test_retyped_with_new_ids_nothing_changed() -> None:
    assert changes(compared(RULES, RULES)) == []


def test_an_overwritten_block_that_keeps_its_id_is_not_what_it_was() -> None:
    before = identified(("a", AREAS), ("b", CHECKS), ("c", PAPERS))
    after = doc(*before.provisions, cl(AREAS, id="n"))
    after = replace(
        after, provisions=tuple(replace(p, text=PRESS) if p.id == "a" else p for p in after.provisions)
    )
    assert changes(compare(before, after)) == [
        ("added", [], ["dieu:1/khoan:1"]),
        ("moved", ["dieu:1/khoan:1"], ["dieu:2/khoan:2"]),
    ]


def test_of_two_with_one_id_the_one_with_the_words_is_it() -> None:
    before = identified(("a", AREAS), ("b", CHECKS), ("c", PAPERS))
    for first, second, added in ((AREAS, STAFF, 2), (AREAS.replace("dân cư", "thôn xóm"), AREAS, 1)):
        after = identified(("a", first), ("a", second), ("b", CHECKS), ("c", PAPERS))
        assert classes(compare(before, after)) == {
            "added": 1,
            "renumbered": 3 - added,
            "unchanged": 2 + added,
        }
        assert ("added", [], [f"dieu:1/khoan:{added}"]) in changes(compare(before, after))


def test_one_id_for_everything_says_nothing() -> None:
    before = doc(art("Họp", id="e"), cl(AREAS, id="e"), cl(CHECKS, id="e"))
    after = doc(art("Họp", id="e"), cl(CHECKS, id="e"), cl(PRESS, id="e"))
    assert changes(compare(before, after)) == [
        ("repealed", ["dieu:1/khoan:1"], []),
        renumbered("dieu:1/khoan:2", "dieu:1/khoan:1"),
        ("added", [], ["dieu:1/khoan:2"]),
    ]


def test_ids_given_by_place_do_not_pair_what_only_stands_there() -> None:
    before = identified(("1", AREAS), ("2", CHECKS), ("3", STAFF), ("4", PAPERS))
    after = identified(("1", PRESS), ("2", AREAS), ("3", CHECKS), ("4", STAFF), ("5", PAPERS))
    assert changes(compare(before, after)) == [
        ("added", [], ["dieu:1/khoan:1"]),
        *(renumbered(f"dieu:1/khoan:{n}", f"dieu:1/khoan:{n + 1}") for n in (1, 2, 3)),
    ]
