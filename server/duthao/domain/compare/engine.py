"""Comparing two texts: align, read the words, classify, order, and prove the result.

Bounded by work, never by the clock, and free of chance: the same two documents give the same
comparison in every process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from duthao.domain.compare.align import align
from duthao.domain.compare.aligner import Aligner, Overrides
from duthao.domain.compare.classify import moved, pair_class
from duthao.domain.compare.formatting import format_changes
from duthao.domain.compare.orthography import span_kinds
from duthao.domain.compare.result import Comparison, Row, RowClass, Side, Span
from duthao.domain.compare.tree import ROOT, Tree, tree_of
from duthao.domain.compare.words import word_spans
from duthao.domain.document import Document

NO_OVERRIDES = Overrides()

Words = Callable[[str, str], tuple[Span, ...]]


class ComparisonFault(Exception):
    """A law of the comparison did not hold: an error of ours, and never a wrong table.

    The message names the law, not the text, for drafts are confidential.
    """


class ComparisonCache:
    """Word spans already found, so that a table kept current reads changed pairs only.

    A comparison with a cache equals the one without: spans depend on the two texts alone.
    """

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._spans: OrderedDict[tuple[str, str], tuple[Span, ...]] = OrderedDict()

    def words(self, before: str, after: str) -> tuple[Span, ...]:
        """`word_spans`, remembered; the least recently used are forgotten."""
        key = (before, after)
        known = self._spans.get(key)
        if known is None:
            known = self._spans[key] = word_spans(before, after)
            if len(self._spans) > self._size:
                self._spans.popitem(last=False)
        else:
            self._spans.move_to_end(key)
        return known


def compare(
    before: Document,
    after: Document,
    *,
    overrides: Overrides = NO_OVERRIDES,
    cache: ComparisonCache | None = None,
) -> Comparison:
    """The comparison of two texts of a document.

    Guaranteed: each provision of both texts stands in exactly one row; the spans of a row give
    its before and after texts character for character; equal documents give unchanged rows only.
    Raises ComparisonFault when one of these does not hold.
    """
    left, right = tree_of(before), tree_of(after)
    aligner = align(left, right, overrides)
    rows = _Rows(aligner, cache.words if cache is not None else word_spans).ordered()
    comparison = Comparison(
        before=Side(left.sha256(), left.articles()),
        after=Side(right.sha256(), right.articles()),
        rows=tuple(rows),
    )
    verify(comparison, left, right)
    return comparison


class _Rows:
    """Makes the rows of a finished alignment."""

    def __init__(self, aligner: Aligner, words: Words) -> None:
        self.aligner, self.words = aligner, words
        self.moved = moved(aligner)

    def _row(self, row_class: RowClass, ours: Sequence[int], theirs: Sequence[int], confidence: int) -> Row:
        spans = self.words(_joined(self.aligner.before, ours), _joined(self.aligner.after, theirs))
        return self._made(row_class, ours, theirs, spans, confidence)

    def _pair(self, i: int, j: int) -> Row:
        spans = self.words(self.aligner.before.texts[i], self.aligner.after.texts[j])
        row_class = pair_class(self.aligner, i, j, i in self.moved, spans)
        return self._made(row_class, (i,), (j,), spans, self.aligner.confidence[i])

    def _made(
        self,
        row_class: RowClass,
        ours: Sequence[int],
        theirs: Sequence[int],
        spans: tuple[Span, ...],
        confidence: int,
    ) -> Row:
        before, after = self.aligner.before, self.aligner.after
        return Row(
            row_class,
            tuple(before.unit(i) for i in ours),
            tuple(after.unit(j) for j in theirs),
            spans,
            confidence / 1000,
            span_kinds(spans),
            format_changes(spans, before.marks(ours), after.marks(theirs)),
        )

    def ordered(self) -> list[Row]:
        """Rows in the order of the after text, repealed ones where they stood."""
        aligner = self.aligner
        groups = {group.after[0]: group for group in aligner.groups}
        grouped = {j for group in aligner.groups for j in group.after}
        repealed = self._repealed()
        rows = [self._row(RowClass.REPEALED, (i,), (), 1000) for i in repealed.get(ROOT, ())]
        for j in range(len(aligner.after.texts)):
            if j in groups:
                group = groups[j]
                kind = RowClass.SPLIT if len(group.before) == 1 else RowClass.MERGED
                rows.append(self._row(kind, group.before, group.after, group.confidence))
            elif j in grouped:
                pass
            elif j in aligner.back:
                rows.append(self._pair(aligner.back[j], j))
            else:
                rows.append(self._row(RowClass.ADDED, (), (j,), 1000))
            rows.extend(self._row(RowClass.REPEALED, (i,), (), 1000) for i in repealed.get(j, ()))
        return rows

    def _repealed(self) -> dict[int, list[int]]:
        """Repealed provisions by the after-provision they follow (ROOT: none)."""
        aligner = self.aligner
        last_of: dict[int, int] = {}
        for group in aligner.groups:
            for i in group.before:
                # Of a split article the heading's own place: what follows it there is its own.
                last_of[i] = aligner.pair.get(i, group.after[0]) if group.lifted else group.after[-1]
        found: dict[int, list[int]] = {}
        anchor = ROOT
        for i in range(len(aligner.before.texts)):
            if i in last_of:
                anchor = last_of[i]
            elif i not in aligner.pair:
                found.setdefault(anchor, []).append(i)
            elif i not in self.moved:
                anchor = aligner.pair[i]
        return found


def _joined(tree: Tree, indices: Iterable[int]) -> str:
    return "\n".join(tree.texts[index] for index in indices)


def _require(holds: bool, law: str) -> None:
    if not holds:
        raise ComparisonFault(law)


def verify(comparison: Comparison, before: Tree, after: Tree) -> None:
    """The laws every comparison is held to before anyone sees it."""
    for name, tree, units in (
        ("before", before, [unit for row in comparison.rows for unit in row.before]),
        ("after", after, [unit for row in comparison.rows for unit in row.after]),
    ):
        _require(len(units) == len(tree.texts), f"{name}: each provision in exactly one row")
        _require(len({unit.path for unit in units}) == len(units), f"{name}: no provision twice")
        by_path = tree.outline.by_path
        known = all(by_path[unit.path].provision.id == unit.id for unit in units if unit.path in by_path)
        _require(known and all(unit.path in by_path for unit in units), f"{name}: only its own provisions")
    for row in comparison.rows:
        old = "".join(text for op, text in row.spans if op != "+")
        new = "".join(text for op, text in row.spans if op != "-")
        _require(old == "\n".join(unit.text for unit in row.before), "left is the old text")
        _require(new == "\n".join(unit.text for unit in row.after), "right is the new text")
