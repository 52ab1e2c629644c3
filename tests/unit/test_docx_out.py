"""Documents as Word files: parts, order of elements, styles, numbers, changes, comments."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

from docx import Document as open_docx
from docx.oxml.ns import qn
from lxml import etree

from duthao.domain.compare import compare
from duthao.domain.document import CharOffset, Document, FrontMatter, Mark, MarkKind, NumberingPolicy
from duthao.domain.form_profile import PARTY, STATE
from duthao.domain.incoming.blocks import paragraphs
from duthao.domain.outline import outline
from duthao.formats.docx_in import read_docx
from duthao.formats.docx_out import Note, Remark, Tracked, WordOptions, document_docx
from duthao.messages import Catalogue
from tests.support.texts import appendix, art, ch, cl, doc, ind, para, part, pt, row, sec, table
from tests.support.word_documents import FRONT, read_back

VI = Catalogue("vi")
AT = "2026-09-05T08:00:00Z"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs spacing ind contextualSpacing jc textDirection outlineLvl rPr sectPr pPrChange",
    "rPr": "ins del rStyle rFonts b bCs i iCs caps smallCaps strike color sz szCs highlight u lang rPrChange",
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "trPr": "cantSplit tblHeader ins del",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlJc pPr rPr",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang",
    "tbl": "tblPr tblGrid tr",
    "tc": "tcPr tbl p",
    "numbering": "abstractNum num",
}
"""Children in the order of the schema (ECMA-376 part 1, annex A), as far as they are written."""

WHOLE = doc(
    part("I", "Phần chung"), ch("I", "QUY ĐỊNH CHUNG"), sec("1", "Mục đầu"), art("Phạm vi"), cl("Họp."),
    *(pt(f"việc {n};") for n in "abcdef"), ind("gạch"), para("Đoạn."), table("Biểu 1. Chi"),
    row("TT", "Việc"), row("1", "Họp"), appendix("MẪU"), table(), row("a", "b"), row("c", "d"),
    front=FRONT,
)  # fmt: skip


def opened(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        return {
            name: etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False))
            for name in package.namelist()
        }


def variants() -> list[bytes]:
    marked = replace(WHOLE.provisions[4], marks=(Mark(MarkKind.BOLD, CharOffset(0), CharOffset(2)),))
    after = replace(
        WHOLE, provisions=(*WHOLE.provisions[1:4], marked, *WHOLE.provisions[6:15]), front=FrontMatter()
    )
    notes = (
        Note((Remark("An", AT, "Một\nhai"), Remark("Bình", AT, "Vâng")), marked.id, None, 0, 2, True),
        Note((Remark("An", AT, "chung"),)),
    )
    tracked = Tracked(WHOLE, compare(WHOLE, after), "Văn <phòng>", AT)
    return [
        document_docx(WHOLE, VI, WordOptions(draft_number=2)),
        document_docx(WHOLE, VI, WordOptions(numbering="automatic", form=STATE)),
        document_docx(after, VI, WordOptions(tracked=tracked, notes=notes)),
        document_docx(doc(), VI),
    ]


def test_every_element_stands_where_the_schema_has_it() -> None:
    for content in variants():
        for root in opened(content).values():
            for element in root.iter():
                order = ORDERS.get(etree.QName(element).localname) if element.tag.startswith(W) else None
                if order is None:
                    continue
                names = order.split()
                found = [names.index(etree.QName(child).localname) for child in element]
                assert found == sorted(found), etree.tostring(element)


def test_every_relationship_leads_to_a_part_that_has_its_type() -> None:
    for content in variants():
        parts = opened(content)
        types = {one.get("PartName"): one.get("ContentType") for one in parts["[Content_Types].xml"]}
        told = {f"word/{one.get('Target')}" for one in parts["word/_rels/document.xml.rels"]}
        assert told | {"word/document.xml", "docProps/core.xml"} == {
            name.lstrip("/") for name in types if name
        }
        assert told < set(parts)
        used = {
            value for one in parts["word/document.xml"].iter() for key, value in one.items() if "}id" in key
        }
        ids = {one.get("Id") for one in parts["word/_rels/document.xml.rels"]}
        assert {value for value in used if value.startswith("rId")} <= ids
        styles = {one.get(W + "styleId") for one in parts["word/styles.xml"].iter(W + "style")}
        for style in parts["word/document.xml"].iter(W + "pStyle"):
            assert style.get(W + "val") in styles
        tables = list(parts["word/document.xml"].iter(W + "tbl"))
        assert all(one.getnext().tag == W + "p" for one in tables)
        assert all(cell[-1].tag == W + "p" for one in tables for cell in one.iter(W + "tc"))


def test_ids_of_changes_and_comments_are_their_own() -> None:
    parts = opened(variants()[2])
    root = parts["word/document.xml"]
    changes = [one.get(W + "id") for tag in ("ins", "del", "rPrChange") for one in root.iter(W + tag)]
    assert len(changes) == len(set(changes)) > 10
    said = [one.get(W + "id") for one in parts["word/comments.xml"]]
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(one.get(W + "id") for one in root.iter(W + tag)) == said == ["0", "1", "2"]
    answers = [dict(one.attrib) for one in parts["word/commentsExtended.xml"]]
    settled = [{key.rpartition("}")[2]: value for key, value in one.items()} for one in answers]
    assert [one["done"] for one in settled] == ["1", "1", "0"]
    assert settled[1]["paraIdParent"] == settled[0]["paraId"]
    first = next(root.iter(W + "commentRangeStart"))
    assert first.getparent().find(W + "pPr/" + W + "pStyle").get(W + "val") in ("Type", "Clause", "Chapter")


def test_comments_stand_at_their_words() -> None:
    one = cl("Ban Thường vụ họp.", id="k")
    grid = (table("Biểu 1", id="t"), row("TT", "Việc cần làm", id="r"), row("1", "2"))
    said = (Remark("Nguyễn Văn An", AT, "Xem."),)
    notes = (Note(said, one.id, None, 4, 13), Note(said, grid[1].id, 1, 5, 8), Note(said, one.id))
    root = opened(document_docx(doc(art("Họp"), one, *grid), VI, WordOptions(notes=notes)))
    words = {}
    for start in root["word/document.xml"].iter(W + "commentRangeStart"):
        text, here = "", start.getnext()
        while here.tag != W + "commentRangeEnd" or here.get(W + "id") != start.get(W + "id"):
            text += "".join(here.itertext(W + "t"))
            here = here.getnext()
        words[start.get(W + "id")] = text
    assert words == {"0": "Thường vụ", "1": "cần", "2": "1. Ban Thường vụ họp."}
    comment = root["word/comments.xml"][0]
    assert (comment.get(W + "initials"), comment.get(W + "author")) == ("NVA", "Nguyễn Văn An")


def test_page_and_letters_are_those_of_the_form() -> None:
    for form in (PARTY, STATE):
        file = open_docx(BytesIO(document_docx(WHOLE, VI, WordOptions(form=form))))
        section = file.sections[0]
        sizes = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(one.mm) for one in sizes] == [form.top, form.bottom, form.left, form.right]
        assert section.different_first_page_header_footer
        assert [e.text.strip() for e in section.header._element.iter(qn("w:instrText"))] == ["PAGE"]
        clause = file.styles["Khoản"].paragraph_format
        assert round(clause.first_line_indent.mm, 1) == form.first_line
        assert clause.space_before.pt == form.before
        lines = [p.text for cell in file.tables[0]._cells for p in cell.paragraphs]
        assert {form.motto, form.number_line("05-QC/ĐU")} <= set(lines)
    assert file.styles["Điều"].font.bold


def test_every_kind_has_a_style_of_its_own() -> None:
    body = opened(document_docx(WHOLE, VI))["word/document.xml"]
    styles = [one.get(W + "val") for one in body.iter(W + "pStyle")]
    wanted = (
        "Part PartTitle Chapter ChapterTitle Section SectionTitle Article Clause Point Indent Passage Type"
    )
    for style in [*wanted.split(), "Title", "Basis", "TableCaption", "TableText", "Authority", "Recipients"]:
        assert style in styles, style


def counted(document: Document) -> tuple[list[str], list[str]]:
    """The labels of provisions that Word counts, and those that are words."""
    content = document_docx(document, VI, WordOptions(numbering="automatic"))
    lines = [one for one in paragraphs(read_docx(content).blocks) if one.text.strip() or one.label]
    labels = [one.label for one in lines]
    shown = [" ".join(one.whole.split()) for one in lines]
    wanted = [f"{e.label} {e.provision.text}".strip() for e in outline(document).entries]
    assert shown == wanted
    return [one for one in labels if one], [one.whole.split()[0] for one in lines if not one.label]


def test_word_counts_what_it_counts_as_we_do_and_the_rest_is_words() -> None:
    fixed = replace(
        doc(art("Một", "1"), cl("m.", "1"), cl("n.", "1a"), cl("x.", "2"), *(pt("y;", n) for n in "abcdđeg"),
            art("Hai", "2"), pt("ngay;", "a"), cl("sau.", "1"), art("Ba", "5"), cl("x.", "3")),
        policy=NumberingPolicy.KEEP,
    )  # fmt: skip
    by_word, by_us = counted(fixed)
    assert by_us == ["1a.", "đ)", "e)", "g)"]
    counted_ = "Điều 1.|1.|2.|a)|b)|c)|d)|Điều 2.|a)|1.|Điều 5.|3."
    assert by_word == counted_.split("|")


def test_an_appendix_begins_anew_and_a_dash_is_a_list() -> None:
    by_word, by_us = counted(
        doc(
            art("Một"), cl("a."), ind("x"), appendix(""), cl("b."), cl("c."), appendix(""), cl("d."), art("M")
        )
    )
    assert by_us == []
    assert by_word == [
        "Điều 1.", "1.", "-", "Phụ lục I", "1.", "2.", "Phụ lục II", "1.", "Điều 1.",
    ]  # fmt: skip


def test_the_head_of_a_table_is_bold_and_repeated() -> None:
    for header in (True, False):
        document = doc(replace(table("Biểu 1"), header=header), row("STT", "Việc"), row("1", "Họp"))
        (grid,) = opened(document_docx(document, VI))["word/document.xml"].iter(W + "tbl")
        rows = list(grid.iter(W + "tr"))
        assert [one.find(f"{W}trPr/{W}tblHeader") is not None for one in rows] == [header, False]
        styles = [next(one.iter(W + "pStyle")).get(W + "val") for one in rows]
        assert styles == ["TableHead" if header else "TableText", "TableText"]


def test_marks_stay_at_their_words_and_what_xml_cannot_hold_is_left_out() -> None:
    clause = replace(cl("Ban\x01 họp."), marks=(Mark(MarkKind.ITALIC, CharOffset(5), CharOffset(8)),))
    file = open_docx(BytesIO(document_docx(doc(art("a\x0cb"), clause), VI)))
    assert file.paragraphs[0].text == "Điều 1. a b"
    runs = [(run.text, bool(run.italic)) for run in file.paragraphs[1].runs]
    assert runs == [("1. ", False), ("Ban  ", False), ("họp", True), (".", False)]


def test_a_change_of_format_is_tracked() -> None:
    before = doc(art("Họp", id="d"), cl("Ban Thường vụ họp.", id="k"))
    bold = (Mark(MarkKind.BOLD, CharOffset(0), CharOffset(3)),)
    after = replace(before, provisions=(before.provisions[0], replace(before.provisions[1], marks=bold)))
    content = document_docx(after, VI, WordOptions(tracked=Tracked(before, compare(before, after), "An", AT)))
    assert read_back(content).provisions[1].marks == bold
    assert read_back(content, "original").provisions[1].marks == ()


def test_the_same_document_gives_the_same_bytes() -> None:
    assert variants() == variants()
