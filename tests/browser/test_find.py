"""Find and replace in real browsers: two people, by keys, on a phone, composing, in a long draft."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_input_methods import compose
from tests.browser.test_shortcuts import open_room
from tests.browser.test_two_people import put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = """QUY CHẾ
Làm việc của Đảng ủy

Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định việc hoà giải của Hội đồng, hoi dong khong dau.
2. Ban Thường vụ chuẩn bị cuộc họp của Hội đồng.
Điều 2. Chế độ họp
1. Hội đồng họp mỗi tháng; HỘI ĐỒNG quyết định theo đa số.
2. Văn phòng ghi biên bản hòa giải.
Phụ lục
Danh sách cơ quan
STT | Cơ quan | Việc
1 | Hội đồng | hoà giải
"""
WORDS, BY = "#find .find-line:first-child input", "#find-replace input"
MARKED = "() => [CSS.highlights.get('find')?.size ?? 0, CSS.highlights.get('find-current')?.size ?? 0]"


def count(page: Page, wanted: str) -> None:
    expect(page.locator(".find-count")).to_have_text(wanted)


def test_one_replaces_all_by_keys_and_the_other_sees_it(sign_in: SignIn, server: LiveServer) -> None:
    address = made_document(server, "Tìm và thay hai người", TEXT, dung="editor")
    a, b = open_room(sign_in("hanh"), address), open_room(sign_in("dung"), address)
    before = settled(a, b)
    put_caret(b, "Văn phòng ghi biên bản")
    put_caret(a, "Ban Thường vụ chuẩn bị", at_end=False)
    a.keyboard.press("Control+f")
    expect(a.locator(WORDS)).to_be_focused()
    a.keyboard.insert_text("hội đồng")
    count(a, "2/5")
    a.wait_for_function(f"() => JSON.stringify(({MARKED})()) === '[4,1]'")
    a.keyboard.press("Enter")
    count(a, "3/5")
    expect(a.locator(".find-said")).to_have_text("khoản 1 Điều 2")
    a.keyboard.press("Shift+F3")
    count(a, "2/5")
    a.keyboard.press("Control+h")
    expect(a.locator(BY)).to_be_focused()
    a.keyboard.insert_text("ban chấp hành")
    for _ in range(2):
        a.keyboard.press("Tab")
    b.keyboard.insert_text(" Hội đồng ký.")
    count(a, "2/6")
    a.keyboard.press("Enter")
    expect(a.locator(".find-said")).to_contain_text("Đã thay 6 chỗ trong 5 đơn vị")
    texts = settled(a, b)
    assert sum("Ban chấp hành" in text for text in texts) == 4
    assert any("BAN CHẤP HÀNH quyết định" in text for text in texts)
    expect(b.locator(".provision-cell", has_text="Ban chấp hành")).to_have_count(1)
    a.locator(".find-done summary").press("Enter")
    a.locator(".find-jump").nth(3).press("Enter")
    expect(a.locator(".spotlit")).to_have_text("BAN CHẤP HÀNH")
    a.locator(WORDS).press("Escape")
    expect(a.locator("#find")).to_be_hidden()
    expect(a.locator(".ProseMirror")).to_be_focused()
    a.keyboard.press("Control+z")
    after = settled(a, b)
    assert [text.replace(" Hội đồng ký.", "") for text in after] == before
    assert sum("Hội đồng ký." in text for text in after) == 1


def test_accents_case_whole_words_and_the_selected_part(sign_in: SignIn, server: LiveServer) -> None:
    page = open_room(sign_in("hanh", width=360), made_document(server, "Tìm trên điện thoại", TEXT))
    page.locator("#show-find").click()
    page.locator(WORDS).fill("hội đồng")
    count(page, "1/5")
    page.locator("#find select").select_option("any")
    count(page, "1/6")
    page.get_by_label("Phân biệt hoa, thường").check()
    count(page, "1/1")
    page.locator(WORDS).fill("Hoi dong")
    count(page, "1/4")
    page.locator("#find select").select_option("same")
    page.locator(WORDS).fill("hòa giải")
    count(page, "1/3")
    page.locator("#find select").select_option("exact")
    count(page, "1/1")
    page.locator(WORDS).fill("h")
    page.get_by_label("Cả từ").check()
    count(page, "Không có")
    page.locator(WORDS).press("Escape")
    put_caret(page, "Chế độ họp")
    # The way of searching is as it was left.
    page.locator("#show-find").click()
    expect(page.get_by_label("Cả từ")).to_be_checked()
    page.locator(WORDS).fill("Hội đồng")
    count(page, "3/4")
    page.get_by_label("Chỉ trong phần đang chọn").check()
    count(page, "1/1")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1")


def test_a_reader_finds_and_cannot_replace(sign_in: SignIn, server: LiveServer) -> None:
    page = open_room(sign_in("lan"), made_document(server, "Tìm khi chỉ xem", TEXT, lan="reader"))
    page.keyboard.press("Control+h")
    page.locator(WORDS).fill("hội đồng")
    count(page, "1/5")
    expect(page.locator("#find-more")).to_be_hidden()
    expect(page.locator(BY)).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#find")).to_be_hidden()
    expect(page.locator(".spotlit")).to_have_text("Hội đồng")


def test_an_input_method_composes_in_the_bar_and_beside_it(sign_in: SignIn, server: LiveServer) -> None:
    page = open_room(sign_in("hanh"), made_document(server, "Tìm bằng bộ gõ", TEXT))
    page.keyboard.press("Control+f")
    expect(page.locator(WORDS)).to_be_focused()
    compose(page, "h", "ho", "họ", "họp")
    count(page, "1/3")
    # With the bar still open words are composed in the sheet: searched too, and nothing is drawn into them.
    put_caret(page, "Văn phòng ghi biên bản")
    compose(page, " h", " ho", " họ", " họp", pause=250)
    count(page, "1/4")
    assert any(text.endswith("hòa giải. họp") for text in settled(page))


def test_a_long_draft_is_searched_without_stopping_the_keys(sign_in: SignIn, server: LiveServer) -> None:
    line = (
        "Ban Thường vụ họp mỗi tháng một lần, chuẩn bị nội dung hoà giải, trình Hội đồng xem xét, quyết định"
    )
    body = "".join(
        f"Điều {n}. Quy định thứ {n}\n" + "".join(f"{k}. {line} lần {n}.{k}.\n" for k in range(1, 8))
        for n in range(1, 501)
    )
    page = open_room(sign_in("hanh"), made_document(server, "Dự thảo dài", f"QUY CHẾ\nDài\n\n{body}"))
    page.evaluate(
        """() => { window.longest = 0; new PerformanceObserver(list => { for (const one of list.getEntries())
        window.longest = Math.max(window.longest, one.duration) }).observe({ type: 'longtask' }) }"""
    )
    page.keyboard.press("Control+f")
    expect(page.locator(WORDS)).to_be_focused(timeout=30_000)
    page.keyboard.insert_text("hòa giải")
    expect(page.locator(".find-count")).to_have_text("1/3500")
    put_caret(page, "Quy định thứ 1")
    for letter in " gõ khi đang tìm":
        page.keyboard.insert_text(letter)
    page.locator(WORDS).press("Control+h")
    page.keyboard.insert_text("thương lượng")
    begun = time.monotonic()
    page.get_by_role("button", name="Thay tất cả").click()
    expect(page.locator(".find-said")).to_contain_text("Đã thay 3500 chỗ trong 3500")
    took = time.monotonic() - begun
    texts = settled(page)
    assert sum("thương lượng" in text for text in texts) == 3500
    print(f"longest task {page.evaluate('() => window.longest')} ms, replacing 3,500 took {took:.2f} s")
