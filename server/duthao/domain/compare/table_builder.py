"""The comparison as the table that is printed: rows of provisions with their words marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from duthao.domain.compare.result import Comparison, Row, RowClass, Span, Unit
from duthao.domain.document import Document, Kind, ProvisionId
from duthao.domain.outline import UPPER, Entry, Outline, outline
from duthao.domain.table import (
    CellParagraph,
    Columns,
    ComparisonTable,
    Run,
    RunChange,
    Statistics,
    TableRow,
)

_LEVELS = {Kind.ARTICLE: 0, Kind.CLAUSE: 1, Kind.POINT: 2, Kind.INDENT: 3}
_CHANGES: Mapping[str, RunChange] = {"=": "same", "-": "deleted", "+": "inserted"}
_NUMBER_ONLY = (RowClass.RENUMBERED, RowClass.LABEL_STYLE)
_AS_IT_WAS = (RowClass.UNCHANGED, *_NUMBER_ONLY, RowClass.FORMAT_ONLY)


@dataclass(frozen=True, slots=True)
class TableOptions:
    """`everything`: unchanged provisions too. `by_article`: one row for each article, not
    one for each provision. `renumbered`: rows of which only the number, or its style, changed are shown too;
    an insertion would otherwise make everything behind it look changed. `orthography`: rows
    changed in spelling or format alone are shown too. What is left out is counted in the table.
    """

    everything: bool = False
    by_article: bool = False
    renumbered: bool = False
    orthography: bool = False
    columns: Columns = 3


CHANGED_ONLY = TableOptions()


def build_table(
    comparison: Comparison,
    before: Document,
    after: Document,
    title: str = "",
    before_title: str = "",
    after_title: str = "",
    *,
    rationale: Mapping[str, str] | None = None,
    sources: Mapping[ProvisionId, str] | None = None,
    options: TableOptions = CHANGED_ONLY,
) -> ComparisonTable:
    """The table of a comparison of these two documents.

    Reasons come from `rationale`, else `after.rationale`, else `before.rationale` (for what was
    repealed), sources (an opinion, a meeting) from `sources`. Without `everything` only changed
    rows stand in it, under the divisions they
    belong to; numbers of rows count from 1. A cell begins, as `context`, with the heading of its
    article and the labels above; in the whole text only where the heading last shown above is
    another one. Then its provisions follow, their left runs giving the before text and their
    right runs the after text, character for character.
    """
    given = (before.rationale, after.rationale) if rationale is None else (rationale,)
    reasons = {str(key): text for side in given for key, text in side.items()}
    given_sources = {str(key): text for key, text in (sources or {}).items()}
    builder = _Builder(outline(before), outline(after), reasons, given_sources, options)
    for row in comparison.rows:
        builder.add(row)
    return ComparisonTable(
        title=title,
        before_title=before_title,
        after_title=after_title,
        rows=tuple(builder.finished()),
        statistics=statistics(comparison),
        algorithm=comparison.algorithm,
        columns=options.columns,
        left_out=tuple((kind, builder.left_out[kind]) for kind in RowClass if builder.left_out[kind]),
    )


def statistics(comparison: Comparison) -> Statistics:
    """Articles on each side, articles with a change of words or place, and rows by class."""
    changed: dict[str, None] = {}
    for row in comparison.rows:
        if row.row_class in _AS_IT_WAS:
            continue
        for unit in row.after or row.before:
            article = _article(unit.path)
            if article:
                changed[f"{'after' if row.after else 'before'}:{article}"] = None
    twins = _article_twins(comparison)
    found = {twins.get(key, key) for key in changed}
    counts = Counter(row.row_class for row in comparison.rows)
    return Statistics(
        articles_before=comparison.before.articles,
        articles_after=comparison.after.articles,
        articles_changed=len(found),
        rows_by_class=tuple((kind, counts[kind]) for kind in RowClass if counts[kind]),
    )


def _article_twins(comparison: Comparison) -> dict[str, str]:
    """Before-articles by the after-article they are paired with, so that none counts twice."""
    return {
        f"before:{row.before[0].path}": f"after:{row.after[0].path}"
        for row in comparison.rows
        if row.before and row.after and row.after[0].kind is Kind.ARTICLE
    }


def _article(path: str) -> str:
    """The part of a path that names the article; empty outside articles."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part.startswith("dieu:"):
            return "/".join(parts[: index + 1])
    return ""


def _runs(spans: Iterable[Span], without: str) -> list[Run]:
    return [Run(text, _CHANGES[op]) for op, text in spans if op != without and text]


def _parted(runs: Sequence[Run], units: Sequence[Unit]) -> list[tuple[Run, ...]]:
    """Runs of a row's joined text, given back to its units (joined by one line break)."""
    parts: list[tuple[Run, ...]] = []
    waiting = list(runs)
    for unit in units:
        need, part = len(unit.text), list[Run]()
        while need:
            run = waiting.pop(0)
            part.append(Run(run.text[:need], run.change))
            if len(run.text) > need:
                waiting.insert(0, Run(run.text[need:], run.change))
            need -= len(part[-1].text)
        parts.append(tuple(part))
        if waiting:  # the line break between two units
            run = waiting.pop(0)
            if len(run.text) > 1:
                waiting.insert(0, Run(run.text[1:], run.change))
    return parts


@dataclass(slots=True)
class _Draft:
    """A row being made, before numbers and digests."""

    kind: str
    rows: list[Row]
    before: list[CellParagraph]
    after: list[CellParagraph]
    home: str


class _Builder:
    def __init__(
        self,
        before: Outline,
        after: Outline,
        reasons: Mapping[str, str],
        sources: Mapping[str, str],
        options: TableOptions,
    ) -> None:
        self.outlines = {"before": before, "after": after}
        self.reasons, self.sources, self.options = reasons, sources, options
        self.left_out = Counter[RowClass]()
        self.under: dict[str, str] = {}  # side → the article whose heading stands last in its column
        self.drafts: list[_Draft] = []
        self.waiting: list[_Draft] = []

    # --- collecting ---------------------------------------------------------------------------

    def add(self, row: Row) -> None:
        """Take the next row of the comparison."""
        units = row.after or row.before
        if units[0].kind in UPPER:
            self._division(row, units[0])
            return
        if not self._is_shown(row):
            if row.row_class is not RowClass.UNCHANGED:
                self.left_out[row.row_class] += 1
            return
        self.drafts.extend(self.waiting)
        self.waiting = []
        draft = self._draft(row)
        last = self.drafts[-1] if self.drafts else None
        if self.options.by_article and last and last.kind == "row" and draft.home and last.home == draft.home:
            self._context(row, draft, always=False)
            last.rows.append(row)
            last.before += draft.before
            last.after += draft.after
            return
        self._context(row, draft, always=self.options.by_article or not self.options.everything)
        self.drafts.append(draft)

    def _is_shown(self, row: Row) -> bool:
        if self.options.everything:
            return True
        if row.row_class in _NUMBER_ONLY:
            return self.options.renumbered
        if row.row_class in (RowClass.SPELLING_ONLY, RowClass.FORMAT_ONLY):
            return self.options.orthography
        return row.row_class is not RowClass.UNCHANGED

    def _division(self, row: Row, unit: Unit) -> None:
        """A division waits for a row under it, unless it is shown for its own sake."""
        draft = self._draft(row)
        if row.row_class in (RowClass.UNCHANGED, *_NUMBER_ONLY):
            draft.kind = "division"
        rank = _rank(unit)
        self.waiting = [old for old in self.waiting if _rank_of(old) < rank]
        if draft.kind == "row" or self.options.everything:
            self.drafts.extend(self.waiting)
            self.drafts.append(draft)
            self.waiting = []
        else:
            self.waiting.append(draft)

    def _draft(self, row: Row) -> _Draft:
        left = _parted(_runs(row.spans, "+"), row.before)
        right = _parted(_runs(row.spans, "-"), row.after)
        units = row.after or row.before
        return _Draft(
            kind="row",
            rows=[row],
            before=[self._paragraph(unit, runs) for unit, runs in zip(row.before, left, strict=True)],
            after=[self._paragraph(unit, runs) for unit, runs in zip(row.after, right, strict=True)],
            home=_article(units[0].path),
        )

    def _paragraph(self, unit: Unit, runs: tuple[Run, ...]) -> CellParagraph:
        heading = unit.kind is Kind.ARTICLE or unit.kind in UPPER
        return CellParagraph(unit.label, runs, _LEVELS.get(unit.kind, 0 if heading else 1), heading)

    def _context(self, row: Row, draft: _Draft, *, always: bool) -> None:
        """The heading of the article and the labels above, so that a clause is not without a place.

        Not `always`: only where another article's heading stands last in the column, as under
        the headings of a split article, which share one row.
        """
        for side, units, cell in (("before", row.before, draft.before), ("after", row.after, draft.after)):
            if not units:
                continue
            if always or _article(units[0].path) != self.under.get(side, ""):
                cell[:0] = self._above(self.outlines[side], units[0])
            self.under[side] = _article(units[-1].path)

    def _above(self, made: Outline, unit: Unit) -> list[CellParagraph]:
        found: list[CellParagraph] = []
        labels: list[str] = []
        entry: Entry | None = made.by_path[unit.path]
        while entry is not None and entry.parent is not None:
            entry = made.entries[entry.parent]
            kind = entry.provision.kind
            if kind in UPPER:
                break
            heading = kind is Kind.ARTICLE
            # Of an article the heading is shown, of what lies between only the labels, on one
            # line: the words of a clause belong to its own row, and a bare dash says nothing.
            words = (Run(entry.provision.text),) if heading and entry.provision.text else ()
            if heading:
                found.append(CellParagraph(entry.label, words, heading=True, context=True))
            elif entry.label and kind is not Kind.INDENT:
                labels.append(entry.label)
        if labels:
            found[:0] = [CellParagraph(" ".join(labels[::-1]), (), 1, context=True)]
        return found[::-1]

    # --- finishing ----------------------------------------------------------------------------

    def finished(self) -> list[TableRow]:
        """The rows with numbers, reasons, keys and digests."""
        rows: list[TableRow] = []
        number = 0
        for draft in self.drafts:
            if draft.kind == "row":
                number += 1
            rows.append(self._row(draft, number if draft.kind == "row" else None))
        return rows

    def _row(self, draft: _Draft, number: int | None) -> TableRow:
        row_class = _class_of(draft.rows)
        before_note, after_note = _notes(draft.rows, row_class)
        provision, reason = self._reason(draft.rows)
        units = [unit for row in draft.rows for unit in (*row.after, *row.before)]
        source = "\n".join(dict.fromkeys(filter(None, (self.sources.get(unit.id) for unit in units))))
        shown = (
            draft.kind,
            row_class.value,
            draft.before,
            draft.after,
            before_note,
            after_note,
            provision,
            reason,
            min(row.confidence for row in draft.rows),
            _moved_from(draft.rows),
            _doubt(draft.rows),
            source,
        )
        return TableRow(
            key=_hash([f"{side}:{u.id}" for row in draft.rows for side, u in _sided(row)]),
            digest=_hash([repr(shown), str(number)]),
            kind="division" if draft.kind == "division" else "row",
            row_class=row_class,
            number=number,
            before=tuple(draft.before),
            after=tuple(draft.after),
            before_note=before_note,
            after_note=after_note,
            provision=provision,
            reason=reason,
            confidence=min(row.confidence for row in draft.rows),
            moved_from=_moved_from(draft.rows),
            before_ids=tuple(unit.id for row in draft.rows for unit in row.before),
            after_ids=tuple(unit.id for row in draft.rows for unit in row.after),
            doubt=_doubt(draft.rows),
            before_paths=tuple(unit.path for row in draft.rows for unit in row.before),
            after_paths=tuple(unit.path for row in draft.rows for unit in row.after),
            source=source,
        )

    def _reason(self, rows: Sequence[Row]) -> tuple[str | None, str]:
        """The first provision that has reasons, and the reasons of all, each once."""
        units = [unit for row in rows for unit in (*row.after, *row.before)]
        given = {unit.id: self.reasons[unit.id] for unit in units if self.reasons.get(unit.id)}
        provision = next(iter(given), units[0].id if units else None)
        return provision, "\n".join(dict.fromkeys(given.values()))


def _sided(row: Row) -> list[tuple[str, Unit]]:
    return [("b", unit) for unit in row.before] + [("a", unit) for unit in row.after]


_RANKS = (Kind.APPENDIX, Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.HEADING)


def _rank(unit: Unit) -> int:
    return _RANKS.index(unit.kind)


def _rank_of(draft: _Draft) -> int:
    row = draft.rows[0]
    return _rank((row.after or row.before)[0])


def _class_of(rows: Sequence[Row]) -> RowClass:
    """The class all share; unchanged ones beside others do not count, a mixture is amended."""
    found = list(dict.fromkeys(row.row_class for row in rows if row.row_class is not RowClass.UNCHANGED))
    if not found:
        return RowClass.UNCHANGED
    return (
        found[0]
        if len(found) == 1 and len(rows) == sum(r.row_class is found[0] for r in rows)
        else RowClass.AMENDED
    )


def _notes(rows: Sequence[Row], row_class: RowClass) -> tuple[str | None, str | None]:
    if not any(row.before for row in rows):
        return "table.new", None
    if not any(row.after for row in rows):
        return None, "table.repealed"
    return None, "table.unchanged" if row_class is RowClass.UNCHANGED else None


def _doubt(rows: Sequence[Row]) -> str | None:
    return next((row.doubt for row in rows if row.doubt is not None), None)


def _moved_from(rows: Sequence[Row]) -> str | None:
    for row in rows:
        if row.row_class in (RowClass.MOVED, RowClass.MOVED_AMENDED) and row.before:
            return row.before[0].path
    return None


def _hash(parts: Sequence[str]) -> str:
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
