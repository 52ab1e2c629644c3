"""Documents of the house as a command reaches them: in the name of their lead."""

from __future__ import annotations

import asyncio

from anyio import to_thread

from duthao.bootstrap import open_services
from duthao.domain.document import Document, DocumentId
from duthao.domain.errors import Refusal
from duthao.service.models import PREFIX
from duthao.service.services import Services
from duthao.settings import read_settings
from duthao.store.ports import Role, User


async def lead_of(services: Services, document: str) -> User:
    """In whose name a document is opened. Raises Refusal document_not_found."""
    return await to_thread.run_sync(_lead, services, document)


def _lead(services: Services, document: str) -> User:
    store = services.tools.store
    for member in store.documents.members(DocumentId(document)):
        user = store.users.get(member.user_id)
        if member.role is Role.LEAD and user is not None and not user.disabled:
            return user
    raise Refusal("document_not_found")


def model_text(name: str) -> tuple[str, Document]:
    """Title and text of a model named "model:ID". Raises Refusal document_not_found, model_not_found."""

    async def read() -> tuple[str, Document]:
        async with open_services(read_settings()) as services:
            lead = await lead_of(services, name.removeprefix(PREFIX))
            return await services.comparisons.model(lead, name)

    return asyncio.run(read())
