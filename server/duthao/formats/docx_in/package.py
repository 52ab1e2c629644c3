"""The zip around a Word file, opened within bounds; its XML read without DTDs, entities or network.

Nothing is unpacked to disk, and only the parts asked for are read.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree

from duthao.domain.errors import Refusal

MAX_FILE = 64 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_UNPACKED = 512 * 1024 * 1024
MAX_PART = 96 * 1024 * 1024
MAX_RATIO = 250
"""How many times its packed size a part of more than a mebibyte may be: Word's own stay below 60."""
MAX_SIGNS = 3_000_000
"""Of "<" in a part, hence about half as many elements: 300 pages full of tracked changes have a tenth."""
MAX_ATTRIBUTES = 4_000_000
MAX_PARAGRAPHS = 100_000

TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", TRANSITIONAL),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/main",
        b"http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
)
"""Strict Office Open XML says the same under other names."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


def parsed(data: bytes) -> Any:
    """The root element. Raises Refusal docx_damaged, docx_dtd, docx_too_large."""
    if any(sign in data for sign in _DOCTYPES):
        raise Refusal("docx_dtd")
    if data.count(b"<") > MAX_SIGNS or data.count(b"=") > MAX_ATTRIBUTES:
        raise Refusal("docx_too_large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refusal("docx_damaged") from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Refusal("docx_dtd")
    return root


def _unsafe(name: str) -> bool:
    flat = name.replace("\\", "/")
    return flat.startswith("/") or ".." in flat.split("/") or ":" in flat.split("/")[0] or "\0" in name


class Package:
    """Parts by name, and which part leads to which.

    Raises Refusal: docx_not_word (no zip, or one without a Word document), docx_encrypted,
    docx_damaged, docx_unsafe_path, docx_too_large (too many or too large parts, or packed suspiciously
    tightly), docx_dtd.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_FILE:
            raise Refusal("docx_too_large")
        if data.startswith(_OLE):
            raise Refusal("docx_encrypted" if b"E\0n\0c\0r\0y\0p\0t\0" in data else "docx_old_word")
        if not data.startswith(b"PK"):
            raise Refusal("docx_not_word")
        # The directory is counted before the library makes a value of every line.
        if data.count(b"PK\x01\x02") > 2 * MAX_ENTRIES:
            raise Refusal("docx_too_large")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, MemoryError):
            raise Refusal("docx_damaged") from None
        self._check(entries)
        # Some writers part folders as Windows does.
        self._names = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        self.main = self._main()

    def _check(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refusal("docx_too_large")
        for entry in entries:
            if _unsafe(entry.filename):
                raise Refusal("docx_unsafe_path")
            if entry.flag_bits & 1:
                raise Refusal("docx_encrypted")
            large = entry.file_size > 1024 * 1024
            if large and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
                raise Refusal("docx_too_large")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def names(self) -> list[str]:
        return [entry.filename for entry in self._names.values()]

    def read(self, name: str) -> bytes:
        """A part's bytes. Raises Refusal docx_damaged, docx_too_large."""
        entry = self._names.get(name.lower())
        if entry is None or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal("docx_damaged")
        if entry.file_size > MAX_PART:
            raise Refusal("docx_too_large")
        try:
            with self._zip.open(entry) as file:
                data = file.read(MAX_PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ):
            raise Refusal("docx_damaged") from None
        if len(data) > MAX_PART:
            raise Refusal("docx_too_large")
        return data

    def root(self, name: str) -> Any:
        """A part's root element. Raises Refusal as `read` and `parsed`."""
        data = self.read(name)
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
        return parsed(data)

    def related(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """What a part leads to: id → (kind, target, external). Nothing external is ever opened."""
        folder, _, file = part.rpartition("/")
        name = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if name not in self:
            return {}
        found: dict[str, tuple[str, str, bool]] = {}
        for one in self.root(name).iter("{*}Relationship"):
            target, external = one.get("Target", ""), one.get("TargetMode") == "External"
            if not external:
                joined = target if target.startswith("/") else posixpath.join("/" + folder, target)
                target = posixpath.normpath(joined).lstrip("/")
            found[one.get("Id", "")] = one.get("Type", "").rpartition("/")[2], target, external
        return found

    def _main(self) -> str:
        for kind, target, external in self.related("").values() if "_rels/.rels" in self else ():
            if kind == "officeDocument" and not external and target in self:
                return target
        if "word/document.xml" in self:
            return "word/document.xml"
        raise Refusal("docx_not_word")

    def part_of(self, kind: str) -> str | None:
        """The part of this kind that the document leads to, when it is in the file."""
        for found, target, external in self.related(self.main).values():
            if found == kind and not external and target in self:
                return target
        return None
