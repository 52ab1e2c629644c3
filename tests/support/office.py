"""An office in memory: the web application over a memory store, fake rooms and three writers.

Rooms here hold a frozen document for each journal row; the real ones are tested elsewhere.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import ParamSpec

from argon2 import PasswordHasher
from jinja2 import ChoiceLoader, DictLoader
from starlette.applications import Starlette
from starlette.testclient import TestClient

from duthao.bootstrap import provider_of
from duthao.collab.edits import brought_back
from duthao.domain.compare import ComparisonCache, Overrides
from duthao.domain.compare.result import Comparison, Row, RowClass, Side, Unit
from duthao.domain.compare.table_builder import TableOptions, Third
from duthao.domain.document import Document, DocumentId, ProvisionId, UserId
from duthao.domain.form_profile import FormProfile
from duthao.domain.outline import canonical_text, outline
from duthao.domain.plain_table import PlainTable
from duthao.domain.secrecy import UNSTAMPED, Stamp
from duthao.domain.synthesis.table import Form, SynthesisTable
from duthao.domain.table import CellParagraph, ComparisonTable, Run, Statistics, TableRow
from duthao.formats.docx_out import document_docx
from duthao.formats.incoming import prepared, read
from duthao.formats.json import document_from_json, document_to_json
from duthao.messages import Catalogue
from duthao.service.digests import Post
from duthao.service.import_worker import Readers
from duthao.service.people import add_user
from duthao.service.ports import Tools
from duthao.service.services import Services, Writers, build_services
from duthao.service.sessions import SignIn
from duthao.settings import Settings
from duthao.store.memory import MemoryStore
from duthao.store.ports import EpochMillis, JournalEntry, Role, Seq
from duthao.web.app import create_app
from duthao.web.tables import WHOLE

P = ParamSpec("P")
PASSWORD = "mật khẩu dài 2026"
START = 1_790_000_000_000
BARE = (
    '{% extends "base.html" %}{% from "_comparison_rows.html" import comparison_rows %}{% block main %}'
    '<script type="application/json" id="page-data">{{ page_data(data) }}</script>'
    "{% if table is defined %}<table>{{ comparison_rows(rows, t) }}</table>{% endif %}{% endblock %}"
)
FALLBACK = dict.fromkeys(("room.html", "comparison.html"), BARE)
"""Bare islands: these tests hold what the pages hand to them, not how they look."""


@dataclass
class FakeRooms:
    """Each journal payload is the whole document as JSON."""

    store: MemoryStore
    clock: Clock
    told: list[tuple[str, str, str]] = field(default_factory=list)

    async def __aenter__(self) -> FakeRooms:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def read(self, document_id: DocumentId) -> tuple[Document, Seq]:
        end = self.store.journal.end(document_id)
        return await self.read_at(document_id, end), end

    async def read_at(self, document_id: DocumentId, seq: Seq) -> Document:
        rows = self.store.journal.read(document_id, upto=seq)
        return document_from_json(rows[-1].entry.payload) if rows else Document()

    async def state_at(self, document_id: DocumentId, seq: Seq | None = None) -> tuple[bytes, Document, Seq]:
        raise NotImplementedError  # rooms without a CRDT: who wrote what is tested over the real ones

    async def comparison_changed(self, document_id: DocumentId) -> None:
        self.told.append(("comparison", document_id, ""))

    async def restore(self, document_id: DocumentId, target: Document, user_id: UserId) -> Seq:
        return self.write(document_id, target, user_id, "restore")

    async def bring_back(
        self, document_id: DocumentId, past: Document, ids: Collection[ProvisionId], user_id: UserId
    ) -> Seq:
        current, _ = await self.read(document_id)
        return self.write(document_id, brought_back(current, past, ids), user_id, "restore")

    def write(self, document_id: DocumentId, document: Document, user: UserId, reason: str = "edit") -> Seq:
        payload = document_to_json(document)
        entry = JournalEntry(document_id, self.clock(), user, "test", (), payload, reason=reason)
        return self.store.journal.append([entry])[0]

    async def access_changed(self, document_id: DocumentId, user_id: UserId) -> None:
        self.told.append(("access", document_id, user_id))

    async def versions_changed(self, document_id: DocumentId) -> None:
        self.told.append(("versions", document_id, ""))

    async def comments_changed(self, document_id: DocumentId) -> None:
        pass


@dataclass
class Clock:
    now: int = START

    def __call__(self) -> EpochMillis:
        return EpochMillis(self.now)


def compare_by_id(
    before: Document,
    after: Document,
    *,
    overrides: Overrides = Overrides(),
    cache: ComparisonCache | None = None,
) -> Comparison:
    """Same id, same row; enough to carry words through the pages."""

    def units(document: Document) -> dict[str, Unit]:
        return {
            e.provision.id: Unit(e.provision.id, e.provision.kind, e.path, e.label, e.provision.text)
            for e in outline(document).entries
        }

    left, right = units(before), units(after)
    rows = []
    for id in [*left, *(i for i in right if i not in left)]:
        old, new = left.get(id), right.get(id)
        same = old is not None and new is not None and old.text == new.text
        row_class = RowClass.UNCHANGED if same else RowClass.AMENDED
        rows.append(Row(row_class, (old,) if old else (), (new,) if new else (), (), 1.0))
    return Comparison(Side("a", 1), Side("b", 1), tuple(rows))


def plain_table(
    comparison: Comparison,
    before: Document,
    after: Document,
    title: str,
    left: str,
    right: str,
    *,
    third: Third | None,
    in_force: bool,
    notes: tuple[str, ...],
    sources: Mapping[ProvisionId, str] | None,
    options: TableOptions = WHOLE,
) -> ComparisonTable:
    def cell(units: tuple[Unit, ...], change: str) -> tuple[CellParagraph, ...]:
        sign = "same" if change == "same" else ("inserted" if change == "in" else "deleted")
        return tuple(CellParagraph(u.label, (Run(u.text, sign),)) for u in units)  # type: ignore[arg-type]

    rows = tuple(
        TableRow(
            key=f"k{n}",
            digest=f"d{hash((row.row_class, tuple(u.text for u in row.after)))}",
            kind="row",
            row_class=row.row_class,
            number=n,
            before=cell(row.before, "same" if row.row_class is RowClass.UNCHANGED else "out"),
            after=cell(row.after, "same" if row.row_class is RowClass.UNCHANGED else "in"),
            before_note=None,
            after_note=None,
            provision=(row.after or row.before)[0].id,
            reason=after.rationale.get((row.after or row.before)[0].id, ""),
            confidence=1.0,
            source=(sources or {}).get((row.after or row.before)[0].id, ""),
            third_class=None if third is None else RowClass.UNCHANGED,
        )
        for n, row in enumerate(comparison.rows, 1)
        if options.everything or row.row_class is not RowClass.UNCHANGED
    )
    return ComparisonTable(
        title,
        left,
        right,
        rows,
        Statistics(1, 1, 0, ()),
        1,
        columns=options.columns,
        third_title=None if third is None else third.title,
        in_force=in_force,
        notes=notes,
    )


def json_of_comparison(comparison: Comparison, later: Comparison | None) -> bytes:
    found: dict[str, object] = {"algorithm": comparison.algorithm, "rows": len(comparison.rows)}
    return json.dumps(found | ({} if later is None else {"later": len(later.rows)})).encode()


def pdf_of_table(table: ComparisonTable, catalogue: Catalogue) -> bytes:
    return b"%PDF-" + json.dumps([row.row_class for row in table.rows]).encode() + b" %d" % table.columns


def pdf_of_plain(table: PlainTable, catalogue: Catalogue) -> bytes:
    return b"%PDF-" + json.dumps(table.rows).encode()


def pdf_of_opinions(table: SynthesisTable, form: Form, catalogue: Catalogue) -> bytes:
    return f"%PDF-1.7 {table.opinions} {form}".encode()


def pdf_of_draft(
    document: Document, catalogue: Catalogue, form: FormProfile | None = None, number: int | None = None
) -> bytes:
    """Says in its first line in which form it was asked for, and as which draft."""
    head = "" if form is None else f"{form.key} {form.name} {number}\n"
    return b"%PDF-" + (head + canonical_text(document)).encode()


def picture_of_form(form: FormProfile, catalogue: Catalogue) -> bytes:
    return b"\x89PNG" + form.name.encode()


def open_document_of(docx: bytes) -> bytes:
    return b"odt of " + docx


def writers_for_tests(stamp: Stamp = UNSTAMPED) -> Writers:
    """A stamp is a line at the end of what they write."""
    end = b"" if stamp == UNSTAMPED else f"\n[{stamp.degree}] [{stamp.reader}]".encode()

    def stamped(write: Callable[P, bytes]) -> Callable[P, bytes]:
        return lambda *args, **kwargs: write(*args, **kwargs) + end

    return Writers(
        canonical_text, json_of_comparison,
        plain_table, stamped(pdf_of_table), stamped(pdf_of_draft), stamped(pdf_of_table), document_docx,
        stamped(pdf_of_opinions), stamped(pdf_of_opinions), stamped(pdf_of_plain), stamped(pdf_of_plain),
        picture_of_form, open_document_of, writers_for_tests,
    )  # fmt: skip


@dataclass
class Office:
    store: MemoryStore
    clock: Clock
    rooms: FakeRooms
    services: Services
    app: Starlette
    users: dict[str, UserId]

    def document(
        self, owner: str = "lead", text: str = "Điều 1. Phạm vi\n1. Một.\n2. Hai.", title: str = "QC"
    ) -> str:
        """A document of `owner`, made through the API."""
        answer = self.browser(owner).post("/api/documents", json={"title": title, "text": text})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def browser(self, username: str | None = None) -> TestClient:
        """A browser of its own, signed in or not."""
        client = TestClient(self.app, base_url="http://office.test", follow_redirects=False)
        if username:
            answer = client.post("/api/login", json={"username": username, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
        return client

    def csrf(self, client: TestClient) -> str:
        """The CSRF value of this browser's session."""
        html = client.get("/documents/new").text
        return html.split('name="csrf" value="')[1].split('"')[0]

    def with_everybody(self) -> str:
        """A document of "lead" on which each role has its person."""
        id = self.document()
        lead = self.browser("lead")
        for role in ("editor", "commenter", "reader"):
            assert lead.put(f"/api/documents/{id}/members/{role}", json={"role": role}).status_code == 204
        return id


@contextmanager
def office(settings: Settings | None = None, post: Post | None = None) -> Iterator[Office]:
    """Four people named by their roles, and "stranger" who is on nobody's document. `post` takes e-mail."""
    settings = settings or Settings(comparison_workers=0)
    store, clock, numbers = MemoryStore(), Clock(), itertools.count(1)
    rooms = FakeRooms(store, clock)
    tools = Tools(store, rooms, clock, lambda: f"id{next(numbers):014d}", document_to_json)
    sign_in = SignIn(store, settings, clock, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    services = build_services(
        tools, settings, sign_in, compare_by_id, writers_for_tests(), Readers(prepared, read),
        provider=provider_of(settings), post=post,
    )  # fmt: skip
    users = {}
    for name in (*(role.value for role in Role), "stranger"):
        id = UserId(f"u-{name}")
        add_user(store, id, name, f"Đồng chí {name}", "", sign_in.password_hash(PASSWORD), clock())
        users[name] = id
    app = create_app(services, rooms, settings)
    environment = app.state.web.templates.environment
    environment.loader = ChoiceLoader([DictLoader(FALLBACK), environment.loader])
    with TestClient(app):
        yield Office(store, clock, rooms, services, app, users)
