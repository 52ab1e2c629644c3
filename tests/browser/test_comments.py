"""Comments in real browsers: written beside the words, answered, settled; by keys alone, on a telephone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn, made_document, shot
from tests.browser.test_accessibility import LOOKS, violations
from tests.browser.test_input_methods import compose
from tests.browser.test_proposals import CLAUSE, TEXT
from tests.browser.test_two_people import FAITHFUL, SAVED, TEXTS, caret_read, put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

WORDS = "mỗi tháng một lần"
SELECT = """([provision, words]) => {
  const block = [...document.querySelectorAll('.provision')].find(one => one.textContent.includes(provision))
  block.closest('.sheet-text').focus()
  const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  const nodes = []
  while (texts.nextNode()) nodes.push(texts.currentNode)
  const place = (offset, end) => {
    for (const node of nodes) {
      if (offset < node.length || (end && offset === node.length)) return [node, offset]
      offset -= node.length
    }
  }
  const at = nodes.map(node => node.data).join('').indexOf(words)
  document.getSelection().setBaseAndExtent(...place(at, false), ...place(at + words.length, true))
}"""
MARKED = """thread => [...document.querySelectorAll('.sheet-text .comment-of-' + thread)]
  .map(one => one.textContent).join('')"""


@pytest.fixture
def draft(server: LiveServer, request: pytest.FixtureRequest) -> str:
    """A document of its own, led by hanh, which dung edits, lan comments on and minh reads."""
    title = f"Góp ý {request.node.name}"
    return made_document(server, title, TEXT, dung="editor", lan="commenter", minh="reader")


def enter(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    page.wait_for_function(SAVED)
    return page


def select(page: Page, provision: str, words: str) -> None:
    page.evaluate(SELECT, [provision, words])
    page.wait_for_function("words => document.getSelection().toString() === words", arg=words)
    caret_read(page)


def behind(page: Page, provision: str, words: str) -> None:
    """The caret behind these words."""
    select(page, provision, words)
    page.keyboard.press("ArrowRight")
    caret_read(page)


def comment(page: Page, provision: str, words: str, text: str) -> str:
    """As one does who selects words: the small button beside them, the form, the keys. Gives the thread."""
    before = cards(page).count()
    select(page, provision, words)
    page.locator(".comment-floating").click()
    expect(page.locator(".is-new textarea")).to_be_focused()
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".is-new")).to_have_count(0)
    expect(cards(page)).to_have_count(before + 1)
    return cards(page).filter(has_text=text).get_attribute("data-id") or ""


def cards(page: Page) -> Locator:
    return page.locator(".comment-card[data-id]")


def card(page: Page, thread: str) -> Locator:
    return page.locator(f'.comment-card[data-id="{thread}"]')


def marked(page: Page, thread: str, words: str) -> None:
    """Soon and then still: also when the server has answered again."""
    page.wait_for_function(f"([thread, words]) => ({MARKED})(thread) === words", arg=[thread, words])


def open_pane(page: Page) -> Page:
    page.click("#show-comments")
    expect(page.locator("#comments-state")).to_contain_text("Đang mở")
    return page


def texts(page: Page) -> list[str]:
    page.wait_for_function(SAVED)
    assert page.evaluate(FAITHFUL) == []
    return list(page.evaluate(TEXTS))


def level(page: Page, thread: str) -> None:
    """The card stands at the height of its words."""
    page.wait_for_function(
        """thread => {
          const words = document.querySelector('.sheet-text .comment-of-' + thread)
          const card = document.querySelector(`.comment-card[data-id="${thread}"]`)
          const [a, b] = [words, card].map(one => one.getBoundingClientRect().top)
          return Math.abs(a - b) <= 2
        }""",
        arg=thread,
    )


def test_a_conversation_of_two(sign_in: SignIn, draft: str) -> None:
    lan, hanh = enter(sign_in("lan"), draft), enter(sign_in("hanh"), draft)
    before = texts(lan)
    select(lan, CLAUSE, WORDS)
    shot(lan, "comments-1-floating-1440")
    thread = comment(lan, CLAUSE, WORDS, "Mỗi tháng là quá dày.")
    marked(lan, thread, WORDS)
    level(lan, thread)
    # The other one sees the words marked and is told, without opening anything.
    marked(hanh, thread, WORDS)
    expect(hanh.locator("#comments-count")).to_have_text("1")
    expect(hanh.locator("#live")).to_have_text("Có góp ý mới của Phạm Thị Lan ở khoản 1 Điều 2.")
    hanh.locator(f".comment-of-{thread}").click()
    expect(card(hanh, thread)).to_have_class("comment-card is-active")
    level(hanh, thread)
    answer = card(hanh, thread).get_by_role("textbox")
    answer.fill("Nhờ @")
    expect(hanh.locator(".mention-names li")).to_have_count(4)
    answer.press_sequentially("dung")
    expect(hanh.locator(".mention-names li")).to_contain_text(["Trần Quốc Dũng"])
    shot(hanh, "comments-2-mention-1440")
    answer.press("Enter")
    hanh.keyboard.insert_text("xem giúp.")
    hanh.keyboard.press("Control+Enter")
    expect(card(lan, thread)).to_contain_text("Nhờ @Trần Quốc Dũng xem giúp.")
    expect(card(lan, thread).locator(".mention")).to_have_text("@Trần Quốc Dũng")
    dung = enter(sign_in("dung"), draft)
    open_pane(dung).select_option("#comments-filter-state", "mine")
    expect(card(dung, thread).locator(".mention.is-me")).to_have_count(1)
    # Assigned, settled, opened again.
    card(hanh, thread).get_by_label("Giao cho").select_option(label="Trần Quốc Dũng")
    expect(card(lan, thread)).to_contain_text("Giao cho")
    expect(hanh.locator("#comments-said")).to_contain_text("Đã đổi người được giao")
    card(dung, thread).click()
    card(dung, thread).get_by_role("button", name="Giải quyết xong").click()
    for page in (lan, hanh, dung):
        expect(cards(page)).to_have_count(0)
        expect(page.locator(f".comment-of-{thread}")).to_have_count(0)
    lan.select_option("#comments-filter-state", "resolved")
    expect(card(lan, thread)).to_contain_text("Trần Quốc Dũng giải quyết lúc")
    card(lan, thread).click()
    marked(lan, thread, WORDS)
    card(lan, thread).get_by_role("button", name="Mở lại").click()
    expect(card(hanh, thread)).to_have_count(1)
    marked(hanh, thread, WORDS)
    # Edited and taken back: each their own.
    lan.select_option("#comments-filter-state", "open")
    card(lan, thread).click()
    expect(card(lan, thread).get_by_role("button", name="Xoá")).to_have_count(1)
    card(lan, thread).get_by_role("button", name="Sửa lời của Phạm Thị Lan").click()
    card(lan, thread).get_by_role("textbox").fill("Mỗi tháng hơi dày.")
    lan.keyboard.press("Control+Enter")
    expect(card(hanh, thread)).to_contain_text("Mỗi tháng hơi dày.")
    expect(card(hanh, thread)).to_contain_text("đã sửa")
    hanh.once("dialog", lambda dialog: dialog.accept())
    card(hanh, thread).click()
    card(hanh, thread).get_by_role("button", name="Xoá lời của Nguyễn Thị Hạnh").click()
    expect(card(lan, thread)).not_to_contain_text("xem giúp")
    assert texts(lan) == before


def test_marks_follow_what_another_types(sign_in: SignIn, draft: str) -> None:
    lan, dung = enter(sign_in("lan"), draft), enter(sign_in("dung"), draft)
    thread = comment(lan, CLAUSE, WORDS, "Cân nhắc.")
    marked(dung, thread, WORDS)
    put_caret(dung, CLAUSE, at_end=False)
    dung.keyboard.insert_text("Từ nay 🙂 ")
    behind(dung, CLAUSE, "tháng ")
    dung.keyboard.insert_text("chẵn ")
    for page in (lan, dung):
        marked(page, thread, "mỗi tháng chẵn một lần")
    level(lan, thread)
    # Moved, with all it holds.
    dung.keyboard.press("Alt+ArrowDown")
    for page in (lan, dung):
        marked(page, thread, "mỗi tháng chẵn một lần")
        page.wait_for_timeout(1500)  # An answer of the server says the same.
        marked(page, thread, "mỗi tháng chẵn một lần")
    # Split before the words: they stand in another provision now, and the card goes there.
    behind(dung, CLAUSE, "thường kỳ ")
    dung.keyboard.press("Enter")
    expect(lan.locator(f".provision:not(:has-text('{CLAUSE}')) .comment-of-{thread}").first).to_be_visible()
    marked(lan, thread, "mỗi tháng chẵn một lần")
    # Taken out: the comment stays with its quote, and comes back with the words.
    select(dung, "mỗi tháng chẵn", "mỗi tháng chẵn một lần")
    dung.keyboard.press("Delete")
    expect(card(lan, thread)).to_have_attribute("data-standing", "orphaned")
    expect(card(lan, thread).locator(".comment-quote s")).to_have_text(WORDS)
    expect(card(lan, thread)).to_contain_text("Đoạn này đã được sửa hoặc bỏ.")
    shot(lan, "comments-3-orphan-1440")
    dung.keyboard.press("Control+z")
    marked(lan, thread, "mỗi tháng chẵn một lần")
    expect(card(lan, thread)).not_to_have_attribute("data-standing", "orphaned")


def test_cards_stand_at_their_words_and_scroll_with_them(sign_in: SignIn, server: LiveServer) -> None:
    clause = "Nội dung thứ {n} được thực hiện theo quy định hiện hành của Đảng ủy cấp trên, có báo cáo."
    lines = [f"Điều {n}. Tên {n}\n1. {clause.format(n=n)}\n2. Việc {n} khác." for n in range(1, 41)]
    hanh = enter(sign_in("hanh"), made_document(server, "Góp ý dài", "QUY CHẾ\nDài\n\n" + "\n".join(lines)))
    threads = [comment(hanh, f"Nội dung thứ {n} được", f"thứ {n}", f"Về {n}.") for n in (2, 3, 30)]
    comment(hanh, "Nội dung thứ 3 được", "có báo cáo", "Cùng một dòng.")
    hanh.locator("#desk").evaluate("one => { one.scrollTop = 0 }")
    for thread in (threads[0], threads[1]):
        hanh.locator(f".comment-of-{thread}").click()
        level(hanh, thread)
    boxes = [one.bounding_box() for one in cards(hanh).all()]
    tops = sorted((box["y"], box["y"] + box["height"]) for box in boxes if box)
    assert all(end <= start for (_, end), (start, _) in pairwise(tops))
    # From comment to comment by keys: the words come into sight and the card beside them.
    for thread in threads[1:]:
        while card(hanh, thread).get_attribute("aria-current") != "true":
            hanh.keyboard.press("Alt+Shift+J")
        expect(hanh.locator(f".comment-of-{thread}").first).to_be_in_viewport()
        level(hanh, thread)
    shot(hanh, "comments-4-rail-1440")
    # Either is scrolled, the other comes along.
    hanh.locator("#comments-scroll").hover()
    hanh.mouse.wheel(0, -400)
    level(hanh, threads[2])
    hanh.locator("#desk").hover()
    hanh.mouse.wheel(0, -200)
    level(hanh, threads[2])


def test_by_keys_alone(sign_in: SignIn, draft: str) -> None:
    hanh, dung = enter(sign_in("hanh"), draft), enter(sign_in("dung"), draft)
    put_caret(hanh, CLAUSE)
    for _ in range(len("chủ trì.")):
        hanh.keyboard.press("Shift+ArrowLeft")
    caret_read(hanh)
    hanh.keyboard.press("Alt+Shift+M")
    expect(hanh.locator(".is-new textarea")).to_be_focused()
    hanh.keyboard.insert_text("Khi Bí thư vắng thì sao?")
    hanh.keyboard.press("Control+Enter")
    expect(cards(hanh)).to_have_count(1)
    # Back in the sheet, where one goes on writing.
    expect(hanh.locator(".ProseMirror")).to_be_focused()
    hanh.keyboard.press("Control+Alt+M")
    expect(hanh.locator(".is-new textarea")).to_be_focused()
    hanh.keyboard.press("Escape")
    expect(hanh.locator(".is-new")).to_have_count(0)
    # A whole provision: the caret alone.
    put_caret(hanh, "Thường trực họp")
    hanh.keyboard.press("Alt+Shift+M")
    expect(hanh.get_by_label("Về")).to_have_value("provision")
    hanh.keyboard.insert_text("Cả khoản này.")
    hanh.keyboard.press("Control+Enter")
    expect(hanh.locator(".provision.has-comment")).to_contain_text("Thường trực họp")
    expect(cards(dung)).to_have_count(2)
    dung.locator("body").press("Alt+Shift+J")
    expect(cards(dung).first).to_be_focused()
    dung.keyboard.press("ArrowDown")
    expect(cards(dung).last).to_be_focused()
    for _ in range(12):
        dung.keyboard.press("Tab")
        if cards(dung).last.get_by_role("textbox").evaluate("one => one === document.activeElement"):
            break
    dung.keyboard.insert_text("Đồng ý.")
    dung.keyboard.press("Control+Enter")
    expect(cards(hanh).last).to_contain_text("Đồng ý.")
    expect(hanh.locator("#live")).to_have_text("Trần Quốc Dũng trả lời góp ý ở khoản 2 Điều 2.")
    settle = cards(dung).last.get_by_role("button", name="Giải quyết xong")
    for _ in range(12):
        if settle.evaluate("one => one === document.activeElement"):
            break
        dung.keyboard.press("Tab")
    dung.keyboard.press("Enter")
    expect(cards(dung)).to_have_count(1)
    expect(dung.locator("#comments-title")).to_be_focused()
    dung.keyboard.press("Escape")
    expect(dung.locator("#show-comments")).to_be_focused()


def test_on_a_telephone(sign_in: SignIn, draft: str) -> None:
    lan, hanh = enter(sign_in("lan", width=360, height=740), draft), enter(sign_in("hanh"), draft)
    thread = comment(lan, CLAUSE, WORDS, "Viết từ điện thoại.")
    expect(card(hanh, thread)).to_be_hidden()
    expect(hanh.locator("#comments-count")).to_have_text("1")
    expect(card(lan, thread)).to_be_visible()
    pane, desk = lan.locator("#comments").bounding_box(), lan.locator("#desk").bounding_box()
    assert pane is not None
    assert desk is not None
    assert pane["y"] >= desk["y"] + desk["height"] - 1
    expect(lan.locator(f".comment-of-{thread}").first).to_be_in_viewport()
    shot(lan, "comments-5-list-360")
    # Without words: a press on a provision offers it.
    lan.locator(".provision", has_text="Thường trực họp").click()
    lan.locator(".slot-bar [data-act=comment]").click()
    lan.locator(".is-new textarea").fill("Cả khoản.")
    shot(lan, "comments-6-form-360")
    lan.locator(".is-new [type=submit]").click()
    expect(cards(lan)).to_have_count(2)
    assert lan.evaluate("document.documentElement.scrollWidth") <= 360


def test_nothing_that_was_typed_is_lost(sign_in: SignIn, draft: str) -> None:
    lan, dung = enter(sign_in("lan"), draft), enter(sign_in("dung"), draft)
    select(lan, CLAUSE, WORDS)
    lan.keyboard.press("Alt+Shift+M")
    area = lan.locator(".is-new textarea")
    area.fill("Một ý dài.")
    lan.click("#comments-close")
    expect(lan.locator("#comments")).to_be_hidden()
    # Meanwhile somebody writes before the words; then the page is loaded anew.
    put_caret(dung, CLAUSE, at_end=False)
    dung.keyboard.insert_text("Từ nay ")
    expect(lan.locator(".provision", has_text=CLAUSE)).to_contain_text("Từ nay")
    lan.reload()
    enter(lan, draft)
    open_pane(lan)
    expect(area).to_have_value("Một ý dài.")
    expect(lan.locator(".comment-of-unsent")).to_have_text(WORDS)
    lan.route("**/comments", lambda route: route.abort())
    lan.locator(".is-new [type=submit]").click()
    expect(lan.locator(".is-new .form-said")).to_contain_text("mất kết nối")
    expect(area).to_have_value("Một ý dài.")
    lan.unroute("**/comments")
    lan.locator(".is-new [type=submit]").click()
    expect(cards(lan)).to_have_count(1)
    marked(lan, cards(lan).get_attribute("data-id") or "", WORDS)


def test_readers_see_and_do_not_write(sign_in: SignIn, draft: str) -> None:
    lan, minh = enter(sign_in("lan"), draft), enter(sign_in("minh"), draft)
    thread = comment(lan, CLAUSE, WORDS, "Ý kiến của người góp ý.")
    open_pane(minh)
    expect(card(minh, thread)).to_contain_text("Ý kiến của người góp ý.")
    marked(minh, thread, WORDS)
    card(minh, thread).click()
    expect(card(minh, thread).get_by_role("textbox")).to_have_count(0)
    expect(minh.locator("#comment")).to_be_hidden()
    select(minh, CLAUSE, "Bí thư")
    minh.keyboard.press("Alt+Shift+M")
    expect(minh.locator(".comment-floating")).to_be_hidden()
    expect(minh.locator(".is-new")).to_have_count(0)


def test_a_link_leads_to_a_comment(sign_in: SignIn, draft: str) -> None:
    lan = enter(sign_in("lan"), draft)
    thread = comment(lan, CLAUSE, WORDS, "Xem chỗ này.")
    lan.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card(lan, thread).click()
    card(lan, thread).get_by_role("button", name="Chép liên kết").click()
    expect(lan.locator("#comments-said")).to_have_text("Đã chép liên kết đến góp ý.")
    address = lan.evaluate("navigator.clipboard.readText()")
    assert address == f"{draft}#comment-{thread}"
    hanh = enter(sign_in("hanh"), address)
    expect(card(hanh, thread)).to_be_focused()
    expect(hanh.locator(f".comment-of-{thread}")).to_be_in_viewport()
    hanh.emulate_media(media="print")
    expect(hanh.locator("#comments")).to_be_hidden()


def test_input_methods_work_in_words_that_are_commented_on(sign_in: SignIn, draft: str) -> None:
    lan, dung = enter(sign_in("lan"), draft), enter(sign_in("dung"), draft)
    thread = comment(lan, CLAUSE, WORDS, "Cân nhắc.")
    marked(dung, thread, WORDS)
    behind(dung, CLAUSE, "mỗi tháng")
    # While the letters are held somebody answers, and the comments are drawn anew.
    card(lan, thread).get_by_role("textbox").fill("Gõ đi.")
    compose(dung, " h", " ha", pause=50)
    lan.keyboard.press("Control+Enter")
    compose(dung, "n", "ng", pause=400)
    expect(card(lan, thread)).to_contain_text("Gõ đi.")
    for step in (" q", "u", "y", "\bý"):  # Unikey: Backspace and the letter anew
        for key in step:
            dung.keyboard.press("Backspace") if key == "\b" else dung.keyboard.insert_text(key)
    for page in (lan, dung):
        marked(page, thread, "mỗi tháng hang quý một lần")
    assert f"{CLAUSE} mỗi tháng hang quý một lần, do Bí thư chủ trì." in texts(dung)
    # And in the words of a comment itself.
    card(lan, thread).get_by_role("textbox").click()
    compose(lan, "d", "du", "dư", "dươ", "dươn", "dương")
    lan.keyboard.press("Control+Enter")
    expect(card(lan, thread).locator(".comment-words").last).to_have_text("dương")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing(sign_in: SignIn, draft: str, width: int, scheme: str) -> None:
    hanh = sign_in("hanh", width=width)
    hanh.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    enter(hanh, draft)
    long = "Nghị" + "quyếtkhôngcókhoảngtrắng" * 12
    thread = comment(hanh, CLAUSE, WORDS, f"Xem {long}")
    card(hanh, thread).click()
    assert violations(hanh) == []
    card(hanh, thread).get_by_role("textbox").fill("Nhờ @")
    expect(hanh.locator(".mention-names li").first).to_be_visible()
    assert violations(hanh) == []
    hanh.keyboard.press("Escape")
    select(hanh, CLAUSE, "Bí thư")
    expect(hanh.locator(".comment-floating")).to_be_visible()
    assert violations(hanh) == []
    hanh.keyboard.press("Alt+Shift+M")
    expect(hanh.locator(".is-new")).to_be_visible()
    assert violations(hanh) == []
    shot(hanh, f"comments-7-form-{width}-{scheme}")
    assert hanh.evaluate("document.documentElement.scrollWidth") <= width
