"""The text in force beside the sheet, in real browsers: in step, and marked while people type."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, lead_of, made_document
from tests.browser.test_two_people import FAITHFUL, SAVED, put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

CLAUSES = (
    "Ban Thường vụ họp thường kỳ mỗi tháng một lần, khi cần thì họp bất thường.",
    "Văn phòng gửi tài liệu đến các đồng chí ủy viên trước ba ngày làm việc.",
    "Biên bản cuộc họp do Văn phòng lập và lưu giữ theo quy định hiện hành.",
)
TEXT = "QUY CHẾ\nLàm việc\n\n" + "\n".join(
    f"Điều {n}. Nội dung thứ {n}\n" + "\n".join(f"{k}. {words}" for k, words in enumerate(CLAUSES, 1))
    for n in range(1, 21)
)


@pytest.fixture
def address(server: LiveServer, request: pytest.FixtureRequest) -> str:
    """The room of a long document of its own, led by hanh, which dung edits."""
    return made_document(server, request.node.name, TEXT, dung="editor")


def enter(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page


def struck(page: Page, words: str) -> None:
    expect(page.locator("#beside-text del", has_text=words).first).to_be_visible()


READ = """(column) => {
  const {top, height} = document.querySelector(column).getBoundingClientRect()
  const eye = top + height / 4
  const all = [...document.querySelectorAll(column + ' .provision')]
  const at = all.findIndex((p) => p.getBoundingClientRect().bottom >= eye)
  return all.slice(0, at + 1).filter((p) => p.dataset.kind === 'article').length
}"""


def test_an_earlier_version_or_a_model_stands_there_when_it_is_chosen(
    server: LiveServer, sign_in: SignIn, address: str
) -> None:
    api, id_ = lead_of(server), address.rpartition("/")[2]
    model = made_document(
        server, "Quy chế mẫu của tỉnh", TEXT.replace("mỗi tháng một lần", "mỗi quý một lần")
    )
    api.call("PUT", f"/api/documents/{model.rpartition('/')[2]}/model", {"model": True})
    page = enter(sign_in("hanh"), address)
    put_caret(page, "mỗi tháng một lần")
    page.keyboard.insert_text(" và họp chuyên đề")
    page.wait_for_function(SAVED)
    api.json("POST", f"/api/documents/{id_}/versions", {"name": "Bản sau họp"}, 201)
    put_caret(page, "trước ba ngày làm việc")
    page.keyboard.insert_text(" và gửi thư")
    page.wait_for_function(SAVED)
    page.reload()
    page.click("#show-beside")
    expect(page.locator("#beside-state")).to_have_text("2 chỗ thay đổi")
    # Against the version only what came after it.
    page.select_option("#beside-side", label="Bản sau họp")
    expect(page.locator("#beside-state")).to_have_text("1 chỗ thay đổi")
    expect(page.locator("#beside-text")).to_contain_text("và họp chuyên đề")
    page.select_option("#beside-side", label="Quy chế mẫu của tỉnh")
    struck(page, "quý")
    page.select_option("#beside-side", index=0)
    expect(page.locator("#beside-state")).to_have_text("2 chỗ thay đổi")
    assert page.evaluate(FAITHFUL) == []


def test_what_both_type_is_marked_in_both_rooms(sign_in: SignIn, address: str, tmp_path: Path) -> None:
    a, b = enter(sign_in("hanh"), address), enter(sign_in("dung"), address)
    for page in (a, b):
        page.click("#show-beside")
        expect(page.locator("#beside-state")).to_have_text("Dự thảo không khác văn bản này.")
    put_caret(a, "mỗi tháng một lần")
    a.keyboard.insert_text(" và họp chuyên đề")
    for page in (a, b):
        expect(page.locator(".ProseMirror .inserted", has_text="họp chuyên đề")).to_be_visible()
        expect(page.locator("#beside-state")).to_have_text("1 chỗ thay đổi")
    put_caret(b, "Nội dung thứ 2")
    b.keyboard.press("Enter")
    b.keyboard.insert_text("Điều khoản thêm")
    for page in (a, b):
        expect(page.locator(".ProseMirror .is-added")).to_have_count(1)
        expect(page.locator("#beside-state")).to_have_text("2 chỗ thay đổi")
    # Closing takes the marks away: nothing of them was ever in the text.
    a.click("#beside-close")
    expect(a.locator(".ProseMirror .inserted")).to_have_count(0)
    for page in (a, b):
        page.wait_for_function(SAVED)
        assert page.evaluate(FAITHFUL) == []


def turned(page: Page, until: str) -> None:
    """Turn the wheel as somebody does who looks, until it is so."""
    for _ in range(60):
        page.mouse.wheel(0, 300)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if page.evaluate(until):
            return
    page.wait_for_function(until)


def test_the_columns_scroll_in_step_and_keys_go_from_change_to_change(sign_in: SignIn, address: str) -> None:
    page = enter(sign_in("hanh"), address)
    for words in ("Nội dung thứ 3", "Nội dung thứ 17"):
        put_caret(page, words)
        page.keyboard.insert_text(" sửa đổi")
    page.wait_for_function(SAVED)
    page.keyboard.press("Alt+Shift+C")
    expect(page.locator("#beside-state")).to_have_text("2 chỗ thay đổi")
    page.locator("#desk").evaluate("e => { e.scrollTop = 0 }")
    page.keyboard.press("Alt+PageDown")
    expect(page.locator(".ProseMirror .inserted").first).to_be_in_viewport()
    page.wait_for_function(f"() => ({READ})('#desk') === 3 && ({READ})('#beside-text') === 3")
    page.keyboard.press("Alt+PageDown")
    page.wait_for_function(f"() => ({READ})('#desk') === 17 && ({READ})('#beside-text') === 17")
    page.keyboard.press("Alt+PageUp")
    page.wait_for_function(f"() => ({READ})('#desk') === 3 && ({READ})('#beside-text') === 3")
    # What is gone is shown where it stood.
    put_caret(page, "Nội dung thứ 9")
    page.keyboard.press("ArrowDown")
    page.click("[data-command=removeProvision]")
    expect(page.locator("#beside-state")).to_have_text("3 chỗ thay đổi")
    page.locator("#desk").evaluate("e => { e.scrollTop = 0 }")
    page.keyboard.press("Alt+PageDown")
    page.keyboard.press("Alt+PageDown")
    expect(page.locator("#beside-text del")).to_be_in_viewport()
    page.wait_for_function(f"() => ({READ})('#desk') === 9 && ({READ})('#beside-text') === 9")
    # By hand: the sheet leads, then the text in force.
    for column, further in (("#desk", 4), ("#beside-text", 6)):
        page.locator(column).hover()
        turned(page, f"() => ({READ})('#desk') > {further} && ({READ})('#desk') === ({READ})('#beside-text')")
    page.locator("#beside-text").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#beside")).to_be_hidden()
    expect(page.locator("#show-beside")).to_be_focused()


def test_on_a_telephone_both_texts_are_seen(sign_in: SignIn, address: str) -> None:
    page = enter(sign_in("dung", width=360, height=740), address)
    page.locator("#show-beside").evaluate("e => e.click()")
    expect(page.locator("#beside-text .provision").first).to_be_visible()
    pane, desk = page.locator("#beside").bounding_box(), page.locator("#desk").bounding_box()
    assert pane is not None
    assert desk is not None
    assert pane["y"] + pane["height"] <= desk["y"] + 1
    assert min(pane["height"], desk["height"]) > 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
