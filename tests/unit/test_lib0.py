"""lib0's encoding: what is written reads back, what is not lib0 is refused."""

from __future__ import annotations

import pytest

from duthao.collab import lib0
from duthao.collab.lib0 import Malformed, Reader


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, 2**31, 2**53 - 1])
def test_numbers_come_back(value: int) -> None:
    reader = Reader(lib0.uint(value))
    assert reader.uint() == value
    reader.finish()
    for signed in (value, -value):
        assert Reader(lib0.varint(signed)).varint() == signed


def test_the_bytes_are_those_of_lib0() -> None:
    assert lib0.uint(300) == b"\xac\x02"
    assert lib0.varint(-5) == b"\x45"
    assert lib0.varint(64) == b"\x80\x01"
    assert lib0.string("ộ") == b"\x03\xe1\xbb\x99"


@pytest.mark.parametrize(
    ("data", "read", "reason"),
    [
        (b"", "uint", "truncated"),
        (b"\x80\x80", "uint", "truncated"),
        (b"\xff" * 8, "uint", "number"),
        (b"\xff" * 7 + b"\x7f", "uint", "number"),
        (b"\x80" * 100_000, "uint", "number"),
        (b"\x05abc", "string", "truncated"),
        (b"\x02\xc3\x28", "string", "utf8"),
        (b"\x03\xed\xa0\x80", "string", "utf8"),
        (b"\x05ab", "blob", "truncated"),
        (b"\xff\xff\xff\xff\x0f", "count", "count"),
        (b"\x74\x01a", "any", "value"),
        (b"\x7a" + b"\x00" * 8, "any", "value"),
        (b"\x7b\x00", "any", "truncated"),
        (b"\x75\xff\xff\x03", "any", "count"),
        (b"\x00", "any", "value"),
    ],
)
def test_what_is_no_lib0_is_refused_with_its_reason(data: bytes, read: str, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        getattr(Reader(data), read)()
    assert (refused.value.code, refused.value.reason) == ("frame_malformed", reason)


def test_values_are_read() -> None:
    data = b"\x76\x02\x01a\x75\x03\x7d\x05\x78\x79\x01b\x75\x03\x7e\x77\x02\xc3\xa9\x7b\x3f\xf8" + b"\x00" * 6
    reader = Reader(data)
    assert reader.any() == {"a": [5, True, False], "b": [None, "é", 1.5]}
    reader.finish()


def test_values_nested_64_deep_are_read_and_65_refused() -> None:
    assert Reader(b"\x75\x01" * 63 + b"\x7e").any()
    with pytest.raises(Malformed, match="frame_malformed") as refused:
        Reader(b"\x75\x01" * 64 + b"\x7e").any()
    assert refused.value.reason == "depth"


def test_nothing_may_follow() -> None:
    with pytest.raises(Malformed) as refused:
        Reader(b"\x00").finish()
    assert refused.value.reason == "trailing"
