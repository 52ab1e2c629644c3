"""Deadlines are said in time, once, to who is to do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from duthao.domain.days import field_of
from duthao.domain.delegations import Delegation, DutyPart
from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import PlanStep
from duthao.domain.opinions import Verdict
from duthao.domain.rounds import Answer, Invitation, Invited, Round, Said, Way
from duthao.service.dossiers import parts_of
from duthao.service.letters import Letters
from duthao.service.reminding import LATEST, Reminding
from duthao.settings import Settings
from duthao.store.ports import News
from tests.support.office import Office, office

DAY = 24 * 3600 * 1000


def news(here: Office, name: str) -> list[News]:
    return [one.news for one in here.store.notifications.for_user(UserId(f"u-{name}"))]


def later(here: Office, days: int) -> int:
    here.clock.now += days * DAY
    return here.services.reminding.remind()


def test_a_task_is_said_when_soon_due_and_when_overdue_once_each() -> None:
    with office() as here:
        document = DocumentId(here.with_everybody())
        editor = here.browser("editor")

        def give(deadline: date | None, **more: str) -> None:
            fields = {"document": document, "content": "Rà soát", "doer_id": "u-reader"} | more
            fields["deadline"] = deadline.isoformat() if deadline else ""
            data = {"csrf": here.csrf(editor), "act": "give", **fields}
            assert editor.post("/tasks", data=data).status_code == 303

        today = here.services.dossiers.today
        give(today + timedelta(days=20))
        give(None)
        give(today, doer_id="", doer="Văn phòng")
        give(today - timedelta(days=LATEST + 1))
        assert later(here, 0) == 0
        assert [later(here, 13), later(here, 0)] == [1, 0]
        assert news(here, "reader") == [News.TASK_DUE]
        assert [later(here, 8), later(here, 0)] == [1, 0]
        assert news(here, "reader") == [News.TASK_OVERDUE, News.TASK_DUE]
        (newest, *_) = here.store.notifications.for_user(UserId("u-reader"))
        reader = here.browser("reader")
        assert "đã quá hạn" in reader.get("/notifications").text
        opened = reader.get(f"/notifications/{newest.id}")
        assert opened.headers["location"] == f"/tasks?document={document}&mine=1"
        # A new day is a new deadline.
        (task, *_) = here.store.tasks.of((document,))
        moved = (here.services.dossiers.today + timedelta(days=3)).isoformat()
        changed: dict[str, Any] = {"content": "Rà soát", "doer_id": "u-reader", "deadline": moved}
        fresh = here.browser("editor")
        sent = {"csrf": here.csrf(fresh), "act": "change", "task": task.id, "seen": "1", **changed}
        assert fresh.post("/tasks", data=sent).status_code == 303
        assert later(here, 0) == 1


def test_a_step_is_said_to_who_is_responsible_and_who_stands_for_them() -> None:
    with office() as here:
        document = DocumentId(here.with_everybody())
        lead = here.browser("lead")
        dossier = lead.post("/api/dossiers", json={"document": document}).json()["id"]
        plan = parts_of(here.store.dossiers.parts([dossier])[dossier])
        step = next(one for one in plan if isinstance(one, PlanStep))
        today = here.services.dossiers.today
        body = {"part": "plan", "title": "Rà soát", "stage": "drafting", "user_id": "u-reader",
                "due": (today + timedelta(days=2)).isoformat()}  # fmt: skip
        assert lead.put(f"/api/dossiers/{dossier}/parts/{step.id}", json=body).status_code == 204
        here.store.delegations.add(
            Delegation("g", document, UserId("u-reader"), UserId("u-commenter"), DutyPart.STEPS, "",
                       today.isoformat(), today.isoformat(), "", UserId("u-reader"), 1)
        )  # fmt: skip
        assert [later(here, 0), later(here, 0)] == [2, 0]
        assert news(here, "commenter") == [News.STEP_DUE]
        assert News.STEP_DUE in news(here, "reader")
        assert later(here, 3) == 1, "by then nobody stands for them"
        fresh = here.browser("reader")
        done = {"csrf": here.csrf(fresh), "part": step.id}
        assert fresh.post(f"/dossiers/{dossier}/duties", data=done).status_code == 303
        assert later(here, 1) == 0


def test_who_has_not_answered_in_a_round_is_reminded_on_its_last_day_once() -> None:
    with office() as here:
        document = DocumentId(here.with_everybody())
        lead = here.browser("lead")
        said = {"csrf": here.csrf(lead), "numbered": "1"}
        assert lead.post(f"/documents/{document}/versions", data=said).status_code == 303
        (version, *_) = here.store.versions.for_document(document)
        asked = {f"member-u-{name}": "1" for name in ("reader", "commenter", "stranger", "editor")}
        wanted = {"version": version.id, "deadline": field_of(here.clock.now + 3 * DAY), **asked}
        wanted |= {"csrf": here.csrf(lead), "units": "Công đoàn"}
        assert lead.post(f"/documents/{document}/rounds", data=wanted).status_code == 200
        (round_,) = here.store.rounds.for_document(document)
        by_user = {one.user_id: one for one in here.store.rounds.invitations(round_.id)}
        editor, reader = (by_user[UserId(f"u-{name}")] for name in ("editor", "reader"))
        here.store.rounds.put_invitation(replace(editor, withdrawn_at=1))
        here.store.rounds.put_invitation(replace(reader, deadline=round_.deadline + DAY))
        answer = Answer(
            "a",
            round_.id,
            by_user[UserId("u-commenter")].id,
            1,
            Way.PAGE,
            "Ông",
            Said(Verdict.AGREE),
            1,
            1,
            False,
        )
        assert here.store.rounds.send(answer, [], [])
        assert later(here, 1) == 0
        # Its last day: who has more time, who has answered and who is asked no more are left alone.
        assert [later(here, 1), later(here, 0)] == [1, 0]
        assert News.ROUND_DUE in news(here, "stranger")
        told = [
            one
            for one in here.store.notifications.for_user(UserId("u-stranger"))
            if one.news is News.ROUND_DUE
        ]
        assert (
            here.browser("stranger").get(f"/notifications/{told[0].id}").headers["location"]
            == f"/rounds/{round_.id}/answer"
        )
        assert "Sắp hết hạn cho ý kiến" in here.browser("stranger").get("/notifications").text
        page = here.browser("lead").get(f"/rounds/{round_.id}").text
        assert "Đã nhắc 1 lần" in page
        assert [later(here, 1), later(here, 0)] == [1, 0]
        assert news(here, "reader").count(News.ROUND_DUE) == 1
        assert News.ROUND_DUE not in news(here, "commenter") + news(here, "editor")
        assert later(here, 1) == 0, "what is over is late, and nobody is reminded of it"


def test_a_unit_is_reminded_by_letter_and_one_without_an_address_is_not_counted() -> None:
    with office() as here:
        document = DocumentId(here.with_everybody())
        store, now = here.store, here.clock.now
        sent: list[str] = []
        letters = Letters(Settings(public_origin="https://d.vn"), lambda address, *_: sent.append(address))
        reminding = Reminding(here.services.tools, here.services.notifications, letters)
        version = store.versions.for_document(document)[0].id
        made = Round(
            "r", document, 0, version, None, "", "?", now + DAY, False, False, UserId("u-lead"), now - DAY
        )
        units = [
            Invitation(f"i{n}", "r", Invited.UNIT, None, f"Ban {n}", address, now - DAY, token_hash=f"h{n}")
            for n, address in enumerate(("ban@d.vn", ""))
        ]
        store.rounds.create(made, units)
        assert [reminding.remind(), reminding.remind()] == [1, 0]
        assert sent == ["ban@d.vn"]
        assert [one.reminders for one in store.rounds.invitations("r")] == [1, 0]
