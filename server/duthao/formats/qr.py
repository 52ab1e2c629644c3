"""A square code (QR, ISO/IEC 18004) as SVG, without a style or a script."""

from __future__ import annotations

import io

import segno


def svg(text: str, scale: int = 5) -> str:
    """One `<svg>` with its own black on white, whatever the page's colours: cameras read that."""
    out = io.BytesIO()
    made = segno.make(text, error="m", micro=False)
    made.save(out, kind="svg", scale=scale, border=4, light="#fff", dark="#000", xmldecl=False,
              svgns=True, omitsize=False)  # fmt: skip
    return out.getvalue().decode("utf-8")
