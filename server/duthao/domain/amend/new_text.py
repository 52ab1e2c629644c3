"""The quoted new text of an instruction, as units that the addresses name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from duthao.domain.amend.addresses import within
from duthao.domain.amend.finding import describe, same_label
from duthao.domain.amend.values import Address, Amend, Insert, Instruction, Part, Path, Side
from duthao.domain.document import Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.outline import LEVELS, outline_of, row_cells
from duthao.domain.structure import parse_fragment
from duthao.domain.text import brief


@dataclass(frozen=True, slots=True)
class Unit:
    """A top unit of the quoted new text, with all beneath it."""

    kind: Kind
    label: str | None
    provisions: tuple[Provision, ...]

    @property
    def text(self) -> str:
        return self.provisions[0].text


@dataclass(slots=True)
class _Frame:
    """A quoted unit that only shows where its parts belong: "Điều 9. Tên" above khoản 1 and 2.

    Its own words are new when a title or lead-in is amended; else they must be the old ones.
    """

    path: Path
    text: str
    used: bool = False


@dataclass
class NewText:
    """The quoted lines as units and frames, each unit to be used once."""

    addresses: tuple[Address, ...]
    units: list[Unit]
    frames: list[_Frame]

    @classmethod
    def of(
        cls, instruction: Instruction, *, new_id: Callable[[], ProvisionId], has_articles: bool
    ) -> NewText:
        """The new text of an instruction as the units its addresses name."""
        addresses = tuple(
            address
            for operation in instruction.operations
            if isinstance(operation, Amend | Insert)
            for address in _named(operation)
        )
        wanted = ((step[0], step[1]) for address in addresses for path in address.paths for step in path)
        if any(address.kind in _TABLED and address.part is Part.WHOLE for address in addresses):
            return cls(addresses, [_row_or_caption(line, new_id()) for line in instruction.quoted], [])
        provisions = parse_fragment(
            instruction.quoted,
            new_id=new_id,
            announced=((kind, label) for kind, label in wanted if label),
            has_articles=has_articles,
        )
        units, frames = _unframed(_units(provisions), addresses, ())
        units = [
            _without_gap(unit)
            for unit in units
            if unit.kind is not Kind.PARAGRAPH or not is_elided(unit.text)
        ]
        for unit in units:
            _check_whole(unit)
        return cls(addresses, units, frames)

    @property
    def single(self) -> bool:
        """Whether one address only waits for new text."""
        return len(self.addresses) == 1

    def unit(self, address: Address) -> Unit:
        """The quoted unit for an address. Raises Refusal amend_label_mismatch."""
        kind, label = address.paths[0][-1]
        for index, unit in enumerate(self.units):
            if unit.kind is kind and (kind is Kind.INDENT or same_label(kind, label, unit.label or "")):
                return self.units.pop(index)
        unlabelled = self._unlabelled(kind, label) if self.single else None
        if unlabelled is None:
            raise self._mismatch(address)
        return unlabelled

    def _unlabelled(self, kind: Kind, label: str | None) -> Unit | None:
        """The whole quotation as one unit, when its first line carries no number."""
        if not self.units or self.units[0].kind is not Kind.PARAGRAPH or kind not in _BODY:
            return None
        provisions = tuple(provision for unit in self.units for provision in unit.provisions)
        if any(LEVELS.get(provision.kind, 99) <= LEVELS[kind] for provision in provisions):
            return None
        self.units.clear()
        number = None if kind is Kind.INDENT else label
        return Unit(kind, number, (replace(provisions[0], kind=kind, label=number), *provisions[1:]))

    def title(self, address: Address) -> str:
        """The new heading, with or without its label in the quotation."""
        return self._own_words(address, whole=True)

    def passage(self, address: Address) -> str:
        """The new words of a lead-in or paragraph."""
        return self._own_words(address, whole=False)

    def _own_words(self, address: Address, *, whole: bool) -> str:
        for frame in self.frames:
            if not frame.used and frame.text and _same_path(frame.path, address):
                frame.used = True
                return frame.text
        if self.units and self.units[0].kind is Kind.PARAGRAPH:
            count = len(self.units) if whole and self.single else 1
            if all(unit.kind is Kind.PARAGRAPH for unit in self.units[:count]):
                taken = [self.units.pop(0) for _ in range(count)]
                return " ".join(unit.text for unit in taken)
        raise self._mismatch(address)

    def paragraphs(self) -> tuple[Provision, ...]:
        """The unnumbered paragraphs the quotation begins with."""
        taken: list[Provision] = []
        while self.units and self.units[0].kind is Kind.PARAGRAPH:
            taken.extend(self.units.pop(0).provisions)
        if not taken:
            raise self._mismatch(self.addresses[0])
        return tuple(taken)

    def row(self, address: Address) -> tuple[str, ...]:
        """The cells of the next quoted row. Raises Refusal amend_label_mismatch."""
        if not self.units or self.units[0].kind is not Kind.ROW:
            raise self._mismatch(address)
        return self.units.pop(0).provisions[0].cells

    def rows(self, address: Address) -> tuple[Provision, ...]:
        """All rows that are quoted next, at least one. Raises Refusal amend_label_mismatch."""
        taken: list[Provision] = []
        while self.units and self.units[0].kind is Kind.ROW:
            taken.extend(self.units.pop(0).provisions)
        if not taken:
            raise self._mismatch(address)
        return tuple(taken)

    def caption(self) -> str | None:
        """The words above quoted rows; None when the quotation begins with a row."""
        return self.units.pop(0).text if self.units and self.units[0].kind is Kind.PARAGRAPH else None

    def unused_frames(self) -> list[_Frame]:
        """The frames whose words were not asked for."""
        return [frame for frame in self.frames if not frame.used]

    def check_used(self) -> None:
        """Raises Refusal amend_label_mismatch when a quoted unit was named nowhere."""
        if self.units and self.addresses:
            raise self._mismatch(self.addresses[0])

    def _mismatch(self, address: Address) -> Refusal:
        unit = self.units[0] if self.units else None
        found = f"{unit.label or ''} {unit.text}".strip() if unit else ""
        return Refusal("amend_label_mismatch", address=describe(address), found=brief(found))


_ELIDED = re.compile(r"[(\[]?\s*(?:…|\.{3,4}|\.\s\.\s\.)\s*[)\]]?\s*[;.]?")


def is_elided(text: str) -> bool:
    """Whether words only say that others stand there: "…", "(...)". Dotted lines of a form do not."""
    return _ELIDED.fullmatch(text) is not None


def _without_gap(unit: Unit) -> Unit:
    """Without a "…" at its end that speaks of what follows: nothing numbered stands in the unit."""
    provisions = unit.provisions
    if any(provision.kind is not Kind.PARAGRAPH for provision in provisions[1:]):
        return unit
    while len(provisions) > 1 and is_elided(provisions[-1].text):
        provisions = provisions[:-1]
    return replace(unit, provisions=provisions)


def _check_whole(unit: Unit) -> None:
    """Raises Refusal amend_text_elided when part of a new unit is left out: it would be lost."""
    if unit.kind is Kind.APPENDIX:
        return  # a form has dots to be filled in
    if any(provision.kind is not Kind.ROW and is_elided(provision.text) for provision in unit.provisions):
        raise Refusal("amend_text_elided", excerpt=brief(f"{unit.label or ''} {unit.text}".strip()))


_BODY = (Kind.ARTICLE, Kind.CLAUSE, Kind.POINT, Kind.INDENT)
_TABLED = (Kind.TABLE, Kind.ROW)


def _row_or_caption(line: str, new_id: ProvisionId) -> Unit:
    cells = row_cells(line)
    if cells is not None:
        return Unit(Kind.ROW, None, (Provision(new_id, Kind.ROW, "", cells=cells),))
    return Unit(Kind.PARAGRAPH, None, (Provision(new_id, Kind.PARAGRAPH, line),))


def _named(operation: Amend | Insert) -> tuple[Address, ...]:
    """The addresses that wait for new text; an inserted unit with the parents its anchor names."""
    if isinstance(operation, Amend):
        return operation.targets
    if operation.anchor is None:
        return operation.units
    above = operation.anchor.paths
    if operation.side in (Side.AFTER, Side.BEFORE):
        above = tuple(path[:-1] for path in above)
    return tuple(within(unit, above) for unit in operation.units)


def _same_path(path: Path, address: Address) -> bool:
    """Whether an address ends at a quoted unit; the quotation may leave outer levels out."""
    return any(_ends_with(other, path) for other in address.paths)


def _ends_with(path: Path, end: Path) -> bool:
    return len(end) <= len(path) and all(
        mine[0] is other[0] and (mine[1] is None or same_label(other[0], mine[1], other[1] or ""))
        for mine, other in zip(path[len(path) - len(end) :], end, strict=True)
    )


def _is_frame(path: Path, addresses: Sequence[Address]) -> bool:
    """Whether a quoted unit is only named as the parent of others, or for its own words."""
    if any(address.part is Part.WHOLE and _same_path(path, address) for address in addresses):
        return False
    return any(
        _ends_with(other[:cut], path)
        for address in addresses
        for other in address.paths
        for cut in range(1, len(other) + (address.part is not Part.WHOLE))
    )


def _unframed(
    units: Sequence[Unit], addresses: Sequence[Address], above: Path
) -> tuple[list[Unit], list[_Frame]]:
    """The units with every frame opened: its words apart, what stands beneath it as units."""
    found: list[Unit] = []
    frames: list[_Frame] = []
    for unit in units:
        path = (*above, (unit.kind, unit.label))
        if unit.kind is Kind.PARAGRAPH or not _is_frame(path, addresses):
            found.append(unit)
            continue
        frames.append(_Frame(path, "" if is_elided(unit.text) else unit.text))
        inner, more = _unframed(_units(unit.provisions[1:]), addresses, path)
        found.extend(inner)
        frames.extend(more)
    return found, frames


def _units(provisions: Sequence[Provision]) -> list[Unit]:
    """Provisions as their top units, each with all beneath it."""
    roots = outline_of(provisions, NumberingPolicy.KEEP).roots
    ends = (*roots[1:], len(provisions))
    return [
        Unit(provisions[start].kind, provisions[start].label, tuple(provisions[start:end]))
        for start, end in zip(roots, ends, strict=False)
    ]


# --- ids --------------------------------------------------------------------------------


def same_ids(old: Sequence[Provision], new: Sequence[Provision]) -> tuple[Provision, ...]:
    """The new provisions under the ids of the old ones they stand for.

    The first for the first; beneath it one of the same kind and number under the same parents.
    """
    kept = {key: provision for provision, key in zip(old, _keys(old), strict=True) if key is not None}
    found = []
    for provision, key in zip(new, _keys(new), strict=True):
        match = kept.pop(key, None) if key is not None else None
        found.append(
            replace(provision, id=match.id, order=match.order, origin=match.origin) if match else provision
        )
    return tuple(found)


def _keys(provisions: Sequence[Provision]) -> list[tuple[tuple[str, str], ...] | None]:
    outline = outline_of(provisions, NumberingPolicy.KEEP)
    keys: list[tuple[tuple[str, str], ...] | None] = []
    seen: set[tuple[tuple[str, str], ...]] = set()
    for index, entry in enumerate(outline.entries):
        if index == 0:
            keys.append(())
            continue
        chain: list[tuple[str, str]] = []
        at: int | None = index
        while at is not None and at != 0:
            chain.append((outline.entries[at].provision.kind.value, outline.entries[at].number))
            at = outline.entries[at].parent
        key = tuple(chain)
        usable = bool(entry.number) and entry.provision.kind is not Kind.INDENT and key not in seen
        keys.append(key if usable else None)
        seen.add(key)
    return keys
