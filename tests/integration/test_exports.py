"""The draft, a version and the instrument as files, by page and by command."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from duthao.domain.incoming.blocks import paragraphs
from duthao.formats.akn import from_akn
from duthao.formats.docx_in import read_docx
from duthao.formats.docx_out import Note
from duthao.formats.json import document_from_json
from duthao.service.word_files import notes_of
from tests.integration.test_api import edit
from tests.support.office import Office, office


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def test_draft_and_version_are_given_out_in_every_format(here: Office) -> None:
    id = here.with_everybody()
    edit(here, id, "Khác.", "editor")
    client = here.browser("reader")
    (version,) = client.get(f"/api/documents/{id}/versions").json()["versions"]
    for query, has_it in (("", True), (f"?version={version['id']}", False)):
        answers = {
            e: client.get(f"/documents/{id}/draft.{e}{query}") for e in ("txt", "html", "json", "akn.xml")
        }
        assert {a.status_code for a in answers.values()} == {200}
        assert all(("Khác." in a.text) is has_it for a in answers.values())
        assert all("attachment" in a.headers["content-disposition"] for a in answers.values())
        # JSON is UTF-8 by itself (RFC 8259); text and XML say it.
        assert all(a.headers["content-type"].endswith("utf-8") for e, a in answers.items() if e != "json")
        word = client.get(f"/documents/{id}/draft.docx{query}")
        assert word.status_code == 200
        assert word.headers["content-disposition"].endswith('.docx"')
        assert any("Khác." in one.text for one in paragraphs(read_docx(word.content).blocks)) is has_it
        ours = document_from_json(answers["json"].content)
        assert from_akn(answers["akn.xml"].content).provisions == ours.provisions
        assert (b"<bill" in answers["akn.xml"].content) is has_it
    page = client.get(f"/documents/{id}/versions").text
    assert f"/documents/{id}/draft.akn.xml?version={version['id']}" in page
    assert here.browser("stranger").get(f"/documents/{id}/draft.json").status_code == 404


def test_word_files_are_given_out_as_chosen(here: Office) -> None:
    id = here.with_everybody()
    edit(here, id, "Khác.", "editor")
    client = here.browser("reader")
    base = f"/documents/{id}/draft"
    # Changes tracked are asked for over real rooms, which know who wrote (test_export_command).
    for asked in ("numbering=automatic", "comments=1", "numbering=literal&comments=1"):
        assert client.get(f"{base}.docx?{asked}").status_code == 200, asked
    odt = client.get(f"{base}.odt?numbering=automatic")
    assert odt.headers["content-type"] == "application/vnd.oasis.opendocument.text"
    assert odt.content.startswith(b"odt of ")
    assert client.get(f"{base}.docx?numbering=other").status_code == 400
    (version,) = client.get(f"/api/documents/{id}/versions").json()["versions"]
    refused = client.get(f"{base}.docx?comments=1&version={version['id']}")
    assert refused.status_code == 400
    page = client.get(f"/documents/{id}/versions").text
    assert f'action="/documents/{id}/draft.docx"' in page
    assert f'formaction="/documents/{id}/draft.odt"' in page
    assert client.get(f"/documents/{id}/instrument.docx?numbering=automatic").status_code == 200
    assert client.get(f"/documents/{id}/instrument.odt").content.startswith(b"odt of ")


def test_comments_go_out_with_the_words_they_are_about(here: Office) -> None:
    id = here.with_everybody()
    client = here.browser("reader")
    comments = here.browser("commenter")
    provision = client.get(f"/documents/{id}/draft.json").json()["provisions"][1]["id"]
    anchor = {"on": "words", "provision": provision, "start": 0, "end": 3}
    for place in (anchor, {"on": "document"}):
        answer = comments.post(f"/api/documents/{id}/comments", json={"text": "Xem lại.", "anchor": place})
        assert answer.status_code == 201, answer.text
    listing = asyncio.run(notes(here, id))
    assert [(one.provision, one.start, one.end) for one in listing] == [(provision, 0, 3), (None, 0, None)]
    (remark,) = listing[0].remarks
    assert (remark.author, remark.text, remark.at[-1]) == ("Đồng chí commenter", "Xem lại.", "Z")


async def notes(here: Office, id: str) -> list[Note]:
    user = here.store.users.get(here.users["reader"])
    assert user is not None
    return list(notes_of(await here.services.comments.list(user, id)))


def test_the_instrument_is_given_out_too(here: Office) -> None:
    id = here.with_everybody()
    edit(here, id, "Khác.", "editor")
    client = here.browser("reader")
    for ending in ("txt", "html", "json", "akn.xml"):
        answer = client.get(f"/documents/{id}/instrument.{ending}")
        assert answer.status_code == 200
        assert "Khác." in answer.text
