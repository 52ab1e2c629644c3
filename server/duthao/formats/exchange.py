"""The formats by which a document goes to other systems, and those of ours that come back whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from duthao.domain.document import Document
from duthao.domain.secrecy import Stamp
from duthao.formats.akn import Publication, from_akn, to_akn
from duthao.formats.akn.names import AKN
from duthao.formats.document_html import document_html
from duthao.formats.json import document_from_json, document_to_json
from duthao.formats.text import to_text

EXCHANGES: Final[Mapping[str, Callable[[Document, Publication, Stamp], bytes]]] = {
    "txt": lambda document, _, stamp: to_text(document, stamp.degree).encode("utf-8", "replace"),
    "html": lambda document, _, stamp: document_html(document, stamp),
    "json": lambda document, *_: document_to_json(document),
    "akn.xml": lambda document, named, _: to_akn(document, named),
}
"""By the ending of the file's name. What people read bears the stamp; what is for programs does not."""


def whole_document(data: bytes) -> Document | None:
    """The document in a file that this service wrote as JSON or Akoma Ntoso; None for any other file.

    Raises Refusal: as `document_from_json` and `from_akn`.
    """
    head = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b'{"format":'):
        return document_from_json(data)
    if head.startswith(b"<") and AKN.encode() in head:
        return from_akn(data)
    return None
