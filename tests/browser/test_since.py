"""What others changed since one last looked, said on opening, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_two_people import FAITHFUL, SAVED, put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = "QUY CHẾ\nLàm việc\n\n" + "\n".join(
    f"Điều {n}. Nội dung thứ {n}\n1. Ban Thường vụ họp mỗi tháng {n} lần theo quy chế." for n in range(1, 13)
)


@pytest.fixture
def address(server: LiveServer, request: pytest.FixtureRequest) -> str:
    return made_document(server, request.node.name, TEXT, dung="editor")


def write(page: Page, address: str, place: str, words: str) -> None:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    put_caret(page, place)
    page.keyboard.insert_text(words)
    page.wait_for_function(SAVED)


@pytest.mark.parametrize("width", [360, 1440])
def test_what_others_wrote_is_told_marked_and_then_seen(sign_in: SignIn, address: str, width: int) -> None:
    a, b = sign_in("hanh", width=width), sign_in("dung")
    write(a, address, "Nội dung thứ 2", " của tôi")
    a.goto(address.rsplit("/", 2)[0])
    # What one wrote before one left has been seen: the list counts nothing of it.
    document = address.rsplit("/", 1)[1]
    a.wait_for_function(
        """async id => {
          const {documents} = await (await fetch('/api/documents')).json()
          return documents.find(one => one.id === id).changed === 0
        }""",
        arg=document,
    )
    for place in ("Nội dung thứ 4", "Nội dung thứ 11"):
        write(b, address, place, " sửa bởi Dũng")
    a.goto(address)
    said = a.locator("#since-said")
    expect(said).to_contain_text("2 đơn vị thay đổi, của Trần Quốc Dũng")
    a.click("#since-mark")
    expect(a.locator(".ProseMirror .newer")).to_have_text([" sửa bởi Dũng"] * 2)
    expect(a.locator(".ProseMirror .newer").first).to_be_in_viewport()
    a.locator("#since-next").evaluate("button => button.click()")
    expect(a.locator(".ProseMirror .newer").nth(1)).to_be_in_viewport()
    assert a.evaluate("document.documentElement.scrollWidth") <= width
    assert "history?at=" in (a.locator("#since-history").get_attribute("href") or "")
    a.locator("#since-close").evaluate("button => button.click()")
    expect(a.locator(".ProseMirror .newer")).to_have_count(0)
    assert a.evaluate(FAITHFUL) == []
    # Seen now: it is not told again, and not what one wrote oneself.
    a.reload()
    expect(a.locator(".ProseMirror")).to_be_visible()
    a.wait_for_load_state("networkidle")
    expect(a.locator("#since")).to_be_hidden()
