"""The JSON API of comments (docs/protocol/http.md)."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from duthao.domain.anchors import On, Stretch
from duthao.domain.errors import Refusal
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue
from duthao.service.comments import Listing, Place, Said, Shown
from duthao.store.ports import Comment
from duthao.web.api import field, json_body, optional, person_json, whole
from duthao.web.context import Web, api_routes, asking
from duthao.web.templating import version_name


def _stretch(one: Stretch) -> dict[str, Any]:
    return {"provision": one.spot.provision, "cell": one.spot.cell, "start": one.start, "end": one.end}


def _anchor(shown: Shown, found: Listing, catalogue: Catalogue) -> dict[str, Any]:
    thread, anchor = shown.thread, shown.thread.anchor
    words = shown.carried.stretches if anchor.on is On.WORDS else ()
    nowhere = {"provision": shown.provision, "cell": None, "start": None, "end": None}
    version = found.versions.get(thread.version or "")
    return {
        "on": anchor.on.value,
        "quote": "" if anchor.made is None else anchor.made.quote,
        "made_on": {
            "seq": thread.seq,
            "version": thread.version,
            "name": version and version_name(version, catalogue),
        },
        "standing": shown.carried.standing.value,
        **(_stretch(words[0]) if words else nowhere),
        "rest": [_stretch(one) for one in words[1:]],
    }


def _comment(one: Comment, found: Listing) -> dict[str, Any]:
    return {
        "id": one.id,
        "edition": one.edition,
        "author": person_json(one.author, found.people, found.colours),
        "at": one.created_at,
        "edited": one.edited_at,
        "text": one.text,
        "mentions": list(one.mentions),
        "removed": one.removed,
    }


def thread_json(shown: Shown, found: Listing, catalogue: Catalogue) -> dict[str, Any]:
    thread, article = shown.thread, shown.article
    return {
        "id": thread.id,
        "edition": thread.edition,
        "state": "open" if thread.resolved_by is None else "resolved",
        "anchor": _anchor(shown, found, catalogue),
        "where": spoken_path(shown.path, catalogue) if shown.path else "",
        "article": article and {"id": article.provision.id, "where": spoken_path(article.path, catalogue)},
        "author": person_json(thread.author, found.people, found.colours),
        "at": thread.created_at,
        "assigned": person_json(thread.assigned, found.people, found.colours),
        "resolved": thread.resolved_by
        and {"by": person_json(thread.resolved_by, found.people, found.colours), "at": thread.resolved_at},
        "comments": [_comment(one, found) for one in shown.comments],
    }


def listing_json(found: Listing, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "seq": found.seq,
        "people": [person_json(one.id, found.people, found.colours) for one in found.members],
        "threads": [thread_json(one, found, catalogue) for one in found.threads],
    }


def _said(body: dict[str, Any]) -> Said:
    """Raises Refusal field_bad."""
    mentions = body.get("mentions", [])
    if not isinstance(mentions, list) or not all(isinstance(one, str) for one in mentions):
        raise Refusal("field_bad", field="mentions")
    return Said(field(body, "text"), tuple(mentions))


def _place(body: dict[str, Any]) -> Place:
    """Raises Refusal: field_bad, comment_anchor_bad."""
    given = body.get("anchor")
    if not isinstance(given, dict):
        raise Refusal("field_bad", field="anchor")
    try:
        on = On(field(given, "on"))
    except ValueError:
        raise Refusal("comment_anchor_bad") from None
    if on is On.DOCUMENT:
        return Place(on)
    provision = field(given, "provision")
    if on is On.PROVISION:
        return Place(on, provision)
    cell = None if given.get("cell") is None else whole(given, "cell")
    start, end = whole(given, "start"), whole(given, "end")
    return Place(on, provision, cell, start, end, optional(given, "made_on"))


class CommentsApi:
    def __init__(self, web: Web) -> None:
        self.web, self.comments = web, web.services.comments

    def routes(self) -> list[Route]:
        every = "/api/documents/{id}/comments"
        thread = f"{every}/{{thread}}"
        words = f"{thread}/words/{{comment}}"
        return api_routes(
            (
                ("GET", every, self.list),
                ("POST", every, self.begin),
                ("POST", f"{thread}/replies", self.reply),
                ("PUT", words, self.edit),
                ("POST", f"{words}/remove", self.remove),
                ("POST", f"{thread}/resolve", self.resolve),
                ("POST", f"{thread}/reopen", self.reopen),
                ("POST", f"{thread}/assign", self.assign),
            )
        )

    async def list(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        found = await self.comments.list(asks.who.user, request.path_params["id"])
        return JSONResponse(await to_thread.run_sync(listing_json, found, asks.catalogue))

    async def begin(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        thread, comment = await self.comments.begin(
            asks.who.user, request.path_params["id"], _said(body), _place(body),
            assigned=optional(body, "assigned"), version=optional(body, "version"),
        )  # fmt: skip
        return JSONResponse({"id": thread.id, "comment": comment.id, "edition": thread.edition}, 201)

    async def reply(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        made = await self.comments.reply(asks.who.user, *_thread(request), _said(body))
        return JSONResponse({"comment": made.id, "edition": made.edition}, 201)

    async def edit(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        made = await self.comments.edit(
            asks.who.user, *_thread(request), request.path_params["comment"], whole(body, "edition"),
            _said(body),
        )  # fmt: skip
        return JSONResponse({"edition": made.edition})

    async def remove(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        await self.comments.remove(
            asks.who.user, *_thread(request), request.path_params["comment"], whole(body, "edition")
        )
        return Response(status_code=204)

    async def resolve(self, request: Request) -> Response:
        return await self._resolve(request, resolved=True)

    async def reopen(self, request: Request) -> Response:
        return await self._resolve(request, resolved=False)

    async def _resolve(self, request: Request, *, resolved: bool) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        await self.comments.resolve(
            asks.who.user, *_thread(request), whole(body, "edition"), resolved=resolved
        )
        return Response(status_code=204)

    async def assign(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        await self.comments.assign(
            asks.who.user, *_thread(request), whole(body, "edition"), optional(body, "to")
        )
        return Response(status_code=204)


def _thread(request: Request) -> tuple[str, str]:
    return request.path_params["id"], request.path_params["thread"]
