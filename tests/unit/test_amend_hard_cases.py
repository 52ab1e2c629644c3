"""Unusual but legal instructions, and what they make of a regulation: the lines that go and come.

Forms of Vietnamese laws, of decisions in the manner of the Party, and of the traps other systems'
suites know (renumbering, moves, merges, omitted text, several hands on one unit).
"""

from __future__ import annotations

from difflib import ndiff

import pytest

from duthao.domain.amend.applying import Applied, apply
from duthao.domain.document import Document
from duthao.domain.outline import canonical_text
from duthao.domain.structure import parse
from tests.support.regulation import REGULATION
from tests.support.texts import counter

APPENDICES = """Phụ lục I
MẪU BÁO CÁO
1. Phần mở đầu.
2. Phần kết luận.
Phụ lục II
DANH MỤC
- Mục thứ nhất;
- Mục thứ hai.
"""


def read(text: str) -> Document:
    return parse(text, new_id=counter()).document


BASE = read(REGULATION + APPENDICES)


def applied(instructions: str) -> Applied:
    heading = "Điều 1. Sửa đổi, bổ sung một số điều của Quy chế làm việc\n"
    return apply(BASE, heading + instructions, new_id=counter("new"))


def changed(result: Applied) -> list[str]:
    lines = canonical_text(BASE).splitlines(), canonical_text(result.document).splitlines()
    return [f"{line[0]}{line[2:]}" for line in ndiff(*lines) if line[0] in "+-"]


CASES = {
    "a phrase put in after another": (
        "1. Bổ sung cụm từ “, đoàn thể” vào sau cụm từ “cơ quan” tại Điều 4.",
        [
            "-Ban Chấp hành có quyền quyết định kinh phí, nhân sự và bộ máy của cơ quan.",
            "+Ban Chấp hành có quyền quyết định kinh phí, nhân sự và bộ máy của cơ quan, đoàn thể.",
        ],
    ),
    "a phrase put at the end of a unit named first": (
        "1. Bổ sung vào cuối khoản 1 Điều 3 cụm từ “và nghị quyết của cấp trên”.",
        [
            "-1. Lãnh đạo thực hiện nghị quyết đại hội.",
            "+1. Lãnh đạo thực hiện nghị quyết đại hội và nghị quyết của cấp trên.",
        ],
    ),
    "a phrase put after another, the place between the two": (
        "1. Bổ sung vào sau cụm từ “nhân sự” tại Điều 4 cụm từ “, tài sản”.",
        [
            "-Ban Chấp hành có quyền quyết định kinh phí, nhân sự và bộ máy của cơ quan.",
            "+Ban Chấp hành có quyền quyết định kinh phí, nhân sự, tài sản và bộ máy của cơ quan.",
        ],
    ),
    "a phrase repealed": (
        "1. Bãi bỏ cụm từ “, giám sát” tại điểm b khoản 2 Điều 2.",
        ["-b) Kế hoạch kiểm tra, giám sát;", "+b) Kế hoạch kiểm tra;"],
    ),
    "a phrase at clauses and points of one article": (
        "1. Thay thế cụm từ “Ban Thường vụ” bằng cụm từ “Thường trực” tại các khoản 1, 2 và 3 Điều 5, "
        "điểm e khoản 2 Điều 2.",
        [
            "-e) Các vấn đề khác do Ban Thường vụ trình.",
            "+e) Các vấn đề khác do Thường trực trình.",
            "-1. Ban Thường vụ lãnh đạo, kiểm tra việc thực hiện nghị quyết.",
            "-2. Ban Thường vụ quyết định triệu tập hội nghị:",
            "+1. Thường trực lãnh đạo, kiểm tra việc thực hiện nghị quyết.",
            "+2. Thường trực quyết định triệu tập hội nghị:",
            "-3. Ban Thường vụ báo cáo Ban Chấp hành về:",
            "+3. Thường trực báo cáo Ban Chấp hành về:",
        ],
    ),
    "a phrase in the whole text, capitals kept": (
        "1. Thay thế cụm từ “Ban Thường vụ” bằng cụm từ “Thường trực” trong toàn bộ Quy chế.\n"
        "2. Thay thế cụm từ “Thường trực” bằng cụm từ “Ban Thường vụ” tại Điều 2, Điều 5, khoản 2 Điều 6.",
        ["-Mục 2 BAN THƯỜNG VỤ", "+Mục 2 THƯỜNG TRỰC"],
    ),
    "the sign at the end of points": (
        "1. Tại điểm a và điểm b khoản 3 Điều 5, thay dấu “;” bằng dấu “,”.",
        [
            "-a) Hoạt động giữa hai kỳ hội nghị;",
            "-b) Công tác cán bộ thuộc thẩm quyền;",
            "+a) Hoạt động giữa hai kỳ hội nghị,",
            "+b) Công tác cán bộ thuộc thẩm quyền,",
        ],
    ),
    "the title of a chapter": (
        "1. Sửa đổi tên Chương II như sau: “TRÁCH NHIỆM, QUYỀN HẠN VÀ QUAN HỆ CÔNG TÁC”.",
        ["-Chương II TRÁCH NHIỆM VÀ QUYỀN HẠN", "+Chương II TRÁCH NHIỆM, QUYỀN HẠN VÀ QUAN HỆ CÔNG TÁC"],
    ),
    "the title of a section of two with its number": (
        "1. Sửa đổi tên Mục 2 Chương III như sau:\n“Mục 2. CHẾ ĐỘ BÁO CÁO, THÔNG TIN”.",
        ["-Mục 2 CHẾ ĐỘ BÁO CÁO", "+Mục 2 CHẾ ĐỘ BÁO CÁO, THÔNG TIN"],
    ),
    "a lead-in, its number left out": (
        "1. Sửa đổi, bổ sung đoạn mở đầu khoản 2 Điều 2 như sau: “Ban Chấp hành quyết định:”.",
        ["-2. Ban Chấp hành quyết định các vấn đề sau:", "+2. Ban Chấp hành quyết định:"],
    ),
    "two clauses after one": (
        "1. Bổ sung khoản 3a, 3b vào sau khoản 3 Điều 2 như sau:\n"
        "“3a. Cá nhân phục tùng tổ chức.\n3b. Toàn Đảng phục tùng Trung ương.”.",
        ["+3a. Cá nhân phục tùng tổ chức.", "+3b. Toàn Đảng phục tùng Trung ương."],
    ),
    "quotations in a quotation": (
        "1. Sửa đổi, bổ sung khoản 3 Điều 2 như sau:\n“3. Cấp dưới phục tùng cấp trên (gọi là “nguyên "
        "tắc phục tùng”); các từ “phục tùng” hiểu theo nghĩa này.”.",
        [
            "-3. Cấp dưới phục tùng cấp trên.",
            "+3. Cấp dưới phục tùng cấp trên (gọi là “nguyên tắc phục tùng”); các từ “phục tùng” hiểu "
            "theo nghĩa này.",
        ],
    ),
    "low quotation marks": (
        "1. Sửa đổi khoản 3 Điều 2 như sau:\n„3. Cấp dưới phục tùng cấp trên và tổ chức.“.",
        ["-3. Cấp dưới phục tùng cấp trên.", "+3. Cấp dưới phục tùng cấp trên và tổ chức."],
    ),
    "the letter đ, and one put in behind it": (
        "1. Sửa đổi điểm đ khoản 2 Điều 2 như sau:\n“đ) Việc khen thưởng, kỷ luật;”.\n"
        "2. Bổ sung điểm đ1 vào sau điểm đ khoản 2 Điều 2 như sau:\n“đ1) Việc phân công cấp ủy viên;”.",
        [
            "-đ) Việc khen thưởng;",
            "+đ) Việc khen thưởng, kỷ luật;",
            "+đ1) Việc phân công cấp ủy viên;",
        ],
    ),
    "a section after a section of a chapter": (
        "1. Bổ sung Mục 2a vào sau Mục 2 Chương III như sau:\n“Mục 2a\nCHẾ ĐỘ KIỂM TRA\nĐiều 8a. Kiểm "
        "tra\n1. Kiểm tra định kỳ.”.",
        ["+Mục 2a CHẾ ĐỘ KIỂM TRA", "+Điều 8a. Kiểm tra", "+1. Kiểm tra định kỳ."],
    ),
    "repeals across semicolons": (
        "1. Bãi bỏ điểm c khoản 2; khoản 4 Điều 7 và Điều 9.",
        [
            "-c) Trực tiếp.",
            "-4. Báo chí được mời dự phiên khai mạc.",
            "-Điều 9. Kinh phí",
            "-Kinh phí do ngân sách bảo đảm.",
        ],
    ),
    "repeals of a section, an appendix and parts of an article": (
        "1. Bãi bỏ điểm b khoản 2, khoản 3 Điều 5; Mục 2 Chương III và Phụ lục II.",
        [
            "-b) Hội nghị bất thường.",
            "-3. Ban Thường vụ báo cáo Ban Chấp hành về:",
            "-a) Hoạt động giữa hai kỳ hội nghị;",
            "-b) Công tác cán bộ thuộc thẩm quyền;",
            "-c) Công tác tài chính.",
            "-Mục 2 CHẾ ĐỘ BÁO CÁO",
            "-Điều 8. Chế độ báo cáo",
            "-1. Báo cáo định kỳ hằng quý.",
            "-2. Báo cáo đột xuất khi có yêu cầu.",
            "-Phụ lục II DANH MỤC",
            "-- Mục thứ nhất;",
            "-- Mục thứ hai.",
        ],
    ),
    "a range of clauses": (
        "1. Bãi bỏ các khoản từ 3 đến 4 Điều 7.",
        ["-3. Thông tin mật thực hiện theo quy định.", "-4. Báo chí được mời dự phiên khai mạc."],
    ),
    "three instructions on one unit, in order": (
        "1. Sửa đổi khoản 2 Điều 7 như sau:\n“2. Việc cung cấp thông tin, tài liệu:\na) Bằng văn bản;\n"
        "b) Qua mạng;\nc) Trực tiếp.”.\n2. Bổ sung điểm d vào khoản 2 Điều 7 như sau:\n“d) Qua báo chí.”.\n"
        "3. Thay thế cụm từ “mạng” bằng cụm từ “mạng máy tính” tại điểm b khoản 2 Điều 7.",
        [
            "-2. Việc cung cấp thông tin thực hiện như sau:",
            "+2. Việc cung cấp thông tin, tài liệu:",
            "-b) Qua mạng;",
            "+b) Qua mạng máy tính;",
            "+d) Qua báo chí.",
        ],
    ),
    "amended, added and repealed in one sentence": (
        "1. Sửa đổi, bổ sung khoản 1, bổ sung khoản 1a vào sau khoản 1 và bãi bỏ khoản 3 Điều 7 như sau:\n"
        "“1. Văn phòng thông báo.\n1a. Thông báo bằng văn bản.”.",
        [
            "-1. Văn phòng thông báo kết quả hội nghị.",
            "+1. Văn phòng thông báo.",
            "+1a. Thông báo bằng văn bản.",
            "-3. Thông tin mật thực hiện theo quy định.",
        ],
    ),
    "points of two clauses, the clauses only shown": (
        "1. Sửa đổi, bổ sung điểm a khoản 2 và điểm c khoản 3 Điều 5 như sau:\n“2. …\na) Hội nghị thường "
        "kỳ, chuyên đề;\n…\n3. (...)\nc) Công tác tài chính, tài sản.”.",
        [
            "-a) Hội nghị thường kỳ;",
            "+a) Hội nghị thường kỳ, chuyên đề;",
            "-c) Công tác tài chính.",
            "+c) Công tác tài chính, tài sản.",
        ],
    ),
    "articles renumbered": (
        "1. Các Điều 9, 10 được đánh số lại thành Điều 10, 11.",
        [
            "-Điều 9. Kinh phí",
            "+Điều 10. Kinh phí",
            "-Điều 10. Hiệu lực thi hành",
            "+Điều 11. Hiệu lực thi hành",
        ],
    ),
    "a new article at a number that its owner leaves; the numbers are those in force": (
        "1. Bổ sung Điều 9 vào sau Điều 8 như sau:\n“Điều 9. Lưu trữ\nVăn phòng lưu trữ.”.\n"
        "2. Thay cụm từ “ngân sách” bằng cụm từ “ngân sách Đảng” tại Điều 9.\n"
        "3. Điều 9 và Điều 10 được đánh số lại thành Điều 10 và Điều 11.",
        [
            "+Điều 9. Lưu trữ",
            "+Văn phòng lưu trữ.",
            "-Điều 9. Kinh phí",
            "-Kinh phí do ngân sách bảo đảm.",
            "-Điều 10. Hiệu lực thi hành",
            "+Điều 10. Kinh phí",
            "+Kinh phí do ngân sách Đảng bảo đảm.",
            "+Điều 11. Hiệu lực thi hành",
        ],
    ),
    "clauses renumbered in the active voice": (
        "1. Đánh số lại khoản 3, khoản 4 Điều 7 thành khoản 4, khoản 5.",
        [
            "-3. Thông tin mật thực hiện theo quy định.",
            "-4. Báo chí được mời dự phiên khai mạc.",
            "+4. Thông tin mật thực hiện theo quy định.",
            "+5. Báo chí được mời dự phiên khai mạc.",
        ],
    ),
    "a clause moved to another article": (
        "1. Chuyển khoản 4 Điều 7 thành khoản 3 Điều 8.",
        ["-4. Báo chí được mời dự phiên khai mạc.", "+3. Báo chí được mời dự phiên khai mạc."],
    ),
    "two clauses merged": (
        "1. Khoản 3 và khoản 4 Điều 2 được gộp thành khoản 3 như sau:\n“3. Cấp dưới phục tùng cấp trên, "
        "thiểu số phục tùng đa số.”.",
        [
            "-3. Cấp dưới phục tùng cấp trên.",
            "-4. Thiểu số phục tùng đa số.",
            "+3. Cấp dưới phục tùng cấp trên, thiểu số phục tùng đa số.",
        ],
    ),
    "a clause split": (
        "1. Tách khoản 1 Điều 5 thành khoản 1 và khoản 1a như sau:\n“1. Ban Thường vụ lãnh đạo việc thực "
        "hiện nghị quyết.\n1a. Ban Thường vụ kiểm tra việc thực hiện nghị quyết.”.",
        [
            "-1. Ban Thường vụ lãnh đạo, kiểm tra việc thực hiện nghị quyết.",
            "+1. Ban Thường vụ lãnh đạo việc thực hiện nghị quyết.",
            "+1a. Ban Thường vụ kiểm tra việc thực hiện nghị quyết.",
        ],
    ),
    "an article exchanged for two": (
        "1. Thay thế Điều 9 bằng Điều 9 và Điều 9a như sau:\n“Điều 9. Kinh phí\nKinh phí do ngân sách.\n"
        "Điều 9a. Trang thiết bị\nDo Văn phòng bảo đảm.”.",
        [
            "-Kinh phí do ngân sách bảo đảm.",
            "+Kinh phí do ngân sách.",
            "+Điều 9a. Trang thiết bị",
            "+Do Văn phòng bảo đảm.",
        ],
    ),
    "points written with a full stop": (
        "1. Sửa đổi điểm a, b khoản 2 Điều 5 như sau:\n“a. Hội nghị định kỳ;\nb. Hội nghị đột xuất.”.",
        [
            "-a) Hội nghị thường kỳ;",
            "-b) Hội nghị bất thường.",
            "+a) Hội nghị định kỳ;",
            "+b) Hội nghị đột xuất.",
        ],
    ),
    "a final article that speaks of transition is no instruction": (
        "1. Bãi bỏ Điều 9.\nĐiều 2. Chuyển tiếp\nVăn bản đang soạn thảo thực hiện theo Quy chế cũ.\n"
        "Điều 3. Hiệu lực thi hành\n1. Quyết định này có hiệu lực từ ngày ký.",
        ["-Điều 9. Kinh phí", "-Kinh phí do ngân sách bảo đảm."],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_an_unusual_instruction_makes_of_the_text(name: str) -> None:
    instructions, lines = CASES[name]
    result = applied(instructions)
    assert result.refusals == ()
    assert sorted(changed(result)) == sorted(lines)


def test_a_clause_moves_with_what_stands_under_it_and_keeps_its_ids() -> None:
    result = applied("1. Chuyển khoản 2 Điều 7 thành khoản 3 Điều 8.")
    assert sorted(p.id for p in result.document.provisions) == sorted(p.id for p in BASE.provisions)
    text = canonical_text(result.document)
    assert (
        "2. Báo cáo đột xuất khi có yêu cầu.\n3. Việc cung cấp thông tin thực hiện như sau:\na) Bằng" in text
    )


@pytest.mark.parametrize(
    ("instruction", "code"),
    [
        ("Khoản 3 Điều 7 được đánh số lại thành khoản 4.", "amend_unit_exists"),
        ("Khoản 4 Điều 7 được đánh số lại thành khoản 2a.", "amend_place_unclear"),
        ("Khoản 3 và khoản 4 Điều 7 được đánh số lại thành khoản 5.", "amend_exchange_unclear"),
        ("Khoản 3 Điều 7 được đánh số lại thành Điều 7a.", "amend_exchange_unclear"),
        ("Chuyển khoản 4 Điều 7 thành khoản 2 Điều 8.", "amend_unit_exists"),
        ("Gộp khoản 3 và khoản 4 Điều 2 thành khoản 3.", "amend_new_text_missing"),
        ("Gộp khoản 3 và khoản 4 Điều 2 thành khoản 5 như sau:\n“5. Một.”.", "amend_exchange_unclear"),
        ("Sửa đổi khoản 2 Điều 2 như sau:\n“2. Quyết định:\na) Một;\n…\ne) Hai.”.", "amend_text_elided"),
        ("Thay thế Phụ lục I bằng Phụ lục I ban hành kèm theo Quyết định này.", "amend_new_text_missing"),
        (
            "Thay cụm từ “03 tháng” tại khoản 1 và cụm từ “mỗi tháng” tại khoản 2 Điều 6 bằng cụm từ “quý”.",
            "amend_phrase_pairs_unclear",
        ),
        ("Thay cụm từ “kinh phí” bằng cụm từ “tiền” tại Điều 4, trừ khoản 3.", "amend_unreadable"),
    ],
)
def test_what_is_not_clear_changes_nothing(instruction: str, code: str) -> None:
    result = applied(f"1. {instruction}")
    assert [refused.code for refused in result.refusals] == [code]
    assert canonical_text(result.document) == canonical_text(BASE)
