"""A long draft: what is far from the screen is skipped, and whatever comes into sight is drawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document, shot
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

ARTICLES = 150
TEXT = "\n".join(
    f"Điều {n}. Chế độ làm việc thứ {n}\n"
    + "\n".join(f"{k}. Ban Thường vụ họp định kỳ, kỳ {k} của điều {n}, theo quy chế." for k in range(1, 5))
    for n in range(1, ARTICLES + 1)
)
IN_SIGHT = """() => {
  const desk = document.querySelector('.desk').getBoundingClientRect()
  return [...document.querySelectorAll('.sheet-text > .provision')].filter(one => {
    const box = one.getBoundingClientRect()
    return box.height > 0 && box.bottom > desk.top && box.top < desk.bottom
  }).map(one => [one.textContent, one.checkVisibility({ contentVisibilityAuto: true })])
}"""
FAR = """() => [...document.querySelectorAll('.sheet-text > .provision')]
  .filter(one => getComputedStyle(one).contentVisibility === 'hidden').length"""


def all_drawn(page: Page, words: str) -> None:
    """Whatever is in sight is drawn, and these words are among it."""
    page.wait_for_function(f"words => ({IN_SIGHT})().some(([text]) => text.includes(words))", arg=words)
    page.wait_for_function(f"() => ({IN_SIGHT})().every(([, drawn]) => drawn)")


def test_what_comes_into_sight_is_drawn(server: LiveServer, sign_in: SignIn) -> None:
    page = sign_in("hanh")
    page.goto(made_document(server, "Quy chế dài", TEXT))
    expect(page.locator(".ProseMirror")).to_be_visible()
    page.wait_for_function(f"() => ({FAR})() > {ARTICLES * 5 // 2}")
    all_drawn(page, "Chế độ làm việc thứ 1")
    page.locator("#outline a", has_text="Điều 90.").click()
    all_drawn(page, "Chế độ làm việc thứ 90")
    for _ in range(4):
        page.mouse.move(700, 500)
        page.mouse.wheel(0, 2400)
        page.wait_for_timeout(60)
        all_drawn(page, "kỳ 2")
    shot(page, "long-scrolled")
    # The caret stays where it was put; what is typed there is drawn once the page is back with it.
    page.locator(".provision", has_text="Chế độ làm việc thứ 106").first.click()
    page.keyboard.press("Control+Home")
    all_drawn(page, "Chế độ làm việc thứ 1")
    page.keyboard.press("Control+End")
    all_drawn(page, f"kỳ 4 của điều {ARTICLES}")
    page.keyboard.insert_text(" Hết.")
    expect(page.locator(".provision").last).to_contain_text("quy chế. Hết.")
    # Folded, all headings stand on a few screens: what was far is near.
    page.keyboard.press("Alt+Shift+O")
    expect(page.locator(".fold-line")).to_have_count(ARTICLES)
    all_drawn(page, "Chế độ làm việc thứ")
    page.emulate_media(media="print")
    assert page.evaluate(FAR) == 0
