"""What a check says: where, how grave, and, where it is safe, what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from duthao.domain.document import CharOffset, Document, ProvisionId
from duthao.domain.outline import Entry, Outline
from duthao.domain.references import Index


class Severity(StrEnum):
    ERROR = "error"  # wrong: the text cannot stand so
    WARNING = "warning"  # most likely wrong
    HINT = "hint"  # a matter of uniformity


@dataclass(frozen=True, slots=True)
class Repair:
    """`text[start:end]` of the provision becomes `replacement`."""

    start: CharOffset
    end: CharOffset
    replacement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place. `code` is a message key under "check."; `details` fill its sentence.

    `start:end` is the place in the provision's text; the whole provision when both are 0.
    """

    code: str
    severity: Severity
    provision: ProvisionId
    start: CharOffset
    end: CharOffset
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    repair: Repair | None = None


@dataclass(frozen=True)
class Draft:
    """A document made ready for checking: read once, shared by all checks."""

    document: Document
    outline: Outline
    index: Index
    own: tuple[str, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.outline.entries


Check = Callable[[Draft], Iterable[Finding]]


def at(
    code: str,
    severity: Severity,
    entry: Entry,
    start: int,
    end: int,
    replacement: str | None = None,
    **details: str,
) -> Finding:
    """A finding at a place, with its repair when there is one."""
    place = CharOffset(start), CharOffset(end)
    repair = None if replacement is None else Repair(*place, replacement)
    return Finding(code, severity, entry.provision.id, *place, MappingProxyType(details), repair)
