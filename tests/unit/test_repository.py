"""Promises of the repository itself: what may stand in it, and documents that stay true."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 600


def tracked(*patterns: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).exists()]


def test_locks_carry_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url|--find-links|--trusted-host|file:", text), lock.name
    package_lock = (ROOT / "client/package-lock.json").read_text()
    assert '"resolved"' not in package_lock
    assert '"integrity"' in package_lock


def test_no_file_names_a_machine_path_or_a_registry_host() -> None:
    forbidden = re.compile(
        "|".join(("/" + "root/", "/" + "work/", "/" + r"home/\w", "registry" + r"\.npmjs", r"pypi\." + "org"))
    )
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        assert not forbidden.search(text), f"{path.relative_to(ROOT)}: {forbidden.search(text)}"


def test_no_large_or_binary_files() -> None:
    for path in tracked():
        limit = 200_000 if path.suffix in {".png", ".txt", ".json"} else 120_000
        if path.suffix == ".xsd":  # a standard's schema is kept whole, as published
            limit = 250_000
        assert path.stat().st_size <= limit, path.relative_to(ROOT)


def test_no_module_is_longer_than_we_promise() -> None:
    for path in tracked("*.py", "*.ts", "*.css", "*.html"):
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST_MODULE, f"{path.relative_to(ROOT)}: {lines} lines"


def test_every_decision_stands_in_the_index() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text()
    for decision in (ROOT / "docs/decisions").glob("0*.md"):
        assert decision.name in index


@pytest.mark.parametrize("document", sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("*.md")), ids=str)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (document.parent / target).exists(), f"{document.name} → {target}"
