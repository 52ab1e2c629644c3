"""In a document everybody has one colour, and no two the same, wherever it shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import anyio
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import DocumentId, UserId
from duthao.service.people import PALETTE, colour_of
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from duthao.web.collab_socket import Judged
from tests.support.served import enter, house_in, person

NAMES = [f"p{n}" for n in range(len(PALETTE))]


def document_of(house: Settings) -> DocumentId:
    """Led by the first, who wrote it; all of them are at it."""

    async def made() -> DocumentId:
        async with open_services(house) as services:
            lead, *others = (person(services, name) for name in NAMES)
            document = await services.documents.create(
                lead, "Quy chế", "QUY CHẾ\n\nĐiều 1. Họp\n1. Mỗi tháng."
            )
            for other in others:
                services.tools.store.documents.set_member(Membership(document, other.id, Role.COMMENTER))
            return document

    return anyio.run(made)


def test_page_list_wire_comments_and_history_agree(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    document = document_of(house)
    assert len({colour_of(UserId(name)) for name in NAMES}) < len(NAMES), "nobody needs to give way"
    on_page, on_wire = {}, {}
    with TestClient(build_app(house), base_url="http://testserver") as client:
        for name in NAMES:
            enter(client, name)
            page = client.get(f"/documents/{document}").text
            island = json.loads(page.split('id="page-data">')[1].split("</script>")[0])
            on_page[name] = island["user"]["color"]
            # Their own badge above it.
            assert f'class="initials c{on_page[name][1:]}"' in page
            cookie = "; ".join(f"{key}={value}" for key, value in client.cookies.items())
            asking = HTTPConnection({"type": "http", "headers": [(b"cookie", cookie.encode())]})
            judged: Judged = client.portal.call(client.app.state.house.endpoint.judge, asking, document)  # type: ignore
            on_wire[name] = judged[0].color
        gave_way = next(name for name in NAMES[1:] if on_page[name] != colour_of(UserId(name)))
        enter(client, gave_way)
        said = {"anchor": {"on": "document"}, "text": "Xem lại.", "mentions": [NAMES[0]]}
        answer = client.post(f"/api/documents/{document}/comments", json=said)
        assert answer.status_code == 201, answer.text
        enter(client, NAMES[0])
        assert len(set(on_page.values())) == len(NAMES)
        assert on_wire == on_page
        comments = client.get(f"/api/documents/{document}/comments").json()
        assert {one["id"]: one["color"] for one in comments["people"]} == on_page
        members = client.get(f"/documents/{document}/members").text
        badges = re.findall(r'list-main person"><span class="initials c(\w{6})"', members)
        assert sorted(badges) == sorted(colour[1:] for colour in on_page.values())
        timeline = client.get(f"/api/documents/{document}/timeline").json()
        assert [one["color"] for one in timeline["people"]] == [on_page[NAMES[0]]]
        news = client.get("/notifications").text
        assert f'list-main person"><span class="initials c{on_page[gave_way][1:]}"' in news
        history = client.get(f"/documents/{document}/history").text
        assert f'class="by c{on_page[NAMES[0]][1:]}"' in history
