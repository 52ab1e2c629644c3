"""The house's wording, edited by an administrator in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, SignIn
from tests.support.live_server import ROOT, LiveServer

pytestmark = pytest.mark.browser


def make_admin(server: LiveServer, username: str) -> None:
    """An administrator beside the people of the demonstration, as the command line makes one."""
    environment = os.environ | {"DUTHAO_DATA_DIR": str(server.data), "PYTHONPATH": str(ROOT / "server")}
    command = [sys.executable, "-m", "duthao.cli", "user", "add", username, "Quản trị", "--admin"]
    subprocess.run(command, env=environment, input=f"{PASSWORD}\n", text=True, check=True)


def test_an_administrator_tries_a_wording_and_keeps_it(server: LiveServer, sign_in: SignIn) -> None:
    make_admin(server, "quantri")
    page = sign_in("hanh")
    page.context.clear_cookies()  # an administrator without documents has no list to wait for
    page.goto(f"{server.address}/login")
    page.fill("[name=username]", "quantri")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Mẫu câu văn bản sửa đổi").click()
    page.fill("#w-repeal", "Thôi không dùng {targets}")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("[role=alert]")).to_contain_text("Thôi không dùng")
    expect(page.locator("#w-repeal")).to_have_attribute("aria-invalid", "true")
    page.fill("#w-repeal", "Hủy bỏ {targets}")
    page.get_by_role("button", name="Xem thử").click()
    expect(page.locator("#preview")).to_contain_text("Hủy bỏ khoản 3 Điều 2")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("[role=status]")).to_contain_text("Đã lưu")
    expect(page.locator("#w-repeal")).to_have_value("Hủy bỏ {targets}")
    page.fill("#w-repeal", "")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#w-repeal")).to_have_value("Bãi bỏ {targets}")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
