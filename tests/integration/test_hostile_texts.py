"""Words that try to be markup, script or a formula stay words: in every form, page and export."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

import anyio
import pytest
from lxml import etree

from duthao.bootstrap import build_app, open_services
from duthao.domain.days import field_of
from duthao.settings import Settings
from duthao.store.ports import User
from tests.support.office import TestClient
from tests.support.pages import Page, filled, read
from tests.support.served import enter, house_in, person
from tests.support.word import docx, p

DAY = 24 * 3600 * 1000
MARK = "xssq"
EVIL = (
    "=cmd|'/C xssq'!A0\"'><xssq onxssq=1></title></textarea></script><script>xssq()</script>"
    "<a href=javascript:xssq()>{{7*7}}\u202exssq\u2066]]>#"
)
TEXT = (
    f"{EVIL}\nĐiều 1. {EVIL}\n1. {EVIL}\na) javascript:xssq() {EVIL}\n"
    f"| {EVIL} | @SUM(1) |\n| -1+1 | +xssq |\n"
    f"Phụ lục I\n{EVIL}\nĐiều 2. Giao Văn phòng {EVIL} trước ngày 01/12/2026.\n1. Hai."
)
LEFT = ("/logout", "/account", "/login", "/house/people")
"""Forms that would end the walk. People are written by hand below."""
NOT_PRESSED = (
    "remove",
    "delete",
    "disable",
    "restore",
    "withdraw",
    "close",
    "end",
    "reset",
    "cancel",
    "back",
)
PAGES = 140
NOT_LOOKED_AT = re.compile(
    r"[?&](lang|look|since|third|after|before|version)=|^/documents/[^/]+/(comparison|instrument)[?]"
)
"""The same page again in another language or colour, or of other texts."""
PAPER = re.compile(r"\.(pdf|docx|odt|txt|json|jsonl|csv|xml|html|png)$")


FORMULA = ("=", "+", "-", "@", "\t", "\r")
PRINTED = ("/draft.pdf", "/comparison.pdf")
"""Of the printed forms those that take every kind of text; each takes a second to set."""
SHOWN = (
    "/", "/documents/*", "/documents/*/comparison", "/documents/*/opinions", "/documents/*/rounds",
    "/documents/*/versions", "/documents/*/versions/*", "/documents/*/members", "/documents/*/history",
    "/documents/*/instrument", "/documents/*/meeting", "/dossiers/*", "/dossiers", "/rounds/*", "/tasks",
    "/house/units", "/house/templates", "/house/audit", "/house/people", "/answer/*",
)  # fmt: skip
"""Pages on which the words must have been seen, or the walk proved nothing of them."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = house_in(tmp_path_factory.mktemp("house"))

    async def people() -> None:
        async with open_services(made) as services:
            store = services.tools.store
            for name in ("an", "binh"):
                user = person(services, name)
                store.users.update(_called(user, is_admin=name == "an"))

    anyio.run(people)
    return made


def _called(user: User, *, is_admin: bool) -> User:
    return replace(user, name=f"{user.id} {EVIL}"[:200], position=EVIL, is_admin=is_admin)


@pytest.fixture(scope="module")
def client(house: Settings) -> Iterator[TestClient]:
    with TestClient(build_app(house), base_url="http://testserver") as made:
        enter(made, "an")
        yield made


def posted(client: TestClient, path: str, status: int = 201, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else {}


class Walk:
    """Every page that a link leads to, and every form on the way, each once."""

    def __init__(self, client: TestClient, starts: list[str]) -> None:
        self.client, self.starts = client, starts
        self.wrong: dict[str, list[str]] = {}
        self.shown: set[str] = set()
        self.sent: set[tuple[str, ...]] = set()
        self.accepted = 0
        self.papers: set[str] = set()

    def through(self, *, writing: bool) -> None:
        waiting, seen = list(self.starts), set()
        while waiting and len(seen) < PAGES:
            path = waiting.pop(0)
            key = _shape(path)
            if key in seen or NOT_LOOKED_AT.search(path):
                continue
            seen.add(key)
            if PAPER.search(urlsplit(path).path):
                self.papers.add(path)
                continue
            answer = self.client.get(path)
            assert answer.status_code < 500, path
            if "text/html" not in answer.headers["content-type"]:
                continue
            page = self.read(path, answer.text)
            waiting += page.links
            if writing:
                for form in page.forms:
                    self.fill(path, form)

    def fill(self, path: str, form: Any) -> None:
        action = form.action or path
        if urlsplit(action).path.startswith(LEFT) or any(
            kind == "password" for kind, *_ in form.fields.values()
        ):
            return
        for sent in filled(form, EVIL):
            acts = {sent.get(name, "") for name, _ in form.buttons} | {sent.get("act", "")}
            key = (_shape(action), *sorted(sent), *sorted(acts))
            if key in self.sent or any(one.startswith(NOT_PRESSED) for one in acts):
                continue
            self.sent.add(key)
            if form.method.lower() == "post":
                answer = self.client.post(action, data=sent)
            else:
                answer = self.client.get(action, params=sent)
            assert answer.status_code < 500, (action, sent, answer.text)
            self.accepted += answer.status_code < 400
            if "text/html" in answer.headers.get("content-type", ""):
                self.read(f"{path} → {action}", answer.text)

    def read(self, path: str, html: str) -> Page:
        page = read(html, MARK)
        if page.wrong or "49\u202e" in html:
            self.wrong[path] = page.wrong[:3]
        if MARK in "".join(page.words):
            self.shown.add(_shape(path))
        return page


def _shape(path: str) -> str:
    """The path without what is only another id or another look at the same page."""
    parts = urlsplit(path)
    names = sorted(one.partition("=")[0] for one in parts.query.split("&") if one)
    return re.sub(r"/[\w-]{16,}(?=/|$)", "/*", parts.path) + "?" * bool(names) + ",".join(names)


def test_words_stay_words_on_every_page_and_in_every_export(client: TestClient) -> None:
    made = posted(client, "/api/documents", title=EVIL, text=TEXT)["id"]
    document, api = f"/documents/{made}", f"/api/documents/{made}"
    assert client.put(f"{api}/members/binh", json={"role": "editor"}).status_code == 204
    rooms = client.app.state.house.rooms  # type: ignore[attr-defined]
    draft, _ = client.portal.call(rooms.read, made)  # type: ignore[union-attr]
    provision = draft.provisions[1].id
    words = {"text": EVIL, "anchor": {"on": "document"}}
    thread = posted(client, f"{api}/comments", **words)
    posted(client, f"{api}/comments/{thread['id']}/replies", text=EVIL)
    on_words = {"act": "replace", "provision": provision, "text": EVIL, "reason": EVIL}
    proposal = posted(client, f"{api}/proposals", **on_words | {"text": EVIL + " khác"})
    declined = {"edition": proposal["edition"], "answer": EVIL}
    posted(client, f"{api}/proposals/{proposal['id']}/decline", 204, **declined)
    posted(client, f"{api}/versions", name=EVIL, reason=EVIL, numbered=True)
    posted(client, f"{api}/template", name=EVIL[:80], about=EVIL)
    dossier = posted(client, "/api/dossiers", document=made, term=EVIL[:40], title=EVIL)["id"]
    parts = f"/api/dossiers/{dossier}/parts"
    for part in (
        {"part": "plan", "title": EVIL, "due": "2026-12-01"}, {"part": "person", "name": EVIL, "task": EVIL},
        {"part": "source", "origin": "gap", "text": EVIL}, {"part": "paper", "kind": "report", "name": EVIL},
    ):  # fmt: skip
        posted(client, parts, **part)
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/notifications").text)
    assert csrf
    version = client.get(f"{api}/versions").json()["versions"][0]["id"]
    until = field_of(int(time.time() * 1000) + 5 * DAY)
    round_ = {
        "csrf": csrf[1], "version": version, "deadline": until, "question": EVIL, "member-binh": "1",
        "units": f"{EVIL}; a@example.vn",
    }  # fmt: skip
    opened = client.post(f"{document}/rounds", data=round_).text
    links = re.findall(r"/answer/[\w-]{20,}", opened)
    assert links, opened[-3000:]
    task = {"csrf": csrf[1], "act": "give", "document": made, "content": EVIL, "who": EVIL, "product": EVIL}
    client.post("/tasks", data=task)
    starts = [
        *links, document, f"/dossiers/{dossier}", "/", f"{document}/comparison", f"{document}/opinions",
        f"{document}/rounds", f"{document}/versions", f"{document}/history", f"{document}/dossier",
        f"{document}/members",
        f"{document}/instrument", f"{document}/meeting", f"{document}/tasks", f"{document}/audit",
        f"{document}/return", "/documents/new", "/documents/import", "/dossiers/new", "/dossiers", "/tasks",
        "/notifications", "/house/units", "/house/forms", "/house/wording", "/house/templates",
        "/house/audit", "/house/people", f"/search?q={quote(EVIL)}", f"/search?q={MARK}",
        f"/login?next={quote(EVIL)}",
        f"/{quote(EVIL)}", f"/documents/{quote(EVIL[:20])}",
    ]  # fmt: skip
    walk = Walk(client, starts)
    attached, imported = _with_files(client, links[0])
    assert {MARK in page for page in (attached, imported)} == {True}
    walk.read(f"{links[0]} with a file", attached)
    walk.read("/documents/import sent", imported)
    walk.through(writing=True)
    walk.through(writing=False)
    assert walk.wrong == {}
    for page in SHOWN:
        assert page in walk.shown, (page, sorted(walk.shown))
    handed = {_shape(path): path for path in sorted(walk.papers)}
    handed |= {_shape(path): path for path in (
        f"{document}/draft.html", f"{document}/draft.akn.xml", f"{document}/draft.txt", "/tasks.csv",
        "/house/audit.csv", f"/dossiers/{dossier}/trail.csv", f"{document}/comparison.docx",
    )}  # fmt: skip
    wrong = {}
    for path in handed.values():
        if found := list(_wrong_in(client, path)):
            wrong[path] = found[:3]
    assert wrong == {}
    kinds = {urlsplit(path).path.rpartition(".")[2] for path in handed.values()}
    assert {"csv", "html", "xml", "docx", "pdf", "txt"} <= kinds


def _with_files(client: TestClient, link: str) -> tuple[str, str]:
    """The pages after an answer got a file, and after a Word file was sent in: evil in names and words."""

    def csrf(page: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found
        return found[1]

    paper = docx(*(p(line) for line in TEXT.splitlines()))
    name = f"{EVIL}.docx".replace("/", "_")
    page = client.get(link).text
    edition = re.search(r'name="edition" value="(\d+)"', page)
    body = {"csrf": csrf(page), "edition": edition[1] if edition else "0", "do": "attach"}
    attached = client.post(link, data=body, files={"file": (name, paper)}, follow_redirects=True)
    assert attached.status_code == 200, attached.text[-2000:]
    (file,) = set(re.findall(rf"{link}/files/[\w-]+", attached.text))
    named = client.get(file).headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", named), named
    body = {"csrf": csrf(client.get("/notifications").text)}
    sent = client.post("/documents/import", data=body, files={"file": (name, paper)})
    assert sent.status_code == 200, sent.text[-2000:]
    return attached.text, sent.text


def _wrong_in(client: TestClient, path: str) -> Iterator[str]:
    """What in that file a program would take for more than words."""
    kind = urlsplit(path).path.rpartition(".")[2]
    if kind == "pdf" and not (path.startswith("/documents/") and path.endswith(PRINTED)):
        return
    answer = client.get(path)
    if answer.status_code >= 400:
        yield f"{answer.status_code}"
        return
    named = answer.headers.get("content-disposition", "")
    if not re.fullmatch(
        r"(attachment|inline); filename=\"[\w .()-]+\"(; filename\*=UTF-8''[\w.%!~*'()-]+)?", named
    ):
        yield f"its name: {named}"
    if kind == "csv":
        for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))):
            yield from (cell for cell in row if cell[:1] in FORMULA)
    elif kind == "html":
        yield from read(answer.text, MARK, styled=True).wrong
    elif kind == "xml":
        yield from _elements(answer.content)
    elif kind == "docx":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            for name in packed.namelist():
                if name.endswith((".xml", ".rels")):
                    yield from (f"{name}: {one}" for one in _elements(packed.read(name)))
    elif kind == "pdf":
        yield from (
            one.decode() for one in (b"/JavaScript", b"/Launch", b"javascript:") if one in answer.content
        )


def _elements(content: bytes) -> Iterator[str]:
    """Elements and attributes that words became, and fields and addresses made of them."""
    for one in etree.fromstring(content).iter():
        if not isinstance(one.tag, str):
            yield "a comment or an instruction"
        elif MARK in one.tag or any(MARK in name for name in one.attrib):
            yield one.tag
        elif one.tag.endswith(("}instrText", "}fldSimple", "}Relationship", "}hyperlink")):
            yield from (one.tag for value in (one.text or "", *one.attrib.values()) if MARK in value)
