"""The page "Nhập văn bản": a file is sent, shown as it was understood, and only then saved.

Nothing of a file is kept between both: the page carries what was read and sends it back, so that any
process may answer either request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from duthao.domain.document import Document, DocumentId, Kind, NumberingPolicy
from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Changes
from duthao.domain.incoming.interpreting import MAX_DOCUMENTS
from duthao.domain.outline import outline
from duthao.domain.text import clean_line
from duthao.formats.json import document_from_json
from duthao.service.documents import MAX_TITLE, suggested_title
from duthao.service.import_worker import Incoming
from duthao.service.imports import (
    chosen,
    front_fields,
    incoming_from_json,
    incoming_to_json,
    with_front,
)
from duthao.web.context import Asking, asking, say
from duthao.web.errors import error_body, status_of
from duthao.web.lines import LINES, Tell, line, told, wants_lines
from duthao.web.pages import Pages

PATH = "/documents/import"
FIELDS = 6 + MAX_DOCUMENTS * (len(front_fields(Document().front)) + 5)
MAX_FILES = 20
"""Files of one choice, each read, shown and saved by a request of its own."""
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
    model: bool
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
                model=False,
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
                model=f"model-{at}" in form,
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
        return self.pages.routed((("GET", PATH, self.page), ("POST", PATH, self.take)))

    async def page(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        return self._page(request, asks)

    def _page(
        self, request: Request, asks: Asking, preview: dict[str, Any] | None = None,
        refusal: Refusal | None = None,
    ) -> HTMLResponse:  # fmt: skip
        context = {"preview": preview, "refusal": refusal, "part": "", "most_files": MAX_FILES}
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "import.html", asks, context, status)

    async def take(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf, with_text=True, fields=FIELDS)
        by_script = wants_lines(request)
        if "state" in form:
            return await (self._answer_line if by_script else self._answer)(request, asks, form)
        file = form.get("file")
        if not isinstance(file, bytes):
            return self._page(request, asks, refusal=Refusal("import_no_file"))
        named = str(form.get("file.name", ""))
        if by_script:
            work = partial(self._read_file, asks, file, named, _part(form))
            return StreamingResponse(told(work, asks.catalogue), media_type=LINES)
        try:
            incoming = await self.imports.read(file)
            preview = await to_thread.run_sync(self._first, incoming, named)
        except Refusal as refusal:
            return self._page(request, asks, refusal=refusal)
        return self._page(request, asks, preview)

    async def _read_file(
        self, asks: Asking, file: bytes, named: str, part: str, tell: Tell
    ) -> dict[str, Any]:
        """What was read, as the page's own HTML. Who goes away ends the reading."""
        incoming = await self.imports.read(file, lambda step: tell(asks.catalogue(f"import.step.{step}")))
        preview = await to_thread.run_sync(self._first, incoming, named)
        return {"html": await to_thread.run_sync(self._fragment, asks, preview, part)}

    def _fragment(self, asks: Asking, preview: dict[str, Any], part: str) -> str:
        """The page's own HTML, or, of several files on one page, that of one."""
        context = {
            "t": asks.catalogue, "csrf": asks.who.session.csrf, "preview": preview, "refusal": None,
            "part": part,
        }  # fmt: skip
        name = "_import_preview.html" if part else "_import.html"
        return self.pages.web.templates.render(name, context)

    def _first(self, incoming: Incoming, named: str) -> dict[str, Any]:
        """As it was read; a text that does not say what it is called is called as its file."""
        stem = clean_line(PurePosixPath(named.replace("\\", "/")).stem)[:MAX_TITLE]
        shown = [replace(one, title=one.title or stem) for one in _read(incoming, "final")]
        return self._preview(incoming, "final", shown)

    def _preview(self, incoming: Incoming, changes: Changes, documents: list[_Shown]) -> dict[str, Any]:
        return {
            "documents": documents,
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
            incoming, wanted, documents = await self._brought_back(form)
        except Refusal as refusal:
            return self._page(request, asks, refusal=refusal)
        refused: Refusal | None = None
        if "save" in form:
            try:
                made = await self._save(request, asks, documents)
                return RedirectResponse(f"/documents/{made[0][0]}" if len(made) == 1 else "/", 303)
            except Refusal as refusal:
                refused = refusal
        preview = await to_thread.run_sync(self._preview, incoming, wanted, documents)
        return self._page(request, asks, preview, refused)

    async def _answer_line(self, request: Request, asks: Asking, form: Form) -> Response:
        """The same for one file of several, whose page stays: `html`, or `saved`, or `error`."""
        try:
            incoming, wanted, documents = await self._brought_back(form)
            if "save" not in form:
                preview = await to_thread.run_sync(self._preview, incoming, wanted, documents)
                html = await to_thread.run_sync(self._fragment, asks, preview, _part(form))
                return Response(line({"html": html}), media_type=LINES)
            made = await self._save(request, asks, documents)
        except Refusal as refusal:
            return Response(line(error_body(refusal, asks.catalogue)), media_type=LINES)
        saved = [{"id": id_, "title": title} for id_, title in made]
        # With where it is, as a redirect would say: the log of who did what reads it there.
        where = {"location": f"/documents/{made[0][0]}"}
        return Response(line({"saved": saved}), 201, where, LINES)

    async def _brought_back(self, form: Form) -> tuple[Incoming, Changes, list[_Shown]]:
        incoming = await to_thread.run_sync(incoming_from_json, str(form["state"]))
        before = changes_of(form, "shown")
        wanted = changes_of(form, "changes") if "changes" in form else before
        documents = await to_thread.run_sync(self._as_typed, incoming, before, wanted, form)
        return incoming, wanted, documents

    @staticmethod
    def _as_typed(incoming: Incoming, before: Changes, wanted: Changes, form: Form) -> list[_Shown]:
        was = _read(incoming, before)
        return _typed(was if wanted == before else _read(incoming, wanted), was, form)

    async def _save(
        self, request: Request, asks: Asking, documents: list[_Shown]
    ) -> list[tuple[DocumentId, str]]:
        """Ids and titles of what is saved. Raises Refusal import_nothing_chosen, and as `Imports.save_all`;
        then nothing was saved.
        """
        kept = [one for one in documents if one.keep]
        if not kept:
            raise Refusal("import_nothing_chosen")
        made = [
            (one.title, replace(one.document, front=with_front(one.document.front, one.front)), one.numbering)
            for one in kept
        ]
        ids = await self.imports.save_all(asks.who.user, made)
        say(request, documents=" ".join(ids))
        for id_, one in zip(ids, kept, strict=True):
            if one.model:
                await self.pages.services.models.mark(asks.who.user, id_, True)
        return [(id_, one.title) for id_, one in zip(ids, kept, strict=True)]


def _part(form: Form) -> str:
    """Which of several files it is, "" for one alone. Raises Refusal field_bad."""
    part = str(form.get("part", ""))
    if part and not (part.isascii() and part.isdigit() and len(part) < 4):
        raise Refusal("field_bad", field="part")
    return part
