"""Articles and chapters are moved, cut and joined: by keys, by pointer, while others write in them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn, made_document, open_draft
from tests.browser.test_accessibility import violations
from tests.browser.test_two_people import LABELS, caret_read, put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định nguyên tắc làm việc.
2. Quy chế áp dụng cho các đơn vị.
Điều 2. Nguyên tắc làm việc
1. Tập trung dân chủ. Công khai và minh bạch.
2. Cá nhân phụ trách.
Chương II
TRÁCH NHIỆM
Điều 3. Trách nhiệm của Bí thư
1. Chủ trì các cuộc họp.
Chương III
ĐIỀU KHOẢN THI HÀNH
Điều 4. Hiệu lực thi hành
1. Quy chế có hiệu lực từ ngày ký.
"""


@pytest.fixture
def draft(server: LiveServer) -> str:
    return made_document(server, "Quy chế để chuyển chương, điều", TEXT, dung="editor")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    expect(page.locator("#outline li")).to_have_count(7)
    expect(page.locator("#outline.can-move")).to_have_count(1)
    return page


def outline(page: Page) -> list[str]:
    return [text.split(".")[0].split(" QUY")[0] for text in page.locator("#outline a").all_inner_texts()]


def line(page: Page, words: str) -> Locator:
    return page.locator("#outline li", has_text=words)


def test_a_chapter_moves_while_a_colleague_writes_in_it(sign_in: SignIn, draft: str) -> None:
    a, b = opened(sign_in("hanh"), draft), opened(sign_in("dung"), draft)
    put_caret(b, "Chủ trì các cuộc họp.")
    b.keyboard.insert_text(" Kết luận")
    put_caret(a, "TRÁCH NHIỆM")
    a.keyboard.press("Alt+ArrowUp")
    b.keyboard.insert_text(" từng nội dung.")
    texts = settled(a, b)
    assert texts[0] == "TRÁCH NHIỆM"
    assert texts[2] == "Chủ trì các cuộc họp. Kết luận từng nội dung."
    assert a.evaluate(LABELS)[:3] == ["Chương I", "Điều 1.", "1."]
    b.keyboard.insert_text(" Vẫn ở đây.")
    assert settled(a, b)[2].endswith("Vẫn ở đây.")
    a.keyboard.press("Control+z")
    texts = settled(a, b)
    assert texts[0] == "QUY ĐỊNH CHUNG"
    assert sum(text.endswith("Vẫn ở đây.") for text in texts) == 1


def test_several_provisions_move_and_change_their_level_as_one_step(sign_in: SignIn, draft: str) -> None:
    page = opened(sign_in("hanh"), draft)
    before = page.evaluate(LABELS)
    put_caret(page, "Tập trung dân chủ", at_end=False)
    page.keyboard.press("Shift+ArrowDown")
    caret_read(page)
    page.keyboard.press("Tab")
    page.wait_for_function(f"() => ({LABELS})().includes('b)')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Alt+ArrowUp")
    # The first clauses of their article go out in front of it, both together.
    assert settled(page)[4:6] == ["Tập trung dân chủ. Công khai và minh bạch.", "Cá nhân phụ trách."]
    for _ in range(3):
        page.keyboard.press("Control+z")
    page.wait_for_function(f"wanted => JSON.stringify(({LABELS})()) === JSON.stringify(wanted)", arg=before)


def test_an_article_is_split_here_and_joined_again(sign_in: SignIn, draft: str) -> None:
    page = opened(sign_in("hanh"), draft)
    put_caret(page, "Tập trung dân chủ", at_end=False)
    for _ in "Tập trung dân chủ. ":
        page.keyboard.press("ArrowRight")
    caret_read(page)
    page.keyboard.press("Alt+Enter")
    texts = settled(page)
    assert texts[4:8] == [
        "Nguyên tắc làm việc", "Tập trung dân chủ. ", "Công khai và minh bạch.", "Cá nhân phụ trách.",
    ]  # fmt: skip
    assert page.evaluate(LABELS)[4:8] == ["Điều 2.", "1.", "Điều 3.", "1."]
    page.click("#show-menu")
    expect(page.locator("#menu [data-command=joinArticle]")).to_be_focused()
    page.keyboard.press("Enter")
    settled(page)
    assert page.evaluate(LABELS)[4:8] == ["Điều 2.", "1.", "2.", "3."]
    page.keyboard.insert_text("Còn gõ tiếp được. ")
    assert settled(page)[6] == "Còn gõ tiếp được. Công khai và minh bạch."


def test_the_outline_by_keys(sign_in: SignIn, draft: str) -> None:
    page = opened(sign_in("hanh"), draft)
    line(page, "Điều 4").locator("a").focus()
    page.keyboard.press("Space")
    expect(page.locator("#live")).to_contain_text("Đã nhấc Điều 4. Hiệu lực")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#live")).to_have_text("Trước Chương III ĐIỀU KHOẢN THI HÀNH")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#live")).to_have_text("Trước Điều 3. Trách nhiệm của Bí thư")
    expect(line(page, "Điều 3")).to_have_class("o-article drop-before")
    page.keyboard.press("Escape")
    expect(page.locator("#live")).to_contain_text("ở nguyên chỗ cũ")
    expect(page.locator(".drop-before")).to_have_count(0)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(page.locator("#live")).to_have_text("Đã chuyển, nay là Điều 3. Hiệu lực thi hành")
    expect(page.locator("#outline a").nth(4)).to_have_text("Điều 3. Hiệu lực thi hành")
    expect(page.locator("#outline a").nth(4)).to_be_focused()
    assert settled(page)[8:10] == ["Hiệu lực thi hành", "Quy chế có hiệu lực từ ngày ký."]


def test_a_chapter_goes_only_where_chapters_stand(sign_in: SignIn, draft: str) -> None:
    page = opened(sign_in("hanh"), draft)
    line(page, "Chương III").locator("a").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#live")).to_contain_text("Trước Chương II ")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#live")).to_contain_text("Trước Chương I ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#live")).to_have_text("Chỗ cũ")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert settled(page)[:3] == [
        "ĐIỀU KHOẢN THI HÀNH",
        "Hiệu lực thi hành",
        "Quy chế có hiệu lực từ ngày ký.",
    ]


@pytest.mark.parametrize("width", [360, 1440])
def test_the_outline_by_pointer(sign_in: SignIn, draft: str, width: int) -> None:
    page = opened(sign_in("hanh", width=width), draft)
    if width < 1000:
        page.click("#show-outline")
    start, target = line(page, "Điều 3").bounding_box(), line(page, "Điều 2").bounding_box()
    assert start
    assert target
    page.mouse.move(start["x"] + 30, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] - 20, steps=4)
    page.mouse.move(target["x"] + 30, target["y"] + 3, steps=4)
    expect(line(page, "Điều 2")).to_have_class("o-article drop-before")
    found = violations(page)
    page.mouse.up()
    assert found == []
    assert settled(page)[4:6] == ["Trách nhiệm của Bí thư", "Chủ trì các cuộc họp."]
    expect(page.locator("#outline a").nth(2)).to_have_text("Điều 2. Trách nhiệm của Bí thư")
    # The press that ended the drag is no click: on a telephone the outline stays open.
    assert line(page, "Điều 2").is_visible()


def test_the_outline_by_finger(sign_in: SignIn, draft: str) -> None:
    page = opened(sign_in("hanh"), draft)
    touch = page.context.new_cdp_session(page)
    grip, target = (
        line(page, "Chương III").locator(".grip").bounding_box(),
        line(page, "II TRÁCH").bounding_box(),
    )
    assert grip
    assert target
    x, y = grip["x"] + 10, grip["y"] + 12

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": left, "y": top} for left, top in points]},
        )

    finger("touchStart", (x, y))
    for step in range(1, 9):
        finger("touchMove", (x, y + (target["y"] + 2 - y) * step / 8))
    expect(line(page, "II TRÁCH")).to_have_class("o-chapter drop-before")
    finger("touchEnd")
    assert settled(page)[7] == "ĐIỀU KHOẢN THI HÀNH"


def test_a_reader_moves_nothing(sign_in: SignIn) -> None:
    page = sign_in("lan")
    open_draft(page)
    page.locator("#outline a").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#live")).to_be_empty()
    expect(page.locator(".grip").first).to_be_hidden()
