"""A document as plain text with labels, one line a provision; the parser reads it back the same."""

from __future__ import annotations

from collections.abc import Iterator

from duthao.domain.document import Document, FrontMatter, Kind
from duthao.domain.front_matter import closing_blocks
from duthao.domain.outline import Entry, outline, plain_line

_TITLED = frozenset((Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.APPENDIX))


def _line(entry: Entry) -> str:
    if entry.provision.kind in _TITLED and entry.provision.text:
        return f"{entry.label}. {' '.join(entry.provision.text.split())}"
    return plain_line(entry)


def _head(front: FrontMatter) -> Iterator[tuple[str, ...]]:
    """Blocks above the provisions, in the order in which they stand on paper."""
    number = f"Số {front.number}" if front.number else ""
    date = ", ".join(filter(None, (front.place, front.date)))
    yield (front.upper_body, front.body, number, date)
    yield (front.type, front.title)
    yield front.bases
    yield front.preamble


def _block(lines: tuple[str, ...]) -> str:
    written = [" ".join(line.split()) for line in lines]
    return "".join(f"{line}\n" for line in written if line)


def to_text(document: Document, mark: str = "") -> str:
    """Front matter, provisions with their printed labels, closing; blocks parted by a blank line.

    `mark`: how secret it is, the first line; the reader of incoming texts knows it there.
    Every line ends in "\\n". White space is squeezed; a table's row is its cells parted by " | ".
    """
    body = tuple(_line(entry) for entry in outline(document).entries)
    blocks = ((mark,), *_head(document.front), body, *closing_blocks(document.front))
    return "\n".join(filter(None, map(_block, blocks)))
