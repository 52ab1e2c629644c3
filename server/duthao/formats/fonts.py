"""Where the printing fonts lie: Tinos, whose metrics are those of Times New Roman."""

from __future__ import annotations

from pathlib import Path

from duthao.domain.errors import Refusal

FAMILY = "Tinos"
PACKAGE_FONTS = Path(__file__).resolve().parents[1] / "fonts"
"""Made by the client's build; never in the repository."""

FACES = ("Regular", "Regular_Italic", "Bold", "Bold_Italic")


def missing_faces(folder: Path) -> tuple[str, ...]:
    """The faces of FACES for which `folder` holds no TTF file; all of them when it does not exist."""
    names = [path.stem for path in folder.glob("*.ttf")] if folder.is_dir() else []
    found = {_face(name) for name in names if name.startswith(FAMILY)}
    return tuple(face for face in FACES if face not in found)


def _face(stem: str) -> str:
    """ "Tinos_400Regular_Italic" and "Tinos-Regular_Italic" are one face."""
    return stem.removeprefix(FAMILY).lstrip("_-0123456789")


def font_directory(folder: Path = PACKAGE_FONTS) -> Path:
    """The folder of the four faces. Raises Refusal fonts_missing (`faces`)."""
    missing = missing_faces(folder)
    if missing:
        raise Refusal("fonts_missing", faces=", ".join(missing))
    return folder
