"""Every route of the application asked by everybody: what each of them is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from httpx2 import Response
from starlette.routing import Route

from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import Dossier, DossierKind
from duthao.domain.errors import Refusal
from duthao.domain.process import Rules
from duthao.domain.programmes import Programme, ProgrammeKind
from duthao.service.people import add_user
from duthao.store.dossiers import Event
from tests.support.office import PASSWORD, FakeRooms, Office

WHO = ("nobody", "stranger", "reader", "commenter", "editor", "lead", "administrator")
"""Signed out, signed in without a part in the document, its roles, an administrator without a part."""
OPEN, SIGN_IN, HIDDEN, FORBIDDEN = "yes", "sign in", "not there", "no"
NAMES = re.compile(r"\{(\w+)(?::\w+)?\}")
EDITION = {"edition": 1}
BODIES: dict[str, dict[str, Any]] = {
    "versions": {"name": "Bản một"},
    "restore": {"seq": 1},
    "settings": {"kept_locally": True},
    "{id}/model": {"model": False},
    "members/{user}": {"role": "reader"},
    "corrections": {"verdict": "apart", "before": "a", "after": "b"},
    "proposals/decide": {"proposals": [{"id": "x", "edition": 1}]},
    "proposals/{proposal}": EDITION,
    "withdraw": EDITION,
    "accept": EDITION,
    "reopen": EDITION,
    "decline": EDITION | {"answer": "Giữ nguyên."},
    "imports": {"text": "Điều 1. Phạm vi"},
    "comments": {"text": "Xem lại.", "anchor": {"on": "document"}},
    "forms": {"of": "party", "name": "Mẫu của văn phòng"},
    "forms/standard": {"form": "party"},
    "{id}/form": {"form": "party"},
    "replies": {"text": "Vâng."},
    "words/{comment}": EDITION | {"text": "Xem lại."},
    "remove": EDITION,
    "resolve": EDITION,
    "assign": EDITION | {"to": None},
    "parts": {"part": "person", "name": "Ông Ba"},
    "parts/{part}": {"part": "person", "name": "Ông Ba"},
    "steps": {"act": "gathered"},
    "{dossier}": {"title": "Hồ sơ", "rules": {}},
}
"""What is sent where words are read before the person is judged, by how the path ends."""


@contextmanager
def empty_rooms() -> Iterator[None]:
    """Rooms hold no shared document: who may ask for one is told that there is nothing."""

    async def nothing(*_words: Any, **_more: Any) -> None:
        raise Refusal("seq_not_found")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeRooms, "state_at", nothing)
        patch.setattr(FakeRooms, "__getattr__", lambda _self, _name: nothing, raising=False)
        yield


def routes(here: Office) -> Iterator[tuple[str, str]]:
    """(method, path) of all that the application answers, but for its static files."""
    for route in here.app.routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, route.path


class Everybody:
    """A browser for each of `WHO`, and a document on which the roles have their people."""

    def __init__(self, here: Office) -> None:
        self._here = here
        for name, is_admin in (("administrator", True), ("spare", False)):
            secret = here.services.sign_in.password_hash(PASSWORD)
            add_user(here.store, UserId(f"u-{name}"), name, name, "", secret, here.clock(), is_admin=is_admin)
        self._clients = {who: here.browser(None if who == "nobody" else who) for who in WHO}
        self._tokens = {who: here.csrf(self._clients[who]) for who in WHO if who != "nobody"}
        document = here.with_everybody()
        version = here.store.versions.for_document(document)[0].id  # type: ignore[arg-type]
        dossier = Dossier(
            "d", DocumentId(document), DossierKind.REVISION, "Sửa quy chế", "", Rules(), UserId("u-spare"), 1
        )
        here.store.dossiers.create(dossier, (), Event("d", 1, UserId("u-spare"), "begun", "{}"))
        year = Programme("p", ProgrammeKind.YEAR, "2027", "Năm 2027", "", "", here.users["lead"], 1)
        here.store.programmes.add(year)
        self.known = {"id": document, "version": version, "user": "u-spare", "seq": "1", "dossier": "d"}
        self.known["programme"] = year.id
        made = self._clients["administrator"].post("/api/forms", json=BODIES["forms"])
        self.known["key"] = made.json()["key"]

    def sent(
        self, who: str, method: str, path: str, query: dict[str, str], body: Any, **known: str
    ) -> Response:
        """The API's answer to any body at all, also one that no JSON of ours would be."""
        filled = NAMES.sub(lambda name: (self.known | known).get(name[1], "x"), path)
        return self._clients[who].request(
            method, filled, params=query, content=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip

    def told(self, who: str, method: str, path: str, **known: str) -> str:
        """What `who` is told at that route."""
        filled = NAMES.sub(lambda name: (self.known | known).get(name[1], "x"), path)
        client = self._clients[who]
        if path.startswith("/api/"):
            ends = (body for end, body in BODIES.items() if path.endswith(f"/{end}"))
            body = None if method == "GET" else next(ends, {})
            return judged(client.request(method, filled, json=body))
        if method == "GET":
            return judged(client.get(filled))
        return judged(
            client.request(method, filled, data={"csrf": known.get("csrf", self._tokens.get(who, ""))})
        )


def judged(answer: Response) -> str:
    status = answer.status_code
    if status == 401 or (status in (302, 303) and answer.headers["location"].startswith("/login")):
        return SIGN_IN
    if status == 403:
        return FORBIDDEN
    if status >= 500:
        return f"failed: {status}"
    if status == 404 and ("document_not_found" in answer.text or "dossier_not_found" in answer.text):
        return HIDDEN
    return OPEN
