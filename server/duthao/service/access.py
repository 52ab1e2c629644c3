"""The one guarded way to a document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from anyio import to_thread

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.service.people import Colours, colours_among
from duthao.store.ports import DocumentRecord, Membership, Role, Store, User

MAX_ID = 40


class Permission(StrEnum):
    """What somebody wants to do with a document."""

    READ = "read"
    COMMENT = "comment"
    WRITE = "write"
    MANAGE = "manage"


ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.LEAD: frozenset(Permission),
    Role.EDITOR: frozenset((Permission.READ, Permission.COMMENT, Permission.WRITE)),
    Role.COMMENTER: frozenset((Permission.READ, Permission.COMMENT)),
    Role.READER: frozenset((Permission.READ,)),
}


class Reached(Protocol):
    """A document that somebody may read of: opened by `document_for`, or for who is asked in a round."""

    @property
    def id(self) -> DocumentId: ...


@dataclass(frozen=True, slots=True)
class Access:
    """A document opened for a person: proof that `document_for` was asked."""

    record: DocumentRecord
    membership: Membership
    user: User
    members: tuple[UserId, ...] = ()

    @property
    def id(self) -> DocumentId:
        return self.record.id

    @property
    def role(self) -> Role:
        return self.membership.role

    def colours(self) -> Colours:
        """Of everybody at the document."""
        return colours_among(self.members)

    def may(self, permission: Permission) -> bool:
        return permission in ALLOWED[self.role]


def _document_for(store: Store, user: User, document_id: str, need: Permission) -> Access:
    if len(document_id) > MAX_ID:
        raise Refusal("document_not_found")
    wanted = DocumentId(document_id)
    members = store.documents.members(wanted)
    membership = next((one for one in members if one.user_id == user.id), None)
    record = store.documents.get(wanted)
    if membership is None or record is None or user.disabled:
        raise Refusal("document_not_found")
    if need not in ALLOWED[membership.role]:
        raise Refusal("not_allowed", role=membership.role.value, need=need.value)
    return Access(record, membership, user, tuple(one.user_id for one in members))


async def document_for(store: Store, user: User, document_id: str, need: Permission) -> Access:
    """The document, if this person may do `need` with it.

    Raises Refusal: document_not_found, the same whether it does not exist or is not
    theirs to see; not_allowed (`role`, `need`) when they see it but may not do this.
    """
    return await to_thread.run_sync(_document_for, store, user, document_id, need)
