"""Memory of the drafting room over scripted work: several people in a real browser, for an hour or as told.

python -m tests.soak.memory_in_the_room [--minutes 60] [--people 3] [--every 60]

Each round everybody types and takes back, splits and joins, and works through panes, comments, tables,
finding and folding, so that the draft is as long at its end as at its beginning. What one page holds is
read after a forced collection: the script's heap, the nodes and the listeners. The first readings are
warm-up (parts are fetched, history fills); from then on none of the three may grow. What does grow at
first and ends: compiled code, and the browser's own history of what was typed in a field (Blink keeps a
thousand steps, and with them the words and nodes they were about).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

from tests.bench.bench_room import long_text, signed_in
from tests.browser.conftest import QUIET, chromium
from tests.browser.test_tables import TEXT
from tests.browser.test_two_people import FAITHFUL, SAVED, put_caret
from tests.support.live_server import Api, LiveServer

PEOPLE = ("hanh", "dung", "lan")
WORDS = "thêm vài chữ để thử "
GROWTH = 0.10
"""More than this, from the median of the first third after the warm-up to that of the last, is a leak."""
WARM_UP = 3
KEEPS = 200
"""A pane keeps what it has drawn: so many nodes, and listeners, are no leak."""


@dataclass(frozen=True)
class Reading:
    at: float
    heap: int
    nodes: int
    listeners: int


def reading(page: Page, devtools: CDPSession, began: float) -> Reading:
    devtools.send("HeapProfiler.collectGarbage")
    devtools.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    heap = int(found["JSHeapUsedSize"])
    return Reading(time.monotonic() - began, heap, int(found["Nodes"]), int(found["JSEventListeners"]))


def settled_in(readings: list[Reading]) -> list[Reading]:
    """Those after the warm-up; of a short run what there is."""
    return readings[WARM_UP:] or readings[-1:]


def grown(
    readings: list[Reading], value: Callable[[Reading], int], spare: int = 0
) -> tuple[float, float, bool]:
    """The median at first and at last, once warm, and whether that is growth."""
    warm = settled_in(readings)
    third = max(1, len(warm) // 3)
    first, last = (statistics.median(map(value, part)) for part in (warm[:third], warm[-third:]))
    return first, last, last > first * (1 + GROWTH) + spare


# --- what one does in a round; each leaves the draft as it was ----------------------------------


def types(page: Page) -> None:
    page.keyboard.type(WORDS)
    for _ in WORDS:
        page.keyboard.press("Backspace")


def splits(page: Page) -> None:
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")


def formats(page: Page) -> None:
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+b")
    page.keyboard.press("End")


def works_in_cells(page: Page) -> None:
    # What is far from the screen is skipped, no place to click (decision 35): the table is at the top.
    page.locator(".desk").evaluate("one => { one.scrollTop = 0 }")
    page.locator(".provision-cell", has_text="Phó Bí thư").first.click()
    expect(page.locator(".cell-field")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def looks_at(pane: str) -> Callable[[Page], None]:
    def look(page: Page) -> None:
        for _ in range(2):
            page.locator(f"#show-{pane}").click()

    return look


def finds(page: Page) -> None:
    page.keyboard.press("Control+f")
    page.keyboard.type("Điều")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def scrolls(page: Page) -> None:
    desk = page.locator(".desk")
    for to in ("one.scrollHeight", "0"):
        desk.evaluate(f"one => {{ one.scrollTop = {to} }}")
        page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")


ACTS = (
    types,
    splits,
    formats,
    works_in_cells,
    looks_at("comments"),
    looks_at("proposals"),
    finds,
    scrolls,
    types,
)


class Room:
    """One person's page."""

    def __init__(self, browser: Browser, server: LiveServer, name: str, address: str) -> None:
        self.name, self.readings = name, list[Reading]()
        self.page = signed_in(browser, server, name)
        self.page.goto(address)
        expect(self.page.locator(".ProseMirror")).to_be_visible()
        self.devtools = self.page.context.new_cdp_session(self.page)
        self.devtools.send("Performance.enable")
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def act(self, do: Callable[[Page], None], place: str) -> None:
        put_caret(self.page, place)
        do(self.page)

    def said(self) -> tuple[str, bool]:
        parts, bad = [], bool(self.errors)
        for what, value, spare, unit in (
            ("heap", lambda one: one.heap, 2**20, 2**20),
            ("nodes", lambda one: one.nodes, KEEPS, 1),
            ("listeners", lambda one: one.listeners, KEEPS, 1),
        ):
            first, last, leaks = grown(self.readings, value, spare)
            bad = bad or leaks
            parts.append(f"{what} {first / unit:.1f} → {last / unit:.1f}{' LEAK' if leaks else ''}")
        return f"{self.name}: {'; '.join([*parts, *self.errors[:3]])}", bad


def commented(api: Api, id_: str) -> None:
    """A few comments, so that marks follow what is typed."""
    lines = api.json("POST", f"/api/documents/{id_}/beside", {"known": []})["before"]
    for line in lines[5:400:20]:
        anchor = {"on": "provision", "provision": line["partner"] or line["id"]}
        api.json(
            "POST",
            f"/api/documents/{id_}/comments",
            {"text": "Xem lại.", "mentions": [], "anchor": anchor},
            201,
        )


def run(minutes: float, people: int, every: float) -> bool:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = LiveServer(Path(folder))
        try:
            server.start(300)
            browser = driver.chromium.launch(executable_path=chromium(), args=list(QUIET))
            found = work(server, browser, minutes, people, every)
            browser.close()
        finally:
            server.stop()
        return found


def work(server: LiveServer, browser: Browser, minutes: float, people: int, every: float) -> bool:
    api = Api(server.address).sign_in("hanh", "duthao-trinh-dien")
    text = TEXT + long_text()[:60_000]
    id_ = api.json("POST", "/api/documents", {"title": "Ngâm", "text": text}, 201)["id"]
    for member in (one for one in members_of(api) if one["username"] in PEOPLE[1:]):
        api.json("PUT", f"/api/documents/{id_}/members/{member['id']}", {"role": "editor"}, 204)
    commented(api, id_)
    address = f"{server.address}/documents/{id_}"
    rooms = [Room(browser, server, name, address) for name in PEOPLE[:people]]
    # Each at an end of provisions of their own: what one does the others see, and nobody is in the way.
    places = rooms[0].page.evaluate(
        """() => [...document.querySelectorAll('.provision[data-kind=clause]')].map(one => one.textContent)
          .filter((text, at, all) => text.length > 40 && all.indexOf(text) === all.lastIndexOf(text))"""
    )
    began, told, round_ = time.monotonic(), -every, 0
    while time.monotonic() - began < minutes * 60:
        for do in ACTS:
            for nth, room in enumerate(rooms):
                room.act(do, places[(round_ * 7 + nth * 3) % (len(places) // 2) + nth])
        round_ += 1
        if time.monotonic() - began - told >= every:
            told = time.monotonic() - began
            for room in rooms:
                room.readings.append(reading(room.page, room.devtools, began))
            now = rooms[0].readings[-1]
            print(
                f"{now.at / 60:5.1f} min, round {round_}: {now.heap / 2**20:.1f} MiB, "
                f"{now.nodes} nodes, {now.listeners} listeners", flush=True,
            )  # fmt: skip
    for room in rooms:
        room.page.wait_for_function(SAVED)
        assert room.page.evaluate(FAITHFUL) == []
    said = [room.said() for room in rooms]
    print("\n".join(words for words, _ in said))
    return not any(bad for _, bad in said)


def members_of(api: Api) -> list[dict[str, str]]:
    return [
        member["user"]
        for document in api.json("GET", "/api/documents")["documents"][:3]
        for member in api.json("GET", f"/api/documents/{document['id']}/members")["members"]
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--people", type=int, default=3, choices=(1, 2, 3))
    options.add_argument("--every", type=float, default=60, help="seconds between readings")
    given = options.parse_args()
    return 0 if run(given.minutes, given.people, given.every) else 1


if __name__ == "__main__":
    sys.exit(main())
