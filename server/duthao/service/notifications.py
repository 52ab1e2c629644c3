"""Notifications: who is told that they were mentioned, answered, given something to do, or decided on."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from anyio import to_thread

from duthao.domain.delegations import DutyPart, deputies_of
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.service.people import Colours, colours_at, people_of
from duthao.service.ports import Tools
from duthao.store.news import OF_DOSSIER
from duthao.store.ports import DocumentRecord, MailWish, News, Notification, StoreUnavailable, User

KEEP: Final = 500
"""Of each person so many stay; older ones go."""

MAX_ADDRESS: Final = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")

log = logging.getLogger("duthao.notifications")


@dataclass(frozen=True, slots=True)
class Listing:
    """A person's notifications, newest first, with the documents and people they name.

    Of those that say the same and lead to the same place the newest stands for all.
    """

    notifications: tuple[Notification, ...]
    documents: Mapping[DocumentId, DocumentRecord]
    people: Mapping[UserId, User]
    colours: Mapping[DocumentId, Colours]
    """Those of people at each of the documents."""
    times: Mapping[str, int]
    """How many each of them stands for, itself counted."""


def _said(one: Notification) -> tuple[object, ...]:
    """What it says and where it leads, and whether it was seen."""
    return one.document_id, one.news, one.by, one.thread_id, one.proposal_id, one.round_id, one.seen


def _alike(mine: Sequence[Notification], notification_id: str) -> list[str]:
    """This one and those that say the same; none where it is not among them."""
    said = {_said(one) for one in mine if one.id == notification_id}
    return [one.id for one in mine if _said(one) in said]


class Notifications:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def tell(
        self, document_id: DocumentId, news: News, by: UserId, whom: Iterable[UserId], *,
        thread: str | None = None, proposal: str | None = None, round_id: str | None = None,
    ) -> None:  # fmt: skip
        """Tell these people, but for who did it and who has no part in the document; in a round who is
        asked has, and with them is told who answers in their place. Blocks.

        What happened is stored already: that somebody cannot be told of it now undoes nothing.
        """
        store, now = self._tools.store, self._tools.clock()
        try:
            wanted = [id_ for id_ in self._with_deputies(document_id, whom, round_id) if id_ != by]
            if not wanted:
                return
            members = {one.user_id for one in store.documents.members(document_id)}
            if news in OF_DOSSIER:
                found = store.dossiers.parts([one.id for one in store.dossiers.of_documents([document_id])])
                group = (part for parts in found.values() for part in parts if part.part == "person")
                members |= {part.user_id for part in group if part.user_id is not None}
            told = [
                Notification(
                    self._tools.new_id(),
                    user_id,
                    document_id,
                    news,
                    by,
                    now,
                    thread,
                    proposal,
                    round_id=round_id,
                )
                for user_id in wanted
                if round_id is not None or news is News.DEPUTY or user_id in members
            ]
            store.notifications.add(told, KEEP)
        except (StoreUnavailable, ValueError) as error:
            log.warning("notification.lost document=%s error=%s", document_id, type(error).__name__)

    def remind(
        self, document_id: DocumentId, news: News, user_id: UserId, *, round_id: str | None = None
    ) -> None:
        """Tell somebody of a day that comes or has gone by: nobody did it. Blocks."""
        store, new_id, now = self._tools.store, self._tools.new_id, self._tools.clock()
        try:
            whom = self._with_deputies(document_id, [user_id], round_id)
            made = [
                Notification(new_id(), one, document_id, news, one, now, round_id=round_id) for one in whom
            ]
            store.notifications.add(made, KEEP)
        except (StoreUnavailable, ValueError) as error:
            log.warning("notification.lost document=%s error=%s", document_id, type(error).__name__)

    def _with_deputies(
        self, document_id: DocumentId, whom: Iterable[UserId], round_id: str | None
    ) -> tuple[UserId, ...]:
        """They, each once, and who answers this round in their place today."""
        wanted = dict.fromkeys(whom)
        if round_id is None or not wanted:
            return tuple(wanted)
        handed, day = self._tools.store.delegations.of_document(document_id), self._tools.today().isoformat()
        places = (deputies_of(handed, one, DutyPart.ANSWERS, round_id, day) for one in tuple(wanted))
        return tuple(wanted | dict.fromkeys(deputy.deputy for found in places for deputy in found))

    async def list(self, user: User) -> Listing:
        return await to_thread.run_sync(self._list, user)

    def _list(self, user: User) -> Listing:
        store = self._tools.store
        known = {record.id: record for record, _ in store.documents.for_user(user.id)}
        # Whoever is asked in a round knows which draft it is about, with or without a role on it.
        asked = {round_.document_id for round_, _ in store.rounds.of_user(user.id)}
        # So does whoever is in the working group of its dossier.
        asked |= {dossier.document_id for dossier in store.dossiers.of_user(user.id)}
        # And whoever answers in somebody's place.
        handed = store.delegations.of_person(user.id)
        asked |= {one.document_id for one in handed if one.deputy == user.id and one.ended_at is None}
        asked -= set(known)
        known |= {id_: record for id_ in asked if (record := store.documents.get(id_)) is not None}
        found = [one for one in store.notifications.for_user(user.id) if one.document_id in known]
        colours = {id_: colours_at(store, id_) for id_ in {one.document_id for one in found}}
        alike: dict[tuple[object, ...], list[Notification]] = {}
        for one in found:
            alike.setdefault(_said(one), []).append(one)
        newest = tuple(same[0] for same in alike.values())
        times = {same[0].id: len(same) for same in alike.values()}
        return Listing(newest, known, people_of(store, (one.by for one in newest)), colours, times)

    async def unread(self, user: User) -> int:
        return await to_thread.run_sync(self._tools.store.notifications.unread, user.id)

    async def open(self, user: User, notification_id: str) -> str:
        """Where it leads; it is seen from now on. Raises Refusal notification_not_found."""
        return await to_thread.run_sync(self._open, user, notification_id)

    def _open(self, user: User, notification_id: str) -> str:
        door = self._tools.store.notifications
        mine = door.for_user(user.id)
        one = next((one for one in mine if one.id == notification_id), None)
        if one is None:
            raise Refusal("notification_not_found")
        door.mark_seen(user.id, _alike(mine, one.id))
        if one.round_id:
            return f"/rounds/{one.round_id}/answer"
        if one.news is News.ANSWERED:
            return f"/documents/{one.document_id}/opinions/mine"
        if one.news is News.DEPUTY:
            return "/deputies"
        if one.news in (News.TASK_DUE, News.TASK_OVERDUE):
            return f"/tasks?document={one.document_id}&mine=1"
        if one.news in OF_DOSSIER:
            return f"/documents/{one.document_id}/dossier"
        anchor = f"comment-{one.thread_id}" if one.thread_id else f"proposal={one.proposal_id}"
        return f"/documents/{one.document_id}#{anchor}"

    async def mark_seen(self, user: User, notification_id: str | None = None) -> None:
        """One, with those that say the same; or all."""
        await to_thread.run_sync(self._mark_seen, user, notification_id)

    def _mark_seen(self, user: User, notification_id: str | None) -> None:
        door = self._tools.store.notifications
        alike = None if notification_id is None else _alike(door.for_user(user.id), notification_id)
        door.mark_seen(user.id, alike)

    async def mail_wish(self, user: User) -> MailWish:
        """What this person wants; without a word from them no e-mail."""
        kept = await to_thread.run_sync(self._tools.store.notifications.mail_wish, user.id)
        return kept or MailWish(user.id, "", wanted=False)

    async def wish_mail(self, user: User, address: str, *, wanted: bool) -> None:
        """Raises Refusal mail_address_bad."""
        address = address.strip()
        if address or wanted:
            checked_address(address)
        kept = replace(await self.mail_wish(user), address=address, wanted=wanted)
        await to_thread.run_sync(self._tools.store.notifications.put_mail_wish, kept)


def checked_address(address: str) -> str:
    """The same address. Raises Refusal mail_address_bad unless it looks like one."""
    if len(address) > MAX_ADDRESS or not _ADDRESS.fullmatch(address):
        raise Refusal("mail_address_bad")
    return address
