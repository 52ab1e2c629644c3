"""A document as a Word file: a whole package, put together from the parts beside this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from duthao.domain.document import Document, FrontMatter, Kind, Provision
from duthao.domain.form_profile import STANDARD
from duthao.domain.outline import Entry, outline
from duthao.formats.docx_out.counting import Counter
from duthao.formats.docx_out.front import FrontWriter, text_width
from duthao.formats.docx_out.lines import Front, Line, cells_of, front_of, lines_of, title_of
from duthao.formats.docx_out.notes import Threads
from duthao.formats.docx_out.options import DEFAULTS, WordOptions
from duthao.formats.docx_out.package import packed
from duthao.formats.docx_out.paragraphs import Paragraphs, State, attributed
from duthao.formats.docx_out.tracking import Pair, paired, spans_of
from duthao.formats.docx_out.xml import twips
from duthao.messages import Catalogue

_EMPTY = '<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr></w:p>'
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_NARROWEST, _WIDEST = 6, 60
"""Characters that a column's width is reckoned from, at least and at most."""


Heads = frozenset[str]
"""The rows that are the heads of their tables, of one text."""


def _heads(entries: Sequence[Entry]) -> Heads:
    return frozenset(
        entries[entry.children[0]].provision.id
        for entry in entries
        if entry.provision.header and entry.provision.kind is Kind.TABLE and entry.children
    )


class _Body:
    """The provisions, paragraph by paragraph and table by table."""

    def __init__(self, options: WordOptions, to: Paragraphs, old_heads: Heads, heads: Heads) -> None:
        self._options, self._to, self._old_heads, self._heads = options, to, old_heads, heads
        automatic = options.numbering == "automatic" and options.tracked is None
        self.counter = Counter(options.form) if automatic else None
        self._room = text_width(options.form)
        self.parts: list[str] = []
        self._rows: list[Pair] = []
        self._after_table = False

    def add(self, pair: Pair) -> None:
        entry = pair.after or pair.before
        assert entry is not None
        if entry.provision.kind is Kind.ROW:
            self._rows.append(pair)
            return
        self.flush()
        self._provision(pair)
        self._after_table = False

    def close(self, front: FrontWriter) -> None:
        self.flush()
        self.parts.append(front.closing())
        self._after_table = False

    def _provision(self, pair: Pair) -> None:
        form = self._options.form
        after = lines_of(pair.after, form) if pair.after else []
        before = after if pair.before is pair.after else lines_of(pair.before, form) if pair.before else []
        if not before and not after:
            entry = pair.after or pair.before
            noted = entry is not None and (entry.provision.id, None) in self._to.spots
            if self._after_table or noted:  # two tables without a word between them would be one
                line = Line("TableCaption", "", provision=entry.provision.id if entry else None)
                was, now = (line if pair.before else None), (line if pair.after else None)
                self.parts.append(self._to.paragraph(was, now))
            return
        if len(before) == len(after) and all(b.style == a.style for b, a in zip(before, after, strict=True)):
            self.parts += [
                self._line(b, a, pair if b.text or a.text else None)
                for b, a in zip(before, after, strict=True)
            ]
            return
        self.parts += [self._line(line, None) for line in before]
        self.parts += [self._line(None, line) for line in after]

    def _line(self, before: Line | None, after: Line | None, pair: Pair | None = None) -> str:
        number = None
        if self.counter is not None and after is not None and after.entry is not None:
            number = self.counter.place(after.entry)
        spans = pair.spans if pair is not None and before is not after else ()
        if spans and before and after:
            old = "".join(text for op, text in spans if op != "+")
            new = "".join(text for op, text in spans if op != "-")
            spans = spans if (old, new) == (before.text, after.text) else ()
        return self._to.paragraph(before, after, spans, number=number, takes=True)

    # --- tables ----------------------------------------------------------------------------

    def flush(self) -> None:
        """Write the table that was gathered."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        self._after_table = True
        # Columns may have come or gone: a row has those of its own text.
        old = _widths([pair.before for pair in rows], self._room)
        new = old if rows[0].before is rows[0].after else _widths([pair.after for pair in rows], self._room)
        made = "".join(self._row(pair, old, new) for pair in rows)
        widest = max(old, new, key=len)
        cols = "".join(f'<w:gridCol w:w="{width}"/>' for width in widest)
        self.parts.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widest)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{cols}</w:tblGrid>{made}</w:tbl>"
        )

    def _row(self, pair: Pair, old: Sequence[int], new: Sequence[int]) -> str:
        was = pair.before is not None and pair.before.provision.id in self._old_heads
        head = pair.after is not None and pair.after.provision.id in self._heads
        after = cells_of(pair.after, head=head) if pair.after else []
        before = cells_of(pair.before, head=was) if pair.before else []
        if pair.before is pair.after:
            before = after
        elif pair.before and pair.after and (len(before), len(old), was) != (len(after), len(new), head):
            return self._row(Pair(pair.before, None), old, new) + self._row(Pair(None, pair.after), old, new)
        state: State = "=" if pair.before and pair.after else "+" if pair.after else "-"
        entry = pair.after or pair.before
        provision = str(entry.provision.id) if entry else ""
        said = f"{'<w:tblHeader/>' if head or was else ''}{self._to.row_mark(state, provision)}"
        widths = new if pair.after else old
        cells = "".join(
            self._cell(was_in, is_in, width)
            for was_in, is_in, width in zip_longest(before, after, widths)
            if width is not None
        )
        return f"<w:tr>{f'<w:trPr>{said}</w:trPr>' if said else ''}{cells}</w:tr>"

    def _cell(self, before: Line | None, after: Line | None, width: int) -> str:
        spans = spans_of(before.text, after.text) if before and after and before is not after else ()
        inside = self._to.paragraph(before, after, spans, last=True) or _EMPTY
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside}</w:tc>'


def _widths(rows: Sequence[Entry | None], room: float) -> list[int]:
    """Columns by their words: the longest cell counts, within bounds, so that "TT" stays narrow."""
    texts = [entry.provision.cells or (entry.provision.text,) for entry in rows if entry is not None]
    longest = [_NARROWEST] * max(map(len, texts), default=0)
    for cells in texts:
        for at, cell in enumerate(cells):
            longest[at] = max(longest[at], min(len(cell), _WIDEST))
    weights = [length**0.7 for length in longest]
    return [round(twips(room) * weight / sum(weights)) for weight in weights]


def document_docx(document: Document, catalogue: Catalogue, options: WordOptions = DEFAULTS) -> bytes:
    """A draft, a version or an instrument as a Word file in its form; same input, same bytes.

    Guaranteed: `formats.docx_in` reads its labels and words back; of a file with tracked changes it
    reads the document where all are taken, and the other text where none is.
    """
    form, tracked = options.form, options.tracked
    author = attributed(tracked.author or catalogue("docx.author")) if tracked else ""
    threads = Threads(options.notes, {str(one.id): _cells(one) for one in document.provisions})
    moments = (attributed(tracked.at), attributed(_earlier(tracked.at))) if tracked else ("", "")
    authors = {str(id_): attributed(name) for id_, name in tracked.authors.items()} if tracked else {}
    to = Paragraphs(author, *moments, authors, threads.spots, list(threads.general))
    mark = "" if options.draft_number is None else form.drafted(options.draft_number)
    new = front_of(document.front, form, mark, options.secrecy)
    old = front_of(tracked.before.front, form, mark, options.secrecy) if tracked else new
    front = FrontWriter(form, to, old, new, tracked=tracked is not None)
    after = outline(document).entries
    before = outline(tracked.before).entries if tracked else after
    body = _Body(options, to, _heads(before), _heads(after))
    parts = [front.head(), front.title(), front.opening()]
    body_pairs = list(
        paired(before, after, tracked.comparison) if tracked else (Pair(entry, entry) for entry in after)
    )
    signatures = _closings(body_pairs, front, lambda one: FrontWriter(form, to, *one, tracked=True), old, new)
    for at, pair in enumerate(body_pairs):
        for writer in signatures.get(at, ()):
            body.close(writer)
        body.add(pair)
    for writer in signatures.get(len(body_pairs), ()):
        body.close(writer)
    body.flush()
    parts += body.parts
    if to.waiting or not any(parts) or parts[-1].endswith("</w:tbl>"):
        empty = Line("Passage", "")
        parts.append(to.paragraph(empty, empty, takes=True))
    numbering = body.counter.part() if body.counter else ""
    return packed("".join(parts), form, title_of(document), numbering, threads)


def _earlier(moment: str) -> str:
    """Two minutes before; the moment itself where it cannot be read."""
    try:
        at = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return moment
    return (at - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cells(provision: Provision) -> int:
    """How many cells a row has, 0 for what is no row."""
    return max(len(provision.cells), 1) if provision.kind is Kind.ROW else 0


def _signed_at(kinds: Sequence[Kind | None]) -> tuple[int, int]:
    """Between which places of the sequence the signature of a text can stand: behind its last provision
    that is no part of an appendix, before its first appendix. `kinds`: None for what is in the other text.
    """
    first = next((at for at, kind in enumerate(kinds) if kind is Kind.APPENDIX), len(kinds))
    return max((at + 1 for at in range(first) if kinds[at] is not None), default=0), first


def _closings(
    pairs: Sequence[Pair], both: FrontWriter, of: Callable[[tuple[Front, Front]], FrontWriter],
    old: Front, new: Front,
) -> dict[int, list[FrontWriter]]:  # fmt: skip
    """What closes the texts, by the place it stands before: once where one place does for both."""
    was = _signed_at([pair.before.provision.kind if pair.before else None for pair in pairs])
    now = _signed_at([pair.after.provision.kind if pair.after else None for pair in pairs])
    low, high = max(was[0], now[0]), min(was[1], now[1])
    if low <= high:
        return {high: [both]}
    nothing = front_of(FrontMatter(), STANDARD, "")
    found: dict[int, list[FrontWriter]] = {was[1]: [of((old, nothing))]}
    found.setdefault(now[1], []).append(of((nothing, new)))
    return found
