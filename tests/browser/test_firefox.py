"""In Debian's Firefox: two people at once, one beside a colleague with Chromium, a whole revision."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, SignIn, made_document
from tests.browser.test_comments import SELECT
from tests.browser.test_two_people import FAITHFUL, SAVED, TEXTS, put_caret
from tests.conftest import absent
from tests.support.firefox import Firefox, FirefoxPage
from tests.support.live_server import Api, LiveServer

pytestmark = pytest.mark.browser

TEXT = """QUY CHẾ
Làm việc của Đảng ủy

Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định nguyên tắc và lề lối làm việc của Đảng ủy.
Điều 2. Chế độ họp
1. Ban Thường vụ họp thường kỳ mỗi tháng một lần, do Bí thư chủ trì.
2. Thường trực họp hằng tuần.
3. Văn phòng ghi biên bản.
"""
LABELS = "[...document.querySelectorAll('.ProseMirror > *')].map(block => block.dataset.label ?? '')"
Enter = Callable[[str], FirefoxPage]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    program = os.environ.get("DUTHAO_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        absent("a Firefox")
    with Firefox(program, tmp_path_factory.mktemp("firefox")) as found:
        yield found


@pytest.fixture
def draft(server: LiveServer, request: pytest.FixtureRequest) -> str:
    return made_document(server, f"Firefox {request.node.name}", TEXT, dung="editor", lan="commenter")


@pytest.fixture
def enter(server: LiveServer, firefox: Firefox, draft: str) -> Enter:
    """`enter("hanh")`: that person's Firefox, in the drafting room."""

    def one(name: str) -> FirefoxPage:
        page = firefox.page()
        page.resize(1440, 900)
        page.goto(f"{server.address}/login")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("Enter")
        page.wait_for("document.querySelector('.list') !== null")
        page.goto(draft)
        page.wait_for("document.querySelector('.ProseMirror') !== null")
        return page

    return one


def caret_at_end(page: FirefoxPage, words: str) -> None:
    page.click(".ProseMirror > *", words)
    page.press("End")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def texts(*pages: FirefoxPage) -> list[str]:
    """What all see once all is stored; each sheet shows exactly what is shared."""
    for page in pages:
        page.wait_for(f"({SAVED})()")
    first = pages[0]
    for page in pages[1:]:
        first.wait_for(f"JSON.stringify(({TEXTS})()) === {_quoted(page.evaluate(f'({TEXTS})()'))}")
    for page in pages:
        assert page.evaluate(f"({FAITHFUL})()") == []
    return list(first.evaluate(f"({TEXTS})()"))


def _quoted(value: Any) -> str:
    return f"JSON.stringify({value!r})"


def test_two_type_in_one_paragraph_move_it_and_take_back_their_own(enter: Enter) -> None:
    hanh, dung = enter("hanh"), enter("dung")
    caret_at_end(hanh, "Thường trực họp hằng tuần.")
    caret_at_end(dung, "Thường trực họp hằng tuần.")
    dung.press("Home")
    hanh.type(" Đồng chí Bí thư chủ trì.")
    dung.type("Từ nay, ")
    found = texts(hanh, dung)
    clause = next(text for text in found if "Thường trực họp" in text)
    assert clause == "Từ nay, Thường trực họp hằng tuần. Đồng chí Bí thư chủ trì."
    # One moves the clause up while the other types on in it.
    hanh.press("Alt+ArrowUp")
    dung.type("và về sau, ")
    order = texts(hanh, dung)
    clauses = [text for text in order if "họp" in text and text != "Chế độ họp"]
    assert "Thường trực" in clauses[0]
    assert "và về sau, " in clauses[0]
    hanh.press("Control+z")
    clauses = [text for text in texts(hanh, dung) if "họp" in text and text != "Chế độ họp"]
    assert "Thường trực" in clauses[1]
    assert "và về sau, " in clauses[1]


def test_enter_splits_backspace_joins_and_the_numbers_run(enter: Enter) -> None:
    page = enter("hanh")
    before = page.evaluate(LABELS)
    caret_at_end(page, "do Bí thư chủ trì.")
    page.press("Enter")
    page.type("Khoản mới; viết thẳng trong Firefox: ữ, ợ, ặ, ề, đ.")
    assert texts(page).count("Khoản mới; viết thẳng trong Firefox: ữ, ợ, ặ, ề, đ.") == 1
    assert page.evaluate(LABELS)[-4:] == ["1.", "2.", "3.", "4."]
    page.press("Tab")
    assert page.wait_for(f"({LABELS}).slice(-4).join(' ') === '1. a) 2. 3.'")
    page.press("Shift+Tab")
    page.press("Home")
    page.press("Backspace")
    joined = "do Bí thư chủ trì.Khoản mới; viết thẳng trong Firefox: ữ, ợ, ặ, ề, đ."
    assert any(text.endswith(joined) for text in texts(page))
    assert page.evaluate(LABELS) == before


def test_beside_a_colleague_with_chromium(enter: Enter, sign_in: SignIn, draft: str) -> None:
    dung = sign_in("dung")
    dung.goto(draft)
    expect(dung.locator(".ProseMirror")).to_be_visible()
    hanh = enter("hanh")
    put_caret(dung, "Văn phòng ghi biên bản.")
    dung.keyboard.insert_text(" Chromium.")
    caret_at_end(hanh, "Văn phòng ghi biên bản. Chromium.")
    hanh.type(" Firefox.")
    expect(dung.locator(".ProseMirror")).to_contain_text("Văn phòng ghi biên bản. Chromium. Firefox.")
    expect(dung.locator(".caret-name")).to_have_text("Nguyễn Thị Hạnh")
    hanh.wait_for("document.querySelector('.caret-name')?.textContent === 'Trần Quốc Dũng'")
    assert hanh.evaluate("document.querySelector('#people').textContent").count("Trần Quốc Dũng") == 1
    assert texts(hanh) == dung.evaluate(TEXTS)


def test_a_comment_is_made_on_words_answered_and_settled(enter: Enter) -> None:
    lan, hanh = enter("lan"), enter("hanh")
    lan.evaluate(f"({SELECT})(['Ban Thường vụ họp', 'mỗi tháng một lần'])")
    lan.press("Alt+Shift+M")
    lan.wait_for("document.activeElement?.matches('.is-new textarea') === true")
    lan.type("Mỗi tháng là quá dày.")
    lan.press("Control+Enter")
    words = "[...document.querySelectorAll('.sheet-text [class*=comment-of-]')].map(one => one.textContent)"
    marked = f"{words}.join('')"
    hanh.wait_for(f"{marked} === 'mỗi tháng một lần'")
    hanh.click("#show-comments")
    hanh.click(".comment-card[data-id]", "quá dày")
    hanh.evaluate("document.querySelector('.comment-card[data-id] textarea').focus()")
    hanh.type("Đồng ý, mỗi quý.")
    hanh.press("Control+Enter")
    lan.wait_for("document.querySelector('.comment-card[data-id]')?.textContent.includes('Đồng ý, mỗi quý.')")
    # The mark stays on its words while they are written around.
    caret_at_end(hanh, "do Bí thư chủ trì.")
    hanh.type(" Khi cần thì họp bất thường.")
    texts(hanh, lan)
    lan.wait_for(f"{marked} === 'mỗi tháng một lần'")
    hanh.click(".comment-card[data-id] button", "Giải quyết xong")
    lan.wait_for(f"{marked} === ''")


def test_a_revision_from_the_proposal_to_the_printed_table(
    enter: Enter, server: LiveServer, draft: str
) -> None:
    hanh, dung, lan = enter("hanh"), enter("dung"), enter("lan")
    # Lan may comment: she proposes other words in their place.
    lan.click(".provision", "Ban Thường vụ họp thường kỳ")
    lan.click(".slot-bar [data-act=replace]")
    lan.wait_for("document.querySelector('.proposal-form .wording-field') !== null")
    lan.evaluate("document.querySelector('.proposal-form .wording-field').focus()")
    lan.press("Control+a")
    lan.type("Ban Thường vụ họp thường kỳ mỗi quý một lần, do Bí thư chủ trì.")
    lan.click(".proposal-form [type=submit]")
    lan.wait_for("document.querySelector('.proposal-form') === null")
    # Dũng meanwhile writes in the same clause, elsewhere; Hạnh takes Lan's words in.
    caret_at_end(dung, "do Bí thư chủ trì.")
    dung.type(" Họp bất thường khi cần.")
    hanh.click("#show-proposals")
    hanh.wait_for("document.querySelector('.proposal-card ins')?.textContent.includes('quý')")
    hanh.wait_for("document.querySelector('.proposal-card').textContent.includes('khi cần.')")
    hanh.click(".proposal-card button", "Tiếp thu")
    wanted = "Ban Thường vụ họp thường kỳ mỗi quý một lần, do Bí thư chủ trì. Họp bất thường khi cần."
    # Asked of what is shared: in the sheet somebody's name may stand between the words.
    dung.wait_for(f"({TEXTS})().includes({wanted!r})")
    assert wanted in texts(hanh, dung)
    # The table shows it beside the text in force, and prints.
    hanh.goto(f"{draft}/comparison")
    hanh.wait_for("[...document.querySelectorAll('#rows ins')].some(one => one.textContent.includes('quý'))")
    api = Api(server.address).sign_in("hanh", PASSWORD)
    code, content = api.call("GET", f"{draft[len(server.address) :]}/comparison.pdf?rows=changed")
    assert (code, content[:5]) == (200, b"%PDF-")
