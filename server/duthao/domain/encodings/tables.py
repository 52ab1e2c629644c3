"""The letters of TCVN3 (ABC) and VNI as they look when their bytes are read as Latin-1.

Made from tests/samples/mapping-tables.json (a test holds that both say the same), which was checked
against glibc's TCVN5712-1 for TCVN3's 74 letters, and against documents for both.
"""

from __future__ import annotations

_TCVN3_CODES = "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"

TCVN3 = dict(zip(_TCVN3_CODES, _TCVN3_LETTERS, strict=True))
"""Letters by their code. Capitals with a tone have none: capital fonts show small letters' codes."""

_VNI_BASES = {
    "A": ("ÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË", "ÁÀẢÃẠÂẤẦẨẪẬĂẮẰẲẴẶ"),
    "E": ("ÙØÛÕÏÂÁÀÅÃÄ", "ÉÈẺẼẸÊẾỀỂỄỆ"),
    "O": ("ÙØÛÕÏÂÁÀÅÃÄ", "ÓÒỎÕỌÔỐỒỔỖỘ"),
    "Ô": ("ÙØÛÕÏ", "ỚỜỞỠỢ"),
    "U": ("ÙØÛÕÏ", "ÚÙỦŨỤ"),
    "Ö": ("ÙØÛÕÏ", "ỨỪỬỮỰ"),
    "Y": ("ÙØÛÕ", "ÝỲỶỸ"),
    "a": ("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "u": ("ùøûõï", "úùủũụ"),
    "ö": ("ùøûõï", "ứừửữự"),
    "y": ("ùøûõ", "ýỳỷỹ"),
}
"""For each base the marks that may stand behind it, and the letters both make."""

_VNI_ALONE = ("ÔÖÍÌÆÓÒÎÑôöíìæóòîñ", "ƠƯÍÌỈĨỊỴĐơưíìỉĩịỵđ")

VNI = {
    **{
        base + mark: letter
        for base, (marks, made) in _VNI_BASES.items()
        for mark, letter in zip(marks, made, strict=True)
    },
    **dict(zip(*_VNI_ALONE, strict=True)),
}
"""Letters by their code of one or two characters."""
