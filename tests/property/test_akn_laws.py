"""Akoma Ntoso and JSON give the same document back; what is written is valid by the OASIS schema."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from lxml import etree

from duthao.domain.document import Document
from duthao.formats.akn import Publication, from_akn, to_akn
from duthao.formats.json import document_from_json, document_to_json
from tests.support.whole_documents import documents

SCHEMA = Path(__file__).parents[1] / "schemas" / "akoma-ntoso" / "akomantoso30.xsd"
PUBLICATION = Publication("/akn/vn/bill/2026-09-05/x1", "2026-11-26")


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


@settings(max_examples=60)
@given(documents())
def test_what_is_written_is_valid_and_comes_back(document: Document) -> None:
    written = to_akn(document, PUBLICATION)
    found = schema()
    assert found.validate(etree.fromstring(written)), found.error_log
    assert from_akn(written) == document
    assert to_akn(from_akn(written), PUBLICATION) == written


@settings(max_examples=60)
@given(documents())
def test_json_comes_back(document: Document) -> None:
    assert document_from_json(document_to_json(document)) == document
