"""The doors to storage: what the service needs of a store, and nothing about how.

Every method blocks and is called from a worker thread, never on the event loop. A store that cannot answer
raises `StoreUnavailable`: that is never "not there", which is None or empty. Times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Protocol

from duthao.domain.anchors import Anchor, Stretch
from duthao.domain.document import DocumentId, UserId
from duthao.domain.proposals import Proposed, Wording
from duthao.domain.secrecy import Secrecy
from duthao.store.accounts import AccountDoors
from duthao.store.news import News as News
from duthao.store.opinions import OpinionDoors

EpochMillis = NewType("EpochMillis", int)
Seq = NewType("Seq", int)
"""A place in a document's journal: 1, 2, 3 … without gaps; 0 is before everything."""


class StoreUnavailable(Exception):
    """The store could not answer: retry later, promise nothing meanwhile."""


class Role(StrEnum):
    """What a person may do with a document, strongest first."""

    LEAD = "lead"  # chủ trì: everything, members too
    EDITOR = "editor"  # biên tập: writes the text and reasons
    COMMENTER = "commenter"  # góp ý: reads, comments, proposes
    READER = "reader"  # xem


Member = tuple[DocumentId, UserId]


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    username: str
    name: str
    position: str
    password_hash: str
    is_admin: bool
    language: str
    created_at: EpochMillis
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class LoginSession:
    """`token_hash` is SHA-256 of the cookie's token, which is never stored. One that `awaits` the second
    proof stands for nobody yet. `agent` is the browser's own name for itself."""

    token_hash: str
    user_id: UserId
    csrf: str
    created_at: EpochMillis
    seen_at: EpochMillis
    expires_at: EpochMillis
    agent: str = ""
    awaits: bool = False


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """`generation` is the document's lineage id: random, renewed when a backup is restored.

    `current_version` is the version id of the text in force (quy chế hiện hành), if any.
    `kept_locally`: whether browsers may keep what they could not send until it is sent; never of a
    secret one. `watermarked`: whether what is printed of it names who printed it.
    """

    id: DocumentId
    title: str
    generation: str
    current_version: str | None
    created_by: UserId
    created_at: EpochMillis
    kept_locally: bool = True
    secrecy: Secrecy = Secrecy.NONE
    watermarked: bool = False

    @property
    def may_be_kept(self) -> bool:
        """Whether a browser may keep anything of it on a computer."""
        return self.kept_locally and self.secrecy is Secrecy.NONE

    @property
    def mailed_title(self) -> str:
        """Its title, where e-mail may name it; "" for a secret document, whatever the house allows."""
        return self.title if self.secrecy is Secrecy.NONE else ""


@dataclass(frozen=True, slots=True)
class Membership:
    document_id: DocumentId
    user_id: UserId
    role: Role
    seen_seq: Seq = Seq(0)  # the journal's end when this person last looked
    seen_at: EpochMillis = EpochMillis(0)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What one connection sent in a turn, joined. `client_ids` are the CRDT clients it has content of."""

    document_id: DocumentId
    at: EpochMillis
    user_id: UserId
    connection: str
    client_ids: tuple[int, ...]
    payload: bytes
    reason: str = "edit"  # edit | seed | restore | import | proposal
    credited: UserId | None = None  # whose words they are, when not `user_id`'s own


@dataclass(frozen=True, slots=True)
class JournalRow:
    seq: Seq
    entry: JournalEntry


@dataclass(frozen=True, slots=True)
class JournalMark:
    """A row without what it carries: for the line of time."""

    seq: Seq
    at: EpochMillis
    user_id: UserId
    reason: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole state that equals replaying rows 1..seq: only speeds up loading."""

    document_id: DocumentId
    seq: Seq
    state: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A document's lineage and its journal's end."""

    generation: str
    end: Seq


class VersionKind(StrEnum):
    AUTOMATIC = "automatic"
    NAMED = "named"
    NUMBERED = "numbered"  # "Dự thảo lần n": locked for ever
    CURRENT = "current"  # the text in force, sealed


@dataclass(frozen=True, slots=True)
class Version:
    """A place in the journal with the frozen tree at that place.

    `tree` is the canonical JSON of `domain.document.Document` (formats.json), `sha256` the
    hash of `tree`'s bytes. `people` are those who wrote since the previous version.
    """

    id: str
    document_id: DocumentId
    seq: Seq
    kind: VersionKind
    number: int | None
    name: str
    reason: str
    tree: bytes
    sha256: str
    people: tuple[UserId, ...]
    created_by: UserId
    created_at: EpochMillis


class Verdict(StrEnum):
    """What a person said of two provisions of a comparison."""

    TOGETHER = "together"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Correction:
    """A pairing corrected by hand, by provision ids.

    It holds between any two texts that have them, save where they leave no room for it
    (`domain/compare/corrections.py`).
    """

    id: str
    document_id: DocumentId
    verdict: Verdict
    before: str
    after: str
    created_by: UserId
    created_at: EpochMillis


class Corrections(Protocol):
    """Pairings corrected by hand. About one pair there is one correction: the newest."""

    def add(self, correction: Correction) -> None: ...
    def remove(self, document_id: DocumentId, correction_id: str) -> bool:
        """Whether there was one."""
        ...

    def for_document(self, document_id: DocumentId) -> Sequence[Correction]:
        """Oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class HouseSetting:
    """What an administrator set for everybody, by its name; `value` is JSON."""

    name: str
    value: str
    changed_by: UserId
    changed_at: EpochMillis


class HouseSettings(Protocol):
    """What holds for the whole house."""

    def get(self, name: str) -> HouseSetting | None: ...
    def put(self, setting: HouseSetting) -> None:
        """In place of the one of this name."""
        ...


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding of the review that a person put aside for the document, by the finding's key."""

    document_id: DocumentId
    finding: str
    created_by: UserId
    created_at: EpochMillis


class SetAsides(Protocol):
    """Findings put aside. Of one finding the first to do so is kept."""

    def add(self, one: SetAside) -> None: ...
    def remove(self, document_id: DocumentId, finding: str) -> bool:
        """Whether it was put aside."""
        ...

    def for_document(self, document_id: DocumentId) -> Sequence[SetAside]:
        """Oldest first."""
        ...


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTING = "accepting"  # just being written into the text; open again if that came to nothing
    ACCEPTED = "accepted"
    ADAPTED = "adapted"  # accepted, with changes
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it is kept.

    `path` is where its provision stood when it was made. `edition` counts its changes from 1: whoever
    changes it says which they saw. `answer` is what the drafting team answers; `outcome` is the wording
    that came into the text and `seq` the journal row it came with.
    """

    id: str
    document_id: DocumentId
    author: UserId
    what: Proposed
    path: str
    reason: str
    created_at: EpochMillis
    changed_at: EpochMillis
    state: ProposalState = ProposalState.OPEN
    edition: int = 1
    answer: str = ""
    decided_by: UserId | None = None
    decided_at: EpochMillis | None = None
    outcome: Wording | None = None
    seq: Seq | None = None


class Proposals(Protocol):
    """Proposals (đề nghị sửa). None is ever deleted: what was asked and answered stays on record."""

    def add(self, proposal: Proposal) -> None: ...
    def get(self, document_id: DocumentId, proposal_id: str) -> Proposal | None: ...
    def put(self, proposal: Proposal, seen: int) -> bool:
        """Keep it, as the next edition, in place of edition `seen`; False when that is not the one kept."""
        ...

    def for_document(self, document_id: DocumentId) -> Sequence[Proposal]:
        """Oldest first. Raises ValueError when one cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one place, without the words: those are its comments.

    `seq` is the place in the journal of the text it was made on, `version` that text when it was a
    frozen one, `path` where its provision stood there ("" for the whole document). `held` is where its
    words were found last, as `domain.anchors.carried` takes it. `edition` counts the changes of its own
    state from 1. It is resolved while `resolved_by` is given.
    """

    id: str
    document_id: DocumentId
    author: UserId
    anchor: Anchor
    path: str
    seq: Seq
    version: str | None
    created_at: EpochMillis
    held: tuple[Stretch, ...] = ()
    assigned: UserId | None = None
    resolved_by: UserId | None = None
    resolved_at: EpochMillis | None = None
    edition: int = 1


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said in a thread; the first is the thread's own. `edition` counts its changes from 1.

    One that was removed has no words any more.
    """

    id: str
    document_id: DocumentId
    thread_id: str
    author: UserId
    text: str
    mentions: tuple[UserId, ...]
    created_at: EpochMillis
    edited_at: EpochMillis | None = None
    removed: bool = False
    edition: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """How much has been said: threads that are open, comments in all, those of one person of late."""

    open: int
    comments: int
    recent: int


class Comments(Protocol):
    """Comments (góp ý) in their threads."""

    def add(self, thread: Thread, comment: Comment) -> None:
        """A new thread and its first comment."""
        ...

    def reply(self, comment: Comment) -> None:
        """One more in its thread. Raises ValueError when that is not there."""
        ...

    def thread(self, document_id: DocumentId, thread_id: str) -> Thread | None: ...
    def put_thread(self, thread: Thread, seen: int) -> bool:
        """Keep its state, as the next edition, in place of edition `seen`; False when that is not kept."""
        ...

    def put_comment(self, comment: Comment, seen: int) -> bool:
        """The same of a comment's words, mentions, and whether it is removed."""
        ...

    def remove(self, document_id: DocumentId, thread_id: str) -> None:
        """The thread with all that was said in it."""
        ...

    def hold(self, document_id: DocumentId, held: Mapping[str, tuple[Stretch, ...]]) -> None:
        """Where the words of these threads, by id, are held now; no edition grows."""
        ...

    def threads(self, document_id: DocumentId) -> Sequence[Thread]:
        """Oldest first. Raises ValueError when one cannot be read."""
        ...

    def for_document(self, document_id: DocumentId, thread_id: str | None = None) -> Sequence[Comment]:
        """All comments, or those of one thread, oldest first. Raises ValueError as `threads`."""
        ...

    def tally(self, document_id: DocumentId, author: UserId, since: EpochMillis) -> Tally:
        """`since`: recent is what the author wrote or edited after it."""
        ...


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that one person did and another is told of: in a thread, a round, or with a proposal."""

    id: str
    user_id: UserId
    document_id: DocumentId
    news: News
    by: UserId
    at: EpochMillis
    thread_id: str | None = None
    proposal_id: str | None = None
    seen: bool = False
    mailed: bool = False
    round_id: str | None = None


@dataclass(frozen=True, slots=True)
class MailWish:
    """Where somebody wants to be told by e-mail, and when they were last."""

    user_id: UserId
    address: str
    wanted: bool
    sent_at: EpochMillis = EpochMillis(0)


class Notifications(Protocol):
    """Who is told of what: of a document they have a part in, of a round they are asked in."""

    def add(self, notifications: Sequence[Notification], keep: int) -> None:
        """Of each person the newest `keep` stay."""
        ...

    def for_user(self, user_id: UserId) -> Sequence[Notification]:
        """Newest first."""
        ...

    def unread(self, user_id: UserId) -> int: ...
    def mark_seen(self, user_id: UserId, notification_ids: Sequence[str] | None = None) -> None:
        """These, or all of theirs."""
        ...

    def unmailed(self) -> Sequence[Notification]:
        """Neither seen nor mailed yet, of people who want e-mail; oldest first."""
        ...

    def mailed(self, notification_ids: Sequence[str]) -> None: ...
    def mail_wish(self, user_id: UserId) -> MailWish | None: ...
    def put_mail_wish(self, wish: MailWish) -> None: ...


class Journal(Protocol):
    """The append-only table of received updates: the truth of every document."""

    def append(self, entries: Sequence[JournalEntry]) -> list[Seq]:
        """Store all entries in one commit, all or nothing, each with its document's next seq; returns only
        once that is on disk."""
        ...

    def read(
        self, document_id: DocumentId, after: Seq = Seq(0), upto: Seq | None = None, limit: int = 5000
    ) -> Sequence[JournalRow]:
        """Rows with after < seq <= upto, in order, at most `limit`."""
        ...

    def marks(self, document_id: DocumentId) -> Sequence[JournalMark]:
        """Every row without its payload, in order."""
        ...

    def end(self, document_id: DocumentId) -> Seq: ...
    def standing(self, document_ids: Sequence[DocumentId]) -> Mapping[DocumentId, Standing]:
        """Where these stand, in one look; those that do not exist are missing."""
        ...

    def client_owners(self, document_id: DocumentId) -> Mapping[int, UserId]:
        """Who first wrote under each CRDT client id: the id is theirs for ever."""
        ...

    def save_checkpoint(self, checkpoint: Checkpoint, instead_of: Seq | None = None) -> None:
        """Keep it; the document's checkpoint at `instead_of` is given up in the same commit."""
        ...

    def checkpoint(self, document_id: DocumentId, upto: Seq | None = None) -> Checkpoint | None:
        """The newest checkpoint with seq <= upto."""
        ...

    def writers(self, document_id: DocumentId, after: Seq, upto: Seq) -> tuple[UserId, ...]:
        """Whose words rows after < seq <= upto brought or took, in order of first writing."""
        ...

    def last_edit(self, document_id: DocumentId) -> tuple[UserId, EpochMillis] | None: ...


class Documents(Protocol):
    def create(self, record: DocumentRecord, members: Sequence[Membership]) -> None: ...
    def get(self, document_id: DocumentId) -> DocumentRecord | None: ...
    def ids(self) -> Sequence[DocumentId]:
        """Every document there is, in the order in which they were made."""
        ...

    def for_user(self, user_id: UserId) -> Sequence[tuple[DocumentRecord, Membership]]: ...
    def membership(self, document_id: DocumentId, user_id: UserId) -> Membership | None: ...
    def members(self, document_id: DocumentId) -> Sequence[Membership]: ...
    def roles_of(self, asked: Sequence[Member]) -> Mapping[Member, Role]:
        """The role of each person at that document, in one look; who is no member is missing."""
        ...

    def roles(self, document_ids: Sequence[DocumentId]) -> Mapping[DocumentId, Mapping[UserId, Role]]:
        """What everybody may do with these documents, in one look; people disabled may do nothing."""
        ...

    def set_member(self, membership: Membership) -> None: ...
    def remove_member(self, document_id: DocumentId, user_id: UserId) -> None: ...
    def set_title(self, document_id: DocumentId, title: str) -> None: ...
    def set_handling(
        self, document_id: DocumentId, kept_locally: bool, secrecy: Secrecy, watermarked: bool
    ) -> None: ...
    def set_current_version(self, document_id: DocumentId, version_id: str) -> None: ...
    def mark_seen(self, document_id: DocumentId, user_id: UserId, seq: Seq, at: EpochMillis) -> None: ...


class Users(Protocol):
    def create(self, user: User) -> None:
        """Raises Refusal("username_taken", username=…) if the name is in use."""
        ...

    def get(self, user_id: UserId) -> User | None: ...
    def by_username(self, username: str) -> User | None: ...
    def all(self) -> Sequence[User]: ...
    def update(self, user: User) -> None: ...


class Sessions(Protocol):
    def create(self, session: LoginSession) -> None: ...
    def get(self, token_hash: str) -> LoginSession | None: ...
    def with_users(self, token_hashes: Sequence[str]) -> Mapping[str, tuple[LoginSession, User]]:
        """These sessions and whose they are, in one look; those that do not exist are missing."""

    def for_user(self, user_id: UserId) -> Sequence[LoginSession]: ...  # last seen first
    def touch(self, token_hashes: Sequence[str], seen_at: EpochMillis) -> None: ...
    def delete(self, token_hash: str) -> None: ...
    def delete_for_user(self, user_id: UserId) -> None: ...
    def delete_expired(self, now: EpochMillis) -> int: ...


class Versions(Protocol):
    def create(self, version: Version) -> Version:
        """Store it; a NUMBERED one gets the next number of its document here."""
        ...

    def get(self, version_id: str) -> Version | None: ...
    def for_document(self, document_id: DocumentId) -> Sequence[Version]:
        """Newest first; `tree` is left empty (b"") in this listing."""


class Store(OpinionDoors, AccountDoors, Protocol):
    """One store with all its doors. `close` ends connections; nothing works after it."""

    def is_current(self) -> bool:
        """Whether its tables are those of this release. Raises StoreUnavailable when it does not answer."""

    def only_one(self, work: str) -> AbstractContextManager[None]:
        """Of all processes one at a time is in a block of this name. Raises StoreUnavailable."""

    @property
    def journal(self) -> Journal: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def users(self) -> Users: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def versions(self) -> Versions: ...
    @property
    def corrections(self) -> Corrections: ...
    @property
    def house(self) -> HouseSettings: ...
    @property
    def set_asides(self) -> SetAsides: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def comments(self) -> Comments: ...
    @property
    def notifications(self) -> Notifications: ...
    def close(self) -> None: ...
