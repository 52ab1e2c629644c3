"""Word files as offices have them: `read_docx` (decision 24).

`package` opens the zip within bounds, `styles` and `numbering` know what a paragraph inherits and
which number it shows, `story` walks the text, `reader` puts it together.
"""

from duthao.formats.docx_in.reader import read_docx

__all__ = ["read_docx"]
