"""What the service itself writes: forward changes, made on a scratch replica, as updates.

Nothing here touches a live document. A change is made on a replica of its own, read back and
compared with what was asked for, and handed over as the update that a colleague's edits merge
with: texts change word by word and nothing is set that is right already, so that a sentence
typed offline meanwhile survives.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from secrets import token_hex
from typing import Any, Final

from pycrdt import Array, Doc, Text
from pycrdt import Map as SharedMap

from duthao.collab.codec import (
    FRONT,
    FRONT_LISTS,
    FRONT_TEXTS,
    PROVISIONS,
    RATIONALE,
    is_id,
    joined_marks,
    read_document,
    read_text,
)
from duthao.collab.columns import (
    CELL,
    COLUMN,
    Column,
    code_units,
    columns_of,
    own_columns,
    place_in_list,
)
from duthao.domain.document import CharOffset, Document, Kind, Mark, MarkKind, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.order import spread
from duthao.domain.text import utf8_from_char

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_WORK: Final = 1_000_000
"""Word pairs compared at most in one text; beyond it the changed middle is replaced whole."""


class EditFailed(Exception):
    """A change did not read back as what was asked for: a defect of ours, nothing was changed."""


def seed(document: Document, client_id: int | None = None) -> bytes:
    """The update that makes this document out of nothing, as one transaction.

    Provisions without usable `order` keys are spread evenly in the order given. Raises
    Refusal `document_ids_bad` when an id is empty, too long or there twice.
    """
    goal = _sound(document)
    doc: Doc[Any] = Doc(client_id=client_id, skip_gc=True)
    _Change(doc, Document()).towards(goal)
    _verify(doc, goal)
    return bytes(doc.get_update())


def restore(
    current_state: bytes, current: Document, target: Document, client_id: int | None = None
) -> bytes | None:
    """The smallest forward change after which the document reads as `target`; None when it does.

    `current` is the tree of `current_state`. What `target` does not have is marked as removed
    and keeps its words; what is removed in both stays as it is. Raises as `seed` does, and
    EditFailed.
    """
    goal = _sound(target)
    doc: Doc[Any] = Doc(client_id=client_id, skip_gc=True)
    doc.apply_update(current_state)
    with _recorded(doc) as updates:
        _Change(doc, current).towards(goal)
    _verify(doc, goal)
    return updates[0] if updates else None


def steps_towards(current_state: bytes, current: Document, targets: Sequence[Document]) -> list[bytes | None]:
    """The smallest changes that make the document read as each target in turn; None where it does already.

    Read back once, after the last. Raises as `restore`.
    """
    doc: Doc[Any] = Doc(skip_gc=True)
    doc.apply_update(current_state)
    found: list[bytes | None] = []
    for target in map(_sound, targets):
        with _recorded(doc) as updates:
            _Change(doc, current).towards(target)
        found.append(updates[0] if updates else None)
        current = target
    _verify(doc, current)
    return found


def brought_back(current: Document, past: Document, ids: Collection[ProvisionId]) -> Document:
    """`current` with these provisions as `past` has them: words, kind, label, place and reason.

    Those that `past` does not have are taken out. Raises Refusal `provision_not_found` when
    neither has one of them.
    """
    there = {one.id for one in (*current.provisions, *past.provisions)}
    if not there.issuperset(ids):
        raise Refusal("provision_not_found")
    kept = [one for one in current.provisions if one.id not in ids]
    wanted = [one for one in _sound(past).provisions if one.id in ids]
    reasons = {id_: words for id_, words in current.rationale.items() if id_ not in ids}
    reasons |= {id_: words for id_, words in past.rationale.items() if id_ in ids}
    return replace(
        current,
        provisions=tuple(sorted([*kept, *wanted], key=_place)),
        removed=tuple(one for one in current.removed if one.id not in ids),
        rationale=reasons,
    )


@contextmanager
def _recorded(doc: Doc[Any]) -> Iterator[list[bytes]]:
    """The updates of what is done in the block, as one transaction.

    Asking the library for "what is new since" would add everything ever deleted.
    """
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(bytes(event.update)))
    try:
        with doc.transaction():
            yield updates
    finally:
        doc.unobserve(subscription)


def _place(provision: Provision) -> tuple[bytes, bytes]:
    return code_units(provision.order), code_units(provision.id)


def _readable(text: str) -> str:
    """Text that can be UTF-8: half a surrogate pair is nobody's letter."""
    return _SURROGATE.sub("\ufffd", text)


def _sound(document: Document) -> Document:
    """The document as it will read once it is stored: the same words, usable places and marks."""
    provisions = tuple(map(_sound_provision, document.provisions))
    removed = tuple(map(_sound_provision, document.removed))
    ids = [one.id for one in (*provisions, *removed)]
    if len(set(ids)) != len(ids) or not all(map(is_id, (*ids, *document.rationale))):
        raise Refusal("document_ids_bad")
    if any(_place(a) >= _place(b) for a, b in pairwise(provisions)):
        keys = spread(len(provisions))
        provisions = tuple(replace(one, order=key) for one, key in zip(provisions, keys, strict=True))
    front = document.front
    texts: dict[str, Any] = {name: _readable(getattr(front, name)) for name in FRONT_TEXTS}
    texts.update({name: tuple(map(_readable, getattr(front, name))) for name in FRONT_LISTS})
    rationale = {id_: _readable(words) for id_, words in document.rationale.items() if words}
    return replace(
        document, provisions=provisions, removed=removed, rationale=rationale,
        front=replace(front, **texts),
    )  # fmt: skip


def _sound_provision(one: Provision) -> Provision:
    end = CharOffset(len(one.text))
    held = [Mark(m.kind, CharOffset(max(m.start, 0)), CharOffset(min(m.end, end))) for m in one.marks]
    return replace(
        one, text=_readable(one.text), marks=joined_marks(held), cells=tuple(map(_readable, one.cells)),
        label=None if one.label is None else _readable(one.label), order=_readable(one.order),
        origin=None if one.origin is None else ProvisionId(_readable(one.origin)),
    )  # fmt: skip


def _verify(doc: Doc[Any], goal: Document) -> None:
    found, _ = read_document(doc)
    same = (
        found.provisions == goal.provisions
        and found.front == goal.front
        and found.policy is goal.policy
        and dict(found.rationale) == dict(goal.rationale)
    )
    if not same:
        raise EditFailed("the change does not read back as what was asked for")


class _Change:
    """Changing `doc`, which reads as `current`. Inside one transaction."""

    def __init__(self, doc: Doc[Any], current: Document) -> None:
        self._doc, self._current = doc, current
        self._provisions: Any = doc.get(PROVISIONS, type=SharedMap)
        self._rationale: Any = doc.get(RATIONALE, type=SharedMap)
        self._front: Any = doc.get(FRONT, type=SharedMap)
        self._keyed: set[ProvisionId] = set()
        """Rows whose cells stand under the ids of their table's columns."""

    def towards(self, goal: Document) -> None:
        with self._doc.transaction():
            now = {one.id: one for one in self._current.provisions}
            keyed = list(self._keyed_tables(goal))
            self._keyed = {row.id for _, rows in keyed for row in rows}
            for one in goal.provisions:
                if now.get(one.id) != one:
                    self._provision(one)
            for table, rows in keyed:
                if any(now.get(row.id) != row for row in rows) or now.get(table) is None:
                    edit_grid(
                        self._provisions[table], [(self._provisions[row.id], row.cells) for row in rows]
                    )
            for one in goal.removed:
                if one.id not in self._provisions:
                    self._make(one, removed=True)
            kept = {one.id for one in goal.provisions}
            for id_ in now:
                if id_ not in kept:
                    self._provisions[id_]["removed"] = True
            self._change_front(goal)
            self._change_rationale(goal.rationale)

    def _keyed_tables(self, goal: Document) -> Iterator[tuple[ProvisionId, list[Provision]]]:
        """Each table of the goal whose columns have ids, with its rows."""
        table: ProvisionId | None = None
        rows: list[Provision] = []
        for one in (*goal.provisions, None):
            if one is not None and one.kind is Kind.ROW:
                rows.append(one)
                continue
            if (
                table is not None
                and rows
                and is_keyed(map(self._provisions.get, (table, *(r.id for r in rows))))
            ):
                yield table, rows
            table = one.id if one is not None and one.kind is Kind.TABLE else None
            rows = []

    def _provision(self, goal: Provision) -> None:
        entry = self._provisions.get(goal.id)
        text = entry.get("text") if isinstance(entry, SharedMap) else None
        if not isinstance(text, Text):
            self._make(goal, removed=False)
            return
        assert isinstance(entry, SharedMap)
        _set(entry, "kind", goal.kind.value)
        _set(entry, "order", goal.order)
        _set(entry, "label", goal.label)
        _set(entry, "from", goal.origin)
        _set(entry, "removed", None)
        _set(entry, "header", True if goal.header else None)
        edit_text(text, goal.text, goal.marks)
        if goal.id not in self._keyed:
            _edit_cells(entry, goal.cells)

    def _make(self, goal: Provision, removed: bool) -> None:
        text = Text(goal.text)
        keyed = goal.id in self._keyed
        values = {
            "kind": goal.kind.value, "order": goal.order, "text": text,
            "label": goal.label, "from": goal.origin, "removed": True if removed else None,
            "header": True if goal.header else None,
            "cells": Array([Text(cell) for cell in goal.cells]) if goal.cells and not keyed else None,
        }  # fmt: skip
        self._provisions[goal.id] = SharedMap({k: v for k, v in values.items() if v is not None})
        _edit_marks(text, goal.text, goal.marks)

    def _change_front(self, goal: Document) -> None:
        was = self._current
        for name in (*FRONT_TEXTS, *FRONT_LISTS):
            wanted = getattr(goal.front, name)
            if wanted != getattr(was.front, name):
                value = wanted if isinstance(wanted, str) else list(wanted)
                _set(self._front, name, value or None)
        if goal.policy is not was.policy:
            self._front["numbering"] = goal.policy.value

    def _change_rationale(self, goal: Mapping[ProvisionId, str]) -> None:
        was = self._current.rationale
        for id_ in sorted({*goal, *was}):
            wanted = goal.get(id_, "")
            if wanted != was.get(id_, ""):
                edit_text(self._reason(id_), wanted)

    def _reason(self, id_: ProvisionId) -> Text:
        found = self._rationale.get(id_)
        if isinstance(found, Text):
            return found
        if found is None:
            self._doc.apply_update(empty_reason(id_))
            found = self._rationale.get(id_)
        if not isinstance(found, Text):
            self._rationale[id_] = found = Text()
        return found


def empty_reason(id_: ProvisionId) -> bytes:
    """The making of an empty reason, the very same bytes whoever makes it.

    As client/src/model/provisions.ts does: two who give a reason at once write into one text.
    The client number is the id's FNV-1a hash, over UTF-16 units, of 32 bits.
    """
    number, units = 0x811C9DC5, code_units(id_)
    for high, low in zip(units[::2], units[1::2], strict=True):
        number = ((number ^ (high << 8 | low)) * 0x01000193) & 0xFFFFFFFF
    maker: Doc[Any] = Doc(client_id=number)
    maker.get(RATIONALE, type=SharedMap)[id_] = Text()
    return bytes(maker.get_update())


def _set(entry: Any, key: str, value: Any) -> None:
    """Set `key` where it differs; None takes it out."""
    if value is None:
        if key in entry:
            del entry[key]
    elif entry.get(key) != value or entry.get(key) is None:
        entry[key] = value


# --- texts ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Replacement:
    """`text[start:end]` becomes `words`; offsets in code points of the text before."""

    start: int
    end: int
    words: str


def replacements(before: str, after: str) -> list[Replacement]:
    """What to replace in `before` to get `after`, word by word, from the end to the start."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start = len("".join(old[:head]))
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) * len(new) > _MAX_WORK:
        spans = [(0, len(old), 0, len(new))]
    else:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        spans = [span for tag, *span in matcher.get_opcodes() if tag != "equal"]  # type: ignore[misc]
    places = [start]
    for word in old:
        places.append(places[-1] + len(word))
    return [
        Replacement(places[a], places[b], "".join(new[c:d]))
        for a, b, c, d in reversed(spans)
        if b > a or d > c
    ]


def edit_text(text: Text, wanted: str, marks: Sequence[Mark] = ()) -> None:
    """Change a text of a scratch replica, and its marks, where they differ."""
    before = read_text(text)[0]
    if before is None:
        # Something is embedded between its words: their offsets are not the library's.
        text.clear()
        before = ""
    for change in replacements(before, wanted):
        start = utf8_from_char(before, CharOffset(change.start))
        end = utf8_from_char(before, CharOffset(change.end))
        if end > start:
            del text[start:end]
        if change.words:
            text.insert(start, change.words)
    _edit_marks(text, wanted, marks)


def _edit_marks(text: Text, words: str, wanted: Sequence[Mark]) -> None:
    have = read_text(text)[1]
    for kind in MarkKind:
        now = [mark for mark in have if mark.kind is kind]
        goal = [mark for mark in wanted if mark.kind is kind]
        if now == goal:
            continue
        edges = sorted({edge for mark in (*now, *goal) for edge in (mark.start, mark.end)})
        for start, end in pairwise(edges):
            on = any(mark.start <= start and end <= mark.end for mark in goal)
            if on != any(mark.start <= start and end <= mark.end for mark in now):
                value = {kind.value: True if on else None}
                text.format(utf8_from_char(words, start), utf8_from_char(words, end), value)


# --- tables ---------------------------------------------------------------------------------


def _edit_cells(entry: Any, wanted: Sequence[str]) -> None:
    cells = entry.get("cells")
    if not isinstance(cells, Array):
        if wanted:
            entry["cells"] = Array([Text(cell) for cell in wanted])
        elif cells is not None:
            del entry["cells"]
        return
    now = [read_text(cell)[0] if isinstance(cell, Text) else None for cell in cells]
    matcher = SequenceMatcher(None, now, list(wanted), autojunk=False)
    for tag, a, b, c, d in reversed(matcher.get_opcodes()):
        if tag != "equal":
            _replace_cells(cells, a, b, wanted[c:d])


def _replace_cells(cells: Any, start: int, end: int, wanted: Sequence[str]) -> None:
    """Cells `start` to `end` become these: edited in place as far as there are as many."""
    paired = min(end - start, len(wanted))
    if end > start + paired:
        del cells[start + paired : end]
    for at, words in enumerate(wanted[paired:], start + paired):
        cells.insert(at, Text(words))
    for at, words in enumerate(wanted[:paired], start):
        cell = cells[at]
        if isinstance(cell, Text):
            edit_text(cell, words)
        else:
            del cells[at]
            cells.insert(at, Text(words))


def is_keyed(entries: Iterable[Any]) -> bool:
    """Whether a table and its rows, as far as they are there, keep cells under columns' ids."""
    maps = [entry for entry in entries if isinstance(entry, SharedMap)]
    return any(key.startswith((COLUMN, CELL)) for entry in maps for key, _ in entry.items())


def edit_grid(table: Any, rows: Sequence[tuple[Any, Sequence[str]]]) -> None:
    """Give the rows of a table these cells, each row up to its last.

    Columns that keep their words keep their ids, also those taken out before; what is left over
    is marked as removed and keeps its words.
    """
    lists = [entry.get("cells") for entry, _ in rows]
    longest = max((len(cells) for cells in lists if isinstance(cells, Array)), default=0)
    own = [
        id_ for entry, _ in rows for id_ in own_columns(list(entry)) if isinstance(entry[CELL + id_], Text)
    ]
    columns = columns_of(dict(table.items()), longest, own)
    width = max(len(cells) for _, cells in rows)
    now = [tuple(_words_in(entry, column.id) for entry, _ in rows) for column in columns]
    wanted = [tuple(cells[at] if at < len(cells) else "" for _, cells in rows) for at in range(width)]
    chosen = _paired(columns, now, wanted)
    orders = [one.order if one else "" for one in chosen]
    if None in chosen or any(a >= b for a, b in pairwise(map(code_units, orders))):
        orders = spread(width)
    placed = [one.id if one else token_hex(4) for one in chosen]
    for id_, order in zip(placed, orders, strict=True):
        _set(table, COLUMN + id_, order)
    for column in columns:
        if column.id not in placed:
            _set(table, COLUMN + column.id, replace(column, removed=True).value)
    for entry, cells in rows:
        for at, id_ in enumerate(placed):
            _edit_cell(entry, id_, cells[at] if at < len(cells) else None)


def _paired(
    columns: Sequence[Column], now: Sequence[tuple[str, ...]], wanted: Sequence[tuple[str, ...]]
) -> list[Column | None]:
    """For each wanted column the one it is; None for a new one."""
    chosen: list[Column | None] = [None] * len(wanted)
    for tag, a, b, c, d in SequenceMatcher(None, now, wanted, autojunk=False).get_opcodes():
        there = columns[a:b] if tag == "equal" else [one for one in columns[a:b] if not one.removed]
        for at, column in zip(range(c, d), there, strict=False):
            chosen[at] = column
    return chosen


def _cell(entry: Any, column: str) -> Text | None:
    """The text of a row's cell, as client/src/model/tables.ts finds it."""
    own, cells, at = entry.get(CELL + column), entry.get("cells"), place_in_list(column)
    if own is None and at is not None and isinstance(cells, Array) and at < len(cells):
        own = cells[at]
    return own if isinstance(own, Text) else None


def _words_in(entry: Any, column: str) -> str:
    cell = _cell(entry, column)
    return (read_text(cell)[0] or "") if cell is not None else ""


def _edit_cell(entry: Any, column: str, words: str | None) -> None:
    """The cell reads as these words; None: the row has none there."""
    cell = _cell(entry, column)
    if words is not None and cell is not None:
        edit_text(cell, words)
    elif words is not None:
        entry[CELL + column] = Text(words)
    elif cell is not None or entry.get(CELL + column) is not None:
        # Anything but a text says that the list's cell does not count.
        entry[CELL + column] = False
