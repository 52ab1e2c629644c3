"""Opinions over real rooms: gathered, grouped, answered, linked to the words they led to, sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import anyio
import pytest
from docx import Document as open_docx
from httpx2 import Response

from duthao.bootstrap import build_app, open_services
from duthao.domain.anchors import On
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.opinions import Opinion, Source
from duthao.service.comments import Place, Said
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.integration.test_beside_api import TEXT
from tests.support.office import TestClient
from tests.support.served import enter, house_in, person

CHI = UserId("chi")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = house_in(tmp_path_factory.mktemp("house"))

    async def people() -> None:
        async with open_services(made) as services:
            for name in ("an", "binh", "chi"):
                person(services, name)

    anyio.run(people)
    return made


class Desk:
    """A document led by an, commented on by binh, read by chi, with a draft sent out and four opinions."""

    def __init__(self, document: DocumentId, version: str, provisions: list[str]) -> None:
        self.id, self.version, self.provisions = document, version, provisions
        self.path = f"/documents/{document}/opinions"


@pytest.fixture
def desk(house: Settings) -> Desk:
    async def made() -> Desk:
        async with open_services(house) as services:
            store = services.tools.store
            an, binh = (store.users.get(UserId(name)) for name in ("an", "binh"))
            assert an is not None
            assert binh is not None
            id_ = await services.documents.create(an, "Quy chế", TEXT)
            store.documents.set_member(Membership(id_, UserId("binh"), Role.COMMENTER))
            store.documents.set_member(Membership(id_, CHI, Role.READER))
            version = await services.versions.save(an, id_, "", numbered=True)
            draft, _ = await services.tools.rooms.read(id_)
            ids = [one.id for one in draft.provisions]

            def opinion(n: int, giver: str, provision: str | None, text: str) -> Opinion:
                user = binh.id if giver == binh.name else None
                return Opinion(
                    f"o{n}{id_}", id_, Source.ROUND, "", None, giver, user, version.id, provision, text, "",
                    "CV số 5", False, n,
                )  # fmt: skip

            store.opinions.add(
                [
                    opinion(1, "Sở Nội vụ", None, "Rà soát thể thức <b>"),
                    opinion(2, "Sở Nội vụ", ids[2], "Đề nghị bỏ khoản này vì trùng Điều 2."),
                    opinion(
                        3, binh.name, ids[1], "Đề nghị họp mỗi tháng hai lần.\n\nThêm người ghi biên bản."
                    ),
                    opinion(4, "Ban Tổ chức", ids[2], "Đồng chí Lê đề nghị bãi bỏ khoản 2"),
                ]
            )
            await services.comments.begin(binh, id_, Said("Nên nói rõ hơn"), Place(On.PROVISION, ids[4]))
            return Desk(id_, version.id, list(ids))

    return anyio.run(made)


@pytest.fixture
def client(house: Settings) -> Iterator[TestClient]:
    with TestClient(build_app(house), base_url="http://testserver") as made:
        enter(made, "an")
        yield made


def csrf(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/notifications").text)
    assert found is not None
    return found.group(1)


def send(client: TestClient, path: str, **fields: str) -> str:
    answer = client.post(path, data={"csrf": csrf(client), **fields}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def change(client: TestClient, desk: Desk, edit: Callable[[Document], Document]) -> None:
    rooms = client.app.state.house.rooms  # type: ignore[attr-defined]

    async def write() -> None:
        draft, _ = await rooms.read(desk.id)
        await rooms.restore(desk.id, edit(draft), UserId("an"))

    client.portal.call(write)  # type: ignore[union-attr]


def reworded(provision: str, old: str, new: str) -> Callable[[Document], Document]:
    return lambda draft: replace(
        draft,
        provisions=tuple(
            replace(one, text=one.text.replace(old, new)) if one.id == provision else one
            for one in draft.provisions
        ),
    )


def heaps(page: str) -> list[str]:
    return re.findall(r'class="opinion" id="o-([^"]+)"', page)


def test_opinions_stand_in_order_and_comments_are_gathered_once(client: TestClient, desk: Desk) -> None:
    page = client.get(desk.path).text
    assert "Còn 4 ý kiến chưa trả lời" in page
    assert heaps(page) == [f"o{n}{desk.id}" for n in (3, 2, 4, 1)]
    assert "&lt;b&gt;" in page
    page = send(client, desk.path, do="gather", comments="on")
    assert "Còn 5 ý kiến chưa trả lời" in page
    assert "Nên nói rõ hơn" in page
    assert "5" in send(client, desk.path, do="gather", comments="on", proposals="on")
    assert len(heaps(client.get(desk.path).text)) == 5
    assert heaps(client.get(f"{desk.path}?giver=Sở Nội vụ&article=other").text) == [f"o1{desk.id}"]
    assert heaps(client.get(f"{desk.path}?article=dieu:2").text)[0].startswith("comment:")
    assert heaps(client.get(f"{desk.path}?state=done&page=99999").text) == []


def test_what_is_suggested_is_joined_or_declined(client: TestClient, desk: Desk) -> None:
    page = client.get(f"{desk.path}/suggestions").text
    two, four = f"heap-o2{desk.id}", f"heap-o4{desk.id}"
    assert two in page
    assert four in page
    assert "Không còn ý kiến" in send(client, desk.path, do="decline", **{two: "on", four: "on"})
    page = send(client, desk.path, do="join", **{two: "on", four: "on"})
    assert "Ý kiến (2)" in page
    assert len(heaps(client.get(desk.path).text)) == 3
    assert client.post(desk.path, data={"csrf": csrf(client), "do": "join", two: "on"}).status_code == 404


def answers_in(answer: Response) -> int:
    """How often an answer of the table is told; every word of a Word file's table counts."""
    if answer.headers["content-type"].startswith("text/html"):
        return answer.text.count('data-answered="1"')
    cells = [cell.text for row in open_docx(BytesIO(answer.content)).tables[0].rows for cell in row.cells]
    return sum("Tiếp thu" in cell and "Dự thảo" in cell for cell in cells)


def sources_in(client: TestClient, desk: Desk) -> str:
    """The column of sources of the printed comparison."""
    printed = client.get(f"/documents/{desk.id}/comparison.docx?columns=4&before={desk.version}")
    head, *rows = open_docx(BytesIO(printed.content)).tables[0].rows
    assert head.cells[4].text == "NGUỒN"
    return "\n".join(row.cells[4].text for row in rows)


def led(client: TestClient, desk: Desk) -> dict[str, list[str]]:
    """What the comparison's page says of its rows."""
    answer = client.get(f"/api/documents/{desk.id}/opinions/led")
    assert answer.status_code == 200
    return dict(answer.json()["led"])


def test_an_answer_leads_to_the_words_changed_and_back_to_who_asked(client: TestClient, desk: Desk) -> None:
    heap, clause = f"o3{desk.id}", desk.provisions[1]
    assert led(client, desk) == {}
    change(client, desk, reworded(clause, "mỗi tháng một lần", "mỗi tháng hai lần"))
    form = client.get(f"{desk.path}/{heap}?part=1").text
    assert f'name="change-{clause}"' in form
    assert "<html" not in form
    said = {
        "edition": "0",
        "stance": "adopted",
        "text": "Tiếp thu",
        "responsible": "an",
        f"change-{clause}": "on",
    }
    answer = client.post(f"{desk.path}/{heap}?part=1", data={"csrf": csrf(client), "do": "answer", **said})
    assert answer.status_code == 200, answer.text
    assert 'data-answered="1"' in answer.text
    assert "<ins>hai</ins>" in answer.text
    again = client.post(f"{desk.path}/{heap}", data={"csrf": csrf(client), "do": "answer", **said})
    assert again.status_code == 404  # it has become a group
    page = client.get(desk.path).text
    assert "Còn 3 ý kiến chưa trả lời" in page
    assert len(heaps(client.get(f"{desk.path}?led={clause}").text)) == 1
    assert heaps(client.get(f"{desk.path}?led={desk.provisions[2]}").text) == []
    assert "Ý kiến: Ông binh" in sources_in(client, desk)
    assert led(client, desk) == {clause: ["Ông binh"]}
    word = client.get(f"{desk.path}.docx?form=party&with={desk.id}")
    cells = [cell.text for row in open_docx(BytesIO(word.content)).tables[0].rows for cell in row.cells]
    assert "Tiếp thu\n(Dự thảo: sửa khoản 1 Điều 1)" in cells
    assert client.get(f"{desk.path}.docx?form=none").status_code == 400
    # The words go on: undone, the page says so.
    change(client, desk, reworded(clause, "mỗi tháng hai lần", "mỗi tháng một lần"))
    assert "không còn trong dự thảo" in client.get(desk.path).text
    change(client, desk, reworded(clause, "mỗi tháng một lần", "mỗi tháng hai lần"))
    assert "không còn trong dự thảo" not in client.get(desk.path).text
    assert "Chưa gửi cho người góp ý" in page
    for name in ("chi", "binh"):
        enter(client, name)
        for path in (desk.path, f"{desk.path}?state=done", f"{desk.path}.docx?form=party"):
            assert answers_in(client.get(path)) == 0, "an answer that was not sent is the team's own"
        assert "Ý kiến:" not in sources_in(client, desk), "and so is whose opinion led to the words"
        assert led(client, desk) == {}
        assert "Còn 4 ý kiến chưa trả lời" in client.get(desk.path).text
    enter(client, "an")
    send(client, desk.path, do="send")
    enter(client, "chi")
    assert answers_in(client.get(desk.path)) == 1
    assert led(client, desk) == {clause: ["Ông binh"]}
    assert "Ý kiến: Ông binh" in sources_in(client, desk)
    enter(client, "binh")
    assert "đã gửi trả lời" in client.get("/notifications").text
    mine = client.get(f"{desk.path}/mine").text
    assert "Tiếp thu" in mine
    assert "<ins>hai</ins>" in mine


def test_a_long_opinion_is_cut_put_elsewhere_and_whole_again(client: TestClient, desk: Desk) -> None:
    one = f"{desk.path}/o3{desk.id}"
    text = "Đề nghị họp mỗi tháng hai lần.\r\n\r\nThêm người ghi biên bản."
    page = send(client, one, do="cut", opinion=f"o3{desk.id}", text=text)
    assert "Ý kiến (1)" in page
    assert "Còn 5 ý kiến" in client.get(desk.path).text
    send(client, one, do="place", opinion=f"o3{desk.id}", provision="")
    assert heaps(client.get(f"{desk.path}?article=other").text)[-1] == f"o3{desk.id}"
    send(client, one, do="whole", opinion=f"o3{desk.id}")
    assert "Còn 4 ý kiến" in client.get(desk.path).text
    refused = client.post(
        one, data={"csrf": csrf(client), "do": "cut", "opinion": f"o3{desk.id}", "text": "Khác\n\nhẳn"}
    )
    assert refused.status_code == 400
    assert "phải giữ nguyên" in refused.text


def test_who_reads_looks_and_who_is_a_stranger_does_not(client: TestClient, desk: Desk) -> None:
    enter(client, "chi")
    page = client.get(desk.path).text
    assert len(heaps(page)) == 4
    assert "data-open" not in page
    assert client.get(f"{desk.path}/suggestions").status_code == 403
    assert client.post(desk.path, data={"csrf": csrf(client), "do": "send"}).status_code == 403
    assert client.get(f"{desk.path}/nobody").status_code == 404
    assert client.get("/documents/none/opinions").status_code == 404
