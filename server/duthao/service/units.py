"""The house's units, terms of office and seats: kept by administrators, used by who leads a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anyio import to_thread

from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.domain.text import clean_line
from duthao.domain.units import MAX_NAME, MAX_UNITS, Seat, Structure, Term, Unit, UnitKind
from duthao.service.access import Permission, document_for
from duthao.service.house import need_admin
from duthao.service.ports import Tools
from duthao.store.ports import Membership, Role, User


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit in the tree, its depth, and how many people may be added with it today."""

    unit: Unit
    depth: int
    people: int


class Units:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def read(self, admin: User) -> Structure:
        """Raises Refusal admin_only."""
        need_admin(admin)
        return await to_thread.run_sync(self._tools.store.units.read)

    def today(self) -> str:
        """The day in Vietnam, YYYY-MM-DD."""
        return self._tools.today().isoformat()

    async def put_unit(self, admin: User, unit_id: str, parent: str, kind: str, name: str) -> None:
        """A new unit when `unit_id` is "", else that one changed; `parent` "" for the top.

        Raises Refusal: admin_only, name_missing, unit_not_found, unit_kind_unknown, unit_in_itself,
        units_too_many (`most`).
        """
        need_admin(admin)
        await to_thread.run_sync(self._put_unit, unit_id, parent or None, kind, _named(name))

    def _put_unit(self, unit_id: str, parent: str | None, kind: str, name: str) -> None:
        held = self._tools.store.units.read()
        if kind not in tuple(UnitKind):
            raise Refusal("unit_kind_unknown")
        if unit_id and held.unit(unit_id) is None:
            raise Refusal("unit_not_found")
        if parent is not None and held.unit(parent) is None:
            raise Refusal("unit_not_found")
        if not unit_id and len(held.units) >= MAX_UNITS:
            raise Refusal("units_too_many", most=MAX_UNITS)
        made = Unit(unit_id or self._tools.new_id(), parent, UnitKind(kind), name)
        if not held.may_stand_in(made.id, parent):
            raise Refusal("unit_in_itself")
        self._tools.store.units.put_unit(made)

    async def remove_unit(self, admin: User, unit_id: str) -> None:
        """With its seats; people stay. Raises Refusal: admin_only, unit_not_empty."""
        need_admin(admin)
        try:
            await to_thread.run_sync(self._tools.store.units.remove_unit, unit_id[:40])
        except ValueError:
            raise Refusal("unit_not_empty") from None

    async def put_term(self, admin: User, term_id: str, name: str, begins: str, ends: str) -> None:
        """Raises Refusal: admin_only, name_missing, term_days_bad, unit_not_found."""
        need_admin(admin)
        name, begins, ends = _named(name), _day(begins), _day(ends)
        if ends < begins:
            raise Refusal("term_days_bad")
        await to_thread.run_sync(self._put_term, term_id, name, begins, ends)

    def _put_term(self, term_id: str, name: str, begins: str, ends: str) -> None:
        if term_id and all(one.id != term_id for one in self._tools.store.units.read().terms):
            raise Refusal("unit_not_found")
        made = Term(term_id or self._tools.new_id(), name, begins, ends)
        self._tools.store.units.put_term(made)

    async def remove_term(self, admin: User, term_id: str) -> None:
        """Raises Refusal: admin_only, term_not_empty."""
        need_admin(admin)
        try:
            await to_thread.run_sync(self._tools.store.units.remove_term, term_id[:40])
        except ValueError:
            raise Refusal("term_not_empty") from None

    async def put_seat(self, admin: User, unit_id: str, user_id: str, position: str, term_id: str) -> None:
        """A person sits in the unit; who sits there for that term already gets the new position.

        Raises Refusal: admin_only, unit_not_found, user_not_found.
        """
        need_admin(admin)
        position = clean_line(position[: 2 * MAX_NAME])[:MAX_NAME]
        await to_thread.run_sync(self._put_seat, unit_id, UserId(user_id[:40]), position, term_id or None)

    def _put_seat(self, unit_id: str, user: UserId, position: str, term_id: str | None) -> None:
        held, store = self._tools.store.units.read(), self._tools.store
        if held.unit(unit_id) is None or (term_id and all(one.id != term_id for one in held.terms)):
            raise Refusal("unit_not_found")
        if store.users.get(user) is None:
            raise Refusal("user_not_found")
        here = (one for one in held.seats if (one.unit, one.user, one.term) == (unit_id, user, term_id))
        known = next(here, None)
        id_ = known.id if known else self._tools.new_id()
        store.units.put_seat(Seat(id_, unit_id, user, position, term_id))

    async def remove_seat(self, admin: User, seat_id: str) -> None:
        """Raises Refusal admin_only."""
        need_admin(admin)
        await to_thread.run_sync(self._tools.store.units.remove_seat, seat_id[:40])

    # For who leads a document

    async def choices(self, user: User, document_id: str) -> tuple[Listed, ...]:
        """The units whose people may be added to a document, for its lead. Raises as `document_for`."""
        await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        held = await to_thread.run_sync(self._tools.store.units.read)
        day = self.today()
        return tuple(Listed(unit, depth, len(held.people(unit.id, day))) for unit, depth in held.tree())

    async def add_to(self, user: User, document_id: str, unit_id: str, role: str) -> int:
        """Everybody who sits in the unit or below it today comes to the document with this role; who has a
        part in it keeps theirs. How many came.

        Raises Refusal: as `document_for`, role_unknown, unit_not_found.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        if role not in tuple(Role):
            raise Refusal("role_unknown", role=role[:40])

        def add() -> list[UserId]:
            store, held = self._tools.store, self._tools.store.units.read()
            if held.unit(unit_id) is None:
                raise Refusal("unit_not_found")
            here = {one.user_id for one in store.documents.members(access.id)}
            came = []
            for id_ in held.people(unit_id, self.today()):
                person = store.users.get(id_)
                if id_ not in here and person is not None and not person.disabled:
                    store.documents.set_member(Membership(access.id, id_, Role(role)))
                    came.append(id_)
            return came

        came = await to_thread.run_sync(add)
        for id_ in came:
            await self._tools.rooms.access_changed(access.id, id_)
        return len(came)


def _named(name: str) -> str:
    name = clean_line(name[: 2 * MAX_NAME])[:MAX_NAME]
    if not name:
        raise Refusal("name_missing")
    return name


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written.strip()[:10]).isoformat()
    except ValueError:
        raise Refusal("term_days_bad") from None
