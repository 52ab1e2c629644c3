"""The server's disk cannot be written while somebody types: what their window says, and what comes of it."""

from __future__ import annotations

import resource

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn, open_draft
from tests.browser.test_two_people import put_caret, settled
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser


def bound(server: LiveServer, most: int) -> None:
    """The largest file that the server's process may write, in bytes (Linux)."""
    assert server.process is not None
    hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, hard))


@pytest.mark.parametrize("width", [1440, 360])
def test_what_cannot_be_written_is_said_kept_and_stored_afterwards(
    sign_in: SignIn, server: LiveServer, width: int
) -> None:
    page = sign_in("hanh", width=width)
    open_draft(page)
    put_caret(page, "Dân chủ, công khai, minh bạch")
    bound(server, 0)
    try:
        page.keyboard.insert_text(f" viết khi ổ đĩa hỏng {width}")
        expect(page.locator("#save-state")).to_contain_text("Chưa lưu được")
        # All of the sentence stands on the screen, on a phone too.
        seen = page.locator("#save-state").bounding_box()
        assert seen is not None
        assert seen["x"] >= 0
        assert seen["x"] + seen["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        bound(server, resource.RLIM_INFINITY)
    assert any(f"ổ đĩa hỏng {width}" in text for text in settled(page))
    expect(page.locator("#save-state")).to_have_text("Đã lưu")
    page.reload()
    expect(page.locator(".ProseMirror")).to_contain_text(f"ổ đĩa hỏng {width}")
