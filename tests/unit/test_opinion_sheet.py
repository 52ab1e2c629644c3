"""The sheet to answer on by hand asks what the page asks."""

from __future__ import annotations

import itertools
from dataclasses import replace

from duthao.domain.compare import compare
from duthao.domain.compare.table_builder import TableOptions, build_table
from duthao.domain.document import Document, DocumentId, FrontMatter, Kind, ProvisionId, UserId
from duthao.domain.rounds import Invitation, Invited, Round
from duthao.domain.structure import parse
from duthao.formats.opinion_sheet import FREE_ROWS, MOST_ROWS, Place, opinion_sheet, places
from duthao.messages import Catalogue

T = Catalogue("vi")
END = 1_790_000_000_000
ROUND = Round(
    "r", DocumentId("d"), 1, "v", None, "", "Đồng chí có đồng ý không?\n\n Vì  sao?", END, False, True,
    UserId("u"), 1,
)  # fmt: skip
BEFORE = "Điều 1. Phạm vi\n1. Quy chế này quy định nguyên tắc.\n2. Áp dụng cho cấp ủy.\nĐiều 2. Họp"
AFTER = "Điều 1. Phạm vi\n1. Quy chế này quy định nguyên tắc.\n2. Áp dụng cho cấp ủy xã.\nĐiều 2. Họp"


def asked(kind: Invited) -> Invitation:
    return Invitation("i", "r", kind, None, "Đảng ủy xã A", "", 1, deadline=END + 24 * 3600 * 1000)


def sheet(one: Invitation | None, found: tuple[Place, ...] = ()) -> Document:
    head = FrontMatter(upper_body="ĐẢNG BỘ TỈNH A", body="TỈNH ỦY A", place="Tỉnh A")
    return opinion_sheet("Quy chế làm việc", "Dự thảo lần 2", ROUND, one, found, head, T)


def written(text: str) -> Document:
    numbers = itertools.count(1)
    return parse(text, new_id=lambda: ProvisionId(f"p{next(numbers)}")).document


def texts(made: Document) -> list[str]:
    return [one.text for one in made.provisions]


def rows(made: Document) -> list[tuple[str, ...]]:
    return [one.cells for one in made.provisions if one.kind is Kind.ROW]


def test_it_asks_the_question_and_the_three_answers() -> None:
    made = sheet(None)
    assert "Đồng chí có đồng ý không?" in texts(made)
    assert "Vì sao?" in texts(made)
    assert rows(made)[0] == ("Đồng ý", "Đồng ý, có ý kiến khác", "Không đồng ý")
    assert (made.front.type, made.front.body) == ("PHIẾU LẤY Ý KIẾN", "TỈNH ỦY A")
    assert made.front.title == "Dự thảo lần 2 – Quy chế làm việc"
    assert len({one.id for one in made.provisions}) == len(made.provisions)


def test_who_is_asked_is_named_with_their_own_deadline_and_what_silence_means_for_them() -> None:
    silence = T("rounds.silence_units_on")
    unit, member, nobody = sheet(asked(Invited.UNIT)), sheet(asked(Invited.MEMBER)), sheet(None)
    assert "Họ và tên (hoặc tên cơ quan, đơn vị): Đảng ủy xã A" in texts(unit)
    assert silence in texts(unit)
    assert silence in texts(nobody)
    assert silence not in texts(member)
    deadlines = [next(line for line in texts(one) if line.startswith("Hạn")) for one in (unit, nobody)]
    assert deadlines[0] != deadlines[1]


def test_what_changed_is_asked_about_by_the_numbers_of_the_comparison() -> None:
    before, after = written(BEFORE), written(AFTER)
    table = build_table(compare(before, after), before, after, "Quy chế", "cũ", "mới", options=TableOptions())
    found = places(after, table, T)
    assert found == (Place("Khoản 2 Điều 1", "Sửa đổi, bổ sung"),)
    assert "1. Khoản 2 Điều 1: Sửa đổi, bổ sung" in [row[0] for row in rows(sheet(None, found))]
    without = places(after, replace(table, rows=()), T)
    assert without == places(after, None, T) == (Place("Điều 1", "Phạm vi"), Place("Điều 2", "Họp"))


def test_a_list_too_long_to_fill_in_says_how_much_is_left() -> None:
    made = sheet(None, tuple(Place(f"Điều {n}", "") for n in range(MOST_ROWS + 5)))
    assert len(rows(made)) == 2 + 1 + MOST_ROWS + FREE_ROWS
    assert T("print.sheet.more", n=5) in texts(made)
