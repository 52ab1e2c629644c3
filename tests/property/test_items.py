"""The elements read from a state are those the CRDT library shows, in its order, whoever typed when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from duthao.collab.items import Elements, texts_of

WORDS = st.sampled_from(["Đảng", "ủy", " ", "😀", "a", "quyê\u0301t", "𠮷x", "5", ";"])


def opened(client: int, state: bytes | None = None) -> Doc[Map[str]]:
    doc: Doc[Map[str]] = Doc(client_id=client, skip_gc=True)
    if state is not None:
        doc.apply_update(state)
    return doc


def text_of(doc: Doc[Map[str]]) -> Text:
    found = doc.get("provisions", type=Map)["p"]["text"]
    assert isinstance(found, Text)
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[Doc[Map[str]], list[bytes]]:
    """Three people at one text: typing, deleting, formatting, hearing each other now and then."""
    first = opened(draw(st.integers(1, 9)))
    root = first.get("provisions", type=Map)
    root["p"] = Map({"kind": "clause", "text": Text(draw(WORDS))})
    docs = [first, *(opened(client, first.get_update()) for client in (100, 50))]
    for who, what, where, length, word in draw(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 6), st.floats(0, 1), st.integers(1, 3), WORDS),
            max_size=25,
        )
    ):
        doc, text = docs[who], text_of(docs[who])
        written = str(text)
        at = len(written[: int(where * len(written))].encode())
        end = len(written[: int(where * len(written)) + length].encode())
        if what <= 2:
            text.insert(at, word)
        elif what == 3 and end > at:
            del text[at:end]
        elif what == 4 and end > at:
            text.format(at, end, {"bold": True})
        else:
            other = docs[(who + 1) % 3]
            doc.apply_update(other.get_update(doc.get_state()))
    for doc in docs:
        docs[0].apply_update(doc.get_update(docs[0].get_state()))
    return docs[0], [doc.get_update() for doc in docs]


@given(histories())
def test_what_is_not_deleted_is_the_text(history: tuple[Doc[Map[str]], list[bytes]]) -> None:
    doc, _ = history
    elements = Elements(doc.get_update())
    text_id = texts_of(elements)["p"]
    shown = "".join(c.text for c in elements.sequence(text_id) if not c.deleted)
    assert shown == str(text_of(doc))


@given(histories())
def test_the_order_is_the_same_from_every_replica(history: tuple[Doc[Map[str]], list[bytes]]) -> None:
    _, updates = history
    everywhere = []
    for order in (updates, updates[::-1]):
        replica = opened(7)
        for update in order:
            replica.apply_update(update)
        elements = Elements(replica.get_update())
        everywhere.append([c for c in elements.sequence(texts_of(elements)["p"]) if c.text])
    assert everywhere[0] == everywhere[1]
    ids = [c.id for c in everywhere[0]]
    assert len(set(ids)) == len(ids)
