"""Handing one's part to another: rounds, steps of a dossier; who is responsible takes the step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from duthao.domain.delegations import Delegation, DutyPart, checked, deputies_of, stand_for
from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import PlanStep
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Verdict
from duthao.service.dossiers import parts_of
from duthao.store.ports import EpochMillis, News, Notification, Store, User
from tests.integration.test_rounds_pages import Desk
from tests.support.office import Office, TestClient, office
from tests.support.stores import AN, BINH, DRAFT

ONE = Delegation("x", DRAFT, AN, BINH, DutyPart.STEPS, "", "2026-09-01", "2026-09-30", "Đi công tác", AN, 5)


def test_it_holds_from_day_to_day_for_what_it_is_about() -> None:
    days = ("2026-08-31", "2026-09-01", "2026-09-30", "2026-10-01")
    assert [ONE.holds(day) for day in days] == [False, True, True, False]
    assert not replace(ONE, ended_at=6).holds("2026-09-10")
    one_step = replace(ONE, about="s1")
    assert one_step.covers(DutyPart.STEPS, "s1", "2026-09-10")
    assert not one_step.covers(DutyPart.STEPS, "s2", "2026-09-10")
    assert not one_step.covers(DutyPart.ANSWERS, "s1", "2026-09-10")
    assert stand_for([ONE], BINH, DutyPart.STEPS, "any", "2026-09-10") == {AN}
    assert stand_for([ONE], AN, DutyPart.STEPS, "any", "2026-09-10") == frozenset()
    later = replace(ONE, id="y", made_at=6)
    assert deputies_of([ONE, later], AN, DutyPart.STEPS, "any", "2026-09-10") == (later, ONE)
    assert deputies_of([ONE], None, DutyPart.STEPS, "any", "2026-09-10") == ()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"deputy": AN}, "deputy_self"), ({"ends": ""}, "deputy_days_bad"), ({"ends": "x"}, "task_day_bad"),
        ({"ends": "2026-08-31"}, "deputy_days_bad"), ({"ends": "2032-01-01"}, "deputy_days_bad"),
        ({"begins": "2026-10-02", "ends": "2026-10-01"}, "deputy_days_bad"),
    ],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused(wrong: dict[str, Any], code: str) -> None:
    assert checked(replace(ONE, begins=""), "2026-09-02").begins == "2026-09-02"
    with pytest.raises(Refusal, match=code):
        checked(replace(ONE, **wrong), "2026-09-02")


def test_every_store_keeps_them_and_what_people_were_reminded_of(populated: Store) -> None:
    door = populated.delegations
    door.add(ONE)
    door.add(later := replace(ONE, id="y", made_at=6, about="s1"))
    assert list(door.of_document(DRAFT)) == list(door.of_person(BINH)) == [later, ONE]
    assert (door.get("x"), door.get("z")) == (ONE, None)
    assert [door.end("x", 9), door.end("x", 9), door.end("z", 9)] == [True, False, False]
    assert door.get("x") == replace(ONE, ended_at=9)
    with pytest.raises(ValueError):
        door.add(replace(ONE, id="z", document_id=DocumentId("nothing")))
    once = populated.reminders.once
    told = [once("t", AN, "2026-09-30", stage, 5) for stage in ("soon", "soon", "overdue")]
    assert [*told, once("t", BINH, "2026-09-30", "soon", 5), once("t", AN, "2026-10-01", "soon", 5)] == [
        True, False, True, True, True,
    ]  # fmt: skip


def test_every_store_shows_a_deputy_what_they_were_told_until_it_is_taken_back(populated: Store) -> None:
    other = UserId("chi")
    populated.users.create(User(other, "chi", "Chi", "", "", False, "vi", EpochMillis(1)))

    def told(id_: str, news: News, round_id: str | None = None) -> Notification:
        return Notification(id_, other, DRAFT, news, AN, EpochMillis(5), round_id=round_id)

    door = populated.notifications
    door.add([told("a", News.DEPUTY), told("b", News.REMINDED, "r"), told("c", News.MENTIONED)], 9)
    assert [one.id for one in door.for_user(other)] == []
    populated.delegations.add(replace(ONE, deputy=other))
    assert {one.id for one in door.for_user(other)} == {"a"}, "steps are no round"
    populated.delegations.add(replace(ONE, id="y", deputy=other, part=DutyPart.ANSWERS, about="s"))
    assert {one.id for one in door.for_user(other)} == {"a"}, "another round"
    populated.delegations.add(replace(ONE, id="z", deputy=other, part=DutyPart.ANSWERS, about="r"))
    assert {one.id for one in door.for_user(other)} == {"a", "b"}
    assert door.unread(other) == 2
    for id_ in "xyz":
        populated.delegations.end(id_, 9)
    assert not door.for_user(other)


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def hand(here: Office, client: TestClient, part: str, deputy: str, **more: str) -> Any:
    data = {"csrf": here.csrf(client), "act": "give", "part": part, "deputy": f"u-{deputy}"}
    return client.post("/deputies", data=data | {"ends": "2026-12-31"} | more)


def test_a_deputy_answers_a_round_by_name(here: Office) -> None:
    desk = Desk(here)
    round_, _ = desk.ask("commenter", "reader")
    commenter, stranger = here.browser("commenter"), here.browser("stranger")
    path, part = f"/rounds/{round_}/answer", f"answers:{desk.document}:{round_}"
    assert stranger.get(path).status_code == 404
    assert hand(here, here.browser("editor"), part, "stranger").status_code == 409, "nobody else's part"
    assert hand(here, commenter, part, "reader").status_code == 409, "who is asked too"
    assert hand(here, commenter, part, "stranger", ends="2020-01-01").status_code == 400
    assert hand(here, commenter, part, "stranger", reason="Đi công tác").status_code == 303
    assert "Đi công tác" in commenter.get("/deputies").text
    assert path in stranger.get("/").text
    assert "trả lời thay Đồng chí commenter" in stranger.get(path).text
    assert desk.answer(stranger, path, verdict="agree").status_code == 303
    (answer,) = here.store.rounds.answers(round_)
    assert (answer.giver, answer.entered_by, answer.said.verdict) == (
        "Đồng chí commenter", UserId("u-stranger"), Verdict.AGREE,
    )  # fmt: skip
    seen = desk.page(desk.lead, f"/rounds/{round_}")
    assert "Ủy quyền cho Đồng chí stranger đến ngày 31/12/2026" in seen
    assert "Đồng chí stranger trả lời thay theo ủy quyền" in seen
    assert f"/rounds/{round_}/paper?answer=" not in seen
    assert desk.answer(commenter, path, verdict="remarks", general="Thêm").status_code == 303, (
        "who gave it still may"
    )
    (given,) = here.store.delegations.of_person(UserId("u-commenter"))
    ended = {"act": "end", "delegation": given.id}
    assert desk.post(here.browser("reader"), "/deputies", **ended).status_code == 404
    assert desk.post(commenter, "/deputies", **ended).status_code == 303
    assert stranger.get(path).status_code == 404
    log = desk.page(desk.lead, f"/documents/{desk.document}/audit")
    assert log.count("ủy quyền") >= 2, "given and ended"


def test_a_deputy_without_a_part_in_the_document_is_told_what_the_one_they_stand_for_is_told(
    here: Office,
) -> None:
    desk = Desk(here)
    round_, _ = desk.ask("commenter", "reader")
    commenter, stranger = here.browser("commenter"), here.browser("stranger")
    part = f"answers:{desk.document}:{round_}"
    assert hand(here, commenter, part, "stranger").status_code == 303

    def news(user: str) -> list[str]:
        return [one.news.value for one in here.store.notifications.for_user(UserId(f"u-{user}"))]

    assert news("stranger") == ["deputy"]
    assert here.store.notifications.unread(UserId("u-stranger")) == 1
    assert "ủy quyền một phần việc" in stranger.get("/notifications").text
    assert desk.post(desk.lead, f"/rounds/{round_}", do="remind").status_code == 303
    assert news("stranger") == ["reminded", "deputy"]
    assert news("commenter")[0] == news("reader")[0] == "reminded"
    (reminded, _) = here.store.notifications.for_user(UserId("u-stranger"))
    led = stranger.get(f"/notifications/{reminded.id}", follow_redirects=False).headers["location"]
    assert led == f"/rounds/{round_}/answer"
    (given,) = here.store.delegations.of_person(UserId("u-commenter"))
    assert desk.post(commenter, "/deputies", act="end", delegation=given.id).status_code == 303
    assert news("stranger") == []
    assert "ủy quyền một phần việc" not in stranger.get("/notifications").text


def begun(here: Office) -> tuple[str, str, Any]:
    document = here.with_everybody()
    lead = here.browser("lead")
    made = lead.post("/api/dossiers", json={"document": document})
    assert made.status_code == 201, made.text
    return document, made.json()["id"], lead


def part(here: Office, dossier: str, stage: str) -> str:
    """The first step of the plan in this state."""
    plan = parts_of(here.store.dossiers.parts([dossier])[dossier])
    return next(one.id for one in plan if isinstance(one, PlanStep) and one.stage == stage)


def named(client: Any, dossier: str, id_: str, user: str, stage: str) -> int:
    body = {"part": "plan", "title": "Việc", "stage": stage, "user_id": f"u-{user}"}
    return int(client.put(f"/api/dossiers/{dossier}/parts/{id_}", json=body).status_code)


def test_who_is_responsible_or_stands_for_them_says_a_step_is_done(here: Office) -> None:
    document, dossier, lead = begun(here)
    step = part(here, dossier, "drafting")
    assert named(lead, dossier, step, "reader", "drafting") == 204
    reader, commenter = here.browser("reader"), here.browser("commenter")
    done = {"part": step}

    def send(client: Any, **more: str) -> int:
        data = {"csrf": here.csrf(client), **done, **more}
        return int(client.post(f"/dossiers/{dossier}/duties", data=data).status_code)

    assert [send(reader), send(reader, undo="1"), send(commenter)] == [303, 303, 403]
    assert send(here.browser("stranger")) == 404
    assert send(reader, part="x") == 404
    assert hand(here, reader, f"steps:{document}:{step}", "stranger").status_code == 409, "no part in it"
    assert hand(here, reader, f"steps:{document}:{step}", "commenter").status_code == 303
    assert "Ủy quyền cho Đồng chí commenter" in lead.get(f"/dossiers/{dossier}").text
    assert send(commenter) == 303
    assert any(one.news is News.DEPUTY for one in here.store.notifications.for_user(UserId("u-commenter")))
    assert "Đồng chí commenter" in lead.get(f"/dossiers/{dossier}/trail.txt").text


def test_who_a_lead_made_responsible_takes_the_step_and_nobody_who_named_themselves(here: Office) -> None:
    document, dossier, lead = begun(here)
    editor = here.browser("editor")

    def take(client: Any, **body: Any) -> int:
        return int(client.post(f"/api/dossiers/{dossier}/steps", json=body).status_code)

    step = part(here, dossier, "drafting")
    submit = {"act": "submit", "to": "standing1"}
    assert named(editor, dossier, step, "editor", "drafting") == 204
    assert take(editor, **submit) == 403
    assert named(lead, dossier, step, "reader", "drafting") == 204
    assert take(here.browser("reader"), **submit) == 403, "who does not write takes no step"
    assert named(lead, dossier, step, "editor", "drafting") == 204
    assert take(editor, **submit) == 200
    decided = {"act": "decide", "outcome": "passed", "met_on": "2026-09-01", "conclusion": "Thống nhất."}
    assert take(editor, **decided) == 403, "the step the dossier is at is another one"
    assert take(lead, **decided) == 200
    desk = Desk.__new__(Desk)
    desk.office, desk.document, desk.lead = here, document, lead
    desk.version = here.store.versions.for_document(document)[0]  # type: ignore[arg-type]
    round_, _ = desk.ask("commenter")
    assert take(lead, act="gathered") == 200
    closed = here.store.rounds.get(round_)
    assert closed is not None
    assert closed.closed_at is not None, "no opinion comes after they were gathered"
