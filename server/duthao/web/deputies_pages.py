"""The page on which one hands one's part to another for a time."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.delegations import Delegation, DutyPart
from duthao.domain.errors import Refusal
from duthao.messages import Catalogue
from duthao.service.deputies import Handable
from duthao.web.context import Asking, asking, say
from duthao.web.dossier_story import duty_words
from duthao.web.errors import status_of
from duthao.web.pages import Pages, texts

DEPUTIES = "/deputies"


class DeputiesPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.deputies = pages, pages.services.deputies

    def routes(self) -> list[Route]:
        return self.pages.routed((("GET", DEPUTIES, self.page), ("POST", DEPUTIES, self.change)))

    async def page(self, request: Request) -> Response:
        return await self._page(request, await asking(request, self.pages.web))

    async def _page(
        self, request: Request, asks: Asking, typed: Mapping[str, str] | None = None,
        refusal: Refusal | None = None,
    ) -> Response:  # fmt: skip
        context = {
            "mine": await self.deputies.mine(asks.who.user), "typed": typed or {}, "refusal": refusal,
            "part_words": part_words, "kind_words": kind_words, "done": "done" in request.query_params,
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "deputies.html", asks, context, status)

    async def change(self, request: Request) -> Response:
        """`act`: give (`part`, `deputy`, `begins`, `ends`, `reason`), end (`delegation`)."""
        asks = await asking(request, self.pages.web)
        form = texts(await self.pages.form(request, asks.who.session.csrf))
        act = form.get("act", "")
        try:
            if act == "give":
                made = await self.deputies.give(asks.who.user, form)
            elif act == "end":
                made = await self.deputies.end(asks.who.user, form.get("delegation", ""))
            else:
                raise Refusal("bad_request")
        except Refusal as refusal:
            return await self._page(request, asks, form, refusal)
        say(
            request, act=act, document=made.document_id, part=made.part.value, giver=made.giver,
            deputy=made.deputy, begins=made.begins, ends=made.ends,
        )  # fmt: skip
        return RedirectResponse(f"{DEPUTIES}?done=1", 303)


def part_words(one: Handable, t: Catalogue) -> str:
    """What can be handed over, as it is offered."""
    if one.part is DutyPart.ANSWERS:
        said = t("deputies.part.round", what=one.said)
    elif one.duty is not None:
        said = t("deputies.part.step", what=duty_words(one.duty, t))
    else:
        said = t(f"deputies.part.{one.part.value}")
    return t("deputies.part.of", what=said, title=one.document.title)


def kind_words(one: Delegation, t: Catalogue) -> str:
    """What was handed over."""
    return t(f"deputies.part.{one.part.value}{'_one' if one.about else ''}")
