"""The past in real browsers: the slider, who wrote what, bringing back, with two people who write."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SignIn
from tests.browser.test_two_people import SAVED, put_caret, settled
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

HANH, DUNG = "Hạnh", "Trần Quốc Dũng"
TEXT = (
    "QUY CHẾ\nLàm việc của Ban\n\nĐiều 1. Phạm vi\n1. Ban Thường vụ họp.\n2. Thường trực họp hằng tuần.\n"
    "Điều 2. Trách nhiệm\n1. Văn phòng giúp việc."
)


@pytest.fixture
def document(server: LiveServer) -> str:
    """A document of its own, so that no other test's edits stand in its history: its address."""
    api = Api(server.address).sign_in("hanh", PASSWORD)
    made = api.json("POST", "/api/documents", {"title": "Lịch sử thử", "text": TEXT}, 201)["id"]
    for user, role in (("dung", "editor"), ("lan", "reader")):
        api.json("PUT", f"/api/documents/{made}/members/{user}", {"role": role}, 204)
    return f"{server.address}/documents/{made}"


def write(page: Page, place: str, words: str) -> None:
    put_caret(page, place)
    page.keyboard.insert_text(words)
    page.wait_for_function(SAVED)


def open_room(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page


def two_who_wrote(sign_in: SignIn, document: str) -> Page:
    """Three sittings after the making: Hạnh in clause 1, Dũng in it and in the last one, Hạnh again."""
    a, b = (open_room(sign_in(user), document) for user in ("hanh", "dung"))
    write(a, "Ban Thường vụ họp", " Mỗi tháng một lần.")
    settled(a, b)
    write(b, "Ban Thường vụ họp", " Khi cần thì họp đột xuất.")
    write(b, "Văn phòng giúp việc", " Có kinh phí riêng.")
    settled(a, b)
    put_caret(a, "Thường trực họp hằng tuần")
    a.locator("[data-command=removeProvision]").click()
    settled(a, b)
    return a


@pytest.mark.parametrize("width", [360, 1440])
def test_the_slider_shows_each_moment_and_who_changed_what(
    width: int, sign_in: SignIn, document: str
) -> None:
    two_who_wrote(sign_in, document)
    page = sign_in("lan", width=width)
    page.goto(f"{document}/history")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("#sittings a")).to_have_count(4)
    expect(page.locator("#sittings a").nth(1)).to_contain_text(DUNG)
    expect(page.locator("#sittings a").nth(1)).to_contain_text("Điều 1, Điều 2")
    gone = page.locator(".line.gone")
    expect(gone.locator("del").last).to_have_text("Thường trực họp hằng tuần.")
    expect(gone.locator(".credit")).to_contain_text(HANH)
    page.focus("#moment")
    page.keyboard.press("PageUp")
    expect(page.locator("#moment-now")).to_contain_text(DUNG)
    expect(page.locator(".line.gone")).to_have_count(0)
    page.keyboard.press("Home")
    expect(page.locator(".line.altered")).to_have_count(0)
    expect(page.locator("#history-text")).to_contain_text("Ban Thường vụ họp.")
    page.keyboard.press("ArrowRight")
    changed = page.locator(".line.altered")
    expect(changed).to_have_count(1)
    expect(changed.locator("ins")).to_have_text("Mỗi tháng một lần.")
    expect(changed.locator("abbr.by")).to_have_attribute("title", "Nguyễn Thị Hạnh")
    address = page.url
    assert "at=" in address
    page.keyboard.press("End")
    expect(page.locator(".line.gone")).to_have_count(1)
    page.goto(address)
    expect(page.locator(".line.altered ins")).to_have_text("Mỗi tháng một lần.")
    assert page.locator("form[method=post] button.primary").count() == 0  # a reader brings nothing back


def test_a_fixed_moment_a_whole_sitting_and_playing(sign_in: SignIn, document: str) -> None:
    page = two_who_wrote(sign_in, document)
    page.goto(f"{document}/history")
    page.focus("#moment")
    page.keyboard.press("Home")
    page.click("#fix")
    expect(page.locator("#fixed-said")).not_to_be_empty()
    page.focus("#moment")
    page.keyboard.press("End")
    expect(page.locator(".line.altered")).to_have_count(3)
    clause = page.locator(".line.altered", has_text="Ban Thường vụ")
    assert clause.locator("abbr.by").evaluate_all("all => all.map(one => one.title)") == [
        "Nguyễn Thị Hạnh", DUNG,
    ]  # fmt: skip
    page.click("#fix")
    page.locator("#sittings a").nth(1).click()
    expect(page.locator(".line.altered")).to_have_count(2)
    page.click("#changed-only + span, label:has(#changed-only)")
    expect(page.locator(".line:not(.altered)").first).to_be_hidden()
    page.focus("#moment")
    page.keyboard.press("Home")
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".line.gone")).to_have_count(1)
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")


def test_a_person_and_a_provision_alone(sign_in: SignIn, document: str) -> None:
    page = two_who_wrote(sign_in, document)
    page.goto(f"{document}/history")
    page.select_option("[name=person]", label=DUNG)
    expect(page.locator("#sittings a")).to_have_count(1)
    page.select_option("[name=person]", "")
    expect(page.locator("#sittings a")).to_have_count(4)
    page.select_option("[name=provision]", index=2)
    expect(page.locator("#sittings a")).to_have_count(2)  # with the making of the document
    expect(page.locator(".line")).to_have_count(2)
    expect(page.locator(".line.altered ins")).to_have_text("Có kinh phí riêng.")


def test_a_provision_and_the_whole_text_are_brought_back_as_new_edits(sign_in: SignIn, document: str) -> None:
    a = two_who_wrote(sign_in, document)
    page = open_room(sign_in("dung"), document)
    a.goto(f"{document}/history")
    a.locator(".line.gone a").click()
    expect(a.locator(".line")).to_have_count(1)
    a.focus("#moment")
    a.keyboard.press("Home")
    expect(a.locator(".line")).to_have_count(1)
    a.locator("details.act summary", has_text="Khôi phục").click()
    a.get_by_role("button", name="Xác nhận khôi phục").click()
    expect(a.locator(".ProseMirror")).to_contain_text("Thường trực họp hằng tuần.")
    expect(page.locator(".ProseMirror")).to_contain_text("Thường trực họp hằng tuần.")
    expect(page.locator(".ProseMirror")).to_contain_text("Khi cần thì họp đột xuất.")
    a.goto(f"{document}/history")
    expect(a.locator("#sittings a").first).to_contain_text("khôi phục")
    a.focus("#moment")
    a.keyboard.press("Home")
    expect(a.locator(".line.altered")).to_have_count(0)
    a.locator("details.act summary", has_text="Khôi phục toàn văn").click()
    a.get_by_role("button", name="Xác nhận khôi phục").click()
    expect(page.locator(".ProseMirror")).not_to_contain_text("Khi cần thì họp đột xuất.")
    a.goto(f"{document}/history")
    expect(a.locator("#sittings a")).to_have_count(6)


def test_a_moment_is_kept_and_compared_with_the_present(sign_in: SignIn, document: str) -> None:
    page = two_who_wrote(sign_in, document)
    page.goto(f"{document}/history")
    page.focus("#moment")
    page.keyboard.press("PageUp")
    expect(page.locator("#moment-now")).to_contain_text(DUNG)
    expect(page.locator("#history-text")).not_to_have_attribute("aria-busy", "true")
    page.locator("details.act summary", has_text="Lưu thời điểm này").click()
    page.fill("#keep-name", "Trước khi bỏ khoản 2")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("link", name="So sánh với hiện nay").click()
    expect(page.locator("#rows")).to_contain_text("Thường trực họp hằng tuần.")
    expect(page.locator("#rows")).to_contain_text("(Bãi bỏ)")


@pytest.mark.parametrize("width", [360, 1440])
def test_who_wrote_a_provision(width: int, sign_in: SignIn, document: str) -> None:
    two_who_wrote(sign_in, document)
    page = open_room(sign_in("lan", width=width), document)
    page.locator(".ProseMirror > *", has_text="Ban Thường vụ họp").click()
    page.click("#show-authors")
    panel = page.locator("#authors")
    expect(panel.locator(".authors-list li")).to_have_count(2)
    expect(panel.locator(".authors-list li", has_text=DUNG)).to_be_visible()
    expect(panel.locator(".written").last).to_have_text("Khi cần thì họp đột xuất.", use_inner_text=True)
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    panel.get_by_role("button", name="Đóng").click()
    put_caret(page, "Văn phòng giúp việc")
    page.keyboard.press("Alt+Shift+W")
    expect(panel.locator("h3")).to_have_text("khoản 1 Điều 2")
    expect(panel.locator(".authors-list li")).to_have_count(2)
    panel.get_by_role("link", name="Xem lịch sử của điều này").click()
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator(".line.altered ins")).to_have_text("Có kinh phí riêng.")
