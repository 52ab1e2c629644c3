"""`POST /api/documents/{id}/imports`: a text that comes back into its document (docs/protocol/http.md)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.compare.result import Row
from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.domain.returned import Conflict, Take
from duthao.formats.exchange import whole_document
from duthao.service.returned import MAX_SHOWN, Outlook, Source
from duthao.web.api import field, json_body, optional, truth, whole
from duthao.web.context import Web, api_routes, asking


def _change(row: Row) -> dict[str, Any]:
    return {
        "class": row.row_class.value,
        "before": [{"id": unit.id, "label": unit.label, "path": unit.path} for unit in row.before],
        "after": [{"id": unit.id, "label": unit.label, "path": unit.path} for unit in row.after],
        "spans": [list(span) for span in row.spans],
    }


def _changes(found: Outlook) -> dict[str, Any]:
    changed = found.changed
    return {
        "counts": dict(Counter(row.row_class.value for row in found.comparison.rows)),
        "changes": [_change(row) for row in changed[:MAX_SHOWN]],
        "cut": len(changed) > MAX_SHOWN,
    }


def _conflict(one: Conflict) -> dict[str, Any]:
    return {
        "trouble": one.trouble.value, "provision": one.provision, "field": one.field or None,
        "theirs": one.theirs, "ours": one.ours, "key": one.key, "taken": one.taken.value,
    }  # fmt: skip


def _choices(body: dict[str, Any]) -> dict[str, Take]:
    """Raises Refusal field_bad."""
    given = body.get("choices", {})
    if not isinstance(given, dict) or len(given) > MAX_SHOWN or set(given.values()) - set(map(str, Take)):
        raise Refusal("field_bad", field="choices")
    return {str(key): Take(value) for key, value in given.items()}


class ReturnedApi:
    def __init__(self, web: Web) -> None:
        self.web, self.services = web, web.services

    def routes(self) -> list[Route]:
        return api_routes((("POST", "/api/documents/{id}/imports", self.take),))

    async def take(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings, with_text=True)
        user, id_ = asks.who.user, request.path_params["id"]
        incoming = await self._incoming(body)
        source = Source(optional(body, "version"), None if body.get("seq") is None else whole(body, "seq"))
        choices = _choices(body)
        if not (truth(body, "save") if "save" in body else False):
            found = await self.services.returns.outlook(user, id_, incoming, source, choices)
            changes = await to_thread.run_sync(_changes, found)
            conflicts = [_conflict(one) for one in found.joined.conflicts[:MAX_SHOWN]]
            return JSONResponse({"seq": found.seq, **changes, "conflicts": conflicts})
        name = field(body, "name", asks.catalogue("returned.version"))
        before = asks.catalogue("returned.before")
        done = await self.services.returns.save(user, id_, incoming, source, name, before, choices)
        conflicts = [_conflict(one) for one in done.joined.conflicts[:MAX_SHOWN]]
        return JSONResponse({"seq": done.seq, "version": done.version, "conflicts": conflicts}, 201)

    async def _incoming(self, body: dict[str, Any]) -> Document:
        """`text`, read by the parser, or (JSON or Akoma Ntoso of ours) whole. Raises Refusal `text_…`."""
        text = field(body, "text")
        document = await to_thread.run_sync(whole_document, text.encode("utf-8", "surrogatepass"))
        if document is not None:
            return document
        recognised = await self.services.documents.recognise(text)
        if not recognised.document.provisions:
            raise Refusal("text_empty")
        return recognised.document
