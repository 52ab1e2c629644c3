"""Vietnamese input methods that compose, in a real browser: what they hold is never drawn anew under them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, made_document
from tests.browser.test_shortcuts import TEXT, open_room
from tests.browser.test_two_people import SAVED, put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

LISTEN = """() => { window.compositions = []; const sheet = document.querySelector('.ProseMirror')
for (const name of ['compositionstart', 'compositionend'])
  sheet.addEventListener(name, () => window.compositions.push(name), true) }"""


def compose(page: Page, *held: str, pause: int = 0) -> None:
    """The letters as an input method holds them one after the other; the last are given out."""
    keys: Any = page.context.new_cdp_session(page)
    for text in held:
        asked = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        keys.send("Input.imeSetComposition", asked)
        # The answers of the server come in between, and so does all that follows them on the page.
        page.wait_for_timeout(pause)
    keys.send("Input.insertText", {"text": held[-1]})


@pytest.mark.parametrize("pause", [0, 250])
def test_a_composition_goes_on_while_its_letters_are_stored(
    sign_in: SignIn, server: LiveServer, pause: int
) -> None:
    address = made_document(server, f"Bộ gõ {pause}", TEXT, dung="editor")
    a, b = open_room(sign_in("hanh"), address), open_room(sign_in("dung"), address)
    put_caret(b, "Văn phòng lập biên bản")
    put_caret(a, "Ban Thường vụ họp mỗi tháng")
    a.evaluate(LISTEN)
    compose(a, " d", " đ", " đu", " đư", " đươ", " đươc", " được", pause=pause)
    b.keyboard.insert_text(" Có.")
    texts = settled(a, b)
    assert "Ban Thường vụ họp mỗi tháng một lần. được" in texts
    assert "Văn phòng lập biên bản. Có." in texts
    assert a.evaluate("() => window.compositions") == ["compositionstart", "compositionend"]


def test_a_pause_in_the_middle_of_a_word_ends_no_composition_while_nobody_else_writes(
    sign_in: SignIn, server: LiveServer
) -> None:
    """On a phone a word is composed until its space: ending it would take the keyboard away."""
    address = made_document(server, "Bộ gõ nghỉ tay", TEXT)
    a = open_room(sign_in("hanh"), address)
    put_caret(a, "Ban Thường vụ họp mỗi tháng")
    a.evaluate(LISTEN)
    compose(a, " đ", " đã", pause=2_800)
    a.wait_for_function(SAVED)
    expect(a.locator(".ProseMirror")).to_contain_text("một lần. đã")
    assert a.evaluate("() => window.compositions") == ["compositionstart", "compositionend"]


def test_words_are_written_beside_the_caret_of_a_colleague_who_writes_there_too(
    sign_in: SignIn, server: LiveServer
) -> None:
    address = made_document(server, "Bộ gõ cạnh con trỏ", TEXT, dung="editor")
    a, b = open_room(sign_in("hanh"), address), open_room(sign_in("dung"), address)
    place = "Ban Thường vụ họp mỗi tháng một lần."
    put_caret(b, place)
    put_caret(a, place)
    # His caret stands where hers does.
    expect(a.locator(".ProseMirror .caret")).to_have_count(1)
    a.evaluate(LISTEN)
    keys: Any = a.context.new_cdp_session(a)
    for held in (" d", " đ", " đu", " đư", " đươ", " đươc", " được"):
        asked = {"text": held, "selectionStart": len(held), "selectionEnd": len(held)}
        keys.send("Input.imeSetComposition", asked)
        b.keyboard.insert_text("x")
        # His letters are stored while hers are not sure yet.
        b.wait_for_function(SAVED)
    keys.send("Input.insertText", {"text": " được"})
    # Unikey and its like write through Backspaces.
    for key in (" ", "h", "o", "Backspace", "ọ", "p"):
        a.keyboard.press(key) if key == "Backspace" else a.keyboard.insert_text(key)
        b.keyboard.insert_text("y")
    (written,) = [text for text in settled(a, b) if text.startswith(place)]
    assert written in (f"{place} được họpxxxxxxxyyyyyy", f"{place}xxxxxxxyyyyyy được họp")
    assert a.evaluate("() => window.compositions") == ["compositionstart", "compositionend"]
