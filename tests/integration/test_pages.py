"""The pages without script: what is shown, in which steps, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from duthao.domain.document import DocumentId
from tests.integration.test_api import edit
from tests.support.office import Office, office

TEXT = (
    "QUY CHẾ\nLàm việc của Ban Chấp hành\n\nChương I\nQUY ĐỊNH CHUNG\n"
    "Điều 1. Phạm vi\n1. Một.\na) Điểm a;\n3. Ba.\n"
)


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def page_data(html: str) -> Any:
    """What the page's islands start from."""
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', html, re.S)
    assert found
    return json.loads(found.group(1))


def test_signed_out_one_is_led_to_sign_in_and_back(here: Office) -> None:
    answer = here.browser().get("/documents/abc/versions?lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fdocuments%2Fabc%2Fversions%3Flang%3Den"
    page = here.browser().get(answer.headers["location"])
    assert 'name="next" value="/documents/abc/versions?lang=en"' in page.text


def test_the_list_is_friendly_when_empty(here: Office) -> None:
    html = here.browser("stranger").get("/").text
    assert "Chưa có văn bản nào" in html
    assert 'href="/documents/new"' in html


def test_the_list_says_role_last_editor_and_what_changed(here: Office) -> None:
    id = here.with_everybody()
    edit(here, id, "Khác.", "editor")
    here.clock.now += 5 * 60_000
    html = here.browser("lead").get("/").text
    assert "Chủ trì" in html
    assert "Đồng chí editor sửa lần cuối" in html
    assert "5 phút trước" in html
    assert "1 điều khoản thay đổi từ lần xem trước" in html


def test_a_new_document_is_shown_before_anything_is_saved(here: Office) -> None:
    lead = here.browser("lead")
    csrf = here.csrf(lead)
    preview = lead.post("/documents/new", data={"csrf": csrf, "title": "", "text": TEXT})
    assert preview.status_code == 200
    assert "Chưa có gì được lưu" in preview.text
    assert "<strong>1</strong> chương" in preview.text
    assert "Dòng 9:" in preview.text
    assert 'value="QUY CHẾ Làm việc của Ban Chấp hành"' in preview.text
    assert lead.get("/api/documents").json() == {"documents": []}
    fields = {"csrf": csrf, "title": "Quy chế", "text": TEXT, "numbering": "keep"}
    back = lead.post("/documents/new", data=fields | {"back": "1"})
    assert "Điều 1. Phạm vi" in back.text
    made = lead.post("/documents/new", data=fields | {"confirm": "1"})
    assert made.status_code == 303
    assert lead.get(made.headers["location"]).status_code == 200


def test_an_upload_becomes_the_same_preview(here: Office) -> None:
    lead = here.browser("lead")
    data = {"csrf": here.csrf(lead), "title": "Tải lên"}
    for content in (TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("utf-16")):
        page = lead.post("/documents/new", data=data, files={"file": ("a.txt", content)})
        assert page.status_code == 200
        assert "<strong>1</strong> chương" in page.text
    for content, status in ((b"\x89PNG\r\n\0\0" * 20, 415), (b"", 400), (b"\xff" * 30 + b"abc", 415)):
        page = lead.post("/documents/new", data=data, files={"file": ("a.txt", content)})
        assert page.status_code == status
        assert 'role="alert"' in page.text


def test_the_text_survives_the_preview_character_for_character(here: Office) -> None:
    lead = here.browser("lead")
    text = "\nĐiều 1. <b>&amp; 'A' \"B\"</b>\n1. Một."
    html = lead.post("/documents/new", data={"csrf": here.csrf(lead), "title": "x", "text": text}).text
    import html as markup

    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.S)
    assert area is not None
    # A browser drops the first line break of a textarea.
    assert markup.unescape(area[1]).removeprefix("\n") == text


def test_versions_are_saved_compared_and_restored_by_forms(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    csrf = here.csrf(lead)
    path = f"/documents/{id}/versions"
    assert lead.post(path, data={"csrf": csrf, "numbered": "1", "reason": "Trình"}).status_code == 303
    html = lead.get(path).text
    assert "Dự thảo lần 1" in html
    assert "Văn bản hiện hành" in html
    assert len(re.findall('type="radio" name="before"', html)) == 3
    refused = lead.post(path, data={"csrf": csrf})
    assert refused.status_code == 400
    assert "Hãy ghi tên." in refused.text
    edit(here, id, "Khác.")
    version = here.store.versions.for_document(DocumentId(id))[0].id
    answer = lead.post(f"{path}/{version}/restore", data={"csrf": csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{id}")
    assert "Trước khi khôi phục" in lead.get(path).text


def test_a_version_reads_as_on_paper(here: Office) -> None:
    id = here.document(text=TEXT)
    version = here.store.versions.for_document(DocumentId(id))[0].id
    html = here.browser("lead").get(f"/documents/{id}/versions/{version}").text
    assert '<span class="label">Điều 1.</span> Phạm vi' in html
    assert "QUY CHẾ<br>Làm việc của Ban Chấp hành" in html


def test_readers_see_no_forms_they_may_not_send(here: Office) -> None:
    id = here.with_everybody()
    reader = here.browser("reader")
    for page in ("versions", "members"):
        html = reader.get(f"/documents/{id}/{page}").text
        assert re.findall(r'<form method="post"[^>]*action="([^"]*)"', html) == ["/logout"]


def test_members_are_changed_by_forms(here: Office) -> None:
    id = here.with_everybody()
    lead = here.browser("lead")
    csrf, path = here.csrf(lead), f"/documents/{id}/members"
    assert lead.post(path, data={"csrf": csrf, "user": "u-stranger", "role": "reader"}).status_code == 303
    assert here.browser("stranger").get(f"/documents/{id}").status_code == 200
    assert lead.post(path, data={"csrf": csrf, "user": "u-stranger", "remove": "1"}).status_code == 303
    assert here.browser("stranger").get(f"/documents/{id}").status_code == 404
    last = lead.post(path, data={"csrf": csrf, "user": "u-lead", "role": "reader"})
    assert last.status_code == 409
    assert "ít nhất một chủ trì" in last.text


def test_the_lead_renames_a_document(here: Office) -> None:
    id = here.with_everybody()
    lead, editor, path = here.browser("lead"), here.browser("editor"), f"/documents/{id}/settings"
    csrf = here.csrf(lead)
    assert lead.post(path, data={"csrf": csrf, "title": " Quy chế  làm việc mới "}).status_code == 303
    assert "Quy chế làm việc mới" in editor.get("/").text
    for title, code in (("  ", "title_missing"), ("a" * 301, "title_too_long")):
        refused = lead.put(f"/api{path}", json={"title": title, "secrecy": "secret"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)
        page = lead.post(path, data={"csrf": csrf, "title": title, "secrecy": "secret"})
        assert (page.status_code, 'role="alert"' in page.text) == (400, True)
    assert "TỐI MẬT" not in editor.get("/").text
    assert lead.put(f"/api{path}", json={"title": "Tên khác"}).status_code == 204
    assert "Tên khác" in editor.get(f"/documents/{id}").text
    assert editor.put(f"/api{path}", json={"title": "Của tôi"}).status_code == 403


def test_the_lead_says_whether_browsers_may_keep_anything(here: Office) -> None:
    id = here.with_everybody()
    lead, path = here.browser("lead"), f"/documents/{id}"

    def kept() -> bool:
        return bool(page_data(here.browser("editor").get(path).text)["document"]["kept_locally"])

    assert kept()
    assert lead.post(f"{path}/settings", data={"csrf": here.csrf(lead)}).status_code == 303
    assert not kept()
    assert lead.put(f"/api{path}/settings", json={"kept_locally": True}).status_code == 204
    assert kept()
    assert lead.put(f"/api{path}/settings", json={"kept_locally": "no"}).status_code == 400
    editor = here.browser("editor")
    assert editor.put(f"/api{path}/settings", json={"kept_locally": False}).status_code == 403
    assert editor.post(f"{path}/settings", data={"csrf": here.csrf(editor)}).status_code == 403
    assert kept()


def test_the_island_gets_what_it_starts_from(here: Office) -> None:
    id = here.with_everybody()
    data = page_data(here.browser("editor").get(f"/documents/{id}").text)
    assert data["document"]["id"] == id
    assert data["role"] == "editor"
    assert data["collab"] == f"/collab/{id}"
    assert data["user"]["color"].startswith("#")
    assert [v["in_force"] for v in data["versions"]] == [True]


def test_the_comparison_page_carries_rows_and_its_two_sides(here: Office) -> None:
    id = here.document()
    edit(here, id, "Khác hẳn.")
    lead = here.browser("lead")
    html = lead.get(f"/documents/{id}/comparison").text
    assert "<ins>Khác hẳn.</ins>" in html
    assert "<del>Hai.</del>" in html
    assert 'class="reason" data-provision=' in html
    assert "Sửa đổi" in html
    changed = lead.get(f"/documents/{id}/comparison.pdf?rows=changed")
    assert changed.headers["content-type"] == "application/pdf"
    assert changed.content == b'%PDF-["amended"] 3'
    narrow = lead.get(f"/documents/{id}/comparison.pdf?rows=changed&columns=2&by=article&orthography=1")
    assert narrow.content == b'%PDF-["amended"] 2'
    for bad in ("columns=5", "by=x", "rows=some", "orthography=yes", "formats=2", "renumbered=2"):
        refused = lead.get(f"/documents/{id}/comparison.docx?{bad}")
        assert refused.status_code == 400, bad


def test_a_third_text_stands_beside_the_two_on_the_page_and_in_print(here: Office) -> None:
    id = here.document()
    edit(here, id, "Khác hẳn.")
    lead = here.browser("lead")
    saved = lead.post(f"/api/documents/{id}/versions", json={"numbered": True}).json()["id"]
    chosen = f"after={saved}&third=draft"
    html = lead.get(f"/documents/{id}/comparison?{chosen}").text
    assert 'data-third="unchanged"' in html
    assert '<td class="third">' in html
    assert page_data(html)["third"] == "draft"
    assert lead.get(f"/documents/{id}/comparison.pdf?{chosen}&rows=changed").content == b'%PDF-["amended"] 2'
    assert lead.get(f"/documents/{id}/comparison.pdf?{chosen}&columns=3").content.endswith(b" 3")
    rows = lead.post(f"/api/documents/{id}/comparison/rows", json={"after": saved, "third": "draft"}).json()[
        "rows"
    ]
    assert all('data-third="' in row["html"] for row in rows)
    assert lead.get(f"/api/documents/{id}/comparison?{chosen}").json()["later"] == len(rows)
    assert lead.get(f"/documents/{id}/comparison?third=").text.count('td class="third"') == 0
    assert lead.get(f"/documents/{id}/comparison?third=none").status_code == 404


def test_the_language_is_chosen_by_link_and_remembered(here: Office) -> None:
    client = here.browser("lead")
    assert '<html lang="vi"' in client.get("/").text
    assert '<html lang="en"' in client.get("/?lang=en").text
    assert '<html lang="en"' in client.get("/documents/new").text
    assert '<html lang="vi"' in client.get("/documents/new?lang=vi").text
    assert '<html lang="vi"' in client.get("/?lang=xx").text


def test_no_page_shows_a_missing_message(here: Office) -> None:
    id = here.document(text=TEXT)
    lead = here.browser("lead")
    version = here.store.versions.for_document(DocumentId(id))[0].id
    for language in ("vi", "en"):
        home = f"/documents/{id}"
        pages = ("versions", "members", f"versions/{version}", "comparison")
        for path in ("/", "/documents/new", "/nothing", *(f"{home}/{page}" for page in pages)):
            html = lead.get(f"{path}?lang={language}").text
            assert not re.search(r"\[(web|error|kind|doubt|note|table)\.[a-z_.]+\]", html), path


def test_an_error_is_a_page_with_a_way_home(here: Office) -> None:
    page = here.browser("lead").get("/nothing")
    assert page.status_code == 404
    assert "Không có trang này." in page.text
    assert 'href="/"' in page.text


def test_the_instrument_page_says_whether_it_is_proved_and_gives_its_files(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    assert "Dự thảo chưa khác văn bản hiện hành." in lead.get(f"/documents/{id}/instrument").text
    edit(here, id, "Khác hẳn.")
    page = lead.get(f"/documents/{id}/instrument")
    assert "Đã kiểm chứng" in page.text
    assert "Khác hẳn." in page.text
    for ending, begins in (("txt", "Điều 1.".encode()), ("pdf", b"%PDF"), ("docx", b"PK")):
        answer = lead.get(f"/documents/{id}/instrument.{ending}")
        assert answer.status_code == 200, answer.text
        assert begins in answer.content
        assert "attachment" in answer.headers["content-disposition"]
    assert here.browser("stranger").get(f"/documents/{id}/instrument").status_code == 404


def test_colours_are_chosen_for_this_browser_and_kept(here: Office) -> None:
    page = here.browser("lead")
    assert 'data-look="auto"' in page.get("/").text
    chosen = page.get("/?look=contrast")
    assert 'data-look="contrast"' in chosen.text
    assert 'data-look="contrast"' in page.get("/").text
    assert 'data-look="contrast"' in page.get("/?look=<script>").text
    assert 'data-look="auto"' in page.get("/?look=auto").text
