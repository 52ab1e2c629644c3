"""Dossiers, in SQL: rules, parts and events as JSON, what is asked for as columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import Dossier, DossierKind
from duthao.domain.process import Majority, Rules, State
from duthao.store.dossiers import Change, Event, PartRow
from duthao.store.sql.dossier_tables import dossier_events as events
from duthao.store.sql.dossier_tables import dossier_parts as parts
from duthao.store.sql.dossier_tables import dossiers
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import documents

_NEWEST_FIRST = (dossiers.c.created_at.desc(), dossiers.c.id.desc())


class SqlDossiers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, dossier: Dossier, new: Sequence[PartRow], event: Event) -> bool:
        held = select(dossiers.c.id).where(dossiers.c.open_document == dossier.document_id)
        document = select(documents.c.id).where(documents.c.id == dossier.document_id)
        with self._database.writing() as connection:
            # One after the other at one document, or two would find none open.
            connection.execute(document.with_for_update())
            if connection.execute(held).first() is not None:
                return False
            connection.execute(insert(dossiers).values(_values(dossier)))
            _put(connection, dossier.id, new)
            connection.execute(insert(events).values(_event_values(replace(event, place=1), None)))
        return True

    def get(self, dossier_id: str) -> Dossier | None:
        with self._database.reading() as connection:
            row = connection.execute(select(dossiers).where(dossiers.c.id == dossier_id)).first()
        return None if row is None else _dossier(row)

    def of_documents(self, document_ids: Sequence[DocumentId]) -> Sequence[Dossier]:
        return self._found(dossiers.c.document_id.in_(document_ids))

    def of_user(self, user_id: UserId) -> Sequence[Dossier]:
        mine = select(parts.c.dossier_id).where(parts.c.user_id == user_id, parts.c.part == "person")
        return self._found(dossiers.c.id.in_(mine))

    def _found(self, where: Any) -> Sequence[Dossier]:
        with self._database.reading() as connection:
            rows = connection.execute(select(dossiers).where(where).order_by(*_NEWEST_FIRST)).all()
        return tuple(map(_dossier, rows))

    def keep(self, dossier_id: str, change: Change) -> Event | None:
        here = select(dossiers.c.edition, dossiers.c.document_id).where(dossiers.c.id == dossier_id)
        last = select(func.max(events.c.place)).where(events.c.dossier_id == dossier_id)
        with self._database.writing() as connection:
            # One after the other at one dossier: events have no gap and no two take one place.
            row = connection.execute(here.with_for_update()).first()
            if row is None or (change.dossier is not None and change.dossier.edition != row.edition):
                return None
            if change.dossier is not None:
                kept = replace(change.dossier, edition=row.edition + 1)
                values = _values(kept)
                changed = {
                    name: values[name] for name in ("open_document", "title", "term", "rules", "state")
                }
                connection.execute(
                    update(dossiers)
                    .where(dossiers.c.id == dossier_id)
                    .values(edition=kept.edition, **changed)
                )
            _put(connection, dossier_id, change.put)
            if change.gone:
                connection.execute(
                    delete(parts).where(parts.c.dossier_id == dossier_id, parts.c.id.in_(change.gone))
                )
            if change.current is not None:
                here_document = update(documents).where(documents.c.id == row.document_id)
                connection.execute(here_document.values(current_version=change.current))
            place = (connection.execute(last).scalar_one() or 0) + 1
            event = replace(change.event, place=place, frozen=change.frozen is not None)
            connection.execute(insert(events).values(_event_values(event, change.frozen)))
        return event

    def parts(self, dossier_ids: Sequence[str]) -> Mapping[str, Sequence[PartRow]]:
        query = select(parts).where(parts.c.dossier_id.in_(dossier_ids)).order_by(parts.c.place, parts.c.id)
        found: dict[str, list[PartRow]] = {id_: [] for id_ in dossier_ids}
        with self._database.reading() as connection:
            for row in connection.execute(query).all():
                user_id = None if row.user_id is None else UserId(row.user_id)
                found[row.dossier_id].append(PartRow(row.id, row.dossier_id, row.part, row.body, user_id))
        return {id_: tuple(rows) for id_, rows in found.items()}

    def events(self, dossier_id: str) -> Sequence[Event]:
        columns = [one for one in events.columns if one.name != "frozen"]
        query = select(*columns, events.c.frozen.is_not(None).label("has_bytes"))
        query = query.where(events.c.dossier_id == dossier_id).order_by(events.c.place)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Event(r.dossier_id, r.at, UserId(r.caused_by), r.act, r.body, r.place, bool(r.has_bytes))
            for r in rows
        )

    def frozen(self, dossier_id: str, place: int) -> bytes | None:
        query = select(events.c.frozen).where(events.c.dossier_id == dossier_id, events.c.place == place)
        with self._database.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else bytes(found)


def _put(connection: Connection, dossier_id: str, rows: Sequence[PartRow]) -> None:
    last = select(func.max(parts.c.place)).where(parts.c.dossier_id == dossier_id)
    place = (connection.execute(last).scalar_one() or 0) + 1
    for row in rows:
        here = update(parts).where(parts.c.dossier_id == dossier_id, parts.c.id == row.id)
        values = {"part": row.part, "body": row.body, "user_id": row.user_id}
        if connection.execute(here.values(values)).rowcount == 0:
            new = insert(parts).values(id=row.id, dossier_id=dossier_id, place=place, **values)
            connection.execute(new)
            place += 1


def _values(one: Dossier) -> dict[str, object]:
    rules = {
        "final": one.rules.final.value, "voting": [level.value for level in one.rules.voting],
        "majority": one.rules.majority.value, "direct": one.rules.direct, "appraised": one.rules.appraised,
    }  # fmt: skip
    return {
        "id": one.id, "document_id": one.document_id,
        "open_document": one.document_id if one.is_open else None, "kind": one.kind.value,
        "title": one.title, "term": one.term, "rules": json.dumps(rules), "state": one.state.value,
        "edition": one.edition, "created_by": one.created_by, "created_at": one.created_at,
    }  # fmt: skip


def _dossier(row: Row[Any]) -> Dossier:
    held = json.loads(row.rules)
    rules = Rules(
        State(held["final"]), tuple(map(State, held["voting"])), Majority(held["majority"]),
        held["direct"], held["appraised"],
    )  # fmt: skip
    return Dossier(
        row.id, DocumentId(row.document_id), DossierKind(row.kind), row.title, row.term, rules,
        UserId(row.created_by), row.created_at, State(row.state), row.edition,
    )  # fmt: skip


def _event_values(one: Event, frozen: bytes | None) -> dict[str, object]:
    return {
        "dossier_id": one.dossier_id, "place": one.place, "at": one.at, "caused_by": one.by,
        "act": one.act, "body": one.body, "frozen": frozen,
    }  # fmt: skip
