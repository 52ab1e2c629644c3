"""Frames that are none, or should not be: every kind of reliability.md's first section, without end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from duthao.collab import wire
from duthao.collab.lib0 import sized, string, uint
from tests.soak.fuzz_updates import corpus, mutated

_HEAD = uint(1) + uint(1) + uint(77) + uint(0)
"""One client's one struct, from clock 0 on."""
_IN_MAP = b"\x28\x01" + string("provisions") + string("x") + uint(1)
"""A value under a key of the shared map."""


def nested(depth: int) -> bytes:
    """A value of arrays in arrays: ends the library's process when it is deep."""
    return _HEAD + _IN_MAP + b"\x75\x01" * depth + b"\x7e" + b"\x00"


def empty_sections(count: int) -> bytes:
    return uint(count) + b"".join(b"\x00" + uint(n + 1) + b"\x00" for n in range(count)) + b"\x00"


def hole(chance: random.Random) -> bytes:
    """Content that leans on what nobody has: the library would keep it pending for ever."""
    return uint(1) + uint(1) + uint(chance.getrandbits(30)) + uint(5) + b"\x04\x01" + string(
        "provisions"
    ) + string("treo") + b"\x00"  # fmt: skip


def giant_clock() -> bytes:
    return uint(1) + uint(1) + uint(78) + uint(2**40) + _IN_MAP + b"\x7e\x00"


def endless_string() -> bytes:
    return _HEAD + b"\x04\x01" + string("provisions") + uint(2**45) + b"short"


def deletions(count: int) -> bytes:
    return b"\x00" + uint(1) + uint(79) + uint(count) + b"".join(uint(2 * n) + uint(1) for n in range(count))


def forged_presence(chance: random.Random) -> bytes:
    state = '{"user":{"id":"lead","name":"Người khác","color":"#000"},"cursor":null}'
    entries = [(chance.getrandbits(30), state)] * chance.choice((1, 2, 300))
    body = b"".join(uint(client) + uint(1) + string(state) for client, state in entries)
    return wire.awareness(uint(len(entries)) + body)


def _kinds(chance: random.Random, updates: list[bytes]) -> list[Callable[[], bytes]]:
    return [
        lambda: wire.update(nested(chance.choice((65, 3_000, 30_000)))),
        lambda: wire.update(empty_sections(chance.choice((3, 3_000, 50_000)))),
        lambda: wire.update(hole(chance)),
        lambda: wire.update(giant_clock()),
        lambda: wire.update(endless_string()),
        lambda: wire.update(deletions(chance.choice((10, 30_000)))),
        lambda: wire.sync_step_1(uint(2**28)),
        lambda: wire.sync_step_1(chance.randbytes(20)),
        lambda: wire.awareness(uint(2**30)),
        lambda: wire.awareness(b"\x01\x01\x01" + string("[" * 4_000)),
        lambda: wire.awareness(b"\x01\x01\x01" + string('{"cursor":"' + "x" * 5_000 + '"}')),
        lambda: forged_presence(chance),
        lambda: b"",
        lambda: b"\xff" * chance.choice((1, 40, 60_000)),
        lambda: bytes((chance.randrange(256),)) + sized(chance.randbytes(30)),
        lambda: wire.update(chance.choice(updates))[: chance.randrange(1, 20)],
        lambda: chance.randbytes(chance.randrange(1, 200)),
    ]


def frames(chance: random.Random) -> Iterator[bytes]:
    """Half of them mutated updates of a real document, the others of every other kind."""
    made = 0
    while True:
        if made % 2000 == 0:
            updates = corpus(chance)[1]
            kinds = _kinds(chance, updates)
        made += 1
        if chance.random() < 0.5:
            update = mutated(chance, updates)
            yield (wire.update if chance.random() < 0.7 else wire.sync_step_2)(update)
        else:
            yield chance.choice(kinds)()
