"""The people of the house: an administrator's page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from duthao.domain.second_factor import PERIOD, code_at
from tests.integration.test_account import with_factor
from tests.support.office import PASSWORD, Office, TestClient, office
from tests.unit.test_xlsx_in import book

PAGE = "/house/people"
TOLD = re.compile(r"<code>([^<]+)</code></td><td><code>([a-z0-9-]{19})</code>")


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def send(here: Office, client: TestClient, **form: str) -> str:
    answer = client.post(PAGE, data={"csrf": here.csrf(client), **form}, follow_redirects=True)
    return str(answer.text)


def signs_in(here: Office, username: str, password: str) -> bool:
    form = {"username": username, "password": password}
    return bool(here.browser().post("/api/login", json=form).status_code == 200)


def test_only_administrators(here: Office, admin: TestClient) -> None:
    editor = here.browser("editor")
    assert editor.get(PAGE).status_code == 403
    assert editor.post(PAGE, data={"csrf": here.csrf(editor), "act": "add"}).status_code == 403
    assert PAGE in admin.get("/").text
    assert PAGE not in editor.get("/").text


def test_somebody_new_comes_in_with_the_password_told_once(here: Office, admin: TestClient) -> None:
    page = send(here, admin, act="add", username="Moi", name="Lê Thị Mới", position="Chuyên viên")
    ((username, password),) = TOLD.findall(page)
    assert username == "moi"
    assert signs_in(here, "moi", password)
    assert password not in admin.get(PAGE).text
    assert "đã có người dùng" in send(here, admin, act="add", username="moi", name="Khác")


def test_a_password_is_reset_and_the_old_one_is_worth_nothing(here: Office, admin: TestClient) -> None:
    editor = here.browser("editor")
    ((_, password),) = TOLD.findall(send(here, admin, act="reset", user=here.users["editor"]))
    assert editor.get("/").status_code == 303
    assert not signs_in(here, "editor", PASSWORD)
    assert signs_in(here, "editor", password)


def test_who_is_disabled_is_out_at_once_and_may_come_back(here: Office, admin: TestClient) -> None:
    editor = here.browser("editor")
    assert "Đã khoá" in send(here, admin, act="disable", user=here.users["editor"])
    assert editor.get("/").status_code == 303
    assert not signs_in(here, "editor", PASSWORD)
    send(here, admin, act="enable", user=here.users["editor"])
    assert signs_in(here, "editor", PASSWORD)


def test_nobody_locks_themselves_out(here: Office, admin: TestClient) -> None:
    me = here.users["lead"]
    assert "chính mình" in send(here, admin, act="disable", user=me)
    assert "chính mình" in send(here, admin, act="change", user=me, name="Tôi", position="")
    send(here, admin, act="change", user=me, name="Tôi <b>", position="P", is_admin="1")
    assert "Tôi &lt;b&gt;" in admin.get(PAGE).text
    assert "Không tìm thấy" in send(here, admin, act="reset", user="nobody")
    assert admin.post(PAGE, data={"csrf": here.csrf(admin), "act": "?"}).status_code == 400


def test_a_list_is_shown_before_it_is_taken_in(here: Office, admin: TestClient) -> None:
    text = "Tên đăng nhập\tHọ tên\tChức vụ\neditor\tTên Khác\t\nmoi\tNgười Mới\tPhó ban\nmoi\tLặp\t\n"
    page = send(here, admin, act="preview", list=text)
    assert "<ins>Tên Khác</ins>" in page
    assert "lặp lại" in page
    assert here.store.users.by_username("moi") is None
    page = send(here, admin, act="save", list=text)
    ((username, password),) = TOLD.findall(page)
    assert (username, signs_in(here, "moi", password)) == ("moi", True)
    changed = here.store.users.by_username("editor")
    assert changed is not None
    assert changed.name == "Tên Khác"
    assert "Giữ nguyên: <strong>2</strong>" in send(here, admin, act="preview", list=text)
    assert "Không nhận ra cột" in send(here, admin, act="preview", list="a\tb\nc\td")


def test_every_sentence_of_the_page_is_there(here: Office, admin: TestClient) -> None:
    assert "[people." not in admin.get(PAGE).text
    assert "[people." not in send(here, admin, act="add", username="moi", name="Mới")
    assert "[people." not in send(here, admin, act="preview", list="username,name\\na,b\\na,c")


def test_a_reset_leaves_the_second_proof(here: Office, admin: TestClient) -> None:
    secret = with_factor(here, here.browser("editor"))[0]
    ((_, password),) = TOLD.findall(send(here, admin, act="reset", user=here.users["editor"]))
    typed = {"username": "editor", "password": password}
    told = here.browser().post("/api/login", json=typed)
    assert (told.status_code, told.json()["error"]["code"]) == (401, "code_needed")
    here.clock.now += PERIOD
    code = code_at(secret, here.clock() // PERIOD)
    assert here.browser().post("/api/login", json=typed | {"code": code}).status_code == 200


def test_people_stand_by_their_given_names(here: Office, admin: TestClient) -> None:
    for username, name in (("a1", "Bùi Đức"), ("a2", "Vũ Dũng"), ("a3", "An Ân"), ("a4", "Tạ An")):
        send(here, admin, act="add", username=username, name=name)
    page = admin.get(PAGE).text.split('<ul class="list">')[1]
    places = [page.index(f"<strong>{name}") for name in ("Tạ An", "An Ân", "Vũ Dũng", "Bùi Đức")]
    assert places == sorted(places)


def test_a_spreadsheet_file_is_shown_and_taken_in_like_pasted_cells(here: Office, admin: TestClient) -> None:
    def look(content: bytes) -> str:
        form = {"csrf": here.csrf(admin), "act": "preview"}
        return str(admin.post(PAGE, data=form, files={"file": ("danh-sach.xlsx", content)}).text)

    page = look(book(("Tên đăng nhập", "Họ tên", "Chức vụ"), ("mai", "Trần Thị <Mai>", "Chuyên viên")))
    assert "Trần Thị &lt;Mai&gt;" in page
    found = re.search(r'<textarea name="list" hidden>(.*?)</textarea>', page, re.S)
    assert found is not None
    assert TOLD.findall(send(here, admin, act="save", list=html.unescape(found[1])))[0][0] == "mai"
    assert "Không đọc được tệp này" in look(b"PK\x03\x04 no spreadsheet")
