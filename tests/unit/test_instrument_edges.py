"""Drafts no form foresees: words under no number, numbers that come twice, divisions that come and go.

What an instrument can say of them it says and proves; what it cannot say is told as a difference.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.amend.proving import Proof, proved
from duthao.domain.compare import compare
from duthao.domain.document import Document, NumberingPolicy, Provision
from tests.support.texts import appendix, art, ch, cl, doc, para, pt, row, sec, table

WORDS = "Việc này được thực hiện theo quy chế làm việc của cấp ủy và các quy định khác có liên quan"
ONE = (art("Một", "1"), para(f"{WORDS}."))
TWO = (art("Hai", "2"), para(f"{WORDS} của cấp trên."))
THREE = (art("Ba", "3"), para("Ban Thường vụ báo cáo kết quả."))
FEES = (table("Bảng 1. Mức chi"), row("STT", "Việc"), row("1", "Họp"), row("2", "Đi công tác"))


def between(before: Document, after: Document) -> Proof:
    return proved(before, after, compare(before, after))


def sentences(proof: Proof) -> list[str]:
    return [leaf.sentence for leaf in proof.instrument.leaves()]


CASES: dict[str, tuple[tuple[Provision, ...], tuple[Provision, ...], list[str]]] = {
    "a new article in a text with words above the first": (
        (para("Lời nói đầu."), *ONE),
        (para("Lời nói đầu."), *ONE, *TWO),
        ["Bổ sung Điều 2 vào sau Điều 1 như sau:"],
    ),
    "clauses that stand in no article": (
        (cl("Họp mỗi tháng."), cl("Bàn việc chung.")),
        (cl("Hội nghị được triệu tập mỗi quý."), cl("Bàn việc chung.")),
        ["Sửa đổi, bổ sung khoản 1 như sau:"],
    ),
    "words of a chapter that no sentence reaches": (
        (ch("I", "CHUNG"), para("Lời của chương."), *ONE),
        (ch("I", "CHUNG"), para("Lời khác của chương này."), *ONE),
        ["Sửa đổi, bổ sung Chương I như sau:"],
    ),
    "an empty paragraph that gets words": (
        (*ONE, para(""), para("Ba.")),
        (*ONE, para("Đoạn hai mới."), para("Ba.")),
        ["Sửa đổi, bổ sung Điều 1 như sau:"],
    ),
    "two paragraphs below a list become one, otherwise worded": (
        (art("Một"), cl("Các việc:"), pt("một;"), pt("hai."), para("Đoạn một."), para("Đoạn hai.")),
        (art("Một"), cl("Các việc:"), pt("một;"), pt("hai."), para("Đoạn hai của khoản này.")),
        ["Sửa đổi, bổ sung khoản 1 Điều 1 như sau:"],
    ),
    "a table that goes": (
        (art("Một"), cl("Chi như sau:"), *FEES, cl("Hai.")),
        (art("Một"), cl("Chi theo quy định."), cl("Hai.")),
        ["Sửa đổi, bổ sung khoản 1 Điều 1 như sau:"],
    ),
    "a table and the words above it": (
        (art("Một"), cl("Chi như sau:"), *FEES, cl("Hai.")),
        (art("Một"), cl("Mức chi cụ thể như sau:"), *FEES[:2], row("1", "Họp kín"), FEES[3], cl("Hai.")),
        ["Sửa đổi, bổ sung khoản 1 Điều 1 như sau:"],
    ),
    "a caption that goes, so that no sentence names the table rightly": (
        (art("Một"), cl("Chi như sau:"), *FEES, cl("Hai.")),
        (art("Một"), cl("Chi như sau:"), table(), *FEES[1:2], row("1", "Họp kín"), FEES[3], cl("Hai.")),
        ["Sửa đổi, bổ sung khoản 1 Điều 1 như sau:"],
    ),
    "a table of which no row stays": (
        (art("Một"), cl("Chi như sau:"), *FEES, cl("Hai.")),
        (art("Một"), cl("Chi như sau:"), *FEES[:2], row("a", "Khác hẳn mọi việc"), cl("Hai.")),
        ["Sửa đổi, bổ sung bảng tại khoản 1 Điều 1 như sau:"],
    ),
    "a new article at a chapter's end and a new chapter behind it": (
        (ch("I", "CHUNG"), *ONE),
        (ch("I", "CHUNG"), *ONE, art("Mới", "2"), para("Khác hẳn."), ch("II", "RIÊNG"), *THREE),
        [
            "Bổ sung Điều 2 vào sau Điều 1 trong Chương I như sau:",
            "Bổ sung Chương II vào sau Chương I như sau:",
        ],
    ),
    "sections in a chapter that had none": (
        (ch("I", "CHUNG"), *ONE, *TWO),
        (ch("I", "CHUNG"), sec("1", "MỤC MỘT"), *ONE, sec("2", "MỤC HAI"), *TWO),
        [
            "Bổ sung Mục 1 vào trước Điều 1 trong Chương I như sau:",
            "Bổ sung Mục 2 vào trước Điều 2 trong Chương I như sau:",
        ],
    ),
    "an empty chapter at the end": (
        ONE,
        (*ONE, ch("I", "CHUNG")),
        ["Bổ sung Chương I vào sau Điều 1 như sau:"],
    ),
    "an article at the head of the second chapter": (
        (ch("I", "A"), *ONE, ch("II", "B"), *TWO),
        (ch("I", "A"), *ONE, ch("II", "B"), art("Mới"), para("Hoàn toàn mới và khác hẳn."), *TWO),
        ["Bổ sung Điều 1a vào trước Điều 2 trong Chương II như sau:"],
    ),
    "an appendix that is new behind another": (
        (*ONE, appendix("Biểu", "I"), para("Một.")),
        (*ONE, appendix("Biểu", "I"), para("Một."), appendix("Danh mục", "II"), para("Hai.")),
        ["Bổ sung Phụ lục II vào sau Phụ lục I như sau:"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_can_be_said_is_said_and_proved(case: str) -> None:
    before, after, said = CASES[case]
    found = between(doc(*before), doc(*after))
    assert found.holds, found
    assert sentences(found) == said


TERM = (
    "Ban Thường vụ chuẩn bị nội dung các kỳ họp, trình Đảng ủy xem xét, quyết định theo Điều lệ trong thời "
    "hạn 15 ngày, kể từ ngày nhận được đề nghị của các chi bộ trực thuộc, theo trình tự sau đây:"
)
BELOW = "Văn phòng gửi tài liệu trước 15 ngày;"


@pytest.mark.parametrize(
    ("before", "place"),
    [
        ((art("Một"), para(TERM), cl(BELOW), cl("Họp.")), "đoạn mở đầu Điều 1"),
        ((art("Một"), cl(TERM), pt(BELOW), pt("họp."), cl("Hai.")), "đoạn mở đầu khoản 1 Điều 1"),
    ],
)
def test_a_phrase_that_stays_below_a_lead_in_is_replaced_in_the_lead_in_alone(
    before: tuple[Provision, ...], place: str
) -> None:
    after = tuple(replace(p, text=p.text.replace("hạn 15 ngày", "hạn 10 ngày")) for p in before)
    found = between(doc(*before), doc(*after))
    assert found.holds, found
    assert sentences(found) == [f"Thay thế cụm từ “15 ngày” bằng cụm từ “10 ngày” tại {place}"]


def test_a_clause_with_more_changes_than_anyone_follows_is_amended() -> None:
    words = [" ".join([f"việc{n}", *(f"{word}{n}" for word in WORDS.split()[:12])]) for n in range(7)]
    before = doc(art("Một"), cl(f"{' '.join(words)}."), cl("Hai."))
    after = doc(art("Một"), cl(f"{' '.join(words).replace('việc', 'chuyện')}."), cl("Hai."))
    assert sentences(between(before, after)) == ["Sửa đổi, bổ sung khoản 1 Điều 1 như sau:"]


UNSAID: dict[str, tuple[tuple[Provision, ...], tuple[Provision, ...], set[str]]] = {
    "words above the first article": (
        (para("Lời nói đầu."), *ONE), (para("Lời khác hẳn."), *ONE), {"doan:1"},
    ),
    "words above the first article that go": ((para("Lời nói đầu."), *ONE), ONE, {"doan:1"}),
    "words above the first article that come": (ONE, (para("Lời nói đầu."), *ONE), {"doan:1"}),
    "chapters that go while their articles stay": (
        (ch("I", "CHUNG"), *ONE, ch("II", "RIÊNG"), *TWO), (*ONE, *TWO), {"dieu:1", "dieu:1/doan:1"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNSAID)
def test_what_no_sentence_reaches_is_told_as_a_difference(case: str) -> None:
    before, after, paths = UNSAID[case]
    found = between(doc(*before), doc(*after))
    assert not found.holds
    assert paths <= {difference.path for difference in found.differences}


def test_a_number_that_comes_twice_is_amended_with_the_unit_around_it_or_not_at_all() -> None:
    twice = (art("Một", "1"), cl("Họp.", "1"), cl("Họp thêm.", "1"), cl("Bàn việc.", "2"))
    changed = (*twice[:3], cl("Bàn kỹ mọi việc.", "2"))
    keep = NumberingPolicy.KEEP
    found = between(doc(*twice, policy=keep), doc(*changed, policy=keep))
    assert (found.holds, sentences(found)) == (True, ["Sửa đổi, bổ sung Điều 1 như sau:"])
    articles = (*ONE, *TWO, *TWO)
    found = between(doc(*articles, policy=keep), doc(*articles[:-1], para("Khác hẳn."), policy=keep))
    assert not found.holds


def test_articles_in_another_order_are_new_where_they_stand_now() -> None:
    keep = NumberingPolicy.KEEP
    found = between(
        doc(*ONE, *TWO, *THREE, policy=keep), doc(*ONE, *THREE, TWO[0], para("Khác hẳn."), policy=keep)
    )
    assert found.holds
    assert sentences(found) == ["Bổ sung Điều 4 vào sau Điều 3 như sau:", "Bãi bỏ Điều 2"]


def test_two_rows_are_named_one_by_one_and_three_as_a_list() -> None:
    head, *costs = table("Mức chi"), *(row(str(n), f"Việc thứ {n}") for n in range(1, 6))

    def fees(*gone: int) -> Document:
        left = (one for n, one in enumerate(costs, 1) if n not in gone)
        chapter = art("Một"), cl("Chi như sau:"), head, row("STT", "Việc"), *left, cl("Hai.")
        return doc(*chapter, policy=NumberingPolicy.KEEP)

    two, three = sentences(between(fees(), fees(2, 4))), sentences(between(fees(), fees(2, 3, 5)))
    assert two == ["Bãi bỏ số thứ tự 2 và số thứ tự 4 của bảng tại khoản 1 Điều 1"]
    assert three == ["Bãi bỏ các số thứ tự 2, 3 và 5 của bảng tại khoản 1 Điều 1"]
