"""The house's wording of amending documents: an administrator's page, honoured by every instrument."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.test_api import edit
from tests.support.office import Office, TestClient, office

PAGE = "/house/wording"


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def test_only_an_administrator_opens_and_changes_it(here: Office, admin: TestClient) -> None:
    other = here.browser("editor")
    assert other.get(PAGE).status_code == 403
    assert other.post(PAGE, data={"csrf": here.csrf(other), "save": "1"}).status_code == 403
    assert PAGE not in other.get("/").text
    assert PAGE in admin.get("/").text
    assert here.browser().get(PAGE).status_code == 303


def test_every_template_is_on_the_page_once(here: Office, admin: TestClient) -> None:
    from duthao.domain.amend.templates import DEFAULTS
    from duthao.web.house_pages import GROUPS

    named = [name for group in GROUPS.values() for name in group]
    assert sorted(named) == sorted(DEFAULTS)
    html = admin.get(PAGE).text
    assert all(f'name="{name}"' in html for name in DEFAULTS)


def test_a_preview_speaks_what_was_typed_and_saves_nothing(here: Office, admin: TestClient) -> None:
    sent = {"csrf": here.csrf(admin), "repeal": "Hủy bỏ {targets}", "preview": "1"}
    shown = admin.post(PAGE, data=sent)
    assert shown.status_code == 200
    assert "Hủy bỏ khoản 3 Điều 2" in shown.text
    assert "Hủy bỏ" not in admin.get(PAGE).text


def test_what_is_saved_is_used_by_every_instrument(here: Office, admin: TestClient) -> None:
    id = here.with_everybody()
    edit(here, id, "Phạm vi mới.", "editor")
    assert "như sau:" in admin.get(f"/documents/{id}/instrument.txt").text
    sent = {"csrf": here.csrf(admin), "amend": "Sửa đổi {targets} như sau:", "save": "1"}
    sent["effect"] = "{type} này có hiệu lực sau 15 ngày, kể từ ngày ký."
    assert admin.post(PAGE, data=sent).headers["location"] == f"{PAGE}?saved=1"
    assert "Đã lưu" in admin.get(f"{PAGE}?saved=1").text
    written = admin.get(f"/documents/{id}/instrument.txt").text
    assert "có hiệu lực sau 15 ngày" in written
    sent = {"csrf": here.csrf(admin), "save": "1"}
    assert admin.post(PAGE, data=sent).status_code == 303
    assert "có hiệu lực kể từ ngày ký" in admin.get(f"/documents/{id}/instrument.txt").text


@pytest.mark.parametrize(
    ("name", "text"),
    [("repeal", "Thôi không dùng {targets}"), ("amend", "Sửa đổi như sau:"), ("drop", "Bỏ “{old}” tại {x}")],
)
@pytest.mark.parametrize("button", ["save", "preview"])
def test_a_wording_that_will_not_do_is_shown_again_and_not_kept(
    here: Office, admin: TestClient, name: str, text: str, button: str
) -> None:
    answer = admin.post(PAGE, data={"csrf": here.csrf(admin), name: text, button: "1"})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert text in answer.text.replace("&#34;", '"')
    assert here.store.house.get("instrument_templates") is None


def test_a_form_from_elsewhere_is_refused(here: Office, admin: TestClient) -> None:
    assert admin.post(PAGE, data={"csrf": "x", "save": "1"}).status_code == 403


def test_a_wording_that_this_release_does_not_take_is_told_and_the_standard_used(
    here: Office, admin: TestClient
) -> None:
    from duthao.store.ports import EpochMillis, HouseSetting

    lead = here.store.users.by_username("lead")
    assert lead is not None
    value = '{"abolished": "x"}'
    here.store.house.put(HouseSetting("instrument_templates", value, lead.id, EpochMillis(1)))
    assert "abolished" in admin.get(PAGE).text
    id = here.with_everybody()
    edit(here, id, "Phạm vi mới.", "editor")
    assert admin.get(f"/documents/{id}/instrument").status_code == 200


def test_the_house_has_its_own_short_forms_which_the_room_brings(here: Office, admin: TestClient) -> None:
    page, other = "/house/terms", here.browser("editor")
    id = here.with_everybody()
    assert other.get(page).status_code == 403
    assert other.post(page, data={"csrf": here.csrf(other), "list": ""}).status_code == 403
    assert '["BCH", "Ban Chấp hành"]' in other.get(f"/documents/{id}").text
    assert "BCH = Ban Chấp hành" in admin.get(page).text
    csrf = here.csrf(admin)
    wrong = admin.post(page, data={"csrf": csrf, "list": "BKT = Ban Kinh tế\nban"})
    assert (wrong.status_code, "Dòng 2:" in wrong.text, "BKT = Ban Kinh tế" in wrong.text) == (
        400,
        True,
        True,
    )
    told = {"csrf": csrf, "list": "bkt = Ban Kinh tế\nĐảng ủy Khối"}
    assert admin.post(page, data=told).headers["location"] == f"{page}?saved=1"
    shown = other.get(f"/documents/{id}").text
    assert '"terms": {"short": [["BKT", "Ban Kinh tế"]], "names": ["Đảng ủy Khối"]}' in shown
    assert "Dùng lại danh sách có sẵn" in admin.get(page).text
    assert admin.post(page, data={"csrf": csrf, "standard": "1"}).status_code == 303
    assert "Ban Chấp hành" in other.get(f"/documents/{id}").text
