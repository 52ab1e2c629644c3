"""Who wrote which words: told from the journal, kept through moves, splits and copies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.collab.attribution import DEPTH, Attribution, RowsByElement
from duthao.collab.replica import Replica
from duthao.domain.document import Document, ProvisionId, UserId
from duthao.service.history import MAX_STOPS, PAUSE, STOP, sittings, stops
from duthao.store.ports import EpochMillis, JournalMark, Seq
from tests.support.collab_client import PycrdtReplica
from tests.support.desk import AN, BINH, CHI, Desk, split, written
from tests.support.texts import art, cl, doc


def test_every_character_has_its_author_and_moment() -> None:
    desk = Desk()
    desk.edit(AN, doc(art("Phạm vi", id="d"), cl("Ban Thường vụ họp.", id="k")))
    desk.edit(BINH, written(k="Ban Thường vụ họp mỗi tháng."))
    desk.edit(CHI, written(k="Ban Thường vụ 😀 họp mỗi tháng."))
    desk.edit(AN, written(k="Ban Thường vụ 😀 họp tháng."))
    assert desk.credits("k") == [
        ("Ban Thường vụ ", "an", 1),
        ("😀 ", "chi", 3),
        ("họp", "an", 1),
        (" tháng", "binh", 2),
        (".", "an", 1),
    ]
    assert desk.credits("d") == [("Phạm vi", "an", 1)]


def test_the_words_of_a_proposal_are_its_authors_and_not_whose_accepted_it() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Ban Thường vụ họp mỗi tháng.", id="k")))
    desk.edit(AN, written(k="Ban Thường vụ họp mỗi quý."), credited=BINH)
    desk.edit(AN, written(k="Ban Thường vụ họp mỗi quý một lần."))
    assert desk.credits("k") == [
        ("Ban Thường vụ họp mỗi ", "an", 1),
        ("quý", "binh", 2),
        (" một lần", "an", 3),
        (".", "an", 1),
    ]


def test_a_moved_provision_keeps_its_authors() -> None:
    desk = Desk()
    desk.edit(AN, doc(art("Một", id="d1"), cl("Việc thứ nhất.", id="k"), art("Hai", id="d2")))

    def moved(document: Document) -> Document:
        first, middle, last = document.provisions
        return replace(document, provisions=(first, last, middle))

    desk.edit(BINH, moved)
    assert [p.id for p in desk.replica.tree().provisions] == ["d1", "d2", "k"]
    assert desk.credits("k") == [("Việc thứ nhất.", "an", 1)]


def test_words_split_off_keep_their_authors_however_often() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Ban Thường vụ họp hằng tháng; Thường trực họp hằng tuần.", id="k")))
    desk.edit(BINH, written(k="Ban Thường vụ họp hằng tháng; Thường trực họp định kỳ hằng tuần."))
    desk.edit(CHI, split("k", 30, "k2"))
    desk.edit(CHI, written(k2="Thường trực họp định kỳ hằng tuần, khi cần thì đột xuất."))
    desk.edit(AN, split("k2", 12, "k3"))
    assert desk.credits("k") == [("Ban Thường vụ họp hằng tháng; ", "an", 1)]
    assert desk.credits("k2") == [("Thường trực ", "an", 1)]
    assert desk.credits("k3") == [
        ("họp ", "an", 1),
        ("định kỳ ", "binh", 2),
        ("hằng tuần", "an", 1),
        (", khi cần thì đột xuất", "chi", 4),
        (".", "an", 1),
    ]


def test_a_copy_is_credited_to_whoever_wrote_the_words_and_what_was_typed_after_to_its_author() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Đảng ủy viên dự họp đầy đủ.", id="k")))

    def copied(document: Document) -> Document:
        (first,) = document.provisions
        copy = replace(first, id=ProvisionId("c"), origin=ProvisionId("k"), order=f"{first.order}V")
        return replace(document, provisions=(first, copy))

    desk.edit(BINH, copied)
    desk.edit(CHI, written(k="", c="Đảng ủy viên dự họp đầy đủ và đúng giờ."))
    assert desk.credits("c") == [
        ("Đảng ủy viên dự họp đầy đủ", "an", 1),
        (" và đúng giờ", "chi", 3),
        (".", "an", 1),
    ]
    assert desk.credits("k") == []


def test_an_edit_carried_twice_belongs_to_its_first_row() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Một.", id="k")))
    desk.edit(BINH, written(k="Một hai."))
    desk.carry(BINH, desk.rows[1].entry.payload)
    assert desk.credits("k") == [("Một", "an", 1), (" hai", "binh", 2), (".", "an", 1)]


def test_a_provision_nobody_knows_has_no_authors() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Một.", id="k")))
    assert (
        Attribution(desk.replica.state(), RowsByElement(), lambda _id: None).provision(ProvisionId("x"))
        is None
    )


def mark(seq: int, at: int, user: UserId = AN, reason: str = "edit") -> JournalMark:
    return JournalMark(Seq(seq), EpochMillis(at), user, reason)


def test_sittings_begin_with_another_person_another_reason_or_after_a_pause() -> None:
    marks = [
        mark(1, 0, reason="seed"),
        mark(2, 10),
        mark(3, 20),
        mark(4, 21, BINH),
        mark(5, 21 + PAUSE, BINH),
        mark(6, 22 + 2 * PAUSE, BINH),
    ]
    assert [(s.first, s.last, s.user_id, s.begun, s.ended) for s in sittings(marks)] == [
        (1, 1, "an", 0, 0),
        (2, 3, "an", 10, 20),
        (4, 5, "binh", 21, 21 + PAUSE),
        (6, 6, "binh", 22 + 2 * PAUSE, 22 + 2 * PAUSE),
    ]
    restored = [mark(1, 0, reason="restore"), mark(2, 1, reason="restore")]
    assert [s.last for s in sittings(restored)] == [1, 2]
    assert sittings([]) == ()


def test_words_that_are_joined_to_another_provision_keep_their_authors() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Ban Thường vụ họp hằng tháng.", id="k")))
    desk.edit(BINH, split("k", 14, "k2"))
    desk.edit(CHI, written(k2="họp hằng tháng, khi cần thì đột xuất."))

    def joined(document: Document) -> Document:
        first, second = document.provisions
        whole = replace(first, text=f"{first.text}{second.text}")
        return replace(document, provisions=(whole,), removed=(second,))

    desk.edit(BINH, joined)
    (first,) = desk.replica.tree().provisions
    assert first.text == "Ban Thường vụ họp hằng tháng, khi cần thì đột xuất."
    assert desk.credits("k") == [
        ("Ban Thường vụ họp hằng tháng", "an", 1),
        (", khi cần thì đột xuất", "chi", 3),
        (".", "an", 1),
    ]
    desk.edit(CHI, split("k", 14, "k3"))
    assert desk.credits("k3") == [
        ("họp hằng tháng", "an", 1),
        (", khi cần thì đột xuất", "chi", 3),
        (".", "an", 1),
    ]


def test_words_typed_while_another_provision_is_taken_out_are_the_typists_own() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Ban Thường vụ họp.", id="k"), cl("Thường trực họp hằng tuần.", id="m")))

    def typed(document: Document) -> Document:
        first, second = document.provisions
        return replace(
            document,
            provisions=(replace(first, text=f"{first.text} Khi vắng mặt phải xin phép."),),
            removed=(second,),
        )

    desk.edit(BINH, typed)
    assert desk.credits("k") == [("Ban Thường vụ họp.", "an", 1), (" Khi vắng mặt phải xin phép.", "binh", 2)]


def test_what_somebody_passes_on_of_another_is_the_others() -> None:
    """A browser that caught up over a colleague's machine repeats their elements: the first row counts."""
    desk = Desk()
    desk.edit(AN, doc(cl("Ban Thường vụ họp.", id="k")))
    behind = desk.replica.state()
    desk.edit(BINH, written(k="Ban Thường vụ họp hằng tháng."))
    # Chi had An's text only; her difference holds Bình's words too, which she did not write.
    late = Replica.from_rows(behind, [])
    late.apply(desk.rows[1].entry.payload)
    update = late.towards(written(k="Ban Thường vụ họp hằng tháng, đầy đủ.")(late.tree()), CHI)
    late.apply(update)
    desk.carry(CHI, late.diff(Replica.from_rows(behind, []).state_vector()))
    assert desk.credits("k") == [
        ("Ban Thường vụ họp", "an", 1),
        (" hằng tháng", "binh", 2),
        (", đầy đủ", "chi", 3),
        (".", "an", 1),
    ]


def test_a_slider_stops_after_every_sitting_and_every_minute_within() -> None:
    marks = [mark(n, n * 20_000) for n in range(1, 11)] + [mark(11, 220_000, BINH)]
    found = stops(marks, sittings(marks))
    assert [stop.seq for stop in found] == [4, 7, 10, 11]
    assert stops([], ()) == ()


def test_a_long_sitting_has_no_more_stops_than_a_slider_can_show() -> None:
    marks = [mark(n, n * STOP) for n in range(1, 3 * MAX_STOPS)]
    found = stops(marks, sittings(marks))
    assert MAX_STOPS / 2 < len(found) <= MAX_STOPS + 1
    assert found[-1].seq == marks[-1].seq


def copy_of(document: Document, source: str, new: str, text: str | None = None) -> Document:
    """The document with a copy of a provision behind all others."""
    (first,) = (p for p in document.provisions if p.id == source)
    last = document.provisions[-1]
    copy = replace(first, id=ProvisionId(new), origin=first.id, order=f"{last.order}V")
    return replace(
        document, provisions=(*document.provisions, copy if text is None else replace(copy, text=text))
    )


def test_a_provision_replaced_by_its_copy_in_one_row_keeps_its_authors() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Ban Thường vụ họp.", id="k")))

    def replaced(document: Document) -> Document:
        old, new = copy_of(document, "k", "c").provisions
        return replace(document, provisions=(new,), removed=(old,))

    desk.edit(BINH, replaced)
    assert desk.credits("c") == [("Ban Thường vụ họp.", "an", 1)]


def test_a_text_copied_more_often_than_is_looked_into_keeps_a_later_copiers_name() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Ban Thường vụ họp.", id="c0")))
    for n in range(DEPTH + 1):
        desk.edit(BINH, lambda document, n=n: copy_of(document, f"c{n}", f"c{n + 1}"))  # type: ignore[misc]
    assert desk.credits(f"c{DEPTH}") == [("Ban Thường vụ họp.", "an", 1)]
    assert desk.credits(f"c{DEPTH + 1}") == [("Ban Thường vụ họp.", "binh", 2)]


def test_a_very_long_text_copied_and_changed_in_one_row_is_the_copiers() -> None:
    """To align two such texts letter by letter would take minutes; copied as it is, it is found at once."""
    long = "Ban Thường vụ họp hằng tháng. " * 700
    desk = Desk()
    desk.edit(AN, doc(cl(long, id="k")))
    desk.edit(BINH, lambda document: copy_of(document, "k", "same"))
    desk.edit(CHI, lambda document: copy_of(document, "k", "changed", long.replace("họp", "hội ý")))
    assert [user for _, user, _ in desk.credits("same")] == ["an"]
    assert [user for _, user, _ in desk.credits("changed")] == ["chi"]


def test_what_no_row_carries_is_nobodys() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Một.", id="k"), cl("Hai.", id="m")))
    desk.edit(BINH, lambda d: replace(d, provisions=d.provisions[:1], removed=d.provisions[1:]))
    unknown = Attribution(desk.replica.state(), RowsByElement(), lambda _id: None)
    found = unknown.provision(ProvisionId("k"))
    assert found is not None
    assert [(w.start, w.end, w.seq, w.user_id) for w in found.written] == [(0, 4, 0, "")]
    assert RowsByElement().row((1, 0)) is None


def test_a_provision_nobody_knows_was_never_set() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Một.", id="k")))
    attribution = Attribution(desk.replica.state(), desk.indexed(), lambda _id: None)
    assert list(attribution.settings(ProvisionId("x"))) == []
    assert set(attribution.settings(ProvisionId("k"))) >= {1}


def test_rows_are_taken_in_one_after_another() -> None:
    desk = Desk()
    desk.edit(AN, doc(cl("Một.", id="k")))
    desk.edit(BINH, written(k="Một hai."))
    rows = RowsByElement()
    with pytest.raises(ValueError, match="one after another"):
        rows.extend(desk.rows[1:])
    rows.extend(desk.rows)
    assert rows.end == 2


def test_the_rows_that_touched_a_range_are_all_that_carried_a_part_of_it() -> None:
    desk, client = Desk(), PycrdtReplica()
    desk.edit(AN, doc(cl("Một.", id="k")))
    client.apply(desk.replica.state())
    text = client.provisions["k"]["text"]
    for word in (" hai", " ba", " bốn"):
        before = client.state_vector()
        text += word
        desk.carry(BINH, client.diff(before))
    me, rows = client.doc.client_id, desk.indexed()
    assert list(rows.touching(me, 0, 4)) == [2]
    assert list(rows.touching(me, 2, 6)) == [2, 3]
    assert list(rows.touching(me, 0, 100)) == [2, 3, 4]
    assert list(rows.touching(me, 100, 200)) == []
    assert list(rows.touching(me + 1, 0, 100)) == []
    # A sitting that began later has touched nothing that stood before it.
    assert desk.chronicle().touched([Seq(3)]) == [{"k"}]
    assert desk.chronicle().touched([Seq(5)]) == [set()]
