"""Frames: each message there and back, and everything else refused."""

from __future__ import annotations

import pytest

from duthao.collab import lib0, wire
from duthao.collab.lib0 import Malformed
from duthao.domain.errors import Refusal


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (wire.sync_step_1(b"\x00"), wire.SyncStep1(b"\x00")),
        (wire.sync_step_2(b"\x00\x00"), wire.SyncStep2(b"\x00\x00")),
        (wire.update(b"abc"), wire.Update(b"abc")),
        (wire.awareness(b"\x00"), wire.Awareness(b"\x00")),
        (b"\x03", wire.QueryAwareness()),
        (b"\x02\x00" + lib0.string("không được"), wire.Auth("không được")),
    ],
)
def test_messages_come_back(frame: bytes, message: wire.Message) -> None:
    assert wire.parse_message(frame) == message


def test_the_extras_are_written_as_the_protocol_says() -> None:
    assert wire.stored(300) == b"\x64\xac\x02"
    assert wire.event({"type": "changed", "seq": 3}) == b"\x65\x1a" + b'{"type":"changed","seq":3}'
    assert wire.generation("dòng") == b"\x66\x05d\xc3\xb2ng"


@pytest.mark.parametrize(
    "frame",
    [
        b"", b"\x04", b"\x00", b"\x00\x03\x00", b"\x00\x02", b"\x00\x02\x05ab", b"\x00\x02\x00\x00",
        b"\x01\x05", b"\x03\x00", b"\x02\x01\x00", b"\x02\x00\x02\xc3\x28", wire.stored(1),
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x02\x00" + lib0.string("x" * 2000),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(frame: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        wire.parse_message(frame)
    assert refused.value.code == "frame_malformed"


def test_a_frame_over_the_bound_is_refused_unread() -> None:
    with pytest.raises(Refusal) as refused:
        wire.parse_message(b"\xff" * (wire.MAX_FRAME + 1))
    assert (refused.value.code, refused.value.details) == ("frame_too_large", {"limit": 2**20})
