"""The JSON API does what docs/protocol/http.md says, and fails in one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from duthao.domain.document import DocumentId
from duthao.store.ports import StoreUnavailable
from tests.support.office import Office, office

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def error_of(answer: object) -> str:
    """The code of an error answer, its shape held."""
    body = answer.json()  # type: ignore[attr-defined]
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert re.fullmatch(r"[a-z0-9_]+", body["error"]["code"])
    assert body["error"]["message"]
    assert not body["error"]["message"].startswith("[")
    return str(body["error"]["code"])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/login", {"username": "lead"}, 400, "field_bad"),
        ("POST", "/api/login", [], 400, "json_bad"),
        ("POST", "/api/login", {"username": 1, "password": None}, 400, "field_bad"),
        ("POST", "/api/documents", {"title": " ", "text": "Điều 1. A"}, 400, "title_missing"),
        ("POST", "/api/documents", {"title": "x" * 301, "text": "Điều 1. A"}, 400, "title_too_long"),
        ("POST", "/api/documents", {"title": "x", "text": " \n "}, 400, "text_empty"),
        ("POST", "/api/documents", {"title": "x", "text": "a\0b" * 50}, 415, "text_binary"),
        ("POST", "/api/documents", {"title": "x", "text": "M", "numbering": "n"}, 400, "numbering_unknown"),
        ("POST", "/api/documents", {"title": "x", "text": "a\n" * 30_000}, 413, "text_too_large"),
        ("POST", "/api/outline", {"text": 5}, 400, "field_bad"),
        ("GET", "/api/documents/none/text", None, 404, "document_not_found"),
        ("GET", "/api/documents/" + "x" * 3000 + "/text", None, 404, "document_not_found"),
        ("GET", "/api/nothing", None, 404, "page_not_found"),
        ("PATCH", "/api/documents", None, 405, "method_not_allowed"),
        ("GET", "/api/documents/{id}/text?version=none", None, 404, "version_not_found"),
        ("GET", "/api/documents/{id}/comparison?before=none", None, 404, "version_not_found"),
        ("POST", "/api/documents/{id}/comparison/rows", {"known": [1]}, 400, "field_bad"),
        ("POST", "/api/documents/{id}/versions", {"name": ""}, 400, "name_missing"),
        ("POST", "/api/documents/{id}/versions", {"name": "x" * 201}, 400, "name_too_long"),
        ("POST", "/api/documents/{id}/versions", {"name": "x", "numbered": "yes"}, 400, "field_bad"),
        ("POST", "/api/documents/{id}/restore", {"version": "none"}, 404, "version_not_found"),
        ("PUT", "/api/documents/{id}/members/nobody", {"role": "reader"}, 404, "user_not_found"),
        ("PUT", "/api/documents/{id}/members/u-editor", {"role": "king"}, 400, "role_unknown"),
        ("DELETE", "/api/documents/{id}/members/u-stranger", None, 404, "user_not_found"),
    ],
)  # fmt: skip
def test_bad_input_is_a_clear_refusal(
    here: Office, method: str, path: str, body: object, status: int, code: str
) -> None:
    id = here.document()
    ends = here.store.journal.end(DocumentId(id))
    answer = here.browser("lead").request(method, path.format(id=id), json=body)
    assert (answer.status_code, error_of(answer)) == (status, code)
    assert here.store.journal.end(DocumentId(id)) == ends


def test_json_that_is_none_is_refused(here: Office) -> None:
    headers = {"Content-Type": "application/json"}
    for content in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"username":NaN}'):
        answer = here.browser().post("/api/login", content=content, headers=headers)
        assert answer.status_code == 400
        error_of(answer)


def test_a_store_that_cannot_answer_is_never_not_found(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    id = here.document()
    lead = here.browser("lead")

    def broken(*args: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(here.store.documents, "members", broken)
    answer = lead.get(f"/api/documents/{id}/text")
    assert (answer.status_code, error_of(answer)) == (503, "try_again")
    assert lead.get(f"/documents/{id}").status_code == 503


def test_an_unforeseen_failure_is_told_and_logs_no_words(
    here: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    id = here.document()
    lead = here.browser("lead")

    def broken(*args: object) -> None:
        raise ValueError("lời mật của dự thảo")

    monkeypatch.setattr(here.store.documents, "members", broken)
    answer = lead.get(f"/api/documents/{id}/text")
    assert (answer.status_code, error_of(answer)) == (500, "internal")
    assert lead.get(f"/documents/{id}").status_code == 500
    assert "request.failed" in caplog.text
    assert "lời mật" not in caplog.text + answer.text


def test_a_new_document_is_sealed_and_its_draft_has_the_same_ids(here: Office) -> None:
    id = here.document(text="Điều 1. Phạm vi\n1. Một.\n2. Hai.")
    lead = here.browser("lead")
    versions = lead.get(f"/api/documents/{id}/versions").json()["versions"]
    assert [v["kind"] for v in versions] == ["current"]
    assert len(versions[0]["sha256"]) == 64
    record = here.store.documents.get(DocumentId(id))
    assert record is not None
    assert record.current_version == versions[0]["id"]
    sealed = here.store.versions.get(versions[0]["id"])
    rows = here.store.journal.read(DocumentId(id))
    assert sealed is not None
    assert [row.entry.payload for row in rows] == [sealed.tree]
    assert (
        lead.get(f"/api/documents/{id}/text").text
        == lead.get(f"/api/documents/{id}/text?version={versions[0]['id']}").text
    )


def test_a_document_that_cannot_be_seeded_leaves_no_trace(here: Office) -> None:
    tools = here.services.documents._tools

    def broken(document: object) -> bytes:
        raise ValueError

    object.__setattr__(tools, "seed", broken)
    lead = here.browser("lead")
    assert lead.post("/api/documents", json={"title": "x", "text": "Điều 1. A"}).status_code == 500
    assert lead.get("/api/documents").json() == {"documents": []}


def test_the_outline_saves_nothing(here: Office) -> None:
    lead = here.browser("lead")
    answer = lead.post("/api/outline", json={"text": "Điều 1. Phạm vi\n1. Một.\n3. Ba."}).json()
    assert answer["counts"] == {"article": 1, "clause": 2}
    assert [p["level"] for p in answer["provisions"]]
    assert all(doubt["line"] >= 1 and doubt["message"] for doubt in answer["doubts"])
    assert answer["doubts"]
    assert lead.get("/api/documents").json() == {"documents": []}


def test_versions_are_numbered_and_restoring_keeps_what_was(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    path = f"/api/documents/{id}"
    first = lead.post(f"{path}/versions", json={"name": "", "numbered": True}).json()
    second = lead.post(f"{path}/versions", json={"name": "sau họp", "numbered": True}).json()
    assert (first["number"], second["number"]) == (1, 2)
    before = lead.get(f"{path}/text").text
    edit(here, id, "Đã sửa.")
    edited = lead.get(f"{path}/text").text
    assert edited != before
    answer = lead.post(f"{path}/restore", json={"version": first["id"]})
    assert answer.json()["seq"] == here.store.journal.end(DocumentId(id))
    assert lead.get(f"{path}/text").text == before
    versions = lead.get(f"{path}/versions").json()["versions"]
    assert versions[0]["kind"] == "automatic"
    assert lead.get(f"{path}/text?version={versions[0]['id']}").text == edited
    assert ("versions", id, "") in here.rooms.told


def edit(here: Office, id: str, text: str, who: str = "lead") -> None:
    """`who` writes `text` into the draft's last provision."""
    rows = here.store.journal.read(DocumentId(id))
    from duthao.formats.json import document_from_json

    now = document_from_json(rows[-1].entry.payload)
    last = replace(now.provisions[-1], text=text)
    here.rooms.write(DocumentId(id), replace(now, provisions=(*now.provisions[:-1], last)), here.users[who])


def test_the_list_counts_what_changed_since_one_last_looked(here: Office) -> None:
    id = here.with_everybody()
    lead = here.browser("lead")
    assert lead.get("/api/documents").json()["documents"][0]["changed"] == 0
    edit(here, id, "Một lời khác.", "editor")
    edit(here, id, "Một lời khác nữa.", "editor")
    item = lead.get("/api/documents").json()["documents"][0]
    assert (item["changed"], item["role"], item["last_edit"]["user"]["name"]) == (
        1,
        "lead",
        "Đồng chí editor",
    )
    lead.get(f"/documents/{id}")
    assert lead.get("/api/documents").json()["documents"][0]["changed"] == 0


def test_rows_are_sent_only_when_not_known(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    path = f"/api/documents/{id}/comparison/rows"
    first = lead.post(path, json={}).json()
    assert all("html" in row for row in first["rows"])
    known = [row["digest"] for row in first["rows"]]
    again = lead.post(path, json={"known": known}).json()
    assert again["rows"] == [{"key": r["key"], "digest": r["digest"]} for r in first["rows"]]
    edit(here, id, "Khác.")
    after = lead.post(path, json={"known": known}).json()
    assert sum("html" in row for row in after["rows"]) == 1
    assert after["seq"] == first["seq"] + 1


def test_a_damaged_version_is_not_shown_as_if_it_were_sealed(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = here.document()
    lead = here.browser("lead")
    version = here.store.versions.for_document(DocumentId(id))[0]
    whole = here.store.versions.get(version.id)
    assert whole is not None
    monkeypatch.setattr(here.store.versions, "get", lambda _: replace(whole, tree=whole.tree + b" "))
    answer = lead.get(f"/api/documents/{id}/text?version={version.id}")
    assert (answer.status_code, error_of(answer)) == (500, "version_damaged")


def test_messages_come_in_the_language_asked_for(here: Office) -> None:
    client = here.browser()
    vi, en = (client.get(f"/api/documents{query}").json()["error"]["message"] for query in ("", "?lang=en"))
    assert "đăng nhập" in vi
    assert "sign" in en


def test_of_one_name_the_last_counts(here: Office) -> None:
    lead = here.browser("lead")
    assert '<html lang="vi"' in lead.get("/?lang=en&lang=vi").text
    words = '{"title": "Một", "title": "Hai", "text": "Điều 1. Phạm vi"}'
    made = lead.post("/api/documents", content=words, headers={"Content-Type": "application/json"})
    titles = {one["id"]: one["title"] for one in lead.get("/api/documents").json()["documents"]}
    assert titles[made.json()["id"]] == "Hai"


def test_every_route_stands_in_the_protocol(here: Office) -> None:
    document = (ROOT / "docs/protocol/http.md").read_text(encoding="utf-8")
    written = document.replace("[/{user}]", "/{user}").replace("[?", "?")
    for route in here.app.routes:
        path = getattr(route, "path", "")
        if path.startswith(("/api/", "/documents", "/login", "/logout", "/healthz")):
            assert path in written, f"{path} has no row in docs/protocol/http.md"
