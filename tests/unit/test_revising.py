"""Changes of the service prepared beside the loop: what others do meanwhile is never written over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from duthao.collab import revising
from duthao.collab.room import Room
from duthao.domain.document import Document, Kind, Provision, ProvisionId, UserId
from tests.support.house import Guest, house
from tests.support.server_process import DRAFT

LEAD, GOP = UserId("lead"), UserId("gop")


def with_text(document: Document, text: str, of: str = "p0") -> Document:
    return replace(
        document,
        provisions=tuple(replace(one, text=text) if one.id == of else one for one in document.provisions),
    )


def texts(room: Room) -> dict[str, str]:
    return {one.id: one.text for one in room.tree().provisions}


def revised_while(
    typing: Callable[[Guest], None], made: Callable[[Document], Document]
) -> tuple[dict[str, str], int]:
    """The texts afterwards, and how often the change was prepared; a colleague types after the first."""

    async def scenario() -> tuple[dict[str, str], int]:
        async with house() as h, h.rooms.open(DRAFT) as room:
            first = Document(
                tuple(
                    Provision(ProvisionId(f"p{n}"), Kind.PARAGRAPH, f"đoạn {n}", order="135"[n])
                    for n in range(3)
                )
            )
            await h.rooms.restore(DRAFT, first, LEAD)
            an, seen = Guest(room), []
            loop = asyncio.get_running_loop()

            def revise(now: Document) -> list[tuple[Document, UserId | None]]:
                seen.append(now)
                if len(seen) == 1:
                    done = asyncio.run_coroutine_threadsafe(typed(), loop)
                    done.result(5)
                return [(made(now), GOP)]

            async def typed() -> None:
                typing(an)

            (seq,) = await h.rooms.revise(DRAFT, revise, LEAD, "proposal")
            assert h.store.journal.read(DRAFT)[seq - 1].entry.credited == GOP
            return texts(room), len(seen)

    return asyncio.run(scenario())


def test_what_a_colleague_types_elsewhere_stays_and_nothing_is_prepared_anew() -> None:
    found, times = revised_while(
        lambda an: an.send(an.update(" vừa gõ", "p1")), lambda now: with_text(now, "đoạn 0 được đề nghị")
    )
    assert (found, times) == ({"p0": "đoạn 0 được đề nghị", "p1": "đoạn 1 vừa gõ", "p2": "đoạn 2"}, 1)


def test_what_a_colleague_types_in_the_same_provision_is_seen_first() -> None:
    found, times = revised_while(
        lambda an: an.send(an.update(" vừa gõ")),
        lambda now: with_text(now, now.provisions[0].text.replace("đoạn", "điều")),
    )
    assert (found["p0"], times) == ("điều 0 vừa gõ", 2)


def test_a_new_provision_stands_where_its_neighbours_are_by_then() -> None:
    def behind_the_first(now: Document) -> Document:
        at = next(n for n, one in enumerate(now.provisions) if one.id == "p0") + 1
        beside = now.provisions[at].order if at < len(now.provisions) else "z"
        order = f"{now.provisions[at - 1].order}{beside}"
        new = Provision(ProvisionId("new"), Kind.PARAGRAPH, "mới", order=order)
        return replace(now, provisions=(*now.provisions[:at], new, *now.provisions[at:]))

    def move_first_to_the_end(an: Guest) -> None:
        before = an.replica.state_vector()
        an.replica.provisions["p0"]["order"] = "9"
        an.send(an.replica.diff(before))

    found, times = revised_while(move_first_to_the_end, behind_the_first)
    assert (list(found), times) == (["p1", "p2", "p0", "new"], 2)


def test_one_who_types_without_a_pause_does_not_keep_the_change_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """At last it is prepared in the turn itself, where nobody comes in between."""

    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an, seen = Guest(room), []
            loop = asyncio.get_running_loop()

            def revise(now: Document) -> list[tuple[Document, UserId | None]]:
                seen.append(now)
                if len(seen) <= revising.TRIES:
                    asyncio.run_coroutine_threadsafe(typed(), loop).result(5)
                return [(with_text(now, f"{now.provisions[0].text} được đề nghị"), None)]

            async def typed() -> None:
                an.send(an.update("x"))

            await h.rooms.revise(DRAFT, revise, LEAD, "proposal")
            assert len(seen) == revising.TRIES + 1
            assert texts(room)["p0"].endswith("xxx được đề nghị")

    asyncio.run(scenario())
