"""What an instrument can make of the old text: the draft under the numbers amending law allows.

An amending instrument must not renumber (Nghị định 78/2025/NĐ-CP, Điều 69 and 70): what stays
keeps its number, what is new takes "5a" or "đ1", a repealed number is not reused elsewhere. A
draft that was numbered afresh is therefore carried to kept numbers, family by family; where the
draft's own numbers touch no more units than kept ones would, they stand as they are. References
follow the numbers that the amended text will have (`following`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from duthao.domain.amend.following import Rewritten, followed
from duthao.domain.amend.units import REPEATED, Address, Step, Unit, same, text_of
from duthao.domain.compare.keys import reference_key
from duthao.domain.compare.result import Comparison
from duthao.domain.compare.sequences import longest_increasing
from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.numbering import number
from duthao.domain.outline import UPPER, Outline, outline

_COUNTED_INSIDE = (Kind.SECTION, Kind.SUBSECTION, Kind.HEADING)
"""Divisions that begin at 1 again in each division around them."""

_REPEALED = re.compile(r"[(\[]?\s*(?:đã\s+)?(?:được\s+|bị\s+)?bãi\s+bỏ\s*[)\]]?\s*[.;]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A provision whose number in the draft is not the one the instrument gives it (paths)."""

    draft: str
    kept: str


@dataclass(frozen=True, slots=True)
class Target:
    """The text an instrument is drafted for.

    `exact` when it is the draft itself; else it is the draft under kept numbers, and
    `renumbered` names every provision that has another number there, `references` what is written
    otherwise because of these numbers.
    """

    document: Document
    renumbered: tuple[Renumbered, ...]
    references: tuple[Rewritten, ...] = ()

    @property
    def exact(self) -> bool:
        return not self.renumbered


def is_placeholder(text: str) -> bool:
    """Whether a unit's words only say that it was repealed ("(được bãi bỏ)")."""
    return _REPEALED.fullmatch(text.strip()) is not None


def without_placeholders(document: Document) -> Document:
    """The document without units that only say they were repealed; labels stay as numbered."""
    entries = outline(document).entries
    gone = {
        index
        for index, entry in enumerate(entries)
        if is_placeholder(entry.provision.text) and not entry.children and entry.number
    }
    if not gone:
        return document
    kept = tuple(
        replace(entry.provision, label=entry.number or entry.provision.label)
        for index, entry in enumerate(entries)
        if index not in gone
    )
    return replace(document, provisions=kept, policy=NumberingPolicy.KEEP)


class _Pairs:
    """Which unit of the draft carries on which unit of the old text, by content."""

    def __init__(self, comparison: Comparison, before: Outline, after: Outline) -> None:
        ours = {entry.path: index for index, entry in enumerate(before.entries)}
        theirs = {entry.path: index for index, entry in enumerate(after.entries)}
        self.of: dict[int, int] = {}
        for row in comparison.rows:
            left = [ours[unit.path] for unit in row.before if unit.path in ours]
            right = [theirs[unit.path] for unit in row.after if unit.path in theirs]
            if not left or not right:
                continue
            # Of a split or merged row the members of one number belong together, else the first.
            numbers = {before.entries[i].number: i for i in reversed(left)}
            j = next((j for j in right if after.entries[j].number in numbers), right[0])
            self.of[j] = numbers.get(after.entries[j].number, left[0])


class _Numbers:
    """Gives every unit of the draft its number; None is left to the numbering under KEEP.

    `gone` are numbers of the old text that the draft no longer has, each at the place in the
    draft before which it stood: they are not to be given again.
    """

    def __init__(self, pairs: _Pairs, after: Outline) -> None:
        self.pairs, self.after = pairs, after
        self.given: dict[int, str | None] = {}
        self.gone: list[tuple[int, Step]] = []

    def family(self, olds: Sequence[Unit], news: Sequence[Unit], end: int) -> None:
        """Numbers of siblings whose parents are one, then of what stands in them.

        `end` is where in the draft the siblings end.
        """
        kept, touched, gone = self._kept(olds, news, end)
        own = self._own(olds, news)
        if own is not None and own[1] <= touched:
            for new in news:
                self.given[new.index] = new.number
            matched = own[0]
        else:
            for new in news:
                self.given[new.index] = kept[new.index].number if new.index in kept else None
            self.gone.extend(gone)
            matched = kept
        for new in news:
            if new.index in matched:
                end = self.after.subtree(new.index).stop if new.index >= 0 else len(self.after.entries)
                self.family(matched[new.index].children, new.children, end)
            else:
                self._as_they_are(new.children)

    def _as_they_are(self, units: Sequence[Unit]) -> None:
        for unit in units:
            self.given[unit.index] = unit.number
            self._as_they_are(unit.children)

    def _own(self, olds: Sequence[Unit], news: Sequence[Unit]) -> tuple[dict[int, Unit], int] | None:
        """Units of one number together, and how many units change; None when it cannot be."""
        places = {unit.address: at for at, unit in enumerate(olds)}
        if any(REPEATED in unit.number for unit in (*olds, *news)):
            return None
        shared = [(places[new.address], new) for new in news if new.address in places]
        if any(a >= b for (a, _), (b, _) in pairwise(shared)):
            return None
        matched = {new.index: olds[at] for at, new in shared}
        changed = sum(not same(olds[at], new, reference_key) for at, new in shared)
        return matched, changed + len(olds) + len(news) - 2 * len(shared)

    def _partner(self, new: Unit) -> int | None:
        """The index of the unit it carries on. What stands under nothing carries on just that."""
        return self.pairs.of.get(new.index) if new.address else new.index

    def _kept(
        self, olds: Sequence[Unit], news: Sequence[Unit], end: int
    ) -> tuple[dict[int, Unit], int, list[tuple[int, Step]]]:
        """Units in place by content, then those that took a removed one's slot; how many units
        change; and the numbers that go. What moved among the others is new in its place."""
        places: dict[int | None, int] = {unit.index: at for at, unit in enumerate(olds)}
        partners = ((places.get(self._partner(new)), new) for new in news)
        found = [(at, new) for at, new in partners if at is not None and olds[at].kind is new.kind]
        # Articles that went to another division are new there: no sentence moves a division's name.
        total = sum(new.size + 1 for new in news)
        weights = [new.size + 1 + (total if new.kind in UPPER else 0) for _, new in found]
        chain = longest_increasing([at for at, _ in found], weights)
        fixed = _at_home([found[k] for k in chain], olds)
        matched = {new.index: olds[at] for at, new in fixed}
        changed = sum(not same(olds[at], new, reference_key) for at, new in fixed)
        reused = 0
        gone: list[tuple[int, Step]] = []
        for slot_old, slot_new, following in _gaps(fixed, olds, news):
            for old, new in _slots(slot_old, slot_new, news, matched):
                matched[new.index] = old
                reused += 1
            used = {matched[new.index].index for new in slot_new if new.index in matched}
            place = end if following is None else following.index
            gone += [(place, old.step) for old in slot_old if old.index not in used and old.address]
        return matched, changed + len(olds) + len(news) - 2 * len(matched) + reused, gone


def _at_home(fixed: Sequence[tuple[int, Unit]], olds: Sequence[Unit]) -> list[tuple[int, Unit]]:
    """Without divisions whose numbers are counted in another one than before: there they are new."""
    homes: dict[Address, Address] = {}
    kept: list[tuple[int, Unit]] = []
    for at, new in fixed:
        old = olds[at]
        if new.kind in _COUNTED_INSIDE:
            ours, theirs = old.above[-1:], new.above[-1:]
            if [homes.get(address) for address in theirs] != list(ours):
                continue
        if new.kind in UPPER:
            homes[new.address] = old.address
        kept.append((at, new))
    return kept


def _slots(
    olds: Sequence[Unit], news: Sequence[Unit], all_news: Sequence[Unit], matched: Mapping[int, Unit]
) -> Iterator[tuple[Unit, Unit]]:
    """Units between two in place that take the numbers of removed ones, of their kind and in order.

    An article takes that of one in its own division only: its number would move with it.
    """
    if not (olds and news):
        return
    homes = {unit.address: unit.index for unit in all_news}
    found = dict(matched)
    for kind in sorted(dict.fromkeys(unit.kind for unit in news), key=lambda kind: kind not in UPPER):
        free = [unit for unit in olds if unit.kind is kind]
        for new in (unit for unit in news if unit.kind is kind):
            home = found.get(homes.get(new.above[-1], -2)) if new.above else None
            if new.above and home is None:
                continue
            wanted = home.address if home is not None else None
            old = next((o for o in free if (o.above[-1] if o.above else None) == wanted), None)
            if old is not None:
                free = free[free.index(old) + 1 :]
                found[new.index] = old
                yield old, new


def _gaps(
    fixed: Sequence[tuple[int, Unit]], olds: Sequence[Unit], news: Sequence[Unit]
) -> Iterator[tuple[Sequence[Unit], Sequence[Unit], Unit | None]]:
    """What stands on either side between units in place, and the one that follows."""
    at = {unit.index: k for k, unit in enumerate(news)}
    a = b = 0
    for place, new in fixed:
        yield olds[a:place], news[b : at[new.index]], new
        a, b = place + 1, at[new.index] + 1
    yield olds[a:], news[b:], None


def _numbered(
    provisions: Sequence[Provision], given: Mapping[int, str | None], gone: Sequence[tuple[int, Step]]
) -> tuple[Provision, ...]:
    """The provisions labelled as `given`; new numbers avoid those that are gone."""
    phantoms: dict[int, list[Provision]] = {}
    for place, (kind, label) in gone:
        phantoms.setdefault(place, []).append(Provision(ProvisionId(""), kind, "", label))
    merged: list[Provision] = []
    places: list[int] = []
    for index, provision in enumerate(provisions):
        merged += phantoms.get(index, [])
        places.append(len(merged))
        merged.append(replace(provision, label=given.get(index, provision.label)))
    merged += phantoms.get(len(provisions), [])
    numbers = number(merged, NumberingPolicy.KEEP)
    return tuple(
        replace(provision, label=numbers[places[index]] or provision.label) if index in given else provision
        for index, provision in enumerate(provisions)
    )


def target_of(before: Document, after: Document, comparison: Comparison) -> Target:
    """The draft as an instrument can reach it.

    `comparison` is that of the two documents. Repealed units which the draft only names as such
    are left out: repealing them leaves nothing. Linear but for sorting.
    """
    ours, theirs = outline(before), outline(after)
    numbers = _Numbers(_Pairs(comparison, ours, theirs), theirs)
    numbers.family(text_of(ours).heads, text_of(theirs).heads, len(theirs.entries))
    provisions = _numbered(after.provisions, numbers.given, numbers.gone)
    made = replace(after, provisions=provisions, policy=NumberingPolicy.KEEP)
    renumbered = tuple(
        Renumbered(old.path, new.path)
        for old, new in zip(theirs.entries, outline(made).entries, strict=True)
        if old.path != new.path
    )
    if not renumbered:
        return Target(without_placeholders(made), ())
    followed_up, references = followed(before, after, comparison, made)
    return Target(without_placeholders(followed_up), renumbered, references)
