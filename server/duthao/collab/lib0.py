"""lib0's version 1 encoding, read strictly: the bytes under the Yjs protocols.

Numbers are little-endian base 128 (varUint), strings and byte strings stand behind their
length. Everything here is bounded by the bytes that are there: nothing is allocated because
a length says so. Source of the format: lib0 `encoding.js` and `decoding.js`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final, Literal

from duthao.domain.errors import Refusal

MAX_UINT: Final = 2**53 - 1
MAX_DEPTH: Final = 64
"""How deep a value may be nested."""

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
Reason = Literal[
    "truncated", "trailing", "number", "utf8", "depth", "value", "count", "json",
    "kind", "parent", "root", "type", "format", "length", "clock", "reference",
    "section", "nesting", "message", "claims",
]  # fmt: skip
"""Why bytes were refused: stable words for logs and tests, never shown to people."""


class Malformed(Refusal):
    """These bytes are refused: `code` says which thing they should have been, `reason` why not.

    A code that ends in `too_large` means a bound was passed (details `what` and `limit`).
    """

    def __init__(self, code: str, reason: Reason) -> None:
        super().__init__(code, reason=reason)
        self.reason = reason


class Reader:
    """A cursor over `data`. Every method raises `Malformed(code, …)` on bytes it cannot read.

    `parts` counts the elements of the values read, at every depth, up to `most_parts`.
    """

    __slots__ = ("at", "code", "data", "end", "most_parts", "parts")

    def __init__(self, data: bytes, code: str = "frame_malformed") -> None:
        self.data, self.at, self.end, self.code = data, 0, len(data), code
        self.parts, self.most_parts = 0, len(data)

    def fail(self, reason: Reason) -> Malformed:
        """The error to raise."""
        return Malformed(self.code, reason)

    @property
    def left(self) -> int:
        """Bytes not yet read."""
        return self.end - self.at

    def byte(self) -> int:
        at = self.at
        if at >= self.end:
            raise self.fail("truncated")
        self.at = at + 1
        return self.data[at]

    def uint(self) -> int:
        """A varUint of at most 53 bits."""
        at = self.at
        if at >= self.end:
            raise self.fail("truncated")
        byte = self.data[at]
        self.at = at + 1
        return byte if byte < 0x80 else self._long(byte & 0x7F, 7)

    def _long(self, value: int, shift: int) -> int:
        data, at, end = self.data, self.at, self.end
        while at < end:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value > MAX_UINT:
                    raise self.fail("number")
                self.at = at
                return value
            shift += 7
            if shift > 53:
                raise self.fail("number")
        raise self.fail("truncated")

    def varint(self) -> int:
        """A varInt: sign in bit 6 of the first byte, at most 53 bits."""
        first = self.byte()
        value = first & 0x3F
        if first & 0x80:
            value = self._long(value, 6)
        return -value if first & 0x40 else value

    def blob(self) -> bytes:
        """A varUint8Array."""
        length = self.uint()
        at = self.at
        if length > self.end - at:
            raise self.fail("truncated")
        self.at = at + length
        return self.data[at : at + length]

    def string(self) -> str:
        """A varString; its bytes must be UTF-8."""
        try:
            return self.blob().decode()
        except UnicodeDecodeError:
            raise self.fail("utf8") from None

    def count(self, least: int = 1) -> int:
        """A number of things still to come, each of at least `least` bytes."""
        count = self.uint()
        if count * least > self.end - self.at:
            raise self.fail("count")
        return count

    def any(self, depth: int = 0) -> Plain:
        """lib0's `any`: JSON values. Byte strings and big integers are refused: we have none."""
        if depth >= MAX_DEPTH:
            raise self.fail("depth")
        tag = self.byte()
        if tag == 119:
            return self.string()
        if tag == 125:
            return self.varint()
        if tag in _SIMPLE:
            return _SIMPLE[tag]
        if tag in (123, 124):
            return self._float(8 if tag == 123 else 4)
        if tag == 117:
            return [self.any(depth + 1) for _ in range(self._parts(1))]
        if tag == 118:
            return {self.string(): self.any(depth + 1) for _ in range(self._parts(2))}
        raise self.fail("value")

    def _parts(self, least: int) -> int:
        count = self.count(least)
        self.parts += count
        if self.parts > self.most_parts:
            raise self.fail("value")
        return count

    def _float(self, width: int) -> float:
        if self.left < width:
            raise self.fail("truncated")
        (value,) = struct.unpack_from(">d" if width == 8 else ">f", self.data, self.at)
        self.at += width
        return float(value)

    def finish(self) -> None:
        """Nothing may follow."""
        if self.at != self.end:
            raise self.fail("trailing")


_SIMPLE: Mapping[int, Plain] = {120: True, 121: False, 126: None, 127: None}


def uint(value: int) -> bytes:
    """`value` (0 ≤ value < 2^53) as varUint."""
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value > 0x7F:
        out.append(0x80 | (value & 0x7F))
        value >>= 7
    out.append(value)
    return bytes(out)


def varint(value: int) -> bytes:
    """`value` (|value| < 2^53) as varInt."""
    sign, value = (0x40, -value) if value < 0 else (0, value)
    if value < 0x40:
        return bytes((sign | value,))
    return bytes((0x80 | sign | (value & 0x3F),)) + uint(value >> 6)


def sized(data: bytes) -> bytes:
    """`data` as varUint8Array."""
    return uint(len(data)) + data


def string(text: str) -> bytes:
    """`text` as varString."""
    return sized(text.encode())
