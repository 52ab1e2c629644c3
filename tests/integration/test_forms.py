"""The house's forms over HTTP: who changes them, who chooses, and what is printed by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from duthao.domain.form_profile import BOUNDS, PARTY, STATE, profile_value
from duthao.service.forms import FORMS, forms_of, printed_of
from duthao.store.ports import HouseSetting
from duthao.web.forms_pages import GROUPS
from tests.support.office import Office, TestClient, office


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def printed(browser: TestClient, id: str, query: str = "") -> str:
    """The form and the number of the draft the file was asked for in."""
    return browser.get(f"/documents/{id}/draft.pdf{query}").content.decode().splitlines()[0]


def test_a_draft_is_printed_in_the_form_chosen_with_its_number(here: Office) -> None:
    id = here.with_everybody()
    editor = here.browser("editor")
    assert printed(editor, id) == "%PDF-party  1"
    saved = editor.post(f"/api/documents/{id}/versions", json={"numbered": True}).json()["id"]
    assert printed(editor, id) == "%PDF-party  2"
    assert printed(editor, id, f"?version={saved}") == "%PDF-party  1"
    assert editor.put(f"/api/documents/{id}/form", json={"form": "state"}).status_code == 204
    assert printed(here.browser("reader"), id) == "%PDF-state  2"
    assert editor.put(f"/api/documents/{id}/form", json={"form": ""}).status_code == 204
    assert printed(editor, id) == "%PDF-party  2"


def test_the_form_is_chosen_by_those_who_write_from_the_forms_there_are(here: Office) -> None:
    id = here.with_everybody()
    path = f"/api/documents/{id}/form"
    assert here.browser("reader").put(path, json={"form": "state"}).status_code == 403
    assert here.browser("stranger").get(path).status_code == 404
    editor = here.browser("editor")
    assert editor.put(path, json={"form": "none"}).json()["error"]["code"] == "form_not_found"
    assert editor.put(path, json={"form": 5}).status_code == 400
    assert editor.put(path, json={"form": "state"}).status_code == 204
    body = here.browser("reader").get(path).json()
    assert (body["form"], body["profile"]) == ("state", profile_value(STATE))


def test_an_administrator_copies_edits_resets_and_removes(here: Office, admin: TestClient) -> None:
    id = here.with_everybody()
    assert here.browser("editor").post("/api/forms", json={"of": "party", "name": "x"}).status_code == 403
    made = admin.post("/api/forms", json={"of": "party", "name": " Của  xã "}).json()
    key, path = made["key"], f"/api/forms/{made['key']}"
    assert made == profile_value(PARTY) | {"key": key, "name": "Của xã"}
    changed = admin.put(path, json=made | {"top": 25, "key": "other", "base": "state"}).json()
    assert (changed["top"], changed["key"], changed["base"]) == (25, key, "party")
    assert admin.put(path, json=made | {"top": 500}).json()["error"]["code"] == "form_profile_number"
    assert admin.put("/api/forms/party", json=made).json()["error"]["code"] == "form_built_in"
    assert admin.put("/api/forms/none", json=made).status_code == 404
    assert admin.put("/api/forms/standard", json={"form": key}).status_code == 204
    listed = here.browser("reader").get("/api/forms").json()
    assert listed["standard"] == key
    assert [one["key"] for one in listed["forms"]] == ["party", "party_old", "state", key]
    assert printed(admin, id) == f"%PDF-{key} Của xã 1"
    assert admin.post(f"{path}/reset").json() == made
    assert admin.delete(path).status_code == 204
    assert here.browser("reader").get("/api/forms").json()["standard"] == "party"
    assert printed(admin, id) == "%PDF-party  1"


def test_a_house_has_no_more_forms_than_it_may(
    here: Office, admin: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duthao.service.forms.MAX_OWN", 1)
    assert admin.post("/api/forms", json={"of": "state", "name": "a"}).status_code == 201
    assert (
        admin.post("/api/forms", json={"of": "state", "name": "b"}).json()["error"]["code"]
        == "forms_too_many"
    )
    assert (
        admin.post("/api/forms", json={"of": "state", "name": ""}).json()["error"]["code"] == "forms_too_many"
    )


def test_what_an_earlier_release_kept_is_read_and_what_cannot_be_is_left_out(here: Office) -> None:
    value = profile_value(replace(STATE, key="old", name="Cũ"))
    del value["draft_boxed"], value["styles"]["page_number"]
    kept = {"standard": "gone", "profiles": [value | {"forgotten": 1}, value | {"key": "bad", "top": -1}]}
    here.store.house.put(HouseSetting(FORMS, json.dumps(kept), here.users["lead"], here.clock()))
    forms = forms_of(here.store)
    assert dict(forms.own) == {"old": replace(STATE, key="old", name="Cũ")}
    assert forms.house == PARTY
    assert printed_of(
        here.store, here.store.documents.ids()[0] if here.store.documents.ids() else here.document(), None
    )  # type: ignore[arg-type]


def test_the_page_has_every_field_once_and_gives_back_what_it_shows(here: Office, admin: TestClient) -> None:
    named = [name for group in GROUPS.values() for name in group]
    assert sorted(named) == sorted(BOUNDS)
    form = admin.post("/api/forms", json={"of": "state", "name": "Của phường"}).json()
    path = f"/house/forms/{form['key']}"
    html = admin.get(path).text
    sent = fields(html)
    saved = admin.post(path, data={**sent, "save": "1"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{path}?saved=1")
    assert admin.get("/api/forms").json()["forms"][-1] == form
    admin.post(path, data={**sent, "first_line": "12,5", "body.size": "13", "save": "1"})
    changed = admin.get("/api/forms").json()["forms"][-1]
    assert (changed["first_line"], changed["styles"]["body"]["size"]) == (12.5, 13)
    admin.post(path, data={**sent, "reset": "1"})
    assert admin.get("/api/forms").json()["forms"][-1] == form
    assert admin.post(path, data={**sent, "remove": "1"}).headers["location"] == "/house/forms"
    assert admin.get(path).status_code == 404


def test_a_preview_keeps_nothing_and_a_wrong_value_is_shown_where_it_stands(
    here: Office, admin: TestClient
) -> None:
    form = admin.post("/api/forms", json={"of": "party", "name": "Riêng"}).json()
    path = f"/house/forms/{form['key']}"
    sent = fields(admin.get(path).text)
    shown = admin.post(path, data={**sent, "top": "33", "preview": "1"})
    assert shown.status_code == 200
    assert "data:image/png;base64," in shown.text
    assert 'value="33"' in shown.text
    wrong = admin.post(path, data={**sent, "top": "abc", "save": "1"})
    assert wrong.status_code == 400
    assert "Lề trên (mm)" in wrong.text
    assert 'value="abc"' in wrong.text
    alone = {**sent, "preview": "1"}
    picture = admin.post(path, data=alone, headers={"Accept": "image/png"})
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert admin.post(path, data={**alone, "top": ""}, headers={"Accept": "image/png"}).status_code == 400
    assert admin.post(path, data={**alone, "csrf": ""}).status_code == 403
    assert admin.get("/api/forms").json()["forms"][-1] == form
    assert admin.post("/api/forms/preview", json=form).content[:4] == b"\x89PNG"


def test_pages_of_forms_are_the_administrators_and_the_choice_the_editors(
    here: Office, admin: TestClient
) -> None:
    id = here.with_everybody()
    reader, editor = here.browser("reader"), here.browser("editor")
    for path in ("/house/forms", "/house/forms/party"):
        assert editor.get(path).status_code == 403
        assert admin.get(path).status_code == 200
    assert "/house/forms" not in editor.get("/").text
    csrf = here.csrf(admin)
    made = admin.post("/house/forms", data={"csrf": csrf, "of": "state", "name": "Của phường"})
    assert made.status_code == 303
    assert admin.post("/house/forms", data={"csrf": csrf, "of": "state", "name": ""}).status_code == 400
    key = made.headers["location"].rpartition("/")[2]
    assert admin.post("/house/forms", data={"csrf": csrf, "standard": key}).status_code == 303
    assert "Của phường" in reader.get(f"/documents/{id}/versions").text
    choice = f"/documents/{id}/form"
    assert reader.post(choice, data={"csrf": here.csrf(reader), "form": "party"}).status_code == 403
    assert editor.post(choice, data={"csrf": here.csrf(editor), "form": "party_old"}).status_code == 303
    assert 'value="party_old" selected' in editor.get(f"/documents/{id}/versions").text


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the page's form."""
    from lxml import html as reading

    (form,) = reading.fromstring(html).xpath("//form[@id='form-fields']")
    return {name: str(value) for name, value in form.form_values()}


def test_the_review_holds_a_draft_against_its_form(here: Office) -> None:
    id = here.document(text="Điều 1. Phạm vi\n1. Hết.")
    lead = here.browser("lead")

    def told() -> list[tuple[str, str]]:
        found = lead.get(f"/api/documents/{id}/review").json()["findings"]
        return [(one["code"], one["replacement"]) for one in found if one["group"] == "form"]

    assert told() == []
    lead.put(f"/api/documents/{id}/form", json={"form": "state"})
    assert told() == [("form_body_end", "./.")]
