"""What happened to a draft's opinions while its dossier was open: of its story, not of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duthao.domain.days import day_of
from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Source
from duthao.domain.rounds import Answer, Round, newest
from duthao.store.ports import Store


class Happened(StrEnum):
    """What happened."""

    ASKED = "asked"  # a round was opened
    CAME = "came"  # answers of a round, of one day
    CLOSED = "closed"  # a round
    SENT = "sent"  # answers to opinions, at once
    DECIDED = "decided"  # in a meeting, on the draft


@dataclass(frozen=True, slots=True)
class Happening:
    """`by` is who did it, where that is on record; `name` a meeting's. `n` is how many were asked, came, or
    were sent; `givers` whose answers came; `said` the round's question, or what the meeting concluded.
    """

    at: int
    what: Happened
    by: UserId | None = None
    name: str = ""
    n: int = 0
    round: Round | None = None
    givers: tuple[str, ...] = ()
    said: str = ""


def happenings(store: Store, document_id: DocumentId, since: int, until: int | None) -> tuple[Happening, ...]:
    """From `since` to `until` (None: now), oldest first. Blocks."""
    found = [*_rounds(store, document_id), *_sent(store, document_id), *_decided(store, document_id)]
    here = (one for one in found if one.at >= since and (until is None or one.at <= until))
    return tuple(sorted(here, key=lambda one: one.at))


def _rounds(store: Store, document_id: DocumentId) -> Iterator[Happening]:
    for one in store.rounds.for_document(document_id):
        asked = sum(i.withdrawn_at is None for i in store.rounds.invitations(one.id))
        yield Happening(one.created_at, Happened.ASKED, one.created_by, "", asked, one, (), one.question)
        days: dict[date, list[Answer]] = {}
        for answer in newest(store.rounds.answers(one.id)).values():
            days.setdefault(day_of(answer.sent_at), []).append(answer)
        for came in days.values():
            givers = tuple(dict.fromkeys(answer.giver for answer in came))
            last = max(answer.sent_at for answer in came)
            yield Happening(last, Happened.CAME, None, "", len(came), one, givers)
        if one.closed_at is not None:
            yield Happening(one.closed_at, Happened.CLOSED, round=one)


def _sent(store: Store, document_id: DocumentId) -> Iterator[Happening]:
    """What was sent in one step has one moment; an answer changed and sent again has its last."""
    moments: dict[int, int] = {}
    for group in store.syntheses.groups(document_id):
        if group.answer is not None and group.answer.sent_at is not None:
            moments[group.answer.sent_at] = moments.get(group.answer.sent_at, 0) + 1
    for at, n in moments.items():
        yield Happening(at, Happened.SENT, n=n)


def _decided(store: Store, document_id: DocumentId) -> Iterator[Happening]:
    for one in store.opinions.for_document(document_id):
        if one.source is Source.MEETING and one.round_id is None:
            yield Happening(one.at, Happened.DECIDED, None, one.giver, 1, None, (), one.text or one.wording)
