"""Updates read strictly before the CRDT library sees them (reliability.md §1).

Some bytes make the library end the process or take gigabytes, so a client's update is first
read here: plain Python, bounded by the bytes that are there, admitting only the content,
parents and root names of docs/protocol/document.md. What is refused here, pycrdt never meets.

The format is Yjs' update format version 1: sections of one client's structs, then the
deleted ranges. A struct's length is in UTF-16 units or elements; it moves its client's clock.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from duthao.collab import lib0
from duthao.collab.lib0 import Malformed, Reason
from duthao.domain.errors import Refusal

Id = tuple[int, int]
"""(client, clock) of one element."""

ARRAY, MAP, TEXT = 0, 1, 2
"""The shared types our document uses, as Yjs numbers them."""

_GC, _DELETED, _STRING, _FORMAT, _TYPE, _ANY, _SKIP = 0, 1, 4, 6, 7, 8, 10
_ROOT_TYPES: Mapping[str, int | None] = {"provisions": MAP, "rationale": TEXT, "front": None, "bases": None}
_FORMATS = frozenset((b"bold", b"italic", b"underline"))
_FORMAT_VALUES = frozenset((b"true", b"false", b"null"))
_REFERENCE = re.compile(rb'"[0-9A-Za-z_-]{1,40} [^"\\\\\x00-\x1f]{1,200}"|null')
"""What the format `ref` holds: the id of the provision that the words cite, and those words; or none."""
_MAX_CLOCK: Final = 2**31


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one update. `run` bounds one-unit strings that follow one another directly:
    the library joins such chains in quadratic time and memory."""

    bytes: int
    sections: int
    structs: int
    run: int
    deletes: int
    key: int = 100
    """UTF-8 bytes in a key of a map."""
    parts: int = 2_000
    """Elements of one plain value, those at every depth: it is read in one go."""


LIMITS: Final = Limits(2**20, 2_000, 20_000, 4_000, 300_000)
"""For what comes from a client (measured: reliability.md §1)."""

STORED_LIMITS: Final = Limits(2**28, 200_000, 20_000_000, 20_000_000, 20_000_000, parts=20_000_000)
"""For what our own journal and checkpoints hold: the same strictness, room for a whole state."""

MAX_VECTOR: Final = 5_000
"""Entries in a state vector."""

STEP: Final = 64
"""Structs, or plain values, that one step of a reading takes in: about half a millisecond."""
STEP_RANGES: Final = 1_000
"""The same of deleted ranges."""


class MalformedUpdate(Malformed):
    """An update or state vector that is refused: `code` update_malformed or state_vector_malformed."""


@dataclass(frozen=True, slots=True)
class TypeMade:
    """A shared type that an update makes: what it is and what it hangs on.

    Exactly one of `root` (a root's name), `parent` and `beside` (an element of the same
    container) is given.
    """

    id: Id
    kind: int
    root: str | None = None
    parent: Id | None = None
    beside: Id | None = None


class Section(NamedTuple):
    """One client's structs in an update: they move its clock from `first` to `end` without a gap.

    Their bytes are `update[start:stop]`.
    """

    client: int
    first: int
    end: int
    structs: int
    start: int
    stop: int


class UpdateFacts(NamedTuple):
    """What an update carries.

    `clients`: for each client with content its first clock and the one after its last; all
    before the first must be known already. `requires`: for each other client the clock up to
    which the content leans on it (known already, or in this update). `deleted`: ranges
    (client, first, end), those that come as deleted among them. `parents`: elements that must
    be shared types, or deleted ones. `empty`: it neither adds nor deletes anything. `sections`:
    where the structs lie, None when clocks are skipped among them; `ranges`: how many of the
    last of `deleted` are deletes of their own, whose bytes are `update[tail:]`.
    """

    clients: Mapping[int, tuple[int, int]]
    empty: bool
    structs: int = 0
    deleted: tuple[tuple[int, int, int], ...] = ()
    requires: Mapping[int, int] = MappingProxyType({})
    types: tuple[TypeMade, ...] = ()
    parents: frozenset[Id] = frozenset()
    sections: tuple[Section, ...] | None = None
    ranges: int = 0
    tail: int = 0

    @property
    def client_ids(self) -> tuple[int, ...]:
        """Clients with content."""
        return tuple(self.clients)

    @property
    def deletes(self) -> int:
        """Number of ranges in `deleted`."""
        return len(self.deleted)

    @property
    def is_empty(self) -> bool:
        return self.empty

    def hole(self, known: Mapping[int, int]) -> int | None:
        """A client of whom something is missing, were this applied to a document with these clocks."""
        for client, (first, _end) in self.clients.items():
            if first > known.get(client, 0):
                return client
        for client, upto in self.requires.items():
            if upto > known.get(client, 0) and upto > self.clients.get(client, (0, 0))[1]:
                return client
        return None


Reading = Generator[None, None, UpdateFacts]
"""A reading of an update, step by step."""


class _Update(lib0.Reader):
    """One reading of one update; gathers the facts on its way."""

    __slots__ = (
        "client", "clock", "deleted", "gone", "limits", "parents", "requires", "run", "sections",
        "skips", "steps", "structs", "types",
    )  # fmt: skip

    def __init__(self, data: bytes, limits: Limits) -> None:
        super().__init__(data, "update_malformed")
        self.limits, self.most_parts = limits, limits.parts
        self.client = self.clock = self.run = self.structs = self.steps = 0
        self.requires: dict[int, int] = {}
        self.types: list[TypeMade] = []
        self.parents: set[Id] = set()
        self.deleted: list[tuple[int, int, int]] = []
        self.gone: list[tuple[int, int, int]] = []  # content that comes as deleted
        self.sections: list[Section] = []
        self.skips = False

    def fail(self, reason: Reason) -> Malformed:
        return MalformedUpdate(self.code, reason)

    def facts(self) -> Reading:
        clients = yield from self._sections()
        tail = self.at
        yield from self._deletes()
        self.finish()
        empty = not clients and not self.deleted
        return UpdateFacts(
            clients, empty, self.structs, (*self.gone, *self.deleted), self.requires,
            tuple(self.types), frozenset(self.parents),
            None if self.skips else tuple(self.sections), len(self.deleted), tail,
        )  # fmt: skip

    def _sections(self) -> Generator[None, None, dict[int, tuple[int, int]]]:
        clients: dict[int, tuple[int, int]] = {}
        for _ in range(_within(self.count(4), self.limits.sections, "sections")):
            structs = self.count(2)
            self.structs = _within(self.structs + structs, self.limits.structs, "structs")
            self.client, self.clock, self.run = self.uint(), self.uint(), 0
            if structs == 0 or self.client in clients:
                raise self.fail("section")
            start = self.at
            first, end = clients[self.client] = yield from self._section(structs)
            self.sections.append(Section(self.client, first, end, structs, start, self.at))
        return clients

    def _section(self, structs: int) -> Generator[None, None, tuple[int, int]]:
        first = content_end = self.clock
        for _ in range(structs):
            self.steps += 1
            if self.steps >= STEP:
                self.steps = 0
                yield
            info = self.byte()
            length = self._struct(info)
            if info & 0x1F == _ANY:
                yield from self._values(length)
            if length < 1:
                raise self.fail("length")
            if info & 0x1F in (_GC, _DELETED):
                self.gone.append((self.client, self.clock, self.clock + length))
            self.clock += length
            if self.clock > _MAX_CLOCK:
                raise self.fail("clock")
            if info == _SKIP:
                self.skips = True
            else:
                # What was skipped on the way here must be known already, like what is before.
                first = first if content_end == self.clock - length else self.clock - length
                content_end = self.clock
        if content_end == first:
            raise self.fail("section")
        return first, content_end

    def _struct(self, info: int) -> int:
        kind = info & 0x1F
        if kind in (_GC, _SKIP):
            if info != kind:
                raise self.fail("kind")
            self.run = 0
            return self.uint()
        hung = self._hung(info, kind)
        if kind == _STRING:
            return self._string()
        self.run = 0
        if kind == _DELETED:
            return self.uint()
        if kind == _FORMAT:
            key, value = self.blob(), self.blob()
            cites = key == b"ref" and _REFERENCE.fullmatch(value) is not None
            if not cites and (key not in _FORMATS or value not in _FORMAT_VALUES):
                raise self.fail("format")
            return 1
        if kind == _TYPE:
            self._made(hung)
            return 1
        if kind == _ANY:
            return self.count()
        raise self.fail("kind")

    def _values(self, count: int) -> Generator[None, None, None]:
        for _ in range(count):
            # A value of many parts is work for more than one struct.
            self.parts = 0
            self.any()
            self.steps += 1 + self.parts // 4
            if self.steps >= STEP:
                self.steps = 0
                yield

    def _hung(self, info: int, kind: int) -> tuple[str | None, Id | None, Id | None]:
        """Where a struct hangs: (root, parent, beside), exactly one of them given."""
        beside = self._reference() if info & 0x80 else None
        if info & 0x40:
            right = self._reference()
            beside = beside or right
        if beside is not None:
            return None, None, beside
        named = self.uint()
        if named > 1:
            raise self.fail("parent")
        root: str | None = None
        parent: Id | None = None
        if named:
            root = self.string()
            # The three roots are maps: what hangs on them directly has a key.
            if root not in _ROOT_TYPES or not info & 0x20:
                raise self.fail("root")
            if kind in (_STRING, _FORMAT):
                raise self.fail("parent")
        else:
            parent = self._reference()
            self.parents.add(parent)
        if info & 0x20 and len(self._key()) > self.limits.key:
            raise self.fail("length")
        return root, parent, None

    def _key(self) -> bytes:
        """A map's key as bytes, checked to be UTF-8."""
        raw = self.blob()
        if not raw.isascii():
            self._units(raw)
        return raw

    def _reference(self) -> Id:
        client, clock = self.uint(), self.uint()
        if client == self.client:
            # Nobody can lean on what they have not written yet.
            if clock >= self.clock:
                raise self.fail("reference")
        else:
            if clock >= _MAX_CLOCK:
                raise self.fail("clock")
            if clock >= self.requires.get(client, 0):
                self.requires[client] = clock + 1
        return client, clock

    def _units(self, raw: bytes) -> int:
        """Length in UTF-16 units."""
        try:
            return len(raw.decode().encode("utf-16-le")) >> 1
        except UnicodeDecodeError:
            raise self.fail("utf8") from None

    def _string(self) -> int:
        raw = self.blob()
        length = len(raw) if raw.isascii() else self._units(raw)
        self.run = self.run + 1 if length == 1 else 0
        if self.run > self.limits.run:
            _within(self.run, self.limits.run, "run")
        return length

    def _made(self, hung: tuple[str | None, Id | None, Id | None]) -> None:
        kind = self.uint()
        root, parent, beside = hung
        if kind not in (ARRAY, MAP, TEXT) or (root is not None and _ROOT_TYPES[root] != kind):
            raise self.fail("type")
        self.types.append(TypeMade((self.client, self.clock), kind, root, parent, beside))

    def _deletes(self) -> Generator[None, None, None]:
        seen: set[int] = set()
        for _ in range(_within(self.count(2), self.limits.deletes, "deletes")):
            client = self.uint()
            ranges = self.count(2)
            if client in seen:
                raise self.fail("section")
            seen.add(client)
            _within(len(self.deleted) + ranges, self.limits.deletes, "deletes")
            self.steps += 4  # a client is as much work as some ranges, and may have none
            while ranges > 0 or self.steps >= STEP_RANGES:
                if self.steps >= STEP_RANGES:
                    self.steps = 0
                    yield
                some = min(ranges, STEP_RANGES - self.steps)
                self._ranges(client, some)
                ranges -= some
                self.steps += some

    def _ranges(self, client: int, count: int) -> None:
        """So many deleted ranges of a client. Written out: somebody who returns brings all that has
        ever been deleted, and a call for each number was most of the time that took."""
        data, at, last = self.data, self.at, 0
        append = self.deleted.append
        try:
            for _ in range(count):
                first = data[at]
                at += 1
                if first >= 0x80:
                    more = data[at]
                    at += 1
                    first = first & 0x7F | (more & 0x7F) << 7
                    if more >= 0x80:
                        self.at = at
                        first = self._long(first, 14)
                        at = self.at
                length = data[at]
                at += 1
                if length >= 0x80:
                    self.at = at
                    length = self._long(length & 0x7F, 7)
                    at = self.at
                if not length:
                    raise self.fail("length")
                end = first + length
                if end > last:
                    last = end
                append((client, first, end))
        except IndexError:
            raise self.fail("truncated") from None
        self.at = at
        if last > _MAX_CLOCK:
            raise self.fail("clock")
        if last > self.requires.get(client, 0):
            self.requires[client] = last


def _within(value: int, limit: int, what: str) -> int:
    if value > limit:
        raise Refusal("update_too_large", what=what, limit=limit)
    return value


def read_update(data: bytes, limits: Limits = LIMITS) -> UpdateFacts:
    """What the update carries.

    Raises `MalformedUpdate("update_malformed", reason)`, or Refusal `update_too_large`
    (details `what`, `limit`) when a bound is passed.
    """
    steps = reading(data, limits)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            facts: UpdateFacts = done.value
            return facts


def reading(data: bytes, limits: Limits = LIMITS) -> Reading:
    """As `read_update`, a step of at most a millisecond at a time: gives back the facts at its end."""
    _within(len(data), limits.bytes, "bytes")
    return (yield from _Update(data, limits).facts())


def read_state_vector(data: bytes, limit: int = MAX_VECTOR) -> dict[int, int]:
    """Client → the clock after its last. Raises `MalformedUpdate("state_vector_malformed", …)`."""
    reader = lib0.Reader(data, "state_vector_malformed")
    try:
        count = reader.count(2)
        if count > limit:
            raise reader.fail("count")
        vector = {reader.uint(): reader.uint() for _ in range(count)}
        reader.finish()
        if len(vector) != count:
            raise reader.fail("section")
        if any(clock > _MAX_CLOCK for clock in vector.values()):
            raise reader.fail("clock")
    except Malformed as error:
        raise MalformedUpdate(error.code, error.reason) from None
    return vector


_OUTER, _IN_PROVISIONS, _IN_RATIONALE, _IN_MAP, _IN_ARRAY, _IN_TEXT = range(6)
_INSIDE = {MAP: _IN_MAP, ARRAY: _IN_ARRAY, TEXT: _IN_TEXT}
_ADMITTED: Mapping[int, frozenset[int]] = {
    _OUTER: frozenset((MAP, ARRAY, TEXT)),
    _IN_PROVISIONS: frozenset((MAP,)),
    _IN_RATIONALE: frozenset((TEXT,)),
    _IN_MAP: frozenset((TEXT, ARRAY)),
    _IN_ARRAY: frozenset((TEXT,)),
    _IN_TEXT: frozenset(),
}

MAX_UNPLACED: Final = 1_000
"""Types in one document that hang beside something that is no type (see `Types`)."""


class Types:
    """Every shared type of a document, so that they are never nested deeper than ours.

    Deleting a type deletes what is in it by recursion inside pycrdt: 200,000 maps in one
    another, sent bit by bit over many updates, end the process (measured; each update alone
    is harmless). So a type is admitted only into a container that holds such types in our
    document: map in `provisions`, text in `rationale`, text or array in a map, text in an array.

    A type may also hang beside an element of which only the deletion is left; its container
    is then unknown. Each level of a nest would need one of these, so their number is bounded.
    """

    def __init__(self) -> None:
        self._kinds: dict[Id, int] = {}
        self._containers: dict[Id, int] = {}
        self._unplaced = 0

    def unknown(self, facts: UpdateFacts) -> frozenset[Id]:
        """Parents in an update that are no shared types, known or made by it."""
        return facts.parents - self._kinds.keys() - {one.id for one in facts.types}

    def admit(self, made: Iterable[TypeMade]) -> None:
        """Take these in. Raises `MalformedUpdate` and takes in none when one is out of place."""
        fresh = {one.id: one for one in made if one.id not in self._kinds}
        containers: dict[Id, int] = {}
        for one in fresh.values():
            containers[one.id] = container = self._container(one, fresh, containers)
            if one.kind not in _ADMITTED[container]:
                raise MalformedUpdate("update_malformed", "nesting")
        unplaced = self._unplaced + sum(c == _OUTER for c in containers.values())
        if unplaced > MAX_UNPLACED:
            raise MalformedUpdate("update_malformed", "nesting")
        self._unplaced = unplaced
        self._containers.update(containers)
        self._kinds.update((id_, one.kind) for id_, one in fresh.items())

    def _container(self, one: TypeMade, fresh: Mapping[Id, TypeMade], known: Mapping[Id, int]) -> int:
        """What `one` is in: found by walking from neighbour to neighbour, each once."""
        walked: set[Id] = set()
        while one.beside is not None:
            beside = one.beside
            found = self._containers.get(beside, known.get(beside))
            if found is not None:
                return found
            if beside not in fresh or beside in walked:
                return _OUTER
            walked.add(beside)
            one = fresh[beside]
        if one.root is not None:
            return _IN_PROVISIONS if one.root == "provisions" else _IN_RATIONALE
        assert one.parent is not None
        return self._inside(one.parent, fresh)

    def _inside(self, parent: Id, fresh: Mapping[Id, TypeMade]) -> int:
        kind = fresh[parent].kind if parent in fresh else self._kinds.get(parent)
        # A deleted parent may be known as deleted only: what is put into it is dropped.
        return _OUTER if kind is None else _INSIDE[kind]


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges (first, end) in order, those that touch or overlap as one."""
    out: list[tuple[int, int]] = []
    for first, end in sorted(ranges):
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((first, end))
    assert all(a[1] < b[0] for a, b in pairwise(out))
    return out
