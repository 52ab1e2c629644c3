"""One suite for every store: memory, SQLite in a file, PostgreSQL in a schema of its own."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.secrecy import Secrecy
from duthao.store.ports import (
    Checkpoint,
    Correction,
    EpochMillis,
    HouseSetting,
    JournalEntry,
    LoginSession,
    Membership,
    Role,
    Seq,
    SetAside,
    Store,
    StoreUnavailable,
    User,
    Verdict,
    Version,
    VersionKind,
)
from duthao.store.sql import open_store, upgrade
from duthao.store.sql.engine import Database
from tests.support.postgres import emptied
from tests.support.stores import AN, BINH, DRAFT, OTHER, SQL_STORES, record, user


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'duthao.sqlite3'}"
    return emptied(request.getfixturevalue("postgres_address"))


def entry(
    payload: bytes, document_id: DocumentId = DRAFT, user_id: UserId = AN, *clients: int
) -> JournalEntry:
    return JournalEntry(document_id, EpochMillis(2**41 + 7), user_id, "c1", clients, payload)


def version(
    version_id: str, kind: VersionKind = VersionKind.NAMED, document_id: DocumentId = DRAFT
) -> Version:
    return Version(
        version_id, document_id, Seq(3), kind, None, "Dự thảo", "lý do", b'{"tree":1}', "ab" * 32,
        (AN, BINH), AN, EpochMillis(20),
    )  # fmt: skip


class TestJournal:
    def test_numbers_each_document_from_one_without_gaps(self, store: Store) -> None:
        first = store.journal.append([entry(b"a"), entry(b"x", OTHER), entry(b"b")])
        second = store.journal.append([entry(b"c"), entry(b"y", OTHER)])
        assert (first, second) == ([1, 1, 2], [3, 2])
        assert (store.journal.end(DRAFT), store.journal.end(OTHER)) == (3, 2)

    def test_gives_back_the_bytes_and_everything_else_as_received(self, store: Store) -> None:
        written = replace(entry(bytes(range(256)), DRAFT, BINH, 7, 2**53 - 1), reason="proposal", credited=AN)
        store.journal.append([written])
        (row,) = store.journal.read(DRAFT)
        assert (row.seq, row.entry) == (1, written)

    def test_reads_a_stretch_in_order_and_no_more_than_asked(self, store: Store) -> None:
        store.journal.append([entry(bytes([n])) for n in range(1, 8)])
        rows = store.journal.read(DRAFT, Seq(2), Seq(6))
        assert [row.entry.payload[0] for row in rows] == [3, 4, 5, 6]
        assert [row.seq for row in store.journal.read(DRAFT, Seq(1), limit=2)] == [2, 3]
        assert not store.journal.read(DRAFT, Seq(7))

    def test_of_an_unknown_document_is_empty(self, store: Store) -> None:
        assert store.journal.end(DocumentId("nobody")) == 0
        assert not store.journal.read(DocumentId("nobody"))
        assert store.journal.last_edit(DocumentId("nobody")) is None
        assert store.journal.checkpoint(DocumentId("nobody")) is None
        assert not store.journal.client_owners(DocumentId("nobody"))
        assert store.journal.append([]) == []

    def test_tells_who_wrote_and_who_wrote_last(self, store: Store) -> None:
        cuc = UserId("cuc")
        store.journal.append([entry(b"1", DRAFT, AN), entry(b"2", DRAFT, cuc), entry(b"3", DRAFT, BINH)])
        store.journal.append([entry(b"4", DRAFT, AN)])
        assert store.journal.writers(DRAFT, Seq(1), Seq(4)) == (cuc, BINH, AN)
        assert store.journal.writers(DRAFT, Seq(4), Seq(4)) == ()
        store.journal.append([replace(entry(b"5", DRAFT, AN), credited=BINH), entry(b"6", DRAFT, AN)])
        assert store.journal.writers(DRAFT, Seq(4), Seq(6)) == (BINH, AN)
        assert store.journal.last_edit(DRAFT) == (AN, 2**41 + 7)

    def test_binds_a_client_id_to_whoever_used_it_first(self, store: Store) -> None:
        store.journal.append([entry(b"1", DRAFT, AN, 11, 12), entry(b"2", DRAFT, BINH, 12)])
        store.journal.append([entry(b"3", DRAFT, BINH, 11, 13), entry(b"4", OTHER, BINH, 11)])
        assert store.journal.client_owners(DRAFT) == {11: AN, 12: AN, 13: BINH}
        assert store.journal.client_owners(OTHER) == {11: BINH}

    def test_finds_the_newest_checkpoint_not_after_a_place(self, store: Store) -> None:
        for seq in (4, 2, 9):
            store.journal.save_checkpoint(Checkpoint(DRAFT, Seq(seq), bytes([seq]), "00" * 32))
        newest = store.journal.checkpoint(DRAFT)
        assert newest is not None
        assert newest.state == b"\x09"
        assert getattr(store.journal.checkpoint(DRAFT, Seq(8)), "seq", None) == 4
        assert store.journal.checkpoint(DRAFT, Seq(1)) is None
        store.journal.save_checkpoint(Checkpoint(DRAFT, Seq(9), b"again", "11" * 32))
        assert getattr(store.journal.checkpoint(DRAFT), "state", None) == b"again"
        store.journal.save_checkpoint(Checkpoint(DRAFT, Seq(12), b"newer", "22" * 32), Seq(9))
        assert getattr(store.journal.checkpoint(DRAFT, Seq(11)), "seq", None) == 4

    def test_many_threads_at_once_leave_no_gap_and_lose_nothing(self, store: Store) -> None:
        given: list[Seq] = []

        def write(who: int) -> None:
            for n in range(20):
                given.extend(store.journal.append([entry(b"%d %d" % (who, n)), entry(b"x", OTHER)])[:1])

        threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(given) == list(range(1, 81))
        assert len({row.entry.payload for row in store.journal.read(DRAFT)}) == 80
        assert store.journal.end(OTHER) == 80


class TestDocuments:
    def test_are_there_after_they_were_made_and_not_before(self, populated: Store) -> None:
        assert populated.documents.get(DRAFT) == record()
        assert populated.documents.get(OTHER) is None

    def test_are_listed_for_their_members_only(self, populated: Store) -> None:
        populated.documents.create(replace(record(OTHER), created_at=EpochMillis(11)), [])
        populated.documents.set_member(Membership(OTHER, BINH, Role.READER))
        populated.documents.set_member(Membership(OTHER, AN, Role.EDITOR))
        assert [r.id for r, _ in populated.documents.for_user(AN)] == [DRAFT, OTHER]
        assert list(populated.documents.ids()) == [DRAFT, OTHER]
        assert [(r.id, m.role) for r, m in populated.documents.for_user(BINH)] == [(OTHER, Role.READER)]

    def test_a_membership_is_set_changed_and_removed(self, populated: Store) -> None:
        doors = populated.documents
        assert doors.membership(DRAFT, BINH) is None
        doors.set_member(Membership(DRAFT, BINH, Role.READER))
        doors.mark_seen(DRAFT, BINH, Seq(4), EpochMillis(99))
        assert doors.membership(DRAFT, BINH) == Membership(DRAFT, BINH, Role.READER, Seq(4), EpochMillis(99))
        doors.set_member(Membership(DRAFT, BINH, Role.EDITOR))
        assert [m.role for m in doors.members(DRAFT)] == [Role.LEAD, Role.EDITOR]
        asked = [(DRAFT, AN), (DRAFT, BINH), (OTHER, AN), (DRAFT, UserId("nobody"))]
        assert doors.roles_of(asked) == {(DRAFT, AN): Role.LEAD, (DRAFT, BINH): Role.EDITOR}
        assert doors.roles_of([]) == {}
        doors.remove_member(DRAFT, BINH)
        doors.remove_member(DRAFT, BINH)
        doors.mark_seen(DRAFT, BINH, Seq(4), EpochMillis(99))
        assert doors.membership(DRAFT, BINH) is None

    def test_title_text_in_force_and_what_browsers_may_keep_change(self, populated: Store) -> None:
        populated.documents.set_title(DRAFT, "Tên mới")
        populated.documents.set_current_version(DRAFT, "v1")
        populated.documents.set_handling(DRAFT, False, Secrecy.SECRET, True)
        changed = replace(
            record(),
            title="Tên mới",
            current_version="v1",
            kept_locally=False,
            secrecy=Secrecy.SECRET,
            watermarked=True,
        )
        assert populated.documents.get(DRAFT) == changed

    @pytest.mark.parametrize(
        "member", [Membership(DRAFT, UserId("ma"), Role.LEAD), Membership(OTHER, AN, Role.LEAD)]
    )
    def test_nobody_is_a_member_of_nothing(self, populated: Store, member: Membership) -> None:
        with pytest.raises(ValueError):
            populated.documents.set_member(member)

    def test_one_id_is_one_document(self, populated: Store) -> None:
        with pytest.raises(ValueError):
            populated.documents.create(record(), [])


class TestUsers:
    def test_are_found_by_id_and_by_name_in_any_case(self, populated: Store) -> None:
        populated.users.create(user(UserId("duc"), "Đức.Văn-Phòng"))
        found = populated.users.by_username("đức.VĂN-PHÒNG")
        assert found == user(UserId("duc"), "Đức.Văn-Phòng")
        assert populated.users.get(UserId("duc")) == found
        assert populated.users.by_username("ai") is None
        assert populated.users.get(UserId("ai")) is None
        assert [u.id for u in populated.users.all()] == [AN, BINH, "duc"]

    def test_a_name_belongs_to_one_person(self, populated: Store) -> None:
        with pytest.raises(Refusal) as refusal:
            populated.users.create(user(UserId("an2"), "AN"))
        assert (refusal.value.code, refusal.value.details) == ("username_taken", {"username": "AN"})
        with pytest.raises(Refusal):
            populated.users.update(user(BINH, "An"))
        assert populated.users.get(BINH) == user(BINH)

    def test_everything_about_a_person_can_change(self, populated: Store) -> None:
        changed = User(BINH, "binh2", "Bà Bình", "Bí thư", "new", True, "en", EpochMillis(5), disabled=True)
        populated.users.update(changed)
        assert populated.users.get(BINH) == changed
        assert populated.users.by_username("binh") is None


class TestSessions:
    def session(self, token: str, user_id: UserId = AN, expires: int = 100) -> LoginSession:
        return LoginSession(token, user_id, "csrf", EpochMillis(1), EpochMillis(2), EpochMillis(expires))

    def test_live_from_sign_in_to_sign_out(self, populated: Store) -> None:
        populated.sessions.create(self.session("t1"))
        populated.sessions.touch(["t1", "nobody's"], EpochMillis(50))
        assert populated.sessions.get("t1") == replace(self.session("t1"), seen_at=EpochMillis(50))
        populated.sessions.create(self.session("t2", BINH))
        found = populated.sessions.with_users(["t1", "t2", "nobody's"])
        assert found == {
            "t1": (populated.sessions.get("t1"), populated.users.get(AN)),
            "t2": (self.session("t2", BINH), populated.users.get(BINH)),
        }
        assert populated.sessions.with_users([]) == {}
        populated.sessions.delete("t1")
        assert populated.sessions.get("t1") is None
        populated.sessions.touch(["t1"], EpochMillis(51))
        populated.sessions.delete("t1")

    def test_all_of_a_person_end_together(self, populated: Store) -> None:
        for token, owner in (("t1", AN), ("t2", AN), ("t3", BINH)):
            populated.sessions.create(self.session(token, owner))
        populated.sessions.delete_for_user(AN)
        assert [populated.sessions.get(t) is None for t in ("t1", "t2", "t3")] == [True, True, False]

    def test_expired_ones_go(self, populated: Store) -> None:
        for token, expires in (("t1", 99), ("t2", 100), ("t3", 101)):
            populated.sessions.create(self.session(token, AN, expires))
        assert populated.sessions.delete_expired(EpochMillis(100)) == 2
        assert populated.sessions.get("t3") is not None

    def test_a_session_of_nobody_is_refused(self, populated: Store) -> None:
        with pytest.raises(ValueError):
            populated.sessions.create(self.session("t1", UserId("ma")))


class TestCorrections:
    def correction(
        self, name: str, before: str, after: str, verdict: Verdict = Verdict.TOGETHER
    ) -> Correction:
        return Correction(name, DRAFT, verdict, before, after, AN, EpochMillis(int(name[1:])))

    def test_are_kept_in_order_and_about_one_pair_only_the_newest(self, populated: Store) -> None:
        door = populated.corrections
        first, second = self.correction("c1", "a", "b"), self.correction("c2", "a", "x", Verdict.APART)
        door.add(first)
        door.add(second)
        assert list(door.for_document(DRAFT)) == [first, second]
        third = self.correction("c3", "a", "b", Verdict.APART)
        door.add(third)
        assert list(door.for_document(DRAFT)) == [second, third]
        assert list(door.for_document(OTHER)) == []

    def test_are_taken_back_one_by_one(self, populated: Store) -> None:
        door = populated.corrections
        door.add(self.correction("c1", "a", "b"))
        assert not door.remove(OTHER, "c1")
        assert door.remove(DRAFT, "c1")
        assert not door.remove(DRAFT, "c1")
        assert list(door.for_document(DRAFT)) == []

    def test_belong_to_a_document(self, populated: Store) -> None:
        with pytest.raises(ValueError):
            populated.corrections.add(replace(self.correction("c1", "a", "b"), document_id=OTHER))


class TestHouseSettings:
    def test_one_takes_the_place_of_the_one_before(self, populated: Store) -> None:
        assert populated.house.get("wording") is None
        first = HouseSetting("wording", '{"a": "ă"}', AN, EpochMillis(1))
        populated.house.put(first)
        assert populated.house.get("wording") == first
        second = replace(first, value="{}", changed_at=EpochMillis(2))
        populated.house.put(second)
        populated.house.put(replace(first, name="other"))
        assert populated.house.get("wording") == second


class TestFindingsSetAside:
    def test_are_kept_once_and_listed_oldest_first(self, populated: Store) -> None:
        door = populated.set_asides
        later = SetAside(DRAFT, "aa", AN, EpochMillis(2))
        first = SetAside(DRAFT, "bb", BINH, EpochMillis(1))
        for one in (later, first, replace(later, created_by=BINH, created_at=EpochMillis(9))):
            door.add(one)
        assert list(door.for_document(DRAFT)) == [first, later]
        assert list(door.for_document(OTHER)) == []

    def test_are_taken_back_one_by_one(self, populated: Store) -> None:
        door = populated.set_asides
        door.add(SetAside(DRAFT, "aa", AN, EpochMillis(1)))
        assert not door.remove(OTHER, "aa")
        assert door.remove(DRAFT, "aa")
        assert not door.remove(DRAFT, "aa")
        assert list(door.for_document(DRAFT)) == []

    def test_belong_to_a_document(self, populated: Store) -> None:
        with pytest.raises(ValueError):
            populated.set_asides.add(SetAside(OTHER, "aa", AN, EpochMillis(1)))


class TestVersions:
    def test_come_newest_first_without_their_trees(self, populated: Store) -> None:
        made = [populated.versions.create(version(name)) for name in ("v1", "v2", "v3")]
        listed = populated.versions.for_document(DRAFT)
        assert list(listed) == [replace(v, tree=b"") for v in reversed(made)]
        assert populated.versions.get("v2") == version("v2")
        assert populated.versions.get("v9") is None

    def test_numbered_ones_count_by_document(self, populated: Store) -> None:
        populated.documents.create(record(OTHER), [])
        kinds = [VersionKind.NUMBERED, VersionKind.NAMED, VersionKind.NUMBERED]
        numbers = [populated.versions.create(version(f"v{n}", k)).number for n, k in enumerate(kinds)]
        assert numbers == [1, None, 2]
        assert populated.versions.create(version("o1", VersionKind.NUMBERED, OTHER)).number == 1
        assert getattr(populated.versions.get("v2"), "number", None) == 2

    def test_a_version_of_no_document_or_with_a_used_id_is_refused(self, populated: Store) -> None:
        with pytest.raises(ValueError):
            populated.versions.create(version("v1", document_id=OTHER))
        populated.versions.create(version("v1"))
        with pytest.raises(ValueError):
            populated.versions.create(version("v1"))


def test_a_closed_store_answers_nothing(store: Store) -> None:
    store.close()
    with pytest.raises(StoreUnavailable):
        store.journal.end(DRAFT)
    with pytest.raises(StoreUnavailable):
        store.journal.append([entry(b"a")])


@pytest.mark.parametrize("address", SQL_STORES, indirect=True)
class TestSql:
    def test_what_was_written_is_there_after_reopening(self, address: str) -> None:
        store = open_store(address)
        store.journal.append([entry(b"kept")])
        store.close()
        upgrade(address)
        again = open_store(address)
        assert [row.entry.payload for row in again.journal.read(DRAFT)] == [b"kept"]
        again.close()

    def test_a_batch_is_stored_whole_or_not_at_all(self, address: str) -> None:
        store = open_store(address)
        broken = replace(entry(b"b"), payload=None)  # type: ignore[arg-type]
        with pytest.raises((StoreUnavailable, ValueError)):
            store.journal.append([entry(b"a"), broken])
        assert store.journal.append([entry(b"c")]) == [1]
        assert [row.entry.payload for row in store.journal.read(DRAFT)] == [b"c"]
        store.close()

    def test_the_migrations_make_the_tables_the_code_uses(self, address: str) -> None:
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        from duthao.store.sql.tables import metadata

        upgrade(address)
        database = Database(address)
        with database.reading() as connection:
            # The words that are searched stand in tables of each database's own kind.
            options = {"include_name": lambda name, *_: not str(name or "").startswith("search_words")}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, metadata) == []
        database.close()


class TestSqlite:
    def test_every_connection_is_in_wal_with_full_synchronisation(self, tmp_path: Path) -> None:
        database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
        connections = [database._engine.connect() for _ in range(6)]
        for connection in connections:
            asked = [connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in
                     ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]  # fmt: skip
            assert asked == ["wal", 2, 1, 5000]
            connection.close()
        database.close()

    def test_a_file_that_cannot_be_in_wal_is_refused(self, tmp_path: Path) -> None:
        class Stubborn(sqlite3.Connection):
            def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
                return super().execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), *parameters)  # type: ignore[arg-type]

        database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")

        @event.listens_for(database._engine, "do_connect")
        def stubborn(*_: object) -> sqlite3.Connection:
            return sqlite3.connect(tmp_path / "a.sqlite3", factory=Stubborn, check_same_thread=False)

        with pytest.raises(StoreUnavailable), database.reading():
            pass
        database.close()

    def test_a_locked_database_is_unavailable_not_empty(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("duthao.store.sql.engine.BUSY_SECONDS", 0.05)
        path = tmp_path / "a.sqlite3"
        store = open_store(f"sqlite:///{path}")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            store.journal.append([entry(b"a")])
        other.execute("ROLLBACK")
        assert store.journal.append([entry(b"a")]) == [1]
        other.close()
        store.close()

    @pytest.mark.parametrize(
        "address", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "postgresql+psycopg2://x/y"]
    )
    def test_a_database_that_cannot_keep_the_promise_is_refused(self, address: str) -> None:
        with pytest.raises(Refusal) as refusal:
            open_store(address)
        assert refusal.value.code == "database_unknown"

    def test_a_folder_that_is_not_there_is_unavailable(self, tmp_path: Path) -> None:
        with pytest.raises(StoreUnavailable):
            open_store(f"sqlite:///{tmp_path / 'none' / 'a.sqlite3'}")


def test_a_postgresql_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(StoreUnavailable):
        open_store("postgresql+psycopg://test@127.0.0.1:1/test")
