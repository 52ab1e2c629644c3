"""The papers of a meeting in one file."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from duthao.domain.days import moment
from duthao.domain.secrecy import Stamp
from duthao.formats.pack_pdf import Pack, Paper, pack_pdf
from duthao.formats.pdf import in_worker
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comparison import DRAFT
from duthao.service.services import Services
from duthao.web.files import FileKind, file_response
from duthao.web.lines import LINES, Tell, told, wants_lines
from duthao.web.pages import Pages
from duthao.web.proposal_list import proposals_table
from duthao.web.tables import compared_table, layout


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes into a pack: a document `submission` enclosed, the list of proposals, `reader` across
    every page; `query` is the layout of the table as for its own file.
    """

    submission: str = ""
    reader: str = ""
    proposals: bool = False
    query: Mapping[str, str] = field(default_factory=dict)


async def pack_of(
    services: Services, access: Access, say: Catalogue, wanted: Wanted, tell: Tell = lambda step: None
) -> bytes:
    """The live draft against the text in force, and what is `wanted` with it, opinions if there are.
    Whoever cancels ends the process that sets the pages.

    Raises Refusal where the submission is not theirs to read, as `layout`, and as `pdf.in_worker`.
    """
    enclosed: tuple[Access, ...] = ()
    if wanted.submission:
        enclosed = (await services.documents.open(access.user, wanted.submission),)
    submission = await _paper(services, enclosed[0]) if enclosed else None
    tell(say("pack.step.comparing"))
    found, table = await compared_table(services, access, {}, say, options=layout(wanted.query), dated=True)
    printed = await services.forms.printed(access, None)
    tell(say("pack.step.gathering"))
    proposals = None
    if wanted.proposals:
        listed = await services.proposals.list(access.user, access.id)
        proposals = proposals_table(listed, access.record.title, say)
    opinions = await services.syntheses.table(access.user, [access.id])
    origins = services.settings.origins
    pack = Pack(
        access.record.title,
        Paper(found.after.document, printed.form, printed.draft_number),
        table,
        submission=submission,
        proposals=proposals,
        opinions=opinions if opinions.rows else None,
        address=f"{origins[0]}/documents/{access.id}" if origins else "",
        stamp=_stamp(services, wanted.reader, access, *enclosed),
        printed=say("pack.printed", at=moment(services.tools.clock())),
    )
    tell(say("pack.step.setting"))
    return await _set(pack, say)


def _stamp(services: Services, reader: str, *bound: Access) -> Stamp:
    """The file is as secret as what is bound in it; a reader who is to be named is, whoever asked."""
    stamp = services.stamp(reader or bound[0].user.name, *(one.record for one in bound))
    return replace(stamp, reader=stamp.reader or reader)


async def _set(pack: Pack, say: Catalogue) -> bytes:
    stop = threading.Event()
    typeset = partial(in_worker, stopped=stop.is_set)
    setting = asyncio.ensure_future(asyncio.to_thread(pack_pdf, pack, say, typeset=typeset))
    # What it says of having been stopped is heard by nobody.
    setting.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        # Shielded: a thread is not cancelled, it is told.
        return await asyncio.shield(setting)
    finally:
        stop.set()


async def _paper(services: Services, access: Access) -> Paper:
    """A paper enclosed in its own form; it is no draft of this meeting and bears no mark."""
    side = await services.comparisons.side(access, None, DRAFT)
    printed = await services.forms.printed(access, side.version)
    return Paper(side.document, printed.form)


class PackPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        return self.pages.routed((("GET", "/documents/{id}/pack.pdf", self.pack),))

    async def pack(self, request: Request) -> Response:
        """`submission`: another document to read; `watermark`=1: with the reader's name; `proposals`=1:
        with their list; the layout of the table as for its own file. Asked for lines it tells its steps,
        and ending the request ends the work.
        """
        asks, access = await self.pages.opened(request)
        query, say = request.query_params, asks.catalogue
        wanted = Wanted(
            query.get("submission", ""),
            asks.who.user.name if query.get("watermark") == "1" else "",
            query.get("proposals") == "1",
            query,
        )
        if not wants_lines(request):
            content = await pack_of(self.services, access, say, wanted)
            return file_response(content, FileKind.PDF, say("pack.file"), shown=True)

        async def work(tell: Tell) -> dict[str, Any]:
            content = await pack_of(self.services, access, say, wanted, tell)
            name = f"{say('pack.file')}.pdf"
            return {"file": await to_thread.run_sync(_letters, content), "name": name}

        return StreamingResponse(told(work, say), media_type=LINES)


def _letters(content: bytes) -> str:
    return base64.b64encode(content).decode()
