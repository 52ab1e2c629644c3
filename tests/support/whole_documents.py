"""Documents with everything a document can have, for formats that give them back whole."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

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
from tests.support.texts import counter, headings, sentences

_words = st.one_of(sentences, headings, st.text("aăđêộ <&>\"'\t|-–ﬁ 1", max_size=12))
_lines = st.lists(sentences, max_size=3).map(tuple)
_labels = st.one_of(st.none(), st.sampled_from(("1", "5a", "đ1", "II", "thứ nhất", "a")))


@st.composite
def _marks(draw: st.DrawFn, text: str) -> tuple[Mark, ...]:
    """Formats in their one written form: none of one kind touches another."""
    found: list[Mark] = []
    for kind in draw(st.lists(st.sampled_from(MarkKind), max_size=3, unique=True)):
        edges = sorted(set(draw(st.lists(st.integers(0, len(text)), max_size=6))))
        edges = edges[: len(edges) // 2 * 2]
        found += [
            Mark(kind, CharOffset(a), CharOffset(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
    return tuple(sorted(found, key=lambda m: (m.start, m.end, m.kind.value)))


@st.composite
def provisions(draw: st.DrawFn, id_: ProvisionId) -> Provision:
    kind = draw(st.sampled_from(Kind))
    text = "" if kind is Kind.ROW and draw(st.booleans()) else draw(_words)
    one = Provision(id_, kind, text, draw(_labels), draw(_marks(text)))
    if kind is Kind.ROW:
        one = replace(one, cells=tuple(draw(st.lists(_words, max_size=3))))
    origin = draw(st.sampled_from((None, ProvisionId("from1"))))
    return replace(
        one, origin=origin, order=draw(st.sampled_from(("", "a0", "zV"))),
        header=kind is Kind.TABLE and draw(st.booleans()),
    )  # fmt: skip


@st.composite
def fronts(draw: st.DrawFn) -> FrontMatter:
    line = st.one_of(st.just(""), headings)
    return FrontMatter(
        upper_body=draw(line), body=draw(line), number=draw(st.sampled_from(("", "05-QC/ĐU"))),
        place=draw(st.sampled_from(("", "Hà Nội"))),
        date=draw(st.sampled_from(("", "ngày 05 tháng 9 năm 2026", "ngày … tháng … năm 2026"))),
        type=draw(st.sampled_from(("", "QUY CHẾ"))), title=draw(line),
        bases=draw(_lines), preamble=draw(_lines), closing=draw(_lines), recipients=draw(_lines),
        authority=draw(line), position=draw(line), signatory=draw(line),
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> Document:
    new_id = counter()
    made = tuple(draw(provisions(new_id())) for _ in range(draw(st.integers(0, 12))))
    reasons = {one.id: draw(sentences) for one in made[: draw(st.integers(0, 2))]}
    return Document(made, draw(fronts()), draw(st.sampled_from(NumberingPolicy)), reasons)
