"""What a paragraph and a run inherit: styles along `basedOn`, document defaults, theme fonts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from duthao.formats.docx_in.package import W

MAX_CHAIN = 40
MAX_LOOKS = 5_000
_OFF = frozenset(("0", "false", "off", "none"))
_THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def value(element: Any, name: str) -> str | None:
    """`w:val` of a child, None when the child or its value is not there."""
    child = element.find(W + name) if element is not None else None
    found: str | None = child.get(W + "val") if child is not None else None
    return found


def switch(element: Any, name: str) -> bool | None:
    """An on/off child: None when it says nothing."""
    child = element.find(W + name) if element is not None else None
    return None if child is None else child.get(W + "val", "1").lower() not in _OFF


def whole(text: str | None) -> int | None:
    """A whole number of sensible size, None for anything else."""
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if abs(number) < 1_000_000 else None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph's `numPr`: each None where it says nothing."""

    list: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Of a run, what its properties say; None: nothing."""

    font: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    hidden: bool | None = None


def numbered(properties: Any) -> Numbered | None:
    """The `numPr` of paragraph properties. One that is a tracked insertion counts like any."""
    found = properties.find(W + "numPr") if properties is not None else None
    if found is None:
        return None
    return Numbered(whole(value(found, "numId")), whole(value(found, "ilvl")))


class Styles:
    def __init__(self, root: Any | None, theme: Any | None) -> None:
        self._themes = _theme_fonts(theme)
        self._styles: dict[str, Any] = {}
        self._defaults: Look = Look()
        self.default = ""
        self._looks: dict[str, Look] = {}
        self._centred: dict[str, bool] = {}
        self._seen_looks: dict[tuple[str, tuple[Any, ...]], Look] = {}
        self._numbered: dict[str, Numbered] = {}
        if root is None:
            return
        for style in root.iter(W + "style"):
            id_ = style.get(W + "styleId", "")
            self._styles.setdefault(id_, style)
            if style.get(W + "type") == "paragraph" and style.get(W + "default", "0").lower() not in _OFF:
                self.default = self.default or id_
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._defaults = self.look(defaults)

    def chain(self, id_: str) -> list[Any]:
        """A style and those it is based on, nearest first; a circle ends where it closes."""
        found: list[Any] = []
        seen: set[str] = set()
        while id_ in self._styles and id_ not in seen and len(found) < MAX_CHAIN:
            seen.add(id_)
            found.append(self._styles[id_])
            id_ = value(found[-1], "basedOn") or ""
        return found

    def name(self, id_: str) -> str:
        """A style's name as Word shows it."""
        style = self._styles.get(id_)
        return (value(style, "name") if style is not None else None) or id_

    def ids(self, id_: str) -> list[str]:
        return [style.get(W + "styleId", "") for style in self.chain(id_)]

    def numbered(self, id_: str) -> Numbered:
        """What a paragraph of this style inherits, field by field."""
        if id_ not in self._numbered:
            self._numbered[id_] = self._inherited_number(id_)
        return self._numbered[id_]

    def _inherited_number(self, id_: str) -> Numbered:
        list_: int | None = None
        level: int | None = None
        for style in self.chain(id_):
            found = numbered(style.find(W + "pPr"))
            if found is not None:
                list_ = found.list if list_ is None else list_
                level = found.level if level is None else level
        return Numbered(list_, level)

    def list_of(self, id_: str) -> int | None:
        """The list that a numbering style names."""
        return self.numbered(id_).list

    def centred(self, properties: Any, id_: str) -> bool:
        own = value(properties, "jc")
        if own is not None:
            return own == "center"
        if id_ not in self._centred:
            values = (value(style.find(W + "pPr"), "jc") for style in self.chain(id_))
            self._centred[id_] = next(filter(None, values), "") == "center"
        return self._centred[id_]

    def _font(self, properties: Any) -> str | None:
        fonts = properties.find(W + "rFonts") if properties is not None else None
        if fonts is None:
            return None
        for slot, theme in (("ascii", "asciiTheme"), ("hAnsi", "hAnsiTheme"), ("cs", "cstheme")):
            themed = self._themes.get((fonts.get(W + theme) or "")[:5])
            if themed or fonts.get(W + slot):
                return themed or fonts.get(W + slot)
        return None

    def look(self, properties: Any) -> Look:
        """What run properties say by themselves."""
        if properties is None or not len(properties):
            return Look()
        line = value(properties, "u")
        return Look(
            self._font(properties),
            switch(properties, "b"),
            switch(properties, "i"),
            None if line is None else line != "none",
            switch(properties, "vanish"),
        )

    def inherited(self, id_: str) -> Look:
        """What a style's chain says of its runs, the nearest first."""
        if id_ not in self._looks:
            looks = [self.look(style.find(W + "rPr")) for style in self.chain(id_)]
            self._looks[id_] = Look(
                *(
                    next((getattr(look, name) for look in looks if getattr(look, name) is not None), None)
                    for name in Look.__slots__
                )
            )
        return self._looks[id_]

    def seen(self, properties: Any, paragraph: str) -> Look:
        """`_seen`, remembered: a text has few looks and many runs."""
        said = () if properties is None else tuple([(one.tag, *one.items()) for one in properties])
        key = (paragraph, said)
        if key not in self._seen_looks:
            if len(self._seen_looks) >= MAX_LOOKS:
                self._seen_looks.clear()
            self._seen_looks[key] = self._seen(properties, paragraph)
        return self._seen_looks[key]

    def _seen(self, properties: Any, paragraph: str) -> Look:
        """How a run of a paragraph of this style looks: own words, then character, paragraph, defaults.

        Bold, italic and hidden given by both styles cancel each other (ECMA-376 17.7.3).
        """
        own = self.look(properties)
        character = self.inherited(value(properties, "rStyle") or "")
        under = self.inherited(paragraph)

        def toggled(name: str) -> bool:
            direct = getattr(own, name)
            if direct is not None:
                return bool(direct)
            by_style = bool(getattr(character, name)) != bool(getattr(under, name))
            return by_style or bool(getattr(self._defaults, name))

        line = next((x.underline for x in (own, character, under) if x.underline is not None), False)
        font = own.font or character.font or under.font or self._defaults.font
        return Look(font, toggled("bold"), toggled("italic"), line, toggled("hidden"))


def _theme_fonts(theme: Any | None) -> dict[str, str]:
    """The theme's Latin fonts by the first letters of what names them: "major", "minor"."""
    found: dict[str, str] = {}
    if theme is not None:
        for slot in ("major", "minor"):
            latin = theme.find(f".//{_THEME}{slot}Font/{_THEME}latin")
            if latin is not None and latin.get("typeface"):
                found[slot] = latin.get("typeface")
    return found
