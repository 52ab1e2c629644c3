"""Work programmes in every store and over HTTP: registered, chosen, ordered, made a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from duthao.domain.document import Document, DocumentId, Kind, UserId
from duthao.domain.programmes import Choice, Item, Level, Programme, ProgrammeKind
from duthao.domain.units import Seat, Unit, UnitKind
from duthao.formats.json import document_from_json
from duthao.store.ports import Store
from tests.support.office import Office, TestClient, office
from tests.support.stores import AN, BINH

ONE = Programme("p1", ProgrammeKind.YEAR, "2027", "Năm 2027", "", "2026-09-30", AN, 2**41)
ITEM = Item("i1", "p1", "Tổng kết", "Xây dựng Đảng", "Ban A", "2027-Q4", Level.COMMITTEE, "Cần", "", BINH, 5)


def test_every_store_keeps_them(populated: Store) -> None:
    door = populated.programmes
    door.add(ONE)
    door.add(replace(ONE, id="p2", opened_at=2**41 + 1))
    assert [one.id for one in door.all()] == ["p2", "p1"]
    assert door.put(replace(ONE, document_id="d"), 1)
    assert not door.put(ONE, 1)
    assert door.get("p1") == replace(ONE, document_id="d", edition=2)
    assert door.get("p3") is None
    two = replace(ITEM, id="i0", at=6)
    door.add_items([two, ITEM])
    door.add_items([])
    assert list(door.items("p1")) == [ITEM, two]
    assert not door.put_items([replace(ITEM, note="x"), replace(two, edition=2)])
    assert list(door.items("p1")) == [ITEM, two], "all or none"
    assert door.put_items([replace(ITEM, choice=Choice.CHOSEN, place=3)])
    assert door.items("p1")[0] == replace(ITEM, choice=Choice.CHOSEN, place=3, edition=2)
    door.remove_item("i1")
    assert list(door.items("p1")) == [two]
    with pytest.raises(ValueError):
        door.add_items([replace(ITEM, programme_id="p9")])


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def send(here: Office, client: TestClient, path: str, **form: str) -> Any:
    return client.post(path, data={"csrf": here.csrf(client), **form})


def begun(here: Office, client: TestClient, **form: str) -> str:
    data = {"kind": "year", "period": "2027", "name": "Chương trình công tác năm 2027"} | form
    answer = send(here, client, "/programmes", **data)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


WISH = {"act": "register", "year": "2027", "part": "-Q2", "level": "committee", "field": "Kinh tế"}


def test_units_register_and_the_office_makes_the_document(here: Office) -> None:
    lead, unit, other = map(here.browser, ("lead", "reader", "commenter"))
    path = begun(here, lead)
    for n, client in enumerate((unit, other, unit)):
        assert send(here, client, path, **WISH, content=f"Đề án {n}").status_code == 303
    mine, all_of_it = unit.get(path).text, lead.get(path).text
    assert ("Đề án 0" in mine, "Đề án 1" in mine, "Đề án 2" in mine) == (True, False, True)
    assert all(f"Đề án {n}" in all_of_it for n in range(3))
    assert "[programmes." not in mine + all_of_it
    id_ = path.rpartition("/")[2]
    first, second, third = here.store.programmes.items(id_)
    for one in (first, second):
        chosen = {"act": "choose", "item": one.id, "seen": "1", "choice": "chosen"}
        assert send(here, unit, path, **chosen).status_code == 403
        assert send(here, lead, path, **chosen).status_code == 303
        assert send(here, lead, path, **chosen).status_code == 409
    send(here, lead, path, act="choose", item=third.id, seen="1", choice="left", note="Chưa cần")
    assert "Chưa cần" in unit.get(path).text
    changed = WISH | {"act": "change", "item": third.id, "seen": "2", "content": "x"}
    assert send(here, unit, path, **changed).status_code == 403
    send(here, lead, path, act="up", item=second.id)
    made = send(here, lead, path, act="make").headers["location"]
    document = DocumentId(made.rpartition("/")[2])
    rows = [one.cells for one in current(here, document).provisions if one.kind is Kind.ROW]
    assert [row[1] for row in rows[1:3]] == ["Đề án 1", "Đề án 0"]
    assert send(here, lead, path, act="make").status_code == 409
    assert send(here, unit, path, **WISH, content="Muộn").status_code == 403
    assert "n=2" in send(here, lead, path, act="assign").headers["location"]
    tasks = here.store.tasks.of((document,))
    assert {(one.content, one.deadline) for one in tasks} == {(f"Đề án {n}", "2027-06-30") for n in (0, 1)}
    assert "n=0" in send(here, lead, path, act="assign").headers["location"]
    for ending in ("pdf", "docx"):
        assert printed(lead.get(f"{path}/register.{ending}?choice=left")) == ["Đề án 2"]
        assert printed(unit.get(f"{path}/register.{ending}")) == ["Đề án 0", "Đề án 2"]


def printed(answer: Any) -> list[str]:
    """The contents of the rows that were handed to the writer."""
    return [row[1] for row in json.loads(answer.content.removeprefix(b"%PDF-"))]


def current(here: Office, id: DocumentId) -> Document:
    return document_from_json(here.store.journal.read(id)[-1].entry.payload)


def test_who_sits_in_the_office_keeps_it_and_unfinished_items_are_carried_over(here: Office) -> None:
    here.store.units.put_unit(Unit("o", None, UnitKind.UNIT, "Văn phòng <A>"))
    here.store.units.put_seat(Seat("s", "o", UserId("u-editor"), "", None))
    lead, editor, reader = map(here.browser, ("lead", "editor", "reader"))
    old, new = begun(here, lead, period="2026", office="o"), begun(here, lead, office="o")
    send(here, reader, old, **WISH | {"year": "2026"}, content="Còn dở")
    (one,) = here.store.programmes.items(old.rpartition("/")[2])
    send(here, editor, old, act="choose", item=one.id, seen="1", choice="chosen")
    assert "n=1" in send(here, editor, new, act="carry", source=old.rpartition("/")[2]).headers["location"]
    assert "n=0" in send(here, editor, new, act="carry", source=old.rpartition("/")[2]).headers["location"]
    (carried,) = here.store.programmes.items(new.rpartition("/")[2])
    assert (carried.content, carried.when, carried.note) == ("Còn dở", "2027", "Chuyển tiếp")
    assert send(here, reader, new, act="carry", source=old.rpartition("/")[2]).status_code == 403
    page = editor.get(new).text
    assert ("Văn phòng &lt;A&gt;" in page, f'value="{old.rpartition("/")[2]}"' in page) == (True, True)
    settled = {"act": "settle", "seen": "1", "name": "Tên khác", "until": "2026-01-01", "office": "o"}
    assert send(here, editor, new, **settled).status_code == 303
    assert send(here, reader, new, **WISH, content="Muộn").status_code == 403
    assert send(here, editor, new, **WISH, content="Văn phòng ghi thay").status_code == 303


def test_what_cannot_be_says_why(here: Office) -> None:
    lead, nobody = here.browser("lead"), here.browser()
    assert nobody.get("/programmes").headers["location"].startswith("/login")
    assert send(here, lead, "/programmes", kind="year", period="x", name="A").status_code == 400
    assert send(here, lead, "/programmes", kind="year", period="2027", name=" ").status_code == 400
    assert lead.get("/programmes/nothing").status_code == 404
    path = begun(here, lead)
    for wrong in ({"part": "-13"}, {"level": "x"}, {"content": " "}, {"act": "fly"}):
        assert send(here, lead, path, **WISH | {"content": "A"} | wrong).status_code == 400
    assert send(here, lead, path, act="make").status_code == 409
    assert send(here, lead, path, act="choose", item="x", seen="1", choice="chosen").status_code == 404


API = "/api/programmes"
ITEM_SENT = {"content": "Tổng kết", "when": "2027-Q2", "level": "bureau", "field": "Kinh tế"}


def test_a_program_does_what_the_pages_do(here: Office) -> None:
    lead, unit, other = map(here.browser, ("lead", "reader", "commenter"))
    asked = {"kind": "year", "period": "2027", "name": "Chương trình năm 2027"}
    answer = lead.post(API, json=asked)
    assert answer.status_code == 201
    one = f"{API}/{answer.json()['id']}"
    (first,), (second,) = (
        [sent(client, one, content=f"Đề án {n}")] for n, client in enumerate((unit, other))
    )
    assert [item["content"] for item in unit.get(one).json()["items"]] == ["Đề án 0"], "one's own alone"
    seen = lead.get(one).json()
    assert (seen["keeps"], seen["registers"], seen["fields"]) == (True, True, ["Kinh tế"])
    assert seen["items"][1]["by"]["name"] == "Đồng chí commenter"
    assert lead.get(f"{one}?level=committee").json()["items"] == []
    changed = ITEM_SENT | {"edition": 1, "content": "Đề án sửa", "reason": "Cần"}
    assert other.put(f"{one}/items/{first}", json=changed).status_code == 404, "another's is not there"
    assert unit.put(f"{one}/items/{first}", json=changed).status_code == 204
    assert unit.put(f"{one}/items/{first}", json=changed).json()["error"]["code"] == "programme_changed"
    for id_, edition in ((first, 2), (second, 1)):
        choice = {"edition": edition, "choice": "chosen", "note": "Đồng ý"}
        assert unit.put(f"{one}/items/{first}/choice", json=choice).status_code == 403
        assert lead.put(f"{one}/items/{id_}/choice", json=choice).status_code == 204
    assert unit.delete(f"{one}/items/{first}").json()["error"]["code"] == "programme_closed"
    assert lead.post(f"{one}/steps", json={"act": "assign"}).status_code == 409
    assert lead.post(f"{one}/steps", json={"act": "up", "item": second}).status_code == 200
    places = {item["content"]: item["place"] for item in lead.get(one).json()["items"]}
    assert places == {"Đề án 1": 1, "Đề án sửa": 2}
    assert unit.post(f"{one}/steps", json={"act": "make"}).status_code == 403
    made = lead.post(f"{one}/steps", json={"act": "make"}).json()
    assert lead.get(f"/api/documents/{made['document']}/text").status_code == 200
    assert unit.get(one).json()["document"] is None, "who has no part in it is not told its id"
    assert lead.post(f"{one}/steps", json={"act": "assign"}).json()["n"] == 2
    assert all(item["task"] for item in lead.get(one).json()["items"])
    assert [(p["made"], p["open"]) for p in unit.get(API).json()["programmes"]] == [(True, False)]


def sent(client: TestClient, one: str, **item: str) -> str:
    answer = client.post(f"{one}/items", json=ITEM_SENT | item)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_program_settles_removes_and_carries_over(here: Office) -> None:
    lead, unit = here.browser("lead"), here.browser("reader")
    old, new = (
        lead.post(API, json={"kind": "year", "period": year, "name": year}).json()["id"]
        for year in ("2026", "2027")
    )
    kept, gone = (sent(unit, f"{API}/{old}", when="2026", content=f"Việc {n}") for n in range(2))
    assert unit.delete(f"{API}/{old}/items/{gone}").status_code == 204
    chosen = {"edition": 1, "choice": "chosen"}
    assert lead.put(f"{API}/{old}/items/{kept}/choice", json=chosen).status_code == 204
    assert lead.post(f"{API}/{new}/steps", json={"act": "carry", "source": old}).json()["n"] == 1
    assert [one["when"] for one in lead.get(f"{API}/{new}").json()["items"]] == ["2027"]
    settled = {"edition": 1, "name": "Tên khác", "until": "2026-01-01"}
    assert unit.put(f"{API}/{new}", json=settled).status_code == 403
    assert lead.put(f"{API}/{new}", json=settled).status_code == 204
    assert lead.put(f"{API}/{new}", json=settled).status_code == 409
    assert unit.post(f"{API}/{new}/items", json=ITEM_SENT).json()["error"]["code"] == "programme_closed"


def test_what_a_program_sends_that_cannot_be_is_refused(here: Office) -> None:
    lead, nobody = here.browser("lead"), here.browser()
    assert nobody.get(API).status_code == 401
    assert lead.get(f"{API}/nothing").json()["error"]["code"] == "programme_not_found"
    assert lead.post(API, json={"kind": "day", "period": "2027", "name": "A"}).status_code == 400
    made = lead.post(API, json={"kind": "year", "period": "2027", "name": "A"}).json()["id"]
    one = f"{API}/{made}"
    for wrong in ({"when": "2028"}, {"level": "x"}, {"content": " "}, {"field": 1}):
        assert lead.post(f"{one}/items", json=ITEM_SENT | wrong).status_code == 400
    assert lead.post(f"{one}/steps", json={"act": "fly"}).json()["error"]["details"] == {"field": "act"}
    foreign = {"Origin": "https://evil.test"}
    item = sent(lead, one)
    assert lead.delete(f"{one}/items/{item}", headers=foreign).status_code == 403
    form = lead.post(f"{one}/items", data=ITEM_SENT)
    assert form.json()["error"]["code"] == "json_required"
