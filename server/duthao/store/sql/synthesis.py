"""The synthesis of opinions, in SQL: words a link is anchored on as JSON, the rest as columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from duthao.domain.anchors import Spot, Stretch
from duthao.domain.document import CharOffset, DocumentId, ProvisionId, UserId
from duthao.domain.synthesis.chain import Changed, Link, What
from duthao.domain.synthesis.groups import Answer, Change, Group, Piece, Stance
from duthao.store.sql.engine import Database
from duthao.store.sql.synthesis_tables import opinion_group_members as members
from duthao.store.sql.synthesis_tables import opinion_groups as groups
from duthao.store.sql.synthesis_tables import opinion_links as links
from duthao.store.sql.synthesis_tables import opinion_pieces as pieces
from duthao.store.sql.synthesis_tables import opinions_declined as declined
from duthao.store.synthesis import Declined


class _Quicker(Exception):
    """Somebody else's change came first."""


class SqlSyntheses:
    def __init__(self, database: Database) -> None:
        self._database = database

    def groups(self, document_id: DocumentId) -> Sequence[Group]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(groups)
                .where(groups.c.document_id == document_id)
                .order_by(groups.c.created_at, groups.c.id)
            ).all()
            held = connection.execute(
                select(members.c.group_id, members.c.opinion_id)
                .where(members.c.document_id == document_id)
                .order_by(members.c.group_id, members.c.place)
            ).all()
            led = connection.execute(
                select(links)
                .where(links.c.document_id == document_id)
                .order_by(links.c.group_id, links.c.place)
            ).all()
        opinions: dict[str, list[str]] = {}
        for group_id, opinion_id in held:
            opinions.setdefault(group_id, []).append(opinion_id)
        linked: dict[str, list[Link]] = {}
        for row in led:
            linked.setdefault(row.group_id, []).append(_link(row))
        return tuple(_group(row, opinions.get(row.id, ()), linked.get(row.id, ())) for row in rows)

    def pieces(self, document_id: DocumentId) -> Sequence[Piece]:
        query = select(pieces).where(pieces.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(pieces.c.whole, pieces.c.place)).all()
        return tuple(Piece(row.id, row.whole, row.text, row.wording, row.provision) for row in rows)

    def keep(self, document_id: DocumentId, change: Change) -> bool:
        try:
            with self._database.writing() as connection:
                self._keep(connection, document_id, change)
        except _Quicker:
            return False
        return True

    def _keep(self, connection: Connection, document_id: DocumentId, change: Change) -> None:
        for id_, seen in change.gone:
            here = (groups.c.id == id_, groups.c.document_id == document_id, groups.c.edition == seen)
            if connection.execute(delete(groups).where(*here)).rowcount != 1:
                raise _Quicker
        for one in change.put:
            self._put(connection, document_id, one)
        taken = self._database.insert(members).on_conflict_do_nothing().returning(members.c.opinion_id)
        for one in change.put:
            for place, opinion_id in enumerate(one.opinions):
                values = {
                    "document_id": document_id, "opinion_id": opinion_id, "group_id": one.id, "place": place,
                }  # fmt: skip
                if connection.execute(taken, values).first() is None:
                    raise _Quicker
        for whole, made in (change.pieces or {}).items():
            connection.execute(
                delete(pieces).where(pieces.c.document_id == document_id, pieces.c.whole == whole)
            )
            for place, piece in enumerate(made):
                connection.execute(
                    insert(pieces).values(
                        document_id=document_id, id=piece.id, whole=piece.whole, place=place,
                        text=piece.text, wording=piece.wording, provision=piece.provision,
                    )
                )  # fmt: skip

    def _put(self, connection: Connection, document_id: DocumentId, one: Group) -> None:
        values = _values(one) | {"edition": one.edition + 1}
        if one.edition == 0:
            new = self._database.insert(groups).on_conflict_do_nothing().returning(groups.c.id)
            made = connection.execute(new, values).first() is not None
        else:
            here = (
                groups.c.id == one.id,
                groups.c.document_id == document_id,
                groups.c.edition == one.edition,
            )
            made = connection.execute(update(groups).where(*here).values(values)).rowcount == 1
        if not made:
            raise _Quicker
        connection.execute(delete(members).where(members.c.group_id == one.id))
        connection.execute(delete(links).where(links.c.group_id == one.id))
        for place, link in enumerate(one.links):
            connection.execute(insert(links).values(_link_values(one, place, link)))

    def declined(self, document_id: DocumentId) -> Sequence[Declined]:
        query = select(declined).where(declined.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(declined.c.at, declined.c.id)).all()
        return tuple(
            Declined(row.id, document_id, tuple(json.loads(row.opinions)), UserId(row.declined_by), row.at)
            for row in rows
        )

    def decline(self, one: Declined) -> None:
        with self._database.writing() as connection:
            connection.execute(
                insert(declined).values(
                    id=one.id, document_id=one.document_id, opinions=json.dumps(one.opinions),
                    declined_by=one.by, at=one.at,
                )
            )  # fmt: skip

    def hold(self, document_id: DocumentId, held: Mapping[str, tuple[Stretch, ...]]) -> None:
        with self._database.writing() as connection:
            for id_, stretches in held.items():
                here = (links.c.document_id == document_id, links.c.id == id_)
                connection.execute(update(links).where(*here).values(held=_stretches(stretches)))


def _values(one: Group) -> dict[str, object]:
    answer = one.answer
    return {
        "id": one.id, "document_id": one.document_id, "created_at": one.created_at,
        "responsible": one.responsible, "stance": None if answer is None else answer.stance.value,
        "answer": "" if answer is None else answer.text,
        "answered_by": None if answer is None else answer.by,
        "answered_at": None if answer is None else answer.at,
        "sent_at": None if answer is None else answer.sent_at,
    }  # fmt: skip


def _group(row: Row[Any], opinions: Sequence[str], linked: Sequence[Link]) -> Group:
    answer = None
    if row.stance is not None:
        answer = Answer(Stance(row.stance), row.answer, UserId(row.answered_by), row.answered_at, row.sent_at)
    return Group(
        row.id, DocumentId(row.document_id), tuple(opinions), row.created_at,
        None if row.responsible is None else UserId(row.responsible), answer, tuple(linked), row.edition,
    )  # fmt: skip


def _link_values(group: Group, place: int, one: Link) -> dict[str, object]:
    return {
        "id": one.id, "document_id": group.document_id, "group_id": group.id, "place": place,
        "provision": one.change.provision, "what": one.change.what.value, "path": one.change.path,
        "before": one.change.before, "after": one.change.after, "since": one.since, "seq": one.seq,
        "made": _stretches(() if one.made is None else (one.made,)), "held": _stretches(one.held),
    }  # fmt: skip


def _link(row: Row[Any]) -> Link:
    change = Changed(ProvisionId(row.provision), What(row.what), row.path, row.before, row.after)
    made = tuple(_stretch(*one) for one in json.loads(row.made))
    held = tuple(_stretch(*one) for one in json.loads(row.held))
    return Link(row.id, change, row.since, row.seq, made[0] if made else None, held)


def _stretches(found: Sequence[Stretch]) -> str:
    return json.dumps(
        [[*one.spot, one.base, one.start, one.end, one.times] for one in found], ensure_ascii=False
    )


def _stretch(provision: str, cell: int | None, base: str, start: int, end: int, times: int) -> Stretch:
    return Stretch(Spot(ProvisionId(provision), cell), base, CharOffset(start), CharOffset(end), times)
