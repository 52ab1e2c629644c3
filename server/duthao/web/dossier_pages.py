"""Dossiers: the list, one at a glance, and a new one of a document. Everything works without script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.document import Document
from duthao.domain.dossiers import DossierKind, Origin, PaperKind, Person, PlanStep, Source, standing
from duthao.domain.errors import Refusal
from duthao.domain.process import LEVELS, ORDER, Act, Majority, State, targets, ways_back
from duthao.formats.docx_out import Choices
from duthao.formats.meeting_papers import ballot, minutes
from duthao.service.access import Access, Permission
from duthao.service.comparison import DRAFT
from duthao.service.dossiers import Opened, View
from duthao.web.context import Asking, asking, say
from duthao.web.dossier_forms import part_of_form, rules_of_form, step_of_form, taken
from duthao.web.dossier_story import duty_words, on, part_words, story, trail_csv, trail_text, vote_words
from duthao.web.errors import status_of
from duthao.web.files import FileKind, file_response
from duthao.web.pages import Pages, texts

FIELDS = 60


class DossierPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services
        self.dossiers, self.steps = pages.services.dossiers, pages.services.dossier_steps

    def routes(self) -> list[Route]:
        one = "/dossiers/{dossier}"
        table = (
            ("GET", "/dossiers", self.list),
            ("GET", "/dossiers/new", self.new),
            ("POST", "/dossiers/new", self.make),
            ("GET", one, self.show),
            ("POST", f"{one}/parts", self.change_part),
            ("POST", f"{one}/steps", self.take),
            ("POST", f"{one}/duties", self.finish),
            ("POST", f"{one}/rules", self.change_rules),
            ("GET", f"{one}/trail.csv", self.trail_csv),
            ("GET", f"{one}/trail.txt", self.trail_text),
            ("GET", f"{one}/meetings/{{number}}/minutes.pdf", self.minutes),
            ("GET", f"{one}/meetings/{{number}}/minutes.docx", self.minutes),
            ("GET", f"{one}/submissions/{{number}}/ballot.pdf", self.ballot),
            ("GET", f"{one}/submissions/{{number}}/ballot.docx", self.ballot),
            ("GET", "/documents/{id}/dossier", self.of_document),
        )
        return self.pages.routed(table)

    async def list(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        context = {
            "listed": await self.dossiers.list(asks.who.user), "states": ORDER, "on": on,
            "duty_words": duty_words,
        }  # fmt: skip
        return self.pages.shown(request, "dossiers.html", asks, context)

    # --- a new one ---------------------------------------------------------------------------------

    async def of_document(self, request: Request) -> Response:
        """The document's newest dossier, or the form for its first."""
        asks = await asking(request, self.pages.web)
        document_id = request.path_params["id"]
        found = await self.dossiers.of_document(asks.who.user, document_id)
        where = f"/dossiers/{found.id}" if found else f"/dossiers/new?document={document_id}"
        return RedirectResponse(where, 303)

    async def new(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        return await self._new(request, asks, dict(request.query_params))

    async def _new(
        self, request: Request, asks: Asking, form: Mapping[str, Any], refusal: Refusal | None = None
    ) -> Response:
        leads = await self.dossiers.led_by(asks.who.user)
        chosen = next((one for one in leads if one.id == form.get("document")), None)
        context = {
            "documents": leads, "kinds": tuple(DossierKind), "refusal": refusal,
            "title": str(form.get("title") or (chosen.title if chosen else "")),
            "document": str(form.get("document", "")), "kind": str(form.get("kind", DossierKind.REVISION)),
            "term": str(form.get("term", "")),
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "new_dossier.html", asks, context, status)

    async def make(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf)
        said = [str(form.get(name, "")) for name in ("document", "title", "kind", "term")]
        try:
            made = await self.dossiers.begin(asks.who.user, *said)
        except Refusal as refusal:
            return await self._new(request, asks, form, refusal)
        return RedirectResponse(f"/dossiers/{made}", 303)

    # --- one ---------------------------------------------------------------------------------------

    async def show(self, request: Request) -> Response:
        return await self._page(request, await asking(request, self.pages.web))

    async def _page(
        self, request: Request, asks: Asking, refusal: Refusal | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> Response:  # fmt: skip
        user = asks.who.user
        view = await self.dossiers.view(user, request.path_params["dossier"])
        opened, process = view.opened, view.process
        writes, leads = opened.may(Permission.WRITE), opened.may(Permission.MANAGE)
        takes = leads or (writes and await self.steps.is_responsible(opened))
        acts = tuple(act for act in process.acts() if leads or act is not Act.ISSUE) if takes else ()
        theirs = await self.dossiers.duties_of(opened, view.parts)
        # The checks read the whole draft: they are asked only where their answer is shown.
        shows_form = bool({Act.ISSUE, Act.FINISH} & set(acts)) or (
            leads and process.rules.appraised and bool(targets(process))
        )
        form = await self.steps.form_of(user, opened.dossier.id) if shows_form else None
        context = {
            "access": opened.access, "tab": "dossier", "view": view, "dossier": opened.dossier,
            "process": process, "writes": writes, "leads": leads, "acts": [act.value for act in acts],
            "states": ORDER, "levels": LEVELS, "majorities": tuple(Majority), "targets": targets(process),
            "ways_back": ways_back(process.state) if process.before_level else (),
            "plan": [p for p in view.parts if isinstance(p, PlanStep)],
            "group": [p for p in view.parts if isinstance(p, Person)],
            "sources": [p for p in view.parts if isinstance(p, Source)],
            "papers": [p for p in view.parts if not isinstance(p, PlanStep | Person | Source)],
            "origins": tuple(Origin), "paper_kinds": tuple(PaperKind),
            "documents": tuple(view.readable.values()),
            "standing": lambda part: standing(part, process.state, view.today).value,
            "mine": view.glance.of(user.id), "theirs": theirs, "handed": await self.dossiers.handed(opened),
            "form": form, "story": story(view, await self.dossiers.beside(view), asks.catalogue),
            "unanswered": (
                await self.steps.unanswered(opened.dossier.document_id)
                if process.state in (State.OPINIONS, State.SYNTHESIS) else 0
            ),
            "comments_left": await self._comments_left(opened, process.state),
            "on": on, "part_words": part_words, "duty_words": duty_words, "vote_words": vote_words,
            "refusal": refusal,
            "typed": typed or {},
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "dossier.html", asks, context, status)

    async def _comments_left(self, opened: Opened, state: State) -> int:
        """Comments nobody resolved that are no opinions either: nothing asks for an answer to them."""
        access = opened.access
        if access is None or not access.may(Permission.WRITE):
            return 0
        if state not in (State.OPINIONS, State.SYNTHESIS):
            return 0
        return (await self.services.gathering.waiting(access)).open_comments

    async def _sent(self, request: Request, need: Permission) -> tuple[Asking, dict[str, str]]:
        """Who sent what, if they may do this with the dossier: nobody else's words are read."""
        asks = await asking(request, self.pages.web)
        await self.dossiers.open(asks.who.user, request.path_params["dossier"], need)
        return asks, texts(await self.pages.form(request, asks.who.session.csrf, fields=FIELDS))

    def _back(self, request: Request, where: str) -> Response:
        part = f"#{where}" if where else ""
        return RedirectResponse(f"/dossiers/{request.path_params['dossier']}{part}", 303)

    async def change_part(self, request: Request) -> Response:
        """`part` names the kind and `id` the one; `remove` takes it away."""
        asks, form = await self._sent(request, Permission.WRITE)
        user, dossier_id, kind = asks.who.user, request.path_params["dossier"], form.get("part", "")
        try:
            if "remove" in form:
                await self.dossiers.remove_part(user, dossier_id, form.get("id", ""))
            else:
                if form.get("key") and form.get("title") == asks.catalogue(f"dossiers.plan.{form['key']}"):
                    # Nobody gave it a title of its own: it goes on reading in everybody's language.
                    form = form | {"title": ""}
                part = part_of_form(kind, form, self.dossiers.today)
                await self.dossiers.keep_part(user, dossier_id, part)
        except Refusal as refusal:
            return await self._page(request, asks, refusal, form)
        return self._back(request, f"{kind}s" if kind in ("person", "plan", "source", "paper") else "")

    async def finish(self, request: Request) -> Response:
        """`part`: a step or task is done, or with `undo` it is not."""
        asks, form = await self._sent(request, Permission.READ)
        dossier_id, part = request.path_params["dossier"], form.get("part", "")
        say(request, act="undo" if "undo" in form else "done")
        await self.dossiers.finish_duty(asks.who.user, dossier_id, part, done="undo" not in form)
        return self._back(request, "plans")

    async def take(self, request: Request) -> Response:
        asks, form = await self._sent(request, Permission.WRITE)
        await self.steps.need_taker(await self.dossiers.open(asks.who.user, request.path_params["dossier"]))
        seen = form.get("edition", "")
        edition = int(seen) if seen.isascii() and seen.isdigit() else -1
        try:
            body = step_of_form(form)
            say(request, act=str(body.get("act", ""))[:20])
            await taken(self.services, asks.who.user, request.path_params["dossier"], body, edition)
        except Refusal as refusal:
            return await self._page(request, asks, refusal, form)
        return self._back(request, "")

    async def change_rules(self, request: Request) -> Response:
        asks, form = await self._sent(request, Permission.MANAGE)
        try:
            await self.dossiers.set_rules(
                asks.who.user, request.path_params["dossier"], form.get("title", ""), form.get("term", ""),
                rules_of_form(form),
            )  # fmt: skip
        except Refusal as refusal:
            return await self._page(request, asks, refusal, form)
        return self._back(request, "rules")

    # --- the trail ---------------------------------------------------------------------------------

    async def trail_csv(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        view = await self.dossiers.view(asks.who.user, request.path_params["dossier"])
        content = trail_csv(story(view, await self.dossiers.beside(view), asks.catalogue), asks.catalogue)
        return file_response(content, FileKind.CSV, asks.catalogue("dossiers.trail.file"))

    async def trail_text(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        view = await self.dossiers.view(asks.who.user, request.path_params["dossier"])
        told = story(view, await self.dossiers.beside(view), asks.catalogue)
        content = trail_text(view.opened.dossier.title, told)
        return file_response(content, FileKind.TEXT, asks.catalogue("dossiers.trail.file"))

    # --- papers of a meeting -----------------------------------------------------------------------

    async def minutes(self, request: Request) -> Response:
        """The minutes of the n-th meeting, for who reads the draft."""
        asks, view, access = await self._read(request)
        number, meetings = _number(request), view.process.meetings
        if not 1 <= number <= len(meetings):
            raise Refusal("meeting_not_found")
        lay, decided = meetings[number - 1]
        side = await self.services.comparisons.side(access, lay.version_id, DRAFT)
        title, rules = view.opened.dossier.title, view.process.rules
        made = minutes(title, rules, lay, decided, side.document.front, asks.catalogue)
        return await self._printed(request, asks, access, made, "dossiers.minutes.file")

    async def ballot(self, request: Request) -> Response:
        """The sheet on which members vote on a numbered draft, for who reads it."""
        asks, view, access = await self._read(request)
        number = _number(request)
        lay = next((one for one in view.process.submissions if one.number == number), None)
        if lay is None:
            raise Refusal("submission_not_found")
        side = await self.services.comparisons.side(access, lay.version_id, DRAFT)
        made = ballot(view.opened.dossier.title, lay, side.document.front, asks.catalogue)
        return await self._printed(request, asks, access, made, "dossiers.ballot.file")

    async def _read(self, request: Request) -> tuple[Asking, View, Access]:
        """Raises Refusal not_allowed for who is of the working group only."""
        asks = await asking(request, self.pages.web)
        view = await self.dossiers.view(asks.who.user, request.path_params["dossier"])
        if view.opened.access is None:
            raise Refusal("not_allowed", role="group", need=Permission.READ.value)
        return asks, view, view.opened.access

    async def _printed(
        self, request: Request, asks: Asking, access: Access, made: Document, name: str
    ) -> Response:
        writers, t = self.services.stamped(access.user.name, access.record), asks.catalogue
        if request.url.path.endswith(".docx"):
            content = await self.services.word_files.plain(access, made, Choices(), t)
            return file_response(content, FileKind.WORD, t(name))
        form = (await self.services.forms.printed(access, None)).form
        content = await to_thread.run_sync(writers.draft_pdf, made, t, form, None)
        return file_response(content, FileKind.PDF, t(name), shown=True)


def _number(request: Request) -> int:
    said = request.path_params["number"]
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
