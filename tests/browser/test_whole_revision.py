"""A whole revision with nine people, on their screens: from the sample regulation to the issued one.

A lead, two editors, a clerk, four members and a unit with a private link. What is not the point of a
screen (accounts, roles, words that one of the team types later) goes the shorter way;
`tests/integration/test_whole_revision.py` tells the same over HTTP.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from duthao.domain.days import field_of
from duthao.domain.document import DocumentId, ProvisionId, UserId
from duthao.domain.rounds import counts
from duthao.service.people import add_user
from duthao.store.ports import EpochMillis, Membership, Role, VersionKind
from tests.browser.conftest import PASSWORD, shot
from tests.browser.test_two_people import put_caret, settled
from tests.conftest import absent
from tests.support.at_hand import DAY, AtHand, at_hand
from tests.support.served import house_in

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[1] / "samples" / "quy-che-lam-viec-ban-qlda-tphcm.txt"
TITLE = "Quy chế làm việc, cả quy trình"
TEAM = {"an": "Nguyễn Văn An", "binh": "Trần Thị Bình", "cuc": "Lê Thu Cúc", "dao": "Phạm Anh Đào"}
MEMBERS = {"mot": "Vũ Thành Một", "hai": "Đỗ Minh Hai", "ba": "Hoàng Lệ Ba", "bon": "Bùi Quang Bốn"}
UNIT = "Đảng ủy phường Yên Giang"
YEARLY = "Chương trình, kế hoạch công tác năm: chậm nhất vào ngày 15/11 hằng năm."
SENT = " Các phòng, ban gửi trước ngày 31/10."
PAPERS = "Tài liệu phục vụ cuộc họp gửi bằng văn bản điện tử."
WISH = "Đề nghị lùi thời hạn gửi đến ngày 05/11 hằng năm."
ADOPTED = "Đã lùi thời hạn gửi."
ANSWERED = " Các phòng, ban gửi trước ngày 05/11."
DECIDED = "Chương trình, kế hoạch công tác năm: chậm nhất vào ngày 20/11 hằng năm." + ANSWERED


class Office:
    """The nine, each with a browser, and what is on record."""

    def __init__(self, served: AtHand, browser: Browser) -> None:
        self.served, self.browser, self.address = served, browser, served.address
        self.services = served.house.services
        self.store = self.services.tools.store
        self.contexts: list[BrowserContext] = []
        self.failures: list[str] = []
        self.document, self.dossier, self.round = DocumentId(""), "", ""

    def page(self, width: int, height: int) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", has_touch=width < 500
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def enter(self, name: str, width: int = 1440, height: int = 900) -> Page:
        page = self.page(width, height)
        self.again(page, name)
        return page

    def again(self, page: Page, name: str) -> None:
        """Signed in, also after days."""
        said = {"username": name, "password": PASSWORD}
        assert page.context.request.post(f"{self.address}/api/login", data=said).ok

    def write(self, name: str, old: str, new: str) -> None:
        """What one of the team types when nobody looks."""

        async def typed() -> None:
            draft, _ = await self.served.house.rooms.read(self.document)
            provisions = tuple(replace(p, text=p.text.replace(old, new)) for p in draft.provisions)
            assert provisions != draft.provisions
            await self.served.house.rooms.restore(
                self.document, replace(draft, provisions=provisions), UserId(name)
            )

        self.served.do(typed())

    def id_of(self, words: str) -> ProvisionId:
        draft, _ = self.served.do(self.served.house.rooms.read(self.document))
        return next(one.id for one in draft.provisions if words in one.text)

    def step(self, page: Page, act: str, state: str, **fields: str) -> None:
        """The lead takes a step in the dossier: `fields` by their names, a choice by its value."""
        page.goto(f"{self.address}/dossiers/{self.dossier}")
        form = page.locator(f"#step-{act}")
        if not form.is_visible():
            page.locator("#step details", has=form).locator("summary").click()
        for name, value in fields.items():
            field = form.locator(f'[name="{name}"]')
            if field.first.get_attribute("type") == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            elif field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator("button.primary").click()
        expect(page.locator("main [role=alert]")).to_have_count(0)
        expect(page.locator(".route [aria-current=step]")).to_contain_text(state)


@pytest.fixture
def office(tmp_path: Path, browser: Browser) -> Iterator[Office]:
    if not shutil.which("pdftotext"):
        absent("pdftotext (poppler-utils)")
    with at_hand(house_in(tmp_path / "house")) as served:
        made = Office(served, browser)
        # One password for all: each takes a core a tenth of a second.
        hashed = made.services.sign_in.password_hash(PASSWORD)
        for name, called in (TEAM | MEMBERS).items():
            add_user(made.store, UserId(name), name, called, "", hashed, EpochMillis(1))
        yield made
        for context in made.contexts:
            context.close()
    assert made.failures == []


def test_nine_people_from_the_sample_to_the_issued_regulation(office: Office, tmp_path: Path) -> None:
    lead = office.enter("an")
    begun(office, lead)
    drafted(office, lead)
    link = asked(office, lead)
    answered(office, lead, link)
    gathered(office, lead)
    adopted(office, lead)
    printed(office, lead, tmp_path)


def begun(office: Office, lead: Page) -> None:
    """The sample comes in as a file; its dossier has a plan and a working group."""
    lead.goto(f"{office.address}/documents/import")
    lead.set_input_files("#file", SAMPLE)
    lead.get_by_role("button", name="Đọc tệp và xem trước").click()
    lead.get_by_label("Tên văn bản").fill(TITLE)
    lead.get_by_role("button", name="Lưu thành văn bản mới").click()
    expect(lead.locator(".ProseMirror")).to_contain_text(YEARLY)
    found = re.search(r"/documents/([\w-]+)", lead.url)
    assert found is not None
    office.document = DocumentId(found[1])
    for name in ("binh", "cuc", "dao"):
        office.store.documents.set_member(Membership(office.document, UserId(name), Role.EDITOR))
    lead.goto(f"{office.address}/documents/{office.document}/dossier")
    lead.locator("[name=term]").fill("2025–2030")
    lead.get_by_role("button", name="Lập hồ sơ").click()
    expect(lead.locator("#plans .part")).to_have_count(13)
    office.dossier = lead.url.rpartition("/")[2]
    add = lead.locator("#persons .part-add")
    add.locator("summary").click()
    add.locator("[name=user_id]").select_option("dao")
    add.locator("[name=task]").fill("Nhập ý kiến gửi bằng giấy")
    add.get_by_role("button", name="Thêm người").click()
    expect(lead.locator("#persons .part")).to_have_count(2)
    step = lead.locator("#plans .part").nth(4)
    step.locator("summary").click()
    step.locator("[name=user_id]").select_option("binh")
    step.locator("[name=due]").fill("2024-05-31")
    step.get_by_role("button", name="Lưu").click()
    expect(lead.locator(".is-late")).to_contain_text("Trần Thị Bình")
    shot(lead, "whole-dossier")


def drafted(office: Office, lead: Page) -> None:
    """Two write at once; the standing committee returns the draft; the second is sent out."""
    binh, cuc = office.enter("binh"), office.enter("cuc")
    for page in (binh, cuc):
        page.goto(f"{office.address}/documents/{office.document}")
        expect(page.locator(".ProseMirror")).to_contain_text(YEARLY)
    put_caret(binh, YEARLY)
    binh.keyboard.insert_text(SENT)
    expect(cuc.locator(".ProseMirror")).to_contain_text(SENT.strip())
    settled(binh, cuc)
    shot(binh, "whole-room")
    for page in (binh, cuc):
        page.context.close()
    office.step(lead, "submit", "Thường trực cho ý kiến lần 1")
    said = {"outcome": "returned", "back_to": "drafting", "conclusion": "Bổ sung quy định về tài liệu họp."}
    office.step(lead, "decide", "Soạn thảo", **said)
    office.write("cuc", "bồi dương", "bồi dưỡng")
    office.step(lead, "submit", "Thường trực cho ý kiến lần 1")
    office.step(lead, "decide", "Lấy ý kiến", conclusion="Nhất trí gửi lấy ý kiến.")
    expect(lead.locator("#submissions .part")).to_have_count(2)


def asked(office: Office, lead: Page) -> str:
    """A round about the second draft, until the day after tomorrow; gives the unit's link."""
    lead.goto(f"{office.address}/documents/{office.document}/rounds")
    expect(lead.get_by_label("Bản dự thảo").locator("option").first).to_contain_text("Dự thảo lần 2")
    lead.get_by_label("Nội dung xin ý kiến").fill("Đồng chí có nhất trí với dự thảo không?")
    lead.locator("[name=deadline]").fill(field_of(office.served.clock() + 2 * DAY))
    for called in MEMBERS.values():
        lead.get_by_label(called).check()
    lead.get_by_label("Đơn vị được hỏi (đếm theo đơn vị)").fill(UNIT)
    lead.get_by_role("button", name="Mở đợt và gửi").click()
    link = lead.get_by_label(f"Đường dẫn của {UNIT}").input_value()
    (round_,) = office.store.rounds.for_document(office.document)
    office.round = round_.id
    return link


def say(page: Page, verdict: str, *, about: str = "", text: str = "", general: str = "") -> None:
    """Somebody answers on their page, which is that of a telephone."""
    expect(page.locator("#question")).to_be_visible()
    if about:
        page.locator("#table tr", has_text=about).locator("[data-give]").first.click()
        expect(page.locator("[name=text-1]")).to_be_focused()
        page.keyboard.insert_text(text)
    page.get_by_label("Ý kiến khác, chung cho toàn dự thảo").fill(general)
    page.get_by_label(verdict, exact=True).check()
    expect(page.locator("#save-state")).to_contain_text("Đã lưu nháp")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Đã gửi trả lời lúc")).to_be_visible()


def answered(office: Office, lead: Page, link: str) -> None:
    """A member and the unit on their telephones, one on paper, one late, one not at all."""
    mine = f"{office.address}/rounds/{office.round}/answer"
    mot = office.enter("mot", 360, 740)
    mot.goto(office.address)
    mot.get_by_role("link", name=TITLE).click()
    say(mot, "Đồng ý, có ý kiến khác", about="31/10", text=WISH)
    shot(mot, "whole-answer-360")
    unit = office.page(360, 740)
    unit.goto(link)
    wish = WISH[0].lower() + WISH[1:-1]
    say(unit, "Đồng ý, có ý kiến khác", about="31/10", text=wish, general="Rà soát thể thức văn bản.")
    dao = office.enter("dao")
    dao.goto(f"{office.address}/rounds/{office.round}/paper")
    dao.get_by_label("Của ai").select_option(label=MEMBERS["ba"])
    dao.get_by_label("Số, ngày văn bản; trang, dòng").fill("CV số 12, trang 2, dòng 10")
    dao.get_by_label("Không đồng ý").check()
    dao.get_by_label("Ý kiến khác, chung cho toàn dự thảo").fill("Chưa cần sửa quy chế lúc này.")
    dao.get_by_role("button", name="Ghi ý kiến").click()
    expect(dao.locator(".came", has_text="Chưa cần sửa quy chế")).to_be_visible()
    office.served.clock.later = 3 * DAY
    bon = office.enter("bon", 360, 740)
    bon.goto(mine)
    expect(bon.locator(".deadline")).to_contain_text("muộn")
    say(bon, "Đồng ý")
    office.again(lead, "an")
    lead.goto(f"{office.address}/rounds/{office.round}")
    row = lead.locator(".asked tbody tr")
    expect(row).to_have_count(5)
    expect(row.filter(has_text=MEMBERS["hai"])).to_contain_text("Chưa trả lời")
    expect(row.filter(has_text=MEMBERS["bon"])).to_contain_text("Trả lời muộn")
    shot(lead, "whole-round")


def gathered(office: Office, lead: Page) -> None:
    """The two that ask for the same are one; what is asked for is written; every group is answered."""
    office.step(lead, "gathered", "Tổng hợp")
    base = f"{office.address}/documents/{office.document}/opinions"
    lead.goto(f"{base}/suggestions")
    expect(lead.locator(".opinion-suggestion")).to_have_count(1)
    lead.get_by_role("button", name="Gộp").first.click()
    expect(lead.locator(".opinion-suggestion")).to_have_count(0)
    office.write("an", SENT, ANSWERED)
    lead.goto(base)
    expect(lead.locator(".opinion")).to_have_count(3)
    left = lead.locator("#opinions-left")
    for n in (2, 1, 0):
        one = lead.locator(".opinion[data-answered='0']").first
        is_wish = "05/11" in one.inner_text()
        one.locator("[data-open]").click()
        form = lead.locator(".opinion-form")
        expect(form).to_be_visible()
        form.locator("[name=stance][value=adopted]" if is_wish else "[name=stance][value=kept]").check()
        form.get_by_label("Nội dung tiếp thu").fill(ADOPTED if is_wish else "Giữ như dự thảo.")
        if is_wish:
            form.locator(f"[name='change-{office.id_of(YEARLY[:-1])}']").check()
        form.get_by_role("button", name="Lưu trả lời").click()
        expect(left).to_contain_text(f"Còn {n} ý kiến" if n else "Mọi ý kiến")
    expect(lead.locator(".opinion-led")).to_have_count(1)
    shot(lead, "whole-opinions")
    lead.goto(base)
    lead.get_by_role("button", name="Gửi").first.click()
    expect(lead.locator(".notice-good, #opinions")).not_to_have_count(0)


VOTE = {"favour": "12", "against": "1", "other": "0", "absent": "2"}


def adopted(office: Office, lead: Page) -> None:
    """Three levels, the last of which changes words itself; finished in form and issued."""
    office.step(lead, "submit", "Trình Thường trực")
    office.step(lead, "decide", "Trình Thường trực", conclusion="Thống nhất.")
    office.step(lead, "submit", "Trình Ban Thường vụ")
    office.step(lead, "decide", "Trình Ban Thường vụ", conclusion="Thống nhất.", **VOTE)
    office.step(lead, "submit", "Trình Ban Chấp hành")
    lead.goto(f"{office.address}/documents/{office.document}/meeting?meeting=Hội nghị lần thứ năm")
    expect(lead.locator(".meeting-texts")).to_contain_text("05/11")
    field = lead.locator(f"[id='wording-{office.id_of('Chương trình, kế hoạch công tác năm')}']")
    decide = lead.locator(".meeting-decide", has=field)
    if not field.is_visible():
        decide.locator("summary").click()
    form = decide.locator("form")
    form.get_by_label("Lời văn").fill(DECIDED)
    form.get_by_label("Kết luận của hội nghị").fill("Lùi hạn đến ngày 20/11.")
    shot(lead, "whole-meeting")
    form.get_by_role("button", name="Sửa dự thảo theo lời văn trên").click()
    expect(lead.get_by_role("status")).to_contain_text("Đã ghi quyết định của hội nghị")
    office.step(lead, "decide", "Thông qua", conclusion="Thông qua.", chair="Nguyễn Văn A", **VOTE)
    office.step(lead, "finish", "Hoàn thiện thể thức")
    office.step(lead, "appraise", "Hoàn thiện thể thức", good="1")
    office.step(lead, "issue", "Ban hành", number="05-QC/ĐU")
    expect(lead.locator("#editions .part")).to_have_count(1)
    shot(lead, "whole-issued")
    record = office.store.documents.get(office.document)
    assert record is not None
    assert record.current_version is not None
    issued = office.store.versions.get(record.current_version)
    assert issued is not None
    assert DECIDED in issued.tree.decode()


def printed(office: Office, lead: Page, folder: Path) -> None:
    """Every table as PDF: what it counts is what is on record."""
    round_ = office.store.rounds.get(office.round)
    assert round_ is not None
    figures = counts(
        round_, office.store.rounds.invitations(round_.id), office.store.rounds.answers(round_.id),
        office.served.clock(),
    )  # fmt: skip
    assert (figures.sent, figures.answered, figures.late, figures.silent) == (5, 4, 1, 1)
    document, dossier = f"/documents/{office.document}", f"/dossiers/{office.dossier}"
    versions = office.store.versions.for_document(office.document)
    issued, first = (one for one in versions if one.kind is VersionKind.CURRENT)
    both = f"before={first.id}&after={issued.id}"

    def text(name: str, path: str) -> str:
        return text_of(office, lead, path, folder / f"{name}.pdf")

    opinions = text("opinions", f"{document}/opinions.pdf")
    line = "Đợt 1: gửi 5, nhận 4 (muộn 1), đồng ý 1, có ý kiến khác 2, không đồng ý 1, chưa trả lời 1."
    assert (figures.remarks, figures.disagree, figures.agree) == (2, 1, 1)
    given = office.store.opinions.for_document(office.document)
    assert line in opinions
    assert f"tổng số {len(given)} ý kiến nhận được" in opinions
    assert f"tiếp thu {len(given) - 2}; giải trình, giữ nguyên 2." in opinions
    assert "(Dự thảo: sửa khoản 1 Điều 20)" in opinions
    sent = text("sent", f"{document}/opinions/sent.pdf?round={round_.id}")
    assert line in sent
    assert (sent.count("nhận muộn"), sent.count("CV số 12, trang 2, dòng 10")) == (1, 1)
    compared = text("comparison", f"{document}/comparison.pdf?{both}&rows=changed&columns=4")
    assert "Có thay đổi: 2 điều" in compared
    # Who asked for the words, in the narrow column of sources.
    assert "Ý kiến: Vũ" in compared
    regulation = text("issued", f"{document}/draft.pdf?version={issued.id}")
    assert "05-QC/ĐU" in regulation
    assert DECIDED in regulation
    assert "Dự thảo lần" not in regulation
    minutes = text("minutes", f"{dossier}/meetings/5/minutes.pdf")
    assert "Tán thành 12 80,0% Không tán thành 1 6,7%" in minutes
    assert "Thông qua." in minutes
    assert "PHIẾU BIỂU QUYẾT" in text("ballot", f"{dossier}/submissions/5/ballot.pdf")
    requests = text("requests", f"{document}/proposals.pdf")
    assert "20/11" in requests


def text_of(office: Office, lead: Page, path: str, file: Path) -> str:
    """The words of a PDF, joined by single spaces."""
    answer = lead.context.request.get(office.address + path)
    assert answer.ok, (path, answer.status)
    file.write_bytes(answer.body())
    command = ["pdftotext", "-layout", str(file), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return " ".join(text.replace("\u200b", "").split())
