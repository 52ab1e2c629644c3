"""Pages as a browser's parser sees them: what stands in them as element, and their forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href")
SCHEMES = ("", "http", "https", "data")


@dataclass
class Form:
    """`fields` by name: the kind of control, what stands in it, and how long it may be (0: no limit)."""

    action: str
    method: str
    fields: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page(HTMLParser):
    """`wrong`: what a strict content policy has no use for, and `mark` where no words are."""

    mark: str
    styled: bool = False
    wrong: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._script: list[str] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if self.mark in tag or any(self.mark in name or name.startswith("on") for name in told):
            self.wrong.append(self.get_starttag_text() or tag)
        if "style" in told and not self.styled:
            self.wrong.append(f"style: {told['style'][:60]}")
        for name in ADDRESSES:
            if urlsplit(told.get(name, "").strip()).scheme not in SCHEMES:
                self.wrong.append(f"{name}: {told[name][:60]}")
        if tag == "script":
            if told.get("src", "").startswith("/static/"):
                return
            self._script = []
            if told.get("type") != "application/json":
                self.wrong.append("a script in the page")
        if tag == "a" and told.get("href", "").startswith("/"):
            self.links.append(told["href"])
        self._controls(tag, told)

    def _controls(self, tag: str, told: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get")))
        if not self.forms:
            return
        form, name = self.forms[-1], told.get("name", "")
        most = int(told.get("maxlength") or 0)
        if tag == "button" or (tag == "input" and told.get("type") == "submit"):
            form.buttons.append((name, told.get("value", "")))
        elif tag == "input" and name:
            kind = told.get("type", "text")
            if kind not in ("checkbox", "radio") or name not in form.fields or "checked" in told:
                form.fields[name] = (kind, told.get("value", ""), most)
        elif tag == "textarea" and name:
            form.fields[name] = ("text", "", most)
        elif tag == "select" and name:
            self._select = name
            form.fields[name] = ("select", "", 0)
        elif tag == "option" and self._select and told.get("value") and not form.fields[self._select][1]:
            form.fields[self._select] = ("select", told["value"], 0)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "script" and self._script is not None:
            try:
                json.loads("".join(self._script))
            except ValueError:
                self.wrong.append("data of the page that are none")
            self._script = None

    def handle_data(self, data: str) -> None:
        (self.words if self._script is None else self._script).append(data)

    def handle_comment(self, data: str) -> None:
        if self.mark in data:
            self.wrong.append("a comment")


def read(html: str, mark: str, *, styled: bool = False) -> Page:
    page = Page(mark, styled)
    page.feed(html)
    page.close()
    return page


def filled(form: Form, words: str) -> Iterator[dict[str, str]]:
    """What is sent by each of its buttons when a person writes these words wherever words may be written."""
    sent = {}
    for name, (kind, value, most) in form.fields.items():
        if kind in ("text", "search", "url", "email", "tel"):
            value = words[: most or None]
        elif kind == "date":
            value = value or "2026-12-01"
        elif kind == "datetime-local":
            value = value or "2026-12-01T10:00"
        elif kind == "number":
            value = value or "1"
        elif kind == "file":
            continue
        sent[name] = value
    for name, value in form.buttons or [("", "")]:
        yield sent | ({name: value} if name else {})
