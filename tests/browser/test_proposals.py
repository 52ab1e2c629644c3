"""Proposals in real browsers: made on a phone, decided at a desk while a third writes, by keys alone."""

from __future__ import annotations

from itertools import groupby

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignIn, made_document, shot
from tests.browser.test_accessibility import LOOKS, violations
from tests.browser.test_two_people import FAITHFUL, SAVED, TEXTS, put_caret
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TEXT = """QUY CHẾ
Làm việc của Đảng ủy

Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định nguyên tắc, chế độ trách nhiệm và lề lối làm việc của Đảng ủy.
Điều 2. Chế độ họp
1. Ban Thường vụ họp thường kỳ mỗi tháng một lần, do Bí thư chủ trì.
a) Tài liệu được gửi trước ba ngày làm việc;
b) Thành phần do Bí thư quyết định.
2. Thường trực họp hằng tuần.
"""
CLAUSE = "Ban Thường vụ họp thường kỳ"
WISH = "Ban Thường vụ họp thường kỳ mỗi quý một lần, do Bí thư chủ trì."


@pytest.fixture
def draft(server: LiveServer, request: pytest.FixtureRequest) -> str:
    """A document of its own, led by hanh, which dung edits, lan comments on and minh reads."""
    title = f"Đề nghị {request.node.name}"
    return made_document(server, title, TEXT, dung="editor", lan="commenter", minh="reader")


def enter(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page


def propose(page: Page, words: str, instead: str, reason: str = "") -> None:
    """As somebody who may not write does: a click on the provision, the button, the words."""
    expect(page.locator(".proposal-form")).to_have_count(0)  # the one before has been taken
    page.locator(".provision", has_text=words).first.click()
    page.locator(".slot-bar [data-act=replace]").click()
    page.locator(".proposal-form .wording-field").fill(instead)
    if reason:
        page.locator(".proposal-form .reason-short").fill(reason)
    page.locator(".proposal-form [type=submit]").click()
    expect(page.locator(".proposal-form")).to_have_count(0)


def cards(page: Page) -> Locator:
    return page.locator(".proposal-card")


def open_list(page: Page) -> Page:
    page.click("#show-proposals")
    expect(page.locator("#proposals-state")).to_contain_text("Đang mở")
    return page


def texts(page: Page) -> list[str]:
    page.wait_for_function(SAVED)
    assert page.evaluate(FAITHFUL) == []
    return list(page.evaluate(TEXTS))


def written(page: Page, address: str, words: str) -> list[tuple[str, str]]:
    """Who wrote the provision with these words, as the service tells it."""
    found: list[dict[str, str]] = page.evaluate(
        """async ([address, words]) => {
          const provisions = [...window.duthao.doc.getMap('provisions').entries()]
          const [id] = provisions.find(([, p]) => p.get('text').toString().includes(words))
          const got = await (await fetch(`/api${address}/provisions/${id}/authors`)).json()
          const names = new Map(got.people.map(person => [person.id, person.name]))
          return got.written.map(one => ({words: [...got.text].slice(one.start, one.end).join(''),
                                          name: names.get(one.user)}))
        }""",
        [address[address.index("/documents") :], words],
    )
    joined = groupby(found, key=lambda one: one["name"])
    return [("".join(one["words"] for one in held).strip(), name) for name, held in joined]


def test_made_on_a_phone_accepted_at_a_desk_while_a_third_writes(sign_in: SignIn, draft: str) -> None:
    lan = enter(sign_in("lan", width=360, height=740), draft)
    expect(lan.locator("#save-state")).to_have_text("Góp ý")
    lan.locator(".provision", has_text=CLAUSE).click()
    expect(lan.locator(".slot-bar")).to_be_visible()
    shot(lan, "1-bar-360")
    lan.locator(".slot-bar [data-act=replace]").click()
    lan.locator(".wording-field").fill(WISH)
    lan.locator(".proposal-form .reason-short").fill("Mỗi tháng là quá dày đối với các đồng chí ở xa.")
    expect(lan.locator(".wording-preview ins")).to_have_text("quý")
    shot(lan, "2-form-360")
    lan.locator(".proposal-form [type=submit]").click()
    expect(cards(lan)).to_have_count(1)
    expect(cards(lan).locator("del")).to_have_text("tháng")
    shot(lan, "3-card-360")
    assert lan.evaluate("document.documentElement.scrollWidth") <= 360

    hanh, dung = enter(sign_in("hanh"), draft), enter(sign_in("dung"), draft)
    expect(hanh.locator("#proposals-count")).to_have_text("1")
    open_list(hanh)
    card = cards(hanh)
    expect(card).to_contain_text("Phạm Thị Lan")
    expect(card).to_contain_text("quá dày")
    shot(hanh, "4-list-1440")
    put_caret(dung, CLAUSE)
    for letter in " tại trụ sở":
        dung.keyboard.insert_text(letter)
    card.locator(".act-accept").click()
    for letter in " cơ quan":
        dung.keyboard.insert_text(letter)
    expect(cards(hanh)).to_have_count(0)
    expect(hanh.locator("#proposals-said")).to_contain_text("Đã tiếp thu đề nghị của Phạm Thị Lan")
    for page in (hanh, dung, lan):
        # Not by what is drawn: somebody's caret may stand between the words.
        page.wait_for_function(f"words => ({TEXTS})().includes(words)", arg=f"{WISH} tại trụ sở cơ quan")
    assert f"{WISH} tại trụ sở cơ quan" in texts(dung)
    who = written(hanh, draft, CLAUSE)
    assert ("quý", "Phạm Thị Lan") in who
    assert who[-1] == ("tại trụ sở cơ quan", "Trần Quốc Dũng")
    expect(cards(lan)).to_have_count(0)
    lan.select_option("#proposals-filter-state", "answered")
    expect(cards(lan)).to_contain_text("Nguyễn Thị Hạnh tiếp thu lúc")


def test_where_both_changed_the_same_words_a_person_chooses(sign_in: SignIn, draft: str) -> None:
    lan, hanh, dung = (enter(sign_in(name), draft) for name in ("lan", "hanh", "dung"))
    propose(lan, CLAUSE, WISH)
    propose_in_mode(hanh, CLAUSE, WISH.replace("quý", "năm"))
    expect(cards(hanh)).to_have_count(2)
    expect(cards(hanh).first.locator(".note-collide")).to_contain_text("Nguyễn Thị Hạnh")
    expect(cards(hanh).first.locator(".disputed")).to_have_count(2)
    shot(hanh, "5-two-1440")
    hanh.locator(".show-sides").click()
    expect(hanh.locator(".sides .side")).to_have_count(3)
    shot(hanh, "6-sides-1440")
    hanh.get_by_role("button", name="Đến đề nghị này: Phạm Thị Lan").click()
    expect(hanh.locator("#sides")).to_be_hidden()
    cards(hanh).first.locator(".act-accept").click()
    left = cards(hanh)
    expect(left).to_have_count(1)
    expect(left.locator(".conflict")).to_contain_text("dự thảo nay quý")
    expect(left.locator(".conflict")).to_contain_text("đề nghị năm")
    shot(hanh, "7-conflict-1440")
    left.locator(".act-adapt").click()
    field = left.locator(".wording-field")
    expect(field).to_have_value(WISH.replace("quý", "năm"))
    # A colleague writes in the same words before it is sent: nothing is written over.
    put_caret(dung, CLAUSE)
    for _ in range(len(" chủ trì.")):
        dung.keyboard.press("Backspace")
    dung.keyboard.insert_text(" điều hành.")
    expect(hanh.locator(".provision", has_text=CLAUSE)).to_contain_text("điều hành.")
    field.fill(WISH.replace("quý", "quý, mỗi năm").replace("chủ trì", "chủ toạ"))
    left.locator("[type=submit]").click()
    expect(left.locator(".form-said")).to_contain_text("Dự thảo đã khác")
    expect(field).to_have_value(WISH.replace("quý", "quý, mỗi năm").replace("chủ trì", "chủ toạ"))
    shot(hanh, "8-adapt-1440")
    left.locator("[type=submit]").click()
    expect(cards(hanh)).to_have_count(0)
    assert WISH.replace("quý", "quý, mỗi năm").replace("chủ trì", "chủ toạ") in texts(hanh)
    hanh.select_option("#proposals-filter-state", "answered")
    expect(cards(hanh)).to_have_count(2)
    expect(cards(hanh).last).to_contain_text("tiếp thu, có chỉnh sửa")


def propose_in_mode(page: Page, words: str, instead: str) -> None:
    """As somebody who writes does: proposing mode, a click into the words, edited in their place."""
    page.click("#propose")
    page.locator(".provision", has_text=words).first.click()
    page.locator(".proposal-form .wording-field").fill(instead)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".proposal-form")).to_have_count(0)
    page.click("#propose")
    expect(page.locator("#propose")).to_have_attribute("aria-pressed", "false")


def test_by_keys_alone(sign_in: SignIn, draft: str) -> None:
    lan, hanh = enter(sign_in("lan"), draft), enter(sign_in("hanh"), draft)
    # What is there already when the part for proposals comes is no news.
    expect(hanh.locator("#propose")).to_be_visible()
    hanh.wait_for_load_state("networkidle")
    lan.keyboard.press("Alt+Shift+D")
    expect(lan.locator("#propose")).to_have_attribute("aria-pressed", "true")
    expect(lan.locator(".slot-bar button").first).to_be_focused()
    for _ in range(3):
        lan.keyboard.press("ArrowDown")
    expect(lan.locator(".provision.is-chosen")).to_contain_text(CLAUSE)
    expect(lan.locator("#live")).to_contain_text("khoản 1 Điều 2")
    lan.keyboard.press("Enter")
    expect(lan.get_by_role("textbox", name="Lời văn đề nghị của khoản 1 Điều 2")).to_be_focused()
    lan.keyboard.press("Control+a")
    lan.keyboard.insert_text(WISH)
    lan.keyboard.press("Tab")
    lan.keyboard.insert_text("Đỡ dày.")
    lan.keyboard.press("Control+Enter")
    expect(cards(lan)).to_have_count(1)
    expect(lan.locator(".slot-bar button").first).to_be_focused()
    lan.keyboard.press("Escape")
    expect(lan.locator(".slot-bar")).to_have_count(0)

    expect(hanh.locator("#live")).to_contain_text("Có đề nghị mới của Phạm Thị Lan ở khoản 1 Điều 2")
    hanh.locator("body").press("Alt+Shift+P")
    expect(hanh.locator("#proposals-title")).to_be_focused()
    accept = hanh.get_by_role("button", name="Tiếp thu: đề nghị của Phạm Thị Lan, khoản 1 Điều 2")
    for _ in range(12):
        hanh.keyboard.press("Tab")
        if accept.evaluate("button => button === document.activeElement"):
            break
    expect(accept).to_be_focused()
    hanh.keyboard.press("Enter")
    expect(hanh.locator("#proposals-said")).to_contain_text("Đã tiếp thu")
    assert hanh.evaluate("document.querySelector('#proposals').contains(document.activeElement)")
    hanh.keyboard.press("Escape")
    expect(hanh.locator("#show-proposals")).to_be_focused()
    assert WISH in texts(hanh)


def test_nothing_that_was_typed_is_lost(sign_in: SignIn, draft: str) -> None:
    lan, dung = enter(sign_in("lan"), draft), enter(sign_in("dung"), draft)
    lan.locator(".provision", has_text=CLAUSE).click()
    lan.locator(".slot-bar [data-act=replace]").click()
    field = lan.locator(".proposal-form .wording-field")
    field.fill(WISH)
    lan.route("**/proposals", lambda route: route.abort())
    lan.locator(".proposal-form [type=submit]").click()
    expect(lan.locator(".form-said")).to_contain_text("mất kết nối")
    lan.unroute("**/proposals")
    # Meanwhile somebody changes the very same words, then takes the provision out and brings it back.
    put_caret(dung, CLAUSE)
    for _ in range(len("tháng một lần, do Bí thư chủ trì.")):
        dung.keyboard.press("Backspace")
    dung.keyboard.insert_text("tuần.")
    expect(lan.locator(".form-told")).to_contain_text("Dự thảo vừa thay đổi")
    expect(field).to_have_value(WISH)
    lan.locator(".proposal-form [type=submit]").click()
    expect(lan.locator(".form-said")).to_contain_text("vừa được người khác sửa")
    expect(lan.locator(".form-told")).to_contain_text("mỗi tuần.")
    dung.click("[data-command=removeProvision]")
    expect(lan.locator(".form-told")).to_contain_text("vừa được bỏ")
    expect(field).to_have_value(WISH)
    dung.locator("#removed button").first.click()
    expect(lan.locator(".form-told")).not_to_contain_text("vừa được bỏ")
    dialogs: list[str] = []
    lan.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    field.press("Escape")
    assert dialogs == ["Bỏ những gì vừa viết?"]
    lan.locator(".proposal-form [type=submit]").click()
    expect(cards(lan)).to_have_count(1)
    assert all("quý" not in text for text in texts(dung))


def test_new_provisions_removals_filters_and_many_at_once(sign_in: SignIn, draft: str) -> None:
    lan, hanh = enter(sign_in("lan"), draft), enter(sign_in("hanh"), draft)
    lan.locator(".provision", has_text="Thành phần do Bí thư").click()
    lan.locator(".slot-bar [data-act=insert]").click()
    lan.locator(".proposal-form .wording-field").fill("Biên bản do Văn phòng ghi.")
    lan.locator(".proposal-form [type=submit]").click()
    expect(cards(lan)).to_have_count(1)
    lan.locator(".provision", has_text="Thường trực họp").click()
    lan.locator(".slot-bar [data-act=remove]").click()
    lan.locator(".proposal-form .reason-short").fill("Đã có quy định riêng.")
    lan.locator(".proposal-form [type=submit]").click()
    expect(cards(lan)).to_have_count(2)
    propose(lan, "Quy chế này quy định", "Quy chế này quy định nguyên tắc và lề lối làm việc của Đảng ủy.")
    propose_in_mode(hanh, "Chế độ họp", "Chế độ họp, làm việc")
    expect(cards(hanh)).to_have_count(4)
    hanh.select_option("#proposals-filter-article", label="Điều 1")
    expect(cards(hanh)).to_have_count(1)
    hanh.select_option("#proposals-filter-article", "")
    hanh.select_option("#proposals-filter-person", label="Phạm Thị Lan")
    expect(cards(hanh)).to_have_count(3)
    shot(hanh, "9-filtered-1440")
    hanh.once("dialog", lambda dialog: dialog.accept())
    hanh.click("#proposals-accept-all")
    expect(hanh.locator("#proposals-said")).to_have_text("Đã tiếp thu 3 đề nghị.")
    assert texts(hanh)[-3:] == [
        "Tài liệu được gửi trước ba ngày làm việc;",
        "Thành phần do Bí thư quyết định.",
        "Biên bản do Văn phòng ghi.",
    ]
    hanh.select_option("#proposals-filter-person", "")
    propose_in_mode(hanh, "Phạm vi điều chỉnh", "Phạm vi")
    expect(cards(hanh)).to_have_count(2)
    hanh.click("#proposals-decline-all")
    hanh.locator("#proposals-answer-words").fill("Giữ theo mẫu của Tỉnh ủy.")
    shot(hanh, "10-answer-all-1440")
    hanh.locator("#proposals-answer-all .primary").click()
    expect(hanh.locator("#proposals-said")).to_have_text("Đã trả lời 2 đề nghị.")
    hanh.select_option("#proposals-filter-state", "answered")
    expect(cards(hanh).filter(has_text="Giữ theo mẫu của Tỉnh ủy.")).to_have_count(2)
    shot(hanh, "11-answered-1440")


def test_input_methods_work_in_the_wording_while_others_write(sign_in: SignIn, draft: str) -> None:
    lan, dung = enter(sign_in("lan"), draft), enter(sign_in("dung"), draft)
    lan.locator(".provision", has_text="Thường trực họp").click()
    lan.locator(".slot-bar [data-act=replace]").click()
    field = lan.locator(".proposal-form .wording-field")
    field.fill("Thường trực họp")
    client = lan.context.new_cdp_session(lan)
    for held in (" h", " ha", " hă", " hằ", " hằn", " hằng"):  # composition: letters that are not sure yet
        client.send(
            "Input.imeSetComposition", {"text": held, "selectionStart": len(held), "selectionEnd": len(held)}
        )
        put_caret(dung, CLAUSE)
        dung.keyboard.insert_text("x")
        expect(lan.locator(".provision", has_text=CLAUSE)).to_contain_text("x")
    client.send("Input.insertText", {"text": " hằng"})
    for step in ("q", "qu", "quy", "\bý"):  # Unikey: Backspace and the letter anew
        for key in step[-1:] if "\b" not in step else step:
            lan.keyboard.press("Backspace") if key == "\b" else lan.keyboard.insert_text(
                f" {key}" if step == "q" else key
            )
    expect(field).to_have_value("Thường trực họp hằng quý")
    expect(lan.locator(".wording-preview ins").last).to_contain_text("quý")
    lan.keyboard.press("Control+Enter")
    expect(cards(lan).locator("ins").last).to_contain_text("quý")


def test_readers_propose_nothing_and_a_commenter_changes_no_text(sign_in: SignIn, draft: str) -> None:
    minh, lan = enter(sign_in("minh"), draft), enter(sign_in("lan"), draft)
    before = texts(lan)
    minh.locator(".provision", has_text=CLAUSE).click()
    expect(minh.locator("#propose")).to_be_hidden()
    expect(minh.locator(".slot-bar")).to_have_count(0)
    open_list(minh)
    expect(minh.locator("#proposals-empty")).to_have_text("Chưa có đề nghị nào.")
    lan.click("#propose")
    lan.locator(".provision", has_text=CLAUSE).click()
    lan.locator(".proposal-form .wording-field").fill(WISH)
    lan.locator(".provision", has_text="Thường trực họp").dblclick()
    lan.keyboard.insert_text("viết thẳng vào dự thảo")
    lan.locator(".proposal-form [type=submit]").click()
    expect(cards(lan)).to_have_count(1)
    assert texts(lan) == before
    expect(cards(minh)).to_have_count(1)
    expect(cards(minh).locator("button")).to_have_count(0)


def test_a_click_before_the_part_for_proposals_has_come_is_answered(sign_in: SignIn, draft: str) -> None:
    lan = sign_in("lan")
    waiting: list[Route] = []
    lan.route("**/assets/panel-*.js", lambda route: waiting.append(route))
    enter(lan, draft)
    lan.wait_for_timeout(300)
    lan.locator(".provision", has_text=CLAUSE).click()
    expect(lan.locator(".slot-bar")).to_have_count(0)
    assert waiting
    # What waits is let through with it.
    lan.unroute("**/assets/panel-*.js")
    lan.locator(".slot-bar [data-act=replace]").click()
    expect(lan.locator(".proposal-form .wording-field")).to_be_visible()


def test_a_link_leads_to_a_proposal_and_print_shows_the_text_alone(sign_in: SignIn, draft: str) -> None:
    lan = enter(sign_in("lan"), draft)
    propose(lan, CLAUSE, WISH)
    name = cards(lan).get_attribute("data-id")
    lan.locator(".provision", has_text="Thường trực họp").click()
    lan.locator(".slot-bar [data-act=replace]").click()
    lan.emulate_media(media="print")
    expect(lan.locator(".proposal-form")).to_be_hidden()
    expect(lan.locator("#proposals")).to_be_hidden()
    expect(lan.locator(".provision", has_text="Thường trực họp")).to_be_visible()
    shot(lan, "12-print")
    hanh = sign_in("hanh")
    enter(hanh, f"{draft}#proposal={name}")
    expect(cards(hanh)).to_be_focused()
    # The marks of what is proposed, once they are drawn, part the light in two.
    expect(hanh.locator(".spotlit").first).to_contain_text(CLAUSE)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing(sign_in: SignIn, draft: str, width: int, scheme: str) -> None:
    hanh = sign_in("hanh", width=width)
    hanh.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    enter(hanh, draft)
    open_list(hanh)
    assert violations(hanh) == []
    hanh.click("#propose")
    hanh.locator(".provision", has_text=CLAUSE).click()
    long = "Nghị" + "quyếtkhôngcókhoảngtrắng" * 12
    hanh.locator(".proposal-form .wording-field").fill(f"{WISH} {long}")
    expect(hanh.locator(".wording-preview ins").last).to_contain_text("khoảng")
    assert violations(hanh) == []
    hanh.keyboard.press("Control+Enter")
    expect(hanh.locator(".proposal-form")).to_have_count(0)
    hanh.keyboard.press("Escape")
    propose_in_mode(hanh, CLAUSE, WISH.replace("quý", "năm"))
    expect(cards(hanh)).to_have_count(2)
    assert violations(hanh) == []
    assert hanh.evaluate("document.documentElement.scrollWidth") <= width
    shot(hanh, f"13-cards-{width}-{scheme}")
    hanh.locator(".show-sides").click()
    assert violations(hanh) == []
    shot(hanh, f"14-sides-{width}-{scheme}")
    hanh.keyboard.press("Escape")
    cards(hanh).first.locator(".act-adapt").click()
    assert violations(hanh) == []
    shot(hanh, f"15-adapt-{width}-{scheme}")
