"""Who is here, where they write, and following them: two people in two real browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document, open_draft
from tests.browser.test_two_people import put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = "QUY CHẾ\nLàm việc\n\n" + "\n".join(
    f"Điều {n}. Chế độ thứ {n}\n1. Bảo đảm nguyên tắc tập trung dân chủ ở việc số {n}."
    "\n2. Báo cáo Thường trực trước khi quyết định."
    for n in range(1, 41)
)
ON_SCREEN = """words => [...document.querySelectorAll('.ProseMirror > *')].some(block => {
  const { top, bottom } = block.getBoundingClientRect()
  return block.textContent.includes(words) && top > 0 && bottom < innerHeight
})"""


def both(server: LiveServer, sign_in: SignIn) -> tuple[Page, Page]:
    address = made_document(server, "Theo nhau trong dự thảo", TEXT, dung="editor")
    pages = sign_in("hanh"), sign_in("dung")
    for page in pages:
        page.goto(address)
        expect(page.locator(".ProseMirror")).to_be_visible()
    return pages


def test_one_is_followed_through_the_draft_until_ones_own_hands_move(
    server: LiveServer, sign_in: SignIn
) -> None:
    hanh, dung = both(server, sign_in)
    put_caret(dung, "ở việc số 3.")
    person = hanh.locator("#people .person", has_text="Trần Quốc Dũng")
    expect(person).to_contain_text("khoản 1 Điều 3")
    person.get_by_role("button", name="Theo Trần Quốc Dũng trong dự thảo").click()
    expect(hanh.locator("#following")).to_contain_text("Đang theo Trần Quốc Dũng")
    put_caret(dung, "ở việc số 38.")
    hanh.wait_for_function(ON_SCREEN, arg="ở việc số 38.")
    put_caret(dung, "ở việc số 2.")
    hanh.wait_for_function(ON_SCREEN, arg="ở việc số 2.")
    hanh.keyboard.press("Escape")
    expect(hanh.locator("#following")).to_be_hidden()
    put_caret(dung, "ở việc số 39.")
    expect(person).to_contain_text("khoản 1 Điều 39")
    assert not hanh.evaluate(ON_SCREEN, "ở việc số 39.")


def test_a_quiet_sign_says_where_somebody_writes(server: LiveServer, sign_in: SignIn) -> None:
    hanh, dung = both(server, sign_in)
    put_caret(hanh, "ở việc số 3.")
    put_caret(dung, "ở việc số 2.")
    expect(hanh.locator(".being-written")).to_have_count(0)
    dung.keyboard.type(" Thêm", delay=20)
    sign = hanh.locator(".being-written")
    expect(sign).to_have_attribute("title", "Trần Quốc Dũng đang viết")
    expect(sign).to_contain_text("ở việc số 2. Thêm")
    expect(dung.locator(".being-written")).to_have_count(0)
    expect(sign).to_have_count(0)
    # Where one's own caret is, it is said as well.
    put_caret(dung, "ở việc số 3.")
    dung.keyboard.type(" Thêm", delay=20)
    expect(hanh.locator("#live")).to_have_text("Trần Quốc Dũng đang viết ở đơn vị này")


def test_the_list_of_people_works_by_keyboard_while_they_move(sign_in: SignIn) -> None:
    hanh, dung = sign_in("hanh"), sign_in("dung")
    address = open_draft(hanh)
    dung.goto(address)
    expect(dung.locator(".ProseMirror")).to_be_visible()
    put_caret(dung, "Dân chủ, công khai, minh bạch")
    follow = hanh.get_by_role("button", name="Theo Trần Quốc Dũng trong dự thảo")
    follow.focus()
    put_caret(dung, "Bảo đảm tuân thủ trình tự, thủ tục và thời gian")
    dung.keyboard.type(" nữa", delay=20)
    expect(follow).to_be_focused()
    hanh.keyboard.press("Enter")
    stop = hanh.get_by_role("button", name="Thôi theo")
    expect(stop).to_be_visible()
    stop.focus()
    hanh.keyboard.press("Enter")
    expect(stop).to_be_hidden()
