"""The story of a dossier tells what happened to the opinions too, to each as much as they may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from duthao.domain.document import DocumentId
from duthao.domain.opinions import Opinion, Source
from tests.integration.test_rounds_pages import DAY, UNIT, Desk
from tests.support.office import office


@pytest.fixture
def desk() -> Iterator[Desk]:
    with office() as made:
        yield Desk(made)


def told(desk: Desk, name: str, dossier: str) -> list[dict[str, Any]]:
    answer = desk.office.browser(name).get(f"/api/dossiers/{dossier}/trail")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["trail"])


def test_rounds_answers_and_what_a_meeting_decided_stand_in_the_story(desk: Desk) -> None:
    before, _ = desk.ask("reader", name="Trước khi có hồ sơ")
    desk.office.clock.now += 1000
    lead, document = desk.lead, DocumentId(desk.document)
    dossier = lead.post("/api/dossiers", json={"document": document}).json()["id"]
    member = {"part": "person", "name": "", "user_id": "u-stranger", "task": "Rà soát"}
    assert lead.post(f"/api/dossiers/{dossier}/parts", json=member).status_code == 201
    desk.office.clock.now += 1000
    round_, links = desk.ask("commenter", units=UNIT, name="Các ban")
    commenter = desk.office.browser("commenter")
    desk.answer(commenter, f"/rounds/{round_}/answer", verdict="remarks", general="Nên rõ hơn")
    desk.answer(desk.office.browser(), links[0], verdict="agree")
    desk.office.clock.now += 1000
    assert desk.post(lead, f"/rounds/{round_}", do="close").status_code == 303
    (opinion,) = desk.office.store.opinions.for_round(round_)
    said = {"do": "answer", "edition": "0", "stance": "kept", "text": "Đã rõ"}
    opinions = f"/documents/{document}/opinions"
    assert desk.post(lead, f"{opinions}/{opinion.id}", **said).status_code == 303
    desk.office.clock.now += 1000
    assert desk.post(lead, opinions, do="send").status_code == 303
    at = desk.office.clock.now + 1
    meeting = Opinion("m", document, Source.MEETING, "", None, "Hội nghị A", None, None, None, "Giữ nguyên",
                      "", "", False, at)  # fmt: skip
    desk.office.store.opinions.add([meeting])
    rows = [(one["by"], one["did"], one["said"]) for one in told(desk, "lead", dossier)]
    deadline = rows[2][1].rpartition("hạn ")[2]
    assert rows[2:] == [
        ("Đồng chí lead", f"mở Đợt lấy ý kiến 2 (Các ban): hỏi 2 nơi, hạn {deadline}",
         "Đồng chí có đồng ý với dự thảo không?"),
        ("Tổ soạn thảo", "nhận 2 trả lời của Đợt lấy ý kiến 2 (Các ban)", f"Đồng chí commenter, {UNIT}"),
        ("Tổ soạn thảo", "kết thúc Đợt lấy ý kiến 2 (Các ban)", ""),
        ("Tổ soạn thảo", "gửi 1 trả lời cho người góp ý", ""),
        ("Hội nghị A", "quyết định", "Giữ nguyên"),
    ]  # fmt: skip
    assert before not in str(rows)
    # Readers are not told whose answers came, the group alone nothing of the draft.
    came = {name: told(desk, name, dossier) for name in ("editor", "reader", "stranger")}
    assert [one[3]["said"] for one in came.values()] == [f"Đồng chí commenter, {UNIT}", "", ""]
    assert [one[-1]["said"] for one in came.values()] == ["Giữ nguyên", "Giữ nguyên", ""]
    text = lead.get(f"/dossiers/{dossier}/trail.txt").text
    assert "Hội nghị A: quyết định\n    Giữ nguyên" in text
    assert len(lead.get(f"/dossiers/{dossier}/trail.csv").text.splitlines()) == 1 + len(rows)
    assert "nhận 2 trả lời" in lead.get(f"/dossiers/{dossier}").text


def test_answers_of_two_days_are_two_lines(desk: Desk) -> None:
    dossier = desk.lead.post("/api/dossiers", json={"document": desk.document}).json()["id"]
    round_, links = desk.ask("commenter", units=UNIT)
    desk.answer(desk.office.browser("commenter"), f"/rounds/{round_}/answer", verdict="agree")
    desk.office.clock.now += DAY
    desk.answer(desk.office.browser(), links[0], verdict="agree")
    came = [one["said"] for one in told(desk, "lead", dossier) if "nhận 1 trả lời" in one["did"]]
    assert came == ["Đồng chí commenter", UNIT]
