"""A store in memory: for tests and for trying things out. Nothing survives the process.

It keeps every promise of `store.ports` except durability, references included: a member
must exist as a user, a version must belong to a document; otherwise ValueError.
"""

from __future__ import annotations

import bisect
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.secrecy import Secrecy
from duthao.store.memory_accounts import MemoryIdentities, MemorySecondFactors, MemoryTries
from duthao.store.memory_audit import MemoryAuditLog
from duthao.store.memory_delegations import MemoryDelegations, MemoryReminders
from duthao.store.memory_dossiers import MemoryDossiers
from duthao.store.memory_opinions import MemoryOpinions, MemoryRounds
from duthao.store.memory_programmes import MemoryProgrammes
from duthao.store.memory_search import MemorySearchIndex
from duthao.store.memory_synthesis import MemorySyntheses
from duthao.store.memory_tables import Door, Tables, alone
from duthao.store.memory_talk import MemoryComments, MemoryNotifications, MemoryProposals
from duthao.store.memory_tasks import MemoryTasks
from duthao.store.memory_units import MemoryUnits
from duthao.store.ports import (
    Checkpoint,
    Correction,
    DocumentRecord,
    EpochMillis,
    HouseSetting,
    JournalEntry,
    JournalMark,
    JournalRow,
    LoginSession,
    Member,
    Membership,
    Role,
    Seq,
    SetAside,
    Standing,
    StoreUnavailable,
    User,
    Version,
    VersionKind,
)
from duthao.store.usernames import username_key


class MemoryJournal(Door):
    @alone
    def append(self, entries: Sequence[JournalEntry]) -> list[Seq]:
        given = []
        for entry in entries:
            rows = self._tables.journal.setdefault(entry.document_id, [])
            seq = Seq(len(rows) + 1)
            rows.append(JournalRow(seq, entry))
            given.append(seq)
            owners = self._tables.clients.setdefault(entry.document_id, {})
            for client in entry.client_ids:
                owners.setdefault(client, entry.user_id)
        return given

    @alone
    def read(
        self, document_id: DocumentId, after: Seq = Seq(0), upto: Seq | None = None, limit: int = 5000
    ) -> Sequence[JournalRow]:
        rows = self._tables.journal.get(document_id, [])
        last = len(rows) if upto is None else min(upto, len(rows))
        return tuple(rows[max(after, 0) : last][: max(limit, 0)])

    @alone
    def marks(self, document_id: DocumentId) -> Sequence[JournalMark]:
        return tuple(
            JournalMark(row.seq, row.entry.at, row.entry.user_id, row.entry.reason)
            for row in self._tables.journal.get(document_id, ())
        )

    @alone
    def end(self, document_id: DocumentId) -> Seq:
        return Seq(len(self._tables.journal.get(document_id, [])))

    @alone
    def standing(self, document_ids: Sequence[DocumentId]) -> Mapping[DocumentId, Standing]:
        documents, journal = self._tables.documents, self._tables.journal
        return {
            id: Standing(documents[id].generation, Seq(len(journal.get(id, []))))
            for id in document_ids
            if id in documents
        }

    @alone
    def client_owners(self, document_id: DocumentId) -> Mapping[int, UserId]:
        return MappingProxyType(dict(self._tables.clients.get(document_id, {})))

    @alone
    def save_checkpoint(self, checkpoint: Checkpoint, instead_of: Seq | None = None) -> None:
        kept = self._tables.checkpoints.setdefault(checkpoint.document_id, [])
        kept[:] = [c for c in kept if c.seq not in (checkpoint.seq, instead_of)]
        bisect.insort(kept, checkpoint, key=lambda c: c.seq)

    @alone
    def checkpoint(self, document_id: DocumentId, upto: Seq | None = None) -> Checkpoint | None:
        kept = self._tables.checkpoints.get(document_id, [])
        return next((c for c in reversed(kept) if upto is None or c.seq <= upto), None)

    @alone
    def writers(self, document_id: DocumentId, after: Seq, upto: Seq) -> tuple[UserId, ...]:
        rows = self._tables.journal.get(document_id, [])
        return tuple(
            dict.fromkeys(
                row.entry.credited or row.entry.user_id for row in rows[max(after, 0) : max(upto, 0)]
            )
        )

    @alone
    def last_edit(self, document_id: DocumentId) -> tuple[UserId, EpochMillis] | None:
        rows = self._tables.journal.get(document_id)
        return (rows[-1].entry.user_id, rows[-1].entry.at) if rows else None


class MemoryDocuments(Door):
    @alone
    def create(self, record: DocumentRecord, members: Sequence[Membership]) -> None:
        self._tables.need_user(record.created_by)
        if record.id in self._tables.documents:
            raise ValueError("the document exists")
        for member in members:
            self._tables.need_user(member.user_id)
        self._tables.documents[record.id] = record
        for member in members:
            self._tables.members[member.document_id, member.user_id] = member

    @alone
    def get(self, document_id: DocumentId) -> DocumentRecord | None:
        return self._tables.documents.get(document_id)

    @alone
    def ids(self) -> Sequence[DocumentId]:
        made = sorted(self._tables.documents.values(), key=lambda record: (record.created_at, record.id))
        return tuple(record.id for record in made)

    @alone
    def for_user(self, user_id: UserId) -> Sequence[tuple[DocumentRecord, Membership]]:
        mine = [m for m in self._tables.members.values() if m.user_id == user_id]
        return tuple(
            sorted(
                ((self._tables.documents[m.document_id], m) for m in mine),
                key=lambda pair: (pair[0].created_at, pair[0].id),
            )
        )

    @alone
    def membership(self, document_id: DocumentId, user_id: UserId) -> Membership | None:
        return self._tables.members.get((document_id, user_id))

    @alone
    def members(self, document_id: DocumentId) -> Sequence[Membership]:
        here = [m for m in self._tables.members.values() if m.document_id == document_id]
        return tuple(sorted(here, key=lambda m: m.user_id))

    @alone
    def roles_of(self, asked: Sequence[Member]) -> Mapping[Member, Role]:
        return {pair: self._tables.members[pair].role for pair in asked if pair in self._tables.members}

    @alone
    def roles(self, document_ids: Sequence[DocumentId]) -> Mapping[DocumentId, Mapping[UserId, Role]]:
        found: dict[DocumentId, dict[UserId, Role]] = {}
        for member in self._tables.members.values():
            if member.document_id in document_ids and not self._tables.users[member.user_id].disabled:
                found.setdefault(member.document_id, {})[member.user_id] = member.role
        return found

    @alone
    def set_member(self, membership: Membership) -> None:
        self._tables.need_document(membership.document_id)
        self._tables.need_user(membership.user_id)
        self._tables.members[membership.document_id, membership.user_id] = membership

    @alone
    def remove_member(self, document_id: DocumentId, user_id: UserId) -> None:
        self._tables.members.pop((document_id, user_id), None)

    @alone
    def set_title(self, document_id: DocumentId, title: str) -> None:
        self._change(document_id, lambda record: replace(record, title=title))

    @alone
    def set_handling(
        self, document_id: DocumentId, kept_locally: bool, secrecy: Secrecy, watermarked: bool
    ) -> None:
        self._change(
            document_id,
            lambda record: replace(
                record, kept_locally=kept_locally, secrecy=secrecy, watermarked=watermarked
            ),
        )

    @alone
    def set_current_version(self, document_id: DocumentId, version_id: str) -> None:
        self._change(document_id, lambda record: replace(record, current_version=version_id))

    @alone
    def mark_seen(self, document_id: DocumentId, user_id: UserId, seq: Seq, at: EpochMillis) -> None:
        member = self._tables.members.get((document_id, user_id))
        if member is not None:
            self._tables.members[document_id, user_id] = replace(member, seen_seq=seq, seen_at=at)

    def _change(self, document_id: DocumentId, change: Callable[[DocumentRecord], DocumentRecord]) -> None:
        record = self._tables.documents.get(document_id)
        if record is not None:
            self._tables.documents[document_id] = change(record)


class MemoryUsers(Door):
    @alone
    def create(self, user: User) -> None:
        if user.id in self._tables.users:
            raise ValueError("the user exists")
        self._check_name(user)
        self._tables.users[user.id] = user

    @alone
    def get(self, user_id: UserId) -> User | None:
        return self._tables.users.get(user_id)

    @alone
    def by_username(self, username: str) -> User | None:
        key = username_key(username)
        return next((u for u in self._tables.users.values() if username_key(u.username) == key), None)

    @alone
    def all(self) -> Sequence[User]:
        return tuple(sorted(self._tables.users.values(), key=lambda u: (u.created_at, u.id)))

    @alone
    def update(self, user: User) -> None:
        if user.id in self._tables.users:
            self._check_name(user)
            self._tables.users[user.id] = user

    def _check_name(self, user: User) -> None:
        key = username_key(user.username)
        if any(username_key(u.username) == key and u.id != user.id for u in self._tables.users.values()):
            raise Refusal("username_taken", username=user.username)


class MemorySessions(Door):
    @alone
    def create(self, session: LoginSession) -> None:
        self._tables.need_user(session.user_id)
        if session.token_hash in self._tables.sessions:
            raise ValueError("the session exists")
        self._tables.sessions[session.token_hash] = session

    @alone
    def get(self, token_hash: str) -> LoginSession | None:
        return self._tables.sessions.get(token_hash)

    @alone
    def with_users(self, token_hashes: Sequence[str]) -> Mapping[str, tuple[LoginSession, User]]:
        here = [self._tables.sessions[key] for key in token_hashes if key in self._tables.sessions]
        return {session.token_hash: (session, self._tables.users[session.user_id]) for session in here}

    @alone
    def for_user(self, user_id: UserId) -> Sequence[LoginSession]:
        mine = (session for session in self._tables.sessions.values() if session.user_id == user_id)
        return tuple(sorted(mine, key=lambda session: (-session.seen_at, session.token_hash)))

    @alone
    def touch(self, token_hashes: Sequence[str], seen_at: EpochMillis) -> None:
        for token_hash in token_hashes:
            session = self._tables.sessions.get(token_hash)
            if session is not None:
                self._tables.sessions[token_hash] = replace(session, seen_at=seen_at)

    @alone
    def delete(self, token_hash: str) -> None:
        self._tables.sessions.pop(token_hash, None)

    @alone
    def delete_for_user(self, user_id: UserId) -> None:
        for token_hash in [k for k, s in self._tables.sessions.items() if s.user_id == user_id]:
            del self._tables.sessions[token_hash]

    @alone
    def delete_expired(self, now: EpochMillis) -> int:
        expired = [k for k, s in self._tables.sessions.items() if s.expires_at <= now]
        for token_hash in expired:
            del self._tables.sessions[token_hash]
        return len(expired)


class MemoryVersions(Door):
    @alone
    def create(self, version: Version) -> Version:
        self._tables.need_document(version.document_id)
        if version.id in self._tables.versions:
            raise ValueError("the version exists")
        if version.kind is VersionKind.NUMBERED:
            version = replace(version, number=self._next_number(version.document_id))
        self._tables.versions[version.id] = version
        return version

    def _next_number(self, document_id: DocumentId) -> int:
        numbers = [
            v.number or 0 for v in self._tables.versions.values()
            if v.document_id == document_id and v.kind is VersionKind.NUMBERED
        ]  # fmt: skip
        return max(numbers, default=0) + 1

    @alone
    def get(self, version_id: str) -> Version | None:
        return self._tables.versions.get(version_id)

    @alone
    def for_document(self, document_id: DocumentId) -> Sequence[Version]:
        # A dict keeps the order of creation, which is the order of versions.
        mine = [v for v in self._tables.versions.values() if v.document_id == document_id]
        return tuple(replace(v, tree=b"") for v in reversed(mine))


class MemoryCorrections(Door):
    @alone
    def add(self, correction: Correction) -> None:
        self._tables.need_document(correction.document_id)
        kept = [c for c in self._tables.corrections if not _same_pair(c, correction)]
        self._tables.corrections = [*kept, correction]

    @alone
    def remove(self, document_id: DocumentId, correction_id: str) -> bool:
        kept = [c for c in self._tables.corrections if (c.document_id, c.id) != (document_id, correction_id)]
        found = len(kept) < len(self._tables.corrections)
        self._tables.corrections = kept
        return found

    @alone
    def for_document(self, document_id: DocumentId) -> Sequence[Correction]:
        here = [c for c in self._tables.corrections if c.document_id == document_id]
        return tuple(sorted(here, key=lambda c: (c.created_at, c.id)))


class MemoryHouseSettings(Door):
    @alone
    def get(self, name: str) -> HouseSetting | None:
        return self._tables.house.get(name)

    @alone
    def put(self, setting: HouseSetting) -> None:
        self._tables.house[setting.name] = setting


def _same_pair(one: Correction, other: Correction) -> bool:
    return (one.document_id, one.before, one.after) == (other.document_id, other.before, other.after)


class MemorySetAsides(Door):
    @alone
    def add(self, one: SetAside) -> None:
        self._tables.need_document(one.document_id)
        self._tables.set_asides.setdefault((one.document_id, one.finding), one)

    @alone
    def remove(self, document_id: DocumentId, finding: str) -> bool:
        return self._tables.set_asides.pop((document_id, finding), None) is not None

    @alone
    def for_document(self, document_id: DocumentId) -> Sequence[SetAside]:
        here = [one for one in self._tables.set_asides.values() if one.document_id == document_id]
        return tuple(sorted(here, key=lambda one: (one.created_at, one.finding)))


class MemoryStore:
    """All doors over one set of tables."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._alone: dict[str, threading.Lock] = {}
        self.journal = MemoryJournal(self._tables)
        self.documents = MemoryDocuments(self._tables)
        self.users = MemoryUsers(self._tables)
        self.sessions = MemorySessions(self._tables)
        self.tries = MemoryTries(self._tables)
        self.second_factors = MemorySecondFactors(self._tables)
        self.identities = MemoryIdentities(self._tables)
        self.versions = MemoryVersions(self._tables)
        self.corrections = MemoryCorrections(self._tables)
        self.house = MemoryHouseSettings(self._tables)
        self.set_asides = MemorySetAsides(self._tables)
        self.proposals = MemoryProposals(self._tables)
        self.comments = MemoryComments(self._tables)
        self.notifications = MemoryNotifications(self._tables)
        self.opinions = MemoryOpinions(self._tables)
        self.rounds = MemoryRounds(self._tables)
        self.syntheses = MemorySyntheses(self._tables)
        self.dossiers = MemoryDossiers(self._tables)
        self.tasks = MemoryTasks(self._tables)
        self.programmes = MemoryProgrammes(self._tables)
        self.delegations = MemoryDelegations(self._tables)
        self.reminders = MemoryReminders(self._tables)
        self.units = MemoryUnits(self._tables)
        self.audit = MemoryAuditLog(self._tables)
        self.search = MemorySearchIndex(self._tables)

    def is_current(self) -> bool:
        if self._tables.closed:
            raise StoreUnavailable("closed")
        return True

    @contextmanager
    def only_one(self, work: str) -> Iterator[None]:
        with self._tables.lock:
            alone = self._alone.setdefault(work, threading.Lock())
        with alone:
            yield

    def close(self) -> None:
        self._tables.closed = True
