"""axe-core on every page and state, wide in light and narrow in dark: no violation (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, SignIn, made_document
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "client" / "node_modules" / "axe-core" / "axe.min.js"
WIDE = 1440
LOOKS = [(WIDE, "light"), (360, "dark")]
"""Widths change what is there, schemes only its colours: not all four are needed. High contrast is looked at
on the wide pages, without coming to them once more."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, context: str = "document", rules: Sequence[str] = ()) -> list[str]:
    """What axe finds, one line for each element: the rule, where, and why. `rules`: these and no others."""
    # Evaluated, not added as a script: the pages' security policy forbids what is not ours.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        f"only => axe.run({context}, {{runOnly: only, resultTypes: ['violations']}})", list(rules) or TAGS
    )
    assert found["passes"], "axe looked at nothing"
    return [
        f"{page.url} {one['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def faint_in_high_contrast(page: Page) -> list[str]:
    """Words with less than 7:1 (4.5:1 where large) for those who ask their system for more contrast."""
    page.emulate_media(contrast="more")
    found = violations(page, rules=["color-contrast-enhanced"])
    page.emulate_media(contrast="no-preference")
    return found


PAGES = {
    "documents": "",
    "new document": "/documents/new",
    "import": "/documents/import",
    "room": "{document}",
    "comparison": "{document}/comparison",
    "instrument": "{document}/instrument",
    "versions": "{document}/versions",
    "take back": "{document}/return",
    "version": "{version}",
    "history": "{document}/history",
    "members": "{document}/members",
    "dossiers": "/dossiers",
    "new dossier": "/dossiers/new",
    "dossier": "{document}/dossier",
    "wording": "/house/wording",
    "notifications": "/notifications",
    "search": "/search?q=điều",
    "tasks": "/tasks",
    "account": "/account",
    "nothing there": "/documents/none",
    "a dossier half way": "{regulation}/dossier",
    "rounds": "{regulation}/rounds",
    "round": "{round}",
    "answer": "{round}/answer",
    "a round's paper": "{round}/paper",
    "opinions": "{regulation}/opinions",
    "an opinion": "{opinion}",
    "opinions suggested as one": "{regulation}/opinions/suggestions",
    "my opinions": "{regulation}/opinions/mine",
    "meeting": "{regulation}/meeting",
    "tasks suggested": "{regulation}/tasks",
    "audit of a document": "{regulation}/audit",
    "programmes": "/programmes",
    "a programme": "{programme}",
    "deputies": "/deputies",
    "people": "/house/people",
    "units": "/house/units",
    "forms": "/house/forms",
    "a form": "/house/forms/party",
    "terms": "/house/terms",
    "templates": "/house/templates",
    "audit": "/house/audit",
}
UNSAID = re.compile(r"\[[a-z]+\.[a-z_.]+\]")
"""How the page shows a sentence that is in no catalogue."""
ROUND = re.compile(r'href="(/rounds/[\w-]{8,})"')
OPINION = re.compile(r'data-open href="(/documents/[\w-]+/opinions/[^"?]+)')


def addresses(server: LiveServer) -> dict[str, str]:
    api = Api(server.address).sign_in("hanh", PASSWORD)
    # The demonstration: what other tests made last may have no change to pair.
    mine = {one["title"]: f"/documents/{one['id']}" for one in api.json("GET", "/api/documents")["documents"]}
    document, regulation = (
        mine["Luật Kiểm toán nhà nước"],
        mine["Quy chế làm việc của Ban Dân dụng và Công nghiệp"],
    )
    if not any(document.endswith(one["document"]) for one in api.json("GET", "/api/dossiers")["dossiers"]):
        api.json("POST", "/api/dossiers", {"document": document.rpartition("/")[2]}, 201)
    version = api.json("GET", f"/api{document}/versions")["versions"][0]["id"]

    known_programmes = api.json("GET", "/api/programmes")["programmes"]
    programme = known_programmes[0]["id"] if known_programmes else api.json(
        "POST", "/api/programmes", {"kind": "year", "period": "2027", "name": "Chương trình năm 2027"}, 201
    )["id"]  # fmt: skip

    def first(pattern: re.Pattern[str], path: str) -> str:
        found = pattern.search(api.call("GET", path)[1].decode())
        assert found, path
        return found[1]

    known = {
        "document": document, "version": f"{document}/versions/{version}", "regulation": regulation,
        "programme": f"/programmes/{programme}",
        "round": first(ROUND, f"{regulation}/rounds"), "opinion": first(OPINION, f"{regulation}/opinions"),
    }  # fmt: skip
    return {name: server.address + path.format(**known) for name, path in PAGES.items()}


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page(sign_in: SignIn, server: LiveServer, width: int, scheme: Any) -> None:
    page = sign_in("hanh", width=width)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for address in addresses(server).values():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found += violations(page)
        if width == WIDE:
            found += faint_in_high_contrast(page)
    assert found == []


# 720 is 1440 at 200 %.
@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("en", 360), ("vi", 720), ("en", 2560)])
def test_no_page_is_wider_than_its_screen_or_lacks_words(
    sign_in: SignIn, server: LiveServer, language: str, width: int
) -> None:
    # A title nobody would break, in every list and choice of documents.
    made_document(server, "Quychế" * 30, "Điều 1. Phạm vi\n1. Họp.")
    page = sign_in("hanh", width=width)
    found = []
    for name, address in addresses(server).items():
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        if name == "room":
            expect(page.locator(".ProseMirror")).to_be_visible()
            page.wait_for_load_state("networkidle")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{address} is {wide} wide")
        found += [f"{address} lacks {key}" for key in UNSAID.findall(page.inner_text("body"))]
    assert found == []


@pytest.mark.parametrize("width", [360, 1440])
def test_signing_in_and_its_refusal(browser: Browser, server: LiveServer, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{server.address}/login")
    found = violations(page)
    page.fill("[name=username]", "khong-co")
    page.fill("[name=password]", "khong-phai-mat-khau")
    page.click("main button")
    expect(page.get_by_role("alert")).to_be_visible()
    found += violations(page)
    context.close()
    assert found == []


def click(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.evaluate("element => element.click()")


def look_for(words: str) -> Callable[[Page], None]:
    """Find and replace, both lines of it."""

    def enter(page: Page) -> None:
        page.keyboard.press("Control+h")
        page.locator("#find .find-line:first-child input").fill(words)

    return enter


STATES: dict[str, tuple[str, Callable[[Page], None], str]] = {
    "review": ("room", click("#show-review"), "#review-state:not(:empty)"),
    "beside": ("room", click("#show-beside"), "#beside-text .provision"),
    "comments": ("room", click("#show-comments"), "#comments-empty:not([hidden]), .comment-card"),
    "a comment": ("room", click("#comment"), ".is-new textarea"),
    "authors": ("room", click("#show-authors"), "#authors[open]"),
    "menu": ("room", click("#show-menu"), "#menu:popover-open"),
    "one article": ("room", click(".view button:nth-of-type(5)"), ".view [aria-pressed=true]"),
    "reading": ("room", click(".view button:last-child"), "body.undisturbed"),
    "find": ("room", look_for("nhà nước"), ".find-count:not(:empty)"),
    "shortcuts": ("room", click("#show-shortcuts"), "#shortcuts[open]"),
    "bases": ("room", click("#show-bases"), "dialog.bases[open]"),
    "a reference": ("room", click("#insert-reference"), "#reference-picker[open]"),
    "above and below": ("room", click("#show-front"), "#front[open]"),
    "a new table": ("room", click("#insert-table"), "#new-table[open]"),
    "pairing": ("comparison", click("#rows tr:not([hidden]) .pair-button"), "#pair[open]"),
}


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_state(sign_in: SignIn, server: LiveServer, width: int, scheme: Any) -> None:
    page = sign_in("hanh", width=width)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found, known = [], addresses(server)
    for where, enter, sign in STATES.values():
        page.goto(known[where])
        page.wait_for_load_state("networkidle")
        if where == "room":
            expect(page.locator(".ProseMirror")).to_be_visible()
            page.locator(".ProseMirror .provision").nth(3).click()
        enter(page)
        expect(page.locator(sign).first).to_be_visible()
        found += violations(page)
        if width == WIDE:
            found += faint_in_high_contrast(page)
    assert found == []
