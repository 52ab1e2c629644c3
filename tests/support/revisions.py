"""Random revisions of made-up regulations, edit by edit, for laws that hold of any revision."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from duthao.domain.document import Document, Kind, Provision, ProvisionId
from tests.support.texts import provision, regulations, sentences

EDITS = ("insert", "repeal", "move", "reword", "split", "kind", "respell")


def _split(target: Provision, new: ProvisionId) -> list[Provision]:
    words = target.text.split(" ")
    half = len(words) // 2
    return [
        replace(target, text=" ".join(words[:half])),
        replace(target, id=new, text=" ".join(words[half:]), origin=target.id),
    ]


def _edited(draw: st.DrawFn, all_: list[Provision], edit: str, name: str) -> list[Provision]:
    at = draw(st.integers(0, max(len(all_) - 1, 0)))
    new = ProvisionId(name)
    if edit == "insert" or not all_:
        kind = draw(st.sampled_from([Kind.ARTICLE, Kind.CLAUSE, Kind.POINT, Kind.PARAGRAPH]))
        return [*all_[:at], provision(kind, draw(sentences), id=new), *all_[at:]]
    target, rest = all_[at], [*all_[:at], *all_[at + 1 :]]
    if edit == "repeal":
        return rest
    if edit == "move":
        to = draw(st.integers(0, len(rest)))
        return [*rest[:to], target, *rest[to:]]
    if edit == "split":
        return [*all_[:at], *_split(target, new), *all_[at + 1 :]]
    words = target.text.split(" ")
    where = draw(st.integers(0, len(words) - 1))
    changed = {
        "reword": replace(target, text=" ".join([*words[:where], draw(sentences), *words[where + 1 :]])),
        "kind": replace(target, kind=Kind.CLAUSE if target.kind is Kind.POINT else Kind.POINT),
        "respell": replace(target, text=target.text.upper()),
    }[edit]
    return [*all_[:at], changed, *all_[at + 1 :]]


@st.composite
def revised(draw: st.DrawFn, before: Document, named: str = "") -> Document:
    """A revision of a document; new provisions have ids that begin with `named`."""
    after = list(before.provisions)
    for number, edit in enumerate(draw(st.lists(st.sampled_from(EDITS), max_size=6))):
        after = _edited(draw, after, edit, f"{named}new{number}")
    if draw(st.booleans()):
        after = [replace(p, id=ProvisionId(f"{named}z{n}"), origin=None) for n, p in enumerate(after)]
    return replace(before, provisions=tuple(after))


@st.composite
def revisions(draw: st.DrawFn) -> tuple[Document, Document]:
    """A regulation and a revision of it, with the ids of the first or without any in common."""
    before = draw(regulations())
    return before, draw(revised(before))
