"""Tasks in every store and over HTTP: given, reported, overdue, printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from duthao.domain.document import DocumentId
from duthao.domain.tasks import Task
from duthao.store.ports import Store
from tests.support.office import Office, TestClient, office
from tests.support.stores import BINH, DRAFT, OTHER

ONE = Task(
    "t1", DRAFT, "Rà soát\nquy chế", "Họp", "2026-12-01", "Văn phòng", BINH, "Bí thư", "NQ 05", "", "", 2**41
)
TEXT = "Điều 1. Tổ chức thực hiện\n1. Giao Văn phòng chủ trì rà soát trước ngày 30/6/2027.\n2. Khác."


def test_every_store_keeps_them(populated: Store) -> None:
    door = populated.tasks
    door.add(ONE)
    door.add(replace(ONE, id="t0", doer_id=None))
    assert list(door.of((DRAFT, OTHER))) == [replace(ONE, id="t0", doer_id=None), ONE]
    assert list(door.of((OTHER,))) == []
    changed = replace(ONE, done_on="2026-11-30", report="Xong")
    assert door.put(changed, 1)
    assert not door.put(changed, 1)
    assert door.get("t1") == replace(changed, edition=2)
    door.remove("t1")
    assert door.get("t1") is None
    with pytest.raises(ValueError):
        door.add(replace(ONE, document_id=DocumentId("nobody")))


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def send(here: Office, client: TestClient, act: str, **form: str) -> Any:
    data = {"csrf": here.csrf(client), "act": act, **form}
    return client.post("/tasks", data=data, follow_redirects=True)


def only(here: Office, id: str) -> Task:
    (task,) = here.store.tasks.of((DocumentId(id),))
    return task


def test_a_task_is_given_reported_and_followed(here: Office) -> None:
    id = here.with_everybody()
    editor, reader, commenter = map(here.browser, ("editor", "reader", "commenter"))
    page = send(
        here, editor, "give", document=id, content="Rà soát <quy chế>", deadline="2026-09-20",
        doer_id="u-reader", controller="Bí thư",
    ).text  # fmt: skip
    assert "Rà soát &lt;quy chế&gt;" in page
    assert "[tasks." not in page
    task = only(here, id)
    assert task.doer == "Đồng chí reader"
    form = {"task": task.id, "seen": "1", "report": "Đã làm", "done_on": "2026-09-21"}
    assert send(here, commenter, "report", **form).status_code == 403
    assert send(here, here.browser("stranger"), "report", **form).status_code == 404
    assert send(here, reader, "change", task=task.id, seen="1", content="x").status_code == 403
    assert send(here, reader, "remove", task=task.id).status_code == 403
    assert "Hoàn thành, quá hạn" in send(here, reader, "report", **form).text
    assert send(here, editor, "report", **form).status_code == 409
    assert only(here, id).report == "Đã làm"
    send(here, editor, "change", task=task.id, seen="2", content="Khác", doer="Văn phòng")
    assert (only(here, id).content, only(here, id).report, only(here, id).doer_id) == ("Khác", "Đã làm", None)
    send(here, editor, "remove", task=task.id)
    assert here.store.tasks.of((DocumentId(id),)) == ()


def test_what_cannot_be_given_says_why(here: Office) -> None:
    id = here.with_everybody()
    editor = here.browser("editor")
    assert "Hãy ghi nội dung" in send(here, editor, "give", document=id, content=" ").text
    assert "không đọc được" in send(here, editor, "give", document=id, content="a", deadline="mai").text
    assert "quá dài" in send(here, editor, "give", document=id, content="a" * 6000).text
    assert send(here, editor, "give", document=id, content="a", doer_id="u-stranger").status_code == 404
    assert send(here, here.browser("reader"), "give", document=id, content="a").status_code == 403
    assert editor.get("/tasks?state=nothing").status_code == 400
    assert here.browser("stranger").get(f"/tasks?document={id}").status_code == 404


def test_only_what_one_may_read_and_asks_for(here: Office) -> None:
    id = here.with_everybody()
    editor = here.browser("editor")
    for content, deadline in (("Quá rồi", "2020-01-01"), ("Còn lâu", "2099-01-01")):
        send(here, editor, "give", document=id, content=content, deadline=deadline, doer_id="u-editor")
    late = editor.get("/tasks?state=overdue").text
    assert "Quá rồi" in late
    assert "Còn lâu" not in late
    assert "Quá rồi" in editor.get("/tasks?mine=1").text
    assert "Quá rồi" not in here.browser("reader").get("/tasks?mine=1").text
    assert "Quá rồi" not in here.browser("stranger").get("/tasks").text


def test_the_table_is_given_out(here: Office) -> None:
    id = here.with_everybody()
    editor = here.browser("editor")
    send(here, editor, "give", document=id, content="=SUM(A1)", source="NQ 05", deadline="2026-12-01")
    lines = editor.get("/tasks.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("TT,")
    assert lines[1].startswith("1,NQ 05,'=SUM(A1),")
    assert "01/12/2026" in lines[1]
    assert editor.get("/tasks.pdf").headers["content-type"] == "application/pdf"
    assert "word" in editor.get("/tasks.docx").headers["content-type"]


def test_what_a_draft_asks_is_offered_until_it_is_a_task(here: Office) -> None:
    id = here.document(text=TEXT)
    lead = here.browser("lead")
    page = lead.get(f"/documents/{id}/tasks").text
    assert 'value="2027-06-30"' in page
    assert "khoản 1 Điều 1" in page
    assert "[tasks." not in page
    content = "Giao Văn phòng chủ trì rà soát trước ngày 30/6/2027."
    page = send(here, lead, "give", document=id, content=content, next="suggestions").text
    assert "Không thấy điều khoản nào" in page
