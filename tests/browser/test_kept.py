"""A computer loses its power while the network is away: what was written comes back by itself."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, QUIET, SignIn, chromium, made_document
from tests.browser.test_two_people import put_caret, settled
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

TEXT = "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n1. Thường trực họp hằng tuần.\n2. Văn phòng ghi biên bản."
KEPT = """async () => {
  const asked = request => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = fail })
  const database = await asked(indexedDB.open('duthao'))
  if (![...database.objectStoreNames].includes('unsent')) { database.close(); return 0 }
  const count = await asked(database.transaction('unsent').objectStore('unsent').count())
  database.close()
  return count
}"""  # noqa: E501


@pytest.fixture
def draft(server: LiveServer, request: pytest.FixtureRequest) -> str:
    return made_document(server, f"Giữ lại {request.node.name}", TEXT, dung="editor")


def cut_off(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("() => window.duthao.cut()")
    expect(page.locator("#save-state")).to_contain_text("Mất kết nối", ignore_case=True)


def kept_becomes(page: Page, count: int) -> None:
    deadline = time.monotonic() + 20
    while page.evaluate(KEPT) != count:
        assert time.monotonic() < deadline, f"never {count} records"
        page.wait_for_timeout(100)


class Computer:
    """A person's computer: its browser has a disk, and may lose its power."""

    def __init__(self, browser: Browser, folder: Path, server: LiveServer) -> None:
        self._browser, self._folder, self._server = browser, folder, server

    def on(self, username: str) -> BrowserContext:
        """The browser begins, and somebody signs in."""
        context = self._browser.browser_type.launch_persistent_context(
            self._folder, executable_path=chromium(), args=list(QUIET), locale="vi-VN"
        )
        page = context.pages[0]
        page.goto(f"{self._server.address}/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        expect(page.locator(".list")).to_be_visible()
        return context

    def power_cut(self) -> None:
        """Every process of the browser is gone in the same moment."""
        marker = f"--user-data-dir={self._folder}".encode()
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and marker in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)


def test_after_a_power_cut_what_was_not_sent_is_merged_and_stored(
    browser: Browser, server: LiveServer, sign_in: SignIn, draft: str, tmp_path: Path
) -> None:
    hanh, computer = sign_in("hanh"), Computer(browser, tmp_path, server)
    hanh.goto(draft)
    expect(hanh.locator(".ProseMirror")).to_be_visible()
    dung = computer.on("dung").pages[0]
    dung.goto(draft)
    expect(dung.locator(".ProseMirror")).to_be_visible()
    put_caret(dung, "Thường trực họp hằng tuần.")
    cut_off(dung)
    dung.keyboard.insert_text(" VIẾT TRƯỚC KHI MẤT ĐIỆN.")
    expect(dung.locator("#save-state")).to_contain_text("Chưa lưu")
    kept_becomes(dung, 1)
    computer.power_cut()
    put_caret(hanh, "Thường trực họp hằng tuần.", at_end=False)
    hanh.keyboard.insert_text("Cùng lúc: ")
    with computer.on("dung") as context:
        again = context.pages[0]
        again.goto(draft)
        expect(again.locator("#kept")).to_contain_text("chưa kịp gửi đã được đưa vào dự thảo")
        assert "Cùng lúc: Thường trực họp hằng tuần. VIẾT TRƯỚC KHI MẤT ĐIỆN." in settled(hanh, again)
        expect(again.locator("#save-state")).to_have_text("Đã lưu")
        kept_becomes(again, 0)
        again.locator("#kept").get_by_role("button", name="Đóng").click()
        expect(again.locator("#kept")).to_have_count(0)
        again.reload()
        expect(again.locator(".ProseMirror")).to_contain_text("VIẾT TRƯỚC KHI MẤT ĐIỆN.")
        expect(again.locator("#kept")).to_have_count(0)


def test_where_the_lead_forbids_it_nothing_is_kept_on_the_computer(
    server: LiveServer, sign_in: SignIn, draft: str
) -> None:
    hanh = sign_in("hanh")
    hanh.goto(f"{draft}/members")
    allowed = hanh.get_by_role("checkbox", name="Cho phép giữ trên máy của người soạn")
    expect(allowed).to_be_checked()
    allowed.uncheck()
    hanh.get_by_role("button", name="Lưu thiết lập").click()
    expect(allowed).not_to_be_checked()
    dung = sign_in("dung")
    dung.goto(draft)
    expect(dung.locator(".ProseMirror")).to_be_visible()
    put_caret(dung, "Thường trực họp hằng tuần.")
    cut_off(dung)
    dung.keyboard.insert_text(" MẬT")
    expect(dung.locator("#save-state")).to_contain_text("Chưa lưu")
    dung.wait_for_timeout(4_000)
    assert dung.evaluate(KEPT) == 0
    # By the API too, and only by the lead.
    api = Api(server.address).sign_in("dung", PASSWORD)
    path = f"/api{draft[len(server.address) :]}/settings"
    assert api.call("PUT", path, {"kept_locally": True})[0] == 403
