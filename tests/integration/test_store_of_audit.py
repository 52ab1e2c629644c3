"""The log of who did what, in every store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from duthao.domain.audit import START, Action, Record, seal_of, verify
from duthao.domain.document import UserId
from duthao.service.audit_verifying import in_order, verified
from duthao.store.audit import LOOK, Wanted
from duthao.store.ports import EpochMillis, Store


def record(at: int, user: str = "an", action: Action = Action.READ, **more: str) -> Record:
    return Record(at, user, f"Đồng chí {user}", action, more.pop("what", "room"), **more)  # type: ignore[arg-type]


def test_records_are_one_chain(store: Store) -> None:
    assert store.audit.bounds() == (START, START)
    first = store.audit.append([record(1), record(2)])
    last = store.audit.append([record(3)])
    assert store.audit.append([]) == ()
    kept = store.audit.after(0)
    assert tuple(kept) == (*first, *last)
    assert verify(kept, *store.audit.bounds()) is None
    assert [one.seq for one in store.audit.after(1, 1)] == [2]


def test_many_at_once_keep_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda n: store.audit.append([record(n), record(n)]), range(24)))
    assert len(store.audit.after(0)) == 48
    assert verified(store, EpochMillis(1)).broken is None


def test_a_page_holds_what_is_asked_for_newest_first(store: Store) -> None:
    store.audit.append(
        [
            record(5, "an", document_id="d1"), record(7, "binh", Action.PRINT, address="10.0.0.7"),
            record(6, "an", Action.PRINT, document_id="d1", details='{"as":"docx"}'), record(9, "chi"),
        ]
    )  # fmt: skip

    def at(**wanted: object) -> list[int]:
        return [one.at for one in store.audit.page(Wanted(**wanted)).records]  # type: ignore[arg-type]

    assert at() == [9, 7, 6, 5]
    assert at(users=frozenset({"an", "chi"})) == [9, 6, 5]
    assert at(users=frozenset()) == []
    assert at(document_id="d1", action=Action.PRINT) == [6]
    assert at(since=6, until=9) == [7, 6]
    assert (at(words="DOCX"), at(words="0.0.7"), at(words="%"), at(words="room", since=7)) == (
        [6],
        [7],
        [],
        [9, 7],
    )


def test_pages_follow_one_another_without_gaps(store: Store) -> None:
    store.audit.append([record(n // 3) for n in range(20)])
    seen: list[int] = []
    after = None
    while True:
        page = store.audit.page(Wanted(), after, 6)
        seen += [one.seq for one in page.records]
        after = page.after
        if after is None:
            break
    assert seen == list(range(20, 0, -1))


def test_a_search_for_words_goes_on_from_where_it_stopped_looking(store: Store) -> None:
    store.audit.append([record(0, what="rare"), *(record(1) for _ in range(LOOK))])
    first = store.audit.page(Wanted(words="rare"))
    assert (first.records, first.after) == ((), (1, 2))
    rest = store.audit.page(Wanted(words="rare"), first.after)
    assert ([one.seq for one in rest.records], rest.after) == ([1], None)


def test_old_records_go_from_the_front_only(store: Store) -> None:
    made = store.audit.append([record(1), record(2), record(9), record(3)])
    assert store.audit.drop_before(5) == 2
    assert store.audit.bounds() == (seal_of(made[1]), seal_of(made[3]))
    assert tuple(in_order(store, *store.audit.bounds())) == made[2:]
    assert store.audit.drop_before(5) == 0
    assert store.audit.drop_before(100) == 2
    assert store.audit.after(0) == ()
    store.audit.append([record(11)])
    assert verified(store, EpochMillis(1)).broken is None
    assert store.audit.after(0)[0].seq == 5


def test_a_record_outlives_whom_and_what_it_names(store: Store) -> None:
    store.audit.append([record(1, "nobody", document_id="nothing")])
    assert store.users.get(UserId("nobody")) is None
    assert len(store.audit.after(0)) == 1
