"""The reader of Word files keeps every letter, whatever the file is made of."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.incoming.blocks import paragraphs
from duthao.formats.docx_in import read_docx
from tests.support.word import abstract, docx, field, lvl, num, p, r, tbl, tc, tr

WORDS = st.text(st.sampled_from("aăâbđêô ươ.;“”1I-ệ\u0301"), min_size=1, max_size=8)
LISTS = (abstract(0, lvl(0, "Điều %1."), lvl(1, "%2)", "lowerLetter")), num(1, 0))

Piece = tuple[str, str, str]
"""XML, what of it stands in the final text, what in the original."""


def _wrapped(kind: str, words: str) -> Piece:
    run, gone = r(words), r(inside=f'<w:delText xml:space="preserve">{words}</w:delText>')
    match kind:
        case "insertion":
            return f'<w:ins w:id="1" w:author="a">{run}</w:ins>', words, ""
        case "deletion":
            return f'<w:del w:id="1" w:author="a">{gone}</w:del>', "", words
        case "moved here":
            return f'<w:moveTo w:id="1" w:author="a">{run}</w:moveTo>', words, ""
        case "moved away":
            return f'<w:moveFrom w:id="1" w:author="a">{run}</w:moveFrom>', "", words
        case "link":
            return f"<w:hyperlink>{run}</w:hyperlink>", words, words
        case "control":
            return f"<w:sdt><w:sdtContent>{run}</w:sdtContent></w:sdt>", words, words
        case "field":
            return field("REF x", run), words, words
        case "inserted link":
            link = f"<w:hyperlink>{run}</w:hyperlink>"
            return f'<w:ins w:id="1" w:author="a">{link}</w:ins>', words, ""
        case _:
            return r(words, b="", rFonts="Arial"), words, words


KINDS = (
    "plain", "insertion", "deletion", "moved here", "moved away", "link", "control", "field", "inserted link"
)  # fmt: skip
PIECES = st.lists(st.builds(_wrapped, st.sampled_from(KINDS), WORDS), max_size=5)
LINES = st.lists(st.tuples(PIECES, st.sampled_from((None, 0, 1)), st.booleans()), min_size=1, max_size=6)


def _paragraph(pieces: list[Piece], level: int | None) -> str:
    inner = "".join(piece[0] for piece in pieces)
    return p(inner, num=1, lvl=level) if level is not None else p(inner)


@given(LINES)
@settings(max_examples=60)
def test_every_letter_of_every_paragraph_is_kept(lines: list[tuple[list[Piece], int | None, bool]]) -> None:
    body = [
        tbl(tr(tc(_paragraph(pieces, level)))) if in_table else _paragraph(pieces, level)
        for pieces, level, in_table in lines
    ]
    file = docx(*body, numbering=LISTS)
    for changes, place in (("final", 1), ("original", 2)):
        read = [one.text for one in paragraphs(read_docx(file, changes).blocks)]  # type: ignore[arg-type]
        assert read == ["".join(piece[place] for piece in pieces) for pieces, _, _ in lines]
