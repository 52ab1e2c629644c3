"""`duthao check-environment`: what this machine has of what the service needs.

Nothing is made or changed: a database that is not there yet is only told so.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from duthao.domain.errors import Refusal
from duthao.formats.fonts import PACKAGE_FONTS, missing_faces
from duthao.messages import Catalogue
from duthao.settings import Settings, read_settings
from duthao.store.sql.engine import Database

CLIENT_MANIFEST = Path(__file__).resolve().parents[1] / "web/static/build/.vite/manifest.json"
CONFORMANCE = "duthao.collab.conformance"
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked for (`name`, a message key), whether it will do, and words about it."""

    name: str
    good: bool
    words: str


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """`duthao check-environment` takes no arguments."""


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Print every finding; 1 when something needed is missing. Raises Refusal `setting_bad`."""
    found = findings(read_settings(), catalogue)
    for finding in found:
        sign = catalogue("environment.present" if finding.good else "environment.missing")
        words = f": {finding.words}" if finding.words else ""
        print(f"[{sign}] {catalogue(finding.name)}{words}")
    missing = sum(not finding.good for finding in found)
    print(catalogue("environment.not_ready", count=missing) if missing else catalogue("environment.ready"))
    return 1 if missing else 0


def findings(
    settings: Settings,
    catalogue: Catalogue,
    *,
    fonts: Path = PACKAGE_FONTS,
    manifest: Path = CLIENT_MANIFEST,
    conformance: str = CONFORMANCE,
) -> tuple[Finding, ...]:
    """Fonts, client, database, CRDT engine, in this order."""
    return (
        _fonts(fonts, catalogue),
        _client(manifest, catalogue),
        _database(settings.database, catalogue),
        _engine(conformance, catalogue),
    )


def _fonts(folder: Path, catalogue: Catalogue) -> Finding:
    missing = missing_faces(folder)
    words = catalogue("environment.fonts.missing", faces=", ".join(missing)) if missing else ""
    return Finding("environment.fonts", not missing, words)


def _client(manifest: Path, catalogue: Catalogue) -> Finding:
    built = manifest.is_file()
    return Finding("environment.client", built, "" if built else catalogue("environment.client.missing"))


def _database(address: str, catalogue: Catalogue) -> Finding:
    def finding(good: bool, key: str, **values: str) -> Finding:
        return Finding("environment.database", good, catalogue(f"environment.database.{key}", **values))

    file = Path(address.removeprefix(SQLITE).partition("?")[0])
    if address.startswith(SQLITE) and not file.exists():
        return finding(True, "new") if _can_make(file) else finding(False, "folder")
    try:
        database = Database(address)
        try:
            # Connecting reads the promises back: WAL and FULL, or synchronous_commit.
            with database.reading():
                return finding(True, database.backend)
        finally:
            database.close()
    except Refusal as refusal:
        return Finding("environment.database", False, catalogue.refusal(refusal))
    except Exception as error:  # whatever it is, only its kind is shown: an address may hold a password
        return finding(False, "unreachable", reason=type(error).__name__)


def _can_make(file: Path) -> bool:
    """Whether the folder of `file`, or the nearest one above that exists, can be written."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK)


def _engine(conformance: str, catalogue: Catalogue) -> Finding:
    def finding(good: bool, key: str, **values: str) -> Finding:
        return Finding("environment.engine", good, catalogue(f"environment.engine.{key}", **values))

    try:
        installed = version("pycrdt")
    except PackageNotFoundError:
        return Finding("environment.engine", False, "")
    if find_spec(conformance) is None:
        return finding(True, "unchecked", version=installed)
    check: Callable[[], object] = import_module(conformance).assert_engine_is_sound
    try:
        check()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # pycrdt's PanicException is no Exception
        return finding(False, "unsound", reason=type(error).__name__)
    return finding(True, "sound", version=installed)
