"""Tables: cells that several write in, rows and columns that come, go and move meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document, shot
from tests.browser.test_accessibility import LOOKS, violations
from tests.browser.test_input_methods import compose
from tests.browser.test_two_people import caret_read, put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = """Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định nguyên tắc làm việc.
Biểu 1
STT | Chức danh | Số lượng
1 | Bí thư | 1
2 | Phó Bí thư | 2
Điều 2. Hiệu lực
1. Quy chế có hiệu lực từ ngày ký.
"""
GRID = """() => [...document.querySelectorAll('.ProseMirror > [data-kind=row]')]
  .map(row => [...row.querySelectorAll('.cell-words')].map(cell => cell.textContent).join('|'))"""

BEFORE = "() => document.querySelector('.provision-cell .caret').previousSibling?.textContent"
COMMENTED = """() => [...document.querySelectorAll('.provision-cell .commented')]
  .map(one => one.textContent).join('')"""


@pytest.fixture
def draft(server: LiveServer) -> str:
    return made_document(server, "Văn bản có biểu", TEXT, dung="editor")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    expect(page.locator("[data-kind=row]").first).to_be_visible()
    return page


def cell(page: Page, words: str) -> None:
    page.locator(".provision-cell", has_text=words).first.click()
    expect(page.locator(".cell-field")).to_be_focused()


def grid(page: Page) -> list[str]:
    return list(page.evaluate(GRID))


def shows(page: Page, *rows: str) -> None:
    page.wait_for_function(f"wanted => JSON.stringify(({GRID})()) === JSON.stringify(wanted)", arg=list(rows))


def act(page: Page, name: str) -> None:
    page.locator(f"[data-table={name}]").click()


def test_a_row_and_a_column_at_once_and_words_in_both(sign_in: SignIn, draft: str) -> None:
    a, b = opened(sign_in("hanh"), draft), opened(sign_in("dung"), draft)
    cell(a, "Số lượng")
    cell(b, "Phó Bí thư")
    act(a, "columnRight")
    a.keyboard.insert_text("Ghi chú")
    act(b, "rowBelow")
    b.keyboard.insert_text("Ủy viên")
    settled(a, b)
    rows = ("STT|Chức danh|Số lượng|Ghi chú", "1|Bí thư|1|", "2|Phó Bí thư|2|", "|Ủy viên||")
    shows(a, *rows)
    shows(b, *rows)
    # The column is older than the row to one of them, younger to the other: both type in its cell.
    for page, words in ((a, "cùng "), (b, "viết")):
        page.locator("[data-kind=row]").nth(3).locator(".provision-cell").nth(3).click()
        page.keyboard.insert_text(words)
    settled(a, b)
    assert sorted(grid(a)[3].split("|")[3].split()) == ["cùng", "viết"]
    assert grid(a) == grid(b)


def test_a_column_goes_while_a_colleague_types_in_it_and_comes_back(sign_in: SignIn, draft: str) -> None:
    a, b = opened(sign_in("hanh"), draft), opened(sign_in("dung"), draft)
    cell(b, "Phó Bí thư")
    b.keyboard.insert_text(" thường trực")
    settled(a, b)
    cell(a, "Chức danh")
    act(a, "removeColumn")
    shows(b, "STT|Số lượng", "1|1", "2|2")
    assert settled(a, b)
    expect(a.locator("#removed")).to_contain_text("Phó Bí thư thường trực")
    a.locator("#removed button").click()
    rows = ("STT|Chức danh|Số lượng", "1|Bí thư|1", "2|Phó Bí thư thường trực|2")
    shows(a, *rows)
    shows(b, *rows)
    a.locator(".provision-cell", has_text="Chức danh").click()
    act(a, "columnOn")
    shows(b, "STT|Số lượng|Chức danh", "1|1|Bí thư", "2|2|Phó Bí thư thường trực")
    a.keyboard.press("Control+z")
    shows(b, *rows)


def test_by_keys_alone(sign_in: SignIn, draft: str) -> None:
    page = opened(sign_in("hanh"), draft)
    put_caret(page, "Quy chế này quy định nguyên tắc làm việc.")
    page.locator("#show-menu").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu button:focus")).to_have_count(1)
    # Up from the first is the last, the way to the exports; above it stands the table.
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#insert-table")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".cell-field")).to_be_focused()
    expect(page.locator(".cell-field")).to_have_attribute("aria-label", "Hàng 1, cột 1 ()")
    for words in ("Họ tên", "Chức vụ", "An", "Trưởng phòng", "Bình"):
        page.keyboard.insert_text(words)
        page.keyboard.press("Tab")
    shows(page, "Họ tên|Chức vụ", "An|Trưởng phòng", "Bình|", *GRID_OF_DRAFT)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cell-field")).to_have_attribute("aria-label", "Hàng 3, cột 2 (Chức vụ)")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".is-chosen-cell")).to_have_count(2)
    page.keyboard.press("Delete")
    shows(page, "Họ tên|Chức vụ", "|", "Bình|", *GRID_OF_DRAFT)
    page.keyboard.press("Control+z")
    shows(page, "Họ tên|Chức vụ", "An|Trưởng phòng", "Bình|", *GRID_OF_DRAFT)
    page.keyboard.press("Escape")
    expect(page.locator(".ProseMirror")).to_be_focused()
    settled(page)


GRID_OF_DRAFT = ("STT|Chức danh|Số lượng", "1|Bí thư|1", "2|Phó Bí thư|2")


def paste(page: Page, **data: str) -> None:
    page.evaluate(
        """data => {
        const clipboard = new DataTransfer()
        for (const [type, words] of Object.entries(data)) clipboard.setData(type.replace('_', '/'), words)
        const event = new ClipboardEvent('paste', {clipboardData: clipboard, bubbles: true, cancelable: true})
        document.activeElement.dispatchEvent(event)
    }""",
        data,
    )


def test_a_cell_clicked_before_its_part_has_come_is_opened_then(sign_in: SignIn, draft: str) -> None:
    page, waiting = sign_in("hanh"), []
    page.route("**/assets/cells-*.js", lambda route: waiting.append(route))
    opened(page, draft)
    page.locator(".provision-cell", has_text="Phó Bí thư").first.click()
    expect(page.locator(".cell-field")).to_have_count(0)
    waiting[0].continue_()
    expect(page.locator(".cell-field")).to_be_focused()
    expect(page.locator(".cell-field")).to_have_value("Phó Bí thư")


def test_cells_come_from_excel_and_word_and_go_back(sign_in: SignIn, draft: str) -> None:
    page = opened(sign_in("hanh"), draft)
    cell(page, "Phó Bí thư")
    paste(page, text_plain="Phó Bí thư\t2\tchuyên trách\nỦy viên\t11\tkiêm nhiệm\n")
    shows(
        page, "STT|Chức danh|Số lượng|", "1|Bí thư|1|", "2|Phó Bí thư|2|chuyên trách",
        "|Ủy viên|11|kiêm nhiệm",
    )  # fmt: skip
    put_caret(page, "Quy chế có hiệu lực từ ngày ký.")
    paste(
        page,
        text_html="<table><tr><th>Năm</th><th>Số</th></tr><tr><td rowspan=2>2025</td><td>1</td></tr>"
        "<tr><td>2</td></tr></table>",
    )
    expect(page.locator("#live")).to_contain_text("Ô gộp")
    assert grid(page)[4:] == ["Năm|Số", "2025|1", "|2"]
    settled(page)
    page.locator(".provision-cell", has_text="Năm").click()
    page.locator(".provision-cell", has_text="2025").locator("xpath=following-sibling::*[1]").click(
        modifiers=["Shift"]
    )
    copied = page.evaluate("""() => {
        const clipboard = new DataTransfer()
        const event = new ClipboardEvent('copy', {clipboardData: clipboard, bubbles: true, cancelable: true})
        document.activeElement.dispatchEvent(event)
        return [clipboard.getData('text/plain'), clipboard.getData('text/html')]
    }""")
    assert copied == [
        "Năm\tSố\n2025\t1",
        "<table><tr><td>Năm</td><td>Số</td></tr><tr><td>2025</td><td>1</td></tr></table>",
    ]


def test_input_methods_compose_in_a_cell_while_others_write(sign_in: SignIn, draft: str) -> None:
    a, b = opened(sign_in("hanh"), draft), opened(sign_in("dung"), draft)
    cell(a, "Phó Bí thư")
    a.keyboard.press("End")
    a.keyboard.insert_text(" ")
    cell(b, "Phó Bí thư")
    b.keyboard.press("Home")
    keys = a.context.new_cdp_session(a)
    for composed in ("đ", "đa", "đan", "đang"):
        keys.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
        b.keyboard.insert_text("x")
    b.locator("[data-table=rowAbove]").click()
    keys.send("Input.insertText", {"text": "đảng "})
    settled(a, b)
    shows(a, "STT|Chức danh|Số lượng", "1|Bí thư|1", "||", "2|xxxxPhó Bí thư đảng |2")
    # Unikey and its like write through Backspaces.
    cell(a, "xxxx")
    a.keyboard.press("End")
    for key in ("d", "Backspace", "đ", "a", "Backspace", "ả"):
        a.keyboard.press(key) if key == "Backspace" else a.keyboard.insert_text(key)
    settled(a, b)
    assert grid(b)[3] == "2|xxxxPhó Bí thư đảng đả|2"


def test_others_comments_and_short_forms_in_cells(sign_in: SignIn, draft: str) -> None:
    """Composed beside a colleague's caret, in words that are commented on, and completed."""
    a, b = opened(sign_in("hanh"), draft), opened(sign_in("dung"), draft)
    cell(b, "Phó Bí thư")
    b.keyboard.press("Home")
    for _ in range(4):
        b.keyboard.press("ArrowRight")
    expect(a.locator(".provision-cell .caret")).to_have_attribute("data-name", "Trần Quốc Dũng")
    a.wait_for_function(f"() => ({BEFORE})() === 'Phó '")
    cell(a, "Phó Bí thư")
    a.keyboard.press("End")
    for _ in "Bí thư":
        a.keyboard.press("Shift+ArrowLeft")
    expect(b.locator(".provision-cell .selected-by")).to_have_text("Bí thư")
    a.locator(".comment-floating").click()
    expect(a.locator(".is-new textarea")).to_be_focused()
    a.keyboard.insert_text("Ghi rõ chức danh.")
    a.keyboard.press("Control+Enter")
    for page in (a, b):
        expect(page.locator(".provision-cell .commented")).to_have_text("Bí thư")
    # Composed in the words; the mark is on the same ones, a colleague's caret beside them.
    cell(a, "Phó Bí thư")
    a.keyboard.press("End")
    for _ in "thư":
        a.keyboard.press("ArrowLeft")
    compose(a, "d", "đ", "đa", "đả", "đản", "đảng ")
    expect(b.locator('.provision[data-kind="row"].being-written')).to_have_count(1)
    b.keyboard.insert_text("x")
    settled(a, b)
    shows(a, "STT|Chức danh|Số lượng", "1|Bí thư|1", "2|Phó xBí đảng thư|2")
    for page in (a, b):
        page.wait_for_function(f"() => ({COMMENTED})() === 'Bí đảng thư'")
    shot(a, "cells")
    # Its words are not heard twice, and axe finds nothing.
    expect(a.locator(".is-typed .cell-words")).to_have_attribute("aria-hidden", "true")
    assert violations(a) == []
    a.keyboard.press("End")
    a.keyboard.type(" UBND")
    expect(a.locator(".completing:not([hidden])")).to_be_visible()
    box, field = a.locator(".completing").bounding_box(), a.locator(".cell-field").bounding_box()
    assert box is not None
    assert field is not None
    assert 0 <= box["y"] - field["y"] <= 80
    assert abs(box["x"] - field["x"]) < 300
    a.keyboard.press("Tab")
    expect(a.locator(".cell-field")).to_have_value("Phó xBí đảng thư Ủy ban nhân dân")
    a.keyboard.press("Control+z")
    expect(a.locator(".cell-field")).to_have_value("Phó xBí đảng thư UBND")
    settled(a, b)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_bar_fits_and_axe_finds_nothing(sign_in: SignIn, draft: str, width: int, scheme: Any) -> None:
    page = opened(sign_in("hanh", width=width), draft)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    cell(page, "Chức danh")
    # A first row that begins with "STT" is read as the head.
    for pressed in ("true", "false"):
        expect(page.locator("[data-table=header]")).to_have_attribute("aria-pressed", pressed)
        act(page, "header")
    expect(page.locator("[data-table=header]")).to_have_attribute("aria-pressed", "true")
    caret_read(page)
    found = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowDown")
    assert found + violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
