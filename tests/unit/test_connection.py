"""A client in a room and the door through which its messages leave."""

from __future__ import annotations

import asyncio

import pytest

from duthao.collab import wire
from duthao.collab.close import Close
from duthao.collab.connection import Connection, Outbox, Parcel
from duthao.collab.session import Person, Session
from duthao.domain.document import UserId
from duthao.store.ports import Role


@pytest.mark.parametrize(
    ("code", "left"), [(Close.GOING_AWAY, [b"news", Close.GOING_AWAY]), (Close.TOO_SLOW, [Close.TOO_SLOW])]
)
def test_what_waits_goes_before_the_close_but_not_to_one_who_did_not_come_for_it(
    code: Close, left: list[bytes | Close]
) -> None:
    async def scenario() -> None:
        outbox = Outbox()
        outbox.put(Parcel(b"news"))
        outbox.close(code)
        assert [await outbox.next() for _ in left] == left
        assert outbox.waiting() == 0

    asyncio.run(scenario())


@pytest.mark.parametrize("extras", [True, False])
def test_an_event_goes_to_those_only_who_speak_our_protocol(extras: bool) -> None:
    outbox = Outbox()
    connection = Connection(Session(Person(UserId("an"), "An"), Role.READER, extras, "c"), outbox)
    connection.event({"type": "comments"})
    assert list(outbox.messages) == ([wire.event({"type": "comments"})] if extras else [])


def test_a_connection_is_closed_once() -> None:
    told: list[Close] = []
    connection = Connection(Session(Person(UserId("an"), "An"), Role.READER, True, "c"), Outbox())
    connection.on_close = told.append
    connection.close(Close.RESYNC)
    connection.close(Close.GOING_AWAY)
    assert (told, connection.closing) == ([Close.RESYNC], Close.RESYNC)
