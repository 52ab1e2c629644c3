"""A file is sent, shown as it was understood, corrected, and saved: the page and its stream."""

from __future__ import annotations

import asyncio
import html
import json
import multiprocessing
import re
from collections.abc import Iterator
from typing import Any

import pytest

from duthao.domain.document import Document, DocumentId
from duthao.domain.errors import Refusal
from duthao.formats.incoming import prepared, read
from duthao.service.import_worker import Readers
from duthao.service.imports import Imports, incoming_from_json, incoming_to_json
from duthao.settings import Settings
from tests.support.office import Office, TestClient, office
from tests.support.papers import PAPER
from tests.support.word import docx, p, r

PATH = "/documents/import"
TRACKED = docx(
    p("QUY CHẾ"), p("làm việc"), p("Điều 1. Họp"),
    p(r("1. Họp mỗi "), f'<w:del w:id="1" w:author="a">{r(inside="<w:delText>tháng.</w:delText>")}</w:del>'
      + f'<w:ins w:id="2" w:author="a">{r("quý.")}</w:ins>'),
)  # fmt: skip


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def sent(client: TestClient, here: Office, file: bytes, **headers: str) -> str:
    files = {"file": ("văn bản.docx", file)}
    answer = client.post(PATH, data={"csrf": here.csrf(client)}, files=files, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def document_of(here: Office, id: str) -> Document:
    return asyncio.run(here.rooms.read(DocumentId(id)))[0]


def fields(page: str) -> dict[str, str]:
    """What the preview's form would send if nobody touched it."""
    found = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.S))
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        is_choice = 'type="radio"' in tag or 'type="checkbox"' in tag
        if name and value and (not is_choice or "checked" in tag):
            found[name[1]] = value[1]
    return {name: html.unescape(value) for name, value in found.items()}


def test_a_paper_is_shown_corrected_and_saved(here: Office) -> None:
    lead = here.browser("lead")
    page = sent(lead, here, PAPER)
    assert "Tệp này có 2 văn bản" in page
    assert "Chưa có gì được lưu" in page
    form = fields(page)
    assert (form["number-0"], form["signatory-0"]) == ("05-QĐ/ĐU", "Nguyễn Văn A")
    assert (form["title-1"], form["subject-1"]) == (
        "QUY CHẾ làm việc của Ban Chấp hành Đảng bộ xã", "làm việc của Ban Chấp hành Đảng bộ xã"
    )  # fmt: skip
    assert lead.get("/api/documents").json() == {"documents": []}
    form |= {
        "save": "1",
        "title-0": "Quyết định đã sửa",
        "recipients-0": "- Một,\n- Hai.",
        "numbering-1": "keep",
    }
    assert lead.post(PATH, data=form).headers["location"] == "/"
    made = {one["title"]: one["id"] for one in lead.get("/api/documents").json()["documents"]}
    assert set(made) == {"Quyết định đã sửa", "QUY CHẾ làm việc của Ban Chấp hành Đảng bộ xã"}
    decision = document_of(here, made["Quyết định đã sửa"])
    assert decision.front.recipients == ("- Một,", "- Hai.")
    assert decision.provisions[0].text == "Ban hành kèm theo Quyết định này Quy chế làm việc."


def test_one_of_two_is_kept_or_none_refused(here: Office) -> None:
    lead = here.browser("lead")
    form = fields(sent(lead, here, PAPER)) | {"save": "1"}
    del form["keep-0"]
    assert lead.post(PATH, data=form).headers["location"].startswith("/documents/id")
    del form["keep-1"]
    refused = lead.post(PATH, data=form | {"title-0": "Tên đang gõ"})
    assert "Chưa chọn văn bản nào" in refused.text
    assert 'value="Tên đang gõ"' in refused.text
    nameless = lead.post(PATH, data=form | {"keep-0": "1", "title-0": ""})
    assert nameless.status_code == 400
    assert len(lead.get("/api/documents").json()["documents"]) == 1


def test_tracked_changes_are_a_choice_that_loses_nothing_typed(here: Office) -> None:
    lead = here.browser("lead")
    page = sent(lead, here, TRACKED)
    assert "2 thay đổi đang theo dõi" in page
    assert "Họp mỗi quý." in page
    form = fields(page)
    original = lead.post(PATH, data=form | {"changes": "original", "body-0": "ĐẢNG ỦY C"}).text
    assert "Họp mỗi tháng." in original
    assert "Đang xem bản gốc" in original
    form = fields(original)
    assert (form["body-0"], form["shown"]) == ("ĐẢNG ỦY C", "original")
    made = lead.post(PATH, data=form | {"save": "1"}).headers["location"].rpartition("/")[2]
    document = document_of(here, made)
    assert [one.text for one in document.provisions] == ["Họp", "Họp mỗi tháng."]
    assert document.front.body == "ĐẢNG ỦY C"


def test_what_cannot_be_read_is_said_on_the_page(here: Office) -> None:
    lead = here.browser("lead")
    csrf = here.csrf(lead)
    for files, code, words in (
        ({"file": ("a.docx", PAPER[:300])}, 400, "Tệp Word bị hỏng"),
        ({"file": ("a.pdf", b"%PDF-1.7")}, 415, "không đọc được loại tệp này"),
        ({}, 400, "Chưa chọn tệp nào"),
    ):
        answer = lead.post(PATH, data={"csrf": csrf}, files=files)
        assert (answer.status_code, words in answer.text) == (code, True), answer.text
    for state in (
        "",
        "{",
        '{"final":[],"original":null,"remarks":[],"tracked":0}',
        '{"final":[{"tree":{}}]}',
    ):
        answer = lead.post(PATH, data={"csrf": csrf, "state": state, "save": "1"})
        assert answer.status_code == 400
    assert lead.post(PATH, data={"csrf": "x"}, files={"file": ("a", PAPER)}).status_code == 403
    assert here.browser().post(PATH, data={}).status_code == 401


def test_progress_comes_as_lines_and_the_page_last(here: Office) -> None:
    lead = here.browser("lead")
    lines = [json.loads(line) for line in sent(lead, here, PAPER, accept="application/x-ndjson").splitlines()]
    assert "Tệp này có 2 văn bản" in lines[-1]["html"]
    assert "<html" not in lines[-1]["html"]
    (refused,) = map(json.loads, sent(lead, here, b"%PDF", accept="application/x-ndjson").splitlines())
    assert refused["error"]["code"] == "file_kind_unknown"


def test_a_forged_state_is_tidied_like_any_text(here: Office) -> None:
    lead = here.browser("lead")
    tree = {
        "format": 1, "policy": "renumber", "front": {"title": "a\u0000b"},
        "provisions": [
            {"id": "x", "kind": "clause", "text": "e\u0323\u0302\u200b", "marks": [["bold", 0, 1]]},
            {"id": "y", "kind": "row", "text": "", "cells": ["một\nhai"]},
        ],
    }  # fmt: skip
    state = {
        "final": [{"tree": tree, "doubts": [], "notes": []}],
        "original": None,
        "remarks": [],
        "tracked": 0,
    }
    form = {"csrf": here.csrf(lead), "state": json.dumps(state), "save": "1", "title-0": "T"}
    made = lead.post(PATH, data=form).headers["location"].rpartition("/")[2]
    document = document_of(here, made)
    assert [(one.text, one.cells, one.marks) for one in document.provisions] == [
        ("ệ", (), ()), ("", ("một hai",), ())
    ]  # fmt: skip
    assert document.front.title == "ab"
    assert all(one.id.startswith("id") for one in document.provisions)


# --- the process beside the server ----------------------------------------------------------


def apart(here: Office) -> Imports:
    tools, documents = here.services.tools, here.services.documents
    return Imports(tools, Settings(comparison_workers=1), documents, Readers(prepared, read))


def test_another_process_reads_and_tells_its_steps(here: Office) -> None:
    async def scenario() -> None:
        steps: list[str] = []
        incoming = await apart(here).read(TRACKED, steps.append)
        assert steps == ["reading", "recognising", "original"]
        assert incoming_from_json(incoming_to_json(incoming)) == incoming
        with pytest.raises(Refusal, match="docx_damaged"):
            await apart(here).read(PAPER[:300])

    asyncio.run(scenario())


def test_who_goes_away_ends_the_process(here: Office) -> None:
    async def scenario() -> None:
        reading = asyncio.create_task(apart(here).read(b"x " * 1_000_000))
        while not multiprocessing.active_children():
            await asyncio.sleep(0.01)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert multiprocessing.active_children() == []

    asyncio.run(scenario())


def test_each_of_several_files_is_shown_and_saved_by_itself(here: Office) -> None:
    lead = here.browser("lead")
    lines = {"accept": "application/x-ndjson"}
    csrf = here.csrf(lead)

    def asked(data: dict[str, str], **more: Any) -> tuple[int, dict[str, Any]]:
        answer = lead.post(PATH, data={"csrf": csrf, "part": "2"} | data, headers=lines, **more)
        return answer.status_code, json.loads(answer.text.splitlines()[-1])

    _, shown = asked({}, files={"file": ("văn bản.docx", TRACKED)})
    assert 'id="p2-title-0"' in shown["html"]
    assert "<h1" not in shown["html"]
    assert 'data-summary="1 văn bản, 0 chỗ cần xem lại"' in shown["html"]
    form = fields(shown["html"])
    assert form["title-0"] == "QUY CHẾ làm việc"
    _, bare = asked({}, files={"file": ("C:\\hồ sơ\\bản ba.docx", docx(p("Điều 1. Họp")))})
    assert fields(bare["html"])["title-0"] == "bản ba"
    _, original = asked(form | {"changes": "original"})
    assert "Họp mỗi tháng." in original["html"]
    status, nameless = asked(form | {"save": "1", "title-0": ""})
    assert (status, nameless["error"]["code"]) == (200, "title_missing")
    status, saved = asked(form | {"save": "1", "title-0": "Quy chế mẫu", "model-0": "1"})
    assert status == 201
    (made,) = saved["saved"]
    assert made["title"] == "Quy chế mẫu"
    assert [one["id"] for one in lead.get("/api/models").json()["models"]] == [made["id"]]
    for part in ("x", "<", "1" * 4):
        files = {"file": ("a.docx", PAPER)}
        refused = lead.post(PATH, data={"csrf": csrf, "part": part}, files=files, headers=lines)
        assert refused.status_code == 400
