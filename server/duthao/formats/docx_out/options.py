"""What can be asked of a Word file beside its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document, ProvisionId
from duthao.domain.form_profile import STANDARD, FormProfile

Numbering = Literal["literal", "automatic"]
"""Labels as words, or counted by Word wherever it counts as we do."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person asks for. Tracked changes have literal labels, whatever `numbering` says."""

    numbering: Numbering = "literal"
    tracked: bool = False
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment of a thread. `at`: UTC, "2026-09-05T08:00:00Z"."""

    author: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A thread on `start:end` of a provision's own text, or of one of its cells (code points).

    Without `end` it is about the whole provision; without `provision` about the whole document.
    """

    remarks: tuple[Remark, ...]
    provision: ProvisionId | None = None
    cell: int | None = None
    start: int = 0
    end: int | None = None
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """The text from which the written one departs, and what was found between both.

    `author` and `at` (as in `Remark`) stand at every change; at those in a provision of `authors`, who
    is named there.
    """

    before: Document
    comparison: Comparison
    author: str
    at: str
    authors: Mapping[ProvisionId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WordOptions:
    """`draft_number` prints the mark "Dự thảo lần n" in the words of `form`, `secrecy` that of how secret
    the document is."""

    numbering: Numbering = "literal"
    tracked: Tracked | None = None
    notes: tuple[Note, ...] = ()
    form: FormProfile = STANDARD
    draft_number: int | None = None
    secrecy: str = ""


DEFAULTS = WordOptions()
