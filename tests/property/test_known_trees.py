"""A document prepared from an earlier state of it is the document prepared from nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare.tree import Tree, tree_of
from duthao.domain.document import Document, Kind, Provision, ProvisionId
from tests.support.texts import doc, regulations, row, sentences, table
from tests.support.whole_documents import documents

PREPARED = ("_heads", "_kinds", "by_content", "checks", "contents", "lines", "parents", "places", "split_off",
            "units")  # fmt: skip
WORDS = doc(table("Phân công", id="b"), row("TT", "Việc", id="r1"), row("1", "Họp", id="r2"))


def looks(tree: Tree) -> dict[str, object]:
    return {
        name: getattr(tree, name) for name in (*PREPARED, "texts", "words", "container", "members", "entries")
    }


@st.composite
def another_state(draw: st.DrawFn, provision: Provision) -> Provision:
    """The same place with other words, another id or another origin; any of them or none."""
    ids = st.sampled_from([*map(ProvisionId, "xyz")])
    changed = draw(st.sets(st.sampled_from(("text", "id", "origin", "cells")), min_size=1, max_size=2))
    if "text" in changed:
        provision = replace(provision, text=draw(sentences), marks=())
    if "id" in changed:
        provision = replace(provision, id=draw(ids))
    if "origin" in changed:
        provision = replace(provision, origin=draw(st.none() | ids))
    if "cells" in changed and provision.kind is Kind.ROW:
        provision = replace(provision, cells=tuple(draw(sentences) for _ in provision.cells), marks=())
    return provision


@settings(max_examples=200)
@given(documents() | regulations() | st.just(WORDS), st.data())
def test_what_is_prepared_from_an_earlier_state_is_what_is_prepared_from_nothing(
    document: Document, data: st.DataObject
) -> None:
    known = tree_of(document)
    for name in data.draw(st.sets(st.sampled_from(PREPARED))):
        getattr(known, name)
    for _ in range(2):
        provisions = list(document.provisions)
        for at in data.draw(st.sets(st.integers(0, len(provisions) - 1), max_size=3)) if provisions else ():
            provisions[at] = data.draw(another_state(provisions[at]))
        document = replace(document, provisions=tuple(provisions))
        known = tree_of(document, known)
        for name in data.draw(st.sets(st.sampled_from(PREPARED))):
            getattr(known, name)
    assert looks(known) == looks(tree_of(document))
