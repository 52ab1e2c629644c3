"""Who wrote which words: told from the journal, kept through moves, splits and copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from duthao.collab.attribution import Attribution, RowsByElement
from duthao.collab.replica import Replica
from duthao.domain.document import Document, DocumentId, Provision, ProvisionId, UserId
from duthao.service.history import PAUSE, sittings
from duthao.store.ports import EpochMillis, JournalEntry, JournalMark, JournalRow, Seq
from tests.support.texts import art, cl, doc

AN, BINH, CHI = UserId("an"), UserId("binh"), UserId("chi")
DRAFT = DocumentId("draft")


class Desk:
    """A journal that people write in turn: each edit is the document as it reads afterwards."""

    def __init__(self) -> None:
        self.replica = Replica()
        self.rows: list[JournalRow] = []

    def edit(self, user: UserId, change: Callable[[Document], Document] | Document) -> None:
        goal = change if isinstance(change, Document) else change(self.replica.tree())
        update = self.replica.towards(goal, user)
        self.carry(user, update)

    def carry(self, user: UserId, update: bytes) -> None:
        facts = self.replica.apply(update).facts
        seq = Seq(len(self.rows) + 1)
        entry = JournalEntry(DRAFT, EpochMillis(1000 * seq), user, "c", facts.client_ids, update)
        self.rows.append(JournalRow(seq, entry))

    def credits(self, provision: str) -> list[tuple[str, str, int]]:
        """The words of a provision as (words, person, row)."""
        rows = RowsByElement()
        rows.extend(self.rows)
        tree = self.replica.tree()
        origins = {p.id: p.origin for p in (*tree.provisions, *tree.removed)}
        found = Attribution(self.replica.state(), rows, origins.get).provision(ProvisionId(provision))
        assert found is not None
        assert [w.start for w in found.written] == [0, *(w.end for w in found.written)][: len(found.written)]
        assert not found.written or found.written[-1].end == len(found.text)
        assert all(w.at == 1000 * w.seq for w in found.written)
        return [(found.text[w.start : w.end], w.user_id, w.seq) for w in found.written]


def written(**texts: str) -> Callable[[Document], Document]:
    def change(document: Document) -> Document:
        return replace(
            document,
            provisions=tuple(
                replace(p, text=texts[p.id]) if p.id in texts else p for p in document.provisions
            ),
        )

    return change


def split(source: str, at: int, new: str) -> Callable[[Document], Document]:
    """The provision cut in two, as the editor does it: the rest becomes a new one that says from where."""

    def change(document: Document) -> Document:
        made: list[Provision] = []
        for p in document.provisions:
            if p.id != source:
                made.append(p)
                continue
            made.append(replace(p, text=p.text[:at]))
            made.append(
                replace(
                    p, id=ProvisionId(new), text=p.text[at:], origin=ProvisionId(source), order=f"{p.order}V"
                )
            )
        return replace(document, provisions=tuple(made))

    return change


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


def test_sittings_begin_with_another_person_another_reason_or_after_a_pause() -> None:
    def mark(seq: int, at: int, user: UserId = AN, reason: str = "edit") -> JournalMark:
        return JournalMark(Seq(seq), EpochMillis(at), user, reason)

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
    assert sittings([]) == ()
