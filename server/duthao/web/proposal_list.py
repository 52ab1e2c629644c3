"""The list "Biểu tổng hợp các nội dung đề nghị sửa đổi, bổ sung" (norm A9, table 2) as PDF and Word."""

from __future__ import annotations

from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from duthao.domain.plain_table import PlainTable
from duthao.domain.proposals import Act
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue
from duthao.service.proposals import Listing, Shown
from duthao.service.services import Writers
from duthao.store.ports import ProposalState
from duthao.web.context import asking
from duthao.web.files import FileKind, file_response
from duthao.web.pages import Pages

_HEADS: Final = ("number", "place", "said", "basis", "by", "opinion")
_WIDTHS: Final = (10.0, 34.0, 88.0, 52.0, 34.0, 34.0)
_DECIDED: Final = (ProposalState.ACCEPTED, ProposalState.ADAPTED, ProposalState.DECLINED)


def proposals_table(found: Listing, title: str, say: Catalogue) -> PlainTable:
    """Every proposal that was not withdrawn, in reading order; the last column is for the standing
    board to write in until the drafting team has decided."""
    shown = [one for one in found.proposals if one.proposal.state is not ProposalState.WITHDRAWN]
    return PlainTable(
        (say("proposallist.title"), say("proposallist.of", title=title)),
        (),
        tuple(say(f"proposallist.head.{head}") for head in _HEADS),
        _WIDTHS,
        tuple(_row(n, one, found, say) for n, one in enumerate(shown, start=1)),
        say("proposallist.nothing"),
        centred=(0,),
    )


def _row(n: int, one: Shown, found: Listing, say: Catalogue) -> tuple[str, ...]:
    proposal = one.proposal
    where = spoken_path(one.path, say) if one.path else ""
    who = found.people.get(proposal.author)
    by = "" if who is None else "\n".join(filter(None, (who.name, who.position)))
    return str(n), where[:1].upper() + where[1:], _said(one, say), proposal.reason, by, _opinion(one, say)


def _said(one: Shown, say: Catalogue) -> str:
    what = one.proposal.what
    if what.act is Act.REMOVE:
        return say("proposallist.remove")
    words = "\n".join(part for part in (what.wording.text, " | ".join(what.wording.cells)) if part)
    return say(f"proposallist.{what.act.value}", words=words)


def _opinion(one: Shown, say: Catalogue) -> str:
    state = one.proposal.state
    if state not in _DECIDED:
        return ""
    return "\n".join(filter(None, (say(f"proposallist.{state.value}"), one.proposal.answer)))


class ProposalListPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        path = "/documents/{id}/proposals"
        return self.pages.routed((("GET", f"{path}.pdf", self.pdf), ("GET", f"{path}.docx", self.docx)))

    async def _table(self, request: Request) -> tuple[PlainTable, Catalogue, Writers]:
        asks = await asking(request, self.pages.web)
        id_ = request.path_params["id"]
        access = await self.services.documents.open(asks.who.user, id_)
        found = await self.services.proposals.list(asks.who.user, id_)
        table = proposals_table(found, access.record.title, asks.catalogue)
        return table, asks.catalogue, self.services.stamped(access.user.name, access.record)

    async def pdf(self, request: Request) -> Response:
        table, say, writers = await self._table(request)
        content = await to_thread.run_sync(writers.plain_pdf, table, say)
        return file_response(content, FileKind.PDF, say("proposallist.file"), shown=True)

    async def docx(self, request: Request) -> Response:
        table, say, writers = await self._table(request)
        content = await to_thread.run_sync(writers.plain_docx, table, say)
        return file_response(content, FileKind.WORD, say("proposallist.file"))
