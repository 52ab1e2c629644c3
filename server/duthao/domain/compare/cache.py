"""What a comparison kept current takes over from the one before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from duthao.domain.compare.groups import Way
from duthao.domain.compare.result import Row, Span
from duthao.domain.compare.tree import Line, Tree, tree_of
from duthao.domain.compare.words import word_spans
from duthao.domain.document import Document
from duthao.domain.outline import Entry

Content = tuple[Line, ...]
Found = tuple[bool, int, Way]
"""Whether a pair moved, its confidence, and how it was found."""

_Kept = tuple[Entry, Entry, Found, Row]
_Block = tuple[Content, Content, Sequence[Row]]


class ComparisonCache:
    """What earlier comparisons found, so that a table kept current does the work of a change only.

    A comparison with a cache equals the one without. Kept are word spans by their two texts, the
    two trees last compared (a tree made from an earlier one of its shape takes over what did not
    change), the rows of pairs whose words are equal, which depend on the two entries and on
    how the pair was found, and those of articles equal as a whole. They have been verified once.
    """

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._spans: OrderedDict[tuple[str, str], tuple[Span, ...]] = OrderedDict()
        self._trees: dict[str, tuple[Document, Tree]] = {}
        self._rows: dict[tuple[int, int], _Kept] = {}
        self._seen: dict[tuple[int, int], _Kept] = {}
        self._blocks: dict[tuple[int, int], _Block] = {}
        self._seen_blocks: dict[tuple[int, int], _Block] = {}
        self._known_rows: set[int] = set()

    def tree(self, side: str, document: Document) -> Tree:
        """`tree_of`, from the tree of this side that was made last."""
        known = self._trees.get(side)
        if known is not None and known[0] is document:
            return known[1]
        made = tree_of(document, None if known is None else known[1])
        self._trees[side] = document, made
        return made

    def row(self, ours: Entry, theirs: Entry, found: Found) -> Row | None:
        """The row of a pair of entries, the very same objects, when it is known."""
        key = (id(ours), id(theirs))
        known = self._rows.get(key)
        # The entries are kept too: an id alone may come to name another object.
        if known is None or known[2] != found:
            return None
        self._seen[key] = known
        return known[3]

    def keep(self, ours: Entry, theirs: Entry, found: Found, row: Row) -> None:
        self._seen[id(ours), id(theirs)] = (ours, theirs, found, row)

    def block(self, ours: Content, theirs: Content, make: Callable[[], Sequence[Row]]) -> Sequence[Row]:
        """The rows of what stands in two articles of these contents, the very same objects."""
        key = (id(ours), id(theirs))
        known = self._blocks.get(key)
        if known is None:
            known = (ours, theirs, make())
        self._seen_blocks[key] = known
        return known[2]

    def turn(self) -> None:
        """A comparison is done: only the rows it had are kept for the next."""
        self._rows, self._seen = self._seen, {}
        self._blocks, self._seen_blocks = self._seen_blocks, {}

    def unverified(self, rows: Iterable[Row]) -> list[Row]:
        """Those that did not, the very same objects, come out of an earlier comparison."""
        known = self._known_rows
        return [row for row in rows if id(row) not in known]

    def begin(self) -> None:
        """A comparison begins: what is known now has been verified."""
        self._known_rows = {id(kept[3]) for kept in self._rows.values()}
        for _, _, rows in self._blocks.values():
            self._known_rows.update(map(id, rows))

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
