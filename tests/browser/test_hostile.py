"""Words that try to be markup stay words where the browser's own script draws them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SignIn, lead_of, made_document
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

EVIL = (
    "=cmd|'/C xssq'!A0\"'><xssq onxssq=1></title></textarea></script><script>window.xssq=1</script>"
    "<img src=x onerror=window.xssq=1><a href=javascript:xssq()>{{7*7}}\u202exssq"
)
TEXT = f"{EVIL}\n\nĐiều 1. {EVIL}\n1. {EVIL}\n2. Theo quy định tại Điều 9 {EVIL}"
BECAME = "() => [typeof window.xssq, document.querySelectorAll('xssq, [onxssq], [onerror]').length]"


def test_no_word_becomes_an_element_or_a_script(server: LiveServer, sign_in: SignIn) -> None:
    address = made_document(server, EVIL, TEXT)
    id_ = address.rpartition("/")[2]
    api = lead_of(server)
    words = {"text": EVIL, "anchor": {"on": "document"}}
    api.json("POST", f"/api/documents/{id_}/comments", words, 201)
    api.json("POST", f"/api/documents/{id_}/versions", {"name": EVIL}, 201)
    page = sign_in("hanh")
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_contain_text("onxssq")
    expect(page.locator("#save-state")).to_contain_text("Đã lưu")
    # What is fetched once the sheet stands: the comment's card, the outline, the findings.
    expect(page.locator(".thread, .comment").first).to_contain_text("onxssq")
    assert page.evaluate(BECAME) == ["undefined", 0]
    for path, seen in (("/comparison", "main"), ("/history", "main"), ("/versions", "main")):
        page.goto(address + path)
        expect(page.locator(seen)).to_contain_text("onxssq")
        assert page.evaluate(BECAME) == ["undefined", 0]


def test_no_string_becomes_an_element_but_by_the_one_part_that_may(
    server: LiveServer, browser: Browser
) -> None:
    """Trusted Types: a script of ours that is careless one day is stopped by the browser itself."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/login")
    tried = page.evaluate(
        """() => ['innerHTML', 'outerHTML', 'policy', 'document'].map((how) => {
            const made = document.createElement('p')
            document.body.append(made)
            try {
                if (how === 'policy') trustedTypes.createPolicy('mine', { createHTML: (s) => s })
                else if (how === 'document') new DOMParser().parseFromString('<b>x</b>', 'text/html')
                else made[how] = '<b class="made">x</b>'
                return how + ' went through'
            } catch (error) { return error.name }
        })"""
    )
    assert tried == ["TypeError"] * 4
    assert page.locator(".made").count() == 0
    context.close()
