"""Two people in one draft, in two real browsers, on the demonstration's real regulation."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, open_draft
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

# What is shared, in reading order; that the sheet shows exactly this is asked of `differences`.
TEXTS = """() => [...window.duthao.doc.getMap('provisions').entries()]
  .filter(([, p]) => p.get('removed') !== true)
  .map(([id, p]) => [p.get('order') + ' ' + id, p.get('text').toString()])
  .sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, text]) => text)"""
LABELS = "() => [...document.querySelectorAll('.ProseMirror > *')].map(b => b.dataset.label ?? '')"
SAVED = "() => window.duthao.state().phase === 'live' && !window.duthao.state().unsaved"
FAITHFUL = "() => window.duthao.differences()"


def put_caret(page: Page, words: str, *, at_end: bool = True) -> None:
    block = page.locator(".ProseMirror > *", has_text=words).first
    block.scroll_into_view_if_needed()
    block.click()
    page.keyboard.press("End" if at_end else "Home")
    caret_read(page)


def caret_read(page: Page) -> None:
    """A frame later: the browser tells where the caret is now before it draws, and the editor reads it."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def settled(*pages: Page) -> list[str]:
    """Wait until all is stored and all see the same; gives the texts, checked against the map."""
    for page in pages:
        page.wait_for_function(SAVED)
    # Stored is not yet shown everywhere: what one has last sent may still be on its way to the first.
    deadline = time.monotonic() + 20
    while len({json.dumps(page.evaluate(TEXTS)) for page in pages}) > 1:
        assert time.monotonic() < deadline, "they do not see the same"
        pages[0].wait_for_timeout(50)
    for page in pages:
        assert page.evaluate(FAITHFUL) == []
    return list(pages[0].evaluate(TEXTS))


def test_both_type_in_one_paragraph_and_see_each_other(sign_in: SignIn) -> None:
    a, b = sign_in("hanh"), sign_in("dung")
    address = open_draft(a)
    b.goto(address)
    expect(b.locator(".ProseMirror")).to_be_visible()
    expect(a.locator("#people")).to_contain_text("Trần Quốc Dũng")
    place = "Dân chủ, công khai, minh bạch"
    put_caret(a, place)
    put_caret(b, place, at_end=False)
    for left, right in zip("Tiếng Việt ", " được giữ nguyên", strict=False):
        a.keyboard.insert_text(right)
        b.keyboard.insert_text(left)
    texts = settled(a, b)
    changed = next(text for text in texts if place in text)
    assert "Tiếng Việt" in changed
    assert " được giữ n" in changed
    assert a.locator("#save-state").inner_text() == "Đã lưu"


def test_a_clause_moves_while_a_colleague_types_in_it(sign_in: SignIn) -> None:
    a, b = sign_in("hanh"), sign_in("dung")
    address = open_draft(a)
    b.goto(address)
    expect(b.locator(".ProseMirror")).to_be_visible()
    place = "Văn phòng có trách nhiệm đôn đốc, theo dõi việc thực hiện"
    put_caret(b, place)
    b.keyboard.insert_text(" MỘT")
    put_caret(a, place)
    a.keyboard.press("Alt+ArrowUp")
    b.keyboard.insert_text(" HAI")
    texts = settled(a, b)
    assert sum(place in text and "MỘT" in text and "HAI" in text for text in texts) == 1


def test_offline_edits_come_back_and_nothing_is_lost(sign_in: SignIn) -> None:
    a, b = sign_in("hanh"), sign_in("dung")
    address = open_draft(a)
    b.goto(address)
    expect(b.locator(".ProseMirror")).to_be_visible()
    settled(a, b)
    # The line breaks as a network breaks: no more bytes, no new connection. As long as that is short,
    # nobody is startled; what the page takes for the time stands still so that it stays so.
    b.evaluate("() => { const at = Date.now(); Date.now = () => at }")
    b.context.set_offline(True)
    b.evaluate("() => window.duthao.cut()")
    b.wait_for_function("() => window.duthao.state().phase !== 'live'")
    expect(b.locator("#save-state")).to_have_text("Đã lưu")
    b.evaluate("() => { const at = Date.now(); Date.now = () => at + 60000 }")
    expect(b.locator("#save-state")).to_contain_text("Mất kết nối", ignore_case=True)
    put_caret(b, "Toàn thể viên chức, người lao động thuộc Ban")
    b.keyboard.insert_text(" VIẾT KHI MẤT MẠNG")
    expect(b.locator("#save-state")).to_contain_text("Chưa lưu")
    with b.expect_event("dialog") as asked:
        b.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    put_caret(a, "Toàn thể viên chức, người lao động thuộc Ban", at_end=False)
    a.keyboard.insert_text("CÙNG LÚC ")
    b.context.set_offline(False)
    b.evaluate("() => window.dispatchEvent(new Event('online'))")
    texts = settled(a, b)
    assert sum("VIẾT KHI MẤT MẠNG" in text and "CÙNG LÚC" in text for text in texts) == 1
    # What is stored is left without a question.
    with b.expect_event("close"):
        b.close(run_before_unload=True)


def test_enter_numbers_what_follows_and_undo_takes_back_ones_own(sign_in: SignIn) -> None:
    page = sign_in("hanh")
    open_draft(page)
    before = page.evaluate(LABELS)
    put_caret(page, "Mỗi nhiệm vụ chỉ giao cho một người chủ trì")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("Khoản mới do kiểm thử thêm.")
    settled(page)
    assert len(page.evaluate(LABELS)) == len(before) + 1
    for _ in range(4):
        page.keyboard.press("Control+z")
    page.wait_for_function(f"wanted => JSON.stringify(({LABELS})()) === JSON.stringify(wanted)", arg=before)


def test_a_reader_sees_and_cannot_write(sign_in: SignIn) -> None:
    page = sign_in("lan")
    open_draft(page)
    expect(page.locator("#save-state")).to_have_text("Chỉ xem")
    assert page.locator(".ProseMirror").get_attribute("contenteditable") == "false"


def test_the_comparison_follows_while_somebody_types(sign_in: SignIn) -> None:
    writer, watcher = sign_in("dung"), sign_in("hanh")
    address = open_draft(writer)
    watcher.goto(f"{address}/comparison")
    expect(watcher.locator("#rows tr:visible").first).to_be_visible()
    put_caret(writer, "Bảo đảm tuân thủ trình tự, thủ tục và thời gian")
    writer.keyboard.insert_text(" Chữ hiện ngay trong bảng.")
    expect(watcher.locator("#rows ins", has_text="Chữ hiện ngay trong bảng")).to_be_visible()


def test_the_printed_forms_are_pdf(server: LiveServer) -> None:
    api = Api(server.address).sign_in("hanh", "duthao-trinh-dien")
    demonstration = ("Quy chế làm việc của Ban Dân dụng và Công nghiệp", "Luật Kiểm toán nhà nước")
    documents = [
        document
        for document in api.json("GET", "/api/documents")["documents"]
        if document["title"] in demonstration
    ]
    assert len(documents) == len(demonstration)
    for document in documents:
        for name in ("comparison.pdf", "comparison.pdf?rows=changed", "draft.pdf"):
            code, content = api.call("GET", f"/documents/{document['id']}/{name}")
            assert (code, content[:5]) == (200, b"%PDF-"), name


BLOCKED = """window.WebSocket = class extends EventTarget {
  readyState = 0
  constructor() { super(); setTimeout(() => { this.readyState = 3; this.onclose?.({ code: 1006 }) }, 5) }
  send() {}
  close() {}
}"""


def test_where_sockets_are_blocked_two_people_still_write_together(sign_in: SignIn) -> None:
    a, b = sign_in("hanh"), sign_in("dung")
    a.add_init_script(BLOCKED)
    with a.expect_response(lambda answer: "/poll?" in answer.url):
        address = open_draft(a)
    b.goto(address)
    expect(b.locator(".ProseMirror")).to_be_visible()
    place = "Dân chủ, công khai, minh bạch"
    put_caret(a, place)
    a.keyboard.type(" qua yêu cầu", delay=15)
    put_caret(b, place, at_end=False)
    b.keyboard.type("qua kênh ", delay=15)
    texts = settled(a, b)
    changed = next(text for text in texts if place in text)
    assert "qua yêu cầu" in changed
    assert "qua kênh" in changed
    expect(a.locator("#people")).to_contain_text("Trần Quốc Dũng")
    expect(b.locator("#people")).to_contain_text("Hạnh")
    assert a.locator("#save-state").inner_text() == "Đã lưu"
