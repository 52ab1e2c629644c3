"""Comparing two texts of a document, off the event loop, bounded and remembered."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Any, Protocol

from duthao.collab.aside import end_with_parent
from duthao.domain.amend.proving import Proof, between
from duthao.domain.compare import Overrides
from duthao.domain.compare.result import Comparison
from duthao.domain.compare.table_builder import TableOptions, Third
from duthao.domain.document import Document, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import profile_to_json
from duthao.domain.review import Review, review
from duthao.domain.table import ComparisonTable
from duthao.formats.json import document_to_json
from duthao.service.access import Access, Reached
from duthao.service.comparison_worker import About, Asked, Work, on_trees
from duthao.service.corrections import overrides_of
from duthao.service.forms import form_of
from duthao.service.house import wording_of
from duthao.service.models import PREFIX, model_for
from duthao.service.ports import Tools
from duthao.service.versions import Versions
from duthao.settings import Settings
from duthao.store.ports import DocumentRecord, Seq, User, Version

DRAFT = "draft"


_Key = tuple[str, str, str, Overrides, Asked]


class TableBuilder(Protocol):
    """`domain.compare.table_builder.build_table`, as a writer of the service."""

    def __call__(
        self,
        comparison: Comparison,
        before: Document,
        after: Document,
        title: str,
        before_title: str,
        after_title: str,
        *,
        third: Third | None,
        in_force: bool,
        notes: tuple[str, ...],
        sources: Mapping[ProvisionId, str] | None,
        options: TableOptions,
    ) -> ComparisonTable: ...


@dataclass(frozen=True, slots=True)
class Side:
    """One text of a comparison: a version, or the live draft (`version` None) at `seq`; of the document
    `model` where that is given.
    """

    document: Document
    version: Version | None
    seq: Seq
    model: DocumentRecord | None = None

    @property
    def id(self) -> str:
        if self.model is not None:
            return PREFIX + self.model.id
        return DRAFT if self.version is None else self.version.id


_Text = Callable[[Access, str | None, str], Awaitable[Side]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts and their comparison; with a third, that of the second with it as well."""

    before: Side
    after: Side
    comparison: Comparison
    third: Side | None = None
    later: Comparison | None = None

    @property
    def models(self) -> tuple[DocumentRecord, ...]:
        """The other documents of which a text stands here."""
        sides = (self.before, self.after, self.third)
        return tuple(side.model for side in sides if side is not None and side.model is not None)


class Comparisons:
    """`compare` must be importable by name: it is called in another process."""

    def __init__(
        self,
        tools: Tools,
        versions: Versions,
        settings: Settings,
        compare: Work,
        prove: Work = between,
        review: Work = review,
    ) -> None:
        self._tools, self._versions, self._settings = tools, versions, settings
        self._compare, self._prove, self._review = compare, prove, review
        self._executor: Executor | None = None
        self._cache: OrderedDict[_Key, asyncio.Future[Any]] = OrderedDict()
        self._waiting = 0

    def _pool(self) -> Executor:
        if self._executor is None:
            workers = self._settings.comparison_workers
            self._executor = (
                ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), end_with_parent)
                if workers
                else ThreadPoolExecutor(1, "compare")
            )
        return self._executor

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    async def side(self, access: Access, named: str | None, default: str) -> Side:
        """A version by id, or the live draft for "draft". Raises Refusal version_not_found."""
        wanted = named or default
        if wanted == DRAFT:
            document, seq = await self._tools.rooms.read(access.id)
            return Side(document, None, seq)
        version, document = await self._versions.open(access, wanted)
        return Side(document, version, version.seq)

    async def _text(self, access: Access, named: str | None, default: str) -> Side:
        """As `side`, or the text in force of another document that is a model ("model:ID").

        Only where texts are set side by side: elsewhere a model is no text of this document. Raises as
        `side` and `models.model_for`.
        """
        if not (named or "").startswith(PREFIX):
            return await self.side(access, named, default)
        return await self._model(access.user, named or "")

    async def _model(self, user: User, named: str) -> Side:
        model = await model_for(self._tools.store, user, named)
        found = await self.side(model, None, model.record.current_version or DRAFT)
        return replace(found, model=model.record)

    async def model(self, user: User, named: str) -> tuple[str, Document]:
        """Title and text of the model "model:ID". Raises as `models.model_for`."""
        side = await self._model(user, named)
        assert side.model is not None
        return side.model.title, side.document

    async def compared(
        self, access: Access, before: str | None = None, after: str | None = None, third: str | None = None
    ) -> Compared:
        """Text in force against live draft unless named otherwise; `third` beside them if named.

        Raises Refusal: version_not_found, busy (too many waiting), comparison_failed, and for a model
        document_not_found, model_not_found.
        """
        left, right, overrides = await self._sides(access, before, after, self._text)
        found: Comparison = await self._answered(self._compare, access, left, right, overrides)
        if not third:
            return Compared(left, right, found)
        next_ = await self._text(access, third, DRAFT)
        later = await self._answered(self._compare, access, right, next_, overrides)
        return Compared(left, right, found, next_, later)

    async def of_texts(self, access: Reached, before: Side, after: Side) -> Comparison:
        """The comparison of two texts at hand, corrections by hand honoured. Raises as `compared`."""
        overrides = await asyncio.to_thread(overrides_of, self._tools.store, access.id)
        found: Comparison = await self._answered(self._compare, access, before, after, overrides)
        return found

    async def instrument(
        self, access: Access, before: str | None = None, after: str | None = None
    ) -> tuple[Side, Side, Proof]:
        """The amending instrument between two texts, with its proof. Raises as `compared`."""
        wording = await asyncio.to_thread(wording_of, self._tools.store)
        asked = (("own", tuple(sorted(wording.templates.own.items()))),)
        left, right, proof = await self._made(self._prove, access, before, after, asked)
        return left, right, proof

    async def reviewed(
        self, access: Access, before: str | None = None, after: str | None = None
    ) -> tuple[Side, Side, Review]:
        """What the second text should be looked at for, its references held against the first, its
        form against that of the document.

        Raises as `compared`.
        """
        form = await asyncio.to_thread(form_of, self._tools.store, access.id)
        asked: Asked = (("form", profile_to_json(form)),)
        left, right, found = await self._made(self._review, access, before, after, asked)
        return left, right, found

    async def _made(
        self, work: Work, access: Access, before: str | None, after: str | None, asked: Asked = ()
    ) -> tuple[Side, Side, Any]:
        left, right, overrides = await self._sides(access, before, after, self.side)
        return left, right, await self._answered(work, access, left, right, overrides, asked)

    async def _sides(
        self, access: Access, before: str | None, after: str | None, text: _Text
    ) -> tuple[Side, Side, Overrides]:
        """The two texts asked for, and what was corrected of their comparisons by hand."""
        left = await text(access, before, access.record.current_version or DRAFT)
        right = await text(access, after, DRAFT)
        return left, right, await asyncio.to_thread(overrides_of, self._tools.store, access.id)

    async def _answered(
        self, work: Work, access: Reached, before: Side, after: Side, overrides: Overrides, asked: Asked = ()
    ) -> Any:
        """What `work` makes of two trees in a worker; asked once for the same trees."""
        left, right = await asyncio.to_thread(
            lambda: (document_to_json(before.document), document_to_json(after.document))
        )
        about = (access.id, before.id, after.id)
        hashes = (hashlib.sha256(left).hexdigest(), hashlib.sha256(right).hexdigest())
        key = (work.__name__, *hashes, overrides, asked)
        known = self._cache.get(key)
        if known is None:
            if self._waiting >= self._settings.comparison_queue:
                raise Refusal("busy")
            known = asyncio.ensure_future(self._run(work, about, left, right, overrides, asked))
            self._cache[key] = known
            known.add_done_callback(lambda done: self._forget_failed(key, done))
            while len(self._cache) > self._settings.comparison_cache:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(key)
        # Shielded: somebody who leaves must not end the comparison for those who stay.
        return await asyncio.shield(known)

    def _forget_failed(self, key: _Key, done: asyncio.Future[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            self._cache.pop(key, None)

    async def _run(
        self, work: Work, about: About, left: bytes, right: bytes, overrides: Overrides, asked: Asked
    ) -> Any:
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self._pool(), on_trees, work, about, left, right, overrides, asked
            )
        except BrokenProcessPool:
            self._executor = None
            raise Refusal("comparison_failed") from None
        finally:
            self._waiting -= 1
