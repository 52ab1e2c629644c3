"""Builds the client into the wheel, so that `pip install .` needs no Node.js of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ClientBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs build_client before a wheel is made; an in-place install uses what run.py built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or os.environ.get("DUTHAO_SKIP_CLIENT") == "1":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        import build_client

        build_client.build()
        if not (root / "server/duthao/web/static/build/.vite/manifest.json").exists():
            raise RuntimeError("the client was not built: its manifest is missing")
