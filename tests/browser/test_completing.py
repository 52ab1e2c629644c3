"""Words completed at the caret: by keys, by finger, and never while an input method composes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_accessibility import violations
from tests.browser.test_shortcuts import open_room
from tests.browser.test_two_people import put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = """QUY CHẾ
Làm việc của Tỉnh ủy

Điều 1. Phạm vi điều chỉnh
1. Quy chế quy định việc làm của Ban Chấp hành Đảng bộ tỉnh (sau đây gọi tắt là Tỉnh ủy).
2. Ban Thường vụ Tỉnh ủy họp. Ban Thường vụ Tỉnh ủy ra kết luận. Ban Thường vụ Tỉnh ủy giao việc.
3. Khoản để gõ
"""
SHOWN = ".completing:not([hidden])"
READY = "() => document.querySelector('.completing') !== null"


def typed(page: Page, words: str) -> None:
    page.keyboard.type(words)
    expect(page.locator(SHOWN)).to_be_visible()


def test_what_is_typed_before_its_part_has_come_is_completed_then(
    sign_in: SignIn, server: LiveServer
) -> None:
    page, waiting = sign_in("hanh"), []
    page.route("**/assets/list-*.js", lambda route: waiting.append(route))
    open_room(page, made_document(server, "Quy chế gõ sớm", TEXT))
    put_caret(page, "Khoản để gõ")
    page.keyboard.type(" của BCH")
    expect(page.locator(".provision", has_text="Khoản để gõ")).to_have_text("Khoản để gõ của BCH")
    # Its turn has come, by the letters or by itself; they are there already.
    page.wait_for_timeout(2500)
    waiting[0].continue_()
    expect(page.locator(SHOWN)).to_be_visible()


def test_short_forms_and_names_are_completed_by_keys(sign_in: SignIn, server: LiveServer) -> None:
    page = open_room(sign_in("hanh"), made_document(server, "Quy chế để gõ tắt", TEXT, dung="editor"))
    page.wait_for_function(READY)
    clause = page.locator(".provision", has_text="Khoản để gõ")
    put_caret(page, "Khoản để gõ")
    typed(page, " của BCH")
    expect(page.locator("#live")).to_have_text("Có 1 gợi ý: Ban Chấp hành. Bấm Tab để dùng.")
    assert not violations(page)
    page.keyboard.press("Tab")
    expect(clause).to_have_text("Khoản để gõ của Ban Chấp hành")
    expect(clause).to_have_attribute("data-kind", "clause")
    # One goes on typing behind it; undone as one step; Escape and typing on leave what was typed.
    typed(page, ", Ban Thư")
    page.keyboard.press("Escape")
    expect(page.locator(SHOWN)).to_have_count(0)
    expect(page.locator(".ProseMirror")).to_be_focused()
    typed(page, "ờ")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ProseMirror")).to_have_attribute("aria-activedescendant", "completing-0")
    assert not violations(page)
    page.keyboard.press("Enter")
    expect(clause).to_have_text("Khoản để gõ của Ban Chấp hành, Ban Thường vụ Tỉnh ủy")
    page.keyboard.press("Control+z")
    expect(clause).to_have_text("Khoản để gõ của Ban Chấp hành, Ban Thườ")
    # What is not chosen is not taken by Enter.
    typed(page, "n")
    page.keyboard.press("Enter")
    expect(clause).to_have_text("Khoản để gõ của Ban Chấp hành, Ban Thườn")
    settled(page)


def test_nothing_is_suggested_while_an_input_method_composes(sign_in: SignIn, server: LiveServer) -> None:
    page = open_room(sign_in("hanh"), made_document(server, "Quy chế để gõ bằng bộ gõ", TEXT))
    page.wait_for_function(READY)
    put_caret(page, "Khoản để gõ")
    page.keyboard.insert_text(" ")
    keys = page.context.new_cdp_session(page)
    for composed in ("B", "BT", "BTV"):
        keys.send("Input.imeSetComposition", {"text": composed, "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(400)
    expect(page.locator(SHOWN)).to_have_count(0)
    keys.send("Input.insertText", {"text": "BTV"})
    expect(page.locator(SHOWN)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".provision", has_text="Khoản để gõ Ban Thường vụ")).to_be_visible()
    settled(page)


def test_a_finger_takes_a_suggestion(sign_in: SignIn, server: LiveServer) -> None:
    page = open_room(sign_in("hanh", width=360), made_document(server, "Quy chế gõ trên máy nhỏ", TEXT))
    page.wait_for_function(READY)
    put_caret(page, "Khoản để gõ")
    typed(page, " VPTU")
    box = page.locator(SHOWN).bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 360 - box["width"]
    page.locator(".completing li", has_text="Thành ủy").click()
    expect(page.locator(".provision", has_text="Khoản để gõ Văn phòng Thành ủy")).to_be_visible()
    expect(page.locator(".ProseMirror")).to_be_focused()
