"""`duthao export` over a real house: every draft, or one version, as files."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.cli import main
from duthao.formats.akn import from_akn
from duthao.formats.json import document_from_json
from tests.integration.test_beside_api import TEXT
from tests.support.served import house_in, person


def test_all_drafts_and_one_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def made() -> tuple[str, str]:
        async with open_services(house_in(tmp_path / "house")) as services:
            an = person(services, "an")
            id_ = await services.documents.create(an, "Quy chế", TEXT)
            return id_, (await services.versions.list(an, id_))[0].id

    document, version = anyio.run(made)
    monkeypatch.setenv("DUTHAO_DATA_DIR", str(tmp_path / "house"))
    out = tmp_path / "out"
    for format_ in ("akn", "json"):
        assert main(["export", "all", "--as", format_, "--out", str(out)]) == 0
    assert main(["export", document, "--as", "html", "--version", version, "--out", str(out)]) == 0
    whole = document_from_json((out / f"{document}.json").read_bytes())
    assert from_akn((out / f"{document}.akn.xml").read_bytes()) == whole
    assert "Thường trực" in (out / f"{document}-{version}.html").read_text(encoding="utf-8")
    assert main(["export", "none", "--as", "txt"]) == 2
    assert "[document_not_found]" in capsys.readouterr().err
