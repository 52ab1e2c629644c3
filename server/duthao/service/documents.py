"""Documents: the list, a new one from text, and what changed since somebody last looked."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from anyio import to_thread

from duthao.domain.document import Basis, Document, DocumentId, NumberingPolicy, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.secrecy import secrecy_of, taken
from duthao.domain.structure import Parsed, parse
from duthao.domain.table_heads import with_heads
from duthao.domain.text import check_text, decode_upload
from duthao.formats.json import document_to_json
from duthao.service.access import Access, Permission, document_for
from duthao.service.ports import Tools
from duthao.store.ports import (
    DocumentRecord,
    EpochMillis,
    JournalEntry,
    Membership,
    Role,
    Seq,
    User,
    Version,
    VersionKind,
)

MAX_TITLE = 300
MAX_CHANGE_COUNTS = 256


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. `changed` counts provisions that differ from when it was last looked at."""

    record: DocumentRecord
    role: Role
    changed: int
    last_editor: User | None
    last_edit: EpochMillis | None


def checked_title(title: str) -> str:
    """The title on one line. Raises Refusal title_missing, title_too_long (`most`)."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    if not clean:
        raise Refusal("title_missing")
    if len(clean) > MAX_TITLE:
        raise Refusal("title_too_long", most=MAX_TITLE)
    return clean


def suggested_title(document: Document) -> str:
    """The title its front matter gives it; empty when it gives none."""
    front = document.front
    return " ".join(f"{front.type} {front.title}".split())[:MAX_TITLE]


def count_changed(before: Document, after: Document) -> int:
    """Provisions added, removed or altered, their reasons included; moved ones are not counted."""

    def shown(document: Document) -> dict[str, tuple[object, ...]]:
        return {
            p.id: (p.kind, p.text, p.cells, p.marks, document.rationale.get(p.id, ""))
            for p in document.provisions
        }

    old, new = shown(before), shown(after)
    return sum(old.get(id) != new.get(id) for id in old.keys() | new.keys())


_Row = tuple[DocumentRecord, Membership, Seq, User | None, EpochMillis | None]


class Documents:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._counts: OrderedDict[tuple[DocumentId, Seq, Seq], int] = OrderedDict()

    async def open(self, user: User, document_id: str, need: Permission = Permission.READ) -> Access:
        """The guarded way to a document for layers above. Raises as `access.document_for`."""
        return await document_for(self._tools.store, user, document_id, need)

    async def handle(
        self,
        user: User,
        document_id: str,
        *,
        title: str | None = None,
        kept_locally: bool | None = None,
        secrecy: str | None = None,
        watermarked: bool | None = None,
    ) -> None:
        """What lists call the document and how it is handled, for the lead to say; None leaves as it is. See
        `DocumentRecord`.

        Raises Refusal title_missing, title_too_long, secrecy_unknown; then nothing is changed.
        """
        record = (await self.open(user, document_id, Permission.MANAGE)).record
        called = record.title if title is None else checked_title(title)
        degree = record.secrecy if secrecy is None else secrecy_of(secrecy)
        kept = record.kept_locally if kept_locally is None else kept_locally
        named = record.watermarked if watermarked is None else watermarked
        documents = self._tools.store.documents
        if called != record.title:
            await to_thread.run_sync(documents.set_title, record.id, called)
        await to_thread.run_sync(documents.set_handling, record.id, kept, degree, named)

    async def recognise(self, text: str | bytes) -> Parsed:
        """What the parser makes of a text; saves nothing. Raises Refusal `text_…`."""
        return await to_thread.run_sync(self._recognise, text)

    def _recognise(self, text: str | bytes) -> Parsed:
        admitted = decode_upload(text) if isinstance(text, bytes) else check_text(text)
        found = parse(admitted, new_id=lambda: ProvisionId(self._tools.new_id()))
        return replace(found, document=with_heads(found.document))

    async def create(
        self, user: User, title: str, text: str | bytes, numbering: str | None = None
    ) -> DocumentId:
        """A document whose text in force is this text, and whose draft starts as its copy.

        `numbering` None takes the policy the parser found. Raises Refusal: title_missing,
        title_too_long, numbering_unknown, `text_…`.
        """
        title = checked_title(title)
        if numbering is not None and numbering not in tuple(NumberingPolicy):
            raise Refusal("numbering_unknown", numbering=numbering[:40])
        recognised = await self.recognise(text)
        return await self.adopt(user, title, recognised.document, numbering)

    async def adopt(
        self, user: User, title: str, document: Document, numbering: str | None = None
    ) -> DocumentId:
        """As `create`, of a document that is made; title and numbering are checked."""
        return await to_thread.run_sync(self._create, user, title, document, numbering)

    def _create(self, user: User, title: str, document: Document, numbering: str | None) -> DocumentId:
        tools, now = self._tools, self._tools.clock()
        if numbering is not None:
            document = replace(document, policy=NumberingPolicy(numbering))
        document_id = DocumentId(tools.new_id())
        degree, document = taken(document)
        # Computed before anything is stored: a text that cannot be seeded leaves no trace.
        update, tree = tools.seed(document), document_to_json(document)
        record = DocumentRecord(document_id, title, tools.new_id(), None, user.id, now, secrecy=degree)
        tools.store.documents.create(record, ())
        (seq,) = tools.store.journal.append(
            [JournalEntry(document_id, now, user.id, "seed", (), update, reason="seed")]
        )
        version = tools.store.versions.create(
            Version(
                id=tools.new_id(),
                document_id=document_id,
                seq=seq,
                kind=VersionKind.CURRENT,
                number=None,
                name=title,
                reason="",
                tree=tree,
                sha256=hashlib.sha256(tree).hexdigest(),
                people=(user.id,),
                created_by=user.id,
                created_at=now,
            )
        )
        tools.store.documents.set_current_version(document_id, version.id)
        # Last: until somebody is a member nobody can reach it, so a crash half way shows nothing.
        tools.store.documents.set_member(Membership(document_id, user.id, Role.LEAD, seq, now))
        return document_id

    async def list(self, user: User) -> tuple[Listed, ...]:
        """The documents this person sees, last edited first."""
        rows = await to_thread.run_sync(self._rows, user)
        listed = [
            Listed(record, member.role, await self._changed(record.id, member.seen_seq, end), who, at)
            for record, member, end, who, at in rows
        ]
        return tuple(sorted(listed, key=lambda item: -(item.last_edit or item.record.created_at)))

    def _rows(self, user: User) -> Sequence[_Row]:
        store = self._tools.store
        rows = []
        for record, member in store.documents.for_user(user.id):
            edit = store.journal.last_edit(record.id)
            who = store.users.get(edit[0]) if edit else None
            rows.append((record, member, store.journal.end(record.id), who, edit[1] if edit else None))
        return rows

    async def _changed(self, document_id: DocumentId, seen: Seq, end: Seq) -> int:
        if seen >= end:
            return 0
        key = (document_id, seen, end)
        if key not in self._counts:
            rooms = self._tools.rooms
            # Who never looked is told what differs from the document's beginning, its first row.
            before = await rooms.read_at(document_id, max(seen, Seq(1)))
            after = await rooms.read_at(document_id, end)
            self._counts[key] = count_changed(before, after)
            while len(self._counts) > MAX_CHANGE_COUNTS:
                self._counts.popitem(last=False)
        return self._counts[key]

    async def seen(self, access: Access) -> Seq:
        """This person is looking at the document as it is now; the end of its journal."""
        end = await to_thread.run_sync(self._tools.store.journal.end, access.id)
        await to_thread.run_sync(
            self._tools.store.documents.mark_seen, access.id, access.user.id, end, self._tools.clock()
        )
        return end

    async def live(self, access: Access) -> tuple[Document, Seq]:
        """The live draft and the place in the journal it shows."""
        return await self._tools.rooms.read(access.id)

    async def bases(self, user: User, document_id: str) -> tuple[Basis, ...]:
        """The list of bases in its order, for whoever may read the document. Raises as `open`."""
        document, _ = await self.live(await self.open(user, document_id))
        return document.bases

    async def person(self, user_id: UserId) -> User | None:
        return await to_thread.run_sync(self._tools.store.users.get, user_id)
