"""A document and the people of it, each with a browser at one service.

settings = house_of_people(folder); document = document_of(settings, TEXT)
class Room(Meeting): ...      # what a suite does there
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio

from duthao.bootstrap import open_services
from duthao.domain.document import DocumentId, UserId
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.support.office import PASSWORD, TestClient
from tests.support.served import house_in, person

PEOPLE = ("an", "binh", "gop", "khac", "xem", "la")
Json = dict[str, Any]


def house_of_people(folder: Path) -> Settings:
    made = house_in(folder)

    async def settle() -> None:
        async with open_services(made) as services:
            for name in PEOPLE:
                person(services, name)

    anyio.run(settle)
    return made


def document_of(settings: Settings, text: str) -> DocumentId:
    """Led by an, edited by binh; gop comments, khac too, xem reads; la is nobody in it."""

    async def live() -> DocumentId:
        async with open_services(settings) as services:
            store = services.tools.store
            an = store.users.get(UserId("an"))
            assert an is not None
            made = await services.documents.create(an, "Quy chế", text)
            roles = {"binh": Role.EDITOR, "gop": Role.COMMENTER, "khac": Role.COMMENTER, "xem": Role.READER}
            for name, role in roles.items():
                store.documents.set_member(Membership(made, UserId(name), role))
            return made

    return anyio.run(live)


class Meeting:
    def __init__(self, client: TestClient, document: str) -> None:
        self.client, self.path = client, f"/api/documents/{document}"
        self.sessions: dict[str, dict[str, str]] = {}

    def enter(self, name: str) -> None:
        """As this person; each signs in once."""
        self.client.cookies.clear()
        if name in self.sessions:
            self.client.cookies.update(self.sessions[name])
            return
        signed_in = self.client.post("/api/login", json={"username": name, "password": PASSWORD})
        assert signed_in.status_code == 200
        self.sessions[name] = dict(self.client.cookies)

    def send(self, name: str, to: str, expect: int | str = 201, method: str = "POST", /, **body: Any) -> Json:
        """What is answered to this person; `expect` is the status, or the code of a refusal."""
        self.enter(name)
        answer = self.client.request(method, f"{self.path}{to}", json=body)
        got: Json = answer.json() if answer.content else {}
        told: int | str = got["error"]["code"] if "error" in got else answer.status_code
        assert told == expect, got
        return got

    def provisions(self) -> list[Json]:
        end = self.client.get(f"{self.path}/timeline").json()["end"]
        found: list[Json] = self.client.get(f"{self.path}/at/{end}").json()["provisions"]
        return found
