"""The elements of a shared document, each with its id: what the CRDT library keeps to itself.

Read from a whole state (Yjs' update format version 1). A text is the sequence of all characters
ever typed into it, those deleted too, in the one order all replicas agree on; it is put together
by the integration rule of YATA (Nicolaescu et al. 2016, as Yjs' `Item.integrate` has it).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duthao.collab import lib0
from duthao.collab.update_reader import Id

_DEEPEST = 8
"""Containers in containers that are climbed: our documents have three."""

_GC, _DELETED, _STRING, _FORMAT, _TYPE, _ANY, _SKIP = 0, 1, 4, 6, 7, 8, 10


@dataclass(slots=True)
class Item:
    """One struct: `length` elements from `clock` on (characters in UTF-16 units).

    `origin` and `right` are what it was put between; where it hangs is given by `root` or
    `parent`, or follows from these neighbours. `key` is its key in a map.
    """

    client: int
    clock: int
    length: int
    kind: int
    origin: Id | None = None
    right: Id | None = None
    root: str | None = None
    parent: Id | None = None
    key: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a text, or (`text` empty) an element that shows nothing."""

    id: Id
    text: str
    deleted: bool


class _Reader(lib0.Reader):
    """Reads our own states: they are sound, so only their end is looked for."""

    def items(self) -> Iterator[Item]:
        for _ in range(self.count(4)):
            structs = self.count(2)
            client, clock = self.uint(), self.uint()
            for _ in range(structs):
                item = self._item(client, clock)
                clock += item.length
                yield item

    def _id(self) -> Id:
        return self.uint(), self.uint()

    def _item(self, client: int, clock: int) -> Item:
        info = self.byte()
        kind = info & 0x1F
        if kind in (_GC, _SKIP):
            return Item(client, clock, self.uint(), kind)
        item = Item(client, clock, 1, kind)
        if info & 0x80:
            item.origin = self._id()
        if info & 0x40:
            item.right = self._id()
        if not info & 0xC0:
            if self.uint():
                item.root = self.string()
            else:
                item.parent = self._id()
            if info & 0x20:
                item.key = self.string()
        if kind == _STRING:
            item.text = self.string()
            item.length = len(item.text.encode("utf-16-le")) >> 1
        elif kind == _DELETED:
            item.length = self.uint()
        elif kind == _FORMAT:
            self.blob()
            self.blob()
        elif kind == _TYPE:
            self.uint()
        elif kind == _ANY:
            item.length = self.count()
            for _ in range(item.length):
                self.any()
        else:
            raise self.fail("kind")
        return item

    def deleted(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for _ in range(self.count(2)):
            client = self.uint()
            ranges = found.setdefault(client, [])
            for _ in range(self.count(2)):
                first, length = self.uint(), self.uint()
                ranges.append((first, first + length))
            ranges.sort()
        return found


class Elements:
    """All elements of a state, found by id, by container and by key.

    Raises `Malformed` for bytes that are no state.
    """

    def __init__(self, state: bytes) -> None:
        reader = _Reader(state, "update_malformed")
        self._items: dict[int, list[Item]] = {}
        for item in reader.items():
            self._items.setdefault(item.client, []).append(item)
        self._clocks = {client: [item.clock for item in items] for client, items in self._items.items()}
        self._deleted = reader.deleted()
        reader.finish()
        self._homes: dict[int, tuple[str | Id | None, str | None]] = {}
        self._by_container: dict[str | Id, list[Item]] = {}
        for items in self._items.values():
            for item in items:
                container, _ = self._home(item)
                if container is not None:
                    self._by_container.setdefault(container, []).append(item)

    def at(self, id_: Id) -> Item | None:
        """The item that holds this element."""
        clocks = self._clocks.get(id_[0])
        if clocks is None:
            return None
        place = bisect_right(clocks, id_[1]) - 1
        item = self._items[id_[0]][place] if place >= 0 else None
        return item if item is not None and id_[1] < item.clock + item.length else None

    def is_deleted(self, id_: Id) -> bool:
        ranges = self._deleted.get(id_[0], [])
        place = bisect_right(ranges, (id_[1], 1 << 60)) - 1
        return place >= 0 and ranges[place][0] <= id_[1] < ranges[place][1]

    def _home(self, item: Item) -> tuple[str | Id | None, str | None]:
        """(container, key): from the item itself, or from the neighbours it was put between."""
        chain: list[Item] = []
        found: tuple[str | Id | None, str | None] = (None, None)
        at: Item | None = item
        while at is not None:
            known = self._homes.get(id(at))
            if known is not None:
                found = known
                break
            chain.append(at)
            if at.root is not None or at.parent is not None:
                found = (at.root if at.root is not None else at.parent, at.key)
                break
            near = at.origin or at.right
            at = self.at(near) if near is not None else None
        for one in chain:
            self._homes[id(one)] = found
        return found

    def keys(self, container: str | Id) -> dict[str, Id]:
        """The live entries of a map."""
        found: dict[str, Id] = {}
        for item in self._by_container.get(container, ()):
            key, id_ = self._homes[id(item)][1], (item.client, item.clock + item.length - 1)
            if key is not None and not self.is_deleted(id_):
                found[key] = id_
        return found

    def writes(self, container: str | Id, key: str) -> tuple[Id, ...]:
        """Every element ever written under this key of a map, those overwritten too."""
        return tuple(
            (item.client, item.clock + item.length - 1)
            for item in self._by_container.get(container, ())
            if self._homes[id(item)][1] == key
        )

    def entries(self, root: str) -> Iterator[tuple[int, int, int, str]]:
        """(client, first clock, end, key) of whatever lies in a root map, however deep: under which key."""
        for items in self._items.values():
            for item in items:
                key = self._key_under(root, item)
                if key is not None:
                    yield item.client, item.clock, item.clock + item.length, key

    def _key_under(self, root: str, item: Item) -> str | None:
        at: Item | None = item
        for _ in range(_DEEPEST):
            container, key = self._homes.get(id(at), (None, None))
            if container is None or isinstance(container, str):
                return key if container == root else None
            at = self.at(container)
        return None

    def sequence(self, container: Id) -> tuple[Character, ...]:
        """Every element of a text in the order all replicas have, deleted ones among them."""
        items = self._by_container.get(container, [])
        return tuple(
            Character(node.id, node.text, self.is_deleted(node.id)) for node in _Sequence(items).ordered()
        )


class _Node:
    """One element in the list under construction. `units` are its clocks: two for a surrogate pair."""

    __slots__ = ("id", "origin", "right", "right_origin", "text", "units")

    def __init__(self, id_: Id, text: str, units: int, origin: Id | None, right_origin: Id | None) -> None:
        self.id, self.text, self.units = id_, text, units
        self.origin, self.right_origin = origin, right_origin
        self.right: _Node | None = None


class _Sequence:
    """YATA over the elements of one container."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._nodes: dict[Id, _Node] = {}
        """Every element by each of its clocks."""
        self._first: _Node | None = None
        self._placed: set[Id] = set()
        self._all: list[_Node] = []
        for item in sorted(items, key=lambda item: (item.client, item.clock)):
            self._take(item)

    def _take(self, item: Item) -> None:
        origin, clock = item.origin, item.clock
        texts: Sequence[str] = item.text if item.kind == _STRING else [""] * item.length
        for text in texts:
            units = 2 if text > "\uffff" else 1
            node = _Node((item.client, clock), text, units, origin, item.right)
            self._all.append(node)
            for unit in range(units):
                self._nodes[item.client, clock + unit] = node
            clock += units
            origin = (item.client, clock - 1)

    def ordered(self) -> list[_Node]:
        for node in self._all:
            self._place(node)
        found: list[_Node] = []
        at = self._first
        while at is not None:
            found.append(at)
            at = at.right
        return found

    def _needs(self, node: _Node) -> Iterator[_Node]:
        client, clock = node.id
        for id_ in (node.origin, node.right_origin, (client, clock - 1)):
            needed = self._nodes.get(id_) if id_ is not None else None
            if needed is not None and needed.id not in self._placed:
                yield needed

    def _place(self, node: _Node) -> None:
        """Put the node in, after all it leans on; without recursion, for chains are long."""
        waiting = [node]
        while waiting:
            at = waiting[-1]
            if at.id in self._placed:
                waiting.pop()
                continue
            missing = list(self._needs(at))
            if missing:
                waiting.extend(missing)
                continue
            self._integrate(waiting.pop())

    def _integrate(self, node: _Node) -> None:
        left = self._nodes.get(node.origin) if node.origin is not None else None
        right = self._nodes.get(node.right_origin) if node.right_origin is not None else None
        at = left.right if left is not None else self._first
        seen: set[int] = set()
        conflicting: set[int] = set()
        while at is not None and at is not right:
            seen.add(id(at))
            conflicting.add(id(at))
            at_origin = self._nodes.get(at.origin) if at.origin is not None else None
            if at.origin == node.origin:
                if at.id[0] < node.id[0]:
                    left = at
                    conflicting.clear()
                elif at.right_origin == node.right_origin:
                    break
            elif at_origin is not None and id(at_origin) in seen:
                if id(at_origin) not in conflicting:
                    left = at
                    conflicting.clear()
            else:
                break
            at = at.right
        self._link(node, left)
        self._placed.add(node.id)

    def _link(self, node: _Node, left: _Node | None) -> None:
        if left is None:
            node.right, self._first = self._first, node
        else:
            node.right, left.right = left.right, node


def texts_of(elements: Elements, root: str = "provisions", field: str = "text") -> Mapping[str, Id]:
    """For each entry of a root map of maps: the id of the text in it."""
    found: dict[str, Id] = {}
    for key, id_ in elements.keys(root).items():
        text = elements.keys(id_).get(field)
        if text is not None:
            found[key] = text
    return found
