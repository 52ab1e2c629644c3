"""Versions: places in the journal with a name, a frozen tree and its hash."""

from __future__ import annotations

import hashlib

from anyio import to_thread

from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.formats.json import document_from_json, document_to_json
from duthao.service.access import Access, Permission, Reached, document_for
from duthao.service.ports import Tools
from duthao.store.ports import Seq, User, Version, VersionKind

MAX_NAME = 200
MAX_REASON = 2000


class Versions:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def list(self, user: User, document_id: str) -> tuple[Version, ...]:
        """Newest first, without their trees."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        return await self.of(access)

    async def of(self, access: Access) -> tuple[Version, ...]:
        """Newest first, without their trees."""
        return tuple(await to_thread.run_sync(self._tools.store.versions.for_document, access.id))

    async def open(self, access: Reached, version_id: str) -> tuple[Version, Document]:
        """A version and its tree. Raises Refusal version_not_found, version_damaged."""
        version = (
            await to_thread.run_sync(self._tools.store.versions.get, version_id)
            if len(version_id) <= 64
            else None
        )
        if version is None or version.document_id != access.id:
            raise Refusal("version_not_found")
        # A sealed text that no longer matches its seal must not be printed as if it did.
        if hashlib.sha256(version.tree).hexdigest() != version.sha256:
            raise Refusal("version_damaged", version=version.id)
        return version, await to_thread.run_sync(document_from_json, version.tree)

    async def save(
        self, user: User, document_id: str, name: str, reason: str = "", numbered: bool = False
    ) -> Version:
        """Keep the live draft as a named or numbered version.

        Raises Refusal: name_missing (a numbered one may have none), name_too_long,
        reason_too_long.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        name, reason = checked_name(name, reason, optional=numbered)
        return await self._keep(access, VersionKind.NUMBERED if numbered else VersionKind.NAMED, name, reason)

    async def _keep(self, access: Access, kind: VersionKind, name: str, reason: str) -> Version:
        document, seq = await self._tools.rooms.read(access.id)
        return await self.seal(access, kind, name, reason, document, seq)

    def _store(
        self, access: Access, kind: VersionKind, name: str, reason: str, document: Document, seq: Seq
    ) -> Version:
        store, tree = self._tools.store, document_to_json(document)
        earlier = (v.seq for v in store.versions.for_document(access.id) if v.seq <= seq)
        previous = max(earlier, default=Seq(0))
        return store.versions.create(
            Version(
                id=self._tools.new_id(),
                document_id=access.id,
                seq=seq,
                kind=kind,
                number=None,
                name=name,
                reason=reason,
                tree=tree,
                sha256=hashlib.sha256(tree).hexdigest(),
                people=store.journal.writers(access.id, previous, seq),
                created_by=access.user.id,
                created_at=self._tools.clock(),
            )
        )

    async def restore(self, user: User, document_id: str, version_id: str, name: str) -> Seq:
        """Bring the draft forward to read as this version; what it was is kept first.

        `name` is that of the automatic version made before. Raises Refusal version_not_found.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        _, target = await self.open(access, version_id)
        return await self.bring_forward(access, target, name)

    async def bring_forward(self, access: Access, target: Document, name: str) -> Seq:
        """Keep what the draft is as an automatic version of this name, then change it into `target`."""
        await self.keep_now(access, name)
        return await self._tools.rooms.restore(access.id, target, access.user.id)

    async def keep_now(self, access: Access, name: str) -> None:
        """Keep what the draft is as an automatic version of this name, before much of it changes at once."""
        await self._keep(access, VersionKind.AUTOMATIC, name[:MAX_NAME], "")

    async def keep_past(
        self, access: Access, document: Document, seq: Seq, name: str, reason: str
    ) -> Version:
        """What the draft was at `seq` as a named version. Raises as `save`."""
        name, reason = checked_name(name, reason)
        return await self.seal(access, VersionKind.NAMED, name, reason, document, seq)

    async def seal(
        self, access: Access, kind: VersionKind, name: str, reason: str, document: Document, seq: Seq
    ) -> Version:
        """This text, what the draft was at `seq`, as a version; name and reason are checked."""
        version = await to_thread.run_sync(self._store, access, kind, name, reason, document, seq)
        await self._tools.rooms.versions_changed(access.id)
        return version


def checked_name(name: str, reason: str, *, optional: bool = False) -> tuple[str, str]:
    """As they are kept. Raises Refusal: name_missing unless `optional`; name_too_long, reason_too_long."""
    name, reason = " ".join(name.split()), reason.strip()
    if not name and not optional:
        raise Refusal("name_missing")
    if len(name) > MAX_NAME:
        raise Refusal("name_too_long", most=MAX_NAME)
    if len(reason) > MAX_REASON:
        raise Refusal("reason_too_long", most=MAX_REASON)
    return name, reason
