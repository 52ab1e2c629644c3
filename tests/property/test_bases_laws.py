"""The list of bases: whatever two write at once, both read one list, in order and within bounds."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map

from duthao.collab.codec import BASIS_FIELDS, MAX_BASES, MAX_BASIS_TEXT, read_document
from duthao.domain.document import Basis

IDS = st.sampled_from(["a", "b", "c", "a.order", ".", "đ"])
WORDS = st.one_of(
    st.text(alphabet="24-QĐ/TW ủ😀", max_size=6),
    st.just("x" * (MAX_BASIS_TEXT + 1)),
    st.sampled_from([5.0, True, None]),
)
KEYS = st.one_of(
    st.tuples(IDS, st.sampled_from([*BASIS_FIELDS, "order", "order", "nothing"])).map(".".join),
    st.sampled_from(["", ".", ".order", "order", "a"]),
)
WRITES = st.lists(st.tuples(KEYS, st.one_of(WORDS, st.just("gone"))), max_size=14)


def written(doc: Any, writes: list[tuple[str, Any]]) -> None:
    bases = doc.get("bases", type=Map)
    with doc.transaction():
        for key, value in writes:
            if value == "gone":
                bases.pop(key, None)
            else:
                bases[key] = value


def meant(held: dict[str, Any]) -> list[Basis]:
    """What the list says, told as docs/protocol/document.md does."""
    places = sorted(
        ((value.encode("utf-16-be"), key[: -len(".order")].encode("utf-16-be")), key[: -len(".order")])
        for key, value in held.items()
        if key.endswith(".order") and key != ".order" and isinstance(value, str)
    )

    def words(id_: str, name: str) -> str:
        value = held.get(f"{id_}.{name}")
        return value[:MAX_BASIS_TEXT] if isinstance(value, str) else ""

    return [Basis(id_, **{name: words(id_, name) for name in BASIS_FIELDS}) for _, id_ in places]


@settings(max_examples=25, deadline=None)
@given(WRITES, WRITES, WRITES)
def test_two_who_write_at_once_read_one_list(
    first: list[tuple[str, Any]], mine: list[tuple[str, Any]], theirs: list[tuple[str, Any]]
) -> None:
    a: Any = Doc()
    b: Any = Doc()
    written(a, first)
    b.apply_update(a.get_update())
    written(a, mine)
    written(b, theirs)
    ours, others = a.get_update(), b.get_update()
    a.apply_update(others)
    b.apply_update(ours)
    document, _ = read_document(a)
    assert document.bases == read_document(b)[0].bases
    assert list(document.bases) == meant(dict(a.get("bases", type=Map).to_py()))
    assert document == read_document(Doc())[0]  # no part of the text
    # A field that only one of them wrote holds what they wrote.
    held, touched = a.get("bases", type=Map).to_py(), {key for key, _ in theirs}
    for key, value in dict(mine).items():
        if key not in touched:
            assert held.get(key) == (None if value == "gone" else value)
    event("with bases" if document.bases else "without")


def test_a_list_has_an_end() -> None:
    doc: Any = Doc()
    written(doc, [(f"{n}.order", f"{n:04}") for n in range(MAX_BASES + 5)])
    assert [one.id for one in read_document(doc)[0].bases] == [str(n) for n in range(MAX_BASES)]
