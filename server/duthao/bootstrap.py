"""The one module that knows every concrete class: settings in, a wired service out."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette

from duthao.collab.aside import AsideProcess
from duthao.collab.edits import seed
from duthao.collab.journal import JournalWriter
from duthao.collab.pace import Pace
from duthao.collab.replica import PycrdtEngine
from duthao.collab.rooms import Rooms
from duthao.domain.compare import compare
from duthao.domain.compare.table_builder import build_table
from duthao.domain.document import DocumentId, UserId
from duthao.formats.comparison_json import comparison_to_json
from duthao.formats.docx import comparison_docx, document_docx
from duthao.formats.pdf import comparison_pdf, draft_pdf
from duthao.formats.text import to_text
from duthao.service.ports import Tools
from duthao.service.services import Services, Writers, build_services
from duthao.service.sessions import SignIn
from duthao.settings import Settings
from duthao.store.ports import EpochMillis, Role, Store, User
from duthao.store.sql import open_store as open_sql_store
from duthao.web.app import create_app
from duthao.web.auth import COOKIE
from duthao.web.collab_poll import PollEndpoint
from duthao.web.collab_socket import CollabEndpoint, SocketLimits


def now() -> EpochMillis:
    """The clock of the service."""
    return EpochMillis(time.time_ns() // 1_000_000)


def new_id() -> str:
    """A random id of 16 url-safe characters."""
    return secrets.token_urlsafe(12)


def open_store(settings: Settings) -> Store:
    """The database of these settings, brought up to this release. Raises as the store does."""
    if not settings.database_url:
        Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    return open_sql_store(settings.database)


@dataclass(frozen=True)
class House:
    """Everything wired, nothing running yet."""

    services: Services
    rooms: Rooms
    writer: JournalWriter
    endpoint: CollabEndpoint
    poll: PollEndpoint
    aside: AsideProcess

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The writer outlives the rooms: what they still hand over is committed."""
        async with self.writer, self.rooms:
            try:
                yield
            finally:
                await self.poll.close()
                self.aside.close()


def build_house(settings: Settings, store: Store) -> House:
    """Wire the service over an open store."""

    async def role_of(document_id: DocumentId, user_id: UserId) -> Role | None:
        found = await to_thread.run_sync(store.documents.membership, document_id, user_id)
        return None if found is None else found.role

    writer = JournalWriter(store.journal)
    pace = Pace(time.monotonic, time.thread_time)
    aside = AsideProcess()
    rooms = Rooms(writer, store, PycrdtEngine(), now, role_of, aside=aside, pace=pace.delay)
    sign_in = SignIn(store, settings, now)

    async def authenticate(cookies: Mapping[str, str]) -> User | None:
        who = await sign_in.who(cookies.get(COOKIE))
        return None if who is None else who.user

    tools = Tools(store, rooms, now, new_id, seed)
    writers = Writers(
        to_text, comparison_to_json, build_table, comparison_pdf, draft_pdf,
        comparison_docx=comparison_docx, document_docx=document_docx,
    )  # fmt: skip
    limits = SocketLimits(
        per_person=settings.connections_per_person,
        in_all=settings.connections,
        messages_per_second=float(settings.messages_per_second),
        burst=10 * settings.messages_per_second,
    )
    endpoint = CollabEndpoint(rooms, authenticate, role_of, settings.origins, limits)
    sign_in.ended = endpoint.look_again
    return House(
        services=build_services(tools, settings, sign_in, compare, writers),
        rooms=rooms,
        writer=writer,
        endpoint=endpoint,
        poll=PollEndpoint(endpoint),
        aside=aside,
    )


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """The use cases without the web, for commands."""
    store = await to_thread.run_sync(open_store, settings)
    try:
        house = build_house(settings, store)
        async with house.running():
            yield house.services
        house.services.comparisons.close()
    finally:
        store.close()


def build_app(settings: Settings) -> Starlette:
    """The whole application, its store open; it closes the store when it ends."""
    house = build_house(settings, open_store(settings))
    return create_app(house.services, house.running(), settings, house.endpoint.connect, house.poll.exchange)
