"""Minutes and voting sheets say what is on record."""

from __future__ import annotations

from datetime import date

from duthao.domain.document import Document, FrontMatter, Kind
from duthao.domain.process import Decision, Majority, Outcome, Rules, State, Submission, Vote
from duthao.formats.meeting_papers import ballot, minutes
from duthao.messages import Catalogue

T = Catalogue("vi")
LAY = Submission(State.COMMITTEE, 5, "v", "a" * 64, "b", "c" * 64)
HEAD = FrontMatter(upper_body="ĐẢNG BỘ TỈNH A", body="TỈNH ỦY A", place="Tỉnh A")


def of(outcome: Outcome, vote: Vote | None, back: State | None = None) -> Document:
    decided = Decision(
        State.COMMITTEE, date(2026, 2, 3), outcome, "Điểm một.\n\n  Điểm  hai.", vote, back, "Phòng 2",
        "Nguyễn Văn A", "Trần B",
    )  # fmt: skip
    return minutes("Quy chế làm việc", Rules(majority=Majority.TWO_THIRDS), LAY, decided, HEAD, T)


def test_minutes_hold_the_counts_and_every_line_of_the_conclusion() -> None:
    made = of(Outcome.PASSED, Vote(40, 3, 2, 6, None))
    rows = [one.cells for one in made.provisions if one.kind is Kind.ROW]
    assert rows == [
        ("Ý kiến", "Số phiếu", "Tỷ lệ trên tổng số"),
        ("Tán thành", "40", "78,4%"),
        ("Không tán thành", "3", "5,9%"),
        ("Ý kiến khác", "2", "3,9%"),
        ("Vắng", "6", "11,8%"),
        ("Tổng số ủy viên", "51", "100,0%"),
    ]
    texts = [one.text for one in made.provisions]
    assert texts.index("Điểm một.") + 1 == texts.index("Điểm hai.")
    assert "Ban Chấp hành thông qua Dự thảo lần 5." in texts
    assert (made.front.body, made.front.date) == ("BAN CHẤP HÀNH", "ngày 03 tháng 02 năm 2026")
    assert made.front.signatory == "Nguyễn Văn A"


def test_a_return_without_a_vote_says_where_to() -> None:
    made = of(Outcome.RETURNED, None, State.SYNTHESIS)
    assert not [one for one in made.provisions if one.kind is Kind.ROW]
    assert "trả lại Dự thảo lần 5" in made.provisions[-2].text
    assert "Tổng hợp" in made.provisions[-2].text


def test_a_sheet_has_three_fields_to_mark() -> None:
    rows = [one.cells for one in ballot("Quy chế", LAY, HEAD, T).provisions if one.kind is Kind.ROW]
    assert rows[0][1:] == ("Tán thành", "Không tán thành", "Ý kiến khác")
    assert rows[1] == ("Dự thảo lần 5 Quy chế", "", "", "")
