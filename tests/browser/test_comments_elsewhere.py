"""Comments from where the text is only read: the comparison's cells and a version's page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SignIn, made_document, shot
from tests.browser.test_accessibility import violations
from tests.browser.test_proposals import CLAUSE, TEXT
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

WORDS = "mỗi tháng một lần"
SELECT = """([where, words]) => {
  const line = [...document.querySelectorAll(where)].find(one => one.textContent.includes(words))
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode, at = node.data.indexOf(words)
    if (at >= 0) document.getSelection().setBaseAndExtent(node, at, node, at + words.length)
  }
}"""


@pytest.fixture
def draft(server: LiveServer, request: pytest.FixtureRequest) -> tuple[str, str, Api]:
    """A document that lan comments on and minh reads, with one kept version, and hanh at its API."""
    address = made_document(server, f"Góp ý {request.node.name}", TEXT, lan="commenter", minh="reader")
    api = Api(server.address).sign_in("hanh", PASSWORD)
    made = api.json(
        "POST", f"/api{address.removeprefix(server.address)}/versions", {"name": "Gửi xin ý kiến"}, 201
    )
    return address, made["id"], api


def threads(api: Api, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.json("GET", f"/api/documents/{address.split('/')[-1]}/comments")[
        "threads"
    ]
    return found


def say(page: Page, words: str) -> None:
    page.locator(".comments-here textarea").fill(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comments-here > [role=status]")).to_contain_text("Đã gửi góp ý.")


@pytest.mark.parametrize("width", [360, 1440])
def test_words_of_a_cell_are_commented_on(width: int, sign_in: SignIn, draft: tuple[str, str, Api]) -> None:
    address, version, api = draft
    page = sign_in("lan", width=width)
    page.goto(f"{address}/comparison?before={version}&after=draft")
    if not page.locator("#changed-only").is_visible():
        page.locator(".tools > summary").first.click()
    page.uncheck("#changed-only")
    page.evaluate(SELECT, ["td.after [data-on]", WORDS])
    page.locator(".comment-floating").click()
    expect(page.locator(".comments-here")).to_contain_text(WORDS)
    shot(page, f"comment-cell-{width}")
    assert not violations(page)
    say(page, "Nên là mỗi quý.")
    row = page.locator("#rows tr", has_text=CLAUSE)
    expect(row.locator(".comment-count")).to_have_text("1 góp ý")
    # The whole provision, by keys alone.
    row.locator(".comment-here").focus()
    page.keyboard.press("Enter")
    say(page, "Cả khoản này cần bàn thêm.")
    expect(row.locator(".comment-count")).to_have_text("2 góp ý")
    shot(page, f"comment-row-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first, second = threads(api, address)
    assert first["anchor"]["on"] == "provision"
    assert second["anchor"]["quote"] == WORDS
    assert second["anchor"]["standing"] == "here"
    assert second["anchor"]["made_on"]["version"] is None
    row.locator(".comment-count").click()
    expect(page.locator(".comment-card.is-active")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_a_version_is_commented_on_for_the_live_draft(
    width: int, sign_in: SignIn, draft: tuple[str, str, Api]
) -> None:
    address, version, api = draft
    page = sign_in("lan", width=width)
    page.goto(f"{address}/versions/{version}")
    page.evaluate(SELECT, ["[data-on]", WORDS])
    page.locator(".comment-floating").click()
    say(page, "Nên là mỗi quý.")
    line = page.locator("[data-on]", has_text=CLAUSE)
    expect(line.locator(".comment-count")).to_have_text("1 góp ý")
    line.locator(".comment-here").focus()
    shot(page, f"comment-version-{width}")
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    (thread,) = threads(api, address)
    assert thread["anchor"]["quote"] == WORDS
    assert thread["anchor"]["standing"] == "here"
    assert thread["anchor"]["made_on"] | {"seq": 0} == {
        "seq": 0, "version": version, "name": "Gửi xin ý kiến",
    }  # fmt: skip
    # Who reads sees the count, and is offered nothing.
    reader = sign_in("minh", width=width)
    reader.goto(f"{address}/versions/{version}")
    expect(reader.locator(".comment-count")).to_have_count(1)
    expect(reader.locator(".comment-here")).to_have_count(0)
