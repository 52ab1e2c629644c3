"""The chain of the log: what is done to it past its door shows; dropping its front does not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.audit import START, Action, Record, Why, canonical, chained, said, seal_of, verify

words = st.text(max_size=6)
records = st.lists(
    st.builds(
        Record, st.integers(0, 2**45), words, words, st.sampled_from(Action), words, words, words, words
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(records)
def test_a_chain_verifies_up_to_its_end(some: list[Record]) -> None:
    chain = chained(START, some)
    assert verify(chain, START, seal_of(chain[-1])) is None
    assert [one.seq for one in chain] == list(range(1, len(some) + 1))


@given(records, st.data())
def test_a_changed_record_is_found_where_it_stands(some: list[Record], data: st.DataObject) -> None:
    chain = list(chained(START, some))
    at = data.draw(st.integers(0, len(chain) - 1))
    field = data.draw(st.sampled_from(("user_id", "name", "what", "document_id", "details", "address")))
    chain[at] = replace(chain[at], **{field: getattr(chain[at], field) + "x"})
    found = verify(chain)
    assert found is not None
    assert (found.seq, found.why) == (at + 1, Why.CHANGED)


@given(records, st.data())
def test_a_record_removed_moved_or_put_in_breaks_the_chain(some: list[Record], data: st.DataObject) -> None:
    chain = list(chained(START, some))
    end, at = seal_of(chain[-1]), data.draw(st.integers(0, len(chain) - 1))
    without = chain[:at] + chain[at + 1 :]
    found = verify(without, START, end)
    assert found is not None
    assert found.seq == at + 1
    twice = [*chain[: at + 1], chain[at], *chain[at + 1 :]]
    assert (found := verify(twice, START, end)) is not None
    assert found.seq == at + 2
    if len(chain) > 1:
        moved = [*without[:at], *without[at:], chain[at]] if at < len(chain) - 1 else [chain[-1], *chain[:-1]]
        assert verify(moved, START, end) is not None


@given(records, st.data())
def test_what_was_made_anew_after_a_change_has_another_end(some: list[Record], data: st.DataObject) -> None:
    chain = chained(START, some)
    at = data.draw(st.integers(0, len(some) - 1))
    forged = [*some[:at], replace(some[at], at=some[at].at + 1), *some[at + 1 :]]
    assert verify(chained(START, forged), START, seal_of(chain[-1])) is not None


@given(records, st.data())
def test_the_rest_verifies_after_the_front_was_dropped(some: list[Record], data: st.DataObject) -> None:
    chain = chained(START, some)
    at = data.draw(st.integers(0, len(chain) - 1))
    assert verify(chain[at + 1 :], seal_of(chain[at]), seal_of(chain[-1])) is None


@given(words, words, words, words)
def test_no_two_records_share_their_bytes(a: str, b: str, c: str, d: str) -> None:
    one, other = (Record(1, x, y, Action.READ, "room") for x, y in ((a, b), (c, d)))
    assert (canonical(one) == canonical(other)) == ((a, b) == (c, d))


def test_details_are_short_and_hold_words_and_numbers_only() -> None:
    assert said({"b": "x" * 100, "a": 1, "c": ["y"], "d": ""}) == '{"a":1,"b":"' + "x" * 64 + '"}'
    assert said({"a": "Tỉnh ủy"}) == '{"a":"Tỉnh ủy"}'
    assert len(said({f"k{n:02}": n for n in range(40)})) < 200
