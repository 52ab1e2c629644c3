"""Applying amending documents: the sample law exactly, then each operation and each refusal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from duthao.domain.amend.applying import Applied, apply
from duthao.domain.document import CharOffset, Document, Mark, MarkKind, NumberingPolicy
from duthao.domain.errors import Refusal
from duthao.domain.outline import canonical_text
from duthao.domain.structure import parse
from duthao.messages import LANGUAGES, Catalogue
from tests.support.texts import art, ch, cl, counter, doc, row, table

LAW = Path(__file__).parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"


def read(text: str) -> Document:
    return parse(text, new_id=counter()).document


def law(name: str) -> str:
    return (LAW / name).read_text(encoding="utf-8")


def applied(before: str, amending: str, article: str | None = None, **options: bool) -> Applied:
    return apply(read(before), amending, new_id=counter("new"), article=article, **options)


def test_the_sample_law_is_amended_exactly() -> None:
    result = applied(law("before.txt"), law("amending.txt"), article="1")
    assert result.refusals == ()
    assert canonical_text(result.document) == canonical_text(read(law("after.txt")))
    assert len(result.instructions) == 21
    assert result.document.policy is NumberingPolicy.KEEP


def test_the_article_that_speaks_to_the_base_is_told_by_its_title() -> None:
    assert applied(law("before.txt"), law("amending.txt")).articles == ("1",)


def test_an_amending_document_may_be_given_parsed() -> None:
    amending = read(law("amending.txt"))
    result = apply(read(law("before.txt")), amending, new_id=counter("new"), article="1")
    assert canonical_text(result.document) == canonical_text(read(law("after.txt")))


def test_untouched_provisions_keep_their_ids() -> None:
    before = read(law("before.txt"))
    result = applied(law("before.txt"), law("amending.txt"), article="1")
    texts = {p.id: p.text for p in before.provisions}
    after = {p.id: p.text for p in result.document.provisions}
    same = [id for id in texts if after.get(id) == texts[id]]
    assert len(same) >= len(texts) - 30
    assert all(id.startswith("new") for id in after if id not in texts)


BASE = """QUY CHẾ
LÀM VIỆC CỦA BAN CHẤP HÀNH
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Quy chế này quy định chế độ họp.
2. Ban Thường vụ có nhiệm vụ:
a) Lãnh đạo các cơ quan, tổ chức;
b) Kiểm tra Uỷ ban nhân dân;
c) Báo cáo.
Các việc quy định tại khoản này làm hằng năm.
Điều 2. Nguyên tắc
Tập thể lãnh đạo, cá nhân phụ trách.
1. Họp một lần mỗi tháng.
Đoạn hai của khoản một.
2. Văn phòng ghi biên bản, lưu trữ;
Chương II
TỔ CHỨC THỰC HIỆN
Điều 3. Trách nhiệm
Văn phòng theo dõi việc thực hiện.
Điều 4. Hiệu lực
1. Quy chế có hiệu lực từ ngày ký.
"""


def change(instructions: str, **options: bool) -> Applied:
    return applied(BASE, f"Điều 1. Sửa đổi, bổ sung một số điều\n{instructions}", **options)


def lines(result: Applied) -> list[str]:
    return canonical_text(result.document).splitlines()


def changed(instructions: str, **options: bool) -> tuple[list[str], list[str]]:
    """The lines that went and those that came; every instruction must have been applied."""
    result = change(instructions, **options)
    assert [(r.code, r.details) for r in result.refusals] == []
    before, after = canonical_text(read(BASE)).splitlines(), lines(result)
    return [x for x in before if x not in after], [x for x in after if x not in before]


def test_a_unit_is_replaced_with_all_beneath_it() -> None:
    gone, new = changed("1. Sửa đổi, bổ sung khoản 1 Điều 2 như sau:\n“1. Họp khi cần:\na) Một;\nb) Hai.”")
    assert gone == ["1. Họp một lần mỗi tháng.", "Đoạn hai của khoản một."]
    assert new == ["1. Họp khi cần:", "a) Một;", "b) Hai."]


def test_an_article_is_replaced_with_its_heading() -> None:
    gone, new = changed("1. Sửa đổi Điều 3 như sau:\n“Điều 3. Theo dõi\n1. Văn phòng theo dõi.”")
    assert gone == ["Điều 3. Trách nhiệm", "Văn phòng theo dõi việc thực hiện."]
    assert new == ["Điều 3. Theo dõi", "1. Văn phòng theo dõi."]


def test_new_text_may_come_without_its_number() -> None:
    _, new = changed("1. Sửa đổi điểm a khoản 2 Điều 1 như sau:\n“Lãnh đạo toàn diện;”")
    assert new == ["a) Lãnh đạo toàn diện;"]


def test_a_unit_keeps_its_id_when_its_words_are_replaced() -> None:
    ids = {p.label: p.id for p in read(BASE).provisions if p.text.startswith("Họp một")}
    result = change("1. Sửa đổi khoản 1 Điều 2 như sau:\n“1. Họp khi cần.”")
    assert {p.label: p.id for p in result.document.provisions if p.text == "Họp khi cần."} == ids


def test_what_goes_in_keeps_its_number_and_its_place() -> None:
    result = change(
        "1. Bổ sung khoản 1a vào sau khoản 1 Điều 2 như sau:\n“1a. Họp bất thường.”\n"
        "2. Bổ sung khoản 0a vào trước khoản 1 Điều 4 như sau:\n“0a. Trước.”\n"
        "3. Bổ sung khoản 3 Điều 2 như sau:\n“3. Sau cùng.”\n"
        "4. Bổ sung Điều 2a vào sau Điều 2 như sau:\n“Điều 2a. Điều mới\n1. Một.”\n"
        "5. Bổ sung Điều 4a vào trước Điều 4 như sau:\n“Điều 4a. Trước bốn\nNội dung.”"
    )
    assert result.refusals == ()
    assert lines(result)[10:] == [
        "1. Họp một lần mỗi tháng.", "Đoạn hai của khoản một.", "1a. Họp bất thường.",
        "2. Văn phòng ghi biên bản, lưu trữ;", "3. Sau cùng.", "Điều 2a. Điều mới", "1. Một.",
        "Chương II TỔ CHỨC THỰC HIỆN", "Điều 3. Trách nhiệm", "Văn phòng theo dõi việc thực hiện.",
        "Điều 4a. Trước bốn", "Nội dung.", "Điều 4. Hiệu lực", "0a. Trước.",
        "1. Quy chế có hiệu lực từ ngày ký.",
    ]  # fmt: skip


def test_a_point_goes_before_the_closing_paragraph_of_its_clause() -> None:
    result = change("1. Bổ sung điểm d vào sau điểm c khoản 2 Điều 1 như sau:\n“d) Sơ kết.”")
    assert lines(result)[6:9] == [
        "c) Báo cáo.",
        "d) Sơ kết.",
        "Các việc quy định tại khoản này làm hằng năm.",
    ]


def test_the_closing_paragraph_stays_when_the_last_point_is_amended_or_repealed() -> None:
    gone, new = changed("1. Sửa đổi điểm c khoản 2 Điều 1 như sau:\n“c) Sơ kết.”")
    assert (gone, new) == (["c) Báo cáo."], ["c) Sơ kết."])
    assert changed("1. Bãi bỏ điểm c khoản 2 Điều 1.") == (["c) Báo cáo."], [])


def test_the_closing_paragraph_goes_when_the_new_text_says_it_anew() -> None:
    gone, new = changed(
        "1. Sửa đổi điểm c khoản 2 Điều 1 như sau:\n"
        "“c) Sơ kết.\nCác việc quy định tại khoản này làm hằng quý.”"
    )
    assert gone == ["c) Báo cáo.", "Các việc quy định tại khoản này làm hằng năm."]
    assert new == ["c) Sơ kết.", "Các việc quy định tại khoản này làm hằng quý."]
    gone, new = changed("1. Sửa đổi điểm c khoản 2 Điều 1 như sau:\n“c) Sơ kết;\nMời người ngoài dự họp.”")
    assert gone == ["c) Báo cáo."]
    assert new == ["c) Sơ kết;", "Mời người ngoài dự họp."]


def test_a_chapter_and_a_section_go_in_whole() -> None:
    _, new = changed(
        "1. Bổ sung Chương Ia vào sau Điều 2 như sau:\n"
        "“Chương Ia\nHỌP\nĐiều 2a. Họp\n1. Một.\nĐiều 2b. Vắng\nHai.”"
    )
    assert new == ["Chương Ia HỌP", "Điều 2a. Họp", "1. Một.", "Điều 2b. Vắng", "Hai."]


def test_repeal_takes_out_without_renumbering() -> None:
    gone, new = changed("1. Bãi bỏ khoản 1 Điều 2.\n2. Bãi bỏ Điều 3.")
    assert gone == [
        "1. Họp một lần mỗi tháng.", "Đoạn hai của khoản một.",
        "Điều 3. Trách nhiệm", "Văn phòng theo dõi việc thực hiện.",
    ]  # fmt: skip
    assert new == []


def test_repeal_may_keep_the_number_as_in_a_consolidated_text() -> None:
    _, new = changed("1. Bãi bỏ khoản 1 Điều 2.\n2. Bãi bỏ Điều 3.", keep_numbers=True)
    assert new == ["1. (được bãi bỏ)", "Điều 3. (được bãi bỏ)"]


def test_only_the_title_changes() -> None:
    assert changed("1. Sửa đổi tên Điều 2 như sau:\n“Điều 2. Nguyên tắc làm việc”") == (
        ["Điều 2. Nguyên tắc"], ["Điều 2. Nguyên tắc làm việc"],
    )  # fmt: skip
    assert changed("1. Sửa đổi tên Điều 2 như sau:\n“Nguyên tắc làm việc”")[1] == [
        "Điều 2. Nguyên tắc làm việc"
    ]
    _, new = changed("1. Sửa đổi, bổ sung tên Chương II như sau:\n“CHƯƠNG II\nTỔ CHỨC VÀ\nTHỰC HIỆN”")
    assert new == ["Chương II TỔ CHỨC VÀ THỰC HIỆN"]


def test_only_the_lead_in_or_one_paragraph_changes() -> None:
    assert changed("1. Sửa đổi đoạn mở đầu khoản 2 Điều 1 như sau:\n“2. Ban Thường vụ phải:”") == (
        ["2. Ban Thường vụ có nhiệm vụ:"], ["2. Ban Thường vụ phải:"],
    )  # fmt: skip
    assert changed("1. Sửa đổi đoạn mở đầu Điều 2 như sau:\n“Tập thể quyết định.”")[1] == [
        "Tập thể quyết định."
    ]
    assert changed("1. Sửa đổi đoạn thứ hai khoản 1 Điều 2 như sau:\n“Đoạn khác.”") == (
        ["Đoạn hai của khoản một."], ["Đoạn khác."],
    )  # fmt: skip
    assert changed("1. Sửa đổi đoạn cuối khoản 2 Điều 1 như sau:\n“Làm hằng quý.”")[1] == ["Làm hằng quý."]


def test_the_quotation_may_show_the_article_around_the_clauses_it_changes() -> None:
    gone, new = changed(
        "1. Sửa đổi, bổ sung tên Điều 2 và khoản 2 Điều 2 như sau:\n“Điều 2. Tên mới\n2. Văn phòng ghi.”"
    )
    assert gone == ["Điều 2. Nguyên tắc", "2. Văn phòng ghi biên bản, lưu trữ;"]
    assert new == ["Điều 2. Tên mới", "2. Văn phòng ghi."]


def test_phrases_change_at_every_place_in_the_target_and_only_there() -> None:
    gone, new = changed("1. Thay thế cụm từ “Văn phòng” bằng cụm từ “Ban Tổ chức” tại Điều 2;")
    assert (gone, new) == (
        ["2. Văn phòng ghi biên bản, lưu trữ;"], ["2. Ban Tổ chức ghi biên bản, lưu trữ;"],
    )  # fmt: skip


def test_phrases_match_folded() -> None:
    assert changed("1. Thay cụm từ “Ủy ban nhân dân” bằng cụm từ “Hội đồng” tại khoản 2 Điều 1;")[1] == [
        "b) Kiểm tra Hội đồng;"
    ]
    assert changed("1. Thay cụm từ “ban thường vụ” bằng cụm từ “Thường trực” tại khoản 2 Điều 1;")[1] == [
        "2. Thường trực có nhiệm vụ:"
    ]


def test_phrases_are_dropped_and_put_in() -> None:
    assert changed("1. Bỏ cụm từ “, lưu trữ” tại khoản 2 Điều 2;")[1] == ["2. Văn phòng ghi biên bản;"]
    assert changed("1. Bổ sung cụm từ “, đơn vị” vào sau cụm từ “cơ quan” tại khoản 2 Điều 1;")[1] == [
        "a) Lãnh đạo các cơ quan, đơn vị, tổ chức;"
    ]
    assert changed("1. Bổ sung cụm từ “ban,” vào trước cụm từ “cơ quan” tại khoản 2 Điều 1;")[1] == [
        "a) Lãnh đạo các ban, cơ quan, tổ chức;"
    ]
    assert changed("1. Bổ sung cụm từ “, đơn vị” vào trước cụm từ “phụ trách” tại Điều 2;")[1] == [
        "Tập thể lãnh đạo, cá nhân, đơn vị phụ trách."
    ]
    assert changed("1. Bổ sung cụm từ “đầy đủ” vào cuối khoản 2 Điều 2;")[1] == [
        "2. Văn phòng ghi biên bản, lưu trữ đầy đủ;"
    ]


def test_two_instructions_on_one_unit_are_applied_in_order() -> None:
    _, new = changed(
        "1. Sửa đổi khoản 1 Điều 2 như sau:\n“1. Họp hai lần.”\n"
        "2. Thay cụm từ “hai lần” bằng cụm từ “ba lần” tại khoản 1 Điều 2;"
    )
    assert new == ["1. Họp ba lần."]


def test_a_phrase_already_in_its_new_form_is_left_alone() -> None:
    _, new = changed(
        "1. Thay cụm từ “cơ quan” bằng cụm từ “cơ quan, đơn vị” tại Điều 1;\n"
        "2. Thay cụm từ “Báo cáo” bằng cụm từ “Báo cáo cơ quan, đơn vị” tại Điều 1;"
    )
    assert "a) Lãnh đạo các cơ quan, đơn vị, tổ chức;" in new
    result = change(
        "1. Thay cụm từ “cơ quan” bằng cụm từ “cơ quan, đơn vị” tại Điều 1;\n"
        "2. Thay cụm từ “cơ quan” bằng cụm từ “cơ quan, đơn vị” tại Điều 1;"
    )
    assert [r.code for r in result.refusals] == ["amend_phrase_not_found"]


@pytest.mark.parametrize(
    ("instruction", "code"),
    [
        ("Bãi bỏ Điều 9.", "amend_address_not_found"),
        ("Sửa đổi khoản 7 Điều 2 như sau:\n“7. Một.”", "amend_address_not_found"),
        ("Sửa đổi khoản 1 như sau:\n“1. Một.”", "amend_address_not_found"),
        ("Bổ sung khoản 2 vào sau khoản 1 Điều 2 như sau:\n“2. Một.”", "amend_unit_exists"),
        ("Bổ sung Điều 3 vào sau Điều 2 như sau:\n“Điều 3. Một”", "amend_unit_exists"),
        ("Sửa đổi khoản 1 Điều 2 như sau:\n“2. Một.”", "amend_label_mismatch"),
        ("Sửa đổi khoản 1 Điều 2 như sau:\n“1. Một.\n2. Hai.”", "amend_label_mismatch"),
        ("Sửa đổi khoản 1, khoản 2 Điều 2 như sau:\n“1. Một.”", "amend_label_mismatch"),
        ("Sửa đổi khoản 2 Điều 2 như sau:\n“Điều 2. Tên khác\n2. Một.”", "amend_label_mismatch"),
        ("Thay cụm từ “không có” bằng cụm từ “B” tại Điều 1;", "amend_phrase_not_found"),
        ("Thay cụm từ “Văn phòng” bằng cụm từ “B” tại Điều 1 và Điều 2;", "amend_phrase_not_found"),
        ("Bỏ cụm từ “lưu trữ” tại khoản 2 Điều 2;", "amend_deletion_strands"),
        ("Bỏ cụm từ “tổ chức” tại điểm a khoản 2 Điều 1;", "amend_deletion_strands"),
        ("Bổ sung Chương Ia vào sau Điều 1 như sau:\n“Chương Ia\nHỌP\nĐiều 1a. Họp”", "amend_place_unclear"),
        ("Bãi bỏ tên Điều 2.", "amend_unreadable"),
    ],
)
def test_an_instruction_that_cannot_be_applied_changes_nothing(instruction: str, code: str) -> None:
    result = change(f"1. {instruction}\n2. Bãi bỏ Điều 4.")
    assert [refused.code for refused in result.refusals] == [code]
    assert result.refusals[0].label == "khoản 1 Điều 1"
    assert result.refusals[0].text == instruction.split("\n")[0]
    assert lines(result) == lines(change("1. Bãi bỏ Điều 4."))
    for language in LANGUAGES:
        sentence = Catalogue(language).refusal(Refusal(code, **dict(result.refusals[0].details)))
        assert not sentence.startswith("[")


def test_an_instruction_of_many_parts_is_applied_whole_or_not_at_all() -> None:
    result = change(
        "1. Sửa đổi khoản 1 Điều 2 và bãi bỏ khoản 9 Điều 2 như sau:\n“1. Một.”\n"
        "2. Bãi bỏ khoản 1 Điều 2, khoản 8 Điều 2."
    )
    assert lines(result) == canonical_text(read(BASE)).splitlines()
    assert len(result.refusals) == 2


ATTACHED = """QUYẾT ĐỊNH
Ban hành Quy chế
Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc.
Điều 2. Quyết định có hiệu lực từ ngày ký.
Điều 3. Văn phòng thi hành.
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Phạm vi của Quy chế.
Điều 2. Nguyên tắc
Nguyên tắc của Quy chế.
"""


def test_an_address_in_two_texts_is_ambiguous_unless_the_attached_one_is_named() -> None:
    unclear = applied(ATTACHED, "Điều 1. Sửa đổi\n1. Bãi bỏ Điều 2.")
    assert [refused.code for refused in unclear.refusals] == ["amend_address_ambiguous"]
    named = applied(
        ATTACHED,
        "Điều 1. Sửa đổi một số điều của Quy chế làm việc ban hành kèm theo Quyết định số 1-QĐ/TU\n"
        "1. Bãi bỏ Điều 2.",
    )
    assert named.refusals == ()
    assert "Điều 2. Quyết định có hiệu lực từ ngày ký." in lines(named)
    assert "Nguyên tắc của Quy chế." not in lines(named)


def test_a_regulation_without_articles_is_amended_by_its_headings() -> None:
    base = "QUY ĐỊNH\nVề công tác\nI- CHUNG\n1- Một.\n2- Hai.\nII- RIÊNG\n1- Ba."
    result = applied(
        base, "Điều 1. Sửa đổi\n1. Sửa đổi khoản 1 mục II như sau:\n“1- Bốn.”\n2. Bãi bỏ điểm 2 mục I."
    )
    assert result.refusals == ()
    assert lines(result) == ["I- CHUNG", "1. Một.", "II- RIÊNG", "1. Bốn."]


def test_a_document_made_in_the_editor_gets_its_numbers_fixed() -> None:
    base = doc(ch(None, "MỘT"), art("Hai"), cl("Ba."), cl("Bốn."), art("Năm"))
    result = apply(base, "Điều 1. Sửa đổi\n1. Bãi bỏ khoản 1 Điều 1.", new_id=counter("new"))
    assert lines(result) == ["Chương I MỘT", "Điều 1. Hai", "2. Bốn.", "Điều 2. Năm"]


def test_tables_and_formats_beside_a_change_stay() -> None:
    bold = Mark(MarkKind.BOLD, CharOffset(0), CharOffset(9))
    base = doc(
        art("Một", "1"),
        replace(cl("Văn phòng báo cáo Ban Thường vụ.", "1"), marks=(bold,)),
        table("Bảng"),
        row("STT", "Văn phòng"),
        cl("Hai.", "2"),
    )
    result = apply(
        base,
        "Điều 1. Sửa đổi\n1. Thay cụm từ “Văn phòng” bằng cụm từ “Ban Tổ chức” tại khoản 1 Điều 1;\n"
        "2. Thay cụm từ “báo cáo” bằng cụm từ “trình” tại đoạn mở đầu khoản 1 Điều 1;",
        new_id=counter("new"),
    )
    assert result.refusals == ()
    clause, caption, cells = result.document.provisions[1:4]
    assert clause.text == "Ban Tổ chức trình Ban Thường vụ."
    assert clause.marks == (Mark(MarkKind.BOLD, CharOffset(0), CharOffset(11)),)
    assert (caption.text, cells.cells) == ("Bảng", ("STT", "Ban Tổ chức"))


def test_new_provisions_get_keys_between_their_neighbours() -> None:
    base = doc(
        *(replace(p, order=key) for p, key in zip((art("A", "1"), art("B", "2")), ("F", "V"), strict=True))
    )
    result = apply(
        base,
        "Điều 1. Sửa đổi\n1. Bổ sung Điều 1a vào sau Điều 1 như sau:\n“Điều 1a. Mới\n1. Một.”",
        new_id=counter("new"),
    )
    keys = [p.order for p in result.document.provisions]
    assert keys == sorted(keys)
    assert all(keys)


def test_what_was_repealed_can_be_brought_back() -> None:
    result = change("1. Bãi bỏ Điều 3.")
    assert [p.text for p in result.document.removed] == ["Trách nhiệm", "Văn phòng theo dõi việc thực hiện."]


def test_an_article_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal, match="amend_no_such_article"):
        applied(BASE, "Điều 1. Sửa đổi\n1. Bãi bỏ Điều 2.", article="7")
