"""The proof of an instrument: what a reader makes of the old text with it is the draft.

The only module that knows both sides. A fine instruction that does not prove is made coarser
(phrase, unit, clause, article, division) and tried again, a bounded number of times; what still
differs then is given provision by provision, and the instrument is not released.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from duthao.domain.amend.applying import Applied, apply
from duthao.domain.amend.drafting import draft
from duthao.domain.amend.following import Rewritten
from duthao.domain.amend.instrument import ARTICLE, Instrument
from duthao.domain.amend.operations import Amend, Part, Rephrase, Script
from duthao.domain.amend.script import Guide, script
from duthao.domain.amend.target import Renumbered, Target, target_of, without_placeholders
from duthao.domain.amend.templates import STANDARD, Templates
from duthao.domain.amend.units import HEADS, Address, Text, Unit, text_of
from duthao.domain.compare import ComparisonCache, Overrides, compare
from duthao.domain.compare.result import Comparison
from duthao.domain.compare.sequences import common_subsequence
from duthao.domain.document import Document, ProvisionId
from duthao.domain.outline import Entry, outline, plain_line

MAX_ROUNDS = 8
"""Times an instrument is made coarser before it is given up."""

MAX_SHOWN = 200
"""Differing provisions that are listed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A provision that is not as the draft has it after applying the instrument.

    `path` in the draft, or in the applied text when the draft lacks it; `wanted` and `got` are
    the printed lines, "" on the side that has none.
    """

    path: str
    wanted: str
    got: str


@dataclass(frozen=True, slots=True)
class RefusedInstruction:
    """An instruction the reader would not apply: its sentence, and the refusal's code."""

    sentence: str
    code: str


@dataclass(frozen=True, slots=True)
class Proof:
    """An instrument and what applying it gives.

    It may be released only when it `holds`. `exact` tells whether the applied text carries the
    draft's own numbers; otherwise `renumbered` lists where kept numbers stand for those of a
    draft that was numbered afresh, `references` what speaks of these numbers. `rounds` is how
    often it was drafted.
    """

    instrument: Instrument
    differences: tuple[Difference, ...]
    refused: tuple[RefusedInstruction, ...]
    renumbered: tuple[Renumbered, ...]
    rounds: int
    references: tuple[Rewritten, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.differences and not self.refused

    @property
    def exact(self) -> bool:
        return not self.renumbered


def proved(
    before: Document, after: Document, comparison: Comparison, templates: Templates = STANDARD
) -> Proof:
    """The finest instrument for a draft that a reader proves, or the last one tried.

    `comparison` is that of the two documents. Total but for Refusals of the reader about the
    document as a whole; bounded by `MAX_ROUNDS`; the same input gives the same bytes.
    """
    target = target_of(before, after, comparison)
    ours, theirs = text_of(outline(without_placeholders(before))), text_of(outline(target.document))
    guide = Guide()
    for attempt in range(1, MAX_ROUNDS + 1):
        found = script(ours, theirs, guide)
        instrument = draft(found.operations, before, after, templates)
        proof = _proof(before, target, instrument, attempt)
        if proof.holds:
            return proof
        coarser = _coarser(guide, found, proof, theirs, ours)
        if coarser == guide:
            return proof
        guide = coarser
    return proof


def between(
    before: Document,
    after: Document,
    *,
    overrides: Overrides,
    own: Iterable[tuple[str, str]] = (),
    cache: ComparisonCache | None = None,
) -> Proof:
    """`proved` for two documents whose pairing may have been corrected by hand.

    `own` are the templates an office has its own wording of; `cache`, what earlier comparisons
    left, only saves work. Raises Refusal as `Templates`.
    """
    compared = compare(before, after, overrides=overrides, cache=cache)
    return proved(before, after, compared, Templates(dict(own)))


def _proof(before: Document, target: Target, instrument: Instrument, rounds: int) -> Proof:
    numbers = count(1)
    new_id = lambda: ProvisionId(f"new{next(numbers)}")  # noqa: E731
    if instrument.instructions:
        applied = apply(before, instrument.text(), new_id=new_id, article=ARTICLE)
    else:
        applied = Applied(before, (), (), ())
    refused = tuple(RefusedInstruction(refusal.text, refusal.code) for refusal in applied.refusals)
    differences = tuple(differing(applied.document, target.document))[:MAX_SHOWN]
    return Proof(instrument, differences, refused, target.renumbered, rounds, target.references)


def differing(applied: Document, wanted: Document) -> Iterable[Difference]:
    """Provisions that differ in kind, number, place or words; formats are no part of a text."""
    got = outline(without_placeholders(applied)).entries
    want = outline(without_placeholders(wanted)).entries
    left, right = [_key(entry) for entry in got], [_key(entry) for entry in want]
    if left == right:
        return
    kept_left, kept_right = set(), set()
    for i, j in common_subsequence(left, right):
        kept_left.add(i)
        kept_right.add(j)
    extra = {got[i].path: got[i] for i in range(len(got)) if i not in kept_left}
    for j, entry in enumerate(want):
        if j not in kept_right:
            other = extra.pop(entry.path, None)
            yield Difference(entry.path, plain_line(entry), plain_line(other) if other else "")
    for entry in extra.values():
        yield Difference(entry.path, "", plain_line(entry))


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.provision.kind.value, entry.path, plain_line(entry)


# --- coarser ----------------------------------------------------------------------------------


def _coarser(guide: Guide, found: Script, proof: Proof, theirs: Text, ours: Text) -> Guide:
    """The guide with every operation near a difference made one step coarser."""
    no_phrase, whole = set(guide.no_phrase), set(guide.whole)
    phrased = {
        place.address
        for operation in found.operations
        if isinstance(operation, Rephrase)
        for place in operation.places
    }
    amended = {
        operation.place.address
        for operation in found.operations
        if isinstance(operation, Amend) and operation.place.part is Part.WHOLE
    }
    for address in _suspects(proof, theirs, ours):
        unit = theirs.by_address.get(address) or ours.by_address.get(address)
        if unit is None:
            continue
        if address in phrased and address not in no_phrase:
            no_phrase.add(address)
            continue
        whole.add(_next(unit, whole, amended, theirs))
    return Guide(frozenset(whole), frozenset(no_phrase))


def _suspects(proof: Proof, theirs: Text, ours: Text) -> list[Address]:
    """Units in which something differs, or which an instruction that was refused names."""
    suspects: list[Address] = []
    for difference in proof.differences:
        for text in (theirs, ours):
            if (found_at := _owner(text, difference.path)) is not None:
                suspects.append(found_at)
                break
    sentences = {refused.sentence for refused in proof.refused}
    for leaf in proof.instrument.leaves():
        if leaf.sentence in sentences or f"{leaf.sentence}." in sentences or f"{leaf.sentence};" in sentences:
            suspects.extend(leaf.units)
    return list(dict.fromkeys(suspects))


def _owner(text: Text, path: str) -> Address | None:
    """The address of the numbered unit a path leads to, or of the nearest above it that there is."""
    while path:
        if path in text.by_path:
            return text.by_path[path]
        path = path.rpartition("/")[0]
    return None


def _next(unit: Unit, whole: set[Address], amended: set[Address], theirs: Text) -> Address:
    """The smallest unit around a suspect that is not yet amended whole."""
    address = unit.address
    while len(address) > 1 and (address in whole or address in amended) and address[-1][0] not in HEADS:
        address = address[:-1]
    if address[-1][0] in HEADS and (address in whole or address in amended):
        head = theirs.by_address.get(address)
        for outer in reversed(head.above if head else ()):
            if outer not in whole:
                return outer
    return address


__all__ = ["Difference", "Proof", "RefusedInstruction", "between", "differing", "proved"]
