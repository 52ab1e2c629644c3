"""The house's forms on pages: the list, one of them to look at or edit, and the choice for a document."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.errors import Refusal
from duthao.domain.form_profile import (
    BOUNDS,
    BUILT_IN,
    PARTS,
    TRAITS,
    Choice,
    FormProfile,
    Number,
    Pattern,
    Truth,
    Words,
    profile_from,
    profile_value,
)
from duthao.messages import Catalogue
from duthao.service.access import Permission
from duthao.web.context import Asking, administrator
from duthao.web.errors import status_of
from duthao.web.pages import Pages
from duthao.web.templating import form_name

FORMS = "/house/forms"
FIELDS = 300
"""Fields of the form: some forty values, twenty parts of five, and what is pressed."""

GROUPS: Mapping[str, Sequence[str]] = {
    "page": ("top", "bottom", "left", "right", "font", "page_place", "page_first"),
    "lines": ("line_rule", "line", "before", "first_line"),
    "head": ("family", "motto", "slogan", "motto_rule", "body_rule"),
    "number": ("number_word", "number_pattern", "number_digits", "number_run", "date_pattern", "day_zero",
               "month_zero", "cite_comma"),
    "body": ("title_rule", "base_dash", "base_last", "divisions", "heading_sign", "clause_sign", "body_end"),
    "foot": ("on_behalf", "in_place", "by_order", "empowered", "recipients_word", "recipients_last",
             "draft_mark", "draft_boxed"),
}  # fmt: skip
"""Every field with a bound once, as the page shows them."""


def value_of(sent: Mapping[str, str | bytes], held: FormProfile) -> dict[str, Any]:
    """What was typed as the JSON value of a profile; what is no number stays words and is refused there."""
    typed = {name: value if isinstance(value, str) else "" for name, value in sent.items()}
    value = profile_value(held) | {"name": typed.get("name", "").strip()}
    for name, bound in BOUNDS.items():
        match bound:
            case Truth():
                value[name] = name in typed
            case Number():
                value[name] = _number(typed.get(name, ""), whole=bound.whole)
            case Words() | Pattern() | Choice():
                value[name] = typed.get(name, "")
    value["styles"] = {
        part: {
            "size": _number(typed.get(f"{part}.size", "")),
            **{trait: f"{part}.{trait}" in typed for trait in TRAITS},
        }
        for part in PARTS
    }
    lines = (line.partition("=") for line in typed.get("codes", "").splitlines() if line.strip())
    value["codes"] = {type_.strip(): code.strip() for type_, _, code in lines}
    return value


def _number(text: str, *, whole: bool = False) -> float | str:
    """Vietnamese writes 12,7; the browser sends 12.7."""
    with contextlib.suppress(ValueError):
        number = float(text.strip().replace(",", "."))
        return int(number) if number.is_integer() and (whole or abs(number) < 1e6) else number
    return text


class FormsPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.forms = pages, pages.services.forms
        self.picture = pages.services.writers.form_picture

    def routes(self) -> list[Route]:
        one = f"{FORMS}/{{key}}"
        table = (
            ("GET", FORMS, self.list),
            ("POST", FORMS, self.act),
            ("GET", one, self.one),
            ("POST", one, self.change),
            ("POST", "/documents/{id}/form", self.choose),
        )
        return self.pages.routed(table)

    async def list(self, request: Request) -> Response:
        return await self._list(request, await administrator(request, self.pages.web))

    async def _list(self, request: Request, asks: Asking, refusal: Refusal | None = None) -> Response:
        context = {
            "forms": await self.forms.all(), "built_in": BUILT_IN,
            "refusal": refusal, "copied": request.query_params.get("of", ""),
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "forms.html", asks, context, status)

    async def act(self, request: Request) -> Response:
        """Makes a copy, or another form the standard."""
        asks = await administrator(request, self.pages.web)
        form = await self.pages.form(request, asks.who.session.csrf)
        user = asks.who.user
        try:
            if "standard" in form:
                await self.forms.make_standard(user, str(form["standard"]))
                return RedirectResponse(FORMS, 303)
            made = await self.forms.copy(user, str(form.get("of", "")), str(form.get("name", "")))
        except Refusal as refusal:
            return await self._list(request, asks, _labelled(refusal, asks.catalogue))
        return RedirectResponse(f"{FORMS}/{made.key}", 303)

    async def _held(self, request: Request) -> FormProfile:
        held = (await self.forms.all()).get(request.path_params["key"])
        if held is None:
            raise Refusal("form_not_found")
        return held

    async def one(self, request: Request) -> Response:
        asks = await administrator(request, self.pages.web)
        held = await self._held(request)
        return await self._one(request, asks, held, profile_value(held))

    async def change(self, request: Request) -> Response:
        """Keeps, shows, resets or removes; a script that wants the picture alone gets it."""
        asks = await administrator(request, self.pages.web)
        held = await self._held(request)
        form = await self.pages.form(request, asks.who.session.csrf, fields=FIELDS)
        user, here = asks.who.user, f"{FORMS}/{held.key}"
        value = value_of(form, held)
        try:
            if "remove" in form:
                await self.forms.remove(user, held.key)
                return RedirectResponse(FORMS, 303)
            if "reset" in form:
                await self.forms.reset(user, held.key)
                return RedirectResponse(f"{here}?saved=1", 303)
            if "save" in form:
                await self.forms.change(user, held.key, value)
                return RedirectResponse(f"{here}?saved=1", 303)
            shown = profile_from(value)
        except Refusal as refusal:
            if _wants_picture(request):
                raise
            return await self._one(request, asks, held, value, refusal)
        if _wants_picture(request):
            return Response(await self._picture(shown, asks), media_type="image/png")
        return await self._one(request, asks, shown, value)

    async def _picture(self, form: FormProfile, asks: Asking) -> bytes:
        return await to_thread.run_sync(self.picture, form, asks.catalogue)

    async def _one(
        self, request: Request, asks: Asking, form: FormProfile, value: Mapping[str, Any],
        refusal: Refusal | None = None,
    ) -> Response:  # fmt: skip
        """`form` is what the picture shows, `value` what stands in the fields."""
        drawn, unseen = "", None
        try:
            drawn = base64.b64encode(await self._picture(form, asks)).decode("ascii")
        except Refusal as no_picture:  # the form can be edited all the same
            unseen = no_picture
        context = {
            "form": form, "value": value, "groups": GROUPS, "bounds": BOUNDS,
            "parts": PARTS, "traits": TRAITS,
            "name": form_name(form, asks.catalogue), "built_in": form.key in BUILT_IN,
            "picture": drawn, "unseen": unseen,
            "refusal": refusal and _labelled(refusal, asks.catalogue),
            "faulty": str(refusal.details.get("field", "")) if refusal else "",
            "saved": "saved" in request.query_params,
        }  # fmt: skip
        status = status_of(refusal) if refusal else 200
        return self.pages.shown(request, "form.html", asks, context, status)

    async def choose(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request, Permission.WRITE)
        form = await self.pages.form(request, asks.who.session.csrf)
        await self.forms.choose(asks.who.user, access.id, str(form.get("form", "")))
        return RedirectResponse(f"/documents/{access.id}/versions#form", 303)


def _wants_picture(request: Request) -> bool:
    return request.headers.get("accept", "") == "image/png"


def _labelled(refusal: Refusal, catalogue: Catalogue) -> Refusal:
    """The refusal with the field called as the page calls it."""
    name = str(refusal.details.get("field", ""))
    if not name:
        return refusal
    part = name.split(".")[1] if name.startswith("styles.") else ""
    label = catalogue(f"forms.part.{part}") if part else catalogue(f"forms.field.{name}")
    return Refusal(refusal.code, **{**refusal.details, "field": label})
