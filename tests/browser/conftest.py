"""One demonstration server for all browser tests, and people with a browser each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    expect,
    sync_playwright,
)

from tests.conftest import absent
from tests.support.live_server import Api, LiveServer

# Not a bar: on a busy machine the browser has its turn late.
expect.set_options(timeout=40_000)

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


def chromium() -> str:
    """Where this machine's Chromium is."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("DUTHAO_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None or not Path(path).exists():
        absent("a Chromium")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield found
        found.close()


def is_against_policy(said: str) -> bool:
    """Whether the browser stopped something for the content policy, Trusted Types among it."""
    return "Content Security" in said or "TrustedHTML" in said or "TrustedScript" in said


@pytest.fixture
def sign_in(server: LiveServer, browser: Browser) -> Iterator[SignIn]:
    """`sign_in("hanh", width=1440)` gives that person's page; what fails in a script, or is against
    the policy, fails the test.
    """
    contexts: list[BrowserContext] = []
    failures: list[str] = []

    def enter(username: str, width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(f"{username}: {error}"))
        page.on("console", lambda said: failures.append(said.text) if is_against_policy(said.text) else None)
        # Once is enough for each person: every password takes the server's two cores a tenth of a second.
        known = SIGNED_IN.get((server.address, username), [])
        context.add_cookies(known)
        page.goto(server.address if known else f"{server.address}/login")
        if "/login" in page.url:
            page.fill("[name=username]", username)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
        expect(page.locator(".list")).to_be_visible()
        SIGNED_IN[server.address, username] = list(context.cookies())
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not failures, failures


SIGNED_IN: dict[tuple[str, str], list[Any]] = {}
"""The cookies of each person at each address, as a context gives and takes them."""
LEADS: dict[str, Api] = {}


def lead_of(server: LiveServer) -> Api:
    """Hanh's calls at this server, signed in once."""
    if server.address not in LEADS:
        LEADS[server.address] = Api(server.address).sign_in("hanh", PASSWORD)
    return LEADS[server.address]


KNOWN: dict[str, dict[str, str]] = {}
"""Who is in the house at each address: nobody is added while tests run."""


def people_of(api: Api) -> dict[str, str]:
    """Who is in the house, id by name: the members of all that this person sees."""
    if api.address not in KNOWN:
        KNOWN[api.address] = {
            member["user"]["username"]: member["user"]["id"]
            for document in api.json("GET", "/api/documents")["documents"]
            for member in api.json("GET", f"/api/documents/{document['id']}/members")["members"]
        }
    return KNOWN[api.address]


def made_document(server: LiveServer, title: str, text: str, **roles: str) -> str:
    """The address of a new document, led by hanh, with these people in these roles."""
    api = lead_of(server)
    people = people_of(api) if roles else {}
    made = api.json("POST", "/api/documents", {"title": title[:200], "text": text}, 201)["id"]
    for name, role in roles.items():
        api.json("PUT", f"/api/documents/{made}/members/{people[name]}", {"role": role}, 204)
    return f"{server.address}/documents/{made}"


def open_draft(page: Page, title: str = "Quy chế làm việc của Ban Dân dụng") -> str:
    """Open the drafting room of the document whose title holds `title`; gives its address."""
    link = page.locator(".list a", has_text=title).first
    link.click()
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page.url


def shot(page: Page, name: str) -> None:
    """A picture to look at, where DUTHAO_SHOTS names a folder for it."""
    folder = os.environ.get("DUTHAO_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
