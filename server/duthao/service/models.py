"""Model regulations (quy chế mẫu): documents of the house that others are compared with.

A model is a document that its lead marked as one; the mark gives nobody a way to it (decision 39).
"""

from __future__ import annotations

import asyncio
import json

from anyio import to_thread

from duthao.domain.document import DocumentId
from duthao.domain.errors import Refusal
from duthao.service.access import Access, Permission, document_for
from duthao.service.ports import Tools
from duthao.store.ports import DocumentRecord, HouseSetting, Store, User

MODELS = "models"
PREFIX = "model:"
"""A side of a comparison of this beginning is a model; what follows is the id of its document."""
MAX_MODELS = 200


class Models:
    """A document's lead marks it; whoever may read it compares with it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._turn = asyncio.Lock()

    async def of(self, user: User, beside: str = "") -> tuple[DocumentRecord, ...]:
        """The models this person may read, by title; without the document `beside` itself."""
        found = await to_thread.run_sync(_readable, self._tools.store, user)
        return tuple(one for one in found if one.id != beside)

    async def marked(self, access: Access) -> bool:
        """Whether this document is a model."""
        return access.id in await to_thread.run_sync(marked_in, self._tools.store)

    async def mark(self, user: User, document_id: str, model: bool) -> None:
        """Make a document a model, or no more one.

        Raises Refusal: as `document_for`; models_too_many (`most`).
        """
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        async with self._turn:
            held = await to_thread.run_sync(marked_in, self._tools.store)
            if model is (access.id in held):
                return
            if model and len(held) >= MAX_MODELS:
                raise Refusal("models_too_many", most=MAX_MODELS)
            made = (*held, access.id) if model else tuple(one for one in held if one != access.id)
            setting = HouseSetting(MODELS, json.dumps(made), user.id, self._tools.clock())
            await to_thread.run_sync(self._tools.store.house.put, setting)


def marked_in(store: Store) -> tuple[DocumentId, ...]:
    """The ids of all models, in the order in which they were marked. Blocks."""
    setting = store.house.get(MODELS)
    return () if setting is None else tuple(map(DocumentId, json.loads(setting.value)))


async def model_for(store: Store, user: User, side: str) -> Access:
    """The document of a side "model:ID", for who may read it.

    Raises Refusal: document_not_found, the same whether there is none or it is not theirs to see;
    model_not_found when it is no model.
    """
    access = await document_for(store, user, side.removeprefix(PREFIX), Permission.READ)
    if access.id not in await to_thread.run_sync(marked_in, store):
        raise Refusal("model_not_found")
    return access


def _readable(store: Store, user: User) -> tuple[DocumentRecord, ...]:
    marked = frozenset(marked_in(store))
    if not marked:
        return ()
    found = (record for record, _ in store.documents.for_user(user.id) if record.id in marked)
    return tuple(sorted(found, key=lambda one: (one.title, one.id)))
