"""All checks over one draft. A new check is one function in this list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from duthao.domain.checks import numbers, spelling, words
from duthao.domain.checks.finding import Check, Draft, Finding
from duthao.domain.checks.form import FOOT, HEAD, form_findings
from duthao.domain.document import Document, ProvisionId
from duthao.domain.form_profile import FormProfile
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


def check(document: Document, form: FormProfile | None = None) -> tuple[Finding, ...]:
    """What the checks find, in reading order; the same for the same document, linear in its size.

    With a `form` also what differs from that.
    """
    made = outline(document)
    draft = Draft(document, made, Index(made), own_names(document))
    found = [finding for one in CHECKS for finding in one(draft)]
    if form is not None:
        told = {(one.provision, one.start, one.end) for one in found if one.code == "tone_placement"}
        found += [
            one for one in form_findings(draft, form) if (one.provision, one.start, one.end) not in told
        ]
    found.sort(key=order_of({entry.provision.id: n for n, entry in enumerate(made.entries)}))
    return tuple(found[:MAX_FINDINGS])


def order_of(places: Mapping[ProvisionId, int]) -> Callable[[Finding], tuple[int, int, int, int, str]]:
    """The key of the reading order: above the provisions, the provisions at their places, below them."""
    after = len(places)

    def key(one: Finding) -> tuple[int, int, int, int, str]:
        place, line = places.get(one.provision, after), 0
        if one.part:
            name, _, number = one.part.partition(".")
            line = int(number or 0)
            place = HEAD.index(name) - len(HEAD) if name in HEAD else after + FOOT.index(name)
        return place, line, one.start, one.end, one.code

    return key
