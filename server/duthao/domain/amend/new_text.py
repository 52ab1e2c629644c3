"""The quoted new text of an instruction, as units that the addresses name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from duthao.domain.amend.finding import describe, same_label
from duthao.domain.amend.values import Address, Amend, Insert, Instruction
from duthao.domain.document import Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.outline import LEVELS, outline_of
from duthao.domain.structure import parse_fragment


@dataclass(frozen=True, slots=True)
class Unit:
    """A top unit of the quoted new text, with all beneath it."""

    kind: Kind
    label: str | None
    provisions: tuple[Provision, ...]

    @property
    def text(self) -> str:
        return self.provisions[0].text


@dataclass
class NewText:
    """The quoted lines as units, each to be used once."""

    lines: tuple[str, ...]
    wanted: tuple[tuple[Kind, str], ...]
    has_articles: bool
    new_id: Callable[[], ProvisionId]
    units: list[Unit]
    single: bool

    @classmethod
    def of(
        cls, instruction: Instruction, *, new_id: Callable[[], ProvisionId], has_articles: bool
    ) -> NewText:
        """The new text of an instruction as the units its addresses name."""
        addresses = [
            address
            for operation in instruction.operations
            if isinstance(operation, Amend | Insert)
            for address in (operation.targets if isinstance(operation, Amend) else operation.units)
        ]
        wanted = tuple(
            (path[-1][0], path[-1][1] or "") for address in addresses for path in address.paths if path
        )
        units = _units(
            parse_fragment(instruction.quoted, new_id=new_id, announced=wanted, has_articles=has_articles),
            {kind for kind, _ in wanted},
        )
        return cls(instruction.quoted, wanted, has_articles, new_id, units, len(addresses) == 1)

    def unit(self, address: Address) -> Unit:
        """The quoted unit for an address. Raises Refusal amend_label_mismatch."""
        kind, label = address.paths[0][-1]
        for index, unit in enumerate(self.units):
            if unit.kind is kind and same_label(kind, label, unit.label or ""):
                return self.units.pop(index)
        if (
            self.single
            and self.units
            and self.units[0].kind is Kind.PARAGRAPH
            and kind in (Kind.CLAUSE, Kind.POINT, Kind.INDENT)
        ):
            provisions = tuple(p for unit in self.units for p in unit.provisions)
            if all(LEVELS.get(p.kind, 99) > LEVELS[kind] for p in provisions):
                self.units.clear()
                first = replace(provisions[0], kind=kind, label=None if kind is Kind.INDENT else label)
                return Unit(kind, label, (first, *provisions[1:]))
        raise Refusal("amend_label_mismatch", address=describe(address), found=self._found())

    def _found(self) -> str:
        unit = self.units[0] if self.units else None
        return (f"{unit.label or ''} {unit.text}".strip() if unit else "")[:40]

    def title(self, address: Address) -> str:
        """The new heading, with or without its label in the quotation."""
        kind, label = address.paths[0][-1]
        for index, unit in enumerate(self.units):
            if unit.kind is kind and (label is None or same_label(kind, label, unit.label or "")):
                if len(unit.provisions) > 1 and kind not in (Kind.ARTICLE,):
                    break
                self.units.pop(index)
                return " ".join(filter(None, (p.text for p in unit.provisions)))
        if self.units and all(unit.kind is Kind.PARAGRAPH for unit in self.units):
            count = len(self.units) if self.single else 1
            taken = [self.units.pop(0) for _ in range(count)]
            return " ".join(unit.text for unit in taken)
        raise Refusal("amend_label_mismatch", address=describe(address), found=self._found())

    def passage(self, address: Address) -> str:
        """The new words of a lead-in or paragraph."""
        kind = address.paths[0][-1][0]
        for index, unit in enumerate(self.units):
            if len(unit.provisions) == 1 and (unit.kind is Kind.PARAGRAPH or unit.kind is kind):
                self.units.pop(index)
                return unit.text
        raise Refusal("amend_label_mismatch", address=describe(address), found=self._found())

    def paragraphs(self) -> tuple[Provision, ...]:
        """All that is left, as it is read, when it begins with an unnumbered paragraph."""
        provisions = tuple(p for unit in self.units for p in unit.provisions)
        if not provisions or self.units[0].kind is not Kind.PARAGRAPH:
            raise Refusal("amend_label_mismatch", address="đoạn", found=self._found())
        self.units.clear()
        return provisions

    def check_used(self) -> None:
        """Raises Refusal amend_label_mismatch when a quoted unit was named nowhere."""
        if self.units:
            raise Refusal("amend_label_mismatch", address=self._names(), found=self._found())

    def _names(self) -> str:
        return ", ".join(describe(Address((((kind, label),),))) for kind, label in self.wanted)[:80]


def _units(provisions: Sequence[Provision], wanted: set[Kind]) -> list[Unit]:
    """The top units of quoted provisions; a unit of a wanted kind is a top one."""
    found: list[Unit] = []
    outline = outline_of(provisions, NumberingPolicy.KEEP)
    starts = list(outline.roots)
    for position, start in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(provisions)
        first = provisions[start]
        found.append(Unit(first.kind, first.label, tuple(provisions[start:end])))
    return found


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
