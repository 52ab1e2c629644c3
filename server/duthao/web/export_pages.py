"""A document as files for other systems: the draft, any version, and the instrument."""

from __future__ import annotations

from datetime import datetime

from anyio import to_thread
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from duthao.domain.days import VIETNAM
from duthao.domain.document import Document
from duthao.formats.akn import Publication
from duthao.formats.docx_out import Choices
from duthao.formats.exchange import EXCHANGES
from duthao.service.access import Access
from duthao.service.word_files import choices_of
from duthao.store.ports import EpochMillis, Version, VersionKind
from duthao.web.files import FileKind, file_response
from duthao.web.instrument_pages import proved
from duthao.web.pages import Pages

KINDS = {"txt": FileKind.TEXT, "html": FileKind.HTML, "json": FileKind.JSON, "akn.xml": FileKind.AKN}


def publication(document_id: str, version: Version | None, now: EpochMillis) -> Publication:
    """What a draft (None) or a version is called outside: a draft until it is the text in force."""
    draft = version is None or version.kind is not VersionKind.CURRENT
    at = now if version is None else version.created_at
    day = datetime.fromtimestamp(at / 1000, VIETNAM).strftime("%Y-%m-%d")
    return Publication(f"/akn/vn/{'bill' if draft else 'act'}/{document_id}", day, draft)


WORD = {"docx": FileKind.WORD, "odt": FileKind.ODT}


def choices(query: QueryParams) -> Choices:
    """Of `?numbering=`, `?tracked=1`, `?comments=1`. Raises Refusal export_choice."""
    return choices_of(
        query.get("numbering") or "literal",
        tracked=query.get("tracked") == "1",
        comments=query.get("comments") == "1",
    )


class ExportPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        return self.pages.routed(
            ("GET", f"/documents/{{id}}/{what}.{ending}", handler)
            for what, plain, word in (
                ("draft", self.draft, self.draft_word),
                ("instrument", self.instrument, self.instrument_word),
            )
            for endings, handler in ((KINDS, plain), (WORD, word))
            for ending in endings
        )

    async def draft(self, request: Request) -> Response:
        """The live draft, or `?version=`."""
        asks, access = await self.pages.opened(request)
        side = await self.services.comparisons.side(access, request.query_params.get("version"), "draft")
        return await self._file(
            request, access, side.document, side.version, asks.catalogue("web.file.draft")
        )

    async def draft_word(self, request: Request) -> Response:
        """The same as a Word file or its OpenDocument form, as was chosen."""
        asks, access = await self.pages.opened(request)
        asked = choices(request.query_params)
        side = await self.services.comparisons.side(access, request.query_params.get("version"), "draft")
        content = await self.services.word_files.written(access, side, asked, asks.catalogue)
        return await self._word(request, content, asks.catalogue("web.file.draft"))

    async def instrument(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request)
        proof = await proved(self.pages, request, access)
        name = asks.catalogue("web.file.instrument")
        return await self._file(request, access, proof.instrument.document(), None, name)

    async def instrument_word(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request)
        asked = choices(request.query_params)
        proof = await proved(self.pages, request, access)
        made = proof.instrument.document()
        content = await self.services.word_files.plain(access, made, asked, asks.catalogue)
        return await self._word(request, content, asks.catalogue("web.file.instrument"))

    async def _word(self, request: Request, content: bytes, name: str) -> Response:
        ending = _ending(request)
        if ending == "odt":
            content = await self.services.word_files.odt(content)
        return file_response(content, WORD[ending], name)

    async def _file(
        self, request: Request, access: Access, document: Document, version: Version | None, name: str
    ) -> Response:
        ending = _ending(request)
        named = publication(access.id, version, self.services.tools.clock())
        stamp = self.services.stamp(access.user.name, access.record)
        content = await to_thread.run_sync(EXCHANGES[ending], document, named, stamp)
        return file_response(content, KINDS[ending], name)


def _ending(request: Request) -> str:
    return request.url.path.rpartition("/")[2].partition(".")[2]
