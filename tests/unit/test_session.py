"""A connection's conversation, with nothing but bytes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duthao.collab.close import Close
from duthao.collab.session import (
    MAX_FRAME,
    STEP_1,
    STEP_2,
    UPDATE,
    AnswerState,
    AskPresence,
    End,
    Malformed,
    Offer,
    Person,
    Presence,
    Reader,
    Refuse,
    Session,
    Show,
    number,
    presence_frame,
    sized,
    sync_frame,
)
from duthao.domain.document import UserId
from duthao.store.ports import Role

ROOT = Path(__file__).resolve().parents[2]


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
    assert frames[2] == sync_frame(STEP_1, b"\x00")


def test_a_plain_client_gets_plain_messages_only_and_a_reader_is_not_asked() -> None:
    assert session(extras=False).opening("lineage", b"\x00") == [sync_frame(STEP_1, b"\x00")]
    assert session(Role.READER, extras=False).opening("lineage", b"\x00") == []


def test_updates_and_second_steps_are_counted_together() -> None:
    s = session()
    actions = [s.receive(sync_frame(step, b"u")) for step in (STEP_2, UPDATE, UPDATE)]
    assert actions == [Offer(1, b"u"), Offer(2, b"u"), Offer(3, b"u")]
    assert s.receive(sync_frame(STEP_1, b"v")) == AnswerState(b"v")


@pytest.mark.parametrize("role", [Role.COMMENTER, Role.READER])
def test_who_may_not_write_is_refused_and_not_counted(role: Role) -> None:
    s = session(role)
    assert s.receive(sync_frame(UPDATE, b"u")) == Refuse("read_only")
    assert s.receive(sync_frame(STEP_2, b"u")) == Refuse("read_only")
    assert (s.offered, s.refused) == (0, True)


def test_presence_is_stamped_with_who_it_is() -> None:
    s = session(Role.READER)
    forged = Presence(7, 1, json.dumps({"user": {"id": "boss", "name": "Bí thư"}, "cursor": None}))
    shown = s.receive(presence_frame([forged]))
    assert isinstance(shown, Show)
    assert json.loads(shown.presence.state) == {
        "user": {"id": "an", "name": "Nguyễn Văn An", "color": "#123456"},
        "cursor": None,
    }
    assert s.leaving() == Presence(7, 2, "null")
    assert s.receive(b"\x03") == AskPresence()


@pytest.mark.parametrize(
    ("states", "close"),
    [
        ([], Close.BAD_MESSAGE),
        ([Presence(1, 1, "{}"), Presence(2, 1, "{}")], Close.BAD_MESSAGE),
        ([Presence(1, 1, "[]")], Close.BAD_MESSAGE),
        ([Presence(1, 1, "{")], Close.BAD_MESSAGE),
        ([Presence(1, 1, "[" * 4000)], Close.BAD_MESSAGE),
        ([Presence(1, 1, json.dumps({"x": "y" * 5000}))], Close.TOO_LARGE),
    ],
)
def test_one_small_entry_of_ones_own(states: list[Presence], close: Close) -> None:
    assert session().receive(presence_frame(states)) == End(close)


def test_a_second_client_id_on_a_connection_is_refused() -> None:
    s = session()
    assert isinstance(s.receive(presence_frame([Presence(1, 1, "{}")])), Show)
    assert s.receive(presence_frame([Presence(2, 1, "{}")])) == End(Close.BAD_MESSAGE)


@pytest.mark.parametrize(
    "frame",
    [b"", b"\x09", b"\x00", b"\x00\x07\x00", b"\x00\x02\x05ab", sync_frame(UPDATE, b"u") + b"x",
     b"\x03x", b"\x64\x01", b"\x80" * 20, b"\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff\x7f"],
)  # fmt: skip
def test_what_is_no_message_ends_the_connection(frame: bytes) -> None:
    assert session().receive(frame) == End(Close.BAD_MESSAGE)


def test_a_frame_over_the_bound_is_not_read() -> None:
    assert session().receive(b"\x00" * (MAX_FRAME + 1)) == End(Close.TOO_LARGE)


@given(st.binary(max_size=200))
def test_any_bytes_get_an_action_never_an_exception(frame: bytes) -> None:
    assert isinstance(session().receive(frame), (AnswerState, AskPresence, End, Offer, Show))


@given(st.integers(0, 2**53 - 1), st.binary(max_size=300))
def test_numbers_and_lengths_come_back(value: int, data: bytes) -> None:
    reader = Reader(number(value) + sized(data))
    assert (reader.number(), reader.bytes()) == (value, data)
    reader.end()


def test_numbers_over_53_bits_are_refused() -> None:
    with pytest.raises(Malformed):
        Reader(number(2**53)).number()
