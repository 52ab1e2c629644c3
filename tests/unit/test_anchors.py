"""Anchors of comments: the sixteen ordinary edits (peers.md §8.2), and what follows from none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from duthao.collab.edits import seed
from duthao.collab.replica import Replica
from duthao.domain.anchors import (
    MAX_BASE,
    Anchor,
    Carried,
    On,
    Spot,
    Standing,
    Texts,
    anchored,
    carried,
    shortened,
    whole,
    worth_holding,
)
from duthao.domain.document import CharOffset, Document, Kind, Mark, MarkKind, Provision, ProvisionId
from duthao.domain.ranges import mapped
from duthao.formats.json import document_from_json, document_to_json
from tests.support.desk import AN, Desk, split, written

Edit = Callable[[Document], Document]


def at(id_: str, kind: Kind, text: str, order: str, **more: object) -> Provision:
    return Provision(ProvisionId(id_), kind, text, order=order, **more)  # type: ignore[arg-type]


FIRST = "Ban Thường vụ họp thường kỳ mỗi tháng một lần."
WORDS = "họp thường kỳ"
SECOND = "Thường trực họp hằng tuần tại trụ sở cơ quan."
CELLS = ("01", "Chuẩn bị nội dung họp thường kỳ quý", "Văn phòng")
DRAFT = Document(
    (
        at("d1", Kind.ARTICLE, "Chế độ làm việc", "a1"),
        at("k0", Kind.CLAUSE, "Làm việc tập thể, dân chủ.", "a2"),
        at("k1", Kind.CLAUSE, FIRST, "a3"),
        at("k2", Kind.CLAUSE, SECOND, "a4"),
        at("t1", Kind.TABLE, "Phân công", "a5"),
        at("h1", Kind.ROW, "", "a6", cells=CELLS),
        at("d2", Kind.ARTICLE, "Kinh phí", "a7"),
        at("k3", Kind.CLAUSE, "Ngân sách bảo đảm.", "a8"),
    )
)


def changed(id_: str, **to: object) -> Edit:
    return lambda document: replace(
        document,
        provisions=tuple(
            replace(one, **to) if one.id == id_ else one  # type: ignore[arg-type]
            for one in document.provisions
        ),
    )


def without(id_: str) -> Edit:
    return lambda document: replace(
        document, provisions=tuple(one for one in document.provisions if one.id != id_)
    )


def with_new(*new: Provision) -> Edit:
    return lambda document: replace(
        document, provisions=tuple(sorted((*document.provisions, *new), key=lambda one: one.order))
    )


def both(*edits: Edit) -> Edit:
    def all_of_them(document: Document) -> Document:
        for edit in edits:
            document = edit(document)
        return document

    return all_of_them


IN = FIRST.index(WORDS)
INSIDE = IN + len("họp ")
PASTED = at("n1", Kind.CLAUSE, FIRST, "a75")

ORDINARY: dict[str, tuple[Edit, list[tuple[str, str]]]] = {
    "type before": (written(k1="Hằng năm, Ban Thường vụ họp thường kỳ mỗi tháng."), [("k1", WORDS)]),
    "type inside": (
        written(k1=FIRST.replace("họp thường", "họp trực tiếp, thường")),
        [("k1", "họp trực tiếp, thường kỳ")],
    ),
    "type after": (written(k1=FIRST.replace(WORDS, f"{WORDS}, trực tuyến")), [("k1", WORDS)]),
    "bold": (
        changed("k1", marks=(Mark(MarkKind.BOLD, CharOffset(IN), CharOffset(IN + 5)),)),
        [("k1", WORDS)],
    ),
    "change an attribute": (changed("k1", label="1a"), [("k1", WORDS)]),
    "insert a row": (with_new(at("h0", Kind.ROW, "", "a55", cells=("STT", "Việc", "Ai"))), [("k1", WORDS)]),
    "insert a column": (changed("h1", cells=("mới", *CELLS)), [("k1", WORDS)]),
    "insert a paragraph": (with_new(at("n2", Kind.PARAGRAPH, "Đoạn mới.", "a25")), [("k1", WORDS)]),
    "Enter before": (split("k1", IN, "n3"), [("n3", WORDS)]),
    "Enter inside": (split("k1", INSIDE, "n3"), [("k1", "họp"), ("n3", "thường kỳ")]),
    "Enter after": (split("k1", FIRST.index(" mỗi"), "n3"), [("k1", WORDS)]),
    "Backspace joins it with the previous": (
        both(written(k0=f"Làm việc tập thể, dân chủ.{FIRST}"), without("k1")), [("k0", WORDS)],
    ),
    "a clause becomes an article": (changed("k1", kind=Kind.ARTICLE), [("k1", WORDS)]),
    "a clause becomes a point of a list": (changed("k1", kind=Kind.POINT), [("k1", WORDS)]),
    "cut and paste elsewhere": (both(without("k1"), with_new(PASTED)), [("n1", WORDS)]),
    "delete": (without("k1"), []),
}  # fmt: skip


def words_of(found: Carried) -> list[tuple[str, str]]:
    return [(one.spot.provision, one.quote) for one in found.stretches]


def on(document: Document, words: str = WORDS, provision: str = "k1", cell: int | None = None) -> Anchor:
    texts = Texts(document)
    spot = Spot(ProvisionId(provision), cell)
    start = texts.at[spot].index(words)
    found = anchored(texts, spot, start, start + len(words))
    assert found is not None
    return found


def room() -> Desk:
    desk = Desk()
    desk.carry(AN, seed(DRAFT, 5))
    return desk


@pytest.mark.parametrize("how", ["live", "after reload", "from a frozen version"])
@pytest.mark.parametrize("edit", ORDINARY)
def test_sixteen_ordinary_edits_leave_a_comment_on_its_words(edit: str, how: str) -> None:
    change, words = ORDINARY[edit]
    desk = room()
    made_on = desk.replica.tree()
    if how == "from a frozen version":
        made_on = document_from_json(document_to_json(made_on))
    anchor = on(made_on)
    desk.edit(AN, change)
    read = desk.at(len(desk.rows)) if how == "after reload" else desk.replica.tree()
    assert words_of(carried(anchor, (), Texts(read))) == words
    # And when it is taken back, everything is as it was.
    desk.edit(AN, DRAFT)
    read = desk.at(len(desk.rows)) if how == "after reload" else desk.replica.tree()
    assert carried(anchor, (), Texts(read)) == Carried(Standing.HERE, (anchor.made,))  # type: ignore[arg-type]


def test_there_are_sixteen() -> None:
    assert len(ORDINARY) == 16


def carry(anchor: Anchor, *edits: Edit) -> Carried:
    """After these edits, looked at after each."""
    replica, held = Replica(), ()
    replica.apply(seed(DRAFT, 5))
    assert anchor.made is not None
    for edit in edits:
        replica.apply(replica.towards(edit(replica.tree()), AN))
        found = carried(anchor, held, Texts(replica.tree()))
        worth = worth_holding(anchor.made, held, found.stretches)
        held = held if worth is None else worth
    return found


def test_words_split_and_joined_again_are_one() -> None:
    anchor = on(DRAFT)
    joined = both(written(k1=FIRST.replace(" một", " 01")), without("n3"))
    assert words_of(carry(anchor, split("k1", INSIDE, "n3"), joined)) == [("k1", WORDS)]


def test_words_parted_by_two_enters_are_three() -> None:
    anchor = on(DRAFT, "thường kỳ mỗi tháng một lần.")
    cut = FIRST.index("mỗi")
    again = split("n3", len("mỗi tháng "), "n4")
    found = carry(anchor, both(split("k1", cut, "n3"), again))
    assert words_of(found) == [("k1", "thường kỳ"), ("n3", "mỗi tháng"), ("n4", "một lần.")]


def test_words_moved_into_a_cell_are_found_there() -> None:
    anchor = on(DRAFT, "họp hằng tuần tại trụ sở", "k2")
    moved = both(
        written(k2="Thường trực cơ quan."), changed("h1", cells=("01", "Họp: họp hằng tuần tại trụ sở", "VP"))
    )
    found = carry(anchor, moved)
    assert words_of(found) == [("h1", "họp hằng tuần tại trụ sở")]
    assert (found.standing, found.stretches[0].spot.cell) == (Standing.ELSEWHERE, 1)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("x", *CELLS), [("h1", "Văn phòng")]),
        (CELLS[1:], [("h1", "Văn phòng")]),
        (("x", *CELLS[:2], "Văn phòng Đảng ủy"), [("h1", "Văn phòng")]),
        (("x", "y", *CELLS[:2]), []),
    ],
)
def test_columns_come_and_go_beside_a_comment(cells: tuple[str, ...], words: list[tuple[str, str]]) -> None:
    anchor = on(DRAFT, "Văn phòng", "h1", 2)
    assert words_of(carry(anchor, changed("h1", cells=cells))) == words


def test_the_same_words_written_elsewhere_do_not_take_a_comment_over() -> None:
    """They stood there before: that these are gone has moved nothing."""
    twin = both(with_new(at("n1", Kind.CLAUSE, FIRST, "a9")))
    document = twin(DRAFT)
    found = carried(on(document), (), Texts(without("k1")(document)))
    assert found == Carried(Standing.ORPHANED)
    moved = both(without("k1"), with_new(at("n2", Kind.CLAUSE, FIRST, "a15")))(document)
    assert words_of(carried(on(document), (), Texts(moved))) == [("n2", WORDS)]


def test_a_comment_outlives_every_word_it_was_made_on() -> None:
    anchor = on(DRAFT)
    found = carry(
        anchor,
        written(k1="Ban Thường vụ họp thường xuyên mỗi tháng một lần."),
        written(k1="Tỉnh ủy họp thường xuyên vào đầu tháng."),
        written(k1="Tỉnh ủy làm việc thường xuyên vào đầu quý, trừ ngày lễ."),
        written(k1="Tỉnh ủy làm việc liên tục vào đầu quý, trừ ngày lễ."),
    )
    assert words_of(found) == [("k1", "làm việc liên tục")]
    assert anchor.made is not None
    assert anchor.made.quote == WORDS


def test_a_provision_stands_as_long_as_it_is_there() -> None:
    anchor = whole(Texts(DRAFT), ProvisionId("k1"))
    assert anchor is not None
    assert anchor.on is On.PROVISION
    assert carry(anchor, written(k1="Hoàn toàn khác.")).standing is Standing.HERE
    assert carry(anchor, without("k1")).standing is Standing.ORPHANED
    found = carry(anchor, both(without("k1"), with_new(PASTED)), written(n1="Đã sửa hết rồi."))
    assert (found.standing, found.stretches[0].spot.provision) == (Standing.ELSEWHERE, "n1")
    row = whole(Texts(DRAFT), ProvisionId("h1"))
    assert row is not None
    assert row.made is not None
    assert row.made.quote == CELLS[1]
    assert whole(Texts(DRAFT), ProvisionId("nobody")) is None


def test_the_draft_itself_is_always_there() -> None:
    assert carried(Anchor(On.DOCUMENT), (), Texts(Document())) == Carried(Standing.HERE)


@pytest.mark.parametrize(
    ("marked", "now", "after"),
    [
        ("quyền [của] Ban và của Bí thư", "quyền thuộc Ban và của Bí thư", "quyền [thuộc] Ban và của Bí thư"),
        ("[Ban Thường vụ họp.] Ban Chấp hành quyết.", "Ban Chấp hành quyết.", None),
        ("[Ban Chấp hành quyết.] Ban họp.", "Ban Chấp hành quyết.", "[Ban Chấp hành quyết.]"),
        ("khoản 2 [Điều 5] này", "khoản 3 Điều 5 này", "khoản 3 [Điều 5] này"),
        ("khoản [2] Điều 5 này", "khoản 13 Điều 5 này", "khoản [13] Điều 5 này"),
        ("họp [tháng] một", "họp hằng quý một", "họp [hằng quý] một"),
        ("[họp] tháng", "hội tuần", "[hội] tuần"),
        ("😀 [họp 𠮷] a", "😀😀 họp 𠮷𠮷 a", "😀😀 [họp 𠮷]𠮷 a"),
        ("a họp; [họp] b", "a họp; họp; họp b", "a họp; [họp]; họp b"),
        ("họp [thường] kỳ", "họp thườngg kỳ", "họp [thường]g kỳ"),
        ("họp [thường] kỳ", "họp thưường kỳ", "họp [thưường] kỳ"),
        ("một hai [ba bốn] năm", "hai ba bốn", "hai [ba bốn]"),
        ("họp, [họp] kín", "họp kín", "[họp] kín"),
        ("[hai], ba", "ba, hai", "ba, [hai]"),
        ("[họp k]ín kín;", "họp họp kín", "họp [họp k]ín"),
        ("[a hai;] a ba", "a hai hai; a", "[a hai hai;] a"),
        ("ha[i; a]", "hai; hai a", "ha[i; hai a]"),
        ("[, b]a", ", a ba", "[, a b]a"),
    ],
)
def test_a_range_is_followed_to_the_letter(marked: str, now: str, after: str | None) -> None:
    base = marked.replace("[", "").replace("]", "")
    start, end = marked.index("["), marked.index("]") - 1
    found = mapped(base, now, start, end)
    if after is None:
        assert found is None
    else:
        assert found is not None
        assert f"{now[: found.start]}[{now[found.start : found.end]}]{now[found.end :]}" == after


def test_of_a_very_long_text_only_what_is_around_the_words_is_kept() -> None:
    text = "a " * MAX_BASE + "những chữ này" + " b" * MAX_BASE
    document = Document((at("k1", Kind.CLAUSE, text, "a"),))
    made = on(document, "những chữ này").made
    assert made is not None
    kept = shortened(made)
    assert (len(kept.base), kept.quote) == (MAX_BASE, "những chữ này")
    found = carried(Anchor(On.WORDS, kept), (), Texts(document))
    assert [(one.start, one.quote) for one in found.stretches] == [(made.start, "những chữ này")]


@pytest.mark.parametrize(
    ("ahead", "words"), [("", "những chữ này"), ("a " * MAX_BASE, "chữ " * (MAX_BASE // 8) + "này")]
)
def test_the_words_themselves_are_kept_wherever_they_stand(ahead: str, words: str) -> None:
    document = Document((at("k1", Kind.CLAUSE, f"{ahead}{words}{' b' * MAX_BASE}", "a"),))
    made = on(document, words).made
    assert made is not None
    assert (len(shortened(made).base), shortened(made).quote) == (MAX_BASE, words)


def test_words_that_are_back_as_they_were_made_need_no_place_held() -> None:
    made, other = on(DRAFT).made, on(DRAFT, "hằng tuần", "k2").made
    assert made is not None
    assert other is not None
    assert worth_holding(made, (other,), (made,)) == ()
    assert worth_holding(made, (), (made,)) is None
    assert worth_holding(made, (other,), ()) is None


def test_of_what_was_split_off_and_reworded_the_words_are_found_there() -> None:
    part = replace(PASTED, text="họp rất thường kỳ mỗi tháng một lần.", origin=ProvisionId("k1"))
    found = carried(on(DRAFT), (), Texts(both(written(k1="Ban Thường vụ"), with_new(part))(DRAFT)))
    assert words_of(found) == [("n1", "họp rất thường kỳ")]


def test_words_that_stood_twice_are_not_found_where_the_other_ones_stand() -> None:
    other = f"Các đảng ủy xã cùng {WORDS} vào ngày mồng mười của quý."
    twice = written(k1=f"{FIRST} {other}")(DRAFT)
    texts = Texts(twice)
    spot = Spot(ProvisionId("k1"))
    start = texts.at[spot].rindex(WORDS)
    anchor = anchored(texts, spot, start, start + len(WORDS))
    assert anchor is not None
    moved = both(written(k1=FIRST), with_new(replace(PASTED, text=other)))(twice)
    assert words_of(carried(anchor, (), Texts(moved))) == [("n1", WORDS)]


def test_places_that_are_none_give_no_anchor() -> None:
    texts, k1 = Texts(DRAFT), Spot(ProvisionId("k1"))
    assert anchored(texts, Spot(ProvisionId("nobody")), 0, 1) is None
    assert anchored(texts, k1, 3, 3) is None
    assert anchored(texts, k1, 0, 999) is None
    assert anchored(texts, k1, 3, 4) is None  # a space
    assert anchored(texts, k1, 0, 3, "Đã bị bỏ") is None
    found = anchored(texts, k1, 0, 3, f"Nào {FIRST}")
    assert found is None
    found = anchored(texts, k1, 4, 7, f"Nào {FIRST}")
    assert found is not None
    assert found.made is not None
    assert (found.made.base, found.made.quote) == (FIRST, "Ban")


@pytest.mark.parametrize(
    ("words", "provision", "edit", "left"),
    [
        # The rest went behind an Enter and was written anew there: it is not what was marked.
        (WORDS, "k1", both(split("k1", INSIDE, "n3"), written(n3="Khác hẳn.")), "họp"),
        ("sách bảo đảm", "k3", written(k3="Ngân sách"), "sách"),  # nothing stands behind
    ],
)
def test_of_words_whose_end_is_gone_the_beginning_is_marked(
    words: str, provision: str, edit: Edit, left: str
) -> None:
    assert words_of(carry(on(DRAFT, words, provision), edit)) == [(provision, left)]


@pytest.mark.parametrize("text", ["Nên họp thường kỳ.", "họp thường kỳ, " * 400])
def test_words_that_anyone_writes_are_not_taken_for_those_that_were_marked(text: str) -> None:
    elsewhere = both(without("k1"), with_new(at("n1", Kind.CLAUSE, text, "a9")))
    assert carry(on(DRAFT), elsewhere).standing is Standing.ORPHANED
