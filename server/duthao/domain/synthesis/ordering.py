"""Where opinions stand in their list: Điều → khoản → điểm, last "Vấn đề khác" (norm B8).

The list follows one text, the newest that was sent out, with its numbers: those who gave opinions
read those. A provision that is only in another text (the live draft, an older one) stands where it
would stand there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duthao.domain.document import Document, Kind, ProvisionId
from duthao.domain.outline import Entry, outline

ELSEWHERE = float("inf")
"""The place of what is about the document as a whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is "" for the document as a whole; `article` that of the article, or the division, it is in.

    `is_own`: the provision stands in the text the list follows; if not, the path is from another text.
    """

    at: float
    path: str = ""
    article: str = ""
    is_own: bool = True


WHOLE = Place(ELSEWHERE)


class Order:
    """The places of provisions in the text the list follows."""

    def __init__(self, followed: Document, others: Sequence[Document] = ()) -> None:
        """`others`: where provisions are looked for that are not in it, the most telling first."""
        self._places: dict[str, Place] = {}
        entries = outline(followed).entries
        keys = [(one.order, one.id) for one in followed.provisions]
        for n, entry in enumerate(entries):
            self._places[entry.provision.id] = Place(float(n), entry.path, _article(entries, n))
        for text in others:
            self._add(text, keys)

    def _add(self, text: Document, keys: Sequence[tuple[str, ProvisionId]]) -> None:
        entries = outline(text).entries
        for n, entry in enumerate(entries):
            one = entry.provision
            if one.id not in self._places:
                at = bisect_right(keys, (one.order, one.id)) - 0.5
                self._places[one.id] = Place(at, entry.path, _article(entries, n), is_own=False)

    def of(self, provision: str | None) -> Place:
        """Where opinions on this provision stand; those on one that is in no text, with the whole."""
        return WHOLE if provision is None else self._places.get(provision, WHOLE)

    def first(self, provisions: Iterable[str | None]) -> Place:
        """Of a group's places the foremost."""
        return min(map(self.of, provisions), key=lambda place: (place.at, place.path), default=WHOLE)


def _article(entries: Sequence[Entry], n: int) -> str:
    entry = entries[n]
    while entry.provision.kind is not Kind.ARTICLE and entry.parent is not None:
        entry = entries[entry.parent]
    return entry.path
