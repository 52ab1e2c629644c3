"""The style sheet of a Word file: one paragraph style for each kind of line, from the form's values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from duthao.domain.form_profile import FormProfile, Style
from duthao.formats.docx_out.xml import DECLARATION, W, escaped, twips

Align = Literal["both", "center", "left", "right"]
SIGNING_POINTS: Final = 66.0
"""Room for a signature and a seal between position and name."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a style stands. `part` names its letters in the form; `level` its depth in an outline.

    `body`: on the form's own lines and with its space before; else on single ones.
    """

    id: str
    name: str
    part: str
    align: Align = "both"
    body: bool = False
    indent: bool = False
    keep: bool = False
    level: int | None = None
    before: float = 0.0
    after: float = 0.0
    break_before: bool = False
    size: float = 0.0
    bold: bool | None = None


def _heading(id_: str, name: str, level: int, *, breaks: bool = False) -> tuple[_Shape, _Shape]:
    return (
        _Shape(id_, name, "division", "center", True, keep=True, level=level, break_before=breaks),
        _Shape(
            f"{id_}Title", f"Tên {name.lower()}", "division_title", "center", True, keep=True, level=level
        ),
    )


SHAPES: Final = (
    *_heading("Part", "Phần", 0),
    *_heading("Chapter", "Chương", 1),
    *_heading("Section", "Mục", 2),
    *_heading("Subsection", "Tiểu mục", 3),
    *_heading("Appendix", "Phụ lục", 0, breaks=True),
    _Shape("Division", "Đề mục", "article", body=True, indent=True, keep=True, level=4),
    _Shape("Article", "Điều", "article", body=True, indent=True, keep=True, level=5),
    _Shape("Clause", "Khoản", "body", body=True, indent=True),
    _Shape("Point", "Điểm", "body", body=True, indent=True),
    _Shape("Indent", "Tiết", "body", body=True, indent=True),
    _Shape("Passage", "Đoạn", "body", body=True, indent=True),
    _Shape("TableCaption", "Tên bảng", "body", "center", True, keep=True, bold=True),
    _Shape("TableHead", "Đầu bảng", "body", "center", before=2, after=2, size=-1, bold=True),
    _Shape("TableText", "Chữ trong bảng", "body", "left", before=2, after=2, size=-1),
    _Shape("UpperBody", "Cơ quan cấp trên", "upper_body", "center"),
    _Shape("IssuingBody", "Cơ quan ban hành", "issuing_body", "center"),
    _Shape("HeadSign", "Dấu ngăn", "number", "center"),
    _Shape("Number", "Số và ký hiệu", "number", "center"),
    _Shape("Motto", "Tiêu đề", "motto", "center"),
    _Shape("Slogan", "Tiêu ngữ", "slogan", "center"),
    _Shape("PlaceDate", "Địa danh và ngày tháng", "place_date", "center", before=4),
    _Shape("SecrecyMark", "Dấu độ mật", "draft_mark", "center", before=6, bold=True),
    _Shape("DraftMark", "Dấu dự thảo", "draft_mark", "center", before=6),
    _Shape("Type", "Tên loại", "type", "center", before=18, keep=True),
    _Shape("Title", "Trích yếu", "title", "center", keep=True),
    _Shape("TitleSign", "Dấu dưới trích yếu", "title", "center", after=8),
    _Shape("Basis", "Căn cứ", "base", body=True, indent=True),
    _Shape("Preamble", "Phần mở đầu", "body", body=True, indent=True),
    _Shape("Closing", "Phần kết", "body", body=True, indent=True),
    _Shape("RecipientsHead", "Nơi nhận", "recipients_head", "left"),
    _Shape("Recipients", "Danh sách nơi nhận", "recipients", "left"),
    _Shape("Authority", "Thể thức đề ký", "authority", "center"),
    _Shape("Position", "Chức vụ", "position", "center"),
    _Shape("Signatory", "Người ký", "signatory", "center", before=SIGNING_POINTS),
    _Shape("PageNumber", "Số trang", "page_number", "center"),
)


def _points(value: float) -> int:
    """Twentieths of a point."""
    return round(value * 20)


def _letters(style: Style, shape: _Shape) -> str:
    bold = style.bold if shape.bold is None else shape.bold
    size = round((style.size + shape.size) * 2)
    return "".join(
        (
            "<w:b/><w:bCs/>" if bold else "",
            "<w:i/><w:iCs/>" if style.italic else "",
            "<w:caps/>" if style.capitals else "",
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>',
            '<w:u w:val="single"/>' if style.underline else "",
        )
    )


def _spacing(form: FormProfile, shape: _Shape) -> str:
    before = form.before if shape.body else shape.before
    line, rule = 240, "auto"
    if shape.body:
        exact = form.line_rule == "exact"
        line, rule = (_points(form.line), "exact") if exact else (round(240 * form.line), "auto")
    return (
        f'<w:spacing w:before="{_points(before)}" w:after="{_points(shape.after)}"'
        f' w:line="{line}" w:lineRule="{rule}"/>'
    )


def _style(form: FormProfile, shape: _Shape) -> str:
    indent = f'<w:ind w:firstLine="{twips(form.first_line)}"/>' if shape.indent else ""
    level = "" if shape.level is None else f'<w:outlineLvl w:val="{shape.level}"/>'
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{shape.id}">'
        f'<w:name w:val="{escaped(shape.name)}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>'
        f"{'<w:keepNext/>' if shape.keep else ''}{'<w:pageBreakBefore/>' if shape.break_before else ''}"
        f'{_spacing(form, shape)}{indent}<w:jc w:val="{shape.align}"/>{level}</w:pPr>'
        f"<w:rPr>{_letters(getattr(form.styles, shape.part), shape)}</w:rPr></w:style>"
    )


@lru_cache(16)
def styles_part(form: FormProfile) -> str:
    """`styles.xml`: defaults, the normal style, tables, and one style for each kind of line."""
    font = escaped(form.font)
    size = round(form.styles.body.size * 2)
    return (
        f'{DECLARATION}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="{font}" w:eastAsia="{font}" w:hAnsi="{font}" w:cs="{font}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        "</w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        + "".join(_style(form, shape) for shape in SHAPES)
        + "</w:styles>"
    )
