"""Numbers old and new, and references that follow them.

A reference is followed by what it points to: the unit it names in the old text is looked up, and
written as that unit is named in the new one, seen from where the reference stands now. Its shape
is kept where it still says the same ("khoản 2 Điều này", lists, ranges); else it is written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duthao.domain.compare.result import Comparison
from duthao.domain.document import Kind, ProvisionId
from duthao.domain.outline import Outline
from duthao.domain.references import Index, Item, Phrase, find
from duthao.domain.references.citing import address, enumerated


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A provision's number in both texts; None: it is not there. Paths as in a comparison.

    `provision` is its id in the new text, in the old one if it is only there.
    """

    provision: ProvisionId
    before: str | None
    after: str | None
    kind: Kind


def renumber_map(comparison: Comparison) -> tuple[Renumbered, ...]:
    """Old number and new number of every provision, in the order of the rows."""
    found: list[Renumbered] = []
    for row in comparison.rows:
        for n in range(max(len(row.before), len(row.after))):
            before = row.before[min(n, len(row.before) - 1)] if row.before else None
            after = row.after[min(n, len(row.after) - 1)] if row.after else None
            unit = after or before
            assert unit is not None
            found.append(
                Renumbered(
                    unit.id,
                    before.path if before else None,
                    after.path if after else None,
                    unit.kind,
                )
            )
    return tuple(found)


class Follower:
    """Follows references from one outline into another. `moved_to`: before-index → after-index."""

    def __init__(
        self, before: Outline, after: Outline, moved_to: Mapping[int, int], own: tuple[str, ...] = ()
    ) -> None:
        self.before, self.after = Index(before), Index(after)
        self._moved_to, self.own = moved_to, own

    def text(self, source: str, i: int, j: int) -> str:
        """A before-text at place i with its references as they are written at after-place j."""
        parts: list[str] = []
        at = 0
        for phrase in find(source, self.own):
            if phrase.external:
                continue
            written = self.phrase(phrase, source, i, j)
            if written is None:
                continue
            parts += (source[at : phrase.start], written)
            at = phrase.end
        return "".join((*parts, source[at:]))

    def phrase(self, phrase: Phrase, source: str, i: int, j: int) -> str | None:
        """The phrase as it is written at after-place j; None when a target is gone or was never there."""
        resolved = self.before.resolve(phrase, i)
        new = [self.new(old) for old in resolved.items]
        targets = [self.new(old) for old in resolved.targets]
        if any(target is None for target in targets):
            return None
        kept = self._in_shape(phrase, source, new, j)
        if kept is not None and self.says(kept, j, frozenset(targets)):
            return kept
        return self._written_out([target for target in targets if target is not None])

    def new(self, old: int | None) -> int | None:
        return None if old is None else self._moved_to.get(old)

    def _in_shape(self, phrase: Phrase, source: str, new: Sequence[int | None], j: int) -> str | None:
        """The phrase with its labels exchanged; None when a unit changed its kind."""
        parts: list[str] = []
        at: int = phrase.start
        for item, index in zip(phrase.items, new, strict=True):
            if item.label is None:
                continue
            if index is None and item.target:
                return None
            if index is None or self.after.kind(index) is not item.kind:
                # What only says where to look may have gone: the unit's new home is named instead.
                index = self._home_of(phrase, item, new)
            if index is None:
                return None
            parts += (source[at : item.start], self.after.outline.entries[index].number)
            at = item.end
        return "".join((*parts, source[at : phrase.end]))

    def _home_of(self, phrase: Phrase, item: Item, new: Sequence[int | None]) -> int | None:
        place = phrase.items.index(item)
        for n, other in enumerate(phrase.items):
            if other.parent == place and new[n] is not None:
                return self.after.above(new[n], item.kind)
        return None

    def says(self, written: str, j: int, targets: frozenset[int | None]) -> bool:
        """Whether a wording, read at after-place j, points to these and to nothing else."""
        found = find(written, self.own)
        return len(found) == 1 and set(self.after.resolve(found[0], j).targets) == targets

    def _written_out(self, targets: Sequence[int]) -> str:
        return enumerated([address(self.after.outline, target) for target in dict.fromkeys(targets)])
