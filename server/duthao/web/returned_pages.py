"""The page "Nhận lại bản đã sửa": a file is shown as changes of this draft, and only then saved.

Nothing is kept between both: the page carries what was read and sends it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.domain.returned import Take
from duthao.formats.cited import spoken_path
from duthao.formats.json import document_from_json, document_to_json
from duthao.messages import Catalogue
from duthao.service.access import Access, Permission
from duthao.service.returned import MAX_SHOWN, Outlook, Source
from duthao.web.context import Asking
from duthao.web.errors import status_of
from duthao.web.pages import Pages

Form = Mapping[str, str | bytes]


def _source(form: Form) -> Source:
    """Raises Refusal field_bad."""
    seq, version = str(form.get("seq", "")), str(form.get("from", ""))
    if version:
        return Source(version=version)
    if seq and not (seq.isascii() and seq.isdigit() and len(seq) < 16):
        raise Refusal("field_bad", field="seq")
    return Source(seq=int(seq) if seq else None)


def _choices(form: Form) -> dict[str, Take]:
    """Of the fields "take-KEY". Raises Refusal field_bad."""
    given = {name[5:]: str(value) for name, value in form.items() if name.startswith("take-")}
    if set(given.values()) - set(map(str, Take)):
        raise Refusal("field_bad", field="take")
    return {key: Take(value) for key, value in given.items()}


def _changes(found: Outlook, catalogue: Catalogue) -> dict[str, Any]:
    rows = found.changed
    paths = {entry.provision.id: entry.path for entry in outline(found.joined.document).entries}
    shown = [
        {
            "class": row.row_class.value,
            "where": spoken_path((row.after or row.before)[0].path, catalogue),
            "spans": row.spans,
        }
        for row in rows[:MAX_SHOWN]
    ]
    conflicts = [
        {
            "trouble": one.trouble.value, "theirs": one.theirs, "ours": one.ours, "key": one.key,
            "taken": one.taken.value,
            "where": spoken_path(paths[one.provision], catalogue) if one.provision in paths
            else catalogue(f"import.field.{one.field}") if one.field else "",
        }
        for one in found.joined.conflicts[:MAX_SHOWN]
    ]  # fmt: skip
    return {"changes": shown, "more": len(rows) - len(shown), "conflicts": conflicts}


class ReturnedPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        path = "/documents/{id}/return"
        return self.pages.routed((("GET", path, self.page), ("POST", path, self.take)))

    async def page(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request, Permission.WRITE)
        return await self._shown(request, asks, access, None)

    async def take(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request, Permission.WRITE)
        form = await self.pages.form(request, asks.who.session.csrf, with_text=True, fields=20 + MAX_SHOWN)
        try:
            return await self._answer(request, asks, access, form)
        except Refusal as refusal:
            return await self._shown(request, asks, access, None, refusal)

    async def _answer(self, request: Request, asks: Asking, access: Access, form: Form) -> Response:
        user, source = asks.who.user, _source(form)
        returns, say = self.services.returns, asks.catalogue
        if "state" in form:
            state = str(form["state"]).strip().encode("utf-8", "surrogatepass")
            document = await to_thread.run_sync(document_from_json, state)
            name, choices = str(form.get("name", "")) or say("returned.version"), _choices(form)
            if "look" not in form:
                await returns.save(user, access.id, document, source, name, say("returned.before"), choices)
                return RedirectResponse(f"/documents/{access.id}/versions", 303)
        else:
            file = form.get("file")
            if not isinstance(file, bytes) or not file:
                raise Refusal("import_no_file")
            document, name, choices = await self._read(file), say("returned.version"), {}
        found = await returns.outlook(user, access.id, document, source, choices)
        preview = await to_thread.run_sync(_changes, found, say)
        preview |= {
            "state": (await to_thread.run_sync(document_to_json, document)).decode("utf-8", "replace"),
            "seq": source.seq or found.seq,
            "from": source.version or "",
            "name": name,
        }
        return await self._shown(request, asks, access, preview)

    async def _read(self, file: bytes) -> Document:
        """The longest document of the paper: a decision may stand before the regulation it is attached to."""
        incoming = await self.services.imports.read(file)
        found = [document_from_json(one.tree) for one in incoming.final]
        return max(found, key=lambda one: len(one.provisions))

    async def _shown(
        self, request: Request, asks: Asking, access: Access, preview: dict[str, Any] | None,
        refusal: Refusal | None = None,
    ) -> HTMLResponse:  # fmt: skip
        versions = await self.services.versions.of(access)
        context = {
            "access": access, "tab": "versions", "versions": versions, "preview": preview, "refusal": refusal,
        }  # fmt: skip
        return self.pages.shown(
            request, "returned.html", asks, context, status_of(refusal) if refusal else 200
        )
