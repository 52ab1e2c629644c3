"""Templates over HTTP: who makes, changes and uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from duthao.formats.document_templates import built_in
from tests.support.office import Office, office


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def test_a_new_document_begins_from_a_template(here: Office) -> None:
    browser = here.browser("editor")
    listed = browser.get("/api/templates").json()["templates"]
    assert [one["key"] for one in listed] == list(built_in())
    assert all(one["name"] and one["about"] for one in listed)
    shown = browser.get("/documents/new").text
    assert all(f"?template={key}#text" in shown for key in built_in())
    page = browser.get("/documents/new?template=submission").text
    assert "TỜ TRÌNH" in page
    text = browser.get("/api/templates/submission").json()["text"]
    preview = browser.post("/documents/new", data={"csrf": here.csrf(browser), "text": text})
    assert "SỰ CẦN THIẾT" in preview.text
    assert browser.get("/documents/new?template=nothing").status_code == 404


def test_a_draft_becomes_a_template_that_an_administrator_renames_and_removes(here: Office) -> None:
    id = here.with_everybody()
    lead, editor = here.browser("lead"), here.browser("editor")
    asked = {"name": "Quy chế của phường", "about": "Bản rút gọn"}
    assert editor.post(f"/api/documents/{id}/template", json=asked).status_code == 403
    assert lead.post(f"/api/documents/{id}/template", json={"name": " "}).status_code == 400
    made = lead.post(f"/documents/{id}/template", data={"csrf": here.csrf(lead), **asked})
    assert made.status_code == 303
    assert "Quy chế của phường" in editor.get("/documents/new").text
    key = made.headers["location"].rpartition("=")[2]
    assert "Điều 1." in editor.get(f"/api/templates/{key}").json()["text"]
    assert editor.get("/house/templates").status_code == 403
    found = here.store.users.by_username("lead")
    assert found is not None
    here.store.users.update(replace(found, is_admin=True))
    admin = here.browser("lead")
    csrf = here.csrf(admin)
    assert "Bản rút gọn" in admin.get("/house/templates").text
    named = {"csrf": csrf, "key": key, "name": "Quy chế mới", "about": ""}
    assert admin.post("/house/templates", data=named).status_code == 303
    assert admin.post("/house/templates", data={**named, "name": "x" * 121}).status_code == 400
    assert "Quy chế mới" in editor.get("/documents/new").text
    assert admin.post("/house/templates", data={"csrf": csrf, "key": key, "remove": "1"}).status_code == 303
    assert editor.get(f"/api/templates/{key}").status_code == 404
    assert admin.delete(f"/api/templates/{key}").status_code == 404
