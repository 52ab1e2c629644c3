"""The one module that knows every concrete class: settings in, a wired service out."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from anyio import to_thread
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from duthao.collab.aside import AsideProcess
from duthao.collab.bus import Bus, SignedOut
from duthao.collab.edits import seed
from duthao.collab.journal import JournalWriter, WriterLimits
from duthao.collab.meter import Meter
from duthao.collab.pace import Pace
from duthao.collab.peers import Alone, Peers
from duthao.collab.replica import PycrdtEngine
from duthao.collab.rooms import Rooms
from duthao.domain.compare import compare
from duthao.domain.compare.table_builder import build_table
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import FormProfile
from duthao.domain.secrecy import UNSTAMPED, Stamp
from duthao.formats.comparison_json import comparison_to_json
from duthao.formats.docx import comparison_docx
from duthao.formats.docx_out import document_docx
from duthao.formats.form_sample import form_picture
from duthao.formats.incoming import prepared, read
from duthao.formats.office import to_odt
from duthao.formats.opinions_docx import opinions_docx
from duthao.formats.opinions_pdf import opinions_pdf
from duthao.formats.pdf import PrintOptions, comparison_pdf, draft_pdf, stamping
from duthao.formats.plain_table import plain_docx, plain_pdf
from duthao.formats.text import to_text
from duthao.mail.smtp import SECURITIES, MailServer
from duthao.messages import Catalogue
from duthao.service.digests import Post
from duthao.service.import_worker import Readers
from duthao.service.people import KeptColours, colours_at
from duthao.service.ports import Tools
from duthao.service.services import Services, Writers, build_services
from duthao.service.sessions import SignIn, key_of
from duthao.service.together import Together
from duthao.service.vouched import Provider
from duthao.settings import Settings
from duthao.store.ports import EpochMillis, Member, Role, Store, User
from duthao.store.sql import driver_address
from duthao.store.sql import open_store as open_sql_store
from duthao.web.app import create_app
from duthao.web.auth import token_in
from duthao.web.collab_poll import PollEndpoint
from duthao.web.collab_socket import CollabEndpoint, Judged, SocketLimits, person_of
from duthao.web.metrics import Gauge, registry
from duthao.web.readiness import Readiness

FAREWELL = 1.0
"""Seconds in which answers to what has been sent still go out when the service stops."""
LAST_COMMITS = 2.5
"""Seconds in which the last entries are still stored: with the requests under way, 10 s at most."""


def now() -> EpochMillis:
    """The clock of the service."""
    return EpochMillis(time.time_ns() // 1_000_000)


def new_id() -> str:
    """A random id of 16 url-safe characters, none at the front that a command line takes for an option."""
    while (made := secrets.token_urlsafe(12)).startswith("-"):
        pass
    return made


def open_store(settings: Settings) -> Store:
    """The database of these settings, brought up to this release. Raises as the store does."""
    if not settings.database_url:
        Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    return open_sql_store(settings.database)


def neighbours(settings: Settings, store: Store) -> Alone:
    """The other processes of this house: none over SQLite, which one process serves.

    Raises Refusal: bus_needs_postgres; bus_bad (`scheme`) for an address that is no Redis;
    bus_driver_missing.
    """
    address = driver_address(settings.database)
    if address is None:
        if settings.bus_url:
            raise Refusal("bus_needs_postgres")
        return Alone()
    bus: Bus
    if settings.bus_url:
        try:
            # Here and not above: only where Redis is used must its client be installed.
            from duthao.bus.redis import RedisBus

            bus = RedisBus(settings.bus_url, settings.bus_channel)
        except ModuleNotFoundError:
            raise Refusal("bus_driver_missing") from None
        except ValueError:
            raise Refusal("bus_bad", scheme=settings.bus_url.partition(":")[0][:20]) from None
    else:
        from duthao.bus.postgres import PostgresBus

        bus = PostgresBus(address, settings.bus_channel)
    return Peers(bus, store, new_id())


def writers(stamp: Stamp = UNSTAMPED) -> Writers:
    """What writes papers out, each with this stamp."""
    typeset = stamping(stamp)

    def draft(document: Document, catalogue: Catalogue, form: FormProfile, number: int | None) -> bytes:
        options = PrintOptions(draft_number=number, form=form)
        return draft_pdf(document, catalogue, options=options, typeset=typeset)

    return Writers(
        text=to_text,
        comparison=comparison_to_json,
        table=build_table,
        comparison_pdf=partial(comparison_pdf, typeset=typeset),
        draft_pdf=draft,
        comparison_docx=partial(comparison_docx, secrecy=stamp.degree),
        document_docx=document_docx,
        opinions_pdf=partial(opinions_pdf, typeset=typeset),
        opinions_docx=partial(opinions_docx, secrecy=stamp.degree),
        plain_pdf=partial(plain_pdf, typeset=typeset),
        plain_docx=partial(plain_docx, secrecy=stamp.degree),
        form_picture=form_picture,
        odt=to_odt,
        stamped=writers,
    )


def post_of(settings: Settings) -> Post | None:
    """What takes e-mail away; None when no mail server is set. Raises Refusal mail_settings_bad."""
    if not settings.smtp_host:
        return None
    if settings.smtp_security not in SECURITIES or "@" not in settings.mail_from or not settings.origins:
        raise Refusal("mail_settings_bad")
    return MailServer(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.mail_from,
        settings.smtp_user, settings.smtp_password,
    ).send  # fmt: skip


def provider_of(settings: Settings) -> Provider | None:
    """The office's OpenID Connect provider; None when none is set.

    Raises Refusal: oidc_settings_bad; oidc_packages_missing.
    """
    if not settings.oidc_issuer:
        if not settings.local_sign_in:
            raise Refusal("oidc_settings_bad")
        return None
    try:
        # Here and not above: only where there is a provider must its packages be installed.
        from duthao.oidc.provider import OidcProvider, is_trusted
    except ModuleNotFoundError:
        raise Refusal("oidc_packages_missing") from None
    scopes = settings.oidc_scopes.split()
    secret = ""
    try:
        if settings.oidc_client_secret_file:
            lines = Path(settings.oidc_client_secret_file).read_text(encoding="utf-8").splitlines()
            secret = lines[0].strip()
    except (OSError, UnicodeError, IndexError):
        raise Refusal("oidc_settings_bad") from None
    is_good = is_trusted(settings.oidc_issuer) and settings.oidc_client_id and "openid" in scopes
    if not is_good or not settings.origins or (settings.oidc_client_secret_file and not secret):
        raise Refusal("oidc_settings_bad")
    return OidcProvider(settings.oidc_issuer, settings.oidc_client_id, secret, " ".join(scopes))


@dataclass(frozen=True)
class House:
    """Everything wired, nothing running yet."""

    services: Services
    rooms: Rooms
    writer: JournalWriter
    neighbours: Alone
    endpoint: CollabEndpoint
    poll: PollEndpoint
    aside: AsideProcess
    readiness: Readiness
    meter: Meter

    def drain(self) -> None:
        """We are about to stop: a balancer that asks is told so."""
        self.readiness.draining = True

    async def farewell(self) -> None:
        """What has been sent is stored and answered, then everybody is told to come back."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self.writer.settle()
        self.rooms.going_away()

    def numbers(self) -> CollectorRegistry:
        """What is shown to Prometheus."""
        writer, rooms, others = self.writer, self.rooms, self.neighbours
        gauges = [
            Gauge("rooms", "Documents open here.", lambda: len(rooms.open_rooms())),
            Gauge("connections", "People's connections here.", lambda: self.endpoint.connected),
            Gauge("journal_queue_entries", "Entries not stored yet.", lambda: writer.waiting[0]),
            Gauge("journal_queue_bytes", "Bytes not stored yet.", lambda: writer.waiting[1]),
            Gauge("journal_healthy", "1: storing works.", lambda: writer.healthy),
            Gauge("draining", "1: this process is about to stop.", lambda: self.readiness.draining),
        ]
        if isinstance(others, Peers):
            gauges += [
                Gauge("bus_linked", "1: the bus works.", lambda: others.is_linked),
                Gauge("bus_links", "How often the bus was linked.", lambda: others.links),
                Gauge("bus_queue_messages", "Messages not given to the bus yet.", lambda: others.waiting),
                Gauge("bus_unread_messages", "Messages that made no sense.", lambda: others.unread),
                Gauge("bus_processes", "Other processes heard of lately.", lambda: others.processes),
            ]
        return registry(self.meter, gauges)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """As `running`, digests are sent, deadlines are said, and what can be found is kept up to date."""
        services = self.services
        async with (
            self.running(), services.digests.running(), services.indexing.running(),
            services.reminding.running(),
        ):  # fmt: skip
            yield

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The writer outlives the rooms: what they still hand over is committed, and the others told."""
        async with self.neighbours, self.writer, self.rooms:
            try:
                yield
            finally:
                await self.poll.close()
                self.aside.close()


Asking = tuple[str, DocumentId]
"""A session's key, and the document somebody comes to."""


def build_house(settings: Settings, store: Store) -> House:
    """Wire the service over an open store."""

    roles: Together[Member, Role] = Together(store.documents.roles_of)

    async def role_of(document_id: DocumentId, user_id: UserId) -> Role | None:
        return await roles((document_id, user_id))

    meter = Meter()
    writer = JournalWriter(store.journal, WriterLimits(farewell=LAST_COMMITS), meter)
    pace = Pace(time.monotonic, time.thread_time)
    aside = AsideProcess()
    others = neighbours(settings, store)
    rooms = Rooms(
        writer, store, PycrdtEngine(), now, role_of, aside=aside, pace=pace.gather, neighbours=others,
        meter=meter,
    )  # fmt: skip
    sign_in = SignIn(store, settings, now)

    async def authenticate(cookies: Mapping[str, str]) -> User | None:
        who = await sign_in.who(token_in(cookies, settings))
        return None if who is None else who.user

    colours = KeptColours(partial(colours_at, store), lambda: rooms.judgements, time.monotonic)

    def entering(asked: Sequence[Asking]) -> Mapping[Asking, Judged]:
        standing = sign_in.standing(list({key for key, _ in asked}))
        people = {(key, document): standing[key].user for key, document in asked if key in standing}
        roles_here = store.documents.roles_of([(document, user.id) for (_, document), user in people.items()])
        return {
            asking: (person_of(user, colours(asking[1])[user.id]), roles_here.get((asking[1], user.id)))
            for asking, user in people.items()
        }

    at_the_door: Together[Asking, Judged] = Together(entering)

    async def who_and_role(cookies: Mapping[str, str], document_id: DocumentId) -> Judged | None:
        key = key_of(token_in(cookies, settings))
        return None if key is None else await at_the_door((key, document_id))

    tools = Tools(store, rooms, now, new_id, seed)
    limits = SocketLimits(
        per_person=settings.connections_per_person,
        in_all=settings.connections,
        messages_per_second=float(settings.messages_per_second),
        burst=10 * settings.messages_per_second,
    )
    endpoint = CollabEndpoint(rooms, authenticate, role_of, settings.origins, limits, meter, who_and_role)

    def signed_out(user_id: UserId) -> None:
        endpoint.look_again(user_id)
        others.tell(SignedOut(user_id))

    sign_in.ended, others.on_signed_out = signed_out, endpoint.look_again

    async def database() -> bool:
        return await to_thread.run_sync(store.is_current)

    async def journal() -> bool:
        return writer.healthy

    services = build_services(
        tools, settings, sign_in, compare, writers(), Readers(prepared, read), post_of(settings),
        provider_of(settings),
    )  # fmt: skip
    endpoint.tell = services.audit.in_room
    services.indexing.pace = pace.delay
    return House(
        services=services,
        rooms=rooms,
        writer=writer,
        neighbours=others,
        endpoint=endpoint,
        poll=PollEndpoint(endpoint),
        aside=aside,
        readiness=Readiness({"database": database, "journal": journal}),
        meter=meter,
    )


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """The use cases without the web, for commands."""
    store = await to_thread.run_sync(open_store, settings)
    try:
        house = build_house(settings, store)
        async with house.services.audit.running(), house.running():
            yield house.services
        house.services.comparisons.close()
    finally:
        store.close()


def build_app(settings: Settings) -> Starlette:
    """The whole application, its store open; it closes the store when it ends. `app.state.house`
    is what it is made of."""
    house = build_house(settings, open_store(settings))
    app = create_app(
        house.services,
        house.serving(),
        settings,
        house.endpoint.connect,
        house.poll.exchange,
        house.readiness,
    )
    app.state.house = house
    return app
