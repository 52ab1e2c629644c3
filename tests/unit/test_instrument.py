"""What the drafter writes: one small regulation, one change each, and the sentences for it.

Every instrument here is also proved: a reader that shares no code with the drafter applies it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from duthao.domain.amend.drafting import base_name, instrument_type
from duthao.domain.amend.proving import Proof, proved
from duthao.domain.compare import compare
from duthao.domain.document import Document
from duthao.domain.structure import parse
from tests.support.texts import counter

LAW = Path(__file__).parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"
CLOSING = "Trường hợp cấp bách thì Thường trực Đảng ủy quyết định và báo cáo tại phiên họp gần nhất.\n"
SECOND = "Chương II\nTRÁCH NHIỆM, QUYỀN HẠN\n"
COMMITTEE = (
    "Điều 3. Đảng ủy\n"
    "1. Lãnh đạo toàn diện các mặt công tác ở phường.\n"
    "2. Họp thường lệ ba tháng một lần; họp bất thường khi cần thiết.\n"
)
BUREAU = (
    "Điều 4. Ban Thường vụ\n"
    "1. Chuẩn bị nội dung các kỳ họp của Đảng ủy, trình Đảng ủy xem xét, quyết định theo quy định.\n"
    "2. Họp thường lệ mỗi tháng một lần.\n"
    "3. Chỉ đạo thực hiện nghị quyết của Đảng ủy trong thời hạn 15 ngày, kể từ "
    "ngày nghị quyết được ban hành.\n"
)
BASE = (
    "QUY CHẾ\n"
    "LÀM VIỆC CỦA ĐẢNG ỦY PHƯỜNG\n"
    "Chương I\n"
    "QUY ĐỊNH CHUNG\n"
    "Điều 1. Phạm vi điều chỉnh\n"
    "1. Quy chế này quy định nguyên tắc làm việc của Đảng ủy, Ban Thường vụ và Thường trực Đảng ủy.\n"
    "2. Quy chế này áp dụng đối với các chi bộ trực thuộc và các cơ quan tham mưu của Đảng ủy.\n"
    "Điều 2. Nguyên tắc làm việc\n"
    "Đảng ủy làm việc theo các nguyên tắc sau đây:\n"
    "1. Tập trung dân chủ, tập thể lãnh đạo, cá nhân phụ trách, thiểu số phục tùng đa số.\n"
    "2. Các vấn đề quan trọng phải được thảo luận tập thể trước khi quyết định:\n"
    "a) Chủ trương phát triển kinh tế - xã hội của phường;\n"
    "b) Công tác tổ chức, cán bộ thuộc thẩm quyền;\n"
    "c) Kế hoạch kiểm tra, giám sát hằng năm.\n"
    f"{CLOSING}"
    "3. Ủy viên chịu trách nhiệm cá nhân về lĩnh vực được phân công.\n"
    f"{SECOND}{COMMITTEE}{BUREAU}"
    "Chương III\n"
    "ĐIỀU KHOẢN THI HÀNH\n"
    "Điều 5. Tổ chức thực hiện\n"
    "Văn phòng Đảng ủy theo dõi, đôn đốc việc thực hiện Quy chế này.\n"
)


def read(text: str, prefix: str) -> Document:
    return parse(text, new_id=counter(prefix)).document


def proof(before: str, after: str) -> Proof:
    ours, theirs = read(before, "b"), read(after, "a")
    return proved(ours, theirs, compare(ours, theirs))


def changed(text: str, *swaps: tuple[str, str]) -> str:
    for old, new in swaps:
        assert old in text, f"the fixture has no {old!r}"
        text = text.replace(old, new)
    return text


def written(*swaps: tuple[str, str], base: str = BASE, exact: bool = True) -> list[str]:
    """The lines of Điều 1 below its heading, proved."""
    found = proof(base, changed(base, *swaps))
    assert found.holds, found
    assert found.exact is exact
    lines = found.instrument.text().splitlines()
    return lines[1 : lines.index("Điều 2. Hiệu lực thi hành")]


# --- the finest honest instruction --------------------------------------------------------------


def test_one_word_in_a_long_clause_is_a_phrase() -> None:
    assert written(("15 ngày", "10 ngày")) == [
        "1. Thay thế cụm từ “15 ngày” bằng cụm từ “10 ngày” tại khoản 3 Điều 4."
    ]


def test_one_word_in_a_short_clause_amends_the_clause() -> None:
    assert written(("mỗi tháng một lần", "hai tháng một lần")) == [
        "1. Sửa đổi, bổ sung khoản 2 Điều 4 như sau:",
        "“2. Họp thường lệ hai tháng một lần.”.",
    ]


def test_words_added_stand_beside_a_phrase_that_is_not_cut_in_two() -> None:
    assert written(("Ban Thường vụ và Thường trực", "Ban Thường vụ, Ủy ban Kiểm tra và Thường trực")) == [
        "1. Bổ sung cụm từ “, Ủy ban Kiểm tra” vào sau cụm từ “Ban Thường vụ” tại khoản 1 Điều 1."
    ]


def test_words_dropped() -> None:
    assert written((" và các cơ quan tham mưu của Đảng ủy", " và cơ quan tham mưu của Đảng ủy")) == [
        "1. Thay thế cụm từ “các cơ quan tham mưu” bằng cụm từ “cơ quan tham mưu” tại khoản 2 Điều 1."
    ]
    assert written((" theo quy định.", ".")) == ["1. Bỏ cụm từ “theo quy định” tại khoản 1 Điều 4."]


def test_a_point_an_article_s_and_a_chapter_s_title() -> None:
    assert written(("b) Công tác tổ chức, cán bộ", "b) Công tác cán bộ")) == [
        "1. Sửa đổi, bổ sung điểm b khoản 2 Điều 2 như sau:",
        "“b) Công tác cán bộ thuộc thẩm quyền;”.",
    ]
    assert written(("Điều 3. Đảng ủy", "Điều 3. Trách nhiệm của Đảng ủy")) == [
        "1. Sửa đổi, bổ sung tên Điều 3 như sau:",
        "“Điều 3. Trách nhiệm của Đảng ủy”.",
    ]
    assert written(("TRÁCH NHIỆM, QUYỀN HẠN", "TRÁCH NHIỆM VÀ LỀ LỐI LÀM VIỆC")) == [
        "1. Sửa đổi, bổ sung tên Chương II như sau:",
        "“Chương II",
        "TRÁCH NHIỆM VÀ LỀ LỐI LÀM VIỆC”.",
    ]


def test_the_lead_in_of_a_clause_and_of_an_article() -> None:
    assert written(
        ("Các vấn đề quan trọng phải được thảo luận tập thể", "Những việc lớn phải được bàn dân chủ")
    ) == [
        "1. Sửa đổi, bổ sung đoạn mở đầu khoản 2 Điều 2 như sau:",
        "“2. Những việc lớn phải được bàn dân chủ trước khi quyết định:”.",
    ]
    assert written(("Đảng ủy làm việc theo các nguyên tắc sau đây", "Đảng ủy hoạt động theo nguyên tắc")) == [
        "1. Sửa đổi, bổ sung đoạn mở đầu Điều 2 như sau:",
        "“Đảng ủy hoạt động theo nguyên tắc:”.",
    ]


def test_a_paragraph_below_the_points_is_the_clause_s_own() -> None:
    assert written((CLOSING, "Khi khẩn cấp, Bí thư quyết định và chịu trách nhiệm.\n")) == [
        "1. Sửa đổi, bổ sung đoạn thứ hai khoản 2 Điều 2 như sau:",
        "“Khi khẩn cấp, Bí thư quyết định và chịu trách nhiệm.”.",
    ]
    assert written((CLOSING, "")) == ["1. Bãi bỏ đoạn thứ hai khoản 2 Điều 2."]
    assert written(("hằng năm.\n", f"hằng năm.\n{CLOSING}"), base=BASE.replace(CLOSING, "")) == [
        "1. Bổ sung đoạn vào cuối khoản 2 Điều 2 như sau:",
        f"“{CLOSING.strip()}”.",
    ]


def test_many_changes_in_one_clause_amend_the_clause() -> None:
    lines = written(
        (
            "1. Quy chế này quy định nguyên tắc làm việc của Đảng ủy, Ban Thường vụ và Thường trực Đảng ủy.",
            "1. Quy chế quy định nguyên tắc, chế độ làm việc của Ban Chấp hành, Thường vụ, Thường trực.",
        )
    )
    assert lines[0] == "1. Sửa đổi, bổ sung khoản 1 Điều 1 như sau:"


def test_an_article_all_of_whose_clauses_change_is_amended_whole() -> None:
    new = "1. Quyết định chủ trương lớn.\n2. Bầu các chức danh.\n3. Kiểm điểm hằng năm.\n"
    lines = written((COMMITTEE.split("\n", 1)[1], new))
    assert lines[:2] == ["1. Sửa đổi, bổ sung Điều 3 như sau:", "“Điều 3. Đảng ủy"]


# --- insertions ---------------------------------------------------------------------------------


def test_a_new_clause_behind_a_surviving_neighbour_whether_numbered_5a_or_afresh() -> None:
    wanted = [
        "1. Bổ sung khoản 2a vào sau khoản 2 Điều 2 như sau:",
        "“2a. Chi bộ báo cáo hằng quý.”.",
    ]
    assert written(("3. Ủy viên", "2a. Chi bộ báo cáo hằng quý.\n3. Ủy viên")) == wanted
    assert written(("3. Ủy viên", "3. Chi bộ báo cáo hằng quý.\n4. Ủy viên"), exact=False) == wanted


def test_a_new_last_clause_takes_the_plain_next_number() -> None:
    assert written(("khi cần thiết.\n", "khi cần thiết.\n3. Bầu Ban Thường vụ.\n")) == [
        "1. Bổ sung khoản 3 vào sau khoản 2 Điều 3 như sau:",
        "“3. Bầu Ban Thường vụ.”.",
    ]


def test_a_new_first_clause_stands_before_the_first() -> None:
    assert written(
        ("1. Lãnh đạo toàn", "1. Bầu Ban Thường vụ.\n2. Lãnh đạo toàn"),
        ("2. Họp thường lệ ba", "3. Họp thường lệ ba"),
        exact=False,
    ) == [
        "1. Bổ sung khoản 1a vào trước khoản 1 Điều 3 như sau:",
        "“1a. Bầu Ban Thường vụ.”.",
    ]


def test_a_point_inserted_at_the_end_quotes_the_one_whose_mark_it_changes() -> None:
    assert written(("hằng năm.\n", "hằng năm;\nd) Khen thưởng, kỷ luật.\n")) == [
        "1. Sửa đổi, bổ sung điểm c và bổ sung điểm d vào sau điểm c khoản 2 Điều 2 như sau:",
        "“c) Kế hoạch kiểm tra, giám sát hằng năm;",
        "d) Khen thưởng, kỷ luật.”.",
    ]


def test_points_inserted_take_d1_and_ten_of_them_are_one_sentence() -> None:
    new = "".join(f"{letter}) Việc thứ {k};\n" for k, letter in enumerate("bcdđeghikl", 1))
    lines = written(
        ("b) Công tác tổ chức", f"{new}m) Công tác tổ chức"), ("c) Kế hoạch", "n) Kế hoạch"), exact=False
    )
    assert lines[0] == (
        "1. Bổ sung các điểm a1, a2, a3, a4, a5, a6, a7, a8, a9 và a10 vào sau điểm a khoản 2 Điều 2 như sau:"
    )
    assert lines[1] == "“a1) Việc thứ 1;"
    assert lines[-1] == "a10) Việc thứ 10;”."


NEW_ARTICLE = "Thường trực Đảng ủy\nGiải quyết công việc hằng ngày.\n"


def test_a_new_article_between_two_of_a_chapter() -> None:
    assert (
        written((BUREAU, f"Điều 3a. {NEW_ARTICLE}{BUREAU}"))[0]
        == "1. Bổ sung Điều 3a vào sau Điều 3 như sau:"
    )


def test_a_new_article_at_a_chapter_s_border_says_in_which_it_stands() -> None:
    last = written(("Chương III", f"Điều 4a. {NEW_ARTICLE}Chương III"))
    assert last[0] == "1. Bổ sung Điều 4a vào sau Điều 4 trong Chương II như sau:"
    first = written((COMMITTEE, f"Điều 2a. {NEW_ARTICLE}{COMMITTEE}"))
    assert first[0] == "1. Bổ sung Điều 2a vào trước Điều 3 trong Chương II như sau:"


def test_a_new_chapter_comes_with_its_articles() -> None:
    new = f"Chương IIa\nLỀ LỐI LÀM VIỆC\nĐiều 4a. {NEW_ARTICLE}Điều 4b. Đi cơ sở\nĐi cơ sở hằng tháng.\n"
    assert written(("Chương III", f"{new}Chương III")) == [
        "1. Bổ sung Chương IIa vào sau Chương II như sau:",
        "“Chương IIa",
        "LỀ LỐI LÀM VIỆC",
        "Điều 4a. Thường trực Đảng ủy",
        "Giải quyết công việc hằng ngày.",
        "Điều 4b. Đi cơ sở",
        "Đi cơ sở hằng tháng.”.",
    ]


def test_a_new_section_around_articles_that_stay() -> None:
    assert written((COMMITTEE, f"Mục 1\nCẤP ỦY\n{COMMITTEE}"), (BUREAU, f"Mục 2\nTHƯỜNG VỤ\n{BUREAU}")) == [
        "1. Bổ sung Mục 1 vào trước Điều 3 trong Chương II như sau:",
        "“Mục 1",
        "CẤP ỦY”.",
        "2. Bổ sung Mục 2 vào trước Điều 4 trong Chương II như sau:",
        "“Mục 2",
        "THƯỜNG VỤ”.",
    ]


def test_an_appendix() -> None:
    first = f"{BASE}Phụ lục I\nMẪU BIỂU\nMẫu báo cáo tháng.\n"
    lines = written(
        ("báo cáo tháng.\n", "báo cáo tháng.\nPhụ lục II\nLỊCH HỌP\nHọp ngày 05 hằng tháng.\n"), base=first
    )
    assert lines == [
        "1. Bổ sung Phụ lục II vào sau Phụ lục I như sau:",
        "“Phụ lục II",
        "LỊCH HỌP",
        "Họp ngày 05 hằng tháng.”.",
    ]


def test_a_lone_appendix_gets_its_number_when_another_joins_it() -> None:
    lone = f"{BASE}Phụ lục\nMẪU BIỂU\nMẫu báo cáo tháng.\n"
    lines = written(
        ("Phụ lục\n", "Phụ lục I\n"),
        ("báo cáo tháng.\n", "báo cáo tháng.\nPhụ lục II\nLỊCH HỌP\nHọp hằng tháng.\n"),
        base=lone,
    )
    assert lines[:2] == ["1. Sửa đổi, bổ sung Phụ lục như sau:", "“Phụ lục I"]
    assert "2. Bổ sung Phụ lục II vào sau Phụ lục I như sau:" in lines


# --- repeals, moves, splits -----------------------------------------------------------------------


def test_repeals_are_collected_at_the_end() -> None:
    assert written(
        ("3. Ủy viên chịu trách nhiệm cá nhân về lĩnh vực được phân công.\n", ""),
        (COMMITTEE, ""),
        ("mỗi tháng một lần", "hai tháng một lần"),
        ("Văn phòng Đảng ủy theo dõi, đôn đốc", "Văn phòng theo dõi"),
    )[-1] == ("3. Bãi bỏ khoản 3 Điều 2 và Điều 3.")


def test_a_chapter_repealed_is_named_alone() -> None:
    assert written((f"{SECOND}{COMMITTEE}{BUREAU}", "")) == ["1. Bãi bỏ Chương II."]


def test_a_repealed_number_is_not_given_again() -> None:
    lines = written(("2. Họp thường lệ mỗi tháng một lần.\n3. Chỉ", "2. Chỉ"), exact=False)
    assert lines == ["1. Bãi bỏ khoản 2 Điều 4."]


def test_a_unit_that_only_says_it_was_repealed_is_repealed() -> None:
    assert written(("2. Họp thường lệ mỗi tháng một lần.", "2. (được bãi bỏ)")) == [
        "1. Bãi bỏ khoản 2 Điều 4."
    ]


def test_neighbours_swapped_are_both_amended() -> None:
    one, two = "Lãnh đạo toàn diện các mặt công tác ở phường.", "Họp thường lệ ba tháng một lần."
    rest = "Quyết định những vấn đề về tổ chức, cán bộ thuộc thẩm quyền theo quy định của cấp trên."
    base = BASE.replace("Họp thường lệ ba tháng một lần; họp bất thường khi cần thiết.", f"{two}\n3. {rest}")
    lines = written((f"1. {one}\n2. {two}", f"1. {two}\n2. {one}"), base=base)
    assert lines == ["1. Sửa đổi, bổ sung khoản 1 và khoản 2 Điều 3 như sau:", f"“1. {two}", f"2. {one}”."]


def test_an_article_moved_is_repealed_and_inserted() -> None:
    lines = written(
        (COMMITTEE + BUREAU, BUREAU + COMMITTEE.replace("Điều 3", "Điều 5")),
        ("Điều 5. Tổ", "Điều 6. Tổ"),
        exact=False,
    )
    assert lines[0] == "1. Bổ sung Điều 4a vào sau Điều 4 trong Chương II như sau:"
    assert lines[-1] == "2. Bãi bỏ Điều 3."


def test_an_article_moved_to_another_chapter_is_new_there() -> None:
    article = f"{COMMITTEE}".replace("Điều 3", "Điều 4")
    lines = written(
        (f"{COMMITTEE}{BUREAU}", BUREAU.replace("Điều 4", "Điều 3")),
        ("ĐIỀU KHOẢN THI HÀNH\n", f"ĐIỀU KHOẢN THI HÀNH\n{article}"),
        exact=False,
    )
    assert lines[0] == "1. Bổ sung Điều 4a vào trước Điều 5 trong Chương III như sau:"
    assert lines[-1] == "2. Bãi bỏ Điều 3."


def test_a_clause_split_is_amended_and_the_rest_inserted() -> None:
    lines = written(
        (
            "1. Tập trung dân chủ, tập thể lãnh đạo, cá nhân phụ trách, thiểu số phục tùng đa số.\n2. Các",
            "1. Tập trung dân chủ, tập thể lãnh đạo.\n2. Cá nhân phụ trách, thiểu số phục tùng đa số.\n"
            "3. Các",
        ),
        ("3. Ủy viên", "4. Ủy viên"),
        exact=False,
    )
    assert lines == [
        "1. Sửa đổi, bổ sung khoản 1 và bổ sung khoản 1a vào sau khoản 1 Điều 2 như sau:",
        "“1. Tập trung dân chủ, tập thể lãnh đạo.",
        "1a. Cá nhân phụ trách, thiểu số phục tùng đa số.”.",
    ]


def test_a_clause_made_an_article() -> None:
    clause = BUREAU.splitlines()[-1].removeprefix("3. ")
    lines = written(
        (f"3. {clause}\n", f"Điều 5. Chỉ đạo\n{clause}\n"), ("Điều 5. Tổ", "Điều 6. Tổ"), exact=False
    )
    assert lines[0] == "1. Bổ sung Điều 4a vào sau Điều 4 trong Chương II như sau:"
    assert lines[-1] == "2. Bãi bỏ khoản 3 Điều 4."


def test_a_chapter_dissolved_rewrites_the_one_that_takes_its_articles() -> None:
    lines = written((SECOND, ""), ("Chương III", "Chương II"), exact=False)
    assert lines[0] == "1. Sửa đổi, bổ sung Chương I như sau:"
    assert "Điều 4. Ban Thường vụ" in lines
    assert lines[-1] == "2. Bãi bỏ Chương II."


# --- grouped as a drafter would -------------------------------------------------------------------


def test_several_instructions_on_an_article_stand_under_one_heading() -> None:
    lines = written(
        ("b) Công tác tổ chức, cán bộ", "b) Công tác cán bộ"),
        ("3. Ủy viên chịu trách nhiệm cá nhân về lĩnh vực", "3. Mỗi ủy viên chịu mọi trách nhiệm về việc"),
    )
    assert lines == [
        "1. Sửa đổi, bổ sung một số điểm, khoản của Điều 2 như sau:",
        "a) Sửa đổi, bổ sung điểm b khoản 2 như sau:",
        "“b) Công tác cán bộ thuộc thẩm quyền;”;",
        "b) Sửa đổi, bổ sung khoản 3 như sau:",
        "“3. Mỗi ủy viên chịu mọi trách nhiệm về việc được phân công.”.",
    ]


def test_points_of_one_clause_stand_under_the_clause() -> None:
    points = "".join(f"{letter}) Việc số {k} của cấp ủy;\n" for k, letter in enumerate("dđeg", 4))
    base = BASE.replace("hằng năm.\n", f"hằng năm;\n{points}")
    lines = written(
        ("a) Chủ trương phát triển kinh tế - xã hội của phường;", "a) Chủ trương lớn;"),
        ("Kế hoạch kiểm tra, giám sát hằng năm;", "Kế hoạch kiểm tra, giám sát hằng năm;\nc1) Khen thưởng;"),
        base=base,
    )
    assert lines[0] == "1. Sửa đổi, bổ sung một số điểm của khoản 2 Điều 2 như sau:"
    assert lines[1] == "a) Sửa đổi, bổ sung điểm a như sau:"
    assert lines[3] == "b) Bổ sung điểm c1 vào sau điểm c như sau:"


def test_one_phrase_in_many_places_is_one_instruction() -> None:
    assert written(("Đảng ủy", "Đảng bộ")) == [
        "1. Thay thế cụm từ “Đảng ủy” bằng cụm từ “Đảng bộ” tại khoản 1 và khoản 2 Điều 1, "
        "Điều 2, tên Điều 3, khoản 1 và khoản 3 Điều 4 và Điều 5."
    ]


def test_a_phrase_is_lengthened_until_only_what_changed_is_named() -> None:
    lines = written(
        ("trình Đảng ủy xem xét", "trình Đại hội xem xét"),
    )
    assert lines == [
        "1. Thay thế cụm từ “trình Đảng ủy xem xét” bằng cụm từ “trình Đại hội xem xét” tại khoản 1 Điều 4."
    ]


# --- the head -------------------------------------------------------------------------------------


def test_the_base_is_named_as_in_a_sentence() -> None:
    assert base_name(read(BASE, "b")) == "Quy chế làm việc của đảng ủy phường"
    law = (LAW / "before.txt").read_text(encoding="utf-8")
    assert base_name(read(law, "b")) == "Luật Kiểm toán nhà nước"


@pytest.mark.parametrize(
    ("base", "wanted"),
    [
        ("LUẬT", "LUẬT"),
        ("BỘ LUẬT", "LUẬT"),
        ("QUY CHẾ", "QUYẾT ĐỊNH"),
        ("NGHỊ QUYẾT", "NGHỊ QUYẾT"),
        ("", "QUYẾT ĐỊNH"),
    ],
)
def test_a_text_is_amended_by_one_of_its_kind_and_a_regulation_by_a_decision(base: str, wanted: str) -> None:
    assert instrument_type(base) == wanted


def test_nothing_changed_gives_no_instruction() -> None:
    found = proof(BASE, BASE)
    assert found.holds
    assert found.instrument.instructions == ()
