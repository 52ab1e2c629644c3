"""The reader of Word files: numbers, words, what is told of what is left out."""

from __future__ import annotations

import pytest

from duthao.domain.incoming.blocks import Paper, Paragraph, Remark, Table, paragraphs
from duthao.formats.docx_in import read_docx
from duthao.formats.docx_in.counting import ordinal, words
from tests.support.word import (
    SPACES,
    abstract,
    docx,
    field,
    lvl,
    num,
    p,
    parts_of,
    r,
    style,
    t,
    tbl,
    tc,
    tr,
    zipped,
)
from tests.support.word_lists import CASES, ListCase


def lines(paper: Paper) -> list[str]:
    return [one.whole for one in paragraphs(paper.blocks)]


def remark(paper: Paper, code: str) -> Remark:
    return next(one for one in paper.remarks if one.code == code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_list_shows_the_numbers_word_shows(case: ListCase) -> None:
    shown = tuple(one.label for one in paragraphs(read_docx(case.file).blocks) if one.text)
    assert shown == case.labels


def test_vietnamese_numbers_in_words() -> None:
    said = [words(n) for n in (1, 10, 11, 15, 21, 24, 25, 30, 100, 105, 115, 999)]
    assert said == [
        "một", "mười", "mười một", "mười lăm", "hai mươi mốt", "hai mươi bốn", "hai mươi lăm", "ba mươi",
        "một trăm", "một trăm linh năm", "một trăm mười lăm", "chín trăm chín mươi chín",
    ]  # fmt: skip
    assert [ordinal(n) for n in (1, 2, 4, 14)] == ["thứ nhất", "thứ hai", "thứ tư", "thứ mười bốn"]


def test_signs_within_a_paragraph() -> None:
    inside = (
        "<w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/>"
        '<w:sym w:font="Wingdings" w:char="F0A8"/><w:sym w:font="Symbol" w:char="F0B3"/>'
    )
    paper = read_docx(docx(p(r("a", inside=inside)), p("<w:r><w:t> không giữ </w:t></w:r>")))
    assert lines(paper) == ["a\tb\nc\u2011d\u00ad☐≥", "không giữ"]


def test_wrappers_keep_their_words() -> None:
    paper = read_docx(
        docx(
            p('<w:hyperlink w:anchor="x">' + r("liên kết ") + "</w:hyperlink>"
              + '<w:smartTag w:element="x">' + r("nhãn ") + "</w:smartTag>"
              + "<w:sdt><w:sdtContent>" + r("ô điền ") + "</w:sdtContent></w:sdt>"
              + '<w:fldSimple w:instr="DATE">' + r("ngày ") + "</w:fldSimple>"
              + field(" REF x ", r("Điều 5"))
              + "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"),
            "<w:sdt><w:sdtContent>" + p("khối") + "</w:sdtContent></w:sdt>",
            '<w:customXml w:element="x">' + p("thẻ") + "</w:customXml>",
        )
    )  # fmt: skip
    assert lines(paper) == ["liên kết nhãn ô điền ngày Điều 5x=1", "khối", "thẻ"]
    assert remark(paper, "formulas").texts == ("x=1",)


def test_a_field_that_is_never_closed_hides_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert lines(read_docx(docx(p(begin, r("còn ")), p("nguyên")))) == ["còn ", "nguyên"]


def test_a_table_of_contents_is_told_from_the_text() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>'
    begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    file = docx(p(begin, r("Điều 1 … 3")), p("Điều 2 … 4"), p(end), p("Điều 1. Phạm vi"),
                p("Điều 9", style="M"), styles=(style("M", name="toc 1"),))  # fmt: skip
    shown = [(one.text, one.contents) for one in paragraphs(read_docx(file).blocks) if one.text]
    assert shown == [
        ("Điều 1 … 3", True), ("Điều 2 … 4", True), ("Điều 1. Phạm vi", False), ("Điều 9", True)
    ]  # fmt: skip


def test_looks_come_from_run_style_and_defaults() -> None:
    bold = "<w:b/>"
    fonts = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'
    file = docx(
        p("đậm", style="Dam"), p(r("thường", b="0"), style="Dam"), p(r("hai lần", rStyle="Manh"),
        style="Dam"),
        p(r("nghiêng", i="", u="single", rFonts="VNI-Times")),
        styles=(
            f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}</w:rPr></w:rPrDefault></w:docDefaults>",
            style("Dam", rpr=bold), style("Manh", rpr=bold, kind="character"),
        ),
    )  # fmt: skip
    looks = [one.runs[0] for one in paragraphs(read_docx(file).blocks)]
    assert [(run.bold, run.italic, run.underline, run.font) for run in looks] == [
        (True, False, False, ".VnTime"), (False, False, False, ".VnTime"), (False, False, False, ".VnTime"),
        (False, True, True, "VNI-Times"),
    ]  # fmt: skip


def test_tracked_changes_final_and_original() -> None:
    def ins(words: str) -> str:
        return f'<w:ins w:id="1" w:author="a">{r(words)}</w:ins>'

    def gone(words: str, tag: str = "del") -> str:
        return f'<w:{tag} w:id="2" w:author="a"><w:r><w:delText>{words}</w:delText></w:r></w:{tag}>'

    file = docx(
        p(r("Báo cáo "), gone("tháng"), ins("quý")),
        p("Một đoạn", mark='<w:ins w:id="3" w:author="a"/>'),
        p(" thành hai"),
        p("Hai đoạn", mark='<w:del w:id="4" w:author="a"/>'),
        p(" thành một"),
        p('<w:moveFrom w:id="5" w:author="a">' + r("đi") + "</w:moveFrom>"
          + '<w:moveTo w:id="6" w:author="a">' + r("đến") + "</w:moveTo>"),
        tbl(tr("giữ"), tr("hàng mới", props='<w:ins w:id="7" w:author="a"/>')),
    )  # fmt: skip
    final, original = read_docx(file, "final"), read_docx(file, "original")
    assert lines(final) == [
        "Báo cáo quý",
        "Một đoạn",
        " thành hai",
        "Hai đoạn thành một",
        "đến",
        "giữ",
        "hàng mới",
    ]
    assert lines(original) == ["Báo cáo tháng", "Một đoạn thành hai", "Hai đoạn", " thành một", "đi", "giữ"]
    assert final.tracked == original.tracked == 7
    assert remark(final, "changes").count == 7


def test_what_is_left_out_is_told_word_for_word() -> None:
    box = f"<w:txbxContent>{p('trong khung')}</w:txbxContent>"
    drawing = (
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    note = "<w:footnoteReference w:id='2'/>"
    link = ('<Relationship Id="x" Type="http://x/attachedTemplate" Target="http://noi.khac/a.dotm" '
            'TargetMode="External"/>')  # fmt: skip
    paper = read_docx(
        docx(
            p(r("Có chú thích", inside=note), r("", inside=drawing), r("ẩn", vanish="")),
            p(r("", inside="<w:drawing><a:blip/></w:drawing>")),
            footnotes=(
                f"<w:footnote w:id='0' w:type='separator'>{p('x')}</w:footnote>"
                f"<w:footnote w:id='2'>{p('Nội dung chú thích.')}</w:footnote>"
            ),
            comments=f"<w:comment w:id='0' w:author='Lan'>{p('Xem lại.')}</w:comment>",
            header=p("Dự thảo lần 2"), footer=p(field("PAGE", r("3"))),
            extra={"word/vbaProject.bin": b"x"}, links=link,
        )
    )  # fmt: skip
    assert lines(paper) == ["Có chú thích", ""]
    told = {one.code: one.texts for one in paper.remarks}
    assert told == {
        "comments": ("Lan: Xem lại.",), "footnotes": ("(1) Nội dung chú thích.",),
        "headers": ("Dự thảo lần 2",),
        "hidden": ("ẩn",), "images": (), "linked": ("http://noi.khac/a.dotm",), "macros": (),
        "text_boxes": ("trong khung",),
    }  # fmt: skip


def test_tables_keep_their_grid() -> None:
    paper = read_docx(
        docx(
            tbl(
                tr(tc("TT", merge="restart"), tc("Thời gian", span=2), header=True),
                tr(tc("", merge="continue"), "từ", "đến"),
                tr("1", tc(tbl(tr("lồng")), p("sau")), "x"),
            ),
            tbl(tr("trái", "phải"), bordered=False),
        )
    )
    grid, plain = paper.blocks
    assert isinstance(grid, Table)
    assert isinstance(plain, Table)
    assert (grid.bordered, plain.bordered) == (True, False)
    assert [row.header for row in grid.rows] == [True, False, False]
    assert [[(c.columns, c.continued) for c in row.cells] for row in grid.rows[:2]] == [
        [(1, False), (2, False)], [(1, True), (1, False), (1, False)]
    ]  # fmt: skip
    inner = grid.rows[2].cells[1].blocks
    assert [type(block) for block in inner] == [Table, Paragraph]
    assert remark(paper, "nested_tables").count == 1
    assert remark(paper, "merged_cells").count == 2


def test_strict_open_xml_reads_the_same() -> None:
    strict = SPACES.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    document = f"<w:document {strict}><w:body><w:p><w:r>{t('Chặt chẽ')}</w:r></w:p></w:body></w:document>"
    assert lines(read_docx(docx(extra={"word/document.xml": document}))) == ["Chặt chẽ"]


def test_folders_parted_as_windows_does_are_read() -> None:
    parts = {name.replace("/", "\\"): content for name, content in parts_of([p("chữ")]).items()}
    assert lines(read_docx(zipped(parts))) == ["chữ"]


def test_a_hidden_paragraph_is_not_counted() -> None:
    numbering = (abstract(0, lvl(0, "%1.")), num(1, 0))
    hidden = p(r("ẩn", vanish=""), num=1, mark="<w:vanish/>")
    paper = read_docx(docx(p("một", num=1), hidden, p("hai", num=1), numbering=numbering))
    assert lines(paper) == ["1.\tmột", "", "2.\thai"]
