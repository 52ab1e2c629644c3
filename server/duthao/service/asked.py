"""The second guarded way to a text: for who is asked in a round of opinions.

It leads to that round's frozen draft, and to the text in force as it stood beside it, and to nothing else
of the document: who is asked needs no role on it. A private link is a random token of which the store has
the SHA-256 only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from duthao.domain.delegations import DutyPart
from duthao.domain.document import DocumentId
from duthao.domain.errors import Refusal
from duthao.domain.rounds import Invitation, Round
from duthao.service.access import MAX_ID
from duthao.store.ports import DocumentRecord, Store, User


@dataclass(frozen=True, slots=True)
class Asked:
    """A round opened for somebody who is asked in it; `user` is None for who came by a private link, and
    somebody else than the invitation names for who stands for them.
    """

    record: DocumentRecord
    round: Round
    invitation: Invitation
    user: User | None

    @property
    def id(self) -> DocumentId:
        return self.record.id

    @property
    def deputy(self) -> User | None:
        """Who stands for the one who is asked, if it is not they themselves."""
        return self.user if self.user is not None and self.user.id != self.invitation.user_id else None

    @property
    def texts(self) -> tuple[str, ...]:
        """The versions that may be read."""
        named = (self.round.version_id, self.round.before_id)
        return tuple(one for one in named if one is not None)


def asked_of_user(store: Store, user: User, round_id: str, day: str) -> Asked:
    """For who is asked, and who on that day stands for them. Blocks.

    Raises Refusal round_not_found, the same whether it is not there or they are not asked.
    """
    if len(round_id) <= MAX_ID and not user.disabled:
        for round_, invitation in store.rounds.of_user(user.id):
            if round_.id == round_id:
                return _asked(store, round_, invitation, user)
        for round_, invitation in asked_for_others(store, user, day):
            if round_.id == round_id:
                return _asked(store, round_, invitation, user)
    raise Refusal("round_not_found")


def asked_for_others(store: Store, user: User, day: str) -> Iterator[tuple[Round, Invitation]]:
    """The rounds in which this person stands for somebody who is asked, but for those in which they are
    asked themselves: nobody answers twice. Blocks.
    """
    seen = {round_.id for round_, _ in store.rounds.of_user(user.id)}
    for one in store.delegations.of_person(user.id):
        if one.deputy != user.id or one.part is not DutyPart.ANSWERS or not one.holds(day):
            continue
        for round_, invitation in store.rounds.of_user(one.giver):
            is_meant = round_.document_id == one.document_id and one.about in ("", round_.id)
            if is_meant and round_.id not in seen:
                seen.add(round_.id)
                yield round_, invitation


def asked_by_link(store: Store, token_hash: str, now: int) -> Asked:
    """Blocks. Raises Refusal link_dead: unknown, taken back, renewed or too old, all the same."""
    invitation = store.rounds.by_token(token_hash)
    if invitation is None or invitation.withdrawn_at is not None or now >= (invitation.link_until or 0):
        raise Refusal("link_dead")
    round_ = store.rounds.get(invitation.round_id)
    if round_ is None:
        raise Refusal("link_dead")
    return _asked(store, round_, invitation, None)


def _asked(store: Store, round_: Round, invitation: Invitation, user: User | None) -> Asked:
    record = store.documents.get(round_.document_id)
    if record is None:
        raise Refusal("round_not_found")
    return Asked(record, round_, invitation, user)
