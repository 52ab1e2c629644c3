"""Reading addresses: every unit binds to the right parent, and to nothing else."""

from __future__ import annotations

import pytest

from duthao.domain.amend.addresses import Scanner, bind, within
from duthao.domain.amend.finding import describe
from duthao.domain.amend.values import Address
from duthao.domain.document import Kind


def read(text: str) -> list[str]:
    scanner = Scanner(text)
    found = [describe(address) for address in bind(scanner.mentions())]
    assert scanner.rest.strip() == "", f"not read: {scanner.rest!r}"
    return found


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Điều 5", ["Điều 5"]),
        ("khoản 2 Điều 5", ["khoản 2 Điều 5"]),
        ("điểm a khoản 2 Điều 5", ["điểm a khoản 2 Điều 5"]),
        ("khoản 2 của Điều 5", ["khoản 2 Điều 5"]),
        ("khoản 1 và khoản 2 Điều 5", ["khoản 1 Điều 5", "khoản 2 Điều 5"]),
        ("các khoản 1, 3 và 4 Điều 5", ["khoản 1 Điều 5", "khoản 3 Điều 5", "khoản 4 Điều 5"]),
        ("các điểm a, b, đ1 khoản 2 Điều 5", [f"điểm {p} khoản 2 Điều 5" for p in ("a", "b", "đ1")]),
        (
            "điểm a, điểm c khoản 2, khoản 3 Điều 5 và Điều 7",
            ["điểm a khoản 2 Điều 5", "điểm c khoản 2 Điều 5", "khoản 3 Điều 5", "Điều 7"],
        ),
        (
            "điểm a khoản 1 và điểm b khoản 3 Điều 5",
            ["điểm a khoản 1 Điều 5", "điểm b khoản 3 Điều 5"],
        ),
        ("khoản 3, điểm a khoản 4 Điều 5", ["khoản 3 Điều 5", "điểm a khoản 4 Điều 5"]),
        (
            "khoản 8 và khoản 9 Điều 3, khoản 1 Điều 7, tên điều, khoản 1 và khoản 2 Điều 235",
            [
                "khoản 8 Điều 3",
                "khoản 9 Điều 3",
                "khoản 1 Điều 7",
                "tên Điều 235",
                "khoản 1 Điều 235",
                "khoản 2 Điều 235",
            ],
        ),
        ("điểm đ và điểm e khoản 1 Điều 296", ["điểm đ khoản 1 Điều 296", "điểm e khoản 1 Điều 296"]),
        ("các điều 5, 6a và 7", ["Điều 5", "Điều 6a", "Điều 7"]),
        ("Điều 217a", ["Điều 217a"]),
        ("các khoản từ 1 đến 3 Điều 5", ["khoản 1 Điều 5", "khoản 2 Điều 5", "khoản 3 Điều 5"]),
        ("từ khoản 2 đến khoản 3 Điều 5", ["khoản 2 Điều 5", "khoản 3 Điều 5"]),
        ("các điểm từ d đến g khoản 1 Điều 5", [f"điểm {p} khoản 1 Điều 5" for p in "dđeg"]),
        ("điểm a các khoản 1, 2 Điều 5", ["điểm a khoản 1 Điều 5", "điểm a khoản 2 Điều 5"]),
        ("Điều 5 khoản 2 điểm a và Điều 7 khoản 1", ["điểm a khoản 2 Điều 5", "khoản 1 Điều 7"]),
        ("Chương IIa", ["Chương IIa"]),
        ("Mục 2 Chương IV", ["Mục 2 Chương IV"]),
        ("Mục 1, Mục 2 Chương IV", ["Mục 1 Chương IV", "Mục 2 Chương IV"]),
        ("Tiểu mục 1 Mục 2 Chương IV", ["Tiểu mục 1 Mục 2 Chương IV"]),
        ("Phần thứ hai", ["Phần thứ hai"]),
        ("Phụ lục II", ["Phụ lục II"]),
        ("Phụ lục số 01", ["Phụ lục 1"]),
        ("khoản 1 Phụ lục II", ["khoản 1 Phụ lục II"]),
        ("Điều 49 trong Mục 4 Chương IV", ["Điều 49 Mục 4 Chương IV"]),
        ("tên Chương VIII; tên các điều 60 và 61", ["tên Chương VIII", "tên Điều 60", "tên Điều 61"]),
        ("đoạn mở đầu khoản 2 Điều 5", ["đoạn mở đầu khoản 2 Điều 5"]),
        ("đoạn mở đầu, điểm a và điểm b khoản 2 Điều 5", [
            "đoạn mở đầu khoản 2 Điều 5", "điểm a khoản 2 Điều 5", "điểm b khoản 2 Điều 5",
        ]),
        ("đoạn mở đầu và khoản 1 Điều 5", ["đoạn mở đầu Điều 5", "khoản 1 Điều 5"]),
        ("đoạn thứ hai khoản 2 Điều 5", ["đoạn 2 khoản 2 Điều 5"]),
        ("tên và khoản 2 Điều 5", ["tên Điều 5", "khoản 2 Điều 5"]),
        ("nội dung khoản 1, khoản 2 Điều 9", ["khoản 1 Điều 9", "khoản 2 Điều 9"]),
        ("Luật này", ["toàn văn"]),
        ("khoản 2 Điều 5 Quy chế này", ["khoản 2 Điều 5"]),
        ("Điều 5 khoản 2 điểm a", ["điểm a khoản 2 Điều 5"]),
    ],
)  # fmt: skip
def test_addresses_as_written_in_laws(text: str, addresses: list[str]) -> None:
    assert read(text) == addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (
            "khoản 2 Điều 10; khoản 1 và khoản 3 Điều 12; Điều 13",
            ["khoản 2 Điều 10", "khoản 1 Điều 12", "khoản 3 Điều 12", "Điều 13"],
        ),
        (
            "Điều 10; khoản 1 Điều 12",
            ["Điều 10", "khoản 1 Điều 12"],
        ),
        (
            "điểm a khoản 1 Điều 3; điểm b khoản 2 Điều 28 khoản 2 Điều 34",
            ["điểm a khoản 1 Điều 3", "điểm b khoản 2 Điều 28", "khoản 2 Điều 34"],
        ),
        ("khoản 1 Điều 5, khoản 2, khoản 3 Điều 6", ["khoản 1 Điều 5", "khoản 2 Điều 6", "khoản 3 Điều 6"]),
    ],
)
def test_one_article_does_not_leak_into_the_next(text: str, addresses: list[str]) -> None:
    assert read(text) == addresses


@pytest.mark.parametrize("text", ["khoản 2 và Điều 5", "khoản 2; Điều 5"])
def test_a_clause_beside_an_article_is_not_made_part_of_it(text: str) -> None:
    assert read(text) == ["khoản 2", "Điều 5"]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [("điểm a, khoản 2, Điều 5", ["điểm a khoản 2 Điều 5"]), ("Khoản 4, Điều 3", ["khoản 4 Điều 3"])],
)
def test_a_comma_before_the_parent_is_forgiven(text: str, addresses: list[str]) -> None:
    assert read(text) == addresses


def paths(*steps: tuple[Kind, str | None]) -> Address:
    return Address((steps,))


def test_a_container_gives_the_parents_that_are_missing() -> None:
    around = (((Kind.ARTICLE, "39"), (Kind.CLAUSE, "1")), ((Kind.ARTICLE, "39"), (Kind.CLAUSE, "2")))
    assert within(paths((Kind.CLAUSE, "2"), (Kind.POINT, "b")), around) == paths(
        (Kind.ARTICLE, "39"), (Kind.CLAUSE, "2"), (Kind.POINT, "b")
    )
    either = within(paths((Kind.POINT, "b")), around)
    assert len(either.paths) == 2


def test_what_is_no_address_is_left_alone() -> None:
    scanner = Scanner("và bổ sung khoản 5a")
    assert scanner.mentions() == []
    assert scanner.at == 0
