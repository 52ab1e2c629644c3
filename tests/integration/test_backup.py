"""A backup holds one moment of a running service; a restore gives all of it back, or nothing."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace as with_
from pathlib import Path

import pytest

from duthao.collab.edits import seed
from duthao.collab.fsck import Examined, examine
from duthao.collab.replica import PycrdtEngine, Replica
from duthao.domain.anchors import Spot, Texts, anchored
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.proposals import Act, Wording, proposed
from duthao.formats.json import document_from_json, document_to_json
from duthao.store.ports import (
    Checkpoint,
    Comment,
    DocumentRecord,
    EpochMillis,
    JournalEntry,
    LoginSession,
    Membership,
    Proposal,
    ProposalState,
    Role,
    Seq,
    Store,
    Thread,
    User,
    Version,
    VersionKind,
)
from duthao.store.sql import open_store
from duthao.store.sql.backup import back_up, check_backup, restore
from tests.support.postgres import fresh_database
from tests.support.texts import art, cl, doc

DRAFT = DocumentId("draft")
AN, BINH = UserId("an"), UserId("binh")
NOW = EpochMillis(2**41 + 7)


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Addresses of empty databases: "sqlite" or "postgres"."""
    numbers = itertools.count()
    with ExitStack() as schemas:

        def make(kind: str) -> str:
            if kind == "sqlite":
                return f"sqlite:///{tmp_path / f'house{next(numbers)}.sqlite3'}"
            return schemas.enter_context(fresh_database())

        yield make


def live_in(address: str) -> Document:
    """Fill a house: a person signed in, a document with versions, a checkpoint and a later edit."""
    document = doc(art("Phạm vi", id="d1"), cl("Quy chế này quy định.", id="k1"))
    engine, tree = PycrdtEngine(), document_to_json(document)
    import hashlib

    store = open_store(address)
    store.users.create(User(AN, "an", "Ông An", "", "hash", True, "vi", NOW))
    store.users.create(User(BINH, "binh", "Bà Bình", "", "hash", False, "vi", NOW))
    store.sessions.create(LoginSession("token", AN, "csrf", NOW, NOW, EpochMillis(NOW + 9)))
    store.documents.create(
        DocumentRecord(DRAFT, "Quy chế", "before", None, AN, NOW), [Membership(DRAFT, AN, Role.LEAD)]
    )
    first = seed(document)
    store.journal.append([JournalEntry(DRAFT, NOW, AN, "seed", (), first, "seed")])
    replica = engine.replica()
    replica.apply(first)
    state = replica.state()
    store.journal.save_checkpoint(Checkpoint(DRAFT, Seq(1), state, hashlib.sha256(state).hexdigest()))
    store.versions.create(
        Version("v1", DRAFT, Seq(1), VersionKind.CURRENT, None, "Quy chế", "", tree,
                hashlib.sha256(tree).hexdigest(), (AN,), AN, NOW)
    )  # fmt: skip
    store.documents.set_current_version(DRAFT, "v1")
    changed = doc(art("Phạm vi", id="d1"), cl("Quy chế này quy định chế độ làm việc.", id="k1"))
    accepted = JournalEntry(DRAFT, NOW, AN, "server", (), replica.towards(changed, AN), "proposal", BINH)
    store.journal.append([accepted])
    what = proposed(document, Act.REPLACE, document.provisions[1].id, Wording("Quy chế này quy định rõ."))
    store.proposals.add(proposal := Proposal("q1", DRAFT, BINH, what, "dieu:1/khoan:1", "vì", NOW, NOW))
    store.proposals.put(
        with_(proposal, state=ProposalState.ADAPTED, outcome=Wording("x"), seq=Seq(2), decided_by=AN), 1
    )
    anchor = anchored(Texts(document), Spot(document.provisions[1].id), 0, 8)
    assert anchor is not None
    thread = Thread("t1", DRAFT, BINH, anchor, "dieu:1/khoan:1", Seq(1), "v1", NOW)
    store.comments.add(thread, Comment("c1", DRAFT, "t1", BINH, "Vì sao?", (AN,), NOW))
    store.close()
    return document


def examined(store: Store) -> Examined:
    return examine(store, PycrdtEngine(), DRAFT, document_from_json)


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_everything_comes_back_in_either_database_but_sign_ins(
    source: str, target: str, new_house: Callable[[str], str], tmp_path: Path
) -> None:
    old, new = new_house(source), new_house(target)
    live_in(old)
    made = back_up(old, tmp_path / "backup", NOW, "1.2")
    assert check_backup(tmp_path / "backup") == made
    assert restore(tmp_path / "backup", new, lambda: "after") == made
    again = back_up(new, tmp_path / "again", NOW, "1.2")
    differing = [a.name for a, b in zip(made.tables, again.tables, strict=True) if a != b]
    assert differing == ["documents"]  # their generation alone
    store = open_store(new)
    try:
        record = store.documents.get(DRAFT)
        assert record is not None
        assert (record.generation, record.current_version, record.title) == ("after", "v1", "Quy chế")
        assert store.sessions.get("token") is None
        assert store.users.get(AN) is not None
        found = examined(store)
        assert (found.rows, found.checkpoints, found.versions, found.damages) == (2, 1, 1, ())
        (proposal,) = store.proposals.for_document(DRAFT)
        assert (proposal.state, proposal.edition, proposal.outcome) == (
            ProposalState.ADAPTED,
            2,
            Wording("x"),
        )
        assert store.journal.read(DRAFT)[1].entry.credited == BINH
        (thread,), (comment,) = store.comments.threads(DRAFT), store.comments.for_document(DRAFT)
        assert (thread.anchor.made is not None, comment.text, comment.mentions) == (True, "Vì sao?", (AN,))
    finally:
        store.close()


def test_a_backup_made_while_people_write_is_one_moment(
    new_house: Callable[[str], str], tmp_path: Path
) -> None:
    address = new_house("sqlite")
    live_in(address)
    store, stop = open_store(address), threading.Event()
    stored: list[int] = []

    def write() -> None:
        while not stop.is_set():
            entries = [JournalEntry(DRAFT, NOW, AN, "c2", (7,), b"\x00\x00") for _ in range(20)]
            stored.append(store.journal.append(entries)[-1])

    writing = threading.Thread(target=write)
    writing.start()
    try:
        manifests = [back_up(address, tmp_path / f"b{n}", NOW, "1") for n in range(3)]
    finally:
        stop.set()
        writing.join()
        store.close()
    sizes = [{t.name: t.rows for t in m.tables}["journal"] for m in manifests]
    assert sizes == sorted(sizes)
    assert stored[-1] > sizes[0]
    for number, size in enumerate(sizes):
        assert (size - 2) % 20 == 0  # never half of a commit
        with closing(sqlite3.connect(tmp_path / f"b{number}")) as backup:
            assert backup.execute("SELECT seq FROM journal_ends").fetchone() == (size,)


def test_a_house_with_people_in_it_is_replaced_only_when_asked(
    new_house: Callable[[str], str], tmp_path: Path
) -> None:
    old, new = new_house("sqlite"), new_house("sqlite")
    live_in(old)
    back_up(old, tmp_path / "backup", NOW, "1")
    other = open_store(new)
    other.users.create(User(UserId("chi"), "chi", "Bà Chi", "", "hash", False, "vi", NOW))
    other.close()
    with pytest.raises(Refusal) as refusal:
        restore(tmp_path / "backup", new, lambda: "g")
    assert refusal.value.code == "database_not_empty"
    restore(tmp_path / "backup", new, lambda: "g", replace=True)
    store = open_store(new)
    assert [user.id for user in store.users.all()] == [AN, BINH]
    store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_restored_under_a_running_service(
    kind: str, new_house: Callable[[str], str], tmp_path: Path
) -> None:
    old, new = new_house("sqlite"), new_house(kind)
    live_in(old)
    back_up(old, tmp_path / "backup", NOW, "1")
    running = open_store(new)
    running.users.all()
    try:
        with pytest.raises(Refusal) as refusal:
            restore(tmp_path / "backup", new, lambda: "g")
        assert refusal.value.code == "database_in_use"
        assert running.users.all() == ()
    finally:
        running.close()


def test_a_backup_never_overwrites_a_file(new_house: Callable[[str], str], tmp_path: Path) -> None:
    address = new_house("sqlite")
    live_in(address)
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(Refusal) as refusal:
        back_up(address, tmp_path / "mine", NOW, "1")
    assert refusal.value.code == "file_exists"
    assert (tmp_path / "mine").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("UPDATE journal SET payload = x'0001' WHERE seq = 2", "backup_damaged"),
        ("DELETE FROM members", "backup_damaged"),
        ("DROP TABLE versions", "backup_damaged"),
        ("UPDATE duthao_backup_tables SET rows = 3 WHERE name = 'journal'", "backup_damaged"),
        ("UPDATE duthao_backup SET format = 99", "backup_newer"),
        ("UPDATE alembic_version SET version_num = 'from the future'", "backup_newer"),
        ("DROP TABLE duthao_backup", "not_a_backup"),
    ],
)
def test_a_damaged_backup_restores_nothing(
    harm: str, code: str, new_house: Callable[[str], str], tmp_path: Path
) -> None:
    old, new = new_house("sqlite"), new_house("sqlite")
    live_in(old)
    back_up(old, tmp_path / "backup", NOW, "1")
    with closing(sqlite3.connect(tmp_path / "backup")) as backup:
        backup.execute(harm)
        backup.commit()
    with pytest.raises(Refusal) as refusal:
        restore(tmp_path / "backup", new, lambda: "g")
    assert refusal.value.code == code


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + bytes(200)])
def test_any_other_file_is_told_from_a_backup(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Refusal) as refusal:
        check_backup(tmp_path / "file")
    assert refusal.value.code == "not_a_backup"
    with pytest.raises(Refusal):
        check_backup(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("harm", "codes"),
    [
        ("DELETE FROM journal WHERE seq = 2", ["journal_end", "proposal_ahead"]),
        (
            "DELETE FROM journal",
            [
                "journal_empty",
                "journal_end",
                "checkpoint_ahead",
                "version_ahead",
                "proposal_ahead",
                "comment_ahead",
            ],
        ),
        ("UPDATE journal SET seq = 3 WHERE seq = 2", ["journal_gap", "journal_end"]),
        ("UPDATE proposals SET seq = 3", ["proposal_ahead"]),
        ("UPDATE proposals SET base = '[[1]'", ["proposals_unreadable"]),
        ("UPDATE proposals SET state = 'odd'", ["proposals_unreadable"]),
        ("UPDATE comment_threads SET seq = 3", ["comment_ahead"]),
        ("UPDATE comment_threads SET held = '[[1]]'", ["comments_unreadable"]),
        ("UPDATE comment_threads SET subject = 'odd'", ["comments_unreadable"]),
        ("UPDATE comments SET mentions = '7'", ["comments_unreadable"]),
        ("UPDATE journal SET payload = x'0505' WHERE seq = 2", ["journal_row"]),
        # What leans on rows behind the broken one cannot be held against anything.
        (
            "UPDATE journal SET payload = x'0505' WHERE seq = 1; UPDATE checkpoints SET state = x'0000'",
            ["journal_row"],
        ),
        ("UPDATE checkpoints SET state = x'0000'", ["checkpoint_hash"]),
        ("UPDATE checkpoints SET seq = 2", ["checkpoint_differs"]),
        ("UPDATE checkpoints SET seq = 9", ["checkpoint_ahead"]),
        ("UPDATE versions SET tree = x'7b7d'", ["version_hash"]),
        ("UPDATE versions SET seq = 2", ["version_differs"]),
        ("UPDATE versions SET seq = 9", ["version_ahead"]),
        ("UPDATE documents SET current_version = 'v9'", ["current_missing"]),
        ("INSERT INTO journal_clients VALUES ('draft', 77, 'an')", ["client_owner"]),
    ],
)
def test_fsck_finds_what_is_not_as_it_must_be(
    harm: str, codes: list[str], new_house: Callable[[str], str], tmp_path: Path
) -> None:
    address = new_house("sqlite")
    live_in(address)
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database:
        database.executescript(harm)
        database.commit()
    store = open_store(address)
    try:
        assert sorted(damage.code for damage in examined(store).damages) == sorted(codes)
    finally:
        store.close()


def test_fsck_says_when_content_still_waits_at_the_end_of_the_journal(
    new_house: Callable[[str], str],
) -> None:
    class Leaning(PycrdtEngine):
        """As if the library kept back some of what it was given."""

        def replica(self) -> Replica:
            replica = super().replica()
            replica.pending = lambda: True  # type: ignore[method-assign]
            return replica

    address = new_house("sqlite")
    live_in(address)
    store = open_store(address)
    try:
        found = examine(store, Leaning(), DRAFT, document_from_json)
        assert [(one.code, one.seq) for one in found.damages if one.code == "journal_hole"] == [
            ("journal_hole", 2)
        ]
    finally:
        store.close()
