"""How secret a document is, and what a paper printed from it carries for that.

Degrees: Luật Bảo vệ bí mật nhà nước, which knows three; the mark is the degree in capitals in a red
frame, at the left of the head under number and code (Thông tư 24/2020/TT-BCA; NĐ 30/2020, Phụ lục I).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from duthao.domain.document import Document
from duthao.domain.errors import Refusal


class Secrecy(StrEnum):
    """From the least to the greatest."""

    NONE = ""
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105 (a word of the law, no password)
    TOP_SECRET = "top_secret"  # noqa: S105

    @property
    def mark(self) -> str:
        """As it is stamped, "" for none: always Vietnamese, a word of the law."""
        return _MARKS[self]


STAMP_COLOUR = "B3261E"
"""Red, Green, Blue in hexadecimal digits, as Word has them."""

_MARKS = {
    Secrecy.NONE: "",
    Secrecy.CONFIDENTIAL: "MẬT",
    Secrecy.SECRET: "TỐI MẬT",
    Secrecy.TOP_SECRET: "TUYỆT MẬT",
}
_READ = {mark: degree for degree, mark in _MARKS.items() if mark}
_ORDER = tuple(Secrecy)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a printed paper carries besides its words: `degree` in its head, `reader` across every page.
    "" is not printed."""

    degree: str = ""
    reader: str = ""


UNSTAMPED = Stamp()


def secrecy_of(said: str) -> Secrecy:
    """Raises Refusal secrecy_unknown."""
    if said not in _ORDER:
        raise Refusal("secrecy_unknown", secrecy=said[:20])
    return Secrecy(said)


def greatest(degrees: Iterable[Secrecy]) -> Secrecy:
    """Of papers bound together: the whole is as secret as the most secret of them."""
    return max(degrees, key=_ORDER.index, default=Secrecy.NONE)


def mark_in(line: str) -> Secrecy:
    """The degree that a line of a head says and says nothing else; NONE for any other line."""
    return _READ.get(line.strip(), Secrecy.NONE)


def degree_in(lines: Iterable[str]) -> Secrecy:
    """The greatest degree that one of these lines says."""
    return greatest(map(mark_in, lines))


def taken(document: Document) -> tuple[Secrecy, Document]:
    """The degree marked on a document that came in, and the document without the mark, which is printed
    from what is known of it."""
    degree = degree_in(document.front.preamble)
    if degree is Secrecy.NONE:
        return degree, document
    said = tuple(line for line in document.front.preamble if not mark_in(line))
    return degree, replace(document, front=replace(document.front, preamble=said))
