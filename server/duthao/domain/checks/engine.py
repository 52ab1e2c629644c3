"""All checks over one draft. A new check is one function in this list."""

from __future__ import annotations

from duthao.domain.checks import numbers, spelling, words
from duthao.domain.checks.finding import Check, Draft, Finding
from duthao.domain.document import Document
from duthao.domain.outline import outline
from duthao.domain.references import Index, own_names

CHECKS: tuple[Check, ...] = (
    numbers.references,
    numbers.sequence,
    numbers.empty_articles,
    numbers.missing_titles,
    words.short_forms,
    words.agencies,
    words.document_numbers,
    spelling.tone_placement,
    spelling.i_or_y,
    spelling.spaces,
    spelling.pairs_of_marks,
)

MAX_FINDINGS = 2_000


def check(document: Document) -> tuple[Finding, ...]:
    """What the checks find, in reading order; the same for the same document, linear in its size."""
    made = outline(document)
    draft = Draft(document, made, Index(made), own_names(document))
    places = {entry.provision.id: n for n, entry in enumerate(made.entries)}
    found = [finding for one in CHECKS for finding in one(draft)]
    found.sort(key=lambda finding: (places[finding.provision], finding.start, finding.end, finding.code))
    return tuple(found[:MAX_FINDINGS])
