"""Forward changes: exactly what was asked for, as little as possible, and nobody's words lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from duthao.collab import edits
from duthao.collab.codec import read_document
from duthao.collab.edits import EditFailed, brought_back, empty_reason, replacements, restore, seed
from duthao.collab.replica import Replica
from duthao.collab.update_reader import read_update
from duthao.domain.document import (
    CharOffset,
    Document,
    FrontMatter,
    Kind,
    Mark,
    MarkKind,
    NumberingPolicy,
    Provision,
    ProvisionId,
)
from duthao.domain.errors import Refusal


def article(id_: str, text: str, order: str = "V", **values: Any) -> Provision:
    return Provision(ProvisionId(id_), Kind.ARTICLE, text, order=order, **values)


def bold(start: int, end: int) -> Mark:
    return Mark(MarkKind.BOLD, CharOffset(start), CharOffset(end))


BEFORE = Document(
    (
        article("a", "Ban Chấp hành họp thường lệ ba tháng một lần.", "A"),
        article("b", "Bí thư chủ trì hội nghị.", "B", label="2"),
        article("c", "Điều này sẽ bị bỏ.", "C"),
    ),
    FrontMatter(title="Quy chế làm việc", bases=("Căn cứ một;",)),
    rationale={ProvisionId("a"): "vì cần"},
)
AFTER = Document(
    (
        article("b", "Bí thư hoặc Phó Bí thư chủ trì hội nghị 😀.", "A", marks=(bold(0, 6),)),
        article("a", "Ban Chấp hành họp hai tháng một lần.", "B", origin=ProvisionId("z")),
        Provision(ProvisionId("d"), Kind.CLAUSE, "Khoản mới.", "1a", (bold(6, 9),), order="C"),
        Provision(ProvisionId("e"), Kind.ROW, "", cells=("ô một", "ô hai"), order="D"),
    ),
    FrontMatter(body="Đảng bộ", bases=("Căn cứ một;", "Căn cứ hai;")),
    NumberingPolicy.KEEP,
    {ProvisionId("d"): "theo góp ý"},
)


def live(document: Document = BEFORE, client_id: int = 5) -> Replica:
    replica = Replica()
    replica.apply(seed(document, client_id))
    return replica


def restored(replica: Replica, target: Document) -> Document:
    update = restore(replica.state(), replica.tree(), target)
    if update is not None:
        replica.apply(update)
    return replica.tree()


def readable(document: Document) -> Document:
    return replace(document, removed=())


def test_a_seed_reads_as_the_document() -> None:
    assert readable(live(AFTER).tree()) == AFTER
    assert live(BEFORE).tree() == BEFORE


def test_a_seed_is_the_same_bytes_every_time() -> None:
    assert seed(AFTER, 5) == seed(AFTER, 5)
    assert seed(AFTER, 5) != seed(AFTER, 6)


def test_provisions_without_places_are_spread_in_the_order_given() -> None:
    texts = [f"đoạn {n}" for n in range(200)]
    document = Document(tuple(article(f"p{n}", text, "") for n, text in enumerate(texts)))
    tree = live(document).tree()
    assert [one.text for one in tree.provisions] == texts
    assert len({one.order for one in tree.provisions}) == 200


@pytest.mark.parametrize("ids", [("a", "a"), ("",), ("x" * 41,)])
def test_bad_ids_are_refused(ids: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        seed(Document(tuple(article(id_, "") for id_ in ids)))
    assert refused.value.code == "document_ids_bad"


def test_half_letters_and_marks_outside_the_text_are_made_sound() -> None:
    (one,) = live(Document((article("a", "x\ud83dy", marks=(bold(-5, 1), bold(1, 99))),))).tree().provisions
    assert (one.text, one.marks) == ("x\ufffdy", (bold(0, 3),))


def test_a_restored_document_reads_as_the_target() -> None:
    replica = live()
    tree = restored(replica, AFTER)
    assert readable(tree) == AFTER
    assert [one.id for one in tree.removed] == ["c"]
    assert readable(restored(replica, BEFORE)) == BEFORE
    assert not replica.pending()


def test_nothing_to_do_is_no_update() -> None:
    replica = live()
    assert restore(replica.state(), replica.tree(), BEFORE) is None
    assert (
        restore(replica.state(), replica.tree(), brought_back(replica.tree(), BEFORE, [ProvisionId("a")]))
        is None
    )


def test_a_change_of_one_word_is_a_small_update() -> None:
    replica = live()
    for n in range(300):
        restored(replica, replace(BEFORE, front=FrontMatter(title=f"lần {n}")))
    restored(replica, BEFORE)
    target = replace(
        BEFORE,
        provisions=(
            replace(BEFORE.provisions[0], text="Ban Chấp hành họp thường lệ sáu tháng một lần."),
            *BEFORE.provisions[1:],
        ),
    )
    update = restore(replica.state(), replica.tree(), target)
    assert update is not None
    assert len(update) < 60
    assert read_update(update).deletes == 1


def test_a_restore_does_not_touch_what_it_is_given() -> None:
    replica = live()
    state = replica.state()
    restore(state, replica.tree(), AFTER)
    assert replica.state() == state


def offline(replica: Replica, provision: str, at: str, words: str) -> bytes:
    """A colleague's sentence, typed offline after `at`, not yet sent."""
    doc: Any = Doc(client_id=4242)
    doc.apply_update(replica.state())
    before = doc.get_state()
    text = doc.get("provisions", type=Map)[provision]["text"]
    text.insert(len(str(text)[: str(text).index(at) + len(at)].encode()), words)
    return bytes(doc.get_update(before))


@pytest.mark.parametrize("restored_first", [True, False])
@pytest.mark.parametrize(
    ("provision", "at"),
    [("a", "lần."), ("a", "Ban Chấp hành"), ("a", "thường lệ"), ("b", "hội nghị"), ("c", "bị bỏ.")],
)
def test_a_colleagues_offline_sentence_survives_a_restore(
    provision: str, at: str, restored_first: bool
) -> None:
    sentence = " Câu viết lúc mất mạng 😀."
    replica = live()
    colleague = offline(replica, provision, at, sentence)
    restoring = restore(replica.state(), replica.tree(), AFTER)
    assert restoring is not None
    for update in (restoring, colleague) if restored_first else (colleague, restoring):
        replica.apply(update)
    tree = replica.tree()
    found = [one.text for one in (*tree.provisions, *tree.removed) if sentence in one.text]
    assert len(found) == 1
    assert [one.id for one in tree.provisions] == [one.id for one in AFTER.provisions]


def test_what_was_removed_comes_back_with_the_words_typed_into_it_meanwhile() -> None:
    replica = live()
    restored(replica, replace(BEFORE, provisions=BEFORE.provisions[:2]))
    colleague = offline(replica, "c", "bị bỏ.", " Thêm vào.")
    restored(replica, BEFORE)
    replica.apply(colleague)
    assert replica.tree().provisions[2].text == "Điều này sẽ bị bỏ. Thêm vào."


def test_one_provision_is_restored_alone() -> None:
    replica = live()
    restored(replica, AFTER)
    update = restore(
        replica.state(), replica.tree(), brought_back(replica.tree(), BEFORE, [ProvisionId("c")])
    )
    assert update is not None
    replica.apply(update)
    assert [one.id for one in replica.tree().provisions] == ["b", "a", "c", "d", "e"]
    assert replica.tree().removed == ()
    update = restore(
        replica.state(), replica.tree(), brought_back(replica.tree(), BEFORE, [ProvisionId("d")])
    )
    assert update is not None
    replica.apply(update)
    assert [one.id for one in replica.tree().removed] == ["d"]
    assert replica.tree().front == AFTER.front
    with pytest.raises(Refusal) as refused:
        restore(
            replica.state(), replica.tree(), brought_back(replica.tree(), BEFORE, [ProvisionId("nobody")])
        )
    assert refused.value.code == "provision_not_found"


def test_cells_are_changed_one_by_one() -> None:
    def row(*cells: str) -> Document:
        return Document((Provision(ProvisionId("r"), Kind.ROW, "", cells=cells, order="V"),))

    replica = live(row("một", "hai ba", "bốn"))
    for cells in (
        ("một", "hai năm", "bốn"),
        ("hai năm", "bốn"),
        ("hai năm", "mới", "bốn", "cuối"),
        (),
        ("lại",),
    ):
        assert restored(replica, row(*cells)).provisions[0].cells == cells


def test_two_who_give_a_reason_at_once_write_into_one_text() -> None:
    reason = ProvisionId("b")
    replica = live()
    state, tree = replica.state(), replica.tree()
    sides = []
    for words in ("ý kiến một", "ý kiến hai"):
        sides.append(restore(state, tree, replace(BEFORE, rationale={**BEFORE.rationale, reason: words})))
    for side in sides:
        assert side is not None
        replica.apply(side)
    both = replica.tree().rationale[reason]
    assert "ý kiến một" in both
    assert "ý kiến hai" in both


def test_a_reason_taken_out_of_the_map_is_made_anew() -> None:
    doc: Any = Doc(client_id=5)
    doc.apply_update(empty_reason(ProvisionId("p")))
    del doc.get("rationale", type=Map)["p"]
    replica = Replica()
    replica.apply(doc.get_update())
    assert restored(replica, Document(rationale={ProvisionId("p"): "lại"})).rationale == {"p": "lại"}


def test_malformed_entries_are_made_whole() -> None:
    doc: Any = Doc(client_id=5)
    doc.get("provisions", type=Map)["a"] = "no map"
    doc.get("provisions", type=Map)["b"] = Map({"kind": 5, "text": Text("x"), "cells": "no", "removed": True})
    row = Array(["no text", Text("ô")])
    doc.get("provisions", type=Map)["e"] = Map({"kind": "row", "text": Text(), "cells": row})
    doc.get("rationale", type=Map)["d"] = "no text"
    embedded = Text("chữ")
    doc.get("provisions", type=Map)["d"] = Map({"text": embedded})
    embedded.insert_embed(2, {"image": "x"})
    state = bytes(doc.get_update())
    update = restore(state, read_document(doc)[0], AFTER)
    assert update is not None
    doc.apply_update(update)
    assert readable(read_document(doc)[0]) == AFTER


def test_a_change_that_does_not_read_back_is_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "_edit_marks", lambda *_: None)
    with pytest.raises(EditFailed):
        seed(AFTER)
    replica = live()
    with pytest.raises(EditFailed):
        restore(replica.state(), replica.tree(), AFTER)


def test_texts_change_word_by_word() -> None:
    changes = replacements("Ban Chấp hành họp ba tháng.", "Ban Chấp hành mở họp sáu tháng.")
    assert [(c.start, c.end, c.words) for c in changes] == [(18, 20, "sáu"), (14, 14, "mở ")]
    assert replacements("giống nhau", "giống nhau") == []
    assert [c.words for c in replacements("", "mới")] == ["mới"]


def test_very_different_long_texts_are_replaced_whole_in_bounded_work() -> None:
    before, after = "a b " * 5_000 + "x", "c d " * 5_000 + "y"
    (change,) = replacements(before, after)
    assert (change.start, change.end, change.words) == (0, len(before), after)
