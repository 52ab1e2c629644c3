"""Papers in old encodings come in as Unicode, and say so."""

from __future__ import annotations

from collections.abc import Callable

from duthao.domain.encodings.conversion import from_unicode
from duthao.domain.incoming.blocks import Paper, Paragraph, Run, paragraphs
from duthao.domain.incoming.modern import modernised
from duthao.formats.docx_in import read_docx
from duthao.formats.text_in import read_text
from tests.support.word import abstract, docx, lvl, num, p, r, tbl, tc, tr

WORDS = "Quy chế này quy định nguyên tắc làm việc của Đảng ủy"


def lines(paper: Paper) -> list[str]:
    return [one.whole for one in paragraphs(paper.blocks)]


def codes(text: str, encoding: str = "tcvn3") -> str:
    return from_unicode(text, encoding).codes  # type: ignore[arg-type]


def test_runs_are_converted_by_their_fonts_and_shown() -> None:
    numbering = (abstract(0, lvl(0, codes("Điều %1."))), num(1, 0))
    file = docx(
        p(r(codes("ưu tiên "), rFonts=".VnTime"), r("đã là Unicode ", rFonts="Times New Roman"),
          r(codes("việc khác", "vni"), rFonts="VNI-Times")),
        p(r(codes("quy chế"), rFonts=".VnTimeH"), num=1),
        tbl(tr(tc(p(r(codes("điều"), rFonts=".VnTime"))))),
        numbering=numbering,
    )  # fmt: skip
    paper = modernised(read_docx(file))
    assert lines(paper) == ["ưu tiên đã là Unicode việc khác", "ĐIỀU 1.\tQUY CHẾ", "điều"]
    (remark,) = paper.remarks
    assert (remark.code, remark.count > 3) == ("legacy_fonts", True)
    assert any(text.startswith(".VnTime, TCVN3 (ABC): ") and "→" in text for text in remark.texts)
    assert any("VNI" in text for text in remark.texts)


def test_a_text_without_fonts_is_told_by_statistics() -> None:
    for encoding in ("tcvn3", "vni"):
        paper = modernised(read_text(f"{codes(WORDS, encoding)}\n{codes('Điều 2. Họp', encoding)}".encode()))
        assert lines(paper) == [WORDS, "Điều 2. Họp"]
        assert [one.code for one in paper.remarks] == ["legacy_fonts"]


def test_numbers_of_lists_are_converted_with_their_words_and_bullets_are_not() -> None:
    words = (Run(codes(WORDS)),)
    numbered, bullet = Paragraph(words, codes("Điều 1.")), Paragraph(words, "·", bullet=True)
    said = paragraphs(modernised(Paper((numbered, bullet))).blocks)
    assert [(one.label, one.text) for one in said] == [("Điều 1.", WORDS), ("·", WORDS)]


def test_latin_1_bytes_of_an_old_encoding_are_read() -> None:
    assert lines(modernised(read_text(codes(WORDS).encode("latin-1")))) == [WORDS]


def test_unicode_papers_stay_the_very_same() -> None:
    readers: tuple[Callable[[], Paper], ...] = (
        lambda: read_text(WORDS.encode()),
        lambda: read_docx(docx(p(r(WORDS, rFonts=".VnTime")))),
    )
    for read in readers:
        paper = read()
        assert modernised(paper) is paper


def test_what_has_no_old_font_stays_beside_what_has() -> None:
    file = docx(p(r(codes("ưu tiên"), rFonts=".VnTime")), p(r("đã là Unicode", rFonts="Times New Roman")))
    assert lines(modernised(read_docx(file))) == ["ưu tiên", "đã là Unicode"]


def test_of_a_long_paper_the_beginning_tells() -> None:
    paper = modernised(read_text("\n".join([codes(WORDS)] * 4_500).encode()))
    assert set(lines(paper)) == {WORDS}
