"""Tests that the administrator's pages name are there, and the tables that name them are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.soak.mutants import SUBJECTS

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/operate"
NAMED = re.compile(r"`((?:tests|client/test)/[^`]+?)::([^`]+)`")
PROOFS = sorted(
    {one for page in PAGES.glob("*.md") for one in NAMED.findall(page.read_text(encoding="utf-8"))}
)
ROW = re.compile(r"^\| ([\d.]+(?: to [\d.]+)?) \| ([^|]+) \| (\S+) \| ([^|]*)\| ([^|]*)\|$", re.MULTILINE)
HELD = 100
"""Lines of the ASVS table that name a test, at least."""


@pytest.mark.parametrize(("file", "name"), PROOFS)
def test_a_named_test_exists(file: str, name: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    if name == "*":  # all of them
        assert re.search(r"^(?:    )?(?:async )?def test_|^class \w+", source, re.MULTILINE)
    elif file.endswith(".py"):
        assert re.search(rf"^(?:async )?(?:def|class) {re.escape(name)}\b", source, re.MULTILINE)
    else:
        assert re.search(rf"\b(?:it|test)\(\s*['\"`]{re.escape(name)}['\"`]", source)


def test_every_line_of_the_asvs_table_says_how_it_stands() -> None:
    text = (PAGES / "asvs.md").read_text(encoding="utf-8")
    rows = ROW.findall(text)
    assert len(rows) == sum(bool(re.match(r"\| \d", line)) for line in text.splitlines())
    assert len({number for number, *_ in rows}) == len(rows), "a requirement stands twice"
    assert {state for _, _, state, _, _ in rows} == {"yes", "part", "no", "–"}
    unsaid = [number for number, _, state, how, _ in rows if state == "part" and not how.strip()]
    assert unsaid == []
    assert sum("::" in proof for *_, proof in rows) > HELD


def test_every_long_run_the_catalogue_names_is_there() -> None:
    lines = (PAGES / "catalogue.md").read_text(encoding="utf-8").splitlines()
    named = {
        name for line in lines if line.count("|") == 6 for name in re.findall(r"`(\w+)`", line.split("|")[4])
    }
    assert len(named) > 5
    assert [name for name in named if not (ROOT / f"tests/soak/{name}.py").exists()] == []


def test_the_mutants_cover_every_module_of_the_domain_once_and_have_tests_for_it() -> None:
    domain = ROOT / "server/duthao/domain"
    modules = [
        ".".join(path.relative_to(domain).with_suffix("").parts)
        for path in domain.rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert sorted(one for named, _ in SUBJECTS.values() for one in named) == sorted(modules)
    files = [one for _, named in SUBJECTS.values() for one in named]
    assert [one for one in files if not any((ROOT / "tests").glob(one))] == []
