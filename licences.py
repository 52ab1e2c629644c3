#!/usr/bin/env python3
"""Every package that is installed here and under which licence it says it stands: `python3 run.py licences`.

Python packages from their own metadata, those of the client from the lock and their package.json. Standard
library only; run.py starts it with the environment's Python.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent
CLASSIFIER = "License :: OSI Approved :: "
SHORT = 60
"""Longer than a name: the text of a licence that stands where its name should."""
SPDX = {
    "MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0",
    "The MIT License (MIT)": "MIT", "Apache License 2.0": "Apache-2.0", "Apache 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip
"""The names of classifiers, shorter."""


def named(name: str) -> str:
    """A package's name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(found: Distribution) -> str:
    """What the package says of itself: its expression, its classifiers, or the short name it gives."""
    about = found.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    classified = [
        line.removeprefix(CLASSIFIER) for line in about.get_all("Classifier") or () if CLASSIFIER in line
    ]
    if classified:
        return " AND ".join(sorted({SPDX.get(one, one) for one in classified}))
    said = (about.get("License") or "").strip()
    return SPDX.get(said, said) if said and len(said) < SHORT and "\n" not in said else "?"


def python_licence(name: str) -> str:
    return licence_of(distribution(name))


def python_packages() -> dict[str, tuple[str, str]]:
    """Of what is installed in this environment: version and licence by name."""
    return {
        named(found.metadata["Name"]): (found.version, licence_of(found))
        for found in distributions()
        if found.metadata["Name"]
    }


def client_packages() -> dict[str, tuple[str, str]]:
    """The same of the client's lock, with what only builds and tests it."""
    lock = json.loads((ROOT / "client/package-lock.json").read_text(encoding="utf-8"))
    found = {}
    for path, about in lock["packages"].items():
        if path:
            licence = about.get("license") or client_licence(path.rpartition("node_modules/")[2])
            found[path.rpartition("node_modules/")[2]] = (about["version"], licence)
    return found


def client_licence(name: str) -> str:
    """What the installed package says of itself."""
    about = ROOT / "client/node_modules" / name / "package.json"
    said = json.loads(about.read_text(encoding="utf-8")).get("license", "?") if about.exists() else "?"
    return said if isinstance(said, str) else str(said.get("type", "?"))


def main() -> int:
    for title, packages in (("Python", python_packages()), ("client", client_packages())):
        print(f"{title}: {len(packages)} packages")
        for name, (version, licence) in sorted(packages.items()):
            print(f"  {name} {version}: {licence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
