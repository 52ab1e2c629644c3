"""How the draft is shown: its size, nothing but the words, one article alone; by keys and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_shortcuts import TEXT, open_room
from tests.browser.test_two_people import caret_read, put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

# The labels on the sheet; rows of tables have none.
SHOWN = """() => [...document.querySelectorAll('.ProseMirror > .provision')]
  .filter(one => one.getClientRects().length > 0).map(one => one.dataset.label).filter(Boolean)"""


def shown(page: Page, *labels: str) -> None:
    page.wait_for_function(f"wanted => JSON.stringify(({SHOWN})()) === wanted", arg=_json(labels))


def _json(labels: tuple[str, ...]) -> str:
    return "[" + ",".join(f'"{label}"' for label in labels) + "]"


def letter_height(page: Page) -> float:
    block = page.locator(".ProseMirror > .provision").first
    return float(block.evaluate("one => { const box = one.getBoundingClientRect(); return box.height }"))


def test_the_sheet_is_made_larger_by_keys_and_stays_so_for_this_person(
    sign_in: SignIn, server: LiveServer
) -> None:
    address = made_document(server, "Phóng to", TEXT)
    page = open_room(sign_in("hanh"), address)
    expect(page.locator(".view-counts")).to_contain_text("2 điều")
    before = letter_height(page)
    put_caret(page, "Văn phòng lập biên bản")
    for _ in range(3):
        page.keyboard.press("Control+=")
    expect(page.locator(".view button", has_text="150%")).to_be_visible()
    assert letter_height(page) == pytest.approx(before * 1.5, rel=0.05)
    page.keyboard.insert_text(" Xong.")
    page.reload()
    expect(page.locator(".view button", has_text="150%")).to_be_visible()
    put_caret(page, "Văn phòng lập biên bản. Xong.")
    page.keyboard.press("Control+0")
    assert letter_height(page) == pytest.approx(before, rel=0.05)
    page.keyboard.press("Control+-")
    expect(page.locator(".view button", has_text="90%")).to_be_visible()


def test_one_article_alone_while_a_colleague_writes_and_adds_another(
    sign_in: SignIn, server: LiveServer
) -> None:
    address = made_document(server, "Một điều", TEXT, dung="editor")
    a, b = open_room(sign_in("hanh"), address), open_room(sign_in("dung"), address)
    expect(a.locator(".view")).to_be_visible()
    put_caret(a, "Văn phòng lập biên bản")
    a.keyboard.press("Alt+Shift+F")
    shown(a, "Điều 2.", "1.", "2.", "3.")
    expect(a.locator("#live")).to_have_text("Chỉ hiện Điều 2")
    a.keyboard.press("Alt+Shift+ArrowUp")
    shown(a, "Điều 1.", "1.", "2.")
    a.keyboard.press("Alt+Shift+ArrowDown")
    shown(a, "Điều 2.", "1.", "2.", "3.")
    # What a colleague puts in front renumbers it, and it stays the one that is shown.
    put_caret(b, "Phạm vi điều chỉnh", at_end=False)
    b.keyboard.press("Enter")
    caret_read(b)
    shown(a, "Điều 3.", "1.", "2.", "3.")
    put_caret(a, "Văn phòng lập biên bản")
    a.keyboard.press("Enter")
    a.keyboard.insert_text("Khoản mới")
    shown(a, "Điều 3.", "1.", "2.", "3.", "4.")
    settled(a, b)
    # A jump to what is hidden shows everything again.
    a.locator("#outline a", has_text="Phạm vi điều chỉnh").click()
    shown(a, "Điều 1.", "Điều 2.", "1.", "2.", "Điều 3.", "1.", "2.", "3.", "4.")
    expect(a.locator(".view button", has_text="Một điều")).to_have_attribute("aria-pressed", "false")
    # Finding something in another article shows it too.
    a.keyboard.press("Alt+Shift+F")
    a.keyboard.press("Control+f")
    a.keyboard.insert_text("biên bản")
    shown(a, "Điều 1.", "Điều 2.", "1.", "2.", "Điều 3.", "1.", "2.", "3.", "4.")


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_but_the_words_and_back(sign_in: SignIn, server: LiveServer, width: int) -> None:
    page = open_room(sign_in("lan", width=width), made_document(server, f"Đọc {width}", TEXT, lan="reader"))
    page.locator(".view button", has_text="Đọc").click()
    for gone in (".top", ".tabs", ".toolbar", ".outline-pane"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("#desk")).to_be_focused()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1")
    box = page.locator(".view").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    assert box["y"] > 700
    page.keyboard.press("Escape")
    expect(page.locator(".toolbar")).to_be_visible()
    expect(page.locator(".view button", has_text="Đọc")).to_have_attribute("aria-pressed", "false")
