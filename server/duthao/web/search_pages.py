"""The page of searching: a form of plain links and fields, results by document."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from duthao.domain.document import DocumentId
from duthao.domain.errors import Refusal
from duthao.domain.search.items import ItemKind
from duthao.domain.search.query import MAX_QUERY
from duthao.service.search import MAX_PAGE, Asked, Hit, Results
from duthao.web.context import asking
from duthao.web.errors import status_of
from duthao.web.pages import Pages

SEARCH = "/search"
_NOTHING = Results(0, 0, (), 1, False)


class SearchPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.searches = pages, pages.services.searches

    def routes(self) -> list[Route]:
        return self.pages.routed((("GET", SEARCH, self.search),))

    async def search(self, request: Request) -> Response:
        """A day or a kind that cannot be read is said beside the form, which keeps what was typed."""
        asks, asked = await asking(request, self.pages.web), _asked(request)
        refusal: Refusal | None = None
        try:
            results = await self.searches.find(asks.who.user, asked)
        except Refusal as error:
            if error.code == "document_not_found":
                raise
            refusal, results = error, _NOTHING
        context = {
            "asked": asked, "results": results, "refusal": refusal, "kinds": tuple(ItemKind),
            "link": link_of, "query": lambda **changed: _query(asked, **changed),
            "alone": bool(asked.document), "page": min(asked.page, results.pages), "most": MAX_QUERY,
        }  # fmt: skip
        return self.pages.shown(request, "search.html", asks, context, status_of(refusal) if refusal else 200)


def _asked(request: Request) -> Asked:
    given = request.query_params
    page = given.get("page", "1")
    return Asked(
        given.get("q", "")[:MAX_QUERY], given.get("document", "")[:41], given.get("kind", "")[:20],
        given.get("person", "")[:100], given.get("since", "")[:20], given.get("until", "")[:20],
        min(int(page), MAX_PAGE) if page.isascii() and page.isdigit() and len(page) < 5 and int(page) else 1,
    )  # fmt: skip


def _query(asked: Asked, **changed: object) -> str:
    """This search with something changed, as an address."""
    now = {
        "q": asked.words, "document": asked.document, "kind": asked.kind, "person": asked.person,
        "since": asked.since, "until": asked.until, **changed,
    }  # fmt: skip
    return f"{SEARCH}?" + urlencode({name: value for name, value in now.items() if value})


def link_of(document_id: DocumentId, hit: Hit) -> str:
    """Where a hit is read: the very provision in the room or a version, the thread, the proposal."""
    item, here = hit.item, f"/documents/{document_id}"
    at = quote(item.provision or "", safe="")
    if item.kind is ItemKind.COMMENT:
        return f"{here}#comment-{item.target}"
    if item.kind is ItemKind.PROPOSAL:
        return f"{here}#proposal={item.target}"
    if item.kind in (ItemKind.OPINION, ItemKind.ANSWER):
        return f"{here}/opinions/{item.target}" if item.target else f"{here}/opinions"
    if item.kind is ItemKind.VERSION:
        return f"{here}/versions/{item.version}"
    if item.version and not item.in_draft:
        return f"{here}/versions/{item.version}#p-{at}"
    return f"{here}#provision={at}" if at else here
