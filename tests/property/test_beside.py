"""The text in force beside the draft: laws that hold of any revision."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings

from duthao.domain.beside import Beside, Line, beside
from duthao.domain.compare import compare
from duthao.domain.compare.result import RowClass
from duthao.domain.document import Document, ProvisionId
from tests.support.revisions import revisions
from tests.support.texts import art, cl, doc


def ids(document: Document) -> list[ProvisionId]:
    return [provision.id for provision in document.provisions]


def told(before: Document, after: Document) -> Beside:
    return beside(compare(before, after), ids(before), ids(after))


def joined(lines: Sequence[Line]) -> dict[ProvisionId, str]:
    return {line.id: "".join(one.words for one in line.stretches) for line in lines}


@settings(max_examples=150)
@given(revisions())
def test_each_text_is_told_in_its_own_order_letter_for_letter(texts: tuple[Document, Document]) -> None:
    before, after = texts
    both, comparison = told(before, after), compare(before, after)
    units = {unit.id: unit.text for row in comparison.rows for unit in row.before}
    assert [line.id for line in both.before] == ids(before)
    assert joined(both.before) == units
    now = {unit.id: unit.text for row in comparison.rows for unit in row.after}
    assert joined(both.after).items() <= now.items()
    order = ids(after)
    assert [order.index(line.id) for line in both.after] == sorted(
        order.index(line.id) for line in both.after
    )


def test_what_was_joined_or_split_is_told_as_it_stood() -> None:
    parts = [
        "Ban Thường vụ họp thường kỳ mỗi tháng một lần vào tuần đầu.",
        "Văn phòng gửi tài liệu trước ba ngày.",
        "Phòng Hành chính lo chỗ họp.",
    ]
    one, three = doc(art("Họp"), cl(" ".join(parts))), doc(art("Họp"), *map(cl, parts))
    for before, after in ((one, three), (three, one)):
        both = told(before, after)
        assert joined(both.before) == {one.id: one.text for one in before.provisions}
        assert joined(both.after) == {one.id: one.text for one in after.provisions[1:]}


@settings(max_examples=150)
@given(revisions())
def test_partners_are_of_the_other_text_and_what_has_none_is_new_or_gone(
    texts: tuple[Document, Document],
) -> None:
    before, after = texts
    both = told(before, after)
    assert {line.partner for line in both.before} - {None} <= set(ids(after))
    assert {line.partner for line in both.after} - {None} <= set(ids(before))
    for line in both.before:
        assert (line.partner is None) == (line.row_class is RowClass.REPEALED)
    for line in both.after:
        assert (line.partner is None) == (line.row_class is RowClass.ADDED)
        if line.row_class is RowClass.ADDED:
            assert {one.change for one in line.stretches} <= {"changed"}


@settings(max_examples=60)
@given(revisions())
def test_a_text_beside_itself_has_no_marks(texts: tuple[Document, Document]) -> None:
    both = told(texts[1], texts[1])
    assert both.after == ()
    assert {one.change for line in both.before for one in line.stretches} <= {""}
