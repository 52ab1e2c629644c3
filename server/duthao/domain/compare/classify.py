"""What happened to each pair, and whether a person should look at it."""

from __future__ import annotations

import re
from collections.abc import Callable

from duthao.domain.compare.align import Alignment
from duthao.domain.compare.keys import reference_key, spelling_key
from duthao.domain.compare.result import Doubt, RowClass, Span
from duthao.domain.compare.words import is_replaced
from duthao.domain.document import Kind
from duthao.domain.numbering import place_of
from duthao.domain.outline import Entry

SURE_PAIR = 500
SURE_MOVE = 800
SURE_PARTS = 600
"""Thousandths below which a pair in its place, one that moved or went under another unit, or a split
or merge is doubtful."""


def doubt(alignment: Alignment, i: int) -> Doubt | None:
    """Why a person should look at the pair of `i`."""
    way, confidence = alignment.way[i], alignment.confidence[i]
    if way == "place":
        return "same_place"
    if way not in ("move", "content"):
        return None
    if confidence < SURE_MOVE and (way == "move" or _under_another(alignment, i)):
        return "moved_changed"
    return "few_words" if way == "content" and confidence < SURE_PAIR else None


def _under_another(alignment: Alignment, i: int) -> bool:
    """Whether a pair of other words stands in units that do not belong together."""
    before, after, j = alignment.before, alignment.after, alignment.pair[i]
    if before.texts[i] == after.texts[j]:
        return False
    ours, theirs = before.parent(i), after.parent(j)
    if alignment.pair.get(ours, -2) == theirs:
        return False
    return not any(ours in group.before and theirs in group.after for group in alignment.groups)


def pair_class(
    alignment: Alignment, i: int, j: int, spans: tuple[Span, ...], follows: Callable[[int, int], bool]
) -> RowClass:
    """The class of a one-to-one pair. `follows`: whether only references differ, as the numbers do."""
    has_moved = i in alignment.moved
    before, after = alignment.before.texts[i], alignment.after.texts[j]
    was_note, is_note = alignment.before.is_note(i), alignment.after.is_note(j)
    if was_note is not is_note:
        # Only the note stands at the number: nothing of the provision is left, or was there.
        return RowClass.REPEALED if is_note else RowClass.ADDED
    if before == after:
        return _class_of_equal(alignment, i, j, has_moved)
    if not has_moved and _label_style_only(alignment.before.entries[i], alignment.after.entries[j]):
        return RowClass.LABEL_STYLE
    if alignment.before.kind(i) is Kind.ROW is alignment.after.kind(j):
        return _class_of_table_row(alignment, i, j, has_moved)
    if has_moved:
        return RowClass.MOVED_AMENDED
    if spelling_key(before) == spelling_key(after):
        return RowClass.SPELLING_ONLY
    if reference_key(before) == reference_key(after) and follows(i, j):
        return RowClass.REFERENCE_ONLY
    return RowClass.REPLACED if is_replaced(spans) and before and after else RowClass.AMENDED


_SIGNS_BEHIND = r"\s*[.):/–—-]{1,2}\s*"
_INDENT_SIGN = re.compile(r"[-–—+*•]\s*")


def _label_style_only(ours: Entry, theirs: Entry) -> bool:
    """Whether one is a paragraph that begins with the other's number, written otherwise.

    "1)" or "(1)" for "1.", "(a)" for "a)", "+" for "-": what is no label of ours stays text.
    """
    if theirs.provision.kind is not Kind.PARAGRAPH:
        ours, theirs = theirs, ours
    if theirs.provision.kind is not Kind.PARAGRAPH or not ours.label:
        return False
    number = ours.label.rstrip(".)-")
    sign = re.compile(rf"\(?{re.escape(number)}{_SIGNS_BEHIND}", re.IGNORECASE) if number else _INDENT_SIGN
    written = sign.match(theirs.provision.text)
    return written is not None and theirs.provision.text[written.end() :] == ours.provision.text != ""


def _same_number(ours: Entry, theirs: Entry) -> bool:
    """Whether two labels say one number: "Chương 2" and "Chương II"."""
    kind = ours.provision.kind
    if kind is not theirs.provision.kind or not ours.number:
        return False
    return place_of(kind, ours.number) == place_of(kind, theirs.number)


def _class_of_table_row(alignment: Alignment, i: int, j: int, has_moved: bool) -> RowClass:
    ours, theirs = alignment.before.entries[i].provision.cells, alignment.after.entries[j].provision.cells
    if sorted(ours) == sorted(theirs):
        return RowClass.MOVED  # its columns changed places
    if len(ours) == len(theirs) and alignment.before.words[i] == alignment.after.words[j]:
        return RowClass.MOVED if has_moved else RowClass.RENUMBERED  # the running number alone
    if has_moved:
        return RowClass.MOVED_AMENDED
    same = spelling_key(alignment.before.texts[i]) == spelling_key(alignment.after.texts[j])
    return RowClass.SPELLING_ONLY if same else RowClass.AMENDED


def _class_of_equal(alignment: Alignment, i: int, j: int, has_moved: bool) -> RowClass:
    ours, theirs = alignment.before.entries[i], alignment.after.entries[j]
    if has_moved:
        return RowClass.MOVED
    if ours.label != theirs.label and _same_number(ours, theirs):
        return RowClass.LABEL_STYLE
    if ours.label != theirs.label or ours.provision.kind is not theirs.provision.kind:
        return RowClass.RENUMBERED
    if ours.provision.marks != theirs.provision.marks:
        return RowClass.FORMAT_ONLY
    if ours.provision.cells != theirs.provision.cells:
        return RowClass.FORMAT_ONLY
    return RowClass.UNCHANGED
