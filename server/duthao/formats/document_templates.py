"""The skeletons that come with the service: `templates_data/<key>.txt`, each a text as people type it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parent.parent / "templates_data"


@cache
def built_in() -> Mapping[str, str]:
    """Texts by key, in the order in which they are offered; the parser reads each without a doubt.

    Norms A1 to A9 and B2: the Party's head and signature, divisions, tables; "[…]" is to be filled in.
    """
    keys: list[str] = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return MappingProxyType({key: (FOLDER / f"{key}.txt").read_text(encoding="utf-8") for key in keys})
