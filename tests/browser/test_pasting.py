"""What is pasted comes in as provisions or as plain words, and the other way afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_accessibility import LOOKS, violations
from tests.browser.test_tables import paste
from tests.browser.test_two_people import put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = "Điều 1. Phạm vi điều chỉnh\n1. Quy chế này quy định nguyên tắc làm việc.\n2. Các trường hợp khác.\n"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_choice_is_there_until_one_goes_on(
    sign_in: SignIn, server: LiveServer, width: int, scheme: Any
) -> None:
    page = sign_in("hanh", width=width)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    other = sign_in("dung")
    address = made_document(server, f"Dán {width}", TEXT, dung="editor")
    for one in (page, other):
        one.goto(address)
        expect(one.locator(".ProseMirror")).to_be_visible()
    put_caret(page, "nguyên tắc làm việc.")
    paste(page, text_html="<p>Điều 9. <b>Chế độ họp</b></p><p>1. Họp mỗi tháng.</p>")
    choice = page.locator("#paste-choice")
    expect(choice.locator("[aria-pressed=true]")).to_have_text("Điều, khoản, điểm")
    expect(page.locator("#live")).to_contain_text("Alt+Shift+V")
    assert settled(page, other)[2:4] == ["Chế độ họp", "Họp mỗi tháng."]
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    choice.get_by_text("Chữ thường").click()
    assert settled(page, other)[1:3] == [
        "Quy chế này quy định nguyên tắc làm việc.Điều 9. Chế độ họp",
        "1. Họp mỗi tháng.",
    ]
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.insert_text(" Gõ tiếp.")
    expect(choice).to_be_hidden()
    assert settled(page, other)[2] == "1. Họp mỗi tháng. Gõ tiếp."
