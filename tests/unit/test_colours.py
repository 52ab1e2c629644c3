"""The colours everything is drawn from: contrast computed as WCAG 2.2 does, in every look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "client/src/styles/tokens.css"
BLOCK = re.compile(r"(?P<selector>:root[^{]*)\{(?P<body>[^}]*)\}")
COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")

TEXT = [
    *(("ink", ground) for ground in ("paper", "surface", "desk", "accent-soft", "marked", "marked-active")),
    *(("muted", ground) for ground in ("paper", "surface", "desk")),
    *((sign, "surface") for sign in ("accent", "good", "warn", "bad")),
    ("accent-ink", "accent"),
    ("inserted", "inserted-soft"),
    ("inserted", "paper"),
    ("deleted", "deleted-soft"),
    ("deleted", "paper"),
]
SIGNS = [
    ("focus", "paper"),
    ("focus", "desk"),
    ("line-strong", "surface"),
    ("accent", "desk"),
    ("warn", "paper"),
]


def blocks() -> list[tuple[str, dict[str, str]]]:
    found = BLOCK.finditer(TOKENS.read_text(encoding="utf-8"))
    return [(one["selector"].strip(), dict(COLOUR.findall(one["body"]))) for one in found]


def look(name: str) -> dict[str, str]:
    base = next(colours for selector, colours in blocks() if selector == ":root" and colours)
    own = next((c for s, c in blocks() if s == f':root[data-look="{name}"]'), {})
    return base | own


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize(
    ("name", "text", "signs"), [("light", 4.5, 3), ("dark", 4.5, 3), ("contrast", 7, 4.5)]
)
def test_words_and_signs_stand_out_in_every_look(name: str, text: float, signs: float) -> None:
    colours = look(name)
    low = {
        f"{ink} on {ground}": round(found, 2)
        for pairs, least in ((TEXT, text), (SIGNS, signs))
        for ink, ground in pairs
        if (found := contrast(colours[ink], colours[ground])) < least
    }
    assert low == {}


def test_a_look_is_the_same_whether_the_system_asks_for_it_or_a_person() -> None:
    found = blocks()
    for name, other in (("dark", "contrast"), ("contrast", "dark")):
        chosen = look(name)
        asked = next(c for s, c in found if s == f':root:not([data-look="light"], [data-look="{other}"])')
        assert asked.items() <= chosen.items()
        assert asked == next(c for s, c in found if s == f':root[data-look="{name}"]')
