"""The JSON API of docs/protocol/http.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline
from duthao.domain.structure import Parsed
from duthao.messages import Catalogue
from duthao.service.people import Colours
from duthao.settings import Settings
from duthao.store.ports import User, Version
from duthao.web.auth import address_of, clear_session, set_session, signed_in, token_of
from duthao.web.context import Asking, Handler, Web, api_routes, asking, say
from duthao.web.security import NUL, bounded_body, check_origin
from duthao.web.tables import SIDES, compared_table, warnings_json

MAX_KNOWN = 20_000


def user_json(user: User) -> dict[str, Any]:
    return {"id": user.id, "name": user.name, "username": user.username, "position": user.position}


def person_json(
    user_id: UserId | None,
    people: Mapping[UserId, User],
    colours: Colours = Colours(),  # never written to
) -> dict[str, str] | None:
    """Somebody as cards show them; nobody is None."""
    if user_id is None:
        return None
    found = people.get(user_id)
    return {
        "id": user_id,
        "name": "" if found is None else found.name,
        "position": "" if found is None else found.position,
        "color": colours[user_id],
    }


def version_json(version: Version) -> dict[str, Any]:
    return {
        "id": version.id,
        "kind": version.kind.value,
        "number": version.number,
        "name": version.name,
        "reason": version.reason,
        "seq": version.seq,
        "sha256": version.sha256,
        "people": list(version.people),
        "created_by": version.created_by,
        "created_at": version.created_at,
    }


def outline_json(recognised: Parsed, catalogue: Catalogue) -> dict[str, Any]:
    """What the parser recognised, for `POST /api/outline`."""
    document, front = recognised.document, recognised.document.front
    entries = outline(document).entries
    return {
        "provisions": [
            {"kind": e.provision.kind.value, "label": e.label, "text": e.provision.text, "level": e.level}
            for e in entries
        ],
        "counts": dict(Counter(p.kind.value for p in document.provisions)),
        "doubts": [
            {"line": d.line, "code": d.code, "message": catalogue(f"doubt.{d.code}")}
            for d in recognised.doubts
        ],
        "notes": [
            {"code": n.code, "count": n.count, "message": catalogue(f"note.{n.code}", count=n.count)}
            for n in recognised.notes
        ],
        "front": {
            name: list(value) if isinstance(value, tuple) else value
            for name in front.__slots__
            if (value := getattr(front, name))
        },
        "numbering": document.policy.value,
    }


def field(body: dict[str, Any], name: str, default: str | None = None) -> str:
    """A text field. Raises Refusal field_bad (`field`)."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise Refusal("field_bad", field=name)
    return value


def known_digests(body: dict[str, Any]) -> set[str]:
    """What the asker has already, by digest. Raises Refusal field_bad."""
    given = body.get("known", [])
    if (
        not isinstance(given, list)
        or len(given) > MAX_KNOWN
        or not all(isinstance(digest, str) for digest in given)
    ):
        raise Refusal("field_bad", field="known")
    return set(given)


def truth(body: dict[str, Any], name: str) -> bool:
    """Raises Refusal field_bad (`field`)."""
    value = body.get(name)
    if not isinstance(value, bool):
        raise Refusal("field_bad", field=name)
    return value


def optional(body: dict[str, Any], name: str) -> str | None:
    return None if body.get(name) is None else field(body, name)


def whole(body: dict[str, Any], name: str) -> int:
    """A whole number. Raises Refusal field_bad (`field`)."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refusal("field_bad", field=name)
    return value


def _whole_letters(text: str) -> str:
    """Without halves of letters, which JSON can say and UTF-8 cannot."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def sound(value: Any) -> Any:
    """A value of JSON whose texts every store and answer can hold: of whole letters, and without NUL."""
    match value:
        case str():
            return _whole_letters(value).replace(NUL, "")
        case list():
            return [sound(one) for one in value]
        case dict():
            return {sound(name): sound(one) for name, one in value.items()}
        case _:
            return value


async def json_body(request: Request, settings: Settings, *, with_text: bool = False) -> dict[str, Any]:
    """The JSON object sent. Raises Refusal origin_foreign, json_required, body_too_large, json_bad.

    With `with_text` its "text" comes as it was sent: by the NULs in it a file that is no text is known.
    """
    check_origin(request, settings)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refusal("json_required")
    most = settings.max_body_mib * 1024 * 1024 if with_text else settings.max_json_kib * 1024
    try:
        sent = json.loads(await bounded_body(request, most))
        body = sound(sent)
    except (ValueError, RecursionError):
        raise Refusal("json_bad") from None
    if not isinstance(body, dict):
        raise Refusal("json_bad")
    if with_text and isinstance(text := sent.get("text"), str):
        body["text"] = _whole_letters(text)
    return cast(dict[str, Any], body)


class Api:
    """Handlers; each is short because the use case does the work."""

    def __init__(self, web: Web) -> None:
        self.web, self.services = web, web.services

    def routes(self) -> list[Route]:
        document = "/api/documents/{id}"
        table: Sequence[tuple[str, str, Handler]] = (
            ("POST", "/api/login", self.login),
            ("POST", "/api/logout", self.logout),
            ("GET", "/api/documents", self.documents),
            ("POST", "/api/documents", self.create),
            ("POST", "/api/outline", self.outline),
            ("GET", f"{document}/text", self.text),
            ("POST", f"{document}/seen", self.seen),
            ("GET", f"{document}/comparison", self.comparison),
            ("POST", f"{document}/comparison/rows", self.rows),
            ("GET", f"{document}/versions", self.versions),
            ("POST", f"{document}/versions", self.save),
            ("POST", f"{document}/restore", self.restore),
            ("GET", f"{document}/members", self.members),
            ("PUT", f"{document}/settings", self.set_settings),
            ("PUT", f"{document}/members/{{user}}", self.set_member),
            ("DELETE", f"{document}/members/{{user}}", self.remove_member),
        )
        return api_routes(table)

    async def _body(self, request: Request, *, with_text: bool = False) -> dict[str, Any]:
        return await json_body(request, self.web.settings, with_text=with_text)

    async def login(self, request: Request) -> Response:
        body = await self._body(request)
        address = address_of(request)
        request.state.typed = field(body, "username")
        who, token = await self.services.sign_in.sign_in(
            field(body, "username"), field(body, "password"), address, token_of(request, self.web.settings),
            request.headers.get("user-agent", ""),
        )  # fmt: skip
        if who.session.awaits:
            code = field(body, "code") if "code" in body else ""
            if not code:
                raise Refusal("code_needed")
            who, token = await self.services.sign_in.finish(token, code, address)
        request.state.who = who
        response = JSONResponse({"user": user_json(who.user)})
        set_session(response, token, self.web.settings)
        return response

    async def logout(self, request: Request) -> Response:
        check_origin(request, self.web.settings)
        request.state.who = await signed_in(request, self.services.sign_in, self.web.settings)
        await self.services.sign_in.sign_out(token_of(request, self.web.settings))
        response = Response(status_code=204)
        clear_session(response, self.web.settings)
        return response

    async def _asking(self, request: Request) -> Asking:
        return await asking(request, self.web)

    async def documents(self, request: Request) -> Response:
        asks = await self._asking(request)
        listed = await self.services.documents.list(asks.who.user)
        return JSONResponse(
            {
                "documents": [
                    {
                        "id": item.record.id,
                        "title": item.record.title,
                        "role": item.role.value,
                        "changed": item.changed,
                        "last_edit": item.last_edit
                        and {
                            "at": item.last_edit,
                            "user": item.last_editor
                            and {"id": item.last_editor.id, "name": item.last_editor.name},
                        },
                    }
                    for item in listed
                ]
            }
        )

    async def create(self, request: Request) -> Response:
        asks = await self._asking(request)
        body = await self._body(request, with_text=True)
        document_id = await self.services.documents.create(
            asks.who.user, field(body, "title"), field(body, "text"), optional(body, "numbering")
        )
        return JSONResponse({"id": document_id}, 201, {"Location": f"/documents/{document_id}"})

    async def outline(self, request: Request) -> Response:
        asks = await self._asking(request)
        body = await self._body(request, with_text=True)
        recognised = await self.services.documents.recognise(field(body, "text"))
        return JSONResponse(await to_thread.run_sync(outline_json, recognised, asks.catalogue))

    async def text(self, request: Request) -> Response:
        asks = await self._asking(request)
        access = await self.services.documents.open(asks.who.user, request.path_params["id"])
        side = await self.services.comparisons.side(access, request.query_params.get("version"), "draft")
        return PlainTextResponse(await to_thread.run_sync(self.services.writers.text, side.document))

    async def comparison(self, request: Request) -> Response:
        asks = await self._asking(request)
        access = await self.services.documents.open(asks.who.user, request.path_params["id"])
        found = await self.services.comparisons.compared(access, *map(request.query_params.get, SIDES))
        body = await to_thread.run_sync(self.services.writers.comparison, found.comparison, found.later)
        return Response(body, media_type="application/json")

    async def rows(self, request: Request) -> Response:
        asks = await self._asking(request)
        body = await self._body(request)
        known = known_digests(body)
        access = await self.services.documents.open(asks.who.user, request.path_params["id"])
        sides = {name: optional(body, name) for name in SIDES}
        found, table = await compared_table(self.services, access, sides, asks.catalogue)
        templates = self.web.templates

        def render() -> list[dict[str, Any]]:
            return [
                {"key": row.key, "digest": row.digest}
                | ({} if row.digest in known else {"html": templates.comparison_row(row, asks.catalogue)})
                for row in table.rows
            ]

        statistics = table.statistics
        return JSONResponse(
            {
                "seq": (found.third or found.after).seq,
                **warnings_json(found, asks.catalogue),
                "rows": await to_thread.run_sync(render),
                "statistics": {
                    "articles_before": statistics.articles_before,
                    "articles_after": statistics.articles_after,
                    "articles_changed": statistics.articles_changed,
                    "rows_by_class": {c.value: n for c, n in statistics.rows_by_class},
                },
            }
        )

    async def seen(self, request: Request) -> Response:
        """Somebody leaves the drafting room: what stood there then they have seen."""
        asks = await self._asking(request)
        check_origin(request, self.web.settings)
        access = await self.services.documents.open(asks.who.user, request.path_params["id"])
        await self.services.documents.seen(access)
        return Response(status_code=204)

    async def versions(self, request: Request) -> Response:
        asks = await self._asking(request)
        found = await self.services.versions.list(asks.who.user, request.path_params["id"])
        return JSONResponse({"versions": [version_json(version) for version in found]})

    async def save(self, request: Request) -> Response:
        asks = await self._asking(request)
        body = await self._body(request)
        numbered = body.get("numbered", False)
        if not isinstance(numbered, bool):
            raise Refusal("field_bad", field="numbered")
        user, id_ = asks.who.user, request.path_params["id"]
        name, reason = field(body, "name", "" if numbered else None), field(body, "reason", "")
        if body.get("seq") is None:
            version = await self.services.versions.save(user, id_, name, reason, numbered)
        elif numbered:
            # A numbered draft is what lies before a meeting: the draft as it is, not as it was.
            raise Refusal("field_bad", field="numbered")
        else:
            version = await self.services.history.keep(user, id_, whole(body, "seq"), name, reason)
        return JSONResponse({"id": version.id, "number": version.number}, 201)

    async def restore(self, request: Request) -> Response:
        asks = await self._asking(request)
        body = await self._body(request)
        user, id_ = asks.who.user, request.path_params["id"]
        kept = asks.catalogue("web.version.before_restore")
        if body.get("seq") is None:
            seq = await self.services.versions.restore(user, id_, field(body, "version"), kept)
        else:
            provision = optional(body, "provision")
            seq = await self.services.history.restore(user, id_, whole(body, "seq"), kept, provision)
        return JSONResponse({"seq": seq})

    async def members(self, request: Request) -> Response:
        asks = await self._asking(request)
        found = await self.services.members.list(asks.who.user, request.path_params["id"])
        return JSONResponse({"members": [{"user": user_json(m.user), "role": m.role.value} for m in found]})

    async def set_settings(self, request: Request) -> Response:
        asks = await asking(request, self.web)
        body = await json_body(request, self.web.settings)
        kept, named = (truth(body, key) if key in body else None for key in ("kept_locally", "watermarked"))
        secrecy = field(body, "secrecy") if "secrecy" in body else None
        title = field(body, "title") if "title" in body else None
        say(request, **{key: str(body[key])[:20] for key in ("secrecy", "watermarked") if key in body})
        await self.services.documents.handle(
            asks.who.user, request.path_params["id"],
            title=title, kept_locally=kept, secrecy=secrecy, watermarked=named,
        )  # fmt: skip
        return Response(status_code=204)

    async def set_member(self, request: Request) -> Response:
        asks = await self._asking(request)
        body = await self._body(request)
        say(request, role=field(body, "role")[:20])
        await self.services.members.set_role(
            asks.who.user, request.path_params["id"], request.path_params["user"], field(body, "role")
        )
        return Response(status_code=204)

    async def remove_member(self, request: Request) -> Response:
        asks = await self._asking(request)
        check_origin(request, self.web.settings)
        say(request, act="remove")
        await self.services.members.remove(
            asks.who.user, request.path_params["id"], request.path_params["user"]
        )
        return Response(status_code=204)
