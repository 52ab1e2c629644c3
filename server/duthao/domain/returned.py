"""A text that comes back (a draft somebody edited elsewhere), as changes of the draft.

First its provisions take over the ids of the text it was made from, as the comparison pairs them
(`adopted`); then what it changed is joined with what the draft became meanwhile (`joined`).
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from duthao.domain.compare.result import Comparison, Row
from duthao.domain.document import (
    Document,
    FrontMatter,
    Kind,
    Mark,
    NumberingPolicy,
    Provision,
    ProvisionId,
)
from duthao.domain.incoming.interpreting import is_draft_mark
from duthao.domain.merge import carried, merge
from duthao.domain.order import between
from duthao.domain.outline import LEVELS
from duthao.domain.secrecy import mark_in

_APART: Final = frozenset((Kind.ROW, Kind.TABLE))
"""What is one of these, or not, stays so: words and cells are kept in different places."""


def adopted(
    base: Document, incoming: Document, comparison: Comparison, new_id: Callable[[], ProvisionId]
) -> Document:
    """The incoming text with the ids of `base`, its source; `comparison` is that of both.

    Unchanged and edited provisions keep their ids, also where they moved or became another kind; of a
    split provision the first part keeps it and the others name it as their origin; what is new has a
    new id. Formats, heads of tables and reasons that the incoming text cannot hold stay as in `base`;
    fields of the front matter that it leaves empty too. The numbering policy is the base's: where it
    numbers afresh labels are the base's, else the incoming ones.
    """
    sources = _sources(comparison.rows)
    known = {one.id: one for one in base.provisions}
    formatted = any(one.marks for one in incoming.provisions)
    taken: set[ProvisionId] = set()
    made: list[Provision] = []
    for one in incoming.provisions:
        source = known.get(sources.get(one.id, one.id)) if one.id in sources else None
        if source is not None and (one.kind is not source.kind) and _APART & {one.kind, source.kind}:
            source = None
        keeps = base.policy is NumberingPolicy.KEEP
        if source is None or source.id in taken:
            made.append(
                replace(
                    one,
                    id=new_id(),
                    origin=source.id if source is not None else None,
                    order="",
                    label=one.label if keeps else None,
                )
            )
            continue
        taken.add(source.id)
        marks = one.marks if formatted else carried(source.marks, source.text, one.text)
        made.append(
            replace(
                source,
                kind=one.kind,
                text=one.text,
                cells=one.cells,
                marks=marks,
                label=one.label if keeps else source.label,
                header=one.header or source.header,
            )
        )
    return replace(base, provisions=tuple(made), front=_front(base.front, incoming.front))


def _sources(rows: Iterable[Row]) -> dict[ProvisionId, ProvisionId]:
    """For each incoming provision the one it was."""
    found: dict[ProvisionId, ProvisionId] = {}
    for row in rows:
        for one in row.after:
            if row.before:
                found[one.id] = row.before[0].id
    return found


def _front(base: FrontMatter, incoming: FrontMatter) -> FrontMatter:
    given = {f.name: value for f in fields(FrontMatter) if (value := getattr(incoming, f.name))}
    # The form prints the marks of the draft's number and of secrecy: coming back, nobody wrote them.
    said = tuple(
        line for line in incoming.preamble
        if line in base.preamble or not (is_draft_mark(line) or mark_in(line))
    )  # fmt: skip
    given = given | {"preamble": said} if said else {k: v for k, v in given.items() if k != "preamble"}
    return replace(base, **given)


# --- joining --------------------------------------------------------------------------------------


class Trouble(StrEnum):
    """Where both sides changed the same thing; what is done then."""

    WORDS = "words"  # the same words, otherwise: the draft's stand
    REMOVED_HERE = "removed_here"  # the draft took out what came back changed: it is brought back
    CHANGED_HERE = "changed_here"  # taken out there, changed here: it stays
    FRONT = "front"  # the same field of the front matter: the draft's stands


class Take(StrEnum):
    """Whose words stand where both changed the same thing."""

    THEIRS = "theirs"  # as it came in
    OURS = "ours"  # as the draft has it


USUAL: Final = {
    Trouble.WORDS: Take.OURS,
    Trouble.REMOVED_HERE: Take.THEIRS,
    Trouble.CHANGED_HERE: Take.OURS,
    Trouble.FRONT: Take.OURS,
}
"""What is done where nobody chose: no words are lost."""

Choices = Mapping[str, Take]
"""By the key of each conflict."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """`provision` is None, and `field` given, for the front matter. `theirs` came in; `taken` is whose
    words stand.
    """

    trouble: Trouble
    provision: ProvisionId | None
    theirs: str
    ours: str
    field: str = ""
    taken: Take = Take.OURS

    @property
    def key(self) -> str:
        """Names the place and both wordings: a choice made on other words is none on these."""
        both = json.dumps([self.trouble, self.theirs, self.ours]).encode()
        return f"{self.field or self.provision}.{hashlib.sha256(both).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Joined:
    document: Document
    conflicts: tuple[Conflict, ...]


def joined(
    base: Document, theirs: Document, now: Document, choices: Choices = MappingProxyType({})
) -> Joined:
    """The draft of `now` with what `theirs` (see `adopted`) changed of `base`; where both changed the
    same, as was chosen, else as usual.

    Guaranteed: where nobody wrote since `base` it reads as `theirs`; where theirs changed nothing it is
    `now`; words written into the draft since stand in it, whatever came in, unless somebody who saw both
    chose otherwise.
    """
    join = _Join(base, theirs, now, choices)
    return Joined(join.document(), tuple(join.conflicts))


class _Join:
    def __init__(self, base: Document, theirs: Document, now: Document, choices: Choices) -> None:
        self.base, self.theirs, self.now, self.choices = base, theirs, now, choices
        self.was = {one.id: one for one in base.provisions}
        self.came = {one.id: one for one in theirs.provisions}
        self.here = {one.id: one for one in now.provisions}
        self.conflicts: list[Conflict] = []

    def document(self) -> Document:
        kept = {id_: made for id_ in self._ids() if (made := self._one(id_)) is not None}
        placed = _placed([kept[id_] for id_ in self._sequence(kept)])
        alive = {one.id for one in placed}
        front = self._front()
        return replace(
            self.now,
            provisions=tuple(placed),
            front=front,
            removed=tuple(one for one in self.now.removed if one.id not in alive),
        )

    def _ids(self) -> Iterable[ProvisionId]:
        return dict.fromkeys((*self.came, *self.here))

    def _theirs(
        self, trouble: Trouble, id_: ProvisionId | None, theirs: str, ours: str, field: str = ""
    ) -> bool:
        """Keeps the conflict; whether what came in stands."""
        found = Conflict(trouble, id_, theirs, ours, field)
        taken = self.choices.get(found.key, USUAL[trouble])
        self.conflicts.append(replace(found, taken=taken))
        return taken is Take.THEIRS

    def _one(self, id_: ProvisionId) -> Provision | None:
        """The provision as both make it; None when it is taken out."""
        was, came, here = self.was.get(id_), self.came.get(id_), self.here.get(id_)
        if came is None:
            assert here is not None
            if was is None or _same(was, here):
                return here if was is None else None
            return None if self._theirs(Trouble.CHANGED_HERE, id_, "", _words(here)) else here
        if here is None:
            if was is not None and _same(was, came):
                return None
            if was is not None and not self._theirs(Trouble.REMOVED_HERE, id_, _words(came), ""):
                return None
            return came
        return here if was is None else self._both(was, came, here)

    def _both(self, was: Provision, came: Provision, here: Provision) -> Provision:
        text, cells = self._text(was, came, here), self._cells(was, came, here)
        return replace(
            here,
            kind=here.kind if came.kind is was.kind else came.kind,
            label=here.label if came.label == was.label else came.label,
            header=here.header if came.header == was.header else came.header,
            text=text,
            cells=cells,
            marks=_marks(was, came, here, text),
        )

    def _text(self, was: Provision, came: Provision, here: Provision) -> str:
        found = merge(was.text, came.text, here.text)
        if not found.is_clean and self._theirs(Trouble.WORDS, was.id, came.text, here.text):
            return came.text
        return found.text("ours")

    def _cells(self, was: Provision, came: Provision, here: Provision) -> tuple[str, ...]:
        if came.cells == was.cells:
            return here.cells
        if here.cells == was.cells:
            return came.cells
        if len(was.cells) == len(came.cells) == len(here.cells):
            parts = [merge(*three) for three in zip(was.cells, came.cells, here.cells, strict=True)]
            if all(part.is_clean for part in parts):
                return tuple(part.text() for part in parts)
            cells = tuple(part.text("ours") for part in parts)
        else:
            cells = here.cells
        return came.cells if self._theirs(Trouble.WORDS, was.id, _words(came), _words(here)) else cells

    def _front(self) -> FrontMatter:
        made: dict[str, Any] = {}
        for name in (f.name for f in fields(FrontMatter)):
            was, came, here = (getattr(one.front, name) for one in (self.base, self.theirs, self.now))
            if came in (was, here):
                continue
            if here != was:
                written = ["\n".join(v) if isinstance(v, tuple) else v for v in (came, here)]
                if not self._theirs(Trouble.FRONT, None, written[0], written[1], name):
                    continue
            made[name] = came
        return replace(self.now.front, **made)

    def _sequence(self, kept: Mapping[ProvisionId, Provision]) -> list[ProvisionId]:
        """The draft's order, unless what came in moved something: then its own; what only the other has
        comes behind what it stood behind there.
        """
        came, here = list(self.came), list(self.here)
        before = [id_ for id_ in self.was if id_ in self.came]
        moved = before != [id_ for id_ in came if id_ in self.was]
        skeleton, other = (came, here) if moved else (here, came)
        sequence = [id_ for id_ in skeleton if id_ in kept]
        own = set(other)
        at_hand = set(sequence)
        last: ProvisionId | None = None
        for id_ in other:
            if id_ not in kept:
                continue
            if id_ not in at_hand:
                at = 0 if last is None else sequence.index(last) + 1
                # What only the skeleton has below the one before stays below it.
                while (
                    at < len(sequence)
                    and sequence[at] not in own
                    and _rank(kept[sequence[at]]) > _rank(kept[id_])
                ):
                    at += 1
                sequence.insert(at, id_)
                at_hand.add(id_)
            last = id_
        return sequence


def _rank(one: Provision) -> int:
    return LEVELS.get(one.kind, 11 if one.kind is Kind.ROW else 10)


def _same(one: Provision, other: Provision) -> bool:
    return (one.kind, one.text, one.cells) == (other.kind, other.text, other.cells)


def _words(one: Provision) -> str:
    return " | ".join(one.cells) if one.cells else one.text


def _marks(was: Provision, came: Provision, here: Provision, text: str) -> tuple[Mark, ...]:
    if text == came.text and (text != here.text or (here.text, here.marks) == (was.text, was.marks)):
        return came.marks
    if text == here.text:
        return here.marks
    return carried(here.marks, here.text, text)


def _placed(sequence: Sequence[Provision]) -> list[Provision]:
    """In this order by their keys: the longest run that already has rising ones keeps them."""
    keys = [(one.order, one.id) for one in sequence]
    stays = _rising(keys)
    made: list[Provision] = []
    last: str | None = None
    ahead = dict.fromkeys(range(len(sequence))) | _next_kept(sequence, stays)
    for at, one in enumerate(sequence):
        if at not in stays:
            one = replace(one, order=between(last, ahead[at]))
        made.append(one)
        last = one.order
    return made


def _next_kept(sequence: Sequence[Provision], stays: set[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    following: str | None = None
    for at in reversed(range(len(sequence))):
        found[at] = following
        if at in stays:
            following = sequence[at].order
    return found


def _rising(keys: Sequence[tuple[str, str]]) -> set[int]:
    """Places of a longest strictly rising run of keys; empty keys are none."""
    ends: list[tuple[str, str]] = []
    places: list[int] = []
    before: dict[int, int | None] = {}
    for at, key in enumerate(keys):
        if not key[0]:
            continue
        slot = bisect_left(ends, key)
        before[at] = places[slot - 1] if slot else None
        if slot == len(ends):
            ends.append(key)
            places.append(at)
        else:
            ends[slot], places[slot] = key, at
    found: set[int] = set()
    at_: int | None = places[-1] if places else None
    while at_ is not None:
        found.add(at_)
        at_ = before[at_]
    return found
