"""The pack of a meeting over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.cli import main
from duthao.domain.errors import Refusal
from duthao.messages import Catalogue
from duthao.web import pack_pages
from tests.integration.test_beside_api import TEXT
from tests.support.office import office
from tests.support.served import house_in, person

SAY = Catalogue("vi")


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


def test_its_steps_are_told_line_by_line_and_the_file_comes_last() -> None:
    with office() as here:
        id = here.with_everybody()
        reader = here.browser("reader")

        def lines(query: str) -> list[dict[str, str]]:
            answer = reader.get(
                f"/documents/{id}/pack.pdf?{query}", headers={"accept": "application/x-ndjson"}
            )
            return [json.loads(line) for line in answer.text.splitlines()]

        *steps, last = lines("rows=changed&proposals=1&watermark=1")
        assert [SAY(f"pack.step.{step}") for step in ("comparing", "gathering", "setting")] == [
            line["step"] for line in steps
        ]
        assert base64.b64decode(last["file"]).startswith(b"%PDF-")
        assert last["name"] == "tai-lieu-hoi-nghi.pdf"
        *_, refused = lines("rows=some")
        assert refused["error"]["code"] == "field_bad"  # type: ignore[index]


def test_who_goes_away_ends_the_process_that_sets_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def typeset(template: str, data: object, fonts: Path, *, stopped: Callable[[], bool]) -> bytes:
        begun.set()
        while not stopped():
            pass
        ended.set()
        raise Refusal("pdf_stopped")

    monkeypatch.setattr(pack_pages, "in_worker", typeset)

    async def scenario() -> None:
        with office() as here:
            id = here.document()
            services = here.services
            lead = services.tools.store.users.by_username("lead")
            assert lead is not None
            access = await services.documents.open(lead, id)
            working = asyncio.create_task(pack_pages.pack_of(services, access, SAY, pack_pages.Wanted()))
            await asyncio.to_thread(begun.wait, 30)
            working.cancel()
            with pytest.raises(asyncio.CancelledError):
                await working
            assert await asyncio.to_thread(ended.wait, 30)

    asyncio.run(scenario())


def test_the_command_makes_the_same_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def made() -> str:
        async with open_services(house_in(tmp_path / "house")) as services:
            return await services.documents.create(person(services, "an"), "Quy chế", TEXT)

    document = anyio.run(made)
    monkeypatch.setenv("DUTHAO_DATA_DIR", str(tmp_path / "house"))
    out = tmp_path / "pack.pdf"
    assert (
        main(
            [
                "pack",
                document,
                "--submission",
                document,
                "--reader",
                "Ánh",
                "--rows",
                "changed",
                "--proposals",
                "--out",
                str(out),
            ]
        )
        == 0
    )
    assert out.read_bytes().startswith(b"%PDF-")
    assert main(["pack", "none"]) == 2
    assert "[document_not_found]" in capsys.readouterr().err
