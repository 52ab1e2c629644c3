"""A file as an answer: shown by the browser where it can, or kept under a name."""

from __future__ import annotations

from enum import Enum

from starlette.responses import Response


class FileKind(Enum):
    """The kinds of files given out: media type, ending, and whether a browser shows it."""

    PDF = "application/pdf", "pdf", True
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", False
    ODT = "application/vnd.oasis.opendocument.text", "odt", False
    TEXT = "text/plain; charset=utf-8", "txt", False
    CSV = "text/csv; charset=utf-8", "csv", False
    HTML = "text/html; charset=utf-8", "html", False
    JSON = "application/json", "json", False
    AKN = "application/akn+xml; charset=utf-8", "akn.xml", False


def file_response(content: bytes, kind: FileKind, name: str, *, shown: bool = False) -> Response:
    """`name` without its ending. No title in it: names of drafts end up in download lists and on
    shared desks. `shown`: in the window, where its kind can be; else it is kept."""
    media, ending, can_be_shown = kind.value
    how = "inline" if shown and can_be_shown else "attachment"
    return Response(
        content, media_type=media, headers={"Content-Disposition": f'{how}; filename="{name}.{ending}"'}
    )
