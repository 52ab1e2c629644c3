"""Cross-references: found as they are written, resolved, followed when numbers change."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.compare import compare
from duthao.domain.compare.renumber import renumber_map
from duthao.domain.compare.stale import stale_references
from duthao.domain.document import Document, ProvisionId
from duthao.domain.outline import outline
from duthao.domain.references import Index, find
from duthao.domain.references.citing import address, enumerated
from duthao.domain.structure import parse
from tests.support.texts import texts

LAW = Path(__file__).resolve().parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"


def read(text: str, prefix: str) -> Document:
    numbers = count(1)
    return parse(text, new_id=lambda: ProvisionId(f"{prefix}{next(numbers)}")).document


REGULATION = read(
    "Chương I\nCHUNG\nĐiều 1. Một\n1. Một một.\n2. Một hai:\na) điểm a;\nb) điểm b;\nđ) điểm đ.\n3. Một ba.\n"
    "Chương II\nRIÊNG\nMục 1. ĐẦU\nĐiều 2. Hai\n1. Hai một.\n2. Hai hai.\nMục 2. CUỐI\nĐiều 3. Ba\nĐoạn.\n"
    "Điều 4. Bốn\n1. Bốn một.\n5a. Bốn năm a.\nPhụ lục I\nBIỂU MẪU\nĐiều 1. Phụ lục một\n1. Trong phụ lục.\n",
    "r",
)
INDEX = Index(outline(REGULATION))
PLACES = {entry.path: n for n, entry in enumerate(INDEX.outline.entries)}


def targets(text: str, place: str) -> list[str | None]:
    found = []
    for phrase in find(text):
        if not phrase.external:
            resolved = INDEX.resolve(phrase, PLACES[place])
            found += [None if t is None else INDEX.outline.entries[t].path for t in resolved.targets]
    return found


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("theo khoản 2 Điều 1", "dieu:3", ["dieu:1/khoan:2"]),
        ("điểm đ khoản 2 Điều 1", "dieu:3", ["dieu:1/khoan:2/diem:đ"]),
        ("Điều 1 khoản 2 điểm b", "dieu:3", ["dieu:1/khoan:2/diem:b"]),
        ("Điều này", "dieu:2/khoan:1", ["dieu:2"]),
        ("khoản này và Điều này", "dieu:2/khoan:1", ["dieu:2/khoan:1", "dieu:2"]),
        ("điểm này", "dieu:1/khoan:2/diem:a", ["dieu:1/khoan:2/diem:a"]),
        ("điểm a, b khoản này", "dieu:1/khoan:2/diem:đ", ["dieu:1/khoan:2/diem:a", "dieu:1/khoan:2/diem:b"]),
        ("khoản 1 và khoản 2 Điều này", "dieu:2/khoan:2", ["dieu:2/khoan:1", "dieu:2/khoan:2"]),
        ("quy định tại khoản 1", "dieu:2/khoan:2", ["dieu:2/khoan:1"]),
        ("các điều 1, 2 và 4", "dieu:3", ["dieu:1", "dieu:2", "dieu:4"]),
        ("từ Điều 1 đến Điều 3", "dieu:4", ["dieu:1", "dieu:2", "dieu:3"]),
        ("các khoản 1, 2 và 3 Điều 1", "dieu:4", ["dieu:1/khoan:1", "dieu:1/khoan:2", "dieu:1/khoan:3"]),
        (
            "điểm a, điểm b khoản 2, khoản 3 Điều 1 và Điều 4",
            "dieu:3",
            ["dieu:1/khoan:2/diem:a", "dieu:1/khoan:2/diem:b", "dieu:1/khoan:3", "dieu:4"],
        ),
        ("Chương II", "dieu:1", ["chuong:II"]),
        ("Mục 2 Chương II", "dieu:1", ["chuong:II/muc:2"]),
        ("Mục 2 Chương này", "dieu:2", ["chuong:II/muc:2"]),
        ("khoản 5a Điều 4", "dieu:1", ["dieu:4/khoan:5a"]),
        ("Phụ lục I", "dieu:1", ["phuluc:I"]),
        ("khoản 1 Điều 1", "phuluc:I/dieu:1/khoan:1", ["phuluc:I/dieu:1/khoan:1"]),
        ("các khoản 1,2 Điều 1", "dieu:4", ["dieu:1/khoan:1", "dieu:1/khoan:2"]),
        ("các điểm a,b khoản 2 Điều 1", "dieu:3", ["dieu:1/khoan:2/diem:a", "dieu:1/khoan:2/diem:b"]),
        ("các điều 1, và 2", "dieu:3", ["dieu:1", "dieu:2"]),
        ("tăng 2 khoản 1,5 lần", "dieu:1", ["dieu:1/khoan:1"]),
        ("từ khoản 1 đến khoản 3 Điều 1", "dieu:4", ["dieu:1/khoan:1", "dieu:1/khoan:2", "dieu:1/khoan:3"]),
        ("Điều 2 Chương II", "dieu:1", ["dieu:2"]),
        ("Mục 2", "dieu:2/khoan:1", ["chuong:II/muc:2"]),
        ("khoản 5a", "dieu:2/khoan:1", [None]),
        ("khoản 9 Điều 1", "dieu:2", [None]),
        ("Điều 77", "dieu:2", [None]),
    ],
)
def test_points_to(text: str, place: str, expected: list[str | None]) -> None:
    assert targets(text, place) == expected


@pytest.mark.parametrize(
    "text",
    [
        "điểm b khoản 2 Điều 21 của Luật Quản lý thuế số 38/2019/QH14",
        "Điều 8, Điều 9 Nghị định số 30/2020/NĐ-CP",
        "khoản 3 Điều 5 Quy chế làm việc của Thành ủy Hà Nội",
        "Điều 10 Điều lệ Đảng",
    ],
)
def test_what_speaks_of_another_document_is_external(text: str) -> None:
    assert [phrase.external for phrase in find(text)] == [True]


@pytest.mark.parametrize(
    "text", ["khoản 3 Điều 1 của Luật này", "Điều 2 Quy chế này", "khoản 1 Điều 2 Quy chế làm việc này"]
)
def test_what_speaks_of_this_document_is_not(text: str) -> None:
    assert [phrase.external for phrase in find(text)] == [False]


def test_a_document_named_by_its_own_name_is_this_one() -> None:
    own = ("Quy chế làm việc của Đảng ủy X",)
    assert not find("Điều 2 Quy chế làm việc của Đảng ủy X, nhiệm kỳ này", own)[0].external


@pytest.mark.parametrize(
    "text",
    [
        "thời điểm này", "tài khoản 2", "danh mục 3", "Chương trình công tác", "Điều lệ Đảng", "mục tiêu 5",
        "điểm số", "quan điểm của Đảng", "khoản chi", "thành phần này", "Điều kiện 2", "chuyên mục 5",
        "Điều 5.1", "khoản 2/2020",
    ],
)  # fmt: skip
def test_other_words_are_no_references(text: str) -> None:
    assert find(text) == ()


def test_units_are_listed_as_people_list_them() -> None:
    assert [enumerated(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a và b", "a, b và c"
    ]  # fmt: skip


def test_a_number_that_begins_something_else_ends_the_list() -> None:
    (phrase,) = find("theo Điều 5, 10 ngày kể từ khi nhận")
    assert [item.label for item in phrase.items] == ["5"]


@given(texts)
def test_any_text_is_read_and_every_phrase_lies_where_it_says(text: str) -> None:
    end = 0
    for phrase in find(text):
        assert end <= phrase.start < phrase.end <= len(text)
        end = phrase.end
        for item in phrase.items:
            assert phrase.start <= item.start < item.end <= phrase.end
            assert item.label is None or item.label.casefold() in text[item.start : item.end].casefold()


@given(st.data())
def test_every_unit_cited_from_anywhere_is_found_again(data: st.DataObject) -> None:
    paths = sorted(path for path in PLACES if "doan" not in path and "phuluc" not in path)
    chosen = data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3, unique=True))
    place = data.draw(st.sampled_from(sorted(PLACES)))
    if place.startswith("phuluc"):
        return
    for path in chosen:
        written = address(INDEX.outline, PLACES[path])
        assert targets(f"theo quy định tại {written};", place) == [path]


# --- followed -------------------------------------------------------------------------------


def law(name: str, prefix: str) -> Document:
    return read((LAW / name).read_text(encoding="utf-8"), prefix)


def test_the_renumber_map_of_a_real_law_is_the_recorded_one() -> None:
    before, after = law("before.txt", "b"), law("after-renumbered.txt", "a")
    kept = law("after.txt", "k")
    recorded = json.loads((LAW / "renumber-map.json").read_text(encoding="utf-8"))
    found = {one.before: one.after for one in renumber_map(compare(kept, after)) if one.before}
    assert {old: found[old] for old in recorded} == recorded
    # And from the law before it was amended, for every article that it had.
    direct = {one.before: one.after for one in renumber_map(compare(before, after)) if one.before}
    articles = {old: new for old, new in recorded.items() if "/" not in old and old in direct}
    assert len(articles) == 73
    assert {old: direct[old] for old in articles} == articles


def test_references_left_behind_by_renumbering_are_listed_with_their_repair() -> None:
    before, after = law("before.txt", "b"), law("after-renumbered.txt", "a")
    made = outline(after)
    found = [
        (made.by_id[one.provision].path, one.quote, one.repaired, one.reason)
        for one in stale_references(compare(before, after), before, after)
    ]
    assert found == [
        ("dieu:10/khoan:11", "Điều 50, Điều 51", "Điều 51, Điều 52", "renumbered"),
        ("dieu:52/khoan:2", "điểm a, b và c khoản 2 Điều 50", "điểm a, b và c khoản 2 Điều 51", "renumbered"),
    ]


def stale(before: str, after: str) -> list[tuple[str, str | None, str]]:
    old, new = read(before, "b"), read(after, "a")
    return [(s.quote, s.repaired, s.reason) for s in stale_references(compare(old, new), old, new)]


FILLER = "Ban Thường vụ lãnh đạo thực hiện nghị quyết của Đảng bộ và chỉ đạo các cơ quan tham mưu."
OLD = (
    "Điều 1. Họp\n1. Họp thường kỳ mỗi tháng một lần vào tuần cuối.\n"
    "2. Họp bất thường theo khoản 1 Điều này; "
    f"kinh phí theo khoản 2 Điều 2.\nĐiều 2. Kinh phí\n1. {FILLER}\n"
    "2. Kinh phí do ngân sách bảo đảm theo dự toán hằng năm.\n"
    "Điều 3. Thi hành\n1. Thực hiện theo các điều 1, 2 của Quy chế này, kể từ ngày ký ban hành văn bản.\n"
)


def test_a_repealed_target_is_said_and_not_repaired() -> None:
    new = OLD.replace("\n2. Kinh phí do ngân sách bảo đảm theo dự toán hằng năm.", "")
    assert stale(OLD, new) == [("khoản 2 Điều 2", None, "repealed")]


def test_a_list_keeps_its_shape() -> None:
    new = "Điều 1. Phạm vi\n1. Quy chế này quy định chế độ làm việc của cấp ủy các cấp.\n" + OLD.replace(
        "Điều 3", "Điều 4"
    ).replace("Điều 2. Kinh", "Điều 3. Kinh").replace("Điều 1. Họp", "Điều 2. Họp")
    assert stale(OLD, new) == [
        ("khoản 2 Điều 2", "khoản 2 Điều 3", "renumbered"),
        ("điều 1, 2", "điều 2, 3", "renumbered"),
    ]


def test_one_that_was_put_right_is_not_listed() -> None:
    new = "Điều 1. Phạm vi\n1. Quy chế này quy định chế độ làm việc của cấp ủy các cấp.\n" + OLD.replace(
        "Điều 3", "Điều 4"
    ).replace("Điều 2", "Điều 3").replace("Điều 1. Họp", "Điều 2. Họp").replace(
        "các điều 1, 2", "các điều 2, 3"
    )
    assert stale(OLD, new) == []


def test_one_of_two_that_was_put_right_is_no_longer_judged_by_what_the_other_said() -> None:
    old = OLD.replace("theo các điều 1, 2 của Quy chế này", "theo Điều 1, trừ việc nêu tại Điều 2")
    added = "Điều 1. Phạm vi\n1. Quy chế này quy định chế độ làm việc của cấp ủy các cấp.\n"
    new = added + old.replace("Điều 3. ", "Điều 4. ").replace("Điều 2. K", "Điều 3. K").replace(
        "Điều 1. H", "Điều 2. H"
    )
    left = ("khoản 2 Điều 2", "khoản 2 Điều 3", "renumbered")
    assert stale(old, new) == [left, ("Điều 1", "Điều 2", "renumbered"), ("Điều 2", "Điều 3", "renumbered")]
    one = new.replace("theo Điều 1, trừ", "theo Điều 2, trừ")
    assert stale(old, one) == [left, ("Điều 2", "Điều 3", "renumbered")]
    assert stale(old, one.replace("tại Điều 2", "tại Điều 3")) == [left]


def test_of_a_list_that_was_put_right_none_is_judged_by_what_its_neighbour_said() -> None:
    old = OLD.replace("theo các điều 1, 2 của Quy chế này", "theo Điều 1, Điều 2")
    added = "Điều 1. Phạm vi\n1. Quy chế này quy định chế độ làm việc của cấp ủy các cấp.\n"
    new = added + old.replace("Điều 3. ", "Điều 4. ").replace("Điều 2. K", "Điều 3. K").replace(
        "Điều 1. H", "Điều 2. H"
    ).replace("theo Điều 1, Điều 2", "theo Điều 2, Điều 3")
    assert stale(old, new) == [("khoản 2 Điều 2", "khoản 2 Điều 3", "renumbered")]


@pytest.mark.parametrize("written", ["khoản 2 Điều 2 với chế độ riêng và ", "đúng quy định chung, "])
def test_a_reference_that_was_kept_is_told_and_not_one_like_it_that_was_written_before_it(
    written: str,
) -> None:
    added = "Điều 1. Phạm vi\n1. Quy chế này quy định chế độ làm việc của cấp ủy các cấp.\n"
    kept = "theo khoản 2 Điều 2."
    old = read(OLD, "b")
    new = read(
        added
        + OLD.replace("Điều 3. ", "Điều 4. ")
        .replace("Điều 2. K", "Điều 3. K")
        .replace("Điều 1. H", "Điều 2. H")
        .replace(kept, f"theo {written}khoản 2 Điều 2."),
        "a",
    )
    text = {one.id: one.text for one in new.provisions}
    told = stale_references(compare(old, new), old, new)
    (one,) = [one for one in told if one.quote == "khoản 2 Điều 2"]
    assert text[one.provision][one.start :] == "khoản 2 Điều 2."


def test_a_wording_that_would_lead_elsewhere_is_not_offered() -> None:
    new = OLD.replace("\n2. Kinh phí", "\n3. Mua sắm tài sản theo đề nghị của Văn phòng.\n3. Kinh phí")
    assert stale(OLD, new) == [("khoản 2 Điều 2", None, "renumbered")]


def test_this_article_is_written_out_when_the_target_moved_elsewhere() -> None:
    moved = "1. Họp thường kỳ mỗi tháng một lần vào tuần cuối."
    new = OLD.replace(f"{moved}\n2. Họp bất", "1. Họp bất").replace(
        "\n2. Kinh phí", f"\n2. {moved[3:]}\n3. Kinh phí"
    )
    assert stale(OLD, new) == [
        ("khoản 1 Điều này", "khoản 2 Điều 2", "moved"),
        ("khoản 2 Điều 2", "khoản 3 Điều 2", "renumbered"),
    ]
