"""The rows of a store in memory, and what its doors have in common."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from duthao.domain.audit import START, Record
from duthao.domain.delegations import Delegation
from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import Dossier
from duthao.domain.opinions import Opinion
from duthao.domain.programmes import Item as ProgrammeItem
from duthao.domain.programmes import Programme
from duthao.domain.rounds import Answer, File, Invitation, Round
from duthao.domain.search.items import Item
from duthao.domain.synthesis.groups import Group, Piece
from duthao.domain.tasks import Task
from duthao.domain.units import Seat, Term, Unit
from duthao.store.accounts import Identity, SecondFactor
from duthao.store.dossiers import Event, PartRow
from duthao.store.ports import (
    Checkpoint,
    Comment,
    Correction,
    DocumentRecord,
    HouseSetting,
    JournalRow,
    LoginSession,
    MailWish,
    Membership,
    Notification,
    Proposal,
    SetAside,
    StoreUnavailable,
    Thread,
    User,
    Version,
)
from duthao.store.synthesis import Declined

P = ParamSpec("P")
R = TypeVar("R")


class Tables:
    """All rows, and one lock for them."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.closed = False
        self.journal: dict[DocumentId, list[JournalRow]] = {}
        self.clients: dict[DocumentId, dict[int, UserId]] = {}
        self.checkpoints: dict[DocumentId, list[Checkpoint]] = {}
        self.documents: dict[DocumentId, DocumentRecord] = {}
        self.members: dict[tuple[DocumentId, UserId], Membership] = {}
        self.users: dict[UserId, User] = {}
        self.sessions: dict[str, LoginSession] = {}
        self.tries: dict[str, list[int]] = {}
        self.second_factors: dict[UserId, SecondFactor] = {}
        self.identities: dict[tuple[str, str], Identity] = {}
        self.versions: dict[str, Version] = {}
        self.corrections: list[Correction] = []
        self.house: dict[str, HouseSetting] = {}
        self.set_asides: dict[tuple[DocumentId, str], SetAside] = {}
        self.proposals: dict[str, Proposal] = {}
        self.threads: dict[str, Thread] = {}
        self.comments: dict[str, Comment] = {}
        self.notifications: dict[str, Notification] = {}
        self.mail_wishes: dict[UserId, MailWish] = {}
        self.opinions: dict[str, Opinion] = {}
        self.opinions_gone: set[str] = set()
        self.opinion_groups: dict[str, Group] = {}
        self.opinion_pieces: dict[tuple[DocumentId, str], tuple[Piece, ...]] = {}
        self.opinions_declined: dict[str, Declined] = {}
        self.rounds: dict[str, Round] = {}
        self.invitations: dict[str, Invitation] = {}
        self.answers: dict[tuple[str, int], Answer] = {}
        self.round_files: dict[str, tuple[File, bytes]] = {}
        self.dossiers: dict[str, Dossier] = {}
        self.dossier_parts: dict[str, dict[str, PartRow]] = {}
        self.dossier_events: dict[str, list[tuple[Event, bytes | None]]] = {}
        self.tasks: dict[str, Task] = {}
        self.delegations: dict[str, Delegation] = {}
        self.reminders: dict[tuple[str, UserId, str, str], int] = {}
        self.programmes: dict[str, Programme] = {}
        self.programme_items: dict[str, ProgrammeItem] = {}
        self.units: dict[str, Unit] = {}
        self.terms: dict[str, Term] = {}
        self.seats: dict[str, Seat] = {}
        self.audit: list[Record] = []
        self.audit_front = START
        self.search_items: dict[DocumentId, dict[str, Item]] = {}
        self.search_marks: dict[DocumentId, tuple[str, int]] = {}
        self.search_versions: dict[DocumentId, set[str]] = {}

    def need_user(self, user_id: UserId) -> None:
        if user_id not in self.users:
            raise ValueError("no such user")

    def need_document(self, document_id: DocumentId) -> None:
        if document_id not in self.documents:
            raise ValueError("no such document")


class Door:
    """One door to them."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables


D = TypeVar("D", bound=Door)


def alone(method: Callable[Concatenate[D, P], R]) -> Callable[Concatenate[D, P], R]:
    """The method under the tables' lock, and refused once the store is closed."""

    def run(self: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._tables.lock:
            if self._tables.closed:
                raise StoreUnavailable("closed")
            return method(self, *args, **kwargs)

    update_wrapper(run, method)
    return run
