"""The text in force beside the draft, for the drafting room (docs/protocol/http.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.beside import Line, beside
from duthao.domain.document import Document, ProvisionId
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comparison import DRAFT, Compared
from duthao.web.api import json_body, known_digests, optional
from duthao.web.context import Web, api_routes, asking
from duthao.web.tables import side_title


def _ids(document: Document) -> list[ProvisionId]:
    return [provision.id for provision in document.provisions]


def _told(lines: Sequence[Line], known: Collection[str], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Each line by its digest, and whole where the digest is not known."""
    told = []
    for line in lines:
        value: dict[str, Any] = {
            "id": line.id,
            "kind": line.kind.value,
            "label": line.label,
            "class": line.row_class.value,
            "where": spoken_path(line.path, catalogue),
            "said": catalogue(f"web.class.{line.row_class.value}"),
            "partner": line.partner,
            "stretches": [[one.words, one.change] for one in line.stretches],
        }
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.blake2b(written.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()
        told.append({"digest": digest} if digest in known else {"digest": digest, **value})
    return told


def _answer(found: Compared, access: Access, known: Collection[str], catalogue: Catalogue) -> dict[str, Any]:
    both = beside(found.comparison, _ids(found.before.document), _ids(found.after.document))
    return {
        "seq": found.after.seq,
        "title": side_title(found.before, access, catalogue),
        "before": _told(both.before, known, catalogue),
        "after": _told(both.after, known, catalogue),
    }


class BesideApi:
    def __init__(self, web: Web) -> None:
        self.web = web

    def routes(self) -> list[Route]:
        return api_routes([("POST", "/api/documents/{id}/beside", self.beside)])

    async def beside(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        known = known_digests(body)
        services = self.web.services
        access = await services.documents.open(asks.who.user, request.path_params["id"])
        found = await services.comparisons.compared(access, optional(body, "before"), DRAFT)
        return JSONResponse(await to_thread.run_sync(_answer, found, access, known, asks.catalogue))
