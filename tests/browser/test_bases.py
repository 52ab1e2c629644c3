"""The list of bases in real browsers: written by two, cited by keys alone, copied, seen by readers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document, shot
from tests.browser.test_accessibility import violations
from tests.browser.test_proposals import CLAUSE, TEXT
from tests.browser.test_two_people import SAVED, put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

NAME = "Quy định số 24-QĐ/TW ngày 30/7/2021 của Ban Chấp hành Trung ương"
CITED = f"điểm a khoản 2 Điều 5 {NAME}"


def enter(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    page.wait_for_function(SAVED)
    return page


def add_by_keys(page: Page, *fields: str) -> None:
    for field in fields:
        page.keyboard.insert_text(field)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_a_basis_is_cited_by_keys_alone(server: LiveServer, sign_in: SignIn) -> None:
    address = made_document(server, "Căn cứ", TEXT, dung="editor", minh="reader")
    other = made_document(server, "Văn bản khác dùng lại căn cứ", TEXT)
    a, b = enter(sign_in("hanh"), address), enter(sign_in("dung", width=360), address)
    put_caret(a, CLAUSE)
    a.keyboard.press("Alt+Shift+B")
    expect(a.locator("#basis-kind")).to_be_focused()
    add_by_keys(a, "Quy định", "24-QĐ/TW", "31/2/2021", "Ban Chấp hành Trung ương", "thi hành Điều lệ Đảng")
    expect(a.locator(".bases .error")).to_contain_text("Không có ngày này")
    expect(a.locator("#basis-date")).to_be_focused()
    a.locator("#basis-date").fill("30-7-2021")
    a.keyboard.press("Enter")
    expect(a.locator(".basis-list strong")).to_have_text(NAME)
    a.keyboard.press("Escape")
    put_caret(a, CLAUSE)
    a.keyboard.press("Alt+Shift+B")
    expect(a.locator("#basis-which")).to_be_focused()
    a.keyboard.press("Tab")
    a.keyboard.insert_text("5.2.a")
    expect(a.locator(".basis-preview")).to_have_text(CITED)
    shot(a, "bases-1440")
    assert not violations(a)
    a.keyboard.press("Enter")
    expect(a.locator("#reason")).to_be_focused()
    expect(a.locator("#reason")).to_have_value(CITED)
    a.wait_for_function(SAVED)
    # The other sees list and citation, edits it on a telephone, and the first one sees that.
    b.keyboard.press("Alt+Shift+B")
    expect(b.locator(".basis-list .cited button")).to_have_text(["khoản 1 Điều 2"])
    b.locator(".basis-acts button", has_text="Sửa").click()
    b.locator("#basis-title").fill("thi hành Điều lệ Đảng (mới)")
    b.keyboard.press("Enter")
    shot(b, "bases-360")
    assert not violations(b)
    assert b.evaluate("document.documentElement.scrollWidth") <= 360
    a.keyboard.press("Alt+Shift+B")
    expect(a.locator(".basis-list li")).to_contain_text("thi hành Điều lệ Đảng (mới)")
    # Copied into another document, once.
    enter(a, other).keyboard.press("Alt+Shift+B")
    a.locator(".bases summary").click()
    a.select_option("#bases-from", label="Căn cứ")
    for said in ("Đã chép 1 trong số 1", "Đã chép 0 trong số 1"):
        a.get_by_role("button", name="Chép vào danh mục này").click()
        expect(a.locator(".bases [role=status]")).to_contain_text(said)
    expect(a.locator(".basis-list strong")).to_have_text(NAME)
    # Who reads sees the list and changes nothing; the table has the reason as it is.
    reader = enter(sign_in("minh"), address)
    reader.keyboard.press("Alt+Shift+B")
    expect(reader.locator(".basis-list strong")).to_have_text(NAME)
    expect(
        reader.locator(".bases :is(.basis-acts, .basis-form, .basis-pick)").locator("visible=true")
    ).to_have_count(0)
    reader.goto(f"{address}/comparison")
    expect(reader.locator(".reason", has_text=CITED)).to_have_count(1)
