"""Outlines kept from one question to the next are those that would be made anew."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import DocumentId
from duthao.domain.outline import outline
from duthao.service import outlines
from tests.support.letters import Letters


@given(st.integers(0, 2**32))
def test_whatever_was_edited_the_outline_is_that_of_now(seed: int) -> None:
    draft, kept = Letters(random.Random(seed)), outlines.Outlines()
    for _ in range(5):
        document = draft.document()
        assert kept.of(DocumentId("draft"), document).entries == outline(document).entries
        draft.edit()


def test_not_every_document_ever_asked_for_is_kept() -> None:
    kept, document = outlines.Outlines(), Letters(random.Random(1)).document()
    for n in range(3 * outlines.KEPT):
        kept.of(DocumentId(str(n)), document)
    assert len(kept._known) == outlines.KEPT
