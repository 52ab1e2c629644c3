"""What was answered comes back to who was asked: to a unit by its private link, to a person by the bell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from duthao.domain.days import field_of
from duthao.settings import Settings
from tests.integration.test_rounds_pages import UNIT, Desk
from tests.support.office import office


@pytest.fixture
def desk() -> Iterator[Desk]:
    with office() as made:
        yield Desk(made)


def test_a_unit_with_an_address_is_written_to_when_its_opinions_are_answered() -> None:
    sent: list[tuple[str, str, str]] = []
    house = Settings(comparison_workers=0, public_origin="https://duthao.example.vn")
    with office(house, lambda *one: sent.append(one)) as made:
        desk = Desk(made)
        round_, _ = desk.ask(units=f"{UNIT}; a@example.vn\nBan B; b@example.vn\nBan C; c@example.vn\nBan D")
        asked = {one.name: one.id for one in made.store.rounds.invitations(round_)}
        for name in (UNIT, "Ban B", "Ban D"):
            entry = {
                "way": "paper",
                "invitation": asked[name],
                "at": field_of(made.clock.now),
                "general": name,
            }
            assert desk.post(desk.lead, f"/rounds/{round_}/paper", **entry).status_code == 303
        sent.clear()
        base = f"/documents/{desk.document}/opinions"
        for one in made.store.opinions.for_round(round_):
            if one.giver != "Ban B":
                said = {"do": "answer", "edition": "0", "stance": "kept", "text": "Vì lẽ riêng"}
                assert desk.post(desk.lead, f"{base}/{one.id}", **said).status_code == 303
        assert desk.post(desk.lead, base, do="send").status_code == 303
        # Who was not answered, who gave no opinion and who has no address are not written to.
        ((address, subject, body),) = sent
        assert (address, subject) == ("a@example.vn", "Trả lời ý kiến của quý đơn vị")
        assert "Vì lẽ riêng" not in body
        assert desk.post(desk.lead, base, do="send").status_code == 303
        assert len(sent) == 1, "nothing new, no letter"


def test_answers_stand_on_the_page_of_who_was_asked_once_they_are_sent(desk: Desk) -> None:
    round_, links = desk.ask("stranger", units=f"{UNIT}; yengiang@example.vn")
    unit, stranger = desk.office.browser(), desk.office.browser("stranger")
    assert desk.answer(unit, links[0], verdict="remarks", general="Nên nêu rõ phạm vi").status_code == 303
    own = f"/rounds/{round_}/answer"
    assert desk.answer(stranger, own, verdict="disagree", general="Bỏ chương này").status_code == 303
    base = f"/documents/{desk.document}/opinions"
    page = desk.page(desk.lead, base)
    for heap in [one.id for one in desk.office.store.opinions.for_round(round_)]:
        assert heap in page
        said = {"do": "answer", "edition": "0", "stance": "kept", "text": f"Vì lẽ {heap}"}
        assert desk.post(desk.lead, f"{base}/{heap}", **said).status_code == 303
    assert "Vì lẽ" not in desk.page(unit, links[0])
    assert desk.post(desk.lead, base, do="send").status_code == 303
    html = desk.page(unit, links[0])
    assert html.count("Vì lẽ") == 1
    assert "Giải trình, giữ nguyên" in html
    assert desk.page(stranger, own).count("Vì lẽ") == 1
    news = desk.page(stranger, "/notifications")
    assert "đã gửi trả lời" in news
    assert desk.page(stranger, base, 404)
