"""Rounds of opinions, in SQL: what somebody says as JSON, the rest as columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Opinion, Verdict
from duthao.domain.rounds import Answer, File, Invitation, Invited, Item, Round, Said, Way
from duthao.store.sql.engine import Database
from duthao.store.sql.opinion_tables import answers, invitations, opinions, round_files, rounds
from duthao.store.sql.opinions import keep
from duthao.store.sql.tables import documents

_FILE = [column for column in round_files.columns if column.name != "content"]


class SqlRounds:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, round_: Round, asked: Sequence[Invitation]) -> Round:
        last = select(func.max(rounds.c.number)).where(rounds.c.document_id == round_.document_id)
        document = select(documents.c.id).where(documents.c.id == round_.document_id)
        with self._database.writing() as connection:
            # One after the other at one document, or two would take the same number.
            connection.execute(document.with_for_update())
            made = replace(round_, number=(connection.execute(last).scalar_one() or 0) + 1)
            connection.execute(insert(rounds).values(asdict(made)))
            _invite(connection, asked, 0)
        return made

    def get(self, round_id: str) -> Round | None:
        with self._database.reading() as connection:
            row = connection.execute(select(rounds).where(rounds.c.id == round_id)).first()
        return None if row is None else _round(row)

    def for_document(self, document_id: DocumentId) -> Sequence[Round]:
        query = select(rounds).where(rounds.c.document_id == document_id).order_by(rounds.c.number.desc())
        with self._database.reading() as connection:
            return tuple(map(_round, connection.execute(query).all()))

    def running(self, since: int) -> Sequence[Round]:
        query = select(rounds).where(rounds.c.closed_at.is_(None), rounds.c.deadline >= since)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(rounds.c.deadline, rounds.c.id)).all()
        return tuple(map(_round, found))

    def put(self, round_: Round, seen: int) -> bool:
        change = update(rounds).where(rounds.c.id == round_.id, rounds.c.edition == seen)
        values = {"deadline": round_.deadline, "closed_at": round_.closed_at, "edition": seen + 1}
        with self._database.writing() as connection:
            return connection.execute(change.values(values)).rowcount > 0

    def invite(self, asked: Sequence[Invitation]) -> None:
        if not asked:
            return
        round_id = asked[0].round_id
        last = select(func.max(invitations.c.place)).where(invitations.c.round_id == round_id)
        with self._database.writing() as connection:
            connection.execute(select(rounds.c.id).where(rounds.c.id == round_id).with_for_update())
            _invite(connection, asked, (connection.execute(last).scalar_one() or 0) + 1)

    def invitations(self, round_id: str) -> Sequence[Invitation]:
        query = select(invitations).where(invitations.c.round_id == round_id)
        with self._database.reading() as connection:
            return tuple(map(_invitation, connection.execute(query.order_by(invitations.c.place)).all()))

    def invitation(self, invitation_id: str) -> Invitation | None:
        return self._one(invitations.c.id == invitation_id)

    def by_token(self, token_hash: str) -> Invitation | None:
        return self._one(invitations.c.token_hash == token_hash)

    def _one(self, where: Any) -> Invitation | None:
        with self._database.reading() as connection:
            row = connection.execute(select(invitations).where(where)).first()
        return None if row is None else _invitation(row)

    def of_user(self, user_id: UserId) -> Sequence[tuple[Round, Invitation]]:
        mine = select(invitations).where(
            invitations.c.user_id == user_id, invitations.c.withdrawn_at.is_(None)
        )
        with self._database.reading() as connection:
            asked = [_invitation(row) for row in connection.execute(mine).all()]
            here = rounds.c.id.in_([one.round_id for one in asked])
            query = select(rounds).where(here).order_by(rounds.c.created_at.desc(), rounds.c.id.desc())
            found = [_round(row) for row in connection.execute(query).all()]
        by_round = {one.round_id: one for one in asked}
        return tuple((one, by_round[one.id]) for one in found)

    def put_invitation(self, one: Invitation) -> None:
        values = {
            "address": one.address, "deadline": one.deadline, "token_hash": one.token_hash,
            "link_until": one.link_until, "reminders": one.reminders, "reminded_at": one.reminded_at,
            "withdrawn_at": one.withdrawn_at,
        }  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(update(invitations).where(invitations.c.id == one.id).values(values))

    def opened(self, invitation_id: str, at: int) -> None:
        first = case((invitations.c.opened_at.is_(None), at), else_=invitations.c.opened_at)
        change = update(invitations).where(invitations.c.id == invitation_id)
        with self._database.writing() as connection:
            connection.execute(change.values(opened_at=first, seen_at=at))

    def save_draft(self, invitation_id: str, said: Said, at: int, seen: int) -> bool:
        where = (invitations.c.id == invitation_id, invitations.c.draft_edition == seen)
        values = {"draft": _said_json(said), "draft_at": at, "draft_edition": seen + 1}
        with self._database.writing() as connection:
            return connection.execute(update(invitations).where(*where).values(values)).rowcount > 0

    def send(self, answer: Answer, new: Sequence[Opinion], gone: Sequence[str]) -> bool:
        values = asdict(answer) | {"way": answer.way.value, "said": _said_json(answer.said)}
        added = self._database.insert(answers).on_conflict_do_nothing(
            index_elements=[answers.c.id, answers.c.edition]
        )
        with self._database.writing() as connection:
            if connection.execute(added.values(values).returning(answers.c.id)).first() is None:
                return False
            keep(self._database, connection, new)
            if gone:
                connection.execute(update(opinions).where(opinions.c.id.in_(gone)).values(gone=True))
        return True

    def answers(self, round_id: str, invitation_id: str | None = None) -> Sequence[Answer]:
        query = select(answers).where(answers.c.round_id == round_id)
        if invitation_id is not None:
            query = query.where(answers.c.invitation_id == invitation_id)
        query = query.order_by(answers.c.sent_at, answers.c.id, answers.c.edition)
        with self._database.reading() as connection:
            return tuple(map(_answer, connection.execute(query).all()))

    def add_file(self, file: File, content: bytes) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(round_files).values(asdict(file) | {"content": content}))

    def files(self, round_id: str, invitation_id: str | None = None) -> Sequence[File]:
        query = select(*_FILE).where(round_files.c.round_id == round_id)
        if invitation_id is not None:
            query = query.where(round_files.c.invitation_id == invitation_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(round_files.c.at, round_files.c.id)).all()
        return tuple(map(_file, rows))

    def file(self, round_id: str, file_id: str) -> tuple[File, bytes] | None:
        query = select(round_files).where(round_files.c.round_id == round_id, round_files.c.id == file_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (_file(row), bytes(row.content))

    def remove_file(self, round_id: str, file_id: str) -> bool:
        gone = delete(round_files).where(round_files.c.round_id == round_id, round_files.c.id == file_id)
        with self._database.writing() as connection:
            return connection.execute(gone).rowcount > 0


def _invite(connection: Connection, asked: Sequence[Invitation], first: int) -> None:
    if asked:
        values = [
            asdict(one) | {"place": place, "kind": one.kind.value, "draft": _said_json(one.draft)}
            for place, one in enumerate(asked, first)
        ]
        connection.execute(insert(invitations), values)


def _said_json(said: Said) -> str:
    items = [[one.provision, one.text, one.wording] for one in said.items]
    verdict = None if said.verdict is None else said.verdict.value
    return json.dumps([verdict, said.general, items, said.letter], ensure_ascii=False)


def _said(value: str) -> Said:
    verdict, general, items, letter = json.loads(value)
    return Said(
        None if verdict is None else Verdict(verdict), general, tuple(Item(*one) for one in items), letter
    )


def _user(value: str | None) -> UserId | None:
    return None if value is None else UserId(value)


def _round(row: Row[Any]) -> Round:
    values = dict(row._mapping)
    return Round(
        **values
        | {"document_id": DocumentId(values["document_id"]), "created_by": UserId(values["created_by"])}
    )


def _invitation(row: Row[Any]) -> Invitation:
    values = dict(row._mapping)
    del values["place"]
    values |= {
        "kind": Invited(row.kind), "user_id": _user(row.user_id), "draft": _said(row.draft)
    }  # fmt: skip
    return Invitation(**values)


def _answer(row: Row[Any]) -> Answer:
    values = dict(row._mapping)
    values |= {"way": Way(row.way), "said": _said(row.said), "entered_by": _user(row.entered_by)}
    return Answer(**values)


def _file(row: Row[Any]) -> File:
    return File(row.id, row.round_id, row.invitation_id, row.name, row.size, row.sha256, row.at)
