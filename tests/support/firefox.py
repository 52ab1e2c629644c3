"""Debian's Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which it speaks itself.

The browser driver of the other tests needs a Firefox of its own making; offices have the real one.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

# WebDriver's code points of keys that write nothing (https://w3c.github.io/webdriver/#keyboard-actions).
KEYS = {
    "Backspace": "\ue003", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009",
    "Alt": "\ue00a", "Escape": "\ue00c", "PageUp": "\ue00e", "PageDown": "\ue00f", "End": "\ue010",
    "Home": "\ue011", "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014",
    "ArrowDown": "\ue015", "Delete": "\ue017", "F3": "\ue033", "F8": "\ue038",
}  # fmt: skip
PREFERENCES = {
    "remote.active-protocols": 1,  # WebDriver BiDi
    "intl.accept_languages": "vi-VN, vi",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "dom.disable_beforeunload": True,
}


LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
# Blocks above are drawn only now and push it down: brought to the middle until it stays there.
_MIDDLE = """(async () => {
  const found = [...document.querySelectorAll(%s)].find(one => one.textContent.includes(%s))
  if (!found) return null
  for (let n = 0, was = null; n < 20; n++) {
    found.scrollIntoView({ block: 'center', behavior: 'instant' })
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)))
    const { left, top, width, height } = found.getBoundingClientRect()
    if (top === was) return [Math.round(left + width / 2), Math.round(top + height / 2)]
    was = top
  }
})()"""


class BidiError(Exception):
    """What Firefox says is wrong with a command."""


class FirefoxPage:
    """One tab of one person, with cookies of its own."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox, self.context = firefox, context

    def goto(self, url: str) -> None:
        self._firefox.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self._firefox.call("browsingContext.setViewport", context=self.context, viewport=viewport)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, which must be JSON's."""
        told = self._firefox.call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self.context}, awaitPromise=True,
        )  # fmt: skip
        if told["type"] == "exception":
            raise BidiError(f"{expression}: {told['exceptionDetails']['text']}")
        return json.loads(told["result"]["value"])

    def wait_for(self, expression: str, seconds: float = 20.0) -> Any:
        """The first value that is true of an expression; AssertionError when there is none in time."""
        end = time.monotonic() + seconds
        while True:
            found = self.evaluate(expression)
            if found:
                return found
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.05)

    def click(self, selector: str, words: str = "") -> None:
        """The middle of the first element of the selector that holds these words, once it is there."""
        at = self.wait_for(_MIDDLE % (json.dumps(selector), json.dumps(words)))
        move = {"type": "pointerMove", "x": at[0], "y": at[1]}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": [move, *press]})

    def fill(self, selector: str, words: str) -> None:
        self.click(selector)
        self.type(words)

    def type(self, words: str) -> None:
        """Key by key, as fast as Firefox takes them."""
        keys = [{"type": kind, "value": key} for key in words for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": keys})

    def press(self, keys: str) -> None:
        """ "Control+z": the last is struck while the others are held."""
        values = [KEYS.get(key, key) for key in re.split(r"(?<=.)\+", keys)]
        down = [{"type": "keyDown", "value": value} for value in values]
        up = [{"type": "keyUp", "value": value} for value in reversed(values)]
        self._act({"type": "key", "id": "keyboard", "actions": [*down, *up]})

    def screenshot(self, path: Path) -> None:
        told = self._firefox.call("browsingContext.captureScreenshot", context=self.context)
        path.write_bytes(base64.b64decode(told["data"]))

    def _act(self, source: dict[str, Any]) -> None:
        # In a window that is not in front Firefox writes letters, but moves no caret.
        self._firefox.call("browsingContext.activate", context=self.context)
        self._firefox.call("input.performActions", context=self.context, actions=[source])


class Firefox:
    """`with Firefox(program, folder) as firefox: page = firefox.page()`."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._sent = 0
        self._open = contextlib.ExitStack()
        self._socket: ClientConnection | None = None

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            address = opened.enter_context(self._running())
            socket = connect(f"{address}/session", max_size=None, open_timeout=30, ping_interval=None)
            self._socket = opened.enter_context(socket)
            self.call("session.new", capabilities={})
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    @contextlib.contextmanager
    def _running(self) -> Iterator[str]:
        """Where it listens."""
        profile = self._folder / "profile"
        profile.mkdir(parents=True)
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()
        )
        (profile / "user.js").write_text("\n".join(lines))
        log = self._folder / "firefox.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [self._program, "--headless", "--no-remote", "--profile", str(profile),
                 "--remote-debugging-port", "0", "about:blank"],
                stdout=out, stderr=out,
                env={"HOME": str(self._folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            )  # fmt: skip
        try:
            end = time.monotonic() + 60
            while not (found := LISTENING.search(said := log.read_text(errors="replace"))):
                assert process.poll() is None, said
                assert time.monotonic() < end, "Firefox does not begin"
                time.sleep(0.1)
            yield found[1]
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def page(self) -> FirefoxPage:
        """A new tab of somebody who shares nothing with the other tabs."""
        person = self.call("browser.createUserContext")["userContext"]
        made = self.call("browsingContext.create", type="window", userContext=person)
        return FirefoxPage(self, made["context"])

    def call(self, method: str, **params: Any) -> Any:
        """A command's result. Raises BidiError."""
        assert self._socket is not None
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv(timeout=60))
            if told.get("id") != self._sent:
                continue  # an event
            if told["type"] == "error":
                raise BidiError(f"{method}: {told['error']}: {told['message']}")
            return told["result"]
