"""Templates a document begins from: those that come with the service, and the house's own.

A template is a text. One of the house is kept as two settings: the list of names, and each text.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, replace

from anyio import to_thread

from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.formats.document_templates import built_in
from duthao.formats.text import to_text
from duthao.service.access import Permission, document_for
from duthao.service.house import need_admin
from duthao.service.ports import Tools
from duthao.store.ports import HouseSetting, Store, User

LIST = "document_templates"
MAX_OWN = 40
MAX_NAME = 120
MAX_ABOUT = 400
MAX_TEXT = 200_000
"""Characters: some eighty pages."""
MAX_KEY = 60


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """One of the house's own, without its text."""

    key: str
    name: str
    about: str = ""


class DocumentTemplates:
    """Everybody signed in may begin from a template; a document's lead makes one of it, an administrator
    renames and removes them.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._turn = asyncio.Lock()

    async def own(self) -> tuple[OwnTemplate, ...]:
        """The house's own, in the order in which they were made."""
        return await to_thread.run_sync(_own, self._tools.store)

    async def text(self, key: str) -> str:
        """The text of any template. Raises Refusal doctemplate_not_found."""
        if key in built_in():
            return built_in()[key]
        _found(await self.own(), key)
        setting = await to_thread.run_sync(self._tools.store.house.get, _name(key))
        if setting is None:
            raise Refusal("doctemplate_not_found")
        return setting.value

    async def save(self, user: User, document_id: str, name: str, about: str) -> OwnTemplate:
        """The live draft as a template for the whole house.

        Raises Refusal: as `document_for`; doctemplate_name (`most`), doctemplates_too_many (`most`),
        doctemplate_too_long (`most`).
        """
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        made = _named(OwnTemplate(self._tools.new_id(), ""), name, about)
        document, _ = await self._tools.rooms.read(access.id)
        text = await to_thread.run_sync(_text, document)
        async with self._turn:
            held = await self.own()
            if len(held) >= MAX_OWN:
                raise Refusal("doctemplates_too_many", most=MAX_OWN)
            # The text first: a name without one would be offered and could not be opened.
            await self._put(user, _name(made.key), text)
            await self._keep(user, (*held, made))
        return made

    async def rename(self, user: User, key: str, name: str, about: str) -> OwnTemplate:
        """Raises Refusal: admin_only, doctemplate_not_found, doctemplate_name."""
        need_admin(user)
        async with self._turn:
            held = await self.own()
            made = _named(_found(held, key), name, about)
            await self._keep(user, tuple(made if one.key == key else one for one in held))
        return made

    async def remove(self, user: User, key: str) -> None:
        """Documents begun from it keep their words. Raises Refusal: admin_only, doctemplate_not_found."""
        need_admin(user)
        async with self._turn:
            held = await self.own()
            gone = _found(held, key)
            await self._keep(user, tuple(one for one in held if one != gone))
            await self._put(user, _name(key), "")

    async def _keep(self, user: User, own: tuple[OwnTemplate, ...]) -> None:
        await self._put(user, LIST, json.dumps([asdict(one) for one in own], ensure_ascii=False))

    async def _put(self, user: User, name: str, value: str) -> None:
        setting = HouseSetting(name, value, user.id, self._tools.clock())
        await to_thread.run_sync(self._tools.store.house.put, setting)


def _own(store: Store) -> tuple[OwnTemplate, ...]:
    setting = store.house.get(LIST)
    return () if setting is None else tuple(OwnTemplate(**one) for one in json.loads(setting.value))


def _name(key: str) -> str:
    return f"template:{key}"


def _found(held: tuple[OwnTemplate, ...], key: str) -> OwnTemplate:
    for one in held:
        if one.key == key[:MAX_KEY]:
            return one
    raise Refusal("doctemplate_not_found")


def _named(one: OwnTemplate, name: str, about: str) -> OwnTemplate:
    name, about = " ".join(name.split()), " ".join(about.split())
    if not name or len(name) > MAX_NAME or len(about) > MAX_ABOUT:
        raise Refusal("doctemplate_name", most=MAX_NAME, about=MAX_ABOUT)
    return replace(one, name=name, about=about)


def _text(document: Document) -> str:
    text = to_text(document)
    if len(text) > MAX_TEXT:
        raise Refusal("doctemplate_too_long", most=MAX_TEXT)
    return text
