"""Documents that a Word file can give back whole, and how they are compared."""

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
)
from duthao.domain.incoming.blocks import Changes
from duthao.domain.incoming.interpreting import interpret
from duthao.domain.outline import canonical_text
from duthao.formats.docx_in import read_docx
from tests.support.texts import counter, headings, provision, sentences

MARKED = (Kind.CLAUSE, Kind.POINT, Kind.INDENT, Kind.PARAGRAPH)
FRONT = FrontMatter(
    upper_body="TỈNH ỦY HƯNG YÊN",
    body="ĐẢNG ỦY XÃ TÂN TIẾN",
    number="05-QC/ĐU",
    place="Tân Tiến",
    date="ngày 05 tháng 02 năm 2026",
    type="QUY CHẾ",
    title="Làm việc của Ban Chấp hành Đảng bộ xã Tân Tiến",
    bases=("Căn cứ Điều lệ Đảng Cộng sản Việt Nam;", "Căn cứ Quy định số 24-QĐ/TW, ngày 30/7/2021."),
    recipients=("- Ban Thường vụ Tỉnh ủy,", "- Các chi bộ trực thuộc,", "- Lưu Văn phòng Đảng ủy."),
    authority="T/M BAN CHẤP HÀNH",
    position="BÍ THƯ",
    signatory="Nguyễn Văn An",
)


@st.composite
def _marks(draw: st.DrawFn, text: str) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for kind in draw(st.lists(st.sampled_from(MarkKind), max_size=2, unique=True)):
        a, b = sorted((draw(st.integers(0, len(text) - 1)), draw(st.integers(1, len(text)))))
        while a < b and text[a] == " ":
            a += 1
        while b > a and text[b - 1] == " ":
            b -= 1
        if a < b:
            found.append(Mark(kind, CharOffset(a), CharOffset(b)))
    return tuple(sorted(found, key=lambda m: (m.start, m.end, m.kind)))


@st.composite
def _table(draw: st.DrawFn, number: int) -> list[Provision]:
    columns = draw(st.integers(2, 4))
    rows = draw(st.lists(st.tuples(*[st.one_of(st.just(""), sentences)] * columns), min_size=2, max_size=4))
    caption = draw(st.sampled_from(("", f"Biểu {number}. Mức chi")))
    made = [replace(provision(Kind.TABLE, caption), header=draw(st.booleans()))]
    cells = [("Việc cần làm", *row[1:]) for row in rows]
    return [*made, *(replace(provision(Kind.ROW), cells=row) for row in cells)]


@st.composite
def word_documents(draw: st.DrawFn, max_articles: int = 5, *, front: bool = True) -> Document:
    """Divisions, articles, clauses, more points than four, indents, tables, appendices; some labels fixed."""
    made: list[Provision] = []
    labels = draw(st.booleans())
    for at in range(draw(st.integers(1, max_articles))):
        for kind, odds in ((Kind.PART, 6), (Kind.CHAPTER, 3), (Kind.SECTION, 4)):
            if draw(st.integers(0, odds)) == 0:
                made.append(provision(kind, draw(st.sampled_from((str.upper, str)))(draw(headings))))
        made.append(provision(Kind.ARTICLE, draw(headings)))
        kinds = st.sampled_from((*MARKED, Kind.CLAUSE, Kind.POINT, Kind.POINT))
        for kind in draw(st.lists(kinds, max_size=9)):
            text = draw(sentences)
            fixed = {Kind.CLAUSE: "5a", Kind.POINT: "đ1"}.get(kind) if labels else None
            label = draw(st.sampled_from((None, None, fixed)))
            made.append(replace(provision(kind, text, label), marks=draw(_marks(text))))
        if draw(st.integers(0, 4)) == 0:
            made += draw(_table(at + 1))
    if draw(st.integers(0, 3)) == 0:
        made += [provision(Kind.APPENDIX, draw(headings).upper()), *draw(_table(9))]
        made.append(provision(Kind.CLAUSE, draw(sentences)))
    new_id = counter(draw(st.sampled_from(("p", "q"))))
    policy = NumberingPolicy.KEEP if labels else NumberingPolicy.RENUMBER
    shown = FRONT if front and draw(st.booleans()) else FrontMatter()
    return Document(tuple(replace(one, id=new_id()) for one in made), shown, policy)


def read_back(content: bytes, changes: Changes = "final") -> Document:
    found = interpret(read_docx(content, changes), new_id=counter("r"))
    assert len(found.documents) == 1
    return found.documents[0].document


def tree(document: Document) -> tuple[object, ...]:
    """All a Word file can hold: numbers, kinds, words, formats, cells, front matter."""
    provisions = [
        (
            p.kind,
            p.text,
            tuple((m.kind, m.start, m.end) for m in p.marks) if p.kind in MARKED else (),
            p.cells,
            p.header,
        )
        for p in document.provisions
    ]
    return canonical_text(document), provisions, document.front
