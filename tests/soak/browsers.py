"""People at real browsers, each sure of what has to stand in the clause that only they write in.

python -m tests.soak.browsers [--seconds 600] [--people 3] [--seed 1]

Real keys and clicks in Chromium, at random: letters, syllables of an input method, arrows, selections,
words taken back, a clause moved, split and joined, a look into the clause that all share. Meanwhile
somebody without a browser writes in front of everybody's words and in the shared clause, a hundred letters
a second. What each person's keys must have made of their clause is known, so a caret put back, or a letter
in the wrong place, is seen at once; now and then all pause, and every sheet has to show what is shared, and
the same, without a reload.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from duthao.collab import wire
from tests.browser.conftest import PASSWORD, QUIET, chromium, lead_of, made_document
from tests.browser.test_two_people import FAITHFUL, SAVED, TEXTS
from tests.support.collab_client import Typist
from tests.support.live_server import Api, LiveServer

PEOPLE = ("hanh", "dung", "lan")
SHARED = "Chung"
WORDS = "abcdeghiklmnopqrstuvxyăâêôơưđ"
MOST = 40
"""Letters of a clause, which stays in one line."""
ROUND = 25
"""Deeds of each between two pauses."""
NOISE = 0.01
TEXT_OF = "id => window.duthao.doc.getMap('provisions').get(id).get('text').toString()"
CARET_OF = """id => {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection()
  const block = (focusNode instanceof Element ? focusNode : focusNode?.parentElement)?.closest('.provision')
  if (block?.dataset.id !== id) return null
  const upto = (node, offset) => {
    const range = document.createRange()
    range.setStart(block, 0)
    range.setEnd(node, offset)
    const part = range.cloneContents()
    for (const one of part.querySelectorAll('.caret, [contenteditable=false]')) one.remove()
    return part.textContent.replace(/[0-9]/g, '').length
  }
  return [upto(anchorNode, anchorOffset), upto(focusNode, focusOffset)]
}"""
"""Where the screen has the caret, in letters of ours; nothing when it is in another clause."""
ID_OF = """words => [...document.querySelectorAll('.provision')]
  .find(one => one.textContent.includes(words)).dataset.id"""


@dataclass
class Result:
    deeds: int = 0
    noise: int = 0
    rounds: int = 0
    wrong: list[str] = field(default_factory=list)


def ours(text: str) -> str:
    """Without the digits, which are what somebody else writes in front of the words."""
    return "".join(letter for letter in text if not letter.isdigit())


class Person:
    """`text`, `anchor` and `head`: what has to stand in their clause, and where their caret is in it.

    The first letter stays, and the caret behind it: what others write comes before.
    """

    def __init__(self, page: Page, devtools: CDPSession, name: str, chance: random.Random) -> None:
        self.page, self.devtools, self.name, self.chance = page, devtools, name, chance
        self.id = self.shared = ""
        self.text = f"Khoản của {name}"
        self.anchor = self.head = len(self.text)
        self.done: list[str] = []

    async def open(self, address: str) -> None:
        await self.page.goto(address)
        await self.page.locator(".ProseMirror .provision").first.wait_for()
        await self.page.wait_for_function(SAVED)
        self.id = await self.page.evaluate(ID_OF, self.text)
        self.shared = await self.page.evaluate(ID_OF, SHARED)
        await self._click()

    async def _click(self) -> None:
        await self._go(self.id)
        self.anchor = self.head = len(self.text)

    async def _go(self, provision: str) -> None:
        """To the end of a clause by the mouse; once more where a colleague moved it away beneath it."""
        while True:
            await self.page.locator(f'.provision[data-id="{provision}"]').click()
            if await self.page.evaluate(CARET_OF, provision) is not None:
                break
        await self.page.keyboard.press("End")

    def _put(self, words: str) -> None:
        start, end = sorted((self.anchor, self.head))
        self.text = self.text[:start] + words + self.text[end:]
        self.anchor = self.head = start + len(words)

    async def deed(self) -> None:
        """Something random; what it must lead to is noted."""
        deeds: dict[Callable[[], Awaitable[None]], float] = {
            self._write: 6, self._arrow: 5, self._select: 2, self._back: 2, self._end: 1,
            self._compose: 2, self._shared: 0.7, self._move: 0.5, self._split: 0.5, self._undo: 0.5,
        }  # fmt: skip
        act = self.chance.choices(list(deeds), list(deeds.values()))[0]
        self.done = [*self.done[-15:], act.__name__]
        await act()

    async def _write(self) -> None:
        if len(self.text) > MOST:
            return
        words = "".join(self.chance.choices(WORDS, k=self.chance.randrange(1, 4)))
        for letter in words:
            await self.page.keyboard.type(letter)
        self._put(words)

    async def _compose(self) -> None:
        """A syllable through an input method, which may pause in it and is given up now and then."""
        if len(self.text) > MOST:
            return
        *pieces, word = self.chance.choice((("d", "đ", "đa", "đả"), ("u", "uô", "uốn"), ("e", "ê", "ế")))
        for piece in pieces:
            await self._composed(piece)
            if self.chance.random() < 0.1:
                await asyncio.sleep(0.3)
        if self.chance.random() < 0.1:
            await self._composed("")
            word = ""
        else:
            await self.devtools.send("Input.insertText", {"text": word})
        self._put(word)

    async def _composed(self, piece: str) -> None:
        end = len(piece)
        given = {"text": piece, "selectionStart": end, "selectionEnd": end}
        await self.devtools.send("Input.imeSetComposition", given)

    async def _arrow(self) -> None:
        for _ in range(self.chance.randrange(1, 4)):
            left = self.chance.random() < 0.6
            start, end = sorted((self.anchor, self.head))
            if start != end:
                await self.page.keyboard.press("ArrowLeft" if left else "ArrowRight")
                self.anchor = self.head = start if left else end
            elif left and self.head > 1:
                await self.page.keyboard.press("ArrowLeft")
                self.anchor = self.head = self.head - 1
            elif not left and self.head < len(self.text):
                await self.page.keyboard.press("ArrowRight")
                self.anchor = self.head = self.head + 1

    async def _select(self) -> None:
        for _ in range(self.chance.randrange(1, 5)):
            if self.head > 1:
                await self.page.keyboard.press("Shift+ArrowLeft")
                self.head -= 1

    async def _back(self) -> None:
        if self.anchor == self.head == 1:
            return
        await self.page.keyboard.press("Backspace")
        if self.anchor == self.head:
            self.anchor -= 1
        self._put("")

    async def _end(self) -> None:
        await self.page.keyboard.press("End")
        self.anchor = self.head = len(self.text)

    async def _shared(self) -> None:
        await self._go(self.shared)
        await self.page.keyboard.type(self.chance.choice(WORDS))
        await self._click()

    async def _move(self) -> None:
        await self.page.keyboard.press(self.chance.choice(("Alt+ArrowUp", "Alt+ArrowDown")))

    async def _split(self) -> None:
        if self.anchor == self.head < len(self.text):
            await self.page.keyboard.press("Enter")
            await self.page.keyboard.press("Backspace")

    async def _undo(self) -> None:
        await self.page.keyboard.press("Control+z")
        await self.page.keyboard.press("Control+y")
        await self._click()

    async def found(self) -> str:
        """What is wrong with their clause or their caret, if anything is."""
        text = ours(await self.page.evaluate(TEXT_OF, self.id))
        caret = await self.page.evaluate(CARET_OF, self.id)
        if text == self.text and caret == [self.anchor, self.head]:
            return ""
        wanted = f"{self.text!r} and {[self.anchor, self.head]}"
        said = f"{self.name} has {text!r} and {caret} instead of {wanted} after {' '.join(self.done)}"
        self.text = text
        await self._click()
        return said


async def _noise(typist: Typist, people: list[Person], result: Result) -> None:
    """Digits in front of everybody's words, taken away again, and a shared clause that comes and goes."""
    chance = random.Random(0)
    while True:
        target = chance.choice([people[0].shared, *(person.id for person in people)])
        text = typist.replica.provisions[target]["text"]
        digits = len(str(text)) - len(str(text).lstrip("0123456789"))
        some = slice(0, chance.randrange(1, max(2, digits)))
        update = typist.replica.changed(
            partial(text.__delitem__, some)
            if digits > 3
            else partial(text.insert, 0, str(chance.randrange(10)))
        )
        await typist.raw(wire.update(update))
        result.noise += 1
        await asyncio.sleep(NOISE)


async def _at_desks(
    browser: Browser, server: LiveServer, names: tuple[str, ...], seed: int, errors: list[str]
) -> list[Person]:
    people = []
    for number, name in enumerate(names):
        context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{server.address}/login")
        await page.fill("[name=username]", name)
        await page.fill("[name=password]", PASSWORD)
        await page.click("main button")
        await page.locator(".list").wait_for()
        devtools = await context.new_cdp_session(page)
        if number == len(names) - 1:
            # One of them at a slow computer.
            await devtools.send("Emulation.setCPUThrottlingRate", {"rate": 3})
        people.append(Person(page, devtools, name, random.Random(f"{seed}.{name}")))
    return people


async def _pause(people: list[Person], result: Result) -> None:
    """All is stored, all see the same, and the sheet shows what is shared."""
    for person in people:
        await person.page.wait_for_function(SAVED)
    until = time.monotonic() + 20
    while True:
        seen = [await person.page.evaluate(TEXTS) for person in people]
        if all(texts == seen[0] for texts in seen):
            break
        if time.monotonic() > until:
            result.wrong.append(f"they do not see the same: {seen}")
            break
        await asyncio.sleep(0.05)
    for person in people:
        if different := await person.page.evaluate(FAITHFUL):
            result.wrong.append(f"{person.name}'s sheet is not what is shared: {different}")


async def run(seconds: float, count: int, seed: int, server: LiveServer) -> Result:
    result = Result()
    names = PEOPLE[:count]
    clauses = "\n".join(f"{n + 2}. Khoản của {name}" for n, name in enumerate(names))
    text = f"QUY CHẾ\nLàm việc\n\nĐiều 1. Phạm vi\n1. {SHARED}\n{clauses}\n9. Khoản cuối\n"
    roles = dict.fromkeys((*names[1:], "minh"), "editor")
    address = await asyncio.to_thread(lambda: made_document(server, f"Cùng gõ {seed}", text, **roles))
    api = await asyncio.to_thread(lambda: Api(server.address).sign_in("minh", PASSWORD))
    socket = f"{server.address.replace('http', 'ws')}/collab/{address.rsplit('/', 1)[1]}"
    async with async_playwright() as driver, Typist(socket, "minh", api.cookie) as typist:
        browser = await driver.chromium.launch(executable_path=chromium(), args=list(QUIET))
        people = await _at_desks(browser, server, names, seed, result.wrong)
        for person in people:
            await person.open(address)
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(result.wrong) < 10:
            noise = asyncio.create_task(_noise(typist, people, result))
            await asyncio.gather(*(_one_round(person, result) for person in people))
            noise.cancel()
            await asyncio.gather(noise, return_exceptions=True)
            await _pause(people, result)
            result.rounds += 1
        await browser.close()
    return result


async def _one_round(person: Person, result: Result) -> None:
    for _ in range(ROUND):
        await person.deed()
        result.deeds += 1
        if found := await person.found():
            result.wrong.append(found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--people", type=int, default=len(PEOPLE), choices=range(1, len(PEOPLE) + 1))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder))
        server.start()
        try:
            lead_of(server)
            result = asyncio.run(run(given.seconds, given.people, given.seed, server))
        finally:
            server.stop()
    print(
        f"deeds {result.deeds} in {result.rounds} rounds beside {result.noise} letters of somebody else; "
        f"wrong {len(result.wrong)}"
    )
    print("\n".join(result.wrong))
    raise SystemExit(bool(result.wrong))


if __name__ == "__main__":
    main()
