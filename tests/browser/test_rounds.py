"""A round of opinions: the lead opens it, a member answers from a telephone by a private link, it is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PASSWORD, SignIn, open_draft, shot
from tests.browser.test_accessibility import violations
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

SAID = "Đề nghị ghi rõ thời hạn gửi tài liệu họp."


def test_a_member_answers_by_private_link_on_a_telephone_and_the_lead_sees_it(
    server: LiveServer, sign_in: SignIn, browser: Browser
) -> None:
    lead = sign_in("hanh")
    document = open_draft(lead).rpartition("/")[2]
    api = Api(server.address).sign_in("hanh", PASSWORD)
    api.json("POST", f"/api/documents/{document}/versions", {"name": "", "numbered": True}, 201)
    lead.goto(f"{server.address}/documents/{document}/rounds")
    lead.get_by_label("Tên đợt (không bắt buộc)").fill("Lấy ý kiến cấp ủy")
    lead.get_by_label("Nội dung xin ý kiến").fill("Đồng chí có nhất trí với dự thảo không?")
    lead.locator(".people-choice input").first.check()
    lead.get_by_label("Đơn vị được hỏi (đếm theo đơn vị)").fill("Đảng ủy phường Yên Giang\nBan Tổ chức")
    shot(lead, "rounds-new-1440")
    assert violations(lead) == []
    lead.get_by_role("button", name="Mở đợt và gửi").click()
    link = lead.get_by_label("Đường dẫn của Đảng ủy phường Yên Giang").input_value()
    shot(lead, "round-links-1440")

    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True)
    phone = context.new_page()
    failures: list[str] = []
    phone.on("pageerror", lambda error: failures.append(str(error)))
    phone.goto(link)
    expect(phone.locator("#question")).to_have_text("Đồng chí có nhất trí với dự thảo không?")
    shot(phone, "answer-360")
    assert violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    # As the link leads where the script has not come yet; and with it.
    page = phone.url
    phone.goto(page + (phone.locator("#table [data-give]").first.get_attribute("href") or ""))
    expect(phone.locator("[name=text-1]")).to_be_focused()
    phone.goto(page)
    phone.locator("#table [data-give]").first.click()
    phone.keyboard.type(SAID)
    shot(phone, "answer-item-360")
    phone.get_by_label("Đồng ý, có ý kiến khác").check()
    expect(phone.locator("#save-state")).to_contain_text("Đã lưu nháp")
    phone.reload()
    expect(phone.locator("[name=text-1]")).to_have_value(SAID)
    phone.get_by_role("button", name="Gửi trả lời").click()
    expect(phone.get_by_text("Đã gửi trả lời lúc")).to_be_visible()
    shot(phone, "answer-sent-360")
    assert failures == []

    lead.goto(lead.url if "/rounds/" in lead.url else f"{server.address}/documents/{document}/rounds")
    lead.get_by_role("link", name="Theo dõi đợt").first.click()
    expect(lead.locator(".came", has_text=SAID)).to_be_visible()
    expect(lead.locator(".asked tr", has_text="Yên Giang")).to_contain_text("Đồng ý, có ý kiến khác")
    shot(lead, "round-1440")
    assert violations(lead) == []
    lead.set_viewport_size({"width": 360, "height": 740})
    assert lead.evaluate("document.documentElement.scrollWidth") <= 360
    shot(lead, "round-360")
    assert link.rpartition("/")[2] not in server.log()
    context.close()
