"""The printed table, and its HTML, JSON and terminal forms."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import MappingProxyType

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.result import RowClass
from duthao.domain.compare.table_builder import TableOptions, Third, build_table
from duthao.domain.document import CharOffset, Document, Mark, MarkKind, Provision, ProvisionId
from duthao.domain.table import CellParagraph, ComparisonTable, Statistics
from duthao.formats.comparison_html import comparison_html
from duthao.formats.comparison_json import comparison_to_json, comparison_value
from duthao.formats.comparison_terminal import comparison_terminal
from duthao.formats.table_layout import PROFILE, heads
from duthao.messages import Catalogue
from tests.support.texts import appendix, art, ch, cl, doc, para, pt

VI = Catalogue("vi")
GATHER = "Ban Thường vụ họp mỗi tháng một lần."
KEEP = "Văn phòng lưu hồ sơ phiên họp."


def documents() -> tuple[Document, Document]:
    before = doc(
        ch(None, "CHẾ ĐỘ", id="c1"),
        art("Chế độ họp", id="d1"),
        cl(GATHER, id="k1"),
        cl("Nội dung gồm:", id="k2"),
        pt("chương trình công tác;", id="m1"),
        art("Hồ sơ", id="d2"),
        cl(KEEP, id="k3"),
        cl("Tài liệu mật nộp lại sau khi họp xong.", id="k4"),
    )
    after = doc(
        ch(None, "CHẾ ĐỘ", id="c1"),
        art("Chế độ họp", id="d1"),
        cl(GATHER.replace("một", "hai"), id="k1"),
        cl("Nội dung gồm:", id="k2"),
        pt("chương trình công tác;", id="m1"),
        pt("<b>công tác cán bộ</b> & nhân sự.", id="m2"),
        art("Hồ sơ", id="d2"),
        cl(KEEP, id="k3"),
    )
    reasons = {ProvisionId("k1"): "Theo Quy định 66-QĐ/TW.", ProvisionId("k4"): "Đã có quy định riêng."}
    object.__setattr__(after, "rationale", MappingProxyType(reasons))
    return before, after


def table(options: TableOptions | None = None) -> ComparisonTable:
    before, after = documents()
    return build_table(
        compare(before, after),
        before,
        after,
        "Quy chế",
        "Hiện hành",
        "Dự thảo",
        options=options or TableOptions(),
    )


def words(cell: tuple[CellParagraph, ...]) -> list[str]:
    return [f"{p.label} {''.join(run.text for run in p.runs)}".strip() for p in cell]


def test_changed_rows_stand_under_their_chapter_with_the_heading_of_their_article() -> None:
    rows = table().rows
    assert [(row.kind, row.number, row.row_class.value) for row in rows] == [
        ("division", None, "unchanged"),
        ("row", 1, "amended"),
        ("row", 2, "added"),
        ("row", 3, "repealed"),
    ]
    assert words(rows[1].before) == ["Điều 1. Chế độ họp", f"1. {GATHER}"]
    assert words(rows[2].after) == ["Điều 1. Chế độ họp", "2. …", "b) <b>công tác cán bộ</b> & nhân sự."]
    assert (rows[2].before, rows[2].before_note, rows[3].after_note) == ((), "table.new", "table.repealed")


def test_a_row_has_the_reason_of_its_provision_even_when_that_was_repealed() -> None:
    assert [(row.provision, row.reason) for row in table().rows[1:]] == [
        ("k1", "Theo Quy định 66-QĐ/TW."),
        ("m2", ""),
        ("k4", "Đã có quy định riêng."),
    ]


def test_runs_carry_the_signs() -> None:
    runs = table().rows[1].after[1].runs
    assert [(run.text, run.change) for run in runs if run.change != "same"] == [("hai", "inserted")]


def test_the_whole_text_has_every_provision_and_says_what_stays() -> None:
    rows = table(TableOptions(everything=True, by="provision")).rows
    assert len(rows) == 9
    assert [row.after_note for row in rows if row.row_class is RowClass.UNCHANGED][1] == "table.unchanged"


def test_by_clause_what_stays_is_gathered_and_a_heading_stands_with_its_first_clause() -> None:
    rows = table(TableOptions(everything=True)).rows
    assert [(row.row_class.value, words(row.before), words(row.after)) for row in rows[1:]] == [
        (
            "amended",
            ["Điều 1. Chế độ họp", f"1. {GATHER}"],
            ["Điều 1. Chế độ họp", "1. Ban Thường vụ họp mỗi tháng hai lần."],
        ),
        (
            "unchanged",
            ["2. Nội dung gồm:", "a) chương trình công tác;"],
            ["2. Nội dung gồm:", "a) chương trình công tác;"],
        ),
        ("added", [], ["b) <b>công tác cán bộ</b> & nhân sự."]),
        ("unchanged", ["Điều 2. Hồ sơ", f"1. {KEEP}"], ["Điều 2. Hồ sơ", f"1. {KEEP}"]),
        ("repealed", ["2. Tài liệu mật nộp lại sau khi họp xong."], []),
    ]


def test_by_article_one_row_gathers_what_changed_in_it() -> None:
    rows = table(TableOptions(by="article")).rows
    assert [row.row_class.value for row in rows] == ["unchanged", "amended", "repealed"]


def test_by_article_what_goes_from_among_what_stays_is_an_amendment_of_the_article() -> None:
    before, after = doc(art("Họp"), cl(GATHER), cl(KEEP)), doc(art("Họp"), cl(GATHER))
    whole = TableOptions(by="article", everything=True)
    made = build_table(compare(before, after), before, after, options=whole)
    assert [row.row_class for row in made.rows] == [RowClass.AMENDED]
    gone = build_table(compare(before, doc()), before, doc(), options=whole)
    assert [row.row_class for row in gone.rows] == [RowClass.REPEALED]


def test_clauses_that_are_new_or_changed_side_by_side_have_rows_of_their_own() -> None:
    before = doc(art("Họp"), cl(GATHER), pt("chương trình công tác;"))
    reworded = cl(GATHER.replace("một", "hai")), pt("chương trình công tác năm;")
    after = doc(art("Họp"), *reworded, cl(KEEP), cl("Phòng Hành chính lo hậu cần."))
    rows = build_table(compare(before, after), before, after).rows
    assert [words(row.after)[1:] for row in rows] == [
        ["1. Ban Thường vụ họp mỗi tháng hai lần."],
        ["1. …", "a) chương trình công tác năm;"],
        [f"2. {KEEP}"],
        ["3. Phòng Hành chính lo hậu cần."],
    ]
    for row in rows:
        assert [one.heading for one in row.after] == [True, *[False] * (len(row.after) - 1)]
        assert not any(one.row for one in row.after)
    assert [[one.is_new for one in row.after][1:] for row in rows] == [
        [False],
        [False, False],
        [True],
        [True],
    ]


def test_statistics_count_articles() -> None:
    found = table().statistics
    assert (found.articles_before, found.articles_after, found.articles_changed) == (2, 2, 2)
    assert dict(found.rows_by_class)[RowClass.AMENDED] == 1


def test_key_stays_and_digest_changes_when_words_change() -> None:
    before, after = documents()
    first = build_table(compare(before, after), before, after).rows[1]
    other = doc(*after.provisions)
    object.__setattr__(other, "rationale", MappingProxyType({ProvisionId("k1"): "Lý do khác."}))
    second = build_table(compare(before, other), before, other).rows[1]
    assert first.key == second.key
    assert first.digest != second.digest


def test_html_is_one_page_that_reads_without_colour_and_escapes_the_text() -> None:
    page = comparison_html(table(), VI).decode()
    assert "<ins>" in page
    assert "<del>" in page
    assert "&lt;b&gt;công tác cán bộ&lt;/b&gt; &amp; nhân sự." in page
    assert "<b>" not in page
    assert not re.search(r"(?:src|href)=|@import|url\(|http", page)
    assert "ins { font-weight: bold; text-decoration: underline" in page
    assert "(Dòng mới)" in page
    assert "(Bãi bỏ)" in page
    assert "[table" not in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_class_has_a_name(language: str) -> None:
    catalogue = Catalogue("vi" if language == "vi" else "en")
    assert all(not catalogue(f"table.class.{kind.value}").startswith("[") for kind in RowClass)


@pytest.mark.parametrize("width", [20, 60, 80, 120])
def test_the_terminal_keeps_its_width_and_whole_syllables(width: int) -> None:
    text = comparison_terminal(table(), VI, width=width)
    body = text.split("\n", 2)[2]
    assert max(map(len, body.splitlines())) <= width
    assert "\x1b" not in text
    assert {"chương", "nhân", "Văn"} & set(re.findall(r"\w+", text)) == {"nhân"}
    assert "{+hai" in text
    assert "[-một" in text


def test_colour_is_an_addition_to_the_terminal() -> None:
    assert "\x1b[" in comparison_terminal(table(), VI, width=100, colour=True)


def test_control_characters_do_not_reach_the_terminal() -> None:
    before, after = doc(art("Họp")), doc(art("Họp"), cl("một \x1b[2J hai"))
    shown = build_table(compare(before, after), before, after)
    assert "\x1b" not in comparison_terminal(shown, VI)


def test_json_is_the_documented_shape() -> None:
    before, after = documents()
    found = compare(before, after)
    value = json.loads(comparison_to_json(found))
    assert value == comparison_value(found)
    assert list(value) == ["algorithm", "before", "after", "rows"]
    assert set(value["before"]) == {"sha256", "articles"}
    for row in value["rows"]:
        assert set(row) == {"class", "before", "after", "spans", "confidence"}
        assert all(set(unit) == {"path", "label", "text"} for unit in row["before"] + row["after"])
        assert "".join(s for op, s in row["spans"] if op != "+") == "\n".join(
            u["text"] for u in row["before"]
        )
    assert value["rows"][2]["after"][0]["label"] == "1."


def test_spelling_alone_is_left_out_and_counted_and_shown_on_wish() -> None:
    before, after = doc(art("Họp"), cl("Văn hoá công sở.")), doc(art("Họp"), cl("Văn hóa công sở."))
    found = compare(before, after)
    folded = build_table(found, before, after)
    assert (folded.rows, folded.left_out) == ((), ((RowClass.SPELLING_ONLY, 1),))
    page = comparison_html(folded, VI).decode()
    assert "chỉ sửa chính tả: 1" in page
    assert "Không có nội dung nào khác ngoài những chỗ nêu trên." in page
    assert folded.statistics.articles_changed == 0  # no word changed
    shown = build_table(found, before, after, options=TableOptions(orthography=True))
    assert [row.row_class for row in shown.rows] == [RowClass.SPELLING_ONLY]
    assert shown.left_out == ()


def test_four_columns_have_the_source_of_a_change() -> None:
    before, after = documents()
    sources = {ProvisionId("k1"): "Ý kiến của Ban Tổ chức"}
    made = build_table(
        compare(before, after), before, after, sources=sources, options=TableOptions(columns=4)
    )
    assert [row.source for row in made.rows if row.kind == "row"] == ["Ý kiến của Ban Tổ chức", "", ""]
    assert '<td class="source"><p>Ý kiến của Ban Tổ chức' in comparison_html(made, VI).decode()


def test_a_source_that_another_says_with_more_is_told_once() -> None:
    before, after = doc(art("Họp", id="d")), doc(art("Họp", id="d"), cl(GATHER, id="a"), pt("Một.", id="b"))
    sources = {ProvisionId("a"): "Lan", ProvisionId("b"): "Lan, 02/9/2026"}
    made = build_table(compare(before, after), before, after, sources=sources)
    assert [row.source for row in made.rows] == ["Lan, 02/9/2026"]


def test_letters_are_smaller_where_three_texts_have_reasons_beside_them() -> None:
    two = build_table(compare(*documents()), *documents())
    for texts, columns, size in ((2, 3, 12), (2, 4, 12), (3, 2, 12), (3, 3, 11), (3, 4, 11)):
        third = None if texts == 2 else "Dự thảo sau"
        assert PROFILE.size_of(replace(two, columns=columns, third_title=third)) == size


def test_two_columns_say_above_the_words_where_a_provision_came_from() -> None:
    before = doc(art("Họp"), cl(GATHER), cl(KEEP), art("Hồ sơ"), cl("Lưu trữ."))
    after = doc(art("Họp"), cl(GATHER), art("Hồ sơ"), cl("Lưu trữ."), cl(KEEP))
    made = build_table(compare(before, after), before, after, options=TableOptions(columns=2))
    page = comparison_html(made, VI).decode()
    assert 'class="after"><p class="class">Chuyển từ khoản 2 Điều 1</p>' in page
    assert 'class="why"' not in page


def test_by_article_a_remark_names_what_moved_into_it() -> None:
    before = doc(art("Họp"), cl(GATHER), cl(KEEP), art("Hồ sơ"), cl("Lưu trữ năm năm."), cl("Mở sổ."))
    after = doc(art("Họp"), cl(GATHER), art("Hồ sơ"), cl("Lưu trữ mười năm."), cl("Mở sổ."), cl(KEEP))
    made = build_table(compare(before, after), before, after, options=TableOptions(by="article"))
    page = comparison_html(made, VI).decode()
    assert '<p class="class">khoản 3 Điều 2: chuyển từ khoản 2 Điều 1</p>' in page


def test_a_split_article_says_so_and_each_heading_stands_above_its_clauses() -> None:
    meetings = "Ban Thường vụ họp định kỳ mỗi tháng một lần vào tuần đầu của tháng để bàn công việc."
    papers = "Tài liệu được gửi đến các đại biểu trước khi phiên họp bắt đầu ít nhất ba ngày làm việc."
    before = doc(art("Phiên họp và tài liệu phiên họp"), cl(meetings), cl(papers), cl(KEEP))
    after = doc(art("Phiên họp"), cl(meetings), art("Tài liệu phiên họp"), cl(papers), cl(KEEP))
    made = build_table(compare(before, after), before, after, options=TableOptions(everything=True))
    column = [line for row in made.rows for line in words(row.after)]
    assert column[-3:] == ["Điều 2. Tài liệu phiên họp", f"1. {papers}", f"2. {KEEP}"]


def test_more_than_half_of_the_articles_changed_advises_a_replacing_text() -> None:
    found = table().statistics
    assert found.advises_replacing
    assert not Statistics(4, 4, 2, ()).advises_replacing
    assert Statistics(4, 4, 3, ()).advises_replacing
    assert Statistics(1, 1, 1, ()).advises_replacing
    assert not Statistics(0, 1, 1, ()).advises_replacing
    assert "văn bản thay thế" in comparison_html(table(), VI).decode()


def test_a_new_article_is_one_row_and_so_is_a_new_clause_with_its_points() -> None:
    """As norms B7 lays it out: a row for an article or a clause, never one for each of its parts."""
    before = doc(art("Họp"), cl(GATHER), art("Hồ sơ"), cl(KEEP))
    after = doc(
        art("Họp"), cl(GATHER), cl("Nội dung họp:"), pt("chương trình;"), pt("cán bộ."),
        art("Họp trực tuyến"), cl("Được họp trực tuyến khi cần."), cl("Không họp về nội dung mật."),
        art("Hồ sơ"), cl(KEEP),
    )  # fmt: skip
    made = build_table(compare(before, after), before, after)
    assert [(row.row_class.value, words(row.after)) for row in made.rows] == [
        ("added", ["Điều 1. Họp", "2. Nội dung họp:", "a) chương trình;", "b) cán bộ."]),
        (
            "added",
            ["Điều 2. Họp trực tuyến", "1. Được họp trực tuyến khi cần.", "2. Không họp về nội dung mật."],
        ),
    ]
    back = build_table(compare(after, before), after, before)
    assert [row.after_note for row in back.rows] == ["table.repealed", "table.repealed"]


def three_texts(options: TableOptions) -> ComparisonTable:
    """In force, first draft, second draft: a clause amended twice, one repealed and restored, one
    repealed at last, a new one in each draft, of which the first is dropped again."""
    guests, papers = cl("Mời đại biểu dự họp.", id="k3"), cl("Gửi tài liệu trước ba ngày.", id="k4")
    restored = cl("Khi cần thì họp bất thường.", id="k6")
    gather = [cl(GATHER.replace("một lần", times), id="k1") for times in ("một lần", "hai lần", "hai kỳ")]
    one = doc(art("Họp"), gather[0], cl(KEEP, id="k2"), restored, art("Khách"), guests)
    two = doc(art("Họp"), gather[1], cl(KEEP, id="k2"), art("Khách"), guests, papers)
    three = doc(
        art("Họp"), gather[2], cl("Nội dung mật họp riêng.", id="k5"),
        cl(KEEP.replace("lưu", "lưu trữ"), id="k2"), restored, art("Khách"),
    )  # fmt: skip
    beside = Third(compare(two, three), three, "Dự thảo lần 2")
    return build_table(
        compare(one, two), one, two, "Quy chế", "", "Dự thảo lần 1", third=beside, options=options
    )


def test_three_texts_say_in_each_column_what_changed_since_the_one_before() -> None:
    made = three_texts(TableOptions(columns=2))
    said = [(row.before_note, row.after_note, row.third_note) for row in made.rows]
    assert said == [
        (None, None, None),
        ("table.new", "table.new", None),
        (None, "table.unchanged", None),
        (None, "table.repealed", None),
        (None, "table.unchanged", "table.repealed"),
        ("table.new", None, "table.dropped"),
    ]
    marked = [
        [run.text for run in made.rows[0].third[1].runs if run.change == kind]
        for kind in ("deleted", "inserted")
    ]
    assert marked == [["lần "], ["kỳ"]]
    assert made.third_statistics is not None
    assert (made.statistics.articles_changed, made.third_statistics.articles_changed) == (2, 2)


def test_what_was_repealed_and_came_back_word_for_word_is_one_row() -> None:
    (row,) = [row for row in three_texts(TableOptions()).rows if "k6" in row.before_ids]
    assert (row.before_ids, row.after_ids, row.third_ids) == (("k6",), (), ("k6",))
    assert all(run.change == "inserted" for p in row.third if not p.context for run in p.runs)


def test_every_layout_names_the_three_texts_and_says_what_a_mark_is_measured_by() -> None:
    made = three_texts(TableOptions(columns=2))
    page = comparison_html(made, VI).decode()
    assert [text for text in ("Dự thảo lần 1", "Dự thảo lần 2") if f'<th scope="col">{text}' in page] == [
        "Dự thảo lần 1",
        "Dự thảo lần 2",
    ]
    assert "Cột “Dự thảo lần 2” đánh dấu thay đổi so với cột “Dự thảo lần 1”" in page
    assert "(Bỏ)" in page
    for width in (60, 130):
        shown = comparison_terminal(made, VI, width=width)
        assert "[-lần-] {+kỳ+}" in shown
        assert max(map(len, shown.splitlines())) <= width


def test_a_moved_provision_stands_in_its_place_of_the_draft_and_says_where_it_went() -> None:
    one = doc(art("Họp"), cl(GATHER), cl(KEEP), art("Hồ sơ"), cl("Lưu trữ mười năm."))
    three = doc(art("Họp"), cl(GATHER), art("Hồ sơ"), cl("Lưu trữ mười năm."), cl(KEEP))
    made = build_table(compare(one, one), one, one, third=Third(compare(one, three), three))
    (row,) = made.rows
    assert (row.moved_from, row.moved_to) == (None, "dieu:2/khoan:2")
    assert "Chuyển đến khoản 2 Điều 2" in comparison_html(made, VI).decode()


def bold(text: str, start: int, end: int, id: str) -> Provision:
    return replace(cl(text, id=id), marks=(Mark(MarkKind.BOLD, CharOffset(start), CharOffset(end)),))


def formatted() -> tuple[Document, Document]:
    before = doc(art("Họp", id="d"), bold(GATHER, 0, 13, "k1"), cl(KEEP, id="k2"))
    after = doc(art("Họp", id="d"), cl(GATHER, id="k1"), bold(KEEP.replace("phiên", "mọi phiên"), 0, 9, "k2"))
    return before, after


def test_changes_of_format_are_a_layer_of_their_own_drawn_on_wish() -> None:
    before, after = formatted()
    found = compare(before, after)
    plain = build_table(found, before, after)
    assert [row.row_class for row in plain.rows] == [RowClass.AMENDED]
    assert plain.left_out == ((RowClass.FORMAT_ONLY, 1),)
    assert "Định dạng" not in comparison_html(plain, VI).decode()
    drawn = build_table(found, before, after, options=TableOptions(formats=True))
    assert [row.row_class for row in drawn.rows] == [RowClass.FORMAT_ONLY, RowClass.AMENDED]
    assert drawn.left_out == ()
    page = comparison_html(drawn, VI).decode()
    assert '<span class="format">Ban Thường vụ</span> họp' in page
    assert "Chỉ sửa định dạng; Định dạng: bỏ in đậm" in page
    assert '<p class="class">Định dạng: thêm in đậm</p>' in page
    assert "Gạch chấm" in page
    assert "(~Ban Thường vụ~) họp" in " ".join(comparison_terminal(drawn, VI, width=200).split())


def test_spelling_inside_an_amended_row_is_folded_and_said() -> None:
    before, after = (
        doc(art("Họp"), cl("Ban thường vụ họp mỗi tháng một lần.")),
        doc(art("Họp"), cl(GATHER + " Hết.")),
    )
    found = compare(before, after)
    (row,) = build_table(found, before, after).rows
    changed = [run.text.strip() for run in row.after[1].runs if run.change == "inserted"]
    assert changed == ["Hết."]
    assert "Có sửa chính tả: viết hoa" in comparison_html(build_table(found, before, after), VI).decode()
    (whole,) = build_table(found, before, after, options=TableOptions(orthography=True)).rows
    assert "Thường" in "".join(run.text for run in whole.after[1].runs if run.change == "inserted")


def test_the_page_has_the_forms_name_and_the_columns_of_the_print() -> None:
    before, after = documents()
    page = comparison_html(
        build_table(compare(before, after), before, after, "Quy chế làm việc"), VI
    ).decode()
    assert "<h1>Bản so sánh, thuyết minh</h1><p>Quy chế làm việc</p>" in page
    assert [float(width) for width in re.findall(r"<col style=\"width: ([\d.]+)%\">", page)] == [
        4.0,
        36.9,
        36.9,
        22.2,
    ]


def test_a_new_appendix_is_one_row_under_its_name() -> None:
    before = doc(art("Họp"), cl(GATHER))
    after = doc(art("Họp"), cl(GATHER), appendix("MẪU GIẤY MỜI", "I"), para("Kính gửi:"), para("Thời gian:"))
    (row,) = build_table(compare(before, after), before, after).rows
    assert (row.row_class, row.before_note) == (RowClass.ADDED, "table.new")
    assert words(row.after)[1:] == ["Kính gửi:", "Thời gian:"]
    assert words(row.after)[0].endswith("MẪU GIẤY MỜI")


def test_the_joint_of_a_split_clause_is_no_change_of_spelling() -> None:
    halves = (
        "Ban Thường vụ họp thường kỳ mỗi tháng một lần vào tuần đầu.",
        "Văn phòng gửi tài liệu trước ba ngày.",
    )
    one, two = doc(art("Họp"), cl(" ".join(halves))), doc(art("Họp"), *map(cl, halves))
    for before, after in ((one, two), (two, one)):
        for options in (TableOptions(), TableOptions(orthography=True)):
            made = build_table(compare(before, after), before, after, options=options)
            (row,) = made.rows
            assert row.row_class in (RowClass.SPLIT, RowClass.MERGED)
            runs = [run for p in (*row.before, *row.after) for run in p.runs]
            assert all(run.change == "same" and run.spelling == () for run in runs)
            assert "chính tả" not in comparison_html(made, VI).decode()


def test_two_drafts_are_called_by_their_names_and_not_the_text_in_force() -> None:
    before, after = documents()
    made = build_table(
        compare(before, after), before, after, "Quy chế", "Dự thảo lần 1", "Dự thảo lần 2", in_force=False
    )
    page = comparison_html(made, VI).decode()
    assert '<th scope="col">Dự thảo lần 1</th><th scope="col">Dự thảo lần 2</th>' in page
    dated = replace(made, notes=("ngày 20/11/2026", "ngày 25/11/2026"))
    assert [(one.title, one.note) for one in heads(dated, VI)[1:3]] == [
        ("Dự thảo lần 1", "ngày 20/11/2026"),
        ("Dự thảo lần 2", "ngày 25/11/2026"),
    ]
    assert "hiện hành</th>" not in page.lower()
