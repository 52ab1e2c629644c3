"""A document as the paragraphs it is printed in, before anybody thinks of XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from duthao.domain.document import Document, FrontMatter, Kind, Mark, ProvisionId
from duthao.domain.form_profile import FormProfile
from duthao.domain.front_matter import is_of_the_form, opens_closing
from duthao.domain.labels import is_title, would_be_label
from duthao.domain.outline import Entry

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TITLED = {
    Kind.APPENDIX: "Appendix",
    Kind.PART: "Part",
    Kind.CHAPTER: "Chapter",
    Kind.SECTION: "Section",
    Kind.SUBSECTION: "Subsection",
}
_STYLES = {
    **_TITLED,
    Kind.HEADING: "Division",
    Kind.ARTICLE: "Article",
    Kind.CLAUSE: "Clause",
    Kind.POINT: "Point",
    Kind.INDENT: "Indent",
    Kind.PARAGRAPH: "Passage",
    Kind.TABLE: "TableCaption",
}


def clean(text: str) -> str:
    """Without what XML 1.0 cannot hold, character for character: places in it stay right."""
    return _CONTROL.sub(" ", text) if _CONTROL.search(text) else text


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. `entry` is set where the label can be counted; `provision` and `cell` tell
    whose text it is, and `words`: whether `text` is that text and not a label alone."""

    style: str
    text: str
    label: str = ""
    marks: tuple[Mark, ...] = ()
    entry: Entry | None = None
    provision: ProvisionId | None = None
    cell: int | None = None
    bold: bool = False


def _below(text: str) -> bool:
    """Whether the name of a division can stand on a line of its own and still be read as its name."""
    words = text.strip()
    return bool(words) and is_title(words) and words[0] not in "“”\"'" and not would_be_label(words)


def lines_of(entry: Entry, form: FormProfile) -> list[Line]:
    """The paragraphs of a provision that is no row: none for a table without a caption."""
    provision = entry.provision
    kind, text = provision.kind, clean(provision.text)
    label = form.label(kind, entry.label)
    if kind is Kind.ROW:
        return []
    if kind is Kind.TABLE and not text:
        return []
    style = _STYLES[kind]
    words = Line(style, text, label, provision.marks, entry, provision.id)
    if kind not in _TITLED or not text.strip():
        return [words]
    name = f"{style}Title"
    if form.divisions == "two_lines" and _below(text):
        return [
            Line(style, "", label, entry=entry),
            Line(name, text, marks=provision.marks, provision=provision.id),
        ]
    return [Line(style, text, f"{label}." if label else "", provision.marks, None, provision.id)]


def cells_of(entry: Entry, *, head: bool) -> list[Line]:
    """The cells of a row, one paragraph each."""
    provision = entry.provision
    cells = provision.cells or (provision.text,)
    style = "TableHead" if head else "TableText"
    return [Line(style, clean(text), provision=provision.id, cell=at) for at, text in enumerate(cells)]


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter in its printed lines, by the place where they stand."""

    left: dict[str, str]
    right: dict[str, str]
    plain: bool
    """Whether no body stands in the head, so that the motto has nothing to stand beside."""
    mark: str
    secrecy: str
    title: dict[str, str]
    bases: tuple[str, ...]
    preamble: tuple[str, ...]
    closing: tuple[str, ...]
    closing_first: bool
    recipients: tuple[str, ...]
    signature: dict[str, str]


def front_of(front: FrontMatter, form: FormProfile, mark: str, secrecy: str = "") -> Front:
    """The printed lines of a front matter, in the words of its form."""
    dated = ", ".join(filter(None, (front.place, front.date)))
    signed = {"Authority": front.authority, "Position": front.position, "Signatory": front.signatory}

    def kept(lines: Sequence[str]) -> tuple[str, ...]:
        return tuple(clean(line) for line in lines if line.strip())

    return Front(
        left={
            "UpperBody": clean(front.upper_body),
            "IssuingBody": clean(front.body),
            "Number": clean(form.number_line(front.number)),
        },
        right={"PlaceDate": clean(dated)},
        plain=not (front.upper_body or front.body),
        mark=clean(mark),
        secrecy=secrecy,
        title={"Type": clean(front.type), "Title": clean(front.title)},
        bases=kept(form.base_lines(front.bases)),
        preamble=kept([line for line in front.preamble if not is_of_the_form(line, front)]),
        closing=kept(front.closing),
        closing_first=bool(front.closing) and opens_closing(front.closing[0]),
        recipients=kept(front.recipients),
        signature={name: clean(words) for name, words in signed.items()},
    )


def title_of(document: Document) -> str:
    """Type and title, for the file's own properties."""
    return clean(" ".join(filter(None, (document.front.type, document.front.title))))[:200]
