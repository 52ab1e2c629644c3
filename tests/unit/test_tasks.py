"""How a task stands, and what a text seems to ask."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.document import Document, DocumentId, Kind, Provision, ProvisionId
from duthao.domain.tasks import Standing, Suggested, Task, standing, suggested, task_order

DAYS = st.dates().map(lambda day: day.isoformat())
TODAY = "2026-11-27"


def task(deadline: str = "", done_on: str = "", id_: str = "t") -> Task:
    return Task(id_, DocumentId("d"), "Làm", deadline=deadline, done_on=done_on)


@pytest.mark.parametrize(
    ("deadline", "done_on", "stands"),
    [
        ("", "", Standing.DOING),
        ("2026-11-26", "", Standing.OVERDUE),
        ("2026-11-27", "", Standing.SOON),
        ("2026-12-04", "", Standing.SOON),
        ("2026-12-05", "", Standing.DOING),
        ("2026-11-20", "2026-11-20", Standing.DONE),
        ("2026-11-20", "2026-11-21", Standing.LATE),
        ("", "2026-11-21", Standing.DONE),
    ],
)
def test_how_it_stands(deadline: str, done_on: str, stands: Standing) -> None:
    assert standing(task(deadline, done_on), TODAY) is stands


@given(DAYS, DAYS, DAYS)
@settings(max_examples=60)
def test_who_finishes_late_was_overdue_before(deadline: str, done_on: str, today: str) -> None:
    late = standing(task(deadline, done_on), today) is Standing.LATE
    assert late == (standing(task(deadline), done_on) is Standing.OVERDUE)


def test_what_is_urgent_comes_first() -> None:
    tasks = [task("", "", "c"), task("2026-01-01", "2026-01-01", "d"), task("2026-02-01", "", "b"),
             task("2026-01-01", "", "a")]  # fmt: skip
    assert [one.id for one in sorted(tasks, key=task_order)] == ["a", "b", "c", "d"]


def draft(*texts: str) -> Document:
    return Document(
        tuple(Provision(ProvisionId(f"p{n}"), Kind.CLAUSE, text, str(n)) for n, text in enumerate(texts, 1))
    )


def test_what_a_text_seems_to_ask() -> None:
    said = (
        "Giao Văn phòng Đảng uỷ chủ trì, phối hợp với các ban rà soát quy chế, báo cáo trước ngày 30/6/2027.",
        "Ban Tổ chức có trách nhiệm hướng dẫn thực hiện chậm nhất ngày 05 tháng 3 năm 2027.",
        "Hội nghị họp thường kỳ mỗi tháng một lần.",
        "Giao Ban Tuyên giáo tổ chức học tập, hoàn thành trước ngày 31/02/2027.",
    )
    assert list(suggested(draft(*said))) == [
        Suggested("khoan:1", said[0], "Văn phòng Đảng uỷ", "2027-06-30"),
        Suggested("khoan:2", said[1], "Ban Tổ chức", "2027-03-05"),
        Suggested("khoan:4", said[3], "Ban Tuyên giáo", ""),
    ]


@given(st.text(max_size=120))
@settings(max_examples=60)
def test_any_text_is_looked_at(text: str) -> None:
    assert all(one.content == text for one in suggested(draft(text)))


def test_a_text_that_names_no_day_or_one_there_is_not_asks_by_no_day() -> None:
    said = ("Giao Văn phòng Đảng uỷ rà soát quy chế.", "Giao Văn phòng Đảng uỷ báo cáo trước ngày 31/6/2027.")
    assert [one.deadline for one in suggested(draft(*said))] == ["", ""]
