"""Does the CRDT library do what Yjs does? Three cases in which its releases did not (peers.md §7).

The updates were made by Yjs (tests/support/yjs/vectors.mjs makes them again, and a test holds
them equal). The service asks at its start and does not serve with a library that fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

from pycrdt import Doc

from duthao.collab.codec import read_document
from duthao.domain.document import ProvisionId


class EngineUnsound(Exception):
    """The installed CRDT library gives another text than Yjs does: `case` says in which case."""

    def __init__(self, case: str) -> None:
        super().__init__(f"the CRDT library fails the conformance case {case!r}")
        self.case = case


@dataclass(frozen=True, slots=True)
class Vector:
    """Updates and what provision "a" reads as after them; `any_order`: however they come."""

    case: str
    updates: tuple[str, ...]
    text: str
    cells: tuple[str, ...] = ()
    any_order: bool = False


VECTORS: Final = (
    Vector(
        "deleted text stays deleted",
        (
            "01030b0027010a70726f766973696f6e7301610127000b0004746578740204000b01"
            "0dc49069e1bb8175206de1bb997400",
            "01010b0a840b09082076c3a02068616900",
            "00010b010608",
            "01010b11440b0204f09f998200",
        ),
        "🙂Điềuhai",
        any_order=True,
    ),
    Vector(
        "merged updates wait for what they lean on",
        (
            "01020c03840c020179840c03017a00",
            "01030c0027010a70726f766973696f6e7301610127000c0004746578740204000c01017800",
        ),
        "xyz",
    ),
    Vector(
        "what two insert at the beginning is in one order",
        (
            "01030d0027010a70726f766973696f6e7301610127000d0004746578740204000d010b6de1bb9f20c491e1baa77500",
            "01030d0827000d000563656c6c730007000d080204000d09013300",
            "01030d0b470d090204000d0b0131440d02013100",
            "01030e00470d090204000e000132440d02013200",
        ),
        "12mở đầu",
        ("1", "2", "3"),
        any_order=True,
    ),
)


def assert_engine_is_sound(vectors: Iterable[Vector] = VECTORS) -> None:
    """Raises EngineUnsound when the installed library fails a vector. Takes some 10 ms."""
    for vector in vectors:
        updates = [bytes.fromhex(update) for update in vector.updates]
        for order in permutations(updates) if vector.any_order else [tuple(updates)]:
            if _reading(order) != (vector.text, vector.cells):
                raise EngineUnsound(vector.case)


def _reading(updates: Sequence[bytes]) -> tuple[str, tuple[str, ...]] | None:
    doc: Doc[Any] = Doc(skip_gc=True)
    try:
        for update in updates:
            doc.apply_update(update)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic in the library is no Exception
        return None
    document, _ = read_document(doc)
    found = {one.id: one for one in document.provisions}.get(ProvisionId("a"))
    return None if found is None else (found.text, found.cells)
