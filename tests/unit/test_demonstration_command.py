"""`duthao demo`, `duthao check-environment`: loaded once, completed when cut off, never among strangers."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import pytest
from argon2 import PasswordHasher

from duthao.collab.edits import seed
from duthao.collab.journal import JournalWriter
from duthao.collab.replica import PycrdtEngine
from duthao.collab.rooms import Rooms
from duthao.commands.check_environment import Finding, findings
from duthao.commands.demo import accounts, content, load_demonstration
from duthao.domain.compare import compare
from duthao.domain.compare.result import RowClass
from duthao.domain.document import Document, DocumentId, NumberingPolicy, UserId
from duthao.domain.dossiers import Paper, Person, PlanStep, Source
from duthao.domain.errors import Refusal
from duthao.domain.process import State
from duthao.formats.comparison_json import comparison_to_json
from duthao.formats.fonts import FACES
from duthao.formats.incoming import prepared, read
from duthao.formats.text import to_text
from duthao.messages import Catalogue
from duthao.service.import_worker import Readers
from duthao.service.people import add_user
from duthao.service.ports import Tools
from duthao.service.services import Services, Writers, build_services
from duthao.service.sessions import SignIn
from duthao.settings import Settings
from duthao.store.memory import MemoryStore
from duthao.store.ports import EpochMillis, Role, VersionKind
from duthao.store.sql import open_store
from tests.support.office import (
    open_document_of,
    pdf_of_draft,
    pdf_of_opinions,
    pdf_of_plain,
    pdf_of_table,
    picture_of_form,
    plain_table,
    writers_for_tests,
)

VI = Catalogue("vi")
T = TypeVar("T")


class House:
    """The real use cases and rooms over a store in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        ticks = itertools.count(1)
        self.clock: Callable[[], EpochMillis] = lambda: EpochMillis(next(ticks))
        self.writer = JournalWriter(store.journal)

        async def role_of(document_id: DocumentId, user_id: UserId) -> Role | None:
            found = store.documents.membership(document_id, user_id)
            return found.role if found else None

        self.rooms = Rooms(self.writer, store, PycrdtEngine(), self.clock, role_of, grace=0.01)

    async def __aenter__(self) -> Services:
        await self.writer.__aenter__()
        await self.rooms.__aenter__()
        numbers = itertools.count(len(self.store.users.all()) * 100_000 + 1)
        tools = Tools(
            self.store, self.rooms, self.clock, lambda: f"id{next(numbers):014d}",
            seed,
        )  # fmt: skip
        settings = Settings(comparison_workers=0)
        hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        writers = Writers(
            to_text, comparison_to_json, plain_table, pdf_of_table, pdf_of_draft,
            pdf_of_table, pdf_of_draft, pdf_of_opinions, pdf_of_opinions,
            pdf_of_plain, pdf_of_plain, picture_of_form, open_document_of, writers_for_tests,
        )  # fmt: skip
        return build_services(
            tools,
            settings,
            SignIn(self.store, settings, self.clock, hasher),
            compare,
            writers,
            Readers(prepared, read),
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.rooms.__aexit__(kind, error, trace)
        await self.writer.__aexit__(kind, error, trace)


def within(store: MemoryStore, work: Callable[[Services], Awaitable[T]]) -> T:
    """What `work` gives, in a house opened and closed around it."""

    async def open_house() -> T:
        async with House(store) as services:
            return await work(services)

    return asyncio.run(open_house())


async def trees(
    services: Services, title: str
) -> tuple[Document, Document, Document | None, list[VersionKind]]:
    """Text in force, live draft, numbered draft, and the kinds of all versions, newest first."""
    lead = services.tools.store.users.by_username("hanh")
    assert lead
    mine = services.tools.store.documents.for_user(lead.id)
    (record,) = [record for record, _ in mine if record.title == title]
    access = await services.documents.open(lead, record.id)
    versions = await services.versions.of(access)
    found: dict[VersionKind, Document] = {}
    for version in versions:
        _, found[version.kind] = await services.versions.open(access, version.id)
    live, _ = await services.documents.live(access)
    kinds = [version.kind for version in versions]
    return found[VersionKind.CURRENT], live, found.get(VersionKind.NUMBERED), kinds


@pytest.fixture(scope="module")
def loaded() -> MemoryStore:
    store = MemoryStore()
    assert within(store, load_demonstration) is True
    return store


def test_four_people_with_four_roles_stand_on_both_documents(loaded: MemoryStore) -> None:
    people = {user.id: user for user in loaded.users.all()}
    assert sorted(user.username for user in people.values()) == ["dung", "hanh", "lan", "minh"]
    assert not any(user.is_admin for user in people.values())
    lead = loaded.users.by_username("hanh")
    assert lead
    documents = loaded.documents.for_user(lead.id)
    assert len(documents) == 2
    for record, _ in documents:
        roles = {people[m.user_id].username: m.role for m in loaded.documents.members(record.id)}
        assert roles == {"hanh": Role.LEAD, "dung": Role.EDITOR, "minh": Role.COMMENTER, "lan": Role.READER}


def test_everybody_signs_in_with_the_documented_password(loaded: MemoryStore) -> None:
    hasher = PasswordHasher()
    for user in loaded.users.all():
        assert hasher.verify(user.password_hash, content().password)


def test_the_regulation_has_its_text_in_force_a_numbered_draft_and_a_later_one(loaded: MemoryStore) -> None:
    current, live, numbered, kinds = within(
        loaded, lambda services: trees(services, content().regulation["title"])
    )
    assert kinds == [VersionKind.NUMBERED, VersionKind.CURRENT]
    assert numbered
    assert (current.policy, live.policy) == (NumberingPolicy.KEEP, NumberingPolicy.RENUMBER)
    classes = {row.row_class for row in compare(current, live).rows}
    assert classes >= {
        RowClass.ADDED, RowClass.AMENDED, RowClass.REPEALED, RowClass.MOVED, RowClass.SPLIT,
        RowClass.RENUMBERED, RowClass.SPELLING_ONLY,
    }  # fmt: skip
    assert compare(current, numbered).after.sha256 != compare(current, live).after.sha256
    shared = {p.id for p in current.provisions} & {p.id for p in live.provisions}
    assert len(shared) == len(current.provisions) - 1
    assert len(live.rationale) > len(numbered.rationale) > 0


def test_its_dossier_is_half_way(loaded: MemoryStore) -> None:
    within(loaded, half_way)


def test_the_law_reads_as_amended_with_the_ids_it_had(loaded: MemoryStore) -> None:
    current, live, _, kinds = within(loaded, lambda services: trees(services, content().law["title"]))
    assert kinds == [VersionKind.CURRENT]
    assert live.policy is NumberingPolicy.KEEP
    assert "Điều 64a." in to_text(live)
    assert "Điều 64a." not in to_text(current)
    shared = {p.id for p in current.provisions} & {p.id for p in live.provisions}
    assert len(shared) / len(current.provisions) > 0.97


def test_a_second_run_changes_nothing_even_after_people_worked_with_it(loaded: MemoryStore) -> None:
    async def again(services: Services) -> bool:
        store = services.tools.store
        lead = store.users.by_username("hanh")
        assert lead
        add_user(store, UserId("later"), "moi", "Người mới", "", "x", EpochMillis(1))
        record, _ = store.documents.for_user(lead.id)[0]
        store.documents.set_title(record.id, "Tên khác")
        before = [store.journal.end(r.id) for r, _ in store.documents.for_user(lead.id)]
        answer = await load_demonstration(services)
        found = store.documents.for_user(lead.id)
        assert [store.journal.end(r.id) for r, _ in found] == before
        assert len(found) == 2
        return answer

    copy = MemoryStore()
    assert within(copy, load_demonstration) is True
    assert within(copy, again) is False


OF = {"answer": "demo_dossier.DossierLoading"}


@pytest.mark.parametrize("step", ["regulation", "law", "seal", "restore", "answer"])
def test_a_run_that_was_cut_off_is_completed(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class CutOffError(Exception):
        pass

    async def cut(*_: object, **__: object) -> None:
        raise CutOffError

    async def interrupted(services: Services) -> None:
        with monkeypatch.context() as patch:
            if step == "seal":
                patch.setattr(type(services.versions), "seal", cut)
            elif step == "restore":
                patch.setattr(Rooms, "restore", cut)
            else:
                patch.setattr(f"duthao.commands.{OF.get(step, 'demo._Loading')}.{step}", cut)
            await load_demonstration(services)

    store = MemoryStore()
    with pytest.raises(CutOffError):
        within(store, interrupted)
    assert within(store, load_demonstration) is True
    for title in (content().regulation["title"], content().law["title"]):
        current, live, _, kinds = within(store, lambda services, title=title: trees(services, title))  # type: ignore[misc]
        assert kinds.count(VersionKind.NUMBERED) == (title == content().regulation["title"])
        assert compare(current, live).before.sha256 != compare(current, live).after.sha256
    assert within(store, load_demonstration) is False
    within(store, half_way)


async def half_way(services: Services) -> None:
    """The revision is half way: everything is there to be seen, and something to be done is left."""
    store = services.tools.store
    lead, last = store.users.by_username("hanh"), store.users.by_username("lan")
    assert lead
    assert last
    (record,) = [
        one for one, _ in store.documents.for_user(lead.id) if one.title == content().regulation["title"]
    ]
    dossier = await services.dossiers.of_document(lead, record.id)
    assert dossier
    view = await services.dossiers.view(lead, dossier.id)
    assert view.process.state is State.OPINIONS
    kinds = Counter(type(part) for part in view.parts)
    assert (kinds[Person], kinds[PlanStep], kinds[Source], kinds[Paper]) == (3, 13, 3, 2)
    assert sum(part.due is not None for part in view.parts if isinstance(part, PlanStep)) == 12
    (round_,) = store.rounds.for_document(record.id)
    asked, answers = store.rounds.invitations(round_.id), store.rounds.answers(round_.id)
    assert (len(asked), len(answers)) == (7, 5)
    (waiting,) = await services.answers.waiting(last)
    assert not waiting.answered
    board = await services.syntheses.board(lead, record.id)
    assert (board.total, board.unanswered) == (7, 3)
    assert [len(heap.led) for heap in board.heaps if heap.group.answer] == [2, 1, 1]
    (suggested,) = await services.syntheses.suggested(board)
    assert {one.opinions[0].giver for one in suggested[1]} == {"Lê Văn Minh", "Phòng Quản lý dự án 1"}


def test_a_database_of_other_people_is_left_alone() -> None:
    store = MemoryStore()
    add_user(store, UserId("u"), "anh", "Trần Anh", "", "x", EpochMillis(1))
    with pytest.raises(Refusal) as refused:
        within(store, load_demonstration)
    assert refused.value.code == "demo_other_people"
    assert [user.username for user in store.users.all()] == ["anh"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_accounts_are_told_with_their_roles_and_a_warning(language: str) -> None:
    shown = accounts(content(), Catalogue("vi" if language == "vi" else "en"))
    for part in (content().password, "hanh", "Nguyễn Thị Hạnh", "lan"):
        assert part in shown
    assert "[" not in shown


# --- the environment ----------------------------------------------------------------------------


def checked(tmp_path: Path, **more: str) -> dict[str, Finding]:
    fonts, manifest = tmp_path / "fonts", tmp_path / "manifest.json"
    settings = replace(Settings(data_dir=str(tmp_path / "data")), database_url=more.pop("database", ""))
    found = findings(settings, VI, fonts=fonts, manifest=manifest, **more)
    return {finding.name.removeprefix("environment."): finding for finding in found}


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    found = checked(tmp_path)
    assert [name for name, finding in found.items() if not finding.good] == ["fonts", "client"]
    assert "Bold_Italic" in found["fonts"].words
    assert not (tmp_path / "data").exists()


def test_what_is_there_is_good(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    for face in FACES:
        (tmp_path / "fonts" / f"Tinos_400{face}.ttf").touch()
    (tmp_path / "manifest.json").touch()
    address = f"sqlite:///{tmp_path}/there.sqlite3"
    open_store(address).close()
    found = checked(tmp_path, database=address)
    assert all(finding.good for finding in found.values())
    assert found["database"].words == VI("environment.database.sqlite")


@pytest.mark.parametrize(
    "address", ["mysql://u:geheim@h/d", "not an address", "postgresql+psycopg://u:geheim@127.0.0.1:1/none"]
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(tmp_path: Path, address: str) -> None:
    finding = checked(tmp_path, database=address)["database"]
    assert not finding.good
    assert "geheim" not in finding.words


def test_a_file_that_is_no_database_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"no database at all, only words" * 50)
    assert not checked(tmp_path, database=f"sqlite:///{tmp_path}/x.sqlite3")["database"].good


@pytest.mark.parametrize(("body", "good"), [("pass", True), ("raise AssertionError('secret')", False)])
def test_the_engine_is_tried_where_a_test_of_it_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, good: bool
) -> None:
    name = f"conformance_{good}".lower()
    (tmp_path / f"{name}.py").write_text(f"def assert_engine_is_sound():\n    {body}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    finding = checked(tmp_path, conformance=name)["engine"]
    assert finding.good is good
    assert "secret" not in finding.words
