"""Any file an office sends, told by what it is rather than by its name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Changes, Paper, Remark
from duthao.formats.docx_in import read_docx
from duthao.formats.html_in import read_html
from duthao.formats.office import to_docx
from duthao.formats.text_in import read_text

Told = Callable[[str], None]
"""Is told which step begins: "converting", "reading", "recognising"."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "WordDocument".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table)\b",
    re.I | re.S,
)
_REFUSED = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"GIF8", b"7z\xbc\xaf", b"Rar!")


def _zip_kind(data: bytes) -> str:
    """ "docx" or "odt". Raises Refusal docx_not_word, docx_damaged."""
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
        return "odt"
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            if b"opendocument.text" in (
                file.read("mimetype")[:100] if "mimetype" in file.NameToInfo else b""
            ):
                return "odt"
    except Exception:  # whatever is wrong with it, the reader of .docx says so in its own words
        return "docx"
    return "docx"


def kind_of(data: bytes) -> str:
    """ "docx", "doc", "odt", "rtf", "html" or "txt". Raises Refusal: file_kind_unknown, docx_encrypted."""
    if data.startswith(b"PK"):
        # The directory of a hostile zip is not opened before its entries were counted.
        return "docx" if data.count(b"PK\x01\x02") > 10_000 else _zip_kind(data)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise Refusal("docx_encrypted")
        if _WORD not in data:
            raise Refusal("file_kind_unknown")
        return "doc"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_REFUSED):
        raise Refusal("file_kind_unknown")
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    return "html" if _PAGE.match(head) else "txt"


def prepared(data: bytes, told: Told) -> tuple[str, bytes]:
    """The kind to read and its bytes: old office formats become .docx. Raises as `kind_of`, `to_docx`."""
    kind = kind_of(data)
    if kind in ("doc", "odt", "rtf"):
        told("converting")
        return f"docx from {kind}", to_docx(data, kind)
    return kind, data


def read(kind: str, data: bytes, changes: Changes) -> Paper:
    """What `prepared` gave, as a paper. Raises Refusal as the readers."""
    if kind == "html":
        return read_html(data, changes)
    if kind == "txt":
        return read_text(data)
    paper = read_docx(data, changes)
    if kind == "docx":
        return paper
    return replace(paper, remarks=(*paper.remarks, Remark("converted", 1, (kind.rpartition(" ")[2],))))
