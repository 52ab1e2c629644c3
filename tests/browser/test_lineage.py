"""A backup is restored under an old browser: nothing dead comes back, and nobody's words are gone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, open_draft
from tests.browser.test_two_people import SAVED, put_caret
from tests.support.live_server import ROOT, Api, LiveServer

pytestmark = pytest.mark.browser

PLACE, OTHER = "Dân chủ, công khai, minh bạch", "Toàn thể viên chức, người lao động thuộc Ban"
SENT, UNSENT = " ĐÃ GỬI SAU BẢN SAO LƯU", " CHƯA GỬI"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path / "house")
    server.start()
    yield server
    if server.process is not None:
        server.stop()


def duthao(house: LiveServer, *words: str) -> None:
    environment = dict(os.environ) | {
        "DUTHAO_DATA_DIR": str(house.data), "PYTHONPATH": str(ROOT / "server"), "PYTHONUTF8": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "duthao.cli", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def sign_in(page: Page, house: LiveServer) -> None:
    page.goto(f"{house.address}/login")
    page.fill("[name=username]", "hanh")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    expect(page.locator(".list")).to_be_visible()


def text_of(house: LiveServer, document: str) -> str:
    api = Api(house.address).sign_in("hanh", PASSWORD)
    return api.call("GET", f"/api/documents/{document}/text")[1].decode()


def test_an_old_browser_neither_resurrects_nor_truncates_and_keeps_its_words_aside(
    house: LiveServer, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    sign_in(page, house)
    address = open_draft(page).split("?")[0]
    document = address.rpartition("/")[2]
    put_caret(page, PLACE)
    page.keyboard.insert_text(" TRONG BẢN SAO LƯU")
    page.wait_for_function(SAVED)
    backup = str(tmp_path / "backup.sqlite3")
    duthao(house, "backup", backup)
    saved = text_of(house, document)
    put_caret(page, PLACE)
    page.keyboard.insert_text(SENT)
    page.wait_for_function(SAVED)
    # The line breaks; what is written now stays in the window.
    context.set_offline(True)
    page.evaluate("() => window.duthao.cut()")
    put_caret(page, OTHER)
    page.keyboard.insert_text(UNSENT)
    expect(page.locator("#save-state")).to_contain_text("Chưa lưu")
    house.stop()
    duthao(house, "restore", backup, "--replace")
    house.start()
    context.set_offline(False)
    # Sign-ins are no part of a backup: first the person signs in again, in another tab.
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.locator("#stopped-text")).to_contain_text("đăng nhập", ignore_case=True)
    tab = context.new_page()
    sign_in(tab, house)
    tab.close()
    page.click("#try-again")
    # The dead copy is given up by itself; the draft is the restored one, word for word.
    notice = page.locator("#asides .notice")
    expect(notice).to_contain_text("khôi phục từ bản sao lưu")
    expect(page.locator(".ProseMirror")).not_to_contain_text(SENT.strip())
    page.wait_for_function(SAVED)
    assert text_of(house, document) == saved
    assert page.evaluate("() => window.duthao.differences()") == []
    for _ in range(2):  # and after a reload
        notice.locator("summary").click()
        expect(notice.locator("li")).to_have_count(2)
        expect(notice.locator("li", has_text=SENT.strip())).to_contain_text(
            "đã gửi, không có trong bản sao lưu"
        )
        expect(notice.locator("li", has_text=UNSENT.strip())).to_contain_text("chưa gửi")
        notice.get_by_role("button", name="Sao chép nội dung này").click()
        expect(notice.locator("[role=status]")).to_have_text("Đã sao chép.")
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert SENT in copied
        assert UNSENT in copied
        page.reload()
        expect(page.locator(".ProseMirror")).to_be_visible()
    # Writing goes on in the new lineage.
    put_caret(page, PLACE)
    page.keyboard.insert_text(" TIẾP TỤC")
    page.wait_for_function(SAVED)
    assert "TIẾP TỤC" in text_of(house, document)
    page.on("dialog", lambda dialog: dialog.accept())
    notice.get_by_role("button", name="Xong").click()
    expect(page.locator("#asides")).to_be_hidden()
    page.reload()
    expect(page.locator(".ProseMirror")).to_be_visible()
    expect(page.locator("#asides")).to_be_hidden()
    context.close()
