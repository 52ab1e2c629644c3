"""Documents as Word files: paragraph styles, numbers by choice, tracked changes, comments."""

from duthao.formats.docx_out.options import (
    Choices,
    Note,
    Numbering,
    Remark,
    Tracked,
    WordOptions,
)
from duthao.formats.docx_out.writer import document_docx

__all__ = ["Choices", "Note", "Numbering", "Remark", "Tracked", "WordOptions", "document_docx"]
