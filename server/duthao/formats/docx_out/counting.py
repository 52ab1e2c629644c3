"""Numbers that Word counts: which list and level a provision takes, so that Word shows our number.

Points, clauses and articles share one list of three levels. It goes on as long as Word's next number
is the right one; else a new list begins at that number. Whatever Word cannot count stays words: 5a,
đ1, "thứ nhất", and every point from đ on, for Word's letters go on with e.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from duthao.domain.document import Kind
from duthao.domain.form_profile import FormProfile
from duthao.domain.numbering import roman_value
from duthao.domain.outline import Entry
from duthao.formats.docx_out.xml import escaped, twips

_LEVELS: Final = {Kind.ARTICLE: 0, Kind.CLAUSE: 1, Kind.POINT: 2}
_NAMED: Final = {
    Kind.PART: "Phần",
    Kind.CHAPTER: "Chương",
    Kind.SECTION: "Mục",
    Kind.SUBSECTION: "Tiểu mục",
    Kind.APPENDIX: "Phụ lục",
}
_LETTERS: Final = "abcd"
"""The letters of points that Word counts as we do."""
_DECIMAL = re.compile(r"[1-9][0-9]{0,3}")
_MANY: Final = 30_000
"""Lists in one file, far below Word's own bound; numbers behind it are words."""


@dataclass
class _Single:
    """A list of one level: its definition and the number it showed last."""

    definition: int
    instance: int
    shown: int


@dataclass
class Counter:
    """Walks the provisions in order; `place` answers for each."""

    form: FormProfile
    _definitions: list[str] = field(default_factory=list)
    _instances: list[tuple[int, int, int | None]] = field(default_factory=list)
    _single: dict[tuple[Kind, str], _Single] = field(default_factory=dict)
    _main: int | None = None
    _instance: int = 0
    _begun: int = 3
    _shown: list[int | None] = field(default_factory=lambda: [None, None, None])
    _dash: int = 0

    def place(self, entry: Entry) -> tuple[int, int] | None:
        """List and level of a provision's number; None where it has to be words."""
        kind = entry.provision.kind
        if not entry.label or (kind not in _NAMED and not entry.provision.text.strip()):
            return None
        if len(self._instances) >= _MANY:
            return None
        if kind is Kind.INDENT:
            return self._bullet(), 0
        if kind in _LEVELS:
            value = self._value(kind, entry.number)
            return None if value is None else self._multi(_LEVELS[kind], value)
        if kind in _NAMED or kind is Kind.HEADING:
            return self._alone(kind, entry.number)
        return None

    def _value(self, kind: Kind, number: str) -> int | None:
        if kind is Kind.POINT:
            return _LETTERS.index(number) + 1 if number in _LETTERS and number else None
        return int(number) if _DECIMAL.fullmatch(number) else None

    def _bullet(self) -> int:
        if not self._dash:
            self._dash = self._new(self._define([("bullet", "-")]), 0, None)
        return self._dash

    def _alone(self, kind: Kind, number: str) -> tuple[int, int] | None:
        style = "decimal" if _DECIMAL.fullmatch(number) else "upperRoman"
        value = int(number) if style == "decimal" else roman_value(number)
        if not value:
            return None
        known = self._single.get((kind, style))
        if known is None:
            text = f"{_NAMED[kind]} %1" if kind in _NAMED else f"%1{self.form.heading_sign}"
            definition = self._define([(style, text)], centred=kind in _NAMED)
            known = _Single(definition, self._new(definition, 0, None if value == 1 else value), value)
            self._single[kind, style] = known
            return known.instance, 0
        if value != known.shown + 1:
            known.instance = self._new(known.definition, 0, value)
        known.shown = value
        return known.instance, 0

    def _multi(self, level: int, value: int) -> tuple[int, int]:
        if self._main is None:
            sign = self.form.clause_sign
            self._main = self._define(
                [("decimal", "Điều %1."), ("decimal", f"%2{sign}"), ("lowerLetter", "%3)")]
            )
        last = self._shown[level]
        goes_on = level >= self._begun and None not in self._shown[self._begun : level]
        if not goes_on or value != (last or 0) + 1:
            # A level above the one a list begins at would be taken as counted: such a list ends there.
            self._instance = self._new(self._main, level, value)
            self._begun = level
            self._shown = [None, None, None]
        self._shown[level] = value
        for below in range(level + 1, 3):
            self._shown[below] = None
        return self._instance, level

    # --- numbering.xml ---------------------------------------------------------------------

    def _define(self, levels: list[tuple[str, str]], *, centred: bool = False) -> int:
        # Said here as well as in the styles: a list's own indents go before those of a style.
        first = 0 if centred else twips(self.form.first_line)
        indent = f'<w:pPr><w:ind w:left="0" w:firstLine="{first}"/></w:pPr>'
        number = len(self._definitions)
        kind = "multilevel" if len(levels) > 1 else "singleLevel"
        made = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/><w:suff w:val="space"/>'
            f'<w:lvlText w:val="{escaped(text)}"/><w:lvlJc w:val="left"/>{indent}</w:lvl>'
            for at, (format_, text) in enumerate(levels)
        )
        self._definitions.append(
            f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="{kind}"/>{made}'
            "</w:abstractNum>"
        )
        return number

    def _new(self, definition: int, level: int, start: int | None) -> int:
        self._instances.append((definition, level, start))
        return len(self._instances)

    def part(self) -> str:
        """The content of `numbering.xml`; empty when nothing is counted."""
        if not self._instances:
            return ""
        lists = []
        for number, (definition, level, start) in enumerate(self._instances, start=1):
            begun = (
                ""
                if start is None
                else f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            )
            lists.append(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{begun}</w:num>')
        return "".join(self._definitions) + "".join(lists)
