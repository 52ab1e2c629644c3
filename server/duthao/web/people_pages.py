"""The page of the house's people, for administrators."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.domain.people_list import MAX_TEXT
from duthao.domain.text import decode_upload
from duthao.formats.xlsx_in import is_xlsx, pasted
from duthao.service.people_admin import LetIn, Outcome
from duthao.web.context import Asking, administrator, say
from duthao.web.errors import status_of
from duthao.web.pages import Pages, texts

PEOPLE = "/house/people"


class PeoplePages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.people = pages, pages.services.people_admin

    def routes(self) -> list[Route]:
        return self.pages.routed((("GET", PEOPLE, self.page), ("POST", PEOPLE, self.change)))

    async def page(self, request: Request) -> Response:
        asks = await administrator(request, self.pages.web)
        return await self._page(request, asks)

    async def change(self, request: Request) -> Response:
        """`act`: add, change, disable, enable, reset (with `user`), or `preview` and `save` with a list.

        Passwords are told in the answer itself, so that they stand nowhere else.
        """
        asks = await administrator(request, self.pages.web)
        sent = await self.pages.form(request, asks.who.session.csrf, with_text=True)
        form = texts(sent)
        act, admin, user = form.get("act", ""), asks.who.user, form.get("user", "")
        say(request, act=act[:20], user=user[:40])
        given = {"name": form.get("name", ""), "position": form.get("position", "")}
        try:
            if act == "add":
                username = form.get("username", "")
                made = await self.people.add(admin, username, **given, is_admin="is_admin" in form)
                return await self._page(request, asks, told=(made,))
            if act == "reset":
                return await self._page(request, asks, told=(await self.people.reset(admin, user),))
            if act == "change":
                await self.people.change(admin, user, **given, is_admin="is_admin" in form)
            elif act in ("disable", "enable"):
                await self.people.set_disabled(admin, user, disabled=act == "disable")
            elif act in ("preview", "save"):
                upload = sent.get("file")
                text = form.get("list", "") if not isinstance(upload, bytes) else await self._read(upload)
                if act == "save":
                    return await self._page(
                        request, asks, told=await self.people.take_in(admin, text), taken=True
                    )
                plan = await self.people.plan(admin, text)
                return await self._page(request, asks, plan=plan, list=text[:MAX_TEXT])
            else:
                raise Refusal("bad_request")
        except Refusal as refusal:
            return await self._page(request, asks, refusal=refusal, act=act, form=form)
        return RedirectResponse(f"{PEOPLE}?done={act}", 303)

    async def _read(self, upload: bytes) -> str:
        """A spreadsheet file as pasted cells, anything else as text."""
        if is_xlsx(upload):
            return await to_thread.run_sync(pasted, upload)
        return decode_upload(upload)

    async def _page(
        self, request: Request, asks: Asking, *, told: tuple[LetIn, ...] = (),
        refusal: Refusal | None = None, **context: Any,
    ) -> Response:  # fmt: skip
        empty: dict[str, Any] = {"plan": (), "list": "", "act": "", "form": {}, "taken": False}
        done = request.query_params.get("done", "")
        everybody = await self.people.list(asks.who.user)
        context = empty | context | {
            "people": everybody, "told": told, "refusal": refusal, "outcomes": tuple(Outcome),
            "done": done if done in ("change", "disable", "enable") else "",
        }  # fmt: skip
        return self.pages.shown(request, "people.html", asks, context, status_of(refusal) if refusal else 200)
