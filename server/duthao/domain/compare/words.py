"""Words inside a pair of texts: what was kept, deleted and inserted, by whole tokens.

Tokens are compared deaf to spelling, so that "hoà" finds "hòa" and a capital hides no word;
what differs in spelling alone is then a change of its own, which `orthography` names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from duthao.domain.compare.matching import matches
from duthao.domain.compare.readable import Block, readable
from duthao.domain.compare.result import Span
from duthao.domain.compare.tokens import WORD, Tokens, tokens

MAX_TOKENS = 200_000
"""Tokens on one side beyond which a text is replaced whole."""

KEPT = 0.25
"""Less weight kept than this part makes a whole replacement: islands would only confuse."""

_LONG = 400
"""Tokens on one side from which it pays to look first whether anything is shared."""


class _Writer:
    """Collects spans: kept neighbours are joined, a deletion stands before its insertion.

    No two neighbouring spans are of one sort. A change of spelling alone stays apart from a change
    of words beside it where that allows.
    """

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._deleted = self._inserted = ""
        self._respelt = False  # whether what waits is a change of spelling alone

    def change(self, deleted: str, inserted: str) -> None:
        if self._respelt and deleted and inserted:
            self._flush()
        self._deleted += deleted
        self._inserted += inserted
        self._respelt = False

    def respell(self, gap: str, deleted: str, inserted: str) -> None:
        """A token spelt otherwise, behind a white space both have; with one before it, one change."""
        if self._respelt:
            deleted, inserted = gap + deleted, gap + inserted
        else:
            self.keep(gap)
            if self._deleted and self._inserted:
                self._flush()
        waiting = self._deleted or self._inserted
        self._deleted += deleted
        self._inserted += inserted
        self._respelt = self._respelt or not waiting

    def keep(self, text: str) -> None:
        if text:
            self._flush()
            self._keep(text)

    def done(self) -> tuple[Span, ...]:
        self._flush()
        return tuple(self.spans)

    def _flush(self) -> None:
        deleted, inserted = self._deleted, self._inserted
        if not deleted and not inserted:
            return
        self._deleted = self._inserted = ""
        self._respelt = False
        head = _common_space(deleted, inserted)
        tail = _common_space(deleted[:head:-1], inserted[:head:-1])
        self._keep(deleted[:head])
        if len(deleted) > head + tail:
            self.spans.append(("-", deleted[head : len(deleted) - tail]))
        if len(inserted) > head + tail:
            self.spans.append(("+", inserted[head : len(inserted) - tail]))
        self._keep(deleted[len(deleted) - tail :] if tail else "")

    def _keep(self, text: str) -> None:
        if not text:
            return
        if self.spans and self.spans[-1][0] == "=":
            text = self.spans.pop()[1] + text
        self.spans.append(("=", text))


def _common_space(left: str, right: str) -> int:
    """How many white-space characters both begin with."""
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count] and left[count].isspace():
        count += 1
    return count


def _write_kept(writer: _Writer, left: Tokens, right: Tokens, block: Block) -> None:
    """A kept block: as it is where both are the same, and what is spelt otherwise as changes."""
    a, c = block.a, block.c
    old_gap, new_gap = left.gap(a), right.gap(c)
    if old_gap == new_gap and left.part(a, block.b) == right.part(c, block.d):
        writer.keep(left.part(a, block.b))
        return
    for i, j in zip(range(a, block.b), range(c, block.d), strict=True):
        old_gap, new_gap = left.gap(i), right.gap(j)
        old, new = left.core(i), right.core(j)
        if old_gap == new_gap and old != new:
            writer.respell(old_gap, old, new)
            continue
        for was, now in ((old_gap, new_gap), (old, new)):
            if was == now:
                writer.keep(was)
            else:
                writer.change(was, now)


def kept_share(blocks: Sequence[Block], left: Tokens, right: Tokens) -> float:
    """Weight kept against the weight of both sides, a number no more than a word; 1 when one side only
    gained words.
    """
    weights = [min(weight, WORD) for weight in left.weights]
    ours, theirs = sum(weights), sum(min(weight, WORD) for weight in right.weights)
    kept = sum(sum(weights[block.a : block.b]) for block in blocks if block.equal)
    if not ours + theirs or kept == min(ours, theirs) > 0:
        return 1.0
    return 2 * kept / (ours + theirs)


def whole(before: str, after: str) -> tuple[Span, ...]:
    """The one text out, the other in."""
    spans: tuple[Span, ...] = (("-", before), ("+", after))
    return tuple(span for span in spans if span[1])


def _hopeless(left: Tokens, right: Tokens) -> bool:
    """Whether too few words are shared, in whatever order, for anything worth showing."""
    longer = max(len(left), len(right))
    if longer > MAX_TOKENS:
        return True
    if longer < _LONG:
        return False
    ours, theirs = Counter(left.same), Counter(right.same)
    shared = sum(min(count, theirs[word]) for word, count in ours.items())
    return shared < min(len(left), len(right)) and 2 * shared < KEPT * (len(left) + len(right))


def _mirrored(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same change read backwards."""
    found: list[Span] = []
    for op, text in spans:
        if op == "+" and found and found[-1][0] == "+":  # its deletion, turned round
            found.insert(-1, ("-", text))
        else:
            found.append(("=" if op == "=" else "-" if op == "+" else "+", text))
    return tuple(found)


@lru_cache(maxsize=4096)
def word_spans(before: str, after: str) -> tuple[Span, ...]:
    """What was kept, deleted and inserted between two texts.

    Guaranteed: "=" and "-" joined give `before`, "=" and "+" joined give `after`, character for
    character; no token is cut; no two neighbouring spans are of one sort, and a deletion stands
    before its insertion; swapped texts give the same spans with "-" and "+" swapped. A text of
    which less than `KEPT` of the weight stays is replaced whole.
    """
    if before == after:
        return (("=", before),) if before else ()
    if (len(before), before) > (len(after), after):
        return _mirrored(word_spans(after, before))
    left, right = tokens(before), tokens(after)
    if _hopeless(left, right):
        return whole(before, after)
    blocks = readable(matches(left.same, right.same, left.weights), left, right)
    if kept_share(blocks, left, right) < KEPT:
        return whole(before, after)
    writer = _Writer()
    for block in blocks:
        if block.equal:
            _write_kept(writer, left, right, block)
        else:
            writer.change(left.part(block.a, block.b), right.part(block.c, block.d))
    old_end, new_end = left.part_end(), right.part_end()
    if old_end == new_end:
        writer.keep(old_end)
    else:
        writer.change(old_end, new_end)
    return writer.done()


def is_replaced(spans: Sequence[Span]) -> bool:
    """Whether nothing readable is kept: not one word stands in both texts."""
    return not any(op == "=" and any(sign.isalnum() for sign in text) for op, text in spans)
