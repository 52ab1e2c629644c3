"""docs/architecture.md shows the structure that the code has, and names files that are there."""

from __future__ import annotations

import re

import pytest

from tests.support.structure import ROOT, TARGET, NotPlaced, placed, unit_of

DOCUMENT = TARGET.read_text(encoding="utf-8")


def test_the_drawing_is_that_of_the_code() -> None:
    assert placed(DOCUMENT) == DOCUMENT, "python -m tests.support.structure"


def test_a_package_outside_the_layers_is_told() -> None:
    units = ["web", "store.sql", "store.ports", "domain"]
    assert unit_of("duthao.store.sql.tables", units) == "store.sql"
    assert unit_of("duthao.store.audit", units) == "store.ports"
    with pytest.raises(NotPlaced):
        unit_of("duthao.elsewhere.thing", units)


def test_every_file_that_is_named_with_its_folder_is_there() -> None:
    folders = (ROOT / "server/duthao", ROOT / "client/src", ROOT)
    named = set(re.findall(r"`((?:[\w-]+/)+[\w.-]+\.(?:py|ts|html|typ|md))`", DOCUMENT))
    absent = {name for name in named if not any((folder / name).exists() for folder in folders)}
    named_short = {n for n in absent if any(list(folder.rglob(n)) for folder in folders[:2])}
    assert len(named) > 60
    assert absent - named_short == set()
