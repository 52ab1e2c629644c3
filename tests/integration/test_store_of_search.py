"""The index of what can be found, in every store: the same is found by all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.document import DocumentId
from duthao.domain.search.items import Item, ItemKind, Renewal
from duthao.domain.search.query import read_query
from duthao.store.ports import EpochMillis, JournalEntry, Membership, Role, Store
from duthao.store.search import Found, Sought
from tests.support.stores import AN, BINH, DRAFT, OTHER, record

ITEMS = (
    Item("w:a", ItemKind.PROVISION, "Chế độ họp", "a", "chuong:I/dieu:5", 1, in_draft=True),
    Item("w:b", ItemKind.PROVISION, "Ban Thường vụ họp thường kỳ", "b", "dieu:5/khoan:2", 2, in_draft=True),
    Item("w:c", ItemKind.PROVISION, "hợp tác, hòa giải", "c", "dieu:6", 3, version="v1"),
    Item("c:1", ItemKind.COMMENT, "Nên hoà giải 'sớm' \\ \"ngay\"", "c", "dieu:6", 0, "t1", None,
         True, BINH, at=500),
    Item("o:1", ItemKind.OPINION, "ý kiến kín", None, in_draft=True, name="Sở A", at=700),
)  # fmt: skip
ELSEWHERE = Item("w:a", ItemKind.PROVISION, "Theo khoản 2 Điều 5: hop", "x", "dieu:1", 1, in_draft=True)


@pytest.fixture
def filled(populated: Store) -> Store:
    populated.documents.create(record(OTHER), [Membership(OTHER, AN, Role.READER)])
    populated.search.renew(DRAFT, Renewal(ITEMS, (), ()), frozenset(("v1",)))
    populated.search.mark(DRAFT, "m", 100)
    populated.search.renew(OTHER, Renewal((ELSEWHERE,), (), ()), frozenset())
    populated.search.mark(OTHER, "n", 900)
    return populated


def found(store: Store, typed: str, **narrowed: object) -> Found:
    return store.search.find(replace(Sought(read_query(typed), (DRAFT, OTHER)), **narrowed))  # type: ignore[arg-type]


def texts(store: Store, typed: str, **narrowed: object) -> list[str]:
    return [item.key for group in found(store, typed, **narrowed).groups for item in group.items]


def test_with_and_without_marks_the_exact_first(filled: Store) -> None:
    assert texts(filled, "họp") == ["w:a", "w:b", "w:c", "w:a"]
    assert texts(filled, "hợp")[0] == "w:c"
    assert texts(filled, "hoa giai") == ["c:1", "w:c"] or texts(filled, "hoa giai") == ["w:c", "c:1"]
    assert set(texts(filled, "hoà giải")) == set(texts(filled, "hòa giải")) == {"w:c", "c:1"}
    assert texts(filled, "“thường vụ họp”") == ["w:b"]
    assert texts(filled, "“hợp giải”") == []
    assert texts(filled, "'sớm' \\ \" & | ! <-> NOT") == []
    assert texts(filled, "sớm ngay") == ["c:1"]


def test_a_place_comes_before_the_words_that_cite_it(filled: Store) -> None:
    assert texts(filled, "khoản 2 Điều 5") == ["w:b", "w:a"]
    assert found(filled, "khoản 2 Điều 5").groups[1].document_id == OTHER
    assert texts(filled, "Điều 5")[0] == "w:a"
    assert texts(filled, "Điều 5 thường kỳ") == ["w:b"]


def test_only_what_is_asked_for_and_open_to_them(filled: Store) -> None:
    assert texts(filled, "kín", documents=(OTHER,)) == []
    assert texts(filled, "kín") == ["o:1"]
    assert texts(filled, "họp", documents=(OTHER,)) == ["w:a"]
    assert found(filled, "họp", documents=()).items == 0
    assert texts(filled, "", authors=frozenset((BINH,))) == ["c:1"]
    assert filled.search.names((DRAFT, OTHER)) == {"Sở A"}
    assert filled.search.names((OTHER,)) == filled.search.names(()) == frozenset()
    assert texts(filled, "", authors=frozenset(), names=frozenset(("Sở A",))) == ["o:1"]
    assert texts(filled, "", authors=frozenset()) == []
    assert texts(filled, "giải", kinds=frozenset((ItemKind.COMMENT,))) == ["c:1"]
    assert texts(filled, "họp", since=200) == ["w:a"]
    assert texts(filled, "giải", since=400, until=501) == ["c:1"]


def test_pages(filled: Store) -> None:
    first = found(filled, "họp", page=1, most=2)
    assert (first.documents, first.items, len(first.groups)) == (2, 4, 1)
    assert (first.groups[0].found, len(first.groups[0].items)) == (3, 2)
    assert [item.key for item in found(filled, "họp", page=1, after=2).groups[0].items] == ["w:c"]
    assert found(filled, "họp", page=1, first=1).groups[0].document_id == OTHER


def test_what_is_written_comes_back_changes_and_goes(filled: Store) -> None:
    assert {item for group in found(filled, "giải").groups for item in group.items} == {ITEMS[2], ITEMS[3]}
    kept = filled.search.known(DRAFT)
    assert (kept.mark, kept.versions) == ("m", {"v1"})
    assert {key: one.digest for key, one in kept.items.items()} == {item.key: item.digest for item in ITEMS}
    renewal = Renewal((replace(ITEMS[0], text="Nguyên tắc"),), ("w:b",), ("c:1", "nobody"))
    filled.search.renew(DRAFT, renewal, frozenset(("v1", "v2")))
    assert texts(filled, "họp", documents=(DRAFT,)) == ["w:b", "w:c"]
    assert not found(filled, "“họp thường kỳ”").groups[0].items[0].in_draft
    assert texts(filled, "nguyen tac") == ["w:a"]
    assert filled.search.known(DRAFT).versions == {"v1", "v2"}
    with pytest.raises(ValueError):
        filled.search.renew(DocumentId("nobody"), Renewal((ITEMS[0],), (), ()), frozenset())
    filled.search.forget()
    assert found(filled, "họp").items == 0
    assert filled.search.indexed() == {}
    assert filled.search.known(DRAFT).items == {}


def test_a_mark_changes_with_what_can_be_found(filled: Store) -> None:
    assert filled.search.marks() == {}
    entry = JournalEntry(DRAFT, EpochMillis(1), AN, "c", (1,), b"a")
    filled.journal.append([entry])
    before = filled.search.marks()
    assert list(before) == [DRAFT]
    assert filled.search.marks() == before
    filled.documents.set_title(DRAFT, "Quy chế mới")
    renamed = filled.search.marks()
    filled.journal.append([entry])
    assert len({before[DRAFT], renamed[DRAFT], filled.search.marks()[DRAFT]}) == 3
    assert filled.search.indexed() == {DRAFT: "m", OTHER: "n"}


def test_a_letter_no_column_holds_stops_no_index(filled: Store) -> None:
    odd = Item("w:d", ItemKind.PROVISION, "Chữ\x00lạ", "d", "dieu:7", 4, in_draft=True)
    filled.search.renew(DRAFT, Renewal((odd,), (), ()), frozenset())
    assert texts(filled, "chữ lạ") == ["w:d"]
