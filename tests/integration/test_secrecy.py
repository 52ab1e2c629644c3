"""A secret document over HTTP: who says so, what bears the mark, and what is never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from docx import Document as opened
from starlette.testclient import TestClient

from duthao.settings import Settings
from tests.integration.test_pages import page_data
from tests.integration.test_rounds_pages import UNIT, Desk
from tests.support.office import Office, office


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def settle(here: Office, id: str, **fields: str) -> None:
    lead = here.browser("lead")
    answer = lead.post(f"/documents/{id}/settings", data={"csrf": here.csrf(lead), **fields})
    assert answer.status_code == 303, answer.text


def end_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.content.decode(errors="replace").splitlines()[-1]


def words_of(content: bytes) -> str:
    file = opened(BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in file.paragraphs), *cells])


PAPERS = (
    "draft.pdf", "comparison.pdf", "comparison.docx", "opinions.pdf", "opinions.docx",
    "proposals.pdf", "proposals.docx",
)  # fmt: skip


def test_every_paper_of_a_secret_document_bears_the_mark_and_of_others_none(here: Office) -> None:
    id = here.with_everybody()
    reader = here.browser("reader")
    before = {paper: reader.get(f"/documents/{id}/{paper}").content for paper in PAPERS}
    assert not any(b"[" in content.splitlines()[-1] and b"] [" in content for content in before.values())
    settle(here, id, secrecy="secret")
    for paper in PAPERS:
        assert end_of(reader, f"/documents/{id}/{paper}") == "[TỐI MẬT] []"
    settle(here, id, secrecy="secret", watermarked="on")
    for paper in PAPERS:
        said = end_of(reader, f"/documents/{id}/{paper}")
        assert re.fullmatch(r"\[TỐI MẬT\] \[Đồng chí reader · \d\d:\d\d \d\d/\d\d/\d{4}\]", said)
    settle(here, id, secrecy="")
    assert {paper: reader.get(f"/documents/{id}/{paper}").content for paper in PAPERS} == before


def test_what_is_taken_away_to_read_bears_it_too_and_what_is_for_programs_does_not(here: Office) -> None:
    id = here.with_everybody()
    settle(here, id, secrecy="confidential", watermarked="on")
    reader = here.browser("reader")
    assert reader.get(f"/documents/{id}/draft.txt").text.splitlines()[0] == "MẬT"
    page = reader.get(f"/documents/{id}/draft.html").text
    assert '<p class="degree">MẬT</p>' in page
    assert '<div class="reader" aria-hidden="true">Đồng chí reader · ' in page
    for ending in ("json", "akn.xml"):
        assert "MẬT" not in reader.get(f"/documents/{id}/draft.{ending}").text


def test_its_title_is_in_no_e_mail_whatever_the_house_allows() -> None:
    sent: list[str] = []
    house = Settings(comparison_workers=0, public_origin="https://d.vn", mail_titles=True)
    with office(house, lambda _address, *words: sent.append(" ".join(words))) as here:
        desk = Desk(here)
        settle(here, desk.document, secrecy="confidential")
        round_, _ = desk.ask(units=f"{UNIT}; a@d.vn")
        desk.post(desk.lead, f"/rounds/{round_}", do="remind")
        assert len(sent) == 2
        assert not any("QC" in words for words in sent)
        settle(here, desk.document, secrecy="")
        desk.ask(units=f"{UNIT}; a@d.vn")
        assert "QC" in sent[-1]


def test_a_comparison_with_a_secret_model_is_as_secret_as_that(here: Office) -> None:
    id, model = here.document(), here.document(title="Quy chế mẫu")
    lead = here.browser("lead")
    assert lead.put(f"/api/documents/{model}/model", json={"model": True}).status_code == 204
    settle(here, model, secrecy="secret")
    settle(here, id, secrecy="confidential")
    path = f"/documents/{id}/comparison.pdf"
    assert end_of(lead, path) == "[MẬT] []"
    assert end_of(lead, f"{path}?before=model:{model}") == "[TỐI MẬT] []"


def test_a_list_of_tasks_is_as_secret_as_the_documents_that_give_them(here: Office) -> None:
    id, other = here.document(), here.document()
    lead = here.browser("lead")
    for document in (id, other):
        given = {
            "csrf": here.csrf(lead),
            "act": "give",
            "document": document,
            "content": "Lập kế hoạch",
            "who": "X",
        }
        assert lead.post("/tasks", data=given).status_code in (200, 303)
    settle(here, other, secrecy="secret")
    assert end_of(lead, "/tasks.pdf") == "[TỐI MẬT] []"
    assert not end_of(lead, f"/tasks.pdf?document={id}").startswith("[TỐI MẬT]")


def test_the_word_file_bears_it_in_its_head(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    assert "MẬT" not in words_of(lead.get(f"/documents/{id}/draft.docx").content)
    settle(here, id, secrecy="confidential")
    assert "MẬT" in words_of(lead.get(f"/documents/{id}/draft.docx").content)


def test_pages_say_it_to_everybody_who_may_read(here: Office) -> None:
    id = here.with_everybody()
    settle(here, id, secrecy="top_secret")
    for path in ("/", f"/documents/{id}", f"/documents/{id}/comparison", f"/documents/{id}/versions"):
        assert '<strong class="secrecy">TUYỆT MẬT</strong>' in here.browser("reader").get(path).text


def test_who_has_a_private_link_gets_it_with_the_mark_and_the_units_name() -> None:
    with office() as here:
        desk = Desk(here)
        _, (link,) = desk.ask(units=UNIT)
        settle(here, desk.document, secrecy="confidential", watermarked="on")
        guest = here.browser()
        page = guest.get(link).text
        assert '<strong class="secrecy">MẬT</strong>' in page
        assert f"{UNIT} · " in page
        assert end_of(guest, f"{link}/draft.pdf").startswith(f"[MẬT] [{UNIT} · ")
        # Their own sheet comes back filled in: nobody is named on it but who answers.
        assert end_of(guest, f"{link}/sheet.pdf") == "[MẬT] []"


def test_nothing_of_a_secret_document_is_kept_on_a_computer_whatever_was_ticked(here: Office) -> None:
    id = here.with_everybody()
    path = f"/documents/{id}"

    def kept() -> bool:
        return bool(page_data(here.browser("editor").get(path).text)["document"]["kept_locally"])

    assert kept()
    settle(here, id, secrecy="confidential", kept_locally="on")
    assert not kept()
    lead = here.browser("lead")
    assert lead.put(f"/api{path}/settings", json={"kept_locally": True}).status_code == 204
    assert not kept()
    # The box is out of use and not sent; what was ticked before holds again afterwards.
    settle(here, id, secrecy="")
    assert kept()


def test_only_the_lead_says_so_and_only_what_the_law_knows(here: Office) -> None:
    id = here.with_everybody()
    lead, path = here.browser("lead"), f"/api/documents/{id}/settings"
    refused = lead.put(path, json={"secrecy": "hush"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "secrecy_unknown")
    assert here.browser("editor").put(path, json={"secrecy": "secret"}).status_code == 403
    assert lead.put(path, json={"secrecy": "secret"}).status_code == 204
    assert lead.put(path, json={"watermarked": True}).status_code == 204
    record = here.store.documents.get(id)  # type: ignore[arg-type]
    assert record is not None
    assert (record.secrecy, record.watermarked) == ("secret", True)


def test_a_text_that_comes_in_with_the_mark_makes_a_secret_document(here: Office) -> None:
    lead = here.browser("lead")
    text = "ĐẢNG ỦY XÃ B\n*\nTỐI MẬT\n\nQUY CHẾ\nlàm việc\n\nĐiều 1. Phạm vi\n1. Một."
    shown = lead.post("/documents/new", data={"csrf": here.csrf(lead), "title": "QC", "text": text}).text
    assert '<strong class="secrecy">TỐI MẬT</strong>' in shown
    id = here.document(text=text)
    record = here.store.documents.get(id)  # type: ignore[arg-type]
    assert record is not None
    assert record.secrecy == "secret"
    assert "MẬT" not in lead.get(f"/api/documents/{id}/text").text
