"""`duthao demo`: an empty database becomes the demonstration.

Every step looks whether it is done already, so a run that was cut off is completed by the next.
The account of the last person is made last of all: where it is, the demonstration is whole, and
whatever people have done with it since is left alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files

import anyio
from anyio import to_thread

from duthao.commands.demo_dossier import DossierLoading
from duthao.domain.demonstration import carry_ids, first_draft, second_draft
from duthao.domain.document import Document, DocumentId, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.structure import parse
from duthao.messages import Catalogue
from duthao.service.people import add_user
from duthao.service.services import Services
from duthao.settings import Settings, read_settings
from duthao.store.ports import Role, User, VersionKind


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration; `role` is theirs on both documents."""

    username: str
    name: str
    position: str
    role: Role


@dataclass(frozen=True, slots=True)
class Content:
    """What is loaded: the people, their one documented password, the two documents."""

    password: str
    people: tuple[Person, ...]
    regulation: Mapping[str, str]
    version: Mapping[str, str]
    law: Mapping[str, str]


def _file(name: str) -> str:
    return files("duthao").joinpath("demo", name).read_text(encoding="utf-8")


def content() -> Content:
    """The demonstration as it lies in the package."""
    given = json.loads(_file("demonstration.json"))
    people = tuple(Person(p["username"], p["name"], p["position"], Role(p["role"])) for p in given["people"])
    regulation = given["regulation"]
    return Content(given["password"], people, regulation, regulation["version"], given["law"])


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """`duthao demo` takes no arguments."""


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Load the demonstration and print its accounts. Raises as `load_demonstration`."""
    loaded = load_alone(read_settings())
    shown = content()
    print(catalogue("demo.loaded" if loaded else "demo.already"))
    print(accounts(shown, catalogue))
    return 0


def load_alone(settings: Settings) -> bool:
    """As `load_demonstration`, while no other process does."""
    # Here and not above: the wiring brings the whole service with it.
    from duthao.bootstrap import open_services, open_store

    # One comparison is made: a process for it would take longer to start.
    alone = replace(settings, comparison_workers=0)

    async def load() -> bool:
        async with open_services(alone) as services:
            return await load_demonstration(services)

    store = open_store(settings)
    try:
        with store.only_one("demonstration"):
            return anyio.run(load)
    finally:
        store.close()


def accounts(shown: Content, catalogue: Catalogue) -> str:
    """The accounts and their password, one person a line."""
    lines = [catalogue("demo.accounts", password=shown.password)]
    for person in shown.people:
        role = catalogue(f"web.role.{person.role.value}")
        lines.append(f"  {person.username:6} {person.name}, {person.position} ({role})")
    lines.append(catalogue("demo.warning"))
    return "\n".join(lines)


async def load_demonstration(services: Services) -> bool:
    """Load what is missing of the demonstration; False when all of it is there already.

    Raises Refusal demo_other_people in a database of other people, who should not find strangers
    with a known password among them; demonstration_mismatch; and as the use cases.
    """
    shown = content()
    known = {user.username: user for user in await to_thread.run_sync(services.tools.store.users.all)}
    *first, last = shown.people
    if last.username in known and all(person.username in known for person in first):
        return False
    if known.keys() - {person.username for person in shown.people}:
        raise Refusal("demo_other_people")
    loading = _Loading(services, shown)
    for person in first:
        await loading.person(person)
    await loading.regulation()
    await loading.law()
    await loading.person(last)
    await loading.asked_last()
    return True


class _Loading:
    """One run: each step is skipped when its result is there."""

    def __init__(self, services: Services, shown: Content) -> None:
        self.services, self.shown = services, shown
        self.users: dict[Role, User] = {}
        self.by_name: dict[str, User] = {}
        self.dossier: DossierLoading | None = None
        self.documents: list[DocumentId] = []

    @property
    def lead(self) -> User:
        return self.users[Role.LEAD]

    @property
    def editor(self) -> User:
        return self.users[Role.EDITOR]

    def new_id(self) -> ProvisionId:
        return ProvisionId(self.services.tools.new_id())

    # --- people -------------------------------------------------------------------------------

    async def person(self, person: Person) -> None:
        """The account, and a place on every document that is there by now."""
        self.users[person.role] = await to_thread.run_sync(self._account, person)
        self.by_name[person.username] = self.users[person.role]
        for document_id in self.documents:
            await self._join(document_id, person)

    def _account(self, person: Person) -> User:
        tools = self.services.tools
        found = tools.store.users.by_username(person.username)
        if found is not None:
            return found
        hashed = self.services.sign_in.password_hash(self.shown.password)
        return add_user(
            tools.store, UserId(tools.new_id()), person.username, person.name, person.position, hashed,
            tools.clock(),
        )  # fmt: skip

    async def _join(self, document_id: DocumentId, person: Person) -> None:
        if person.role is not Role.LEAD and person.role in self.users:
            await self.services.members.set_role(self.lead, document_id, person.username, person.role.value)

    # --- documents ----------------------------------------------------------------------------

    async def _document(self, described: Mapping[str, str]) -> DocumentId:
        """The lead's document of this title, made when it is not there."""
        store = self.services.tools.store
        mine = await to_thread.run_sync(store.documents.for_user, self.lead.id)
        found = next((record.id for record, _ in mine if record.title == described["title"]), None)
        if found is None:
            text = _file(described["text"])
            found = await self.services.documents.create(self.lead, described["title"], text)
        self.documents.append(found)
        for person in self.shown.people:
            await self._join(found, person)
        return found

    async def _change(self, document_id: DocumentId, target: Document) -> None:
        """The editor's change: forward, as restoring is."""
        await self.services.tools.rooms.restore(document_id, target, self.editor.id)

    async def regulation(self) -> None:
        """The text in force, "Dự thảo lần 1" and what followed it."""
        document_id = await self._document(self.shown.regulation)
        access = await self.services.documents.open(self.lead, document_id)
        versions = await self.services.versions.of(access)
        numbered = next((v for v in versions if v.kind is VersionKind.NUMBERED), None)
        dossier = DossierLoading(self.services, document_id, self.by_name)
        if numbered is None:
            current = next(v for v in versions if v.kind is VersionKind.CURRENT)
            _, in_force = await self.services.versions.open(access, current.id)
            await self._change(document_id, first_draft(in_force, self.new_id))
        await dossier.submit(self.shown.version["name"], self.shown.version["reason"])
        versions = await self.services.versions.of(access)
        numbered = next(v for v in versions if v.kind is VersionKind.NUMBERED)
        await dossier.ask(numbered)
        _, draft = await self.services.versions.open(access, numbered.id)
        live, _ = await self.services.documents.live(access)
        if live.provisions == draft.provisions:
            await self._change(document_id, second_draft(live, self.new_id))
        await dossier.answer()
        self.dossier = dossier

    async def asked_last(self) -> None:
        """The last person is asked in the round of opinions, too."""
        if self.dossier is not None:
            await self.dossier.ask_last()

    async def law(self) -> None:
        """A law in force, and as amended; both keep their numbers."""
        document_id = await self._document(self.shown.law)
        access = await self.services.documents.open(self.lead, document_id)
        live, _ = await self.services.documents.live(access)
        amended = await to_thread.run_sync(partial(parse, _file(self.shown.law["draft"]), new_id=self.new_id))
        target = carry_ids(live, amended.document)
        if [p.text for p in live.provisions] != [p.text for p in target.provisions]:
            await self._change(document_id, target)
