"""Hard revisions of a regulation: what the comparison says of them, and the instrument that is proved.

Each case is a pair of texts; the instrument between them, read back and applied to the first,
gives the second (under the numbers an amending document keeps), or names what it cannot say.
"""

from __future__ import annotations

import pytest

from duthao.domain.amend.proving import Proof, proved
from duthao.domain.compare import compare
from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document
from duthao.domain.structure import parse
from tests.support.regulation import NORMS, REGULATION, counted, exchanged, stretch
from tests.support.texts import counter


def read(text: str, prefix: str) -> Document:
    return parse(text, new_id=counter(prefix)).document


def between(before: str, after: str) -> tuple[Comparison, Proof]:
    old, new = read(before, "b"), read(after, "a")
    found = compare(old, new)
    return found, proved(old, new, found)


def rows(comparison: Comparison) -> list[str]:
    """Rows in which anything happened: "moved dieu:4 → dieu:3"; what is only renumbered left out."""
    return [
        f"{row.row_class.value} {' + '.join(u.path for u in row.before)} → "
        f"{' + '.join(u.path for u in row.after)}"
        for row in comparison.rows
        if row.row_class.value not in ("unchanged", "renumbered")
    ]


def sentences(proof: Proof) -> list[str]:
    return [leaf.sentence for leaf in proof.instrument.leaves()]


R = REGULATION
FUNDS = stretch("Điều 9.", "Điều 10.")
CASES: dict[str, tuple[str, str, list[str], list[str]]] = {
    "neighbouring articles swapped": (
        R,
        counted(exchanged(stretch("Điều 3.", "Điều 4."), stretch("Điều 4.", "Mục 2\nBAN"))),
        ["moved dieu:4 → dieu:3"],
        ["Sửa đổi, bổ sung Điều 3 như sau:", "Sửa đổi, bổ sung Điều 4 như sau:"],
    ),
    "articles of two chapters swapped": (
        R,
        counted(exchanged(stretch("Điều 3.", "Điều 4."), stretch("Điều 8.", "Chương IV"))),
        ["moved dieu:8 → dieu:3", "moved dieu:3 → dieu:8"],
        ["Sửa đổi, bổ sung Điều 3 như sau:", "Sửa đổi, bổ sung Điều 8 như sau:"],
    ),
    "clauses demoted to points under a new lead-in": (
        R,
        R.replace("1. Lãnh đạo thực hiện", "1. Ban Chấp hành có trách nhiệm:\na) Lãnh đạo thực hiện")
        .replace("2. Chuẩn bị nhân sự", "b) Chuẩn bị nhân sự")
        .replace("3. Báo cáo cơ quan", "c) Báo cáo cơ quan"),
        ["added  → dieu:3/khoan:1"],
        ["Sửa đổi, bổ sung Điều 3 như sau:"],
    ),
    "a chapter merged into the one before as a section": (
        R,
        R.replace("Chương III\nCHẾ ĐỘ LÀM VIỆC\nMục 1\nHỘI NGHỊ\n", "Mục 3\nCHẾ ĐỘ LÀM VIỆC\n")
        .replace("Mục 2\nCHẾ ĐỘ BÁO CÁO\n", "")
        .replace("Chương IV", "Chương III"),
        ["merged chuong:III + chuong:III/muc:1 → chuong:II/muc:3", "repealed chuong:III/muc:2 → "],
        ["Sửa đổi, bổ sung Chương II như sau:", "Bãi bỏ Chương III"],
    ),
    "an article split in two, its second half edited": (
        R,
        counted(
            R.replace(
                "3. Ban Thường vụ báo cáo Ban",
                "Điều 5a. Báo cáo của Ban Thường vụ\nBan Thường vụ báo cáo bằng văn bản với Ban",
            )
        ),
        ["added  → dieu:6", "moved_amended dieu:5/khoan:3 → dieu:6/doan:1"],
        ["Bổ sung Điều 5a vào sau Điều 5 trong Mục 2 Chương II như sau:", "Bãi bỏ khoản 3 Điều 5"],
    ),
    "everything renumbered, a reference that follows": (
        R,
        counted(
            R.replace("Điều 2. Nguyên", "Điều 1a. Đối tượng\nCấp ủy viên.\nĐiều 2. Nguyên").replace(
                "khoản 1 Điều 2 của", "khoản 1 Điều 3 của"
            )
        ),
        [
            "added  → dieu:2",
            "added  → dieu:2/doan:1",
            "reference_only dieu:3/khoan:2 → dieu:4/khoan:2",
        ],
        ["Bổ sung Điều 1a vào sau Điều 1 như sau:"],
    ),
    "a column more in a table, and a cell edited": (
        R + NORMS,
        R
        + NORMS.replace("| Mức\n", "| Đơn vị | Mức\n")
        .replace("tỉnh | 200", "tỉnh | nghìn đồng | 250")
        .replace("huyện |", "huyện | nghìn đồng |"),
        [f"amended phuluc:I/bang:1/hang:{n} → phuluc:I/bang:1/hang:{n}" for n in (1, 2, 3)],
        ["Sửa đổi, bổ sung bảng tại Phụ lục I như sau:"],
    ),
    "an appendix before the first": (
        R + NORMS,
        R + "Phụ lục I\nBIỂU MẪU\nMẫu báo cáo.\n" + NORMS.replace("Phụ lục I", "Phụ lục II"),
        ["added  → phuluc:I", "added  → phuluc:I/doan:1"],
        ["Bổ sung Phụ lục Ia vào trước Phụ lục I như sau:"],
    ),
    "an article dissolved into a clause": (
        R,
        counted(
            R.replace(FUNDS, "").replace(
                "mỗi tháng một lần.", "mỗi tháng một lần.\n3. Kinh phí do ngân sách bảo đảm."
            )
        ),
        ["moved dieu:9/doan:1 → dieu:6/khoan:3", "repealed dieu:9 → "],
        ["Bổ sung khoản 3 vào sau khoản 2 Điều 6 như sau:", "Bãi bỏ Điều 9"],
    ),
    "an article moved to another chapter": (
        R,
        counted(R.replace(FUNDS, "").replace("Điều 6. Chế", FUNDS + "Điều 6. Chế")),
        ["moved dieu:9 → dieu:6"],
        ["Bổ sung Điều 5a vào trước Điều 6 trong Mục 1 Chương III như sau:", "Bãi bỏ Điều 9"],
    ),
    "a new chapter between chapters": (
        R,
        counted(
            R.replace("Chương IV\n", "Chương V\n").replace(
                "Chương III\n",
                "Chương III\nQUAN HỆ\nĐiều 5a. Quan hệ\nThực hiện theo quy chế phối hợp.\nChương IV\n",
            )
        ),
        ["added  → chuong:III", "added  → dieu:6", "added  → dieu:6/doan:1"],
        ["Bổ sung Chương IIa vào sau Chương II như sau:"],
    ),
    "points shifted across đ": (
        R,
        R.replace("d) Việc thành", "d) Việc điều động;\nđ) Việc thành")
        .replace("đ) Việc khen", "e) Việc khen")
        .replace("e) Các", "g) Các"),
        ["added  → dieu:2/khoan:2/diem:d"],
        ["Bổ sung điểm c1 vào sau điểm c khoản 2 Điều 2 như sau:"],
    ),
    "two alike clauses in which one word changed each": (
        R,
        R.replace("03 tháng", "02 tháng").replace("mỗi tháng một lần", "mỗi tháng hai lần"),
        ["amended dieu:6/khoan:1 → dieu:6/khoan:1", "amended dieu:6/khoan:2 → dieu:6/khoan:2"],
        ["Sửa đổi, bổ sung Điều 6 như sau:"],
    ),
    "one phrase in a clause, its point, a title and clauses": (
        R,
        R.replace("Ban Thường vụ", "Thường trực Tỉnh ủy"),
        [
            "amended dieu:2/khoan:2/diem:e → dieu:2/khoan:2/diem:e",
            "amended dieu:2/khoan:2/diem:e/doan:1 → dieu:2/khoan:2/diem:e/doan:1",
            *(f"amended {path} → {path}" for path in ("dieu:5", *(f"dieu:5/khoan:{n}" for n in (1, 2, 3)))),
            "amended dieu:6/khoan:2 → dieu:6/khoan:2",
        ],
        [
            "Thay thế cụm từ “Ban Thường vụ” bằng cụm từ “Thường trực Tỉnh ủy” tại khoản 2 Điều 2, "
            "Điều 5 và khoản 2 Điều 6"
        ],
    ),
    "clauses in the other order": (
        R,
        R.replace("Cấp dưới phục tùng cấp trên", "X")
        .replace("Thiểu số phục tùng đa số", "Cấp dưới phục tùng cấp trên")
        .replace("X", "Thiểu số phục tùng đa số"),
        ["moved dieu:2/khoan:4 → dieu:2/khoan:3"],
        ["Sửa đổi, bổ sung khoản 3 và khoản 4 Điều 2 như sau:"],
    ),
    "the paragraph below the points gone": (
        R,
        R.replace("Ban Chấp hành có thể ủy quyền cho Ban Thường vụ.\n", ""),
        ["repealed dieu:2/khoan:2/diem:e/doan:1 → "],
        ["Bãi bỏ đoạn thứ hai khoản 2 Điều 2"],
    ),
    "two clauses made one paragraph": (
        R,
        R.replace(
            "1. Báo cáo định kỳ hằng quý.\n2. Báo cáo đột xuất",
            "Báo cáo định kỳ hằng quý; báo cáo đột xuất",
        ),
        ["merged dieu:8/khoan:1 + dieu:8/khoan:2 → dieu:8/doan:1"],
        ["Sửa đổi, bổ sung Điều 8 như sau:"],
    ),
    "words that read like an instruction": (
        R,
        R.replace("Kinh phí do ngân", "Bãi bỏ khoản 1 Điều 2; thay cụm từ “a” bằng “b”. Kinh phí do ngân"),
        ["amended dieu:9/doan:1 → dieu:9/doan:1"],
        ["Sửa đổi, bổ sung đoạn thứ nhất Điều 9 như sau:"],
    ),
    "quotation marks of three kinds in new words": (
        R,
        R.replace("do ngân sách bảo", "do “ngân sách” và nguồn „xã hội hóa“ (gọi là \"nguồn\") bảo"),
        ["amended dieu:9/doan:1 → dieu:9/doan:1"],
        ["Sửa đổi, bổ sung đoạn thứ nhất Điều 9 như sau:"],
    ),
    "section headings taken away": (
        R,
        R.replace("Mục 1\nBAN CHẤP HÀNH\n", "").replace("Mục 2\nBAN THƯỜNG VỤ\n", ""),
        ["repealed chuong:II/muc:1 → ", "repealed chuong:II/muc:2 → "],
        ["Sửa đổi, bổ sung Chương II như sau:"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_hard_revision_is_told_and_its_instrument_proved(name: str) -> None:
    before, after, told, said = CASES[name]
    comparison, proof = between(before, after)
    assert rows(comparison) == told
    assert proof.holds, (*proof.differences, *proof.refused)
    assert sentences(proof) == said


def test_a_division_that_changed_its_level_keeps_its_name_and_is_told_so() -> None:
    comparison, _ = between(R, CASES["a chapter merged into the one before as a section"][1])
    row = next(r for r in comparison.rows if r.after and r.after[0].path == "chuong:II/muc:3")
    assert row.level_changed
    assert "".join(text for op, text in row.spans if op != "-") == "CHẾ ĐỘ LÀM VIỆC"


def test_a_text_that_begins_with_nothing_has_no_instrument_and_says_so() -> None:
    _, proof = between("", R)
    assert not proof.holds
    assert proof.differences[0].wanted == "Chương I QUY ĐỊNH CHUNG"
