"""Every key in the sheet of shortcuts does what the sheet says, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_two_people import SAVED, caret_read, put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = """QUY CHẾ
Làm việc của Đảng ủy

Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định nguyên tắc làm việc.
2. Các trường hợp khác theo quy định của cấp trên.
Biểu 1
STT | Chức danh | Số lượng
1 | Bí thư | 1
2 | Phó Bí thư | 2
Điều 2. Chế độ họp
1. Ban Thường vụ họp mỗi tháng một lần.
2. Văn phòng lập biên bản.
3. Biên bản, biên bản họp gửi các đồng chí ủy viên.
"""
BLOCKS = """() => [...document.querySelectorAll('.ProseMirror > .provision')]
  .map(one => `${one.dataset.kind}|${one.dataset.label}|${one.innerHTML}`)"""


def open_room(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    page.wait_for_function(SAVED)
    return page


def changes_the_sheet(page: Page, keys: list[str]) -> None:
    """Each key changes what stands in the sheet."""
    for key in keys:
        put_caret(page, "Văn phòng lập biên bản", at_end=key == "Delete")
        if key in ("Control+B", "Control+I", "Control+U"):
            page.keyboard.press("Shift+End")
            caret_read(page)
        before = page.evaluate(BLOCKS)
        page.keyboard.press(key)
        page.wait_for_function(
            f"before => JSON.stringify(({BLOCKS})()) !== JSON.stringify(before)", arg=before
        )


def takes_back(page: Page, keys: list[str]) -> None:
    put_caret(page, "Văn phòng lập biên bản")
    page.keyboard.insert_text(" rồi")
    for key, there in zip(keys, (False, True), strict=False):
        page.keyboard.press(key)
        expect(page.locator(".ProseMirror", has_text="biên bản. rồi")).to_have_count(int(there))


def shows(selector: str) -> Callable[[Page, list[str]], None]:
    """The first key opens it; whatever else it takes to close it again is not of this line."""

    def act(page: Page, keys: list[str]) -> None:
        page.keyboard.press(keys[0])
        expect(page.locator(selector)).to_be_visible()

    return act


def steps_through_findings(page: Page, keys: list[str]) -> None:
    shows("#review")(page, keys)
    page.keyboard.press(keys[1])


def steps_through_changes(page: Page, keys: list[str]) -> None:
    page.click("#show-beside")
    expect(page.locator("#beside-text .provision").first).to_be_visible()
    expect(page.locator("#beside-next")).to_be_disabled()
    for words in ("họp gửi các đồng chí", "Quy chế này quy định"):
        put_caret(page, words)
        page.keyboard.insert_text(" rồi")
    expect(page.locator("#beside-state")).to_have_text("2 chỗ thay đổi")
    after, before = keys
    first, second = "khoản 1 Điều 1", "khoản 3 Điều 2"
    for key, where in ((after, first), (after, second), (before, first)):
        page.keyboard.press(key)
        expect(page.locator("#live")).to_contain_text(where)


def opens_the_bar(page: Page, keys: list[str]) -> None:
    page.keyboard.press(keys[0])
    expect(page.locator("#find input:focus")).to_have_count(1)


def looks_for(page: Page, words: str) -> None:
    opens_the_bar(page, ["Control+h"])
    page.locator("#find .find-line:first-child input").fill(words)
    expect(page.locator(".find-count")).to_have_text("1/3")


def goes_from_hit_to_hit(page: Page, keys: list[str]) -> None:
    looks_for(page, "biên bản")
    for key, told in zip(keys, ("2/3", "1/3"), strict=True):
        page.keyboard.press(key)
        expect(page.locator(".find-count")).to_have_text(told)


def replaces_one(page: Page, keys: list[str]) -> None:
    looks_for(page, "biên bản")
    page.locator("#find-replace input").fill("ghi chép")
    page.keyboard.press(keys[0])
    expect(page.locator(".ProseMirror", has_text="Văn phòng lập ghi chép.")).to_be_visible()


def leaves_with_the_hit(page: Page, keys: list[str]) -> None:
    looks_for(page, "biên bản")
    page.keyboard.press(keys[0])
    expect(page.locator("#find")).to_be_hidden()
    assert page.evaluate("() => getSelection().toString()") == "biên bản"


def changes_the_size(page: Page, keys: list[str]) -> None:
    put_caret(page, "Văn phòng lập biên bản")
    for key, told in zip(keys, ("110%", "125%", "110%", "100%"), strict=True):
        page.keyboard.press(key)
        expect(page.locator(".view button", has_text=told)).to_be_visible()


def reads(page: Page, keys: list[str]) -> None:
    expect(page.locator(".view")).to_be_visible()
    page.keyboard.press(keys[0])
    expect(page.locator(".toolbar")).to_be_hidden()


def shows_one_article(page: Page, keys: list[str]) -> None:
    expect(page.locator(".view")).to_be_visible()
    put_caret(page, "Văn phòng lập biên bản")
    page.keyboard.press(keys[0])
    expect(page.locator(".provision", has_text="Phạm vi điều chỉnh")).to_be_hidden()


def goes_from_article_to_article(page: Page, keys: list[str]) -> None:
    shows_one_article(page, ["Alt+Shift+F"])
    for key, there in zip(keys, ("Phạm vi điều chỉnh", "Chế độ họp"), strict=True):
        page.keyboard.press(key)
        expect(page.locator(".provision", has_text=there)).to_be_visible()


def suggests(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('.completing') !== null")
    put_caret(page, "Văn phòng lập biên bản")
    page.keyboard.type(" VPTU")
    expect(page.locator(".completing")).to_be_visible()


def completes(page: Page, keys: list[str]) -> None:
    suggests(page)
    page.keyboard.press(keys[0])
    expect(page.locator(".provision", has_text="biên bản. Văn phòng Tỉnh ủy")).to_be_visible()


def chooses_a_suggestion(page: Page, keys: list[str]) -> None:
    suggests(page)
    for key, at in zip(keys, (1, 0), strict=True):
        page.keyboard.press(key)
        expect(page.locator(".completing li").nth(at)).to_have_attribute("aria-selected", "true")


def takes_the_chosen(page: Page, keys: list[str]) -> None:
    chooses_a_suggestion(page, ["ArrowUp", "ArrowDown"])
    page.keyboard.press(keys[0])
    expect(page.locator(".provision", has_text="biên bản. Văn phòng Tỉnh ủy")).to_be_visible()


def leaves_it_aside(page: Page, keys: list[str]) -> None:
    suggests(page)
    page.keyboard.press(keys[0])
    expect(page.locator(".completing")).to_be_hidden()
    expect(page.locator(".ProseMirror")).to_be_focused()


def opens_the_picker(page: Page, keys: list[str]) -> None:
    put_caret(page, "Văn phòng lập biên bản")
    page.keyboard.press(keys[0])
    expect(page.locator("#reference-words")).to_be_focused()


def chooses_what_is_cited(page: Page, keys: list[str]) -> None:
    opens_the_picker(page, ["Alt+Shift+E"])
    for key, at in zip(reversed(keys), (1, 0), strict=True):
        page.keyboard.press(key)
        expect(page.locator("#reference-list li").nth(at)).to_have_attribute("aria-selected", "true")


def inserts_what_is_cited(page: Page, keys: list[str]) -> None:
    opens_the_picker(page, ["Alt+Shift+E"])
    page.keyboard.insert_text("pham vi")
    page.keyboard.press(keys[0])
    expect(page.locator(".provision", has_text="lập biên bản. Điều 1")).to_be_visible()


def folds(page: Page, keys: list[str]) -> None:
    expect(page.locator("#outline-head button")).to_be_visible()
    put_caret(page, "Văn phòng lập biên bản")
    for count in (1, 0):
        page.keyboard.press(keys[0])
        expect(page.locator(".fold-line")).to_have_count(count)


def folds_all(page: Page, keys: list[str]) -> None:
    expect(page.locator("#outline-head button")).to_be_visible()
    for count in (2, 0):
        page.keyboard.press(keys[0])
        expect(page.locator(".fold-line")).to_have_count(count)


def leaves_the_sheet(page: Page, keys: list[str]) -> None:
    put_caret(page, "Văn phòng lập biên bản")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.press(keys[0])
    expect(page.locator(".ProseMirror")).not_to_be_focused()


def closes_a_pane(page: Page, keys: list[str]) -> None:
    page.click("#show-review")
    expect(page.locator("#review-title")).to_be_focused()
    page.keyboard.press(keys[0])
    expect(page.locator("#review")).to_be_hidden()


def enters_proposing(page: Page, keys: list[str]) -> None:
    page.keyboard.press(keys[0])
    expect(page.locator("#propose")).to_have_attribute("aria-pressed", "true")


def chooses(page: Page, keys: list[str]) -> None:
    enters_proposing(page, ["Alt+Shift+D"])
    bar = page.locator(".slot-bar")
    expect(bar).to_be_visible()
    page.keyboard.press("ArrowDown")
    for key in keys:
        before = bar.get_attribute("aria-label")
        page.keyboard.press(key)
        expect(bar).not_to_have_attribute("aria-label", before or "")


def goes_between_buttons(page: Page, keys: list[str]) -> None:
    enters_proposing(page, ["Alt+Shift+D"])
    for key in keys:
        page.keyboard.press(key)
        expect(page.locator(".slot-bar button:focus")).to_have_count(1)


def sends(page: Page, keys: list[str]) -> None:
    enters_proposing(page, ["Alt+Shift+D"])
    page.locator(".slot-bar [data-act=replace]").click()
    page.locator(".wording-field").fill("Phạm vi, đối tượng áp dụng")
    page.keyboard.press(keys[0])
    expect(page.locator(".proposal-form")).to_have_count(0)
    expect(page.locator("#proposals-count")).to_have_text("1")


def lifts(page: Page) -> None:
    page.locator("#outline a", has_text="Điều 1").focus()
    page.keyboard.press("Space")
    expect(page.locator("#outline .is-lifted")).to_have_count(1)


def lifts_an_entry(page: Page, keys: list[str]) -> None:
    assert keys == ["Space"]
    lifts(page)


def chooses_a_place(page: Page, keys: list[str]) -> None:
    lifts(page)
    for key, places in zip(reversed(keys), (1, 0), strict=True):
        page.keyboard.press(key)
        expect(page.locator("#outline .drop-behind")).to_have_count(places)


def drops(page: Page, keys: list[str]) -> None:
    for key, first in zip(keys, ("Chế độ họp", "Phạm vi điều chỉnh"), strict=True):
        lifts(page)
        page.keyboard.press("ArrowDown")
        page.keyboard.press(key)
        expect(page.locator("#outline a").first).to_contain_text(first)


def puts_back(page: Page, keys: list[str]) -> None:
    chooses_a_place(page, ["ArrowUp", "ArrowDown"])
    page.keyboard.press(keys[0])
    expect(page.locator("#outline .is-lifted")).to_have_count(0)
    expect(page.locator("#outline a").first).to_contain_text("Phạm vi điều chỉnh")


def goes_through_a_menu(page: Page, keys: list[str]) -> None:
    put_caret(page, "Văn phòng lập biên bản")
    page.click("#show-menu")
    items = page.locator("#menu button:enabled, #menu a")
    expect(items.first).to_be_focused()
    for key, item in zip(keys, (items.last, items.first), strict=True):
        page.keyboard.press(key)
        expect(item).to_be_focused()


def begins_a_comment(page: Page, keys: list[str]) -> None:
    for key in keys:
        put_caret(page, "Văn phòng lập biên bản")
        page.keyboard.press(key)
        expect(page.locator(".is-new textarea")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".is-new")).to_have_count(0)


def comments_twice(page: Page) -> None:
    for words in ("Quy chế này quy định", "Các trường hợp khác"):
        put_caret(page, words)
        page.keyboard.press("Alt+Shift+M")
        page.keyboard.insert_text("Xem lại.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".is-new")).to_have_count(0)


def steps_through_comments(page: Page, keys: list[str]) -> None:
    comments_twice(page)
    for key in keys:
        before = page.locator(".comment-card.is-active").get_attribute("data-id")
        page.keyboard.press(key)
        expect(page.locator(".comment-card.is-active")).not_to_have_attribute("data-id", before or "")


def goes_between_cards(page: Page, keys: list[str]) -> None:
    comments_twice(page)
    page.locator(".comment-card").first.focus()
    for key in keys:
        before = page.evaluate("document.activeElement.dataset.id")
        page.keyboard.press(key)
        page.wait_for_function(
            "id => ![undefined, id].includes(document.activeElement.dataset.id)", arg=before
        )


def names_somebody(page: Page) -> None:
    begins = page.locator(".is-new textarea")
    put_caret(page, "Văn phòng lập biên bản")
    page.keyboard.press("Alt+Shift+M")
    begins.fill("@")
    expect(page.locator(".mention-names li").first).to_have_attribute("aria-selected", "true")


def goes_between_names(page: Page, keys: list[str]) -> None:
    names_somebody(page)
    for key, at in zip(reversed(keys), (1, 0), strict=True):
        page.keyboard.press(key)
        expect(page.locator(".mention-names li").nth(at)).to_have_attribute("aria-selected", "true")


def names(page: Page, keys: list[str]) -> None:
    for key in keys:
        names_somebody(page)
        page.keyboard.press(key)
        expect(page.locator(".is-new textarea")).to_have_value(re.compile("^@.+ $"))
        page.locator(".is-new textarea").fill("")
        page.keyboard.press("Escape")


def in_the_cell(page: Page, words: str) -> None:
    page.locator(".provision-cell", has_text=words).first.click()
    expect(page.locator(".cell-field")).to_be_focused()


def at_cell(page: Page, row: int, column: int) -> None:
    expect(page.locator(".cell-field")).to_have_attribute(
        "aria-label", re.compile(f"Hàng {row}, cột {column} ")
    )


def goes_to_the_next_cell(page: Page, keys: list[str]) -> None:
    in_the_cell(page, "Bí thư")
    for key, place in zip(keys, ((2, 3), (2, 2)), strict=True):
        page.keyboard.press(key)
        at_cell(page, *place)


def goes_below(page: Page, keys: list[str]) -> None:
    in_the_cell(page, "Chức danh")
    page.keyboard.press(keys[0])
    at_cell(page, 2, 2)


def goes_to_cells_beside(page: Page, keys: list[str]) -> None:
    in_the_cell(page, "Bí thư")
    up, down, left, right = keys
    page.keyboard.press("End")
    for key, place in ((right, (2, 3)), (left, (2, 2)), (up, (1, 2)), (down, (2, 2))):
        page.keyboard.press(key)
        at_cell(page, *place)


def chosen_cells(page: Page, count: int, words: str) -> None:
    expect(page.locator(".is-chosen-cell")).to_have_count(count)
    expect(page.locator(".is-chosen-cell:focus")).to_have_text(words)


def chooses_the_cell(page: Page, keys: list[str]) -> None:
    in_the_cell(page, "Bí thư")
    page.keyboard.press(keys[0])
    chosen_cells(page, 1, "Bí thư")


def chooses_beside(page: Page, keys: list[str]) -> None:
    chooses_the_cell(page, ["Escape"])
    for key, words in zip(keys, ("Chức danh", "Bí thư", "1", "Bí thư"), strict=True):
        page.keyboard.press(key)
        chosen_cells(page, 1, words)


def chooses_more(page: Page, keys: list[str]) -> None:
    chooses_the_cell(page, ["Escape"])
    for key, count in zip(keys, (2, 1, 2, 1), strict=True):
        page.keyboard.press(key)
        expect(page.locator(".is-chosen-cell")).to_have_count(count)


def clears_cells(page: Page, keys: list[str]) -> None:
    for key, words in zip(keys, ("Chức danh", "STT"), strict=True):
        in_the_cell(page, words)
        page.keyboard.press("Escape")
        chosen_cells(page, 1, words)
        page.keyboard.press(key)
        expect(page.locator(".provision-cell", has_text=words)).to_have_count(0)


def types_in_the_chosen(page: Page, keys: list[str]) -> None:
    chooses_the_cell(page, ["Escape"])
    page.keyboard.press(keys[0])
    at_cell(page, 2, 2)


def leaves_the_table(page: Page, keys: list[str]) -> None:
    chooses_the_cell(page, ["Escape"])
    page.keyboard.press(keys[0])
    expect(page.locator(".ProseMirror")).to_be_focused()


def put_on_the_clipboard(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("() => navigator.clipboard.writeText('Điều 9. Mới\\n1. Khoản mới')")
    put_caret(page, "Văn phòng lập biên bản")


def pastes_plain_words(page: Page, keys: list[str]) -> None:
    put_on_the_clipboard(page)
    page.keyboard.press(keys[0])
    expect(page.locator("[data-kind=paragraph]", has_text="1. Khoản mới")).to_have_count(1)
    expect(page.locator("#paste-choice [data-mode=words]")).to_have_attribute("aria-pressed", "true")


def pastes_the_other_way(page: Page, keys: list[str]) -> None:
    put_on_the_clipboard(page)
    page.keyboard.press("Control+V")
    for words, pressed in (("^Khoản mới", "provisions"), ("^1. Khoản mới", "words")):
        expect(page.locator(".ProseMirror > *", has_text=re.compile(words))).to_have_count(1)
        expect(page.locator(f"#paste-choice [data-mode={pressed}]")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press(keys[0])


def searches_everywhere(page: Page, keys: list[str]) -> None:
    page.keyboard.press(keys[0])
    expect(page.locator("#search-all")).to_be_focused()


LINES: dict[str, Callable[[Page, list[str]], None]] = {
    "marks": changes_the_sheet,
    "undo": takes_back,
    "pastePlain": pastes_plain_words,
    "pasteOther": pastes_the_other_way,
    "complete": completes,
    "completeChoose": chooses_a_suggestion,
    "completeChosen": takes_the_chosen,
    "completeNot": leaves_it_aside,
    "reference": opens_the_picker,
    "targets": chooses_what_is_cited,
    "target": inserts_what_is_cited,
    "split": changes_the_sheet,
    "paragraph": changes_the_sheet,
    "join": changes_the_sheet,
    "level": changes_the_sheet,
    "move": changes_the_sheet,
    "splitArticle": changes_the_sheet,
    "joinArticle": changes_the_sheet,
    "lift": lifts_an_entry,
    "place": chooses_a_place,
    "drop": drops,
    "putBack": puts_back,
    "nextCell": goes_to_the_next_cell,
    "cellBelow": goes_below,
    "besideCell": goes_to_cells_beside,
    "chooseCell": chooses_the_cell,
    "chosen": chooses_beside,
    "more": chooses_more,
    "clearCells": clears_cells,
    "typeInCell": types_in_the_chosen,
    "leaveCells": leaves_the_table,
    "find": opens_the_bar,
    "replace": opens_the_bar,
    "searchAll": searches_everywhere,
    "hit": goes_from_hit_to_hit,
    "hitHere": goes_from_hit_to_hit,
    "replaceOne": replaces_one,
    "toHit": leaves_with_the_hit,
    "zoom": changes_the_size,
    "read": reads,
    "one": shows_one_article,
    "oneStep": goes_from_article_to_article,
    "fold": folds,
    "foldAll": folds_all,
    "review": steps_through_findings,
    "beside": shows("#beside"),
    "change": steps_through_changes,
    "authors": shows("#authors[open]"),
    "bases": shows(".bases[open]"),
    "leave": leaves_the_sheet,
    "close": closes_a_pane,
    "menu": goes_through_a_menu,
    "shortcuts": shows("#shortcuts[open]"),
    "comment": begins_a_comment,
    "comments": shows("#comments"),
    "comment_step": steps_through_comments,
    "card": goes_between_cards,
    "name": goes_between_names,
    "named": names,
    "proposals": shows("#proposals"),
    "propose": enters_proposing,
    "choose": chooses,
    "button": goes_between_buttons,
    "send": sends,
}
"""What each line of the sheet does, by its name."""
NAMES = {
    "↑": "ArrowUp",
    "↓": "ArrowDown",
    "←": "ArrowLeft",
    "→": "ArrowRight",
    "Ctrl": "Control",
    "Esc": "Escape",
}


def told(page: Page) -> dict[str, list[str]]:
    """The sheet of shortcuts as it stands on the screen: the keys of each line."""
    page.locator("#show-shortcuts").click()
    expect(page.locator("#shortcuts")).to_be_visible()
    lines: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#shortcuts dt')]
        .map(one => [one.dataset.says, [...one.querySelectorAll('kbd')].map(key => key.textContent)]))"""
    )
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    return {
        says: ["+".join(NAMES.get(part, part) for part in key.split("+")) for key in keys]
        for says, keys in lines.items()
    }


def test_every_line_does_what_it_says(sign_in: SignIn, server: LiveServer) -> None:
    page = sign_in("hanh")
    lines = told(open_room(page, made_document(server, "Các phím tắt", TEXT)))
    assert set(lines) == set(LINES)
    for line, does in LINES.items():
        # A draft of its own: what one line did must not be what the next one finds.
        open_room(page, made_document(server, f"Phím tắt {line}", TEXT, dung="editor"))
        does(page, lines[line])


@pytest.mark.parametrize("width", [360, 1440])
def test_the_sheet_of_shortcuts_fits_its_screen(sign_in: SignIn, server: LiveServer, width: int) -> None:
    page = open_room(sign_in("lan", width=width), made_document(server, f"Phím {width}", TEXT, lan="reader"))
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    expect(page.locator("#shortcuts h3")).to_have_text(
        [
            "Gõ chữ",
            "Điều, khoản, điểm",
            "Bảng, biểu",
            "Tìm và thay",
            "Đọc",
            "Quanh dự thảo",
            "Góp ý",
            "Đề nghị sửa",
        ]
    )
    assert page.locator("#shortcuts").evaluate("one => one.scrollWidth <= one.clientWidth")
