"""What an administrator sets for the whole house: sentences of amending documents, short forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.amend.instrument import Instrument
from duthao.domain.amend.templates import DEFAULTS
from duthao.domain.errors import Refusal
from duthao.domain.house_terms import LONGEST, MOST, STANDARD
from duthao.domain.outline import outline
from duthao.service.house import Wording
from duthao.web.context import Asking, administrator
from duthao.web.errors import status_of
from duthao.web.pages import Pages

WORDING = "/house/wording"
TERMS = "/house/terms"
GROUPS: Mapping[str, Sequence[str]] = {
    "units": ("amend", "amend_insert", "insert_after", "insert_before", "insert_after_within",
              "insert_before_within", "append", "some", "repeal"),
    "phrases": ("replace", "add_after", "add_before", "drop", "some_replace", "some_add", "some_drop"),
    "tables": ("rows_after", "rows_before", "recount"),
    "places": ("title_of", "lead_of", "passage_of", "row_of", "table_of", "caption_of"),
    "frame": ("heading", "title", "enacting", "effect_heading", "effect"),
}  # fmt: skip
"""Every template once, as the page shows them."""


class HousePages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.house = pages, pages.services.house

    def routes(self) -> list[Route]:
        table = (
            ("GET", WORDING, self.wording),
            ("POST", WORDING, self.reword),
            ("GET", TERMS, self.terms),
            ("POST", TERMS, self.list_terms),
        )
        return self.pages.routed(table)

    async def wording(self, request: Request) -> Response:
        asks = await administrator(request, self.pages.web)
        found = await self.house.wording()
        return await self._page(request, asks, found.templates.own, refusal=found.refused, held=found)

    async def reword(self, request: Request) -> Response:
        """Shows what was typed in made-up amending documents, or keeps it."""
        asks = await administrator(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf)
        own = {name: str(form.get(name, "")) for name in DEFAULTS}
        user = asks.who.user
        try:
            if "save" in form:
                await self.house.reword(user, own)
                return RedirectResponse(f"{WORDING}?saved=1", 303)
            return await self._page(request, asks, own, preview=await self.house.preview(user, own))
        except Refusal as refusal:
            return await self._page(request, asks, own, refusal=refusal)

    async def _page(
        self,
        request: Request,
        asks: Asking,
        own: Mapping[str, str],
        preview: Sequence[Instrument] = (),
        refusal: Refusal | None = None,
        held: Wording | None = None,
    ) -> Response:
        context = {
            "groups": GROUPS,
            "standard": DEFAULTS,
            "own": own,
            "held": held or await self.house.wording(),
            "preview": [outline(instrument.document()).entries for instrument in preview],
            "refusal": refusal,
            "faulty": str(refusal.details.get("name", "")) if refusal else "",
            "saved": "saved" in request.query_params,
        }
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "wording.html", asks, context, status)

    async def terms(self, request: Request) -> Response:
        asks = await administrator(request, self.pages.web)
        return await self._terms(request, asks)

    async def list_terms(self, request: Request) -> Response:
        """Keeps the list, or makes it the standard again."""
        asks = await administrator(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf)
        text = str(form.get("list", ""))
        try:
            await self.house.list_terms(asks.who.user, None if "standard" in form else text)
        except Refusal as refusal:
            return await self._terms(request, asks, text, refusal)
        return RedirectResponse(f"{TERMS}?saved=1", 303)

    async def _terms(
        self, request: Request, asks: Asking, text: str | None = None, refusal: Refusal | None = None
    ) -> Response:
        """With what was typed, or with the list in use."""
        held = await self.house.terms()
        text = held.terms.lines if text is None else text
        context = {
            "text": text, "held": held, "refusal": refusal,
            "is_standard": text == STANDARD.lines, "bounds": {"most": MOST, "longest": LONGEST},
            "saved": "saved" in request.query_params,
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "terms.html", asks, context, status)
