"""The JSON API of proposals (docs/protocol/http.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.compare.words import word_spans
from duthao.domain.document import Kind, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.merge import Merged, Sort
from duthao.domain.proposals import Act, Change, Decided, Outlook, Stood, Wording
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue
from duthao.service.proposals import MAX_AT_ONCE, Asked, Done, Listing, Shown
from duthao.store.ports import Proposal
from duthao.web.api import field, json_body, optional, person_json, whole
from duthao.web.context import Web, api_routes, asking

MAX_ID = 64


def _words(wording: Wording) -> dict[str, Any]:
    return {"text": wording.text, "cells": list(wording.cells)}


def _stood(stood: Stood) -> dict[str, Any]:
    return {"id": stood.id, "kind": stood.kind.value, "label": stood.label, **_words(stood.wording)}


def _pieces(merged: Merged) -> list[dict[str, str]]:
    return [
        {"sort": piece.sort.value, "text": piece.text}
        if piece.sort is Sort.KEPT
        else {
            "sort": piece.sort.value, "base": piece.base, "theirs": piece.theirs, "ours": piece.ours,
            "text": piece.text,
        }
        for piece in merged.pieces
    ]  # fmt: skip


def _outlook(look: Outlook, base: Mapping[ProvisionId, Wording]) -> dict[str, Any]:
    """How it stands; `now` and `pieces` only where the text is not what the proposal was made on."""
    moved = any(base.get(id_) != words for id_, words in look.now)
    return {
        "standing": look.standing.value,
        "seen": look.seen,
        "now": [{"id": id_, **_words(words)} for id_, words in look.now] if moved else None,
        "pieces": [_pieces(part) for part in look.merged] if moved else None,
        "merged": _words(look.wording) if look.merged else None,
        "changed": list(look.changed),
    }


def _spans(one: Proposal) -> list[list[list[str]]]:
    """For the text and each cell: what is kept, struck and inserted."""
    if one.what.act is Act.INSERT:
        return [[["+", one.what.wording.text]]]
    was = one.what.base[0].wording.parts
    if one.what.act is Act.REMOVE:
        return [[["-", part]] for part in was]
    return [
        [list(span) for span in word_spans(old, new)]
        for old, new in zip(was, one.what.wording.parts, strict=True)
    ]


def _change(change: Change) -> dict[str, Any]:
    if change.was == change.now:
        return {"text": change.was}
    return {"was": change.was, "now": change.now, "disputed": change.disputed}


def proposal_json(shown: Shown, found: Listing, catalogue: Catalogue) -> dict[str, Any]:
    one = shown.proposal
    new = one.what.new
    article = shown.article
    return {
        "id": one.id,
        "act": one.what.act.value,
        "provision": one.what.provision,
        "where": spoken_path(shown.path, catalogue),
        "article": article and {"id": article.provision.id, "where": spoken_path(article.path, catalogue)},
        "state": "open" if shown.is_open else one.state.value,
        "edition": one.edition,
        "author": person_json(one.author, found.people, found.colours),
        "at": one.created_at,
        "changed": one.changed_at,
        "reason": one.reason,
        "base": [_stood(stood) for stood in one.what.base],
        "wording": _words(one.what.wording),
        "new": new and {"id": new.id, "kind": new.kind.value},
        "spans": _spans(one),
        "outlook": shown.outlook
        and _outlook(shown.outlook, {stood.id: stood.wording for stood in one.what.base}),
        "changes": [[_change(change) for change in part] for part in shown.changes] or None,
        "collide": list(shown.collide),
        "same": list(shown.same),
        "answer": one.answer,
        "decided": one.decided_by
        and {"by": person_json(one.decided_by, found.people, found.colours), "at": one.decided_at},
        "outcome": one.outcome and _words(one.outcome),
        "seq": one.seq,
    }


def listing_json(found: Listing, catalogue: Catalogue) -> dict[str, Any]:
    shown = [proposal_json(one, found, catalogue) for one in found.proposals]
    return {"seq": found.seq, "proposals": shown}


def _given_words(body: Mapping[str, Any], name: str) -> Wording:
    """Raises Refusal field_bad."""
    text, cells = body.get("text", ""), body.get("cells", [])
    if not isinstance(text, str) or not isinstance(cells, list):
        raise Refusal("field_bad", field=name)
    if not all(isinstance(cell, str) for cell in cells):
        raise Refusal("field_bad", field=name)
    return Wording(text, tuple(cells))


def _made_on(body: Mapping[str, Any]) -> Wording | None:
    given = body.get("made_on")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Refusal("field_bad", field="made_on")
    return _given_words(given, "made_on")


def _one_of(body: dict[str, Any], name: str, of: type[Act] | type[Kind], default: str | None = None) -> Any:
    try:
        return of(field(body, name, default))
    except ValueError:
        raise Refusal("field_bad", field=name) from None


def _asked(body: dict[str, Any]) -> Asked:
    provision = field(body, "provision", "")
    if len(provision) > MAX_ID:
        raise Refusal("provision_not_found")
    return Asked(
        _one_of(body, "act", Act, Act.REPLACE.value),
        ProvisionId(provision),
        _given_words(body, "text"),
        _made_on(body),
        None if body.get("kind") is None else _one_of(body, "kind", Kind),
        field(body, "reason", ""),
    )


def _done_json(done: Done, catalogue: Catalogue) -> dict[str, Any]:
    refusal = done.refusal
    return {
        "id": done.proposal_id,
        "left": refusal and {"code": refusal.code, "message": catalogue.refusal(refusal)},
    }


class ProposalsApi:
    def __init__(self, web: Web) -> None:
        self.web, self.proposals = web, web.services.proposals

    def routes(self) -> list[Route]:
        every = "/api/documents/{id}/proposals"
        one = f"{every}/{{proposal}}"
        return api_routes(
            (
                ("GET", every, self.list),
                ("POST", every, self.propose),
                ("POST", f"{every}/decide", self.decide_all),
                ("PUT", one, self.amend),
                ("POST", f"{one}/withdraw", self.withdraw),
                ("POST", f"{one}/accept", self.accept),
                ("POST", f"{one}/decline", self.decline),
                ("POST", f"{one}/reopen", self.reopen),
            )
        )

    async def list(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.proposals.list(asks.who.user, request.path_params["id"])
        return JSONResponse(await to_thread.run_sync(listing_json, found, asks.catalogue))

    async def propose(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        made = await self.proposals.propose(asks.who.user, request.path_params["id"], _asked(body))
        return JSONResponse({"id": made.id, "edition": made.edition}, 201)

    async def amend(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        asked = _asked(body) if "text" in body or "cells" in body else None
        made = await self.proposals.amend(
            asks.who.user, *_named(request), whole(body, "edition"), asked, field(body, "reason", "")
        )
        return JSONResponse({"id": made.id, "edition": made.edition})

    async def withdraw(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        await self.proposals.withdraw(asks.who.user, *_named(request), whole(body, "edition"))
        return Response(status_code=204)

    async def accept(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        wording = _given_words(body, "text") if "text" in body or "cells" in body else None
        decided = Decided(wording, _made_on(body), field(body, "seen", ""))
        done = await self.proposals.accept(
            asks.who.user, *_named(request), whole(body, "edition"), decided, field(body, "answer", "")
        )
        return JSONResponse({"seq": done.seq, "state": done.state.value, "edition": done.edition})

    async def decline(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        await self.proposals.decline(
            asks.who.user, *_named(request), whole(body, "edition"), field(body, "answer")
        )
        return Response(status_code=204)

    async def reopen(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        await self.proposals.reopen(asks.who.user, *_named(request), whole(body, "edition"))
        return Response(status_code=204)

    async def decide_all(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        chosen = _chosen(body.get("proposals"))
        name = asks.catalogue("proposals.before_accepting", count=len(chosen))
        done = await self.proposals.decide_all(
            asks.who.user, request.path_params["id"], chosen, name, optional(body, "answer")
        )
        return JSONResponse({"decided": [_done_json(one, asks.catalogue) for one in done]})


def _named(request: Request) -> tuple[str, str]:
    return request.path_params["id"], request.path_params["proposal"]


def _chosen(given: Any) -> dict[str, int]:
    """Ids and editions. Raises Refusal field_bad."""
    if not isinstance(given, list) or not 0 < len(given) <= MAX_AT_ONCE:
        raise Refusal("field_bad", field="proposals")
    chosen: dict[str, int] = {}
    for one in given:
        if not isinstance(one, dict):
            raise Refusal("field_bad", field="proposals")
        chosen[field(one, "id")] = whole(one, "edition")
    return chosen
