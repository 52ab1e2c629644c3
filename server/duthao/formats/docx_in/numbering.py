"""Automatic numbers: `numbering.xml`, and the counters that run through a text.

A list a paragraph names (`w:num`) leads to its definition (`w:abstractNum`), through a numbering
style where it has one. Lists with one definition share their counters, as in Word; a `startOverride`
starts a level anew where its list is first used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from duthao.formats.docx_in.counting import FORMATS, WORDED, written
from duthao.formats.docx_in.package import W
from duthao.formats.docx_in.styles import Numbered, Styles, numbered, switch, value, whole
from duthao.formats.docx_in.symbols import replaced

LEVELS = 9
MAX_LABEL = 120
_PLACE = re.compile("%([1-9])")
_GAPS = {"tab": "\t", "space": " ", "nothing": ""}


@dataclass(frozen=True, slots=True)
class Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    gap: str = "\t"
    style: str | None = None
    font: str = ""
    hidden: bool = False

    @property
    def bullet(self) -> bool:
        return self.format == "bullet"


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    gap: str
    bullet: bool


@dataclass(frozen=True, slots=True)
class _Definition:
    levels: dict[int, Level]
    num_style_link: str | None


@dataclass(frozen=True, slots=True)
class _List:
    definition: int | None
    starts: dict[int, int]
    levels: dict[int, Level]


def _level(element: Any) -> Level:
    properties = element.find(W + "rPr")
    fonts = properties.find(W + "rFonts") if properties is not None else None
    text = element.find(W + "lvlText")
    return Level(
        start=_sensible(whole(value(element, "start")), 1),
        format=_format(element),
        text=text.get(W + "val", "") if text is not None else "",
        restart=whole(value(element, "lvlRestart")),
        legal=bool(switch(element, "isLgl")),
        gap=_GAPS.get(value(element, "suff") or "tab", "\t"),
        style=value(element, "pStyle"),
        font=(fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "") if fonts is not None else "",
        hidden=bool(switch(properties, "vanish")),
    )


def _format(element: Any) -> str:
    """Newer formats stand in mc:AlternateContent, with a fallback every reader knows."""
    found = value(element, "numFmt")
    if found is None:
        inner = element.find(f".//{W}numFmt")
        found = inner.get(W + "val") if inner is not None else None
    return found or "decimal"


def _sensible(number: int | None, otherwise: int) -> int:
    return number if number is not None and 0 <= number < 32_768 else otherwise


def _levels(element: Any) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for level in element.findall(W + "lvl"):
        at = whole(level.get(W + "ilvl"))
        if at is not None and 0 <= at < LEVELS:
            found[at] = _level(level)
    return found


@dataclass
class _Counters:
    """The last number of each level; None: starts anew. `begun`: overrides that were honoured."""

    values: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


class Numbering:
    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._definitions: dict[int, _Definition] = {}
        self._lists: dict[int, _List] = {}
        self._by_style: dict[str, int] = {}
        self._counters: dict[int, _Counters] = {}
        self._begun: set[tuple[int, int]] = set()
        self._resolved: dict[int, tuple[int, dict[int, Level]] | None] = {}
        self.unknown: dict[str, int] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        for element in root.findall(W + "abstractNum"):
            id_ = whole(element.get(W + "abstractNumId"))
            if id_ is None:
                continue
            link = value(element, "styleLink")
            self._definitions[id_] = _Definition(_levels(element), value(element, "numStyleLink"))
            if link:
                self._by_style.setdefault(link, id_)
        for element in root.findall(W + "num"):
            id_ = whole(element.get(W + "numId"))
            if id_ is not None:
                self._lists[id_] = self._list(element)

    def _list(self, element: Any) -> _List:
        starts: dict[int, int] = {}
        levels: dict[int, Level] = {}
        for override in element.findall(W + "lvlOverride"):
            at = whole(override.get(W + "ilvl"))
            if at is None or not 0 <= at < LEVELS:
                continue
            start = whole(value(override, "startOverride"))
            if start is not None:
                starts[at] = _sensible(start, 1)
            own = override.find(W + "lvl")
            if own is not None:
                levels[at] = _level(own)
        return _List(whole(value(element, "abstractNumId")), starts, levels)

    def _definition(self, id_: int | None) -> tuple[int, _Definition] | None:
        """A definition, its numbering style followed; None when it leads nowhere."""
        seen: set[int] = set()
        while id_ is not None and id_ in self._definitions and id_ not in seen:
            seen.add(id_)
            found = self._definitions[id_]
            if not found.num_style_link or found.levels:
                return id_, found
            list_ = self._lists.get(self._styles.list_of(found.num_style_link) or 0)
            id_ = list_.definition if list_ else self._by_style.get(found.num_style_link)
        return None

    def _levels_of(self, list_id: int) -> tuple[int, dict[int, Level]] | None:
        """The definition a list counts by, and its levels with what the list overrides."""
        if list_id not in self._resolved:
            list_ = self._lists.get(list_id)
            found = self._definition(list_.definition) if list_ else None
            self._resolved[list_id] = (
                (found[0], {**found[1].levels, **list_.levels}) if found and list_ else None
            )
        return self._resolved[list_id]

    def _place(self, properties: Any, style: str) -> tuple[int, int] | None:
        """The list and the level of a paragraph, None when it has no number."""
        own = numbered(properties) or Numbered()
        inherited = self._styles.numbered(style)
        list_id = own.list if own.list is not None else inherited.list
        if not list_id or list_id < 0:
            return None
        level = own.level
        if level is None:
            level = self._linked(list_id, style)
        if level is None and own.list is None:
            level = inherited.level
        return list_id, min(max(level or 0, 0), LEVELS - 1)

    def _linked(self, list_id: int, style: str) -> int | None:
        """The level that names this style, or the nearest it is based on."""
        found = self._levels_of(list_id)
        if found is None:
            return None
        names = {level.style: at for at, level in sorted(found[1].items(), reverse=True) if level.style}
        return next((names[id_] for id_ in self._styles.ids(style) if id_ in names), None)

    def label(self, properties: Any, style: str) -> Label | None:
        """The number the next paragraph shows; counts it."""
        place = self._place(properties, style)
        if place is None:
            return None
        list_id, at = place
        found = self._levels_of(list_id)
        if found is None or at not in found[1]:
            return None
        definition, levels = found
        self._count(definition, list_id, at, levels)
        level = levels[at]
        if level.hidden:
            return None
        if level.format not in FORMATS or level.format in WORDED:
            self.unknown[level.format] = self.unknown.get(level.format, 0) + 1
        text = self._written(definition, at, levels)
        return Label(text, level.gap, level.bullet) if text.strip() else None

    def _count(self, definition: int, list_id: int, at: int, levels: dict[int, Level]) -> None:
        values = self._counters.setdefault(definition, _Counters()).values
        override = self._lists[list_id].starts.get(at)
        current = values[at]
        if override is not None and (list_id, at) not in self._begun:
            values[at] = override
        elif current is None:
            values[at] = levels[at].start
        else:
            values[at] = current + 1
        self._begun.add((list_id, at))
        for above in range(at):
            # A level never used shows its start, and is counted as used.
            if values[above] is None:
                start = self._lists[list_id].starts.get(above)
                values[above] = start if start is not None else levels.get(above, Level()).start
        for below in range(at + 1, LEVELS):
            restart = levels.get(below, Level()).restart
            if restart is None or (restart > 0 and at < restart):
                values[below] = None

    def _written(self, definition: int, at: int, levels: dict[int, Level]) -> str:
        level, values = levels[at], self._counters[definition].values
        if level.bullet:
            return replaced(level.text, level.font)

        def number(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            shown = values[which]
            format_ = levels.get(which, Level()).format
            if which > at or shown is None:
                return ""
            if level.legal and format_ not in ("none", "bullet"):
                format_ = "decimal"
            return written(shown, format_)

        return _PLACE.sub(number, level.text)[:MAX_LABEL]
