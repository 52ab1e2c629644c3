"""Rounds of opinions over HTTP: who may what, and what a private link reaches."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from duthao.domain.days import field_of, moment
from duthao.domain.document import UserId
from duthao.domain.rounds import Way
from duthao.domain.units import Seat, Term, Unit, UnitKind
from duthao.service.answers import MAX_FILE, WRONG_LINKS
from duthao.service.people import add_user
from tests.support.office import START, Office, office

DAY = 24 * 3600 * 1000
LINK = re.compile(r'value="http://office\.test(/answer/[^"]+)"')
UNIT = "Đảng ủy phường Yên Giang"


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


class Desk:
    """A document with a numbered draft, its lead, and rounds about it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.document = office.with_everybody()
        self.lead = office.browser("lead")
        assert self.post(self.lead, f"/documents/{self.document}/versions", numbered="1").status_code == 303
        self.version = office.store.versions.for_document(self.document)[0]  # type: ignore[arg-type]

    def post(self, client: Any, path: str, **fields: str) -> Any:
        fields.setdefault("csrf", self.office.csrf(client))
        return client.post(path, data={name.replace("_", "-") if name.startswith("member") else name: value
                                       for name, value in fields.items()})  # fmt: skip

    def ask(self, *members: str, units: str = "", days: float = 5, **more: str) -> tuple[str, list[str]]:
        """A round's id, and the private links that were shown."""
        deadline = field_of(self.office.clock.now + int(days * DAY))
        fields = {f"member-u-{one}": "1" for one in members}
        answer = self.post(
            self.lead, f"/documents/{self.document}/rounds", version=self.version.id, deadline=deadline,
            units=units, question="Đồng chí có đồng ý với dự thảo không?", **fields, **more,
        )  # fmt: skip
        assert answer.status_code in (200, 303), answer.text
        made = self.office.store.rounds.for_document(self.document)[0]  # type: ignore[arg-type]
        return made.id, LINK.findall(answer.text)

    def later(self, days: float) -> None:
        """Time goes by; who was idle signs in again."""
        self.office.clock.now += int(days * DAY)
        self.lead = self.office.browser("lead")

    def page(self, client: Any, path: str, status: int = 200) -> str:
        answer = client.get(path)
        assert answer.status_code == status, answer.text
        return str(answer.text)

    def answer(self, client: Any, path: str, **fields: str) -> Any:
        """Answer as the form of that page does."""
        html = self.page(client, path)
        for name in ("csrf", "edition"):
            form = html.split(f'<form method="post" action="{path}"')[1]
            found = re.search(rf'name="{name}" value="([^"]*)"', form)
            assert found is not None
            fields.setdefault(name, found[1])
        fields.setdefault("do", "send")
        return client.post(path, data=fields)


@pytest.fixture
def desk(here: Office) -> Desk:
    return Desk(here)


def provision(desk: Desk) -> str:
    """An id of the frozen draft."""
    found = re.search(r'data-give="([^"]+)"', desk.page(desk.office.browser("commenter"), answer_path(desk)))
    assert found is not None
    return found[1]


def answer_path(desk: Desk) -> str:
    return f"/rounds/{desk.office.store.rounds.for_document(desk.document)[0].id}/answer"  # type: ignore[arg-type]


def test_a_unit_answers_by_its_link_and_the_lead_sees_it(desk: Desk) -> None:
    round_, links = desk.ask("commenter", units=f"{UNIT}; yengiang@example.vn")
    assert len(links) == 1
    unit = desk.office.browser()
    html = desk.page(unit, links[0])
    for words in ("Đồng chí có đồng ý với dự thảo không?", UNIT, "Phạm vi", "Dự thảo lần 1"):
        assert words in html
    on = provision(desk)
    saved = desk.answer(
        unit, links[0], do="save", verdict="remarks", **{"on-1": on, "text-1": "Đề nghị\nbỏ khoản 2"}
    )
    assert saved.status_code == 303
    assert "Đề nghị\nbỏ khoản 2" in desk.page(unit, links[0])
    assert "Đề nghị" not in desk.page(desk.lead, f"/rounds/{round_}"), "a draft is nobody else's"
    sent = desk.answer(
        unit, links[0], verdict="remarks", general="Nhất trí về bố cục", letter="12-CV/ĐU",
        **{"on-1": on, "text-1": "Đề nghị\nbỏ khoản 2", "wording-1": "Một câu khác"},
    )  # fmt: skip
    assert (sent.status_code, sent.headers["location"]) == (303, f"{links[0]}?sent=1")
    seen = desk.page(desk.lead, f"/rounds/{round_}")
    for words in ("Nhất trí về bố cục", "Đề nghị\nbỏ khoản 2", "Một câu khác", "12-CV/ĐU", "Đã trả lời: 1"):
        assert words in seen
    found = desk.office.store.opinions.for_round(round_)
    assert {(o.giver, o.text, o.wording, o.letter, o.late, o.version_id) for o in found} == {
        (UNIT, "Nhất trí về bố cục", "", "12-CV/ĐU", False, desk.version.id),
        (UNIT, "Đề nghị\nbỏ khoản 2", "Một câu khác", "12-CV/ĐU", False, desk.version.id),
    }


def test_who_is_asked_without_a_role_reads_that_draft_and_nothing_else(desk: Desk) -> None:
    round_, _ = desk.ask("stranger")
    stranger = desk.office.browser("stranger")
    assert f"/rounds/{round_}/answer" in desk.page(stranger, "/")
    assert "đề nghị đồng chí cho ý kiến" in desk.page(stranger, "/notifications")
    assert "Phạm vi" in desk.page(stranger, f"/rounds/{round_}/answer")
    assert desk.answer(stranger, f"/rounds/{round_}/answer", verdict="agree").status_code == 303
    for path in ("", "/versions", f"/versions/{desk.version.id}", "/comparison", "/rounds", "/draft.pdf"):
        assert stranger.get(f"/documents/{desk.document}{path}").status_code == 404
    assert stranger.get(f"/api/documents/{desk.document}/text").status_code == 404
    for path in ("", "/paper"):
        assert stranger.get(f"/rounds/{round_}{path}").status_code == 404


def test_a_round_has_sheets_to_answer_on_by_hand(desk: Desk) -> None:
    round_, links = desk.ask("commenter", units=UNIT)
    asked = desk.office.store.rounds.invitations(round_)
    for path in ("sheet.pdf", f"sheet.pdf?invitation={asked[0].id}", "sheet.docx"):
        assert desk.lead.get(f"/rounds/{round_}/{path}").status_code == 200
    assert desk.lead.get(f"/rounds/{round_}/sheet.pdf?invitation=nobody").status_code == 404
    assert desk.office.browser("commenter").get(f"/rounds/{round_}/sheet.pdf").status_code == 403
    assert desk.office.browser("stranger").get(f"/rounds/{round_}/sheet.docx").status_code == 404
    assert desk.office.browser("commenter").get(f"/rounds/{round_}/answer/sheet.pdf").status_code == 200
    own = desk.office.browser().get(f"{links[0]}/sheet.pdf")
    assert (own.status_code, UNIT.encode() in own.content) == (200, True)


ALL = ("lead", "editor", "commenter", "reader", "stranger")


@pytest.mark.parametrize(
    ("method", "path", "fields", "allowed"),
    [
        ("GET", "/documents/{d}/rounds", {}, ("lead", "editor", "commenter", "reader")),
        ("POST", "/documents/{d}/rounds", {"version": "{v}", "deadline": "{t}", "units": "A"}, ("lead",)),
        ("GET", "/rounds/{r}", {}, ("lead", "editor")),
        ("GET", "/rounds/{r}/paper", {}, ("lead", "editor")),
        ("POST", "/rounds/{r}/paper", {"way": "meeting", "giver": "X", "general": "Y", "at": "{p}"},
         ("lead", "editor")),
        ("POST", "/rounds/{r}", {"do": "remind"}, ("lead", "editor")),
        ("POST", "/rounds/{r}", {"do": "close"}, ("lead",)),
        ("POST", "/rounds/{r}", {"do": "extend", "deadline": "{t}"}, ("lead",)),
        ("POST", "/rounds/{r}", {"do": "invite", "units": "B"}, ("lead",)),
        ("POST", "/rounds/{r}", {"do": "link", "invitation": "{i}"}, ("lead",)),
        ("POST", "/rounds/{r}", {"do": "revoke", "invitation": "{i}"}, ("lead",)),
        ("POST", "/rounds/{r}", {"do": "withdraw", "invitation": "{i}"}, ("lead",)),
        ("GET", "/rounds/{r}/answer", {}, ("commenter",)),
        ("GET", "/rounds/{r}/answer/draft.pdf", {}, ("commenter",)),
        ("POST", "/rounds/{r}/answer", {"verdict": "agree", "edition": "0", "do": "send"}, ("commenter",)),
    ],
)  # fmt: skip
def test_a_route_is_open_to_its_roles_and_to_no_link(
    desk: Desk, method: str, path: str, fields: dict[str, str], allowed: tuple[str, ...]
) -> None:
    round_, links = desk.ask("commenter", units=UNIT)
    unit = desk.office.store.rounds.invitations(round_)[1]
    filled = {
        "d": desk.document, "r": round_, "v": desk.version.id, "i": unit.id,
        "t": field_of(START + 9 * DAY), "p": field_of(START),
    }  # fmt: skip
    path, fields = path.format(**filled), {k: v.format(**filled) for k, v in fields.items()}
    for who in ALL[::-1]:
        client = desk.office.browser(who)
        answer = client.get(path) if method == "GET" else desk.post(client, path, **fields)
        expected = (200, 303) if who in allowed else (403, 404)
        assert answer.status_code in expected, (who, answer.status_code)
    outside = desk.office.browser()
    outside.get(links[0])
    answer = outside.get(path) if method == "GET" else outside.post(path, data=fields | {"csrf": "x"})
    assert answer.status_code == (303 if method == "GET" else 401)
    if method == "GET":
        assert answer.headers["location"].startswith("/login")


def test_a_link_reaches_its_own_round_only_until_it_is_taken_back(desk: Desk) -> None:
    first, links = desk.ask(units=f"{UNIT}\nSở Nội vụ")
    other, others = desk.ask(units="Ban khác")
    unit = desk.office.browser()
    one, _ = desk.office.store.rounds.invitations(first)
    files = {"file": ("cv.pdf", b"%PDF-1", "application/pdf")}
    csrf = re.search(r'name="csrf" value="([^"]*)"', desk.page(unit, links[0]))
    assert csrf is not None
    added = unit.post(links[0], data={"csrf": csrf[1], "do": "attach", "edition": "0"}, files=files)
    assert added.status_code == 303
    file = desk.office.store.rounds.files(first, one.id)[0]
    found = unit.get(f"{links[0]}/files/{file.id}")
    assert (found.content, found.headers["content-type"]) == (b"%PDF-1", "application/octet-stream")
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["x-content-type-options"] == "nosniff"
    for path in (links[1], others[0]):
        assert unit.get(f"{path}/files/{file.id}").status_code == 404
    # The CSRF value of one link opens no other.
    assert unit.post(links[1], data={"csrf": csrf[1], "do": "save", "edition": "0"}).status_code == 403
    assert desk.lead.get(f"/rounds/{first}/files/{file.id}").status_code == 404, "not sent yet"
    assert desk.answer(unit, links[0], verdict="agree").status_code == 303
    assert desk.lead.get(f"/rounds/{first}/files/{file.id}").content == b"%PDF-1"
    assert desk.lead.get(f"/rounds/{other}/files/{file.id}").status_code == 404
    again = desk.post(desk.lead, f"/rounds/{first}", do="link", invitation=one.id)
    renewed = LINK.findall(again.text)
    assert len(renewed) == 1
    assert unit.get(links[0]).status_code == 404
    assert unit.get(renewed[0]).status_code == 200
    desk.post(desk.lead, f"/rounds/{first}", do="revoke", invitation=one.id)
    assert unit.get(renewed[0]).status_code == 404
    assert unit.get(links[1]).status_code == 200
    desk.office.clock.now += 36 * DAY
    assert unit.get(links[1]).status_code == 404, "too old"


def test_the_lead_sees_until_when_a_private_link_works(desk: Desk) -> None:
    round_, _ = desk.ask("reader", units=UNIT, days=2)
    path, (_, unit) = f"/rounds/{round_}", desk.office.store.rounds.invitations(round_)
    assert unit.link_until is not None
    until = f"Đường dẫn riêng dùng đến {moment(unit.link_until)}"
    assert desk.page(desk.lead, path).count("Đường dẫn riêng dùng đến") == 1, "a person signs in"
    assert until in desk.page(desk.lead, path)
    desk.later(40)
    assert f"Đường dẫn riêng đã hết hạn {moment(unit.link_until)}" in desk.page(desk.lead, path)
    assert desk.post(desk.lead, path, do="revoke", invitation=unit.id).status_code == 303
    assert "Đường dẫn riêng đ" not in desk.page(desk.lead, path)


def test_a_whole_group_is_asked_each_once(desk: Desk) -> None:
    store, users = desk.office.store, desk.office.users
    store.units.put_unit(Unit("k", None, UnitKind.UNIT, "Khối <Đảng>"))
    store.units.put_unit(Unit("g", "k", UnitKind.GROUP, "Tổ biên tập"))
    store.units.put_term(Term("old", "2015–2020", "2015-01-01", "2020-12-31"))
    for n, (unit, who, term) in enumerate(
        (("k", "reader", None), ("g", "commenter", None), ("k", "stranger", "old"))
    ):
        store.units.put_seat(Seat(f"s{n}", unit, users[who], "", term))
    page = desk.page(desk.lead, f"/documents/{desk.document}/rounds")
    assert ("Khối &lt;Đảng&gt; (2 người)" in page, "– Tổ biên tập (1 người)" in page) == (True, True)
    id_, links = desk.ask("reader", **{"body-k": "1"})
    assert not links
    asked = [one.user_id for one in store.rounds.invitations(id_)]
    assert sorted(asked) == ["u-commenter", "u-reader"], "who sat there for a term that is over is not asked"
    store.units.put_seat(Seat("s9", "g", users["editor"], "", None))
    assert desk.post(desk.lead, f"/rounds/{id_}", do="invite", **{"body-g": "1"}).status_code == 303
    assert "u-editor" in [one.user_id for one in store.rounds.invitations(id_)]
    again = desk.post(desk.lead, f"/rounds/{id_}", do="invite", **{"body-g": "1"})
    assert again.status_code == 400, "nobody new"
    wrong = desk.post(desk.lead, f"/rounds/{id_}", do="invite", **{"body-none": "1"})
    assert wrong.status_code == 404


def test_who_can_be_asked_is_listed_as_names_are_in_vietnamese(desk: Desk) -> None:
    names = ("Lê Văn Đức", "Phạm Thị Yến", "Trần Văn Ánh", "Nguyễn Văn Ân", "Hồ Thị Dung")
    for n, name in enumerate(names):
        add_user(desk.office.store, UserId(f"n{n}"), f"n{n}", name, "", "x", 1)
    page = desk.page(desk.lead, f"/documents/{desk.document}/rounds")
    listed = [name for name in re.findall(r"<span>([^<]+?)</span>", page) if name in names]
    assert listed == ["Trần Văn Ánh", "Nguyễn Văn Ân", "Hồ Thị Dung", "Lê Văn Đức", "Phạm Thị Yến"]


def test_links_that_lead_nowhere_are_looked_up_a_few_times_only(desk: Desk) -> None:
    _, links = desk.ask(units=UNIT)
    unit = desk.office.browser()
    for n in range(WRONG_LINKS):
        assert unit.get(f"/answer/guess{n}").status_code == 404
    assert unit.get("/answer/guess").status_code == 429
    desk.office.clock.now += 11 * 60_000
    assert unit.get(links[0]).status_code == 200


def test_no_token_is_stored_or_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "duthao")
    round_, links = desk.ask(units=UNIT)
    token = links[0].removeprefix("/answer/")
    unit = desk.office.browser()
    desk.answer(unit, links[0], verdict="disagree", general="Không nhất trí")
    assert token not in repr(desk.office.store.rounds.invitations(round_))
    assert token not in caplog.text
    assert "Không nhất trí" not in caplog.text
    assert token not in desk.page(desk.lead, f"/rounds/{round_}")
    assert token not in desk.lead.get(f"/documents/{desk.document}/rounds").text


def test_until_the_deadline_it_may_be_changed_and_what_comes_later_is_late(desk: Desk) -> None:
    round_, links = desk.ask("commenter", units=UNIT, days=2, silent_members="1")
    unit = desk.office.browser()
    assert desk.answer(unit, links[0], verdict="disagree", general="Chưa đồng ý").status_code == 303
    kept = desk.office.store.opinions.for_round(round_)
    again = {"general": "Chưa đồng ý", "on-1": "", "text-1": "Thêm một ý"}
    assert desk.answer(unit, links[0], verdict="remarks", **again).status_code == 303
    found = desk.office.store.opinions.for_round(round_)
    assert [o.text for o in found] == ["Chưa đồng ý", "Thêm một ý"]
    assert found[0] == kept[0], "said again in the same words it is the same opinion"
    assert "tính là đồng ý: 1" not in desk.page(desk.lead, f"/rounds/{round_}")
    desk.later(3)
    assert "tính là đồng ý: 1" in desk.page(desk.lead, f"/rounds/{round_}")
    html = desk.page(unit, links[0])
    assert 'id="answer-form"' not in html
    assert "Thêm một ý" in html
    member = desk.office.browser("commenter")
    path = f"/rounds/{round_}/answer"
    assert desk.answer(member, path, verdict="remarks", general="Muộn").status_code == 303
    assert [o.late for o in desk.office.store.opinions.for_round(round_)] == [False, False, True]
    seen = desk.page(desk.lead, f"/rounds/{round_}")
    assert "Trả lời muộn: 1" in seen
    assert "(tính là đồng ý:" not in seen


def test_the_clerk_enters_what_came_on_paper_and_was_said(desk: Desk) -> None:
    round_, _ = desk.ask("commenter", units=UNIT, days=2)
    unit = desk.office.store.rounds.invitations(round_)[1]
    desk.later(3)
    clerk = desk.office.browser("editor")
    desk.post(desk.lead, f"/rounds/{round_}", do="close")
    entered = desk.post(
        clerk, f"/rounds/{round_}/paper", way="paper", invitation=unit.id, at=field_of(START + DAY),
        verdict="remarks", general="Nguyên văn", letter="5-CV/ĐU; trang 2, dòng 10",
    )  # fmt: skip
    assert entered.status_code == 303
    said = {"way": "meeting", "giver": "Đồng chí Lê Văn A", "at": field_of(desk.office.clock.now)}
    assert desk.post(clerk, f"/rounds/{round_}/paper", **said, general="Tôi đề nghị").status_code == 303
    found = desk.office.store.opinions.for_round(round_)
    assert [(o.giver, o.source.value, o.late, o.letter) for o in found] == [
        (UNIT, "round", False, "5-CV/ĐU; trang 2, dòng 10"), ("Đồng chí Lê Văn A", "meeting", True, ""),
    ]  # fmt: skip
    answers = desk.office.store.rounds.answers(round_)
    assert [one.way for one in answers] == [Way.PAPER, Way.MEETING]
    html = desk.page(clerk, f"/rounds/{round_}/paper?answer={answers[0].id}")
    assert "Nguyên văn" in html
    assert 'name="seen" value="1"' in html
    fields = {"way": "paper", "invitation": unit.id, "at": field_of(START + DAY), "verdict": "remarks",
              "answer": answers[0].id, "seen": "1"}  # fmt: skip
    assert desk.post(clerk, f"/rounds/{round_}/paper", **fields, general="Nguyên văn đúng").status_code == 303
    assert [o.text for o in desk.office.store.opinions.for_round(round_)] == [
        "Nguyên văn đúng",
        "Tôi đề nghị",
    ]
    past = desk.office.store.opinions.for_round(round_, past=True)
    assert "Nguyên văn" in [o.text for o in past]
    assert desk.post(clerk, f"/rounds/{round_}/paper", **fields, general="Hai lần").status_code == 409
    nothing = desk.post(clerk, f"/rounds/{round_}/paper", **said)
    assert nothing.status_code == 400


def test_reminders_go_to_who_has_not_answered_and_not_twice_an_hour(desk: Desk) -> None:
    round_, _ = desk.ask("commenter", "reader", units=UNIT)
    desk.answer(desk.office.browser("reader"), f"/rounds/{round_}/answer", verdict="agree")
    told = desk.post(desk.lead, f"/rounds/{round_}", do="remind")
    assert told.headers["location"].endswith("?reminded=2")
    assert desk.post(desk.lead, f"/rounds/{round_}", do="remind").headers["location"].endswith("=0")
    assert "nhắc đồng chí cho ý kiến" in desk.page(desk.office.browser("commenter"), "/notifications")
    assert "nhắc đồng chí cho ý kiến" not in desk.page(desk.office.browser("reader"), "/notifications")


def test_a_closed_round_takes_no_answers_until_it_is_extended(desk: Desk) -> None:
    round_, links = desk.ask(units=f"{UNIT}\nSở Nội vụ")
    unit = desk.office.browser()
    csrf = re.search(r'name="csrf" value="([^"]*)"', desk.page(unit, links[0]))
    assert csrf is not None
    form = {"csrf": csrf[1], "edition": "0", "do": "send", "verdict": "agree"}
    desk.post(desk.lead, f"/rounds/{round_}", do="close")
    assert unit.post(links[0], data=form).status_code == 409
    desk.post(desk.lead, f"/rounds/{round_}", do="extend", deadline=field_of(START + 9 * DAY))
    assert unit.post(links[0], data=form).status_code == 303
    one = desk.office.store.rounds.invitations(round_)[1]
    own = {"do": "extend", "invitation": one.id}
    assert (
        desk.post(desk.lead, f"/rounds/{round_}", **own, deadline=field_of(START + 8 * DAY)).status_code
        == 400
    )
    assert (
        desk.post(desk.lead, f"/rounds/{round_}", **own, deadline=field_of(START + 12 * DAY)).status_code
        == 303
    )
    desk.office.clock.now = START + 11 * DAY
    assert desk.answer(unit, links[1], verdict="agree").status_code == 303
    assert [one.late for one in desk.office.store.rounds.answers(round_)] == [False, False]


def test_a_draft_is_kept_as_one_goes_and_two_windows_do_not_overwrite_each_other(desk: Desk) -> None:
    _, links = desk.ask(units=UNIT)
    unit = desk.office.browser()
    csrf = re.search(r'name="csrf" value="([^"]*)"', desk.page(unit, links[0]))
    assert csrf is not None
    form = {"csrf": csrf[1], "do": "save", "general": "một"}
    wants = {"accept": "application/json"}
    first = unit.post(links[0], data=form | {"edition": "0"}, headers=wants)
    assert (first.status_code, first.json()["edition"]) == (200, 1)
    second = unit.post(links[0], data=form | {"edition": "0", "general": "hai"}, headers=wants)
    assert (second.status_code, second.json()["error"]["code"]) == (409, "answer_changed")
    shown = unit.post(links[0], data=form | {"edition": "0", "general": "hai", "do": "send"})
    assert shown.status_code == 409
    assert ">hai</textarea>" in shown.text
    missing = unit.post(links[0], data=form | {"edition": "1", "general": "ba", "do": "send"})
    assert missing.status_code == 400
    assert ">ba</textarea>" in missing.text
    assert 'name="edition" value="2"' in missing.text


def test_what_is_out_of_bounds_is_refused(desk: Desk) -> None:
    round_, links = desk.ask(units=UNIT)
    unit = desk.office.browser()
    on = desk.answer(unit, links[0], verdict="remarks", **{"on-1": "nowhere", "text-1": "x"})
    assert on.status_code == 404
    long = desk.answer(unit, links[0], verdict="remarks", general="x" * 20_001)
    assert long.status_code == 400
    assert desk.answer(unit, links[0], verdict="maybe").status_code == 400
    csrf = re.search(r'name="csrf" value="([^"]*)"', desk.page(unit, links[0]))
    assert csrf is not None
    for content, status in ((b"x" * (MAX_FILE + 1), 413), (b"", 400)):
        data = {"csrf": csrf[1], "do": "attach", "edition": str(edition(desk, round_))}
        answer = unit.post(links[0], data=data, files={"file": ("a.txt", content, "text/plain")})
        assert answer.status_code == status
    bad = {"version": desk.version.id, "units": "A", "deadline": field_of(START - DAY)}
    assert desk.post(desk.lead, f"/documents/{desk.document}/rounds", **bad).status_code == 400
    for units in ("", "A\nA", "A; nowhere"):
        fields = bad | {"units": units, "deadline": field_of(START + DAY)}
        assert desk.post(desk.lead, f"/documents/{desk.document}/rounds", **fields).status_code == 400
    current = next(v for v in desk.office.store.versions.for_document(desk.document) if v.kind == "current")  # type: ignore[arg-type]
    fields = bad | {"version": current.id, "deadline": field_of(START + DAY)}
    assert desk.post(desk.lead, f"/documents/{desk.document}/rounds", **fields).status_code == 400


def edition(desk: Desk, round_: str) -> int:
    return desk.office.store.rounds.invitations(round_)[0].draft_edition


def test_who_was_asked_by_mistake_is_out_and_can_be_asked_again(desk: Desk) -> None:
    round_, _ = desk.ask("stranger", units=UNIT)
    one = desk.office.store.rounds.invitations(round_)[0]
    desk.post(desk.lead, f"/rounds/{round_}", do="withdraw", invitation=one.id)
    stranger = desk.office.browser("stranger")
    assert stranger.get(f"/rounds/{round_}/answer").status_code == 404
    assert "Đã gửi: 1" in desk.page(desk.lead, f"/rounds/{round_}")
    desk.post(desk.lead, f"/rounds/{round_}", do="invite", member_u_stranger="1")
    assert stranger.get(f"/rounds/{round_}/answer").status_code == 200
    desk.answer(stranger, f"/rounds/{round_}/answer", verdict="agree")
    gone = desk.post(desk.lead, f"/rounds/{round_}", do="withdraw", invitation=one.id)
    assert gone.status_code == 409
