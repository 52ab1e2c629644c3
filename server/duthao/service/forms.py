"""The forms of the house: those built in, its own, its standard, and the one chosen for a document.

A choice is a setting of the house and no part of the document (decision 27): one answer for the
draft, every version and the instrument.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyio import to_thread

from duthao.domain.document import DocumentId
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import (
    BUILT_IN,
    STANDARD,
    FormProfile,
    copied,
    profile_from,
    profile_value,
    reset,
)
from duthao.service.access import Access, Permission, Reached, document_for
from duthao.service.house import need_admin
from duthao.service.ports import Tools
from duthao.store.ports import HouseSetting, Store, User, Version, VersionKind

FORMS = "form_profiles"
MAX_OWN = 20
"""Forms a house may have of its own."""


@dataclass(frozen=True, slots=True)
class HouseForms:
    """`own` by key, in the order in which they were made; `standard` is the key of the house's."""

    own: Mapping[str, FormProfile]
    standard: str = STANDARD.key

    def get(self, key: str) -> FormProfile | None:
        return BUILT_IN.get(key) or self.own.get(key)

    @property
    def all(self) -> tuple[FormProfile, ...]:
        """Those built in, then the house's own."""
        return (*BUILT_IN.values(), *self.own.values())

    @property
    def house(self) -> FormProfile:
        """The form of documents for which none was chosen."""
        return self.get(self.standard) or STANDARD


@dataclass(frozen=True, slots=True)
class Printed:
    """How a text is printed: its form, and the number of the draft it is or belongs to, if any."""

    form: FormProfile
    draft_number: int | None


class Forms:
    """Everybody signed in may read the forms; an administrator changes them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._turn = asyncio.Lock()

    async def all(self) -> HouseForms:
        """The forms there are."""
        return await to_thread.run_sync(forms_of, self._tools.store)

    async def chosen(self, user: User, document_id: str) -> tuple[Access, str, HouseForms]:
        """The key chosen for a document, "" for the house's standard, and the forms there are."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        forms, key = await to_thread.run_sync(_chosen, self._tools.store, access.id)
        return access, key, forms

    async def choose(self, user: User, document_id: str, key: str) -> None:
        """The form of a document; "" leaves it to the house's standard. Raises Refusal form_not_found."""
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        if key and (await self.all()).get(key[:40]) is None:
            raise Refusal("form_not_found")
        await self._put(_name(access.id), key, user)
        await self._tools.rooms.comparison_changed(access.id)

    async def printed(self, access: Reached, version: Version | None) -> Printed:
        """How the live draft (None) or a version is printed."""
        return await to_thread.run_sync(printed_of, self._tools.store, access.id, version)

    # --- the administrator's ---------------------------------------------------------------

    async def copy(self, user: User, key: str, name: str) -> FormProfile:
        """A form of the house's own that begins as another.

        Raises Refusal: admin_only, form_not_found, forms_too_many, form_profile_words.
        """
        need_admin(user)
        async with self._turn:
            forms = await self.all()
            if len(forms.own) >= MAX_OWN:
                raise Refusal("forms_too_many", most=MAX_OWN)
            made = copied(_found(forms, key), self._tools.new_id(), " ".join(name.split()))
            await self._keep(user, {**forms.own, made.key: made}, forms.standard)
        return made

    async def change(self, user: User, key: str, value: Mapping[str, Any]) -> FormProfile:
        """Give one of the house's own other values, all of them but its key.

        Raises Refusal: admin_only, form_not_found, form_built_in, `form_profile_…`.
        """
        need_admin(user)
        async with self._turn:
            forms = await self.all()
            held = _own(forms, key)
            made = profile_from({**value, "key": held.key, "base": held.base})
            made = copied(made, made.key, " ".join(made.name.split()))
            await self._keep(user, {**forms.own, key: made}, forms.standard)
        return made

    async def reset(self, user: User, key: str) -> FormProfile:
        """As the one built in from which it came. Raises as `change`."""
        need_admin(user)
        async with self._turn:
            forms = await self.all()
            made = reset(_own(forms, key))
            await self._keep(user, {**forms.own, key: made}, forms.standard)
        return made

    async def remove(self, user: User, key: str) -> None:
        """Documents printed in it are printed in the house's standard from then on. Raises as `change`."""
        need_admin(user)
        async with self._turn:
            forms = await self.all()
            _own(forms, key)
            own = {other: form for other, form in forms.own.items() if other != key}
            await self._keep(user, own, STANDARD.key if forms.standard == key else forms.standard)

    async def make_standard(self, user: User, key: str) -> None:
        """Raises Refusal: admin_only, form_not_found."""
        need_admin(user)
        async with self._turn:
            forms = await self.all()
            await self._keep(user, forms.own, _found(forms, key).key)

    async def _keep(self, user: User, own: Mapping[str, FormProfile], standard: str) -> None:
        profiles = [profile_value(form) for form in own.values()]
        value = json.dumps({"standard": standard, "profiles": profiles}, ensure_ascii=False)
        await self._put(FORMS, value, user)

    async def _put(self, name: str, value: str, user: User) -> None:
        setting = HouseSetting(name, value, user.id, self._tools.clock())
        await to_thread.run_sync(self._tools.store.house.put, setting)


def forms_of(store: Store) -> HouseForms:
    """The forms of this house. Blocks. One that cannot be read is left out: it never stops printing."""
    setting = store.house.get(FORMS)
    if setting is None:
        return HouseForms({})
    held = json.loads(setting.value)
    own = {}
    for value in held["profiles"]:
        try:
            form = profile_from(_with_what_came_later(value))
        except Refusal:
            continue
        own[form.key] = form
    return HouseForms(own, held["standard"])


def form_of(store: Store, document_id: DocumentId) -> FormProfile:
    """The form a document is printed in. Blocks."""
    forms, key = _chosen(store, document_id)
    return forms.get(key) or forms.house


def printed_of(store: Store, document_id: DocumentId, version: Version | None) -> Printed:
    """How the live draft (None) or a version is printed. Blocks.

    A numbered draft has its number, the text in force none, all else that of the draft it becomes; the live
    draft none either while it says what was just issued.
    """
    form = form_of(store, document_id)
    if version is not None and version.kind is VersionKind.CURRENT:
        return Printed(form, None)
    if version is not None and version.kind is VersionKind.NUMBERED:
        return Printed(form, version.number)
    kept = store.versions.for_document(document_id)
    # The first is what the revision began from; another one was issued.
    issued = sorted(other.seq for other in kept if other.kind is VersionKind.CURRENT)[1:]
    if version is None and issued and issued[-1] == store.journal.end(document_id):
        return Printed(form, None)
    numbers = [
        other.number or 0
        for other in kept
        if other.kind is VersionKind.NUMBERED and (version is None or other.seq <= version.seq)
    ]
    return Printed(form, max(numbers, default=0) + 1)


def _chosen(store: Store, document_id: DocumentId) -> tuple[HouseForms, str]:
    forms = forms_of(store)
    setting = store.house.get(_name(document_id))
    key = "" if setting is None else setting.value
    return forms, key if forms.get(key) is not None else ""


def _name(document_id: DocumentId) -> str:
    return f"form:{document_id}"


def _with_what_came_later(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an earlier release kept lacks what forms have got since: that is as the one built in has it."""
    base = profile_value(BUILT_IN.get(str(value.get("base")), STANDARD))
    styles = {part: value.get("styles", {}).get(part, style) for part, style in base["styles"].items()}
    return base | {name: held for name, held in value.items() if name in base} | {"styles": styles}


def _found(forms: HouseForms, key: str) -> FormProfile:
    found = forms.get(key[:40])
    if found is None:
        raise Refusal("form_not_found")
    return found


def _own(forms: HouseForms, key: str) -> FormProfile:
    if key in BUILT_IN:
        raise Refusal("form_built_in")
    return _found(forms, key)
