"""The pack of a meeting: what is handed to the typesetter, and the file it makes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.table_builder import TableOptions, build_table
from duthao.domain.document import Document, ProvisionId
from duthao.domain.form_profile import PARTY
from duthao.domain.structure import parse
from duthao.formats import typesetter
from duthao.formats.document_templates import built_in
from duthao.formats.pack_pdf import Pack, Paper, pack_pdf
from duthao.messages import Catalogue

SAY = Catalogue("vi")


def read(text: str) -> Document:
    count = itertools.count()
    return parse(text, new_id=lambda: ProvisionId(f"p{next(count)}")).document


def pack(**more: Any) -> Pack:
    text = built_in()["working-regulation"]
    before, after = read(text), read(text.replace("[hai phần ba]", "quá nửa"))
    table = build_table(
        compare(before, after), before, after, "Quy chế", "Hiện hành", "Dự thảo",
        third=None, in_force=True, notes=(), sources=None, options=TableOptions(),
    )  # fmt: skip
    return Pack("Quy chế làm việc", Paper(after, PARTY, 2), table, **more)


def test_papers_come_in_order_each_with_data_of_its_own() -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []

    def typeset(template: str, data: Mapping[str, Any], fonts: Path) -> bytes:
        asked.append((template, data))
        return b"%PDF-"

    enclosed = Paper(read(built_in()["submission"]), PARTY)
    pack_pdf(
        pack(submission=enclosed, address="https://a.vn/documents/1", reader="Ánh"), SAY, typeset=typeset
    )
    ((template, data),) = asked
    assert template == "pack"
    assert [part["template"] for part in data["parts"]] == ["draft", "draft", "table"]
    assert data["parts"][0]["data"]["mark"] == ""
    assert data["parts"][1]["data"]["mark"] == data["mark"] == "Dự thảo lần 2"
    assert (len(data["papers"]), data["watermark"]) == (3, "Ánh")
    assert data["qr"].startswith("<svg")


def test_one_file_with_pages_of_both_ways_is_tagged() -> None:
    made = pack_pdf(pack(), SAY)
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made


def test_a_template_without_its_door_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "odd.typ").write_text("#let data = 1")
    monkeypatch.setattr(typesetter, "TEMPLATES", tmp_path)
    with pytest.raises(ValueError, match="odd"):
        typesetter._bound("odd", {}, ())
