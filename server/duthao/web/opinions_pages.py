"""The pages of a document's opinions: the list in order, one group, suggestions, one's own.

All of it works without script; with it the answer is written in its place in the list
(`client/src/entries/opinions.ts`), which asks for a part of these pages with `part=1`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.domain.plain_table import PlainTable
from duthao.domain.synthesis.groups import Stance
from duthao.domain.synthesis.table import Form as TableForm
from duthao.domain.synthesis.table import SynthesisTable
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue
from duthao.service.access import Permission
from duthao.service.services import Writers
from duthao.service.synthesis import OTHER, PAGE, Answering, Board, Heap, Wanted
from duthao.web.context import Asking, Handler, asking
from duthao.web.errors import status_of
from duthao.web.files import FileKind, file_response
from duthao.web.pages import Pages
from duthao.web.sent_table import sent_table

SHOWN = 100
"""Suggestions on one page."""

FIELDS = 700
"""Fields of a form: a box for each group on the page, or for each change."""

FILTERS = ("state", "giver", "article", "round_id", "responsible", "led")
MAX_FILTER = 300
MAX_OTHERS = 200

Form = Mapping[str, str | bytes]


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """What of the list is asked for; what makes no sense asks for nothing."""
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Wanted(**{name: query.get(name, "")[:MAX_FILTER] for name in FILTERS}, page=max(number, 1))


def _ticked(form: Form, prefix: str) -> tuple[str, ...]:
    """The ids whose boxes are ticked: each box has a name of its own."""
    return tuple(name.removeprefix(prefix) for name in form if name.startswith(prefix))


class OpinionsPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        base = "/documents/{id}/opinions"
        table: list[tuple[str, str, Handler]] = [
            ("GET", base, self.all),
            ("POST", base, self.act),
            ("GET", f"{base}.pdf", self.pdf),
            ("GET", f"{base}.docx", self.docx),
            ("GET", f"{base}/sent.pdf", self.sent_pdf),
            ("GET", f"{base}/sent.docx", self.sent_docx),
            ("GET", f"{base}/suggestions", self.suggestions),
            ("GET", f"{base}/mine", self.mine),
            ("GET", f"{base}/{{heap}}", self.one),
            ("POST", f"{base}/{{heap}}", self.answer),
        ]
        return self.pages.routed(table)

    # --- reading ----------------------------------------------------------------------------

    async def all(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request)
        board = await self.services.syntheses.board_of(access)
        return await self._list(request, asks, board)

    async def _list(
        self, request: Request, asks: Asking, board: Board, refusal: Refusal | None = None
    ) -> HTMLResponse:
        wanted = wanted_of(request.query_params)
        found = board.filtered(wanted)
        pages = max(-(-len(found) // PAGE), 1)
        page = min(wanted.page, pages)
        query = {name: value for name in FILTERS if (value := getattr(wanted, name))}
        writes = board.access.may(Permission.WRITE)
        rounds = await self._rounds(board)
        context = self._context(board) | {
            "shown": found[(page - 1) * PAGE : page * PAGE], "found": len(found), "page": page,
            "page_links": [
                (n, "?" + urlencode(query | {"page": n})) for n in _near(page, pages)
            ],
            "filter_query": urlencode(query | ({"page": page} if page > 1 else {})),
            "wanted": wanted, "filtered": bool(query), "rounds": rounds, "other": OTHER,
            "waiting": await self.services.gathering.waiting(board.access) if writes else None,
            "refusal": refusal, "others": await self._others(asks, board),
        }  # fmt: skip
        return self.pages.shown(
            request, "opinions.html", asks, context, status_of(refusal) if refusal else 200
        )

    async def _others(self, asks: Asking, board: Board) -> Sequence[tuple[str, str]]:
        """Other drafts this person may print beside it."""
        drafts = await self.services.syntheses.drafts(asks.who.user)
        return [(one.id, one.title) for one in drafts if one.id != board.access.id][:MAX_OTHERS]

    async def _rounds(self, board: Board) -> Mapping[str, str]:
        """The names of the rounds that opinions came in, by id."""
        named = {one.round_id for one in board.synthesis.opinions if one.round_id}
        if not named:
            return {}
        found = await self.services.syntheses.rounds(board.access)
        return {one.id: one.name for one in found if one.id in named}

    def _context(self, board: Board) -> dict[str, Any]:
        return {
            "access": board.access, "tab": "opinions", "board": board, "stances": list(Stance),
            "writes": board.access.may(Permission.WRITE),
        }  # fmt: skip

    async def suggestions(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request, Permission.WRITE)
        board = await self.services.syntheses.board_of(access)
        found = await self.services.syntheses.suggested(board)
        context = self._context(board) | {"found": found[:SHOWN], "more": max(len(found) - SHOWN, 0)}
        return self.pages.shown(request, "opinions_suggested.html", asks, context)

    async def mine(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request)
        found = await self.services.syntheses.mine(asks.who.user, access.id)
        context = {"access": access, "tab": "opinions", "found": found}
        return self.pages.shown(request, "opinions_mine.html", asks, context)

    async def one(self, request: Request) -> Response:
        """One group with all that can be done with it; `part=1`: only the form of its answer."""
        asks, access = await self.pages.opened(request)
        board = await self.services.syntheses.board_of(access)
        heap = board.heap(request.path_params["heap"])
        return await self._one(request, asks, board, heap)

    async def _one(
        self, request: Request, asks: Asking, board: Board, heap: Heap, refusal: Refusal | None = None,
        form: Form | None = None,
    ) -> HTMLResponse:  # fmt: skip
        changes = await self.services.syntheses.changes(board)
        linked = {link.change.provision for link in heap.group.links}
        about = {board.heap(heap.id).place.article}
        free = [one for one in changes if one.provision not in linked]
        # What was changed where the opinion is about stands first: it is nearly always that.
        near = [one for one in free if one.path.partition("/khoan")[0] in about]
        context = self._context(board) | {
            "heap": heap, "near": near, "far": [one for one in free if one not in near],
            "refusal": refusal, "written": form or {}, "back": _back(request, form),
            "places": self._places(board, asks) if board.access.may(Permission.WRITE) else [],
        }  # fmt: skip
        name = "_opinion_part.html" if request.query_params.get("part") else "opinion.html"
        return self.pages.shown(request, name, asks, context, status_of(refusal) if refusal else 200)

    def _places(self, board: Board, asks: Asking) -> list[tuple[str, str]]:
        """Where an opinion can be put: everything that has a number."""
        return [
            (entry.provision.id, spoken_path(entry.path, asks.catalogue))
            for entry in outline(board.text).entries
            if entry.label
        ]

    # --- printing ---------------------------------------------------------------------------

    async def _table(self, request: Request) -> tuple[SynthesisTable, TableForm, Catalogue, Writers]:
        """`form`: "state" or "party"; `with`: another draft, in a section of its own."""
        asks = await asking(request, self.pages.web)
        form = request.query_params.get("form", TableForm.STATE)
        if form not in tuple(TableForm):
            raise Refusal("field_bad", field="form")
        ids = [request.path_params["id"], *filter(None, request.query_params.getlist("with"))]
        table = await self.services.syntheses.table(asks.who.user, ids)
        return table, TableForm(form), asks.catalogue, await self._writers(asks, *ids)

    async def _writers(self, asks: Asking, *ids: str) -> Writers:
        user, documents = asks.who.user, self.services.documents
        return self.services.stamped(user.name, *[(await documents.open(user, id_)).record for id_ in ids])

    async def pdf(self, request: Request) -> Response:
        table, form, catalogue, writers = await self._table(request)
        content = await to_thread.run_sync(writers.opinions_pdf, table, form, catalogue)
        return file_response(content, FileKind.PDF, catalogue("web.file.opinions"), shown=True)

    async def docx(self, request: Request) -> Response:
        table, form, catalogue, writers = await self._table(request)
        content = await to_thread.run_sync(writers.opinions_docx, table, form, catalogue)
        return file_response(content, FileKind.WORD, catalogue("web.file.opinions"))

    async def _sent(self, request: Request) -> tuple[PlainTable, Catalogue, Writers]:
        """`round`: a round's id; the newest unless it is said."""
        asks = await asking(request, self.pages.web)
        id_, round_id = request.path_params["id"], request.query_params.get("round", "")[:MAX_FILTER]
        found = await self.services.syntheses.sent(asks.who.user, id_, round_id)
        table = sent_table(found, self.services.tools.clock(), asks.catalogue)
        return table, asks.catalogue, await self._writers(asks, id_)

    async def sent_pdf(self, request: Request) -> Response:
        table, catalogue, writers = await self._sent(request)
        content = await to_thread.run_sync(writers.plain_pdf, table, catalogue)
        return file_response(content, FileKind.PDF, catalogue("web.file.sent"), shown=True)

    async def sent_docx(self, request: Request) -> Response:
        table, catalogue, writers = await self._sent(request)
        content = await to_thread.run_sync(writers.plain_docx, table, catalogue)
        return file_response(content, FileKind.WORD, catalogue("web.file.sent"))

    # --- deciding ---------------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        """On several groups: gather, join, decline, send."""
        asks, access = await self.pages.opened(request, Permission.WRITE)
        form = await self.pages.form(request, asks.who.session.csrf, fields=FIELDS)
        do, user = str(form.get("do", "")), asks.who.user
        syntheses, back = self.services.syntheses, f"/documents/{access.id}/opinions"
        try:
            if do == "gather":
                await self.services.gathering.gather(
                    user, access.id, comments="comments" in form, proposals="proposals" in form
                )
            elif do == "join":
                made = await syntheses.join(user, access.id, _ticked(form, "heap-"))
                if "suggested" in form:
                    return RedirectResponse(f"{back}/suggestions", 303)
                return RedirectResponse(f"{back}/{quote(made, safe='')}", 303)
            elif do == "decline":
                await syntheses.decline(user, access.id, _ticked(form, "heap-"))
                return RedirectResponse(f"{back}/suggestions", 303)
            elif do == "send":
                sent = await syntheses.send(user, access.id)
                post = BackgroundTask(self.services.letters.deliver, sent.letters)
                return RedirectResponse(back, 303, background=post)
            else:
                raise Refusal("field_bad", field="do")
        except Refusal as refusal:
            return await self._list(request, asks, await syntheses.board_of(access), refusal)
        return RedirectResponse(back, 303)

    async def answer(self, request: Request) -> Response:
        """On one group: answer it, take an opinion out, cut one, put one elsewhere, make one whole again."""
        asks, access = await self.pages.opened(request, Permission.WRITE)
        form = await self.pages.form(request, asks.who.session.csrf, fields=FIELDS)
        heap_id, user = request.path_params["heap"], asks.who.user
        syntheses = self.services.syntheses
        try:
            made = await self._done(access.id, heap_id, form, asks)
        except Refusal as refusal:
            board = await syntheses.board_of(access)
            try:
                heap = board.heap(heap_id)
            except Refusal:
                raise refusal from None
            return await self._one(request, asks, board, heap, refusal, form)
        if request.query_params.get("part"):
            board = await syntheses.board(user, access.id)
            context = self._context(board) | {"heap": board.heap(made)}
            return self.pages.shown(request, "_opinion_row.html", asks, context)
        target = _back(request, form)
        if str(form.get("do")) != "answer":
            target = f"/documents/{access.id}/opinions/{quote(made, safe='')}"
        return RedirectResponse(target, 303)

    async def _done(self, document_id: str, heap_id: str, form: Form, asks: Asking) -> str:
        """The id of the group to show afterwards."""
        syntheses, user = self.services.syntheses, asks.who.user
        do, opinion = str(form.get("do", "")), str(form.get("opinion", ""))
        if do == "answer":
            stance = str(form.get("stance", ""))
            if stance not in ("", *Stance):
                raise Refusal("field_bad", field="stance")
            said = Answering(
                Stance(stance) if stance else None, str(form.get("text", "")),
                str(form.get("responsible", "")), _ticked(form, "link-"), _ticked(form, "change-"),
            )  # fmt: skip
            return await syntheses.answer(user, document_id, heap_id, _edition(form), said)
        if do == "part":
            await syntheses.part(user, document_id, opinion)
        elif do == "cut":
            texts = str(form.get("text", "")).replace("\r\n", "\n").split("\n\n")
            await syntheses.cut(user, document_id, opinion, texts)
        elif do == "place":
            await syntheses.place(user, document_id, opinion, str(form.get("provision", "")))
        elif do == "whole":
            await syntheses.whole_again(user, document_id, opinion)
        else:
            raise Refusal("field_bad", field="do")
        board = await syntheses.board(user, document_id)
        there = (heap.id for heap in board.heaps if any(one.id == opinion for one in heap.opinions))
        return heap_id if any(heap.id == heap_id for heap in board.heaps) else next(there, heap_id)


def _edition(form: Form) -> int:
    value = str(form.get("edition", ""))
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise Refusal("field_bad", field="edition")
    return int(value)


def _back(request: Request, form: Form | None) -> str:
    """The list as it was left: its query comes along, nothing else."""
    query = str((form or {}).get("query", "")) or request.query_params.get("query", "")
    path = f"/documents/{quote(request.path_params['id'], safe='')}/opinions"
    kept = query[:2_000] if query.isprintable() and "#" not in query else ""
    heap = quote(request.path_params.get("heap", ""), safe="")
    return f"{path}?{kept}#o-{heap}" if kept else f"{path}#o-{heap}"


def _near(page: int, pages: int) -> list[int]:
    """The pages a list names: the first, the last, and those around this one."""
    return sorted({1, pages, *range(max(page - 2, 1), min(page + 2, pages) + 1)})
