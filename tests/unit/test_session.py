"""A connection's conversation, with nothing but bytes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duthao.collab import lib0, wire
from duthao.collab.close import Close
from duthao.collab.session import AnswerState, AskPresence, End, Ignore, Offer, Person, Refuse, Session, Show
from duthao.collab.wire import MAX_FRAME
from duthao.domain.document import UserId
from duthao.store.ports import Role

ROOT = Path(__file__).resolve().parents[2]


def claim(client: int, clock: int, state: str) -> bytes:
    """An awareness entry as a client may write it, its JSON unread."""
    return lib0.uint(client) + lib0.uint(clock) + lib0.string(state)


def presence_frame(claims: list[bytes]) -> bytes:
    return wire.awareness(lib0.uint(len(claims)) + b"".join(claims))


def session(role: Role = Role.EDITOR, extras: bool = True) -> Session:
    return Session(Person(UserId("an"), "Nguyễn Văn An", "#123456"), role, extras, "c1")


def test_the_close_codes_are_those_of_the_protocol() -> None:
    table = (ROOT / "docs/protocol/wire.md").read_text(encoding="utf-8").partition("## Close codes")[2]
    rows = re.findall(r"^\| (\d{4}) \| ([A-Z_]+) \|", table, re.MULTILINE)
    assert {name: int(code) for code, name in rows} == {close.name: close.value for close in Close}


def test_the_generation_comes_first_and_then_the_role() -> None:
    frames = session().opening("lineage", b"\x00")
    assert frames[0] == b"\x66\x07lineage"
    assert json.loads(frames[1][2:]) == {"type": "access", "role": "editor"}
    assert frames[2] == wire.sync_step_1(b"\x00")


def test_a_plain_client_gets_plain_messages_only_and_a_reader_is_not_asked() -> None:
    assert session(extras=False).opening("lineage", b"\x00") == [wire.sync_step_1(b"\x00")]
    assert session(Role.READER, extras=False).opening("lineage", b"\x00") == []


def test_updates_and_second_steps_are_counted_together() -> None:
    s = session()
    actions = [s.receive(frame(b"u")) for frame in (wire.sync_step_2, wire.update, wire.update)]
    assert actions == [Offer(1, b"u"), Offer(2, b"u"), Offer(3, b"u")]
    assert s.receive(wire.sync_step_1(b"v")) == AnswerState(b"v")


@pytest.mark.parametrize("role", [Role.COMMENTER, Role.READER])
def test_who_may_not_write_is_refused_and_not_counted(role: Role) -> None:
    s = session(role)
    assert s.receive(wire.update(b"u")) == Refuse("read_only")
    assert s.receive(wire.sync_step_2(b"u")) == Refuse("read_only")
    assert (s.offered, s.refused) == (0, True)


def test_presence_is_stamped_with_who_it_is() -> None:
    s = session(Role.READER)
    forged = claim(7, 1, json.dumps({"user": {"id": "boss", "name": "Bí thư"}, "cursor": None}))
    shown = s.receive(presence_frame([forged]))
    assert isinstance(shown, Show)
    assert shown.entry.state == {
        "user": {"id": "an", "name": "Nguyễn Văn An", "color": "#123456"},
        "cursor": None,
    }
    gone = s.presence.gone()
    assert gone is not None
    assert (gone.client, gone.clock, gone.state) == (7, 2, None)
    assert s.receive(b"\x03") == AskPresence()


@pytest.mark.parametrize(
    ("states", "close"),
    [
        ([], Close.BAD_MESSAGE),
        ([claim(1, 1, "{}"), claim(2, 1, "{}")], Close.BAD_MESSAGE),
        ([claim(1, 1, "[]")], Close.BAD_MESSAGE),
        ([claim(1, 1, "{")], Close.BAD_MESSAGE),
        ([claim(1, 1, "[" * 4000)], Close.BAD_MESSAGE),
        ([claim(1, 1, json.dumps({"x": "y" * 5000}))], Close.TOO_LARGE),
    ],
)
def test_one_small_entry_of_ones_own(states: list[bytes], close: Close) -> None:
    assert session().receive(presence_frame(states)) == End(close)


def test_a_permission_denied_of_a_client_is_understood_and_asks_for_nothing() -> None:
    assert session().receive(b"\x02\x00" + lib0.string("no")) == Ignore()


def test_a_second_client_id_on_a_connection_is_refused() -> None:
    s = session()
    assert isinstance(s.receive(presence_frame([claim(1, 1, "{}")])), Show)
    assert s.receive(presence_frame([claim(2, 1, "{}")])) == End(Close.BAD_MESSAGE)


@pytest.mark.parametrize(
    "frame",
    [b"", b"\x09", b"\x00", b"\x00\x07\x00", b"\x00\x02\x05ab", wire.update(b"u") + b"x",
     b"\x03x", b"\x64\x01", b"\x80" * 20, b"\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff\x7f"],
)  # fmt: skip
def test_what_is_no_message_ends_the_connection(frame: bytes) -> None:
    assert session().receive(frame) == End(Close.BAD_MESSAGE)


def test_a_frame_over_the_bound_is_not_read() -> None:
    assert session().receive(b"\x00" * (MAX_FRAME + 1)) == End(Close.TOO_LARGE)


@given(st.binary(max_size=200))
def test_any_bytes_get_an_action_never_an_exception(frame: bytes) -> None:
    assert isinstance(session().receive(frame), (AnswerState, AskPresence, End, Ignore, Offer, Show))
