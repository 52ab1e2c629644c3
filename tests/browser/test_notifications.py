"""The bell: somebody is mentioned, sees it while they work, goes there, and reads the rest as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PASSWORD, SignIn, made_document, people_of
from tests.browser.test_accessibility import LOOKS, violations
from tests.support.live_server import Api, LiveServer
from tests.support.post_office import post_office

pytestmark = pytest.mark.browser

TEXT = "Điều 1. Chế độ họp\n1. Ban Thường vụ họp thường kỳ mỗi tháng một lần.\n2. Thường trực họp hằng tuần."


def commenter(server: LiveServer, address: str) -> tuple[Api, str]:
    """Somebody who comments, and where."""
    return Api(server.address).sign_in("dung", PASSWORD), "/api" + address.removeprefix(server.address)


def test_a_mention_rings_the_bell_in_the_room_and_leads_to_its_comment(
    server: LiveServer, sign_in: SignIn
) -> None:
    address = made_document(server, "Quy chế thử thông báo", TEXT, dung="editor")
    api, path = commenter(server, address)
    hanh = people_of(Api(server.address).sign_in("hanh", PASSWORD))["hanh"]
    page = sign_in("hanh")
    # What other tests have told her is not in question here.
    page.goto(f"{server.address}/notifications")
    if page.get_by_role("button", name="Đánh dấu đã đọc tất cả").is_visible():
        page.get_by_role("button", name="Đánh dấu đã đọc tất cả").click()
    expect(page.get_by_role("link", name="Thông báo, 0 chưa đọc")).to_be_visible()
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    bell = page.get_by_role("link", name="Thông báo, 0 chưa đọc")
    expect(bell).to_be_visible()
    said = {"text": "Nhờ đồng chí xem", "mentions": [hanh], "anchor": {"on": "document"}}
    made = [api.json("POST", f"{path}/comments", said, 201)["id"] for _ in range(3)]
    page.get_by_role("link", name="Thông báo, 3 chưa đọc").click()
    rows = page.locator(".unseen")
    expect(rows).to_have_count(3)
    rows.last.get_by_role("button", name="Đánh dấu đã đọc").click()
    expect(page.locator(".unseen")).to_have_count(2)
    page.locator(".unseen").first.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}#comment-{made[2]}")
    page.get_by_role("link", name="Thông báo, 1 chưa đọc").click()
    page.get_by_role("button", name="Đánh dấu đã đọc tất cả").click()
    expect(page.get_by_role("link", name="Thông báo, 0 chưa đọc")).to_be_visible()
    expect(page.locator(".list-row", has_text="Quy chế thử thông báo")).to_have_count(3)


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A house that sends e-mail."""
    with post_office() as office:
        server = LiveServer(tmp_path_factory.mktemp("mailing"))
        server.settings = {
            "DUTHAO_SMTP_HOST": "127.0.0.1", "DUTHAO_SMTP_PORT": str(office.port),
            "DUTHAO_SMTP_SECURITY": "none", "DUTHAO_MAIL_FROM": "duthao@coquan.vn",
            "DUTHAO_PUBLIC_ORIGIN": server.address,
        }  # fmt: skip
        server.start()
        yield server
        server.stop()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_page_with_and_without_notifications(
    mailing: LiveServer, browser: Browser, width: int, scheme: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN")
    page = context.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(f"{mailing.address}/login")
    page.fill("[name=username]", "hanh")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    expect(page.locator(".list")).to_be_visible()
    page.goto(f"{mailing.address}/notifications")
    found = violations(page)
    if width == LOOKS[0][0]:
        expect(page.get_by_text("Chưa có thông báo nào.")).to_be_visible()
    address = made_document(mailing, "Quy chế làm việc của Ban Chấp hành Đảng bộ", TEXT, dung="editor")
    api, path = commenter(mailing, address)
    hanh = people_of(Api(mailing.address).sign_in("hanh", PASSWORD))["hanh"]
    said = {"text": "a", "mentions": [hanh], "anchor": {"on": "document"}}
    made = api.json("POST", f"{path}/comments", said, 201)["id"]
    api.json("POST", f"{path}/comments/{made}/assign", {"edition": 1, "to": hanh}, 204)
    page.reload()
    page.get_by_label("Địa chỉ thư điện tử").fill("hanh@coquan")
    page.get_by_label("Gửi thư khi có thông báo chưa đọc").check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu cách nhận thư.")).to_be_visible()
    expect(page.locator(".unseen").first).to_be_visible()
    found += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=tmp_path / "notifications.png", full_page=True)
    context.close()
    assert found == []
