"""Signs of the fonts Symbol and Wingdings, which Word keeps in the private use area, as Unicode."""

from __future__ import annotations

_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "❐", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫",
    0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDF: "←",
    0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑", 0x2D: "✍", 0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x22: "✂", 0x4A: "☺",
}  # fmt: skip
_SYMBOL = {
    0x2D: "−", 0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠",
    0xBB: "≈", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xD7: "⋅", 0xA7: "♣",
    0xA8: "♦", 0xA9: "♥", 0xAA: "♠", 0xBC: "…", 0xC6: "∅", 0xCE: "∈", 0xCF: "∉", 0xD6: "√", 0xE5: "∑",
    0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x70: "π", 0x73: "σ", 0x57: "Ω", 0x44: "Δ",
    0x53: "Σ", 0x6C: "λ", 0x65: "ε", 0x71: "θ", 0x6A: "φ", 0x77: "ω",
}  # fmt: skip
_PLAIN = frozenset("!#%&()+,./0123456789:;<=>?[]_{|}")
"""What stands in Symbol where ASCII has it."""
_PRIVATE = 0xF000


def symbol(code: int, font: str) -> str | None:
    """The sign at `code` (with or without F000) of a symbol font; None when we do not know it."""
    low = code & 0xFF if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    if "symbol" in font.lower():
        return _SYMBOL.get(low) or (chr(low) if chr(low) in _PLAIN else None)
    return _WINGDINGS.get(low)


def replaced(text: str, font: str) -> str:
    """The text with each private character it names by this font as Unicode; unknown ones stay."""
    if not any(_PRIVATE <= ord(sign) <= _PRIVATE + 0xFF for sign in text):
        return text
    return "".join(
        (symbol(ord(sign), font) or sign) if _PRIVATE <= ord(sign) <= _PRIVATE + 0xFF else sign
        for sign in text
    )
