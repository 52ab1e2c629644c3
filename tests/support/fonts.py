"""The printing fonts for tests: those the build made, else the client's own packages."""

from __future__ import annotations

import shutil
from pathlib import Path

from duthao.formats.fonts import PACKAGE_FONTS, missing_faces

ROOT = Path(__file__).resolve().parents[2]


def gather_fonts(folder: Path) -> Path | None:
    """A folder with the four faces (files are copied into `folder` when need be); None without any."""
    if not missing_faces(PACKAGE_FONTS):
        return PACKAGE_FONTS
    for face in (ROOT / "client/node_modules/@expo-google-fonts/tinos").glob("*/*.ttf"):
        shutil.copy(face, folder)
    return folder if not missing_faces(folder) else None
