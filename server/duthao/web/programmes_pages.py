"""Work programmes: the list, one with what is registered for it, its register as PDF and Word file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.days import day_written
from duthao.domain.errors import Refusal
from duthao.domain.plain_table import PlainTable
from duthao.domain.programmes import ROMAN, Choice, Level, Programme, ProgrammeKind, Words
from duthao.messages import Catalogue
from duthao.service.programmes import Opened
from duthao.web.context import Asking, asking, say
from duthao.web.errors import status_of
from duthao.web.files import FileKind, file_response
from duthao.web.pages import Pages, texts

PROGRAMMES = "/programmes"
WIDTHS = (10, 78, 36, 44, 32, 28, 24)
"""Millimetres of the printed columns (norm A9, no. 8); 252 in all."""
HEADS = ("number", "content", "field", "preparer", "when", "level", "choice")
FILTERS = ("field", "level", "choice", "preparer")


class ProgrammesPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.programmes = pages, pages.services.programmes

    def routes(self) -> list[Route]:
        one = PROGRAMMES + "/{programme}"
        table = (
            ("GET", PROGRAMMES, self.list),
            ("POST", PROGRAMMES, self.begin),
            ("GET", f"{one}/register.pdf", self.register),
            ("GET", f"{one}/register.docx", self.register),
            ("GET", one, self.page),
            ("POST", one, self.change),
        )
        return self.pages.routed(table)

    async def list(self, request: Request) -> Response:
        return await self._list(request, await asking(request, self.pages.web))

    async def _list(
        self, request: Request, asks: Asking, typed: Mapping[str, str] | None = None,
        refusal: Refusal | None = None,
    ) -> Response:  # fmt: skip
        context = {
            "listed": await self.programmes.list(asks.who.user), "kinds": tuple(ProgrammeKind),
            "offices": await self.programmes.offices(), "today": self.programmes.today(),
            "typed": typed or {}, "refusal": refusal, "period": period_words,
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "programmes.html", asks, context, status)

    async def begin(self, request: Request) -> Response:
        asks, form = await self._form(request)
        try:
            made = await self.programmes.begin(asks.who.user, form)
        except Refusal as refusal:
            return await self._list(request, asks, form, refusal)
        return RedirectResponse(f"{PROGRAMMES}/{made.id}", 303)

    async def _form(self, request: Request) -> tuple[Asking, dict[str, str]]:
        asks = await asking(request, self.pages.web)
        return asks, texts(await self.pages.form(request, asks.who.session.csrf))

    async def page(self, request: Request) -> Response:
        return await self._page(request, await asking(request, self.pages.web))

    async def _page(
        self, request: Request, asks: Asking, typed: Mapping[str, str] | None = None,
        refusal: Refusal | None = None,
    ) -> Response:  # fmt: skip
        opened = await self.programmes.open(asks.who.user, request.path_params["programme"])
        kept = [one for one, keeps in await self.programmes.list(asks.who.user) if keeps]
        asked = asked_of(request)
        context = {
            "opened": opened, "programme": opened.programme, "items": filtered(opened, asked),
            "asked": asked, "levels": tuple(Level), "choices": tuple(Choice),
            "offices": await self.programmes.offices() if opened.keeps else (),
            "others": [one for one in kept if one.id != opened.programme.id],
            "typed": typed or {}, "refusal": refusal, "when": lambda w: when_words(w, asks.catalogue),
            "period": period_words, "parts": parts_of_year(asks.catalogue),
            "years": years_of(opened.programme), "done": request.query_params.get("done", "")[:20],
            "n": request.query_params.get("n", "")[:6],
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "programme.html", asks, context, status)

    async def change(self, request: Request) -> Response:
        """`act`: register, change, remove, choose, up, down, arrange, settle, carry, make, assign."""
        asks, form = await self._form(request)
        act, id_ = form.get("act", ""), request.path_params["programme"]
        say(request, act=act[:20])
        try:
            return await self._changed(asks, id_, act, form)
        except Refusal as refusal:
            if refusal.code == "programme_not_found":
                raise
            return await self._page(request, asks, form if act == "register" else None, refusal)

    async def _changed(self, asks: Asking, id_: str, act: str, form: Mapping[str, str]) -> Response:
        user, item, programmes, n = asks.who.user, form.get("item", "")[:40], self.programmes, ""
        seen = int(said) if (said := form.get("seen", "")).isdecimal() and len(said) < 10 else 0
        where = f"{PROGRAMMES}/{id_}?done={act}"
        if act == "register":
            await programmes.register(user, id_, form)
        elif act == "change":
            await programmes.change(user, id_, item, seen, form)
        elif act == "remove":
            await programmes.remove(user, id_, item)
        elif act == "choose":
            await programmes.choose(user, id_, item, seen, form.get("choice", ""), form.get("note", ""))
        elif act in ("up", "down"):
            await programmes.move(user, id_, item, -1 if act == "up" else 1)
            where = f"{PROGRAMMES}/{id_}#i-{item}"
        elif act == "arrange":
            await programmes.arrange(user, id_)
        elif act == "settle":
            await programmes.settle(user, id_, seen, form)
        elif act == "carry":
            note = asks.catalogue("programmes.carried")
            n = f"&n={await programmes.carry(user, id_, form.get('source', '')[:40], note)}"
        elif act == "make":
            where = f"/documents/{await programmes.make(user, id_, words_of(asks.catalogue))}"
        elif act == "assign":
            n = f"&n={await programmes.assign(user, id_)}"
        else:
            raise Refusal("bad_request")
        return RedirectResponse(where + n, 303)

    async def register(self, request: Request) -> Response:
        """The register of items (norm A9, no. 8), as filtered on the page."""
        asks = await asking(request, self.pages.web)
        opened = await self.programmes.open(asks.who.user, request.path_params["programme"])
        table = register_table(opened, asked_of(request), asks.catalogue)
        writers, name = self.pages.services.writers, asks.catalogue("programmes.file")
        if request.url.path.endswith(".docx"):
            content = await to_thread.run_sync(writers.plain_docx, table, asks.catalogue)
            return file_response(content, FileKind.WORD, name)
        content = await to_thread.run_sync(writers.plain_pdf, table, asks.catalogue)
        return file_response(content, FileKind.PDF, name, shown=True)


def asked_of(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "")[:300] for name in FILTERS}


def filtered(opened: Opened, asked: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(
        one for one in opened.items
        if all(not asked[name] or str(getattr(one, name)) == asked[name] for name in FILTERS)
    )  # fmt: skip


def register_table(opened: Opened, asked: Mapping[str, str], t: Catalogue) -> PlainTable:
    """The items one sees, as norm A9, no. 8 has them, with what the office chose."""
    shown = filtered(opened, asked)
    return PlainTable(
        (t("programmes.register"), t("programmes.register.of", name=opened.programme.name)),
        (t("programmes.register.counts", n=len(shown),
           chosen=sum(one.choice is Choice.CHOSEN for one in shown)),),
        tuple(t(f"programmes.head.{head}") for head in HEADS),
        WIDTHS,
        tuple(
            (str(n), "\n".join(filter(None, (one.content, one.reason))), one.field, one.preparer,
             when_words(one.when, t), t(f"programmes.level.{one.level.value}"),
             "\n".join(filter(None, (t(f"programmes.choice.{one.choice.value}"), one.note))))
            for n, one in enumerate(shown, 1)
        ),
        t("programmes.none"),
        centred=(0, 4, 5, 6),
    )  # fmt: skip


def when_words(when: str, t: Catalogue) -> str:
    """A time as it is said: "Quý II/2027", "Tháng 5/2027", "08:00 Thứ Ba 24/11/2026"."""
    if len(when) >= 10:
        on = date.fromisoformat(when[:10])
        said = t("programmes.when.day", weekday=t(f"programmes.weekday.{on.weekday()}"), d=f"{on:%d/%m/%Y}")
        return t("programmes.when.hour", hour=when[11:], day=said) if "T" in when else said
    if "Q" in when:
        return t("programmes.when.quarter", n=ROMAN[int(when[6])], year=when[:4])
    if len(when) == 7:
        return t("programmes.when.month", n=int(when[5:]), year=when[:4])
    return t("programmes.when.year", year=when[:4])


def words_of(t: Catalogue) -> Words:
    return Words(
        lambda when: when_words(when, t), lambda level: t(f"programmes.level.{level.value}"),
        t("programmes.nothing_chosen"),
    )  # fmt: skip


def period_words(programme: Programme, t: Catalogue) -> str:
    period = day_written(programme.period) if programme.kind is ProgrammeKind.WEEK else programme.period
    return t(f"programmes.period.{programme.kind.value}", period=period)


def parts_of_year(t: Catalogue) -> tuple[tuple[str, str], ...]:
    """The parts of a year an item may be due in: what is sent, how it is said."""
    quarters = tuple((f"-Q{n}", t("programmes.part.quarter", n=ROMAN[n])) for n in range(1, 5))
    months = tuple((f"-{n:02}", t("programmes.part.month", n=n)) for n in range(1, 13))
    return (("", t("programmes.part.year")), *quarters, *months)


def years_of(programme: Programme) -> tuple[str, ...]:
    if programme.kind is ProgrammeKind.WEEK:
        return ()
    first, _, last = programme.period.partition("-")
    return tuple(str(year) for year in range(int(first), int(last or first) + 1))
