"""The log of who did what: what the application records, who may read it, and that it is one chain."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from duthao.cli import main
from duthao.domain.audit import Action, Record, verify
from duthao.domain.document import UserId
from duthao.messages import LANGUAGES, Catalogue
from duthao.service.audit import DAY, Audit, all_of
from duthao.service.audit_verifying import SILENT, Progress, in_order, verified
from duthao.service.people import add_user
from duthao.service.recorder import Recorder
from duthao.settings import Settings
from duthao.store.ports import StoreUnavailable
from duthao.web.audit_table import RECORDED, UNRECORDED, _about
from tests.support.office import PASSWORD, Office, TestClient, office


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def admin(here: Office) -> TestClient:
    secret = here.services.sign_in.password_hash(PASSWORD)
    add_user(here.store, UserId("u-admin"), "admin", "Quản trị", "", secret, here.clock(), is_admin=True)
    return here.browser("admin")


def log(here: Office) -> list[Record]:
    audit = here.services.audit
    audit._tell_refused(audit._refusals.all())
    audit._recorder.flush().result(5)
    return list(in_order(here.store, *here.store.audit.bounds()))


def told(here: Office) -> list[tuple[str, str, str]]:
    return [(one.user_id, one.action.value, one.what) for one in log(here)]


def test_every_route_is_recorded_or_says_why_not(here: Office) -> None:
    routes = {
        (method, route.path)
        for route in here.app.routes if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }  # fmt: skip
    silent = {tuple(one.split(" ")) for some in UNRECORDED.values() for one in some}
    assert not silent & set(RECORDED)
    elsewhere = {("POST", "/collab/{document_id}/poll"), ("GET", "/readyz")}
    assert routes == (set(RECORDED) | silent) - elsewhere, "server/duthao/web/audit_table.py"


def test_every_kind_of_act_has_its_sentence() -> None:
    for language in LANGUAGES:
        t = Catalogue(language)
        for rule in RECORDED.values():
            assert t(f"audit.what.{rule.what}")
            assert t(f"audit.action.{rule.action.value}")
            assert not rule.failed or t(f"audit.what.{rule.failed}")


def test_reading_exporting_printing_deciding_and_administering_are_recorded(here: Office) -> None:
    id = here.with_everybody()
    lead, reader = here.browser("lead"), here.browser("reader")
    before = len(log(here))
    reader.get(f"/documents/{id}")
    reader.get(f"/documents/{id}/draft.pdf")
    reader.get(f"/documents/{id}/draft.docx")
    lead.put(f"/api/documents/{id}/members/reader", json={"role": "commenter"})
    made = log(here)[before:]
    assert [(one.user_id, one.action, one.what, one.document_id) for one in made] == [
        ("u-reader", Action.READ, "room", id), ("u-reader", Action.PRINT, "draft", id),
        ("u-reader", Action.EXPORT, "draft", id), ("u-lead", Action.ADMINISTER, "member", id),
    ]  # fmt: skip
    assert json.loads(made[3].details) == {"role": "commenter", "user": "reader"}
    assert made[0].name == "Đồng chí reader"


def test_what_was_refused_is_not_recorded_as_done(here: Office) -> None:
    id = here.document()
    stranger = here.browser("stranger")
    before = told(here)
    assert stranger.get(f"/documents/{id}/draft.pdf").status_code == 404
    assert here.browser().get(f"/documents/{id}").status_code == 303
    assert told(here) == [*before, ("u-stranger", "refuse", "draft")]


def test_refusals_of_one_person_to_one_thing_are_one_record_with_their_number(here: Office) -> None:
    id = here.with_everybody()
    stranger, reader, before = here.browser("stranger"), here.browser("reader"), len(log(here))
    for path in (f"/documents/{id}", f"/api/documents/{id}/text", f"/api/documents/{id}/comments"):
        assert stranger.get(path).status_code == 404
    assert reader.get(f"/documents/{id}/members").status_code == 200
    reader.put(f"/api/documents/{id}/members/reader", json={"role": "lead"})
    assert stranger.get("/documents/lời-mật-gõ-vào-địa-chỉ").status_code == 404
    assert stranger.get("/house/people").status_code == 403
    assert here.browser().get("/answer/mã-bí-mật").status_code == 404
    made = log(here)[before:]
    assert [(one.user_id, one.what, one.document_id, json.loads(one.details)) for one in made] == [
        ("u-stranger", "room", id, {"code": "document_not_found", "times": 3}),
        ("u-reader", "member", id, {"code": "not_allowed", "times": 1}),
        ("u-stranger", "room", "", {"code": "document_not_found", "times": 1}),
        ("u-stranger", "other", "", {"code": "admin_only", "times": 1}),
        ("", "asked", "", {"code": "link_dead", "times": 1}),
    ]
    assert {one.action for one in made} == {Action.REFUSE}
    page = here.browser("lead").get(f"/documents/{id}/audit?action=refuse").text
    assert "3 lần · <code>code: document_not_found</code>" in page
    assert "mật" not in repr(made)


def test_a_failed_sign_in_names_whom_it_was_tried_as_and_never_a_name_that_is_nobodys(here: Office) -> None:
    browser = here.browser()
    for name in ("lead", "mật-khẩu-gõ-nhầm-ô"):
        browser.post("/api/login", json={"username": name, "password": "không phải thế này"})
    assert told(here) == [("u-lead", "sign", "sign_failed"), ("", "sign", "sign_failed")]
    assert "nhầm" not in repr(log(here))


def test_no_word_of_a_draft_a_comment_or_a_search_is_in_the_log(here: Office) -> None:
    id = here.document(text="Điều 1. Phạm vi\n1. Lời mật của dự thảo.", title="Tên mật")
    lead = here.browser("lead")
    lead.post(f"/api/documents/{id}/versions", json={"name": "Bản mật"})
    lead.get("/search?q=mật")
    lead.get(f"/documents/{id}/comparison?before=mật+khẩu&form=<b>")
    assert ("u-lead", "change", "version_made") in told(here)
    assert "mật" not in repr(log(here))


def test_a_document_made_is_recorded_with_its_id(here: Office) -> None:
    id = here.document()
    assert [one.document_id for one in log(here) if one.what == "document_made"] == [id]


def test_a_file_is_not_handed_over_while_it_cannot_be_recorded(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = here.document()
    lead, before = here.browser("lead"), len(log(here))

    def fails(_records: object) -> None:
        raise StoreUnavailable("full")

    with monkeypatch.context() as broken:
        broken.setattr(here.store.audit, "append", fails)
        assert lead.get(f"/documents/{id}/draft.pdf").status_code == 503
        assert lead.get(f"/documents/{id}").status_code == 200
    made = log(here)[before:]
    assert [one.what for one in made] == ["room"], "reading is stored later, what was refused never"


def test_an_administrator_reads_filters_verifies_and_takes_the_log_away(here: Office) -> None:
    id, browser = here.with_everybody(), admin(here)
    here.browser("reader").get(f"/documents/{id}/draft.pdf")
    page = browser.get("/house/audit?action=print").text
    assert "dự thảo hoặc phiên bản" in page
    assert "tạo văn bản" not in page
    assert "Đồng chí reader" in browser.get("/house/audit?person=chí+reader").text
    assert "Không có dòng nào" in browser.get("/house/audit?person=không+ai").text
    assert browser.get("/house/audit?since=hôm+qua").status_code == 400
    answer = browser.post("/house/audit", data={"csrf": here.csrf(browser)})
    assert answer.headers["location"] == "/house/audit"
    finished(here)
    assert "Nguyên vẹn." in browser.get("/house/audit").text
    assert browser.get("/house/audit/verifying").json() == {"running": False, "done": 0, "of": 0}
    lines = [json.loads(line) for line in browser.get("/house/audit.jsonl").text.splitlines()]
    records = [Record(**{**line, "action": Action(line["action"])}) for line in reversed(lines)]
    assert verify(records) is None
    assert len(records) > 5
    rows = list(csv.reader(io.StringIO(browser.get("/house/audit.csv").content.decode("utf-8-sig"))))
    assert len(rows) > len(records)
    assert all(len(row) == 10 for row in rows)


def test_names_that_read_as_formulas_are_harmless_in_the_table(here: Office) -> None:
    browser = admin(here)
    here.store.audit.append([Record(here.clock(), "u", "=cmd()", Action.READ, "room", address="@x")])
    assert "'=cmd()" in (said := browser.get("/house/audit.csv").text)
    assert "'@x" in said


def test_pages_go_on_where_the_last_one_ended(here: Office) -> None:
    browser = admin(here)
    at = here.clock()
    some = [Record(at - n, "u-lead", "L", Action.PRINT, "draft", address=f"a{n}") for n in range(120)]
    here.store.audit.append(some)
    seen, address = 0, "/house/audit?action=print"
    while address:
        page = browser.get(address).text
        seen += page.count("list-row")
        address = (
            page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in page
            else ""
        )
    assert seen == 120


def test_a_lead_reads_the_log_of_their_own_document_and_of_no_other(here: Office) -> None:
    id, other = here.with_everybody(), here.document("stranger", title="Khác")
    lead = here.browser("lead")
    here.browser("reader").get(f"/documents/{id}/draft.pdf")
    page = lead.get(f"/documents/{id}/audit?document={other}").text
    assert "dự thảo hoặc phiên bản" in page
    assert "Đồng chí stranger" not in page
    assert lead.get(f"/documents/{other}/audit").status_code == 404


def test_old_records_go_from_the_front_and_the_rest_still_verifies(here: Office) -> None:
    audit = Audit(here.services.tools, Settings(audit_days=30))
    now = here.clock()
    ages = (40, 35, 10, 31, 0)
    here.store.audit.append([Record(now - n * DAY, "u", "N", Action.READ, "room") for n in ages])
    assert audit.drop_old() == 2
    kept = list(in_order(here.store, *here.store.audit.bounds()))
    assert [one.what for one in kept] == ["room"] * 3 + ["audit_dropped"]
    assert verified(here.store, now).broken is None
    assert audit.drop_old() == 0


def finished(here: Office) -> None:
    """What is being verified has been read."""
    here.services.audit.verifying.wait()


def test_verifying_goes_on_beside_everything_and_says_how_far_it_is(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, held, asked = admin(here), threading.Event(), threading.Event()
    here.store.audit.append([Record(n, "u", "N", Action.READ, "room") for n in range(60)])
    after = here.store.audit.after

    def slow(seq: int, limit: int) -> object:
        asked.set()
        held.wait(5)
        here.clock.now += 1_001
        return after(seq, 25)

    monkeypatch.setattr(here.store.audit, "after", slow)
    assert browser.post("/house/audit", data={"csrf": here.csrf(browser)}).status_code == 303
    assert asked.wait(5)
    page = browser.get("/house/audit").text
    assert "Đang kiểm tra" in page
    assert "data-watch" in page
    assert browser.get("/house/audit/verifying").json()["running"]
    browser.post("/house/audit", data={"csrf": here.csrf(browser)})  # one reading is enough
    held.set()
    finished(here)
    assert browser.get("/house/audit/verifying").json()["running"] is False
    assert "Nguyên vẹn." in browser.get("/house/audit").text


def test_a_reading_that_died_with_its_process_does_not_stand_in_the_way_of_the_next(here: Office) -> None:
    browser, verifying = admin(here), here.services.audit.verifying
    verifying._put(here.store.users.get(UserId("u-admin")), None, Progress(5, 10))  # type: ignore[arg-type]
    assert browser.get("/house/audit/verifying").json() == {"running": True, "done": 5, "of": 10}
    here.clock.now += SILENT
    assert browser.get("/house/audit/verifying").json()["running"] is False
    browser.post("/house/audit", data={"csrf": here.csrf(browser)})
    finished(here)
    assert "Nguyên vẹn." in browser.get("/house/audit").text


def test_a_broken_log_is_still_said_to_be_broken_after_a_restart(here: Office) -> None:
    browser, audit = admin(here), here.store.audit
    audit.append([Record(n, "u", "N", Action.READ, "room") for n in range(4)])
    del here.store._tables.audit[2]
    browser.post("/house/audit", data={"csrf": here.csrf(browser)})
    finished(here)
    here.services.audit.verifying = type(here.services.audit.verifying)(here.services.tools)
    assert "không còn nguyên vẹn" in browser.get("/house/audit").text


def test_a_seal_written_down_elsewhere_shows_a_chain_made_anew(here: Office) -> None:
    here.store.audit.append([Record(1, "u", "N", Action.READ, "room")])
    known = here.store.audit.bounds()[1]
    assert verified(here.store, here.clock(), known).broken is None
    here.store._tables.audit.clear()
    here.store.audit.append([Record(1, "u", "Khác", Action.READ, "room")])
    assert verified(here.store, here.clock()).broken is None
    assert verified(here.store, here.clock(), known).broken is not None


def test_what_cannot_be_stored_is_tried_again_and_in_its_order() -> None:
    stored: list[str] = []
    works = threading.Event()

    def append(records: list[Record]) -> None:
        if not works.is_set():
            raise StoreUnavailable("full")
        stored.extend(one.what for one in records)

    recorder = Recorder(append, pause=0.01)  # type: ignore[arg-type]
    record = Record(1, "u", "N", Action.READ, "one")
    recorder.note(record)
    with pytest.raises(StoreUnavailable):
        recorder.record(Record(1, "u", "N", Action.PRINT, "two"), keep=False).result(2)
    works.set()
    recorder.flush().result(2)
    assert stored == ["one"]


def test_stopping_stores_what_still_waits() -> None:
    stored: list[Record] = []
    recorder = Recorder(stored.extend, pause=30)
    recorder.note(Record(1, "u", "N", Action.READ, "room"))
    recorder.close()
    assert [one.what for one in stored] == ["room"]


def test_all_of_the_log_is_read_newest_first(here: Office) -> None:
    here.store.audit.append([Record(n, "u", "N", Action.READ, "room") for n in range(5)])
    assert [one.at for one in all_of(here.store)] == [4, 3, 2, 1, 0]


def test_the_command_line_records_verifies_and_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DUTHAO_DATA_DIR", str(tmp_path / "house"))
    monkeypatch.setattr("sys.stdin", io.StringIO("mật khẩu dài 2026\n"))
    assert main(["user", "add", "an", "An"]) == 0
    assert main(["backup", str(tmp_path / "b.sqlite3")]) == 0
    capsys.readouterr()
    assert main(["audit", "verify"]) == 0
    known = capsys.readouterr().out.splitlines()[-1]
    assert main(["restore", str(tmp_path / "b.sqlite3"), "--replace"]) == 0
    capsys.readouterr()
    assert main(["audit", "verify", "--known", known]) == 1, (
        "the log of then is back: the backup's own is gone"
    )
    assert main(["audit", "verify", "--known", "x"]) == 2
    capsys.readouterr()
    assert main(["audit", "export"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["what"] for line in lines] == [
        "user_added", "house_restored", "audit_verified", "audit"
    ]  # fmt: skip
    with sqlite3.connect(tmp_path / "house" / "duthao.sqlite3") as past_the_door:
        past_the_door.execute("UPDATE audit SET name = 'ai khác' WHERE seq = 2")
    assert main(["audit", "verify"]) == 1
    assert "dòng số 2" in capsys.readouterr().err


def test_the_token_of_a_private_link_is_in_no_record() -> None:
    path = "/answer/{token}/files/{file}"
    scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"", "headers": [],
             "path_params": {"token": "bí-mật", "file": "f1"}}  # fmt: skip
    document, details = _about(path, Request(scope), Response())
    assert document.startswith("link:")
    assert "bí-mật" not in f"{document} {details}"
