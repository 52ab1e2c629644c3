"""Proposals, in SQL: what they were made on and what they say as JSON, the rest as columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update

from duthao.domain.document import DocumentId, Kind, ProvisionId, UserId
from duthao.domain.proposals import Act, NewProvision, Proposed, Stood, Wording
from duthao.store.ports import EpochMillis, Proposal, ProposalState, Seq
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import proposals


class SqlProposals:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, proposal: Proposal) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(proposals).values(_values(proposal)))

    def get(self, document_id: DocumentId, proposal_id: str) -> Proposal | None:
        query = select(proposals).where(proposals.c.document_id == document_id, proposals.c.id == proposal_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _proposal(row)

    def put(self, proposal: Proposal, seen: int) -> bool:
        where = (
            proposals.c.document_id == proposal.document_id,
            proposals.c.id == proposal.id,
            proposals.c.edition == seen,
        )
        values = _values(proposal) | {"edition": seen + 1}
        with self._database.writing() as connection:
            return connection.execute(update(proposals).where(*where).values(values)).rowcount > 0

    def for_document(self, document_id: DocumentId) -> Sequence[Proposal]:
        query = select(proposals).where(proposals.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(proposals.c.created_at, proposals.c.id)).all()
        return tuple(map(_proposal, rows))


def _values(one: Proposal) -> dict[str, object]:
    new = one.what.new
    return {
        "id": one.id, "document_id": one.document_id, "author": one.author, "act": one.what.act.value,
        "base": json.dumps(
            [[s.id, s.kind.value, s.label, _words(s.wording)] for s in one.what.base], ensure_ascii=False
        ),
        "wording": json.dumps(_words(one.what.wording), ensure_ascii=False),
        "new_id": None if new is None else new.id, "new_kind": None if new is None else new.kind.value,
        "path": one.path, "reason": one.reason, "created_at": one.created_at, "changed_at": one.changed_at,
        "state": one.state.value, "edition": one.edition, "answer": one.answer,
        "decided_by": one.decided_by, "decided_at": one.decided_at,
        "outcome": None if one.outcome is None else json.dumps(_words(one.outcome), ensure_ascii=False),
        "seq": one.seq,
    }  # fmt: skip


def _words(wording: Wording) -> list[str]:
    return list(wording.parts)


def _wording(value: Any) -> Wording:
    text, *cells = value
    return Wording(text, tuple(cells))


def _proposal(row: Row[Any]) -> Proposal:
    base = tuple(
        Stood(ProvisionId(id_), Kind(kind), label, _wording(words))
        for id_, kind, label, words in json.loads(row.base)
    )
    new = None if row.new_id is None else NewProvision(ProvisionId(row.new_id), Kind(row.new_kind))
    what = Proposed(Act(row.act), base, _wording(json.loads(row.wording)), new)
    return Proposal(
        row.id, DocumentId(row.document_id), UserId(row.author), what, row.path, row.reason,
        EpochMillis(row.created_at), EpochMillis(row.changed_at), ProposalState(row.state), row.edition,
        row.answer, None if row.decided_by is None else UserId(row.decided_by),
        None if row.decided_at is None else EpochMillis(row.decided_at),
        None if row.outcome is None else _wording(json.loads(row.outcome)),
        None if row.seq is None else Seq(row.seq),
    )  # fmt: skip
