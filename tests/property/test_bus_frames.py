"""Laws of what processes tell one another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duthao.collab.awareness import Entry
from duthao.collab.bus import (
    Access,
    Bye,
    Event,
    Hello,
    Here,
    Message,
    Rows,
    SignedOut,
    Who,
    frames,
    read_frame,
)
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import Seq

ids = st.text("abcXYZ019-_", min_size=1, max_size=40)
documents = ids.map(DocumentId)
people = ids.map(UserId)
states = st.none() | st.dictionaries(
    st.text(max_size=8), st.text(max_size=20) | st.integers(0, 9), max_size=3
)
entries = st.builds(Entry, st.integers(0, 2**53 - 1), st.integers(0, 2**31), states)
messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Rows, documents, st.integers(1, 2**53 - 1).map(Seq)),
    st.builds(Here, documents, st.lists(entries, max_size=3).map(tuple)),
    st.builds(Who, documents),
    st.builds(Access, documents, st.none() | people),
    st.builds(SignedOut, people),
    st.builds(Event, documents, st.dictionaries(st.text(max_size=5), st.integers(), max_size=2)),
    st.just(Hello()),
    st.just(Bye()),
)


@given(process=ids, told=st.lists(messages, max_size=30), largest=st.integers(200, 9000))
def test_what_is_told_is_heard_in_order_and_no_frame_is_too_large(
    process: str, told: list[Message], largest: int
) -> None:
    sent = list(frames(process, told, largest))
    assert sent
    assert all(len(frame) <= largest for frame in sent)
    heard: list[Message] = []
    for frame in sent:
        read = read_frame(frame)
        assert read is not None
        assert (read.process, read.unread) == (process, 0)
        heard.extend(read.messages)
    kept = [
        one
        for one in told
        if any(True for one in [one] if len(next(frames(process, [one], 2**20))) <= largest)
    ]
    assert heard == kept


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_anything_may_be_heard(frame: bytes) -> None:
    read_frame(frame)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
kinds = st.sampled_from(["rows", "here", "who", "access", "signed_out", "event", "bye", "hello", "else"])


@given(st.lists(st.tuples(kinds, junk, junk).map(list) | junk, max_size=6))
def test_messages_of_another_release_are_counted_and_passed_over(written: list[object]) -> None:
    import json

    frame = read_frame(json.dumps({"p": "x", "m": written}).encode())
    assert frame is not None
    assert len(frame.messages) + frame.unread == len(written)


def test_a_bomb_in_a_presence_is_not_unpacked() -> None:
    import base64
    import json
    import zlib

    packed = base64.b64encode(zlib.compress(bytes(50_000_000))).decode()
    frame = read_frame(json.dumps({"p": "x", "m": [["here", "d", packed]]}).encode())
    assert frame is not None
    assert (frame.messages, frame.unread) == ((), 1)


def test_what_no_frame_can_hold_is_left_out_and_the_rest_is_told() -> None:
    draft = DocumentId("draft")
    told: list[Message] = [Who(draft), Event(draft, {"type": "x" * 500}), Rows(draft, Seq(7))]
    (frame,) = frames("first", told, largest=300)
    heard = read_frame(frame)
    assert heard is not None
    assert heard.messages == (Who(draft), Rows(draft, Seq(7)))


def test_a_frame_without_a_list_of_messages_is_none_of_ours() -> None:
    assert read_frame(b'{"p":"first","m":{"0":["hello"]}}') is None
    assert read_frame(b'{"p":"first","m":[["hello"]]}') is not None
