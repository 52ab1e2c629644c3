"""The JSON API of a document's past (docs/protocol/http.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.changes import Run
from duthao.domain.document import Document, UserId
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.service.history import Changes
from duthao.store.ports import User
from duthao.web.api import user_json
from duthao.web.context import Asking, Web, api_routes, asking

MAX_DIGITS = 15


def seq_in(given: str | None) -> int | None:
    """A place in the journal as an address gives it. Raises Refusal field_bad."""
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > MAX_DIGITS:
        raise Refusal("field_bad", field="seq")
    return int(given)


def _runs(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """What an unchanged run does not need is left out: most runs are unchanged."""
    return [
        {"op": run.op, "text": run.text} | ({"user": run.user_id, "seq": run.row} if run.row else {})
        for run in runs
    ]


def _changed(changes: Changes) -> list[dict[str, Any]]:
    return [
        {
            "id": line.place.entry.provision.id,
            "kind": line.place.entry.provision.kind.value,
            "label": line.place.entry.label,
            "level": line.place.entry.level,
            "before": line.place.before and line.place.before.label,
            "after": line.place.after and line.place.after.label,
            "moved": line.place.moved,
            "by": line.by,
            "runs": _runs(line.runs),
            "cells": [_runs(cell) for cell in line.cells],
        }
        for line in changes.lines
    ]


def _lines(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "id": entry.provision.id,
            "kind": entry.provision.kind.value,
            "label": entry.label,
            "text": entry.provision.text,
            "cells": list(entry.provision.cells),
            "level": entry.level,
        }
        for entry in outline(document).entries
    ]


class HistoryApi:
    def __init__(self, web: Web) -> None:
        self.web, self.history = web, web.services.history

    def routes(self) -> list[Route]:
        document = "/api/documents/{id}"
        return api_routes(
            (
                ("GET", f"{document}/timeline", self.timeline),
                ("GET", f"{document}/at/{{seq}}", self.at),
                ("GET", f"{document}/provisions/{{provision}}/authors", self.authors),
            )
        )

    async def timeline(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.history.timeline(asks.who.user, request.path_params["id"])
        return JSONResponse(
            {
                "end": found.end,
                "sittings": [
                    {
                        "first": one.first, "last": one.last, "user": one.user_id,
                        "begun": one.begun, "ended": one.ended, "reason": one.reason,
                        "touched": sorted(one.touched),
                    }
                    for one in found.sittings
                ],
                "stops": [{"seq": one.seq, "at": one.at, "user": one.user_id} for one in found.stops],
                "people": await self._people(asks, request.path_params["id"], found.people),
            }
        )  # fmt: skip

    async def _people(
        self, asks: Asking, document_id: str, people: Mapping[UserId, User]
    ) -> list[dict[str, Any]]:
        access = await self.web.services.documents.open(asks.who.user, document_id)
        colours = access.colours()
        return [
            user_json(one) | {"color": colours[one.id]}
            for one in sorted(people.values(), key=lambda one: one.id)
        ]

    async def at(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        wanted = seq_in(request.path_params["seq"]) or 0
        since = seq_in(request.query_params.get("since"))
        if since is not None:
            return await self._since(asks, request.path_params["id"], since, wanted)
        document, seq = await self.history.at(asks.who.user, request.path_params["id"], wanted)
        return JSONResponse({"seq": seq, "provisions": await to_thread.run_sync(_lines, document)})

    async def _since(self, asks: Asking, document_id: str, since: int, seq: int) -> Response:
        found = await self.history.changes(asks.who.user, document_id, since, seq)
        return JSONResponse(
            {
                "seq": found.seq,
                "since": found.since,
                "at": found.at,
                "provisions": await to_thread.run_sync(_changed, found),
                "people": await self._people(asks, document_id, found.people),
            }
        )

    async def authors(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.history.authors(
            asks.who.user, request.path_params["id"], request.path_params["provision"],
            seq_in(request.query_params.get("seq")),
        )  # fmt: skip
        return JSONResponse(
            {
                "seq": found.seq,
                "text": found.authorship.text,
                "written": [
                    {
                        "start": part.start,
                        "end": part.end,
                        "seq": part.seq,
                        "user": part.user_id,
                        "at": part.at,
                    }
                    for part in found.authorship.written
                ],
                "people": await self._people(asks, request.path_params["id"], found.people),
            }
        )
