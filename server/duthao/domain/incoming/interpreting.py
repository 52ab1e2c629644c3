"""What a paper means: one document, or several when regulations are attached to a decision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from duthao.domain.document import CharOffset, FrontMatter, Kind, Mark, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.front_matter import is_motto, opens_closing, type_line
from duthao.domain.incoming.blocks import Cell, Paper, Remark, Row, Table, paragraphs
from duthao.domain.incoming.lines import STAND_IN, SourceLine, lines_of, stand_in
from duthao.domain.labels import ARTICLE, CLAUSE, is_capitals, upper_label
from duthao.domain.outline import row_line
from duthao.domain.secrecy import mark_in
from duthao.domain.structure import Parsed, parse
from duthao.domain.text import MAX_CHARACTERS, MAX_LINES, clean, clean_line, squeeze, too_large

_ATTACHED = re.compile(r"\(?\s*(?:Ban hành )?[Kk]èm theo .{3,200}$")
_DRAFT = re.compile(r"\(?(?:DỰ THẢO|Dự thảo)(?:\s+(?:lần|LẦN)(?:\s+(?:thứ|THỨ))?\s+\S{1,6})?\)?$")
_PRINTED = re.compile(r"(?:ĐẢNG CỘNG SẢN VIỆT NAM|[\W_]+)$")
"""The Party's motto and ornaments."""
MAX_DOCUMENTS = 20
"""That one paper may hold: what looks like more stays in the last."""
_NEAR = 8
"""Lines below its type in which an attached text says to what it is attached."""
_MARKED = frozenset((Kind.CLAUSE, Kind.POINT, Kind.INDENT, Kind.PARAGRAPH))


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The documents of a paper in their order, and what its reader noticed."""

    documents: tuple[Parsed, ...]
    remarks: tuple[Remark, ...]
    tracked: int = 0


def is_draft_mark(line: str) -> bool:
    """ "Dự thảo lần 2"."""
    return _DRAFT.match(line) is not None


def interpret(paper: Paper, *, new_id: Callable[[], ProvisionId]) -> Interpretation:
    """What a paper says; linear in its length.

    Guaranteed: every word of its blocks stands in a document, in its front matter, a label, a provision
    or a cell, save lines of a table of contents, which are told in the remarks, and in the head the
    Party's motto and ornaments ("*", "-----"), which the form prints.

    Raises Refusal: text_empty; text_too_large.
    """
    lines = lines_of(paper.blocks)
    _check(lines)
    documents = tuple(_document(part, new_id) for part in _parts(lines))
    contents = tuple(squeeze(p.whole) for p in paragraphs(paper.blocks) if p.contents and p.whole.strip())
    told = (Remark("contents", len(contents), contents),) if contents else ()
    return Interpretation(documents, (*paper.remarks, *told), paper.tracked)


def _check(lines: Sequence[SourceLine]) -> None:
    tables = [line.table for line in lines if line.table is not None]
    count = len(lines) + sum(len(table.rows) for table in tables)
    size = sum(len(line.text) for line in lines) + sum(len(p.text) for p in paragraphs(tuple(tables)))
    if count > MAX_LINES or size > MAX_CHARACTERS:
        raise too_large()
    if not any(line.table or clean_line(line.text) for line in lines):
        raise Refusal("text_empty")


# --- several documents in one paper ---------------------------------------------------------


def _starts(lines: Sequence[SourceLine]) -> Iterator[int]:
    """The lines at which an attached text begins: its type, after a body that has ended."""
    said = [(at, squeeze(line.text)) for at, line in enumerate(lines) if line.text.strip()]
    has_body = closed = False
    for place, (at, text) in enumerate(said):
        if ARTICLE.match(text) or CLAUSE.match(text):
            has_body = True
        elif opens_closing(text):
            closed = True
        if not has_body or type_line(text) is None or not is_capitals(text):
            continue
        before = said[place - 1][1] if place else ""
        label = upper_label(before) if before else None
        if label is not None and label.kind is Kind.APPENDIX:
            continue
        following = [words for _, words in said[place + 1 : place + 1 + _NEAR]]
        attached = any(_ATTACHED.match(words) for words in following)
        opens = any(upper_label(words) or ARTICLE.match(words) for words in following)
        if attached or (closed and opens):
            yield _with_head(lines, at)
            has_body = closed = False


def _with_head(lines: Sequence[SourceLine], at: int) -> int:
    """The first line of the head block that stands right above a type, else the type's own line."""
    start = at
    while start and (lines[start - 1].head or not lines[start - 1].text.strip()):
        start -= 1
    has_motto = any(is_motto(squeeze(line.text)) for line in lines[start:at])
    return start if has_motto or any(line.head for line in lines[start:at]) else at


def _parts(lines: Sequence[SourceLine]) -> Iterator[Sequence[SourceLine]]:
    start = 0
    for end in islice(_starts(lines), MAX_DOCUMENTS - 1):
        if any(line.text.strip() for line in lines[start:end]):
            yield lines[start:end]
            start = end
    yield lines[start:]


# --- one document ---------------------------------------------------------------------------


def _document(lines: Sequence[SourceLine], new_id: Callable[[], ProvisionId]) -> Parsed:
    kept, apart = _set_apart(lines)
    written = list(_parted(kept))
    parsed = parse("\n".join(text for text, _ in written), new_id=new_id)
    source = {at: line for at, (_, line) in enumerate(written, start=1) if line is not None}
    provisions = list(_with_tables(parsed, source, new_id))
    tables = {line.text: line.table for line in kept if line.table is not None}
    front = _with_table_words(parsed.document.front, tables)
    # The form prints a dash before each basis.
    bases = tuple(line.lstrip("-–").lstrip() for line in front.bases)
    document = replace(
        parsed.document,
        provisions=tuple(p for p, _ in provisions),
        front=replace(front, bases=bases, preamble=(*apart, *front.preamble)),
    )
    return replace(parsed, document=document, lines=tuple(number for _, number in provisions))


def _parted(lines: Sequence[SourceLine]) -> Iterator[tuple[str, SourceLine | None]]:
    """What the grammar reads, and where it comes from: the lines, and an empty one where a centred
    head ends, for a title does not go on there.
    """
    in_head, before = True, None
    for line in lines:
        # No line may become two: places are told by the line's number.
        text = " ".join(line.text.splitlines())
        in_head = in_head and not (ARTICLE.match(squeeze(text)) or CLAUSE.match(squeeze(text)))
        if in_head and before is not None and before.centred and not line.centred:
            yield "", None
        yield text, line
        before = line


def _set_apart(lines: Sequence[SourceLine]) -> tuple[list[SourceLine], tuple[str, ...]]:
    """The lines without those of the head that are no title: "Dự thảo lần 2", "MẬT", "(Ban hành kèm theo …)".

    What the form prints by itself is left out.
    """
    kept: list[SourceLine] = []
    apart: list[str] = []
    in_head = True
    for line in lines:
        text = squeeze(clean(line.text).text)
        in_head = in_head and not (text and (upper_label(text) or ARTICLE.match(text) or CLAUSE.match(text)))
        if in_head and (_DRAFT.match(text) or mark_in(text) or (_ATTACHED.match(text) and text[0] in "(BK")):
            apart.append(text)
        elif not (in_head and text and _PRINTED.match(text) and line.table is None):
            kept.append(line)
    return kept, tuple(apart)


def _with_tables(
    parsed: Parsed, source: dict[int, SourceLine], new_id: Callable[[], ProvisionId]
) -> Iterator[tuple[Provision, int]]:
    """The provisions with the rows of each table in its stand-in's place, and formats where they stood."""
    fresh: Provision | None = None
    for provision, number in zip(parsed.document.provisions, parsed.lines, strict=True):
        words = provision.cells[0] if provision.cells else provision.text
        match = STAND_IN.fullmatch(words)
        line = source.get(number)
        if provision.kind is Kind.TABLE and match is None:
            fresh = provision
            continue
        table = line.table if line is not None and match is not None else None
        if table is None:
            if fresh is not None:
                yield fresh, number
                fresh = None
            yield (_marked(provision, line) if line is not None else provision), number
            continue
        head = fresh or Provision(new_id(), Kind.TABLE, "")
        fresh = None
        yield replace(head, header=_has_head(table)), number
        for cells in _grid(table):
            yield Provision(new_id(), Kind.ROW, "", cells=cells), number
    if fresh is not None:
        yield fresh, 0


def _with_table_words(front: FrontMatter, tables: Mapping[str, Table]) -> FrontMatter:
    """The front matter with the words of a table that stands above or below the provisions."""

    def rows(text: str) -> list[str]:
        """The table's rows where the text is its stand-in, else the text, stand-ins within it written out."""
        match = STAND_IN.fullmatch(text)
        if match is not None and (table := tables.get(stand_in(int(match[1])))):
            return list(map(row_line, _grid(table)))
        return [STAND_IN.sub(lambda m: " ".join(rows(m[0])), text)] if STAND_IN.search(text) else [text]

    changed: dict[str, str | tuple[str, ...]] = {}
    for name in front.__slots__:
        value = getattr(front, name)
        if isinstance(value, tuple):
            changed[name] = tuple(line for text in value for line in rows(text))
        else:
            changed[name] = " ".join(rows(value))
    return replace(front, **changed)  # type: ignore[arg-type]


def _words(cell: Cell) -> str:
    if cell.continued and not any(p.text.strip() for p in paragraphs(cell.blocks)):
        return ""
    return clean_line(" ".join(squeeze(p.whole) for p in paragraphs(cell.blocks)))


def _grid(table: Table) -> Iterator[tuple[str, ...]]:
    """Rows of equal length: a cell over several columns has its words in the first."""
    wide = max(sum(cell.columns for cell in row.cells) for row in table.rows)
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            cells += [_words(cell), *[""] * (cell.columns - 1)]
        yield tuple(cells + [""] * (wide - len(cells)))


def _has_head(table: Table) -> bool:
    """Whether the first row is the table's head: said so, or all bold above others that are not."""

    def bold(row: Row) -> bool:
        runs = [run for p in paragraphs((Table((row,)),)) for run in p.runs if run.text.strip()]
        return bool(runs) and all(run.bold for run in runs)

    rows = table.rows
    return rows[0].header or (len(rows) > 1 and bold(rows[0]) and not all(map(bold, rows[1:])))


# --- formats --------------------------------------------------------------------------------


def _cleaned(raw: str) -> tuple[str, list[int]]:
    """The line as `clean` and `squeeze` leave it, and for each character where it came from."""
    letters: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(raw):
        end = at + 1
        while end < len(raw) and unicodedata.combining(raw[end]):
            end += 1
        for letter in clean(raw[at:end]).text.replace("\n", " "):
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                places.append(at)
        at = end
    while letters and letters[-1] == " ":
        letters.pop()
        places.pop()
    return "".join(letters), places


def _marked(provision: Provision, line: SourceLine) -> Provision:
    """The provision with the formats of its line, where its text is the line's end."""
    if not line.spans or provision.kind not in _MARKED or not provision.text:
        return provision
    text, places = _cleaned(line.text)
    if not text.endswith(provision.text):
        return provision
    first = len(text) - len(provision.text)
    marks: list[Mark] = []
    for kind, start, end in sorted(line.spans, key=lambda span: (span[0], span[1])):
        inside = [at - first for at in range(first, len(text)) if start <= places[at] < end]
        if not inside:
            continue
        last = marks[-1] if marks else None
        if last is not None and last.kind is kind and last.end >= inside[0]:
            marks[-1] = replace(last, end=CharOffset(inside[-1] + 1))
        else:
            marks.append(Mark(kind, CharOffset(inside[0]), CharOffset(inside[-1] + 1)))
    return replace(provision, marks=tuple(sorted(marks, key=lambda m: (m.start, m.end, m.kind))))
