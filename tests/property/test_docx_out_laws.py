"""What goes out as a Word file comes back the same: both numberings, and both texts of tracked changes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare import compare
from duthao.domain.document import Document
from duthao.formats.docx_out import Numbering, Tracked, WordOptions, document_docx
from duthao.messages import Catalogue
from tests.support.edit_scripts import edited_pair
from tests.support.word_documents import FRONT, read_back, tree, word_documents

VI = Catalogue("vi")


@given(word_documents(), st.sampled_from(("literal", "automatic")))
@settings(max_examples=40)
def test_a_document_comes_back_the_same(document: Document, numbering: Numbering) -> None:
    content = document_docx(document, VI, WordOptions(numbering=numbering))
    assert tree(replace(read_back(content), policy=document.policy)) == tree(document)


def holds(before: Document, after: Document) -> None:
    tracked = Tracked(before, compare(before, after), "Văn phòng", "2026-09-05T08:00:00Z")
    content = document_docx(after, VI, WordOptions(tracked=tracked))
    for changes, text in (("final", after), ("original", before)):
        read = replace(read_back(content, changes), policy=text.policy)  # type: ignore[arg-type]
        assert tree(read) == tree(text), changes


@given(word_documents(max_articles=3), word_documents(max_articles=3))
@settings(max_examples=25)
def test_taking_all_changes_gives_the_draft_and_none_the_current_text(
    before: Document, after: Document
) -> None:
    holds(before, after)


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_so_it_is_with_real_edits(seed: int) -> None:
    pair = edited_pair(seed, articles=4)
    first, second = replace(pair.before, front=FRONT), replace(pair.after, front=FRONT)
    plain = (document_docx(first, VI), document_docx(second, VI))
    tracked = Tracked(first, compare(first, second), "Văn phòng", "2026-09-05T08:00:00Z")
    content = document_docx(second, VI, WordOptions(tracked=tracked))
    # As the files without changes read: made-up texts hold lines that the grammar reads otherwise.
    assert tree(read_back(content, "original")) == tree(read_back(plain[0]))
    assert tree(read_back(content, "final")) == tree(read_back(plain[1]))
