"""The page of tasks, what a document gives of them, and their table as PDF, Word file and CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.days import day_written
from duthao.domain.document import DocumentId
from duthao.domain.errors import Refusal
from duthao.domain.plain_table import PlainTable
from duthao.domain.tasks import Standing
from duthao.formats.spreadsheet import csv_text
from duthao.messages import Catalogue
from duthao.service.access import Permission
from duthao.service.services import Writers
from duthao.service.tasks import Board, Shown
from duthao.web.context import Asking, asking
from duthao.web.errors import status_of
from duthao.web.files import FileKind, file_response
from duthao.web.pages import Pages, texts

TASKS = "/tasks"
WIDTHS = (10, 44, 78, 36, 24, 40, 20)
"""Millimetres of the printed columns (norm A9, no. 12); 252 in all."""
SUGGESTED = 200
"""Suggestions on a page; when these are taken or left, the next are asked for again."""


class TasksPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services, self.tasks = pages, pages.services, pages.services.tasks

    def routes(self) -> list[Route]:
        table = (
            ("GET", TASKS, self.page),
            ("POST", TASKS, self.change),
            ("GET", f"{TASKS}.pdf", self.pdf),
            ("GET", f"{TASKS}.docx", self.docx),
            ("GET", f"{TASKS}.csv", self.csv),
            ("GET", "/documents/{id}/tasks", self.suggestions),
        )
        return self.pages.routed(table)

    async def _board(self, request: Request) -> tuple[Asking, Board]:
        asks, given = await asking(request, self.pages.web), request.query_params
        return asks, await self.tasks.board(
            asks.who.user, given.get("document", "")[:41], given.get("state", "")[:20], mine="mine" in given
        )

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def _page(self, request: Request, refusal: Refusal | None = None) -> Response:
        asks, board = await self._board(request)
        given = request.query_params
        asked = {name: given.get(name, "") for name in ("document", "state", "mine")}
        members: dict[DocumentId, Any] = {}
        for record in {one.record.id: one.record for one in board.tasks if one.edits}.values():
            members[record.id] = await self.services.members.list(asks.who.user, record.id)
        context = {
            "board": board, "asked": asked, "standings": tuple(Standing), "refusal": refusal,
            "query": urlencode({name: value for name, value in asked.items() if value}),
            "members": members, "today": self.tasks.today(), "saved": "saved" in given,
        }  # fmt: skip
        return self.pages.shown(request, "tasks.html", asks, context, status_of(refusal) if refusal else 200)

    async def change(self, request: Request) -> Response:
        """`act`: give (`document`), change, report, remove (`task`, `seen`)."""
        asks = await asking(request, self.pages.web)
        form = texts(await self.pages.form(request, asks.who.session.csrf))
        act, user, task = form.get("act", ""), asks.who.user, form.get("task", "")
        seen = int(form.get("seen", "")) if form.get("seen", "").isdecimal() else 0
        try:
            if act == "give":
                made = await self.tasks.give(user, form.get("document", "")[:41], form)
                if form.get("next") == "suggestions":
                    return RedirectResponse(f"/documents/{made.document_id}/tasks?saved=1", 303)
            elif act == "change":
                await self.tasks.change(user, task, seen, form)
            elif act == "report":
                await self.tasks.report(user, task, seen, form.get("report", ""), form.get("done_on", ""))
            elif act == "remove":
                await self.tasks.remove(user, task)
            else:
                raise Refusal("bad_request")
        except Refusal as refusal:
            if status_of(refusal) in (403, 404):
                raise
            return await self._page(request, refusal)
        kept = {"document": request.query_params.get("document", "")[:41], "saved": "1"}
        return RedirectResponse(f"{TASKS}?" + urlencode({k: v for k, v in kept.items() if v}), 303)

    async def suggestions(self, request: Request) -> Response:
        """What a draft seems to ask of people, each ready to be given as a task."""
        asks, access = await self.pages.opened(request, Permission.WRITE)
        found = await self.tasks.suggest(asks.who.user, access.id)
        context = {
            "access": access, "tab": "", "suggested": found[:SUGGESTED], "more": len(found) > SUGGESTED,
            "members": await self.services.members.list(asks.who.user, access.id),
            "saved": "saved" in request.query_params,
            "issued": await self.tasks.issued(asks.who.user, access.id),
        }  # fmt: skip
        return self.pages.shown(request, "tasks_suggested.html", asks, context)

    def _writers(self, asks: Asking, board: Board) -> Writers:
        return self.services.stamped(asks.who.user.name, *(shown.record for shown in board.tasks))

    async def pdf(self, request: Request) -> Response:
        asks, board = await self._board(request)
        table = table_of(board, asks.catalogue, self.tasks.today())
        content = await to_thread.run_sync(self._writers(asks, board).plain_pdf, table, asks.catalogue)
        return file_response(content, FileKind.PDF, asks.catalogue("tasks.file"), shown=True)

    async def docx(self, request: Request) -> Response:
        asks, board = await self._board(request)
        table = table_of(board, asks.catalogue, self.tasks.today())
        content = await to_thread.run_sync(self._writers(asks, board).plain_docx, table, asks.catalogue)
        return file_response(content, FileKind.WORD, asks.catalogue("tasks.file"))

    async def csv(self, request: Request) -> Response:
        asks, board = await self._board(request)
        table = table_of(board, asks.catalogue, self.tasks.today())
        content = csv_text([table.heads, *table.rows]).encode("utf-8-sig")
        return file_response(content, FileKind.CSV, asks.catalogue("tasks.file"))


def table_of(board: Board, t: Catalogue, today: str) -> PlainTable:
    """The tasks as norm A9, no. 12 has them."""
    counts = ", ".join(
        t("tasks.count", state=t(f"tasks.state.{one.value}"), n=n) for one, n in board.counts.items() if n
    )
    heads = ("number", "source", "content", "doer", "deadline", "result", "state")
    return PlainTable(
        (t("tasks.table"), t("tasks.until", day=day_written(today))),
        (counts,) if counts else (),
        tuple(t(f"tasks.head.{head}") for head in heads),
        WIDTHS,
        tuple(_row(n, one, t) for n, one in enumerate(board.tasks, 1)),
        t("tasks.none"),
        centred=(0, 4, 6),
    )


def _row(n: int, one: Shown, t: Catalogue) -> tuple[str, ...]:
    task = one.task
    content = "\n".join(filter(None, (task.content, task.measure)))
    doers = "\n".join(
        filter(None, (task.doer, t("tasks.controlled", name=task.controller) if task.controller else ""))
    )
    done = t("tasks.done_on", day=day_written(task.done_on)) if task.done_on else ""
    return (
        str(n), task.source or one.record.title, content, doers, day_written(task.deadline),
        "\n".join(filter(None, (done, task.report))), t(f"tasks.state.{one.standing.value}"),
    )  # fmt: skip
