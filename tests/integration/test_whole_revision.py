"""A whole revision with nine people: from the dossier to the issued regulation, every opinion answered.

A lead, two editors, a clerk, four members and a unit with a private link. The rounds' own pages, the
synthesis, the meeting and the dossier are those an office uses; nothing is put into the store by hand
but the people.
"""

from __future__ import annotations

import hashlib
import html
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import anyio
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.days import field_of
from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Source
from duthao.domain.synthesis.groups import Stance
from duthao.service.forms import printed_of
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.support.office import TestClient
from tests.support.served import enter, house_in, person

DAY = 24 * 3600 * 1000
MEMBERS = ("mot", "hai", "ba", "bon")
UNIT = "Đảng ủy phường Yên Giang"
TEXT = (
    "QUY CHẾ\nLàm việc của Đảng ủy\n\nĐiều 1. Chế độ họp\n1. Ban Thường vụ họp thường kỳ mỗi tháng một lần.\n"
    "2. Thường trực họp hằng tuần.\nĐiều 2. Tài liệu\n1. Tài liệu gửi trước ba ngày làm việc.\n"
    "Điều 3. Hiệu lực\n1. Quy chế có hiệu lực từ ngày ký."
)
MORE = "Tài liệu gửi trước năm ngày làm việc, trừ trường hợp đột xuất."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = house_in(tmp_path_factory.mktemp("house"))

    async def people() -> None:
        async with open_services(made) as services:
            for name in ("an", "binh", "cuc", "dao", *MEMBERS):
                person(services, name)

    anyio.run(people)
    return made


@pytest.fixture
def document(house: Settings) -> DocumentId:
    async def made() -> DocumentId:
        async with open_services(house) as services:
            store = services.tools.store
            an = store.users.by_username("an")
            assert an is not None
            found = await services.documents.create(an, "Quy chế làm việc", TEXT)
            for name in ("binh", "cuc", "dao"):
                store.documents.set_member(Membership(found, UserId(name), Role.EDITOR))
            return found

    return anyio.run(made)


class Revision:
    def __init__(self, client: TestClient, document: DocumentId) -> None:
        self.client, self.document = client, document
        self.services = client.app.state.house.services  # type: ignore[attr-defined]
        self.store = self.services.tools.store
        self.dossier = ""

    def step(self, act: str, state: str, **body: Any) -> dict[str, Any]:
        answer = self.client.post(f"/api/dossiers/{self.dossier}/steps", json={"act": act, **body})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        assert found["state"] == state
        return found

    def refused(self, act: str, code: str, **body: Any) -> None:
        answer = self.client.post(f"/api/dossiers/{self.dossier}/steps", json={"act": act, **body})
        assert answer.json()["error"]["code"] == code

    def write(self, name: str, old: str, new: str) -> None:
        """What one of the team types."""
        rooms = self.client.app.state.house.rooms  # type: ignore[attr-defined]

        async def typed() -> None:
            draft, _ = await rooms.read(self.document)
            provisions = tuple(replace(p, text=p.text.replace(old, new)) for p in draft.provisions)
            assert provisions != draft.provisions
            await rooms.restore(self.document, replace(draft, provisions=provisions), UserId(name))

        assert self.client.portal is not None
        self.client.portal.call(typed)

    def form(self, path: str, needle: str = "") -> dict[str, str]:
        """The hidden fields of the page's form in which `needle` stands."""
        page = self.page(path)
        forms = [one.split("</form>")[0] for one in page.split("<form")[1:]]
        form = next(one for one in forms if 'method="post"' in one and needle in one and "/logout" not in one)
        found = re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form)
        return {name: html.unescape(value) for name, value in found}

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
        return str(answer.text)

    def send(self, path: str, needle: str = "", **fields: str) -> Any:
        answer = self.client.post(path, data=self.form(path, needle) | fields)
        assert answer.status_code in (200, 303), re.findall(r'role="alert".*?</', answer.text, re.S)
        return answer

    def text(self) -> str:
        return str(self.client.get(f"/api/documents/{self.document}/text").text)

    def id_of(self, words: str) -> str:
        async def read() -> str:
            draft, _ = await self.services.tools.rooms.read(self.document)
            return next(one.id for one in draft.provisions if words in one.text)

        assert self.client.portal is not None
        return str(self.client.portal.call(read))


@pytest.fixture
def revision(house: Settings, document: DocumentId) -> Iterator[Revision]:
    with TestClient(build_app(house), base_url="http://testserver", follow_redirects=False) as client:
        enter(client, "an")
        yield Revision(client, document)


PASSED = {"met_on": "2020-02-03", "outcome": "passed", "conclusion": "Thống nhất"}
VOTE = {"favour": 12, "against": 1, "other": 0, "absent": 2, "chair_for": None}


def test_a_whole_revision(revision: Revision) -> None:
    one, client, document = revision, revision.client, revision.document
    made = client.post("/api/dossiers", json={"document": document, "term": "2025–2030"})
    one.dossier = made.json()["id"]

    # Drafted by two, returned once by the standing committee, sent out as the second numbered draft.
    one.write("binh", "ba ngày", "bốn ngày")
    one.step("submit", "standing1", to="standing1")
    back = {"met_on": "2020-02-03", "outcome": "returned", "back_to": "drafting"}
    one.step("decide", "drafting", **back, conclusion="Thêm căn cứ")
    one.write("cuc", "hằng tuần", "vào thứ Hai hằng tuần")
    one.step("submit", "standing1", to="standing1")
    one.step("decide", "opinions", **PASSED)
    frozen = next(v for v in one.store.versions.for_document(document) if v.number == 2)
    frozen = one.store.versions.get(frozen.id)

    # A round with a deadline: four members and a unit are asked.
    deadline = field_of(time.time_ns() // 1_000_000 + 2 * DAY)
    sent = one.send(
        f"/documents/{document}/rounds", "deadline", version=frozen.id, deadline=deadline, units=UNIT,
        question="Đồng chí có nhất trí không?", **{f"member-{name}": "1" for name in MEMBERS},
    )  # fmt: skip
    link = re.search(r'value="http://testserver(/answer/[^"]+)"', sent.text)
    assert link is not None
    (round_,) = one.store.rounds.for_document(document)
    papers = one.id_of("Tài liệu gửi")

    # Two members answer, one of them by the same words as the unit; one on paper; one is silent.
    enter(client, "mot")
    mine = f"/rounds/{round_.id}/answer"
    wish = {"on-1": papers, "text-1": "Đề nghị gửi tài liệu trước năm ngày làm việc."}
    one.send(mine, "edition", do="send", verdict="remarks", **wish)
    enter(client, "hai")
    one.send(mine, "edition", do="send", verdict="agree")
    client.post("/api/logout")
    client.cookies.clear()
    wish = {"on-1": papers, "text-1": "đề nghị gửi tài liệu trước năm ngày làm việc"}
    one.send(link[1], "edition", do="send", verdict="remarks", general="Rà soát thể thức.", **wish)
    assert client.get(f"/documents/{document}").status_code == 303
    enter(client, "dao")
    paper = {"way": "paper", "giver": "", "verdict": "disagree", "letter": "CV số 12, trang 2"}
    asked = next(i for i in one.store.rounds.invitations(round_.id) if i.user_id == UserId("ba"))
    one.send(
        f"/rounds/{round_.id}/paper", "giver", invitation=asked.id, do="enter",
        at=field_of(time.time_ns() // 1_000_000),
        **paper, **{"on-1": "", "text-1": "Chưa cần sửa quy chế lúc này."},
    )  # fmt: skip

    enter(client, "an")
    page = one.page(f"/rounds/{round_.id}")
    assert "Chưa cần sửa quy chế lúc này." in page
    opinions = one.store.opinions.for_document(document)
    assert sorted(o.giver for o in opinions if o.provision == papers) == sorted(["Ông mot", UNIT])
    assert len(opinions) == 4
    one.step("gathered", "synthesis")
    one.refused("submit", "opinions_unanswered", to="standing2")

    # The two that ask for the same are one; the change is written and every group answered.
    base = f"/documents/{document}/opinions"
    board = revision.client.portal.call(_board, one)  # type: ignore[union-attr]
    same = [heap.id for heap in board.heaps if heap.opinions[0].provision == papers]
    assert len(same) == 2
    one.send(base, "join", do="join", **{f"heap-{id_}": "on" for id_ in same})
    one.write("an", "Tài liệu gửi trước bốn ngày làm việc.", MORE)
    board = revision.client.portal.call(_board, one)  # type: ignore[union-attr]
    assert [len(heap.opinions) for heap in board.heaps if heap.opinions[0].provision == papers] == [2]
    for heap in board.heaps:
        about = heap.opinions[0].provision == papers
        said = {"stance": "adopted", f"change-{papers}": "on"} if about else {"stance": "kept"}
        one.send(f"{base}/{heap.id}", "edition", do="answer", text="Đã xem xét.", responsible="", **said)
    assert revision.client.portal.call(_left, one) == 0  # type: ignore[union-attr]

    # Three levels; in the last the meeting changes words itself.
    one.step("submit", "standing2", to="standing2")
    one.step("decide", "standing2", **PASSED)
    one.step("submit", "bureau", to="bureau")
    one.step("decide", "bureau", **PASSED, vote=VOTE)
    one.step("submit", "committee", to="committee")
    meeting = f"/documents/{document}/meeting?at=1&meeting=Hội nghị BCH"
    first = one.id_of("vào thứ Hai")
    decided = "Thường trực họp vào sáng thứ Hai hằng tuần."
    one.send(meeting, f'value="{first}"', do="change", wording=decided, conclusion="Họp buổi sáng.")
    one.step("decide", "adopted", **PASSED, vote=VOTE)
    one.step("finish", "finishing")
    one.step("appraise", "finishing", good=True)
    one.step("issue", "issued", number="05-QC/ĐU", dated="2020-02-03")

    # The live draft says what is in force now: it is no draft with a number.
    assert printed_of(one.store, document, None).draft_number is None
    assert printed_of(one.store, document, frozen).draft_number == frozen.number

    # What is in force is what was decided; what was frozen is what it was; every opinion is answered.
    record = one.store.documents.get(document)
    issued = one.store.versions.get(record.current_version)
    for words in (MORE, decided):
        assert words in issued.tree.decode()
    assert one.store.versions.get(frozen.id) == frozen
    assert hashlib.sha256(frozen.tree).hexdigest() == frozen.sha256
    assert "bốn ngày" in frozen.tree.decode()
    board = revision.client.portal.call(_board, one)  # type: ignore[union-attr]
    assert board.unanswered == 0
    assert {o.source for heap in board.heaps for o in heap.opinions} == {Source.ROUND, Source.MEETING}
    joined = next(heap for heap in board.heaps if len(heap.opinions) == 2)
    assert joined.group.answer is not None
    assert joined.group.answer.stance is Stance.ADOPTED
    assert [link.change.after for link, _ in joined.led] == [MORE]
    for path in (f"{base}.pdf", f"/documents/{document}/comparison.pdf", f"/documents/{document}/draft.pdf"):
        assert client.get(path).content.startswith(b"%PDF-")
    trail = client.get(f"/api/dossiers/{one.dossier}/trail").json()["trail"]
    assert len(trail) >= 12


async def _board(one: Revision) -> Any:
    return await one.services.syntheses.board(one.store.users.get(UserId("an")), one.document)


async def _left(one: Revision) -> int:
    return int(await one.services.syntheses.unanswered(one.document))
