"""The list of opinions in a browser: comments taken in, answered in their place by keys, at any width."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn, lead_of, made_document, shot
from tests.browser.test_accessibility import violations
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = "Điều 1. Chế độ họp\n1. Ban Thường vụ họp thường kỳ mỗi tháng một lần.\n2. Thường trực họp hằng tuần."


def test_comments_become_opinions_and_are_answered_one_after_the_other(
    server: LiveServer, sign_in: SignIn
) -> None:
    address = made_document(server, "Quy chế thử tổng hợp ý kiến", TEXT)
    api, path = lead_of(server), "/api" + address.removeprefix(server.address)
    for words in ("Đề nghị họp hai lần mỗi tháng.", "Mỗi tháng nên họp hai lần"):
        api.json(
            "POST", f"{path}/comments", {"text": words, "mentions": [], "anchor": {"on": "document"}}, 201
        )
    page = sign_in("hanh")
    page.goto(f"{address}/opinions")
    page.get_by_role("button", name="Đưa vào danh sách").click()
    expect(page.locator(".opinion")).to_have_count(2)
    left = page.locator("#opinions-left")
    expect(left).to_have_text("Còn 2 ý kiến chưa trả lời")
    first = page.locator(".opinion").first
    first.locator("[data-open]").focus()
    page.keyboard.press("Enter")
    form = first.locator(".opinion-form")
    expect(form).to_be_visible()
    form.get_by_label("Giải trình, giữ nguyên").check()
    form.get_by_role("button", name="Lưu trả lời").click()
    # An explanation that explains nothing is refused, and what was chosen stays.
    expect(first.locator(".notice-bad")).to_contain_text("Hãy ghi rõ")
    expect(form.get_by_label("Giải trình, giữ nguyên")).to_be_checked()
    form.get_by_label("Nội dung tiếp thu").fill("Giữ như quy chế hiện hành.")
    shot(page, "opinions-form")
    form.get_by_role("button", name="Lưu trả lời").click()
    expect(left).to_have_text("Còn 1 ý kiến chưa trả lời")
    expect(page.locator(".opinion").nth(1).locator("[data-open]")).to_be_focused()
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}/opinions?state=open")
    expect(page.locator(".opinion")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "opinions-narrow")
