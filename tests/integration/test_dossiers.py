"""A dossier over real rooms, from the plan to the issue: the API, the pages without script, the trail."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import anyio
import docx
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Opinion, Source
from duthao.domain.rounds import Round
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.integration.test_beside_api import TEXT
from tests.support.office import TestClient
from tests.support.served import enter, house_in, person


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = house_in(tmp_path_factory.mktemp("house"))

    async def people() -> None:
        async with open_services(made) as services:
            for name in ("an", "binh", "chi", "dung"):
                person(services, name)

    anyio.run(people)
    return made


@pytest.fixture
def document(house: Settings) -> DocumentId:
    """Led by an, written by binh."""

    async def made() -> DocumentId:
        async with open_services(house) as services:
            an = services.tools.store.users.by_username("an")
            assert an is not None
            made = await services.documents.create(an, "Quy chế làm việc", TEXT)
            services.tools.store.documents.set_member(Membership(made, UserId("binh"), Role.EDITOR))
            return made

    return anyio.run(made)


@pytest.fixture
def client(house: Settings, document: DocumentId) -> Iterator[TestClient]:
    with TestClient(build_app(house), base_url="http://testserver") as client:
        enter(client, "an")
        yield client


def begun(client: TestClient, document: DocumentId) -> str:
    answer = client.post("/api/dossiers", json={"document": document, "term": "2025–2030"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def step(client: TestClient, dossier: str, act: str, **body: Any) -> Any:
    return client.post(f"/api/dossiers/{dossier}/steps", json={"act": act, **body})


def taken(client: TestClient, dossier: str, act: str, state: str, **body: Any) -> None:
    answer = step(client, dossier, act, **body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == state


def refused(answer: Any, code: str) -> None:
    assert answer.json()["error"]["code"] == code, answer.text


def write(client: TestClient, document: DocumentId, words: str) -> None:
    rooms = client.app.state.house.rooms  # type: ignore[attr-defined]

    async def revise() -> None:
        draft, _ = await rooms.read(document)
        first = replace(draft.provisions[-1], text=words)
        await rooms.restore(
            document, replace(draft, provisions=(*draft.provisions[:-1], first)), UserId("an")
        )

    assert client.portal is not None
    client.portal.call(revise)


PASSED = {"met_on": "2020-02-03", "outcome": "passed", "conclusion": "Thống nhất"}
VOTE = {"favour": 12, "against": 1, "other": 1, "absent": 1, "chair_for": None}


def test_a_revision_goes_from_the_plan_to_its_issue(client: TestClient, document: DocumentId) -> None:
    dossier = begun(client, document)
    shown = client.get(f"/api/dossiers/{dossier}").json()
    assert shown["state"] == "drafting"
    assert [one["key"] for one in shown["parts"] if one["part"] == "plan"][:2] == ["group", "procedure"]
    refused(client.post("/api/dossiers", json={"document": document}), "dossier_exists")
    refused(step(client, dossier, "issue", number="1", dated="2020-02-03"), "step_not_now")

    write(client, document, "câu chữ của dự thảo lần một")
    consent = next(one for one in shown["parts"] if one.get("key") == "consent")
    mine = f"/api/dossiers/{dossier}/parts/{consent['id']}"
    assert client.put(mine, json=consent | {"user_id": "binh", "title": ""}).status_code == 204
    taken(client, dossier, "submit", "standing1", to="standing1", edition=1, name="Trình Thường trực")
    store = client.app.state.house.services.tools.store  # type: ignore[attr-defined]
    told = [one.news.value for one in store.notifications.for_user(UserId("binh"))]
    assert sorted(told[:2]) == ["tasked", "waiting"]
    refused(step(client, dossier, "gathered", edition=1), "dossier_changed")
    back = {"met_on": "2020-02-03", "outcome": "returned", "back_to": "drafting"}
    refused(step(client, dossier, "decide", **back, conclusion=" "), "conclusion_missing")
    taken(client, dossier, "decide", "drafting", **back, conclusion="Viết lại Điều 2")
    write(client, document, "câu chữ của dự thảo lần hai")
    taken(client, dossier, "submit", "standing1", to="standing1")
    taken(client, dossier, "decide", "opinions", **PASSED)

    opinion = Opinion("o1", document, Source.ROUND, "a", None, "Ban Tổ chức", None, None, None,
                      "Bỏ câu này", "", "", False, 1)  # fmt: skip
    store.opinions.add([opinion])
    round_ = Round("r", document, 0, "v", None, "Lần 1", "", 2**41, False, False, UserId("an"), 5)
    store.rounds.create(round_, [])
    assert "Còn 1 đợt lấy ý kiến đang mở" in client.get(f"/dossiers/{dossier}").text
    taken(client, dossier, "gathered", "synthesis")
    answer = step(client, dossier, "submit", to="standing2")
    refused(answer, "opinions_unanswered")
    assert answer.json()["error"]["details"] == {"n": 1}
    numbers = [one["number"] for one in client.get(f"/api/documents/{document}/versions").json()["versions"]]
    assert numbers == [2, 1, None]  # What was refused froze nothing.
    answer_opinion(client, document, opinion)

    taken(client, dossier, "submit", "standing2", to="standing2")
    taken(client, dossier, "decide", "standing2", **PASSED)
    taken(client, dossier, "submit", "bureau", to="bureau")
    refused(step(client, dossier, "decide", **PASSED), "vote_missing")
    lost = VOTE | {"favour": 1, "other": 12}
    refused(step(client, dossier, "decide", **PASSED, vote=lost), "vote_no_majority")
    taken(client, dossier, "decide", "bureau", **PASSED, vote=VOTE)
    taken(client, dossier, "submit", "committee", to="committee")
    taken(client, dossier, "decide", "adopted", **PASSED, vote=VOTE)
    taken(client, dossier, "finish", "finishing")
    refused(step(client, dossier, "issue", number="05-QC/TU", dated="2020-02-03"), "appraisal_missing")
    taken(client, dossier, "appraise", "finishing", good=True)
    old = store.documents.get(document).current_version
    taken(client, dossier, "issue", "issued", number="05-QC/TU", dated="2020-02-03")
    refused(step(client, dossier, "appraise", good=True), "step_not_now")

    record = store.documents.get(document)
    current = store.versions.get(record.current_version)
    assert record.current_version != old
    assert "câu chữ của dự thảo lần hai" in current.tree.decode()
    front = json.loads(current.tree)["front"]
    assert (front["number"], front["date"]) == ("05-QC/TU", "ngày 03 tháng 02 năm 2020")
    assert client.get(f"/documents/{document}/history").status_code == 200
    shown = client.get(f"/api/dossiers/{dossier}").json()
    assert [one["number"] for one in shown["editions"]] == ["05-QC/TU"]
    submitted = [one for one in shown["steps"] if one["act"] == "submit"]
    assert [one["number"] for one in submitted] == [1, 2, 3, 4, 5]
    for one in submitted:
        assert store.versions.get(one["version_id"]).sha256 == one["sha256"]
        table = client.get(f"/api/dossiers/{dossier}/submissions/{one['number']}/table").content
        assert hashlib.sha256(table).hexdigest() == one["table_sha256"]
    assert "lần một" in store.versions.get(submitted[0]["version_id"]).tree.decode()

    page = client.get(f"/dossiers/{dossier}").text
    assert f"/dossiers/{dossier}/meetings/5/minutes.pdf" in page
    word = client.get(f"/dossiers/{dossier}/meetings/5/minutes.docx").content
    said = " ".join(p.text for p in docx.Document(io.BytesIO(word)).paragraphs)
    assert "Ban Chấp hành thông qua Dự thảo lần 5." in said
    assert client.get(f"/dossiers/{dossier}/submissions/5/ballot.docx").status_code == 200
    assert client.get(f"/dossiers/{dossier}/meetings/6/minutes.docx").status_code == 404
    assert "Viết lại Điều 2" in page
    assert "12 tán thành" in page
    rows = client.get(f"/dossiers/{dossier}/trail.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + len(client.get(f"/api/dossiers/{dossier}/trail").json()["trail"])
    assert "ban hành số 05-QC/TU" in rows[-1]
    versions = client.get(f"/documents/{document}/versions").text
    assert "Văn bản ban hành: 05-QC/TU" in versions
    # The text in force before is offered, called what it is now, wherever a text is chosen or shown.
    assert "Văn bản hiện hành trước đây" in versions
    room = client.get(f"/documents/{document}").text
    island = json.loads(room.split('id="page-data">')[1].split("</script>")[0])
    offered = {one["id"]: (one["name"], one["in_force"]) for one in island["versions"]}
    assert offered[old] == ("Văn bản hiện hành trước đây", False)
    assert offered[record.current_version] == ("Văn bản ban hành: 05-QC/TU · 03/02/2020", True)
    beside = client.post(f"/api/documents/{document}/beside", json={"before": old}).json()
    assert beside["title"] == "Văn bản hiện hành trước đây"
    assert "đã được thay thế" in versions
    # The document is free for the next revision, whose editions tell of this one.
    after = begun(client, document)
    assert "05-QC/TU" in client.get(f"/dossiers/{after}").text


def answer_opinion(client: TestClient, document: DocumentId, opinion: Opinion) -> None:
    from duthao.domain.synthesis.groups import Answer, Change, Group, Stance

    store = client.app.state.house.services.tools.store  # type: ignore[attr-defined]
    answer = Answer(next(iter(Stance)), "Tiếp thu", UserId("an"), 2)
    assert store.syntheses.keep(document, Change((Group("g", document, (opinion.id,), 1, answer=answer),)))


def test_the_working_group_keeps_its_plan(client: TestClient, document: DocumentId) -> None:
    dossier = begun(client, document)
    parts = f"/api/dossiers/{dossier}/parts"
    late = {"part": "plan", "title": "Họp tổ", "due": "2020-01-01", "user_id": "binh"}
    made = client.post(parts, json=late)
    assert made.status_code == 201, made.text
    (listed,) = [one for one in client.get("/api/dossiers").json()["dossiers"] if one["id"] == dossier]
    assert (listed["late"], listed["mine"]) == (1, 0)
    page = client.get("/dossiers").text
    assert "1 việc quá hạn" in page
    refused(client.post(parts, json={"part": "plan", "title": " "}), "part_empty")
    refused(client.post(parts, json={"part": "nothing"}), "part_unknown")
    refused(client.post(parts, json=late | {"due": "mai"}), "field_bad")
    refused(client.post(parts, json=late | {"begins": "2021-01-01"}), "plan_dates_bad")
    refused(client.post(parts, json={"part": "person", "name": "x", "user_id": "nobody"}), "user_not_found")
    refused(client.put(f"{parts}/nothing", json=late), "part_not_found")
    refused(client.post(parts, json={"part": "paper", "kind": "report", "name": "", "document_id": "x"}),
            "document_not_found")  # fmt: skip
    assert client.post(parts, json={"part": "person", "name": "", "user_id": "chi"}).status_code == 201
    task = {
        "part": "person",
        "name": "Văn phòng HĐND",
        "task": "Rà soát quan hệ công tác",
        "due": "2020-01-01",
    }
    assert client.post(parts, json=task).status_code == 201
    assert "2 việc quá hạn" in client.get("/dossiers").text
    page = client.get(f"/dossiers/{dossier}").text
    assert "<strong>Rà soát quan hệ công tác</strong> · 01/01/2020 · Văn phòng HĐND" in page
    paper = {"part": "paper", "kind": "report", "name": "", "document_id": document}
    assert client.post(parts, json=paper).status_code == 201
    source = {"part": "source", "origin": "gap", "text": "=HYPERLINK()"}
    assert client.post(parts, json=source).status_code == 201
    assert "'=" not in client.get(f"/dossiers/{dossier}/trail.csv").text  # It stands within a sentence.
    done = client.put(f"{parts}/{made.json()['id']}", json=late | {"done_on": "2020-01-01"})
    assert done.status_code == 204
    assert client.get(f"/api/dossiers/{dossier}").json()["duties"][1]["standing"] == "now"
    assert client.delete(f"{parts}/{made.json()['id']}").status_code == 204
    said = client.get(f"/dossiers/{dossier}/trail.txt").text
    assert "bỏ việc trong kế hoạch: Họp tổ" in said

    enter(client, "binh")
    assert client.get("/api/notifications/unread").json()["unread"] >= 1
    assert "giao việc" in client.get("/notifications").text
    assert client.get(f"/documents/{document}/dossier").url.path == f"/dossiers/{dossier}"
    refused(step(client, dossier, "submit", to="standing1"), "not_allowed")
    # Who is of the group alone sees the dossier and not the draft.
    enter(client, "chi")
    assert "giao việc" in client.get("/notifications").text
    assert client.get("/api/notifications/unread").json()["unread"] == 1
    assert client.get(f"/documents/{document}/dossier").url.path == f"/dossiers/{dossier}"
    shown = client.get(f"/dossiers/{dossier}")
    assert shown.status_code == 200
    assert f"/documents/{document}" not in shown.text
    refused(client.post(parts, json=late), "not_allowed")
    refused(client.get(f"/api/dossiers/{dossier}/submissions/1/table"), "not_allowed")
    enter(client, "dung")
    refused(client.get(f"/api/dossiers/{dossier}"), "dossier_not_found")
    assert client.get("/api/dossiers").json() == {"dossiers": []}
    enter(client, "an")


def test_the_page_leads_to_the_text_in_force_to_the_meeting_and_to_comments_nobody_answers(
    client: TestClient, document: DocumentId
) -> None:
    dossier = begun(client, document)
    base = f"/documents/{document}"

    def page() -> str:
        return client.get(f"/dossiers/{dossier}").text

    store = client.app.state.house.services.tools.store  # type: ignore[attr-defined]
    current = store.documents.get(document).current_version
    assert f'href="{base}/versions/{current}"' in page()
    assert f'href="{base}/meeting"' not in page()
    taken(client, dossier, "submit", "standing1", to="standing1")
    assert f'href="{base}/meeting"' in page()
    taken(client, dossier, "decide", "opinions", **PASSED)
    assert f'href="{base}/meeting"' not in page(), "the level has heard it"

    def comment(text: str) -> Any:
        body = {"text": text, "anchor": {"on": "document"}}
        return client.post(f"/api/documents/{document}/comments", json=body).json()

    first, _ = comment("Nên rõ hơn"), comment("Bỏ Điều 2")
    assert "chưa đưa vào tổng hợp: 2" in page()
    resolve = f"/api/documents/{document}/comments/{first['id']}/resolve"
    assert client.post(resolve, json={"edition": 1}).status_code == 204
    assert "chưa đưa vào tổng hợp: 1" in page()
    csrf = page().split('name="csrf" value="')[1].split('"')[0]
    client.post(f"{base}/opinions", data={"csrf": csrf, "do": "gather", "comments": "on"})
    assert "chưa đưa vào tổng hợp" not in page()


def test_every_form_works_without_script(client: TestClient, document: DocumentId) -> None:
    page = client.get(f"/documents/{document}/dossier")
    assert page.url.path == "/dossiers/new"
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    sent = {"csrf": csrf, "document": document, "title": "", "kind": "resolution", "term": ""}
    made = client.post("/dossiers/new", data=sent)
    assert made.status_code == 200
    path = made.url.path
    assert "Phân công ủy viên" in made.text
    assert client.post("/dossiers/new", data=sent).status_code == 409

    part = {"csrf": csrf, "part": "plan", "id": "", "title": "Họp báo", "stage": "", "due": "2020-01-01",
            "user_id": "", "who": "Chị Chi", "done": "1", "done_on": ""}  # fmt: skip
    assert "Họp báo" in client.post(f"{path}/parts", data=part).text
    rules = {"csrf": csrf, "title": "Nghị quyết", "final": "bureau", "majority": "two_thirds",
             "voting-bureau": "1", "direct": "1"}  # fmt: skip
    assert client.post(f"{path}/rules", data=rules).status_code == 200
    assert client.post(f"{path}/rules", data=rules | {"final": "issued"}).status_code == 400

    def take(act: str, edition: int, **fields: str) -> Any:
        sent = {"csrf": csrf, "act": act, "edition": str(edition), **fields}
        for language in ("en", "vi"):  # Every sentence of every state is there, in both.
            shown = client.get(f"{path}?lang={language}").text
            assert not re.findall(r"\[[a-z]+\.[a-z._]+\]", shown)
        return client.post(f"{path}/steps", data=sent)

    assert "Dự thảo lần 1" in take("submit", 2, to="standing2").text
    said = {"met_on": "2020-02-03", "conclusion": "Thống nhất", "outcome": "passed", "back_to": "drafting"}
    assert take("decide", 3, **said).status_code == 200
    assert take("submit", 4, to="bureau").status_code == 200
    lost = take("decide", 5, **said, favour="7", against="5", other="", absent="0", chair_for="")
    assert lost.status_code == 409
    assert 'value="7"' in lost.text  # What was typed is still there.
    assert take("decide", 5, **said, favour="x", against="", other="", absent="").status_code == 400
    assert "Thông qua" in take("decide", 5, **said, favour="8", against="4", other="", absent="0").text
    assert take("finish", 6, note="Rà lại thể thức").status_code == 200
    assert take("appraise", 7, good="1", text="").status_code == 200
    issued = take("issue", 8, number="12-NQ/TU", dated="2020-02-03", in_force="")
    assert "12-NQ/TU" in issued.text
    # What was adopted gives tasks: the way to them is where one sees that it was.
    assert f'href="/documents/{document}/tasks"' in issued.text
    assert f'href="/documents/{document}/tasks"' not in lost.text
    assert take("watch", 9, who="Văn phòng").status_code == 200
    assert client.get(f"{path}?lang=en").status_code == 200
    assert json.loads(client.get(f"/api{path}").text)["state"] == "watched"
