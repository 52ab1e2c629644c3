"""Laws of a replica's place in a journal to which others append too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duthao.collab.place import JournalBroken, Place, Sent
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import EpochMillis, JournalEntry, JournalRow, Seq


def entry(name: str, number: int) -> JournalEntry:
    return JournalEntry(
        DocumentId("d"), EpochMillis(1), UserId(name), f"c-{name}", (), f"{name}{number}".encode()
    )


@given(
    steps=st.lists(st.sampled_from(["send", "commit", "told", "foreign", "read", "part"]), max_size=60),
    amounts=st.lists(st.integers(1, 3), min_size=60, max_size=60),
)
def test_each_row_of_others_is_taken_once_in_order_and_none_of_ours(
    steps: list[str], amounts: list[int]
) -> None:
    place, journal = Place(Seq(0)), list[JournalEntry]()
    handed: list[Sent] = []  # not yet committed
    committed: list[tuple[Sent, list[Seq]]] = []  # committed, not yet told
    taken: list[JournalEntry] = []
    own = 0
    for step, amount in zip(steps, amounts, strict=False):
        if step == "send":
            handed.append(place.sends([entry("we", own + n) for n in range(amount)], []))
            own += amount
        elif step == "commit" and handed:
            sent = handed.pop(0)
            first = len(journal) + 1
            journal.extend(sent.entries)
            committed.append((sent, [Seq(first + n) for n in range(len(sent.entries))]))
        elif step == "told" and committed:
            place.stored(*committed.pop(0))
        elif step == "foreign":
            journal.append(entry("they", len(journal)))
        elif step in ("read", "part"):
            upto = len(journal) if step == "read" else place.seq + amount
            for n, one in enumerate(journal[:upto], 1):
                row = JournalRow(Seq(n), one)
                if place.is_news(row):
                    taken.append(one)
                    place.took(row)
        held = {*taken, *(e for s, _ in committed for e in s.entries)}
        held |= {e for e in journal if e.user_id == "we"}
        assert all(one in held for one in journal[: place.seq])
        assert place.seq <= len(journal)
        if place.is_exact:
            assert not handed
            assert not committed
            assert all(one in journal[: place.seq] for one in held)
    foreign = [one for one in journal if one.user_id == "they"]
    assert taken == foreign[: len(taken)]
    assert place.foreign == len(taken)


def test_a_row_after_a_hole_is_no_continuation() -> None:
    with pytest.raises(JournalBroken):
        Place(Seq(3)).is_news(JournalRow(Seq(5), entry("they", 1)))


def test_content_of_others_before_ours_that_brought_the_same_is_seen() -> None:
    place = Place(Seq(1))
    place.sends([entry("we", 1)], [{7: (3, 6)}])
    assert place.contradicts({7: (0, 4)})
    assert place.contradicts({7: (5, 9)})
    assert not place.contradicts({7: (0, 3)})
    assert not place.contradicts({7: (6, 9), 8: (3, 6)})


def test_what_is_placed_ahead_is_passed_when_the_gap_is_filled() -> None:
    place = Place(Seq(1))
    sent = place.sends([entry("we", 1)], [{7: (0, 1)}])
    place.stored(sent, [Seq(3)])
    assert (place.seq, place.end, place.has_gap, place.is_behind) == (1, 3, True, True)
    row = JournalRow(Seq(2), entry("they", 1))
    assert place.is_news(row)
    place.took(row)
    assert (place.seq, place.is_exact, place.is_behind) == (3, True, False)
