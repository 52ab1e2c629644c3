"""A form profile, edited by an administrator in a real browser: the sample page follows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, SignIn
from tests.browser.test_accessibility import violations
from tests.browser.test_wording_page import make_admin
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("DUTHAO_SHOTS", "")
"""A folder for pictures of the pages, to look at."""


def test_a_form_is_copied_edited_with_its_page_beside_and_chosen(server: LiveServer, sign_in: SignIn) -> None:
    make_admin(server, "thethuc")
    page = sign_in("hanh")
    page.context.clear_cookies()
    page.goto(f"{server.address}/login")
    page.fill("[name=username]", "thethuc")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Mẫu thể thức").click()
    page.select_option("#of", "state")
    page.fill("#name", "Của phường")
    page.get_by_role("button", name="Tạo bản sao").click()
    expect(page.get_by_role("heading", name="Của phường")).to_be_visible()
    picture = page.locator("#form-picture")
    before = picture.get_attribute("src") or ""
    assert before.startswith("data:image/png;base64,")
    page.fill("#f-motto", "CỘNG HÒA THỬ")
    expect(picture).not_to_have_attribute("src", before)
    page.fill("#f-top", "500")
    expect(page.locator("#form-said")).to_contain_text("chưa đúng")
    page.fill("#f-top", "25")
    expect(page.locator("#form-said")).to_be_empty()
    found = violations(page)
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"form-{width}.png", full_page=True)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("main p[role=status]")).to_contain_text("Đã lưu")
    expect(page.locator("#f-top")).to_have_value("25")
    page.get_by_role("link", name="Tất cả các mẫu").click()
    found += violations(page)
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"forms-{width}.png", full_page=True)
    assert found == []


def test_what_stands_above_and_below_is_written_and_taken_back(server: LiveServer, sign_in: SignIn) -> None:
    page = sign_in("hanh")
    page.get_by_role("link", name="Luật Kiểm toán nhà nước").first.click()
    expect(page.locator("#save-state")).to_contain_text("Đã lưu")
    page.click("#show-menu")
    page.click("#show-front")
    title = page.input_value("#part-title")
    page.fill("#part-place", "Bến Thành")
    page.fill("#part-recipients", "- Các chi bộ,\n- Lưu Văn phòng.")
    found = violations(page, "'#front'")
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"front-{width}.png")
    page.fill("#part-title", "thử")
    page.click("#front-save")
    expect(page.locator("#front-title")).to_have_text("thử")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("#sheet [contenteditable]").first.click()
    page.keyboard.press("Control+z")
    expect(page.locator("#front-title")).to_have_text(title)
    assert found == []
