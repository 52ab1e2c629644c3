"""Three people over a whole revision, as a new user would go: from the text in force to the printed table.

With DUTHAO_GUIDE=docs/guide/pictures the pictures of the guide are made anew; with `-s` the clicks of the
five first tasks are told.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SignIn
from tests.browser.test_comments import cards as comment_cards
from tests.browser.test_comments import comment
from tests.browser.test_proposals import CLAUSE, TEXT, WISH, cards, open_list, propose
from tests.browser.test_two_people import put_caret, settled
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

TITLE = "Quy chế làm việc của Đảng ủy phường Bình Minh"
REASON = "Kết luận kiểm điểm năm 2026: họp hằng tháng trùng với giao ban."
# Kept over the pages one goes through; what a form sends by Enter is a click as well.
COUNT = """() => addEventListener('click', event => {
  if (!event.isTrusted && event.detail === 0 && event.target.closest('form') === null) return
  sessionStorage.setItem('clicks', String(Number(sessionStorage.getItem('clicks') ?? 0) + 1))
}, true)"""


def clicks(page: Page) -> int:
    """Since the last question."""
    found = page.evaluate("() => Number(sessionStorage.getItem('clicks') ?? 0)")
    page.evaluate("() => sessionStorage.removeItem('clicks')")
    return int(found)


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("DUTHAO_GUIDE")
    if folder:
        page.wait_for_timeout(400)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_a_revision_by_three(sign_in: SignIn, server: LiveServer) -> None:
    hanh, dung, lan = (sign_in(name, width=1280, height=800) for name in ("hanh", "dung", "lan"))
    for page in (hanh, dung, lan):
        page.add_init_script(f"({COUNT})()")

    # Hạnh brings the text in force and names who works on it.
    hanh.get_by_role("link", name="Văn bản mới").click()
    hanh.fill("[name=title]", TITLE)
    hanh.fill("[name=text]", TEXT)
    hanh.locator("main form button.primary").last.click()
    expect(hanh.locator("main")).to_contain_text("Chế độ họp")
    picture(hanh, "1-xem-truoc")
    hanh.locator("main form button.primary").last.click()
    expect(hanh.locator(".ProseMirror")).to_be_visible()
    address = hanh.url.split("?")[0].split("#")[0]
    hanh.get_by_role("link", name="Thành viên").click()
    for person, role in (("Trần Quốc Dũng", "editor"), ("Phạm Thị Lan", "commenter")):
        label = hanh.locator("#user option", has_text=person).first.inner_text()
        hanh.select_option("#user", label=label)
        hanh.select_option("#role", role)
        hanh.locator("form.card button.primary").click()
        expect(hanh.locator(".list-row", has_text=person)).to_be_visible()
    picture(hanh, "2-thanh-vien")

    # To join: the list, the document.
    dung.goto(server.address)
    clicks(dung)
    dung.locator(".list a", has_text=TITLE).first.click()
    expect(dung.locator(".ProseMirror")).to_be_visible()
    counted = {"join": clicks(dung)}

    # To change a clause, and say why.
    put_caret(dung, CLAUSE)
    # The clause runs over two lines.
    dung.keyboard.press("ArrowDown")
    dung.keyboard.press("End")
    dung.keyboard.insert_text(" Văn phòng ghi biên bản.")
    dung.locator("#reason").click()
    dung.keyboard.insert_text(REASON)
    settled(dung)
    counted["change a clause"] = clicks(dung)

    # To comment: Lan may not write, and says so beside the words.
    lan.goto(address)
    expect(lan.locator(".ProseMirror")).to_be_visible()
    clicks(lan)
    comment(lan, "Tài liệu được gửi", "ba ngày làm việc", "Đề nghị năm ngày, các chi bộ ở xa nhận chậm.")
    counted["comment"] = clicks(lan)
    picture(lan, "3-gop-y")
    lan.click("#show-comments")

    # To propose other words in their place.
    clicks(lan)
    wish = f"{WISH} Văn phòng ghi biên bản."
    propose(lan, CLAUSE, wish, "Mỗi tháng là quá dày.")
    expect(cards(lan)).to_have_count(1)
    counted["propose"] = clicks(lan)

    # Hạnh sees both, answers one and takes the other in, while Dũng writes on.
    hanh.goto(address)
    expect(hanh.locator("#proposals-count")).to_have_text("1")
    hanh.click("#show-comments")
    expect(comment_cards(hanh)).to_have_count(1)
    comment_cards(hanh).first.click()
    comment_cards(hanh).first.get_by_role("textbox").fill("Tiếp thu: năm ngày.")
    hanh.keyboard.press("Control+Enter")
    expect(comment_cards(hanh).first).to_contain_text("Tiếp thu: năm ngày.")
    open_list(hanh)
    put_caret(dung, "Tài liệu được gửi trước")
    dung.keyboard.insert_text(" Gửi qua hệ thống văn bản.")
    expect(cards(hanh).locator("ins").first).to_have_text("quý")
    picture(hanh, "4-de-nghi-sua")
    cards(hanh).locator("button", has_text="Tiếp thu").first.click()
    expect(hanh.locator(".ProseMirror")).to_contain_text("mỗi quý một lần")
    texts = settled(hanh, dung)
    assert wish in texts
    assert any("Gửi qua hệ thống văn bản." in text for text in texts)

    # The numbered draft is kept, and the table stands there by itself.
    hanh.get_by_role("link", name="Phiên bản").click()
    hanh.fill("[name=reason]", "Trình Ban Thường vụ")
    hanh.check("[name=numbered]")
    hanh.locator("form.save button.primary").click()
    expect(hanh.locator("table.versions")).to_contain_text("Dự thảo lần 1")
    picture(hanh, "5-phien-ban")

    # To print the table.
    clicks(dung)
    dung.get_by_role("link", name="So sánh").first.click()
    expect(dung.locator("#rows ins").first).to_be_visible()
    changed = dung.locator("#rows tr", has_text="Sửa đổi").first
    expect(changed.locator("textarea")).to_have_value(REASON)
    picture(dung, "6-bang-so-sanh")
    link = dung.get_by_role("link", name="In phần thay đổi (PDF)")
    code, content = (
        Api(server.address)
        .sign_in("hanh", PASSWORD)
        .call("GET", (link.get_attribute("href") or "").removeprefix(server.address))
    )
    assert (code, content[:5]) == (200, b"%PDF-")
    counted["print the table"] = clicks(dung) + 1
    print("clicks:", ", ".join(f"{task} {count}" for task, count in counted.items()))
    assert counted == {"join": 1, "change a clause": 2, "comment": 1, "propose": 3, "print the table": 2}

    # Lan opens the draft again: what others wrote meanwhile is told, and what became of her words.
    lan.goto(f"{server.address}/notifications")
    expect(lan.locator("main")).to_contain_text(TITLE)
    picture(lan, "7-thong-bao")

    # What the first page of the guide shows: a draft with the text in force beside it.
    known = Api(server.address).sign_in("hanh", PASSWORD).json("GET", "/api/documents")["documents"]
    regulation = next(one["id"] for one in known if one["title"].startswith("Quy chế làm việc của Ban Dân"))
    hanh.set_viewport_size({"width": 1280, "height": 600})
    hanh.goto(f"{server.address}/documents/{regulation}")
    hanh.locator(".ProseMirror .provision").nth(3).click()
    hanh.click("#show-beside")
    expect(hanh.locator("#beside-text del").first).to_be_attached()
    picture(hanh, "soan-thao-va-so-sanh")
