"""The comparison as the table that is printed: rows of provisions with their words marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from duthao.domain.compare.result import ELSEWHERE, Comparison, Row, RowClass, Unit
from duthao.domain.compare.runs import after_parts, before_parts, pieces, revised_parts
from duthao.domain.compare.three import Joined, appendix_of, article_of, joined
from duthao.domain.document import Document, Kind, ProvisionId
from duthao.domain.outline import UPPER, Entry, outline
from duthao.domain.table import CellParagraph, Columns, ComparisonTable, Move, Run, Statistics, TableRow

By = Literal["article", "clause", "provision"]
Name = Literal["before", "after", "third"]
NAMES: tuple[Name, ...] = ("before", "after", "third")

_LEVELS = {Kind.ARTICLE: 0, Kind.CLAUSE: 1, Kind.POINT: 2, Kind.INDENT: 3}
_NUMBER_ONLY = (RowClass.RENUMBERED, RowClass.LABEL_STYLE)
_AS_IT_WAS = (RowClass.UNCHANGED, *_NUMBER_ONLY, RowClass.SPELLING_ONLY, RowClass.FORMAT_ONLY)


@dataclass(frozen=True, slots=True)
class TableOptions:
    """`everything`: unchanged provisions too. `by`: a row is an article, a clause or point, or
    strictly one provision; by clause what is new or repealed as a whole, an article or a clause
    with its points, is still one row, so is what stays unchanged in succession, and the heading
    of an article stands in the row of its first clause. `renumbered`: rows of which only the
    number, or its style, changed are shown too; an insertion would otherwise make everything
    behind it look changed. `orthography`: rows changed in spelling alone are shown, and changes
    of spelling marked in every row. `formats`: rows changed in format alone are shown, and
    changes of format marked. What is left out is counted in the table.
    """

    everything: bool = False
    by: By = "clause"
    renumbered: bool = False
    orthography: bool = False
    formats: bool = False
    columns: Columns = 3


CHANGED_ONLY = TableOptions()


@dataclass(frozen=True, slots=True)
class Third:
    """A third text beside the two: the comparison of the second with it, and how it is called."""

    comparison: Comparison
    document: Document
    title: str = ""


def build_table(
    comparison: Comparison,
    before: Document,
    after: Document,
    title: str = "",
    before_title: str = "",
    after_title: str = "",
    *,
    third: Third | None = None,
    in_force: bool = True,
    notes: tuple[str, ...] = (),
    rationale: Mapping[str, str] | None = None,
    sources: Mapping[ProvisionId, str] | None = None,
    options: TableOptions = CHANGED_ONLY,
) -> ComparisonTable:
    """The table of a comparison of these two documents, or of three.

    Reasons come from `rationale`, else from the documents, the newest first; sources (an opinion,
    a meeting, a person) from `sources`. Without `everything` only changed rows stand in it, under
    the divisions they belong to; numbers of rows count from 1. A cell begins, as `context`, with
    the heading of its article and the labels above; in the whole text only where the heading last
    shown above is another one. Then its provisions follow, their left runs giving the before text
    and their right runs the after text, character for character; the third column gives the third
    text without its deleted runs.
    """
    documents = (before, after) if third is None else (before, after, third.document)
    given = [document.rationale for document in documents] if rationale is None else [rationale]
    reasons = {str(key): text for side in given for key, text in side.items()}
    given_sources = {str(key): text for key, text in (sources or {}).items()}
    later = None if third is None else third.comparison
    builder = _Builder(documents, _homes(comparison, later), reasons, given_sources, options)
    for item in joined(comparison, later):
        builder.add(item)
    rows = tuple(builder.finished())
    return ComparisonTable(
        title=title,
        before_title=before_title,
        after_title=after_title,
        rows=rows,
        statistics=statistics(comparison),
        algorithm=comparison.algorithm,
        columns=options.columns,
        left_out=tuple((kind, builder.left_out[kind]) for kind in RowClass if builder.left_out[kind]),
        third_title=None if third is None else third.title,
        third_statistics=None if later is None else statistics(later),
        in_force=in_force,
        notes=notes,
    )


def statistics(comparison: Comparison) -> Statistics:
    """Articles on each side, articles with a change of words or place, and rows by class."""
    changed: dict[str, None] = {}
    for row in comparison.rows:
        if row.row_class in _AS_IT_WAS:
            continue
        for unit in row.after or row.before:
            article = article_of(unit.path)
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


def _article_twins(comparison: Comparison, left: str = "before", right: str = "after") -> dict[str, str]:
    """Before-articles by the after-article they are paired with, so that none counts twice."""
    return {
        f"{left}:{row.before[0].path}": f"{right}:{row.after[0].path}"
        for row in comparison.rows
        if row.before and row.after and row.after[0].kind in (Kind.ARTICLE, Kind.APPENDIX)
    }


def _homes(comparison: Comparison, later: Comparison | None) -> dict[str, str]:
    """For an article of the first or of the third text the one of the second it is paired with."""
    found = _article_twins(comparison)
    if later is not None:
        found |= {right: left for left, right in _article_twins(later, "after", "third").items()}
    return found


@dataclass(slots=True)
class _Draft:
    """A row being made, before numbers and digests: its cells by the name of their text."""

    kind: str
    items: list[Joined]
    cells: dict[Name, list[CellParagraph]]
    units: dict[Name, list[Unit]]
    home: str
    heading: bool = False  # its first item is the unchanged heading of the article of the others


class _Builder:
    def __init__(
        self,
        documents: Sequence[Document],
        homes: Mapping[str, str],
        reasons: Mapping[str, str],
        sources: Mapping[str, str],
        options: TableOptions,
    ) -> None:
        self.homes, self.reasons, self.sources, self.options = homes, reasons, sources, options
        self.left_out = Counter[RowClass]()
        self.names = NAMES[: len(documents)]
        outlines = [outline(document) for document in documents]
        self.outlines = dict(zip(self.names, outlines, strict=True))
        self.places = {
            name: {entry.path: place for place, entry in enumerate(made.entries)}
            for name, made in self.outlines.items()
        }
        self.under: dict[Name, str] = {}  # the article whose heading stands last in the column
        self.drafts: list[_Draft] = []
        self.waiting: list[_Draft] = []

    # --- collecting ---------------------------------------------------------------------------

    def add(self, item: Joined) -> None:
        """Take the next rows of the comparison."""
        if item.lead.kind in UPPER:
            self._division(item)
            return
        if not self._is_shown(item):
            self._leave_out(item)
            return
        self.drafts.extend(self.waiting)
        self.waiting = []
        draft = self._draft(item)
        last = self.drafts[-1] if self.drafts else None
        if last is not None and self._belong_together(last, draft):
            self._context(draft, always=False)
            if self.options.by == "clause" and _is_heading(last) and not _unchanged(item):
                last.heading = True
            last.items += draft.items
            for name in self.names:
                last.cells[name] += draft.cells[name]
                last.units[name] += draft.units[name]
            return
        self._context(draft, always=self.options.by == "article" or not self.options.everything)
        self.drafts.append(draft)

    def _belong_together(self, last: _Draft, draft: _Draft) -> bool:
        """Whether the next provision stands in the row that was begun."""
        if last.kind != "row" or not draft.home or last.home != draft.home:
            return False
        if self.options.by != "clause":
            return self.options.by == "article"
        item = draft.items[0]
        if _unchanged(item):
            return all(map(_unchanged, last.items))
        if not set(item.classes).isdisjoint(ELSEWHERE):
            return False
        lead = last.items[0]
        fate = _fate(item)
        whole = fate is not None and f"{item.lead.path}/".startswith(f"{lead.lead.path}/")
        return _is_heading(last) or (whole and _fate(lead) == fate)

    def _is_shown(self, item: Joined) -> bool:
        return self.options.everything or any(map(self._tells, item.classes))

    def _tells(self, kind: RowClass) -> bool:
        """Whether a change of this class is one the table is asked to show."""
        if kind in _NUMBER_ONLY:
            return self.options.renumbered
        if kind is RowClass.SPELLING_ONLY:
            return self.options.orthography
        if kind is RowClass.FORMAT_ONLY:
            return self.options.formats
        return kind is not RowClass.UNCHANGED

    def _leave_out(self, item: Joined) -> None:
        self.left_out.update(kind for kind in item.classes if kind is not RowClass.UNCHANGED)

    def _division(self, item: Joined) -> None:
        """A division waits for a row under it, unless it is shown for its own sake."""
        draft = self._draft(item)
        if not any(kind not in _NUMBER_ONLY and self._tells(kind) for kind in item.classes):
            draft.kind = "division"
        rank = _rank(item.lead)
        still = [old for old in self.waiting if _rank(old.items[0].lead) < rank]
        self._drop(old for old in self.waiting if old not in still)
        self.waiting = still
        if draft.kind == "row" or self.options.everything:
            self.drafts.extend(self.waiting)
            self.drafts.append(draft)
            self.waiting = []
        else:
            self.waiting.append(draft)

    def _drop(self, drafts: Iterable[_Draft]) -> None:
        """Divisions without a row under them are left out."""
        for draft in drafts:
            self._leave_out(draft.items[0])

    def _draft(self, item: Joined) -> _Draft:
        units: dict[Name, list[Unit]] = {name: [] for name in self.names}
        cells: dict[Name, list[CellParagraph]] = {name: [] for name in self.names}
        shown: dict[Name, list[tuple[Unit, tuple[Run, ...]]]] = {name: [] for name in self.names}
        for row in item.rows:
            words = self._pieces(row)
            shown["before"] += zip(row.before, before_parts(words, row.before), strict=True)
            shown["after"] += zip(row.after, after_parts(words, row.after), strict=True)
        for row in item.later:
            shown["third"] += zip(row.after, revised_parts(self._pieces(row), row.after), strict=True)
        for name in self.names:
            places = self.places[name]
            for unit, runs in sorted(shown[name], key=lambda one: places[one[0].path]):
                units[name].append(unit)
                cells[name].append(_paragraph(unit, runs))
        return _Draft("row", [item], cells, units, self._home(item))

    def _pieces(self, row: Row) -> list[tuple[Literal["=", "-", "+"], Run]]:
        return pieces(row, formats=self.options.formats, spelling=self.options.orthography)

    def _home(self, item: Joined) -> str:
        """The article a row belongs to, or the appendix: that of the second text, where there is one."""
        name = "after" if item.after else "third" if item.third else "before"
        home = article_of(item.lead.path) or appendix_of(item.lead.path)
        return self.homes.get(f"{name}:{home}", f"{name}:{home}") if home else ""

    def _context(self, draft: _Draft, *, always: bool) -> None:
        """The heading of the article and the labels above, so that a clause is not without a place.

        Not `always`: only where another article's heading stands last in the column, as under
        the headings of a split article, which share one row.
        """
        for name in self.names:
            units = draft.units[name]
            if not units:
                continue
            if always or article_of(units[0].path) != self.under.get(name, ""):
                draft.cells[name][:0] = self._above(name, units[0])
            self.under[name] = article_of(units[-1].path)

    def _above(self, name: Name, unit: Unit) -> list[CellParagraph]:
        made = self.outlines[name]
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
            found[:0] = [CellParagraph(" ".join(labels[::-1]), (Run("…"),), 1, context=True)]
        return found[::-1]

    # --- finishing ----------------------------------------------------------------------------

    def finished(self) -> list[TableRow]:
        """The rows with numbers, reasons, keys and digests."""
        self._drop(self.waiting)
        rows: list[TableRow] = []
        number = 0
        for draft in self.drafts:
            if draft.kind == "row":
                number += 1
            rows.append(self._row(draft, number if draft.kind == "row" else None))
        return rows

    def _row(self, draft: _Draft, number: int | None) -> TableRow:
        items = draft.items[1:] if draft.heading else draft.items
        first = [row for item in items for row in item.rows]
        later = [row for item in items for row in item.later]
        row_class = _class_of(first) if first else RowClass.ADDED
        third_class = (_class_of(later) if later else RowClass.UNCHANGED) if len(self.names) > 2 else None
        notes = _notes(items, row_class, third_class)
        units = [unit for item in draft.items for unit in (*item.third, *item.after, *item.before)]
        provision, reason = self._reason(units)
        rows = [row for item in draft.items for row in (*item.rows, *item.later)]
        cells = {name: tuple(draft.cells[name]) for name in self.names}
        made = TableRow(
            key=_hash([f"{side}:{u.id}" for item in draft.items for side, u in _sided(item)]),
            digest="",
            kind="division" if draft.kind == "division" else "row",
            row_class=row_class,
            number=number,
            before=cells["before"],
            after=cells["after"],
            before_note=notes[0],
            after_note=notes[1],
            provision=provision,
            reason=reason,
            confidence=min(row.confidence for row in rows),
            moves=_moves(first),
            before_ids=_ids(draft.units["before"]),
            after_ids=_ids(draft.units["after"]),
            doubt=next((row.doubt for row in rows if row.doubt is not None), None),
            before_paths=_paths(draft.units["before"]),
            after_paths=_paths(draft.units["after"]),
            source=_told_once(self.sources.get(unit.id, "") for unit in units),
            third=cells.get("third", ()),
            third_note=notes[2],
            third_class=third_class,
            third_ids=_ids(draft.units.get("third", ())),
            third_paths=_paths(draft.units.get("third", ())),
            third_moves=_moves(later),
        )
        # Paths change behind every insertion, and a row whose words and labels stay is not shown anew.
        shown = replace(made, before_paths=(), after_paths=(), third_paths=())
        return replace(made, digest=_hash([repr(shown)]))

    def _reason(self, units: Sequence[Unit]) -> tuple[str | None, str]:
        """The first provision that has reasons, and the reasons of all, each once."""
        given = {unit.id: self.reasons[unit.id] for unit in units if self.reasons.get(unit.id)}
        provision = next(iter(given), units[0].id if units else None)
        return provision, "\n".join(dict.fromkeys(given.values()))


def _paragraph(unit: Unit, runs: tuple[Run, ...]) -> CellParagraph:
    heading = unit.kind is Kind.ARTICLE or unit.kind in UPPER
    level = _LEVELS.get(unit.kind, 0 if heading else 1)
    return CellParagraph(unit.label, runs, level, heading, provision=unit.id, row=unit.kind is Kind.ROW)


def _unchanged(item: Joined) -> bool:
    return all(kind is RowClass.UNCHANGED for kind in item.classes)


def _fate(item: Joined) -> str | None:
    """What a provision shares with those under it when they come or go as a whole."""
    if not item.rows:
        return "new in the third"
    for name, rows, kind in (
        ("new", item.rows, RowClass.ADDED),
        ("gone", item.rows, RowClass.REPEALED),
        ("gone in the third", item.later, RowClass.REPEALED),
    ):
        if rows and all(row.row_class is kind for row in rows):
            return name
    return None


def _is_heading(draft: _Draft) -> bool:
    """Whether a row is so far nothing but the unchanged heading of an article."""
    item = draft.items[0]
    return len(draft.items) == 1 and item.lead.kind is Kind.ARTICLE and _unchanged(item)


def _ids(units: Iterable[Unit]) -> tuple[str, ...]:
    return tuple(unit.id for unit in units)


def _paths(units: Iterable[Unit]) -> tuple[str, ...]:
    return tuple(unit.path for unit in units)


def _moves(rows: Iterable[Row]) -> tuple[Move, ...]:
    return tuple((row.before[0].path, row.after[0].path) for row in rows if row.row_class in ELSEWHERE)


def _sided(item: Joined) -> list[tuple[str, Unit]]:
    texts = (("b", item.before), ("a", item.after), ("t", item.third))
    return [(side, unit) for side, units in texts for unit in units]


_RANKS = (Kind.APPENDIX, Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.HEADING)


def _rank(unit: Unit) -> int:
    return _RANKS.index(unit.kind)


def _class_of(rows: Sequence[Row]) -> RowClass:
    """The class all share; a mixture is amended."""
    classes = {row.row_class for row in rows} or {RowClass.UNCHANGED}
    return classes.pop() if len(classes) == 1 else RowClass.AMENDED


def _notes(
    items: Sequence[Joined], row_class: RowClass, third_class: RowClass | None
) -> tuple[str | None, str | None, str | None]:
    """What stands in a cell that has no words, or beside those that stay: see `TableRow`."""
    has = [any(getattr(item, name) for item in items) for name in NAMES]
    before = None if has[0] else "table.new"
    after = "table.unchanged" if row_class is RowClass.UNCHANGED else None
    if not has[1]:
        after = "table.repealed" if has[0] else "table.new"
    third = "table.as_draft" if third_class is RowClass.UNCHANGED else None
    if not has[2]:
        third = "table.repealed" if has[0] else "table.dropped"
    return before, after, None if third_class is None else third


def _hash(parts: Sequence[str]) -> str:
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _told_once(sources: Iterable[str]) -> str:
    """Sources line by line, without one that another says with more ("Lan", "Lan, 02/9/2026")."""
    told = dict.fromkeys(filter(None, sources))
    return "\n".join(one for one in told if not any(other.startswith(f"{one}, ") for other in told))
