"""Word files that cover the automatic numbering of Word, each with the labels it shows.

Labels are what Word and LibreOffice print; where both disagree the case says so in `libreoffice`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.word import abstract, docx, lvl, num, override, p, r, style, tbl, tc, tr


@dataclass(frozen=True)
class ListCase:
    name: str
    file: bytes
    labels: tuple[str, ...]
    """Of every paragraph with words, "" where it has none."""
    libreoffice: bool = True


def _styled(level: int, list_: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'


LAW = abstract(
    0,
    lvl(0, "Chương %1", "upperRoman", suff="space"),
    lvl(1, "Điều %2.", restart=0, suff="space"),
    lvl(2, "%3."),
    lvl(3, "%4)", "lowerLetter"),
    lvl(4, "-", "bullet"),
)
SIMPLE = abstract(1, lvl(0, "%1."), lvl(1, "%1.%2."), lvl(2, "%1.%2.%3."))

CASES = (
    ListCase(
        "a law: articles run through chapters",
        docx(
            p("QUY ĐỊNH CHUNG", num=1, lvl=0), p("Phạm vi", num=1, lvl=1), p("Một.", num=1, lvl=2),
            p("Hai:", num=1, lvl=2), p("ý a;", num=1, lvl=3), p("ý b;", num=1, lvl=3),
            p("ý gạch", num=1, lvl=4),
            p("Đối tượng", num=1, lvl=1), p("Một.", num=1, lvl=2),
            p("TỔ CHỨC", num=1, lvl=0), p("Nguyên tắc", num=1, lvl=1),
            numbering=(LAW, num(1, 0)),
        ),
        ("Chương I", "Điều 1.", "1.", "2.", "a)", "b)", "-", "Điều 2.", "1.", "Chương II", "Điều 3."),
        libreoffice=False,  # it restarts articles in every chapter: it knows no lvlRestart
    ),
    ListCase(
        "levels with the numbers above, and plain paragraphs between",
        docx(
            p("A", num=1, lvl=0), p("B", num=1, lvl=1), p("C", num=1, lvl=2), p("D", num=1, lvl=2),
            p("không số"), p("E", num=1, lvl=1), p("F", num=1, lvl=0), p("G", num=1, lvl=1),
            numbering=(SIMPLE, num(1, 1)),
        ),
        ("1.", "1.1.", "1.1.1.", "1.1.2.", "", "1.2.", "2.", "2.1."),
    ),
    ListCase(
        "two lists of one definition go on counting; a start override begins anew once",
        docx(
            p("A", num=1, lvl=0), p("B", num=1, lvl=0), p("C", num=2, lvl=0), p("D", num=3, lvl=0),
            p("E", num=3, lvl=0), p("F", num=1, lvl=0),
            numbering=(SIMPLE, num(1, 1), num(2, 1), num(3, 1, override(0, 1))),
        ),
        ("1.", "2.", "3.", "1.", "2.", "3."),
    ),
    ListCase(
        "a start other than one, and an override of a whole level",
        docx(
            p("A", num=1, lvl=0), p("B", num=1, lvl=0), p("C", num=2, lvl=0), p("D", num=2, lvl=0),
            numbering=(
                abstract(0, lvl(0, "Điều %1.", start=12)), abstract(1, lvl(0, "%1.")), num(1, 0),
                num(2, 1, override(0, 5, lvl(0, "(%1)", "lowerRoman", 5))),
            ),
        ),
        ("Điều 12.", "Điều 13.", "(v)", "(vi)"),
    ),
    ListCase(
        "legal numbering turns Roman above into Arabic",
        docx(
            p("A", num=1, lvl=0), p("B", num=1, lvl=1), p("C", num=1, lvl=0), p("D", num=1, lvl=1),
            numbering=(
                abstract(0, lvl(0, "%1.", "upperRoman"), lvl(1, "%1.%2.", legal=True)), num(1, 0),
            ),
        ),
        ("I.", "1.1.", "II.", "2.1."),
        libreoffice=False,  # 7.4 knows no isLgl
    ),
    ListCase(
        "a level that never restarts, and one that restarts after the first level only",
        docx(
            p("A", num=1, lvl=0), p("B", num=1, lvl=1), p("C", num=1, lvl=2), p("D", num=1, lvl=1),
            p("E", num=1, lvl=2), p("F", num=1, lvl=0), p("G", num=1, lvl=1), p("H", num=1, lvl=2),
            numbering=(
                abstract(0, lvl(0, "%1."), lvl(1, "(%2)", restart=0),
                lvl(2, "%3)", "lowerLetter", restart=1)),
                num(1, 0),
            ),
        ),
        ("1.", "(1)", "a)", "(2)", "b)", "2.", "(3)", "a)"),
        libreoffice=False,  # nor any other lvlRestart
    ),
    ListCase(
        "formats: zero before, capital letters, letters beyond z, small Roman, none, bullets",
        docx(
            p("A", num=1), p("B", num=2), p("C", num=3), p("D", num=3), p("E", num=4), p("F", num=5),
            p("G", num=6),
            numbering=(
                abstract(0, lvl(0, "%1/", "decimalZero", 7)), abstract(1, lvl(0, "%1.", "upperLetter", 3)),
                abstract(2, lvl(0, "%1)", "lowerLetter", 26)), abstract(3, lvl(0, "%1.", "lowerRoman", 9)),
                abstract(4, lvl(0, "Phụ lục", "none")), abstract(5, lvl(0, "+", "bullet")),
                *(num(n, n - 1) for n in range(1, 7)),
            ),
        ),
        ("07/", "C.", "z)", "aa)", "ix.", "Phụ lục", "+"),
    ),
    ListCase(
        "Vietnamese words",
        docx(
            p("A", num=1), p("B", num=1), p("C", num=2),
            numbering=(
                abstract(0, lvl(0, "Phần %1", "ordinalText", 4)),
                abstract(1, lvl(0, "%1,", "vietnameseCounting", 21)),
                num(1, 0), num(2, 1),
            ),
        ),
        ("Phần thứ tư", "Phần thứ năm", "hai mươi mốt,"),
        libreoffice=False,  # it writes English ordinals, and plain digits
    ),
    ListCase(
        "numbers by style: linked levels, inherited lists, one suppressed, one with a level of its own",
        docx(
            p("A", style="Chuong"), p("B", style="Dieu"), p("C", style="DieuCon"),
            p("D", style="Dieu", num=0),
            p("E", style="Dieu", lvl=2), p("F", style="Dieu"),
            numbering=(
                abstract(
                    0, lvl(0, "Chương %1", "upperRoman", style="Chuong"), lvl(1, "Điều %2.", style="Dieu"),
                    lvl(2, "%3."),
                ),
                num(1, 0),
            ),
            styles=(
                style("Chuong", ppr=_styled(0, 1)), style("Dieu", ppr=_styled(1, 1)),
                style("DieuCon", "Dieu"),
            ),
        ),
        ("Chương I", "Điều 1.", "Điều 2.", "", "1.", "Điều 3."),
    ),
    ListCase(
        "a numbering style stands between list and definition",
        docx(
            p("A", num=2, lvl=0), p("B", num=2, lvl=1), p("C", num=2, lvl=0),
            numbering=(
                abstract(0, lvl(0, "Điều %1."), lvl(1, "%2)", "lowerLetter"), style_link="Luat"),
                abstract(1, num_style_link="Luat"), num(1, 0), num(2, 1),
            ),
            styles=(style("Luat", ppr=_styled(0, 1), kind="numbering"),),
        ),
        ("Điều 1.", "a)", "Điều 2."),
    ),
    ListCase(
        "labels typed by hand beside automatic ones, empty numbered paragraphs, numbers in tables",
        docx(
            p("Điều 1. Gõ tay"), p("tự động", num=1, lvl=0), p(num=1, lvl=0),
            p("sau đoạn trống", num=1, lvl=0),
            tbl(tr(tc(p("ô một", num=1, lvl=0)), "ô hai")),
            p("sau bảng", num=1, lvl=0),
            numbering=(SIMPLE, num(1, 1)),
        ),
        ("", "1.", "3.", "4.", "", "5."),
    ),
    ListCase(
        "a deleted paragraph counts for nothing",
        docx(
            p("A", num=1, lvl=0),
            p(f'<w:del w:id="1" w:author="x">{r(inside="<w:delText>bỏ</w:delText>")}</w:del>', num=1, lvl=0,
              mark='<w:del w:id="2" w:author="x"/>'),
            p("B", num=1, lvl=0),
            numbering=(SIMPLE, num(1, 1)),
        ),
        ("1.", "2."),
        libreoffice=False,  # its export counts what is shown as deleted
    ),
    ListCase(
        "a level used before the ones above it",
        docx(
            p("A", num=1, lvl=1), p("B", num=1, lvl=1), p("C", num=1, lvl=0), p("D", num=1, lvl=1),
            numbering=(SIMPLE, num(1, 1)),
        ),
        ("1.1.", "1.2.", "2.", "2.1."),
    ),
)  # fmt: skip
