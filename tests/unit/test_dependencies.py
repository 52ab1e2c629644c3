"""docs/operate/dependencies.md names each direct dependency, and the licence it really stands under."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import licences

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]{8,}) \|$", re.MULTILINE)
PACKAGE: dict[str, dict[str, str]] = json.loads((ROOT / "client/package.json").read_text(encoding="utf-8"))
CLIENT = {*PACKAGE["dependencies"], *PACKAGE["devDependencies"]}
FETCHED = set(json.loads((ROOT / "tests/support/microsoft/package.json").read_text())["optionalDependencies"])
"""What a test fetches for itself, under the licence its own lock says."""
TOLERATED = (
    "MIT", "MIT-0", "BSD", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "MPL-2.0", "PSF-2.0",
    "OFL-1.1", "CC0-1.0", "BlueOak-1.0.0", "LGPL-3.0-only", "Python-2.0", "Unlicense",
)  # fmt: skip
"""Each looked at: none asks anything of who uses the service unchanged."""


def table() -> dict[str, str]:
    text = (ROOT / "docs/operate/dependencies.md").read_text(encoding="utf-8")
    found = LINE.findall(text)
    assert len(found) == len(dict.fromkeys(name for name, _, _ in found)), "a package stands twice"
    return {name: licence.strip() for name, licence, _ in found}


def python() -> set[str]:
    """Whatever we ask for by name, for running, building, testing or measuring."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    optional = project["project"]["optional-dependencies"].values()
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    asked += [one for some in optional for one in some]
    for path in (ROOT / "requirements").glob("*.in"):
        asked += [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    return {licences.named(re.split(r"[\s\[<>=;]", one)[0]) for one in asked}


def fetched_licence(name: str) -> str:
    lock = json.loads((ROOT / "tests/support/microsoft/package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"][f"node_modules/{name}"]["license"])


def test_every_direct_dependency_stands_in_the_table_and_nothing_else() -> None:
    assert set(table()) == python() | CLIENT | FETCHED


def test_the_licences_are_those_the_installed_packages_say() -> None:
    wrong = {}
    for name, written in table().items():
        try:
            said = (
                fetched_licence(name)
                if name in FETCHED
                else (licences.client_licence(name) if name in CLIENT else licences.python_licence(name))
            )
        except PackageNotFoundError:
            continue  # only fetched when something is measured, or where there is no Node.js
        if said != written:
            wrong[name] = (written, said)
    assert wrong == {}


def test_nothing_that_comes_along_stands_under_a_licence_nobody_has_looked_at() -> None:
    packages = {**licences.python_packages(), **licences.client_packages()}
    packages.pop("duthao", None)
    assert len(packages) > 150
    unknown = {
        name: licence for name, (_, licence) in packages.items()
        if not set(re.split(r" AND | OR ", licence.strip("()"))) <= set(TOLERATED)
    }  # fmt: skip
    assert unknown == {}


def test_no_package_runs_a_script_while_it_is_installed() -> None:
    lock = json.loads((ROOT / "client/package-lock.json").read_text(encoding="utf-8"))
    assert [path for path, about in lock["packages"].items() if about.get("hasInstallScript")] == []
    assert "ignore-scripts=true" in (ROOT / "client/.npmrc").read_text().split()
    assert '"ci", "--no-audit", "--no-fund", "--ignore-scripts"' in (ROOT / "build_client.py").read_text()
    installing = re.findall(r"\"(?:install|download)\", .*?\]", (ROOT / "run.py").read_text(), re.DOTALL)
    others = [one for one in installing if "--no-deps" not in one]  # our own wheel is built here
    assert len(others) == 2
    assert all('"--only-binary", ":all:"' in one for one in others)
