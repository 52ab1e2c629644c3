"""The door to what people make of opinions: groups with answers and links, pieces, what was declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from duthao.domain.anchors import Stretch
from duthao.domain.document import DocumentId, UserId
from duthao.domain.synthesis.groups import Change, Group, Piece


@dataclass(frozen=True, slots=True)
class Declined:
    """Opinions, by id, that a person said are not to be answered as one."""

    id: str
    document_id: DocumentId
    opinions: tuple[str, ...]
    by: UserId
    at: int


class Syntheses(Protocol):
    """Groups of opinions, oldest first; each opinion is in at most one."""

    def groups(self, document_id: DocumentId) -> Sequence[Group]: ...
    def pieces(self, document_id: DocumentId) -> Sequence[Piece]:
        """Those of one opinion stand together, in their order."""
        ...

    def keep(self, document_id: DocumentId, change: Change) -> bool:
        """All of it or nothing, each group as its next edition; False when somebody was quicker: an
        edition is not the one kept, or an opinion is in another group already.
        """
        ...

    def declined(self, document_id: DocumentId) -> Sequence[Declined]:
        """Oldest first."""
        ...

    def decline(self, one: Declined) -> None: ...
    def hold(self, document_id: DocumentId, held: Mapping[str, tuple[Stretch, ...]]) -> None:
        """Where the words of these links, by id, are held now; no edition grows."""
        ...


class SynthesisDoors(Protocol):
    """What a store has for the synthesis of opinions."""

    @property
    def syntheses(self) -> Syntheses: ...
