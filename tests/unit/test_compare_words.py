"""Words inside a pair, drawn as [-deleted-] and {+inserted+}."""

from __future__ import annotations

import unicodedata

import pytest

from duthao.domain.compare.matching import MAX_WORK
from duthao.domain.compare.tokens import tokens
from duthao.domain.compare.words import is_replaced, word_spans


def drawn(before: str, after: str) -> str:
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(signs[op].format(text) for op, text in word_spans(before, after))


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


WHOLE = [
    ("negation", "được tiết lộ", "không được tiết lộ", "{+không +}được tiết lộ"),
    ("negation taken out", "tuyệt đối không được làm", "tuyệt đối được làm", "tuyệt đối[- không-] được làm"),
    (
        "date",
        "ngày 05 tháng 9 năm 2026 của",
        "ngày 15 tháng 9 năm 2026 của",
        "[-ngày 05 tháng 9 năm 2026-]{+ngày 15 tháng 9 năm 2026+} của",
    ),
    (
        "date in figures",
        "kể từ 05/9/2026 trở đi",
        "kể từ 06/9/2026 trở đi",
        "kể từ [-05/9/2026-]{+06/9/2026+} trở đi",
    ),
    (
        "year",
        "trong năm 2026 phải xong",
        "trong năm 2027 phải xong",
        "trong [-năm 2026-]{+năm 2027+} phải xong",
    ),
    ("term", "Trong 15 ngày, kể từ", "Trong 10 ngày, kể từ", "Trong [-15 ngày-]{+10 ngày+}, kể từ"),
    (
        "unit",
        "Trong 15 ngày, kể từ",
        "Trong 15 ngày làm việc, kể từ",
        "Trong [-15 ngày-]{+15 ngày làm việc+}, kể từ",
    ),
    (
        "amount",
        "mức chi 1.000.000 đồng một lần",
        "mức chi 10.000.000 đồng một lần",
        "mức chi [-1.000.000 đồng-]{+10.000.000 đồng+} một lần",
    ),
    (
        "amount in words",
        "gồm 03 (ba) ủy viên",
        "gồm 05 (năm) ủy viên",
        "gồm [-03 (ba) ủy viên-]{+05 (năm) ủy viên+}",
    ),
    ("percentage", "tăng 12,5% so với", "tăng 13% so với", "tăng [-12,5%-]{+13%+} so với"),
    ("power", "rộng 10² mét vuông đất", "rộng 102 mét vuông đất", "rộng [-10²-]{+102+} mét vuông đất"),
    (
        "fraction",
        "ít nhất 2/3 tổng số ủy viên",
        "ít nhất 1/2 tổng số ủy viên",
        "ít nhất [-2/3-]{+1/2+} tổng số ủy viên",
    ),
    (
        "fraction in words",
        "quá hai phần ba số ủy viên",
        "quá ba phần tư số ủy viên",
        "quá [-hai phần ba-]{+ba phần tư+} số ủy viên",
    ),
    (
        "document number",
        "Quy định 66-QĐ/TW nêu rõ",
        "Quy định 66-QC/TW nêu rõ",
        "Quy định [-66-QĐ/TW-]{+66-QC/TW+} nêu rõ",
    ),
    (
        "reference",
        "theo khoản 2 Điều 5 này",
        "theo khoản 3 Điều 5 này",
        "theo [-khoản 2 Điều 5-]{+khoản 3 Điều 5+} này",
    ),
    (
        "address",
        "gửi về a.b@tinh.vn trước khi họp",
        "gửi về a.c@tinh.vn trước khi họp",
        "gửi về [-a.b@tinh.vn-]{+a.c@tinh.vn+} trước khi họp",
    ),
    ("label", "đúng điều 5a trước hết", "đúng điều 5b trước hết", "đúng [-điều 5a-]{+điều 5b+} trước hết"),
    ("tone", "kiểm toán nội bộ", "kiểm toan nội bộ", "kiểm [-toán-]{+toan+} nội bộ"),
]


@pytest.mark.parametrize(
    ("before", "after", "shown"), [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE]
)
def test_what_must_not_be_overlooked_is_changed_whole(before: str, after: str, shown: str) -> None:
    assert drawn(before, after) == shown
    assert drawn(nfd(before), nfd(after)) == nfd(shown)


READABLE = [
    (
        "whole syllables",
        "Cơ quan cấp huyện phải thông báo cho người sử dụng đất.",
        "Cơ quan cấp xã có trách nhiệm thông báo bằng văn bản cho người có quyền sử dụng đất.",
        "Cơ quan cấp [-huyện phải-]{+xã có trách nhiệm+} thông báo{+ bằng văn bản+} cho người"
        "{+ có quyền+} sử dụng đất.",
    ),
    (
        "a member of a list, with its comma",
        "cơ quan, tổ chức, hội",
        "cơ quan, tổ chức, cá nhân, hội",
        "cơ quan, tổ chức{+, cá nhân+}, hội",
    ),
    (
        "the last member, with its comma",
        "cơ quan, tổ chức có trách nhiệm",
        "cơ quan, tổ chức, cá nhân có trách nhiệm",
        "cơ quan, tổ chức{+, cá nhân+} có trách nhiệm",
    ),
    (
        "the first member, which begins as the next",
        "gồm ủy viên Ban Chấp hành",
        "gồm ủy viên Ban Thường vụ, ủy viên Ban Chấp hành",
        "gồm{+ ủy viên Ban Thường vụ,+} ủy viên Ban Chấp hành",
    ),
    (
        "a phrase behind its joining word",
        "quyền của tổ chức đối với",
        "quyền của tổ chức và của cá nhân đối với",
        "quyền của tổ chức{+ và của cá nhân+} đối với",
    ),
    (
        "a phrase before its joining word",
        "quyền của tổ chức đối với",
        "quyền của cá nhân và của tổ chức đối với",
        "quyền{+ của cá nhân và+} của tổ chức đối với",
    ),
    (
        "a sentence that begins as the next",
        "Ban họp kín. Biên bản được lưu.",
        "Ban họp kín. Biên bản được gửi. Biên bản được lưu.",
        "Ban họp kín.{+ Biên bản được gửi.+} Biên bản được lưu.",
    ),
    (
        "one kept word between two changed ones is no island",
        "theo đề nghị của Chánh án về nhân sự",
        "theo đề xuất của Viện trưởng về nhân sự",
        "theo đề [-nghị của Chánh án-]{+xuất của Viện trưởng+} về nhân sự",
    ),
    (
        "a kept word beside a mere sign stays",
        "Mỗi tháng họp ba lần;",
        "Mỗi tháng họp bốn lần.",
        "Mỗi tháng họp [-ba-]{+bốn+} lần[-;-]{+.+}",
    ),
    (
        "brackets as a pair",
        "theo quy định (nếu có) của tỉnh",
        "theo quy định nếu có của tỉnh",
        "theo quy định [-(nếu có)-]{+nếu có+} của tỉnh",
    ),
    (
        "a bracket taken out",
        "Ủy ban (sau đây gọi tắt là Ban) họp",
        "Ủy ban họp",
        "Ủy ban[- (sau đây gọi tắt là Ban)-] họp",
    ),
    (
        "quotation marks as a pair",
        "là tổ chức đảng trực thuộc",
        "là “tổ chức đảng” trực thuộc",
        "là [-tổ chức đảng-]{+“tổ chức đảng”+} trực thuộc",
    ),
    (
        "a new beginning",
        "Các cơ quan báo cáo kết quả.",
        "Trong năm, các cơ quan báo cáo kết quả.",
        "[-Các-]{+Trong năm, các+} cơ quan báo cáo kết quả.",
    ),
    (
        "members exchanged",
        "Người đứng đầu cấp ủy, tổ chức đảng chịu trách nhiệm",
        "Người đứng đầu tổ chức đảng, cấp ủy chịu trách nhiệm",
        "Người đứng đầu[- cấp ủy,-] tổ chức đảng{+, cấp ủy+} chịu trách nhiệm",
    ),
    (
        "English",
        "The Member States shall ensure that the data are accurate.",
        "Member States may ensure, where appropriate, that such data are accurate and complete.",
        "[-The -]Member States [-shall ensure that the-]{+may ensure, where appropriate, that such+}"
        " data are accurate{+ and complete+}.",
    ),
    (
        "German",
        "Die Kündigung nach § 5 Abs. 2 bedarf der Schriftform.",
        "Die Kündigung nach § 5 Abs. 3 bedarf der Textform.",
        "Die Kündigung nach [-§ 5 Abs. 2-]{+§ 5 Abs. 3+} bedarf der [-Schriftform-]{+Textform+}.",
    ),
    (
        "a first word and its comma",
        "Zeichen das sie setzen",
        "Zeichen, dass sie setzen",
        "Zeichen[- das-]{+, dass+} sie setzen",
    ),
    (
        "a sentence behind",
        "Das lehnen wir ab.",
        "Das lehnen wir ab. Andere sehen es ebenso.",
        "Das lehnen wir ab.{+ Andere sehen es ebenso.+}",
    ),
    (
        "a sentence in front",
        "So viele Leute wie heute",
        "Wir stehen davor usw. So viele Leute wie heute",
        "{+Wir stehen davor usw. +}So viele Leute wie heute",
    ),
    (
        "a clause between two commas",
        "Der Rat riet ab, da es dort von Fehlern wimmele, doch er ging.",
        "Der Rat riet ab, doch er ging.",
        "Der Rat riet ab[-, da es dort von Fehlern wimmele-], doch er ging.",
    ),
    (
        "a sentence between two",
        "Er ist schützenswert. Daten sind nach Art. 8 der Charta geschützt. (Quelle)",
        "Er ist schützenswert. (Quelle)",
        "Er ist schützenswert.[- Daten sind nach Art. 8 der Charta geschützt.-] (Quelle)",
    ),
    ("one sign of many", "🙂🙂🫶🏼🙂 gut", "🙂🙂🫶🏾🙂 gut", "🙂🙂[-🫶🏼-]{+🫶🏾+}🙂 gut"),
    ("other brackets", "a (b) c d e", "a [b] c d e", "a [-(b)-]{+[b]+} c d e"),
    (
        "members of a list at both ends",
        "có thẩm quyền ban hành, sửa đổi, bổ sung",
        "có thẩm quyền xem xét, ban hành, sửa đổi, bổ sung, bãi bỏ",
        "có thẩm quyền{+ xem xét,+} ban hành, sửa đổi, bổ sung{+, bãi bỏ+}",
    ),
    (
        "a document for another",
        "theo Quy định số 66-QĐ/TW, ngày 06/02/2017 của Ban Bí thư",
        "theo Hướng dẫn số 05-HD/TW, ngày 06/02/2026 của Ban Bí thư",
        "theo [-Quy định số 66-QĐ/TW, ngày 06/02/2017-]{+Hướng dẫn số 05-HD/TW, ngày 06/02/2026+}"
        " của Ban Bí thư",
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "shown"), [case[1:] for case in READABLE], ids=[case[0] for case in READABLE]
)
def test_a_change_reads_like_this(before: str, after: str, shown: str) -> None:
    assert drawn(before, after) == shown


SPELLING = [
    ("list-end punctuation", "hồ sơ hợp lệ;", "hồ sơ hợp lệ.", "hồ sơ hợp lệ[-;-]{+.+}"),
    ("case only", "BAN THƯỜNG VỤ họp", "Ban Thường vụ họp", "[-BAN THƯỜNG VỤ-]{+Ban Thường vụ+} họp"),
    ("tone placement", "tổ chức hòa giải", "tổ chức hoà giải", "tổ chức [-hòa-]{+hoà+} giải"),
    ("Đ", "Ðảng bộ xã", "Đảng bộ xã", "[-Ðảng-]{+Đảng+} bộ xã"),
    ("NFC and NFD", "cấp ủy cơ sở", f"cấp {nfd('ủy')} cơ sở", f"cấp [-ủy-]{{+{nfd('ủy')}+}} cơ sở"),
    ("no-break space", "mười\u00a0hai xã", "mười hai xã", "[-mười\u00a0hai-]{+mười hai+} xã"),
    ("quotes", "gọi là “Ban” này", 'gọi là "Ban" này', 'gọi là [-“-]{+"+}Ban[-”-]{+"+} này'),
    ("line breaks from PDF", "cấp ủy\ncơ sở", "cấp ủy cơ sở", "cấp ủy[-\n-]{+ +}cơ sở"),
    (
        "beside a change of words",
        "Uỷ ban nhân dân xã hoà giải",
        "Ủy ban nhân dân huyện hòa giải",
        "[-Uỷ-]{+Ủy+} ban nhân dân [-xã-]{+huyện+} [-hoà-]{+hòa+} giải",
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "shown"), [case[1:] for case in SPELLING], ids=[case[0] for case in SPELLING]
)
def test_a_change_of_spelling_touches_nothing_else(before: str, after: str, shown: str) -> None:
    assert drawn(before, after) == shown


def test_a_full_rewrite_is_one_change() -> None:
    assert drawn("một con đường dài", "bốn năm sáu bảy") == "[-một con đường dài-]{+bốn năm sáu bảy+}"


def test_a_rewrite_with_strewn_common_words_is_one_change() -> None:
    before = "Ban Thường vụ quyết định chủ trương của công tác cán bộ và chế độ họp."
    after = "Văn phòng giúp việc lưu trữ tài liệu, hồ sơ của các kỳ đại hội và sổ sách khác."
    assert [op for op, _ in word_spans(before, after)] == ["-", "+"]
    assert is_replaced(word_spans(before, after))


def test_an_empty_side() -> None:
    assert drawn("", "thêm") == "{+thêm+}"
    assert drawn("bớt", "") == "[-bớt-]"
    assert word_spans("", "") == ()


@pytest.mark.parametrize(
    "whole",
    [
        "5a", "đ1)", "a)", "1.000.000", "12,5 %", "2/3", "2/3 (hai phần ba)", "03 (ba)", "15 ngày làm việc",
        "1.000.000 đồng (một triệu đồng)", "hai phần ba", "ba mươi lăm", "05/9/2026", "ngày 05/9/2026",
        "ngày 05", "ngày 05 tháng 9", "ngày 05 tháng 9 năm 2026", "tháng 9 năm 2026", "năm 2026", "2020-2025",
        "294-QĐ/TW",
        "191/2026/NĐ-CP", "05-NQ/ĐU", "điểm a khoản 2 Điều 5", "Mục 2 Chương III", "a.b@tinh.vn",
        "vanphong@tinh.vn",
        "https://a.vn/b?c=1",
        "nghiêng", "Mác-Lênin", "Q1", "§ 5 Abs. 2", "Article 5(2)", "1 July 2026", "3. Oktober 2026", "don't",
        "Bürger*innen", "wert123wert", "👨‍👩‍👧",
    ],
)  # fmt: skip
def test_one_token(whole: str) -> None:
    assert tokens(f"trời {whole} đẹp").cores() == ["trời", whole, "đẹp"]
    assert tokens(nfd(f"trời {whole} đẹp")).cores() == [nfd("trời"), nfd(whole), nfd("đẹp")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ngày 5, 6", ["ngày 5", ",", "6"]),
        ("(15 ngày)", ["(", "15 ngày", ")"]),
        ("(điểm a)", ["(", "điểm a", ")"]),
        ("15 ngày (không kể", ["15 ngày", "(", "không", "kể"]),
        ("hết.", ["hết", "."]),
        ("Điều này", ["Điều", "này"]),
        ("........ ký", ["........", "ký"]),
        ("ng\u00adhỉ", ["ng\u00adhỉ"]),
    ],
)
def test_no_more_than_one_token(text: str, parts: list[str]) -> None:
    assert tokens(text).cores() == parts


def test_long_texts_are_kept_where_they_are_the_same() -> None:
    """Every word stands six times: far more pairs than are looked at in one step."""
    signs = "abcdefghij"
    words = [f"t{signs[n % 10]}{signs[n // 10 % 10]}{signs[n // 100 % 10]}" for n in range(1000)]
    before, after = " ".join([*words * 6, "cũ"]), " ".join([*words * 3, "MỐC", *words * 3])
    assert drawn(before, after).count("[-") == 1
    assert ("+", "MỐC ") in word_spans(before, after) or ("+", " MỐC") in word_spans(before, after)


def test_texts_of_one_word_end_within_the_work_allowed() -> None:
    count = 3000
    assert count * count > MAX_WORK
    spans = word_spans("a b " * count, "b a c " * count)
    assert "".join(text for op, text in spans if op != "+") == "a b " * count
