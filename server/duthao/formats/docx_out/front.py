"""Head, title, bases and signature: what the form prints around the provisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from duthao.domain.form_profile import FormProfile, Rule, Style
from duthao.domain.secrecy import STAMP_COLOUR
from duthao.formats.docx_out.lines import Front, Line
from duthao.formats.docx_out.paragraphs import Paragraphs
from duthao.formats.docx_out.tracking import lines_paired
from duthao.formats.docx_out.xml import twips

PAGE_WIDTH: Final = 210.0
_SHARES: Final = {"full": 1.0, "half": 0.5, "third": 1 / 3}
_NARROW: Final = frozenset("IJil.,;:!|-' ")
_WIDE: Final = frozenset("MWmw")


def width_of(words: str, style: Style) -> float:
    """About how many points the words take in Times New Roman: enough for a line drawn under them."""
    shown = words.upper() if style.capitals else words
    ems = 0.0
    for letter in shown:
        if letter in _NARROW:
            ems += 0.3
        elif letter in _WIDE:
            ems += 0.9
        else:
            ems += 0.71 if letter.isupper() else 0.48
    return ems * style.size * (1.0 if style.bold else 0.96)


def text_width(form: FormProfile) -> float:
    """Millimetres between the margins."""
    return PAGE_WIDTH - form.left - form.right


def _frame(size: int, colour: str) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="3" w:color="{colour}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return f"<w:pBdr>{sides}</w:pBdr>"


_BOX = _frame(6, "auto")
_FRAME = _frame(8, STAMP_COLOUR)
_NOTHING = "<w:p/>"
_AFTER = '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
"""A table is followed by a paragraph, or the next one would become part of it."""


class FrontWriter:
    """The head of the written text, its changes against another front where there is one."""

    def __init__(self, form: FormProfile, to: Paragraphs, old: Front, new: Front, *, tracked: bool) -> None:
        self._form, self._to, self._old, self._new, self._tracked = form, to, old, new, tracked

    def _line(
        self, style: str, old: str, new: str, *, properties: str = "", last: bool = False, takes: bool = False
    ) -> str:
        after = Line(style, new) if new else None
        before = (Line(style, old) if old else None) if self._tracked else after
        return self._to.paragraph(before, after, properties=("", properties), last=last, takes=takes)

    def _fixed(self, style: str, words: str, properties: str = "") -> str:
        """A line of the form, the same in both texts."""
        return self._line(style, words, words, properties=properties)

    def _ruled(self, rule: Rule, sign: str, words: str, style: Style, room: float) -> tuple[str, str]:
        """A line's border, and the paragraph below it: what the form draws under words."""
        if rule in _SHARES:
            side = max(0, round((twips(room) - width_of(words, style) * _SHARES[rule] * 20) / 2))
            border = (
                '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
                '<w:spacing w:before="0" w:after="40" w:line="60" w:lineRule="exact"/>'
                f'<w:ind w:left="{side}" w:right="{side}"/>'
            )
            empty = Line(sign, "")
            return border, self._to.paragraph(empty, empty, properties=("", border))
        shown = {"star": "*", "dashes": "-----"}.get(rule, "")
        return "", self._fixed(sign, shown) if shown else ""

    # --- above the provisions --------------------------------------------------------------

    def head(self) -> str:
        form, styles = self._form, self._form.styles
        old, new = self._old, self._new
        had, has = (any((*one.left.values(), *one.right.values())) for one in (old, new))
        if not had and not has:
            return self._mark()
        room = text_width(form) - 4
        wished = max(width_of(form.motto, styles.motto), width_of(form.slogan, styles.slogan)) * 25.4 / 72 + 5
        right = max(room * 0.5, min(wished, room * 0.64))
        left = room - right
        plain = new.plain and old.plain
        number = self._line("Number", old.left["Number"], new.left["Number"])
        dated = self._line("PlaceDate", old.right["PlaceDate"], new.right["PlaceDate"])
        if plain:
            return self._beside((number, dated), (room / 2, room / 2), had, has) + self._mark()
        bodies = [self._line(name, old.left[name], new.left[name]) for name in ("UpperBody", "IssuingBody")]
        issuing = new.left["IssuingBody"] or new.left["UpperBody"]
        _, under_body = self._ruled(form.body_rule, "HeadSign", issuing, styles.issuing_body, left - 4)
        motto = self._fixed("Motto", form.motto) + self._fixed("Slogan", form.slogan)
        lowest = (form.slogan, styles.slogan) if form.slogan else (form.motto, styles.motto)
        _, under_motto = self._ruled(form.motto_rule, "HeadSign", *lowest, right - 4) if motto else ("", "")
        columns = (f"{''.join(bodies)}{under_body}{number}{self._mark(left)}", f"{motto}{under_motto}{dated}")
        return self._beside(columns, (left, right), had, has)

    def _mark(self, column: float = 0.0) -> str:
        """How secret it is, in its frame, and "Dự thảo lần n", boxed where the form says so: both in their
        column (millimetres), else left and right."""
        new, form = self._new, self._form
        secret = self._boxed("SecrecyMark", new.secrecy, _FRAME, column, right=False)
        if not form.draft_boxed and column and new.mark:
            return secret + self._fixed("DraftMark", new.mark)
        box = _BOX if form.draft_boxed else ""
        return secret + self._boxed("DraftMark", new.mark, box, column, right=True)

    def _boxed(self, style: str, words: str, border: str, column: float, *, right: bool) -> str:
        """Indents leave the frame as wide as its words: in the middle of the column, else at one side."""
        if not words:
            return ""
        room = twips((column or text_width(self._form)) - 4)
        free = max(0, room - round(width_of(words, self._form.styles.draft_mark) * 20) - 240)
        sides = (free // 2, free // 2) if column else (free, 60) if right else (60, free)
        return self._fixed(style, words, f'{border}<w:ind w:left="{sides[0]}" w:right="{sides[1]}"/>')

    def title(self) -> str:
        old, new = self._old.title, self._new.title
        lines = [self._line(name, old[name], new[name], takes=True) for name in ("Type", "Title")]
        shown = new["Title"] or new["Type"]
        if not shown and not any(lines):
            return ""
        _, under = self._ruled(
            self._form.title_rule, "TitleSign", shown, self._form.styles.title, text_width(self._form)
        )
        return "".join(lines) + under

    def opening(self) -> str:
        """Bases and preamble."""
        return self._lines("Basis", self._old.bases, self._new.bases) + self._lines(
            "Preamble", self._old.preamble, self._new.preamble
        )

    def _lines(self, style: str, old: Sequence[str], new: Sequence[str]) -> str:
        if not self._tracked:
            return "".join(self._line(style, line, line, takes=True) for line in new)
        return "".join(
            self._line(style, was or "", now or "", takes=True) for was, now in lines_paired(old, new)
        )

    # --- below the provisions --------------------------------------------------------------

    def closing(self) -> str:
        """The formula, recipients and signature side by side, and what else closes the text."""
        old, new = self._old, self._new
        lines = self._lines("Closing", old.closing, new.closing)
        first = new.closing_first if new.closing else old.closing_first
        block = self._signed()
        return f"{lines}{block}" if first else f"{block}{lines}"

    def _signed(self) -> str:
        old, new = self._old, self._new
        head = self._form.recipients_word
        heads = (head if old.recipients else "", head if new.recipients else "")
        recipients = self._line("RecipientsHead", *heads) + self._lines(
            "Recipients", old.recipients, new.recipients
        )
        signature = "".join(
            self._line(name, old.signature[name], new.signature[name]) for name in new.signature
        )
        if not recipients and not signature:
            return ""
        had, has = (bool(one.recipients) or any(one.signature.values()) for one in (old, new))
        half = text_width(self._form) / 2
        gap = '<w:p><w:pPr><w:spacing w:line="240" w:lineRule="exact"/></w:pPr></w:p>'
        return gap + self._beside((recipients, signature), (half, half), had, has)

    def _beside(self, cells: Sequence[str], widths: Sequence[float], had: bool, has: bool) -> str:
        """Two columns without borders, never parted by the end of a page.

        Whether the first text `had` them and the second `has` them decides if they came or went.
        """
        grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
        made = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/></w:tcPr>{cell or _NOTHING}</w:tc>'
            for cell, width in zip(cells, widths, strict=True)
        )
        mark = self._to.mark("=" if had and has else "+" if has else "-")
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(map(twips, widths))}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
            '<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{made}</w:tr></w:tbl>{_AFTER}"
        )
