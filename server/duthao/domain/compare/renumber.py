"""Numbers old and new, and references that follow them.

A reference is followed by what it points to: the unit it names in the old text is looked up, and
written as that unit is named in the new one, seen from where the reference stands now. Its shape
is kept where it still says the same ("khoản 2 Điều này", lists, ranges); else it is written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from duthao.domain.compare.result import Comparison
from duthao.domain.document import CharOffset, Document, Kind, ProvisionId
from duthao.domain.outline import LEVELS, Outline, outline
from duthao.domain.references import Index, Item, Phrase, find, own_names
from duthao.domain.references.citing import address, enumerated

Reason = Literal["renumbered", "moved", "repealed", "dangling", "apart"]
"""Why a reference is stale: its target has another number, stands elsewhere, is gone, was never
there, or its targets no longer stand together as the phrase says."""


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A provision's number in both texts; None: it is not there. Paths as in a comparison."""

    before: str | None
    after: str | None
    before_label: str
    after_label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class StaleReference:
    """A reference in the new text that no longer says what it said; `text[start:end]` is the quote.

    `repaired` is the wording that points to the same unit again; None when there is none.
    """

    provision: ProvisionId
    start: CharOffset
    end: CharOffset
    quote: str
    repaired: str | None
    reason: Reason


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
                    before.path if before else None, after.path if after else None,
                    before.label if before else "", after.label if after else "", unit.kind,
                )
            )  # fmt: skip
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
        if kept is not None and self._says(kept, j) == set(targets):
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

    def _says(self, written: str, j: int) -> set[int | None]:
        found = find(written)
        return set(self.after.resolve(found[0], j).targets) if len(found) == 1 else {None}

    def _written_out(self, targets: Sequence[int]) -> str:
        return enumerated([address(self.after.outline, target) for target in dict.fromkeys(targets)])


def _partners(comparison: Comparison, before: Outline, after: Outline) -> dict[int, int]:
    """Before-index → after-index of one-to-one rows, and of the first of a split or merge."""
    ours = {entry.path: n for n, entry in enumerate(before.entries)}
    theirs = {entry.path: n for n, entry in enumerate(after.entries)}
    found: dict[int, int] = {}
    for row in comparison.rows:
        if row.before and row.after:
            for n, unit in enumerate(row.before):
                found[ours[unit.path]] = theirs[row.after[min(n, len(row.after) - 1)].path]
    return found


def stale_references(comparison: Comparison, before: Document, after: Document) -> tuple[StaleReference, ...]:
    """References of the new text that still say what they said in the old one, and should not.

    Only wording that stands in the old provision too is judged by where it pointed then; any other
    is the drafter's, and told only when it points to nothing.
    """
    old, new = outline(before), outline(after)
    own = (*own_names(before), *own_names(after))
    moved_to = _partners(comparison, old, new)
    back = {j: i for i, j in moved_to.items()}
    follower = Follower(old, new, moved_to, own)
    found: list[StaleReference] = []
    for j, entry in enumerate(new.entries):
        for phrase in find(entry.provision.text, own):
            if phrase.external or not phrase.items:
                continue
            judged = _judged(follower, phrase, entry.provision.text, back.get(j), j)
            if judged is not None:
                quote = entry.provision.text[phrase.start : phrase.end]
                found.append(StaleReference(entry.provision.id, phrase.start, phrase.end, quote, *judged))
    return tuple(found)


def _judged(
    follower: Follower, phrase: Phrase, text: str, i: int | None, j: int
) -> tuple[str | None, Reason] | None:
    """(repaired, reason) of a reference that is stale; None when it is right."""
    quote = text[phrase.start : phrase.end]
    now = follower.after.resolve(phrase, j)
    was = None if i is None else _same_phrase(follower, quote, i)
    if i is None or was is None:
        return None if now.complete else (None, "dangling")
    source = follower.before.outline.entries[i].provision.text
    then = follower.before.resolve(was, i)
    if not then.complete:
        return None if now.complete else (None, "dangling")
    wanted = [follower.new(target) for target in then.targets]
    if any(target is None for target in wanted):
        return None, "repealed"
    if set(wanted) == set(now.targets):
        return None
    return follower.phrase(was, source, i, j), _why(follower, then.targets, wanted)


def _why(follower: Follower, old: Sequence[int | None], new: Sequence[int | None]) -> Reason:
    for was, now in zip(old, new, strict=True):
        assert was is not None
        assert now is not None
        ours, theirs = follower.before.outline.entries[was], follower.after.outline.entries[now]
        if ours.provision.kind is not theirs.provision.kind:
            return "moved"
        above, above_now = ours.parent, theirs.parent
        if LEVELS.get(ours.provision.kind, 0) > LEVELS[Kind.ARTICLE] and follower.new(above) != above_now:
            return "moved"
    return "renumbered"


def _same_phrase(follower: Follower, quote: str, i: int) -> Phrase | None:
    source = follower.before.outline.entries[i].provision.text
    for phrase in find(source, follower.own):
        if source[phrase.start : phrase.end] == quote:
            return phrase
    return None
