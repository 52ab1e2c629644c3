"""The comparison page in two real browsers: corrections by hand, contents, the structure guard."""

from __future__ import annotations

import pytest
from docx import Document as Word
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, open_draft
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

REPEALED = "Các Phó Giám đốc có quyền chỉ đạo"


def open_comparison(page: Page, server: LiveServer) -> None:
    address = open_draft(page)
    page.goto(f"{address.split('?')[0]}/comparison")
    expect(page.locator("#rows tr").first).to_be_visible()


def test_one_corrects_a_pairing_and_the_other_sees_it_at_once(server: LiveServer, sign_in: SignIn) -> None:
    a, b = sign_in("hanh"), sign_in("lan", width=1000)
    open_comparison(a, server)
    b.goto(a.url)
    expect(b.locator("#rows tr").first).to_be_visible()
    assert b.locator(".pair-button:visible").count() == 0  # a reader corrects nothing
    repealed = a.locator("tr:not([hidden])", has_text=REPEALED)
    repealed.locator(".pair-button").click()
    a.get_by_role("button", name="Ghép với nội dung trong dự thảo").click()
    a.fill("#pair-search", "cải cách hành chính, ứng dụng công nghệ")
    a.locator("#pair-found button").first.click()
    expect(a.locator("#pair")).to_be_hidden()
    expect(a.locator("#corrections .count")).to_have_text("1")
    for page in (a, b):
        row = page.locator("#rows tr", has_text=REPEALED)
        expect(row.locator("td.after")).to_contain_text("cải cách hành chính")
    expect(b.locator("#corrections .count")).to_have_text("1")
    a.locator("#corrections summary").click()
    a.locator("#corrections").get_by_role("button", name="Bỏ").click()
    expect(a.locator("#corrections .count")).to_have_text("0")
    for page in (a, b):
        row = page.locator("#rows tr", has_text=REPEALED)
        expect(row.locator("td.after")).to_have_text("(Bãi bỏ)")


@pytest.mark.parametrize("width", [360, 1440])
def test_a_correction_that_rests_says_why(width: int, server: LiveServer, sign_in: SignIn) -> None:
    page = sign_in("hanh", width=width)
    open_comparison(page, server)
    if not page.locator("#changed-only").is_visible():
        page.locator(".tools > summary").first.click()
    page.uncheck("#changed-only")
    page.locator("tr[data-class=unchanged]:not(.division) .pair-button").first.click()
    page.get_by_role("button", name="Không thuộc về nhau").click()
    expect(page.locator("#corrections .count")).to_have_text("1")
    page.locator("#corrections summary").click()
    remark = page.locator("#corrections li", has_text="không áp dụng ở lần so sánh này vì")
    expect(remark).to_contain_text("nội dung ở hai văn bản giống hệt nhau")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    remark.get_by_role("button", name="Bỏ").click()
    expect(page.locator("#corrections .count")).to_have_text("0")


@pytest.mark.parametrize("width", [360, 1440])
def test_beside_the_table_stand_its_contents_and_the_structure_guard(
    width: int, server: LiveServer, sign_in: SignIn
) -> None:
    page = sign_in("hanh", width=width)
    open_comparison(page, server)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # On a phone each cell says itself which text it is of.
    expect(page.locator(".comparison-table thead")).to_be_visible(visible=width > 360)
    page.locator("#guard summary").click()
    expect(page.locator("#guard li")).to_contain_text(["Điều 31 … Điều 45 → Điều 32 … Điều 46: đổi số"])
    page.locator("#contents summary").click()
    entry = page.locator("#contents .contents-link", has_text="Điều 7")
    expect(entry.locator(".badge")).to_have_text("1 thay đổi")
    entry.click()
    focused = page.evaluate("document.activeElement.closest('tr')?.textContent ?? ''")
    assert "Điều 7" in focused
    first = page.locator("#rows tr:not([hidden])").first.bounding_box()
    assert first is not None


@pytest.mark.parametrize("width", [360, 1440])
def test_the_printed_table_is_laid_out_as_asked(width: int, server: LiveServer, sign_in: SignIn) -> None:
    page = sign_in("hanh", width=width)
    open_comparison(page, server)
    options = page.locator(".print-options")
    if not options.locator("summary").is_visible():
        page.locator(".tools > summary").click()
    options.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.select_option("#print-columns", "4")
    page.select_option("#print-by", "article")
    with page.expect_download() as got:
        options.get_by_role("button", name="Word").click()
    table = Word(got.value.path()).tables[0]
    assert len(table.columns) == 5  # number, in force, draft, reason, source
    asked = "columns=4&by=article"
    with page.context.expect_event(
        "request", lambda sent: "comparison.pdf" in sent.url and asked in sent.url
    ):
        options.get_by_role("button", name="PDF").click()


@pytest.mark.parametrize("width", [360, 1440])
def test_a_third_text_is_chosen_above_the_table_and_printed_with_it(
    width: int, server: LiveServer, sign_in: SignIn
) -> None:
    page = sign_in("hanh", width=width)
    open_comparison(page, server)
    if not page.locator("#side-after").is_visible():
        page.locator(".tools > summary").click()
    page.select_option("#side-after", label="Dự thảo lần 1: Gửi lấy ý kiến các phòng, ban")
    page.wait_for_url("**after=*")
    if not page.locator("#side-third").is_visible():
        page.locator(".tools > summary").click()
    page.select_option("#side-third", "draft")
    page.wait_for_url("**third=draft*")
    changed = page.locator("#rows tr:not([hidden])", has_text="chuyển đổi số")
    expect(changed.locator("td.third ins").first).to_contain_text("chuyển đổi số")
    expect(changed.locator("td.after .note")).to_have_text("Giữ nguyên")
    # What the first draft disturbs is told under the names of its two texts.
    page.locator("#guard summary").click()
    expect(page.locator("#guard li.between")).to_have_text(
        ["Văn bản hiện hành → Dự thảo lần 1: Gửi lấy ý kiến các phòng, ban"]
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.context.expect_event(
        "request", lambda sent: "comparison.pdf" in sent.url and "third=draft" in sent.url
    ):
        page.locator(".head a.primary").click()


def test_spelling_and_format_are_folded_until_somebody_asks(server: LiveServer, sign_in: SignIn) -> None:
    page = sign_in("hanh")
    open_comparison(page, server)
    respelt = page.locator('#rows tr[data-class="spelling_only"]')
    expect(respelt.first).to_be_hidden()
    page.locator("#show-layers").check()
    expect(respelt.first).to_be_visible()
    mark = respelt.first.locator("ins.spelling, del.spelling").first
    assert "underline" in mark.evaluate("mark => getComputedStyle(mark).textDecoration") or (
        "line-through" in mark.evaluate("mark => getComputedStyle(mark).textDecoration")
    )
    page.locator("#show-layers").uncheck()
    expect(respelt.first).to_be_hidden()


def test_a_row_says_whose_opinions_led_to_its_words_and_leads_to_them(
    server: LiveServer, sign_in: SignIn
) -> None:
    lead, reader = sign_in("hanh"), sign_in("lan")
    lead.get_by_role("link", name="Quy chế làm việc của Ban Dân dụng và Công nghiệp", exact=True).click()
    base = lead.url.split("?")[0].split("#")[0]
    lead.goto(f"{base}/comparison")
    asked = lead.locator("#rows .asked-by", has_text="Ý kiến: Lê Văn Minh, Phòng Quản lý dự án 2")
    expect(asked).to_have_count(1)
    asked.click()
    expect(lead.locator(".opinion")).to_have_count(1)
    expect(lead.locator(".opinion")).to_contain_text("đề nghị tách thành hai khoản")
    # The answers of the demonstration were not sent: who only reads is not told.
    with reader.expect_response("**/opinions/led") as told:
        reader.goto(f"{base}/comparison")
    assert told.value.json() == {"led": {}}
