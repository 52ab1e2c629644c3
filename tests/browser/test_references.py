"""References follow what they cite: chosen by keys, kept by one, seen by all, printed as they read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SignIn, made_document
from tests.browser.test_accessibility import violations
from tests.browser.test_shortcuts import open_room
from tests.browser.test_two_people import caret_read, put_caret, settled
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

TEXT = """QUY CHẾ
Làm việc của Đảng ủy

Điều 1. Phạm vi điều chỉnh
1. Việc họp thực hiện theo quy định tại
2. Các trường hợp khác.
Điều 2. Chế độ họp
1. Ban Thường vụ họp mỗi tháng một lần.
2. Văn phòng lập biên bản.
"""


def reads(*pages: Page, words: str) -> None:
    for page in pages:
        expect(page.locator(".provision", has_text="Việc họp thực hiện")).to_contain_text(
            f"Việc họp thực hiện theo quy định tại {words}"
        )


def test_a_reference_follows_for_everybody(sign_in: SignIn, server: LiveServer) -> None:
    address = made_document(server, "Quy chế có viện dẫn", TEXT, dung="editor")
    a, b = open_room(sign_in("hanh"), address), open_room(sign_in("dung"), address)
    put_caret(a, "Việc họp thực hiện")
    a.keyboard.press("Alt+Shift+E")
    expect(a.locator("#reference-words")).to_be_focused()
    a.keyboard.insert_text("bien ban")
    expect(a.locator("#reference-list li")).to_have_text("khoản 2 Điều 2 Văn phòng lập biên bản.")
    assert not violations(a)
    a.keyboard.press("Enter")
    reads(a, b, words="khoản 2 Điều 2")
    expect(b.locator(".reference")).to_have_text("khoản 2 Điều 2")
    # One writes on behind it, and what is written is no part of it.
    a.keyboard.insert_text(" này")
    # A colleague puts a clause in front of the one that is cited; one of the two keeps the words.
    put_caret(b, "Ban Thường vụ họp", at_end=False)
    b.keyboard.press("Enter")
    caret_read(b)
    reads(a, b, words="khoản 3 Điều 2 này")
    # Both renumber at once.
    put_caret(a, "Chế độ họp", at_end=False)
    put_caret(b, "Ban Thường vụ họp", at_end=False)
    a.keyboard.press("Enter")
    b.keyboard.press("Enter")
    reads(a, b, words="khoản 4 Điều 3 này")
    settled(a, b)
    path = address.removeprefix(server.address)
    printed = Api(server.address).sign_in("hanh", PASSWORD).call("GET", f"{path}/draft.txt")
    assert "quy định tại khoản 4 Điều 3 này" in printed[1].decode()
    # Ctrl and a click goes there; what it cites is taken out, and comes back.
    a.locator(".reference").click(modifiers=["Control"])
    caret_read(a)
    expect(a.locator("#kind")).to_have_value("clause")
    put_caret(b, "Văn phòng lập biên bản")
    b.click("[data-command=removeProvision]")
    expect(a.locator(".reference-gone")).to_have_text("khoản 4 Điều 3")
    expect(a.locator("#live")).to_have_text("1 viện dẫn đến nội dung đã bỏ: khoản 4 Điều 3")
    a.click("#show-review")
    gone = a.locator("#review li", has_text="Nội dung được viện dẫn đã bỏ")
    expect(gone.locator("mark")).to_have_text("khoản 4 Điều 3")
    b.keyboard.press("Control+z")
    expect(gone).to_have_count(0)
    expect(a.locator(".reference-gone")).to_have_count(0)
    settled(a, b)


def test_a_reference_is_inserted_by_finger(sign_in: SignIn, server: LiveServer) -> None:
    page = open_room(sign_in("hanh", width=360), made_document(server, "Quy chế viện dẫn máy nhỏ", TEXT))
    put_caret(page, "Các trường hợp khác")
    page.locator("#show-menu").click()
    page.locator("#insert-reference").click()
    page.locator("#reference-words").fill("điều 2")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.locator("#reference-list li").first.click()
    expect(page.locator(".provision", has_text="Các trường hợp khác. Điều 2")).to_be_visible()
