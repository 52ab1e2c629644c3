"""What a draft should be looked at for: its checks, and the references its revision left behind.

One list for a screen: every finding knows where it stands, the words it is about with the words
around them, and a key by which people put it aside. `review(before, after)` is the whole of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from duthao.domain.checks import Finding, Severity, check
from duthao.domain.checks.engine import MAX_FINDINGS, order_of
from duthao.domain.checks.finding import at
from duthao.domain.checks.form import part_text
from duthao.domain.compare import ComparisonCache, Overrides, compare
from duthao.domain.compare.renumber import Renumbered, renumber_map
from duthao.domain.compare.result import Comparison
from duthao.domain.compare.stale import StaleReference, stale_references
from duthao.domain.document import CharOffset, Document, ProvisionId
from duthao.domain.form_profile import profile_from_json
from duthao.domain.outline import Outline, outline

AROUND = 24
"""Characters told on each side of the words a finding is about."""

NEAR = 12
"""Characters on each side that a key knows: who changes them is told of the finding again."""

KEY_LENGTH = 16
"""Hexadecimal digits of a finding's key."""


class Group(StrEnum):
    """What a finding is about; the order is that of the list."""

    REFERENCES = "references"
    NUMBERS = "numbers"
    CONTENT = "content"
    WORDS = "words"
    SPELLING = "spelling"
    MARKS = "marks"
    FORM = "form"


_CODES: Mapping[Group, tuple[str, ...]] = {
    Group.REFERENCES: (
        "stale_renumbered", "stale_moved", "stale_repealed", "stale_unclear",
        "reference_dangling", "reference_self",
    ),
    Group.NUMBERS: ("number_twice", "number_back", "number_gap", "point_d_missed"),
    Group.CONTENT: ("article_empty", "provision_empty", "title_missing"),
    Group.WORDS: ("short_form_undefined", "agency_varies", "document_number"),
    Group.SPELLING: ("tone_placement", "i_or_y"),
    Group.MARKS: (
        "spaces_double", "space_before_mark", "space_after_mark", "mark_not_open", "mark_not_closed",
    ),
    Group.FORM: (
        "form_body_missing", "form_type_missing", "form_title_missing", "form_bases_missing",
        "form_recipients_missing", "form_authority_missing", "form_place_missing",
        "form_number", "form_number_digits", "form_code", "form_date", "form_date_zero",
        "form_date_impossible", "form_title_capitals", "form_base_end", "form_authority",
        "form_collective", "form_degree", "form_recipients_last", "form_motto", "form_draft_mark",
        "form_uy", "form_cite_comma", "form_cite_no_comma", "form_body_end", "form_label",
    ),
}  # fmt: skip

GROUP_OF: Mapping[str, Group] = {code: group for group, codes in _CODES.items() for code in codes}
"""The group of each code that a check or a stale reference has."""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding where it stands: in a provision, or in a `part` of the front matter.

    `quote` is `text[start:end]`, empty when it is about the whole provision; `lead` and `trail` are
    the words around it.

    `replacement` is what to write for the quote where that is safe, else None. The `key` stays the
    same while the finding and the words next to it do, whatever is written elsewhere. `details`
    fill its sentence.
    """

    key: str
    group: Group
    code: str
    severity: Severity
    provision: ProvisionId
    path: str
    start: CharOffset
    end: CharOffset
    quote: str
    lead: str
    trail: str
    details: tuple[tuple[str, str], ...]
    replacement: str | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """Numbers old and new, of every provision that has another path; references left behind."""

    renumbered: tuple[Renumbered, ...]
    references: tuple[StaleReference, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """`cut`: there was more than MAX_FINDINGS to tell. Findings stand in reading order."""

    findings: tuple[PlacedFinding, ...]
    cut: bool


def follow(comparison: Comparison, before: Document, after: Document) -> Followed:
    """What became of numbers and references from one text to the other."""
    renumbered = tuple(
        one
        for one in renumber_map(comparison)
        if one.before is not None and one.after is not None and one.before != one.after
    )
    return Followed(renumbered, stale_references(comparison, before, after))


NO_OVERRIDES = Overrides()


def review(
    before: Document,
    after: Document,
    *,
    overrides: Overrides = NO_OVERRIDES,
    cache: ComparisonCache | None = None,
    form: str = "",
) -> Review:
    """The findings of `after`, whose references are held against `before`; total.

    `form` is the profile as JSON (so it travels to another process) against which the form of `after`
    is held; "" for none.

    `cache`, what earlier comparisons left, only saves work.
    """
    made = outline(after)
    compared = compare(before, after, overrides=overrides, cache=cache)
    references = stale_references(compared, before, after)
    stale = [_finding(made, one) for one in references if one.reason != "dangling"]
    told = {(one.provision, one.start, one.end) for one in stale}
    checks = check(after, profile_from_json(form) if form else None)
    # A reference left behind says more than that it points to nothing, or to itself.
    checked = [
        one
        for one in checks
        if (one.provision, one.start, one.end) not in told or GROUP_OF[one.code] is not Group.REFERENCES
    ]
    places = {entry.provision.id: n for n, entry in enumerate(made.entries)}
    found = sorted((*stale, *checked), key=order_of(places))
    listed = _placed(after, made, places, found[:MAX_FINDINGS])
    return Review(listed, len(found) > MAX_FINDINGS or len(checks) >= MAX_FINDINGS)


def _finding(made: Outline, one: StaleReference) -> Finding:
    entry = made.by_id[one.provision]
    unclear = one.repaired is None and one.reason != "repealed"
    code = "stale_unclear" if unclear else f"stale_{one.reason}"
    details = {"quote": one.quote} | ({} if one.repaired is None else {"repaired": one.repaired})
    return at(code, Severity.ERROR, entry, one.start, one.end, one.repaired, **details)


def _placed(
    document: Document, made: Outline, places: Mapping[ProvisionId, int], found: Iterable[Finding]
) -> tuple[PlacedFinding, ...]:
    times: Counter[tuple[str, ...]] = Counter()
    listed: list[PlacedFinding] = []
    for one in found:
        if one.part:
            text, path = part_text(document.front, one.part), ""
        else:
            entry = made.entries[places[one.provision]]
            text, path = entry.provision.text, entry.path
        quote = text[one.start : one.end]
        replacement = None if one.repair is None else one.repair.replacement
        lead, trail = text[max(0, one.start - AROUND) : one.start], text[one.end : one.end + AROUND]
        marks = (one.code, one.part or one.provision, lead[-NEAR:], quote, trail[:NEAR], replacement or "")
        times[marks] += 1
        listed.append(
            PlacedFinding(
                key=_key((*marks, str(times[marks]))),
                group=GROUP_OF[one.code],
                code=one.code,
                severity=one.severity,
                provision=one.provision,
                path=path,
                start=one.start,
                end=one.end,
                quote=quote,
                lead=lead if one.end else "",
                trail=trail if one.end else "",
                details=tuple(one.details.items()),
                replacement=replacement,
                part=one.part,
            )
        )
    return tuple(listed)


def _key(parts: Iterable[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LENGTH]
