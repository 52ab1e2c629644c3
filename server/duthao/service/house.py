"""What holds for the whole house: the sentences of amending documents, and what is completed while typing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from anyio import to_thread

from duthao.domain.amend.instrument import Instrument
from duthao.domain.amend.templates import DEFAULTS, STANDARD, Templates
from duthao.domain.amend.trial import check_read
from duthao.domain.errors import Refusal
from duthao.domain.house_terms import STANDARD as STANDARD_TERMS
from duthao.domain.house_terms import HouseTerms, terms_from
from duthao.service.ports import Tools
from duthao.store.ports import EpochMillis, HouseSetting, Store, User

WORDING = "instrument_templates"
TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates in use, and who gave them their wording when; None while they are the standard.

    `refused` says why the wording that was given is not in use: an earlier release took it.
    """

    templates: Templates
    by: User | None = None
    at: EpochMillis | None = None
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The list in use, and who gave it when; None while it is the standard."""

    terms: HouseTerms
    by: User | None = None
    at: EpochMillis | None = None


class House:
    """Everybody signed in may read what holds; an administrator changes it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def wording(self) -> Wording:
        """How amending documents are written here."""
        return await to_thread.run_sync(wording_of, self._tools.store)

    async def reword(self, user: User, own: Mapping[str, str]) -> Wording:
        """Give the templates another wording; one left empty, or like the standard, is the standard.

        Raises Refusal: admin_only, `template_…` (template_unreadable when nobody could read it back).
        """
        need_admin(user)
        templates = _differing(own)
        await to_thread.run_sync(check_read, templates)
        setting = HouseSetting(
            WORDING, json.dumps(dict(templates.own), ensure_ascii=False), user.id, self._tools.clock()
        )
        await to_thread.run_sync(self._tools.store.house.put, setting)
        return Wording(templates, user, setting.changed_at)

    async def preview(self, user: User, own: Mapping[str, str]) -> tuple[Instrument, ...]:
        """Made-up amending documents in this wording, saving nothing. Raises as `reword`."""
        need_admin(user)
        return await to_thread.run_sync(check_read, _differing(own))

    async def terms(self) -> Terms:
        """What is completed while typing."""
        return await to_thread.run_sync(_terms_of, self._tools.store)

    async def completed(self) -> HouseTerms:
        """The list alone, as every room that is opened asks for it."""
        return await to_thread.run_sync(lambda: _listed(self._tools.store.house.get(TERMS)))

    async def list_terms(self, user: User, text: str | None) -> Terms:
        """Give the house this list, a line each; None is the standard again.

        Raises Refusal: admin_only, `terms_…`.
        """
        need_admin(user)
        terms = STANDARD_TERMS if text is None else terms_from(text)
        value = "" if text is None else json.dumps(terms.lines, ensure_ascii=False)
        setting = HouseSetting(TERMS, value, user.id, self._tools.clock())
        await to_thread.run_sync(self._tools.store.house.put, setting)
        return Terms(terms, user, setting.changed_at)


def _terms_of(store: Store) -> Terms:
    setting = store.house.get(TERMS)
    if setting is None:
        return Terms(STANDARD_TERMS)
    return Terms(_listed(setting), store.users.get(setting.changed_by), setting.changed_at)


def _listed(setting: HouseSetting | None) -> HouseTerms:
    return STANDARD_TERMS if setting is None or setting.value == "" else _read_terms(setting.value)


@lru_cache(maxsize=2)
def _read_terms(value: str) -> HouseTerms:
    # The house has one list, changed once in a while; of hundreds who come in at once each would read it.
    return terms_from(json.loads(value))


def wording_of(store: Store) -> Wording:
    """How amending documents are written in this house. Blocks."""
    setting = store.house.get(WORDING)
    if setting is None:
        return Wording(STANDARD)
    by = store.users.get(setting.changed_by)
    try:
        return Wording(Templates(json.loads(setting.value)), by, setting.changed_at)
    except Refusal as refusal:
        return Wording(STANDARD, by, setting.changed_at, refusal)


def _differing(own: Mapping[str, str]) -> Templates:
    """The templates that are not left to the standard."""
    given = {name: " ".join(text.split()) for name, text in own.items()}
    return Templates({name: text for name, text in given.items() if text and text != DEFAULTS.get(name)})


def need_admin(user: User) -> None:
    """Raises Refusal admin_only."""
    if not user.is_admin:
        raise Refusal("admin_only")
