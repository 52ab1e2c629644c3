"""The amending instrument: its page, and its files."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from duthao.domain.amend.proving import Proof
from duthao.domain.document import Kind
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.formats.cited import spoken_path
from duthao.formats.remarks import rewritten
from duthao.service.access import Access
from duthao.web.context import Asking
from duthao.web.files import FileKind, file_response
from duthao.web.pages import Pages
from duthao.web.tables import side_title

SHOWN = 200
"""Characters of a provision that differs; references that are listed."""


async def proved(pages: Pages, request: Request, access: Access) -> Proof:
    """Only what is proved leaves the house. Raises Refusal instrument_not_proved."""
    query = request.query_params
    _, _, proof = await pages.services.comparisons.instrument(access, query.get("before"), query.get("after"))
    if not proof.holds:
        raise Refusal("instrument_not_proved", count=len(proof.differences) + len(proof.refused))
    return proof


class InstrumentPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        path = "/documents/{id}/instrument"
        return self.pages.routed((("GET", path, self.page), ("GET", f"{path}.pdf", self.pdf)))

    async def page(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request)
        query = request.query_params
        left, right, proof = await self.services.comparisons.instrument(
            access, query.get("before"), query.get("after")
        )
        made = proof.instrument.document()
        articles = sum(p.kind is Kind.ARTICLE for p in left.document.provisions)
        touched = {unit[0] for leaf in proof.instrument.leaves() for unit in leaf.units if unit}
        context = {
            "access": access,
            "tab": "comparison",
            "before_title": side_title(left, access, asks.catalogue),
            "after_title": side_title(right, access, asks.catalogue),
            "query": urlencode({"before": left.id, "after": right.id}),
            "proof": proof,
            "shown": made,
            "entries": outline(made).entries,
            "replace": articles > 0 and 2 * len(touched) > articles,
            "references": [rewritten(reference, asks.catalogue) for reference in proof.references[:SHOWN]],
            "differences": [
                (spoken_path(d.path, asks.catalogue), (d.wanted or d.got)[:SHOWN]) for d in proof.differences
            ],
        }
        return self.pages.shown(request, "instrument.html", asks, context)

    async def _file(
        self, request: Request, write: Callable[[Proof, Asking], bytes], kind: FileKind
    ) -> Response:
        asks, access = await self.pages.opened(request)
        proof = await proved(self.pages, request, access)
        content = await to_thread.run_sync(write, proof, asks)
        return file_response(content, kind, asks.catalogue("web.file.instrument"))

    async def pdf(self, request: Request) -> Response:
        """In the form of the document it amends, with the number of the draft it comes with."""
        _, access = await self.pages.opened(request)
        side = await self.services.comparisons.side(access, request.query_params.get("after"), "draft")
        printed = await self.services.forms.printed(access, side.version)

        writers = self.services.stamped(access.user.name, access.record)

        def write(proof: Proof, asks: Asking) -> bytes:
            return writers.draft_pdf(
                proof.instrument.document(), asks.catalogue, printed.form, printed.draft_number
            )

        return await self._file(request, write, FileKind.PDF)
