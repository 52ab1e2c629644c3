"""Numbers, references and headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from duthao.domain.checks.finding import Draft, Finding, Severity, at
from duthao.domain.document import Kind, NumberingPolicy
from duthao.domain.numbering import Place, next_place, place_of, runs
from duthao.domain.outline import UPPER, Entry
from duthao.domain.references import find

_COUNTED = (Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.ARTICLE, Kind.CLAUSE, Kind.POINT)


def references(draft: Draft) -> Iterator[Finding]:
    """Internal references that point to nothing, or to the very provision they stand in."""
    for place, entry in enumerate(draft.entries):
        text = entry.provision.text
        for phrase in find(text, draft.own):
            if phrase.external:
                continue
            resolved = draft.index.resolve(phrase, place)
            quote = text[phrase.start : phrase.end]
            if not resolved.complete:
                yield at("reference_dangling", Severity.ERROR, entry, phrase.start, phrase.end, quote=quote)
            elif resolved.targets == (place,) and all(item.label is not None for item in phrase.items):
                yield at("reference_self", Severity.WARNING, entry, phrase.start, phrase.end, quote=quote)


def sequence(draft: Draft) -> Iterator[Finding]:
    """Written numbers that leave a gap, stand twice or go back; "d" where "đ" was left out."""
    if draft.document.policy is NumberingPolicy.RENUMBER:
        return  # numbers are computed: they cannot be wrong
    for kind, indices in runs(draft.document.provisions):
        if kind in _COUNTED:
            yield from _run(draft, kind, indices)


def _run(draft: Draft, kind: Kind, indices: Sequence[int]) -> Iterator[Finding]:
    previous: Place | None = None
    seen: set[Place] = set()
    for index in indices:
        entry = draft.entries[index]
        place = place_of(kind, entry.number)
        if place is None:
            continue
        if place in seen:
            yield _whole("number_twice", Severity.ERROR, entry)
        elif previous is not None and place < previous:
            yield _whole("number_back", Severity.WARNING, entry)
        elif not _follows(kind, previous, place):
            missed_d = kind is Kind.POINT and _skips_d(previous, entry.number)
            yield _whole("point_d_missed" if missed_d else "number_gap", Severity.WARNING, entry)
        seen.add(place)
        previous = place if previous is None else max(place, previous)


def _follows(kind: Kind, previous: Place | None, place: Place) -> bool:
    if previous is not None and place[0] == previous[0]:
        return True  # 5a after 5
    return (place[0], "") == next_place(kind, previous)


def _skips_d(previous: Place | None, number: str) -> bool:
    return number == "e" and previous == place_of(Kind.POINT, "d")


def _whole(code: str, severity: Severity, entry: Entry) -> Finding:
    return at(code, severity, entry, 0, 0, label=entry.label)


def empty_articles(draft: Draft) -> Iterator[Finding]:
    """An article, clause or point without a word."""
    for entry in draft.entries:
        kind = entry.provision.kind
        if kind is Kind.ARTICLE and not entry.children:
            yield _whole("article_empty", Severity.ERROR, entry)
        elif kind in (Kind.CLAUSE, Kind.POINT) and not entry.provision.text.strip() and not entry.children:
            yield _whole("provision_empty", Severity.ERROR, entry)


def missing_titles(draft: Draft) -> Iterator[Finding]:
    """Divisions and articles without a title, where others of their kind have one."""
    kinds = {Kind.ARTICLE, *UPPER}
    titled = {
        e.provision.kind for e in draft.entries if e.provision.kind in kinds and e.provision.text.strip()
    }
    for entry in draft.entries:
        if entry.provision.kind in titled and not entry.provision.text.strip():
            yield _whole("title_missing", Severity.WARNING, entry)
