"""A small vocabulary for documents in tests, and strategies for whole regulations.

    doc(ch("I", "QUY ĐỊNH CHUNG"), art("Phạm vi"), cl("Quy chế này …"), pt("một;"))

Ids are given in order ("p1", "p2", …) unless a provision brings its own (`id="x"`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from hypothesis import strategies as st

from duthao.domain.document import Document, FrontMatter, Kind, NumberingPolicy, Provision, ProvisionId


def counter(prefix: str = "p") -> Callable[[], ProvisionId]:
    """A source of ids that gives prefix1, prefix2, …: the same in every run."""
    numbers = count(1)
    return lambda: ProvisionId(f"{prefix}{next(numbers)}")


def provision(kind: Kind, text: str = "", label: str | None = None, id: str = "") -> Provision:
    """One provision; without an id it gets one in `doc`."""
    return Provision(ProvisionId(id), kind, text, label)


def part(label: str | None, title: str, id: str = "") -> Provision:
    return provision(Kind.PART, title, label, id)


def ch(label: str | None, title: str, id: str = "") -> Provision:
    return provision(Kind.CHAPTER, title, label, id)


def sec(label: str | None, title: str, id: str = "") -> Provision:
    return provision(Kind.SECTION, title, label, id)


def sub(label: str | None, title: str, id: str = "") -> Provision:
    return provision(Kind.SUBSECTION, title, label, id)


def head(text: str, label: str | None = None, id: str = "") -> Provision:
    return provision(Kind.HEADING, text, label, id)


def art(text: str, label: str | None = None, id: str = "") -> Provision:
    return provision(Kind.ARTICLE, text, label, id)


def cl(text: str, label: str | None = None, id: str = "") -> Provision:
    return provision(Kind.CLAUSE, text, label, id)


def pt(text: str, label: str | None = None, id: str = "") -> Provision:
    return provision(Kind.POINT, text, label, id)


def ind(text: str, id: str = "") -> Provision:
    return provision(Kind.INDENT, text, None, id)


def para(text: str, id: str = "") -> Provision:
    return provision(Kind.PARAGRAPH, text, None, id)


def table(caption: str = "", id: str = "") -> Provision:
    return provision(Kind.TABLE, caption, None, id)


def row(*cells: str, id: str = "") -> Provision:
    return replace(provision(Kind.ROW, "", None, id), cells=cells)


def appendix(title: str, label: str | None = None, id: str = "") -> Provision:
    return provision(Kind.APPENDIX, title, label, id)


def doc(
    *provisions: Provision,
    policy: NumberingPolicy = NumberingPolicy.RENUMBER,
    front: FrontMatter | None = None,
) -> Document:
    """A document of these provisions, ids filled in."""
    new_id = counter()
    named = tuple(p if p.id else replace(p, id=new_id()) for p in provisions)
    return Document(provisions=named, policy=policy, front=front or FrontMatter())


SYLLABLES = (
    "ban", "thường", "vụ", "cấp", "ủy", "quy", "chế", "làm", "việc", "hội", "nghị", "quyết", "định",
    "Đảng", "bộ", "trách", "nhiệm", "quyền", "hạn", "Điều", "khoản", "điểm", "Chương", "2026",
    "05-NQ/ĐU", "1.000.000", "hòa", "hoà", "và", "của", "các",
)  # fmt: skip

sentences = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=12).map(
    lambda words: "Việc " + " ".join(words) + "."
)
"""A made-up sentence of real syllables that no parser takes for a label."""

headings = st.lists(st.sampled_from(SYLLABLES[:21]), min_size=1, max_size=6).map(
    lambda words: "Việc " + " ".join(words)
)

_BODY = (Kind.CLAUSE, Kind.CLAUSE, Kind.POINT, Kind.POINT, Kind.INDENT, Kind.PARAGRAPH)


@st.composite
def regulations(draw: st.DrawFn, max_articles: int = 6, labelled: bool = False) -> Document:
    """A regulation that hangs together: chapters, articles, clauses, points, indents.

    Points stand in clauses, indents in points or clauses; with `labelled` every numbered
    provision carries its plain label.
    """
    provisions: list[Provision] = []
    for _ in range(draw(st.integers(1, max_articles))):
        if draw(st.integers(0, 3)) == 0:
            provisions.append(ch(None, draw(headings).upper()))
        provisions.append(art(draw(headings)))
        for kind in draw(st.lists(st.sampled_from(_BODY), max_size=8)):
            provisions.append(provision(kind, draw(sentences)))
    document = doc(*provisions)
    return with_labels(document) if labelled else document


def with_labels(document: Document) -> Document:
    """The document with each computed number as a fixed label."""
    from duthao.domain.numbering import number, readable

    numbers = number(document.provisions, document.policy)
    return replace(
        document,
        provisions=tuple(
            replace(p, label=n if readable(p.kind, n) else None)
            for p, n in zip(document.provisions, numbers, strict=True)
        ),
    )


texts = st.text(
    st.one_of(
        st.sampled_from('aăâbcdđeêghiklmnoôơpqrstuưvxyẠạẢảẤấầẩẫậỳỵ  .,;:()-–“”"0123456789'),
        st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "M", "S")),
    ),
    max_size=60,
)
"""Any text, Vietnamese more often than not."""
