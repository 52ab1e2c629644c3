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

    `start:end` is the place in the provision's text; the whole provision when both are 0. A finding
    about what stands above or below the provisions has none of them: `part` names the field of the
    front matter instead, "bases.2" the third line of one; `start:end` is the place in that.
    """

    code: str
    severity: Severity
    provision: ProvisionId
    start: CharOffset
    end: CharOffset
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    repair: Repair | None = None
    part: str = ""


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


def at_part(
    code: str,
    severity: Severity,
    part: str,
    start: int = 0,
    end: int = 0,
    replacement: str | None = None,
    **details: str,
) -> Finding:
    """A finding in a field of the front matter."""
    place = CharOffset(start), CharOffset(end)
    repair = None if replacement is None else Repair(*place, replacement)
    return Finding(code, severity, NOWHERE, *place, MappingProxyType(details), repair, part)


NOWHERE = ProvisionId("")
"""The provision of a finding that stands in none."""
