"""What every layout of the comparison table says beside the words, in the catalogue's language."""

from __future__ import annotations

from collections.abc import Sequence

from duthao.domain.amend.following import Rewritten
from duthao.domain.compare.result import ELSEWHERE, RowClass
from duthao.domain.table import CellParagraph, ComparisonTable, Move, Run, Statistics, TableRow
from duthao.formats.cited import SHOWN, spoken_path, spoken_paths
from duthao.messages import Catalogue

_SAID_BY_MARKS = frozenset(
    (RowClass.UNCHANGED, RowClass.AMENDED, RowClass.REPLACED, RowClass.ADDED, RowClass.REPEALED)
)


def remark(row: TableRow, catalogue: Catalogue) -> str:
    """What underlined and struck words cannot say: moved from where, split, merged, old number;
    which formats changed, and that changes of spelling stand there unmarked."""
    kind = _kind(row.row_class, row.before_paths, row.after_paths, catalogue)
    moved = _moved("print.moved", row.row_class, [(new, old) for old, new in row.moves], catalogue)
    return "; ".join(filter(None, (*(moved or [kind]), *_layers(row.after, catalogue))))


def third_remark(row: TableRow, catalogue: Catalogue) -> str:
    """The same of the third text in relation to the second; empty in a table of two."""
    if row.third_class is None:
        return ""
    kind = _kind(row.third_class, row.after_paths, row.third_paths, catalogue)
    # A row has its place by the second text, so what moved after that says where it went.
    moved = _moved("table.moved_to", row.third_class, row.third_moves, catalogue)
    return "; ".join(filter(None, (*(moved or [kind]), *_layers(row.third, catalogue))))


def _moved(key: str, kind: RowClass, moves: Sequence[Move], catalogue: Catalogue) -> list[str]:
    """Each that moved: (itself, where from or to). Of a row that is nothing else it is plain which;
    of others it is named."""
    if kind in ELSEWHERE:
        amended = "_amended" if kind is RowClass.MOVED_AMENDED else ""
        return [catalogue(f"{key}{amended}", place=spoken_path(place, catalogue)) for _, place in moves]
    said = []
    for own, place in moves[:SHOWN]:
        where = catalogue(key, place=spoken_path(place, catalogue))
        said.append(f"{spoken_path(own, catalogue)}: {where[:1].lower()}{where[1:]}")
    return [*said, "…"] if len(moves) > SHOWN else said


def _kind(kind: RowClass, old: Sequence[str], new: Sequence[str], catalogue: Catalogue) -> str:
    if kind is RowClass.SPLIT and len(new) > 1:
        return catalogue("print.split", places=spoken_paths(new, catalogue))
    if kind is RowClass.MERGED and len(old) > 1:
        return catalogue("print.merged", places=spoken_paths(old, catalogue))
    if kind is RowClass.RENUMBERED and old:
        return catalogue("print.renumbered", place=spoken_path(old[0], catalogue))
    return "" if kind in _SAID_BY_MARKS else catalogue(f"table.class.{kind.value}")


def _layers(paragraphs: Sequence[CellParagraph], catalogue: Catalogue) -> list[str]:
    """The layers that are apart from the words: formats, and spelling that is folded."""
    runs = (run for paragraph in paragraphs for run in paragraph.runs if run.change == "same")
    folded = dict.fromkeys(kind for run in runs for kind in run.spelling)
    what = ", ".join(catalogue(f"table.spelling.{kind.value}") for kind in folded)
    return [format_remark(paragraphs, catalogue), catalogue("table.spelling", what=what) if what else ""]


def format_remark(paragraphs: Sequence[CellParagraph], catalogue: Catalogue) -> str:
    """Which formats were given to kept words or taken from them: "Định dạng: bỏ in đậm"."""
    signs = dict.fromkeys(sign for p in paragraphs for run in p.runs for sign in run.formats)
    what = ", ".join(catalogue(f"table.format.{change}.{kind.value}") for change, kind in signs)
    return catalogue("table.format", what=what) if what else ""


def rewritten(reference: Rewritten, catalogue: Catalogue) -> str:
    """How an instrument writes a reference of a draft that was numbered afresh."""
    said = "instrument.reference_left" if reference.is_left else "instrument.reference"
    place = spoken_path(reference.path, catalogue)
    return catalogue(said, place=place, draft=reference.draft, kept=reference.kept)


def statistics_lines(table: ComparisonTable, catalogue: Catalogue) -> list[str]:
    """Lines for the table's head: articles, the advice above one half, and what is left out."""
    lines = _counted("print.statistics", table.statistics, catalogue)
    if table.amends and table.statistics.advises_replacing:
        lines.append(catalogue("print.advise_replacing"))
    if table.third_statistics is not None:
        name = table.third_title or catalogue("table.third")
        lines += _counted("table.statistics_third", table.third_statistics, catalogue, name=name)
    if table.left_out:
        what = "; ".join(
            f"{catalogue(f'table.class.{kind.value}').lower()}: {number}" for kind, number in table.left_out
        )
        lines.append(catalogue("print.left_out", what=what))
    return lines


def nothing(table: ComparisonTable, catalogue: Catalogue) -> str:
    """What a table without rows says: that there is no difference, or none but what is left out."""
    return catalogue("table.nothing_else" if table.left_out else "table.no_difference")


def _counted(key: str, found: Statistics, catalogue: Catalogue, **more: str) -> list[str]:
    if not found.articles_before:
        return []
    counts = {"changed": found.articles_changed, "before": found.articles_before}
    return [catalogue(key, **counts, after=found.articles_after, **more)]


def legend(table: ComparisonTable, catalogue: Catalogue) -> list[Run]:
    """What the marks mean, each sentence marked so itself."""
    made = [
        Run(catalogue("print.legend.inserted"), "inserted"),
        Run("; "),
        Run(catalogue("print.legend.deleted"), "deleted"),
    ]
    cells = (cell for row in table.rows for cell in (row.before, row.after, row.third))
    sign = next((sign for cell in cells for p in cell for run in p.runs for sign in run.formats), None)
    if sign is not None:
        made += [Run("; "), Run(catalogue("table.legend.format"), "same", (sign,))]
    if table.third_title is not None:
        names = {"after": table.after_title or catalogue("table.after")}
        names["third"] = table.third_title or catalogue("table.third")
        made.append(Run(f". {catalogue('table.legend.third', **names)}"))
    return made


def class_counts(table: ComparisonTable, catalogue: Catalogue) -> list[str]:
    """One line for each class that occurs: its name and the number of its rows."""
    return [
        f"{catalogue(f'table.class.{kind.value}')}: {number}"
        for kind, number in table.statistics.rows_by_class
    ]
