"""The review beside the draft, in real browsers: found, repaired, seen by the other, taken back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_two_people import FAITHFUL, SAVED, TEXTS, caret_read, put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = """QUY CHẾ
Làm việc của Đảng ủy

Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định nguyên tắc, chế độ trách nhiệm và lề lối làm việc của Đảng ủy.
2. Các trường hợp khác thực hiện theo khoản 2 Điều 3 và quy định của cấp trên.
Điều 2. Chế độ họp
1. Ban Thường vụ họp thường kỳ mỗi tháng một lần, kinh phí theo khoản 1 Điều 3.
2. Văn phòng lập biên bản , gửi các đồng chí ủy viên trong ba ngày làm việc.
Điều 3. Kinh phí
1. Văn phòng lập dự toán kinh phí hằng năm trình Thường trực xem xét, quyết định.
2. Kinh phí do ngân sách bảo đảm theo dự toán được duyệt.
"""


@dataclass(frozen=True)
class Draft:
    address: str
    title: str


@pytest.fixture
def draft(server: LiveServer, request: pytest.FixtureRequest) -> Draft:
    """A document of its own, led by hanh, which dung edits and lan reads."""
    title = f"Rà soát {request.node.name}"[:200]
    return Draft(made_document(server, title, TEXT, dung="editor", lan="reader"), title)


def enter(page: Page, draft: Draft, query: str = "") -> Page:
    page.goto(f"{draft.address}{query}")
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page


def put_article_in_front(page: Page) -> None:
    """What was Điều 1 is Điều 2 now, and every reference is left behind."""
    put_caret(page, "Phạm vi điều chỉnh", at_end=False)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    caret_read(page)
    page.keyboard.insert_text("Giải thích từ ngữ trong Quy chế")
    page.wait_for_function(SAVED)


def entry(page: Page, words: str) -> Locator:
    return page.locator("#review-groups li", has_text=words)


def test_one_repairs_the_other_sees_it_and_it_is_taken_back(sign_in: SignIn, draft: Draft) -> None:
    a, b = enter(sign_in("hanh"), draft), enter(sign_in("dung"), draft)
    put_article_in_front(a)
    for page in (a, b):
        page.click("#show-review")
        expect(entry(page, "“khoản 1 Điều 3” nay phải là “khoản 1 Điều 4”")).to_be_visible()
        expect(entry(page, "“khoản 2 Điều 3” nay phải là “khoản 2 Điều 4”")).to_be_visible()
    before = int(a.locator("#review-count").inner_text())
    a.locator(".review-group:has(#review-references) .review-all").click()
    for page in (a, b):
        expect(page.locator(".ProseMirror")).to_contain_text("kinh phí theo khoản 1 Điều 4.")
        expect(page.locator(".ProseMirror")).to_contain_text("theo khoản 2 Điều 4 và quy định")
        expect(page.locator("#review-count")).to_have_text(str(before - 2))
        expect(entry(page, "khoản 1 Điều 3")).to_have_count(0)
    a.keyboard.press("Control+z")
    for page in (a, b):
        expect(page.locator(".ProseMirror")).to_contain_text("kinh phí theo khoản 1 Điều 3.")
        expect(page.locator("#review-count")).to_have_text(str(before))
        page.wait_for_function(SAVED)
        assert page.evaluate(FAITHFUL) == []


def test_an_entry_leads_to_its_words_and_the_keys_go_from_one_to_the_next(
    sign_in: SignIn, draft: Draft
) -> None:
    page = enter(sign_in("hanh"), draft)
    put_article_in_front(page)
    page.keyboard.press("F8")
    expect(page.locator("#review-title")).to_be_focused()
    expect(entry(page, "“khoản 2 Điều 3” nay")).to_be_visible()
    page.keyboard.press("F8")
    expect(page.locator(".spotlit")).to_have_text("khoản 2 Điều 3")
    assert page.evaluate("getSelection().toString()") == "khoản 2 Điều 3"
    page.keyboard.press("F8")
    assert page.evaluate("getSelection().toString()") == "khoản 1 Điều 3"
    page.keyboard.press("Shift+F8")
    assert page.evaluate("getSelection().toString()") == "khoản 2 Điều 3"
    jump = entry(page, "khoản 1 Điều 3").locator(".review-jump")
    jump.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("getSelection().toString()") == "khoản 1 Điều 3"
    page.locator("#review-title").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#review")).to_be_hidden()
    expect(page.locator("#show-review")).to_be_focused()


def test_what_a_colleague_has_just_changed_is_not_written_over(sign_in: SignIn, draft: Draft) -> None:
    a, b = enter(sign_in("hanh"), draft), enter(sign_in("dung"), draft)
    a.click("#show-review")
    mark = entry(a, "Khoảng trắng trước dấu câu")
    expect(mark).to_be_visible()
    # The list stays as it was, as on a slow line: the words do not.
    a.route("**/review", lambda route: route.abort())
    b.locator(".ProseMirror > *", has_text="lập biên bản , gửi").click()
    b.locator(".ProseMirror > *", has_text="lập biên bản , gửi").first.evaluate(
        """block => { const text = block.firstChild, at = text.data.indexOf(' ,');
        getSelection().setBaseAndExtent(text, at, text, at + 2) }"""
    )
    b.keyboard.insert_text(" rồi")
    # Of the text, not of the screen: the colleague's caret stands among the words there.
    a.wait_for_function(f"() => ({TEXTS})().some(text => text.includes('lập biên bản rồi gửi'))")
    mark.locator(".review-fix").click()
    expect(a.locator("#review-said")).to_contain_text("vừa thay đổi nên chưa sửa")
    # Of the text, not of the screen: the colleague's caret stands among the words there.
    a.wait_for_function(f"() => ({TEXTS})().some(text => text.includes('lập biên bản rồi gửi'))")


def test_a_finding_is_put_aside_for_everybody_and_a_reader_only_looks(sign_in: SignIn, draft: Draft) -> None:
    a, reader = enter(sign_in("hanh"), draft), enter(sign_in("lan"), draft)
    for page in (a, reader):
        page.click("#show-review")
        expect(entry(page, "Khoảng trắng trước dấu câu")).to_be_visible()
    assert reader.locator("#review .review-fix, #review .review-aside").count() == 0
    before = int(a.locator("#review-count").inner_text())
    entry(a, "Khoảng trắng trước dấu câu").locator(".review-aside").click()
    for page in (a, reader):
        expect(page.locator("#review-set-aside summary")).to_have_text("Đã bỏ qua (1)")
        expect(page.locator("#review-count")).to_have_text(str(before - 1))
    a.locator("#review-set-aside summary").click()
    a.locator("#review-set-aside .review-back").click()
    for page in (a, reader):
        expect(page.locator("#review-set-aside")).to_be_hidden()
        expect(page.locator("#review-count")).to_have_text(str(before))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_on_a_telephone_the_list_leaves_the_words_in_sight(
    language: str, sign_in: SignIn, draft: Draft
) -> None:
    page = enter(sign_in("hanh", width=360, height=740), draft, f"?lang={language}")
    put_article_in_front(page)
    page.locator("#show-review").click()
    expect(page.locator("#review-groups li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "[" not in page.inner_text("#review")
    page.locator("#review-groups .review-jump").first.click()
    lit = page.locator(".spotlit")
    expect(lit).to_be_in_viewport()
    words, sheet = lit.bounding_box(), page.locator("#review").bounding_box()
    assert words is not None
    assert sheet is not None
    assert words["y"] + words["height"] <= sheet["y"]


@pytest.mark.parametrize("width", [360, 1440])
def test_beside_the_comparison_stand_old_and_new_numbers_and_what_was_left_behind(
    width: int, sign_in: SignIn, draft: Draft
) -> None:
    page = enter(sign_in("hanh", width=width), draft)
    put_article_in_front(page)
    page.goto(f"{draft.address}/comparison")
    expect(page.locator("#references .count")).to_have_text("2")
    page.locator("#renumbered summary").click()
    numbers = page.locator("#renumbered li")
    expect(numbers).to_have_text(["Điều 1 → Điều 2", "Điều 2 → Điều 3", "Điều 3 → Điều 4"])
    page.locator("#references summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    left = page.locator("#references li", has_text="khoản 1 Điều 3")
    expect(left).to_contain_text("Nay là “khoản 1 Điều 4”.")
    left.locator("button").click()
    assert "kinh phí theo" in page.evaluate("document.activeElement.textContent")
    page.get_by_role("link", name="Sửa trong trang soạn thảo").click()
    expect(entry(page, "“khoản 1 Điều 3” nay phải là “khoản 1 Điều 4”")).to_be_visible()
