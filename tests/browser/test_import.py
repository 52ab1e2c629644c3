"""A Word file comes in through the page, in a real browser: progress, stop, preview, saving."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import violations
from tests.support.papers import PAPER
from tests.support.word import docx, p

pytestmark = pytest.mark.browser


def test_a_file_is_read_stopped_read_again_and_saved(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("hanh", width=360)
    (tmp_path / "long.docx").write_bytes(docx(*(p(f"Điều {n}. Việc") for n in range(1, 9_000))))
    (tmp_path / "paper.docx").write_bytes(PAPER)
    (tmp_path / "broken.docx").write_bytes(PAPER[:400])
    page.get_by_role("link", name="Nhập văn bản").click()
    page.set_input_files("#file", tmp_path / "long.docx")
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    page.get_by_role("button", name="Dừng").click()
    expect(page.locator("#import-step")).to_contain_text("Đã dừng")
    page.set_input_files("#file", tmp_path / "broken.docx")
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.get_by_role("alert")).to_contain_text("Tệp Word bị hỏng")
    page.set_input_files("#file", tmp_path / "paper.docx")
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.locator("#import-title")).to_be_focused()
    expect(page.locator(".import-preview")).to_contain_text("Văn bản 2/2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    page.locator("[name=keep-0]").uncheck()
    page.get_by_label("Tên văn bản").last.fill("Quy chế nhập từ Word")
    page.get_by_role("button", name="Lưu thành văn bản mới").click()
    expect(page.locator(".ProseMirror")).to_contain_text("Tập trung dân chủ.")
    expect(page).to_have_title("Quy chế nhập từ Word · Dự Thảo")
