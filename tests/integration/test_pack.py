"""The pack of a meeting over HTTP."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.cli import main
from tests.integration.test_beside_api import TEXT
from tests.support.office import office
from tests.support.served import house_in, person


def test_a_reader_gets_the_pack_and_only_papers_they_may_read_go_into_it() -> None:
    with office() as here:
        id, other = here.with_everybody(), here.document()
        reader, lead = here.browser("reader"), here.browser("lead")
        got = reader.get(f"/documents/{id}/pack.pdf?watermark=1")
        assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
        assert reader.get(f"/documents/{id}/pack.pdf?submission={other}").status_code == 404
        assert lead.get(f"/documents/{id}/pack.pdf?submission={other}").status_code == 200
        assert here.browser("stranger").get(f"/documents/{id}/pack.pdf").status_code == 404
        assert f'value="{other}"' in lead.get(f"/documents/{id}/versions").text


def test_the_command_makes_the_same_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def made() -> str:
        async with open_services(house_in(tmp_path / "house")) as services:
            return await services.documents.create(person(services, "an"), "Quy chế", TEXT)

    document = anyio.run(made)
    monkeypatch.setenv("DUTHAO_DATA_DIR", str(tmp_path / "house"))
    out = tmp_path / "pack.pdf"
    assert main(["pack", document, "--submission", document, "--reader", "Ánh", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert main(["pack", "none"]) == 2
    assert "[document_not_found]" in capsys.readouterr().err
