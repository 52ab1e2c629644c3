"""The hard cases of comparing the words of a regulation, those of many hands, and those of size.

Each under its name, like test_compare_hard_cases.py; the two texts have no ids in common.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from duthao.domain.compare.result import Comparison, RowClass
from duthao.domain.document import CharOffset, Document, Mark, MarkKind, Provision
from duthao.formats.comparison_json import comparison_to_json
from tests.support.comparing import (
    AREAS,
    CHECKS,
    COMPLAINTS,
    INSPECTION,
    MINUTES,
    NEWS,
    PAPERS,
    RULES,
    SEVEN,
    STAFF,
    WORK,
    Change,
    articles,
    changes,
    classes,
    compared,
    drawn,
    drawn_rows,
    duties,
)
from tests.support.texts import art, cl, doc, para


def renumbered(old: str, new: str) -> Change:
    return "renumbered", [old], [new]


# --- text -----------------------------------------------------------------------------------------


def worded(text: str) -> Document:
    return articles(("Họp", text, MINUTES), NEWS)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Đảng viên{+ không+} được dự phiên họp kín của cấp ủy.", id="negation"),
        pytest.param("Có hiệu lực từ [-ngày 01/7/2025-]{+ngày 15/7/2025+} trong toàn Đảng bộ.", id="date"),
        pytest.param(
            "Có hiệu lực từ [-ngày 01 tháng 7 năm 2025-]{+ngày 01 tháng 8 năm 2025+} trong Đảng bộ.",
            id="date-in-words",
        ),
        pytest.param("Mức hỗ trợ là [-1.500.000 đồng-]{+1.800.000 đồng+} mỗi tháng.", id="amount"),
        pytest.param("Hệ số phụ cấp là [-0,25-]{+0,35+} mức lương cơ sở.", id="decimal"),
        pytest.param("Phải có ít nhất [-2/3-]{+1/2+} số cấp ủy viên tán thành.", id="fraction"),
        pytest.param("Phải có trên [-50%-]{+75%+} số cấp ủy viên tán thành.", id="percentage"),
        pytest.param("Theo Quyết định số [-294-QĐ/TW-]{+295-QĐ/TW+} của Ban Bí thư.", id="party-number"),
        pytest.param(
            "Theo Nghị định số [-34/2016/NĐ-CP-]{+78/2025/NĐ-CP+} của Chính phủ.", id="state-number"
        ),
        pytest.param("Họp trong [-03 (ba) ngày-]{+05 (năm) ngày+} kể từ ngày nhận hồ sơ.", id="number-twice"),
        pytest.param("Chi bộ phụ trách [-từng-]{+mỗi+} địa bàn, từng hộ dân.", id="one-of-two-alike"),
    ],
)
def test_a_change_shows_whole_words_and_whole_numbers(words: str) -> None:
    before, after = _sides(words)
    found = compared(worded(before), worded(after))
    assert changes(found) == [("amended", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]
    assert drawn_rows(found) == [words]


def _sides(words: str) -> tuple[str, str]:
    """The two texts of "[-old-]{+new+}"."""
    before = re.sub(r"\{\+.*?\+\}", "", words).replace("[-", "").replace("-]", "")
    after = re.sub(r"\[-.*?-\]", "", words).replace("{+", "").replace("+}", "")
    return before, after


def test_the_mark_at_the_end_of_a_list_is_all_that_changed_of_its_last_point() -> None:
    found = compared(duties(f"{AREAS[:-1]};", CHECKS), duties(f"{AREAS[:-1]};", f"{CHECKS[:-1]};", STAFF))
    assert changes(found) == [
        ("amended", ["dieu:1/khoan:1/diem:b"], ["dieu:1/khoan:1/diem:b"]),
        ("added", [], ["dieu:1/khoan:1/diem:c"]),
    ]
    assert drawn_rows(found)[0] == f"{CHECKS[:-1]}[-.-]{{+;+}}"


@pytest.mark.parametrize(
    ("before", "after", "respect"),
    [
        pytest.param("Ban thường vụ quyết định.", "Ban Thường vụ quyết định.", "case", id="case"),
        pytest.param("Việc hoà giải của uỷ ban.", "Việc hòa giải của ủy ban.", "tone", id="tone"),
        pytest.param("Ðảng ủy họp.", "Đảng ủy họp.", "look_alike", id="Eth"),
        pytest.param(PAPERS, unicodedata.normalize("NFD", PAPERS), "unicode", id="NFD"),
        pytest.param(PAPERS, PAPERS.replace(" ", "\u00a0", 2), "space", id="NBSP"),
        pytest.param(PAPERS, PAPERS.replace(" gửi", "\ngửi"), "space", id="line-break-of-a-PDF"),
        pytest.param(PAPERS, PAPERS.replace(" ", " \u200b", 1), "invisible", id="zero-width"),
        pytest.param('Cụm từ "cấp ủy".', "Cụm từ “cấp ủy”.", "quotes", id="quotes"),
        pytest.param("Năm 2025 - 2030.", "Năm 2025 – 2030.", "dashes", id="dashes"),
    ],
)
def test_spelling_only_has_its_name(before: str, after: str, respect: str) -> None:
    found = compared(worded(before), worded(after))
    assert changes(found) == [("spelling_only", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]
    assert [row.orthography for row in found.rows if row.orthography] == [(respect,)]


def test_a_line_break_of_a_pdf_hides_no_change_of_words() -> None:
    found = compared(worded(PAPERS), worded(PAPERS.replace(" gửi", "\ngửi").replace("ba ngày", "năm ngày")))
    assert changes(found) == [("amended", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]
    assert "[-ba-]{+năm+} ngày" in drawn_rows(found)[0]


def test_another_i_is_told_and_never_folded() -> None:
    found = compared(worded("Xử lý đảng viên vi phạm."), worded("Xử lí đảng viên vi phạm."))
    assert drawn_rows(found) == ["Xử [-lý-]{+lí+} đảng viên vi phạm."]


def test_formatting_only_leaves_the_words_alone() -> None:
    bold = Mark(MarkKind.BOLD, CharOffset(0), CharOffset(6))
    after = doc(art("Họp"), replace(cl(PAPERS), marks=(bold,)), cl(MINUTES), *articles(NEWS).provisions)
    found = compared(worded(PAPERS), after)
    assert changes(found) == [("format_only", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"])]
    assert drawn_rows(found) == []


def test_a_full_rewrite_pairs_nothing() -> None:
    after = articles(
        ("Tài sản", "Trụ sở, xe ô tô do Nhà nước trang bị."), ("Mức thu", "Nguồn thu gồm đảng phí.")
    )
    assert classes(compared(articles(WORK, INSPECTION), after)) == {"repealed": 6, "added": 4}


def test_an_empty_side() -> None:
    assert classes(compared(RULES, doc())) == {"repealed": 9}
    assert classes(compared(doc(), RULES)) == {"added": 9}


def test_a_clause_whose_words_are_gone_is_not_another() -> None:
    found = compared(worded(PAPERS), articles(("Họp", "", MINUTES), NEWS))
    assert [change for change in changes(found) if change[0] in ("moved", "moved_amended")] == []
    assert f"[-{PAPERS}-]" in drawn_rows(found)


# --- many hands -----------------------------------------------------------------------------------


def test_two_who_change_the_same_word_are_compared_word_by_word() -> None:
    one, other = worded(AREAS.replace("từng", "mỗi")), worded(AREAS.replace("từng", "các"))
    assert drawn_rows(compared(one, other)) == [AREAS.replace("từng", "[-mỗi-]{+các+}")]


def test_an_edit_against_a_deletion_is_a_repeal_of_the_edited_words() -> None:
    edited = AREAS.replace("từng", "mỗi")
    found = compared(articles(("Họp", edited, MINUTES)), articles(("Họp", MINUTES)))
    assert changes(found) == [
        ("repealed", ["dieu:1/khoan:1"], []),
        renumbered("dieu:1/khoan:2", "dieu:1/khoan:1"),
    ]
    assert drawn_rows(found) == [f"[-{edited}-]"]


def test_two_insertions_at_one_point_are_two_rows_in_their_order() -> None:
    found = changes(compared(articles(WORK), articles(("Phân công", AREAS, COMPLAINTS, STAFF, CHECKS))))
    assert found == [
        ("added", [], ["dieu:1/khoan:2"]),
        ("added", [], ["dieu:1/khoan:3"]),
        renumbered("dieu:1/khoan:2", "dieu:1/khoan:4"),
    ]


def test_a_base_that_became_shorter_keeps_what_is_left_in_place() -> None:
    found = changes(
        compared(articles(("Họp", *SEVEN)), articles(("Họp", AREAS, PAPERS.replace("ba", "năm"))))
    )
    assert found == [
        *(("repealed", [f"dieu:1/khoan:{n}"], []) for n in range(2, 7)),
        ("amended", ["dieu:1/khoan:7"], ["dieu:1/khoan:2"]),
    ]


def test_an_amendment_to_an_amendment_shows_only_what_the_second_changed() -> None:
    first, second = PAPERS.replace("ba ngày", "năm ngày"), PAPERS.replace("ba ngày", "bảy ngày")
    assert drawn_rows(compared(worded(first), worded(second))) == [
        PAPERS.replace("ba ngày", "[-năm-]{+bảy+} ngày")
    ]


# --- scale ----------------------------------------------------------------------------------------


def twice(before: Document, after: Document) -> Comparison:
    """The comparison, the same bytes when asked again."""
    found = compared(before, after)
    assert comparison_to_json(found) == comparison_to_json(compared(before, after))
    return found


def meetings(number: int, day: str = "đầu tiên") -> list[str]:
    return [f"Chi bộ số {n} họp thường kỳ vào ngày làm việc {day} của tháng." for n in range(1, number + 1)]


def one_article(texts: list[str]) -> Document:
    return doc(art("Lịch họp"), *map(cl, texts))


def test_one_more_among_500_near_identical_paragraphs_is_the_one_added() -> None:
    near = meetings(500)
    before = doc(art("Lịch họp"), *map(para, near))
    after = doc(art("Lịch họp"), *map(para, [*near[:250], "Chi bộ số A họp ngày cuối.", *near[250:]]))
    assert changes(twice(before, after)) == [("added", [], ["dieu:1/doan:251"])]


def test_500_near_identical_paragraphs_all_amended_keep_their_partners() -> None:
    before = doc(art("Lịch họp"), *map(para, meetings(500)))
    after = doc(art("Lịch họp"), *map(para, meetings(500, "cuối cùng")))
    found = changes(twice(before, after))
    assert found == [("amended", [f"dieu:1/doan:{n}"], [f"dieu:1/doan:{n}"]) for n in range(1, 501)]


def test_500_identical_paragraphs_and_one_more() -> None:
    before, after = one_article(["Nội dung khác."] * 500), one_article(["Nội dung khác."] * 501)
    assert classes(twice(before, after)) == {"unchanged": 501, "added": 1}


def test_2000_near_identical_clauses_shifted_and_amended_keep_their_partners() -> None:
    before, after = one_article(meetings(2000)), one_article([MINUTES, *meetings(2000, "cuối cùng")])
    assert changes(twice(before, after)) == [
        ("added", [], ["dieu:1/khoan:1"]),
        *(("amended", [f"dieu:1/khoan:{n}"], [f"dieu:1/khoan:{n + 1}"]) for n in range(1, 2001)),
    ]


def many(words: str, number: int, first: int = 0, per_article: int = 5) -> Document:
    """`number` provisions made of these words, each clause another choice of them."""
    vocabulary = words.split()
    made: list[Provision] = []
    for n in range(first, first + number):
        if n % per_article == 0:
            made.append(art(f"{vocabulary[0].capitalize()} {n // per_article + 1}"))
        else:
            chosen = (vocabulary[(n * (k + 3) + k * k) % len(vocabulary)] for k in range(10))
            made.append(cl(f"{' '.join(chosen).capitalize()} {n}."))
    return doc(*made)


PARTY = "cấp ủy chi bộ đảng viên kiểm tra giám sát kỷ luật nhân sự hồ sơ văn bản hội nghị chương trình"
NATURE = "sông núi rừng biển mưa gió cầu đường tàu xe than quặng lúa ngô cá tôm muối điện sắt thép vôi cát"


def test_2000_provisions_wholly_rewritten() -> None:
    found = twice(many(PARTY, 2000), many(NATURE, 2000, first=7000))
    assert set(classes(found)) <= {"added", "repealed", "replaced"}


def test_20000_provisions_with_one_article_more_and_200_words_changed() -> None:
    before = many(PARTY, 20_000)
    texts = [
        replace(p, text=p.text.replace(p.text.split()[1], "mới", 1)) if n % 100 == 7 else p
        for n, p in enumerate(before.provisions)
    ]
    after = replace(before, provisions=(*texts[:10_000], art("Điều khoản mới"), *texts[10_000:]))
    found = twice(before, after)
    assert [row.row_class for row in found.rows if not row.before] == [RowClass.ADDED]
    assert classes(found) == {"unchanged": 17_800, "amended": 200, "renumbered": 2_000, "added": 1}
    assert all("{+mới+}" in drawn(row) for row in found.rows if row.row_class is RowClass.AMENDED)
