"""The page on which somebody answers a round of opinions: signed in, or by a private link.

The token of a private link stands in the path alone. This service keeps no access log; what it does log
names invitations by their ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.days import moment
from duthao.domain.errors import Refusal
from duthao.domain.rounds import File, Item, Said
from duthao.messages import Catalogue
from duthao.service.answers import MAX_FILE, MAX_FILES, State
from duthao.service.asked import Asked
from duthao.service.services import Writers
from duthao.service.sessions import hash_of
from duthao.service.synthesis import Replied
from duthao.web.answer_forms import FIELDS, MOST, number_of, said_of
from duthao.web.auth import address_of, catalogue_of
from duthao.web.context import Asking, asking
from duthao.web.errors import error_json, status_of
from duthao.web.files import FileKind, file_response
from duthao.web.frozen_papers import FrozenPapers
from duthao.web.pages import Pages

SIGNED_IN, BY_LINK = "/rounds/{round}/answer", "/answer/{token}"


@dataclass(frozen=True)
class Guest:
    """Somebody at their page: `asks` is None for who came by a private link."""

    asked: Asked
    asks: Asking | None
    catalogue: Catalogue
    csrf: str
    here: str


class AnswerPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.answers = pages, pages.services.answers
        self.papers = FrozenPapers(pages.web)

    def routes(self) -> list[Route]:
        table = (
            ("GET", "", self.page),
            ("POST", "", self.change),
            ("GET", "/draft.pdf", self.draft_pdf),
            ("GET", "/table.pdf", self.table_pdf),
            ("GET", "/sheet.pdf", self.sheet_pdf),
            ("GET", "/files/{file}", self.file),
        )
        return self.pages.routed(
            (method, f"{place}{rest}", handler)
            for place in (SIGNED_IN, BY_LINK)
            for method, rest, handler in table
        )

    async def _guest(self, request: Request) -> Guest:
        """Raises Refusal: signed_out, round_not_found; link_dead, round_too_often."""
        token = request.path_params.get("token")
        if token is None:
            asks = await asking(request, self.pages.web)
            asked = await self.answers.of_user(asks.who.user, request.path_params["round"])
            here = f"/rounds/{asked.round.id}/answer"
            return Guest(asked, asks, asks.catalogue, asks.who.session.csrf, here)
        asked = await self.answers.by_link(token, address_of(request))
        # Whoever has the link may answer; the value proves that a form came from our own page of it.
        csrf = hash_of(f"csrf {token}")
        return Guest(asked, None, catalogue_of(request), csrf, f"/answer/{quote(token, safe='')}")

    async def page(self, request: Request) -> Response:
        guest = await self._guest(request)
        state = await self.answers.look(guest.asked)
        return await self._page(request, guest, state, state.said)

    async def change(self, request: Request) -> Response:
        """`do`: save, add (an opinion on provision `on`), send, attach (`file`), detach (`detach`).

        Asked for JSON, `save` answers `{"edition", "saved"}`.
        """
        guest = await self._guest(request)
        form = await self.pages.form(
            request, guest.csrf, fields=FIELDS, most=MAX_FILE + MOST if _is_multipart(request) else MOST
        )
        wants_json = "application/json" in request.headers.get("accept", "")
        typed = Said()
        try:
            typed = said_of(form)
            return await self._changed(guest, form, typed, wants_json)
        except Refusal as refusal:
            if wants_json:
                return error_json(refusal, guest.catalogue)
            # As the store has them now: a first step may have been kept before a second failed.
            again = await self._guest(request)
            state = await self.answers.look(again.asked)
            return await self._page(request, again, state, typed, refusal)

    async def _changed(
        self, guest: Guest, form: Mapping[str, str | bytes], typed: Said, wants_json: bool
    ) -> Response:
        do, asked = str(form.get("do", "save")), guest.asked
        seen = number_of(form, "edition")
        if do == "send":
            await self.answers.send(asked, typed, seen)
            return RedirectResponse(f"{guest.here}?sent=1", 303)
        edition = await self.answers.save(asked, typed, seen)
        if wants_json:
            at = self.pages.services.tools.clock()
            said = guest.catalogue("rounds.answer.saved_at", at=moment(at))
            return JSONResponse({"edition": edition, "saved": said})
        if do == "add":
            return RedirectResponse(f"{guest.here}?on={quote(str(form.get('on', '')), safe='')}#new", 303)
        if do == "attach":
            content = form.get("file", b"")
            name = str(form.get("file.name", ""))
            await self.answers.attach(asked, name, content if isinstance(content, bytes) else b"")
            return RedirectResponse(f"{guest.here}#files", 303)
        if do.startswith("detach "):
            await self.answers.detach(asked, do.removeprefix("detach ")[:64])
            return RedirectResponse(f"{guest.here}#files", 303)
        return RedirectResponse(f"{guest.here}?saved=1#answer", 303)

    async def _page(
        self, request: Request, guest: Guest, state: State, said: Said, refusal: Refusal | None = None
    ) -> Response:
        drawn = await self.papers.drawn(guest.asked, guest.catalogue)
        on = request.query_params.get("on")
        new = on is not None and (not on or on in drawn.where) and state.may_send
        items = [*said.items, Item(on or None, "")] if new else list(said.items)
        replies = await self._replies(guest, state)
        context: dict[str, Any] = {
            "csrf": guest.csrf, "here": guest.here, "round": guest.asked.round,
            "title": guest.asked.record.title, "invitation": guest.asked.invitation, "state": state,
            "said": said, "items": items, "new": len(items) - 1 if new else None, "drawn": drawn,
            "sent": "sent" in request.query_params, "saved": "saved" in request.query_params,
            "replies": replies, "refusal": refusal, "by_link": guest.asks is None,
            "deputy": guest.asked.deputy, "max_files": MAX_FILES, "asked_record": guest.asked.record,
            "printed_for": guest.asked.invitation.name,
            "max_file": f"{MAX_FILE // 2**20} MiB",
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "answer.html", guest.asks, context, status)

    async def _replies(self, guest: Guest, state: State) -> Replied:
        """What was sent for the opinions of their answer."""
        if state.sent is None:
            return ()
        round_ = guest.asked.round
        found = await self.pages.services.syntheses.to_answer(round_.document_id, round_.id, state.sent.id)
        return tuple((one, reply) for one, reply in found if reply is not None)

    # --- files -------------------------------------------------------------------------------

    async def file(self, request: Request) -> Response:
        guest = await self._guest(request)
        return attached(*await self.answers.file(guest.asked, request.path_params["file"]))

    def _writers(self, guest: Guest) -> Writers:
        """Who came by a private link is named as they are asked."""
        user = guest.asked.user
        named = guest.asked.invitation.name if user is None else user.name
        return self.pages.services.stamped(named, guest.asked.record)

    async def draft_pdf(self, request: Request) -> Response:
        guest = await self._guest(request)
        self.answers.hurried(guest.asked.invitation.id)
        paper = await self.answers.paper(guest.asked)
        write = self._writers(guest).draft_pdf
        printed = await self.pages.services.forms.printed(guest.asked, paper.version)
        content = await to_thread.run_sync(
            write, paper.document, guest.catalogue, printed.form, printed.draft_number
        )
        return file_response(content, FileKind.PDF, guest.catalogue("web.file.draft"), shown=True)

    async def table_pdf(self, request: Request) -> Response:
        guest = await self._guest(request)
        self.answers.hurried(guest.asked.invitation.id)
        paper = await self.answers.paper(guest.asked)
        table = await to_thread.run_sync(self.papers.table, guest.asked, paper, guest.catalogue)
        if table is None:
            raise Refusal("page_not_found")
        write = self._writers(guest).comparison_pdf
        content = await to_thread.run_sync(write, table, guest.catalogue)
        return file_response(content, FileKind.PDF, guest.catalogue("web.file.comparison"), shown=True)

    async def sheet_pdf(self, request: Request) -> Response:
        """Their own sheet, for who would rather answer by hand."""
        guest = await self._guest(request)
        self.answers.hurried(guest.asked.invitation.id)
        sheet = await self.papers.sheet(guest.asked, guest.asked.invitation, guest.catalogue)
        content = await self.papers.sheet_pdf(guest.asked, sheet, guest.catalogue)
        return file_response(content, FileKind.PDF, guest.catalogue("print.sheet.file"), shown=True)


def _is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")


def attached(file: File, content: bytes) -> Response:
    """A file somebody sent: kept under its name, never opened in the window, whatever it says it is."""
    named = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    headers = {"Content-Disposition": named, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="application/octet-stream", headers=headers)
