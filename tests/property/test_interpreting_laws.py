"""Whatever a paper is made of, its words stand in the documents, in their order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.document import ProvisionId
from duthao.domain.incoming.blocks import Block, Cell, Paper, Paragraph, Row, Run, Table, paragraphs
from duthao.domain.incoming.interpreting import interpret
from duthao.formats.text import to_text

WRITTEN = """
QUY CHẾ|làm việc của Ban|Số 5-QC/ĐU|Căn cứ Điều lệ;|Chương I|TỔ CHỨC|Điều 1. Họp|Điều 2.|1. Mỗi quý.
a) việc;|- gạch|“mở|đóng”|Nơi nhận:|- Lưu.|T/M BAN CHẤP HÀNH|BÍ THƯ|Phụ lục|Bảng 1. Lịch|2025. Năm
(Ban hành kèm theo Quyết định số 1)|Dự thảo lần 2|Hà Nội, ngày 1 tháng 2 năm 2026|e\u0323\u0302 tách\tô
"""
LINES = st.sampled_from(("", "một | hai", "chữ thường\nhai dòng", *filter(None, re.split(r"[|\n]", WRITTEN))))
PARAGRAPHS = st.builds(
    lambda text, label, bold, centred: Paragraph(
        (Run(text, bold=bold),) if text else (), label if text else "", " " if text else "", centred=centred
    ),
    LINES, st.sampled_from(("", "", "", "1.", "Điều 4", "b)", "-", "IV")), st.booleans(), st.booleans(),
)  # fmt: skip
CELLS = st.builds(lambda one: Cell((one,)), PARAGRAPHS)
TABLES = st.builds(
    lambda rows: Table(tuple(Row(tuple(cells)) for cells in rows)),
    st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=3),
)
BLOCKS = st.lists(st.one_of(PARAGRAPHS, PARAGRAPHS, TABLES), min_size=1, max_size=14)


def words(text: str) -> Counter[str]:
    """Syllables and numbers; labels are written anew, so their signs do not count."""
    return Counter(re.findall(r"[^\W\d_]{2,}", unicodedata.normalize("NFC", text)))


@given(BLOCKS)
@settings(max_examples=150)
def test_no_word_of_a_paper_is_lost(blocks: list[Block]) -> None:
    said = words("\n".join(one.whole for one in paragraphs(tuple(blocks))))
    if not any(one.text.strip() for one in paragraphs(tuple(blocks))):
        return
    numbers = count(1)
    found = interpret(Paper(tuple(blocks)), new_id=lambda: ProvisionId(f"p{next(numbers)}"))
    kept = words("\n".join(to_text(one.document) for one in found.documents))
    # Roman numbers of headings and the words of labels are printed from the kind.
    missing = said - kept
    assert not missing, missing
    ids = [p.id for one in found.documents for p in one.document.provisions]
    assert len(ids) == len(set(ids))
