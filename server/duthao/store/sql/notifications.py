"""Notifications, and who wants them by e-mail, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, exists, false, func, insert, or_, select, true, update

from duthao.domain.delegations import DutyPart
from duthao.domain.document import DocumentId, UserId
from duthao.store.news import OF_DOSSIER
from duthao.store.ports import EpochMillis, MailWish, News, Notification
from duthao.store.sql.dossier_tables import dossier_parts, dossiers
from duthao.store.sql.engine import Database
from duthao.store.sql.opinion_tables import invitations
from duthao.store.sql.programme_tables import delegations
from duthao.store.sql.tables import mail_wishes as wishes
from duthao.store.sql.tables import members
from duthao.store.sql.tables import notifications as told

_CONCERNS = or_(
    exists().where(and_(members.c.document_id == told.c.document_id, members.c.user_id == told.c.user_id)),
    exists().where(
        and_(
            invitations.c.round_id == told.c.round_id, invitations.c.user_id == told.c.user_id,
            invitations.c.withdrawn_at.is_(None),
        )
    ),
    exists().where(
        and_(
            delegations.c.document_id == told.c.document_id, delegations.c.deputy == told.c.user_id,
            delegations.c.ended_at.is_(None),
            or_(
                told.c.news == News.DEPUTY.value,
                and_(
                    delegations.c.part == DutyPart.ANSWERS.value,
                    delegations.c.about.in_(["", told.c.round_id]),
                    told.c.round_id.is_not(None),
                ),
            ),
        )
    ),
    and_(
        told.c.news.in_([news.value for news in OF_DOSSIER]),
        exists().where(
            and_(
                dossiers.c.document_id == told.c.document_id, dossier_parts.c.dossier_id == dossiers.c.id,
                dossier_parts.c.part == "person", dossier_parts.c.user_id == told.c.user_id,
            )
        ),
    ),
)  # fmt: skip
_NEWEST_FIRST = (told.c.at.desc(), told.c.id.desc())


class SqlNotifications:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, notifications: Sequence[Notification], keep: int) -> None:
        if not notifications:
            return
        with self._database.writing() as connection:
            connection.execute(insert(told), [_values(one) for one in notifications])
            for user_id in {one.user_id for one in notifications}:
                old = select(told.c.id).where(told.c.user_id == user_id).order_by(*_NEWEST_FIRST)
                # SQLite knows no offset without a limit.
                found = connection.execute(old.offset(keep).limit(keep)).scalars().all()
                connection.execute(delete(told).where(told.c.id.in_(found)))

    def for_user(self, user_id: UserId) -> Sequence[Notification]:
        query = select(told).where(told.c.user_id == user_id, _CONCERNS)
        with self._database.reading() as connection:
            return tuple(map(_notification, connection.execute(query.order_by(*_NEWEST_FIRST)).all()))

    def unread(self, user_id: UserId) -> int:
        query = select(func.count()).select_from(told)
        query = query.where(told.c.user_id == user_id, told.c.seen == false(), _CONCERNS)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def mark_seen(self, user_id: UserId, notification_ids: Sequence[str] | None = None) -> None:
        change = update(told).where(told.c.user_id == user_id, told.c.seen == false())
        if notification_ids is not None:
            change = change.where(told.c.id.in_(notification_ids))
        with self._database.writing() as connection:
            connection.execute(change.values(seen=True))

    def unmailed(self) -> Sequence[Notification]:
        query = select(told).select_from(told.join(wishes, wishes.c.user_id == told.c.user_id))
        query = query.where(told.c.seen == false(), told.c.mailed == false(), wishes.c.wanted == true())
        query = query.where(_CONCERNS)
        with self._database.reading() as connection:
            return tuple(map(_notification, connection.execute(query.order_by(told.c.at, told.c.id)).all()))

    def mailed(self, notification_ids: Sequence[str]) -> None:
        with self._database.writing() as connection:
            connection.execute(update(told).where(told.c.id.in_(notification_ids)).values(mailed=True))

    def mail_wish(self, user_id: UserId) -> MailWish | None:
        with self._database.reading() as connection:
            row = connection.execute(select(wishes).where(wishes.c.user_id == user_id)).first()
        if row is None:
            return None
        return MailWish(UserId(row.user_id), row.address, row.wanted, EpochMillis(row.sent_at))

    def put_mail_wish(self, wish: MailWish) -> None:
        values = {
            "user_id": wish.user_id, "address": wish.address, "wanted": wish.wanted, "sent_at": wish.sent_at,
        }  # fmt: skip
        added = self._database.insert(wishes).values(values)
        with self._database.writing() as connection:
            connection.execute(added.on_conflict_do_update(index_elements=[wishes.c.user_id], set_=values))


def _values(one: Notification) -> dict[str, object]:
    return {
        "id": one.id, "user_id": one.user_id, "document_id": one.document_id, "news": one.news.value,
        "caused_by": one.by, "at": one.at, "thread_id": one.thread_id, "proposal_id": one.proposal_id,
        "seen": one.seen, "mailed": one.mailed, "round_id": one.round_id,
    }  # fmt: skip


def _notification(row: Row[Any]) -> Notification:
    return Notification(
        row.id, UserId(row.user_id), DocumentId(row.document_id), News(row.news), UserId(row.caused_by),
        EpochMillis(row.at), row.thread_id, row.proposal_id, row.seen, row.mailed,
        row.round_id,
    )  # fmt: skip
