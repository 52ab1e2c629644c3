"""The page "Nhập văn bản": a file is sent, shown as it was understood, and only then saved.

Nothing of a file is kept between both: the page carries what was read and sends it back, so that any
process may answer either request.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from duthao.domain.document import Document, Kind, NumberingPolicy
from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Changes
from duthao.domain.incoming.interpreting import MAX_DOCUMENTS
from duthao.domain.outline import outline
from duthao.formats.json import document_from_json
from duthao.service.documents import suggested_title
from duthao.service.import_worker import Incoming
from duthao.service.imports import (
    chosen,
    front_fields,
    incoming_from_json,
    incoming_to_json,
    with_front,
)
from duthao.web.context import Asking, as_refusal, asking, guarded
from duthao.web.errors import error_body, status_of
from duthao.web.pages import Pages

PATH = "/documents/import"
LINES = "application/x-ndjson"
FIELDS = 5 + MAX_DOCUMENTS * (len(front_fields(Document().front)) + 4)
LINES_OF = frozenset(("bases", "preamble", "closing", "recipients"))
"""Fields of the front matter that are lines."""
LONG = LINES_OF | {"title", "body", "upper_body", "authority"}
"""Fields that take the whole width."""

FRONT_GROUPS: Mapping[str, tuple[str, ...]] = {
    "head": ("upper_body", "body", "number", "place", "date", "type", "title", "bases", "preamble"),
    "close": ("authority", "position", "signatory", "recipients", "closing"),
}

Form = Mapping[str, str | bytes]


@dataclass(frozen=True)
class _Shown:
    """One document of a paper as the page shows it."""

    keep: bool
    title: str
    numbering: str
    front: Mapping[str, str]
    document: Document
    entries: tuple[Any, ...]
    counts: tuple[tuple[str, int], ...]
    doubts: tuple[Any, ...]
    notes: tuple[Any, ...]


def changes_of(form: Form, name: str) -> Changes:
    return "original" if form.get(name) == "original" else "final"


def _read(incoming: Incoming, changes: Changes) -> list[_Shown]:
    """The documents of one way to read the changes, before anybody typed anything."""
    found = []
    for one in chosen(incoming, changes):
        document = document_from_json(one.tree)
        counts = Counter(p.kind for p in document.provisions)
        found.append(
            _Shown(
                keep=True,
                title=suggested_title(document),
                numbering=document.policy.value,
                front=front_fields(document.front),
                document=document,
                entries=outline(document).entries,
                counts=tuple((kind.value, counts[kind]) for kind in Kind if counts[kind]),
                doubts=one.doubts,
                notes=one.notes,
            )
        )
    return found


def _typed(shown: list[_Shown], before: list[_Shown], form: Form) -> list[_Shown]:
    """With what a person typed: what differs from what the page had shown them (`before`)."""
    made = []
    for at, one in enumerate(shown):
        was = before[at] if at < len(before) else one

        def field(name: str, now: str, then: str, at: int = at) -> str:
            given = str(form.get(f"{name}-{at}", then)).replace("\r\n", "\n")
            return now if given == then else given

        made.append(
            replace(
                one,
                keep=len(shown) == 1 or f"keep-{at}" in form,
                title=field("title", one.title, was.title),
                numbering=field("numbering", one.numbering, was.numbering),
                front={
                    name: field("subject" if name == "title" else name, now, was.front[name])
                    for name, now in one.front.items()
                },
            )
        )
    return made


class ImportPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.imports = pages, pages.services.imports

    def routes(self) -> list[Route]:
        handlers = (("GET", self.page), ("POST", self.take))
        return [Route(PATH, guarded(h, self.pages.refused), methods=[method]) for method, h in handlers]

    async def page(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        return self.pages.shown(request, "import.html", asks, {"preview": None, "refusal": None})

    async def take(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf, with_text=True, fields=FIELDS)
        if "state" in form:
            return await self._answer(request, asks, form)
        file = form.get("file")
        if not isinstance(file, bytes):
            return self._refused(request, asks, Refusal("import_no_file"))
        if LINES in request.headers.get("accept", ""):
            return StreamingResponse(self._told(asks, file), media_type=LINES)
        try:
            preview = await to_thread.run_sync(self._preview, await self.imports.read(file), "final", None)
        except Refusal as refusal:
            return self._refused(request, asks, refusal)
        return self.pages.shown(request, "import.html", asks, {"preview": preview, "refusal": None})

    def _refused(self, request: Request, asks: Asking, refusal: Refusal) -> HTMLResponse:
        context = {"preview": None, "refusal": refusal}
        return self.pages.shown(request, "import.html", asks, context, status_of(refusal))

    async def _told(self, asks: Asking, file: bytes) -> AsyncIterator[str]:
        """The steps as lines of JSON, at last what was read, as the page's own HTML. Who goes away ends
        the reading.
        """
        steps: asyncio.Queue[str | None] = asyncio.Queue()
        reading = asyncio.create_task(self.imports.read(file, steps.put_nowait))
        reading.add_done_callback(lambda _: steps.put_nowait(None))
        try:
            while (step := await steps.get()) is not None:
                yield _line({"step": asks.catalogue(f"import.step.{step}")})
            try:
                preview = await to_thread.run_sync(self._preview, reading.result(), "final", None)
                html = await to_thread.run_sync(self._fragment, asks, preview)
            except Exception as error:
                yield _line(error_body(as_refusal(error), asks.catalogue))
            else:
                yield _line({"html": html})
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _fragment(self, asks: Asking, preview: dict[str, Any]) -> str:
        context = {"t": asks.catalogue, "csrf": asks.who.session.csrf, "preview": preview, "refusal": None}
        return self.pages.web.templates.render("_import.html", context)

    def _preview(self, incoming: Incoming, changes: Changes, typed: list[_Shown] | None) -> dict[str, Any]:
        return {
            "documents": _read(incoming, changes) if typed is None else typed,
            "remarks": [remark for remark in incoming.remarks if remark.code != "changes"],
            "tracked": incoming.tracked if incoming.original is not None else 0,
            "changes": changes,
            "state": incoming_to_json(incoming),
            "groups": FRONT_GROUPS,
            "lines": LINES_OF,
            "long": LONG,
            "policies": [policy.value for policy in NumberingPolicy],
        }

    # --- a preview that comes back ---------------------------------------------------------

    async def _answer(self, request: Request, asks: Asking, form: Form) -> Response:
        try:
            incoming = await to_thread.run_sync(incoming_from_json, str(form["state"]))
        except Refusal as refusal:
            return self._refused(request, asks, refusal)
        before = changes_of(form, "shown")
        wanted = changes_of(form, "changes") if "changes" in form else before
        documents = await to_thread.run_sync(self._as_typed, incoming, before, wanted, form)
        refused: Refusal | None = None
        if "save" in form:
            try:
                return await self._save(asks, documents)
            except Refusal as refusal:
                refused = refusal
        preview = await to_thread.run_sync(self._preview, incoming, wanted, documents)
        status = status_of(refused) if refused else 200
        context = {"preview": preview, "refusal": refused}
        return self.pages.shown(request, "import.html", asks, context, status)

    @staticmethod
    def _as_typed(incoming: Incoming, before: Changes, wanted: Changes, form: Form) -> list[_Shown]:
        was = _read(incoming, before)
        return _typed(was if wanted == before else _read(incoming, wanted), was, form)

    async def _save(self, asks: Asking, documents: list[_Shown]) -> Response:
        """Raises Refusal import_nothing_chosen, and as `Imports.save`; then nothing was saved."""
        kept = [one for one in documents if one.keep]
        if not kept:
            raise Refusal("import_nothing_chosen")
        made = [
            (one.title, replace(one.document, front=with_front(one.document.front, one.front)), one.numbering)
            for one in kept
        ]
        ids = await self.imports.save_all(asks.who.user, made)
        return RedirectResponse(f"/documents/{ids[0]}" if len(ids) == 1 else "/", 303)


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
