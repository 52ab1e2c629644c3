"""The papers of a meeting in one file."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from duthao.domain.days import moment
from duthao.formats.pack_pdf import Pack, Paper, pack_pdf
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comparison import DRAFT
from duthao.service.services import Services
from duthao.web.context import guarded
from duthao.web.files import FileKind, file_response
from duthao.web.pages import Pages
from duthao.web.tables import compared_table, layout


async def pack_of(
    services: Services,
    access: Access,
    say: Catalogue,
    *,
    submission: str = "",
    reader: str = "",
    query: Mapping[str, str],
) -> Pack:
    """The live draft against the text in force, a document `submission` enclosed, opinions if there are.

    Raises Refusal as `document_for` where the submission is not theirs to read, and as `layout`.
    """
    enclosed = None
    if submission:
        enclosed = await _paper(services, await services.documents.open(access.user, submission))
    found, table = await compared_table(services, access, {}, say, options=layout(query), dated=True)
    printed = await services.forms.printed(access, None)
    opinions = await services.syntheses.table(access.user, [access.id])
    origins = services.settings.origins
    return Pack(
        access.record.title,
        Paper(found.after.document, printed.form, printed.draft_number),
        table,
        submission=enclosed,
        opinions=opinions if opinions.rows else None,
        address=f"{origins[0]}/documents/{access.id}" if origins else "",
        reader=reader,
        printed=say("pack.printed", at=moment(services.tools.clock())),
    )


async def _paper(services: Services, access: Access) -> Paper:
    """A paper enclosed in its own form; it is no draft of this meeting and bears no mark."""
    side = await services.comparisons.side(access, None, DRAFT)
    printed = await services.forms.printed(access, side.version)
    return Paper(side.document, printed.form)


class PackPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        return [Route("/documents/{id}/pack.pdf", guarded(self.pack, self.pages.refused), methods=["GET"])]

    async def pack(self, request: Request) -> Response:
        """`submission`: another document to read; `watermark`=1: with the reader's name; the layout of the
        table as for its own file."""
        asks, access = await self.pages.opened(request)
        query, say = request.query_params, asks.catalogue
        pack = await pack_of(
            self.services,
            access,
            say,
            submission=query.get("submission", ""),
            reader=asks.who.user.name if query.get("watermark") == "1" else "",
            query=query,
        )
        content = await to_thread.run_sync(pack_pdf, pack, say)
        return file_response(content, FileKind.PDF, say("pack.file"), shown=True)
