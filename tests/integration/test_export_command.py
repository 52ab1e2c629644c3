"""`duthao export` over a real house: every draft, or one version, as files."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.cli import main
from duthao.domain.anchors import On
from duthao.domain.form_profile import PARTY_OLD
from duthao.formats.akn import from_akn
from duthao.formats.json import document_from_json
from duthao.service.comments import Place, Said
from duthao.store.ports import Membership, Role, User
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


def test_word_files_as_chosen_name_who_changed_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clause was changed by an alone, another by an and binh; the form is one that writes "1-"."""
    settings = house_in(tmp_path / "house")

    async def made() -> str:
        async with open_services(settings) as services:
            an, binh = person(services, "an"), person(services, "binh")
            id_ = await services.documents.create(an, "Quy chế", TEXT + "\n9. Điều này sẽ bỏ đi.")
            services.tools.store.documents.set_member(Membership(id_, binh.id, Role.EDITOR))

            async def reword(user: User, old: str, new: str) -> None:
                draft, _ = await services.tools.rooms.read(id_)
                changed = tuple(replace(one, text=one.text.replace(old, new)) for one in draft.provisions)
                await services.tools.rooms.restore(id_, replace(draft, provisions=changed), user.id)

            await reword(an, "mỗi tháng một lần", "mỗi quý một lần")
            await reword(an, "họp hằng tuần", "họp sáng thứ Hai hằng tuần")
            await reword(binh, "công việc", "công việc cấp bách")
            draft, _ = await services.tools.rooms.read(id_)
            rest = tuple(one for one in draft.provisions if "bỏ đi" not in one.text)
            await services.tools.rooms.restore(id_, replace(draft, provisions=rest), binh.id)
            await services.comments.begin(binh, id_, Said("Xem lại."), Place(On.DOCUMENT))
            await services.forms.choose(an, id_, PARTY_OLD.key)
            return id_

    document = anyio.run(made)
    monkeypatch.setenv("DUTHAO_DATA_DIR", str(tmp_path / "house"))

    def exported(*options: str) -> dict[str, str]:
        assert main(["export", document, "--as", "docx", "--out", str(tmp_path), *options]) == 0
        with zipfile.ZipFile(tmp_path / f"{document}.docx") as file:
            return {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}

    plain = exported()
    assert "<w:ins " not in plain["word/document.xml"]
    assert "w:numPr" not in plain["word/document.xml"]
    assert "1- " in plain["word/document.xml"]
    assert "w:numPr" in exported("--numbering", "automatic")["word/document.xml"]
    both = exported("--tracked", "--comments")
    assert "Xem lại." in both["word/comments.xml"]
    changes = re.findall(
        r'<w:(?:ins|del) [^>]*w:author="([^"]+)"[^>]*>.*?<w:(?:t|delText)[^>]*>([^<]*)<',
        both["word/document.xml"],
    )
    named = {words.strip(): author for author, words in changes}
    assert named["quý"] == named["tháng"] == "Ông an"
    assert named["cấp bách"] == "Dự thảo"
    assert named["Điều này sẽ bỏ đi."] == "Ông binh"
    for options in (("--as", "pdf", "--tracked"), ("--as", "txt", "--comments")):
        assert main(["export", document, *options, "--out", str(tmp_path)]) == 2
        assert "[export_word_only]" in capsys.readouterr().err
