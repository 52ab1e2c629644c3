"""Units in every store, on their page, and coming to a document as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from duthao.domain.units import Seat, Structure, Term, Unit, UnitKind
from duthao.store.ports import Store
from tests.support.office import Office, TestClient, office
from tests.support.stores import AN, BINH

PAGE = "/house/units"
OFFICE = Unit("u1", None, UnitKind.ORGANISATION, "Thành uỷ")
GROUP = Unit("u0", "u1", UnitKind.GROUP, "Ban Thường vụ")
TERM = Term("t1", "2025–2030", "2025-06-01", "2030-05-31")
SEATS = (Seat("s2", "u0", BINH, "Uỷ viên", "t1"), Seat("s1", "u0", AN, "Bí thư", None))


def test_every_store_keeps_them(populated: Store) -> None:
    door = populated.units
    door.put_unit(OFFICE)
    door.put_unit(GROUP)
    door.put_term(TERM)
    for seat in SEATS:
        door.put_seat(seat)
    assert door.read() == Structure((GROUP, OFFICE), (TERM,), SEATS)
    door.put_unit(replace(GROUP, name="BTV"))
    door.put_seat(replace(SEATS[0], position="Phó"))
    door.put_term(replace(TERM, ends="2031-01-31"))
    assert door.read().terms == (replace(TERM, ends="2031-01-31"),)
    assert door.read().seats == (replace(SEATS[0], position="Phó"), SEATS[1])
    for refused in (
        lambda: door.put_unit(replace(GROUP, id="x", parent="nobody")),
        lambda: door.put_seat(replace(SEATS[0], id="x", unit="nobody")),
        lambda: door.put_seat(replace(SEATS[0], id="x", term="nobody")),
        lambda: door.remove_unit("u1"),
        lambda: door.remove_term("t1"),
    ):
        with pytest.raises(ValueError, match=r"."):
            refused()
    door.remove_seat("s1")
    door.remove_unit("u0")
    door.remove_term("t1")
    assert door.read() == Structure((OFFICE,))


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def send(here: Office, client: TestClient, act: str, **form: str) -> str:
    answer = client.post(PAGE, data={"csrf": here.csrf(client), "act": act, **form}, follow_redirects=True)
    return str(answer.text)


def unit(here: Office, client: TestClient, name: str, parent: str = "", kind: str = "unit") -> str:
    send(here, client, "unit", name=name, parent=parent, kind=kind)
    return next(one.id for one in here.store.units.read().units if one.name == name)


def test_a_structure_is_made_on_the_page(here: Office, admin: TestClient) -> None:
    top = unit(here, admin, "Thành uỷ", kind="organisation")
    group = unit(here, admin, "Ban Thường vụ <b>", top, "group")
    send(here, admin, "term", name="2025–2030", begins="2025-06-01", ends="2030-05-31")
    (term,) = here.store.units.read().terms
    page = send(here, admin, "seat", unit=group, user="u-editor", position="Uỷ viên", term=term.id)
    assert "Ban Thường vụ &lt;b&gt;" in page
    assert re.search(r"Đồng chí editor – Uỷ viên\s+<span[^>]*>\(2025–2030\)", page)
    assert "[units." not in page
    send(here, admin, "seat", unit=group, user="u-editor", position="Phó", term=term.id)
    (seat,) = here.store.units.read().seats
    assert seat.position == "Phó"
    assert "chính nó" in send(here, admin, "unit", unit=top, name="Thành uỷ", kind="unit", parent=group)
    assert "Còn đơn vị khác" in send(here, admin, "remove_unit", unit=top)
    assert "Còn người" in send(here, admin, "remove_term", term=term.id)
    assert "không đọc được" in send(here, admin, "term", name="x", begins="2026-01-02", ends="2026-01-01")
    # A congress is put off: the term goes on, and so does who sits there for it.
    assert f'value="{term.ends}"' in admin.get(PAGE).text
    longer = {"term": term.id, "name": "2025–2031", "begins": term.begins, "ends": "2031-01-31"}
    assert "2025–2031" in send(here, admin, "term", **longer)
    assert [one.ends for one in here.store.units.read().terms] == ["2031-01-31"]
    assert "Không tìm thấy" in send(here, admin, "seat", unit="nobody", user="u-editor")
    send(here, admin, f"remove_seat:{seat.id}")
    send(here, admin, "remove_unit", unit=group)
    assert [one.id for one in here.store.units.read().units] == [top]


def test_a_whole_group_comes_to_a_document(here: Office, admin: TestClient) -> None:
    top, id = unit(here, admin, "Cơ quan"), here.document()
    group = unit(here, admin, "Tổ công tác", top, "group")
    for name in ("lead", "editor", "reader"):
        send(here, admin, "seat", unit=group, user=f"u-{name}")
    gone = here.store.users.by_username("reader")
    assert gone is not None
    here.store.users.update(replace(gone, disabled=True))
    members = f"/documents/{id}/members"
    assert "– Tổ công tác (3 người)" in admin.get(members).text
    form = {"csrf": here.csrf(admin), "unit": top, "role": "commenter"}
    page = admin.post(f"{members}/unit", data=form, follow_redirects=True).text
    assert "Đã thêm 1 người" in page
    roles = {str(one.user_id): one.role.value for one in here.store.documents.members(id)}  # type: ignore[arg-type]
    assert roles == {"u-lead": "lead", "u-editor": "commenter"}
    assert ("access", id, "u-editor") in here.rooms.told
    editor = here.browser("editor")
    form["csrf"] = here.csrf(editor)
    assert editor.post(f"{members}/unit", data=form).status_code == 403
    assert "Tổ công tác" not in editor.get(members).text
