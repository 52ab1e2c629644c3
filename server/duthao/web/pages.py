"""The server-rendered pages. Each works without script; the rooms add islands."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.document import Kind
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.domain.secrecy import Secrecy
from duthao.domain.structure import Parsed
from duthao.domain.table import ComparisonTable
from duthao.domain.text import decode_upload
from duthao.formats.document_templates import built_in
from duthao.messages import Catalogue
from duthao.service.access import Access, Permission
from duthao.service.documents import checked_title, suggested_title
from duthao.service.models import PREFIX
from duthao.service.people import Colours
from duthao.service.services import Writers
from duthao.store.ports import Role, Version
from duthao.web import auth
from duthao.web.context import Asking, Handler, Web, asking, guarded, say
from duthao.web.errors import status_of
from duthao.web.files import FileKind, file_response
from duthao.web.security import NUL, bounded_body, check_origin, replayed
from duthao.web.tables import SIDES, compared_table, layout, warnings_json
from duthao.web.templating import version_name

CLIENT_MESSAGES = (
    "room",
    "presence",
    "editor",
    "common",
    "authors",
    "beside",
    "since",
    "proposals",
    "outline",
    "find",
    "reading",
    "folding",
    "completing",
    "references",
    "comments",
    "tables",
    "paste",
    "bases",
    "print.path",
)


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of ours, nothing else."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith(("//", "/\\"))
        or not target.isprintable()
    ):
        return "/"
    return target


def texts(form: Mapping[str, str | bytes]) -> dict[str, str]:
    """The fields of a form that are no files."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


class Pages:
    def __init__(self, web: Web) -> None:
        self.web, self.services = web, web.services

    def routes(self) -> list[Route]:
        document = "/documents/{id}"
        table: Sequence[tuple[str, str, Handler]] = (
            ("GET", "/", self.documents),
            ("GET", "/login", self.login),
            ("POST", "/login", self.sign_in),
            ("POST", "/logout", self.sign_out),
            ("GET", "/documents/new", self.new_document),
            ("POST", "/documents/new", self.make_document),
            ("GET", document, self.room),
            ("GET", f"{document}/comparison", self.comparison),
            ("GET", f"{document}/comparison.pdf", self.comparison_pdf),
            ("GET", f"{document}/comparison.docx", self.comparison_docx),
            ("GET", f"{document}/draft.pdf", self.draft_pdf),
            ("GET", f"{document}/versions", self.versions),
            ("POST", f"{document}/versions", self.save_version),
            ("GET", f"{document}/versions/{{version}}", self.version),
            ("POST", f"{document}/versions/{{version}}/restore", self.restore),
            ("GET", f"{document}/members", self.members),
            ("POST", f"{document}/members", self.change_member),
            ("POST", f"{document}/settings", self.change_settings),
        )
        return self.routed(table)

    def routed(self, table: Iterable[tuple[str, str, Handler]]) -> list[Route]:
        """Routes of pages: method, path, handler; what is refused is answered with the error page."""
        return [
            Route(path, guarded(handler, self.refused), methods=[method]) for method, path, handler in table
        ]

    # --- what every page has ---------------------------------------------------------------

    def shown(
        self, request: Request, name: str, asks: Asking | None, context: dict[str, Any], status: int = 200
    ) -> HTMLResponse:
        catalogue = asks.catalogue if asks else auth.catalogue_of(request)
        query = [(k, v) for k, v in request.query_params.multi_items() if k not in ("lang", "look")]
        common: dict[str, Any] = {
            "t": catalogue,
            "language": catalogue.language,
            "user": asks.who.user if asks else None,
            "csrf": asks.who.session.csrf if asks else "",
            "unread": asks.unread if asks else 0,
            "path": request.url.path,
            "language_links": [
                (code, request.url.path + "?" + urlencode([*query, ("lang", code)])) for code in ("vi", "en")
            ],
            "look": auth.look_of(request),
            "look_links": [
                (look, request.url.path + "?" + urlencode([*query, ("look", look)])) for look in auth.LOOKS
            ],
            "now": self.services.tools.clock(),
            "access": None,
            "tab": "",
        }
        access: Access | None = context.get("access")
        common["colours"] = access.colours() if access else Colours()
        response = HTMLResponse(self.web.templates.render(name, common | context), status)
        kept = (("lang", auth.LANGUAGE_COOKIE, ("vi", "en")), ("look", auth.LOOK_COOKIE, auth.LOOKS))
        for name, cookie, known in kept:
            if (chosen := request.query_params.get(name, "")) in known:
                response.set_cookie(
                    cookie, chosen, max_age=365 * 86400, samesite="lax", httponly=True,
                    secure=self.web.settings.secure_cookie,
                )  # fmt: skip
        return response

    async def refused(self, request: Request, refusal: Refusal) -> Response:
        """A page saying what happened and what to do; to sign in when that is what is missing."""
        if refusal.code == "signed_out" and request.method == "GET":
            target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(target, safe='')}", 303)
        try:
            asks: Asking | None = await asking(request, self.web)
        except Exception:
            # The error page itself must not depend on the store that may have failed.
            asks = None
        return self.shown(request, "error.html", asks, {"refusal": refusal}, status_of(refusal))

    async def form(
        self, request: Request, csrf: str | None, *, with_text: bool = False, fields: int = 50,
        most: int | None = None,
    ) -> Mapping[str, str | bytes]:  # fmt: skip
        """The form sent, read within bounds (`most` bytes) and proved to come from our own page; a file as
        bytes, its name as `NAME.name`.
        """
        check_origin(request, self.web.settings)
        settings = self.web.settings
        # A form field spends up to three bytes of "%XX" for each byte of text.
        most = most or (
            settings.max_body_mib * 1024 * 1024 * 3 if with_text else settings.max_json_kib * 1024
        )
        body = await bounded_body(request, most)
        form = await replayed(request, body).form(max_files=2, max_fields=fields, max_part_size=most)
        try:
            auth.check_csrf(form, csrf)
            sent: dict[str, str | bytes] = {}
            for name, value in form.multi_items():
                if not isinstance(value, UploadFile):
                    sent.setdefault(name, value.replace(NUL, ""))
                elif value.filename:
                    sent[name], sent[f"{name}.name"] = await value.read(), value.filename.replace(NUL, "")
            return sent
        finally:
            await form.close()

    async def opened(self, request: Request, need: Permission = Permission.READ) -> tuple[Asking, Access]:
        asks = await asking(request, self.web)
        return asks, await self.services.documents.open(asks.who.user, request.path_params["id"], need)

    # --- signing in ------------------------------------------------------------------------

    async def login(self, request: Request) -> Response:
        if await auth.signed_in(request, self.services.sign_in, self.web.settings):
            return RedirectResponse(safe_next(request.query_params.get("next")), 303)
        return self._login_page(request, request.query_params.get("next"))

    def _login_page(
        self, request: Request, target: str | None, username: str = "", refusal: Refusal | None = None
    ) -> Response:
        csrf = auth.login_of(request, self.web.settings) or secrets.token_urlsafe(24)
        settings, offered = self.web.settings, self.services.vouched.offered
        # A password that was just typed is answered where it was typed.
        asked = "local" in request.query_params or (request.method == "POST" and refusal is not None)
        context = {
            "csrf": csrf, "next": safe_next(target), "username": username, "refusal": refusal,
            "provider": settings.oidc_name if offered else None, "offered": offered,
            "local": settings.local_sign_in or asked,
            "also_there": offered and auth.VOUCHED_COOKIE in request.cookies,
        }  # fmt: skip
        response = self.shown(request, "login.html", None, context, status_of(refusal) if refusal else 200)
        auth.set_login(response, csrf, settings)
        return response

    async def refused_at_login(self, request: Request, refusal: Refusal) -> Response:
        """The sign-in page saying why somebody who came from elsewhere is not in."""
        if refusal.code == "page_not_found":
            raise refusal
        return self._login_page(request, None, "", refusal)

    async def sign_in(self, request: Request) -> Response:
        form = await self.form(request, auth.login_of(request, self.web.settings))
        username, target = str(form.get("username", "")), str(form.get("next", ""))
        request.state.typed = username
        try:
            who, token = await self.services.sign_in.sign_in(
                username, str(form.get("password", "")), auth.address_of(request),
                auth.token_of(request, self.web.settings), request.headers.get("user-agent", ""),
            )  # fmt: skip
        except Refusal as refusal:
            return self._login_page(request, target, username[:80], refusal)
        request.state.who = who
        target = safe_next(target)
        if who.session.awaits:
            target = f"/login/code?next={quote(target, safe='')}"
        response = RedirectResponse(target, 303)
        auth.set_session(response, token, self.web.settings)
        return response

    async def sign_out(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        await self.form(request, asks.who.session.csrf)
        await self.services.sign_in.sign_out(auth.token_of(request, self.web.settings))
        response = RedirectResponse("/login", 303)
        auth.clear_session(response, self.web.settings)
        return response

    # --- documents -------------------------------------------------------------------------

    async def documents(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        listed = await self.services.documents.list(asks.who.user)
        waiting = await self.services.answers.waiting(asks.who.user)
        return self.shown(request, "documents.html", asks, {"documents": listed, "waiting": waiting})

    async def new_document(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        key = request.query_params.get("template", "")
        text = await self.services.doctemplates.text(key) if key else ""
        return await self._new_page(request, asks, text=text, template=key)

    async def _new_page(self, request: Request, asks: Asking, **context: Any) -> HTMLResponse:
        refusal: Refusal | None = context.get("refusal")
        empty: dict[str, Any] = {
            "title": "", "text": "", "numbering": "", "preview": None, "refusal": None, "template": "",
            "built_in": list(built_in()), "own": await self.services.doctemplates.own(),
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.shown(request, "new_document.html", asks, empty | context, status)

    async def make_document(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        form = await self.form(request, asks.who.session.csrf, with_text=True)
        upload, title = form.get("file"), str(form.get("title", ""))
        numbering = str(form.get("numbering", ""))
        text: str | bytes = str(form.get("text", ""))
        if isinstance(upload, bytes):
            text = upload
        kept = text if isinstance(text, str) else ""
        try:
            if "confirm" in form:
                made = await self.services.documents.create(asks.who.user, title, text, numbering or None)
                return RedirectResponse(f"/documents/{made}", 303)
            if "back" in form:
                return await self._new_page(request, asks, title=title, text=kept, numbering=numbering)
            recognised = await self.services.documents.recognise(text)
            title = checked_title(title or suggested_title(recognised.document))
        except Refusal as refusal:
            return await self._new_page(
                request, asks, title=title, text=kept, numbering=numbering, refusal=refusal
            )
        if isinstance(text, bytes):
            text = decode_upload(text)
        preview = await to_thread.run_sync(self._preview, recognised)
        numbering = numbering or recognised.document.policy.value
        return await self._new_page(
            request, asks, title=title, text=text, numbering=numbering, preview=preview
        )

    def _preview(self, recognised: Parsed) -> dict[str, Any]:
        document = recognised.document
        counts = Counter(p.kind for p in document.provisions)
        return {
            "entries": outline(document).entries,
            "counts": [(kind.value, counts[kind]) for kind in Kind if counts[kind]],
            "doubts": recognised.doubts,
            "notes": recognised.notes,
            "front": document.front,
        }

    # --- one document ----------------------------------------------------------------------

    def _island(self, asks: Asking, access: Access, versions: Sequence[Version]) -> dict[str, Any]:
        """What the islands of the room and the comparison start from."""
        user, catalogue = asks.who.user, asks.catalogue
        return {
            "document": {
                "id": access.id,
                "title": access.record.title,
                "generation": access.record.generation,
                "kept_locally": access.record.may_be_kept,
            },
            "user": {"id": user.id, "name": user.name, "color": access.colours()[user.id]},
            "role": access.role.value,
            "csrf": asks.who.session.csrf,
            "language": catalogue.language,
            "collab": f"/collab/{access.id}",
            "messages": catalogue.area(*CLIENT_MESSAGES),
            "versions": [
                {
                    "id": v.id,
                    "name": version_name(v, catalogue, access.record.current_version),
                    "number": v.number,
                    "in_force": v.id == access.record.current_version,
                }
                for v in versions
            ],
        }

    async def room(self, request: Request) -> Response:
        asks, access = await self.opened(request)
        versions = await self.services.versions.of(access)
        end = await self.services.documents.seen(access)
        terms = await self.services.house.completed()
        last = access.membership
        island = self._island(asks, access, versions) | {
            "looked": {"seq": last.seen_seq, "at": last.seen_at, "end": end},
            "terms": {"short": terms.short, "names": terms.names},
        }
        return self.shown(
            request, "room.html", asks,
            {"access": access, "tab": "room", "data": island, "versions": versions, **self._flat(island)},
        )  # fmt: skip

    def _flat(self, island: dict[str, Any]) -> dict[str, Any]:
        return {name: island[name] for name in ("document", "role", "collab", "messages")}

    async def comparison(self, request: Request) -> Response:
        asks, access = await self.opened(request)
        versions = await self.services.versions.of(access)
        found, table = await compared_table(self.services, access, request.query_params, asks.catalogue)
        named = {name: side.id for name in SIDES if (side := getattr(found, name)) is not None}
        island = self._island(asks, access, versions) | {
            **named,
            "seq": (found.third or found.after).seq,
            "titles": [table.before_title, table.after_title, *filter(None, (table.third_title,))],
            **warnings_json(found, asks.catalogue),
        }
        context = {
            "access": access,
            "tab": "comparison",
            "data": island,
            "versions": versions,
            "table": table,
            "rows": table.rows,
            "statistics": table.statistics,
            "chosen": {name: named.get(name, "") for name in SIDES},
            "models": await self.services.models.of(asks.who.user, access.id),
            "with_model": any(side.startswith(PREFIX) for side in named.values()),
            "query": urlencode(named),
            **self._flat(island),
        }
        return self.shown(request, "comparison.html", asks, context)

    async def _printed(self, request: Request) -> tuple[ComparisonTable, Catalogue, Writers]:
        """The table in the layout the address asks for (`rows`, `by`, `columns`, …), and what writes it."""
        asks, access = await self.opened(request)
        query = request.query_params
        found, table = await compared_table(
            self.services, access, query, asks.catalogue, options=layout(query), dated=True
        )
        writers = self.services.stamped(access.user.name, access.record, *found.models)
        return table, asks.catalogue, writers

    async def comparison_pdf(self, request: Request) -> Response:
        """The printed table."""
        table, catalogue, writers = await self._printed(request)
        content = await to_thread.run_sync(writers.comparison_pdf, table, catalogue)
        return file_response(content, FileKind.PDF, catalogue("web.file.comparison"), shown=True)

    async def comparison_docx(self, request: Request) -> Response:
        """The same as a Word file."""
        table, catalogue, writers = await self._printed(request)
        content = await to_thread.run_sync(writers.comparison_docx, table, catalogue)
        return file_response(content, FileKind.WORD, catalogue("web.file.comparison_docx"))

    async def draft_pdf(self, request: Request) -> Response:
        """The live draft, or `?version=`, in the form chosen for the document."""
        asks, access = await self.opened(request)
        side = await self.services.comparisons.side(access, request.query_params.get("version"), "draft")
        printed = await self.services.forms.printed(access, side.version)
        writers = self.services.stamped(access.user.name, access.record)
        content = await to_thread.run_sync(
            writers.draft_pdf, side.document, asks.catalogue, printed.form, printed.draft_number
        )
        return file_response(content, FileKind.PDF, asks.catalogue("web.file.draft"), shown=True)

    # --- versions --------------------------------------------------------------------------

    async def versions(self, request: Request) -> Response:
        asks, access = await self.opened(request)
        return await self._versions_page(request, asks, access)

    async def _versions_page(
        self, request: Request, asks: Asking, access: Access, refusal: Refusal | None = None
    ) -> Response:
        versions = await self.services.versions.of(access)
        _, form_key, forms = await self.services.forms.chosen(asks.who.user, access.id)
        people = {v.created_by for v in versions} | {p for v in versions for p in v.people}
        names = {id: person.name for id in people if (person := await self.services.documents.person(id))}
        context = {
            "access": access, "tab": "versions", "versions": versions, "names": names, "refusal": refusal,
            "latest": versions[0].id if versions else "", "form_key": form_key, "forms": forms,
            "is_model": await self.services.models.marked(access),
            "others": [
                one for one in await self.services.syntheses.drafts(asks.who.user) if one.id != access.id
            ],
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.shown(request, "versions.html", asks, context, status)

    async def save_version(self, request: Request) -> Response:
        asks, access = await self.opened(request, Permission.WRITE)
        form = await self.form(request, asks.who.session.csrf)
        try:
            await self.services.versions.save(
                asks.who.user, access.id, str(form.get("name", "")), str(form.get("reason", "")),
                form.get("numbered") == "1",
            )  # fmt: skip
        except Refusal as refusal:
            return await self._versions_page(request, asks, access, refusal)
        return RedirectResponse(f"/documents/{access.id}/versions", 303)

    async def version(self, request: Request) -> Response:
        asks, access = await self.opened(request)
        version, document = await self.services.versions.open(access, request.path_params["version"])
        entries = (await to_thread.run_sync(outline, document)).entries
        island = self._island(asks, access, ()) | {"version": version.id}
        author = await self.services.documents.person(version.created_by)
        context = {
            "access": access, "tab": "versions", "version": version, "shown": document, "entries": entries,
            "author": author.name if author else "", "data": island, **self._flat(island),
        }  # fmt: skip
        return self.shown(request, "version.html", asks, context)

    async def restore(self, request: Request) -> Response:
        asks, access = await self.opened(request, Permission.WRITE)
        await self.form(request, asks.who.session.csrf)
        await self.services.versions.restore(
            asks.who.user, access.id, request.path_params["version"],
            asks.catalogue("web.version.before_restore"),
        )  # fmt: skip
        return RedirectResponse(f"/documents/{access.id}", 303)

    # --- members ---------------------------------------------------------------------------

    async def members(self, request: Request) -> Response:
        asks, access = await self.opened(request)
        return await self._members_page(request, asks, access)

    async def _members_page(
        self, request: Request, asks: Asking, access: Access, refusal: Refusal | None = None
    ) -> Response:
        user = asks.who.user
        manages = access.may(Permission.MANAGE)
        context = {
            "access": access, "tab": "members", "roles": [role.value for role in Role], "refusal": refusal,
            "degrees": tuple(Secrecy),
            "members": await self.services.members.list(user, access.id),
            "candidates": await self.services.members.candidates(user, access.id) if manages else (),
            "units": await self.services.units.choices(user, access.id) if manages else (),
            "came": request.query_params.get("came", "")[:5],
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.shown(request, "members.html", asks, context, status)

    async def change_settings(self, request: Request) -> Response:
        asks, access = await self.opened(request, Permission.MANAGE)
        form = await self.form(request, asks.who.session.csrf)
        say(request, secrecy=str(form.get("secrecy", ""))[:20], watermarked=int("watermarked" in form))
        # A box that is out of use is not sent: of a secret document what was ticked before stays.
        kept = None if access.record.secrecy else "kept_locally" in form
        secrecy = str(form.get("secrecy", access.record.secrecy))
        try:
            await self.services.documents.handle(
                asks.who.user, access.id, title=str(form.get("title", access.record.title)),
                kept_locally=kept, secrecy=secrecy, watermarked="watermarked" in form,
            )  # fmt: skip
        except Refusal as refusal:
            return await self._members_page(request, asks, access, refusal)
        return RedirectResponse(f"/documents/{access.id}/members", 303)

    async def change_member(self, request: Request) -> Response:
        asks, access = await self.opened(request, Permission.MANAGE)
        form = await self.form(request, asks.who.session.csrf)
        member = str(form.get("user", ""))
        role = "" if "remove" in form else str(form.get("role", ""))
        say(request, user=member[:40], role=role[:20], act="" if role else "remove")
        try:
            if "remove" in form:
                await self.services.members.remove(asks.who.user, access.id, member)
            else:
                await self.services.members.set_role(asks.who.user, access.id, member, role)
        except Refusal as refusal:
            return await self._members_page(request, asks, access, refusal)
        return RedirectResponse(f"/documents/{access.id}/members", 303)
