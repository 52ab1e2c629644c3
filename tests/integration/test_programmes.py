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
