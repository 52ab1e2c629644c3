"""What tests of the comparison say: two imported texts compared, and what a drafter sees of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from duthao.domain.compare import compare
from duthao.domain.compare.result import Comparison, Row, RowClass
from duthao.domain.document import Document
from tests.support.texts import art, cl, counter, doc, pt

Change = tuple[str, list[str], list[str]]
"""A row's class, its paths before and after."""


def fresh(document: Document) -> Document:
    """The same text with other ids: two imported files."""
    new_id = counter("q")
    return replace(document, provisions=tuple(replace(p, id=new_id()) for p in document.provisions))


def compared(before: Document, after: Document) -> Comparison:
    return compare(before, fresh(after))


def changes(comparison: Comparison) -> list[Change]:
    """Every row but the unchanged ones."""
    return [
        (row.row_class.value, [u.path for u in row.before], [u.path for u in row.after])
        for row in comparison.rows
        if row.row_class is not RowClass.UNCHANGED
    ]


_SIGNS = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}


def drawn(row: Row) -> str:
    """The words of a row, "[-old-]{+new+}"."""
    return "".join(_SIGNS[op].format(text) for op, text in row.spans)


def drawn_rows(comparison: Comparison) -> list[str]:
    """The words of every row that has words of its own changed, added or taken away."""
    return [drawn(row) for row in comparison.rows if any(op != "=" for op, _ in row.spans)]


def drawn_cells(row: Row) -> list[str]:
    return ["".join(_SIGNS[op].format(text) for op, text in cell.spans) for cell in row.cells]


def articles(*titled: tuple[str, ...]) -> Document:
    """Articles of a title and clauses each."""
    return doc(*(p for title, *clauses in titled for p in (art(title), *map(cl, clauses))))


def duties(*points: str, lead_in: str = "Nhiệm vụ gồm:") -> Document:
    return doc(art("Nhiệm vụ"), cl(lead_in), *map(pt, points))


def classes(comparison: Comparison) -> Counter[str]:
    return Counter(row.row_class.value for row in comparison.rows)


AREAS = "Chi bộ phân công đảng viên phụ trách từng địa bàn dân cư."
CHECKS = "Đảng ủy kiểm tra việc chấp hành nghị quyết sáu tháng một lần."
COMPLAINTS = "Ủy ban Kiểm tra tham mưu giải quyết đơn tố cáo tổ chức đảng."
STAFF = "Ban Tổ chức thẩm định hồ sơ nhân sự trước khi trình cấp ủy."
PRESS = "Ban Tuyên giáo định hướng nội dung tuyên truyền về đại hội."
PLAN = "Văn phòng chuẩn bị chương trình công tác quý và năm."
PAPERS = "Cơ quan được giao chủ trì gửi tài liệu chậm nhất ba ngày làm việc."
MINUTES = "Người ghi biên bản lưu hồ sơ và thông báo kết luận phiên họp."
SEVEN = (AREAS, CHECKS, COMPLAINTS, STAFF, PRESS, PLAN, PAPERS)

WORK = ("Phân công", AREAS, CHECKS)
INSPECTION = ("Kiểm tra", COMPLAINTS, STAFF)
NEWS = ("Tuyên truyền", PRESS, PLAN)
FILES = ("Tài liệu", PAPERS, MINUTES)
PRINCIPLE = ("Nguyên tắc", "Làm việc theo nguyên tắc tập trung dân chủ.")
RULES = articles(WORK, INSPECTION, NEWS)
"""A regulation of three articles with two clauses each."""
