"""How provisions are cited beside their words: as a clerk would, what they stand in said once."""

from __future__ import annotations

import pytest

from duthao.formats.cited import SHOWN, spoken_path, spoken_paths
from duthao.messages import Catalogue

VI, EN = Catalogue("vi"), Catalogue("en")


@pytest.mark.parametrize(
    ("path", "vi", "en"),
    [
        ("dieu:5/khoan:2/diem:đ", "điểm đ khoản 2 Điều 5", "point đ of clause 2 of Article 5"),
        ("phan:thứ-nhất/chuong:II", "Chương II Phần thứ nhất", "Chapter II of Part thứ nhất"),
        ("dieu:5/khoan:2#2", "khoản 2 Điều 5", "clause 2 of Article 5"),
    ],
)
def test_a_path_is_cited_from_its_smallest_unit(path: str, vi: str, en: str) -> None:
    assert (spoken_path(path, VI), spoken_path(path, EN)) == (vi, en)
    assert spoken_paths([path], VI) == vi


D1, D2 = "dieu:1", "dieu:2"


@pytest.mark.parametrize(
    ("paths", "vi", "en"),
    [
        ([D1, D2], "Điều 1 và Điều 2", "Article 1 and Article 2"),
        (
            [f"{D1}/khoan:1", f"{D1}/khoan:2", f"{D1}/khoan:4"],
            "các khoản 1, 2 và 4 Điều 1",
            "clauses 1, 2 and 4 of Article 1",
        ),
        (
            [f"{D1}/khoan:1/diem:{letter}" for letter in "abcdđ"],
            "các điểm a đến đ khoản 1 Điều 1",
            "points a to đ of clause 1 of Article 1",
        ),
        (
            [f"{D1}/khoan:7", *(f"{D1}/khoan:7/diem:{letter}" for letter in "abc")],
            "đoạn mở đầu, các điểm a, b và c khoản 7 Điều 1",
            "lead-in, points a, b and c of clause 7 of Article 1",
        ),
        (
            [f"{D1}/khoan:3", f"{D1}/khoan:3/diem:a"],
            "đoạn mở đầu và điểm a khoản 3 Điều 1",
            "lead-in and point a of clause 3 of Article 1",
        ),
        (
            [D1, f"{D1}/khoan:1", f"{D1}/khoan:1/diem:a", f"{D1}/khoan:1/diem:b", f"{D1}/khoan:2"],
            "tên; đoạn mở đầu, điểm a và điểm b khoản 1; khoản 2 Điều 1",
            "title; lead-in, point a and point b of clause 1; clause 2 of Article 1",
        ),
        (
            [f"{D1}/khoan:1", f"{D2}/khoan:1", f"{D2}/khoan:2"],
            "khoản 1 Điều 1; khoản 1 và khoản 2 Điều 2",
            "clause 1 of Article 1; clause 1 and clause 2 of Article 2",
        ),
        (["chuong:I", D1], "Chương I; Điều 1", "Chapter I; Article 1"),
        (
            [f"{D1}/doan:{n}" for n in (1, 2, 3, 4, 7)],
            "các đoạn 1 đến 4 và 7 Điều 1",
            "paragraphs 1 to 4 and 7 of Article 1",
        ),
        ([f"{D1}/khoan", f"{D1}/khoan", f"{D1}/khoan"], "khoản, khoản, khoản Điều 1", None),
        ([], "", ""),
    ],
)
def test_what_several_stand_in_is_said_once(paths: list[str], vi: str, en: str | None) -> None:
    assert spoken_paths(paths, VI) == vi
    if en is not None:
        assert spoken_paths(paths, EN) == en


def test_a_long_list_ends_with_an_ellipsis() -> None:
    paths = [f"dieu:{2 * n}/khoan:1" for n in range(1, SHOWN + 2)]
    said = spoken_paths(paths, VI).split("; ")
    assert len(said) == SHOWN + 1
    assert said[-1] == "…"
