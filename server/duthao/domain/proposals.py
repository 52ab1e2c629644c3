"""A proposal (đề nghị sửa): another wording for a provision, a new one behind it, or its removal.

It keeps what it was made on, so that it reads the same whatever becomes of the text; how it stands
to the draft of today is found by joining both (`domain.merge`), and accepting it is a new draft.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from duthao.domain.document import Document, Kind, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.merge import Hunk, Meeting, Merged, carried, disputed, hunks, meeting, merge, part_of
from duthao.domain.order import between
from duthao.domain.outline import LEVELS, below, outline

_LOWEST: Final = max(LEVELS.values()) + 1
"""The rank of what holds nothing: paragraphs, tables. Rows are lower: nothing comes between them."""


class Act(StrEnum):
    """What is proposed for a provision."""

    REPLACE = "replace"
    INSERT = "insert"  # a new one behind it
    REMOVE = "remove"  # with all below it


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a provision: its text, or the cells of a row."""

    text: str = ""
    cells: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.text, *self.cells)


@dataclass(frozen=True, slots=True)
class Stood:
    """A provision as it stood when something was proposed for it."""

    id: ProvisionId
    kind: Kind
    label: str  # as printed then
    wording: Wording


@dataclass(frozen=True, slots=True)
class NewProvision:
    """The identity and kind of a provision that is proposed; it has them from the beginning, so
    that accepting it twice makes one."""

    id: ProvisionId
    kind: Kind


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed, and what it was made on.

    `base` begins with the provision itself: the one to replace or remove, or behind which the new
    one shall stand; of a removal all that stood below it follows. `wording` is empty for a removal,
    `new` is given for an insertion only.
    """

    act: Act
    base: tuple[Stood, ...]
    wording: Wording = Wording()
    new: NewProvision | None = None

    @property
    def provision(self) -> ProvisionId:
        return self.base[0].id


class Standing(StrEnum):
    """How a proposal stands to the draft of today."""

    CLEAN = "clean"  # can be accepted as it is
    CONFLICT = "conflict"  # words it changes, or removes, were changed otherwise: a person decides
    DONE = "done"  # the draft reads so already
    GONE = "gone"  # its provision is not there any more


@dataclass(frozen=True, slots=True)
class Outlook:
    """A proposal against the draft of today.

    `merged` has a part for the text and one for each cell, none when the provision is gone or
    nothing is replaced. `now` is how the provisions it is about read today, `changed` those of a
    removal that read otherwise than when it was proposed, or are new. `seen` stands for `now`.
    """

    standing: Standing
    merged: tuple[Merged, ...] = ()
    now: tuple[tuple[ProvisionId, Wording], ...] = ()
    changed: tuple[ProvisionId, ...] = ()

    @property
    def seen(self) -> str:
        return digest(self.now)

    @property
    def wording(self) -> Wording:
        """The joined wording, the proposal's where both changed the same words."""
        return _wording(tuple(part.text("theirs") for part in self.merged))


def digest(words: Iterable[tuple[ProvisionId, Wording]]) -> str:
    """A short name of what these provisions read."""
    found = hashlib.sha256()
    for id_, wording in words:
        for part in (id_, *wording.parts):
            found.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
        found.update(b";")
    return found.hexdigest()[:16]


def wording_of(provision: Provision) -> Wording:
    return Wording(provision.text, provision.cells)


def _wording(parts: Sequence[str]) -> Wording:
    return Wording(parts[0], tuple(parts[1:])) if parts else Wording()


# --- proposing ------------------------------------------------------------------------------------


def proposed(
    document: Document,
    act: Act,
    provision: ProvisionId,
    wording: Wording = Wording(),  # a frozen value
    made_on: Wording | None = None,
    new: NewProvision | None = None,
) -> Proposed:
    """The proposal of this wording, made by somebody who saw `made_on` (None: what stands there now).

    Its base is what stands in the draft now; words that others changed meanwhile are joined. Raises
    Refusal: provision_not_found; proposal_empty (nothing new is said); proposal_cells (a row has
    other columns); proposal_text_moved (the words it changes were changed meanwhile); proposal_id_taken.
    """
    entries = outline(document).entries
    at = next((n for n, entry in enumerate(entries) if entry.provision.id == provision), None)
    if at is None:
        raise Refusal("provision_not_found")
    ids = below(document, provision) if act is Act.REMOVE else {provision}
    base = tuple(
        Stood(e.provision.id, e.provision.kind, e.label, wording_of(e.provision))
        for e in entries
        if e.provision.id in ids
    )
    if act is Act.REPLACE:
        return Proposed(act, base, _caught_up(base[0].wording, wording, made_on))
    if act is Act.REMOVE:
        return Proposed(act, base)
    assert new is not None
    if any(new.id == one.id for one in (*document.provisions, *document.removed)):
        raise Refusal("proposal_id_taken")
    if not wording.text.strip():
        raise Refusal("proposal_empty")
    return Proposed(act, base, Wording(wording.text), new)


def _caught_up(now: Wording, wording: Wording, made_on: Wording | None) -> Wording:
    made_on = now if made_on is None else made_on
    if not len(now.cells) == len(wording.cells) == len(made_on.cells):
        raise Refusal("proposal_cells")
    if wording in (made_on, now) or not any(part.strip() for part in wording.parts):
        raise Refusal("proposal_empty")
    joined = _merged(made_on, wording, now)
    if not all(part.is_clean for part in joined):
        raise Refusal("proposal_text_moved")
    caught_up = _wording(tuple(part.text() for part in joined))
    if caught_up == now:
        raise Refusal("proposal_empty")
    return caught_up


def _merged(base: Wording, theirs: Wording, ours: Wording) -> tuple[Merged, ...]:
    return tuple(merge(*parts) for parts in zip(base.parts, theirs.parts, ours.parts, strict=True))


# --- how it stands ----------------------------------------------------------------------------------


def outlook(one: Proposed, document: Document) -> Outlook:
    """How the proposal stands to this draft."""
    there = {provision.id: provision for provision in document.provisions}
    if one.act is Act.REMOVE:
        return _removal(one, document)
    if one.act is Act.INSERT:
        return _insertion(one, document, there)
    provision = there.get(one.provision)
    if provision is None:
        return Outlook(Standing.GONE)
    now = wording_of(provision)
    read = ((provision.id, now),)
    base = one.base[0].wording
    if len(now.cells) != len(base.cells):
        return Outlook(Standing.CONFLICT, (), read)
    joined = _merged(base, one.wording, now)
    if not all(part.is_clean for part in joined):
        return Outlook(Standing.CONFLICT, joined, read)
    done = all(part.text() == words for part, words in zip(joined, now.parts, strict=True))
    return Outlook(Standing.DONE if done else Standing.CLEAN, joined, read)


def _removal(one: Proposed, document: Document) -> Outlook:
    ids = below(document, one.provision)
    if not ids:
        return Outlook(Standing.DONE)
    now = tuple((p.id, wording_of(p)) for p in document.provisions if p.id in ids)
    was = {stood.id: stood.wording for stood in one.base}
    changed = tuple(id_ for id_, words in now if was.get(id_) != words)
    return Outlook(Standing.CONFLICT if changed else Standing.CLEAN, (), now, changed)


def _insertion(one: Proposed, document: Document, there: Mapping[ProvisionId, Provision]) -> Outlook:
    assert one.new is not None
    known = [*document.provisions, *document.removed]
    if one.new.id in there:
        return Outlook(Standing.DONE, (), ((one.new.id, wording_of(there[one.new.id])),))
    # Behind what was taken out there is still a place.
    stands = any(provision.id == one.provision for provision in known)
    return Outlook(Standing.CLEAN if stands else Standing.GONE)


@dataclass(frozen=True, slots=True)
class Meetings:
    """For each proposal, by its id, those it collides with and those that say the same."""

    collide: Mapping[str, tuple[str, ...]]
    same: Mapping[str, tuple[str, ...]]


def meetings(open_ones: Sequence[tuple[str, Proposed]], document: Document) -> Meetings:
    """How these proposals stand to one another, in the draft of today."""
    looks = {id_: outlook(one, document) for id_, one in open_ones}
    collide: dict[str, list[str]] = {id_: [] for id_, _ in open_ones}
    same: dict[str, list[str]] = {id_: [] for id_, _ in open_ones}
    here: dict[ProvisionId, list[tuple[str, Proposed]]] = {}
    for id_, one in open_ones:
        reach = (stood.id for stood in one.base)
        for provision in reach:
            here.setdefault(provision, []).append((id_, one))
    met: set[tuple[str, str]] = set()
    for group in here.values():
        for place, (a, one) in enumerate(group):
            for b, other in group[place + 1 :]:
                if (a, b) in met:
                    continue
                met.add((a, b))
                how = _meet(one, other, looks[a], looks[b])
                if how is not Meeting.APART:
                    table = collide if how is Meeting.COLLIDE else same
                    table[a].append(b)
                    table[b].append(a)
    return Meetings(_frozen(collide), _frozen(same))


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the draft of today and what a proposal makes of it; `disputed` by another one."""

    was: str
    now: str
    disputed: bool = False


def changes(look: Outlook, others: Sequence[Outlook]) -> tuple[tuple[Change, ...], ...]:
    """What a rewording makes of the text and of each cell, as they read today.

    `others` are the outlooks of the rewordings it collides with. Joined, `was` gives the words of
    today and `now` those proposed. Nothing for what is no rewording, or cannot be joined part by part.
    """
    if not look.merged:
        return ()
    parts = zip(look.now[0][1].parts, look.wording.parts, strict=True)
    return tuple(
        tuple(_changes(was, now, [other.wording.parts[at] for other in others if other.merged]))
        for at, (was, now) in enumerate(parts)
    )


def _changes(was: str, now: str, others: Sequence[str]) -> Iterable[Change]:
    hot = {hunk for other in others for hunk in disputed(was, now, other)}
    at = 0
    for hunk in hunks(was, now):
        old = was[hunk.start : hunk.end]
        blank = _common_blank(old, hunk)
        if hunk.start + blank > at:
            yield Change(was[at : hunk.start + blank], was[at : hunk.start + blank])
        yield Change(old[blank:], hunk.text[blank:], hunk in hot)
        at = hunk.end
    if at < len(was):
        yield Change(was[at:], was[at:])


def _common_blank(old: str, hunk: Hunk) -> int:
    """How much white space both begin with: it is no change of words."""
    size = 0
    while size < min(len(old), len(hunk.text)) and old[size] == hunk.text[size] and old[size].isspace():
        size += 1
    return size


def _frozen(found: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {id_: tuple(others) for id_, others in found.items()}


def _meet(one: Proposed, other: Proposed, look: Outlook, other_look: Outlook) -> Meeting:
    if Act.REMOVE in (one.act, other.act):
        removal, beside = (one, other) if one.act is Act.REMOVE else (other, one)
        if beside.act is Act.REMOVE:
            return Meeting.SAME if one.provision == other.provision else Meeting.APART
        inside = beside.act is Act.REPLACE or _rank_of(beside) > _rank(removal.base[0].kind)
        return Meeting.COLLIDE if inside else Meeting.APART
    if one.act is not other.act:
        return Meeting.APART
    if one.act is Act.INSERT:
        alike = one.wording == other.wording and _rank_of(one) == _rank_of(other)
        return Meeting.SAME if alike and one.provision == other.provision else Meeting.APART
    if not look.merged or not other_look.merged:
        return Meeting.APART
    parts = zip(look.now[0][1].parts, look.wording.parts, other_look.wording.parts, strict=True)
    found = {meeting(*part) for part in parts}
    if found == {Meeting.SAME}:
        return Meeting.SAME
    return Meeting.COLLIDE if Meeting.COLLIDE in found else Meeting.APART


def _rank(kind: Kind) -> int:
    return _LOWEST + 1 if kind is Kind.ROW else LEVELS.get(kind, _LOWEST)


def _rank_of(insertion: Proposed) -> int:
    assert insertion.new is not None
    return _rank(insertion.new.kind)


# --- accepting --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """How a person decided: the proposal as it is, or `wording` instead, written over `made_on`.

    `seen` is the outlook's, for a removal of what has changed since: it is removed as seen.
    """

    wording: Wording | None = None
    made_on: Wording | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The draft with what the proposal brought, and with what the person changed of it as well.

    `adapted`: what stands there now is not what the proposal alone would have given.
    """

    brought: Document
    final: Document
    wording: Wording
    adapted: bool = False


def accepted(
    document: Document, one: Proposed, decided: Decided, behind: Collection[ProvisionId] = ()
) -> Accepted:
    """The draft with this proposal in it. Accepting again what is there already changes nothing.

    `behind`: provisions put behind the same one before, after which a new one stands. Raises Refusal:
    provision_not_found, proposal_conflict (a person has to decide, or what they saw has changed),
    proposal_empty, proposal_cells.
    """
    look = outlook(one, document)
    if look.standing is Standing.GONE:
        raise Refusal("provision_not_found")
    if one.act is Act.REMOVE:
        if look.standing is Standing.CONFLICT and decided.seen != look.seen:
            raise Refusal("proposal_conflict")
        gone = {id_ for id_, _ in look.now}
        left = replace(document, provisions=tuple(p for p in document.provisions if p.id not in gone))
        return Accepted(left, left, Wording())
    if one.act is Act.INSERT:
        return _with_new(document, one, decided, behind, look)
    now = look.now[0][1]
    if decided.wording is None:
        if look.standing is Standing.CONFLICT:
            raise Refusal("proposal_conflict")
        final = brought = look.wording
    else:
        final = _final(now, decided)
        brought = _brought(now, look, final)
    return Accepted(
        _reworded(document, one.provision, brought),
        _reworded(document, one.provision, final),
        final,
        final != look.wording,
    )


def _final(now: Wording, decided: Decided) -> Wording:
    """What the person wrote, with what others changed while they did."""
    assert decided.wording is not None
    made_on = decided.made_on or now
    if not len(now.cells) == len(decided.wording.cells) == len(made_on.cells):
        raise Refusal("proposal_cells")
    if not any(part.strip() for part in decided.wording.parts):
        raise Refusal("proposal_empty")
    joined = _merged(made_on, decided.wording, now)
    if not all(part.is_clean for part in joined):
        raise Refusal("proposal_conflict")
    return _wording(tuple(part.text() for part in joined))


def _brought(now: Wording, look: Outlook, final: Wording) -> Wording:
    if not look.merged:
        return now
    parts = zip(now.parts, look.wording.parts, final.parts, strict=True)
    return _wording(tuple(part_of(*part) for part in parts))


def _reworded(document: Document, id_: ProvisionId, wording: Wording) -> Document:
    def made(one: Provision) -> Provision:
        if one.id != id_ or wording_of(one) == wording:
            return one
        marks = carried(one.marks, one.text, wording.text)
        return replace(one, text=wording.text, cells=wording.cells, marks=marks)

    return replace(document, provisions=tuple(map(made, document.provisions)))


def _with_new(
    document: Document, one: Proposed, decided: Decided, behind: Collection[ProvisionId], look: Outlook
) -> Accepted:
    assert one.new is not None
    final = Wording(one.wording.text if decided.wording is None else decided.wording.text)
    if not final.text.strip():
        raise Refusal("proposal_empty")
    if look.standing is Standing.DONE:
        now = look.now[0][1].text
        joined = merge(one.wording.text, final.text, now)
        if not joined.is_clean:
            raise Refusal("proposal_conflict")
        final = Wording(joined.text())
        return Accepted(document, _reworded(document, one.new.id, final), final, final != one.wording)
    there = [p for p in document.provisions if p.id != one.new.id]
    at = _place(document, there, one, behind)
    before, after = there[at - 1 : at], there[at : at + 1]
    order = between(before[0].order if before else None, after[0].order if after else None)
    new = Provision(one.new.id, one.new.kind, one.wording.text, order=order)
    # One taken out under this id before stays what it is: it comes back with the words proposed.
    removed = tuple(p for p in document.removed if p.id != one.new.id)
    brought = replace(document, provisions=(*there[:at], new, *there[at:]), removed=removed)
    return Accepted(brought, _reworded(brought, one.new.id, final), final, final != one.wording)


def _place(
    document: Document, there: Sequence[Provision], one: Proposed, behind: Collection[ProvisionId]
) -> int:
    """The index of the new provision: behind its anchor and all of it that is lower than the new one."""
    at = next((n + 1 for n, p in enumerate(there) if p.id == one.provision), None)
    if at is None:
        anchor = next(p for p in document.removed if p.id == one.provision)
        place = (anchor.order, anchor.id)
        at = sum(1 for p in there if (p.order, p.id) < place)
    while at < len(there) and (_rank(there[at].kind) > _rank_of(one) or there[at].id in behind):
        at += 1
    return at
