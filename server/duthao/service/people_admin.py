"""The people of the house: added, changed, let in again, taken from a list. Administrators only."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from anyio import to_thread

from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.domain.names import name_key
from duthao.domain.people_list import Row, read_people
from duthao.service.house import need_admin
from duthao.service.people import add_user
from duthao.service.ports import Tools
from duthao.service.sessions import SignIn
from duthao.store.ports import User

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of a temporary password: none that is read as another."""


class Outcome(StrEnum):
    """What becomes of a row of a list."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Planned:
    """A row and what becomes of it; `was` is who has that account now."""

    row: Row
    outcome: Outcome
    was: User | None


@dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody and the password they come in with: told once, kept nowhere."""

    user: User
    password: str


def sorted_people(people: Iterable[User]) -> tuple[User, ...]:
    """In the order of Vietnamese lists."""
    return tuple(sorted(people, key=lambda one: (name_key(one.name), one.id)))


def temporary_password() -> str:
    """Four groups of four, 79 bits: it may be read aloud."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


class PeopleAdmin:
    def __init__(self, tools: Tools, sign_in: SignIn) -> None:
        self._tools, self._sign_in = tools, sign_in

    async def list(self, admin: User) -> tuple[User, ...]:
        """Everybody, those who are disabled last. Raises Refusal admin_only, as all of this."""
        need_admin(admin)
        everybody = sorted_people(await to_thread.run_sync(self._tools.store.users.all))
        return tuple(sorted(everybody, key=lambda one: one.disabled))

    async def add(self, admin: User, username: str, name: str, position: str, *, is_admin: bool) -> LetIn:
        """Raises Refusal: username_bad, username_taken, name_missing."""
        need_admin(admin)
        return await to_thread.run_sync(self._add, username, name, position, is_admin)

    def _add(self, username: str, name: str, position: str, is_admin: bool) -> LetIn:
        password = temporary_password()
        hashed, id_ = self._sign_in.password_hash(password), UserId(self._tools.new_id())
        store, now = self._tools.store, self._tools.clock()
        return LetIn(add_user(store, id_, username, name, position, hashed, now, is_admin=is_admin), password)

    async def change(self, admin: User, user_id: str, name: str, position: str, *, is_admin: bool) -> User:
        """Raises Refusal: user_not_found, name_missing, people_self who would give up being administrator."""
        need_admin(admin)
        person = await self._person(user_id)
        if not name.strip():
            raise Refusal("name_missing")
        if person.id == admin.id and not is_admin:
            raise Refusal("people_self")
        changed = replace(person, name=name.strip()[:200], position=position.strip()[:200], is_admin=is_admin)
        await to_thread.run_sync(self._tools.store.users.update, changed)
        return changed

    async def set_disabled(self, admin: User, user_id: str, *, disabled: bool) -> User:
        """Who is disabled is signed out everywhere at once and keeps what they said and wrote.

        Raises Refusal: user_not_found, people_self.
        """
        need_admin(admin)
        person = await self._person(user_id)
        if person.id == admin.id:
            raise Refusal("people_self")
        changed = replace(person, disabled=disabled)
        await to_thread.run_sync(self._keep_out, changed)
        self._sign_in.ended(person.id)
        return changed

    async def reset(self, admin: User, user_id: str) -> LetIn:
        """A new password in place of theirs, told once; they are signed out everywhere.

        The second proof stays: who lost that too is let in by `duthao user drop-factor`.
        Raises Refusal: user_not_found.
        """
        need_admin(admin)
        person = await self._person(user_id)
        password = temporary_password()
        hashed = await to_thread.run_sync(self._sign_in.password_hash, password)
        changed = replace(person, password_hash=hashed)
        await to_thread.run_sync(self._keep_out, changed)
        self._sign_in.ended(person.id)
        return LetIn(changed, password)

    def _keep_out(self, changed: User) -> None:
        self._tools.store.users.update(changed)
        self._tools.store.sessions.delete_for_user(changed.id)

    async def _person(self, user_id: str) -> User:
        person = await to_thread.run_sync(self._tools.store.users.get, UserId(user_id[:40]))
        if person is None:
            raise Refusal("user_not_found")
        return person

    async def plan(self, admin: User, text: str) -> tuple[Planned, ...]:
        """What a list would do, row by row. Raises Refusal as `read_people`."""
        need_admin(admin)
        return await to_thread.run_sync(self._plan, text)

    def _plan(self, text: str) -> tuple[Planned, ...]:
        rows = read_people(text)
        known = {one.username.casefold(): one for one in self._tools.store.users.all()}
        return tuple(_planned(row, known.get(row.username)) for row in rows)

    async def take_in(self, admin: User, text: str) -> tuple[LetIn, ...]:
        """Do what `plan` says, rows that are refused left out: those who are new, with their passwords.

        Raises Refusal as `read_people`.
        """
        need_admin(admin)
        return await to_thread.run_sync(self._take_in, text)

    def _take_in(self, text: str) -> tuple[LetIn, ...]:
        new: list[LetIn] = []
        for one in self._plan(text):
            if one.outcome is Outcome.NEW:
                new.append(self._add(one.row.username, one.row.name, one.row.position, False))
            elif one.outcome is Outcome.CHANGED and one.was is not None:
                self._tools.store.users.update(
                    replace(one.was, name=one.row.name, position=one.row.position or one.was.position)
                )
        return tuple(new)


def _planned(row: Row, was: User | None) -> Planned:
    if row.problem:
        return Planned(row, Outcome.REFUSED, was)
    if was is None:
        return Planned(row, Outcome.NEW, None)
    # An empty cell takes nothing away: many lists have no column of positions.
    same = row.name == was.name and row.position in ("", was.position)
    return Planned(row, Outcome.SAME if same else Outcome.CHANGED, was)
