"""The skeletons that come with the service are read as they are meant."""

from __future__ import annotations

import itertools

import pytest

from duthao.domain.document import Kind, ProvisionId
from duthao.domain.structure import parse
from duthao.domain.table_heads import with_heads
from duthao.formats.document_templates import FOLDER, built_in
from duthao.formats.text import to_text

TABLES = frozenset(
    ("resolution", "topic-resolution", "term-programme", "year-programme", "week-calendar",
     "assessment-report", "opinion-form", "minutes", "conclusion-notice")
)  # fmt: skip


@pytest.mark.parametrize("key", built_in())
def test_each_is_recognised_without_a_doubt_and_written_back_the_same(key: str) -> None:
    count = itertools.count()
    read = parse(built_in()[key], new_id=lambda: ProvisionId(f"p{next(count)}"))
    front = read.document.front
    assert (read.doubts, read.notes) == ((), ())
    assert front.body
    assert front.type
    assert front.title
    assert front.recipients or key == "opinion-form"
    assert front.authority or key == "opinion-form"
    assert not front.closing
    assert any(p.kind is Kind.TABLE for p in read.document.provisions) == (key in TABLES)
    assert "[" in built_in()[key]
    again = iter(itertools.count())
    assert (
        parse(to_text(read.document), new_id=lambda: ProvisionId(f"p{next(again)}")).document == read.document
    )


def test_every_file_is_offered() -> None:
    assert {f"{key}.txt" for key in built_in()} == {path.name for path in FOLDER.glob("*.txt")}


def test_every_table_of_a_skeleton_repeats_its_head() -> None:
    count, tables = itertools.count(), 0
    for key, text in built_in().items():
        document = parse(text, new_id=lambda: ProvisionId(f"p{next(count)}")).document
        made = with_heads(document)
        heads = [one.header for one in made.provisions if one.kind is Kind.TABLE]
        assert all(heads), key
        tables += len(heads)
        assert to_text(made) == to_text(document)
    assert tables > 8


@pytest.mark.parametrize(
    ("rows", "has_head"),
    [
        (("TT | Nội dung", "1 | Họp"), True),
        (("STT | Nội dung", "1. | Họp"), True),
        (("TT | Nội dung", "a | Họp"), False),
        (("Ngày | Việc", "[..] | Họp", "Thứ Ba | [việc]"), True),
        (("Ngày | Việc", "[..] | Họp", "Thứ Ba | Nghỉ"), False),
        (("[Ngày] | Việc", "[..] | Họp"), False),
        (("Năm 2024 | Năm 2025", "10 | 12"), False),
    ],
)
def test_only_a_row_that_names_columns_is_a_head(rows: tuple[str, ...], has_head: bool) -> None:
    count = itertools.count()
    text = "\n".join(("Điều 1. Việc", "Bảng 1. Việc", *rows))
    document = parse(text, new_id=lambda: ProvisionId(f"p{next(count)}")).document
    assert [one.header for one in with_heads(document).provisions if one.kind is Kind.TABLE] == [has_head]
