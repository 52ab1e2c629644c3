"""A Word file as a `Paper`."""

from __future__ import annotations

from itertools import islice
from typing import Any

from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Changes, Paper
from duthao.formats.docx_in.noticed import Noticed
from duthao.formats.docx_in.numbering import Numbering
from duthao.formats.docx_in.package import MAX_PARAGRAPHS, Package, W
from duthao.formats.docx_in.story import Walker, relation_id
from duthao.formats.docx_in.styles import Styles

_NOTES = {"footnotes": W + "footnote", "endnotes": W + "endnote"}
_RUNNING = {W + "headerReference": "headers", W + "footerReference": "footers"}


def _optional(package: Package, kind: str) -> Any | None:
    """A part's root; None when it is not there or cannot be read: the text does not hang on it."""
    name = package.part_of(kind)
    if name is None:
        return None
    try:
        return package.root(name)
    except Refusal as refusal:
        if refusal.code == "docx_damaged":
            return None
        raise


def _notes(package: Package) -> dict[str, dict[str, Any]]:
    """The bodies of notes by kind and id, without separators."""
    found: dict[str, dict[str, Any]] = {}
    for kind, tag in _NOTES.items():
        root = _optional(package, kind)
        if root is not None:
            found[kind] = {
                note.get(W + "id", ""): note
                for note in root.iter(tag)
                if note.get(W + "type", "normal") == "normal"
            }
    return found


def _running(package: Package, root: Any, walker: Walker) -> None:
    """Headers and footers with words: page numbers alone are nothing to tell."""
    related = package.related(package.main)
    done: set[str] = set()
    for reference in root.iter(*_RUNNING):
        kind = _RUNNING[reference.tag]
        _, target, external = related.get(relation_id(reference), ("", "", True))
        if external or target in done or target not in package:
            continue
        done.add(target)
        try:
            words = walker.plain(package.root(target))
        except Refusal as refusal:
            if refusal.code != "docx_damaged":
                raise
            continue
        if any(map(str.isalpha, words)):
            walker.noticed.note("headers" if kind == "headers" else "footers", words)


def _comments(package: Package, walker: Walker) -> None:
    root = _optional(package, "comments")
    for comment in root.iter(W + "comment") if root is not None else ():
        author = comment.get(W + "author", "")
        walker.noticed.note("comments", f"{author}: {walker.plain(comment)}")


def _surroundings(package: Package, noticed: Noticed) -> None:
    """What else is in the file and never touched: programs, and what lies elsewhere."""
    for name in package.names():
        low = name.lower()
        if low.endswith("vbaproject.bin") or "/activex/" in low:
            noticed.note("macros")
        elif "/embeddings/" in low:
            noticed.note("objects")
    for kind, target, external in package.related(package.main).values():
        if external and kind != "hyperlink":
            noticed.note("linked", target[:200])


def read_docx(data: bytes, changes: Changes = "final") -> Paper:
    """The text of a Word file (.docx, .docm, .dotx), with the numbers it shows.

    Guaranteed: every letter of the body stands in the blocks (that of tracked deletions only in
    `original`, of insertions only in `final`); notes, boxes, headers, footers, comments and hidden
    words stand whole in the remarks. Same bytes, same result.

    Raises Refusal: docx_not_word, docx_old_word (.doc), docx_encrypted, docx_damaged, docx_dtd,
    docx_unsafe_path, docx_too_large, docx_too_many_paragraphs (`most`).
    """
    package = Package(data)
    root = package.root(package.main)
    body = root if root.tag == W + "body" else root.find(W + "body")
    if body is None:
        raise Refusal("docx_not_word")
    if next(islice(body.iter(W + "p"), MAX_PARAGRAPHS, None), None) is not None:
        raise Refusal("docx_too_many_paragraphs", most=MAX_PARAGRAPHS)
    styles = Styles(_optional(package, "styles"), _optional(package, "theme"))
    noticed = Noticed()
    numbering = Numbering(_optional(package, "numbering"), styles)
    walker = Walker(styles, numbering, noticed, changes, _notes(package))
    blocks = walker.story(body)
    tracked = walker.tracked
    _running(package, root, walker)
    _comments(package, walker)
    _surroundings(package, noticed)
    for format_, count in sorted(numbering.unknown.items()):
        noticed.note("number_formats", format_, count)
    if tracked:
        noticed.note("changes", count=tracked)
    return Paper(blocks, noticed.remarks(), tracked)
