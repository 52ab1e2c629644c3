"""One's own account in a browser: two-step sign-in turned on, and signed in with."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from duthao.domain.second_factor import PERIOD, code_at
from tests.browser.conftest import PASSWORD, shot
from tests.browser.test_accessibility import violations
from tests.support.live_server import running

pytestmark = pytest.mark.browser


def code_of(secret: str, later: int = 0) -> str:
    return code_at(secret, time.time_ns() // 1_000_000 // PERIOD + later)


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/login")
    page.fill("[name=username]", "minh")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def test_two_steps_are_turned_on_and_taken(browser: Browser, tmp_path: Path) -> None:
    # A house of its own: other tests sign in as this person by the password alone.
    with running(tmp_path) as house:
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN").new_page()
        log_in(page, house.address)
        page.locator("details.menu summary").click()
        page.get_by_role("link", name="Tài khoản của tôi").click()
        page.fill("#factor-password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".square svg")).to_be_visible()
        assert violations(page) == []
        shot(page, "account-square")
        secret = page.locator(".secret").inner_text().replace(" ", "")
        page.fill("#code", code_of(secret))
        page.keyboard.press("Enter")
        expect(page.locator(".codes li")).to_have_count(10)
        assert violations(page) == []
        recovery = page.locator(".codes li").first.inner_text()
        phone = browser.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN").new_page()
        log_in(phone, house.address)
        expect(phone.locator("#code")).to_be_focused()
        assert violations(phone) == []
        phone.keyboard.type("000000")
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("alert")).to_be_visible()
        assert violations(phone) == []
        shot(phone, "account-code")
        phone.fill("#code", recovery)
        phone.keyboard.press("Enter")
        expect(phone.locator(".list")).to_be_visible()
        page.goto(f"{house.address}/account")
        expect(page.locator("#places-title + .list li")).to_have_count(2)
        page.get_by_role("button", name="Đăng xuất mọi nơi khác").click()
        expect(page.get_by_role("status")).to_be_visible()
        phone.reload()
        expect(phone.locator("[name=password]")).to_be_visible()
        for one in (page, phone):
            one.context.close()
