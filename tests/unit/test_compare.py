"""What a drafter sees of each kind of change. One case, one change, in the drafter's words."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from duthao.domain.compare import ComparisonFault, Overrides, compare
from duthao.domain.compare.engine import verify
from duthao.domain.compare.result import Comparison, Resting, RowClass
from duthao.domain.compare.tree import tree_of
from duthao.domain.document import CharOffset, Document, Mark, MarkKind, NumberingPolicy, Provision
from duthao.domain.outline import canonical_text
from duthao.domain.structure import parse
from duthao.formats.comparison_json import comparison_to_json
from tests.support.comparing import changes, compared, drawn
from tests.support.texts import art, ch, cl, counter, doc, para, pt, row, table

SAMPLES = Path(__file__).parent.parent / "samples" / "luat-kiem-toan-nha-nuoc"
KEPT = (RowClass.UNCHANGED, RowClass.RENUMBERED)

REGULAR = "Ban Thường vụ họp thường kỳ mỗi tháng một lần vào tuần cuối tháng."
URGENT = "Khi cần thiết, Bí thư quyết định triệu tập phiên họp bất thường của Ban Thường vụ."
MINUTES = "Văn phòng cấp ủy ghi biên bản, lưu hồ sơ và thông báo kết luận phiên họp."
BUDGET = "Thường trực xem xét dự toán kinh phí hoạt động hằng năm trước ngày 15 tháng 12."
PEOPLE = "Ủy viên vắng mặt phải báo cáo lý do với người chủ trì trước khi khai mạc."
TWO = (
    "Bí thư chủ trì phiên họp và kết luận từng nội dung; Phó Bí thư thay mặt khi được ủy quyền bằng văn bản."
)


def meeting(*clauses: Provision) -> Document:
    return doc(art("Chế độ họp"), *clauses, art("Kinh phí"), cl(BUDGET), cl(PEOPLE))


BEFORE = meeting(cl(REGULAR), cl(URGENT), cl(MINUTES))


def test_a_text_and_itself_do_not_differ() -> None:
    assert changes(compared(BEFORE, BEFORE)) == []


def test_an_amended_clause_shows_whole_syllables() -> None:
    found = compared(BEFORE, meeting(cl(REGULAR.replace("một lần", "hai lần")), cl(URGENT), cl(MINUTES)))
    assert changes(found) == [("amended", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]
    amended = next(row for row in found.rows if row.row_class is RowClass.AMENDED)
    assert drawn(amended) == ("Ban Thường vụ họp thường kỳ mỗi tháng [-một-]{+hai+} lần vào tuần cuối tháng.")


def test_an_article_put_in_the_middle_only_renumbers_what_follows() -> None:
    after = doc(*BEFORE.provisions[:4], art("Chuẩn bị"), cl(TWO), *BEFORE.provisions[4:])
    assert changes(compared(BEFORE, after)) == [
        ("added", [], ["dieu:2"]),
        ("added", [], ["dieu:2/khoan:1"]),
        ("renumbered", ["dieu:2"], ["dieu:3"]),
    ]


def test_a_repealed_clause_stands_where_it_stood() -> None:
    found = compared(BEFORE, meeting(cl(REGULAR), cl(MINUTES)))
    assert [(row.row_class.value, (row.before or row.after)[0].path) for row in found.rows[:4]] == [
        ("unchanged", "dieu:1"),
        ("unchanged", "dieu:1/khoan:1"),
        ("repealed", "dieu:1/khoan:2"),
        ("renumbered", "dieu:1/khoan:3"),
    ]


def test_a_clause_moved_to_another_article_is_found() -> None:
    after = doc(
        art("Chế độ họp"), cl(REGULAR), cl(MINUTES), art("Kinh phí"), cl(BUDGET), cl(PEOPLE), cl(URGENT)
    )
    assert ("moved", ["dieu:1/khoan:2"], ["dieu:2/khoan:3"]) in changes(compared(BEFORE, after))


def test_a_clause_moved_and_amended_is_found() -> None:
    moved = URGENT.replace("Bí thư", "Thường trực")
    after = doc(
        art("Chế độ họp"), cl(REGULAR), cl(MINUTES), art("Kinh phí"), cl(BUDGET), cl(PEOPLE), cl(moved)
    )
    assert ("moved_amended", ["dieu:1/khoan:2"], ["dieu:2/khoan:3"]) in changes(compared(BEFORE, after))


def test_a_clause_moved_and_amended_that_kept_its_id_needs_no_second_look() -> None:
    moved = MINUTES.replace("Văn phòng cấp ủy", "Thư ký")
    before = doc(art("Chế độ họp"), cl(REGULAR), cl(MINUTES, id="m"), art("Kinh phí"), cl(BUDGET))
    for id_, doubt in (("m", None), ("n", "moved_changed")):
        after = doc(art("Chế độ họp"), cl(REGULAR), art("Kinh phí"), cl(BUDGET), cl(moved, id=id_))
        rows = compare(before, after).rows
        assert [row.doubt for row in rows if row.row_class is RowClass.MOVED_AMENDED] == [doubt]


def test_neighbours_swapped_make_one_move() -> None:
    found = changes(compared(BEFORE, meeting(cl(URGENT), cl(REGULAR), cl(MINUTES))))
    assert sorted(kind for kind, _, _ in found) == ["moved", "renumbered"]


def test_a_clause_split_in_two_is_one_row() -> None:
    first = "Bí thư chủ trì phiên họp và kết luận từng nội dung."
    second = "Phó Bí thư thay mặt khi được ủy quyền bằng văn bản."
    before, after = meeting(cl(REGULAR), cl(TWO)), meeting(cl(REGULAR), cl(first), cl(second))
    assert changes(compared(before, after)) == [
        ("split", ["dieu:1/khoan:2"], ["dieu:1/khoan:2", "dieu:1/khoan:3"])
    ]
    assert changes(compared(after, before)) == [
        ("merged", ["dieu:1/khoan:2", "dieu:1/khoan:3"], ["dieu:1/khoan:2"])
    ]


def test_two_clauses_joined_and_put_elsewhere_are_one_row() -> None:
    before = doc(art("Chế độ họp"), cl(REGULAR), cl(URGENT), cl(MINUTES), art("Kinh phí"), cl(BUDGET))
    after = doc(art("Chế độ họp"), cl(REGULAR), art("Kinh phí"), cl(BUDGET), cl(f"{URGENT} {MINUTES}"))
    joined, parted = (compared(*pair).rows for pair in ((before, after), (after, before)))
    assert [(len(r.before), len(r.after)) for r in joined if r.row_class is RowClass.MERGED] == [(2, 1)]
    assert [(len(r.before), len(r.after)) for r in parted if r.row_class is RowClass.SPLIT] == [(1, 2)]


SHORT = "Kinh phí do tỉnh cấp."


@pytest.mark.parametrize("apart", [(), (("a", "a"),), (("a", "s"),)])
def test_a_short_part_that_was_split_off_belongs_to_its_whole_unless_somebody_says_no(
    apart: tuple[tuple[str, str], ...],
) -> None:
    """The few words of the part, edited besides, would not tell where it came from."""
    whole = cl(f"{MINUTES} {SHORT}", id="a")
    part = replace(cl("Kinh phí do huyện cấp thêm.", id="s"), origin=whole.id)
    before, after = doc(art("Họp"), whole, cl(BUDGET)), doc(art("Họp"), cl(MINUTES, id="a"), part, cl(BUDGET))
    turned = tuple((j, i) for i, j in apart)
    for found in (
        compare(before, after, overrides=Overrides(apart=apart)),
        compare(after, before, overrides=Overrides(apart=turned)),
    ):
        groups = [row for row in found.rows if len(row.before) + len(row.after) == 3]
        assert len(groups) == (not apart)


def test_spelling_only_is_told_from_a_change_of_words() -> None:
    before = meeting(cl("Việc hoà giải thuộc thẩm quyền của Ban Thường vụ, khoá XIII."))
    after = meeting(cl("Việc hòa giải thuộc thẩm quyền của ban thường vụ, khóa XIII."))
    assert changes(compared(before, after)) == [("spelling_only", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]


def test_another_tone_is_another_word() -> None:
    before, after = meeting(cl("Cơ quan kiểm toán nêu ý kiến.")), meeting(cl("Cơ quan kiểm toan nêu ý kiến."))
    assert [kind for kind, _, _ in changes(compared(before, after))] == ["amended"]


def test_a_reference_that_follows_the_numbers_is_reference_only() -> None:
    before = meeting(cl("Thực hiện theo khoản 2 Điều 2 của Quy chế này."))
    new = art("Điều khoản mới"), cl("Một nội dung hoàn toàn khác được bổ sung vào giữa văn bản.")
    text = "Thực hiện theo khoản 2 Điều 3 của Quy chế này."
    after = doc(art("Chế độ họp"), cl(text), *new, art("Kinh phí"), cl(BUDGET), cl(PEOPLE))
    found = compared(before, after)
    assert ("reference_only", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"]) in changes(found)
    assert "[-khoản 2 Điều 2-]{+khoản 2 Điều 3+}" in drawn(found.rows[1])


def test_a_reference_to_clauses_that_were_merged_or_to_one_that_was_split_follows() -> None:
    first = "Bí thư chủ trì phiên họp và kết luận từng nội dung."
    second = "Phó Bí thư thay mặt khi được ủy quyền bằng văn bản."
    old, new = (f"Thực hiện theo khoản {n} Điều 2 của Quy chế này." for n in "32")
    parted = doc(art("Chế độ họp"), cl(old), art("Chủ trì"), cl(first), cl(second), cl(BUDGET))
    joined = doc(art("Chế độ họp"), cl(new), art("Chủ trì"), cl(f"{first} {second}"), cl(BUDGET))
    for pair in ((parted, joined), (joined, parted)):
        assert compared(*pair).rows[1].row_class is RowClass.REFERENCE_ONLY


def test_a_reference_to_another_unit_is_an_amendment() -> None:
    before = meeting(cl("Thực hiện theo khoản 2 Điều 2 của Quy chế này."))
    after = meeting(cl("Thực hiện theo khoản 1 Điều 2 của Quy chế này."))
    assert changes(compared(before, after)) == [("amended", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]


def test_marks_only_is_format_only() -> None:
    bold = Mark(MarkKind.BOLD, CharOffset(0), CharOffset(3))
    after = meeting(replace(cl(REGULAR), marks=(bold,)), cl(URGENT), cl(MINUTES))
    assert changes(compared(BEFORE, after)) == [("format_only", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]


def test_a_clause_written_anew_in_its_place_is_replaced() -> None:
    after = meeting(cl(REGULAR), cl("Mọi đảng viên đều dự lớp bồi dưỡng lý luận chính trị."), cl(MINUTES))
    assert changes(compared(BEFORE, after)) == [("replaced", ["dieu:1/khoan:2"], ["dieu:1/khoan:2"])]


def test_a_new_chapter_around_unchanged_articles_moves_nothing() -> None:
    after = doc(ch(None, "CHẾ ĐỘ HỌP"), *BEFORE.provisions[:4], ch(None, "KINH PHÍ"), *BEFORE.provisions[4:])
    assert changes(compared(BEFORE, after)) == [("added", [], ["chuong:I"]), ("added", [], ["chuong:II"])]


def test_an_article_moved_takes_its_clauses_along_in_one_row() -> None:
    third = (art("Hồ sơ"), cl(TWO))
    before = doc(*BEFORE.provisions, *third)
    after = doc(*third, *BEFORE.provisions)
    moved = [c for c in changes(compared(before, after)) if c[0] == "moved"]
    assert moved == [("moved", ["dieu:3"], ["dieu:1"])]


def test_boilerplate_moves_only_with_its_article() -> None:
    same = "Quyết định này có hiệu lực kể từ ngày ký."
    before = doc(art("Một việc"), cl(same), art("Hai việc"), cl(same), cl(REGULAR))
    after = doc(art("Một việc"), art("Hai việc"), cl(same), cl(REGULAR))
    assert changes(compared(before, after)) == [("repealed", ["dieu:1/khoan:1"], [])]


def test_inserted_numbers_5a_are_paths_of_their_own() -> None:
    keep = NumberingPolicy.KEEP
    before = doc(art("Họp", "5"), cl(REGULAR, "1"), cl(MINUTES, "2"), policy=keep)
    after = doc(art("Họp", "5"), cl(REGULAR, "1"), cl(URGENT, "1a"), cl(MINUTES, "2"), policy=keep)
    assert changes(compared(before, after)) == [("added", [], ["dieu:5/khoan:1a"])]


def test_a_row_of_a_table_is_compared_by_its_cells() -> None:
    before = doc(art("Định mức"), table("Mức chi"), row("1", "Họp tháng", "100.000 đồng"))
    after = doc(art("Định mức"), table("Mức chi"), row("1", "Họp tháng", "150.000 đồng"))
    found = compared(before, after)
    assert drawn(found.rows[2]) == "1 | Họp tháng | [-100.000 đồng-]{+150.000 đồng+}"


def test_an_empty_text_adds_and_repeals_all() -> None:
    empty = doc()
    assert {row.row_class for row in compare(empty, BEFORE).rows} == {RowClass.ADDED}
    assert {row.row_class for row in compare(BEFORE, empty).rows} == {RowClass.REPEALED}
    assert compare(empty, empty).rows == ()


def test_the_same_id_pairs_what_was_rewritten_half() -> None:
    before = doc(art("Họp"), cl("Ban họp mỗi quý một lần tại trụ sở.", id="x"), cl(MINUTES))
    after = doc(art("Họp"), cl(PEOPLE), cl(MINUTES), cl("Ban họp trực tuyến mỗi quý hai lần.", id="x"))
    rows = [r for r in compare(before, after).rows if any(u.id == "x" for u in r.before)]
    assert [u.id for u in rows[0].after] == ["x"]


def test_corrections_by_hand_decide() -> None:
    before = doc(art("Họp"), cl(REGULAR, id="a"), cl(URGENT, id="b"))
    after = doc(art("Họp"), cl(REGULAR, id="c"), cl(URGENT, id="d"))
    together = compare(before, after, overrides=Overrides(together=(("a", "d"),)))
    assert any(r.before and r.after and (r.before[0].id, r.after[0].id) == ("a", "d") for r in together.rows)
    apart = compare(before, after, overrides=Overrides(apart=(("a", "c"),)))
    assert not any(r.before and r.after and (r.before[0].id, r.after[0].id) == ("a", "c") for r in apart.rows)


def test_an_article_and_a_clause_are_paired_by_hand() -> None:
    before = doc(art("Họp", id="a"), cl(REGULAR), cl(MINUTES, id="m"))
    after = doc(art("Chế độ"), cl(REGULAR, id="c"), cl(BUDGET))
    for said in (Overrides(together=(("a", "c"),)), Overrides(together=(("a", "c"), ("m", "c")))):
        rows = compare(before, after, overrides=said).rows
        assert any(r.before and r.after and (r.before[0].id, r.after[0].id) == ("a", "c") for r in rows)


def test_a_correction_rests_between_two_drafts_in_which_a_provision_stands_word_for_word() -> None:
    """Said of the text in force, where "a" was overwritten and its words went into the new "c"."""
    in_force = doc(art("Họp", id="h"), cl(REGULAR, id="a"), cl(MINUTES, id="m"))
    first = doc(
        art("Họp", id="h"), cl(URGENT, id="a"), cl(MINUTES, id="m"), cl(f"{REGULAR} {PEOPLE}", id="c")
    )
    second = doc(*first.provisions, cl("Văn phòng lưu hồ sơ cuộc họp.", id="n"))
    said = Overrides(together=(("a", "c"),), apart=(("a", "a"),))

    def pairs(comparison: Comparison) -> list[tuple[str, str]]:
        return [(r.before[0].id, r.after[0].id) for r in comparison.rows if r.before and r.after]

    for draft in (first, second):
        found = pairs(compare(in_force, draft, overrides=said))
        assert ("a", "c") in found
        assert ("a", "a") not in found
    resting = compare(first, second, overrides=said)
    assert resting.rows == compare(first, second).rows
    assert resting.resting == (
        Resting("together", "a", "c", "unchanged"),
        Resting("apart", "a", "a", "unchanged"),
    )


def test_what_is_nearly_equal_is_parted_when_somebody_says_so() -> None:
    before = doc(art("Họp", id="h"), cl(REGULAR, id="a"), cl(MINUTES, id="m"))
    after = doc(art("Họp", id="h"), cl(f"{REGULAR[:-1]} họp.", id="a"), cl(MINUTES, id="m"))
    found = compare(before, after, overrides=Overrides(apart=(("a", "a"), ("h", "h"))))
    told = [(r.row_class, [u.id for u in r.before], [u.id for u in r.after]) for r in found.rows]
    assert (RowClass.ADDED, [], ["a"]) in told
    assert (RowClass.REPEALED, ["a"], []) in told
    assert (RowClass.ADDED, [], ["h"]) in told  # the heading is the same, what stands under it is not
    assert found.resting == ()


def test_of_corrections_that_contradict_each_other_one_is_told_to_rest() -> None:
    before = doc(art("Họp"), cl(REGULAR, id="a"), cl(URGENT, id="b"))
    after = doc(art("Họp"), cl(BUDGET, id="c"), cl(PEOPLE, id="d"))
    said = Overrides(together=(("a", "c"), ("a", "d"), ("b", "d")))
    assert compare(before, after, overrides=said).resting == (Resting("together", "b", "d", "contradicted"),)


def test_a_provision_that_stayed_may_be_a_part_of_a_split_by_hand() -> None:
    before = doc(art("Họp"), cl(REGULAR, id="a"))
    after = doc(art("Họp"), cl(REGULAR, id="a"), cl(URGENT, id="b"))
    found = compare(before, after, overrides=Overrides(together=(("a", "a"), ("a", "b"))))
    assert changes(found) == [("split", ["dieu:1/khoan:1"], ["dieu:1/khoan:1", "dieu:1/khoan:2"])]
    alone = compare(before, after, overrides=Overrides(together=(("a", "b"),)))
    assert changes(alone) == [("added", [], ["dieu:1/khoan:2"])]
    assert alone.resting == (Resting("together", "a", "b", "unchanged"),)


def test_the_digest_is_of_the_canonical_text() -> None:
    from hashlib import sha256

    assert compare(BEFORE, BEFORE).before.sha256 == sha256(canonical_text(BEFORE).encode()).hexdigest()


def test_a_broken_law_is_an_error_and_no_table() -> None:
    found = compare(BEFORE, BEFORE)
    tree = tree_of(BEFORE)
    lost = replace(found, rows=found.rows[1:])
    false = replace(found, rows=(replace(found.rows[0], spans=(("=", "khác"),)), *found.rows[1:]))
    for broken in (lost, false):
        with pytest.raises(ComparisonFault):
            verify(broken, tree, tree)


# --- a real law -----------------------------------------------------------------------------------


def sample(name: str, prefix: str) -> Document:
    return parse((SAMPLES / name).read_text(encoding="utf-8"), new_id=counter(prefix)).document


def changed_paths(comparison: Comparison) -> tuple[set[str], set[str]]:
    rows = [row for row in comparison.rows if row.row_class not in KEPT]
    return {u.path for r in rows for u in r.before}, {u.path for r in rows for u in r.after}


def expected_paths() -> tuple[set[str], set[str]]:
    """The recorded units, and the titles the amending law changed, which are no units there."""
    recorded = json.loads((SAMPLES / "changes.json").read_text(encoding="utf-8"))
    by_status: dict[str, set[str]] = {"modified": set(), "deleted": set(), "inserted": set()}
    for unit in recorded["units"]:
        by_status[unit["status"]].add(unit["path"])
    titles = {c["path"] for c in recorded["changes"] if c["kind"] == "modify_title"}
    return (
        by_status["modified"] | by_status["deleted"] | titles,
        by_status["modified"] | by_status["inserted"] | titles,
    )


def test_every_recorded_change_of_a_real_law_is_found_and_nothing_else() -> None:
    assert changed_paths(compare(sample("before.txt", "b"), sample("after.txt", "a"))) == expected_paths()


def test_of_a_real_law_the_pairs_nobody_can_be_sure_of_are_queued_and_no_others() -> None:
    """Among them a point that became another clause with few of its words."""
    for after, article in (("after.txt", "69"), ("after-renumbered.txt", "71")):
        found = compare(sample("before.txt", "b"), sample(after, "a"))
        queued = {(row.before[0].path, row.after[0].path): row.doubt for row in found.rows if row.doubt}
        assert queued == {
            ("dieu:69/khoan:2", f"dieu:{article}/khoan:2"): "few_words",
            ("dieu:69/khoan:2/diem:c", f"dieu:{article}/khoan:7"): "moved_changed",
            ("dieu:57/khoan:7", f"dieu:{article}/khoan:10"): "moved_changed",
        }


def renumbered(path: str, numbers: dict[str, str]) -> str:
    """The map names numbered provisions; a paragraph keeps its place under its own."""
    if path in numbers or "/" not in path:
        return numbers.get(path, path)
    above, last = path.rsplit("/", 1)
    return f"{renumbered(above, numbers)}/{last}"


def test_the_same_law_numbered_anew_is_paired_the_same() -> None:
    numbers = json.loads((SAMPLES / "renumber-map.json").read_text(encoding="utf-8"))
    kept = compare(sample("before.txt", "b"), sample("after.txt", "a"))
    anew = compare(sample("before.txt", "b"), sample("after-renumbered.txt", "a"))

    def pairs(comparison: Comparison, by: dict[str, str]) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
        return {
            (tuple(u.path for u in r.before), tuple(renumbered(u.path, by) for u in r.after))
            for r in comparison.rows
        }

    assert pairs(kept, numbers) == pairs(anew, {})


def test_the_same_bytes_in_a_process_with_other_hashes() -> None:
    program = (
        "import sys; sys.path[:0] = ['server', '.']\n"
        "from tests.unit.test_compare import sample, compare, comparison_to_json\n"
        "found = compare(sample('before.txt', 'b'), sample('after-renumbered.txt', 'a'))\n"
        "sys.stdout.buffer.write(comparison_to_json(found))\n"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "4242")
    ]
    here = comparison_to_json(compare(sample("before.txt", "b"), sample("after-renumbered.txt", "a")))
    assert answers == [here, here]


def test_points_made_clauses_keep_their_words() -> None:
    before = doc(art("Họp"), cl("Nhiệm vụ gồm:"), pt(REGULAR), pt(URGENT), para(MINUTES))
    after = doc(art("Họp"), cl(REGULAR), cl(URGENT), para(MINUTES))
    found = compared(before, after)
    pairs = {(r.before[0].path, r.after[0].path) for r in found.rows if r.before and r.after}
    assert pairs >= {
        ("dieu:1/khoan:1/diem:a", "dieu:1/khoan:1"),
        ("dieu:1/khoan:1/diem:b", "dieu:1/khoan:2"),
    }
