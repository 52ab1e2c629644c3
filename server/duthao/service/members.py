"""People on a document and their roles. Only the lead changes them."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.names import name_key
from duthao.service.access import Permission, document_for
from duthao.service.people_admin import sorted_people
from duthao.service.ports import Tools
from duthao.store.ports import Membership, Role, User


@dataclass(frozen=True, slots=True)
class Member:
    user: User
    role: Role


class Members:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def list(self, user: User, document_id: str) -> tuple[Member, ...]:
        """Everybody on the document, strongest role first."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        return await to_thread.run_sync(self._list, access.id)

    def _list(self, document_id: DocumentId) -> tuple[Member, ...]:
        store = self._tools.store
        found = [(m, store.users.get(m.user_id)) for m in store.documents.members(document_id)]
        members = [Member(user, m.role) for m, user in found if user is not None]
        order = tuple(Role)
        return tuple(sorted(members, key=lambda m: (order.index(m.role), name_key(m.user.name), m.user.id)))

    async def candidates(self, user: User, document_id: str) -> tuple[User, ...]:
        """People who could be added: for the lead only."""
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        here = {m.user.id for m in await to_thread.run_sync(self._list, access.id)}
        everybody = await to_thread.run_sync(self._tools.store.users.all)
        return sorted_people(p for p in everybody if p.id not in here and not p.disabled)

    async def set_role(self, user: User, document_id: str, member: str, role: str) -> None:
        """Add a person (by user id or name of account) or change their role.

        Raises Refusal: user_not_found, role_unknown, last_lead.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        try:
            wanted = Role(role)
        except ValueError:
            raise Refusal("role_unknown", role=role[:40]) from None
        changed = await to_thread.run_sync(self._set, access.id, member, wanted)
        await self._tools.rooms.access_changed(access.id, changed)

    def _set(self, document_id: DocumentId, member: str, role: Role) -> UserId:
        store = self._tools.store
        person = store.users.get(UserId(member)) or store.users.by_username(member)
        if person is None or person.disabled:
            raise Refusal("user_not_found")
        now = store.documents.membership(document_id, person.id)
        if now is not None and now.role is Role.LEAD and role is not Role.LEAD:
            self._keep_a_lead(document_id, person.id)
        seen = (now.seen_seq, now.seen_at) if now else ()
        store.documents.set_member(Membership(document_id, person.id, role, *seen))
        return person.id

    async def remove(self, user: User, document_id: str, member: str) -> None:
        """Raises Refusal: user_not_found, last_lead."""
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        await to_thread.run_sync(self._remove, access.id, UserId(member))
        await self._tools.rooms.access_changed(access.id, UserId(member))

    def _remove(self, document_id: DocumentId, member: UserId) -> None:
        store = self._tools.store
        now = store.documents.membership(document_id, member)
        if now is None:
            raise Refusal("user_not_found")
        if now.role is Role.LEAD:
            self._keep_a_lead(document_id, member)
        store.documents.remove_member(document_id, member)

    def _keep_a_lead(self, document_id: DocumentId, leaving: UserId) -> None:
        members = self._tools.store.documents.members(document_id)
        if not any(m.role is Role.LEAD and m.user_id != leaving for m in members):
            raise Refusal("last_lead")
