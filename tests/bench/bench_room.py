"""The drafting room in a real Chromium: opening, key to paint, key in A to text in B.

A long draft (the samples repeated to 218 pages of 535 syllables) beside the
demonstration's regulation, in turn, so that the figures are ratios of one run; and the long one
once more with 300 comments, 100 proposals and five people typing.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import PASSWORD, QUIET
from tests.support.live_server import ROOT, Api, LiveServer

SAMPLES = ("luat-kiem-toan-nha-nuoc/after.txt", "luat-kiem-toan-nha-nuoc/before.txt",
           "quy-che-lam-viec-ban-qlda-tphcm.txt", "quy-che-trung-tam-gdnn-05-2020.txt")  # fmt: skip
PAGES, SYLLABLES = 218, 535
KEYS = 60
COMMENTS, PROPOSALS = 300, 100
LONG_TASKS = """() => {
  window.tasks = []
  new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(one => one.duration)))
    .observe({ entryTypes: ['longtask'] })
}"""

KEY_TO_PAINT = """async keys => {
  const found = []
  for (let i = 0; i < keys; i += 1) {
    const start = performance.now()
    document.execCommand('insertText', false, 'a')
    await new Promise(done => requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = done
      channel.port2.postMessage(0)
    }))
    found.push(performance.now() - start)
    await new Promise(done => setTimeout(done, 30))
  }
  return found
}"""
WATCH = """() => {
  window.seen = []
  new MutationObserver(() => window.seen.push(Date.now()))
    .observe(document.querySelector('.ProseMirror'), { subtree: true, characterData: true, childList: true })
}"""


def long_text() -> str:
    """The samples again and again, cut at the line with which the pages are full."""
    texts = [(ROOT / "tests/samples" / name).read_text(encoding="utf-8").splitlines() for name in SAMPLES]
    taken: list[str] = []
    syllables = 0
    for line in itertools.chain.from_iterable(itertools.cycle(texts)):
        if syllables >= PAGES * SYLLABLES:
            break
        taken.append(line)
        syllables += len(line.split())
    return "\n".join(taken)


def signed_in(browser: Browser, server: LiveServer, username: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.address}/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector(".list")
    return page


def opening(page: Page, address: str) -> float:
    """Seconds from the click to a sheet that can be read."""
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    return float(
        page.evaluate(
            """() => new Promise(done => {
              const look = () => document.querySelectorAll('.ProseMirror > *').length > 100
                ? requestAnimationFrame(() => done(performance.now() / 1000)) : setTimeout(look, 5)
              look()
            })"""
        )
    )


def key_to_paint(page: Page, address: str) -> list[float]:
    opening(page, address)
    page.locator(".ProseMirror > *").nth(40).click()
    return [float(value) for value in page.evaluate(KEY_TO_PAINT, KEYS)]


def travel(a: Page, b: Page, address: str) -> list[float]:
    """Milliseconds from the key in A to the changed text in B."""
    for page in (a, b):
        opening(page, address)
    a.locator(".ProseMirror > *").nth(12).click()
    b.evaluate(WATCH)
    found: list[float] = []
    for _ in range(KEYS):
        b.evaluate("() => { window.seen = [] }")
        start = a.evaluate(
            "() => { const at = Date.now(); document.execCommand('insertText', false, 'x'); return at }"
        )
        b.wait_for_function("() => window.seen.length > 0")
        found.append(float(b.evaluate("() => window.seen[0]")) - float(start))
        a.wait_for_timeout(50)
    return found


def remarked(server: LiveServer, document: str, api: Api) -> None:
    """300 comments and 100 proposals, spread over the document."""
    lines = api.json("POST", f"/api/documents/{document}/beside", {"known": []})["before"]
    stand = [line for line in lines if len(line["stretches"]) == 1 and len(line["stretches"][0][0]) > 40]
    every = max(1, len(stand) // (COMMENTS + PROPOSALS))
    for n in range(COMMENTS + PROPOSALS):
        line = stand[n * every % len(stand)]
        id_, text = line["partner"] or line["id"], line["stretches"][0][0]
        if n % 4 == 3:
            body = {
                "act": "replace",
                "provision": id_,
                "text": f"{text} Sửa lần {n}.",
                "made_on": {"text": text},
            }
            api.json("POST", f"/api/documents/{document}/proposals", body, 201)
        else:
            anchor = {"on": "words", "provision": id_, "start": 5, "end": 30, "made_on": text}
            body = {"text": f"Đề nghị xem lại chỗ này (góp ý {n}).", "anchor": anchor}
            api.json("POST", f"/api/documents/{document}/comments", body, 201)
        if n % 25 == 24:
            # A minute has passed: so many at once are refused to one person, rightly.
            with sqlite3.connect(server.data / "duthao.sqlite3", timeout=30) as database:
                database.execute("UPDATE comments SET created_at = created_at - 61000")
                database.execute("UPDATE proposals SET changed_at = changed_at - 61000")


@contextmanager
def five_typing(server: LiveServer, document: str, api: Api) -> Iterator[None]:
    command = [
        sys.executable, "-m", "tests.bench.typists", f"{server.address}/collab/{document}", api.cookie,
    ]  # fmt: skip
    command[3] = command[3].replace("http", "ws", 1)
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        time.sleep(8)
        assert process.poll() is None, "nobody types"
        yield
        assert process.poll() is None, "they stopped typing"
    finally:
        process.kill()
        process.wait()


def busy(a: Page, address: str, results: dict[str, object]) -> None:
    """The long document with all its remarks, while five type: the panes closed, then the comments open."""
    found = [opening(a, address) for _ in range(5)]
    results["busy: opening, s"] = told("opening", found, "s")
    a.evaluate(LONG_TASKS)
    for pane in ("closed", "comments open"):
        if pane != "closed":
            a.click("#show-comments")
            a.locator("#comments .comment-card").first.wait_for()
        a.locator(".ProseMirror > *").nth(40).click()
        a.wait_for_timeout(1500)
        values = [float(value) for value in a.evaluate(KEY_TO_PAINT, KEYS * 2)]
        results[f"busy: key to paint, {pane}, ms"] = told(f"key to paint, {pane}", values, "ms")
    tasks = [float(one) for one in a.evaluate("() => window.tasks")]
    results["busy: longest tasks, ms"] = sorted(tasks)[-5:]
    print(f"  longest tasks: {sorted(tasks)[-5:]} ms")


def told(name: str, values: list[float], unit: str) -> dict[str, float]:
    ordered = sorted(values)
    figures = {
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[int(len(ordered) * 0.95)], 2),
        "worst": round(ordered[-1], 2),
    }
    print(f"  {name}: median {figures['median']} {unit}, p95 {figures['p95']}, worst {figures['worst']}")
    return figures


def main() -> int:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    chromium = os.environ.get("DUTHAO_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        print("no Chromium on this machine: not run")
        return 1
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = LiveServer(Path(folder))
        server.start()
        browser = driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        try:
            api = Api(server.address).sign_in("hanh", PASSWORD)
            long = api.json("POST", "/api/documents", {"title": "Văn bản dài", "text": long_text()}, 201)[
                "id"
            ]
            mine = api.json("GET", "/api/documents")["documents"]
            short = next(found["id"] for found in mine if found["title"].startswith("Quy chế"))
            people = {m["user"]["username"]: m["user"]["id"]
                      for m in api.json("GET", f"/api/documents/{short}/members")["members"]}  # fmt: skip
            api.json("PUT", f"/api/documents/{long}/members/{people['dung']}", {"role": "editor"}, 204)
            a, b = signed_in(browser, server, "hanh"), signed_in(browser, server, "dung")
            rooms = {
                "long": f"{server.address}/documents/{long}",
                "demonstration": f"{server.address}/documents/{short}",
            }
            opened: dict[str, list[float]] = {name: [] for name in rooms}
            for _ in range(7):
                for name, address in rooms.items():
                    opened[name].append(opening(a, address))
            for name, address in rooms.items():
                opening(a, address)
                blocks = a.evaluate("() => document.querySelectorAll('.ProseMirror > *').length")
                print(f"{name}: {blocks} provisions")
                results[f"{name}: opening, s"] = told("opening", opened[name], "s")
                results[f"{name}: key to paint, ms"] = told("key to paint", key_to_paint(a, address), "ms")
            results["key in A to text in B, ms"] = told(
                "key in A to text in B", travel(a, b, rooms["demonstration"]), "ms"
            )
            remarked(server, long, api)
            print("the long one with 300 comments, 100 proposals and five people typing")
            with five_typing(server, long, Api(server.address).sign_in("dung", PASSWORD)):
                busy(a, rooms["long"], results)
            results["server memory, MiB"] = round(server.memory() / 2**20)
            print(f"  server: {results['server memory, MiB']} MiB")
        finally:
            browser.close()
            server.stop()
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
