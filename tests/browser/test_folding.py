"""Chapters and articles are folded: in the sheet, in the outline, by keys; a colleague sees nothing of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_accessibility import violations
from tests.browser.test_shortcuts import open_room
from tests.browser.test_structure import TEXT
from tests.browser.test_two_people import caret_read, put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

SHOWN = """() => [...document.querySelectorAll('.ProseMirror > .provision')]
  .filter(one => one.getClientRects().length > 0).length"""


def shown(page: Page, count: int) -> None:
    page.wait_for_function(f"count => ({SHOWN})() === count", arg=count)


def test_folding_hides_on_ones_own_screen_and_opens_for_whatever_goes_there(
    sign_in: SignIn, server: LiveServer
) -> None:
    address = made_document(server, "Quy chế để gập", TEXT, dung="editor")
    a, b = open_room(sign_in("hanh"), address), open_room(sign_in("dung"), address)
    expect(a.locator("#outline-head button")).to_have_text("Gập tất cả")
    shown(a, 13)
    put_caret(a, "Công khai và minh bạch")
    a.keyboard.press("Alt+Shift+L")
    shown(a, 11)
    expect(a.locator("#live")).to_have_text("Đã gập Điều 2: 2 đoạn không hiện.")
    expect(a.locator(".fold-line")).to_have_text("2 đoạn đã gập")
    expect(a.locator(".fold-sign")).to_have_attribute("aria-expanded", "false")
    # In the outline the same, a whole chapter; what a colleague writes there is counted, not shown.
    a.locator("#outline .fold").first.click()
    shown(a, 7)
    expect(a.locator("#outline li")).to_have_count(5)
    expect(a.locator(".fold-line")).to_have_text("6 đoạn đã gập")
    shown(b, 13)
    put_caret(b, "Quy chế áp dụng")
    b.keyboard.press("Enter")
    b.keyboard.insert_text("Khoản của đồng nghiệp")
    expect(a.locator(".fold-line")).to_have_text("7 đoạn đã gập")
    assert not violations(a)
    # Find goes to what is hidden: it opens, the rest stays as it is.
    a.keyboard.press("Control+f")
    a.keyboard.insert_text("minh bạch")
    expect(a.locator(".find-count")).to_have_text("1/1")
    shown(a, 14)
    a.keyboard.press("Escape")
    # All at once, on paper everything, and typing in a folded title's last place opens it.
    a.keyboard.press("Alt+Shift+O")
    shown(a, 3)
    expect(a.locator("#outline-head button")).to_have_text("Mở tất cả")
    a.emulate_media(media="print")
    shown(a, 14)
    a.emulate_media(media="screen")
    a.locator(".fold-line").last.click()
    shown(a, 4)
    put_caret(a, "Hiệu lực thi hành")
    a.keyboard.press("Enter")
    caret_read(a)
    a.keyboard.insert_text("Khoản mới")
    shown(a, 6)
    settled(a, b)
    # A link goes there, and so does whoever follows a colleague.
    a.keyboard.press("Alt+Shift+O")
    a.keyboard.press("Alt+Shift+O")
    shown(a, 3)
    put_caret(b, "Chủ trì các cuộc họp")
    a.locator("#people button", has_text="Theo").first.click()
    expect(a.locator(".provision", has_text="Chủ trì các cuộc họp")).to_be_visible()


def test_a_reader_folds_by_finger(sign_in: SignIn, server: LiveServer) -> None:
    address = made_document(server, "Quy chế gập trên máy nhỏ", TEXT, lan="reader")
    page = open_room(sign_in("lan", width=360), address)
    page.locator(".provision", has_text="Phạm vi điều chỉnh").first.click()
    sign = page.locator(".fold-sign")
    expect(sign).to_have_attribute("aria-label", "Gập Điều 1")
    sign.click()
    shown(page, 11)
    page.locator(".fold-line").click()
    shown(page, 13)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
