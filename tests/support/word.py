"""Word files written by hand: a tiny language for the XML of paragraphs, lists and tables."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
PARTS = {
    "styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes",
    "comments": "comments", "header": "header", "footer": "footer",
}  # fmt: skip


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def r(text: str = "", *, inside: str = "", **props: str) -> str:
    """A run: `r("chữ", b="", rFonts="…")`; `inside` is raw XML after the text."""
    said = "".join(_property(name, given) for name, given in props.items())
    words = t(text) if text else ""
    return f"<w:r>{f'<w:rPr>{said}</w:rPr>' if said else ''}{words}{inside}</w:r>"


def _property(name: str, given: str) -> str:
    if name == "rFonts":
        return f'<w:rFonts w:ascii="{given}" w:hAnsi="{given}"/>'
    return f'<w:{name} w:val="{given}"/>' if given else f"<w:{name}/>"


def p(
    *content: str, num: int | None = None, lvl: int | None = None, style: str = "", jc: str = "",
    mark: str = "", props: str = "",
) -> str:  # fmt: skip
    """A paragraph of runs; plain words become one. `mark`: raw run properties of its end."""
    inner = "".join(c if c.startswith("<") else r(c) for c in content)
    said = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num is not None or lvl is not None:
        level = f'<w:ilvl w:val="{lvl}"/>' if lvl is not None else ""
        list_ = f'<w:numId w:val="{num}"/>' if num is not None else ""
        said += f"<w:numPr>{level}{list_}</w:numPr>"
    said += f'<w:jc w:val="{jc}"/>' if jc else ""
    said += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{said}{props}</w:pPr>{inner}</w:p>"


def lvl(
    at: int, text: str = "", fmt: str = "decimal", start: int = 1, *, restart: int | None = None,
    legal: bool = False, suff: str = "", style: str = "", font: str = "",
) -> str:  # fmt: skip
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>'
        + (f'<w:lvlRestart w:val="{restart}"/>' if restart is not None else "")
        + (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ("<w:isLgl/>" if legal else "")
        + (f'<w:suff w:val="{suff}"/>' if suff else "")
        + f"<w:lvlText w:val={quoteattr(text)}/>"
        + (f"<w:rPr>{_property('rFonts', font)}</w:rPr>" if font else "")
        + "</w:lvl>"
    )


def abstract(id_: int, *levels: str, style_link: str = "", num_style_link: str = "") -> str:
    links = f'<w:styleLink w:val="{style_link}"/>' if style_link else ""
    links += f'<w:numStyleLink w:val="{num_style_link}"/>' if num_style_link else ""
    kind = '<w:multiLevelType w:val="multilevel"/>'
    return f'<w:abstractNum w:abstractNumId="{id_}">{kind}{links}{"".join(levels)}</w:abstractNum>'


def num(id_: int, of: int, *overrides: str) -> str:
    return f'<w:num w:numId="{id_}"><w:abstractNumId w:val="{of}"/>{"".join(overrides)}</w:num>'


def override(at: int, start: int | None = None, level: str = "") -> str:
    said = f'<w:startOverride w:val="{start}"/>' if start is not None else ""
    return f'<w:lvlOverride w:ilvl="{at}">{said}{level}</w:lvlOverride>'


def style(
    id_: str, based: str = "", ppr: str = "", rpr: str = "", kind: str = "paragraph", name: str = ""
) -> str:
    return (
        f'<w:style w:type="{kind}" w:styleId="{id_}"><w:name w:val="{name or id_}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based else "")
        + (f"<w:pPr>{ppr}</w:pPr>" if ppr else "")
        + (f"<w:rPr>{rpr}</w:rPr>" if rpr else "")
        + "</w:style>"
    )


def tc(*content: str, span: int = 1, merge: str = "", borders: str = "") -> str:
    """A cell; `merge`: "restart" or "continue"."""
    said = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    said += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    inner = "".join(c if c.startswith("<") else p(c) for c in content) or p()
    return f"<w:tc><w:tcPr>{said}{borders}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, header: bool = False, props: str = "") -> str:
    said = ("<w:tblHeader/>" if header else "") + props
    inner = "".join(c if c.startswith("<") else tc(c) for c in cells)
    return f"<w:tr>{f'<w:trPr>{said}</w:trPr>' if said else ''}{inner}</w:tr>"


def tbl(*rows: str, bordered: bool = True) -> str:
    side = '<w:top w:val="single"/>' if bordered else '<w:top w:val="nil"/>'
    return f"<w:tbl><w:tblPr><w:tblBorders>{side}</w:tblBorders></w:tblPr><w:tblGrid/>{''.join(rows)}</w:tbl>"


def field(instruction: str, result: str) -> str:
    """A complex field."""

    def sign(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f'<w:r><w:instrText xml:space="preserve">{escape(instruction)}</w:instrText></w:r>'
    return sign("begin") + code + sign("separate") + result + sign("end")


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def parts_of(
    body: Iterable[str], *, numbering: Iterable[str] = (), styles: Iterable[str] = (),
    extra: Mapping[str, str | bytes] | None = None, links: str = "", **others: str,
) -> dict[str, str | bytes]:  # fmt: skip
    """The parts of a file. `others`: raw content of footnotes, endnotes, comments, header, footer;
    a header or footer is bound to the section as `rIdheader`."""
    given = {"numbering": "".join(numbering), "styles": "".join(styles), **others}
    used = {name: content for name, content in given.items() if content}
    sections = "".join(
        f'<w:{name}Reference w:type="default" r:id="rId{name}"/>'
        for name in ("header", "footer")
        if name in used
    )
    document = (
        f"<w:document {SPACES}><w:body>{''.join(body)}<w:sectPr>{sections}</w:sectPr></w:body></w:document>"
    )
    roots = {"header": "hdr", "footer": "ftr"}
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}{name}+xml"/>' for name in used
    )
    relations = "".join(
        f'<Relationship Id="rId{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>' for name in used
    )
    return {
        "[Content_Types].xml": _HEAD
        + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + '<Default Extension="xml" ContentType="application/xml"/>'
        + f'<Override PartName="/word/document.xml" ContentType="{_TYPE}document.main+xml"/>{types}</Types>',
        "_rels/.rels": _HEAD
        + f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="rId1" '
        + f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": _HEAD + document,
        "word/_rels/document.xml.rels": _HEAD
        + f'<Relationships xmlns="{_RELATIONSHIPS}">{relations}{links}</Relationships>',
        **{
            f"word/{name}.xml": f"{_HEAD}<w:{root} {SPACES}>{used[name]}</w:{root}>"
            for name, root in ((name, roots.get(name, name)) for name in used)
        },
        **(extra or {}),
    }


def docx(
    *body: str, numbering: Iterable[str] = (), styles: Iterable[str] = (),
    extra: Mapping[str, str | bytes] | None = None, links: str = "", **others: str,
) -> bytes:  # fmt: skip
    """A Word file of these blocks."""
    made = parts_of(body, numbering=numbering, styles=styles, extra=extra, links=links, **others)
    return zipped(made)
