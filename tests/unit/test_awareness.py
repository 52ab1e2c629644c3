"""Awareness: nobody appears as somebody else, and nothing grows."""

from __future__ import annotations

import json

import pytest

from duthao.collab import lib0
from duthao.collab.awareness import (
    MAX_STATE,
    MAX_STATES,
    Entry,
    Everybody,
    Presence,
    decode,
    encode,
)
from duthao.collab.lib0 import Malformed
from duthao.domain.errors import Refusal

USER = {"id": "u1", "name": "Nguyễn Văn An", "color": "#336699"}


def raw(text: str, client: int = 7, clock: int = 1) -> bytes:
    return b"\x01" + lib0.uint(client) + lib0.uint(clock) + lib0.string(text)


def test_entries_come_back() -> None:
    entries = (Entry(1, 2, {"cursor": None, "name": "ộ😀"}), Entry(2**40, 0, None))
    assert decode(encode(entries)) == entries


def test_the_server_says_who_it_is_whatever_was_claimed() -> None:
    presence = Presence(USER)
    shown = presence.receive(raw(json.dumps({"user": {"id": "boss"}, "idle": False})))
    assert shown == Entry(7, 1, {"user": USER, "idle": False})
    assert presence.gone() == Entry(7, 2, None)


def test_a_connection_has_one_client_id_and_speaks_for_it_alone() -> None:
    presence = Presence(USER)
    two = encode([Entry(1, 1, {}), Entry(2, 1, {})])
    assert presence.receive(raw("{}")) is not None
    for payload in (two, raw("{}", client=8, clock=9), b"\x00"):
        with pytest.raises(Malformed) as claimed:
            presence.receive(payload)
        assert claimed.value.reason == "claims"


def test_old_news_and_what_was_never_shown_tell_nobody_anything() -> None:
    presence = Presence(USER)
    assert presence.gone() is None
    assert presence.receive(raw("{}", clock=5)) is not None
    assert presence.receive(raw("{}", clock=5)) is None
    assert presence.receive(raw("{}", clock=4)) is None
    assert presence.receive(raw("null", clock=5)) == Entry(7, 5, None)
    assert presence.gone() is None


def test_a_room_merges_by_clock_and_forgets_those_who_have_gone() -> None:
    everybody = Everybody()
    here = Entry(1, 3, {"a": 1})
    assert everybody.merge([here, Entry(2, 1, {})]) == (here, Entry(2, 1, {}))
    assert everybody.merge([Entry(1, 2, {"a": 0}), here, Entry(9, 4, None)]) == ()
    assert everybody.remove([1, 5]) == (Entry(1, 4, None),)
    assert list(everybody.entries) == [2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 3000, "depth"),
        ('{"a":' * 17 + "1" + "}" * 17, "depth"),
        ("[]", "json"), ('"x"', "json"), ("3", "json"), ("{", "json"), ("", "json"),
        ('{"a":NaN}', "json"), ('{"a":Infinity}', "json"), ('{"a":1e999}', "json"),
        ('{"a":' + "9" * 4080 + "}", None),
    ],
)  # fmt: skip
def test_a_state_is_a_shallow_json_object(text: str, reason: str | None) -> None:
    if reason is None:
        assert decode(raw(text))
        return
    with pytest.raises(Malformed) as refused:
        decode(raw(text))
    assert (refused.value.code, refused.value.reason) == ("awareness_malformed", reason)


def test_brackets_inside_strings_are_no_depth() -> None:
    assert decode(raw(json.dumps({"a": '\\"' + "[{" * 100}))) != ()


def test_too_large_too_many_and_cut_off_are_refused() -> None:
    for payload in (
        raw(json.dumps({"a": "x" * MAX_STATE})),
        encode([Entry(n, 1, {}) for n in range(MAX_STATES + 1)]),
    ):
        with pytest.raises(Refusal) as refused:
            decode(payload)
        assert refused.value.code == "awareness_too_large"
    for payload in (
        b"",
        b"\x01",
        raw("{}")[:-1],
        raw("{}") + b"\x00",
        lib0.uint(2**28),
        raw("{}", clock=2**40),
    ):
        with pytest.raises(Malformed):
            decode(payload)


def test_half_a_letter_in_a_state_is_passed_on_as_json() -> None:
    (entry,) = decode(raw('{"a":"\\ud83d"}'))
    assert decode(encode([entry])) == (entry,)
