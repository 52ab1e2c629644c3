"""Drafts are confidential and stay out of the log; so do secrets, whatever is asked and whatever fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from duthao.domain.errors import Refusal
from duthao.web.uvicorn_protocol import server_config
from tests.support.office import PASSWORD, FakeRooms, Office, office
from tests.support.roles import BODIES, NAMES, Everybody, routes

MARK = "lời-mật-7f3a"
FREE = frozenset({"name", "text", "answer", "title", "reason", "wording"})
"""What a person writes into a request; the rest of it are ids and kinds."""


@pytest.fixture(scope="module")
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def marked(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: marked(inner, key) for key, inner in value.items()}
    return f"{value} {MARK}" if isinstance(value, str) and name in FREE else value


def ours(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the service would write: its own lines of every level, others' from INFO on; not the test's
    browser."""
    return [
        record.getMessage() + (record.exc_text or "") for record in caplog.records
        if (record.name.startswith("duthao") or record.levelno >= logging.INFO)
        and not record.name.startswith(("httpx", "httpcore"))
    ]  # fmt: skip


def test_whatever_is_asked_and_whatever_fails_no_word_and_no_secret_is_in_the_log(
    here: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    everybody = Everybody(here)
    lead, token = everybody._clients["lead"], everybody._tokens["lead"]
    id = here.document(text=f"Điều 1. Phạm vi\n1. {MARK} một.", title=f"QC {MARK}")
    everybody.known["id"] = id

    async def broken(*_words: Any, **_more: Any) -> None:
        raise ValueError(f"đọc hỏng ở “{MARK}”")

    async def nothing(*_words: Any, **_more: Any) -> None:
        raise Refusal("seq_not_found")

    monkeypatch.setattr(FakeRooms, "__getattr__", lambda _self, _name: nothing, raising=False)
    # Each route once: what reads a document with rooms that cannot be read and say of which words.
    for failing in (False, True):
        if failing:
            for name in ("read", "read_at", "state_at"):
                monkeypatch.setattr(FakeRooms, name, broken)
        for method, path in routes(here):
            if path.endswith("/logout") or failing != (method == "GET" and "{id}" in path):
                continue
            filled = NAMES.sub(lambda name: everybody.known.get(name[1], MARK), path)
            asked = f"{filled}?q={MARK}&person={MARK}&before={MARK}"
            ends = (body for end, body in BODIES.items() if path.endswith(f"/{end}"))
            if method == "GET":
                lead.get(asked)
            elif path.startswith("/api/"):
                lead.request(
                    method, asked, json=marked(next(ends, {"text": "", "name": "", "username": MARK}))
                )
            else:
                lead.request(
                    method, asked, data={"csrf": token, "text": MARK, "name": MARK, "password": MARK}
                )
    for name in ("lead", MARK):
        here.browser().post("/api/login", json={"username": name, "password": MARK})
    said = "\n".join(ours(caplog))
    assert said.count("request.failed") > 20, "the walk has met failures"
    secrets = [
        PASSWORD,
        token,
        *(value for client in everybody._clients.values() for value in client.cookies.values()),
    ]
    assert [word for word in (MARK, *secrets) if len(word) > 8 and word in said] == []


def test_no_line_is_written_for_a_request_its_address_may_hold_a_secret() -> None:
    config = server_config(lambda: None, "127.0.0.1", 0)
    assert not config.access_log
