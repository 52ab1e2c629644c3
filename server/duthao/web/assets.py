"""The client's built files, by their source names, as Vite's manifest lists them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
BUILD = STATIC / "build"
PREFIX = "/static/build/"


class Assets:
    """Reads the manifest once, and again only when it was not there: a page without a built
    client still works as plain HTML."""

    def __init__(self, build: Path = BUILD) -> None:
        self._build = build
        self._manifest: dict[str, Any] | None = None

    def _entries(self) -> dict[str, Any]:
        if self._manifest is None:
            path = self._build / ".vite" / "manifest.json"
            if not path.exists():
                return {}
            self._manifest = json.loads(path.read_text(encoding="utf-8"))
        return self._manifest

    def _find(self, entry: str) -> str | None:
        names = self._entries()
        return next((n for n in (entry, f"src/{entry}", f"client/src/{entry}") if n in names), None)

    def _styles(self, name: str, seen: set[str]) -> list[str]:
        if name in seen:
            return []
        seen.add(name)
        chunk = self._entries()[name]
        imported = [css for other in chunk.get("imports", ()) for css in self._styles(other, seen)]
        return imported + [str(css) for css in chunk.get("css", ())]

    def __call__(self, entry: str) -> Markup:
        """The tags for an entry such as "entries/room.ts": its styles, then its script."""
        name = self._find(entry)
        if name is None:
            return Markup("")
        styles = list(dict.fromkeys(self._styles(name, set())))
        tags = [Markup('<link rel="stylesheet" href="{}">').format(PREFIX + css) for css in styles]
        file = PREFIX + str(self._entries()[name]["file"])
        tags.append(Markup('<script type="module" src="{}"></script>').format(file))
        return Markup("\n").join(tags)
