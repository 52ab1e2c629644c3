"""An outline made from a known one is the outline made anew, whatever changed between the two."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.outline import outline
from tests.support.texts import regulations


@given(regulations(), st.data())
def test_a_known_outline_saves_work_and_changes_nothing(document: Document, data: st.DataObject) -> None:
    known = outline(document)
    changed = [_changed(provision, data) for provision in document.provisions]
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(changed)))
        changed[place:place] = [Provision(ProvisionId("new"), data.draw(st.sampled_from(Kind)), "mới")]
    policy = data.draw(st.sampled_from(NumberingPolicy))
    now = replace(document, provisions=tuple(changed), policy=policy)
    assert outline(now, known) == outline(now)


def _changed(provision: Provision, data: st.DataObject) -> Provision:
    match data.draw(st.sampled_from(("same", "same", "same", "text", "kind", "label"))):
        case "text":
            return replace(provision, text=f"{provision.text} thêm")
        case "kind":
            return replace(provision, kind=data.draw(st.sampled_from(Kind)))
        case "label":
            return replace(provision, label=data.draw(st.sampled_from(("2", "5a", "đ", None))))
        case _:
            return provision


def test_entries_whose_provision_stayed_are_the_very_same_values() -> None:
    words = Provision(ProvisionId("a"), Kind.ARTICLE, "Một"), Provision(ProvisionId("b"), Kind.CLAUSE, "hai")
    known = outline(Document(words))
    again = outline(Document((words[0], replace(words[1], text="ba"))), known)
    assert again.entries[0] is known.entries[0]
    assert again.entries[1].provision.text == "ba"
