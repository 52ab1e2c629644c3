"""Proposals become opinions: each once, one that was decided with its answer and the change it led to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio

from duthao.bootstrap import open_services
from duthao.domain.anchors import On
from duthao.domain.document import DocumentId, ProvisionId, UserId
from duthao.domain.opinions import Opinion, Source
from duthao.domain.proposals import Act, Wording
from duthao.domain.synthesis.chain import Standing, What
from duthao.domain.synthesis.groups import Stance
from duthao.service.comments import Place, Said
from duthao.service.proposals import Asked
from duthao.service.services import Services
from duthao.service.synthesis import Answering
from duthao.store.ports import Membership, Role, User
from tests.integration.test_beside_api import TEXT
from tests.support.served import house_in, person


class Table:
    def __init__(self, services: Services, an: User, binh: User, document: DocumentId) -> None:
        self.services, self.an, self.binh, self.id = services, an, binh, document

    async def provisions(self) -> list[ProvisionId]:
        draft, _ = await self.services.tools.rooms.read(self.id)
        return [one.id for one in draft.provisions]

    async def text(self, provision: ProvisionId) -> str:
        draft, _ = await self.services.tools.rooms.read(self.id)
        return next(one.text for one in draft.provisions if one.id == provision)


async def told(folder: Path) -> None:
    async with open_services(house_in(folder)) as services:
        an, binh = person(services, "an"), person(services, "binh")
        id_ = await services.documents.create(an, "Quy chế", TEXT)
        services.tools.store.documents.set_member(Membership(id_, UserId("binh"), Role.COMMENTER))
        table = Table(services, an, binh, id_)
        await gathered(table)
        await joined_meanwhile(table)


async def gathered(at: Table) -> None:
    proposals, ids = at.services.proposals, await at.provisions()
    old = await at.text(ids[1])
    asked = [
        Asked(Act.REPLACE, ids[1], Wording(old.replace("một lần", "hai lần")), reason="Họp nhiều hơn"),
        Asked(Act.INSERT, ids[2], Wording("Thư ký ghi biên bản.")),
        Asked(Act.REMOVE, ids[4]),
        Asked(Act.REPLACE, ids[2], Wording("Thường trực họp sáng thứ Hai.")),
        Asked(Act.REPLACE, ids[0], Wording("Chế độ làm việc")),
    ]
    made = [await proposals.propose(at.binh, at.id, one) for one in asked]
    for one in made[:3]:
        await proposals.accept(at.an, at.id, one.id, one.edition)
    await proposals.decline(at.an, at.id, made[3].id, made[3].edition, "Giữ như hiện hành")
    await at.services.comments.begin(at.binh, at.id, Said("Nên nói rõ"), Place(On.PROVISION, ids[1]))
    assert await at.services.gathering.gather(at.an, at.id, comments=False) == 5
    assert await at.services.gathering.gather(at.an, at.id) == 1
    assert await at.services.gathering.gather(at.an, at.id) == 0
    board = await at.services.syntheses.board(at.an, at.id)
    assert board.unanswered == 2  # the open proposal and the comment
    heaps = {heap.opinions[0].source_id: heap for heap in board.heaps}
    change, new, gone, kept = (heaps[one.id] for one in made[:4])
    assert change.opinions[0].text == "Họp nhiều hơn"
    assert [heap.group.answer.stance for heap in (change, new, gone, kept) if heap.group.answer] == [
        Stance.ADOPTED, Stance.ADOPTED, Stance.ADOPTED, Stance.KEPT,
    ]  # fmt: skip
    led = [heap.led[0] for heap in (change, new, gone)]
    assert [link.change.what for link, _ in led] == [What.REWORDED, What.ADDED, What.REMOVED]
    assert [now.standing for _, now in led] == [Standing.STANDS] * 3
    assert led[0][0].made is not None
    assert led[0][0].made.quote == "hai"
    assert not kept.led
    # Undone by hand, it is told.
    draft, _ = await at.services.tools.rooms.read(at.id)
    back = tuple(replace(one, text=old) if one.id == ids[1] else one for one in draft.provisions)
    await at.services.tools.rooms.restore(at.id, replace(draft, provisions=back), UserId("an"))
    board = await at.services.syntheses.board(at.an, at.id)
    assert next(h for h in board.heaps if h.id == change.id).led[0][1].standing is Standing.UNDONE
    assert {one.source for one in board.synthesis.items} == {Source.PROPOSAL, Source.COMMENT}


async def joined_meanwhile(at: Table) -> None:
    """Everybody who gave an opinion of a group is told once, whatever number they gave."""
    board = await at.services.syntheses.board(at.an, at.id)
    assert board.unsent == 4
    assert (await at.services.syntheses.send(at.an, at.id)).answers == 4
    assert (await at.services.syntheses.send(at.an, at.id)).answers == 0
    news = (await at.services.notifications.list(at.binh)).notifications
    answered = [one for one in news if one.news.value == "answered"]
    assert len(answered) == 1
    assert (await at.services.notifications.open(at.binh, answered[0].id)).endswith("/opinions/mine")
    mine = await at.services.syntheses.mine(at.binh, at.id)
    assert sum(reply is not None for _, reply in mine) == 4
    replies = await at.services.syntheses.replies(at.id, [one.id for one, _ in mine])
    assert len(replies) == 4
    assert await at.services.syntheses.unanswered(at.id) == 2
    await to_a_round(at)


async def to_a_round(at: Table) -> None:
    """Whoever answered in a round gets what was sent for that answer, and nothing of another's."""
    syntheses, store = at.services.syntheses, at.services.tools.store
    one = Opinion("told", at.id, Source.ROUND, "a", "r", "Sở A", None, None, None, "Bỏ", "", "", False, 1)
    store.opinions.add([one, replace(one, id="other", source_id="b")])
    assert await syntheses.to_answer(at.id, "r", "a") == ((one, None),)
    await syntheses.answer(at.an, at.id, "told", 0, Answering(Stance.ALREADY, "Khoản 2 Điều 4"))
    assert await syntheses.to_answer(at.id, "r", "a") == ((one, None),)
    assert (await syntheses.send(at.an, at.id)).answers == 1
    ((_, reply),) = await syntheses.to_answer(at.id, "r", "a")
    assert reply is not None
    assert (reply.stance, reply.text) == (Stance.ALREADY, "Khoản 2 Điều 4")


def test_decided_proposals_bring_their_answers_and_givers_are_told_once(tmp_path: Path) -> None:
    anyio.run(told, tmp_path)
