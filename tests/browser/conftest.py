"""One demonstration server for all browser tests, and people with a browser each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import absent
from tests.support.live_server import Api, LiveServer

PASSWORD = "duthao-trinh-dien"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    house = LiveServer(tmp_path_factory.mktemp("house"))
    house.start()
    yield house
    house.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("DUTHAO_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None or not Path(path).exists():
        absent("a Chromium")
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def sign_in(server: LiveServer, browser: Browser) -> Iterator[SignIn]:
    """`sign_in("hanh", width=1440)` gives that person's page; script errors fail the test."""
    contexts: list[BrowserContext] = []
    failures: list[str] = []

    def enter(username: str, width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(f"{username}: {error}"))
        page.goto(f"{server.address}/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        expect(page.locator(".list")).to_be_visible()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not failures, failures


def people_of(api: Api) -> dict[str, str]:
    """Who is in the house, id by name: the members of all that this person sees."""
    return {
        member["user"]["username"]: member["user"]["id"]
        for document in api.json("GET", "/api/documents")["documents"]
        for member in api.json("GET", f"/api/documents/{document['id']}/members")["members"]
    }


def made_document(server: LiveServer, title: str, text: str, **roles: str) -> str:
    """The address of a new document, led by hanh, with these people in these roles."""
    api = Api(server.address).sign_in("hanh", PASSWORD)
    people = people_of(api)
    made = api.json("POST", "/api/documents", {"title": title[:200], "text": text}, 201)["id"]
    for name, role in roles.items():
        api.json("PUT", f"/api/documents/{made}/members/{people[name]}", {"role": role}, 204)
    return f"{server.address}/documents/{made}"


def open_draft(page: Page, title: str = "Quy chế") -> str:
    """Open the drafting room of the document whose title holds `title`; gives its address."""
    link = page.locator(".list a", has_text=title).first
    link.click()
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page.url
