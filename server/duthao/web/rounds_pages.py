"""Rounds of opinions: a document's rounds, one round, and what came on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.days import day_end, field_of, moment_of
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Verdict
from duthao.domain.rounds import Item, Said, Way
from duthao.formats.docx_out import Choices
from duthao.service.access import Permission
from duthao.service.rounds import Entry, Issued, Opened, Wanted
from duthao.service.sessions import MINUTE
from duthao.service.units import Listed
from duthao.store.ports import User
from duthao.web.answer_forms import FIELDS, MOST, number_of, said_of
from duthao.web.answer_pages import AnswerPages, attached
from duthao.web.context import Asking, asking
from duthao.web.errors import status_of
from duthao.web.files import FileKind, file_response
from duthao.web.frozen_papers import Drawn
from duthao.web.pages import Pages

DAY = 24 * 60 * MINUTE
ENTRY = ("answer", "seen", "way", "giver", "invitation", "at")
USUAL = 5 * DAY
"""The deadline a new round's form begins with (norm A3: 02 to 05 working days)."""


class RoundsPages:
    def __init__(self, pages: Pages, answers: AnswerPages) -> None:
        self.pages, self.rounds, self.papers = pages, pages.services.rounds, answers.papers

    def routes(self) -> list[Route]:
        one = "/rounds/{round}"
        table = (
            ("GET", "/documents/{id}/rounds", self.list),
            ("POST", "/documents/{id}/rounds", self.create),
            ("GET", one, self.round),
            ("POST", one, self.change),
            ("GET", f"{one}/paper", self.paper),
            ("POST", f"{one}/paper", self.enter),
            ("GET", f"{one}/files/{{file}}", self.file),
            ("GET", f"{one}/sheet.pdf", self.sheet),
            ("GET", f"{one}/sheet.docx", self.sheet),
        )
        return self.pages.routed(table)

    # --- a document's rounds -----------------------------------------------------------------

    async def list(self, request: Request) -> Response:
        return await self._list(request, await asking(request, self.pages.web))

    async def _list(
        self, request: Request, asks: Asking, typed: Mapping[str, Any] | None = None,
        refusal: Refusal | None = None,
    ) -> Response:  # fmt: skip
        access, rounds = await self.rounds.list(asks.who.user, request.path_params["id"])
        manages = access.may(Permission.MANAGE)
        versions, people = await self.rounds.candidates(access) if manages else ((), ())
        units = await self.pages.services.units.choices(asks.who.user, access.id) if manages else ()
        now = self.pages.services.tools.clock()
        context = {
            "access": access, "tab": "rounds", "rounds": rounds, "versions": versions, "people": people,
            "typed": typed or {}, "members": typed.get("members", ()) if typed else (), "refusal": refusal,
            "bodies": [one for one in units if one.people],
            "chosen": typed.get("bodies", ()) if typed else (),
            "usual": field_of(day_end(now + USUAL)), "mail": self.pages.services.letters.are_sent,
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "rounds.html", asks, context, status)

    async def create(self, request: Request) -> Response:
        asks, _ = await self.pages.opened(request, Permission.MANAGE)
        form = await self.pages.form(request, asks.who.session.csrf, fields=1100, most=MOST)
        members, bodies = _ticked(form, "member-"), _ticked(form, "body-")
        typed = {k: str(v) for k, v in form.items()} | {"members": members, "bodies": bodies}
        try:
            wanted = Wanted(
                str(form.get("version", "")), str(form.get("name", "")), str(form.get("question", "")),
                moment_of(str(form.get("deadline", ""))), members, str(form.get("units", "")),
                "silent_members" in form, "silent_units" in form, "links" in form, bodies,
            )  # fmt: skip
            issued = await self.rounds.create(asks.who.user, request.path_params["id"], wanted)
        except Refusal as refusal:
            if status_of(refusal) in (403, 404) and refusal.code != "version_not_found":
                raise
            return await self._list(request, asks, typed, refusal)
        return await self._issued(request, asks, issued)

    # --- one round ---------------------------------------------------------------------------

    async def round(self, request: Request) -> Response:
        return await self._round(request, await asking(request, self.pages.web))

    async def _round(
        self, request: Request, asks: Asking, issued: Issued | None = None, refusal: Refusal | None = None
    ) -> Response:
        id_ = issued.round.id if issued else request.path_params["round"]
        opened = await self.rounds.open(asks.who.user, id_)
        drawn = await self._drawn(opened, asks)
        people: tuple[User, ...] = ()
        units: tuple[Listed, ...] = ()
        if opened.access.may(Permission.MANAGE):
            here = {line.invitation.user_id for line in opened.lines}
            _, everybody = await self.rounds.candidates(opened.access)
            people = tuple(one for one in everybody if one.id not in here)
            units = await self.pages.services.units.choices(asks.who.user, opened.access.id)
        now = self.pages.services.tools.clock()
        origin, *_ = self.pages.web.settings.origins or (str(request.base_url).rstrip("/"),)
        tokens = {} if issued is None else issued.links
        context = {
            "access": opened.access, "tab": "rounds", "opened": opened, "round": opened.round,
            "where": drawn.where, "people": people, "refusal": refusal,
            "bodies": [one for one in units if one.people],
            "links": {one: f"{origin}/answer/{token}" for one, token in tokens.items()},
            "reminded": request.query_params.get("reminded", ""),
            "usual": field_of(day_end(max(opened.round.deadline, now) + 2 * DAY)),
            "mail": self.pages.services.letters.are_sent,
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "round.html", asks, context, status)

    async def _drawn(self, opened: Opened, asks: Asking) -> Drawn:
        return await self.papers.drawn(self.rounds.seen(opened.access, opened.round), asks.catalogue)

    async def _issued(self, request: Request, asks: Asking, issued: Issued) -> Response:
        """Links are shown in the answer itself and never again; letters go out after it."""
        if not issued.links:
            answer: Response = RedirectResponse(f"/rounds/{issued.round.id}", 303)
        else:
            answer = await self._round(request, asks, issued)
        answer.background = BackgroundTask(self.pages.services.letters.deliver, issued.letters)
        return answer

    async def change(self, request: Request) -> Response:
        """`do`: invite, link, revoke, withdraw, extend, remind, close; `invitation` names one."""
        asks = await asking(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf, fields=1100, most=MOST)
        try:
            return await self._changed(request, asks, form)
        except Refusal as refusal:
            if refusal.code in ("round_not_found", "not_allowed"):
                raise
            return await self._round(request, asks, None, refusal)

    async def _changed(self, request: Request, asks: Asking, form: Mapping[str, str | bytes]) -> Response:
        user, id_ = asks.who.user, request.path_params["round"]
        one, do = str(form.get("invitation", "")), str(form.get("do", ""))
        target = f"/rounds/{id_}"
        if do == "invite":
            members, bodies = _ticked(form, "member-"), _ticked(form, "body-")
            units, links = str(form.get("units", "")), "links" in form
            issued = await self.rounds.invite(user, id_, members, units, links=links, bodies=bodies)
            return await self._issued(request, asks, issued)
        if do == "link":
            return await self._issued(request, asks, await self.rounds.link(user, id_, one))
        if do == "remind":
            told, letters = await self.rounds.remind(user, id_, one)
            deliver = BackgroundTask(self.pages.services.letters.deliver, letters)
            return RedirectResponse(f"{target}?reminded={told}", 303, background=deliver)
        if do == "extend":
            await self.rounds.extend(user, id_, moment_of(str(form.get("deadline", ""))), one)
        elif do == "close":
            await self.rounds.close(user, id_)
        elif do == "revoke":
            await self.rounds.revoke(user, id_, one)
        elif do == "withdraw":
            await self.rounds.withdraw(user, id_, one)
        else:
            raise Refusal("field_bad", field="do")
        return RedirectResponse(target, 303)

    async def file(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        found = await self.rounds.file(
            asks.who.user, request.path_params["round"], request.path_params["file"]
        )
        return attached(*found)

    async def sheet(self, request: Request) -> Response:
        """The sheet to answer on by hand; `invitation` names whose, else it has a place for the name."""
        asks = await asking(request, self.pages.web)
        opened = await self.rounds.open(asks.who.user, request.path_params["round"])
        wanted = request.query_params.get("invitation", "")
        one = next((line.invitation for line in opened.lines if line.invitation.id == wanted), None)
        if wanted and one is None:
            raise Refusal("invitation_not_found")
        made = await self.papers.sheet(self.rounds.seen(opened.access, opened.round), one, asks.catalogue)
        name = asks.catalogue("print.sheet.file")
        if request.url.path.endswith(".docx"):
            write = self.pages.services.word_files.plain
            return file_response(
                await write(opened.access, made, Choices(), asks.catalogue), FileKind.WORD, name
            )
        return file_response(await self.papers.sheet_pdf(opened.access, made, asks.catalogue),
                             FileKind.PDF, name, shown=True)  # fmt: skip

    # --- on paper ----------------------------------------------------------------------------

    async def paper(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        id_, wanted = request.path_params["round"], request.query_params.get("answer", "")
        if not wanted:
            return await self._paper(request, asks, {}, Said())
        found = await self.rounds.entered(asks.who.user, id_, wanted[:64])
        typed = {
            "answer": found.id, "seen": found.edition, "way": found.way.value, "giver": found.giver,
            "invitation": found.invitation_id or "", "at": field_of(found.at),
        }  # fmt: skip
        return await self._paper(request, asks, typed, found.said)

    async def _paper(
        self, request: Request, asks: Asking, typed: Mapping[str, Any], said: Said,
        refusal: Refusal | None = None,
    ) -> Response:  # fmt: skip
        opened = await self.rounds.open(asks.who.user, request.path_params["round"])
        drawn = await self._drawn(opened, asks)
        usual: dict[str, Any] = {
            "answer": "", "seen": 0, "way": Way.PAPER.value, "giver": "",
            "invitation": request.query_params.get("invitation", ""),
            "at": field_of(self.pages.services.tools.clock()),
        }  # fmt: skip
        context = {
            "access": opened.access, "tab": "rounds", "opened": opened, "round": opened.round,
            "drawn": drawn, "typed": usual | dict(typed), "said": said, "items": list(said.items),
            "verdicts": list(Verdict), "refusal": refusal, "saved": "saved" in request.query_params,
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "paper.html", asks, context, status)

    async def enter(self, request: Request) -> Response:
        asks = await asking(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf, fields=FIELDS, most=MOST)
        id_, said = request.path_params["round"], Said()
        try:
            said = said_of(form)
            if form.get("do") == "add":
                typed = {name: str(form[name]) for name in ENTRY if name in form}
                one = Item(str(form.get("on", "")) or None, "")
                return await self._paper(request, asks, typed, replace(said, items=(*said.items, one)))
            way = str(form.get("way", ""))
            if way not in (Way.PAPER, Way.MEETING):
                raise Refusal("field_bad", field="way")
            entry = Entry(
                Way(way), str(form.get("invitation", "")), str(form.get("giver", "")), said,
                moment_of(str(form.get("at", ""))), str(form.get("answer", ""))[:64],
                number_of(form, "seen"),
            )  # fmt: skip
            await self.rounds.enter(asks.who.user, id_, entry)
        except Refusal as refusal:
            if refusal.code in ("round_not_found", "not_allowed"):
                raise
            typed = {
                k: str(v)
                for k, v in form.items()
                if k in ("answer", "seen", "way", "giver", "invitation", "at")
            }
            return await self._paper(request, asks, typed, said, refusal)
        return RedirectResponse(f"/rounds/{id_}/paper?saved=1" if "more" in form else f"/rounds/{id_}", 303)


def _ticked(form: Mapping[str, str | bytes], prefix: str) -> tuple[str, ...]:
    """The people, or units, ticked: each has a field of its own, so that none hides another."""
    return tuple(name.removeprefix(prefix) for name in form if name.startswith(prefix))
