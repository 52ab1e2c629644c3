"""The server's own edits: computed and checked on a scratch replica, entering as an update.

pycrdt counts text in UTF-8 bytes, and an edit at a wrong place makes the live document
differ silently from its reload; so nothing here touches a live document, and what a
scratch replica reads afterwards must be exactly what was asked for (decision 9).
"""

from __future__ import annotations

import secrets
from dataclasses import fields, replace
from difflib import SequenceMatcher
from typing import Any, Final

from pycrdt import Array, Doc, Map, Text

from duthao.collab.codec import read_document
from duthao.domain.document import CharOffset, Document, Mark, MarkKind, Provision, ProvisionId
from duthao.domain.order import spread

MAX_MATCHED: Final = 20_000
"""Above this many characters a changed text is replaced between its common ends."""


class EditFault(Exception):
    """The scratch replica does not read as intended: a fault of ours, nothing was changed."""


def seed(document: Document, client_id: int) -> bytes:
    """The update that creates the whole document. Provisions without order get keys here."""
    keyed = _with_orders(document)
    doc: Doc[Any] = Doc(client_id=client_id, skip_gc=True)
    with doc.transaction():
        entries: Map[Any] = doc.get("provisions", type=Map)
        for provision in keyed.provisions:
            _create(entries, provision, removed=False)
        for provision in keyed.removed:
            _create(entries, provision, removed=True)
        reasons: Map[Any] = doc.get("rationale", type=Map)
        for key, words in keyed.rationale.items():
            reasons[key] = Text(words)
        front: Map[Any] = doc.get("front", type=Map)
        for name, value in _front_values(keyed).items():
            front[name] = value
    _check(doc, keyed)
    return bytes(doc.get_update())


def restore(state: bytes, current: Document, target: Document, client_id: int | None = None) -> bytes | None:
    """The forward change after which the document of `state`, which reads as `current`, reads as `target`.

    None when it reads so already.

    Provisions that `target` lacks are marked removed, never deleted; texts change only
    where they differ, so what somebody else writes meanwhile survives.
    """
    doc: Doc[Any] = Doc(client_id=secrets.randbits(32) if client_id is None else client_id, skip_gc=True)
    doc.apply_update(state)
    before = doc.get_state()
    wanted = _with_orders(target)
    with doc.transaction():
        _change_provisions(doc, current, wanted)
        _change_rationale(doc, current, wanted)
        _change_front(doc, current, wanted)
    _check(doc, wanted)
    return bytes(doc.get_update(before)) if doc.get_state() != before or _deletes(current, wanted) else None


def _deletes(current: Document, wanted: Document) -> bool:
    return (current.provisions, current.front, current.policy, dict(current.rationale)) != (
        wanted.provisions, wanted.front, wanted.policy, dict(wanted.rationale),
    )  # fmt: skip


def _front_values(document: Document) -> dict[str, Any]:
    """The front matter and policy as plain values of the shared document; empty ones absent."""
    front = document.front
    values: dict[str, Any] = {}
    for field in fields(front):
        value = getattr(front, field.name)
        if value:
            values[field.name] = value if isinstance(value, str) else list(value)
    values["numbering"] = document.policy.value
    return values


def _with_orders(document: Document) -> Document:
    orders = [provision.order for provision in document.provisions]
    places = [(provision.order, provision.id) for provision in document.provisions]
    if all(orders) and places == sorted(places):
        return document
    keys = spread(len(orders))
    return replace(
        document,
        provisions=tuple(replace(p, order=key) for p, key in zip(document.provisions, keys, strict=True)),
    )


def _create(entries: Map[Any], provision: Provision, *, removed: bool) -> None:
    values: dict[str, Any] = {
        "kind": provision.kind.value,
        "order": provision.order,
        "text": Text(provision.text),
    }
    if provision.label is not None:
        values["label"] = provision.label
    if provision.origin is not None:
        values["from"] = provision.origin
    if provision.cells:
        values["cells"] = Array([Text(cell) for cell in provision.cells])
    if removed:
        values["removed"] = True
    entries[provision.id] = Map(values)
    _set_marks(entries[provision.id]["text"], provision.text, (), provision.marks)


def _bytes(text: str, start: int, end: int) -> tuple[int, int]:
    first = len(text[:start].encode("utf-8"))
    return first, first + len(text[start:end].encode("utf-8"))


def _set_marks(text: Text, words: str, old: tuple[Mark, ...], new: tuple[Mark, ...]) -> None:
    """Bring the formats of `words` to `new`. `old` are those standing now."""
    for mark in old:
        if mark not in new and mark.start < mark.end:
            text.format(*_bytes(words, mark.start, mark.end), {mark.kind.value: None})
    for mark in new:
        if mark.start < mark.end:
            text.format(*_bytes(words, mark.start, mark.end), {mark.kind.value: True})


def _change_provisions(doc: Doc[Any], current: Document, wanted: Document) -> None:
    entries: Map[Any] = doc.get("provisions", type=Map)
    known = {provision.id: provision for provision in (*current.provisions, *current.removed)}
    gone = {provision.id for provision in current.removed}
    kept: set[ProvisionId] = set()
    for provision in wanted.provisions:
        kept.add(provision.id)
        old = known.get(provision.id)
        if old is None:
            _create(entries, provision, removed=False)
            continue
        entry: Map[Any] = entries[provision.id]
        if old.id in gone:
            del entry["removed"]
        _set(entry, "kind", old.kind.value, provision.kind.value)
        _set(entry, "order", old.order, provision.order)
        _set(entry, "label", old.label, provision.label)
        _set(entry, "from", old.origin, provision.origin)
        if old.cells != provision.cells:
            entry["cells"] = Array([Text(cell) for cell in provision.cells])
        if (old.text, old.marks) != (provision.text, provision.marks):
            _change_text(entry["text"], old, provision)
    for provision in current.provisions:
        if provision.id not in kept:
            entries[provision.id]["removed"] = True


def _set(entry: Map[Any], name: str, old: str | None, new: str | None) -> None:
    if new is None:
        if old is not None:
            del entry[name]
    elif old != new:
        entry[name] = new


def _change_text(text: Text, old: Provision, new: Provision) -> None:
    for operation, a, b, c, d in reversed(_differences(old.text, new.text)):
        first, last = _bytes(old.text, a, b)
        if operation != "insert":
            del text[first:last]
        if operation != "delete":
            text.insert(first, new.text[c:d])
    # Formats are set anew on the words as they now stand: inserted words inherit from the left.
    whole = CharOffset(0), CharOffset(len(new.text))
    standing = tuple(Mark(kind, *whole) for kind in MarkKind) if old.marks or new.marks else ()
    _set_marks(text, new.text, standing, new.marks)


def _differences(old: str, new: str) -> list[tuple[str, int, int, int, int]]:
    start = 0
    shortest = min(len(old), len(new))
    while start < shortest and old[start] == new[start]:
        start += 1
    end = 0
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    if len(a) + len(b) > MAX_MATCHED:
        return [("replace", start, start + len(a), start, start + len(b))] if a or b else []
    words_a, words_b = _pieces(a), _pieces(b)
    places_a, places_b = _places(words_a), _places(words_b)
    found = SequenceMatcher(None, words_a, words_b, autojunk=False).get_opcodes()
    return [
        (operation, start + places_a[i], start + places_a[j], start + places_b[k], start + places_b[m])
        for operation, i, j, k, m in found
        if operation != "equal"
    ]


def _pieces(text: str) -> list[str]:
    """Syllables, each with the space before it."""
    pieces: list[str] = []
    for word in text.split(" "):
        pieces.append(f" {word}" if pieces else word)
    return [piece for piece in pieces if piece]


def _places(pieces: list[str]) -> list[int]:
    places = [0]
    for piece in pieces:
        places.append(places[-1] + len(piece))
    return places


def _change_rationale(doc: Doc[Any], current: Document, wanted: Document) -> None:
    reasons: Map[Any] = doc.get("rationale", type=Map)
    for key in {**current.rationale, **wanted.rationale}:
        old, new = current.rationale.get(key, ""), wanted.rationale.get(key, "")
        if old == new:
            continue
        reason = reasons.get(key)
        if isinstance(reason, Text):
            for operation, a, b, c, d in reversed(_differences(old, new)):
                first, last = _bytes(old, a, b)
                if operation != "insert":
                    del reason[first:last]
                if operation != "delete":
                    reason.insert(first, new[c:d])
        else:
            reasons[key] = Text(new)


def _change_front(doc: Doc[Any], current: Document, wanted: Document) -> None:
    front: Map[Any] = doc.get("front", type=Map)
    old, new = _front_values(current), _front_values(wanted)
    for name in {**old, **new}:
        if old.get(name) == new.get(name):
            continue
        if name in new:
            front[name] = new[name]
        elif name in front:
            del front[name]


def _check(doc: Doc[Any], wanted: Document) -> None:
    found, _ = read_document(doc)
    same = (
        found.provisions == wanted.provisions
        and found.front == wanted.front
        and found.policy == wanted.policy
        and {k: v for k, v in found.rationale.items() if v}
        == {k: v for k, v in wanted.rationale.items() if v}
    )
    if not same:
        raise EditFault("the scratch replica does not read as intended")
