"""Comparing two texts: align, read the words, classify, order, and prove the result.

Bounded by work, never by the clock, and free of chance: the same two documents give the same
comparison in every process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from duthao.domain.compare.align import Alignment, align
from duthao.domain.compare.cache import ComparisonCache
from duthao.domain.compare.classify import SURE_PARTS, doubt, pair_class
from duthao.domain.compare.corrections import in_force, rested
from duthao.domain.compare.formatting import format_changes
from duthao.domain.compare.groups import Block, Group, Overrides
from duthao.domain.compare.keys import spelling_key
from duthao.domain.compare.orthography import span_kinds
from duthao.domain.compare.renumber import Follower
from duthao.domain.compare.result import CellPair, Comparison, Doubt, Row, RowClass, Side, Span
from duthao.domain.compare.tables import cell_pairs, columns
from duthao.domain.compare.tree import ROOT, Tree, tree_of
from duthao.domain.compare.words import word_spans
from duthao.domain.document import Document, Kind
from duthao.domain.references import own_names

NO_OVERRIDES = Overrides()

Words = Callable[[str, str], tuple[Span, ...]]


class ComparisonFault(Exception):
    """A law of the comparison did not hold: an error of ours, and never a wrong table.

    The message names the law, not the text, for drafts are confidential.
    """


def compare(
    before: Document,
    after: Document,
    *,
    overrides: Overrides = NO_OVERRIDES,
    cache: ComparisonCache | None = None,
) -> Comparison:
    """The comparison of two texts of a document.

    Guaranteed: each provision of both texts stands in exactly one row; the spans of a row give
    its before and after texts character for character; equal documents give unchanged rows only,
    whatever was corrected. Corrections that the texts leave no room for are told (`resting`).
    Raises ComparisonFault when one of these does not hold.
    """
    if cache is not None:
        cache.begin()
        left, right = cache.tree("before", before), cache.tree("after", after)
    else:
        left, right = tree_of(before), tree_of(after)
    holding = in_force(overrides, left, right)
    alignment = align(left, right, holding)
    own = (*own_names(before), *own_names(after))
    rows = _Rows(alignment, cache, own).ordered()
    comparison = Comparison(
        before=Side(left.sha256, left.articles()),
        after=Side(right.sha256, right.articles()),
        rows=tuple(rows),
        resting=rested(overrides, holding, rows),
    )
    verify(comparison, left, right, cache)
    if cache is not None:
        cache.turn()
    return comparison


class _Rows:
    """Makes the rows of a finished alignment."""

    def __init__(self, alignment: Alignment, cache: ComparisonCache | None, own: tuple[str, ...]) -> None:
        self.alignment, self.own, self.cache = alignment, own, cache
        self.words: Words = word_spans if cache is None else cache.words
        self._followers: tuple[Follower, Follower] | None = None

    def _row(
        self,
        row_class: RowClass,
        ours: Sequence[int],
        theirs: Sequence[int],
        confidence: int,
        doubt: Doubt | None = None,
    ) -> Row:
        spans = self.words(_joined(self.alignment.before, ours), _joined(self.alignment.after, theirs))
        return self._made(row_class, ours, theirs, spans, confidence, doubt=doubt)

    def _group(self, group: Group) -> Row:
        kind = RowClass.SPLIT if len(group.before) == 1 else RowClass.MERGED
        unsure: Doubt | None = "parts" if group.confidence < SURE_PARTS else None
        return self._row(kind, group.before, group.after, group.confidence, unsure)

    def _pair(self, i: int, j: int) -> Row:
        """The row of a pair; that of two equal texts may be known from an earlier comparison."""
        left, right = self.alignment.before, self.alignment.after
        if self.cache is None or left.texts[i] != right.texts[j]:
            return self._pair_anew(i, j)
        ours, theirs = left.entries[i], right.entries[j]
        found = i in self.alignment.moved, self.alignment.confidence[i], self.alignment.way[i]
        row = self.cache.row(ours, theirs, found)
        if row is None:
            row = self._pair_anew(i, j)
            self.cache.keep(ours, theirs, found, row)
        return row

    def _pair_anew(self, i: int, j: int) -> Row:
        spans = self.words(self.alignment.before.texts[i], self.alignment.after.texts[j])
        row_class = pair_class(self.alignment, i, j, spans, self._follows)
        return self._made(
            row_class,
            (i,),
            (j,),
            spans,
            self.alignment.confidence[i],
            self._cells(i, j),
            doubt(self.alignment, i),
        )

    def _follows(self, i: int, j: int) -> bool:
        """Whether the two texts differ only in references that follow the new numbers."""
        if self._followers is None:
            left, right = self.alignment.before.outline, self.alignment.after.outline
            there, back = dict(self.alignment.pair), dict(self.alignment.back)
            for group in self.alignment.groups:
                there.update({i: group.after[0] for i in group.before if i not in there})
                back.update({j: group.before[0] for j in group.after if j not in back})
            self._followers = Follower(left, right, there, self.own), Follower(right, left, back, self.own)
        ours, theirs = self.alignment.before.texts[i], self.alignment.after.texts[j]
        forward, backward = self._followers
        return spelling_key(forward.text(ours, i, j)) == spelling_key(theirs) or (
            spelling_key(backward.text(theirs, j, i)) == spelling_key(ours)
        )

    def _cells(self, i: int, j: int) -> tuple[CellPair, ...]:
        before, after = self.alignment.before, self.alignment.after
        if not before.kind(i) is Kind.ROW is after.kind(j):
            return ()
        pairing = columns(before.grid(i), after.grid(j))
        ours, theirs = before.entries[i].provision.cells, after.entries[j].provision.cells
        return cell_pairs(pairing, ours, theirs, self.words)

    def _made(
        self,
        row_class: RowClass,
        ours: Sequence[int],
        theirs: Sequence[int],
        spans: tuple[Span, ...],
        confidence: int,
        cells: tuple[CellPair, ...] = (),
        doubt: Doubt | None = None,
    ) -> Row:
        before, after = self.alignment.before, self.alignment.after
        return Row(
            row_class,
            tuple(before.unit(i) for i in ours),
            tuple(after.unit(j) for j in theirs),
            spans,
            confidence / 1000,
            span_kinds(spans),
            format_changes(spans, before.marks(ours), after.marks(theirs)),
            cells,
            doubt,
        )

    def ordered(self) -> list[Row]:
        """Rows in the order of the after text, repealed ones where they stood."""
        alignment = self.alignment
        groups = {group.after[0]: group for group in alignment.groups}
        grouped = {j for group in alignment.groups for j in group.after}
        repealed = self._repealed()
        blocks = {block.after: block for block in alignment.blocks}
        rows = self._gone(repealed.get(ROOT, ()))
        j = 0
        while j < len(alignment.after.texts):
            if j in groups:
                rows.append(self._group(groups[j]))
            elif j in grouped:
                pass
            elif j in alignment.back:
                rows.append(self._pair(alignment.back[j], j))
            else:
                rows.append(self._row(RowClass.ADDED, (), (j,), 1000))
            if j in repealed:
                rows += self._gone(repealed[j])
            block = blocks.get(j)
            if block is not None and block.size > 1:
                rows += self._block(block)
                j += block.size - 1
                rows += self._gone(repealed.get(j, ()))
            j += 1
        return rows

    def _gone(self, repealed: Sequence[int]) -> list[Row]:
        return [self._row(RowClass.REPEALED, (i,), (), 1000) for i in repealed]

    def _block(self, block: Block) -> Sequence[Row]:
        """The rows of what stands in two equal articles; known as long as neither changed at all."""
        if self.cache is None:
            return self._rows_in(block)
        ours = self.alignment.before.contents[block.before]
        theirs = self.alignment.after.contents[block.after]
        return self.cache.block(ours, theirs, lambda: self._rows_in(block))

    def _rows_in(self, block: Block) -> list[Row]:
        return [self._pair_anew(block.before + step, block.after + step) for step in range(1, block.size)]

    def _repealed(self) -> dict[int, list[int]]:
        """Repealed provisions by the after-provision they follow (ROOT: none)."""
        alignment = self.alignment
        last_of: dict[int, int] = {}
        for group in alignment.groups:
            for i in group.before:
                # Of a split article the heading's own place: what follows it there is its own.
                last_of[i] = alignment.pair.get(i, group.after[0]) if group.lifted else group.after[-1]
        found: dict[int, list[int]] = {}
        anchor = ROOT
        for i in range(len(alignment.before.texts)):
            if i in last_of:
                anchor = last_of[i]
            elif i not in alignment.pair:
                found.setdefault(anchor, []).append(i)
            elif i not in alignment.moved:
                anchor = alignment.pair[i]
        return found


def _joined(tree: Tree, indices: Iterable[int]) -> str:
    return "\n".join(tree.texts[index] for index in indices)


def _require(holds: bool, law: str) -> None:
    if not holds:
        raise ComparisonFault(law)


def verify(comparison: Comparison, before: Tree, after: Tree, cache: ComparisonCache | None = None) -> None:
    """The laws every comparison is held to before anyone sees it.

    The words of a row that came out of an earlier comparison were held to them then.
    """
    for name, tree, units in (
        ("before", before, [unit for row in comparison.rows for unit in row.before]),
        ("after", after, [unit for row in comparison.rows for unit in row.after]),
    ):
        _require(len(units) == len(tree.texts), f"{name}: each provision in exactly one row")
        if set(map(id, units)) == set(map(id, tree.units)):
            continue  # the tree's own, each once
        found = {unit.path: unit for unit in units}
        _require(len(found) == len(units), f"{name}: no provision twice")
        own = {unit.path: unit for unit in tree.units}
        _require(found == own, f"{name}: only its own provisions")
    for row in comparison.rows if cache is None else cache.unverified(comparison.rows):
        old = "".join(text for op, text in row.spans if op != "+")
        new = "".join(text for op, text in row.spans if op != "-")
        _require(old == "\n".join(unit.text for unit in row.before), "left is the old text")
        _require(new == "\n".join(unit.text for unit in row.after), "right is the new text")
