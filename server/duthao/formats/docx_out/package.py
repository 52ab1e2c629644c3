"""The package of a Word file: its parts, their types and relationships (ECMA-376 part 2)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from duthao.domain.form_profile import FormProfile
from duthao.formats.docx_out.notes import Threads
from duthao.formats.docx_out.sheet import styles_part
from duthao.formats.docx_out.xml import DECLARATION, W, escaped, field, twips

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MICROSOFT: Final = "http://schemas.microsoft.com/office/2011/relationships"
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""Of every part: same document, same bytes."""
_HEADER_MM: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    type: str
    relation: str
    content: str


def _settings() -> str:
    setting = (
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/>'
    )
    return (
        f'{DECLARATION}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{setting}</w:compat>'
        '<w:themeFontLang w:val="vi-VN"/></w:settings>'
    )


def _running(form: FormProfile) -> _Part | None:
    """The page number, at the top or the bottom."""
    if form.page_place == "none":
        return None
    kind, tag = ("header", "hdr") if form.page_place == "top" else ("footer", "ftr")
    content = (
        f'{DECLARATION}<w:{tag} xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr>'
        f"{field('PAGE')}</w:p></w:{tag}>"
    )
    return _Part(f"{kind}1.xml", f"{_TYPE}.{kind}+xml", f"{_OFFICE}/{kind}", content)


def _section(form: FormProfile, running: str) -> str:
    place = "header" if form.page_place == "top" else "footer"
    reference = f'<w:{place}Reference w:type="default" r:id="{running}"/>' if running else ""
    near = twips(min(_HEADER_MM, form.top / 2)), twips(min(_HEADER_MM, form.bottom / 2))
    first = "" if form.page_first or not running else "<w:titlePg/>"
    return (
        f'<w:sectPr>{reference}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{twips(form.top)}"'
        f' w:right="{twips(form.right)}" w:bottom="{twips(form.bottom)}" w:left="{twips(form.left)}"'
        f' w:header="{near[0]}" w:footer="{near[1]}" w:gutter="0"/>{first}</w:sectPr>'
    )


def packed(body: str, form: FormProfile, title: str, numbering: str, threads: Threads) -> bytes:
    """The file. `body` is the content of w:body without its section, `numbering` that of w:numbering."""
    parts = [
        _Part("styles.xml", f"{_TYPE}.styles+xml", f"{_OFFICE}/styles", styles_part(form)),
        _Part("settings.xml", f"{_TYPE}.settings+xml", f"{_OFFICE}/settings", _settings()),
    ]
    running = _running(form)
    if running is not None:
        parts.append(running)
    if numbering:
        content = f'{DECLARATION}<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'
        parts.append(_Part("numbering.xml", f"{_TYPE}.numbering+xml", f"{_OFFICE}/numbering", content))
    if threads:
        said, extended = threads.parts()
        parts.append(_Part("comments.xml", f"{_TYPE}.comments+xml", f"{_OFFICE}/comments", said))
        parts.append(
            _Part(
                "commentsExtended.xml", f"{_TYPE}.commentsExtended+xml", f"{_MICROSOFT}/commentsExtended",
                extended,
            )
        )  # fmt: skip
    names = {part.name: f"rId{at}" for at, part in enumerate(parts, start=1)}
    section = _section(form, names[running.name] if running is not None else "")
    document = (
        f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{_OFFICE}"><w:body>{body}{section}</w:body>'
        "</w:document>"
    )
    files = {
        "[Content_Types].xml": _types(parts),
        "_rels/.rels": _root(),
        "docProps/core.xml": _core(title),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(
            (names[part.name], part.relation, part.name) for part in parts
        ),
        **{f"word/{part.name}": part.content for part in parts},
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in files.items():
            told = zipfile.ZipInfo(name, _MOMENT)
            told.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(told, content)
    return buffer.getvalue()


def _types(parts: list[_Part]) -> str:
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{type_}"/>'
        for name, type_ in (
            ("word/document.xml", f"{_TYPE}.document.main+xml"),
            ("docProps/core.xml", core),
            *((f"word/{part.name}", part.type) for part in parts),
        )
    )
    return (
        f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(told: Iterable[tuple[str, str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"/>' for id_, kind, target in told
    )
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _root() -> str:
    return _relations(
        (
            ("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        )
    )


def _core(title: str) -> str:
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
        f"{escaped(title)}</dc:title><dc:creator>Dự Thảo</dc:creator><dc:language>vi-VN</dc:language>"
        "</cp:coreProperties>"
    )
