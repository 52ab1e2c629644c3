"""The pack of a meeting: what is handed to the typesetter, and the file it makes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from duthao.domain.compare import compare
from duthao.domain.compare.table_builder import TableOptions, build_table
from duthao.domain.document import Document, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import PARTY
from duthao.domain.plain_table import PlainTable
from duthao.domain.secrecy import Stamp
from duthao.domain.structure import parse
from duthao.domain.synthesis.groups import Stance
from duthao.formats import pdf, typesetter
from duthao.formats.document_templates import built_in
from duthao.formats.pack_pdf import Pack, Paper, pack_pdf
from duthao.messages import Catalogue
from tests.unit.test_opinions_table import grouped, opinion, table
from tests.unit.test_pdf import pages

SAY = Catalogue("vi")


def read(text: str) -> Document:
    count = itertools.count()
    return parse(text, new_id=lambda: ProvisionId(f"p{next(count)}")).document


def pack(**more: Any) -> Pack:
    text = built_in()["working-regulation"]
    before, after = read(text), read(text.replace("[hai phần ba]", "quá nửa"))
    compared = build_table(
        compare(before, after), before, after, "Quy chế", "Hiện hành", "Dự thảo",
        third=None, in_force=True, notes=(), sources=None, options=TableOptions(),
    )  # fmt: skip
    return Pack("Quy chế làm việc", Paper(after, PARTY, 2), compared, **more)


def test_papers_come_in_order_each_with_data_of_its_own() -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []

    def typeset(template: str, data: Mapping[str, Any], fonts: Path) -> bytes:
        asked.append((template, data))
        return b"%PDF-"

    enclosed = Paper(read(built_in()["submission"]), PARTY)
    pack_pdf(
        pack(submission=enclosed, address="https://a.vn/documents/1", stamp=Stamp("MẬT", "Ánh")),
        SAY,
        typeset=typeset,
    )
    ((template, data),) = asked
    assert template == "pack"
    assert [part["template"] for part in data["parts"]] == ["draft", "draft", "table"]
    assert data["parts"][0]["data"]["mark"] == ""
    assert data["parts"][1]["data"]["mark"] == data["mark"] == "Dự thảo lần 2"
    assert (len(data["papers"]), data["stamp"]) == (3, {"degree": "MẬT", "reader": "Ánh"})
    # The reader stands on every page of the file already, the degree in the head of each paper.
    assert {tuple(part["data"]["stamp"].values()) for part in data["parts"]} == {("MẬT", "")}
    assert data["qr"].startswith("<svg")


def test_the_contents_name_every_paper_and_the_page_where_it_begins(tmp_path: Path) -> None:
    opinions = table(grouped(opinion("a"), stance=Stance.KEPT, text="Giữ như dự thảo"))
    proposals = PlainTable(("BIỂU ĐỀ NGHỊ",), (), ("Số", "Lời"), (52.0, 200.0), (("1", "Nên bỏ"),), "không")
    enclosed = Paper(read(built_in()["submission"]), PARTY)
    made = pack_pdf(pack(submission=enclosed, proposals=proposals, opinions=opinions), SAY)
    assert b"/MarkInfo" in made
    shown = pages(made, tmp_path)
    contents = re.sub(r"(\. ?){4,}", "… ", shown[1])
    said = re.findall(r"(?:^| )(\d|Chương \w+)\. ([^…]+)… (\d+)", contents)
    assert [name for _, name, _ in said] == [
        "Tờ trình ", "Dự thảo ", "QUY ĐỊNH CHUNG ", "TRÁCH NHIỆM, QUYỀN HẠN ", "CHẾ ĐỘ LÀM VIỆC ",
        "QUAN HỆ CÔNG TÁC ", "ĐIỀU KHOẢN THI HÀNH ", "Bảng so sánh, đối chiếu ",
        "Biểu tổng hợp các nội dung đề nghị sửa đổi, bổ sung ",
        "Bảng tổng hợp, tiếp thu, giải trình ý kiến ",
    ]  # fmt: skip
    on = {name.strip(): shown[int(page) - 1] for _, name, page in said}
    assert "TỜ TRÌNH" in on["Tờ trình"]
    assert "Dự thảo lần 2" in on["Dự thảo"]
    for name in ("TRÁCH NHIỆM, QUYỀN HẠN", "CHẾ ĐỘ LÀM VIỆC", "ĐIỀU KHOẢN THI HÀNH"):
        assert name in on[name]
    assert "[hai phần ba]" in on["Bảng so sánh, đối chiếu"]
    assert "Nên bỏ" in on["Biểu tổng hợp các nội dung đề nghị sửa đổi, bổ sung"]
    last = on["Bảng tổng hợp, tiếp thu, giải trình ý kiến"]
    assert "Sở Nội vụ" in last
    assert "Giữ như dự thảo" in last


def test_a_pack_that_is_stopped_ends_its_process_and_leaves_its_turn() -> None:
    for _ in range(pdf.AT_ONCE + 1):
        with pytest.raises(Refusal) as refused:
            pack_pdf(pack(), SAY, typeset=partial(pdf.in_worker, stopped=lambda: True))
        assert refused.value.code == "pdf_stopped"


def test_a_template_without_its_door_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "odd.typ").write_text("#let data = 1")
    monkeypatch.setattr(typesetter, "TEMPLATES", tmp_path)
    with pytest.raises(ValueError, match="odd"):
        typesetter._bound("odd", {}, ())


def test_a_job_longer_than_a_pipe_holds_is_given_whole_while_it_is_watched(tmp_path: Path) -> None:
    """What broke: asked again in steps, `communicate` forgot the rest of the job, and nobody moved."""
    text = (
        built_in()["working-regulation"] + "\n" + "\n".join(f"Điều {n}. Việc số {n}" for n in range(19, 900))
    )
    paper = Paper(read(text), PARTY)
    made = pack_pdf(replace(pack(), draft=paper), SAY, typeset=partial(pdf.in_worker, stopped=lambda: False))
    assert "Việc số 899" in " ".join(pages(made, tmp_path))
