"""Keeping the index of what can be found: it follows by itself, and is never what somebody waits for.

Nothing tells it of changes. Every few seconds it asks the store for a mark of each document, and takes in
those whose mark is another than the one it knows: once the writing has paused, or after a minute of it.
So it catches up after a crash, with what other processes wrote, and after it was forgotten altogether.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from anyio import to_thread

from duthao.domain.document import Document, DocumentId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Source
from duthao.domain.outline import outline
from duthao.domain.search.items import Item, ItemKind, Renewal, about, reasons, renewed, wordings
from duthao.formats.json import document_from_json
from duthao.service.background import beside
from duthao.service.ports import Tools
from duthao.service.synthesis import synthesis_of
from duthao.store.ports import EpochMillis, StoreUnavailable, Version

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at what has changed; who writes and stops is found after two of them."""
AT_LATEST: Final = 60_000
"""Milliseconds after which a document is taken in though its writing does not pause."""
REST: Final = 0.05
"""Seconds between two documents: those who write come first."""
BUSY: Final = 2.0
"""The same while the loop is busy, that is while turns gather."""

log = logging.getLogger("duthao.search")


class Indexing:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.pace: Callable[[], float] = lambda: 0.0
        """How long turns gather just now (`collab/pace.py`)."""
        self._waiting: dict[DocumentId, tuple[str, EpochMillis]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Looks now and then, in the background."""
        async with beside(self._run(), "indexing"):
            yield

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:  # searching finds what it found before; the rest of the house goes on
                log.warning("search.waiting error=%s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def look(self, *, all_now: bool = False) -> int:
        """Take in what has changed and rests, or `all_now`; how many documents. Raises StoreUnavailable."""
        store, now = self._tools.store, self._tools.clock()
        marks = await to_thread.run_sync(store.search.marks)
        indexed = await to_thread.run_sync(store.search.indexed)
        stale = {id_: mark for id_, mark in marks.items() if indexed.get(id_) != mark}
        waiting, self._waiting = self._waiting, {}
        taken = 0
        for id_, mark in stale.items():
            before, since = waiting.get(id_, ("", now))
            if all_now or before == mark or id_ not in indexed or now - since >= AT_LATEST:
                taken += await self._try(id_, mark)
                await asyncio.sleep(BUSY if self.pace() and not all_now else REST)
            else:
                self._waiting[id_] = mark, since
        return taken

    async def _try(self, document_id: DocumentId, mark: str) -> bool:
        """One that cannot be read does not keep the others from being found."""
        try:
            await self._take_in(document_id, mark)
        except (Refusal, StoreUnavailable, ValueError) as error:
            log.warning("search.skipped document=%s error=%s", document_id, type(error).__name__)
            return False
        return True

    async def rebuild(self) -> int:
        """Forget everything and take in every document; how many. Raises StoreUnavailable."""
        await to_thread.run_sync(self._tools.store.search.forget)
        return await self.look(all_now=True)

    async def _take_in(self, document_id: DocumentId, mark: str) -> None:
        end = await to_thread.run_sync(self._tools.store.journal.end, document_id)
        draft = await self._tools.rooms.read_at(document_id, end)
        await to_thread.run_sync(self._write, document_id, draft, mark)

    def _write(self, document_id: DocumentId, draft: Document, mark: str) -> None:
        store = self._tools.store
        record, edit = store.documents.get(document_id), store.journal.last_edit(document_id)
        if record is None:
            return
        known = store.search.known(document_id)
        if known.mark == mark:  # another process was quicker
            return
        versions = store.versions.for_document(document_id)
        new = [one for one in versions if one.id not in known.versions]
        texts = [(one.id, wordings(self._tree(one))) for one in reversed(new)]
        read = outline(draft)
        others = (about(record.title, draft.front), *reasons(draft, read), *self._said(document_id, versions))
        renewal: Renewal = renewed(known.items, wordings(draft, read), texts, others)
        store.search.renew(document_id, renewal, frozenset(one.id for one in new))
        store.search.mark(document_id, mark, edit[1] if edit else record.created_at)
        log.info("search.indexed document=%s items=%d", document_id, len(renewal.put))

    def _tree(self, version: Version) -> Document:
        whole = self._tools.store.versions.get(version.id)
        return Document() if whole is None else document_from_json(whole.tree)

    def _said(self, document_id: DocumentId, versions: Sequence[Version]) -> Iterator[Item]:
        """What people said about the document, and its versions by name."""
        store = self._tools.store
        threads = {thread.id: thread for thread in store.comments.threads(document_id)}
        for place, one in enumerate(store.comments.for_document(document_id)):
            thread = threads.get(one.thread_id)
            if thread is not None and one.text.strip():
                made = thread.anchor.made
                yield Item(
                    f"c:{one.id}", ItemKind.COMMENT, one.text, made.spot.provision if made else None,
                    thread.path, place, thread.id, thread.version, True, one.author,
                    at=one.edited_at or one.created_at,
                )  # fmt: skip
        for place, what in enumerate(store.proposals.for_document(document_id)):
            said = (*what.what.wording.parts, what.reason, what.answer)
            if text := "\n".join(part for part in said if part.strip()):
                yield Item(
                    f"p:{what.id}", ItemKind.PROPOSAL, text, what.what.provision, what.path, place, what.id,
                    in_draft=True, author=what.author, at=what.changed_at,
                )  # fmt: skip
        yield from self._opinions(document_id)
        for place, version in enumerate(versions):
            if text := "\n".join(part for part in (version.name, version.reason) if part.strip()):
                yield Item(
                    f"v:{version.id}", ItemKind.VERSION, text, place=place, version=version.id,
                    in_draft=True, author=version.created_by, at=version.created_at,
                )  # fmt: skip

    def _opinions(self, document_id: DocumentId) -> Iterator[Item]:
        """What was answered, and opinions that are no comment or proposal of the draft: those stand above."""
        # Whoever reads the draft finds it: an answer is theirs to find once it was sent.
        synthesis = synthesis_of(self._tools.store, document_id).as_sent()
        opinions, groups = synthesis.opinions, synthesis.groups
        answered = {id_: group.id for group in groups for id_ in group.opinions}
        for place, given in enumerate(opinions):
            if given.source in (Source.COMMENT, Source.PROPOSAL):
                continue
            said = (given.giver, given.letter, given.text, given.wording)
            yield Item(
                f"o:{given.id}", ItemKind.OPINION, "\n".join(part for part in said if part.strip()),
                given.provision, "", place, answered.get(given.id), given.version_id, True, given.user_id,
                given.giver, given.at,
            )  # fmt: skip
        for place, group in enumerate(groups):
            if group.answer is not None and group.answer.text.strip():
                yield Item(
                    f"a:{group.id}", ItemKind.ANSWER, group.answer.text, place=place, target=group.id,
                    in_draft=True, author=group.answer.by, at=group.answer.at,
                )  # fmt: skip
